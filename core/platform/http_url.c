/* http_url.c - see http_url.h. */
#include "platform/http_url.h"

#include "platform/address.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

enum gen_status gen_http_url_check(const char *url, bool plain, struct gen_error *err)
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    enum gen_status status = GEN_OK;
    CURLUcode code;

    if (parts == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for a URL");
    }
    code = curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER);
    if (code == CURLUE_OK) {
        code = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
    }
    if (code == CURLUE_OUT_OF_MEMORY) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory for a URL");
    } else if (code != CURLUE_OK) {
        status = gen_error_set(err, GEN_EINVAL, "malformed URL: %s", curl_url_strerror(code));
    } else if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) {
        status = gen_error_set(err, GEN_EINVAL, "a URL must begin with https://, not %s://",
                               scheme);
    } else if (strcmp(scheme, "http") == 0 && !plain) {
        status = gen_error_set(err, GEN_EDENIED, "plain http is not allowed here, use https");
    }
    curl_free(scheme);
    curl_url_cleanup(parts);
    return status;
}

bool gen_http_url_host(const char *url, char *out, size_t size)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    bool found = parts != NULL &&
                 curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
                 curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK && strlen(host) < size;

    out[0] = '\0';
    if (found) {
        for (size_t i = 0; i <= strlen(host); i++) {
            out[i] = (char)(host[i] >= 'A' && host[i] <= 'Z' ? host[i] - 'A' + 'a' : host[i]);
        }
    }
    curl_free(host);
    curl_url_cleanup(parts);
    return found;
}

/* The host, without the brackets of an IPv6 address. */
static bool url_bare_host(const char *url, char *out, size_t size)
{
    size_t length;

    if (!gen_http_url_host(url, out, size)) {
        return false;
    }
    length = strlen(out);
    if (length > 2 && out[0] == '[' && out[length - 1] == ']') {
        memmove(out, out + 1, length);
        out[length - 2] = '\0';
    }
    return true;
}

bool gen_http_url_loopback(const char *url)
{
    char host[256];

    return url_bare_host(url, host, sizeof host) &&
           (strcmp(host, "localhost") == 0 || gen_address_text_loopback(host));
}

bool gen_http_url_private(const char *url)
{
    char host[256];
    size_t digits;

    if (!url_bare_host(url, host, sizeof host)) {
        return false;
    }
    digits = strspn(host, "0123456789.");
    return (host[digits] == '\0' || strchr(host, ':') != NULL) && !gen_address_text_public(host);
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
    char *of_a = NULL;
    char *of_b = NULL;
    bool same = curl_url_get(a, part, &of_a, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                curl_url_get(b, part, &of_b, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                strcasecmp(of_a, of_b) == 0;

    curl_free(of_a);
    curl_free(of_b);
    return same;
}

bool gen_http_url_same_origin(const char *one, const char *other)
{
    CURLU *a = curl_url();
    CURLU *b = curl_url();
    bool same = a != NULL && b != NULL && curl_url_set(a, CURLUPART_URL, one, 0) == CURLUE_OK &&
                curl_url_set(b, CURLUPART_URL, other, 0) == CURLUE_OK &&
                same_part(a, b, CURLUPART_SCHEME) && same_part(a, b, CURLUPART_HOST) &&
                same_part(a, b, CURLUPART_PORT);

    curl_url_cleanup(a);
    curl_url_cleanup(b);
    return same;
}

const char *gen_http_url_through(const char *proxy, const char *reason, struct gen_arena *arena)
{
    const char *host = strstr(proxy, "://");
    const char *at = strrchr(proxy, '@');
    const char *text;

    if (host == NULL) {
        return reason;
    }
    host += strlen("://");
    text = gen_arena_printf(arena, "through the proxy %.*s%s: %s", (int)(host - proxy), proxy,
                            at == NULL ? host : at + 1, reason);
    return text == NULL ? reason : text;
}
