/* vitals_test.c - news of a provider, and the state, the uptime and the latency that they come to. */
#include "engine/vitals.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define MINUTE INT64_C(60000)
#define START INT64_C(1800000000000)

static gen_moment end_of_look; /* of the last look: each test runs in a process of its own */

static void look(const struct gen_vitals *vitals, const char *provider, gen_moment now,
                 struct gen_vitals_view *view)
{
    end_of_look = now;
    gen_vitals_look(vitals, provider, now, view);
}

static double uptime(const struct gen_vitals *vitals, gen_moment now, int days)
{
    return gen_vitals_uptime(vitals, "p", now, days);
}

struct course { /* '+' good, '-' bad, '!' not let in; one a minute; ' ' nothing */
    const char *news;
    enum gen_vitals_state state;
    double health, uptime;
};

static const struct course courses[] = {
    {"", GEN_VITALS_UNKNOWN, 1, -1},
    {"    ", GEN_VITALS_UNKNOWN, 1, -1},
    {"+", GEN_VITALS_HEALTHY, 1, 1},
    {"-", GEN_VITALS_DEGRADED, 0.8, 0},
    {"--", GEN_VITALS_DEGRADED, 0.6, 0},
    {"---", GEN_VITALS_DOWN, 0, 0},
    {"---+", GEN_VITALS_HEALTHY, 0.4, 0.25},
    {"----+", GEN_VITALS_DEGRADED, 0.2, 0.2}, /* one of five of the recent ones */
    {"+++++++++-", GEN_VITALS_DEGRADED, 0.9, 0.9},
    {"+++++++++-+", GEN_VITALS_HEALTHY, 10.0 / 11, 10.0 / 11},
    {"!", GEN_VITALS_DOWN, 0, 0},
    {"++!", GEN_VITALS_DOWN, 0, 2.0 / 3},
    {"!+", GEN_VITALS_HEALTHY, 0.8, 0.5},
    /* between two news the state lasts */
    {"+    +", GEN_VITALS_HEALTHY, 1, 1},
    {"---     ", GEN_VITALS_DOWN, 0, 0},
    {"---     +", GEN_VITALS_HEALTHY, 0.4, 1.0 / 9},
    {"!   +", GEN_VITALS_HEALTHY, 0.8, 0.2},
};

static gen_moment play(struct gen_vitals *vitals, const char *news, gen_moment now)
{
    for (; *news != '\0'; news++) {
        if (*news == '+') {
            gen_vitals_good(vitals, "p", now, 100);
        } else if (*news == '-') {
            gen_vitals_bad(vitals, "p", now, "it broke");
        } else if (*news == '!') {
            gen_vitals_blocked(vitals, "p", now, "no credit");
        }
        now += MINUTE;
    }
    return now;
}

Test(vitals, courses)
{
    for (size_t i = 0; i < GEN_COUNT(courses); i++) {
        struct gen_vitals *vitals = gen_vitals_create();
        struct gen_vitals_view view;
        gen_moment end = play(vitals, courses[i].news, START) - 1;

        look(vitals, "p", end, &view);
        cr_expect(eq(int, view.state, courses[i].state), "\"%s\"", courses[i].news);
        cr_expect(epsilon_eq(dbl, view.health, courses[i].health, 1e-9), "\"%s\"", courses[i].news);
        cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 1), courses[i].uptime, 1e-9), "\"%s\": %f",
                  courses[i].news, uptime(vitals, end_of_look, 1));
        cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 30), courses[i].uptime, 1e-9), "\"%s\"",
                  courses[i].news);
        cr_expect(eq(str, (char *)view.reason,
                     view.state == GEN_VITALS_HEALTHY || view.state == GEN_VITALS_UNKNOWN ? ""
                     : strchr(courses[i].news, '!') != NULL                               ? "no credit"
                                                                                          : "it broke"));
        gen_vitals_destroy(vitals);
    }
}

/* Within a minute the greater number counts; a long silence is not counted at all. */
Test(vitals, minutes)
{
    struct gen_vitals *vitals = gen_vitals_create();
    struct gen_vitals_view view;

    gen_vitals_good(vitals, "p", START, 5);
    gen_vitals_bad(vitals, "p", START + 1000, "x");
    look(vitals, "p", START + 2000, &view);
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 1), 1, 1e-9));
    gen_vitals_bad(vitals, "p", START + 3000, "x");
    look(vitals, "p", START + 4000, &view);
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 1), 0, 1e-9));
    /* three hours of silence: the first 20 minutes of it are as they were, the rest is unknown */
    gen_vitals_good(vitals, "p", START + 180 * MINUTE, 5);
    look(vitals, "p", START + 180 * MINUTE, &view);
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 1), 21.0 / 22, 1e-9), "%f", uptime(vitals, end_of_look, 1));
    /* a clock that goes back changes nothing that is written */
    gen_vitals_good(vitals, "p", START, 5);
    look(vitals, "p", START + 180 * MINUTE, &view);
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 1), 21.0 / 22, 1e-9), "%f", uptime(vitals, end_of_look, 1));
    gen_vitals_destroy(vitals);
}

