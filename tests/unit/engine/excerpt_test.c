/* excerpt_test.c - what one shot is asked about, of a brief that it shares with others. */
#include "engine/excerpt.h"

#include "base/alloc.h"
#include "model/registry.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const char text[] =
    "{\"scenes\": ["
    "{\"id\": \"a\", \"prompt\": \"p\", \"duration\": 12, \"overlay\": \"Hello\", \"assets\": "
    "[\"ast_1\"], \"dialogue\": \"One is here. Two is there! And three?\", \"transition\": "
    "\"fade\"},"
    "{\"id\": \"b\", \"prompt\": \"q\", \"duration\": 3, \"dialogue\": \"Four.\", \"presenter\": "
    "true, \"voice\": \"ast_2\"}],"
    "\"sound\": {\"music\": \"ast_3\"}, \"endCard\": {\"headline\": \"Now\", \"duration\": 2}}";

static struct gen_asset uploads[] = {{.kind = "picture", .digest = "1"},
                                     {.kind = "audio", .digest = "2"},
                                     {.kind = "audio", .digest = "3"}};

struct desk {
    struct gen_arena *arena;
    struct gen_brief *brief;
    struct gen_excerpt_source source;
    struct gen_error err;
};

static void desk_open(struct desk *desk, bool finished)
{
    const struct gen_node *node;

    memset(desk, 0, sizeof(*desk));
    desk->arena = gen_arena_create(0);
    cr_assert(gen_json_read(text, strlen(text), NULL, desk->arena, &node, &desk->err) == GEN_OK);
    cr_assert(gen_brief_read(node, desk->arena, &desk->brief, &desk->err) == GEN_OK, "%s",
              desk->err.message);
    desk->source = (struct gen_excerpt_source){.brief = desk->brief, .finished = finished,
                                               .assets = uploads, .asset_count = 3};
}

static const struct gen_scene *desk_scene(struct desk *desk, const struct gen_shot *shot,
                                          size_t scene, struct gen_excerpt *out)
{
    cr_assert(gen_excerpt_of(&desk->source, shot, desk->arena, out, &desk->err) == GEN_OK, "%s",
              desk->err.message);
    return gen_brief_scene(out->brief, scene);
}

static void same(const char *a, const char *b)
{
    const char *one = a == NULL ? "(none)" : a, *two = b == NULL ? "(none)" : b;

    cr_assert(strcmp(one, two) == 0, "\"%s\", not \"%s\"", one, two);
}

/* Who takes the whole storyboard is asked about the brief itself. */
Test(excerpt, the_whole)
{
    struct desk desk;
    struct gen_shot shot = {.role = GEN_SHOT_WHOLE, .scene_count = 2};
    struct gen_excerpt it;

    desk_open(&desk, true);
    (void)desk_scene(&desk, &shot, 0, &it);
    cr_assert(it.brief == desk.brief && it.assets == uploads && it.asset_count == 3);
    gen_arena_destroy(desk.arena);
}

/* Sentences go to the slice in which they begin; none is said twice or left out. */
Test(excerpt, dialogue_of_slices)
{
    static const struct {
        int64_t from, shown;
        const char *says;
    } cases[] = {
        {0, 4000, "One is here."},
        {4000, 4000, "Two is there!"},
        {8000, 4000, "And three?"},
        {0, 6000, "One is here. Two is there!"},
        {6000, 6000, "And three?"},
        {1000, 1000, NULL},
        {0, 12000, "One is here. Two is there! And three?"},
    };
    struct desk desk;

    desk_open(&desk, false);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_shot shot = {.role = GEN_SHOT_SCENE, .scene_count = 1, .from_ms = cases[i].from,
                                .shown_ms = cases[i].shown, .ordered_ms = cases[i].shown + 100};
        struct gen_excerpt it;
        const struct gen_scene *scene = desk_scene(&desk, &shot, 0, &it);

        same(scene->dialogue, cases[i].says);
        cr_assert(eq(i64, scene->duration_ms, cases[i].shown + 100), "case %zu", i);
    }
    same(gen_brief_scene(desk.brief, 0)->dialogue, "One is here. Two is there! And three?");
    gen_arena_destroy(desk.arena);
}

/* Full stops without a space behind them are no ends, but for scripts that write none. */
Test(excerpt, what_ends_a_sentence)
{
    static const struct {
        const char *text, *first; /* of a slice of the first half */
    } cases[] = {
        {"Only $3.50 for all of it today", "Only $3.50 for all of it today"},
        {"\u4e00\u4e8c\u3002\u4e09\u56db", "\u4e00\u4e8c\u3002"},
        {"Short. And a much longer one follows it here.",
         "Short. And a much longer one follows it here."},
        {"And a much longer one comes first, here. Short.",
         "And a much longer one comes first, here."},
        {"", NULL},
    };
    struct gen_shot shot = {.role = GEN_SHOT_SCENE, .scene_count = 1, .shown_ms = 6000,
                            .ordered_ms = 6000};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct desk desk;
        struct gen_excerpt it;

        desk_open(&desk, false);
        ((struct gen_scene *)desk.brief->scenes.items)->dialogue = cases[i].text;
        same(desk_scene(&desk, &shot, 0, &it)->dialogue, cases[i].first);
        gen_arena_destroy(desk.arena);
    }
}

