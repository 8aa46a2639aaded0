/* fake_test.c - a whole conversation with the fake provider through core/host: what it asks for, and
 * what it makes of every kind of answer. The simulation and crash tests stand on these words. */
#include "host/loader.h"
#include "platform/crypto.h"
#include "platform/json_reader.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

struct bed { /* one loaded fake and a task of one scene that has been formatted */
    struct gen_arena *arena;
    struct gen_loader *loader;
    const struct gen_hosted *fake;
    struct sample sample;
    struct gen_task task;
    struct gen_error err;
};

static const char bed_brief[] =
    "{\"title\": \"Ad\", \"scenes\": [{\"prompt\": \"a cat\", \"duration\": 2.5},"
    " {\"prompt\": \"a dog\", \"duration\": 40}], \"endCard\": {\"headline\": \"Bye\"}}";

static void bed_make(struct bed *bed, const char *settings)
{
    static const char *const folders[] = {CONTRACT_PLUGINS "/good", NULL};
    struct gen_loader_options options = {.plugin_folders = folders, .version = "0.0.0-test"};

    memset(bed, 0, sizeof(*bed));
    bed->arena = gen_arena_create(0);
    cr_assert(eq(int, gen_crypto_init(&bed->err), GEN_OK));
    cr_assert(eq(
        int,
        gen_json_read(settings, strlen(settings), NULL, bed->arena, &options.settings, &bed->err),
        GEN_OK));
    cr_assert(eq(int, gen_loader_create(&options, &bed->loader, &bed->err), GEN_OK));
    bed->fake = gen_loader_find(bed->loader, "fake");
    cr_assert(ne(ptr, (void *)bed->fake, NULL));
    sample_of(bed_brief, bed->arena, &bed->sample);
    bed->sample.shot.parameters = "{\"durationMs\":3000}";
    bed->task = sample_task(&bed->sample, 0, "pay");
}

static void bed_end(struct bed *bed)
{
    gen_loader_destroy(bed->loader);
    gen_arena_destroy(bed->arena);
}

