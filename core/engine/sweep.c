/* sweep.c - see sweep.h. One part after the other: unused assets become events and loose blobs, then
 * loose blobs are looked at, and those that nothing needs are removed. */
#include "engine/sweep.h"

#include "base/alloc.h"
#include "base/json.h"
#include "engine/reuse.h"
#include "engine/rules.h"
#include "store/blob.h"

#include <string.h>

#define SWEEP_FIRST_MS INT64_C(60000)
#define SWEEP_PAUSE_MS INT64_C(600000)
#define SWEEP_IDLE_MS INT64_C(3600000) /* of a blob: whoever has adopted it has named it by then */

struct gen_sweep {
    const struct gen_engine_options *options;
    struct gen_timer *timer;
    struct sweep_part *part; /* under way */
    char after[GEN_DIGEST_TEXT_SIZE];
};

struct sweep_blob {
    const char *digest;
    bool needed, removed;
};

struct sweep_part {
    struct gen_sweep *sweep; /* NULL once nobody wants more of it */
    const struct gen_engine_options *options;
    struct gen_arena *arena; /* of this, and everything in it */
    const char *blobs;
    gen_moment before; /* what was adopted since then may be about to be named */
    struct sweep_blob *loose;
    size_t count;
    bool more;
};

static void sweep_rest(struct gen_sweep *sweep, int64_t pause_ms);

static void sweep_part_end(struct sweep_part *part)
{
    struct gen_sweep *sweep = part->sweep;
    bool more = part->more;

    gen_arena_destroy(part->arena);
    if (sweep != NULL) {
        sweep->part = NULL;
        sweep_rest(sweep, more ? 1000 : SWEEP_PAUSE_MS);
    }
}

/* Trouble is no reason to stop for ever: the next part tries again. */
static void sweep_trouble(struct sweep_part *part, struct gen_error *err)
{
    gen_error_within(err, "removing uploads that no job uses");
    gen_log_error(part->options->log, GEN_LEVEL_WARN, "sweep", err);
    part->more = false;
    sweep_part_end(part);
}

/* ----------------------------------------------------------------------------------- blobs -- */

static void sweep_tied(void *context, enum gen_status status, const struct gen_error *err,
                       int64_t last_event)
{
    struct sweep_part *part = context;

    (void)last_event;
    if (status != GEN_OK) {
        gen_log_error(part->options->log, GEN_LEVEL_WARN, "sweep", err);
    }
    sweep_part_end(part);
}

/* The blobs have been looked at: which of them nobody has to look at again? */
static void sweep_looked(void *context)
{
    struct sweep_part *part = context;
    struct gen_changes *changes = part->sweep == NULL ? NULL : gen_changes_create();
    struct gen_error err = {0};

    for (size_t i = 0; changes != NULL && i < part->count; i++) {
        if (part->loose[i].needed || part->loose[i].removed) {
            struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_BLOB_TIED);

            if (change != NULL) {
                change->as.upload.digest = gen_arena_strdup(changes->arena, part->loose[i].digest);
            }
        }
    }
    if (changes == NULL || changes->count == 0) {
        gen_changes_destroy(changes);
        sweep_part_end(part);
        return;
    }
    if (gen_store_commit(part->options->store, &changes, sweep_tied, part, &err) != GEN_OK) {
        gen_changes_destroy(changes);
        sweep_trouble(part, &err);
    }
}

static void sweep_remove(void *context)
{
    struct sweep_part *part = context;

    for (size_t i = 0; i < part->count; i++) {
        struct sweep_blob *blob = &part->loose[i];

        if (!blob->needed && gen_blob_remove(part->blobs, blob->digest, part->before,
                                             &blob->removed, NULL) != GEN_OK) {
            blob->removed = false; /* the next round tries again */
        }
    }
}

static void sweep_blobs(struct sweep_part *part)
{
    struct gen_sweep *sweep = part->sweep;
    struct gen_error err = {0};
    const char **digests = NULL;
    enum gen_status status = gen_read_loose_blobs(part->options->store, sweep->after, part->arena,
                                                  &digests, &part->count, &err);

    part->loose = gen_arena_array(part->arena, part->count + 1, sizeof(*part->loose));
    if (status == GEN_OK && part->loose == NULL) {
        status = gen_error_set(&err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; status == GEN_OK && i < part->count; i++) {
        part->loose[i].digest = digests[i];
        status = gen_read_blob_used(part->options->store, digests[i], &part->loose[i].needed, &err);
    }
    if (status != GEN_OK) {
        sweep_trouble(part, &err);
        return;
    }
    sweep->after[0] = '\0'; /* from the beginning, unless there are more behind these */
    if (part->count == GEN_ASSET_READING_MOST) {
        part->more = true;
        memcpy(sweep->after, digests[part->count - 1],
               strnlen(digests[part->count - 1], sizeof(sweep->after) - 1) + 1);
    }
    if (part->count == 0) {
        sweep_part_end(part);
    } else if (gen_loop_work(part->options->loop, sweep_remove, sweep_looked, part) != GEN_OK) {
        gen_error_set(&err, GEN_ENOMEM, "out of memory");
        sweep_trouble(part, &err);
    }
}

/* ---------------------------------------------------------------------------------- assets -- */

static void sweep_removed(void *context, enum gen_status status, const struct gen_error *err,
                          int64_t last_event)
{
    struct sweep_part *part = context;

    (void)last_event;
    if (part->sweep == NULL) {
        sweep_part_end(part);
    } else if (status != GEN_OK && status != GEN_ECONFLICT) {
        struct gen_error copy = *err;

        sweep_trouble(part, &copy);
    } else {
        part->more = part->more || status != GEN_OK; /* one of them was used just now: once more */
        sweep_blobs(part);
    }
}

static void sweep_event(struct sweep_part *part, struct gen_changes *changes,
                        const struct gen_asset *asset, gen_moment now)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_node *data = gen_node_map(changes->arena);
    struct gen_change_event *event;

    if (change == NULL) {
        return;
    }
    event = &change->as.event;
    gen_random_ident(part->options->random, GEN_IDENT_EVENT, now, &event->id);
    event->kind = GEN_EVENT_ASSET_REMOVED;
    event->organization = gen_arena_strdup(changes->arena, asset->organization);
    gen_node_set(changes->arena, data, "assetId", gen_node_string(changes->arena, asset->id.text));
    gen_node_set(changes->arena, data, "name", gen_node_string(changes->arena, asset->name));
    event->data = gen_json_text(changes->arena, data, NULL);
    event->at = now;
}

