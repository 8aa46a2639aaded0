/* lineup_test.c - whose shots make which video: of one model, of several, finished or joined. */
#include "engine/lineup.h"

#include "engine/rulebook.h"
#include "unit/engine/film.h"

TestSuite(lineup, .timeout = 60);

/* What clips of scenes do not have. */
Test(lineup, unfinished)
{
    static const struct {
        const char *brief;
        bool spoken, unfinished;
    } cases[] = {
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2}]}", false, false},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2, \"overlay\": \"o\"}]}", false, true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2, \"dialogue\": \"d\"}]}", false, true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2, \"dialogue\": \"d\"}]}", true, false},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2, \"voice\": \"v.mp3\"}]}", false, true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2, \"transition\": \"fade\"}]}", false,
         false},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2}, {\"prompt\": \"p\", \"duration\": 2, "
         "\"transition\": \"fade\"}]}", false, true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2}], \"brand\": {\"logo\": \"l.png\"}}",
         true, true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2}], \"brand\": {\"name\": \"n\"}}", true,
         true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2}], \"sound\": {\"music\": \"m.mp3\"}}",
         true, true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2}], \"sound\": {\"mood\": \"calm\"}}",
         true, true},
        {"{\"scenes\": [{\"prompt\": \"p\", \"duration\": 2}], \"endCard\": {\"headline\": \"h\", "
         "\"duration\": 1}}", true, true},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node;
        struct gen_brief *brief;
        struct gen_error err = {0};

        cr_assert(gen_json_read(cases[i].brief, strlen(cases[i].brief), NULL, arena, &node, &err) ==
                  GEN_OK);
        cr_assert(gen_brief_read(node, arena, &brief, &err) == GEN_OK, "case %zu: %s", i,
                  err.message);
        cr_assert(gen_lineup_unfinished(brief, cases[i].spoken) == cases[i].unfinished, "case %zu",
                  i);
        gen_arena_destroy(arena);
    }
}

/* By what it can do, never by its name. */
Test(lineup, composer)
{
    for (int composes = 0; composes < 2; composes++) {
        struct film film;
        const struct gen_model *composer;

        film_open(&film, composes);
        composer = gen_lineup_composer(film.world.loader, gen_rulebook_set(film.world.rules));
        cr_assert(composes == (composer != NULL));
        cr_assert(composer == NULL || (composer->traits & GEN_TRAIT_COMPOSES) != 0);
        world_close(&film.world);
    }
}

#define SCENE_A "{\"id\": \"a\", \"prompt\": \"p\", \"duration\": 4, \"overlay\": \"Hello\"}"
#define SCENE_B "{\"id\": \"b\", \"prompt\": \"q\", \"duration\": 9}"
#define PRESENTER \
    "{\"id\": \"b\", \"prompt\": \"q\", \"duration\": 3, \"presenter\": true, \"dialogue\": \"Hi.\"}"

/* Shots as "role provider/model scene+scenes(supplies)", '!' where its clip speaks. */
static void describe(const struct gen_pipeline *pipeline, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < pipeline->shot_count; i++) {
        const struct gen_shot *shot = &pipeline->shots[i];

        used += (size_t)snprintf(out + used, size - used, "%s%s %s/%s %zu+%zu(%zu)%s",
                                 i == 0 ? "" : ", ", gen_shot_role_word(shot->role), shot->provider,
                                 shot->model, shot->first_scene, shot->scene_count,
                                 shot->supply_count, shot->speaks ? "!" : "");
    }
}

Test(lineup, shots)
{
    static const struct {
        const char *what, *brief;
        bool composes;
        const char *provider, *model, *shots;
    } cases[] = {
        {"a model of whole storyboards", "{\"models\": [\"local/studio\"], \"scenes\": [" SCENE_A
         ", " SCENE_B "]}", true, "local", "studio", "whole local/studio 0+2(0)"},
        {"the same for each scene: it is asked once", "{\"models\": [\"local/studio\"], "
         "\"strategy\": \"per_scene\", \"scenes\": [" SCENE_A ", " SCENE_B "]}", true, "local",
         "studio", "whole local/studio 0+2(0)"},
        {"a scene each, one in two parts", "{\"models\": [\"filmer/apart\"], \"scenes\": [" SCENE_A
         ", " SCENE_B "], \"budget\": 5}", true, "filmer", "apart",
         "scene filmer/apart 0+1(0), scene filmer/apart 1+1(0), scene filmer/apart 1+1(0), "
         "finish local/studio 0+2(2)"},
        {"parts in a chain", "{\"models\": [\"filmer/slices\"], \"scenes\": [" SCENE_A ", " SCENE_B
         "], \"budget\": 5}", true, "filmer", "slices",
         "scene filmer/slices 0+1(0), scene filmer/slices 1+1(0), scene filmer/slices 1+1(1), "
         "finish local/studio 0+2(2)"},
        {"nothing to add", "{\"models\": [\"filmer/slices\"], \"scenes\": [" SCENE_B
         "], \"budget\": 5}", true, "filmer", "slices",
         "scene filmer/slices 0+1(0), scene filmer/slices 0+1(1)"},
        {"nobody to add it", "{\"models\": [\"filmer/slices\"], \"scenes\": [" SCENE_A
         "], \"budget\": 5}", false, "filmer", "slices", "scene filmer/slices 0+1(0)"},
        {"who composes draws its scenes while it finishes", "{\"strategy\": "
         "\"per_scene\", \"scenes\": [" SCENE_A ", " PRESENTER
         "], \"budget\": 5}", true, "filmer", "speaker",
         "scene filmer/speaker 1+1(0)!, finish local/studio 0+2(1)"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct film film;
        struct film_admitted admitted;
        const struct gen_pipeline *pipeline;
        char text[1000] = "";

        film_open(&film, cases[i].composes);
        film_begin(&film);
        admitted = film_admit(&film, cases[i].brief);
        pipeline = gen_engine_job(film.world.engine, admitted.job)->pipelines;
        describe(pipeline, text, sizeof(text));
        cr_expect(eq(str, text, (char *)cases[i].shots), "%s", cases[i].what);
        cr_expect(eq(str, (char *)pipeline->provider, (char *)cases[i].provider), "%s",
                  cases[i].what);
        cr_expect(eq(str, (char *)pipeline->model, (char *)cases[i].model), "%s", cases[i].what);
        cr_expect(cases[i].composes == (pipeline->warning[0] == '\0'), "%s: %s", cases[i].what,
                  pipeline->warning);
        film_end(&film);
        world_close(&film.world);
    }
}
