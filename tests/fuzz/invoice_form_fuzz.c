/* invoice_form_fuzz.c - whatever a provider's export holds, its lines are read or refused, each line has an
 * ordinal and texts, and rows of CSV have no more values than names. */
/* fuzz-runs: 20000 */
/* fuzz-links: decide policy expr platform model base */
#include "decide/invoice_form.h"
#include "decide/reconciliation.h"
#include "platform/csv_reader.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct gen_billable ours[] = {
        {.attempt = {"att_1"}, .handle = "task-000001", .model = "m", .duration_ms = 8000,
         .at = INT64_C(1791028800000), .charged = 400000}};
    struct gen_arena *arena = gen_arena_create((size_t)64 << 20);
    struct gen_invoice invoice = {0};
    struct gen_node *rows = NULL;

    if (arena == NULL || size > 65536 ||
        gen_csv_read((const char *)data, size, arena, &rows, NULL) != GEN_OK ||
        gen_invoice_form_read(rows, NULL, false, arena, &invoice, NULL) != GEN_OK ||
        gen_reconciliation_make(&invoice, ours, 1, 10000, arena, NULL) != GEN_OK) {
        gen_arena_destroy(arena);
        return 0;
    }
    for (size_t i = 0; i < invoice.count; i++) {
        const struct gen_invoice_line *line = &invoice.lines[i];

        if (line->ordinal != (int64_t)i + 1 || line->note == NULL || line->reference == NULL ||
            line->verdict == GEN_INVOICE_NONE || line->duration_ms < 0 || line->at < 0) {
            abort();
        }
    }
    gen_arena_destroy(arena);
    return 0;
}
