/* moment.c - see moment.h. Days are counted by the proleptic Gregorian calendar without tables:
 * the year begins in March, so the leap day comes last. */
#include "base/moment.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    MS_PER_SECOND = 1000,
    SECONDS_PER_DAY = 86400,
    DAYS_PER_ERA = 146097,     /* 400 years */
    DAYS_BEFORE_1970 = 719468, /* since 0000-03-01 */
    LONGEST_TEXT = 64,
};

static const gen_moment moment_end = INT64_C(253402300800000); /* 10000-01-01 */

static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - DAYS_BEFORE_1970;
}

static void date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + DAYS_BEFORE_1970;
    int64_t era = z / DAYS_PER_ERA;
    int64_t day_of_era = z - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;

    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

const char *gen_moment_text(gen_moment moment, char *out)
{
    int year, month, day;
    unsigned second;

    out[0] = '\0';
    if (moment < 0 || moment >= moment_end) {
        return out;
    }
    date_of(moment / MS_PER_SECOND / SECONDS_PER_DAY, &year, &month, &day);
    second = (unsigned)(moment / MS_PER_SECOND % SECONDS_PER_DAY);
    /* The remainders change nothing; they show the compiler that the text fits. */
    snprintf(out, GEN_MOMENT_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
             (unsigned)year % 10000, (unsigned)month % 100, (unsigned)day % 100, second / 3600 % 24,
             second / 60 % 60, second % 60, (unsigned)(moment % MS_PER_SECOND) % 1000);
    return out;
}

struct cursor {
    const char *text;
    size_t size, at;
};

/* Exactly `count` digits, as a number of at most `maximum`. */
static bool take_number(struct cursor *in, size_t count, int maximum, int *out)
{
    int value = 0;

    if (in->size - in->at < count) {
        return false;
    }
    for (size_t end = in->at + count; in->at < end; in->at++) {
        char c = in->text[in->at];

        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    *out = value;
    return value <= maximum;
}

static bool take_one_of(struct cursor *in, const char *allowed)
{
    char c = in->at < in->size ? in->text[in->at] : '\0';

    if (c == '\0' || strchr(allowed, c) == NULL) {
        return false;
    }
    in->at++;
    return true;
}

static bool take_date(struct cursor *in, int64_t *days)
{
    int year, month, day;

    if (!take_number(in, 4, 9999, &year) || !take_one_of(in, "-") ||
        !take_number(in, 2, 12, &month) || !take_one_of(in, "-") || !take_number(in, 2, 31, &day)) {
        return false;
    }
    if (month < 1 || day < 1 || day > days_in(year, month)) {
        return false;
    }
    *days = days_of(year, month, day);
    return true;
}

/* HH:MM:SS[.fraction], in ms since midnight. */
static bool take_time(struct cursor *in, int64_t *ms)
{
    int hour, minute, second;
    int scale = 100;

    if (!take_number(in, 2, 23, &hour) || !take_one_of(in, ":") ||
        !take_number(in, 2, 59, &minute) || !take_one_of(in, ":") ||
        !take_number(in, 2, 60, &second)) {
        return false; /* 60 is a leap second: it counts as the first of the next minute */
    }
    *ms = ((int64_t)hour * 3600 + minute * 60 + second) * MS_PER_SECOND;
    if (take_one_of(in, ".")) {
        int digit;

        if (!take_number(in, 1, 9, &digit)) {
            return false;
        }
        do {
            *ms += digit * scale;
            scale /= 10;
        } while (in->at < in->size && in->text[in->at] >= '0' && in->text[in->at] <= '9' &&
                 take_number(in, 1, 9, &digit));
    }
    return true;
}

/* Z or +HH:MM, in ms to take off. */
static bool take_zone(struct cursor *in, int64_t *ms)
{
    bool west = in->at < in->size && in->text[in->at] == '-';
    int hour, minute;

    *ms = 0;
    if (take_one_of(in, "Zz")) {
        return true;
    }
    if (!take_one_of(in, "+-") || !take_number(in, 2, 23, &hour) || !take_one_of(in, ":") ||
        !take_number(in, 2, 59, &minute)) {
        return false;
    }
    *ms = ((int64_t)hour * 60 + minute) * 60 * MS_PER_SECOND * (west ? -1 : 1);
    return true;
}

enum gen_status gen_moment_parse(const char *text, size_t size, gen_moment *out,
                                 struct gen_error *err)
{
    struct cursor in = {text, size, 0};
    int shown = size > LONGEST_TEXT ? LONGEST_TEXT : (int)size;
    int64_t days = 0;
    int64_t time = 0;
    int64_t zone = 0;
    gen_moment moment;
    bool good = take_date(&in, &days);

    if (good && in.at < in.size) {
        good = take_one_of(&in, "Tt ") && take_time(&in, &time) && take_zone(&in, &zone);
    }
    if (!good || in.at != in.size) {
        return gen_error_set(err, GEN_EINVAL,
                             "\"%.*s\" is not a time; write it like 2026-11-22T12:00:00Z", shown,
                             text);
    }
    moment = days * SECONDS_PER_DAY * MS_PER_SECOND + time - zone;
    if (moment < 0 || moment >= moment_end) {
        return gen_error_set(err, GEN_EINVAL, "the time %.*s is outside the years 1970 to 9999",
                             shown, text);
    }
    *out = moment;
    return GEN_OK;
}
