/* task_test.c - a brief as a plugin sees it: texts, roles, indexes, and what is kept from it. */
#include "host/task.h"

#include "base/alloc.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gen/provider.h>
#include <string.h>

static const char brief[] =
    "{\"title\": \"Sale\", \"language\": \"de\","
    " \"brand\": {\"name\": \"Acme\", \"logo\": \"logo.png\", \"primary\": \"#112233\"},"
    " \"sound\": {\"music\": \"bed.mp3\", \"mood\": \"calm\", \"voice\": \"anna\"},"
    " \"endCard\": {\"headline\": \"Bye\"},"
    " \"variations\": [{\"aspectRatio\": \"9:16\", \"resolution\": \"720x1280\"}],"
    " \"scenes\": ["
    "  {\"prompt\": \"one\", \"duration\": 2, \"overlay\": \"Hello\", \"assets\": [\"a.png\","
    "   \"clip.mp4\"], \"voice\": \"say.wav\"},"
    "  {\"prompt\": \"two\", \"duration\": 3, \"language\": \"fr\", \"assets\": [\"logo.png\"],"
    "   \"transition\": \"wipe\", \"motion\": \"still\", \"presenter\": true}]}";

static const struct gen_model whole = {.id = "whole", .traits = GEN_TRAIT_WHOLE_STORYBOARD};
static const struct gen_model single = {.id = "single"};

static const struct gen_provider_task *build(struct sample *sample, const struct gen_model *model)
{
    struct gen_task task = sample_task(sample, 0, model->id);
    const struct gen_provider_task *out = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_task_build(&task, model, sample->arena, &out, &err), GEN_OK), "%s",
              err.message);
    return out;
}

Test(task, whole_storyboard)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;
    const struct gen_provider_task *task;

    sample_of(brief, arena, &sample);
    sample.shot.scene_count = 2;
    sample.shot.attempt.handle = NULL; /* NULL never crosses */
    task = build(&sample, &whole);
    cr_expect(eq(sz, task->size, sizeof(*task)));
    cr_expect(eq(int, task->width, 720));
    cr_expect(eq(int, task->height, 1280));
    cr_expect(eq(str, (char *)task->reference, "att_00000000000000000000000001"));
    cr_expect(eq(str, (char *)task->model, "whole"));
    cr_expect(eq(str, (char *)task->title, "Sale"));
    cr_expect(eq(str, (char *)task->handle, ""));
    cr_expect(eq(i64, task->seed, 42));
    cr_expect(eq(i64, task->now_ms, 1790000000000));
    cr_expect(eq(ptr, (void *)task->parameters, NULL));
    cr_expect(eq(sz, task->scene_count, 2));
    cr_expect(eq(int, task->end_card->present, 1));
    cr_expect(eq(str, (char *)task->end_card->headline, "Bye"));
    cr_expect(eq(str, (char *)task->end_card->legal, ""));
    cr_expect(eq(i64, task->end_card->duration_ms, 3000));
    cr_expect(eq(str, (char *)task->sound->voice, "anna"));
    cr_expect(eq(str, (char *)task->brand->primary, "#112233"));
    cr_expect(eq(str, (char *)task->brand->accent, ""));
    gen_arena_destroy(arena);
}

Test(task, scenes)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;
    const struct gen_provider_task *task;
    const struct gen_provider_scene *scene;

    sample_of(brief, arena, &sample);
    sample.shot.scene_count = 2;
    task = build(&sample, &whole);
    scene = &task->scenes[0];
    cr_expect(eq(str, (char *)scene->prompt, "one"));
    cr_expect(eq(str, (char *)scene->dialogue, ""));
    cr_expect(eq(str, (char *)scene->language, "de")); /* the brief's */
    cr_expect(eq(sz, scene->overlay_count, 1));
    cr_expect(eq(str, (char *)scene->overlays[0].text, "Hello"));
    cr_expect(eq(int, scene->overlays[0].role, GEN_OVERLAY_HEADLINE));
    cr_expect(eq(sz, scene->asset_count, 3)); /* two shown, one spoken */
    scene = &task->scenes[1];
    cr_expect(eq(str, (char *)scene->language, "fr"));
    cr_expect(eq(int, scene->transition, GEN_TRANSITION_WIPE));
    cr_expect(eq(int, scene->motion, GEN_MOTION_STILL));
    cr_expect(eq(int, scene->presenter, 1));
    gen_arena_destroy(arena);
}

struct role_case {
    const char *name; /* of the file */
    int32_t role;
    const char *ending;
};

/* Roles by use and content; an asset in two uses has the role of the scene. */
static const struct role_case roles[] = {
    {"a.png", GEN_ROLE_PICTURE, ".png"},    {"clip.mp4", GEN_ROLE_VIDEO, ".mp4"},
    {"say.wav", GEN_ROLE_VOICE, ".wav"},    {"bed.mp3", GEN_ROLE_MUSIC, ".mp3"},
    {"logo.png", GEN_ROLE_PICTURE, ".png"}, /* shown in scene 2 too */
};