/* Clips that are too old to be used again. Their files stay as long as their jobs do. */
static enum gen_status sweep_clips(struct sweep_part *part, struct gen_changes *changes,
                                   gen_moment now, struct gen_error *err)
{
    gen_moment since = gen_reuse_since(part->options, now);
    bool older = false;
    enum gen_status status = gen_read_older_clip(part->options->store, since, &older, err);
    struct gen_change *change = status == GEN_OK && older
                                    ? gen_changes_add(changes, GEN_CHANGE_CLIP_EXPIRE)
                                    : NULL;

    if (change != NULL) {
        change->as.clip.at = since;
    }
    return status;
}

static void sweep_assets(struct sweep_part *part)
{
    gen_moment now = gen_clock_now(part->options->clock);
    gen_moment before = now - gen_rules_patience(part->options).asset_ms;
    struct gen_changes *changes = gen_changes_create();
    struct gen_asset *assets = NULL;
    struct gen_error err = {0};
    size_t count = 0;
    enum gen_status status = changes == NULL
                                 ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                 : gen_read_unused_assets(part->options->store, before, part->arena,
                                                          &assets, &count, &err);

    for (size_t i = 0; status == GEN_OK && i < count; i++) {
        struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_ASSET_REMOVE);

        if (change != NULL) {
            change->as.upload = (struct gen_change_upload){assets[i].id, "", before};
        }
        sweep_event(part, changes, &assets[i], now);
    }
    if (status == GEN_OK) {
        status = sweep_clips(part, changes, now, &err);
    }
    part->more = count == GEN_ASSET_READING_MOST;
    if (status == GEN_OK && changes->count > 0) {
        status = gen_store_commit(part->options->store, &changes, sweep_removed, part, &err);
    } else {
        gen_changes_destroy(changes);
        changes = NULL;
        if (status == GEN_OK) {
            sweep_blobs(part);
            return;
        }
    }
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        sweep_trouble(part, &err);
    }
}

/* ------------------------------------------------------------------------------------ parts -- */

void gen_sweep_now(struct gen_sweep *sweep)
{
    struct gen_arena *arena = sweep->part == NULL ? gen_arena_create(0) : NULL;
    struct sweep_part *part = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof(*part));

    if (sweep->part != NULL) {
        return;
    }
    gen_timer_cancel(&sweep->timer);
    if (part == NULL || (part->blobs = gen_arena_strdup(arena, sweep->options->blobs)) == NULL) {
        gen_arena_destroy(arena);
        sweep_rest(sweep, SWEEP_PAUSE_MS);
        return;
    }
    part->sweep = sweep;
    part->options = sweep->options;
    part->arena = arena;
    part->before = gen_clock_now(sweep->options->clock) - SWEEP_IDLE_MS;
    sweep->part = part;
    sweep_assets(part);
}

bool gen_sweep_resting(const struct gen_sweep *sweep)
{
    return sweep->part == NULL;
}

static void sweep_on_timer(void *context)
{
    struct gen_sweep *sweep = context;

    sweep->timer = NULL;
    gen_sweep_now(sweep);
}

static void sweep_rest(struct gen_sweep *sweep, int64_t pause_ms)
{
    /* Without memory for a timer it rests until the next start. */
    sweep->timer = gen_timer_start(sweep->options->loop, pause_ms, sweep_on_timer, sweep);
}

enum gen_status gen_sweep_create(const struct gen_engine_options *options, struct gen_sweep **out,
                                 struct gen_error *err)
{
    struct gen_sweep *sweep = gen_alloc(sizeof(*sweep));

    if (sweep == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    sweep->options = options;
    sweep_rest(sweep, SWEEP_FIRST_MS);
    *out = sweep;
    return GEN_OK;
}

void gen_sweep_destroy(struct gen_sweep *sweep)
{
    if (sweep != NULL) {
        gen_timer_cancel(&sweep->timer);
        if (sweep->part != NULL) {
            sweep->part->sweep = NULL;
        }
        gen_free(sweep);
    }
}
