/* errand_test.c - requests as they really leave: signed, put together, sent again or not, gone on with. A real
 * HTTP client and a server that counts what it reads. */
#include "engine/errand.h"

#include "base/alloc.h"
#include "platform/files.h"
#include "scripted.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sys/stat.h>

struct bench {
    struct gen_loop *loop;
    struct gen_http_client *http;
    struct gen_keyring *keyring;
    struct gen_signer *signer;
    struct gen_errand_world world;
    struct gen_errand_spec spec;
    struct gen_step step;
    struct gen_errand *errand;
    char folder[64], result[96], asset[96], url[96];
    const char *assets[1];
    struct scripted server;
    struct gen_error err;
    /* what came of it */
    bool ended, replied;
    int status;
    char body[8192], reason[300];
    size_t body_size;
    bool extracted, not_sent, auth, complete, too_large;
    int troubles, answers;
    int64_t pause;
    /* of the server */
    char seen[4][4096]; /* the requests' beginnings */
    char whole[SCRIPTED_REQUEST];
};

static const struct gen_hosted_credential key_credential = {
    .signing = GEN_SIGNING_HEADER, .name = "key", .header = "x-api-key", .prefix = "",
    .token_url = "", .scope = "", .hint = ""};
static const struct gen_hosted_credential jwt_credential = {
    .signing = GEN_SIGNING_JWT_HS256, .name = "jwt", .header = "", .prefix = "", .token_url = "",
    .scope = "", .hint = "", .lifetime_s = 1800};

static enum gen_status bench_secret(void *context, const char *name, char *out, size_t room,
                                    size_t *size, struct gen_error *err)
{
    (void)context;
    (void)err;
    (void)room;
    if (strcmp(name, "absent") == 0) {
        return GEN_ENOTFOUND;
    }
    *size = (size_t)sprintf(out, "secret-of-%s", name);
    return GEN_OK;
}

static void on_reply(void *context, const struct gen_reply *reply)
{
    struct bench *bench = context;

    cr_assert(not(bench->ended));
    bench->ended = bench->replied = true;
    bench->status = reply->status;
    bench->extracted = reply->extracted;
    bench->complete = reply->body_complete;
    bench->body_size = reply->body_size;
    snprintf(bench->body, sizeof bench->body, "%s", reply->body);
}

static void on_failed(void *context, const struct gen_errand_failure *failure)
{
    struct bench *bench = context;

    cr_assert(not(bench->ended));
    bench->ended = true;
    bench->not_sent = failure->not_sent;
    bench->auth = failure->auth;
    bench->too_large = failure->too_large;
    snprintf(bench->reason, sizeof bench->reason, "%s", failure->reason);
}

static void on_news(void *context, const char *provider, enum gen_errand_news news, int64_t took_ms,
                    int64_t pause_ms, const char *reason)
{
    struct bench *bench = context;

    (void)reason;
    (void)took_ms;
    cr_expect(eq(str, (char *)provider, "studio"));
    bench->troubles += news == GEN_ERRAND_TROUBLE;
    bench->answers += news == GEN_ERRAND_ANSWERED;
    bench->pause = pause_ms;
}

/* Keeps what was asked; the tests' functions call it first. */
static void keep(struct bench *bench, int count, const char *request)
{
    if (count <= 4) {
        snprintf(bench->seen[count - 1], sizeof bench->seen[0], "%s", request);
    }
    memcpy(bench->whole, request, SCRIPTED_REQUEST);
}

typedef size_t answer_call(void *context, int count, const char *request, char *out);