Test(task, assets)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;
    const struct gen_provider_task *task;
    struct gen_task ours;

    sample_of(brief, arena, &sample);
    sample.shot.scene_count = 2;
    ours = sample_task(&sample, 0, "whole");
    task = build(&sample, &whole);
    cr_assert(eq(sz, task->asset_count, GEN_COUNT(roles)));
    for (size_t i = 0; i < task->asset_count; i++) {
        const struct gen_provider_asset *asset = &task->assets[i];
        const struct role_case *row = roles;

        while (strcmp(row->name, sample.assets[i].name) != 0) { /* same index on both sides */
            row++;
        }
        cr_expect(eq(int, asset->role, row->role), "%s", row->name);
        cr_expect(eq(str, (char *)strrchr(asset->file, '.'), (char *)row->ending));
        cr_expect(eq(str, (char *)asset->file, (char *)gen_task_asset_file(&ours, i, arena)));
        cr_expect(eq(str, (char *)asset->id, sample.assets[i].id.text));
    }
    cr_expect(eq(str, (char *)sample.assets[task->sound->music].name, "bed.mp3"));
    cr_expect(eq(str, (char *)sample.assets[task->brand->logo].name, "logo.png"));
    cr_expect(eq(int, task->scenes[1].assets[0], task->brand->logo));
    gen_arena_destroy(arena);
}

/* A model that renders one scene is not asked for what the engine adds when it joins the clips. */
Test(task, one_scene)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;
    const struct gen_provider_task *task;

    sample_of(brief, arena, &sample);
    sample.shot.first_scene = 1;
    sample.shot.parameters = "{\"a\": 1}";
    task = build(&sample, &single);
    cr_expect(eq(sz, task->scene_count, 1));
    cr_expect(eq(str, (char *)task->scenes[0].prompt, "two"));
    cr_expect(eq(int, task->end_card->present, 0));
    cr_expect(eq(int, task->sound->music, -1));
    cr_expect(eq(str, (char *)task->sound->mood, ""));
    cr_expect(eq(sz, gen_node_count(task->parameters), 1));
    gen_arena_destroy(arena);
}

Test(task, what_does_not_fit)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;
    struct gen_task task;
    const struct gen_provider_task *out = NULL;
    struct gen_error err = {0};

    sample_of(brief, arena, &sample);
    sample.shot.first_scene = 1;
    sample.shot.scene_count = 2;
    task = sample_task(&sample, 0, "whole");
    cr_expect(eq(int, gen_task_build(&task, &whole, arena, &out, &err), GEN_EINVAL));
    sample.shot.first_scene = SIZE_MAX;
    cr_expect(eq(int, gen_task_build(&task, &whole, arena, &out, &err), GEN_EINVAL));
    sample.shot.first_scene = 0;
    sample.shot.scene_count = 0;
    cr_expect(eq(int, gen_task_build(&task, &whole, arena, &out, &err), GEN_EINVAL));
    sample.shot.scene_count = 1;
    task.asset_count = 0; /* the brief names assets that nobody uploaded */
    cr_expect(eq(int, gen_task_build(&task, &whole, arena, &out, &err), GEN_EINVAL));
    cr_expect(eq(str, err.path, "scenes[0].assets"));
    gen_arena_destroy(arena);
}

Test(task, file_names)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_asset assets[] = {{.media_type = "image/jpeg"}, {.media_type = "x/y"},
                                 {.media_type = NULL}};
    struct gen_task task = {.assets = assets, .asset_count = 3};

    cr_expect(eq(str, (char *)gen_task_asset_file(&task, 0, arena), "asset-0.jpg"));
    cr_expect(eq(str, (char *)gen_task_asset_file(&task, 1, arena), "asset-1.bin"));
    cr_expect(eq(str, (char *)gen_task_asset_file(&task, 2, arena), "asset-2.bin"));
    gen_arena_destroy(arena);
}

Test(task, every_allocation_fails)
{
    struct gen_arena *keep = gen_arena_create(0);
    struct sample sample;
    struct gen_task task;
    bool finished = false;

    sample_of(brief, keep, &sample);
    sample.shot.scene_count = 2;
    sample.shot.parameters = "{\"a\": 1}";
    task = sample_task(&sample, 0, "whole");
    for (long nth = 1; !finished && nth < 5000; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_provider_task *out = NULL;
        struct gen_error err = {0};
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_task_build(&task, &whole, arena, &out, &err);
        finished = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_expect(eq(int, status, finished ? GEN_OK : GEN_ENOMEM), "%ld: %s", nth, err.message);
        gen_arena_destroy(arena);
    }
    cr_expect(finished);
    gen_arena_destroy(keep);
}
