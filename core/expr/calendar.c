/* calendar.c - see calendar.h. Days are counted from March, so that the leap day comes last; text
 * is read and written digit by digit, which no locale can change. */
#include "expr/calendar.h"

#include <string.h>

enum {
    SECONDS_PER_DAY = 86400,
    DAYS_PER_ERA = 146097,     /* 400 years */
    DAYS_BEFORE_1970 = 719468, /* since 0000-03-01 */
    EPOCH_WEEKDAY = 4,         /* a Thursday */
    NANO_DIGITS = 9,
};

/* The quotient rounded down and the rest that is never negative. */
static int64_t floored(int64_t value, int64_t by, int64_t *rest)
{
    int64_t quotient = value / by;

    *rest = value % by;
    if (*rest < 0) {
        *rest += by;
        quotient--;
    }
    return quotient;
}

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int64_t gen_calendar_days(int64_t year, int32_t month, int32_t day)
{
    int64_t year_of_era;
    int64_t era = floored(month <= 2 ? year - 1 : year, 400, &year_of_era);
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - DAYS_BEFORE_1970;
}

int32_t gen_calendar_days_in(int64_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && leap(year) ? 29 : days[month - 1];
}

struct gen_civil gen_calendar_civil(int64_t seconds)
{
    struct gen_civil out;
    int64_t of_day, weekday, day_of_era;
    int64_t days = floored(seconds, SECONDS_PER_DAY, &of_day);
    int64_t era = floored(days + DAYS_BEFORE_1970, DAYS_PER_ERA, &day_of_era);
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t from_march = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * from_march + 2) / 153; /* 0 = March */
    int64_t year;

    (void)floored(days + EPOCH_WEEKDAY, 7, &weekday);
    out.day = (int32_t)(from_march - (153 * shifted + 2) / 5 + 1);
    out.month = (int32_t)(shifted < 10 ? shifted + 3 : shifted - 9);
    year = year_of_era + era * 400 + (out.month <= 2 ? 1 : 0);
    out.year = (int32_t)year;
    out.hour = (int32_t)(of_day / 3600);
    out.minute = (int32_t)(of_day / 60 % 60);
    out.second = (int32_t)(of_day % 60);
    out.weekday = (int32_t)weekday;
    /* March is day 59 of a year, or 60; January and February come 306 days after March. */
    out.day_of_year = (int32_t)(shifted < 10 ? from_march + 59 + (leap(year) ? 1 : 0)
                                             : from_march - 306);
    return out;
}

struct cursor {
    const char *text;
    size_t size, at;
};

static bool take(struct cursor *in, char upper, char lower)
{
    if (in->at >= in->size || (in->text[in->at] != upper && in->text[in->at] != lower)) {
        return false;
    }
    in->at++;
    return true;
}

static bool digit_next(const struct cursor *in)
{
    return in->at < in->size && in->text[in->at] >= '0' && in->text[in->at] <= '9';
}

/* Exactly `count` digits, a number from `least` to `most`. */
static bool take_number(struct cursor *in, int count, int32_t least, int32_t most, int32_t *out)
{
    *out = 0;
    for (; count > 0; count--) {
        if (!digit_next(in)) {
            return false;
        }
        *out = *out * 10 + (in->text[in->at++] - '0');
    }
    return *out >= least && *out <= most;
}

/* [.digits]; those after the ninth count for nothing. */
static bool take_fraction(struct cursor *in, uint32_t *nanos)
{
    uint32_t unit = GEN_NANOS_PER_SECOND / 10;

    *nanos = 0;
    if (!take(in, '.', '.')) {
        return true;
    }
    if (!digit_next(in)) {
        return false;
    }
    for (; digit_next(in); unit /= 10) {
        *nanos += unit * (uint32_t)(in->text[in->at++] - '0');
    }
    return true;
}

/* Z or +HH:MM, as seconds east. */
static bool take_zone(struct cursor *in, int64_t *east)
{
    int32_t hour, minute;
    int64_t sign = 1;

    *east = 0;
    if (take(in, 'Z', 'z')) {
        return true;
    }
    if (take(in, '-', '-')) {
        sign = -1;
    } else if (!take(in, '+', '+')) {
        return false;
    }
    if (!take_number(in, 2, 0, 23, &hour) || !take(in, ':', ':') ||
        !take_number(in, 2, 0, 59, &minute)) {
        return false;
    }
    *east = sign * (hour * 3600 + minute * 60);
    return true;
}

enum gen_status gen_calendar_parse(const char *text, size_t size, int64_t *seconds, uint32_t *nanos)
{
    struct cursor in = {text, size, 0};
    int32_t year, month, day, hour, minute, second;
    int64_t instant, east, of_day;
    uint32_t fraction;

