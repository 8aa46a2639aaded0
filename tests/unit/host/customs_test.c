/* customs_test.c - one honest step of each kind, and every way to spoil it that must be noticed. */
#include "host/customs.h"

#include "host/plugin.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

struct bed { /* a step with everything in it; `step` says which part counts */
    struct gen_arena *arena;
    struct gen_hosted hosted;
    struct gen_provider_task task;
    struct gen_provider_asset asset;
    struct gen_provider_step step;
    struct gen_provider_request request;
    struct gen_provider_header headers[70];
    struct gen_provider_part parts[70];
    struct gen_provider_piece pieces[2];
    const char *extract[10];
    struct gen_provider_run run;
    const char *arguments[5000];
    struct gen_provider_file files[300];
    struct gen_provider_done done;
    struct gen_provider_fail fail;
    char large[140000]; /* 'x' throughout, with a NUL */
};

static const char *const bed_hosts[] = {"api.vendor.com", NULL};
static const struct gen_hosted_credential bed_credentials[] = {
    {.signing = GEN_SIGNING_BEARER, .name = "key"}};
static const struct gen_service_program bed_programs[] = {
    {"ffmpeg", "apt-get install ffmpeg", "/usr/bin/ffmpeg"},
    {"absent", "apt-get install absent", NULL},
};

static void bed_fill_parts(struct bed *bed)
{
    for (size_t i = 0; i < GEN_COUNT(bed->headers); i++) {
        bed->headers[i] = (struct gen_provider_header){"x-a", "b"};
        bed->parts[i] = (struct gen_provider_part){.size = sizeof(bed->parts[i]), .asset = -1,
                                                   .name = "n", .text = "t", .file_name = "",
                                                   .content_type = ""};
    }
    for (size_t i = 0; i < GEN_COUNT(bed->arguments); i++) {
        bed->arguments[i] = "x";
    }
    bed->arguments[2] = NULL;
    bed->files[0] = (struct gen_provider_file){"list.txt", "abc", 3};
    bed->files[1] = (struct gen_provider_file){"card.svg", "", 0};
}

static struct bed *bed_make(void)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct bed *bed = gen_arena_alloc(arena, sizeof(*bed));

    bed->arena = arena;
    memset(bed->large, 'x', sizeof(bed->large) - 1);
    gen_services_init(&bed->hosted.services, "p", "1", NULL);
    bed->hosted.services.programs = bed_programs;
    bed->hosted.services.program_count = GEN_COUNT(bed_programs);
    bed->hosted.catalog.hosts = bed_hosts;
    bed->hosted.catalog.credentials = bed_credentials;
    bed->hosted.catalog.credential_count = GEN_COUNT(bed_credentials);
    bed->asset = (struct gen_provider_asset){.size = sizeof(bed->asset), .file = "asset-0.png"};
    bed->task.assets = &bed->asset;
    bed->task.asset_count = 1;
    bed->step = (struct gen_provider_step){.size = sizeof(bed->step), .progress_ppm = -1,
                                           .queue_position = -1};
    bed->request = (struct gen_provider_request){
        .size = sizeof(bed->request), .body_kind = GEN_BODY_NONE, .sink = GEN_SINK_MEMORY,
        .method = "POST", .url = "https://api.vendor.com/v1", .headers = bed->headers,
        .header_count = 2, .credential = "key", .parts = bed->parts, .part_count = 2,
        .part_size = sizeof(bed->parts[0]), .pieces = bed->pieces, .piece_count = 2,
        .piece_size = sizeof(bed->pieces[0]), .extract = bed->extract};
    bed->extract[0] = "steps[*].content[*].data";
    bed->pieces[0] = (struct gen_provider_piece){.size = sizeof(bed->pieces[0]), .asset = -1,
                                                 .data = "{", .data_size = 1};
    bed->pieces[1] = (struct gen_provider_piece){.size = sizeof(bed->pieces[1]),
                                                 .encoding = GEN_PIECE_BASE64, .from = 2};
    bed->run = (struct gen_provider_run){.size = sizeof(bed->run), .program = "ffmpeg",
                                         .arguments = bed->arguments, .files = bed->files,
                                         .file_count = 2, .progress_key = "out_time_us",
                                         .progress_total = 100, .progress_to_ppm = 500000};
    bed->done = (struct gen_provider_done){.size = sizeof(bed->done), .handle = "j1", .file = "",
                                           .cost_micros = -1};
    bed->fail = (struct gen_provider_fail){.size = sizeof(bed->fail), .kind = GEN_FAIL_QUOTA,
                                           .billed = GEN_BILLED_NO, .code = "c", .message = "m",
                                           .field = "f", .cost_micros = -1};
    bed_fill_parts(bed);
    return bed;
}

