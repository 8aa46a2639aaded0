/* assets_api.c - see assets_api.h. */
#include "service/assets_api.h"

#include "base/json.h"
#include "base/utf8.h"
#include "engine/engine.h"
#include "service/durably.h"
#include "store/document.h"
#include "store/reading.h"

#include <string.h>
#include <strings.h>

enum { ASSETS_LIMIT = 50 };

const struct gen_parameter gen_assets_upload_parameters[] = {
    {"name", "Name of the file, with its ending."},
    {NULL, NULL},
};

const struct gen_parameter gen_assets_remove_parameters[] = {
    {"sentBy",
     "Not where it was sent again after this instant (RFC 3339): somebody else needs it."},
    {NULL, NULL},
};

const struct gen_parameter gen_assets_list_parameters[] = {
    {"limit", "Assets of a page, 1 to 200; 50 by default."},
    {"after", "Where the page begins: `next` of the page before."},
    {NULL, NULL},
};

static struct gen_node *asset_node(struct gen_arena *arena, const struct gen_asset *asset)
{
    struct gen_node *node = gen_node_map(arena);
    bool seen = asset->width > 0;

    gen_node_set(arena, node, "assetId", gen_node_string(arena, asset->id.text));
    gen_node_set(arena, node, "name", gen_node_string(arena, asset->name));
    gen_node_set(arena, node, "kind", gen_node_string(arena, asset->kind));
    gen_node_set(arena, node, "mediaType", gen_node_string(arena, asset->media_type));
    gen_node_set(arena, node, "size", gen_node_int(arena, asset->size));
    gen_node_set(arena, node, "width",
                 seen ? gen_node_int(arena, asset->width) : gen_node_null(arena));
    gen_node_set(arena, node, "height",
                 seen ? gen_node_int(arena, asset->height) : gen_node_null(arena));
    gen_node_set(arena, node, "duration",
                 asset->duration_ms > 0 ? gen_document_seconds(arena, asset->duration_ms)
                                        : gen_node_null(arena));
    gen_node_set(arena, node, "digest", gen_node_string(arena, asset->digest));
    gen_node_set(arena, node, "createdAt", gen_node_moment(arena, asset->created_at));
    return node;
}

/* --------------------------------------------------------------------------------- uploading -- */

bool gen_assets_name_valid(const char *name)
{
    size_t size = strlen(name);

    if (size == 0 || size > GEN_ASSETS_NAME_MOST || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0 || strpbrk(name, "/\\") != NULL) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f) {
            return false;
        }
    }
    return gen_utf8_valid(name, size, NULL);
}

void gen_assets_head(struct gen_call *call)
{
    const char *type = gen_exchange_header(call->exchange, "Content-Type");
    const char *name = gen_exchange_query(call->exchange, "name");
    struct gen_error err = {0};

    if (type != NULL && strncasecmp(type, "multipart/", 10) == 0) {
        (void)gen_error_set(&err, GEN_EINVAL, "send the bytes of the file as the body, not a form");
        gen_call_fail_as(call, 415, &err);
        return;
    }
    if (name == NULL || !gen_assets_name_valid(name)) {
        (void)gen_error_set(&err, GEN_EINVAL,
                            "must be the name of the file (?name=product.png), 1 to %d bytes, "
                            "without a folder",
                            GEN_ASSETS_NAME_MOST);
        gen_error_place(&err, NULL, 0, 0, "name");
        gen_call_fail_as(call, 400, &err);
    }
}

static void upload_done(void *context, enum gen_status status, const struct gen_error *err,
                        const struct gen_asset *asset, bool existing)
{
    struct gen_call *call = gen_claim_redeem(context);
    char location[64] = "/v1/assets/";

    if (call == NULL) {
        return;
    }
    if (status != GEN_OK) {
        gen_call_fail(call, err);
        return;
    }
    memcpy(location + strlen(location), asset->id.text, GEN_IDENT_SIZE);
    gen_exchange_reply_header(call->exchange, "Location", location);
    gen_call_reply(call, existing ? 200 : 201, asset_node(call->arena, asset));
}

void gen_assets_upload(struct gen_call *call)
{
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_upload upload = {
        .actor = &actor,
        .organization = call->principal.organization,
        .path = gen_exchange_body_file(call->exchange, NULL),
        .name = gen_exchange_query(call->exchange, "name"),
    };
    struct gen_claim *claim = gen_call_park(call);

    if (claim == NULL) {
        return; /* the exchange removes the file */
    }
    gen_exchange_keep_file(call->exchange);
    gen_engine_store_asset(call->service->engine, &upload, upload_done, claim);
}

