/* http_condition_test.c - core/platform/http_condition.c: every form of Range, and entity
 * tags. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "platform/http_condition.h"

#include <stddef.h>

struct condition_case {
    const char *range, *if_range, *if_none_match, *etag;
    bool head;
    int64_t size;
    enum gen_http_condition verdict;
    int64_t first, count;
};

static const struct condition_case CASES[] = {
    /* one range */
    {"bytes=0-0", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 0, 1},
    {"bytes=2-5", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 2, 4},
    {"bytes=2-", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 2, 8},
    {"bytes=0-", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 0, 10},
    {"bytes=9-9", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 9, 1},
    {"bytes=5-99999999999999999999", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 5, 5},
    {" bytes= 2-5 ", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 2, 4},
    {"BYTES=2-5", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 2, 4},
    /* from the end */
    {"bytes=-3", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 7, 3},
    {"bytes=-10", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 0, 10},
    {"bytes=-99999999999999999999999", NULL, NULL, NULL, false, 10, GEN_HTTP_PART, 0, 10},
    /* beyond it */
    {"bytes=10-", NULL, NULL, NULL, false, 10, GEN_HTTP_UNSATISFIABLE, 0, 10},
    {"bytes=10-20", NULL, NULL, NULL, false, 10, GEN_HTTP_UNSATISFIABLE, 0, 10},
    {"bytes=99999999999999999999-", NULL, NULL, NULL, false, 10, GEN_HTTP_UNSATISFIABLE, 0, 10},
    {"bytes=-0", NULL, NULL, NULL, false, 10, GEN_HTTP_UNSATISFIABLE, 0, 10},
    {"bytes=0-", NULL, NULL, NULL, false, 0, GEN_HTTP_UNSATISFIABLE, 0, 0},
    {"bytes=-1", NULL, NULL, NULL, false, 0, GEN_HTTP_UNSATISFIABLE, 0, 0},
    /* malformed, or several: the whole */
    {"bytes=5-2", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=-", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=--1", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=0x1-2", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2x", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2,4-5", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"items=1-2", NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    /* not for HEAD */
    {"bytes=1-2", NULL, NULL, NULL, true, 10, GEN_HTTP_WHOLE, 0, 10},
    /* entity tags: lists, weak ones, the star, nonsense */
    {NULL, NULL, "\"a\"", "a", false, 10, GEN_HTTP_UNCHANGED, 0, 10},
    {NULL, NULL, "\"a\"", "a", true, 10, GEN_HTTP_UNCHANGED, 0, 10},
    {NULL, NULL, "W/\"a\"", "a", false, 10, GEN_HTTP_UNCHANGED, 0, 10},
    {NULL, NULL, "\"b\" , W/\"c\",\"a\"", "a", false, 10, GEN_HTTP_UNCHANGED, 0, 10},
    {NULL, NULL, "*", "a", false, 10, GEN_HTTP_UNCHANGED, 0, 10},
    {NULL, NULL, "\"ab\"", "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {NULL, NULL, "\"\"", "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {NULL, NULL, "a", "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {NULL, NULL, "\"b", "b", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {NULL, NULL, "", "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {NULL, NULL, "*", NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2", NULL, "\"a\"", "a", false, 10, GEN_HTTP_UNCHANGED, 0, 10},
    /* If-Range: only the same strong tag keeps the range */
    {"bytes=1-2", "\"a\"", NULL, "a", false, 10, GEN_HTTP_PART, 1, 2},
    {"bytes=1-2", "W/\"a\"", NULL, "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2", "\"b\"", NULL, "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2", "\"ab\"", NULL, "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2", "\"a", NULL, "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2", "Sun, 22 Nov 2026 12:00:00 GMT", NULL, "a", false, 10, GEN_HTTP_WHOLE, 0, 10},
    {"bytes=1-2", "\"a\"", NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {NULL, NULL, NULL, NULL, false, 10, GEN_HTTP_WHOLE, 0, 10},
    {NULL, NULL, NULL, NULL, false, 0, 0, 0, 0},
};

Test(http_condition, decides_each_case)
{
    for (const struct condition_case *row = CASES; row->verdict != 0; row++) {
        struct gen_http_ask ask = {row->range, row->if_range, row->if_none_match, !row->head};
        int64_t first = -1, count = -1;
        enum gen_http_condition verdict = gen_http_condition_decide(&ask, row->etag, row->size,
                                                                    &first, &count);

        cr_expect(verdict == row->verdict && first == row->first && count == row->count,
                  "row %td: %d, %ld + %ld", row - CASES, verdict, (long)first, (long)count);
    }
}