static void bed_kind(struct bed *bed, int32_t kind)
{
    bed->step.kind = kind;
    bed->step.request = kind == GEN_STEP_HTTP ? &bed->request : NULL;
    bed->step.run = kind == GEN_STEP_RUN ? &bed->run : NULL;
    bed->step.done = kind == GEN_STEP_DONE ? &bed->done : NULL;
    bed->step.fail = kind == GEN_STEP_FAIL ? &bed->fail : NULL;
}

static enum gen_status bed_take(struct bed *bed, enum gen_verb verb, struct gen_step *out,
                                struct gen_error *err)
{
    return gen_customs_step(&bed->hosted, verb, &bed->task, &bed->step, bed->arena, out, err);
}

Test(customs, honest_request)
{
    struct bed *bed = bed_make();
    struct gen_step out;
    struct gen_error err = {0};

    bed_kind(bed, GEN_STEP_HTTP);
    bed->request.flags = GEN_REQUEST_COSTS;
    bed->request.body_kind = GEN_BODY_BYTES;
    bed->request.data = "{}";
    bed->request.data_size = 2;
    bed->step.state = "s";
    bed->step.note = "a\nb";
    bed->step.progress_ppm = 5000000;
    cr_assert(eq(int, bed_take(bed, GEN_VERB_SUBMIT, &out, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(int, out.type, GEN_STEP_IS_HTTP));
    cr_expect(eq(str, (char *)out.as.http.method, "POST"));
    cr_expect(eq(str, (char *)out.as.http.credential, "key"));
    cr_expect(eq(sz, out.as.http.header_count, 2));
    cr_expect(eq(sz, out.as.http.data_size, 2));
    cr_expect(eq(sz, out.as.http.part_count, 0)); /* of another body kind */
    cr_expect(out.as.http.costs && out.as.http.declared_host && !out.as.http.follow);
    cr_expect(eq(int, out.as.http.asset, -1));
    cr_expect(eq(str, (char *)out.state, "s"));
    cr_expect(eq(str, (char *)out.note, "a b"));
    cr_expect(eq(int, out.progress_ppm, 1000000));
    gen_arena_destroy(bed->arena);
}

Test(customs, bodies)
{
    struct bed *bed = bed_make();
    struct gen_step out;
    struct gen_error err = {0};

    bed_kind(bed, GEN_STEP_HTTP);
    bed->request.body_kind = GEN_BODY_MULTIPART;
    bed->parts[1].asset = 0;
    bed->parts[1].content_type = "image/png";
    cr_assert(eq(int, bed_take(bed, GEN_VERB_SUBMIT, &out, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(sz, out.as.http.part_count, 2));
    cr_expect(eq(int, out.as.http.parts[0].asset, -1));
    cr_expect(eq(int, out.as.http.parts[1].asset, 0));
    bed->request.body_kind = GEN_BODY_ASSET;
    bed->request.method = "PUT";
    bed->request.url = "https://uploads.elsewhere.example/presigned?x=1";
    bed->request.credential = NULL;
    cr_assert(eq(int, bed_take(bed, GEN_VERB_SUBMIT, &out, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(int, out.as.http.asset, 0));
    cr_expect(not(out.as.http.declared_host)); /* a bare request */
    cr_expect(eq(str, (char *)out.as.http.credential, ""));
    gen_arena_destroy(bed->arena);
}

Test(customs, put_together_and_taken_apart)
{
    struct bed *bed = bed_make();
    struct gen_step out;
    struct gen_error err = {0};

    bed_kind(bed, GEN_STEP_HTTP);
    bed->request.body_kind = GEN_BODY_PIECES;
    bed->request.unique_header = "x-request-id";
    cr_assert(eq(int, bed_take(bed, GEN_VERB_SUBMIT, &out, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(sz, out.as.http.piece_count, 2));
    cr_expect(eq(int, out.as.http.pieces[0].asset, -1));
    cr_expect(eq(str, (char *)out.as.http.pieces[0].data, "{"));
    cr_expect(out.as.http.pieces[1].base64 && out.as.http.pieces[1].from == 2);
    cr_expect(eq(str, (char *)out.as.http.unique_header, "x-request-id"));
    cr_expect(eq(ptr, (void *)out.as.http.extract, NULL)); /* of another sink */
    bed->request.body_kind = GEN_BODY_NONE;
    bed->request.sink = GEN_SINK_EXTRACT;
    bed->request.unique_header = NULL;
    cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK), "%s", err.message);
    cr_assert(ne(ptr, (void *)out.as.http.extract, NULL));
    cr_expect(eq(str, (char *)out.as.http.extract[0], "steps[*].content[*].data"));
    cr_expect(eq(ptr, (void *)out.as.http.extract[1], NULL));
    cr_expect(eq(str, (char *)out.as.http.unique_header, ""));
    cr_expect(not(out.as.http.to_result));
    /* a struct from before the members were added: they are not looked at */
    bed->request.size = offsetof(struct gen_provider_request, pieces);
    bed->request.sink = GEN_SINK_MEMORY;
    cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK), "%s", err.message);
    gen_arena_destroy(bed->arena);
}

Test(customs, honest_run)
{
    struct bed *bed = bed_make();
    struct gen_step out;
    struct gen_error err = {0};

    bed_kind(bed, GEN_STEP_RUN);
    bed->run.progress_from_ppm = 700000; /* beyond its end */
    cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(str, (char *)out.as.run.program, "ffmpeg"));
    cr_expect(eq(str, (char *)out.as.run.arguments[1], "x"));
    cr_expect(eq(ptr, (void *)out.as.run.arguments[2], NULL));
    cr_expect(eq(sz, out.as.run.file_count, 2));
    cr_expect(eq(int, out.as.run.progress_from_ppm, 500000));
    bed->run.arguments = NULL;
    bed->run.progress_total = 0; /* progress that cannot be computed is left out */
    cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(ptr, (void *)out.as.run.arguments[0], NULL));
    cr_expect(eq(str, (char *)out.as.run.progress_key, ""));
    bed->run.program = "absent";
    cr_expect(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_EUNSUPPORTED));
    cr_expect(eq(str, err.message, "needs the program absent, which is not installed; get it with: "
                                   "apt-get install absent"));
    gen_arena_destroy(bed->arena);
}

struct wait_case {
    int64_t asked, given;
};

Test(customs, waits_are_bounded)
{
    static const struct wait_case rows[] = {{INT64_MIN, 200}, {0, 200},   {200, 200},
                                            {5000, 5000},     {3600000, 3600000},
                                            {INT64_MAX, 3600000}};
    struct bed *bed = bed_make();
    struct gen_step out;
    struct gen_error err = {0};

    bed_kind(bed, GEN_STEP_WAIT);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed->step.wait_ms = rows[i].asked;
        cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK));
        cr_expect(eq(i64, out.wait_ms, rows[i].given));
    }
    gen_arena_destroy(bed->arena);
}

