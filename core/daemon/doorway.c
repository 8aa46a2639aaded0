/* doorway.c - see doorway.h. */
#include "daemon/doorway.h"

#include "platform/files.h"
#include "store/reading.h"

#include <arpa/inet.h>
#include <string.h>

enum { PEM_MOST = 64 * 1024 };

bool gen_doorway_loopback(const char *address)
{
    struct in6_addr six;
    struct in_addr four;

    if (inet_pton(AF_INET, address, &four) == 1) {
        return (ntohl(four.s_addr) >> 24) == 127;
    }
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/* A list that ends with NULL; NULL when there is nothing in it, or no memory (see the arena). */
static const char *const *doorway_list(struct gen_arena *arena, const struct gen_texts *texts)
{
    const char **list;

    if (texts->count == 0) {
        return NULL;
    }
    list = gen_arena_alloc(arena, (texts->count + 1) * sizeof *list);
    for (size_t i = 0; list != NULL && i < texts->count; i++) {
        list[i] = texts->items[i];
    }
    return list;
}

static enum gen_status doorway_pem(const char *path, struct gen_arena *arena, const char **out,
                                   struct gen_error *err)
{
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, PEM_MOST);
    status = gen_files_read(path, &text, err);
    if (status == GEN_OK) {
        *out = gen_arena_strndup(arena, text.data == NULL ? "" : text.data, text.size);
        status = *out == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
    }
    gen_bytes_fini(&text);
    return status;
}

static enum gen_status doorway_clerk(const struct gen_doorway_options *in,
                                     struct gen_doorway *doorway, struct gen_error *err)
{
    const struct gen_clerk_settings *said = &in->settings->clerk;
    struct gen_clerk_options options = {
        .issuer = said->issuer,
        .jwks_url = said->jwks_url,
        .parties = &said->parties,
        .audiences = &said->audiences,
        .organizations = &said->organizations,
        .roles = said->roles,
        .house = said->house,
        .http = in->http,
        .clock = in->clock,
        .log = in->log,
        .allow_private = in->settings->allow_private,
    };
    enum gen_status status = GEN_OK;

    if (said->issuer == NULL && said->jwks_url == NULL && said->key == NULL) {
        return GEN_OK;
    }
    if (said->key != NULL) {
        status = doorway_pem(said->key, in->arena, &options.pem, err);
    }
    if (status == GEN_OK) {
        status = gen_clerk_create(&options, &doorway->clerk, err);
    }
    return status == GEN_OK ? GEN_OK : gen_error_within(err, "clerk.key in gend.yaml");
}

/* A public address needs names that it answers to, and people or programs who can be told apart. */
static enum gen_status doorway_public(const struct gen_doorway_options *in,
                                      const struct gen_doorway *doorway, struct gen_error *err)
{
    const char *address = in->settings->address;
    bool keys = doorway->clerk != NULL;
    enum gen_status status = GEN_OK;

    if (address == NULL || gen_doorway_loopback(address)) {
        return GEN_OK;
    }
    if (!keys) {
        status = gen_read_any_key(in->store, gen_clock_now(in->clock), &keys, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (in->settings->hosts.count == 0) {
        return gen_error_set(err, GEN_EDENIED,
                             "%s is an address that others reach: set `hosts` in gend.yaml to the "
                             "names this daemon is called by there, or listen on 127.0.0.1",
                             address);
    }
    if (!keys) {
        return gen_error_set(
            err, GEN_EDENIED,
            "%s is an address that others reach, and nobody but the owner could "
            "sign in there: start on 127.0.0.1, make a key (gen key create) or set "
            "`clerk` in gend.yaml, then listen on it; put a proxy with TLS in "
            "front",
            address);
    }
    return GEN_OK;
}

enum gen_status gen_doorway_open(const struct gen_doorway_options *in, struct gen_doorway *out,
                                 struct gen_error *err)
{
    uint64_t seed;
    enum gen_status status;

    gen_random_fill(in->random, (uint8_t *)&seed, sizeof seed);
    out->gate = gen_gate_create(seed);
    out->access = (struct gen_access){
        .key = in->key,
        .hosts = doorway_list(in->arena, &in->settings->hosts),
        .proxies = doorway_list(in->arena, &in->settings->proxies),
        .clock = in->clock,
        .store = in->store,
        .gate = out->gate,
    };
    if (out->gate == NULL || gen_arena_failed(in->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = doorway_clerk(in, out, err);
    out->access.clerk = out->clerk;
    return status == GEN_OK ? doorway_public(in, out, err) : status;
}

void gen_doorway_close(struct gen_doorway *doorway)
{
    gen_clerk_destroy(doorway->clerk);
    gen_gate_destroy(doorway->gate);
    *doorway = (struct gen_doorway){0};
}
