/* json.h - writes a document tree as JSON text (RFC 8259).
 *
 * Money is written as an exact decimal, reals as the shortest text that reads back the same;
 * infinities and NaN become null. It is not a reader.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/json_test.c
 */
#ifndef GEN_BASE_JSON_H
#define GEN_BASE_JSON_H

#include "base/bytes.h"
#include "base/node.h"

enum gen_json_style {
    GEN_JSON_COMPACT = 1, /* one line, no spaces */
    GEN_JSON_PRETTY,      /* two spaces, a newline at the end */
};

/* Appends `node` (NULL writes null). GEN_ENOMEM, GEN_ELIMIT as the buffer says. */
enum gen_status gen_json_write(const struct gen_node *node, enum gen_json_style style,
                               struct gen_bytes *out);

/* Appends `text` as a JSON string with its quotes; invalid UTF-8 bytes become U+FFFD. */
enum gen_status gen_json_quote(const char *text, size_t size, struct gen_bytes *out);

/* The compact text in an arena; NULL when that fails. `*size` may be NULL. */
char *gen_json_text(struct gen_arena *arena, const struct gen_node *node, size_t *size);

#endif