Test(customs, done_by_verb)
{
    struct bed *bed = bed_make();
    struct gen_step out;
    struct gen_error err = {0};

    bed_kind(bed, GEN_STEP_DONE);
    bed->done.cost_micros = 7;
    bed->done.file = "out.mp4";
    cr_assert(eq(int, bed_take(bed, GEN_VERB_SUBMIT, &out, &err), GEN_OK));
    cr_expect(eq(i64, out.as.done.cost, -1)); /* nothing is finished yet */
    cr_expect(eq(str, (char *)out.as.done.file, ""));
    cr_assert(eq(int, bed_take(bed, GEN_VERB_FETCH, &out, &err), GEN_OK));
    cr_expect(eq(i64, out.as.done.cost, 7));
    cr_expect(eq(str, (char *)out.as.done.file, "out.mp4"));
    bed->done.handle = NULL; /* there is no such job, says recover */
    cr_assert(eq(int, bed_take(bed, GEN_VERB_RECOVER, &out, &err), GEN_OK));
    cr_expect(eq(str, (char *)out.as.done.handle, ""));
    gen_arena_destroy(bed->arena);
}

/* A verdict is never lost over its details. */
Test(customs, failures_are_put_right)
{
    struct bed *bed = bed_make();
    struct gen_step out;
    struct gen_error err = {0};

    bed_kind(bed, GEN_STEP_FAIL);
    for (int32_t kind = GEN_FAIL_TRANSIENT; kind <= GEN_FAIL_PROVIDER; kind++) {
        bed->fail.kind = kind;
        cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK));
        cr_expect(eq(int, out.as.fail.kind, kind)); /* the values are the contract's */
    }
    bed->fail.kind = 4711;
    bed->fail.billed = 4711;
    bed->fail.message = "\xFF\x01";
    bed->fail.code = NULL;
    bed->fail.field = bed->large;
    bed->fail.retry_after_ms = -5;
    bed->fail.cost_micros = 9;
    cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK));
    cr_expect(eq(int, out.as.fail.kind, GEN_FAILURE_PROVIDER));
    cr_expect(eq(int, out.as.fail.billed, GEN_BILLING_UNKNOWN));
    cr_expect(eq(str, (char *)out.as.fail.message, "\xEF\xBF\xBD "));
    cr_expect(eq(str, (char *)out.as.fail.code, ""));
    cr_expect(eq(sz, strlen(out.as.fail.field), 200));
    cr_expect(eq(i64, out.as.fail.retry_after_ms, 0));
    cr_expect(eq(i64, out.as.fail.cost, -1)); /* only with GEN_BILLED_YES */
    bed->fail.billed = GEN_BILLED_YES;
    cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK));
    cr_expect(eq(i64, out.as.fail.cost, 9));
    bed->fail.cost_micros = INT64_MAX;
    cr_assert(eq(int, bed_take(bed, GEN_VERB_POLL, &out, &err), GEN_OK));
    cr_expect(eq(i64, out.as.fail.cost, -1));
    gen_arena_destroy(bed->arena);
}

