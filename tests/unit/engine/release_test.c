/* release_test.c - which effects of a turn may still be carried out, and what a commit's answer means. */
#include "engine/release.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static uint32_t *generation_of(void *context, size_t pipeline, size_t shot)
{
    uint32_t(*generations)[2] = context;

    return &generations[pipeline][shot];
}

/* CALL, STOP, CALL for one shot, and CALL for another: only what was asked for before the stop, and
 * only of that shot, is stale. */
Test(release, a_stop_makes_stale_what_was_before_it)
{
    uint32_t generations[1][2] = {{7, 7}};
    struct gen_effect effects[] = {
        {.next = &effects[1], .kind = GEN_EFFECT_CALL},
        {.next = &effects[2], .kind = GEN_EFFECT_CALL, .shot = 1},
        {.next = &effects[3], .kind = GEN_EFFECT_WANT_SLOT},
        {.next = &effects[4], .kind = GEN_EFFECT_STOP},
        {.kind = GEN_EFFECT_CALL},
    };
    static const bool current[] = {false, true, true, true, true};

    gen_release_stamp(effects, generation_of, generations);
    cr_assert(eq(u32, generations[0][0], 8));
    cr_assert(eq(u32, generations[0][1], 7));
    for (size_t i = 0; i < GEN_COUNT(effects); i++) {
        cr_assert(eq(int, gen_release_current(&effects[i], generations[0][effects[i].shot]),
                     current[i]), "effect %zu", i);
    }
}

/* A later turn stops the same flight before this turn's effects are durable. */
Test(release, a_later_stop_overtakes)
{
    static const struct {
        enum gen_effect_kind kind;
        bool current;
    } cases[] = {
        {GEN_EFFECT_CALL, false},        {GEN_EFFECT_PERFORM, false},   {GEN_EFFECT_WAKE, false},
        {GEN_EFFECT_STORE_CLIP, false},  {GEN_EFFECT_STOP, false},      {GEN_EFFECT_WANT_SLOT, true},
        {GEN_EFFECT_FREE_SLOT, true},    {GEN_EFFECT_ASSEMBLE, true},   {GEN_EFFECT_PROGRESS, true},
        {GEN_EFFECT_STOP_ASSEMBLY, true}, {GEN_EFFECT_OVER, true},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_effect effect = {.kind = cases[i].kind, .generation = 1};

        cr_assert(eq(int, gen_release_current(&effect, 2), cases[i].current), "case %zu", i);
    }
}

Test(release, only_what_is_wanted_is_heard)
{
    struct gen_shot shot = {.verb = GEN_VERB_POLL};

    cr_assert(gen_release_heard(3, 3, &shot));
    cr_assert(not(gen_release_heard(2, 3, &shot)), "it was stopped");
    shot.verb = GEN_VERB_NONE;
    cr_assert(not(gen_release_heard(3, 3, &shot)), "nobody waits for it");
}

Test(release, what_the_answer_to_a_commit_means)
{
    struct gen_effect plain = {.kind = GEN_EFFECT_CALL};
    struct gen_effect holds = {.kind = GEN_EFFECT_WANT_SLOT, .shot = 3, .holds_money = true};
    struct gen_effect takes = {.kind = GEN_EFFECT_CALL, .pipeline = 2,
                               .takes_from = GEN_ATTEMPT_SUBMITTING};
    const struct {
        enum gen_status status;
        const char *path; /* of the error */
        struct gen_effect *about;
        enum gen_release release;
    } cases[] = {
        {GEN_OK, "", NULL, GEN_RELEASE_EFFECTS},
        {GEN_OK, "", &holds, GEN_RELEASE_EFFECTS},
        {GEN_EBUDGET, "", &holds, GEN_RELEASE_REFUSED},
        {GEN_EBUDGET, "", NULL, GEN_RELEASE_PARK}, /* nothing in it asked for money: a defect of ours */
        {GEN_EBUDGET, "", &takes, GEN_RELEASE_PARK},
        {GEN_ECONFLICT, "", &holds, GEN_RELEASE_PARK},
        {GEN_ECONFLICT, "handle", &takes, GEN_RELEASE_STRANGER},
        {GEN_ECONFLICT, "handle", NULL, GEN_RELEASE_PARK},  /* nothing in it took one */
        {GEN_ECONFLICT, "", &takes, GEN_RELEASE_PARK},      /* another conflict: memory is ahead */
        {GEN_EIO, "handle", &takes, GEN_RELEASE_PARK},
        {GEN_ENOSPACE, "", NULL, GEN_RELEASE_PARK},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_effect *about = &plain;
        struct gen_error err = {0};
        struct gen_input input;

        gen_error_set(&err, cases[i].status, "why");
        gen_error_place(&err, NULL, 0, 0, cases[i].path);
        plain.next = cases[i].about;
        cr_assert(eq(int, gen_release_of(cases[i].status, &err, &plain, &about), cases[i].release),
                  "case %zu", i);
        if (cases[i].release == GEN_RELEASE_REFUSED || cases[i].release == GEN_RELEASE_STRANGER) {
            cr_assert(about == cases[i].about, "case %zu", i);
            input = gen_release_input(cases[i].release, about, &err);
            cr_assert(eq(int, input.kind, about == &holds ? GEN_INPUT_REFUSED : GEN_INPUT_STRANGER));
            cr_assert(eq(sz, input.pipeline, about->pipeline));
            cr_assert(eq(sz, input.shot, about->shot));
            cr_assert(eq(int, input.from, about->takes_from));
            cr_assert(eq(str, (char *)input.reason, "why"));
        } else {
            cr_assert(about == NULL, "case %zu", i);
        }
    }
}
