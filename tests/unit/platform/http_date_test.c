/* http_date_test.c - dates of RFC 9110 in their three forms, and what servers put into Retry-After. */
#include "platform/http_date.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

struct date {
    const char *text;
    gen_moment moment;
};

Test(http_date, forms)
{
    static const struct date rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777000},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777000},
        {"Sun Nov  6 08:49:37 1994", 784111777000},
        {"Fri, 31 Dec 1999 23:59:59 GMT", 946684799000},
        {"Wednesday, 01-Jan-30 00:00:00 GMT", 1893456000000}, /* two digits: the century to come */
        {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228799000},     /* a leap second */
        {"Sun, 06 Nov 1994 08:49:37 CET", 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT and more", 0},
        {"Sun, 31 Feb 1994 08:49:37 GMT", 0},
        {"Sun, 06 Nix 1994 08:49:37 GMT", 0},
        {"1994-11-06T08:49:37Z", 0},
        {"", 0},
        {NULL, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(eq(i64, gen_http_date(rows[i].text), rows[i].moment), "%s", rows[i].text);
    }
}

Test(http_date, retry_after)
{
    static const struct date rows[] = {
        {"0", 0},
        {"7", 7000},
        {" 30 ", 30000},
        {"1.5", 1500},
        {"0.25", 250},
        {"99999999999999999999", 86400000},
        {"Sun, 06 Nov 1994 08:49:47 GMT", 10000},
        {"Sun, 06 Nov 1994 08:49:27 GMT", 0}, /* over already */
        {"Mon, 06 Nov 1995 08:49:27 GMT", 86400000},
        {"-5", 0},
        {"7x", 0},
        {"soon", 0},
        {"", 0},
        {NULL, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(eq(i64, gen_http_retry_after(rows[i].text, 784111777000), rows[i].moment), "%s",
                  rows[i].text);
    }
}