static bool same(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

static const char plain[] = "{\"fake\": {\"baseUrl\": \"http://127.0.0.1:4000\"}}";

Test(fake, format_and_cost)
{
    struct bed bed;
    struct gen_formatted formatted;
    struct gen_priced priced;

    bed_make(&bed, plain);
    bed.sample.shot.parameters = NULL;
    cr_assert(
        eq(int, gen_hosted_format(bed.fake, &bed.task, bed.arena, &formatted, &bed.err), GEN_OK));
    cr_expect(same(formatted.parameters, "{\"durationMs\":3000}"));
    cr_expect(eq(i64, formatted.duration_ms, 3000)); /* 2.5 rounded up; no end card: not whole */
    cr_expect(eq(sz, gen_node_count(formatted.adjustments), 1));
    cr_expect(same(gen_node_text(gen_node_get(gen_node_at(formatted.adjustments, 0), "from"), ""),
                   "2500 ms"));
    bed.sample.shot.parameters = formatted.parameters;
    cr_assert(
        eq(int, gen_hosted_cost(bed.fake, &bed.task, NULL, bed.arena, &priced, &bed.err), GEN_OK));
    cr_expect(priced.known && priced.exact);
    cr_expect(eq(i64, priced.price, 150000));
    cr_expect(eq(i64, priced.most, 150000));
    cr_expect(same(priced.basis, "3 s x $0.05 per second"));
    bed_end(&bed);
}

Test(fake, format_of_a_whole_storyboard)
{
    struct bed bed;
    struct gen_formatted formatted;

    bed_make(&bed, plain);
    bed.sample.shot.parameters = NULL;
    bed.sample.shot.scene_count = 2;
    bed.task = sample_task(&bed.sample, 0, "whole");
    cr_assert(
        eq(int, gen_hosted_format(bed.fake, &bed.task, bed.arena, &formatted, &bed.err), GEN_OK));
    cr_expect(eq(i64, formatted.duration_ms, 46000)); /* 2.5 + 40 + end card 3, rounded up */
    /* a scene that is too long for one call */
    bed.sample.shot.first_scene = 1;
    bed.sample.shot.scene_count = 1;
    bed.task = sample_task(&bed.sample, 0, "pay");
    cr_expect(eq(int, gen_hosted_format(bed.fake, &bed.task, bed.arena, &formatted, &bed.err),
                 GEN_EUNSUPPORTED));
    cr_expect(same(bed.err.message,
                   "provider fake: format: a shot of 40000 ms is longer than the 30 "
                   "seconds this model renders"));
    bed_end(&bed);
}

Test(fake, no_price_is_said)
{
    struct bed bed;
    struct gen_priced priced;
    const struct gen_node *book = NULL;

    bed_make(&bed, "{\"fake\": {\"pricePerSecond\": null}}");
    cr_assert(
        eq(int, gen_hosted_cost(bed.fake, &bed.task, NULL, bed.arena, &priced, &bed.err), GEN_OK));
    cr_expect(not(priced.known));
    /* the price book goes before the settings */
    cr_assert(eq(int,
                 gen_json_read("{\"perSecond\": 0.000001}", 23, NULL, bed.arena, &book, &bed.err),
                 GEN_OK));
    cr_assert(
        eq(int, gen_hosted_cost(bed.fake, &bed.task, book, bed.arena, &priced, &bed.err), GEN_OK));
    cr_expect(priced.known);
    cr_expect(eq(i64, priced.price, 3));
    bed_end(&bed);
}

/* A price that no number of ours can hold is no price: the host says which, and nothing overflows. */
Test(fake, an_absurd_price_is_refused)
{
    static const char *const books[] = {
        "{\"perSecond\": 9000000000000}", /* times three seconds is too much */
        "{\"perSecond\": 3074457345618}", /* the first one that is */
        "{\"perSecond\": 1000000000000}", /* fits, and is more than any video costs */
    };
    struct bed bed;

    bed_make(&bed, plain);
    for (size_t i = 0; i < GEN_COUNT(books); i++) {
        const struct gen_node *book = NULL;
        struct gen_priced priced = {0};

        cr_assert(eq(int, gen_json_read(books[i], strlen(books[i]), NULL, bed.arena, &book,
                                        &bed.err), GEN_OK));
        cr_expect(eq(int, gen_hosted_cost(bed.fake, &bed.task, book, bed.arena, &priced, &bed.err),
                     GEN_ECORRUPT), "book %zu", i);
        cr_expect(strstr(bed.err.message, "is none") != NULL, "%s", bed.err.message);
        cr_expect(not(priced.known), "book %zu", i);
    }
    bed_end(&bed);
}

Test(fake, powers_follow_the_settings)
{
    struct bed bed;
    struct gen_step step;

    bed_make(&bed, "{\"fake\": {\"recover\": false, \"cancel\": false}}");
    cr_expect(not(gen_hosted_can(bed.fake, GEN_VERB_RECOVER)));
    cr_expect(not(gen_hosted_can(bed.fake, GEN_VERB_CANCEL)));
    cr_expect(
        eq(int,
           gen_hosted_step(bed.fake, GEN_VERB_CANCEL, &bed.task, NULL, bed.arena, &step, &bed.err),
           GEN_EUNSUPPORTED));
    cr_expect(same(bed.err.message, "provider fake: cancel: the plugin has not this power"));
    bed_end(&bed);
    bed_make(&bed, plain);
    cr_expect(gen_hosted_can(bed.fake, GEN_VERB_RECOVER));
    cr_expect(gen_hosted_can(bed.fake, GEN_VERB_CANCEL));
    cr_expect(not(gen_hosted_can(bed.fake, GEN_VERB_NONE)));
    cr_expect(eq(int, gen_hosted_model(bed.fake, "pay")->traits &GEN_TRAIT_SUBMIT_IDEMPOTENT, 0));
    cr_expect(
        ne(int, gen_hosted_model(bed.fake, "pay-idem")->traits &GEN_TRAIT_SUBMIT_IDEMPOTENT, 0));
    bed_end(&bed);
}

/* The first request of each verb. */
struct first {
    enum gen_verb verb;
    const char *method, *url;
    bool costs, to_result, follow;
};

static const struct first firsts[] = {
    {GEN_VERB_SUBMIT, "POST", "http://127.0.0.1:4000/jobs", true, false, false},
    {GEN_VERB_POLL, "GET", "http://127.0.0.1:4000/jobs/a%2Fb", false, false, false},
    {GEN_VERB_FETCH, "GET", "http://127.0.0.1:4000/jobs/a%2Fb/video", false, true, true},
    {GEN_VERB_RECOVER, "GET", "http://127.0.0.1:4000/jobs?reference=att_00000000000000000000000001",
     false, false, false},
    {GEN_VERB_CANCEL, "DELETE", "http://127.0.0.1:4000/jobs/a%2Fb", false, false, false},
};

Test(fake, first_requests)
{
    struct bed bed;

    bed_make(&bed, plain);
    bed.sample.shot.attempt.handle = "a/b";
    for (size_t i = 0; i < GEN_COUNT(firsts); i++) {
        const struct first *row = &firsts[i];
        struct gen_step step;

        cr_assert(
            eq(int,
               gen_hosted_step(bed.fake, row->verb, &bed.task, NULL, bed.arena, &step, &bed.err),
               GEN_OK),
            "%s", bed.err.message);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
        cr_expect(same(step.as.http.method, row->method));
        cr_expect(same(step.as.http.url, row->url), "%s", step.as.http.url);
        cr_expect(eq(int, step.as.http.costs, row->costs));
        cr_expect(eq(int, step.as.http.to_result, row->to_result));
        cr_expect(eq(int, step.as.http.follow, row->follow));
        cr_expect(step.as.http.declared_host);
        cr_expect(eq(int, step.as.http.asset, -1));
        cr_expect(same(step.as.http.credential, ""));
        cr_expect(step.state == NULL);
    }
    bed_end(&bed);
}

Test(fake, the_order_names_the_attempt)
{
    struct bed bed;
    struct gen_step step;
    const struct gen_node *order = NULL;

    bed_make(&bed,
             "{\"fake\": {\"baseUrl\": \"https://api.fake.example\", \"credential\": \"key\"}}");
    cr_assert(
        eq(int,
           gen_hosted_step(bed.fake, GEN_VERB_SUBMIT, &bed.task, NULL, bed.arena, &step, &bed.err),
           GEN_OK));
    cr_expect(same(step.as.http.credential, "key"));
    cr_assert(eq(
        int,
        gen_json_read(step.as.http.data, step.as.http.data_size, NULL, bed.arena, &order, &bed.err),
        GEN_OK));
    cr_expect(same(gen_node_text(gen_node_get(order, "reference"), ""),
                   "att_00000000000000000000000001"));
    cr_expect(eq(i64, gen_node_integer(gen_node_get(order, "durationMs"), 0), 3000));
    cr_expect(eq(i64, gen_node_integer(gen_node_get(order, "seed"), 0), 42));
    cr_expect(same(gen_node_text(gen_node_find(order, "scenes[0].prompt", NULL), ""), "a cat"));
    cr_expect(eq(sz, gen_node_count(gen_node_get(order, "scenes")), 1));
    bed_end(&bed);
}

/* An answer, and what becomes of it. */
struct talk {
    enum gen_verb verb;
    int status;
    const char *body;
    const char *retry_after; /* NULL = no such header */
    enum gen_step_type type;
    enum gen_failure kind;   /* FAIL */
    enum gen_billing billed; /* FAIL */
    int64_t number;          /* FAIL: retry_after_ms; DONE: cost; WAIT: progress_ppm */
    const char *text;        /* FAIL: message; DONE: handle; WAIT: note */
};

#define FAILS(kind, billed, wait, words) \
    GEN_STEP_IS_FAIL, GEN_FAILURE_##kind, GEN_BILLING_##billed, wait, words
#define IS_DONE(cost, handle) GEN_STEP_IS_DONE, GEN_FAILURE_NONE, GEN_BILLING_NO, cost, handle
#define WAITS(ppm, note) GEN_STEP_IS_WAIT, GEN_FAILURE_NONE, GEN_BILLING_NO, ppm, note

static const struct talk talks[] = {
    {GEN_VERB_SUBMIT, 201, "{\"id\": \"j1\"}", NULL, IS_DONE(-1, "j1")},
    {GEN_VERB_SUBMIT, 200, "{\"id\": \"j1\"}", NULL, IS_DONE(-1, "j1")},
    /* accepted, but by what name? It may well be billed */
    {GEN_VERB_SUBMIT, 200, "{}", NULL,
     FAILS(PROVIDER, UNKNOWN, 0, "the job was accepted without an id")},
    {GEN_VERB_SUBMIT, 200, "<html>", NULL,
     FAILS(PROVIDER, UNKNOWN, 0, "the job was accepted without an id")},
    {GEN_VERB_SUBMIT, 429, "", "7", FAILS(RATE_LIMITED, NO, 7000, "too many requests")},
    {GEN_VERB_SUBMIT, 429, "", "Wed, 21 Oct 2026 07:28:00 GMT",
     FAILS(RATE_LIMITED, NO, 0, "too many requests")},
    {GEN_VERB_SUBMIT, 429, "", "999999999999999999999999",
     FAILS(RATE_LIMITED, NO, 0, "too many requests")},
    {GEN_VERB_SUBMIT, 401, "", NULL, FAILS(AUTH, NO, 0, "the credential was not accepted")},
    {GEN_VERB_SUBMIT, 402, "{\"error\": {\"code\": \"no_credit\", \"message\": \"pay up\"}}", NULL,
     FAILS(QUOTA, NO, 0, "pay up")},
    {GEN_VERB_SUBMIT, 422, "{\"error\": {\"code\": \"x\", \"message\": \"bad prompt\"}}", NULL,
     FAILS(INVALID, NO, 0, "bad prompt")},
    {GEN_VERB_SUBMIT, 422, "{\"error\": {\"code\": \"moderated\", \"message\": \"no\"}}", NULL,
     FAILS(MODERATED, NO, 0, "no")},
    {GEN_VERB_SUBMIT, 503, "busy", NULL, FAILS(TRANSIENT, NO, 0, "the service has a problem")},
    {GEN_VERB_SUBMIT, 302, "", NULL, FAILS(PROVIDER, NO, 0, "an answer with the status 302")},
    /* line breaks in the words of a vendor become spaces */
    {GEN_VERB_SUBMIT, 422, "{\"error\": {\"message\": \"a\\nb\\u0001c\"}}", NULL,
     FAILS(INVALID, NO, 0, "a b c")},
    {GEN_VERB_POLL, 200, "{\"status\": \"running\", \"progress\": 0.25}", NULL,
     WAITS(250000, "the service says: running")},
    {GEN_VERB_POLL, 200, "{\"status\": \"queued\", \"progress\": 17}", NULL,
     WAITS(-1, "the service says: queued")},
    {GEN_VERB_POLL, 200, "{\"status\": \"pondering\"}", NULL,
     WAITS(-1, "the service says: pondering")},
    {GEN_VERB_POLL, 200, "{\"status\": \"done\", \"cost\": 0.15}", NULL, IS_DONE(150000, "")},
    {GEN_VERB_POLL, 200, "{\"status\": \"done\"}", NULL, IS_DONE(-1, "")},
    /* finer than a micro-dollar: not said is better than wrong */
    {GEN_VERB_POLL, 200, "{\"status\": \"done\", \"cost\": 0.0000001}", NULL, IS_DONE(-1, "")},
    {GEN_VERB_POLL, 200,
     "{\"status\": \"failed\", \"error\": {\"message\": \"gpu\", \"billed\": 0}}", NULL,
     FAILS(PROVIDER, NO, 0, "gpu")},
    {GEN_VERB_POLL, 200,
     "{\"status\": \"moderated\", \"error\": {\"message\": \"face\", \"billed\": 0.15}}", NULL,
     FAILS(MODERATED, YES, 0, "face")},
    {GEN_VERB_POLL, 200, "{\"status\": \"failed\"}", NULL,
     FAILS(PROVIDER, UNKNOWN, 0, "the job ended as failed")},
    {GEN_VERB_POLL, 404, "", NULL, FAILS(EXPIRED, UNKNOWN, 0, "there is no such job")},
    {GEN_VERB_POLL, 500, "", NULL, FAILS(TRANSIENT, UNKNOWN, 0, "the service has a problem")},
    {GEN_VERB_FETCH, 200, "", NULL, IS_DONE(-1, "")},
    {GEN_VERB_FETCH, 410, "", NULL, FAILS(EXPIRED, UNKNOWN, 0, "the job is gone")},
    {GEN_VERB_RECOVER, 200, "{\"jobs\": [{\"id\": \"j9\"}]}", NULL, IS_DONE(-1, "j9")},
    {GEN_VERB_RECOVER, 200, "{\"jobs\": []}", NULL, IS_DONE(-1, "")},
    {GEN_VERB_RECOVER, 404, "", NULL, IS_DONE(-1, "")},
    /* a list that cannot be read does not say that nothing was bought */
    {GEN_VERB_RECOVER, 200, "{\"jobs\": [{}]}", NULL,
     FAILS(PROVIDER, UNKNOWN, 0, "the list of jobs cannot be read")},
    {GEN_VERB_RECOVER, 200, "{\"jobs\"", NULL,
     FAILS(PROVIDER, UNKNOWN, 0, "the list of jobs cannot be read")},
    {GEN_VERB_RECOVER, 503, "", NULL, WAITS(-1, "")},
    {GEN_VERB_CANCEL, 200, "{\"cost\": 0.05}", NULL, IS_DONE(50000, "")},
    {GEN_VERB_CANCEL, 204, "", NULL, IS_DONE(-1, "")},
    {GEN_VERB_CANCEL, 404, "", NULL, FAILS(EXPIRED, UNKNOWN, 0, "there is no such job")},
};

static void talk_check(const struct talk *row, const struct gen_step *step)
{
    cr_assert(eq(int, step->type, row->type), "%d %s: type", row->status, row->body);
    if (row->type == GEN_STEP_IS_FAIL) {
        cr_expect(eq(int, step->as.fail.kind, row->kind), "%d %s", row->status, row->body);
        cr_expect(eq(int, step->as.fail.billed, row->billed), "%d %s", row->status, row->body);
        cr_expect(eq(i64, step->as.fail.retry_after_ms, row->number));
        cr_expect(same(step->as.fail.message, row->text), "%s", step->as.fail.message);
    } else if (row->type == GEN_STEP_IS_DONE) {
        cr_expect(eq(i64, step->as.done.cost, row->number), "%d %s", row->status, row->body);
        cr_expect(same(step->as.done.handle, row->text));
        cr_expect(same(step->as.done.file, ""));
    } else {
        cr_expect(eq(i64, step->progress_ppm, row->number));
        cr_expect(same(step->note, row->text));
        cr_expect(step->wait_ms >= 200);
    }
}

Test(fake, answers)
{
    struct bed bed;

    bed_make(&bed, plain);
    bed.sample.shot.attempt.handle = "j1";
    for (size_t i = 0; i < GEN_COUNT(talks); i++) {
        const struct talk *row = &talks[i];
        struct gen_step_header header = {"retry-after", row->retry_after};
        struct gen_reply reply = {
            .type = GEN_REPLY_HTTP,
            .status = row->status,
            .headers = &header,
            .header_count = row->retry_after != NULL ? 1 : 0,
            .body = row->body,
            .body_size = strlen(row->body),
            .body_complete = true,
        };
        struct gen_step step;

        cr_assert(
            eq(int,
               gen_hosted_step(bed.fake, row->verb, &bed.task, &reply, bed.arena, &step, &bed.err),
               GEN_OK),
            "%s", bed.err.message);
        talk_check(row, &step);
    }
    bed_end(&bed);
}

/* What a failed job was billed, and which input was refused, come through. */
Test(fake, details_of_a_failure)
{
    static const char body[] = "{\"status\": \"moderated\", \"error\": {\"code\": \"face\","
                               " \"field\": \"scenes[0].prompt\", \"billed\": 0.15}}";
    struct gen_reply reply = {.type = GEN_REPLY_HTTP,
                              .status = 200,
                              .body = body,
                              .body_size = sizeof(body) - 1,
                              .body_complete = true};
    struct bed bed;
    struct gen_step step;

    bed_make(&bed, plain);
    cr_assert(
        eq(int,
           gen_hosted_step(bed.fake, GEN_VERB_POLL, &bed.task, &reply, bed.arena, &step, &bed.err),
           GEN_OK));
    cr_expect(same(step.as.fail.code, "face"));
    cr_expect(same(step.as.fail.field, "scenes[0].prompt"));
    cr_expect(eq(i64, step.as.fail.cost, 150000));
    /* a body that was cut off is not read as if it were whole */
    reply.body_complete = false;
    cr_assert(
        eq(int,
           gen_hosted_step(bed.fake, GEN_VERB_POLL, &bed.task, &reply, bed.arena, &step, &bed.err),
           GEN_OK));
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT));
    bed_end(&bed);
}

/* Stored parameters that are damaged are an error of ours, not a question to the plugin. */
Test(fake, damaged_parameters)
{
    struct bed bed;
    struct gen_step step;

    bed_make(&bed, plain);
    bed.sample.shot.parameters = "[1]";
    cr_expect(
        eq(int,
           gen_hosted_step(bed.fake, GEN_VERB_SUBMIT, &bed.task, NULL, bed.arena, &step, &bed.err),
           GEN_ECORRUPT));
    bed.sample.shot.parameters = "{";
    cr_expect(
        eq(int,
           gen_hosted_step(bed.fake, GEN_VERB_SUBMIT, &bed.task, NULL, bed.arena, &step, &bed.err),
           GEN_ECORRUPT));
    bed_end(&bed);
}