static void bench_rooms(struct bench *bench)
{
    struct gen_keyring_source source = {bench_secret, bench};
    static const char *const nothing[] = {NULL};
    struct gen_keyring_options keyring = {.first = &source, .folder = "/nowhere",
                                          .environment = nothing};
    struct gen_signer_options signing;

    cr_assert(eq(int, gen_crypto_init(&bench->err), GEN_OK));
    cr_assert(eq(int, gen_loop_create(&bench->loop, &bench->err), GEN_OK));
    cr_assert(eq(int, gen_http_client_create(bench->loop, &bench->http, &bench->err), GEN_OK));
    cr_assert(eq(int, gen_keyring_create(&keyring, &bench->keyring, &bench->err), GEN_OK));
    signing = (struct gen_signer_options){.http = bench->http, .clock = gen_clock_real(),
                                          .keyring = bench->keyring};
    cr_assert(eq(int, gen_signer_create(&signing, &bench->signer, &bench->err), GEN_OK));
    bench->world = (struct gen_errand_world){.loop = bench->loop, .http = bench->http,
                                             .signer = bench->signer, .clock = gen_clock_real(),
                                             .random = gen_random_real(), .resume_pause_ms = 1,
                                             .on_news = on_news, .context = bench};
}

static void bench_open(struct bench *bench, answer_call *answer)
{
    memset(bench, 0, sizeof *bench);
    bench->server.answer = answer;
    bench->server.context = bench;
    bench_rooms(bench);
    scripted_open(&bench->server);
    strcpy(bench->folder, "/tmp/gen-errand-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(bench->folder), NULL));
    snprintf(bench->result, sizeof bench->result, "%s/result.bin", bench->folder);
    snprintf(bench->asset, sizeof bench->asset, "%s/asset-0.png", bench->folder);
    snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%d/v1/jobs?secret=1",
             bench->server.port);
    bench->assets[0] = bench->asset;
    bench->step = (struct gen_step){.type = GEN_STEP_IS_HTTP};
    bench->step.as.http.method = "GET";
    bench->step.as.http.url = bench->url;
    bench->step.as.http.credential = "";
    bench->step.as.http.unique_header = "";
    bench->step.as.http.asset = -1;
    bench->step.as.http.declared_host = true;
    bench->spec = (struct gen_errand_spec){.step = &bench->step, .loopback_http = true,
                                           .order = {.provider = "studio",
                                                     .secrets = {"a", "b"}, .loopback_http = true},
                                           .folder = bench->folder, .assets = bench->assets,
                                           .label = "att_1", .on_reply = on_reply,
                                           .on_failed = on_failed, .context = bench};
}

static void bench_run(struct bench *bench)
{
    bench->ended = bench->replied = false;
    cr_assert(eq(int, gen_errand_start(&bench->world, &bench->spec, &bench->errand, &bench->err),
                 GEN_OK), "%s", bench->err.message);
    cr_expect(not(bench->ended));
    while (!bench->ended) {
        gen_loop_turn(bench->loop);
    }
}

static void bench_close(struct bench *bench)
{
    scripted_close(&bench->server); /* first: its thread writes into the bench */
    gen_signer_destroy(bench->signer);
    gen_http_client_destroy(bench->http);
    gen_keyring_destroy(bench->keyring);
    gen_loop_destroy(bench->loop);
    cr_assert(eq(int, gen_files_remove_tree(bench->folder, &bench->err), GEN_OK));
}

static struct bench *bench_new(answer_call *answer)
{
    struct bench *bench = malloc(sizeof *bench);

    cr_assert(ne(ptr, bench, NULL));
    bench_open(bench, answer);
    return bench;
}

