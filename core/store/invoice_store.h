/* invoice_store.h - writes invoices with their lines, and which lines stand in the ledger.
 *
 * Invariant: the same file of a provider is there once; a line is settled once; what a settled line is about
 * does not go.
 *
 * Thread: [writer]. Floor: store. Tests: tests/unit/store/invoice_store_test.c
 */
#ifndef GEN_STORE_INVOICE_STORE_H
#define GEN_STORE_INVOICE_STORE_H

#include "model/change.h"
#include "store/database.h"

/* GEN_ECONFLICT: the same file was imported before. */
GEN_MUST_CHECK enum gen_status gen_invoice_store_add(struct gen_database *database,
                                                     const struct gen_change *change,
                                                     struct gen_error *err);
/* GEN_ECONFLICT: it was settled before, or is not there. */
GEN_MUST_CHECK enum gen_status gen_invoice_store_settled(struct gen_database *database,
                                                         const struct gen_change *change,
                                                         struct gen_error *err);
/* With its lines. GEN_ECONFLICT: what a line of it proves stands in the ledger, or it is not there. */
GEN_MUST_CHECK enum gen_status gen_invoice_store_remove(struct gen_database *database,
                                                        const struct gen_change *change,
                                                        struct gen_error *err);

#endif
