/* reconciliation_test.c - which line is which attempt, and what is wrong with it. */
#include "decide/reconciliation.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1800000000000)
#define HOUR INT64_C(3600000)
#define CENT INT64_C(10000)

/* Ours: 1 to 3 charged 40 cents, 4 unverified, 5 and 6 with one part of their handles in common, 7 billed before. */
static const struct gen_billable ours[] = {
    {.attempt = {"att_1"}, .handle = "task-000001", .model = "m", .duration_ms = 8000, .at = NOW,
     .charged = 40 * CENT},
    {.attempt = {"att_2"}, .handle = "projects/p/operations/abcdef0123", .model = "m", .duration_ms = 8000,
     .at = NOW + HOUR, .charged = 40 * CENT},
    {.attempt = {"att_3"}, .handle = "", .model = "m", .duration_ms = 8000, .at = NOW + 2 * HOUR,
     .charged = 40 * CENT},
    {.attempt = {"att_4"}, .handle = "text2video:87654321", .model = "n", .duration_ms = 4000,
     .at = NOW + 3 * HOUR, .unverified = 20 * CENT},
    {.attempt = {"att_5"}, .handle = "shared0:555555", .model = "k", .duration_ms = 1000, .at = NOW + 4 * HOUR,
     .charged = 5 * CENT},
    {.attempt = {"att_6"}, .handle = "shared0:666666", .model = "k", .duration_ms = 1000, .at = NOW + 5 * HOUR,
     .charged = 6 * CENT},
    {.attempt = {"att_7"}, .handle = "task-000007", .model = "m", .duration_ms = 8000, .at = NOW + 6 * HOUR,
     .charged = 40 * CENT, .billed = true},
};

static const struct {
    const char *reference, *client, *model;
    int64_t ms;
    gen_micros amount;
    gen_moment at;
    const char *verdict, *attempt;
    bool likely;
    const char *why;
} lines[] = {
    {"task-000001", "", "m", 8000, 40 * CENT, NOW, "matched", "att_1", false, "the handle itself"},
    {"abcdef0123", "", "m", 8000, 40 * CENT + 5000, NOW, "matched", "att_2", false,
     "a part of it; half a cent is nothing"},
    {"87654321", "", "", 0, 19 * CENT, 0, "unverified", "att_4", false, "it was billed after all"},
    {"whatever", "att_5", "", 0, 7 * CENT, 0, "wrong_amount", "att_5", false, "what we sent along"},
    {"shared0", "", "k", 9000, 6 * CENT, NOW, "missing_here", "", false, "a part that is not one's own"},
    {"", "", "m", 8300, 40 * CENT, NOW + 3 * HOUR, "matched", "att_3", true, "model, length, time"},
    {"task-000099", "", "m", 8000, 40 * CENT, NOW + 2 * HOUR, "missing_here", "", false,
     "an id of the same kind that none of ours has: not the attempt that is like it"},
    {"task-000001", "", "m", 8000, 40 * CENT, NOW, "duplicate", "att_1", false, "twice here"},
    {"task-000007", "", "m", 8000, 40 * CENT, NOW, "duplicate", "att_7", false, "on another invoice"},
    {"unknown-1", "", "z", 1000, 3 * CENT, NOW, "missing_here", "", false, "nobody knows it"},
    {"unknown-1", "", "z", 1000, 3 * CENT, NOW, "duplicate", "", false, "twice, whatever it is"},
    {"task-000001", "", "m", 0, -10 * CENT, NOW, "credit", "att_1", false, "money back"},
    {"nobody", "", "", 0, -10 * CENT, NOW, "credit", "", false, "for nothing of ours"},
};

static void fill(struct gen_invoice_line *out)
{
    for (size_t i = 0; i < GEN_COUNT(lines); i++) {
        out[i] = (struct gen_invoice_line){.ordinal = (int64_t)i + 1, .reference = lines[i].reference,
                                           .client = lines[i].client, .model = lines[i].model,
                                           .duration_ms = lines[i].ms, .amount = lines[i].amount,
                                           .at = lines[i].at, .note = ""};
    }
}

Test(reconciliation, every_verdict)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_invoice_line given[GEN_COUNT(lines)];
    struct gen_invoice invoice = {.lines = given, .count = GEN_COUNT(lines), .from = NOW,
                                  .until = NOW + 24 * HOUR};

    fill(given);
    cr_assert(gen_reconciliation_make(&invoice, ours, GEN_COUNT(ours), CENT, arena, NULL) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(lines); i++) {
        const struct gen_invoice_line *line = &invoice.lines[i];

        cr_expect(eq(str, (char *)gen_invoice_word(line->verdict), (char *)lines[i].verdict), "%s",
                  lines[i].why);
        cr_expect(eq(str, (char *)line->attempt.text, (char *)lines[i].attempt), "%s", lines[i].why);
        cr_expect(line->likely == lines[i].likely, "%s", lines[i].why);
    }
    cr_assert(eq(sz, invoice.count, GEN_COUNT(lines) + 1), "att_6 is missing there");
    cr_expect(eq(str, invoice.lines[GEN_COUNT(lines)].attempt.text, "att_6"));
    cr_expect(eq(i64, invoice.lines[GEN_COUNT(lines)].charged, 6 * CENT));
    cr_expect(eq(i64, invoice.lines[GEN_COUNT(lines)].ordinal, (int64_t)GEN_COUNT(lines) + 1));
    gen_arena_destroy(arena);
}

/* Without a period it is that of the lines; what is refused stays so; what is outside is not missing. */
Test(reconciliation, period)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_invoice_line given[] = {
        {.reference = "task-000001", .client = "", .model = "", .amount = 40 * CENT, .at = NOW, .note = ""},
        {.reference = "task-000007", .client = "", .model = "", .verdict = GEN_INVOICE_REFUSED,
         .at = NOW + HOUR, .note = "in EUR"},
    };
    struct gen_invoice invoice = {.lines = given, .count = 2};

    cr_assert(gen_reconciliation_make(&invoice, ours, GEN_COUNT(ours), CENT, arena, NULL) == GEN_OK);
    cr_expect(eq(i64, invoice.from, NOW));
    cr_expect(eq(i64, invoice.until, NOW + HOUR + 1));
    cr_assert(eq(sz, invoice.count, 3));
    cr_expect(eq(int, invoice.lines[1].verdict, GEN_INVOICE_REFUSED));
    cr_expect(eq(str, invoice.lines[2].attempt.text, "att_2"));
    gen_arena_destroy(arena);
}

Test(reconciliation, no_memory)
{
    for (long nth = 1; nth < 200; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_invoice_line given[GEN_COUNT(lines)];
        struct gen_invoice invoice = {.lines = given, .count = GEN_COUNT(lines)};
        enum gen_status status;

        fill(given);
        gen_alloc_fail_at(nth);
        status = gen_reconciliation_make(&invoice, ours, GEN_COUNT(ours), CENT, arena, NULL);
        gen_alloc_fail_at(0);
        gen_arena_destroy(arena);
        if (status == GEN_OK) {
            return;
        }
        cr_assert(eq(int, status, GEN_ENOMEM));
    }
    cr_assert(false, "it never succeeds");
}
