/* durations_test.c - which attempts count, and that estimates are as good as they say they are. */
#include "engine/durations.h"

#include "base/alloc.h"
#include "store/database.h"
#include "unit/store/sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>

static struct gen_past_attempt attempt(gen_moment accepted, int64_t took, int64_t video)
{
    return (struct gen_past_attempt){.provider = "p", .model = "m",
                                     .state = GEN_ATTEMPT_SETTLED, .accepted_at = accepted,
                                     .ended_at = accepted + took, .duration_ms = video};
}

/* Only what somebody rendered to its end. */
Test(durations, what_counts)
{
    static const struct {
        enum gen_attempt_state state;
        gen_moment accepted, ended;
        int64_t video;
        size_t count;
    } cases[] = {
        {GEN_ATTEMPT_SETTLED, 1000, 31000, 5000, 1},
        {GEN_ATTEMPT_SETTLED, 0, 31000, 5000, 0},    /* a finished clip was used again */
        {GEN_ATTEMPT_SETTLED, 31000, 31000, 5000, 0}, /* the clock jumped */
        {GEN_ATTEMPT_SETTLED, 1000, 31000, 0, 0},
        {GEN_ATTEMPT_FAILED, 1000, 31000, 5000, 0},
        {GEN_ATTEMPT_ACCEPTED, 1000, 0, 5000, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_durations *durations = gen_durations_create();
        struct gen_past_attempt past = attempt(cases[i].accepted, 0, cases[i].video);
        const struct gen_foresight_past *out;

        past.state = cases[i].state;
        past.ended_at = cases[i].ended;
        gen_durations_learn(durations, &past);
        out = gen_durations_past(durations, "p", "m");
        cr_expect(cases[i].count == (out == NULL ? 0 : out->count), "case %zu", i);
        cr_expect(gen_durations_past(durations, "p", "other") == NULL);
        gen_durations_destroy(durations);
    }
}

/* ---------------------------------------------------------------------------------- calibration -- */

static double draw(uint64_t *state) /* (0, 1) */
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

static double draw_normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(draw(state)));

    return radius * cos(6.283185307179586 * draw(state));
}

struct world {
    const char *name;
    double sigma;   /* of the logarithm of the time */
    double tail;    /* share of renders that take four times as long */
    double slower;  /* what times are multiplied with in the second half */
    int at_once;
    double least_p50, most_p50, least_p90, most_p90;
};

static int64_t world_draw(const struct world *world, uint64_t *state, int64_t video, bool second)
{
    double took = (20000 + 8.0 * (double)video) * exp(world->sigma * draw_normal(state));

    took *= draw(state) < world->tail ? 4 : 1;
    return (int64_t)(took * (second ? world->slower : 1));
}

/* Renders of three lengths, `at_once` always under way, heard of in the order in which they end. */
static void world_run(const struct world *world, struct gen_durations_score *out)
{
    enum { RENDERS = 4000, MOST = 50 };
    struct gen_durations *durations = gen_durations_create();
    struct gen_past_attempt running[MOST];
    struct gen_durations_score now;
    uint64_t state = 7;

    *out = (struct gen_durations_score){0};
    for (int i = 0; i < world->at_once; i++) {
        running[i] = attempt(1 + i * 1000, world_draw(world, &state, 5000, false), 5000);
    }
    for (int k = 0; k < RENDERS; k++) {
        int first = 0;
        int64_t video = 4000 + 2000 * (k % 3);
        gen_moment end;
        struct gen_durations_score before;

        for (int i = 1; i < world->at_once; i++) {
            first = running[i].ended_at < running[first].ended_at ? i : first;
        }
        gen_durations_judge(durations, "p", "m", &before);
        gen_durations_learn(durations, &running[first]);
        gen_durations_judge(durations, NULL, NULL, &now);
        if (now.judged == before.judged + 1) { /* but for where it was halved */
            out->judged++;
            out->by_middle += now.by_middle - before.by_middle;
            out->by_late += now.by_late - before.by_late;
        }
        end = running[first].ended_at;
        running[first] = attempt(end + 1, world_draw(world, &state, video, k > RENDERS / 2), video);
    }
    gen_durations_destroy(durations);
}

/* Half of all renders are done by the middle estimate and nine of ten by the late one, in worlds that are as
 * they always were; in one that changes it is found again soon. `bin/unit_engine_durations --verbose`
 * shows the figures. */
