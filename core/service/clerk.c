/* clerk.c - see clerk.h. */
#include "service/clerk.h"

#include "base/alloc.h"

#include <string.h>

enum { CLERK_TIMEOUT_MS = 10 * 1000, CLERK_WORD_MOST = 64 };

struct fetch {               /* lives until its answer, which the clerk need not */
    struct gen_clerk *clerk; /* NULL: it has gone */
    struct gen_http_call *call;
};

struct gen_clerk {
    struct gen_clerk_options options;
    struct gen_arena *arena;
    const char *url;
    struct gen_token_keys *keys; /* NULL: none yet */
    struct fetch *fetch;         /* under way, or NULL */
    int64_t asked_at;   /* ms of the clock that only goes forward; the last fetch's start */
    int64_t fetched_at; /* of the keys */
    bool asked;
};

/* ---------------------------------------------------------------------------------- fetching -- */

static void clerk_tell(const struct gen_clerk *clerk, enum gen_level level, const char *what,
                       const char *why)
{
    if (clerk->options.log != NULL) {
        gen_log_line(clerk->options.log, level, "clerk", what, "url", clerk->url, "why", why, NULL);
    }
}

static void clerk_take(struct gen_clerk *clerk, const struct gen_http_response *response)
{
    struct gen_token_keys *keys = NULL;
    struct gen_error err = {0};

    if (response->fate != GEN_HTTP_ANSWERED || response->status != 200) {
        (void)gen_error_set(&err, GEN_EUNREACHABLE, "status %d %.300s", response->status,
                            response->reason);
    } else {
        (void)!gen_token_keys_of_set(response->body, response->body_size, &keys, &err);
    }
    if (keys == NULL) {
        clerk_tell(clerk, GEN_LEVEL_WARN,
                   clerk->keys == NULL ? "the keys of session tokens cannot be fetched: nobody can "
                                         "sign in with Clerk"
                                       : "the keys of session tokens cannot be fetched anew; the "
                                         "old ones stay in force",
                   err.message);
        return;
    }
    gen_token_keys_destroy(clerk->keys);
    clerk->keys = keys;
    clerk->fetched_at = gen_clock_monotonic(clerk->options.clock);
    clerk_tell(clerk, GEN_LEVEL_INFO, "fetched the keys of session tokens", NULL);
}

static void fetch_on_end(void *context, const struct gen_http_response *response)
{
    struct fetch *fetch = context;

    if (fetch->clerk != NULL) {
        fetch->clerk->fetch = NULL;
        clerk_take(fetch->clerk, response);
    }
    gen_free(fetch);
}

/* Begins to fetch, unless that is under way, was done just now, or there is nothing to fetch from. */
static void clerk_fetch(struct gen_clerk *clerk)
{
    int64_t now = gen_clock_monotonic(clerk->options.clock);
    struct gen_http_request request = {
        .method = "GET",
        .url = clerk->url,
        .body_limit = GEN_TOKEN_KEYS_SIZE,
        .allow_private = clerk->options.allow_private,
        .timeout_ms = CLERK_TIMEOUT_MS,
        .on_end = fetch_on_end,
    };
    struct gen_error err = {0};
    struct fetch *fetch;

    if (clerk->url == NULL || clerk->options.http == NULL || clerk->fetch != NULL ||
        (clerk->asked && now - clerk->asked_at < GEN_CLERK_AGAIN_MS)) {
        return;
    }
    fetch = gen_alloc(sizeof *fetch);
    if (fetch == NULL) {
        return;
    }
    clerk->asked = true;
    clerk->asked_at = now;
    fetch->clerk = clerk;
    request.context = fetch;
    if (gen_http_send(clerk->options.http, &request, &fetch->call, &err) != GEN_OK) {
        clerk_tell(clerk, GEN_LEVEL_WARN, "the keys of session tokens cannot be asked for",
                   err.message);
        gen_free(fetch);
        return;
    }
    clerk->fetch = fetch;
}

/* Tokens that come while nobody has failed yet wait; after that they are refused. */
static enum gen_status clerk_wait(const struct gen_clerk *clerk, struct gen_error *err)
{
    if (clerk->fetch != NULL) {
        return gen_error_set(err, GEN_EBUSY,
                             "the keys of session tokens are being fetched; try again");
    }
    return gen_error_set(err, GEN_EBUSY,
                         "the keys of session tokens could not be fetched; it is tried again "
                         "within a minute (see the daemon's log)");
}

/* ----------------------------------------------------------------------- creating and ending -- */

static enum gen_status clerk_source(struct gen_clerk *clerk, struct gen_error *err)
{
    const struct gen_clerk_options *options = &clerk->options;

    if (options->pem != NULL) {
        return gen_token_keys_of_pem(options->pem, strlen(options->pem), &clerk->keys, err);
    }
    if (options->jwks_url == NULL && options->issuer == NULL) {
        return gen_error_set(err, GEN_EINVAL, "needs an issuer, a jwksUrl, or a key");
    }
    clerk->url = options->jwks_url != NULL
                     ? options->jwks_url
                     : gen_arena_printf(clerk->arena, "%s/.well-known/jwks.json", options->issuer);
    if (clerk->url == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for session tokens");
    }
    clerk_fetch(clerk);
    return GEN_OK;
}

