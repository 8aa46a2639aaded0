/* access.c - see access.h. */
#include "service/access.h"

#include "platform/key_token.h"
#include "service/clerk.h"
#include "service/gate.h"
#include "store/reading.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { ACCESS_NOTE_MS = 60 * 60 * 1000 };

static const char *const LOOPBACK[] = {"localhost", "127.0.0.1", "[::1]", NULL};

/* Size of the host in "host:port", "[::1]:port", "host"; 0 when that is not what it is. */
static size_t host_size(const char *text)
{
    size_t size = text[0] == '[' ? strcspn(text, "]") : strcspn(text, ":");
    const char *rest;

    if (text[0] == '[') {
        if (text[size] != ']') {
            return 0;
        }
        size++;
    }
    rest = text + size;
    if (*rest == ':') {
        rest++;
        if (strlen(rest) > 5 || rest[strspn(rest, "0123456789")] != '\0') {
            return 0;
        }
        return size;
    }
    return *rest == '\0' ? size : 0;
}

static bool host_listed(const char *const *hosts, const char *host, size_t size)
{
    for (; hosts != NULL && *hosts != NULL; hosts++) {
        if (strlen(*hosts) == size && strncasecmp(*hosts, host, size) == 0) {
            return true;
        }
    }
    return false;
}

/* A page may ask only where it came from itself. */
static bool origin_same(const char *origin, const char *host)
{
    const char *rest = strncasecmp(origin, "http://", 7) == 0    ? origin + 7
                       : strncasecmp(origin, "https://", 8) == 0 ? origin + 8
                                                                 : NULL;

    return rest != NULL && strcasecmp(rest, host) == 0;
}

/* The credential after "Bearer "; NULL when there is none of that kind. */
static const char *bearer_of(const char *authorization)
{
    if (authorization == NULL || strncasecmp(authorization, "Bearer ", 7) != 0) {
        return NULL;
    }
    authorization += 7;
    authorization += strspn(authorization, " ");
    return authorization[0] != '\0' ? authorization : NULL;
}

/* It was used: noted at most once an hour, by the way. */
static void access_note(const struct gen_access *access, const struct gen_access_key *key,
                        gen_moment now)
{
    struct gen_changes *changes;
    struct gen_change *change;
    struct gen_error ignored;

    if (now - key->used_at < ACCESS_NOTE_MS) {
        return;
    }
    changes = gen_changes_create();
    change = changes == NULL ? NULL : gen_changes_add(changes, GEN_CHANGE_KEY_USED);
    if (change != NULL) {
        change->as.key_use = (struct gen_change_key_use){key->id, now};
        (void)!gen_store_commit(access->store, &changes, NULL, NULL, &ignored);
    }
    gen_changes_destroy(changes);
}

/* An API key: found by its digest. Who shows all of it may know what became of it. */
static enum gen_status access_key(const struct gen_access *access, const char *bearer,
                                  struct gen_arena *arena, struct gen_principal *out,
                                  struct gen_error *err)
{
    gen_moment now = access->clock == NULL ? 0 : gen_clock_now(access->clock);
    char digest[GEN_DIGEST_TEXT_SIZE], since[GEN_MOMENT_TEXT_SIZE];
    struct gen_access_key key;
    enum gen_status status;

    if (gen_key_token_look(bearer) == GEN_KEY_TOKEN_MISTYPED || access->store == NULL) {
        return gen_error_set(
            err, GEN_EDENIED,
            "letters of the API key are missing or wrong; copy it whole, from " GEN_KEY_TOKEN_PREFIX
            " on");
    }
    gen_key_token_digest(bearer, digest);
    status = gen_read_key_of_digest(access->store, digest, arena, &key, err);
    if (status == GEN_ENOTFOUND || (status == GEN_OK && !gen_crypto_equal(key.digest, digest))) {
        return gen_error_set(err, GEN_EDENIED, "no key of this daemon looks like this");
    }
    if (status != GEN_OK) {
        return status;
    }
    if (key.revoked_at != 0) {
        return gen_error_set(err, GEN_EDENIED, "the key \"%s\" was revoked at %s", key.name,
                             gen_moment_text(key.revoked_at, since));
    }
    if (key.expires_at != 0 && key.expires_at <= now) {
        return gen_error_set(err, GEN_EDENIED, "the key \"%s\" expired at %s", key.name,
                             gen_moment_text(key.expires_at, since));
    }
    if (!gen_access_key_principal(&key, arena, out)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    access_note(access, &key, now);
    return GEN_OK;
}

/* Who a credential stands for. GEN_EDENIED: for nobody. */
static enum gen_status access_identify(const struct gen_access *access, const char *bearer,
                                       struct gen_arena *arena, struct gen_principal *out,
                                       struct gen_error *err)
{
    if (access->key != NULL && access->key[0] != '\0' && gen_crypto_equal(access->key, bearer)) {
        *out = gen_principal_owner;
        out->door = GEN_DOOR_FILE;
        return GEN_OK;
    }
    if (gen_key_token_look(bearer) != GEN_KEY_TOKEN_OTHER) {
        return access_key(access, bearer, arena, out, err);
    }
    if (access->clerk != NULL && gen_clerk_looks(bearer)) {
        return gen_clerk_identify(access->clerk, bearer, arena, out, err);
    }
    return gen_error_set(err, GEN_EDENIED,
                         "this is not the key; it is the content of the file api-key in the "
                         "daemon's state folder, or a key that gen key create has shown");
}

const char *gen_access_address(const struct gen_access *access, const char *peer,
                               const char *forwarded, struct gen_arena *arena)
{
    const char *const *proxy = access->proxies;
    const char *last = forwarded == NULL ? NULL : strrchr(forwarded, ',');
    unsigned char address[sizeof(struct in6_addr)];
    const char *text;

    while (peer != NULL && proxy != NULL && *proxy != NULL && strcmp(*proxy, peer) != 0) {
        proxy++;
    }
    if (peer == NULL || forwarded == NULL || proxy == NULL || *proxy == NULL) {
        return peer == NULL ? "" : peer;
    }
    last = last == NULL ? forwarded : last + 1;
    last += strspn(last, " \t");
    text = gen_arena_strndup(arena, last, strcspn(last, " \t"));
    /* What is no address (a port, a name, nothing) is the proxy's fault, and counts as the proxy. */
    return text != NULL && (inet_pton(AF_INET, text, address) == 1 ||
                            inet_pton(AF_INET6, text, address) == 1)
               ? text
               : peer;
}

/* Only over TCP: a request for a host of ours, from no page of somebody else's. */
static enum gen_status access_place(const struct gen_access *access,
                                    const struct gen_visitor *visitor, struct gen_error *err)
{
    size_t size = visitor->host == NULL ? 0 : host_size(visitor->host);

    if (size == 0 || (!host_listed(LOOPBACK, visitor->host, size) &&
                      !host_listed(access->hosts, visitor->host, size))) {
        return gen_error_set(err, GEN_EDENIED,
                             "the Host header names no host of this daemon; use localhost or "
                             "127.0.0.1, or add the name to `hosts` in gend.yaml");
    }
    if (visitor->origin != NULL && !origin_same(visitor->origin, visitor->host)) {
        return gen_error_set(err, GEN_EDENIED, "requests of other web pages are refused");
    }
    return GEN_OK;
}

/* The owner at the socket, or whom the credential stands for. */
static enum gen_status access_who(const struct gen_access *access,
                                  const struct gen_visitor *visitor, struct gen_arena *arena,
                                  struct gen_principal *out, struct gen_error *err)
{
    const char *bearer = bearer_of(visitor->authorization);

