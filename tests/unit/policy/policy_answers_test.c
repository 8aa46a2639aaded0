/* What a loaded set answers: patterns, tiers, plans, hours, the one number. */
#include "sample.h"

#include <math.h>

static const struct {
    const char *pattern, *provider, *model;
    bool fits;
} patterns[] = {
    {"*", "veo", "x", true},
    {"veo", "veo", "anything", true},
    {"veo", "veo2", "x", false},
    {"ve*", "veo", "x", true},
    {"veo/x", "veo", "x", true},
    {"veo/x", "veo", "x1", false},
    {"veo/x*", "veo", "x1", true},
    {"*/x", "veo", "x", true},
    {"*/x", "veo", "y", false},
    {"veo/", "veo", "x", false},
    {"", "veo", "x", false},
};

Test(policy_answers, patterns)
{
    for (size_t i = 0; i < GEN_COUNT(patterns); i++) {
        cr_expect(eq(int, gen_routing_pattern_fits(patterns[i].pattern, patterns[i].provider,
                                                   patterns[i].model), patterns[i].fits),
                  "%s of %s/%s", patterns[i].pattern, patterns[i].provider, patterns[i].model);
    }
}

/* A tier begins at its bound, not after it. */
Test(policy_answers, tiers)
{
    struct sample s;

    sample_compile(&s, NULL, NULL, NULL);
    cr_expect(eq(i64, gen_routing_tier_of(s.set->routing, 1.0)->tier, 1));
    cr_expect(eq(i64, gen_routing_tier_of(s.set->routing, 5.9)->tier, 1));
    cr_expect(eq(i64, gen_routing_tier_of(s.set->routing, 6.0)->tier, 3));
    cr_expect(eq(i64, gen_routing_tier_of(s.set->routing, 0.0)->tier, 1));
    sample_end(&s);
}

Test(policy_answers, plans)
{
    struct sample s;
    const struct gen_access_plan *plan;

    sample_compile(&s, "access.yaml", "mostTier: 1", "mostTier: 2, models: [heygen], exclude: [heygen/avatar]");
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    plan = gen_access_plan_of(s.set->access, "org_1");
    cr_expect(eq(ptr, (void *)gen_access_refusal(plan, "heygen", "other", 2, s.arena), NULL));
    cr_expect(ne(ptr, (void *)gen_access_refusal(plan, "heygen", "other", 3, s.arena), NULL));
    cr_expect(ne(ptr, (void *)gen_access_refusal(plan, "heygen", "avatar", 1, s.arena), NULL));
    cr_expect(ne(ptr, (void *)gen_access_refusal(plan, "veo", "x", 1, s.arena), NULL));
    sample_end(&s);
}

/* 20:00 to 06:00 that begins on Fridays holds on Saturday morning, not on Friday morning. */
static const struct {
    int day, hour, minute;
    bool holds;
} hours[] = {
    {4, 19, 59, false}, {4, 20, 0, true},  {5, 5, 59, true},   {5, 6, 0, false},
    {4, 3, 0, false},   {5, 20, 0, false}, {6, 3, 0, false},
};

Test(policy_answers, hours)
{
    struct sample s;
    const struct gen_schedule_window *window;

    sample_compile(&s, "schedule.yaml", "priorities:",
                   "offPeak: {n: {days: [fri], from: \"20:00\", to: \"06:00\"}}\npriorities:");
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    window = s.set->schedule->off_peak.items;
    for (size_t i = 0; i < GEN_COUNT(hours); i++) {
        cr_expect(eq(int, gen_schedule_window_holds(window, hours[i].day,
                                                    hours[i].hour * 60 + hours[i].minute),
                     hours[i].holds), "day %d, %d:%02d", hours[i].day, hours[i].hour,
                  hours[i].minute);
    }
    sample_end(&s);
}

/* Weights 1.5 (compression) and 1 (motion), power -2. */
Test(policy_answers, one_number)
{
    double scores[11];
    struct sample s;

    sample_compile(&s, NULL, NULL, NULL);
    for (size_t i = 0; i < GEN_COUNT(scores); i++) {
        scores[i] = (double)NAN;
    }
    cr_expect(isnan(gen_quality_number(s.set->quality, scores))); /* nothing assessed, no number */
    scores[3] = 8;
    cr_expect(epsilon_eq(dbl, gen_quality_number(s.set->quality, scores), 8.0, 1e-9));
    scores[0] = 2; /* one bad score drags it below the plain mean of 4.4 */
    cr_expect(epsilon_eq(dbl, gen_quality_number(s.set->quality, scores),
                         pow((1.5 * pow(2, -2) + pow(8, -2)) / 2.5, -0.5), 1e-9));
    cr_expect(lt(dbl, gen_quality_number(s.set->quality, scores), 3.0));
    scores[0] = 0; /* never infinite */
    cr_expect(gt(dbl, gen_quality_number(s.set->quality, scores), 0.3));
    sample_end(&s);
}
