/* intake.c - see intake.h. */
#include "engine/intake.h"

#include "base/alloc.h"
#include "base/json.h"
#include "store/blob.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

struct intake { /* one upload on its way */
    const struct gen_engine_options *options;
    struct gen_arena *arena; /* of everything here */
    const char *path, *blobs;
    struct gen_run *probe;
    gen_engine_stored *done;
    void *context;
    struct gen_actor actor;
    struct gen_asset asset;
    bool existing; /* the same content is an asset already */
    char digest[GEN_DIGEST_TEXT_SIZE];
    enum gen_status status;
    struct gen_error err;
};

static void intake_add(struct intake *intake);

/* Endings that promise something, and what keeps the promise: media types, the usual one first. */
static const struct {
    const char *ending, *types;
} promises[] = {{"png", "image/png"},
                {"jpg", "image/jpeg"},
                {"jpeg", "image/jpeg"},
                {"webp", "image/webp"},
                {"gif", "image/gif"},
                {"mp4", "video/mp4 audio/mp4"},
                {"m4v", "video/mp4"},
                {"mov", "video/quicktime video/mp4"},
                {"webm", "video/webm audio/webm"},
                {"mkv", "video/x-matroska video/webm"},
                {"avi", "video/x-msvideo video/avi"},
                {"mp3", "audio/mpeg"},
                {"wav", "audio/wav audio/x-wav audio/vnd.wave"},
                {"ogg", "audio/ogg video/ogg"},
                {"oga", "audio/ogg"},
                {"opus", "audio/ogg audio/opus"},
                {"flac", "audio/flac audio/x-flac"},
                {"m4a", "audio/mp4 video/mp4"},
                {"aac", "audio/aac audio/aacp"},
                {"ttf", "font/ttf font/sfnt"},
                {"otf", "font/otf font/sfnt"},
                {"woff2", "font/woff2"},
                {"txt", "text/plain"},
                {NULL, NULL}};

static bool intake_listed(const char *types, const char *type)
{
    size_t size = strlen(type);

    for (const char *at = types; (at = strstr(at, type)) != NULL; at += size) {
        if ((at == types || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0')) {
            return true;
        }
    }
    return false;
}

const char *gen_intake_promise(const char *name, struct gen_arena *arena)
{
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot != NULL && promises[i].ending != NULL; i++) {
        if (strcasecmp(dot + 1, promises[i].ending) == 0) {
            return gen_arena_strndup(arena, promises[i].types, strcspn(promises[i].types, " "));
        }
    }
    return NULL;
}

enum gen_status gen_intake_check_name(const char *name, const char *media_type,
                                      struct gen_error *err)
{
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot != NULL && promises[i].ending != NULL; i++) {
        if (strcasecmp(dot + 1, promises[i].ending) == 0 &&
            !intake_listed(promises[i].types, media_type)) {
            return gen_error_set(err, GEN_EINVAL,
                                 "\"%.200s\" is not what its name says: its content is %s; rename "
                                 "it or upload the right file",
                                 name, media_type);
        }
    }
    return GEN_OK;
}

/* The end of every way: removes the file if it was not stored, answers, forgets. */
static void intake_end(struct intake *intake)
{
    (void)unlink(intake->path); /* gone already when it became a blob */
    intake->done(intake->context, intake->status, &intake->err,
                 intake->status == GEN_OK ? &intake->asset : NULL,
                 intake->existing && intake->status == GEN_OK);
    gen_arena_destroy(intake->arena);
}

static void intake_end_new(void *context)
{
    intake_end(context);
}

static void intake_committed(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event)
{
    struct intake *intake = context;

    (void)last_event;
    intake->status = status;
    if (err != NULL) {
        intake->err = *err;
    }
    if (intake->existing && status == GEN_ECONFLICT) {
        memset(&intake->err, 0, sizeof(intake->err));
        intake_add(intake); /* it was removed as unused in between */
        return;
    }
    intake_end(intake);
}

static void intake_event(struct intake *intake, struct gen_changes *changes)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_node *data = gen_node_map(changes->arena);
    struct gen_change_event *event;

    if (change == NULL) {
        return;
    }
    event = &change->as.event;
    gen_random_ident(intake->options->random, GEN_IDENT_EVENT, intake->asset.created_at,
                     &event->id);
    event->kind = GEN_EVENT_ASSET_STORED;
    event->organization = gen_arena_strdup(changes->arena, intake->asset.organization);
    gen_node_set(changes->arena, data, "assetId",
                 gen_node_string(changes->arena, intake->asset.id.text));
    gen_node_set(changes->arena, data, "name", gen_node_string(changes->arena, intake->asset.name));
    gen_node_set(changes->arena, data, "size", gen_node_int(changes->arena, intake->asset.size));
    event->data = gen_json_text(changes->arena, data, NULL);
    event->at = intake->asset.created_at;
    event->actor = gen_actor_copy(&intake->actor, changes->arena);
}