/* A scene by itself: no end card, no music, and words only when nobody adds them later. */
Test(excerpt, a_scene)
{
    for (int finished = 0; finished < 2; finished++) {
        struct desk desk;
        struct gen_shot shot = {.role = GEN_SHOT_SCENE, .scene_count = 1,
                                .model_flags = GEN_TRAIT_WHOLE_STORYBOARD};
        struct gen_excerpt it;
        const struct gen_scene *scene;

        desk_open(&desk, finished);
        scene = desk_scene(&desk, &shot, 0, &it);
        cr_assert(eq(i64, it.brief->end_card.duration_ms, 0));
        cr_assert(it.brief->sound.music == NULL);
        cr_assert(eq(sz, scene->overlays.count, finished ? 0 : 1));
        cr_assert(eq(int, scene->transition, GEN_TRANSITION_IS_CUT));
        cr_assert(eq(i64, scene->duration_ms, 12000));
        same(scene->assets.items[0], "ast_1");
        cr_assert(eq(sz, gen_brief_scene(desk.brief, 0)->overlays.count, 1), "the brief is as it was");
        gen_arena_destroy(desk.arena);
    }
}

/* A slice that goes on from another shows the last frame of that one, and is handed it. */
Test(excerpt, a_chained_slice)
{
    struct desk desk;
    struct gen_supply supply = {.asset = {.id = {"ast_9"}, .kind = GEN_SUPPLY_FRAME,
                                          .digest = "9"}};
    struct gen_shot shot = {.role = GEN_SHOT_SCENE, .scene_count = 1, .from_ms = 6000,
                            .shown_ms = 6000, .ordered_ms = 8000, .supplies = &supply,
                            .supply_count = 1};
    struct gen_excerpt it;
    const struct gen_scene *scene;

    desk_open(&desk, true);
    scene = desk_scene(&desk, &shot, 0, &it);
    cr_assert(eq(sz, scene->assets.count, 1));
    same(scene->assets.items[0], "ast_9");
    cr_assert(eq(sz, it.asset_count, 4), "those of the brief keep their places");
    same(it.assets[0].digest, "1");
    same(it.assets[3].digest, "9");
    same(scene->prompt, "p");
    gen_arena_destroy(desk.arena);
}

/* Who finishes shows what was rendered; what that says is not said again. */
Test(excerpt, a_finishing_shot)
{
    struct desk desk;
    struct gen_supply supplies[] = {
        {.asset = {.id = {"ast_8"}, .kind = GEN_SUPPLY_FOOTAGE, .digest = "8"}, .scene = 0},
        {.asset = {.id = {"ast_9"}, .kind = GEN_SUPPLY_FOOTAGE, .digest = "9"}, .scene = 1}};
    struct gen_shot shots[] = {{.role = GEN_SHOT_SCENE, .scene_count = 1},
                               {.role = GEN_SHOT_SCENE, .first_scene = 1, .scene_count = 1,
                                .speaks = true},
                               {.role = GEN_SHOT_FINISH, .scene_count = 2, .supplies = supplies,
                                .supply_count = 2}};
    struct gen_excerpt it;
    const struct gen_scene *scene;

    desk_open(&desk, true);
    desk.source.shots = shots;
    desk.source.shot_count = 3;
    scene = desk_scene(&desk, &shots[2], 0, &it);
    cr_assert(eq(sz, it.asset_count, 5));
    same(scene->assets.items[0], "ast_8");
    same(scene->dialogue, "One is here. Two is there! And three?");
    cr_assert(eq(sz, scene->overlays.count, 1));
    cr_assert(eq(int, scene->transition, GEN_TRANSITION_IS_FADE));
    cr_assert(eq(i64, it.brief->end_card.duration_ms, 2000));
    same(it.brief->sound.music, "ast_3");
    scene = gen_brief_scene(it.brief, 1);
    same(scene->assets.items[0], "ast_9");
    cr_assert(scene->dialogue == NULL && scene->voice == NULL, "the presenter said it");
    cr_assert(not(scene->presenter));
    gen_arena_destroy(desk.arena);
}

Test(excerpt, every_allocation_fails)
{
    struct desk desk;
    struct gen_supply supply = {.asset = {.id = {"ast_9"}, .kind = GEN_SUPPLY_FRAME,
                                          .digest = "9"}};
    struct gen_shot shot = {.role = GEN_SHOT_SCENE, .scene_count = 1, .from_ms = 6000,
                            .shown_ms = 6000, .ordered_ms = 8000, .supplies = &supply,
                            .supply_count = 1};
    enum gen_status status = GEN_ENOMEM;

    desk_open(&desk, true);
    for (long nth = 1; status != GEN_OK; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_excerpt it;

        gen_alloc_fail_at(nth);
        status = gen_excerpt_of(&desk.source, &shot, arena, &it, &desk.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM);
        gen_arena_destroy(arena);
        cr_assert(nth < 100);
    }
    gen_arena_destroy(desk.arena);
}
