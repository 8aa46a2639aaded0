/* snapshot_test.c - the world from a document and back. */
#include "model/snapshot.h"

#include "unit/decide/setting.h"

#include <math.h>

static enum gen_status snapshot_read(const char *text, struct gen_arena *arena,
                                     struct gen_snapshot **out, struct gen_error *err)
{
    struct setting s = {.arena = arena};

    return gen_snapshot_read(setting_yaml(&s, text), arena, out, err);
}

Test(snapshot, what_is_left_out_is_unknown)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_snapshot *snapshot = NULL;
    struct gen_error err = {0};
    const struct gen_model_state *state;

    cr_assert(eq(int,
                 snapshot_read("now: 2026-11-22T12:00:00Z\n"
                               "models: {a/b: {}, a/c: {history: {attempts: 4, speed: 0}}}\n"
                               "providers: {a: {}, b: {successRate: 0.5}}\n",
                               arena, &snapshot, &err),
                 GEN_OK),
              "%s", err.message);
    state = &snapshot->models[0];
    cr_expect(eq(str, (char *)state->model->provider, "a"));
    cr_expect(eq(str, (char *)state->model->id, "b"));
    cr_expect(isnan(state->success_rate) && isnan(state->quality) && isnan(state->speed));
    state = &snapshot->models[1];
    cr_expect(isnan(state->success_rate) && state->speed == 0 && state->attempts == 4);
    cr_expect(isnan(snapshot->providers[0].success_rate));
    cr_expect(eq(dbl, snapshot->providers[1].success_rate, 0.5));
    cr_expect(eq(i64, snapshot->team.budget, GEN_SNAPSHOT_NO_LIMIT));
    cr_expect(eq(i64, snapshot->team.remaining, GEN_SNAPSHOT_NO_LIMIT));
    cr_expect(eq(ptr, (void *)gen_snapshot_provider(snapshot, "c"), NULL));
    gen_arena_destroy(arena);
}

/* Written and read again it is the same. */
Test(snapshot, there_and_back)
{
    static const char text[] =
        "now: 2026-11-22T12:00:00Z\nseed: -3\n"
        "team: {id: org, plan: all, budget: 10, spent: 4, remaining: 1.5, jobsToday: 3}\n"
        "providers: {a: {unready: no key, health: 0.5, breaker: open, queue: 3, share: 0.1}}\n"
        "models: {a/b: {tier: 3, needs: [avatar, music], durations: [4, 8.5], sizes: [1280x720], "
        "anyRatio: false, wholeStoryboard: true}}\n";
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_snapshot *one = NULL, *other = NULL;
    struct gen_error err = {0};
    const char *first, *second;

    cr_assert(eq(int, snapshot_read(text, arena, &one, &err), GEN_OK), "%s", err.message);
    first = gen_json_text(arena, gen_snapshot_write(one, arena), NULL);
    cr_assert(
        eq(int, gen_snapshot_read(gen_snapshot_write(one, arena), arena, &other, &err), GEN_OK),
        "%s: %s", err.path, err.message);
    second = gen_json_text(arena, gen_snapshot_write(other, arena), NULL);
    cr_expect(eq(str, (char *)first, (char *)second));
    cr_expect(eq(i64, one->team.remaining, 1500000));
    cr_expect(eq(i64, one->models[0].model->durations_ms[1], 8500));
    cr_expect(eq(int, one->models[0].model->sizes[0][1], 720));
    cr_expect(eq(u32, one->models[0].model->needs, GEN_NEEDS_AVATAR | GEN_NEEDS_MUSIC));
    gen_arena_destroy(arena);
}

Test(snapshot, mistakes)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"models: {}\n", "now"},
        {"now: 2026-11-22T12:00:00Z\nmodels: {runway: {}}\n", "write provider/model"},
        {"now: 2026-11-22T12:00:00Z\nmodels: {/x: {}}\n", "write provider/model"},
        {"now: 2026-11-22T12:00:00Z\nmodels: {a/b: {needs: [flying]}}\n",
         "\"flying\" is not a need"},
        {"now: 2026-11-22T12:00:00Z\nmodels: {a/b: {sizes: [big]}}\n", "\"big\" is not a size"},
        {"now: 2026-11-22T12:00:00Z\nmodels: {a/b: {sizes: [1x1x]}}\n", "is not a size"},
        {"now: 2026-11-22T12:00:00Z\nmodels: {a/b: {teir: 1}}\n", "did you mean \"tier\""},
        {"now: 2026-11-22T12:00:00Z\nproviders: {a: {breaker: ajar}}\n", "half_open"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_snapshot *snapshot = NULL;
        struct gen_error err = {0};
        char text[1200];

        cr_expect(eq(int, snapshot_read(cases[i].text, arena, &snapshot, &err), GEN_EINVAL),
                  "case %zu", i);
        cr_expect(strstr(gen_error_text(&err, text, sizeof(text)), cases[i].words) != NULL,
                  "case %zu: %s", i, text);
        cr_expect(eq(ptr, snapshot, NULL));
        gen_arena_destroy(arena);
    }
}

/* Every allocation fails in turn: no memory, or the snapshot. */
Test(snapshot, out_of_memory)
{
    struct gen_arena *texts = gen_arena_create(0);
    struct setting s = {.arena = texts};
    const struct gen_node *node = setting_yaml(
        &s,
        "now: 2026-11-22T12:00:00Z\nteam: {budget: 5}\nproviders: {a: {queue: 1}}\n"
        "models: {a/b: {needs: [avatar], sizes: [1280x720], durations: [4], history: {attempts: "
        "3}}}\n");
    bool done = false;

    for (long n = 1; !done; n++) {
        struct gen_arena *arena;
        struct gen_snapshot *snapshot = NULL;
        struct gen_error err = {0};
        enum gen_status status = GEN_ENOMEM;

        gen_alloc_fail_at(n);
        arena = gen_arena_create(0);
        if (arena != NULL) {
            status = gen_snapshot_read(node, arena, &snapshot, &err);
        }
        done = gen_alloc_count() < n;
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", n, err.message);
        cr_assert(status == GEN_OK ? snapshot != NULL : snapshot == NULL);
        cr_assert(status == GEN_OK || !done);
        gen_arena_destroy(arena);
    }
    gen_arena_destroy(texts);
}
