/* http_date.c - see http_date.h. The three forms differ in the order of their fields:
 *   Sun, 06 Nov 1994 08:49:37 GMT    Sunday, 06-Nov-94 08:49:37 GMT    Sun Nov  6 08:49:37 1994 */
#include "platform/http_date.h"

#include <stdio.h>
#include <string.h>

enum { DATE_DAY_MS = 24 * 3600 * 1000, DATE_TEXT = 64 };

static int date_month(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *found = strlen(name) == 3 ? strstr(names, name) : NULL;

    return found == NULL || (found - names) % 3 != 0 ? 0 : (int)(found - names) / 3 + 1;
}

gen_moment gen_http_date(const char *text)
{
    int day = 0, year = 0, hour = 0, minute = 0, second = 0, end = 0;
    char month[4] = "", zone[4] = "GMT", rfc[DATE_TEXT];
    gen_moment moment = 0;

    if (text == NULL || strnlen(text, DATE_TEXT) == DATE_TEXT) {
        return 0;
    }
    /* The widths of the formats bound every number. NOLINTBEGIN(cert-err34-c) */
    if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d %3s%n", &day, month, &year, &hour,
               &minute, &second, zone, &end) == 7) {
        /* the usual form */
    } else if (sscanf(text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d %3s%n", &day, month, &year,
                      &hour, &minute, &second, zone, &end) == 7) {
        year += year < 70 ? 2000 : 1900;
    } else if (sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &day, &hour,
                      &minute, &second, &year, &end) != 6) {
        return 0;
    }
    /* NOLINTEND(cert-err34-c) */
    if (text[end] != '\0' || strcmp(zone, "GMT") != 0 || date_month(month) == 0) {
        return 0;
    }
    (void)snprintf(rfc, sizeof rfc, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, date_month(month), day,
                   hour, minute, second == 60 ? 59 : second);
    return gen_moment_parse(rfc, strlen(rfc), &moment, NULL) == GEN_OK ? moment : 0;
}

int64_t gen_http_retry_after(const char *text, gen_moment now)
{
    int64_t ms = 0;
    size_t digits;
    gen_moment at;

    if (text == NULL) {
        return 0;
    }
    text += strspn(text, " \t");
    digits = strspn(text, "0123456789");
    if (digits == 0) {
        at = gen_http_date(text);
        ms = at > now ? at - now : 0;
        return ms < DATE_DAY_MS ? ms : DATE_DAY_MS;
    }
    for (size_t i = 0; i < digits && ms < DATE_DAY_MS; i++) {
        ms = ms * 10 + (int64_t)(text[i] - '0') * 1000;
    }
    if (text[digits] == '.') { /* not in the standard, and sent all the same */
        int64_t unit = 100;

        for (const char *at_digit = text + digits + 1; *at_digit >= '0' && *at_digit <= '9';
             at_digit++) {
            ms += (*at_digit - '0') * unit;
            unit /= 10;
        }
    } else if (text[digits] != '\0' && strchr(" \t;,", text[digits]) == NULL) {
        return 0;
    }
    return ms < DATE_DAY_MS ? ms : DATE_DAY_MS;
}
