/* alloc.h - every heap allocation of the core passes here, so that tests can fail the nth one.
 *
 * It is not a pool: request-scoped memory belongs in base/arena.h.
 * Invariant: what gen_alloc returned is given back with gen_free, never with free().
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/alloc_test.c
 */
#ifndef GEN_BASE_ALLOC_H
#define GEN_BASE_ALLOC_H

#include <stddef.h>

/* `size` zeroed bytes, aligned for any type; NULL when there is no memory. size 0 gives 1 byte. */
void *gen_alloc(size_t size);

/* Resizes; the old block stays valid when NULL comes back. New bytes are not zeroed. */
void *gen_realloc(void *block, size_t size);

/* NULL is allowed. What was in it is wiped: it may have been a secret. */
void gen_free(void *block);

/* Copies; NULL when there is no memory. strndup stops at `size` bytes or at the first NUL. */
char *gen_strdup(const char *text);
char *gen_strndup(const char *text, size_t size);

/* Tests only: allocation number `nth` from now on (1 is the next) fails once; 0 turns it off.
 * gen_alloc_count says how many were asked for since that call. */
void gen_alloc_fail_at(long nth);
long gen_alloc_count(void);

#endif
