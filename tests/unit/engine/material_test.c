/* material_test.c - the assets of a brief: each once, fit for its use, of the right organization. */
#include "engine/material.h"

#include "unit/engine/world.h"

static void material_add(struct world *world, const char *id, const char *kind)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_ASSET_ADD);

    change->as.asset = (struct gen_asset){.organization = "org_1", .digest = kind, .name = kind,
                                          .kind = kind, .media_type = "x/y", .size = 1};
    snprintf(change->as.asset.id.text, GEN_IDENT_SIZE, "%s", id);
    WORLD_OK(world, gen_store_apply(world->store, changes, &world->err));
    gen_changes_destroy(changes);
}

#define PICTURE "ast_01m81rcze1hsa2asfnqtzme0wa"
#define SOUND "ast_01m81rcze1hsa2asfnqtzme0wb"
#define FONT "ast_01m81rcze1hsa2asfnqtzme0wc"
#define NOBODY "ast_01m81rcze1hsa2asfnqtzme0wd"
#define SCENE(assets) "{\"scenes\": [{\"prompt\": \"a\", \"duration\": 1, " assets "}]}"

/* Names of files, where nothing will be made of the brief. */
Test(material, foresees)
{
    static const struct {
        const char *brief;
        enum gen_status status;
        size_t count;
        const char *path, *kind, *type;
        int64_t duration_ms; /* of the last */
    } cases[] = {
        {SCENE("\"assets\": [\"a/b c.PNG\"]"), GEN_OK, 1, "", "picture", "image/png", 0},
        {SCENE("\"assets\": [\"a.mov\"]"), GEN_OK, 1, "", "video", "video/quicktime", 0},
        {SCENE("\"voice\": \"a.mp3\""), GEN_OK, 1, "", "audio", "audio/mpeg", 1000},
        /* twice the same file, and one that there is */
        {SCENE("\"assets\": [\"a.png\", \"" PICTURE "\", \"a.png\"]"), GEN_OK, 2, "", "picture",
         "x/y", 0},
        {SCENE("\"assets\": [\"a.png\", \"b.png\"]"), GEN_OK, 2, "", "picture", "image/png", 0},
        /* not what the use takes; an ending that says nothing; no ending; an id of nobody */
        {SCENE("\"assets\": [\"a.mp3\"]"), GEN_EINVAL, 0, "scenes[0].assets[0]", NULL, NULL, 0},
        {SCENE("\"assets\": [\"a.doc\"]"), GEN_EINVAL, 0, "scenes[0].assets[0]", NULL, NULL, 0},
        {SCENE("\"voice\": \"voice\""), GEN_EINVAL, 0, "scenes[0].voice", NULL, NULL, 0},
        {SCENE("\"assets\": [\"" NOBODY "\"]"), GEN_ENOTFOUND, 0, "scenes[0].assets[0]", NULL,
         NULL, 0},
    };
    struct world world = {0};
    struct gen_store_options store = {.path = ":memory:", .volatile_ok = true};

    world.arena = gen_arena_create(0);
    WORLD_OK(&world, gen_store_open(&store, &world.store, &world.err));
    material_add(&world, PICTURE, "picture");
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_brief *brief = NULL;
        struct gen_asset *assets = NULL;
        struct gen_error err = {0};
        size_t count = 0;
        enum gen_status status;

        WORLD_OK(&world, gen_brief_read(world_node(&world, cases[i].brief), world.arena, &brief,
                                        &world.err));
        status = gen_material_foresee(world.store, "org_1", brief, world.arena, &assets, &count,
                                      &err);
        cr_expect(status == cases[i].status, "case %zu: %s", i, err.message);
        cr_expect(strcmp(err.path, cases[i].path) == 0, "case %zu: \"%s\"", i, err.path);
        if (status != GEN_OK) {
            continue;
        }
        cr_assert(count == cases[i].count, "case %zu: %zu", i, count);
        cr_expect_str_eq(assets[count - 1].kind, cases[i].kind);
        cr_expect_str_eq(assets[count - 1].media_type, cases[i].type);
        cr_expect(assets[count - 1].duration_ms == cases[i].duration_ms, "case %zu", i);
        for (size_t k = 0; k < gen_brief_scene(brief, 0)->assets.count; k++) {
            cr_expect(gen_ident_valid(GEN_IDENT_ASSET, gen_brief_scene(brief, 0)->assets.items[k]),
                      "case %zu: %s", i, gen_brief_scene(brief, 0)->assets.items[k]);
        }
    }
    gen_store_close(world.store);
    gen_arena_destroy(world.arena);
}

Test(material, uses)
{
    static const struct {
        const char *brief, *organization;
        enum gen_status status;
        size_t count;
        const char *path;
    } cases[] = {
        {SCENE("\"assets\": []"), "org_1", GEN_OK, 0, ""},
        {SCENE("\"assets\": [\"" PICTURE "\"], \"voice\": \"" SOUND "\""), "org_1", GEN_OK, 2, ""},
        /* named twice, there once */
        {SCENE("\"assets\": [\"" PICTURE "\", \"" PICTURE "\"]"), "org_1", GEN_OK, 1, ""},
        {SCENE("\"assets\": [\"" SOUND "\"]"), "org_1", GEN_EINVAL, 0, "scenes[0].assets[0]"},
        {SCENE("\"assets\": [\"" PICTURE "\", \"" FONT "\"]"), "org_1", GEN_EINVAL, 0,
         "scenes[0].assets[1]"},
        /* once as a picture, once as a voice: the second use is wrong */
        {SCENE("\"assets\": [\"" PICTURE "\"], \"voice\": \"" PICTURE "\""), "org_1", GEN_EINVAL,
         0, "scenes[0].voice"},
        {SCENE("\"voice\": \"" PICTURE "\""), "org_1", GEN_EINVAL, 0, "scenes[0].voice"},
        {SCENE("\"assets\": [\"" NOBODY "\"]"), "org_1", GEN_ENOTFOUND, 0, "scenes[0].assets[0]"},
        /* somebody else's */
        {SCENE("\"assets\": [\"" PICTURE "\"]"), "org_2", GEN_ENOTFOUND, 0, "scenes[0].assets[0]"},
        {SCENE("\"assets\": [\"picture.png\"]"), "org_1", GEN_EINVAL, 0, "scenes[0].assets[0]"},
    };
    struct world world = {0};
    struct gen_store_options store = {.path = ":memory:", .volatile_ok = true};

    world.arena = gen_arena_create(0);
    WORLD_OK(&world, gen_store_open(&store, &world.store, &world.err));
    material_add(&world, PICTURE, "picture");
    material_add(&world, SOUND, "audio");
    material_add(&world, FONT, "font");
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_brief *brief = NULL;
        struct gen_asset *assets = NULL;
        struct gen_error err = {0};
        size_t count = 0;
        enum gen_status status;

        WORLD_OK(&world, gen_brief_read(world_node(&world, cases[i].brief), world.arena, &brief,
                                        &world.err));
        status = gen_material_read(world.store, cases[i].organization, brief, world.arena, &assets,
                                   &count, &err);
        cr_expect(status == cases[i].status, "case %zu: %s", i, err.message);
        cr_expect(strcmp(err.path, cases[i].path) == 0, "case %zu: \"%s\"", i, err.path);
        cr_expect(status != GEN_OK || count == cases[i].count, "case %zu: %zu", i, count);
    }
    gen_store_close(world.store);
    gen_arena_destroy(world.arena);
}
