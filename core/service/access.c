/* access.c - see access.h. */
#include "service/access.h"

#include "platform/crypto.h"

#include <string.h>
#include <strings.h>

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

static bool key_given(const char *key, const char *authorization)
{
    if (key == NULL || key[0] == '\0' || authorization == NULL ||
        strncasecmp(authorization, "Bearer ", 7) != 0) {
        return false;
    }
    authorization += 7;
    authorization += strspn(authorization, " ");
    return gen_crypto_equal(key, authorization);
}

enum gen_status gen_access_check(const struct gen_access *access, const struct gen_visitor *visitor,
                                 int *http, struct gen_error *err)
{
    size_t size;

    *http = 403;
    if (visitor->local) {
        return GEN_OK;
    }
    size = visitor->host == NULL ? 0 : host_size(visitor->host);
    if (size == 0 || (!host_listed(LOOPBACK, visitor->host, size) &&
                      !host_listed(access->hosts, visitor->host, size))) {
        return gen_error_set(err, GEN_EDENIED,
                             "the Host header names no host of this daemon; use localhost or "
                             "127.0.0.1, or add the name to `hosts` in gend.yaml");
    }
    if (visitor->origin != NULL && !origin_same(visitor->origin, visitor->host)) {
        return gen_error_set(err, GEN_EDENIED, "requests of other web pages are refused");
    }
    if (!visitor->open && !key_given(access->key, visitor->authorization)) {
        *http = 401;
        return gen_error_set(err, GEN_EDENIED,
                             visitor->authorization == NULL
                                 ? "send the key: Authorization: Bearer KEY, where KEY is the "
                                   "content of the file api-key in the daemon's state folder"
                                 : "this is not the key; it is the content of the file api-key in "
                                   "the daemon's state folder");
    }
    return GEN_OK;
}
