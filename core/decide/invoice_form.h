/* invoice_form.h - the rows of a provider's export as lines of an invoice: which column is what.
 *
 * The policies name the columns; what they leave out is guessed from the names that providers use. It
 * does NOT judge a line; what cannot be read says so in the line itself, and the others go on.
 * Pure. Thread: [any]. Floor: decide. Tests: tests/unit/decide/invoice_form_test.c
 */
#ifndef GEN_DECIDE_INVOICE_FORM_H
#define GEN_DECIDE_INVOICE_FORM_H

#include "base/node.h"
#include "model/invoice.h"
#include "policy/provider_policy.h"

enum { GEN_INVOICE_MOST_LINES = 20000 };

/* `document` is a list of maps, or a map with one such list. `columns` may be NULL. Into invoice->lines, with
 * verdict GEN_INVOICE_REFUSED for what cannot be read, else GEN_INVOICE_NONE. `commas`: "1.234,50" is how
 * its amounts are written. The lines and their texts
 * are in `arena` and borrow from the document.
 * GEN_EINVAL: no list, no column of an amount, or neither ids nor times. GEN_ELIMIT, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_invoice_form_read(const struct gen_node *document,
                                                     const struct gen_provider_invoice *columns,
                                                     bool commas, struct gen_arena *arena,
                                                     struct gen_invoice *invoice,
                                                     struct gen_error *err);

#endif