static void intake_commit(struct intake *intake)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change =
        changes == NULL ? NULL
                        : gen_changes_add(changes, intake->existing ? GEN_CHANGE_ASSET_SENT
                                                                    : GEN_CHANGE_ASSET_ADD);
    enum gen_status status = GEN_ENOMEM;

    if (change != NULL && intake->existing) {
        change->as.upload = (struct gen_change_upload){
            .id = intake->asset.id, .digest = "", .at = gen_clock_now(intake->options->clock)};
    } else if (change != NULL) {
        struct gen_asset *row = &change->as.asset;

        *row = intake->asset;
        row->organization = gen_arena_strdup(changes->arena, row->organization);
        row->digest = gen_arena_strdup(changes->arena, row->digest);
        row->name = gen_arena_strdup(changes->arena, row->name);
        row->kind = gen_arena_strdup(changes->arena, row->kind);
        row->media_type = gen_arena_strdup(changes->arena, row->media_type);
        intake_event(intake, changes);
    }
    if (change != NULL && !gen_arena_failed(changes->arena)) {
        status = gen_store_commit(intake->options->store, &changes, intake_committed, intake,
                                  &intake->err);
    } else {
        gen_error_set(&intake->err, GEN_ENOMEM, "out of memory");
    }
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        intake->status = status;
        intake_end(intake);
    }
}

static void intake_add(struct intake *intake)
{
    intake->existing = false;
    intake->asset.created_at = gen_clock_now(intake->options->clock);
    gen_random_ident(intake->options->random, GEN_IDENT_ASSET, intake->asset.created_at,
                     &intake->asset.id);
    intake_commit(intake);
}

/* The blob is in place: it is an asset already, or becomes one. */
static void intake_adopted(void *context)
{
    struct intake *intake = context;
    struct gen_asset known = {0};

    if (intake->status != GEN_OK) {
        intake_end(intake);
        return;
    }
    intake->asset.digest = intake->digest;
    if (gen_read_asset_of_digest(intake->options->store, intake->asset.organization, intake->digest,
                                 intake->arena, &known, NULL) == GEN_OK) {
        intake->asset = known;
        intake->existing = true;
        intake_commit(intake); /* it is needed from now on, and not as old as it was */
        return;
    }
    intake_add(intake);
}

static void intake_adopt(void *context)
{
    struct intake *intake = context;

    intake->status = gen_blob_adopt(intake->blobs, intake->path, intake->digest,
                                    &intake->asset.size, &intake->err);
}

static void intake_facts(struct intake *intake, const struct gen_node *probe)
{
    struct gen_asset *asset = &intake->asset;

    asset->kind = gen_arena_strdup(intake->arena,
                                   gen_node_text(gen_node_get(probe, "kind"), "unknown"));
    asset->media_type = gen_arena_strdup(
        intake->arena, gen_node_text(gen_node_get(probe, "mediaType"), "application/octet-stream"));
    asset->width = (int32_t)gen_node_integer(gen_node_get(probe, "width"), 0);
    asset->height = (int32_t)gen_node_integer(gen_node_get(probe, "height"), 0);
    asset->duration_ms =
        (int64_t)(gen_node_number(gen_node_get(probe, "duration"), 0) * 1000.0 + 0.5);
}

static void intake_probed(void *context, enum gen_status status, const struct gen_node *document,
                          const struct gen_error *err)
{
    struct intake *intake = context;

    intake->probe = NULL;
    intake->status = status;
    if (status != GEN_OK) {
        intake->err = *err;
        gen_error_within(&intake->err, "\"%.100s\" is not usable", intake->asset.name);
        intake_end(intake);
        return;
    }
    intake_facts(intake, document);
    if (gen_arena_failed(intake->arena)) {
        intake->status = gen_error_set(&intake->err, GEN_ENOMEM, "out of memory");
    } else if (strcmp(intake->asset.kind, "unknown") == 0) {
        intake->status = gen_error_set(&intake->err, GEN_EINVAL,
                                       "\"%.200s\" is not a picture, video, sound, font or text "
                                       "that can be used",
                                       intake->asset.name);
    } else if (gen_node_truth(gen_node_get(document, "truncated"), false)) {
        intake->status = gen_error_set(&intake->err, GEN_EINVAL,
                                       "\"%.200s\" is cut off: its end is missing; upload the "
                                       "whole file",
                                       intake->asset.name);
    } else {
        intake->status = gen_intake_check_name(intake->asset.name, intake->asset.media_type,
                                               &intake->err);
    }
    if (intake->status != GEN_OK) {
        intake_end(intake);
    } else if (gen_loop_work(intake->options->loop, intake_adopt, intake_adopted, intake) !=
               GEN_OK) {
        intake->status = gen_error_set(&intake->err, GEN_ENOMEM, "out of memory");
        intake_end(intake);
    }
}

void gen_intake_start(const struct gen_engine_options *options, struct gen_programs *programs,
                      const struct gen_upload *upload, gen_engine_stored *done, void *context)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct intake *intake = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof(*intake));
    const char *arguments[] = {"probe", upload->path, NULL};

    GEN_CHECK(intake != NULL); /* a few hundred bytes; there is nobody to answer without them */
    *intake = (struct intake){.options = options,
                              .arena = arena,
                              .path = gen_arena_strdup(arena, upload->path),
                              .blobs = options->blobs,
                              .done = done,
                              .context = context};
    intake->actor = gen_actor_copy(upload->actor, arena);
    intake->asset.organization = gen_arena_strdup(arena, upload->organization);
    intake->asset.name = gen_arena_strdup(arena, upload->name);
    intake->status = gen_arena_failed(arena)
                         ? GEN_ENOMEM
                         : gen_programs_ask(programs, arguments, intake_probed, intake,
                                            &intake->probe, &intake->err);
    if (intake->status != GEN_OK) {
        GEN_CHECK(gen_loop_post(options->loop, intake_end_new, intake) == GEN_OK);
    }
}