    if (!take_number(&in, 4, 0, 9999, &year) || !take(&in, '-', '-') ||
        !take_number(&in, 2, 1, 12, &month) || !take(&in, '-', '-') ||
        !take_number(&in, 2, 1, gen_calendar_days_in(year, month), &day) || !take(&in, 'T', 't') ||
        !take_number(&in, 2, 0, 23, &hour) || !take(&in, ':', ':') ||
        !take_number(&in, 2, 0, 59, &minute) || !take(&in, ':', ':') ||
        !take_number(&in, 2, 0, 60, &second) || !take_fraction(&in, &fraction) ||
        !take_zone(&in, &east) || in.at != in.size) {
        return GEN_EINVAL;
    }
    instant = gen_calendar_days(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 +
              second - east;
    (void)floored(instant, SECONDS_PER_DAY, &of_day);
    if (second == 60 && of_day != 0) {
        return GEN_EINVAL; /* leap seconds come at the end of a day in UTC only */
    }
    if (instant < GEN_CALENDAR_FIRST || instant > GEN_CALENDAR_LAST) {
        return GEN_EOVERFLOW;
    }
    *seconds = instant;
    *nanos = fraction;
    return GEN_OK;
}

/* `value` in exactly `count` digits. */
static char *put_digits(char *out, uint64_t value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + count;
}

/* .digits without trailing zeros; nothing for 0. */
static char *put_fraction(char *out, uint32_t nanos)
{
    int count = NANO_DIGITS;

    if (nanos == 0) {
        return out;
    }
    for (; nanos % 10 == 0; nanos /= 10) {
        count--;
    }
    *out = '.';
    return put_digits(out + 1, nanos, count);
}

static char *put_part(char *out, int32_t value, int count, char after)
{
    out = put_digits(out, (uint64_t)value, count);
    *out = after;
    return out + 1;
}

size_t gen_calendar_print(int64_t seconds, uint32_t nanos, char *out)
{
    struct gen_civil civil = gen_calendar_civil(seconds);
    char *at = out;

    GEN_CHECK(seconds >= GEN_CALENDAR_FIRST && seconds <= GEN_CALENDAR_LAST &&
              nanos < GEN_NANOS_PER_SECOND);
    at = put_part(at, civil.year, 4, '-');
    at = put_part(at, civil.month, 2, '-');
    at = put_part(at, civil.day, 2, 'T');
    at = put_part(at, civil.hour, 2, ':');
    at = put_part(at, civil.minute, 2, ':');
    at = put_digits(at, (uint64_t)civil.second, 2);
    at = put_fraction(at, nanos);
    *at++ = 'Z';
    *at = '\0';
    return (size_t)(at - out);
}

/* `seconds` and `nanos` may each be a little out of range here: they come from sums. */
static bool normal(int64_t seconds, int64_t nanos, int64_t *out_seconds, uint32_t *out_nanos)
{
    int64_t rest;

    seconds += floored(nanos, GEN_NANOS_PER_SECOND, &rest);
    if (seconds < GEN_CALENDAR_FIRST || seconds > GEN_CALENDAR_LAST) {
        return false;
    }
    *out_seconds = seconds;
    *out_nanos = (uint32_t)rest;
    return true;
}

bool gen_calendar_add(int64_t seconds, uint32_t nanos, int64_t duration, int64_t *out_seconds,
                      uint32_t *out_nanos)
{
    return normal(seconds + duration / GEN_NANOS_PER_SECOND,
                  nanos + duration % GEN_NANOS_PER_SECOND, out_seconds, out_nanos);
}

bool gen_calendar_subtract(int64_t seconds, uint32_t nanos, int64_t duration, int64_t *out_seconds,
                           uint32_t *out_nanos)
{
    /* In two parts: -INT64_MIN does not exist. */
    return normal(seconds - duration / GEN_NANOS_PER_SECOND,
                  nanos - duration % GEN_NANOS_PER_SECOND, out_seconds, out_nanos);
}

bool gen_calendar_difference(int64_t seconds, uint32_t nanos, int64_t less_seconds,
                             uint32_t less_nanos, int64_t *duration)
{
    int64_t whole = seconds - less_seconds;
    int64_t rest = (int64_t)nanos - less_nanos;
    int64_t result;

    /* One sign for both, so that the product does not leave the range before the sum. */
    if (whole < 0 && rest > 0) {
        whole++;
        rest -= GEN_NANOS_PER_SECOND;
    } else if (whole > 0 && rest < 0) {
        whole--;
        rest += GEN_NANOS_PER_SECOND;
    }
    if (__builtin_mul_overflow(whole, (int64_t)GEN_NANOS_PER_SECOND, &result) ||
        __builtin_add_overflow(result, rest, &result)) {
        return false;
    }
    *duration = result;
    return true;
}

static const struct unit {
    const char *name;
    uint64_t nanos;
} units[] = {
    {"ns", 1},
    {"us", 1000},
    {"\xc2\xb5s", 1000}, /* U+00B5, the sign for micro */
    {"\xce\xbcs", 1000}, /* U+03BC, the Greek letter */
    {"ms", 1000000},
    {"s", GEN_NANOS_PER_SECOND},
    {"m", UINT64_C(60) * GEN_NANOS_PER_SECOND},
    {"h", UINT64_C(3600) * GEN_NANOS_PER_SECOND},
    {NULL, 0},
};

/* The unit that stands here: all up to the next digit or point. NULL: none is called so. */
static const struct unit *take_unit(struct cursor *in)
{
    const char *start = in->text + in->at;
    size_t size = 0;

    while (in->at < in->size && !digit_next(in) && in->text[in->at] != '.') {
        in->at++;
        size++;
    }
    for (const struct unit *unit = units; unit->name != NULL; unit++) {
        if (strlen(unit->name) == size && memcmp(unit->name, start, size) == 0) {
            return unit;
        }
    }
    return NULL;
}

/* digits[.digits] or .digits and a unit, added to `total`. GEN_EOVERFLOW is found before the end of
 * the text, so a wrong rest of it goes unseen. */
static enum gen_status take_piece(struct cursor *in, uint64_t *total)
{
    const struct unit *unit;
    size_t point, end;
    bool large = false;
    uint64_t value = 0;
    uint64_t part = 0;
    size_t start = in->at;

