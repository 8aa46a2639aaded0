/* pace_test.c - headers of rate limits as services send them, and the pause they ask for. */
#include "engine/pace.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define NOW INT64_C(1800000000000)

struct asked {
    int status;
    struct gen_http_header headers[3];
    size_t count;
    int64_t pause;
};

static const struct asked rows[] = {
    {200, {{"content-type", "a/b"}}, 1, 0},
    {429, {{"retry-after", "7"}}, 1, 7000},
    {429, {{"retry-after", "Fri, 15 Jan 2027 08:00:30 GMT"}}, 1, 30000},
    {429, {{"content-type", "a/b"}}, 1, 1000}, /* too fast, and not a word on how much */
    {429, {{"retry-after", "soon"}}, 1, 1000},
    {429, {{"retry-after", "999999"}}, 1, 3600000},
    {503, {{"retry-after", "5"}}, 1, 5000},
    {503, {{"x", "y"}}, 1, 0},
    {202, {{"retry-after", "20"}}, 1, 0}, /* about this one job, which the plugin reads */
    /* nothing left until ... */
    {200, {{"ratelimit-remaining", "0"}, {"ratelimit-reset", "12"}}, 2, 12000},
    {200, {{"ratelimit-remaining", "3"}, {"ratelimit-reset", "12"}}, 2, 0},
    {200, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1800000009"}}, 2, 9000},
    {200, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1800000002500"}}, 2, 2500},
    {200, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1700000000"}}, 2, 0},
    {200, {{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "1m30s"}}, 2, 90000},
    {200, {{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "250ms"}}, 2, 250},
    {200, {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "0.5"}}, 2, 500},
    {200, {{"x-ratelimit-remaining", "0"}}, 1, 0},
    {200, {{"x-ratelimit-remaining", "-1"}, {"x-ratelimit-reset", "5"}}, 2, 0},
    {200, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "nan"}}, 2, 0},
    {200, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1e300"}}, 2, 3600000},
    {200, {{"ratelimit", "\"default\";r=0;t=4"}}, 1, 4000},
    {200, {{"ratelimit", "\"default\";r=10;t=4"}}, 1, 0},
    {200, {{"ratelimit", "junk"}}, 1, 0},
    /* the longest of several */
    {429, {{"retry-after", "2"}, {"ratelimit-remaining", "0"}, {"ratelimit-reset", "6"}}, 3, 6000},
};

Test(pace, pauses)
{
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        cr_expect(eq(i64, gen_pace_pause(rows[i].status, rows[i].headers, rows[i].count, NOW),
                     rows[i].pause), "row %zu", i);
    }
}
