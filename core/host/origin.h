/* origin.h - where a request goes: scheme, host and port of a URL, and whether a provider declared it.
 *
 * Credentials follow this answer, so the reading is narrow: what two readers of URLs could take for
 * different hosts (user information, backslashes, characters outside ASCII, escapes in the host) is
 * refused. It resolves no names; which addresses may be reached is platform/address.h's matter.
 *
 * Thread: [any]. Floor: host. Tests: tests/unit/host/origin_test.c
 */
#ifndef GEN_HOST_ORIGIN_H
#define GEN_HOST_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GEN_ORIGIN_URL = 8192, /* longest URL, in bytes */
    GEN_ORIGIN_HOST = 253, /* longest host */
    GEN_ORIGIN_HOSTS = 64, /* most hosts a provider declares */
};

struct gen_origin {
    bool secure;                    /* https */
    bool loopback;                  /* 127.x.x.x, [::1] or localhost */
    uint16_t port;                  /* the scheme's own where the URL names none */
    char host[GEN_ORIGIN_HOST + 1]; /* lower case; an IPv6 address with its brackets */
};

/* Reads an absolute http or https URL. On failure false, and `*why` says what is wrong ("its URL
 * carries user information"). */
bool gen_origin_read(const char *url, struct gen_origin *out, const char **why);

/* Is `text` a host as a provider may declare it: "api.vendor.com", ".vendor.com", "127.0.0.1:8080"? */
bool gen_origin_pattern(const char *text);

/* Is the origin one of the declared hosts (NULL-terminated; NULL = none)? ".vendor.com" stands for
 * every host below it, not for vendor.com itself. A declaration without a port means the scheme's
 * own port; over plain http only the loopback address counts. */
bool gen_origin_declared(const struct gen_origin *origin, const char *const *hosts);

#endif
