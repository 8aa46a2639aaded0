/* invoice_form_test.c - exports as providers write them become lines; what cannot be read says so. */
#include "decide/invoice_form.h"

#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *json;
    const char *reference, *model;
    int64_t ms;
    gen_micros amount;
    gen_moment at;
    const char *refused; /* part of the note; NULL = it is read */
} rows[] = {
    {"[{\"Task ID\": \"abc\", \"Model\": \"m\", \"Duration (seconds)\": \"8.5\", \"Cost (USD)\": \"0.40\", "
     "\"Created At\": \"2026-10-03 12:00:00\"}]", "abc", "m", 8500, 400000, 1791028800000, NULL},
    {"{\"data\": [{\"id\": \"x\", \"amount\": 0.4, \"currency\": \"usd\", \"created\": 1791028800}]}", "x", "",
     0, 400000, 1791028800000, NULL},
    {"[{\"id\": \"x\", \"amount\": \"$1,234.50\"}]", "x", "", 0, 1234500000, 0, NULL},
    {"[{\"id\": \"x\", \"amount\": \"(0.40)\"}]", "x", "", 0, -400000, 0, NULL},
    {"[{\"id\": \"x\", \"amount\": \"-0.40 USD\"}]", "x", "", 0, -400000, 0, NULL},
    {"[{\"id\": \"x\", \"amount\": \"0.0123456789\"}]", "x", "", 0, 12346, 0, NULL},
    {"[{\"id\": \"x\", \"amount\": \"0.40\", \"currency\": \"EUR\"}]", "x", "", 0, 0, 0, "in EUR"},
    {"[{\"id\": \"x\", \"amount\": \"0,40\"}]", "x", "", 0, 0, 0, "no amount"},
    {"[{\"id\": \"x\", \"amount\": \"1e30\"}]", "x", "", 0, 0, 0, "no amount"},
    {"[{\"id\": \"x\", \"amount\": \"\"}]", "x", "", 0, 0, 0, "no amount"},
    {"[{\"id\": \"x\", \"amount\": \"1\", \"date\": \"soon\"}]", "x", "", 0, 1000000, 0, "no time"},
    {"[{\"id\": \"x\", \"amount\": \"1\", \"seconds\": \"-1\"}]", "x", "", 0, 1000000, 0, "no number"},
};

Test(invoice_form, guessed)
{
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_invoice invoice = {0};
        struct gen_error err = {0};

        cr_assert(gen_json_read(rows[i].json, strlen(rows[i].json), NULL, arena, &node, &err) == GEN_OK);
        cr_assert(gen_invoice_form_read(node, NULL, false, arena, &invoice, &err) == GEN_OK, "%s: %s",
                  rows[i].json, err.message);
        cr_assert(eq(sz, invoice.count, 1));
        cr_expect(eq(str, (char *)invoice.lines[0].reference, (char *)rows[i].reference));
        cr_expect(eq(str, (char *)invoice.lines[0].model, (char *)rows[i].model));
        cr_expect(eq(i64, invoice.lines[0].amount, rows[i].amount), "%s", rows[i].json);
        if (rows[i].refused != NULL) {
            cr_expect(eq(int, invoice.lines[0].verdict, GEN_INVOICE_REFUSED));
            cr_expect(strstr(invoice.lines[0].note, rows[i].refused) != NULL, "%s",
                      invoice.lines[0].note);
        } else {
            cr_expect(eq(int, invoice.lines[0].verdict, GEN_INVOICE_NONE), "%s: %s", rows[i].json,
                      invoice.lines[0].note);
            cr_expect(eq(i64, invoice.lines[0].duration_ms, rows[i].ms), "%s", rows[i].json);
            cr_expect(eq(i64, invoice.lines[0].at, rows[i].at), "%s", rows[i].json);
        }
        gen_arena_destroy(arena);
    }
}

/* Columns that are named count, also as paths into maps; without an amount, or anything to find a line by, there
 * is nothing to compare. */
Test(invoice_form, named)
{
    static const char json[] = "[{\"id\": \"ours?\", \"job\": {\"uid\": \"abc\"}, \"amount\": 9, \"net\": 0.5}]";
    static const char *const useless[] = {"[{\"id\": \"x\"}]", "[{\"amount\": 1}]", "[]", "{}",
                                          "{\"a\": [1], \"b\": [2]}", "3"};
    const struct gen_provider_invoice columns = {.id = "job.uid", .amount = "net"};
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    struct gen_invoice invoice = {0};
    struct gen_error err = {0};

    cr_assert(gen_json_read(json, strlen(json), NULL, arena, &node, &err) == GEN_OK);
    cr_assert(gen_invoice_form_read(node, &columns, false, arena, &invoice, &err) == GEN_OK);
    cr_expect(eq(str, (char *)invoice.lines[0].reference, "abc"));
    cr_expect(eq(i64, invoice.lines[0].amount, 500000));
    for (size_t i = 0; i < GEN_COUNT(useless); i++) {
        cr_assert(gen_json_read(useless[i], strlen(useless[i]), NULL, arena, &node, &err) == GEN_OK);
        cr_expect(eq(int, gen_invoice_form_read(node, NULL, false, arena, &invoice, &err), GEN_EINVAL), "%s",
                  useless[i]);
    }
    gen_arena_destroy(arena);
}

/* Where a comma ends the whole dollars. */
Test(invoice_form, decimal_commas)
{
    static const struct {
        const char *amount;
        gen_micros micros; /* -1: refused */
    } cases[] = {
        {"12,50", 12500000}, {"0,4", 400000},     {"1.234,50", 1234500000}, {"-3,00 $", -3000000},
        {"12.50", 12500000}, /* without a comma it is as it is */
        {"7", 7000000},      {"1,234,50", -1},    {"12.34,5", -1},          {",", -1},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        char text[100];
        const struct gen_node *node = NULL;
        struct gen_invoice invoice = {0};

        snprintf(text, sizeof text, "[{\"id\": \"x\", \"amount\": \"%s\"}]", cases[i].amount);
        cr_assert(gen_json_read(text, strlen(text), NULL, arena, &node, NULL) == GEN_OK);
        cr_assert(gen_invoice_form_read(node, NULL, true, arena, &invoice, NULL) == GEN_OK);
        if (cases[i].micros == -1) {
            cr_expect(invoice.lines[0].verdict == GEN_INVOICE_REFUSED, "%s", cases[i].amount);
        } else {
            cr_expect(invoice.lines[0].amount == cases[i].micros &&
                          invoice.lines[0].verdict == GEN_INVOICE_NONE,
                      "%s: %lld", cases[i].amount, (long long)invoice.lines[0].amount);
        }
        gen_arena_destroy(arena);
    }
}
