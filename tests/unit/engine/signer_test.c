/* signer_test.c - what stands on a signed request, how often a token server is asked, and what a wrong
 * clock does. A real HTTP client; token server, clock and secrets are the test's. */
#include "engine/signer.h"

#include "base/json.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/loop.h"
#include "scripted.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define NOW INT64_C(1800000000000) /* 2027-01-15 */

struct bench {
    struct gen_loop *loop;
    struct gen_http_client *http;
    struct gen_keyring *keyring;
    struct gen_signer *signer;
    struct gen_clock clock;
    gen_moment now;
    struct scripted server;
    char url[64], *account;
    struct gen_error err;
};

struct signed_request {
    bool ended;
    enum gen_status status;
    char name[64], value[2000], message[GEN_ERROR_MESSAGE_SIZE];
};

static gen_moment bench_now(void *context)
{
    return ((struct bench *)context)->now;
}

static int64_t bench_monotonic(void *context)
{
    return ((struct bench *)context)->now;
}

/* The secrets of the test: a store that stands in front of files and environment. */
static enum gen_status bench_secret(void *context, const char *name, char *out, size_t room,
                                    size_t *size, struct gen_error *err)
{
    struct bench *bench = context;
    const char *text = strcmp(name, "runway") == 0        ? "key-of-runway"
                       : strcmp(name, "kling-access") == 0 ? "access-1"
                       : strcmp(name, "kling-secret") == 0 ? "s3cret"
                       : strcmp(name, "google") == 0       ? bench->account
                       : strcmp(name, "lines") == 0        ? "a\nb"
                                                           : NULL;

    (void)err;
    if (text == NULL) {
        return GEN_ENOTFOUND;
    }
    *size = strlen(text);
    cr_assert(lt(sz, *size, room));
    memcpy(out, text, *size);
    return GEN_OK;
}

static void bench_account(struct bench *bench)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *map = gen_node_map(arena);
    struct gen_bytes pem;

    gen_bytes_init(&pem, 100000);
    cr_assert(eq(int, gen_files_read(GEN_SOURCE_DIR "/tests/data/signing/account.pem", &pem,
                                     &bench->err), GEN_OK));
    gen_node_set(arena, map, "type", gen_node_string(arena, "service_account"));
    gen_node_set(arena, map, "client_email", gen_node_string(arena, "gen@project.example"));
    gen_node_set(arena, map, "private_key_id", gen_node_string(arena, "k1"));
    gen_node_set(arena, map, "private_key", gen_node_string_sized(arena, pem.data, pem.size));
    gen_node_set(arena, map, "token_uri", gen_node_string(arena, bench->url));
    bench->account = strdup(gen_json_text(arena, map, NULL));
    gen_bytes_fini(&pem);
    gen_arena_destroy(arena);
}

static void bench_open(struct bench *bench)
{
    struct gen_keyring_source source = {bench_secret, bench};
    static const char *const nothing[] = {NULL};
    struct gen_keyring_options keyring = {.first = &source, .folder = "/nowhere",
                                          .environment = nothing};
    struct gen_signer_options options;

    bench->now = NOW;
    bench->clock = (struct gen_clock){bench_now, bench_monotonic, bench};
    cr_assert(eq(int, gen_crypto_init(&bench->err), GEN_OK));
    scripted_open(&bench->server);
    snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%d/token", bench->server.port);
    bench_account(bench);
    cr_assert(eq(int, gen_loop_create(&bench->loop, &bench->err), GEN_OK));
    cr_assert(eq(int, gen_http_client_create(bench->loop, &bench->http, &bench->err), GEN_OK));
    cr_assert(eq(int, gen_keyring_create(&keyring, &bench->keyring, &bench->err), GEN_OK));
    options = (struct gen_signer_options){.http = bench->http, .clock = &bench->clock,
                                          .keyring = bench->keyring};
    cr_assert(eq(int, gen_signer_create(&options, &bench->signer, &bench->err), GEN_OK));
}

static void bench_close(struct bench *bench)
{
    gen_signer_destroy(bench->signer);
    gen_http_client_destroy(bench->http);
    gen_keyring_destroy(bench->keyring);
    gen_loop_destroy(bench->loop);
    scripted_close(&bench->server);
    free(bench->account);
}

static void on_signed(void *context, enum gen_status status, const struct gen_error *err,
                      const char *name, const char *value)
{
    struct signed_request *out = context;

    cr_assert(not(out->ended));
    out->ended = true;
    out->status = status;
    snprintf(out->name, sizeof out->name, "%s", name);
    snprintf(out->value, sizeof out->value, "%s", value);
    snprintf(out->message, sizeof out->message, "%s", err->message);
}

