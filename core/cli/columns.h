/* columns.h - rows of texts as aligned columns.
 *
 * Texts are made harmless; their width on the screen counts, not their bytes.
 *
 * Thread: one at a time. Floor: cli. Tests: tests/unit/cli/columns_test.c
 */
#ifndef GEN_CLI_COLUMNS_H
#define GEN_CLI_COLUMNS_H

#include "base/arena.h"
#include "base/bytes.h"

enum { GEN_COLUMNS_MOST = 12 };

struct gen_columns {
    struct gen_arena *arena;
    const char *const *heads; /* NULL-terminated; a head that begins with '>' is set to the right */
    size_t count;
    struct gen_columns_row *first, *last;
};

/* At most GEN_COLUMNS_MOST heads; both are borrowed. */
void gen_columns_init(struct gen_columns *columns, const char *const *heads,
                      struct gen_arena *arena);

/* `cells`: as many texts as heads, NULL = empty; copied. Failure shows in the arena. */
void gen_columns_add(struct gen_columns *columns, const char *const *cells);

/* Appends heads and rows; no line has spaces at its end. `width` (0 = no limit) cuts the last column. */
void gen_columns_write(const struct gen_columns *columns, size_t width, struct gen_bytes *out);

#endif