/* ------------------------------------------------------------------------------------- spoiled -- */

static void s_progress(struct bed *bed) { bed->step.progress_ppm = 1; } /* changes nothing */
static void s_size(struct bed *bed) { bed->step.size = 8; }
static void s_grown(struct bed *bed) { bed->step.size = 4000; }
static void s_kind(struct bed *bed) { bed->step.kind = 99; }
static void s_state(struct bed *bed) { bed->step.state = bed->large; }
static void s_state_utf8(struct bed *bed) { bed->step.state = "\xFF"; }
static void s_second(struct bed *bed)
{
    bed->step.done = &bed->done;
    bed->step.fail = &bed->fail;
}
static void s_none(struct bed *bed)
{
    bed->step.request = NULL;
    bed->step.run = NULL;
    bed->step.done = NULL;
    bed->step.fail = NULL;
}
static void r_size(struct bed *bed) { bed->request.size = 0; }
static void r_method(struct bed *bed) { bed->request.method = "get"; }
static void r_no_method(struct bed *bed) { bed->request.method = NULL; }
static void r_url(struct bed *bed) { bed->request.url = NULL; }
static void r_user(struct bed *bed) { bed->request.url = "https://key:secret@api.vendor.com/"; }
static void r_host(struct bed *bed) { bed->request.url = "https://evil.com/"; }
static void r_clear(struct bed *bed) { bed->request.url = "http://api.vendor.com/"; }
static void r_credential(struct bed *bed) { bed->request.credential = "../key"; }
static void r_costs(struct bed *bed) { bed->request.flags = GEN_REQUEST_COSTS; }
static void r_costs_follow(struct bed *bed)
{
    bed->request.flags = GEN_REQUEST_COSTS | GEN_REQUEST_FOLLOW;
}
static void r_sink(struct bed *bed) { bed->request.sink = 0; }
static void r_result(struct bed *bed) { bed->request.sink = GEN_SINK_RESULT; }
static void r_many_headers(struct bed *bed) { bed->request.header_count = 65; }
static void r_no_headers(struct bed *bed) { bed->request.headers = NULL; }
static void r_header_host(struct bed *bed) { bed->headers[1].name = "Host"; }
static void r_header_name(struct bed *bed) { bed->headers[0].name = "a b"; }
static void r_header_value(struct bed *bed) { bed->headers[0].value = "a\nb"; }
static void r_header_null(struct bed *bed) { bed->headers[0].value = NULL; }
static void r_header_bytes(struct bed *bed)
{
    bed->large[8000] = '\0';
    for (size_t i = 0; i < 5; i++) {
        bed->headers[i].value = bed->large;
    }
    bed->request.header_count = 5;
}
static void r_body(struct bed *bed) { bed->request.body_kind = 0; }
static void r_get_body(struct bed *bed)
{
    bed->request.method = "GET";
    bed->request.body_kind = GEN_BODY_BYTES;
}
static void r_null_body(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_BYTES;
    bed->request.data_size = 5;
}
static void r_asset(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_ASSET;
    bed->request.asset = 1;
}
static void r_asset_negative(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_ASSET;
    bed->request.asset = -1;
}
static void r_parts(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_MULTIPART;
    bed->request.part_count = 65;
}
static void r_part_size(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_MULTIPART;
    bed->request.part_size = 4;
}
static void r_part_name(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_MULTIPART;
    bed->parts[1].name = "a\"\r\n";
}
static void r_part_file(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_MULTIPART;
    bed->parts[0].file_name = "a\nb";
}
static void r_part_asset(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_MULTIPART;
    bed->parts[0].asset = 7;
}
static void r_undeclared(struct bed *bed) { bed->request.credential = "other"; }
static void r_unique(struct bed *bed) { bed->request.unique_header = "host"; }
static void r_pieces(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_PIECES;
    bed->request.piece_count = 257;
}
static void r_piece_size(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_PIECES;
    bed->request.piece_size = 8;
}
static void r_piece_encoding(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_PIECES;
    bed->pieces[1].encoding = 0;
}
static void r_piece_range(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_PIECES;
    bed->pieces[1].from = -1;
}
static void r_piece_asset(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_PIECES;
    bed->pieces[1].asset = 1;
}
static void r_piece_null(struct bed *bed)
{
    bed->request.body_kind = GEN_BODY_PIECES;
    bed->pieces[0].data = NULL;
}
static void r_extract(struct bed *bed) { bed->request.sink = GEN_SINK_EXTRACT; }
static void r_extract_none(struct bed *bed)
{
    r_extract(bed);
    bed->extract[0] = NULL;
}
static void r_extract_index(struct bed *bed)
{
    r_extract(bed);
    bed->extract[0] = "steps[0].data";
}
static void r_extract_dots(struct bed *bed)
{
    r_extract(bed);
    bed->extract[0] = "steps..data";
}
static void r_extract_many(struct bed *bed)
{
    r_extract(bed);
    for (size_t i = 0; i < 9; i++) {
        bed->extract[i] = "a";
    }
}
static void n_size(struct bed *bed) { bed->run.size = 3; }
static void n_program(struct bed *bed) { bed->run.program = "/bin/sh"; }
static void n_no_program(struct bed *bed) { bed->run.program = NULL; }
static void n_arguments(struct bed *bed)
{
    bed->arguments[2] = "x";
    bed->arguments[4999] = NULL;
}
static void n_argument(struct bed *bed) { bed->arguments[1] = bed->large; }
static void n_argument_bytes(struct bed *bed)
{
    bed->large[130000] = '\0';
    for (size_t i = 0; i < 9; i++) {
        bed->arguments[i] = bed->large;
    }
    bed->arguments[9] = NULL;
}
static void n_files(struct bed *bed) { bed->run.file_count = 257; }
static void n_file_name(struct bed *bed) { bed->files[1].name = "../x"; }
static void n_file_hidden(struct bed *bed) { bed->files[1].name = ".bashrc"; }
static void n_file_twice(struct bed *bed) { bed->files[1].name = "list.txt"; }
static void n_file_asset(struct bed *bed) { bed->files[1].name = "asset-0.png"; }
static void n_file_null(struct bed *bed)
{
    bed->files[1].data = NULL;
    bed->files[1].size = 1;
}
static void d_size(struct bed *bed) { bed->done.size = 0; }
static void d_handle(struct bed *bed) { bed->done.handle = ""; }
static void d_long_handle(struct bed *bed) { bed->done.handle = bed->large; }
static void d_file(struct bed *bed) { bed->done.file = "a/../../x"; }
static void d_cost(struct bed *bed) { bed->done.cost_micros = -2; }
static void d_dear(struct bed *bed) { bed->done.cost_micros = INT64_MAX; }
static void f_size(struct bed *bed) { bed->fail.size = 0; }