static void bench_sign(struct bench *bench, const struct gen_signing_order *order,
                       struct signed_request *out)
{
    memset(out, 0, sizeof *out);
    gen_signer_sign(bench->signer, order, on_signed, out);
    while (!out->ended) {
        gen_loop_turn(bench->loop);
    }
}

/* ---------------------------------------------------------------------------------- plain keys -- */

static size_t never_asked(void *context, int count, const char *request, char *out)
{
    (void)context;
    (void)count;
    (void)request;
    return scripted_put(out, 500, "", "nobody should ask");
}

struct plain {
    struct gen_hosted_credential credential;
    const char *secret;
    enum gen_status status;
    const char *name, *value; /* or the message's piece */
};

Test(signer, keys)
{
    static const struct plain rows[] = {
        {{.signing = GEN_SIGNING_HEADER, .name = "key", .header = "x-api-key", .prefix = "",
          .hint = ""}, "runway", GEN_OK, "x-api-key", "key-of-runway"},
        {{.signing = GEN_SIGNING_HEADER, .name = "key", .header = "Authorization", .prefix = "Key ",
          .hint = ""}, "runway", GEN_OK, "Authorization", "Key key-of-runway"},
        {{.signing = GEN_SIGNING_BEARER, .name = "key", .header = "", .prefix = "", .hint = ""},
         "runway", GEN_OK, "authorization", "Bearer key-of-runway"},
        {{.signing = GEN_SIGNING_BEARER, .name = "key", .header = "", .prefix = "",
          .hint = "https://vendor.example/keys"}, "absent", GEN_ENOTFOUND, "",
         "credential \"absent\" is not set: use gen secret set absent, or put the key into /nowhere/absent "
         "(chmod 600), or set GEN_CREDENTIAL_ABSENT. Where to get it: https://vendor.example/keys"},
        /* a header cannot carry it */
        {{.signing = GEN_SIGNING_BEARER, .name = "key", .header = "", .prefix = "", .hint = ""},
         "lines", GEN_EINVAL, "", "has several lines"},
        {{.signing = GEN_SIGNING_JWT_HS256, .name = "key", .header = "", .prefix = "", .hint = "",
          .lifetime_s = 1800}, "absent", GEN_ENOTFOUND, "", "credential \"absent\" is not set"},
    };
    struct bench bench = {.server = {.answer = never_asked}};
    struct signed_request out;

    bench_open(&bench);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_signing_order order = {.provider = "p", .credential = &rows[i].credential,
                                          .secrets = {rows[i].secret, rows[i].secret}};

        bench_sign(&bench, &order, &out);
        cr_expect(eq(int, out.status, rows[i].status), "row %zu: %s", i, out.message);
        cr_expect(eq(str, out.name, (char *)rows[i].name), "row %zu", i);
        cr_expect(rows[i].status == GEN_OK ? strcmp(out.value, rows[i].value) == 0
                                           : strstr(out.message, rows[i].value) != NULL,
                  "row %zu: %s%s", i, out.value, out.message);
        /* a key is the same each time, so sending it again is of no use; one that is missing, too */
        cr_expect(eq(int, gen_signer_refused(bench.signer, &order, NULL), 0));
    }
    cr_expect(eq(int, scripted_count(&bench.server), 0));
    bench_close(&bench);
}

/* --------------------------------------------------------------------------------- own tokens -- */

static const struct gen_hosted_credential kling = {
    .signing = GEN_SIGNING_JWT_HS256, .name = "key", .header = "", .prefix = "", .token_url = "",
    .scope = "", .hint = "", .lifetime_s = 1800};

