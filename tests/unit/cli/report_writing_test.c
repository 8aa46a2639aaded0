/* report_writing_test.c - cells that a spreadsheet cannot take for formulas, pages that no text can break out
 * of, and bars. */
#include "cli/report_writing.h"

#include "cli/meter.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(report_writing, cells)
{
    static const struct {
        const char *text, *cell;
    } cases[] = {
        {"runway", "runway"},
        {"", ""},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {" edge ", "\" edge \""},
        /* what a spreadsheet would compute */
        {"=1+1", "\"'=1+1\""},
        {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
        {"+49", "\"'+49\""},
        {"-2", "\"'-2\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"\xef\xbc\x9d" "1+1", "\"'\xef\xbc\x9d" "1+1\""}, /* a wide = */
        {"a=1", "a=1"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_bytes out;

        gen_bytes_init(&out, 1000);
        gen_report_writing_cell(cases[i].text, &out);
        cr_expect(eq(str, out.data == NULL ? "" : out.data, (char *)cases[i].cell), "case %zu", i);
        gen_bytes_fini(&out);
    }
}

static const char page_text[] =
    "{\"groupBy\":\"project\",\"period\":{\"name\":\"2026-11\",\"from\":\"2026-11-01T00:00:00Z\","
    "\"to\":\"2026-12-01T00:00:00Z\"},\"rows\":["
    "{\"key\":\"=cmd|'/c calc'!A1\",\"jobs\":2,\"clips\":3,\"seconds\":12.5,\"cost\":1.25,"
    "\"charged\":1.5,\"refunded\":0.25,\"unverified\":0,\"held\":0,\"estimate\":1.2,\"actual\":1.25,"
    "\"error\":0.041667},"
    "{\"key\":\"<script>alert(1)</script>\",\"jobs\":1,\"clips\":1,\"seconds\":4,\"cost\":0.000001,"
    "\"charged\":0.000001,\"refunded\":0,\"unverified\":0,\"held\":0,\"estimate\":0,\"actual\":0,"
    "\"error\":null},"
    "{\"key\":null,\"jobs\":1,\"clips\":1,\"seconds\":4,\"cost\":-0.5,\"charged\":0,\"refunded\":0.5,"
    "\"unverified\":0,\"held\":0,\"estimate\":0,\"actual\":0,\"error\":null}],"
    "\"totals\":{\"jobs\":4,\"clips\":5,\"seconds\":20.5,\"cost\":0.750001,\"charged\":1.500001,"
    "\"refunded\":0.75,\"unverified\":0,\"held\":0,\"estimate\":1.2,\"actual\":1.25,\"error\":0.04},"
    "\"savings\":{\"total\":-0.25,\"baseline\":1,\"providerArbitrage\":0.5,\"batchProcessing\":0,"
    "\"offPeakUsage\":0,\"cachedResults\":0,\"execution\":-0.75}}";
static const char statement_text[] =
    "{\"trackingId\":\"cst_x\",\"period\":\"2026-11\",\"teamId\":\"<b>&\\\"'\",\"userId\":null,"
    "\"totals\":{\"cost\":0.750001,\"budget\":null,\"remaining\":null},"
    "\"updatedAt\":\"2026-11-22T12:00:00Z\"}";

static struct gen_report read_report(struct gen_arena *arena)
{
    struct gen_report report = {0};

    cr_assert(gen_json_read(page_text, strlen(page_text), NULL, arena, &report.page, NULL) ==
              GEN_OK);
    cr_assert(gen_json_read(statement_text, strlen(statement_text), NULL, arena, &report.statement,
                            NULL) == GEN_OK);
    return report;
}

/* Exact to the micro-dollar, lines end as RFC 4180 has them, amounts below zero stay numbers. */
Test(report_writing, csv)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_report report = read_report(arena);
    struct gen_bytes out;

    gen_bytes_init(&out, 100000);
    gen_report_writing_csv(&report, &out);
    cr_expect(eq(str, out.data,
                 "period,by,key,jobs,clips,seconds,cost_usd,charged_usd,refunded_usd,unverified_usd,"
                 "held_usd,estimate_usd,actual_usd,error\r\n"
                 "2026-11,project,\"'=cmd|'/c calc'!A1\",2,3,12.5,1.25,1.50,0.25,0.00,0.00,1.20,1.25,"
                 "0.041667\r\n"
                 "2026-11,project,<script>alert(1)</script>,1,1,4,0.000001,0.000001,0.00,0.00,0.00,"
                 "0.00,0.00,\r\n"
                 "2026-11,project,,1,1,4,-0.50,0.00,0.50,0.00,0.00,0.00,0.00,\r\n"
                 "2026-11,project,TOTAL,4,5,20.5,0.750001,1.500001,0.75,0.00,0.00,1.20,1.25,0.04\r\n"));
    gen_bytes_fini(&out);
    gen_arena_destroy(arena);
}

/* Stands alone, says everything, and texts stay texts. */
Test(report_writing, html)
{
    static const char *const has[] = {"<!doctype html>", "</html>", "<svg", "&lt;script&gt;alert",
                                      "&lt;b&gt;&amp;&quot;&#39;", "&minus;$0.50", "$0.750001",
                                      "(none)", "@media print", "role=\"img\"", "&ndash;",
                                      "prefers-color-scheme:dark", "November 2026", "<bdi>"};
    static const char *const hasnt[] = {"<script", "<b>&amp;\"", "http://x", "src=", "url(", "href=",
                                        "@import", "<link", "onload"};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_report report = read_report(arena);
    struct gen_bytes out;

    gen_bytes_init(&out, 100000);
    gen_report_writing_html(&report, &out);
    cr_assert(eq(int, gen_bytes_status(&out), GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(has); i++) {
        cr_expect(strstr(out.data, has[i]) != NULL, "%s is missing", has[i]);
    }
    for (size_t i = 0; i < GEN_COUNT(hasnt); i++) {
        cr_expect(strstr(out.data, hasnt[i]) == NULL, "%s is there", hasnt[i]);
    }
    gen_bytes_fini(&out);
    gen_arena_destroy(arena);
}

Test(meter, shares)
{
    static const struct {
        double share;
        bool track;
        const char *bar;
    } cases[] = {{0, true, "----------"},   {1, true, "##########"},  {0.5, true, "#####-----"},
                 {7, true, "##########"},   {-1, true, "----------"}, {0.001, true, "#---------"},
                 {0.5, false, "#####"},     {0, false, ""},           {0.0 / 0.0, true, "----------"}};
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(eq(str, (char *)gen_meter_draw(cases[i].share, 10, cases[i].track, false, arena),
                     (char *)cases[i].bar), "case %zu", i);
    }
    cr_expect(eq(str, (char *)gen_meter_draw(0.5, 2, true, true, arena),
                 "\xe2\x94\x81\xe2\x94\x80"));
    gen_arena_destroy(arena);
}