    for (; digit_next(in); in->at++) {
        uint64_t digit = (uint64_t)(in->text[in->at] - '0');

        large = large || value > (UINT64_MAX - digit) / 10;
        value = large ? 0 : value * 10 + digit;
    }
    point = in->at;
    if (take(in, '.', '.')) {
        while (digit_next(in)) {
            in->at++;
        }
    }
    end = in->at;
    if (end - start == (end > point ? 1 : 0)) {
        return GEN_EINVAL; /* no digit */
    }
    unit = take_unit(in);
    if (unit == NULL) {
        return GEN_EINVAL;
    }
    /* From the last digit to the first; rounding down at each is rounding down once. */
    for (; end > point + 1; end--) {
        part = (part + (uint64_t)(in->text[end - 1] - '0') * unit->nanos) / 10;
    }
    if (large || __builtin_mul_overflow(value, unit->nanos, &value) ||
        __builtin_add_overflow(value, part, &value) ||
        __builtin_add_overflow(*total, value, total)) {
        return GEN_EOVERFLOW;
    }
    return GEN_OK;
}

enum gen_status gen_duration_parse(const char *text, size_t size, int64_t *nanos)
{
    struct cursor in = {text, size, 0};
    bool negative = take(&in, '-', '-');
    uint64_t total = 0;
    enum gen_status status = GEN_OK;

    if (!negative) {
        (void)take(&in, '+', '+');
    }
    if (in.at >= size) {
        return GEN_EINVAL;
    }
    if (size - in.at == 1 && text[in.at] == '0') {
        *nanos = 0;
        return GEN_OK;
    }
    while (in.at < size && status == GEN_OK) {
        status = take_piece(&in, &total);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (total > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return GEN_EOVERFLOW;
    }
    *nanos = negative ? (int64_t)(0 - total) : (int64_t)total;
    return GEN_OK;
}

size_t gen_duration_print(int64_t nanos, char *out)
{
    uint64_t left = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;
    uint64_t seconds = left / GEN_NANOS_PER_SECOND;
    int count = 1;
    char *at = out;

    for (uint64_t rest = seconds; rest >= 10; rest /= 10) {
        count++;
    }
    if (nanos < 0) {
        *at++ = '-';
    }
    at = put_digits(at, seconds, count);
    at = put_fraction(at, (uint32_t)(left % GEN_NANOS_PER_SECOND));
    *at++ = 's';
    *at = '\0';
    return (size_t)(at - out);
}

bool gen_duration_add(int64_t a, int64_t b, int64_t *sum)
{
    int64_t result;

    if (__builtin_add_overflow(a, b, &result)) {
        return false;
    }
    *sum = result;
    return true;
}

bool gen_duration_subtract(int64_t a, int64_t b, int64_t *rest)
{
    int64_t result;

    if (__builtin_sub_overflow(a, b, &result)) {
        return false;
    }
    *rest = result;
    return true;
}