/* Value of a claim of a token of the form "Bearer HEADER.CLAIMS.SIGNATURE"; the name has no escapes. */
static int64_t claim_of(const char *value, const char *claim)
{
    const char *at = strchr(value, '.') + 1;
    char text[1000] = "", name[40];
    size_t size = strcspn(at, "."), out = 0;
    uint32_t bits = 0;

    for (size_t i = 0; i < size; i++) {
        static const char digits[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        bits = (bits << 6) | (uint32_t)(strchr(digits, at[i]) - digits);
        if (i % 4 != 0) {
            text[out++] = (char)(bits >> (6 - 2 * (i % 4)));
        }
    }
    snprintf(name, sizeof name, "\"%s\":", claim);
    at = strstr(text, name);
    cr_assert(ne(ptr, (void *)at, NULL), "%s", text);
    return strtoll(at + strlen(name), NULL, 10);
}

Test(signer, own_tokens)
{
    struct gen_signing_order order = {.provider = "kling", .credential = &kling,
                                      .secrets = {"kling-access", "kling-secret"}};
    struct bench bench = {.server = {.answer = never_asked}};
    struct signed_request first, again;

    bench_open(&bench);
    bench_sign(&bench, &order, &first);
    cr_assert(eq(int, first.status, GEN_OK), "%s", first.message);
    cr_expect(eq(str, first.name, "authorization"));
    cr_expect(eq(int, strncmp(first.value, "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", 44), 0));
    cr_expect(eq(i64, claim_of(first.value, "exp"), NOW / 1000 + 1800));
    cr_expect(eq(i64, claim_of(first.value, "nbf"), NOW / 1000 - 5));
    bench.now += (1800 - 300) * 1000 - 1; /* kept until five minutes before its end */
    bench_sign(&bench, &order, &again);
    cr_expect(eq(str, first.value, again.value));
    bench.now += 1;
    bench_sign(&bench, &order, &again);
    cr_expect(ne(str, first.value, again.value));
    cr_expect(eq(i64, claim_of(again.value, "exp"), bench.now / 1000 + 1800));
    /* forgotten when the secrets are */
    bench.now += 1000;
    gen_signer_forget(bench.signer);
    bench_sign(&bench, &order, &first);
    cr_expect(ne(str, first.value, again.value));
    bench_close(&bench);
}

struct skew {
    const char *date;
    int64_t seconds; /* that the next token's clock differs from ours */
};

/* 2027-01-15T08:00:00Z is now. */
Test(signer, another_clock)
{
    static const struct skew rows[] = {
        {"Fri, 15 Jan 2027 08:10:00 GMT", 600},
        {"Fri, 15 Jan 2027 07:00:00 GMT", -3600},
        {"Fri, 15 Jan 2027 08:00:01 GMT", -3600}, /* see below: each row stands on the one before */
        {"nonsense", 1},
        {NULL, 1},
    };
    struct gen_signing_order order = {.provider = "kling", .credential = &kling,
                                      .secrets = {"kling-access", "kling-secret"}};
    struct bench bench = {.server = {.answer = never_asked}};
    struct signed_request out;

    bench_open(&bench);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        int64_t expected = i == 2 ? 1 : rows[i].seconds;

        bench_sign(&bench, &order, &out);
        cr_expect(gen_signer_refused(bench.signer, &order, rows[i].date));
        bench_sign(&bench, &order, &out);
        cr_expect(eq(i64, claim_of(out.value, "nbf"), NOW / 1000 - 5 + expected), "row %zu", i);
    }
    bench_close(&bench);
}

/* ------------------------------------------------------------------------------ fetched tokens -- */

static const struct gen_hosted_credential vertex = {
    .signing = GEN_SIGNING_SERVICE_ACCOUNT, .name = "vertex", .header = "", .prefix = "",
    .token_url = "", .scope = "https://www.example/auth/cloud-platform", .hint = ""};

static const struct gen_signing_order vertex_order = {
    .provider = "veo", .credential = &vertex, .secrets = {"google", NULL}, .loopback_http = true};

static size_t hand_out(void *context, int count, const char *request, char *out)
{
    char body[200];

    (void)context;
    if (strncmp(request, "POST /token HTTP/1.1\r\n", 22) != 0 ||
        strstr(request, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&"
                        "assertion=eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0.") == NULL) {
        return scripted_put(out, 400, "", "{\"error\":\"invalid_request\"}");
    }
    snprintf(body, sizeof body,
             "{\"access_token\":\"token-%d\",\"expires_in\":3600,\"token_type\":\"Bearer\"}", count);
    return scripted_put(out, 200, "", body);
}

Test(signer, fetched_tokens_are_shared_and_kept)
{
    struct bench bench = {.server = {.answer = hand_out}};
    struct signed_request out[20] = {0};

    bench_open(&bench);
    for (size_t i = 0; i < GEN_COUNT(out); i++) { /* all at once: one exchange */
        gen_signer_sign(bench.signer, &vertex_order, on_signed, &out[i]);
        cr_expect(not(out[i].ended));
    }
    while (!out[GEN_COUNT(out) - 1].ended) {
        gen_loop_turn(bench.loop);
    }
    for (size_t i = 0; i < GEN_COUNT(out); i++) {
        cr_expect(out[i].ended && strcmp(out[i].value, "Bearer token-1") == 0, "%s", out[i].message);
    }
    bench.now += (3600 - 300) * 1000 - 1;
    bench_sign(&bench, &vertex_order, &out[0]);
    cr_expect(eq(str, out[0].value, "Bearer token-1"));
    bench.now += 1;
    bench_sign(&bench, &vertex_order, &out[0]);
    cr_expect(eq(str, out[0].value, "Bearer token-2"));
    /* refused by the provider: another one */
    cr_expect(gen_signer_refused(bench.signer, &vertex_order, NULL));
    bench_sign(&bench, &vertex_order, &out[0]);
    cr_expect(eq(str, out[0].value, "Bearer token-3"));
    cr_expect(eq(int, scripted_count(&bench.server), 3));
    bench_close(&bench);
}

