/* origin.c - see origin.h. */
#include "host/origin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ORIGIN_HTTP = 80, ORIGIN_HTTPS = 443 };

static const char origin_name[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
static const char origin_address[] = "0123456789abcdefABCDEF:.";

/* Reads 1..65535 from exactly `size` digits; 0 when it is none. */
static uint16_t origin_port(const char *text, size_t size)
{
    uint32_t port = 0;

    if (size == 0 || size > 5 || strspn(text, "0123456789") < size) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        port = port * 10 + (uint32_t)(text[i] - '0');
    }
    return port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* Bytes of the host that `text` begins with, 0 when there is none. */
static size_t origin_host_size(const char *text)
{
    size_t size;

    if (text[0] == '[') {
        size = strspn(text + 1, origin_address);
        return size > 1 && text[size + 1] == ']' ? size + 2 : 0;
    }
    size = strspn(text, origin_name);
    return size > 0 && text[0] != '.' && text[0] != '-' ? size : 0;
}

/* 127.x.x.x with four numbers: a name that merely begins so can be registered by anyone. */
static bool origin_is_loopback(const char *host)
{
    int dots = 0;

    if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0) {
        return true;
    }
    for (const char *at = host; *at != '\0'; at++) {
        dots += *at == '.';
    }
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host) &&
           dots == 3;
}

static const char *origin_authority(const char *text, size_t size, struct gen_origin *out)
{
    size_t host = origin_host_size(text);

    if (memchr(text, '@', size) != NULL) {
        return "its URL carries user information";
    }
    if (host == 0 || host > GEN_ORIGIN_HOST || host > size) {
        return "its URL has no proper host";
    }
    for (size_t i = 0; i < host; i++) {
        char byte = text[i];

        out->host[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    out->host[host] = '\0';
    if (host < size) {
        out->port = text[host] == ':' ? origin_port(text + host + 1, size - host - 1) : 0;
        if (out->port == 0) {
            return "its URL has no proper host or port";
        }
    }
    out->loopback = origin_is_loopback(out->host);
    return NULL;
}

bool gen_origin_read(const char *url, struct gen_origin *out, const char **why)
{
    const char *rest;

    memset(out, 0, sizeof(*out));
    *why = "it has no URL";
    if (url == NULL || url[0] == '\0') {
        return false;
    }
    *why = "its URL is longer than 8192 bytes";
    if (strnlen(url, GEN_ORIGIN_URL + 1) > GEN_ORIGIN_URL) {
        return false;
    }
    *why = "its URL holds a character that must be escaped";
    for (const char *at = url; *at != '\0'; at++) {
        if (*at <= ' ' || *at >= 0x7F || strchr("\"<>\\^`{|}", *at) != NULL) {
            return false;
        }
    }
    *why = "its URL is not an absolute http or https URL";
    out->secure = strncasecmp(url, "https://", 8) == 0;
    if (!out->secure && strncasecmp(url, "http://", 7) != 0) {
        return false;
    }
    out->port = out->secure ? ORIGIN_HTTPS : ORIGIN_HTTP;
    rest = url + (out->secure ? 8 : 7);
    *why = origin_authority(rest, strcspn(rest, "/?#"), out);
    return *why == NULL;
}

/* Splits "host:port" at the colon behind the host; port 0 = none named. False when malformed. */
static bool origin_split(const char *text, size_t *host, uint16_t *port)
{
    bool below = text[0] == '.';

    *host = origin_host_size(text + below);
    *port = 0;
    if (*host == 0) {
        return false;
    }
    *host += below;
    if (text[*host] == '\0') {
        return true;
    }
    *port = text[*host] == ':' ? origin_port(text + *host + 1, strlen(text + *host + 1)) : 0;
    return *port != 0;
}

bool gen_origin_pattern(const char *text)
{
    size_t host = 0;
    uint16_t port = 0;

    if (text == NULL || strnlen(text, GEN_ORIGIN_HOST + 1) > GEN_ORIGIN_HOST ||
        !origin_split(text, &host, &port)) {
        return false;
    }
    for (size_t i = 0; i < host; i++) {
        if (text[i] >= 'A' && text[i] <= 'Z') {
            return false;
        }
    }
    /* ".com" would hand credentials to a whole top-level domain. */
    return text[0] != '.' || (text[1] != '[' && memchr(text + 1, '.', host - 1) != NULL);
}

static bool origin_matches(const struct gen_origin *origin, const char *pattern)
{
    size_t have = strlen(origin->host);
    uint16_t usual = origin->secure ? ORIGIN_HTTPS : ORIGIN_HTTP;
    size_t host = 0;
    uint16_t port = 0;

    if (!origin_split(pattern, &host, &port) || origin->port != (port != 0 ? port : usual)) {
        return false;
    }
    if (pattern[0] == '.') {
        return have > host && memcmp(origin->host + have - host, pattern, host) == 0;
    }
    return have == host && memcmp(origin->host, pattern, host) == 0;
}

bool gen_origin_declared(const struct gen_origin *origin, const char *const *hosts)
{
    if (hosts == NULL || (!origin->secure && !origin->loopback)) {
        return false;
    }
    for (; *hosts != NULL; hosts++) {
        if (origin_matches(origin, *hosts)) {
            return true;
        }
    }
    return false;
}