struct spoiled {
    int32_t kind;
    enum gen_verb verb;
    void (*spoil)(struct bed *bed);
    const char *says; /* a piece of the message */
};

#define HTTP GEN_STEP_HTTP
#define RUN GEN_STEP_RUN
#define SUBMIT GEN_VERB_SUBMIT

static const struct spoiled spoiled_rows[] = {
    {GEN_STEP_WAIT, SUBMIT, s_size, "left its step with size 8"},
    {GEN_STEP_WAIT, SUBMIT, s_grown, "left its step with size 4000"},
    {GEN_STEP_WAIT, SUBMIT, s_kind, "unknown kind 99"},
    {GEN_STEP_WAIT, SUBMIT, s_state, "state is longer than 65536 bytes"},
    {GEN_STEP_WAIT, SUBMIT, s_state_utf8, "state is longer than 65536 bytes or not UTF-8"},
    {GEN_STEP_WAIT, SUBMIT, s_second, "of kind wait, and step->done is set too"},
    {GEN_STEP_DONE, SUBMIT, s_second, "of kind done, and step->fail is set too"},
    {HTTP, SUBMIT, s_none, "of kind request, and step->request is NULL"},
    {RUN, SUBMIT, s_none, "of kind run, and step->run is NULL"},
    {GEN_STEP_DONE, SUBMIT, s_none, "of kind done, and step->done is NULL"},
    {GEN_STEP_FAIL, SUBMIT, s_none, "of kind fail, and step->fail is NULL"},
    {HTTP, SUBMIT, r_size, "its request has no proper size"},
    {HTTP, SUBMIT, r_method, "another method than GET, POST, PUT, DELETE"},
    {HTTP, SUBMIT, r_no_method, "another method than GET, POST, PUT, DELETE"},
    {HTTP, SUBMIT, r_url, "it has no URL"},
    {HTTP, SUBMIT, r_user, "carries user information"},
    {HTTP, SUBMIT, r_host, "wants the credential \"key\" for https://evil.com:443"},
    {HTTP, SUBMIT, r_clear, "wants the credential \"key\" for http://api.vendor.com:80"},
    {HTTP, SUBMIT, r_credential, "credential's name is not 1 to 64"},
    {HTTP, GEN_VERB_POLL, r_costs, "GEN_REQUEST_COSTS, which only submit may"},
    {HTTP, GEN_VERB_FETCH, r_costs, "GEN_REQUEST_COSTS, which only submit may"},
    {HTTP, GEN_VERB_RECOVER, r_costs, "GEN_REQUEST_COSTS, which only submit may"},
    {HTTP, GEN_VERB_CANCEL, r_costs, "GEN_REQUEST_COSTS, which only submit may"},
    {HTTP, SUBMIT, r_costs_follow, "costs money and wants to follow redirects"},
    {HTTP, SUBMIT, r_sink, "unknown sink 0"},
    {HTTP, SUBMIT, r_result, "result sink, which only fetch may fill"},
    {HTTP, SUBMIT, r_many_headers, "has 65 headers, at most 64"},
    {HTTP, SUBMIT, r_no_headers, "has 2 headers and no array"},
    {HTTP, SUBMIT, r_header_host, "name of header 1 of its request is no token, or one that only"},
    {HTTP, SUBMIT, r_header_name, "name of header 0"},
    {HTTP, SUBMIT, r_header_value, "value of its header \"x-a\""},
    {HTTP, SUBMIT, r_header_null, "value of its header \"x-a\""},
    {HTTP, SUBMIT, r_header_bytes, "bytes together, at most 32768"},
    {HTTP, SUBMIT, r_body, "unknown body kind 0"},
    {HTTP, SUBMIT, r_get_body, "GET request has a body"},
    {HTTP, SUBMIT, r_null_body, "body of 5 bytes is NULL"},
    {HTTP, SUBMIT, r_asset, "body is asset 1, the task has 1"},
    {HTTP, SUBMIT, r_asset_negative, "body is asset -1, the task has 1"},
    {HTTP, SUBMIT, r_parts, "has 65 parts"},
    {HTTP, SUBMIT, r_part_size, "part 0 of its multipart body has no proper size"},
    {HTTP, SUBMIT, r_part_name, "part 1 of its multipart body has no proper name"},
    {HTTP, SUBMIT, r_part_file, "part \"n\" of its multipart body has no proper file name"},
    {HTTP, SUBMIT, r_part_asset, "multipart body is asset 7"},
    {HTTP, SUBMIT, r_undeclared, "the credential \"other\", which the plugin does not declare"},
    {HTTP, SUBMIT, r_unique, "unique_header is no token"},
    {HTTP, SUBMIT, r_pieces, "has 257 pieces"},
    {HTTP, SUBMIT, r_piece_size, "piece 0 of its body has no proper size"},
    {HTTP, SUBMIT, r_piece_encoding, "piece 1 of its body has the unknown encoding 0"},
    {HTTP, SUBMIT, r_piece_range, "piece 1 of its body is no part of an asset"},
    {HTTP, SUBMIT, r_piece_asset, "body is asset 1, the task has 1"},
    {HTTP, SUBMIT, r_piece_null, "piece 0 of its body is NULL, of 1 bytes"},
    {HTTP, SUBMIT, r_extract, "wants to extract, which only poll and fetch may"},
    {HTTP, GEN_VERB_FETCH, r_extract_none, "wants to extract, and says not where"},
    {HTTP, GEN_VERB_FETCH, r_extract_index, "extract[0] of its request"},
    {HTTP, GEN_VERB_FETCH, r_extract_dots, "extract[0] of its request"},
    {HTTP, GEN_VERB_FETCH, r_extract_many, "extract[8] of its request"},
    {HTTP, GEN_VERB_HEALTH, r_costs, "GEN_REQUEST_COSTS, which only submit may"},
    {RUN, GEN_VERB_HEALTH, s_progress, "answers with RUN"},
    {RUN, GEN_VERB_RECOVER, s_progress, "answers with RUN"},
    {RUN, GEN_VERB_CANCEL, s_progress, "answers with RUN"},
    {RUN, SUBMIT, n_size, "its run has no proper size"},
    {RUN, SUBMIT, n_program, "program that is not in the plugin's list"},
    {RUN, SUBMIT, n_no_program, "program that is not in the plugin's list"},
    {RUN, SUBMIT, n_arguments, "more than 4096 arguments"},
    {RUN, SUBMIT, n_argument, "one longer than 131071 bytes"},
    {RUN, SUBMIT, n_argument_bytes, "more than 1048576 bytes together"},
    {RUN, SUBMIT, n_files, "writes 257 files, at most 256"},
    {RUN, SUBMIT, n_file_name, "name of file 1 is not a plain one"},
    {RUN, SUBMIT, n_file_hidden, "name of file 1 is not a plain one"},
    {RUN, SUBMIT, n_file_twice, "two files \"list.txt\""},
    {RUN, SUBMIT, n_file_asset, "a file \"asset-0.png\", which is an asset's"},
    {RUN, SUBMIT, n_file_null, "content of its file \"card.svg\" is NULL"},
    {GEN_STEP_DONE, SUBMIT, d_size, "its done has no proper size"},
    {GEN_STEP_DONE, SUBMIT, d_handle, "done without a handle"},
    {GEN_STEP_DONE, SUBMIT, d_long_handle, "handle is longer than 4096 bytes"},
    {GEN_STEP_DONE, GEN_VERB_FETCH, d_file, "name of its finished file is not a plain one"},
    {GEN_STEP_DONE, GEN_VERB_POLL, d_cost, "it cost -2 micro-dollars"},
    {GEN_STEP_DONE, GEN_VERB_POLL, d_dear, "micro-dollars, which is no price"},
    {GEN_STEP_FAIL, GEN_VERB_POLL, f_size, "its fail has no proper size"},
};

Test(customs, spoiled_steps)
{
    for (size_t i = 0; i < GEN_COUNT(spoiled_rows); i++) {
        const struct spoiled *row = &spoiled_rows[i];
        struct bed *bed = bed_make();
        struct gen_step out;
        struct gen_error err = {0};

        bed_kind(bed, row->kind);
        if (row->spoil != s_progress) { /* those are wrong by their verb alone */
            cr_expect(eq(int, bed_take(bed, row->verb, &out, &err), GEN_OK), "before %s: %s",
                      row->says, err.message);
        }
        row->spoil(bed);
        cr_expect(eq(int, bed_take(bed, row->verb, &out, &err), GEN_ECORRUPT), "%s", row->says);
        cr_expect(ne(ptr, strstr(err.message, row->says), NULL), "wanted: %s\nsaid: %s", row->says,
                  err.message);
        gen_arena_destroy(bed->arena);
    }
}
