/* zone_rule.c - see zone_rule.h. */
#include "expr/zone_rule.h"

#include "expr/calendar.h"

enum {
    HOUR = 3600,
    DAY = 86400,
    EPOCH_WEEKDAY = 4, /* a Thursday */
    NAME_LEAST = 3,
    LATEST_HOUR = 167, /* of a change: a week around its day */
    WIDEST_HOUR = 24,  /* of an offset */
    USUAL_TIME = 2 * HOUR,
};

struct cursor {
    const char *text;
    size_t size, at;
};

static char next(const struct cursor *in)
{
    return in->at < in->size ? in->text[in->at] : '\0';
}

static bool take(struct cursor *in, char c)
{
    if (c == '\0' || next(in) != c) {
        return false;
    }
    in->at++;
    return true;
}

/* One to three digits, a number from `least` to `most`. */
static bool take_number(struct cursor *in, int32_t least, int32_t most, int32_t *out)
{
    size_t start = in->at;

    *out = 0;
    while (next(in) >= '0' && next(in) <= '9' && in->at - start < 3) {
        *out = *out * 10 + (in->text[in->at++] - '0');
    }
    return in->at > start && *out >= least && *out <= most;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ABC or <+0330>; what it is called does not matter here. */
static bool take_name(struct cursor *in)
{
    bool quoted = take(in, '<');
    size_t start = in->at;

    while (letter(next(in)) || (quoted && ((next(in) >= '0' && next(in) <= '9') ||
                                           next(in) == '+' || next(in) == '-'))) {
        in->at++;
    }
    return in->at - start >= NAME_LEAST && (!quoted || take(in, '>'));
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(struct cursor *in, int32_t most, int32_t *out)
{
    int32_t sign = 1;
    int32_t hour;
    int32_t minute = 0;
    int32_t second = 0;

    if (take(in, '-')) {
        sign = -1;
    } else {
        (void)take(in, '+');
    }
    if (!take_number(in, 0, most, &hour) ||
        (take(in, ':') && (!take_number(in, 0, 59, &minute) ||
                           (take(in, ':') && !take_number(in, 0, 59, &second))))) {
        return false;
    }
    *out = sign * (hour * HOUR + minute * 60 + second);
    return true;
}

/* ,date[/time] */
static bool take_change(struct cursor *in, struct gen_zone_change *out)
{
    bool good;

    if (!take(in, ',')) {
        return false;
    }
    if (take(in, 'M')) {
        out->kind = GEN_ZONE_DAY_MONTH;
        good = take_number(in, 1, 12, &out->month) && take(in, '.') &&
               take_number(in, 1, 5, &out->week) && take(in, '.') &&
               take_number(in, 0, 6, &out->day);
    } else if (take(in, 'J')) {
        out->kind = GEN_ZONE_DAY_JULIAN;
        good = take_number(in, 1, 365, &out->day);
    } else {
        out->kind = GEN_ZONE_DAY_COUNTED;
        good = take_number(in, 0, 365, &out->day);
    }
    out->time = USUAL_TIME;
    return good && (!take(in, '/') || take_time(in, LATEST_HOUR, &out->time));
}

bool gen_zone_rule_parse(const char *text, size_t size, struct gen_zone_rule *out)
{
    struct cursor in = {text, size, 0};
    struct gen_zone_rule rule = {0};

    /* In the text, west of Greenwich is positive. */
    if (!take_name(&in) || !take_time(&in, WIDEST_HOUR, &rule.standard)) {
        return false;
    }
    rule.standard = -rule.standard;
    if (in.at < size) {
        rule.summer = true;
        rule.daylight = rule.standard + HOUR;
        if (!take_name(&in)) {
            return false;
        }
        if (next(&in) != ',') {
            if (!take_time(&in, WIDEST_HOUR, &rule.daylight)) {
                return false;
            }
            rule.daylight = -rule.daylight;
        }
        if (!take_change(&in, &rule.start) || !take_change(&in, &rule.end) || in.at != size) {
            return false;
        }
    }
    *out = rule;
    return true;
}

/* The instant of a change in a year, by a clock that is `offset` east of UTC. */
static int64_t instant_of(const struct gen_zone_change *change, int64_t year, int32_t offset)
{
    int64_t days = gen_calendar_days(year, 1, 1);
    int32_t first, day, length;

    switch (change->kind) {
    case GEN_ZONE_DAY_JULIAN:
        days += change->day - 1;
        if (change->day >= 60 && gen_calendar_days_in(year, 2) == 29) {
            days++;
        }
        break;
    case GEN_ZONE_DAY_COUNTED:
        days += change->day;
        break;
    case GEN_ZONE_DAY_MONTH:
        days = gen_calendar_days(year, change->month, 1);
        length = gen_calendar_days_in(year, change->month);
        first = (int32_t)(((days + EPOCH_WEEKDAY) % 7 + 7) % 7);
        day = (change->day - first + 7) % 7 + (change->week - 1) * 7;
        days += day < length ? day : day - 7;
        break;
    }
    return days * DAY + change->time - offset;
}

int32_t gen_zone_rule_offset(const struct gen_zone_rule *rule, int64_t seconds)
{
    int64_t latest = INT64_MIN;
    int32_t offset = rule->standard;
    int64_t year;

    if (!rule->summer) {
        return rule->standard;
    }
    /* The latest change up to the instant decides. Changes may lie a week outside their year. When
     * one year's end is the next one's start, summer time goes on. */
    year = gen_calendar_civil(seconds + rule->standard).year;
    for (int64_t y = year - 1; y <= year + 1; y++) {
        int64_t start = instant_of(&rule->start, y, rule->standard);
        int64_t end = instant_of(&rule->end, y, rule->daylight);

        if (end <= seconds && end > latest) {
            latest = end;
            offset = rule->standard;
        }
        if (start <= seconds && start >= latest) {
            latest = start;
            offset = rule->daylight;
        }
    }
    return offset;
}
