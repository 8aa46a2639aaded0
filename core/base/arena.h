/* arena.h - memory that lives and dies together: a request's, a job's, a parsed document's.
 *
 * Allocation failure is sticky: after the first NULL the arena says so until it is cleared, so a
 * long piece of building code may check once at its end. Under AddressSanitizer each allocation is
 * its own heap block, so overruns are seen.
 *
 * Invariant: nothing allocated here is freed alone. One thread at a time.
 * Floor: base. Tests: tests/unit/base/arena_test.c
 */
#ifndef GEN_BASE_ARENA_H
#define GEN_BASE_ARENA_H

#include "base/check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct gen_arena;

/* `maximum` bytes in all, 0 for no limit. NULL when there is no memory. */
struct gen_arena *gen_arena_create(size_t maximum);
void gen_arena_destroy(struct gen_arena *arena); /* NULL is allowed */
/* Frees all that was allocated; the arena is as new (and keeps its largest piece of memory). */
void gen_arena_clear(struct gen_arena *arena);

/* Zeroed, aligned for any type; NULL when memory or the maximum is used up. */
void *gen_arena_alloc(struct gen_arena *arena, size_t size);
/* count * size, checked for overflow. */
void *gen_arena_array(struct gen_arena *arena, size_t count, size_t size);

/* Copies with a NUL at the end. strdup of NULL gives NULL without failing. */
char *gen_arena_strdup(struct gen_arena *arena, const char *text);
char *gen_arena_strndup(struct gen_arena *arena, const char *text, size_t size);
char *gen_arena_printf(struct gen_arena *arena, const char *format, ...) GEN_PRINTF(2, 3);
char *gen_arena_vprintf(struct gen_arena *arena, const char *format, va_list values);

/* Has any allocation failed since creation? */
bool gen_arena_failed(const struct gen_arena *arena);
/* Bytes handed out so far. */
size_t gen_arena_used(const struct gen_arena *arena);

#endif