struct unwell {
    int status;
    const char *headers, *body;
    enum gen_status comes_to;
    const char *says;
    int asked;
};

static const struct unwell unwell_rows[] = {
    {400, "", "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}",
     GEN_EDENIED, "credential of veo/vertex: the token server answers with 400: Invalid JWT Signature.",
     1},
    {403, "", "no", GEN_EDENIED, "answers with 403", 1},
    {503, "", "", GEN_EUNREACHABLE, "answers with 503", 1},
    {429, "", "", GEN_EUNREACHABLE, "answers with 429", 1},
    {200, "", "{}", GEN_EUNREACHABLE, "answers with 200", 1},
    {302, "Location: http://127.0.0.1:1/\r\n", "", GEN_EUNREACHABLE, "answers with 302", 1},
    {0, "", "", GEN_EUNREACHABLE, "the token server cannot be asked: ", 1},
    /* refused with a Date far from ours: once more with that clock, and no third time */
    {400, "Date: Fri, 15 Jan 2027 09:00:00 GMT\r\n", "{\"error\":\"invalid_grant\"}", GEN_EDENIED,
     "answers with 400: invalid_grant", 2},
    {400, "Date: Fri, 15 Jan 2027 08:00:01 GMT\r\n", "{\"error\":\"invalid_grant\"}", GEN_EDENIED,
     "answers with 400: invalid_grant", 1},
};

static size_t be_unwell(void *context, int count, const char *request, char *out)
{
    const struct unwell *row = context;

    (void)count;
    (void)request;
    return row->status == 0 ? 0 : scripted_put(out, row->status, row->headers, row->body);
}

Test(signer, token_servers_that_refuse)
{
    for (size_t i = 0; i < GEN_COUNT(unwell_rows); i++) {
        struct bench bench = {.server = {.answer = be_unwell, .context = (void *)&unwell_rows[i]}};
        struct signed_request out;

        bench_open(&bench);
        bench_sign(&bench, &vertex_order, &out);
        cr_expect(eq(int, out.status, unwell_rows[i].comes_to), "row %zu: %s", i, out.message);
        cr_expect(ne(ptr, strstr(out.message, unwell_rows[i].says), NULL), "row %zu: %s", i,
                  out.message);
        cr_expect(eq(int, scripted_count(&bench.server), unwell_rows[i].asked), "row %zu", i);
        cr_expect(eq(ptr, strstr(out.message, "PRIVATE"), NULL));
        bench_close(&bench);
    }
}

static size_t mind_the_clock(void *context, int count, const char *request, char *out)
{
    const char *claim = strstr(request, "assertion=");
    char value[4000];

    (void)context;
    (void)count;
    snprintf(value, sizeof value, "Bearer %s", claim + 10);
    if (claim_of(value, "iat") != NOW / 1000 + 3600) {
        return scripted_put(out, 400, "Date: Fri, 15 Jan 2027 09:00:00 GMT\r\n",
                            "{\"error\":\"invalid_grant\"}");
    }
    return scripted_put(out, 200, "", "{\"access_token\":\"good\",\"expires_in\":3599}");
}

Test(signer, a_token_server_with_another_clock)
{
    struct bench bench = {.server = {.answer = mind_the_clock}};
    struct signed_request out;

    bench_open(&bench);
    bench_sign(&bench, &vertex_order, &out);
    cr_expect(eq(str, out.value, "Bearer good"));
    cr_expect(eq(int, scripted_count(&bench.server), 2));
    bench_close(&bench);
}

/* Not on this machine, unless the policies say so; not over plain http elsewhere. */
Test(signer, where_token_servers_may_be)
{
    struct gen_signing_order order = vertex_order;
    struct bench bench = {.server = {.answer = hand_out}};
    struct signed_request out;

    bench_open(&bench);
    order.loopback_http = false;
    bench_sign(&bench, &order, &out);
    cr_expect(eq(int, out.status, GEN_EDENIED), "%s", out.message);
    cr_expect(eq(int, scripted_count(&bench.server), 0));
    bench_close(&bench);
}

/* Stopped in the middle: everybody is told, nothing leaks, nothing is called later. */
Test(signer, stopped_in_the_middle)
{
    struct bench bench = {.server = {.answer = hand_out}};
    struct signed_request out[3] = {0};

    bench_open(&bench);
    for (size_t i = 0; i < 3; i++) {
        gen_signer_sign(bench.signer, &vertex_order, on_signed, &out[i]);
    }
    gen_loop_poll(bench.loop);
    gen_signer_destroy(bench.signer);
    bench.signer = NULL;
    for (size_t i = 0; i < 3; i++) {
        cr_expect(out[i].ended && out[i].status == GEN_ECANCELED);
    }
    bench_close(&bench);
}