enum gen_status gen_clerk_create(const struct gen_clerk_options *options, struct gen_clerk **out,
                                 struct gen_error *err)
{
    struct gen_clerk *clerk = gen_alloc(sizeof *clerk);
    enum gen_status status;

    if (clerk == NULL || (clerk->arena = gen_arena_create(0)) == NULL) {
        gen_free(clerk);
        return gen_error_set(err, GEN_ENOMEM, "no memory for session tokens");
    }
    clerk->options = *options;
    status = clerk_source(clerk, err);
    if (status != GEN_OK) {
        gen_clerk_destroy(clerk);
        return status;
    }
    *out = clerk;
    return GEN_OK;
}

void gen_clerk_destroy(struct gen_clerk *clerk)
{
    if (clerk == NULL) {
        return;
    }
    if (clerk->fetch != NULL) {
        clerk->fetch->clerk = NULL;
        gen_http_cancel(clerk->fetch->call);
    }
    gen_token_keys_destroy(clerk->keys);
    gen_arena_destroy(clerk->arena);
    gen_free(clerk);
}

/* ------------------------------------------------------------------------------------ tokens -- */

bool gen_clerk_looks(const char *bearer)
{
    const char *dot = strchr(bearer, '.');

    return dot != NULL && strchr(dot + 1, '.') != NULL;
}

enum gen_status gen_clerk_identify(struct gen_clerk *clerk, const char *token,
                                   struct gen_arena *arena, struct gen_principal *out,
                                   struct gen_error *err)
{
    const struct gen_token_rules rules = {
        .issuer = clerk->options.issuer,
        .parties = clerk->options.parties,
        .audiences = clerk->options.audiences,
        .leeway_ms = GEN_TOKEN_LEEWAY_MS,
    };
    gen_moment now = gen_clock_now(clerk->options.clock);
    const struct gen_node *claims = NULL;
    enum gen_status status;

    if (clerk->keys == NULL ||
        gen_clock_monotonic(clerk->options.clock) - clerk->fetched_at > GEN_CLERK_STALE_MS) {
        clerk_fetch(clerk);
    }
    if (clerk->keys == NULL) {
        return clerk_wait(clerk, err);
    }
    status = gen_token_check(clerk->keys, &rules, token, now, arena, &claims, err);
    if (status == GEN_ENOTFOUND) {
        clerk_fetch(clerk); /* the issuer may have begun to use another key */
        return clerk->fetch != NULL ? clerk_wait(clerk, err)
                                    : gen_error_set(err, GEN_EDENIED, "%.400s", err->message);
    }
    return status == GEN_OK ? gen_clerk_principal(&clerk->options, claims, now, arena, out, err)
                            : status;
}

/* ------------------------------------------------------------------------------------ claims -- */

struct member { /* of an organization, from either form of claims; "" = none */
    const char *organization, *role;
    uint32_t permissions;
};

/* A name of Clerk's without its "org:". */
static const char *bare(const char *name)
{
    return strncmp(name, "org:", 4) == 0 ? name + 4 : name;
}

/* The next piece of a list with commas; its blanks are taken off. False: there is none. */
static bool next_piece(const char **rest, const char **piece, size_t *size)
{
    if (**rest == '\0') {
        return false;
    }
    *piece = *rest + strspn(*rest, " ");
    *size = strcspn(*piece, ",");
    *rest = *piece + *size + ((*piece)[*size] == ',');
    while (*size > 0 && (*piece)[*size - 1] == ' ') {
        (*size)--;
    }
    return true;
}

/* "feature:permission", where we have such a word. */
static uint32_t joined(const char *feature, size_t feature_size, const char *word, size_t size)
{
    char text[2 * CLERK_WORD_MOST + 2];

    if (feature_size > CLERK_WORD_MOST || size > CLERK_WORD_MOST) {
        return 0;
    }
    memcpy(text, feature, feature_size);
    text[feature_size] = ':';
    memcpy(text + feature_size + 1, word, size);
    return gen_permission_of(text, feature_size + 1 + size);
}

/* The bits of a number that "3" or "12" is; 0 when it is none. */
static uint64_t bits_of(const char *text, size_t size)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || bits > UINT64_MAX / 10 - 1) {
            return 0;
        }
        bits = bits * 10 + (uint64_t)(text[i] - '0');
    }
    return bits;
}

/* The compact form: features with scopes ("o:jobs,u:beta"), permissions ("read,write"), and for each
 * feature of the organization a number whose bits say which of the permissions. */
