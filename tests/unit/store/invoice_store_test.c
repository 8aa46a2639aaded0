/* invoice_store_test.c - an invoice goes as long as nothing was booked from it, and then no more. */
#include "unit/store/sample.h"

#include "store/invoice_reading.h"

static enum gen_status put(struct sample *sample)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_invoice_line line = {.ordinal = 1, .reference = "b1", .client = "", .model = "", .note = "",
                                    .amount = 5, .verdict = GEN_INVOICE_MISSING_HERE};
    struct gen_invoice invoice = {.id = sample_ident(GEN_IDENT_INVOICE, 1), .organization = "org_1",
                                  .provider = "p", .name = "n", .digest = "d", .created_at = SAMPLE_NOW,
                                  .created_by = "somebody", .lines = &line, .count = 1};

    gen_changes_invoice(changes, &invoice);
    return sample_apply(sample, changes);
}

static enum gen_status change(struct sample *sample, enum gen_change_kind kind)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_add(changes, kind)->as.settled =
        (struct gen_change_settled){.invoice = sample_ident(GEN_IDENT_INVOICE, 1), .ordinal = 1};
    return sample_apply(sample, changes);
}

Test(invoice_store, goes_while_nothing_is_booked)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_invoice invoice = {0};

    sample_open(&sample);
    cr_assert(change(&sample, GEN_CHANGE_INVOICE_REMOVE) == GEN_ECONFLICT, "there is none");
    OK(put(&sample));
    cr_assert(put(&sample) == GEN_ECONFLICT);
    OK(change(&sample, GEN_CHANGE_INVOICE_REMOVE));
    cr_assert(gen_read_invoice(sample.store, "org_1", sample_ident(GEN_IDENT_INVOICE, 1).text, arena, &invoice,
                               &sample.err) == GEN_ENOTFOUND);
    OK(put(&sample)); /* the same file once more */
    OK(change(&sample, GEN_CHANGE_INVOICE_SETTLED));
    cr_assert(change(&sample, GEN_CHANGE_INVOICE_REMOVE) == GEN_ECONFLICT);
    cr_assert(strstr(sample.err.message, "stands in the ledger") != NULL, "%s", sample.err.message);
    OK(gen_read_invoice(sample.store, "org_1", sample_ident(GEN_IDENT_INVOICE, 1).text, arena, &invoice,
                        &sample.err));
    cr_assert(invoice.count == 1 && invoice.lines[0].settled);
    gen_arena_destroy(arena);
    sample_close(&sample);
}
