/* bulletin.c - see bulletin.h. */
#include "engine/bulletin.h"

#include "base/alloc.h"
#include "base/json.h"
#include "model/change.h"
#include "model/principal.h"
#include "platform/log.h"
#include "store/document.h"

struct gen_bulletin {
    struct gen_bulletin_options options;
    size_t waiting; /* commits */
};

static void bulletin_written(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event)
{
    struct gen_bulletin *bulletin = context;

    bulletin->waiting--;
    if (status != GEN_OK) {
        gen_log_error(bulletin->options.log, GEN_LEVEL_WARN, "bulletin", err);
    } else if (bulletin->options.on_events != NULL) {
        bulletin->options.on_events(bulletin->options.context, last_event);
    }
}

static void bulletin_event(const struct gen_bulletin *bulletin, const struct gen_vitals_turn *turn,
                           struct gen_changes *changes)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_arena *arena = changes->arena;
    struct gen_node *data = gen_node_map(arena);

    if (change == NULL) {
        return;
    }
    gen_node_set(arena, data, "provider", gen_node_string(arena, turn->provider));
    if (turn->down) {
        gen_node_set(arena, data, "reason", gen_node_string(arena, turn->reason));
    } else {
        gen_node_set(arena, data, "downFor", gen_document_seconds(arena, turn->now - turn->since));
    }
    change->as.event.kind = turn->down ? GEN_EVENT_PROVIDER_DOWN : GEN_EVENT_PROVIDER_UP;
    change->as.event.organization = GEN_PRINCIPAL_HOUSE;
    change->as.event.at = turn->now;
    change->as.event.data = gen_json_text(arena, data, NULL);
    gen_random_ident(bulletin->options.random, GEN_IDENT_EVENT, turn->now, &change->as.event.id);
}

static void bulletin_on_turn(void *context, const struct gen_vitals_turn *turn)
{
    struct gen_bulletin *bulletin = context;
    struct gen_changes *changes = gen_changes_create();
    struct gen_error err = {0};
    enum gen_status status = changes == NULL ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                             : GEN_OK;

    if (status == GEN_OK) {
        bulletin_event(bulletin, turn, changes);
        status = gen_arena_failed(changes->arena)
                     ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                     : gen_store_commit(bulletin->options.store, &changes, bulletin_written,
                                        bulletin, &err);
        bulletin->waiting += status == GEN_OK;
    }
    if (status != GEN_OK) {
        gen_log_error(bulletin->options.log, GEN_LEVEL_WARN, "bulletin", &err);
    }
    gen_changes_destroy(changes);
}

enum gen_status gen_bulletin_create(const struct gen_bulletin_options *options,
                                    struct gen_bulletin **out, struct gen_error *err)
{
    struct gen_bulletin *bulletin = gen_alloc(sizeof *bulletin);

    if (bulletin == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    bulletin->options = *options;
    gen_vitals_watch(options->vitals, bulletin_on_turn, bulletin);
    *out = bulletin;
    return GEN_OK;
}

void gen_bulletin_destroy(struct gen_bulletin *bulletin)
{
    if (bulletin != NULL) {
        gen_vitals_watch(bulletin->options.vitals, NULL, NULL);
        while (bulletin->waiting > 0) {
            gen_loop_turn(bulletin->options.loop);
        }
        gen_free(bulletin);
    }
}
