/* invariant_test.c - many worlds, briefs and strategies by a seed: what decision.h promises always holds. */
#include "unit/decide/setting.h"

#include <math.h>

static uint32_t draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static void invariant_world(uint32_t *state, char *out, size_t size)
{
    static const char *const providers[] = {"cheap", "mid", "dear", "none"};
    static const char *const breakers[] = {"closed", "half_open", "open"};
    size_t used = (size_t)snprintf(out, size, "now: 2026-11-22T12:00:00Z\nseed: %u\nproviders:\n",
                                   draw(state, 1000));
    uint32_t models = draw(state, 8);

    for (size_t i = 0; i < 4; i++) {
        used += (size_t)snprintf(out + used, size - used,
                                 "  %s: {breaker: %s, queue: %u, capacity: %u}\n", providers[i],
                                 breakers[draw(state, 3)], draw(state, 5), draw(state, 5));
    }
    used += (size_t)snprintf(out + used, size - used, "models:%s\n", models == 0 ? " {}" : "");
    for (uint32_t i = 0; i < models; i++) {
        used += (size_t)snprintf(
            out + used, size - used,
            "  %s/m%u: {tier: %u, quality: %u, speed: %u, maxDuration: %u, wholeStoryboard: %s,"
            " needs: [%s], history: {attempts: %u, successRate: 0.%u}}\n",
            providers[draw(state, 4)], i, 1 + draw(state, 3), draw(state, 11), draw(state, 9),
            3 + draw(state, 30), draw(state, 2) == 0 ? "true" : "false",
            draw(state, 2) == 0 ? "avatar" : "text_overlay", draw(state, 30), draw(state, 10));
    }
}

static void invariant_brief(uint32_t *state, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "scenes:\n");

    for (uint32_t i = 0, count = 1 + draw(state, 4); i < count; i++) {
        used += (size_t)snprintf(out + used, size - used, "  - {%s, duration: %u}\n",
                                 draw(state, 2) == 0   ? "prompt: a, presenter: true"
                                 : draw(state, 2) == 0 ? "overlay: b"
                                                       : "prompt: c",
                                 1 + draw(state, 9));
    }
    if (draw(state, 2) == 0) {
        used += (size_t)snprintf(out + used, size - used,
                                 "variations: [{aspectRatio: '16:9'}, {aspectRatio: '1:1'}]\n");
    }
    if (draw(state, 3) == 0) {
        used += (size_t)snprintf(out + used, size - used, "models: ['mid/*', 'cheap/*']\n");
    }
    if (draw(state, 3) == 0) {
        snprintf(out + used, size - used, "deadline: 2026-11-22T12:0%u:00Z\n", 1 + draw(state, 5));
    }
}

static void invariant_contest(const struct setting *s, const struct gen_contest *contest,
                              gen_micros *most)
{
    size_t in = gen_contest_in(contest), chosen = 0;

    cr_assert(contest->chosen_count >= 1 && contest->chosen_count <= in);
    cr_assert(contest->chosen_count <= (size_t)s->decision->strategy->parallel);
    for (size_t i = 0; i < contest->contender_count; i++) {
        const struct gen_contender *contender = &contest->contenders[i];
        bool out = contender->filter != GEN_FILTER_NONE;

        chosen += contender->chosen;
        cr_assert(out == (contender->rejection != NULL), "one sentence, or none");
        cr_assert(out ? contender->rank == 0 && !contender->chosen : contender->rank >= 1);
        cr_assert(out || isfinite(contender->total));
        cr_assert(
            ne(u64, contender->filter == 0 ? 1 : s->decision->filters_used >> contender->filter & 1,
               0));
    }
    cr_assert(eq(sz, chosen, contest->chosen_count));
    for (size_t i = 0; i < contest->chosen_count; i++) {
        cr_assert(contest->chosen[i]->chosen);
        cr_assert(i == 0 || contest->chosen[i - 1] != contest->chosen[i]);
        *most += contest->chosen[i]->quote.most;
    }
}

Test(invariant, of_many_decisions, .timeout = 120)
{
    static const char *const strategies[] = {NULL,   "best",  "strict", "good",
                                             "sure", "three", "race",   "scenes"};
    char routing[3000], world[4000], brief[1500];
    struct setting first = {.routing = routing};
    size_t answered = 0, refused = 0;

    snprintf(routing, sizeof(routing),
             SETTING_ROUTING "rules:\n  a: {exclude: {where: model.quality < 1.0}}\n"
                             "  b: {when: job.sceneCount > 2, prefer: [mid], weight: 3}\n"
                             "  c: {when: job.tier == 3, require: {where: model.tier > 1}}\n");
    setting_prepare(&first); /* compiled once */
    for (uint32_t seed = 1; seed <= 400; seed++) {
        uint32_t state = seed * 2654435761u;
        struct setting s = {.policy = first.policy};
        gen_micros most = 0;

        invariant_world(&state, world, sizeof(world));
        invariant_brief(&state, brief, sizeof(brief));
        s.arena = gen_arena_create(0);
        cr_assert(
            eq(int, gen_snapshot_read(setting_yaml(&s, world), s.arena, &s.snapshot, &s.err), 0),
            "%s", s.err.message);
        cr_assert(eq(int, gen_brief_read(setting_yaml(&s, brief), s.arena, &s.parsed, &s.err), 0),
                  "%s", s.err.message);
        s.question = first.question;
        s.question.brief = s.parsed;
        s.question.snapshot = s.snapshot;
        s.question.strategy = strategies[draw(&state, GEN_COUNT(strategies))];
        s.question.budget = draw(&state, 2) == 0 ? 0 : 1 + (gen_micros)draw(&state, 3000000);
        cr_assert(eq(int, gen_decision_make(&s.question, s.arena, &s.decision, &s.err), GEN_OK));
        cr_assert(ne(ptr, gen_decision_explain(s.decision, s.arena), NULL), "seed %u", seed);
        if (s.decision->verdict != GEN_OK) {
            refused++;
            cr_assert(s.decision->refusal.message[0] != '\0');
        } else {
            answered++;
            for (size_t i = 0; i < s.decision->contest_count; i++) {
                invariant_contest(&s, &s.decision->contests[i], &most);
            }
            cr_assert(eq(i64, most, s.decision->most), "seed %u", seed);
            cr_assert(most <= s.decision->budget, "seed %u", seed);
        }
        gen_arena_destroy(s.arena);
    }
    cr_expect(answered > 100 && refused > 20, "%zu answered, %zu refused", answered, refused);
    setting_end(&first);
}
