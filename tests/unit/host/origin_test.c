/* origin_test.c - what a URL says, what it must not say, and who gets credentials. */
#include "host/origin.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

struct url_case {
    const char *url;
    const char *host; /* NULL = refused, for `why` */
    int port;
    bool secure, loopback;
    const char *why;
};

static const struct url_case url_cases[] = {
    {"https://api.vendor.com/v1?x=1#y", "api.vendor.com", 443, true, false, NULL},
    {"HTTPS://API.Vendor.COM", "api.vendor.com", 443, true, false, NULL},
    {"http://127.0.0.1:8080/", "127.0.0.1", 8080, false, true, NULL},
    {"http://localhost?x", "localhost", 80, false, true, NULL},
    {"http://[::1]:81/", "[::1]", 81, false, true, NULL},
    {"https://[2001:db8::1]/", "[2001:db8::1]", 443, true, false, NULL},
    {"https://127.0.0.1.evil.com/", "127.0.0.1.evil.com", 443, true, false, NULL},
    {"https://127.1/", "127.1", 443, true, false, NULL}, /* short forms are not loopback */
    {"", NULL, 0, 0, 0, "it has no URL"},
    {"/relative", NULL, 0, 0, 0, "its URL is not an absolute http or https URL"},
    {"ftp://host/", NULL, 0, 0, 0, "its URL is not an absolute http or https URL"},
    {"file:///etc/passwd", NULL, 0, 0, 0, "its URL is not an absolute http or https URL"},
    {"https:/host/", NULL, 0, 0, 0, "its URL is not an absolute http or https URL"},
    {"https://", NULL, 0, 0, 0, "its URL has no proper host"},
    {"https:///x", NULL, 0, 0, 0, "its URL has no proper host"},
    {"https://user@api.vendor.com/", NULL, 0, 0, 0, "its URL carries user information"},
    {"https://api.vendor.com@evil.com/", NULL, 0, 0, 0, "its URL carries user information"},
    {"https://api.vendor.com:443@evil.com", NULL, 0, 0, 0, "its URL carries user information"},
    {"https://evil.com\\@api.vendor.com/", NULL, 0, 0, 0,
     "its URL holds a character that must be escaped"},
    {"https://host/a b", NULL, 0, 0, 0, "its URL holds a character that must be escaped"},
    {"https://host/a\r\nX: y", NULL, 0, 0, 0, "its URL holds a character that must be escaped"},
    {"https://h\xC3\xA4user.example/", NULL, 0, 0, 0,
     "its URL holds a character that must be escaped"},
    {"https://api%2evendor.com/", NULL, 0, 0, 0, "its URL has no proper host or port"},
    {"https://host:0/", NULL, 0, 0, 0, "its URL has no proper host or port"},
    {"https://host:65536/", NULL, 0, 0, 0, "its URL has no proper host or port"},
    {"https://host:/", NULL, 0, 0, 0, "its URL has no proper host or port"},
    {"https://host:80x/", NULL, 0, 0, 0, "its URL has no proper host or port"},
    {"https://.host/", NULL, 0, 0, 0, "its URL has no proper host"},
    {"https://[::1/", NULL, 0, 0, 0, "its URL has no proper host"},
    {"https://[::1]x/", NULL, 0, 0, 0, "its URL has no proper host or port"},
};

Test(origin, urls)
{
    for (size_t i = 0; i < sizeof(url_cases) / sizeof(url_cases[0]); i++) {
        const struct url_case *row = &url_cases[i];
        struct gen_origin origin;
        const char *why = NULL;
        bool read = gen_origin_read(row->url, &origin, &why);

        cr_assert(eq(int, read, row->host != NULL), "%s: %s", row->url, why);
        if (row->host == NULL) {
            cr_expect(eq(str, (char *)why, (char *)row->why), "%s", row->url);
            continue;
        }
        cr_expect(eq(str, origin.host, (char *)row->host));
        cr_expect(eq(int, origin.port, row->port), "%s", row->url);
        cr_expect(eq(int, origin.secure, row->secure));
        cr_expect(eq(int, origin.loopback, row->loopback), "%s", row->url);
    }
}

Test(origin, longest_url)
{
    static char url[GEN_ORIGIN_URL + 2];
    struct gen_origin origin;
    const char *why = NULL;

    memset(url, 'a', sizeof(url) - 1);
    memcpy(url, "https://host/", 13);
    cr_expect(not(gen_origin_read(url, &origin, &why)));
    cr_expect(eq(str, (char *)why, "its URL is longer than 8192 bytes"));
    url[GEN_ORIGIN_URL] = '\0';
    cr_expect(gen_origin_read(url, &origin, &why));
    cr_expect(not(gen_origin_read(NULL, &origin, &why)));
}

Test(origin, patterns)
{
    static const char *const good[] = {"api.vendor.com", ".vendor.com",    "localhost",
                                       "127.0.0.1:8080", ".vendor.com:88", "[::1]:80"};
    static const char *const bad[] = {"", ".", ".com", "*.vendor.com", "https://vendor.com",
                                      "vendor.com/", "API.vendor.com", "a b", "host:0", "host:",
                                      ".[::1]", "user@host"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        cr_expect(gen_origin_pattern(good[i]), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_expect(not(gen_origin_pattern(bad[i])), "%s", bad[i]);
    }
    cr_expect(not(gen_origin_pattern(NULL)));
}

struct host_case {
    const char *url;
    bool declared;
};

/* against api.vendor.com, .cdn.vendor.com, alt.vendor.com:8443, 127.0.0.1:4000 */
static const struct host_case host_cases[] = {
    {"https://api.vendor.com/x", true},
    {"https://API.VENDOR.COM/x", true},
    {"https://api.vendor.com:443/x", true},
    {"https://api.vendor.com:8443/x", false}, /* another port is another service */
    {"http://api.vendor.com/x", false},       /* the credential would travel in the clear */
    {"https://evilapi.vendor.com/x", false},
    {"https://api.vendor.com.evil.com/x", false},
    {"https://vendor.com/", false},
    {"https://a.cdn.vendor.com/", true},
    {"https://a.b.cdn.vendor.com/", true},
    {"https://cdn.vendor.com/", false}, /* only what is below */
    {"https://evilcdn.vendor.com/", false},
    {"https://alt.vendor.com:8443/", true},
    {"https://alt.vendor.com/", false},
    {"http://127.0.0.1:4000/", true}, /* plain http stays on this machine */
    {"http://127.0.0.1:4001/", false},
    {"https://api.vendor.com./x", false}, /* another name to TLS */
};

Test(origin, declared)
{
    static const char *const hosts[] = {"api.vendor.com", ".cdn.vendor.com", "alt.vendor.com:8443",
                                        "127.0.0.1:4000", NULL};

    for (size_t i = 0; i < sizeof(host_cases) / sizeof(host_cases[0]); i++) {
        struct gen_origin origin;
        const char *why = NULL;

        cr_assert(gen_origin_read(host_cases[i].url, &origin, &why), "%s", host_cases[i].url);
        cr_expect(eq(int, gen_origin_declared(&origin, hosts), host_cases[i].declared), "%s",
                  host_cases[i].url);
        cr_expect(not(gen_origin_declared(&origin, NULL)));
    }
}
