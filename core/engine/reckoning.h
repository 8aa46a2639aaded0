/* reckoning.h - books what an invoice proves, and nothing else.
 *
 * An attempt whose money was unverified and that is on the invoice is charged what was billed; one that
 * is not there although the period is closed is released; a credit is a refund of at most what was
 * charged. Lines that are only likely, and attempts that are still under way, are left alone. What is
 * billed for another amount than we charged is shown, not booked: people clear that with the provider.
 * Invariant: each line is booked once: its entries carry its number, and the line says so in the same set.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/reckoning_test.c
 */
#ifndef GEN_ENGINE_RECKONING_H
#define GEN_ENGINE_RECKONING_H

#include "engine/terms.h"

struct gen_reckoning {
    struct gen_store *store;
    const struct gen_random *random;
    const struct gen_actor *actor; /* who wants it; NULL = the daemon */
    gen_moment now;
};

struct gen_reckoned { /* what came of it */
    int64_t charged_lines, released_lines, refunded_lines, left_lines;
    gen_micros charged, released, refunded;
};

/* Puts into `changes` what the lines of an invoice prove, with its events; nothing: there is nothing to book.
 * GEN_EOVERFLOW, GEN_ENOMEM, or the store's. */
GEN_MUST_CHECK enum gen_status gen_reckoning_make(const struct gen_reckoning *reckoning,
                                                  const struct gen_invoice *invoice,
                                                  struct gen_changes *changes,
                                                  struct gen_reckoned *out, struct gen_error *err);

#endif
