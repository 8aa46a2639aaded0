/* material.c - see material.h. */
#include "engine/material.h"

#include "engine/intake.h"

#include <stdlib.h>
#include <string.h>

enum { MATERIAL_MOST = GEN_BRIEF_MAX_SCENES * (GEN_BRIEF_MAX_ASSETS + 1) + 2 };

struct material {
    struct gen_store *store;
    const char *organization;
    const struct gen_brief *brief;
    bool foreseen; /* names of files will do */
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

static const struct {
    const char *prefix, *kind;
} kinds[] = {{"image/", "picture"}, {"video/", "video"}, {"audio/", "audio"},
             {"font/", "font"},     {"text/", "text"},   {NULL, NULL}};

/* The n-th stand-in is the asset that no clock can have named: of the first millisecond. */
static void material_stand_in_id(size_t n, struct gen_ident *out)
{
    uint8_t random[GEN_IDENT_RANDOM] = {0};

    memcpy(random, &n, sizeof n < sizeof random ? sizeof n : sizeof random);
    gen_ident_make(GEN_IDENT_ASSET, 0, random, out);
}

static enum gen_status material_stand_in(struct material *material, const char *path,
                                         const char **name, struct gen_asset *out,
                                         struct gen_error *err)
{
    const char *type = gen_intake_promise(*name, material->arena);
    size_t scene = strncmp(path, "scenes[", 7) == 0 ? strtoul(path + 7, NULL, 10)
                                                    : material->brief->scenes.count;

    for (size_t i = 0; type != NULL && kinds[i].prefix != NULL; i++) {
        if (strncmp(type, kinds[i].prefix, strlen(kinds[i].prefix)) != 0) {
            continue;
        }
        *out = (struct gen_asset){.organization = material->organization,
                                  .digest = "",
                                  .name = gen_arena_strdup(material->arena, *name),
                                  .kind = kinds[i].kind,
                                  .media_type = type};
        if (strcmp(out->kind, "audio") == 0 && scene < material->brief->scenes.count) {
            out->duration_ms = gen_brief_scene(material->brief, scene)->duration_ms;
        }
        material_stand_in_id(material->count, &out->id);
        return GEN_OK;
    }
    return gen_arena_failed(material->arena)
               ? gen_error_set(err, GEN_ENOMEM, "out of memory")
               : gen_error_set(err, GEN_EINVAL,
                               "is not the id of an asset, nor a name whose ending says what the "
                               "file is");
}

static enum gen_status material_find(struct material *material, const char *path, const char **name,
                                     struct gen_asset *out, struct gen_error *err)
{
    enum gen_status status;

    if (gen_ident_valid(GEN_IDENT_ASSET, *name)) {
        status = gen_read_asset(material->store, material->organization, *name, material->arena,
                                out, err);
    } else if (material->foreseen) {
        status = material_stand_in(material, path, name, out, err);
    } else {
        status = gen_error_set(err, GEN_EINVAL,
                               "is not the id of an asset; upload the file first (POST "
                               "/v1/assets) and put its id here");
    }
    material->count += status == GEN_OK;
    return status;
}

/* Is this the asset, or what stands for the file, of that name? */
static bool material_is(const struct gen_asset *asset, const char *name)
{
    return strcmp(asset->id.text, name) == 0 ||
           (asset->digest[0] == '\0' && strcmp(asset->name, name) == 0);
}

static enum gen_status material_one(void *context, const char *path, enum gen_asset_use use,
                                    const char **name, struct gen_error *err)
{
    struct material *material = context;
    struct gen_asset *asset = &material->assets[material->count];
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < material->count; i++) {
        if (material_is(&material->assets[i], *name)) {
            asset = &material->assets[i];
        }
    }
    if (asset == &material->assets[material->count]) {
        GEN_CHECK(material->count < MATERIAL_MOST);
        status = material_find(material, path, name, asset, err);
    }
    if (status == GEN_OK) {
        status = material_check_use(use, asset, err);
    }
    if (status == GEN_ENOTFOUND) {
        gen_error_set(err, GEN_ENOTFOUND, "there is no asset %s", *name);
    }
    if (status != GEN_OK) {
        gen_error_place(err, NULL, 0, 0, path);
    } else {
        *name = asset->id.text;
    }
    return status;
}

static enum gen_status material_all(struct material *material, struct gen_brief *brief,
                                    struct gen_asset **out, size_t *count, struct gen_error *err)
{
    size_t most = brief->scenes.count * (GEN_BRIEF_MAX_ASSETS + 1) + 2;
    enum gen_status status;

    material->brief = brief;
    material->assets = gen_arena_array(material->arena, most, sizeof(*material->assets));
    if (material->assets == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_brief_each_asset(brief, material_one, material, err);
    if (status == GEN_OK) {
        *out = material->assets;
        *count = material->count;
    }
    return status;
}

enum gen_status gen_material_read(struct gen_store *store, const char *organization,
                                  struct gen_brief *brief, struct gen_arena *arena,
                                  struct gen_asset **out, size_t *count, struct gen_error *err)
{
    struct material material = {.store = store, .organization = organization, .arena = arena};

    return material_all(&material, brief, out, count, err);
}

enum gen_status gen_material_foresee(struct gen_store *store, const char *organization,
                                     struct gen_brief *brief, struct gen_arena *arena,
                                     struct gen_asset **out, size_t *count, struct gen_error *err)
{
    struct material material = {
        .store = store, .organization = organization, .foreseen = true, .arena = arena};

    return material_all(&material, brief, out, count, err);
}