/* -------------------------------------------------------------------------- listing, showing -- */

static enum gen_status list_query(const struct gen_call *call, const char **after, int64_t *limit,
                                  struct gen_error *err)
{
    *after = gen_exchange_query(call->exchange, "after");
    *limit = ASSETS_LIMIT;
    if (*after != NULL && !gen_ident_valid(GEN_IDENT_ASSET, *after)) {
        gen_error_set(err, GEN_EINVAL, "is not `next` of a page of assets");
        gen_error_place(err, NULL, 0, 0, "after");
        return GEN_EINVAL;
    }
    return gen_query_integer("limit", gen_exchange_query(call->exchange, "limit"), 1,
                             GEN_ASSET_READING_MOST, limit, err);
}

void gen_assets_list(struct gen_call *call)
{
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);
    struct gen_asset *assets = NULL;
    struct gen_error err = {0};
    size_t count = 0;
    bool more = false;
    const char *after;
    int64_t limit;
    enum gen_status status = list_query(call, &after, &limit, &err);

    if (status == GEN_OK) {
        status = gen_read_assets(call->service->store, call->principal.organization, after, limit,
                                 call->arena, &assets, &count, &more, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, asset_node(call->arena, &assets[i]));
    }
    gen_node_set(call->arena, page, "assets", list);
    gen_node_set(call->arena, page, "next",
                 gen_node_string(call->arena, more ? assets[count - 1].id.text : NULL));
    gen_call_reply(call, 200, page);
}

void gen_assets_show(struct gen_call *call)
{
    struct gen_asset asset = {0};
    struct gen_error err = {0};

    if (gen_read_asset(call->service->store, call->principal.organization, call->value, call->arena,
                       &asset, &err) == GEN_OK) {
        gen_call_reply(call, 200, asset_node(call->arena, &asset));
    } else {
        gen_call_fail(call, &err);
    }
}

/* ------------------------------------------------------------------------------------ removing -- */

static void assets_removed(struct gen_call *call)
{
    gen_call_reply(call, 200, call->work);
}

static void assets_event(struct gen_call *call, struct gen_changes *changes,
                         const struct gen_asset *asset, gen_moment now)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_actor actor = gen_actor_of(&call->principal, changes->arena);
    struct gen_node *data = gen_node_map(changes->arena);

    if (change != NULL) {
        gen_node_set(changes->arena, data, "assetId",
                     gen_node_string(changes->arena, asset->id.text));
        gen_node_set(changes->arena, data, "name", gen_node_string(changes->arena, asset->name));
        gen_random_ident(call->service->random, GEN_IDENT_EVENT, now, &change->as.event.id);
        change->as.event.kind = GEN_EVENT_ASSET_REMOVED;
        change->as.event.organization = gen_arena_strdup(changes->arena, asset->organization);
        change->as.event.data = gen_json_text(changes->arena, data, NULL);
        change->as.event.actor = gen_actor_copy(&actor, changes->arena);
        change->as.event.at = now;
    }
}

void gen_assets_remove(struct gen_call *call)
{
    const char *by = gen_exchange_query(call->exchange, "sentBy");
    gen_moment now = gen_clock_now(call->service->clock), sent = now;
    struct gen_asset asset = {0};
    struct gen_changes *changes;
    struct gen_change *change;
    struct gen_error err = {0};

    if (by != NULL && gen_moment_parse(by, strlen(by), &sent, NULL) != GEN_OK) {
        (void)gen_error_set(&err, GEN_EINVAL, "must be an instant such as 2026-11-22T12:00:00Z");
        gen_error_place(&err, NULL, 0, 0, "sentBy");
        gen_call_fail_as(call, 400, &err);
        return;
    }
    if (gen_read_asset(call->service->store, call->principal.organization, call->value, call->arena,
                       &asset, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    call->work = asset_node(call->arena, &asset);
    changes = gen_changes_create();
    change = changes == NULL ? NULL : gen_changes_add(changes, GEN_CHANGE_ASSET_REMOVE);
    if (change != NULL) {
        change->as.upload = (struct gen_change_upload){asset.id, "", sent};
        assets_event(call, changes, &asset, now);
    }
    gen_durably_commit(call, changes, assets_removed);
}
