/* sample.c - see sample.h. */
#include "sample.h"

#include "platform/json_reader.h"

#include <stdio.h>
#include <string.h>

enum { SAMPLE_ASSETS = 256 };

struct sample_kind {
    const char *extension, *kind, *media_type;
};

static const struct sample_kind sample_kinds[] = {
    {".png", "picture", "image/png"},   {".jpg", "picture", "image/jpeg"},
    {".jpeg", "picture", "image/jpeg"}, {".webp", "picture", "image/webp"},
    {".mp4", "video", "video/mp4"},     {".mov", "video", "video/quicktime"},
    {".mp3", "audio", "audio/mpeg"},    {".wav", "audio", "audio/wav"},
    {".ttf", "font", "font/ttf"},       {NULL, "picture", "application/octet-stream"},
};

static enum gen_status sample_asset(void *context, const char *path, enum gen_asset_use use,
                                    const char **name, struct gen_error *err)
{
    struct sample *sample = context;
    const struct sample_kind *kind = sample_kinds;
    const char *dot = strrchr(*name, '.');
    struct gen_asset *asset = &sample->assets[sample->asset_count];

    (void)path;
    (void)use;
    for (size_t i = 0; i < sample->asset_count; i++) {
        if (strcmp(sample->assets[i].name, *name) == 0) {
            *name = sample->assets[i].id.text;
            return GEN_OK;
        }
    }
    if (sample->asset_count == SAMPLE_ASSETS) {
        return gen_error_set(err, GEN_ELIMIT, "more than %d assets", SAMPLE_ASSETS);
    }
    while (kind->extension != NULL && (dot == NULL || strcmp(kind->extension, dot) != 0)) {
        kind++;
    }
    snprintf(asset->id.text, sizeof(asset->id.text), "ast_%026zu", sample->asset_count);
    asset->name = *name;
    asset->kind = kind->kind;
    asset->media_type = kind->media_type;
    asset->digest = "";
    asset->organization = "";
    asset->size = 1000;
    asset->width = strcmp(kind->kind, "audio") != 0 ? 1600 : 0;
    asset->height = strcmp(kind->kind, "audio") != 0 ? 900 : 0;
    asset->duration_ms = strcmp(kind->kind, "picture") != 0 ? 12000 : 0;
    sample->asset_count++;
    *name = asset->id.text;
    return GEN_OK;
}

enum gen_status sample_read(const struct gen_node *node, struct gen_arena *arena,
                            struct sample *out, struct gen_error *err)
{
    enum gen_status status;

    memset(out, 0, sizeof(*out));
    out->arena = arena;
    status = gen_brief_read(node, arena, &out->brief, err);
    if (status != GEN_OK) {
        return status;
    }
    out->assets = gen_arena_array(arena, SAMPLE_ASSETS, sizeof(*out->assets));
    if (out->assets == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_brief_each_asset(out->brief, sample_asset, out, err);
    snprintf(out->shot.attempt.id.text, sizeof(out->shot.attempt.id.text), "att_%026d", 1);
    out->shot.attempt.handle = "";
    out->shot.attempt.step_state = "";
    out->shot.attempt.seed = 42;
    out->shot.scene_count = 1;
    return status;
}

void sample_of(const char *text, struct gen_arena *arena, struct sample *out)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};
    enum gen_status status = gen_json_read(text, strlen(text), "sample", arena, &node, &err);

    if (status == GEN_OK) {
        status = sample_read(node, arena, out, &err);
    }
    if (status != GEN_OK) {
        fprintf(stderr, "sample: %s %s\n", err.path, err.message);
    }
    GEN_CHECK(status == GEN_OK);
}

struct gen_task sample_task(const struct sample *sample, size_t variation, const char *model)
{
    return (struct gen_task){
        .brief = sample->brief,
        .variation = gen_brief_variation(sample->brief, variation),
        .shot = &sample->shot,
        .model = model,
        .assets = sample->assets,
        .asset_count = sample->asset_count,
        .now = 1790000000000,
    };
}