static void bench_delete(struct bench *bench)
{
    bench_close(bench);
    free(bench);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ----------------------------------------------------------------------------------- signing -- */

static size_t accept_all(void *context, int count, const char *request, char *out)
{
    keep(context, count, request);
    return scripted_put(out, 200, "X-Thing: 7\r\n", "{\"id\":1}");
}

Test(errand, signed_and_bare)
{
    struct bench *bench = bench_new(accept_all);
    struct gen_step_header header = {"X-API-Key", "the plugin's own"};

    bench_run(bench);
    cr_expect(eq(int, bench->status, 200));
    cr_expect(eq(str, bench->body, "{\"id\":1}"));
    cr_expect(eq(ptr, strcasestr(bench->seen[0], "secret-of"), NULL));
    bench->spec.order.credential = &key_credential;
    bench->step.as.http.headers = &header;
    bench->step.as.http.header_count = 1;
    bench_run(bench);
    cr_expect(ne(ptr, strcasestr(bench->seen[1], "\r\nx-api-key: secret-of-a\r\n"), NULL));
    cr_expect(eq(ptr, strstr(bench->seen[1], "the plugin's own"), NULL));
    cr_expect(eq(int, bench->answers, 2));
    bench_delete(bench);
}

/* Nothing leaves, and a person is told what to do. */
Test(errand, a_missing_credential)
{
    struct bench *bench = bench_new(accept_all);

    bench->spec.order.credential = &key_credential;
    bench->spec.order.secrets[0] = "absent";
    bench_run(bench);
    cr_expect(bench->auth && bench->not_sent && !bench->replied);
    cr_expect(eq(int, strncmp(bench->reason, "credential \"absent\" is not set: use gen secret "
                                             "set absent, or put", 60), 0), "%s", bench->reason);
    bench->world.signer = NULL;
    bench_run(bench);
    cr_expect(bench->auth && bench->not_sent);
    cr_expect(eq(int, scripted_count(&bench->server), 0));
    bench_delete(bench);
}

/* 401 at first, with the clock of the server an hour before ours; or always. */
static size_t refuse_once(void *context, int count, const char *request, char *out)
{
    keep(context, count, request);
    return count == 1 ? scripted_put(out, 401, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "{}")
                      : scripted_put(out, 201, "", "{\"id\":2}");
}

static size_t refuse_all(void *context, int count, const char *request, char *out)
{
    keep(context, count, request);
    return scripted_put(out, 401, "", "{\"error\":\"who are you\"}");
}

struct signing_again {
    answer_call *answer;
    const struct gen_hosted_credential *credential;
    bool costs;
    int requests, status;
};

Test(errand, refused_for_its_signature)
{
    static const struct signing_again rows[] = {
        {refuse_once, &jwt_credential, false, 2, 201},
        {refuse_once, &jwt_credential, true, 2, 201}, /* refused, so nothing was bought */
        {refuse_all, &jwt_credential, true, 2, 401},  /* the plugin hears of it, after one more */
        {refuse_all, &key_credential, true, 1, 401},  /* a key stays the same */
        {refuse_all, NULL, false, 1, 401},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bench *bench = bench_new(rows[i].answer);
        const char *first, *second;

        bench->spec.order.credential = rows[i].credential;
        bench->step.as.http.method = "POST";
        bench->step.as.http.data = "{\"order\":1}";
        bench->step.as.http.data_size = 11;
        bench->step.as.http.costs = rows[i].costs;
        bench_run(bench);
        cr_expect(eq(int, bench->status, rows[i].status), "row %zu", i);
        cr_expect(eq(int, scripted_count(&bench->server), rows[i].requests), "row %zu", i);
        if (rows[i].requests == 2) {
            first = strcasestr(bench->seen[0], "authorization: Bearer ");
            second = strcasestr(bench->seen[1], "authorization: Bearer ");
            cr_assert(first != NULL && second != NULL);
            /* the second stands on the server's clock, when it told */
            cr_expect(eq(int, strncmp(first, second, 200) != 0, rows[i].answer == refuse_once),
                      "row %zu", i);
            cr_expect(ne(ptr, strstr(bench->seen[1], "{\"order\":1}"), NULL));
        }
        bench_delete(bench);
    }
}

static size_t hang_up(void *context, int count, const char *request, char *out)
{
    (void)out;
    keep(context, count, request);
    return 0;
}

/* Read, and no answer: exactly one of it has left, and nobody says that it was not sent. */
Test(errand, what_costs_is_sent_once)
{
    struct bench *bench = bench_new(hang_up);

    bench->step.as.http.method = "POST";
    bench->step.as.http.data = "{}";
    bench->step.as.http.data_size = 2;
    bench->step.as.http.costs = true;
    bench_run(bench);
    cr_expect(not(bench->replied || bench->not_sent || bench->auth));
    cr_expect(eq(int, scripted_count(&bench->server), 1));
    cr_expect(eq(int, bench->troubles, 1));
    bench_delete(bench);
}

static size_t throttle(void *context, int count, const char *request, char *out)
{
    keep(context, count, request);
    return scripted_put(out, 429, "Retry-After: 7\r\n", "{}");
}

Test(errand, news_of_the_pace)
{
    struct bench *bench = bench_new(throttle);

    bench_run(bench);
    cr_expect(bench->status == 429 && bench->pause == 7000);
    cr_expect(eq(int, bench->troubles + bench->answers, 0)); /* says nothing of its health */
    bench->step.as.http.declared_host = false;
    bench->pause = 0;
    bench_run(bench);
    cr_expect(eq(i64, bench->pause, 0)); /* somebody else's server */
    bench_delete(bench);
}

/* ------------------------------------------------------------------------------------ bodies -- */

static void write_asset(struct bench *bench, size_t size)
{
    char *data = malloc(size);

    for (size_t i = 0; i < size; i++) {
        data[i] = (char)(i * 7 + i / 251);
    }
    cr_assert(eq(int, gen_files_write(bench->asset, data, size, 0600, &bench->err), GEN_OK));
    free(data);
}

Test(errand, a_body_of_pieces)
{
    static const size_t sizes[] = {0, 1, 2, 3, 48 * 1024, 48 * 1024 + 1, 300000};

    for (size_t i = 0; i < GEN_COUNT(sizes); i++) {
        struct bench *bench = bench_new(accept_all);
        struct gen_step_piece pieces[] = {
            {.asset = -1, .data = "{\"image\":\"", .data_size = 10},
            {.asset = 0, .base64 = true},
            {.asset = -1, .data = "\"}", .data_size = 2},
        };
        struct gen_bytes bytes;
        char *text = NULL;
        const char *body;

        write_asset(bench, sizes[i]);
        gen_bytes_init(&bytes, 1 << 20);
        cr_assert(eq(int, gen_files_read(bench->asset, &bytes, &bench->err), GEN_OK));
        cr_assert(eq(int, gen_base64_encode(bytes.data, bytes.size, &text), GEN_OK));
        bench->step.as.http.method = "POST";
        bench->step.as.http.pieces = pieces;
        bench->step.as.http.piece_count = GEN_COUNT(pieces);
        bench->step.as.http.costs = true;
        bench_run(bench);
        cr_assert(eq(int, bench->status, 200), "%s", bench->reason);
        body = strstr(bench->whole, "\r\n\r\n") + 4;
        cr_expect(eq(sz, strlen(body), 12 + strlen(text)), "size %zu", sizes[i]);
        cr_expect(strncmp(body, "{\"image\":\"", 10) == 0 &&
                      strncmp(body + 10, text, strlen(text)) == 0 &&
                      strcmp(body + 10 + strlen(text), "\"}") == 0, "size %zu", sizes[i]);
        gen_free(text);
        gen_bytes_fini(&bytes);
        bench_delete(bench);
    }
}

/* Parts of an asset, and one that it has not. */
Test(errand, parts_of_an_asset)
{
    struct bench *bench = bench_new(accept_all);
    struct gen_step_piece piece = {.asset = 0, .from = 2, .length = 3};

    cr_assert(eq(int, gen_files_write(bench->asset, "abcdefgh", 8, 0600, &bench->err), GEN_OK));
    bench->step.as.http.method = "PUT";
    bench->step.as.http.pieces = &piece;
    bench->step.as.http.piece_count = 1;
    bench_run(bench);
    cr_expect(eq(str, strstr(bench->whole, "\r\n\r\n") + 4, "cde"));
    piece.length = 0;
    bench_run(bench);
    cr_expect(eq(str, strstr(bench->whole, "\r\n\r\n") + 4, "cdefgh"));
    piece.length = 7;
    bench_run(bench);
    cr_expect(not(bench->replied));
    cr_expect(bench->not_sent && !bench->auth);
    cr_expect(eq(str, bench->reason, "bytes 2 to 9 of an asset of 8 bytes are asked for"));
    bench->assets[0] = "/nowhere/asset";
    piece.length = 1;
    bench_run(bench);
    cr_expect(not(bench->replied));
    cr_expect(eq(int, scripted_count(&bench->server), 2));
    bench_delete(bench);
}

Test(errand, a_unique_header)
{
    struct bench *bench = bench_new(accept_all);
    char ids[2][37];

    bench->step.as.http.unique_header = "X-Request-Id";
    for (int i = 0; i < 2; i++) {
        const char *at;

        bench_run(bench);
        at = strstr(bench->seen[i], "X-Request-Id: ");
        cr_assert(ne(ptr, (void *)at, NULL));
        snprintf(ids[i], sizeof ids[i], "%s", at + 14);
        cr_expect(ids[i][14] == '4' && strchr("89ab", ids[i][19]) != NULL && ids[i][8] == '-',
                  "%s", ids[i]); /* version 4 */
        cr_expect(eq(sz, strspn(ids[i], "0123456789abcdef-"), 36));
    }
    cr_expect(ne(str, ids[0], ids[1]));
    bench_delete(bench);
}

/* ----------------------------------------------------------------------- results inside JSON -- */

static const char *const video_path[] = {"steps[*].data", NULL};

static size_t hand_over_json(void *context, int count, const char *request, char *out)
{
    char body[8000] = "{\"steps\":[{\"data\":\"";

    keep(context, count, request);
    memset(body + strlen(body), 'A', 4000);
    strcat(body, strstr(request, "?broken") != NULL ? "!\"}]}" : "\"}],\"done\":true}");
    return scripted_put(out, 200, "", body);
}

Test(errand, a_result_inside_json)
{
    struct bench *bench = bench_new(hand_over_json);
    struct stat facts;

    bench->step.as.http.extract = video_path;
    bench_run(bench); /* poll: it is dropped */
    cr_expect(eq(int, bench->status, 200));
    cr_expect(bench->extracted && bench->complete);
    cr_expect(eq(str, bench->body, "{\"steps\":[{\"data\":\"\"}],\"done\":true}"));
    cr_expect(not(exists(bench->result)));
    bench->spec.result = bench->result;
    bench_run(bench); /* fetch */
    cr_expect(bench->extracted);
    cr_assert(eq(int, stat(bench->result, &facts), 0));
    cr_expect(eq(i64, facts.st_size, 3000));
    /* no base64: an error, and no half a file */
    snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%d/?broken", bench->server.port);
    bench_run(bench);
    cr_expect(not(bench->replied || bench->not_sent));
    cr_expect(eq(str, bench->reason, "the text that should be base64 is none"));
    cr_expect(not(exists(bench->result)));
    /* more than may come */
    snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%d/", bench->server.port);
    bench->step.as.http.sink_limit = 2000;
    bench_run(bench);
    cr_expect(not(bench->replied));
    cr_expect(strstr(bench->reason, "more was sent than the ") != NULL, "%s", bench->reason);
    bench_delete(bench);
}

/* ------------------------------------------------------------------------ results that break off -- */

enum { FILE_SIZE = 100000, PIECE = 30000 };

struct breaking {
    const char *validator; /* header line of the first answer */
    const char *range;     /* how the second request begins, NULL = there is none */
    enum { GO_ON, WHOLE, GONE, OTHER_PART, FORBIDDEN } then;
    bool good;
    int requests;
    int status;
};

static const struct breaking breaking_rows[] = {
    {"ETag: \"v1\"\r\n", "if-range: \"v1\"", GO_ON, true, 4, 200},
    {"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
     "if-range: Sun, 06 Nov 1994 08:49:37 GMT", GO_ON, true, 4, 200},
    {"ETag: W/\"v1\"\r\n", NULL, GO_ON, false, 1, 0}, /* a weak tag says nothing about bytes */
    {"", NULL, GO_ON, false, 1, 0},
    {"ETag: \"v1\"\r\nAccept-Ranges: none\r\n", NULL, GO_ON, false, 1, 0},
    {"ETag: \"v1\"\r\n", "if-range: \"v1\"", WHOLE, true, 2, 200}, /* another file by now */
    {"ETag: \"v1\"\r\n", "if-range: \"v1\"", GONE, true, 3, 200},  /* 416, and from the beginning */
    {"ETag: \"v1\"\r\n", "if-range: \"v1\"", OTHER_PART, false, 7, 0},
    {"ETag: \"v1\"\r\n", "if-range: \"v1\"", FORBIDDEN, true, 2, 403}, /* the link has ended */
};

static size_t breaking_row; /* of the test that runs: each runs in a process of its own */

static char file_byte(size_t at)
{
    return (char)('a' + at % 23);
}

/* An answer that promises all of [from, FILE_SIZE) and breaks off after a piece, unless `whole`. */
static size_t breaking_part(char *out, size_t from, bool whole, const char *headers)
{
    size_t promised = FILE_SIZE - from;
    size_t given = whole || promised < PIECE ? promised : PIECE;
    size_t head = (size_t)sprintf(out,
                                  "HTTP/1.1 %d OK\r\nContent-Length: %zu\r\nConnection: close\r\n"
                                  "%s%s", from > 0 ? 206 : 200, promised, headers,
                                  from > 0 ? "" : "\r\n");

    if (from > 0) {
        head += (size_t)sprintf(out + head, "Content-Range: bytes %zu-%d/%d\r\n\r\n", from,
                                FILE_SIZE - 1, FILE_SIZE);
    }
    for (size_t i = 0; i < given; i++) {
        out[head + i] = file_byte(from + i);
    }
    return head + given;
}

static size_t break_off(void *context, int count, const char *request, char *out)
{
    const struct breaking *row = &breaking_rows[breaking_row];
    const char *range = strcasestr(request, "\r\nrange: bytes=");
    size_t from = range == NULL ? 0 : strtoul(range + 15, NULL, 10);

    keep(context, count, request);
    if (count == 1) {
        return breaking_part(out, 0, false, row->validator);
    }
    switch (row->then) {
    case WHOLE:
        return breaking_part(out, 0, true, "ETag: \"v2\"\r\n");
    case GONE:
        return count == 2 ? scripted_put(out, 416, "", "") : breaking_part(out, 0, true, "");
    case OTHER_PART:
        return breaking_part(out, from + 5, true, row->validator);
    case FORBIDDEN:
        return scripted_put(out, 403, "", "expired");
    case GO_ON:
    default:
        return breaking_part(out, from, false, row->validator);
    }
}

static bool file_is_right(const char *path)
{
    struct gen_bytes bytes;
    bool right;

    gen_bytes_init(&bytes, 1 << 20);
    right = gen_files_read(path, &bytes, NULL) == GEN_OK && bytes.size == FILE_SIZE;
    for (size_t i = 0; right && i < FILE_SIZE; i++) {
        right = bytes.data[i] == file_byte(i);
    }
    gen_bytes_fini(&bytes);
    return right;
}

Test(errand, results_that_break_off)
{
    for (breaking_row = 0; breaking_row < GEN_COUNT(breaking_rows); breaking_row++) {
        const struct breaking *row = &breaking_rows[breaking_row];
        struct bench *bench = bench_new(break_off);

        bench->step.as.http.to_result = true;
        bench->spec.result = bench->result;
        bench->spec.order.credential = &key_credential;
        bench_run(bench);
        cr_expect(eq(int, bench->replied, row->good), "row %zu: %s", breaking_row, bench->reason);
        cr_expect(eq(int, scripted_count(&bench->server), row->requests), "row %zu", breaking_row);
        cr_expect(eq(int, bench->status, row->status), "row %zu", breaking_row);
        cr_expect(eq(int, file_is_right(bench->result), row->good && row->status == 200),
                  "row %zu", breaking_row);
        if (row->range != NULL) {
            cr_expect(strcasestr(bench->seen[1], row->range) != NULL &&
                          strcasestr(bench->seen[1], "\r\nrange: bytes=30000-\r\n") != NULL &&
                          strcasestr(bench->seen[1], "x-api-key: secret-of-a") != NULL,
                      "row %zu: %s", breaking_row, bench->seen[1]);
        }
        if (!row->good) {
            cr_expect(not(exists(bench->result)), "row %zu", breaking_row);
        }
        bench_delete(bench);
    }
}

static size_t hand_over(void *context, int count, const char *request, char *out)
{
    const char *range = strcasestr(request, "\r\nrange: bytes=");

    keep(context, count, request);
    return range == NULL
               ? breaking_part(out, 0, true, "ETag: \"v1\"\r\n")
               : breaking_part(out, strtoul(range + 15, NULL, 10), false, "ETag: \"v1\"\r\n");
}

Test(errand, a_result_that_is_too_large)
{
    struct bench *bench = bench_new(hand_over);

    bench->step.as.http.to_result = true;
    bench->step.as.http.sink_limit = FILE_SIZE - 1;
    bench->spec.result = bench->result;
    bench_run(bench);
    cr_expect(not(bench->replied));
    cr_expect(bench->too_large);
    cr_expect(strstr(bench->reason, "more was sent than the ") != NULL, "%s", bench->reason);
    cr_expect(not(exists(bench->result)), "the disk would be full of it");
    bench->step.as.http.sink_limit = FILE_SIZE;
    bench_run(bench);
    cr_expect(bench->replied && file_is_right(bench->result), "%s", bench->reason);
    /* what a clip of its length can have, whatever the plugin allows */
    bench->step.as.http.sink_limit = 0;
    bench->spec.result_most = FILE_SIZE - 1;
    bench_run(bench);
    cr_expect(bench->too_large && !bench->replied);
    bench->spec.result_most = FILE_SIZE;
    bench_run(bench);
    cr_expect(bench->replied && file_is_right(bench->result), "%s", bench->reason);
    bench_delete(bench);
}

/* An answer that comes in drops: what is read is given up after a time in all (and may have been read: an order
 * is not known to be refused), a result that is too slow is given up and gone on with. */
Test(errand, answers_that_trickle)
{
    static const struct {
        bool result, costs;
        const char *reason;
    } rows[] = {
        {false, false, "was not complete after"},
        {false, true, "was not complete after"},
        {true, false, NULL},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bench *bench = bench_new(hand_over);

        bench->server.drip_us = 2000; /* a byte every two milliseconds: it never stalls */
        bench->server.drip_requests = 1;
        bench->world.answer_ms = 1100;
        bench->world.slow_ms = 1100;
        bench->step.as.http.to_result = rows[i].result;
        bench->step.as.http.costs = rows[i].costs;
        bench->spec.result = bench->result;
        bench_run(bench);
        if (rows[i].result) {
            cr_expect(bench->replied && file_is_right(bench->result), "%s", bench->reason);
            cr_expect(scripted_count(&bench->server) >= 2);
            cr_expect(strcasestr(bench->seen[1], "\r\nrange: bytes=") != NULL, "%s", bench->seen[1]);
        } else {
            cr_expect(not(bench->replied));
            cr_expect(not(bench->not_sent));
            cr_expect(eq(int, scripted_count(&bench->server), 1), "never again by itself");
            cr_expect(strstr(bench->reason, rows[i].reason) != NULL, "%s", bench->reason);
        }
        bench_delete(bench);
    }
}

static size_t hand_over_in_drops(void *context, int count, const char *request, char *out)
{
    keep(context, count, request);
    return breaking_part(out, 0, true, "ETag: \"v1\"\r\n");
}

/* A result that comes fast enough, and never to an end: its time is over some day, and it is not gone on with. */
Test(errand, a_result_that_takes_for_ever)
{
    struct bench *bench = bench_new(hand_over_in_drops);

    bench->server.drip_us = 2000;
    bench->server.drip_requests = 100;
    bench->world.result_ms = 300;
    bench->step.as.http.to_result = true;
    bench->spec.result = bench->result;
    bench_run(bench);
    cr_expect(not(bench->replied));
    cr_expect(eq(int, scripted_count(&bench->server), 1));
    cr_expect(strstr(bench->reason, "was not complete after") != NULL, "%s", bench->reason);
    cr_expect(not(exists(bench->result)));
    bench_delete(bench);
}

/* ------------------------------------------------------------------------- where requests may go -- */

static size_t send_away(void *context, int count, const char *request, char *out)
{
    struct bench *bench = context;
    char location[100];

    keep(bench, count, request);
    if (strstr(request, "GET /moved ") != NULL) {
        return scripted_put(out, 200, "", "here");
    }
    snprintf(location, sizeof location, "Location: http://localhost:%d/moved\r\n",
             bench->server.port);
    return scripted_put(out, 302, location, "");
}

/* Redirected to another origin, the key stays behind. */
Test(errand, credentials_stay_on_their_origin)
{
    struct bench *bench = bench_new(send_away);

    bench->spec.order.credential = &key_credential;
    bench->step.as.http.follow = true;
    bench_run(bench);
    cr_expect(eq(int, bench->status, 200), "%s", bench->reason);
    cr_expect(ne(ptr, strstr(bench->seen[0], "secret-of-a"), NULL));
    cr_expect(eq(ptr, strstr(bench->seen[1], "secret-of-a"), NULL));
    bench_delete(bench);
}

Test(errand, this_machine_only_where_it_is_allowed)
{
    static const char *const urls[] = {"http://127.0.0.1:%d/", "https://127.0.0.1:%d/",
                                       "https://localhost:%d/", "https://[::1]:%d/",
                                       "http://10.1.2.3:%d/", "http://api.example:%d/"};

    for (size_t i = 0; i < GEN_COUNT(urls); i++) {
        struct bench *bench = bench_new(accept_all);
        enum gen_status status;

        snprintf(bench->url, sizeof bench->url, urls[i], bench->server.port);
        bench->spec.loopback_http = i >= 4; /* which is about this machine alone */
        status = gen_errand_start(&bench->world, &bench->spec, &bench->errand, &bench->err);
        cr_assert(eq(int, status, GEN_OK));
        while (!bench->ended) {
            gen_loop_turn(bench->loop);
        }
        cr_expect(bench->not_sent && !bench->replied, "%s", urls[i]);
        cr_expect(eq(int, scripted_count(&bench->server), 0), "%s", urls[i]);
        bench_delete(bench);
    }
}

/* ----------------------------------------------------------------------------------- stopping -- */

/* At any point, and nobody is called afterwards. */
Test(errand, stopped_anywhere)
{
    for (int turns = 0; turns < 12; turns++) {
        struct bench *bench = bench_new(accept_all);
        struct gen_step_piece piece = {.asset = 0, .base64 = true};

        write_asset(bench, 1000);
        bench->step.as.http.method = "POST";
        bench->step.as.http.pieces = &piece;
        bench->step.as.http.piece_count = 1;
        bench->spec.order.credential = &jwt_credential;
        cr_assert(eq(int,
                     gen_errand_start(&bench->world, &bench->spec, &bench->errand, &bench->err),
                     GEN_OK));
        for (int i = 0; i < turns && !bench->ended; i++) {
            gen_loop_poll(bench->loop);
        }
        if (!bench->ended) {
            gen_errand_stop(&bench->errand);
            while (gen_loop_working(bench->loop)) {
                gen_loop_turn(bench->loop);
            }
            for (int i = 0; i < 5; i++) {
                gen_loop_poll(bench->loop);
            }
            cr_expect(not(bench->ended));
        }
        bench_delete(bench);
    }
}

Test(errand, every_allocation_may_fail)
{
    bool good = false;

    for (long nth = 1; !good && nth < 200; nth++) {
        struct bench *bench = bench_new(accept_all);
        enum gen_status status;

        bench->spec.order.credential = &key_credential;
        bench->step.as.http.unique_header = "x-id";
        gen_alloc_fail_at(nth);
        status = gen_errand_start(&bench->world, &bench->spec, &bench->errand, &bench->err);
        good = gen_alloc_count() < nth; /* it was not reached */
        gen_alloc_fail_at(0);
        while (status == GEN_OK && !bench->ended) {
            gen_loop_turn(bench->loop);
        }
        cr_expect(status == GEN_OK || status == GEN_ENOMEM);
        cr_expect(status != GEN_OK || bench->replied || bench->not_sent, "%ld", nth);
        bench_delete(bench);
    }
    cr_expect(good);
}
