/* material.c - see material.h. */
#include "engine/material.h"

#include <string.h>

enum { MATERIAL_MOST = GEN_BRIEF_MAX_SCENES * (GEN_BRIEF_MAX_ASSETS + 1) + 2 };

struct material {
    struct gen_store *store;
    const char *organization;
    struct gen_arena *arena;
    struct gen_asset *assets;
    size_t count;
};

/* What each use takes, and how to say it. */
static const struct {
    enum gen_asset_use use;
    const char *kinds[3];
    const char *words;
} uses[] = {
    {GEN_USE_PICTURE, {"picture", "video", NULL}, "a picture or a video"},
    {GEN_USE_LOGO, {"picture", NULL}, "a picture"},
    {GEN_USE_MUSIC, {"audio", NULL}, "a sound file"},
    {GEN_USE_VOICE, {"audio", NULL}, "a sound file"},
};

static enum gen_status material_check_use(enum gen_asset_use use, const struct gen_asset *asset,
                                          struct gen_error *err)
{
    for (size_t i = 0; i < GEN_COUNT(uses); i++) {
        if (uses[i].use != use) {
            continue;
        }
        for (size_t k = 0; uses[i].kinds[k] != NULL; k++) {
            if (strcmp(uses[i].kinds[k], asset->kind) == 0) {
                return GEN_OK;
            }
        }
        return gen_error_set(err, GEN_EINVAL, "must be %s; \"%s\" is %s (%s)", uses[i].words,
                             asset->name, asset->kind, asset->media_type);
    }
    return gen_error_set(err, GEN_EINVAL, "this use of an asset is not known");
}

static enum gen_status material_one(void *context, const char *path, enum gen_asset_use use,
                                    const char **name, struct gen_error *err)
{
    struct material *material = context;
    struct gen_asset *asset = &material->assets[material->count];
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < material->count; i++) {
        if (strcmp(material->assets[i].id.text, *name) == 0) {
            asset = &material->assets[i];
        }
    }
    if (asset == &material->assets[material->count]) {
        GEN_CHECK(material->count < MATERIAL_MOST);
        if (!gen_ident_valid(GEN_IDENT_ASSET, *name)) {
            status = gen_error_set(err, GEN_EINVAL,
                                   "is not the id of an asset; upload the file first (POST "
                                   "/v1/assets) and put its id here");
        } else {
            status = gen_read_asset(material->store, material->organization, *name, material->arena,
                                    asset, err);
            material->count += status == GEN_OK;
        }
    }
    if (status == GEN_OK) {
        status = material_check_use(use, asset, err);
    }
    if (status == GEN_ENOTFOUND) {
        gen_error_set(err, GEN_ENOTFOUND, "there is no asset %s", *name);
    }
    if (status != GEN_OK) {
        gen_error_place(err, NULL, 0, 0, path);
    }
    return status;
}

enum gen_status gen_material_read(struct gen_store *store, const char *organization,
                                  struct gen_brief *brief, struct gen_arena *arena,
                                  struct gen_asset **out, size_t *count, struct gen_error *err)
{
    struct material material = {.store = store, .organization = organization, .arena = arena};
    size_t most = brief->scenes.count * (GEN_BRIEF_MAX_ASSETS + 1) + 2;
    enum gen_status status;

    material.assets = gen_arena_array(arena, most, sizeof(*material.assets));
    if (material.assets == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_brief_each_asset(brief, material_one, &material, err);
    if (status == GEN_OK) {
        *out = material.assets;
        *count = material.count;
    }
    return status;
}
