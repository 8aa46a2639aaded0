/* zone_rule.h - the rule at the end of a TZif file: how a zone's clock goes on for ever, as a POSIX
 * TZ string ("CET-1CEST,M3.5.0,M10.5.0/3") with the extensions of RFC 8536, section 3.3.1.
 *
 * NOT here: the table of changes before it (zone.h).
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/zone_rule_test.c
 */
#ifndef GEN_EXPR_ZONE_RULE_H
#define GEN_EXPR_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gen_zone_day {
    GEN_ZONE_DAY_JULIAN = 1, /* Jn: day 1..365, 29 February is never counted */
    GEN_ZONE_DAY_COUNTED,    /* n: day 0..365 */
    GEN_ZONE_DAY_MONTH,      /* Mm.w.d: weekday d (0 = Sunday) of week w (5 = last) of month m */
};

struct gen_zone_change {
    enum gen_zone_day kind;
    int32_t day;   /* JULIAN, COUNTED; the weekday of MONTH */
    int32_t week;  /* 1..5 */
    int32_t month; /* 1..12 */
    int32_t time;  /* seconds of local time after that day's midnight, -167 to 167 hours */
};

struct gen_zone_rule {
    int32_t standard; /* seconds east of UTC */
    bool summer;      /* is there summer time? the rest is only set then */
    int32_t daylight; /* seconds east of UTC */
    struct gen_zone_change start, end;
};

/* The whole text. false: it is not such a rule; `*out` is unchanged. */
bool gen_zone_rule_parse(const char *text, size_t size, struct gen_zone_rule *out);

/* Seconds east of UTC at an instant, which is less than 10^15 away from 1970. */
int32_t gen_zone_rule_offset(const struct gen_zone_rule *rule, int64_t seconds);

#endif
