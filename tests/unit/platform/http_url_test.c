/* http_url_test.c - core/platform/http_url.c: what may be asked, and what is one origin. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "platform/http_url.h"

#include <string.h>

Test(http_url, judges_urls)
{
    static const struct {
        const char *url;
        bool plain;
        enum gen_status status;
    } CASES[] = {
        {"https://example.com", false, GEN_OK},
        {"HTTPS://EXAMPLE.com:8443/a/../b?c=d#e", false, GEN_OK},
        {"https://[2001:db8::1]:443/", false, GEN_OK},
        {"http://example.com/", true, GEN_OK},
        {"http://example.com/", false, GEN_EDENIED},
        {"", true, GEN_EINVAL},
        {"example.com", true, GEN_EINVAL}, /* no scheme is guessed */
        {"/path", true, GEN_EINVAL},
        {"https://", true, GEN_EINVAL},
        {"https:///path", true, GEN_OK}, /* curl reads three slashes as two: the host is "path" */
        {"https://user@example.com/", true, GEN_EINVAL},
        {"https://user:word@example.com/", true, GEN_EINVAL},
        {"https://example.com:0x50/", true, GEN_EINVAL},
        {"https://example.com:65536/", true, GEN_EINVAL},
        {"https://exa mple.com/", true, GEN_EINVAL},
        {"https://example.com/a b", true, GEN_EINVAL},
        {"https://example.com/\n", true, GEN_EINVAL},
        {"https://example.com/\x7f", true, GEN_EINVAL},
        {"ftp://example.com/", true, GEN_EINVAL},
        {"file:///etc/passwd", true, GEN_EINVAL},
        {"gopher://example.com/", true, GEN_EINVAL},
        {"javascript:alert(1)", true, GEN_EINVAL},
        {NULL, false, GEN_OK},
    };

    for (size_t i = 0; CASES[i].url != NULL; i++) {
        struct gen_error err = {0};
        enum gen_status status = gen_http_url_check(CASES[i].url, CASES[i].plain, &err);

        cr_expect(status == CASES[i].status, "%s: %d %s", CASES[i].url, status, err.message);
        cr_expect(status == GEN_OK || strlen(err.message) > 0);
        cr_expect(strstr(err.message, "word") == NULL, "credentials are not told");
    }
}

Test(http_url, tells_the_host_as_curl_will_see_it)
{
    static const struct {
        const char *url, *host; /* NULL: refused */
    } CASES[] = {
        {"https://API.Example.com:8443/x", "api.example.com"},
        {"https:///path", "path"},
        {"https://[2001:DB8::1]/", "[2001:db8::1]"},
        {"https://2130706433/", "127.0.0.1"},
        {"https://a.example\\@b.example/", NULL},
        {"https://a.example#@b.example/", "a.example"},
        {"https://user@b.example/", NULL},
        {"https://a-host-that-does-not-fit.example/", NULL},
        {"nonsense", NULL},
        {NULL, NULL},
    };

    for (size_t i = 0; CASES[i].url != NULL; i++) {
        char host[32] = "?";
        bool good = gen_http_url_host(CASES[i].url, host, sizeof host);

        cr_expect(good == (CASES[i].host != NULL), "%s: %s", CASES[i].url, host);
        cr_expect(strcmp(host, good ? CASES[i].host : "") == 0, "%s: %s", CASES[i].url, host);
    }
}

Test(http_url, an_origin_is_scheme_host_and_port)
{
    static const struct {
        const char *one, *other;
        bool same;
    } CASES[] = {
        {"https://a.example/x", "https://a.example/y?z", true},
        {"https://a.example/", "https://A.EXAMPLE/", true},
        {"https://a.example/", "https://a.example:443/", true},
        {"http://a.example/", "http://a.example:80/", true},
        {"https://a.example/", "https://b.example/", false},
        {"https://a.example/", "https://a.example.evil/", false},
        {"https://a.example/", "https://a.example:8443/", false},
        {"https://a.example/", "http://a.example/", false},
        {"https://a.example:80/", "http://a.example:80/", false},
        {"https://a.example/", "nonsense", false},
        {"", "", false},
        {NULL, NULL, false},
    };

    for (size_t i = 0; CASES[i].one != NULL; i++) {
        cr_expect(gen_http_url_same_origin(CASES[i].one, CASES[i].other) == CASES[i].same, "%s, %s",
                  CASES[i].one, CASES[i].other);
        cr_expect(gen_http_url_same_origin(CASES[i].other, CASES[i].one) == CASES[i].same);
    }
}

Test(http_url, this_machine_and_private_ones)
{
    static const struct {
        const char *url;
        bool loopback, private;
    } rows[] = {
        {"http://127.0.0.1:8080/x", true, true},
        {"http://LOCALHOST/", true, false}, /* a name: nothing is resolved */
        {"http://[::1]:1/", true, true},
        {"https://169.254.169.254/latest/meta-data", false, true},
        {"https://[fd00::1]/", false, true},
        {"https://10.0.0.1/", false, true},
        {"https://2130706433/", true, true}, /* curl reads it as 127.0.0.1 */
        {"https://0x7f.1/", true, true},
        {"https://8.8.8.8/", false, false},
        {"https://127.0.0.1.example/", false, false},
        {"https://localhost.example/", false, false},
        {"https://api.example/", false, false},
        {"nonsense", false, false},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        cr_expect(gen_http_url_loopback(rows[i].url) == rows[i].loopback, "%s", rows[i].url);
        cr_expect(gen_http_url_private(rows[i].url) == rows[i].private, "%s", rows[i].url);
    }
}