    if (visitor->local && visitor->owner && visitor->authorization == NULL &&
        visitor->forwarded == NULL) {
        *out = gen_principal_owner;
        return GEN_OK;
    }
    if (visitor->authorization == NULL) {
        return gen_error_set(
            err, GEN_EDENIED,
            visitor->local && visitor->owner
                ? "a proxy has forwarded this to the Unix socket, so it is not the "
                  "owner who asks; send a key: Authorization: Bearer KEY"
                : "send the key: Authorization: Bearer KEY, where KEY is the "
                  "content of the file api-key in the daemon's state folder, or "
                  "one that gen key create has shown");
    }
    if (bearer == NULL) {
        return gen_error_set(err, GEN_EDENIED,
                             "the credential is sent as Authorization: Bearer KEY");
    }
    return access_identify(access, bearer, arena, out, err);
}

static enum gen_status access_permit(const struct gen_principal *principal, uint32_t needs,
                                     struct gen_error *err)
{
    uint32_t lacking = needs & ~principal->permissions;

    if (lacking == 0) {
        return GEN_OK;
    }
    if ((lacking & GEN_PERMISSIONS_OF_HOUSE) != 0 && !gen_principal_of_house(principal)) {
        return gen_error_set(err, GEN_EDENIED,
                             "this needs %s, which concerns the whole daemon: only its owner and "
                             "keys of the organization " GEN_PRINCIPAL_HOUSE " have it",
                             gen_permission_word(lacking));
    }
    return gen_error_set(err, GEN_EDENIED,
                         "this needs the permission %s, which %s%s lacks; ask an administrator of "
                         "your organization",
                         gen_permission_word(lacking),
                         principal->role != GEN_ROLE_NONE ? "the role " : "this key",
                         gen_role_word(principal->role));
}

/* Who has failed too often waits, whatever is shown now. */
static enum gen_status access_gate(const struct gen_access *access,
                                   const struct gen_visitor *visitor, int *http,
                                   struct gen_error *err)
{
    int64_t wait = 0;

    if (access->gate == NULL || access->clock == NULL ||
        gen_gate_open(access->gate, visitor->address, gen_clock_monotonic(access->clock), &wait)) {
        return GEN_OK;
    }
    *http = 429;
    return gen_error_set(err, GEN_ELIMIT,
                         "too many wrong credentials came from %s; try again in %lld second%s",
                         visitor->address, (long long)wait, wait == 1 ? "" : "s");
}

static void access_count(const struct gen_access *access, const struct gen_visitor *visitor,
                         enum gen_status status)
{
    if (status == GEN_EDENIED && visitor->authorization != NULL && access->gate != NULL &&
        access->clock != NULL) {
        gen_gate_fail(access->gate, visitor->address, gen_clock_monotonic(access->clock));
    }
}

enum gen_status gen_access_check(const struct gen_access *access, const struct gen_visitor *visitor,
                                 struct gen_arena *arena, struct gen_principal *out, int *http,
                                 struct gen_error *err)
{
    struct gen_principal who = {
        .organization = "", .user = "", .team = "", .key_name = "", .address = ""};
    enum gen_status status = GEN_OK;

    *http = 403;
    if (!visitor->local && (status = access_place(access, visitor, err)) != GEN_OK) {
        return status;
    }
    if (!visitor->open) {
        status = access_gate(access, visitor, http, err);
        if (status == GEN_OK) {
            status = access_who(access, visitor, arena, &who, err);
            *http = status == GEN_EDENIED ? 401 : status == GEN_EBUSY ? 503 : 0;
            access_count(access, visitor, status);
        }
        if (status == GEN_OK) {
            *http = 403;
            status = access_permit(&who, visitor->needs, err);
        }
    }
    if (status == GEN_OK) {
        who.address = visitor->address == NULL ? "" : visitor->address;
        *out = who;
    }
    return status;
}
