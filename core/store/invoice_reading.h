/* invoice_reading.h - invoices that were imported, and what a provider may have billed us for.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/engine/reckoning_test.c
 */
#ifndef GEN_STORE_INVOICE_READING_H
#define GEN_STORE_INVOICE_READING_H

#include "model/invoice.h"
#include "store/store.h"

enum { GEN_INVOICES_MOST = 200 };

struct gen_past_order { /* an attempt that a provider may have billed; texts are in the arena */
    struct gen_ident attempt, job, pipeline;
    const char *handle, *model;
    int64_t duration_ms;
    gen_moment at;
    gen_micros charged, unverified;
    bool over;   /* the attempt is terminal */
    bool billed; /* on an invoice already */
};

/* Newest first, without their lines: `count` of each is the number of its lines. At most
 * GEN_INVOICES_MOST. `provider` NULL = all. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_read_invoices(struct gen_store *store, const char *organization,
                                                 const char *provider, struct gen_arena *arena,
                                                 struct gen_invoice **out, size_t *count,
                                                 struct gen_error *err);
/* One with its lines. GEN_ENOTFOUND, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_read_invoice(struct gen_store *store, const char *organization,
                                                const char *id, struct gen_arena *arena,
                                                struct gen_invoice *out, struct gen_error *err);
/* Was this file of the provider imported? GEN_ENOTFOUND: it was not. */
GEN_MUST_CHECK enum gen_status gen_read_invoice_of_digest(struct gen_store *store,
                                                          const char *organization,
                                                          const char *provider, const char *digest,
                                                          struct gen_ident *out,
                                                          struct gen_error *err);
/* Attempts at a provider whose money was first held in a time, in order of it. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_read_past_orders(struct gen_store *store,
                                                    const char *organization, const char *provider,
                                                    gen_moment from, gen_moment until,
                                                    struct gen_arena *arena,
                                                    struct gen_past_order **out, size_t *count,
                                                    struct gen_error *err);
/* One of them. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_past_order(struct gen_store *store,
                                                   const char *organization, const char *attempt,
                                                   struct gen_arena *arena,
                                                   struct gen_past_order *out,
                                                   struct gen_error *err);

#endif