/* A month of checks every five minutes, one day of it down; and what is older is forgotten. */
Test(vitals, a_month)
{
    struct gen_vitals *vitals = gen_vitals_create();
    struct gen_vitals_view view;
    gen_moment now = START, end = START + 31 * 1440 * MINUTE;

    for (; now < end; now += 5 * MINUTE) {
        int64_t day = (now - START) / (1440 * MINUTE);

        if (day == 10 || day == 0) { /* the first is out of the window at the end */
            gen_vitals_bad(vitals, "p", now, "x");
        } else {
            gen_vitals_good(vitals, "p", now, 100 + day);
        }
    }
    look(vitals, "p", end - 1, &view);
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 1), 1, 1e-9));
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 30), 29.0 / 30, 0.001), "%f", uptime(vitals, end_of_look, 30));
    cr_expect(eq(int, view.state, GEN_VITALS_HEALTHY));
    cr_expect(view.latency_ms > 115 && view.latency_ms <= 130);
    /* a year later nothing of it counts */
    look(vitals, "p", end + 365 * 1440 * MINUTE, &view);
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 30), -1, 1e-9));
    gen_vitals_good(vitals, "p", end + 365 * 1440 * MINUTE, 1);
    look(vitals, "p", end + 365 * 1440 * MINUTE, &view);
    cr_expect(epsilon_eq(dbl, uptime(vitals, end_of_look, 30), 1, 1e-9));
    gen_vitals_destroy(vitals);
}

/* Who was down once must not stay so for want of anybody who tries. */
Test(vitals, what_was_long_ago)
{
    struct gen_vitals *vitals = gen_vitals_create();
    struct gen_vitals_view view;

    gen_vitals_blocked(vitals, "p", START, "no credit");
    look(vitals, "p", START + 20 * MINUTE, &view);
    cr_expect(view.state == GEN_VITALS_DOWN && view.health < 0.1);
    look(vitals, "p", START + 20 * MINUTE + 1, &view);
    cr_expect(view.state == GEN_VITALS_UNKNOWN && view.health > 0.9);
    cr_expect(eq(i64, view.last_news, START));
    gen_vitals_destroy(vitals);
}

Test(vitals, checks_and_strangers)
{
    struct gen_vitals *vitals = gen_vitals_create();
    struct gen_vitals_view view;

    gen_vitals_checked(vitals, "p", START, "credit left: $12.30");
    look(vitals, "p", START, &view);
    cr_expect(eq(int, view.state, GEN_VITALS_UNKNOWN));
    cr_expect(eq(i64, view.last_check, START));
    cr_expect(eq(str, (char *)view.note, "credit left: $12.30"));
    look(vitals, "q", START, &view);
    cr_expect(eq(i64, view.last_check, 0));
    cr_expect(eq(str, (char *)gen_vitals_word(view.state), "unknown"));
    /* without memory nothing is known, and nothing breaks */
    gen_alloc_fail_at(1);
    gen_vitals_good(vitals, "q", START, 1);
    gen_alloc_fail_at(0);
    look(vitals, "q", START, &view);
    cr_expect(eq(int, view.state, GEN_VITALS_UNKNOWN));
    gen_vitals_destroy(vitals);
    gen_vitals_destroy(NULL);
}

/* What a watcher hears of a course: 'D' down, 'U' up, each once. */
static char heard[32];

static void on_turn(void *context, const struct gen_vitals_turn *turn)
{
    (void)context;
    cr_expect(turn->since <= turn->now && strcmp(turn->provider, "p") == 0);
    (void)strcat(heard, turn->down ? "D" : "U");
}

Test(vitals, turns)
{
    static const struct {
        const char *news, *heard;
    } rows[] = {
        {"+++", ""},         {"--+", ""},          {"---", "D"},         {"------", "D"},
        {"---+", "DU"},      {"---+---+", "DUDU"}, {"!", "D"},           {"!!!", "D"},
        {"!-+", "DU"},       {"+-+-+-", ""},       {"---   +", "DU"},    {"!+-", "DU"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_vitals *vitals = gen_vitals_create();

        heard[0] = '\0';
        gen_vitals_watch(vitals, on_turn, NULL);
        (void)play(vitals, rows[i].news, START);
        cr_expect(strcmp(heard, rows[i].heard) == 0, "\"%s\": %s, not %s", rows[i].news, heard,
                  rows[i].heard);
        gen_vitals_watch(vitals, NULL, NULL);
        (void)play(vitals, "---+", START + 60 * MINUTE);
        cr_expect(strcmp(heard, rows[i].heard) == 0, "nobody listens");
        gen_vitals_destroy(vitals);
    }
}

/* At another address it is another one: nothing is known of it, and one good answer makes it well. Its minutes
 * stay. */
Test(vitals, renewed)
{
    struct gen_vitals *vitals = gen_vitals_create();
    struct gen_vitals_view view;
    gen_moment now = play(vitals, "+---", START);

    gen_vitals_checked(vitals, "p", now, "credit left: $1");
    gen_vitals_renew(vitals, "nobody");
    gen_vitals_renew(vitals, "p");
    look(vitals, "p", now, &view);
    cr_expect(eq(int, view.state, GEN_VITALS_UNKNOWN));
    cr_expect(eq(str, (char *)view.reason, ""));
    cr_expect(eq(str, (char *)view.note, ""));
    cr_expect(eq(dbl, view.health, 1));
    cr_expect(view.last_check == 0 && view.last_news == 0 && view.latency_ms == -1);
    gen_vitals_good(vitals, "p", now, 100);
    look(vitals, "p", now, &view);
    cr_expect(eq(int, view.state, GEN_VITALS_HEALTHY));
    cr_expect(uptime(vitals, now, 1) < 1);
    gen_vitals_destroy(vitals);
}