static uint32_t compact(const char *features, const char *permissions, const char *map)
{
    const char *feature = NULL, *number = NULL;
    size_t feature_size = 0, number_size = 0;
    uint32_t set = 0;

    while (next_piece(&features, &feature, &feature_size)) {
        const char *colon = memchr(feature, ':', feature_size), *rest = permissions, *word = NULL;
        size_t word_size = 0, scope = colon == NULL ? 0 : (size_t)(colon - feature);
        uint64_t bits;

        if (colon == NULL || memchr(feature, 'o', scope) == NULL) {
            continue; /* of the person, not of the organization */
        }
        if (!next_piece(&map, &number, &number_size)) {
            break;
        }
        bits = bits_of(number, number_size);
        for (int i = 0; i < 64 && next_piece(&rest, &word, &word_size); i++) {
            if ((bits >> i & 1) != 0) {
                set |= joined(colon + 1, feature_size - scope - 1, word, word_size);
            }
        }
    }
    return set;
}

static struct member member_of(const struct gen_node *claims)
{
    const struct gen_node *o = gen_node_get(claims, "o");
    struct member member = {"", "", 0};

    if (gen_node_integer(gen_node_get(claims, "v"), 1) == 2) {
        if (gen_node_type_of(o) == GEN_NODE_MAP) {
            member.organization = gen_node_text(gen_node_get(o, "id"), "");
            member.role = bare(gen_node_text(gen_node_get(o, "rol"), ""));
            member.permissions = compact(gen_node_text(gen_node_get(claims, "fea"), ""),
                                         gen_node_text(gen_node_get(o, "per"), ""),
                                         gen_node_text(gen_node_get(o, "fpm"), ""));
        }
        return member;
    }
    member.organization = gen_node_text(gen_node_get(claims, "org_id"), "");
    member.role = bare(gen_node_text(gen_node_get(claims, "org_role"), ""));
    for (const struct gen_node *one = gen_node_first(gen_node_get(claims, "org_permissions"));
         one != NULL; one = one->next) {
        const char *word = bare(gen_node_text(one, ""));

        member.permissions |= gen_permission_of(word, strlen(word));
    }
    return member;
}

/* Ours for a role of Clerk's: as gend.yaml says, else the one of the same name. */
static enum gen_role role_of(const struct gen_node *roles, const char *role)
{
    for (const struct gen_node *row = gen_node_first(roles); row != NULL; row = row->next) {
        const char *ours = gen_node_text(row, "");

        if (row->key != NULL && strcmp(bare(row->key), role) == 0) {
            return gen_role_of(ours, strlen(ours));
        }
    }
    return gen_role_of(role, strlen(role));
}

static bool may_come(const struct gen_texts *organizations, const char *organization)
{
    for (size_t i = 0; organizations != NULL && i < organizations->count; i++) {
        if (strcmp(organizations->items[i], organization) == 0) {
            return true;
        }
    }
    return organizations == NULL || organizations->count == 0;
}

enum gen_status gen_clerk_principal(const struct gen_clerk_options *options,
                                    const struct gen_node *claims, gen_moment now,
                                    struct gen_arena *arena, struct gen_principal *out,
                                    struct gen_error *err)
{
    const char *user = gen_node_text(gen_node_get(claims, "sub"), "");
    struct member member = member_of(claims);
    bool house = options->house != NULL && strcmp(options->house, member.organization) == 0;
    struct gen_principal who = {.organization = house ? GEN_PRINCIPAL_HOUSE : member.organization,
                                .user = user,
                                .team = "",
                                .key_name = "",
                                .address = "",
                                .door = GEN_DOOR_CLERK};

    if (strcmp(gen_node_text(gen_node_get(claims, "sts"), "active"), "pending") == 0) {
        return gen_error_set(err, GEN_EDENIED,
                             "the session is pending; finish signing in with Clerk first");
    }
    if (!gen_principal_word_valid(user, strlen(user)) || strcmp(user, GEN_PRINCIPAL_HOUSE) == 0 ||
        (member.organization[0] != '\0' &&
         !gen_principal_word_valid(member.organization, strlen(member.organization)))) {
        return gen_error_set(err, GEN_EDENIED,
                             "the token names a user or organization that can be "
                             "none");
    }
    if (member.organization[0] != '\0' &&
        (strcmp(member.organization, GEN_PRINCIPAL_HOUSE) == 0 ||
         !may_come(options->organizations, member.organization))) {
        return gen_error_set(err, GEN_EDENIED,
                             "the organization %s is not among `organizations` in gend.yaml",
                             member.organization);
    }
    who.permissions = GEN_MAY_SELF_READ;
    if (member.organization[0] == '\0') { /* nobody's money: a place of one's own, to look at */
        who.organization = user;
    } else {
        who.role = role_of(options->roles, member.role);
        who.permissions |= gen_role_permissions(who.role) | member.permissions;
        who.any_team = who.role == GEN_ROLE_ADMIN;
    }
    who.permissions = gen_permissions_within(who.permissions, who.organization);
    who.organization = gen_arena_strdup(arena, who.organization);
    who.user = gen_arena_strdup(arena, user);
    who.expires_at = now + GEN_CLERK_STREAM_MS;
    *out = who;
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}