Test(durations, calibration)
{
    static const struct world worlds[] = {
        {"steady", 0.2, 0, 1, 1, 0.46, 0.54, 0.87, 0.93},
        {"spread", 0.6, 0, 1, 20, 0.46, 0.54, 0.87, 0.93},
        {"long tail", 0.3, 0.08, 1, 50, 0.46, 0.54, 0.87, 0.93},
        {"slows down by half", 0.3, 0, 1.5, 20, 0.44, 0.54, 0.85, 0.93},
    };

    for (size_t i = 0; i < GEN_COUNT(worlds); i++) {
        struct gen_durations_score score;
        double p50, p90;

        world_run(&worlds[i], &score);
        cr_assert(score.judged > 3500, "%d", (int)score.judged);
        p50 = (double)score.by_middle / (double)score.judged;
        p90 = (double)score.by_late / (double)score.judged;
        cr_log_info("%s: %d renders, within p50 %.3f, within p90 %.3f", worlds[i].name,
                    (int)score.judged, p50, p90);
        cr_expect(p50 > worlds[i].least_p50 && p50 < worlds[i].most_p50, "%s: p50 %.3f",
                  worlds[i].name, p50);
        cr_expect(p90 > worlds[i].least_p90 && p90 < worlds[i].most_p90, "%s: p90 %.3f",
                  worlds[i].name, p90);
    }
}

/* An estimate is made of what was known when the render was accepted: with too little it is not judged. */
Test(durations, judged_by_what_was_known)
{
    struct gen_durations *durations = gen_durations_create();
    struct gen_durations_score score;

    for (int i = 0; i < 10; i++) { /* all at once: nothing had ended when they were accepted */
        struct gen_past_attempt past = attempt(1000, 30000 + i, 5000);

        gen_durations_learn(durations, &past);
    }
    gen_durations_judge(durations, "p", "m", &score);
    cr_expect(score.judged == 0);
    for (int i = 0; i < 2; i++) {
        struct gen_past_attempt past = attempt(40000, i == 0 ? 20000 : 90000, 5000);

        gen_durations_learn(durations, &past);
    }
    gen_durations_judge(durations, "p", "m", &score);
    cr_expect(score.judged == 2 && score.by_middle == 1 && score.by_late == 1);
    gen_durations_judge(durations, "p", "none", &score);
    cr_expect(score.judged == 0);
    gen_durations_destroy(durations);
}

Test(durations, no_memory)
{
    struct gen_past_attempt past = attempt(1000, 30000, 5000);

    for (long nth = 1; nth < 20; nth++) {
        struct gen_durations *durations;

        gen_alloc_fail_at(nth);
        durations = gen_durations_create();
        if (durations != NULL) {
            gen_durations_learn(durations, &past);
        }
        gen_alloc_fail_at(0);
        if (durations != NULL) { /* what was forgotten can be learned later */
            const struct gen_foresight_past *out;

            gen_durations_learn(durations, &past);
            out = gen_durations_past(durations, "p", "m");
            cr_expect(out != NULL && (out->count == 1 || out->count == 2));
        }
        gen_durations_destroy(durations);
    }
}

/* What the store has comes newest first; it is learned and judged as it happened: twelve renders, each after
 * the one before, 30 s each but the last, which was late. */
Test(durations, read)
{
    struct gen_durations *durations = gen_durations_create();
    struct gen_durations_score score;
    const struct gen_foresight_past *past;
    struct gen_database *database;
    struct sample sample;

    sample_open(&sample);
    for (int number = 1; number <= 3; number++) {
        gen_arena_destroy(sample_admit(&sample, number, 2)->arena);
    }
    OK(gen_database_open(sample.path, 0, &database, &sample_err));
    OK(gen_database_run(database,
                        "UPDATE attempt SET state = 'settled', "
                        "accepted_at = 100000 * (SELECT COUNT(*) FROM attempt b WHERE b.id <= "
                        "attempt.id)",
                        &sample_err));
    OK(gen_database_run(database,
                        "UPDATE attempt SET ended_at = accepted_at + CASE WHEN accepted_at = "
                        "(SELECT MAX(accepted_at) FROM attempt) THEN 90000 ELSE 30000 END",
                        &sample_err));
    gen_database_close(database);
    OK(gen_durations_read(durations, sample.store, &sample_err));
    past = gen_durations_past(durations, "local", "studio");
    cr_assert(past != NULL && past->count == 12);
    cr_expect(eq(i64, past->samples[0].accepted_at, 100000)); /* the oldest first */
    cr_expect(eq(i64, past->samples[11].took_ms, 90000));
    gen_durations_judge(durations, NULL, NULL, &score);
    cr_expect(eq(i64, score.judged, 7)); /* five were known before the first of them */
    cr_expect(eq(i64, score.by_middle, 6));
    cr_expect(eq(i64, score.by_late, 6));
    for (long nth = 1; nth < 400; nth += 7) { /* without memory: an error, or less is known; no more */
        struct gen_durations *other = gen_durations_create();

        gen_alloc_fail_at(nth);
        (void)!gen_durations_read(other, sample.store, &sample.err);
        gen_alloc_fail_at(0);
        past = gen_durations_past(other, "local", "studio");
        cr_expect(past == NULL || past->count <= 12);
        gen_durations_destroy(other);
    }
    gen_durations_destroy(durations);
    sample_close(&sample);
}
