/* invoice_store.h - writes invoices with their lines, and which lines stand in the ledger.
 *
 * Invariant: the same file of a provider is there once; a line is settled once.
 *
 * Thread: [writer]. Floor: store. Tests: tests/unit/engine/reckoning_test.c
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

#endif
