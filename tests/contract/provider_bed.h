/* provider_bed.h - a shipped plugin on the bench: loaded with settings, asked about one scene, and
 * told answers one by one. For tests/contract/provider_*_test.c; everything passes the host's
 * customs.
 *
 * Thread: one.
 */
#ifndef GEN_TESTS_CONTRACT_PROVIDER_BED_H
#define GEN_TESTS_CONTRACT_PROVIDER_BED_H

#include "base/json.h"
#include "host/plugin.h"
#include "host/provider.h"
#include "platform/crypto.h"
#include "platform/json_reader.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

struct bed {
    struct gen_arena *arena;
    struct gen_hosted *hosted;
    struct sample sample;
    struct gen_variation variation;
    struct gen_task task;
    struct gen_formatted formatted;
    struct gen_error err;
};

struct bed_answer { /* what a server said */
    int status;
    const char *body;
    const char *header, *value; /* one header; NULL = none */
    bool cut, extracted;
};

static inline bool bed_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static inline const struct gen_node *bed_json(struct bed *bed, const char *text)
{
    const struct gen_node *node = NULL;

    cr_assert(
        eq(int, gen_json_read(text, strlen(text), NULL, bed->arena, &node, &bed->err), GEN_OK),
        "%s: %s", bed->err.message, text);
    return node;
}

/* GEN_OK, or why the plugin refuses these settings (bed->err). */
static inline enum gen_status bed_try(struct bed *bed, const char *id, const char *settings)
{
    struct gen_plugin_options options = {.version = "0.0.0-test"};
    const char *path;

    memset(bed, 0, sizeof(*bed));
    bed->arena = gen_arena_create(0);
    cr_assert(eq(int, gen_crypto_init(&bed->err), GEN_OK));
    path = gen_arena_printf(bed->arena, "%s/%s.so", CONTRACT_SHIPPED, id);
    options.settings = bed_json(bed, gen_arena_printf(bed->arena, "{\"%s\": %s}", id, settings));
    return gen_plugin_open(path, &options, &bed->hosted, &bed->err);
}

static inline void bed_open(struct bed *bed, const char *id, const char *settings)
{
    cr_assert(eq(int, bed_try(bed, id, settings), GEN_OK), "%s", bed->err.message);
}

static inline void bed_close(struct bed *bed)
{
    gen_plugin_close(bed->hosted);
    gen_arena_destroy(bed->arena);
}

/* One scene (the inside of its map, of 5 s where it does not say) for a model. Nothing is formatted
 * yet. */
static inline void bed_scene(struct bed *bed, const char *model, const char *scene, int32_t width,
                             int32_t height)
{
    const char *brief = gen_arena_printf(
        bed->arena, "{\"title\": \"Ad\", \"language\": \"en\", \"scenes\": [{%s%s}]}", scene,
        strstr(scene, "\"duration\"") == NULL ? ", \"duration\": 5" : "");

    sample_of(brief, bed->arena, &bed->sample);
    bed->task = sample_task(&bed->sample, 0, model);
    bed->variation = *bed->task.variation;
    bed->variation.width = width;
    bed->variation.height = height;
    bed->task.variation = &bed->variation;
}

static inline enum gen_status bed_format(struct bed *bed)
{
    enum gen_status status;

    bed->sample.shot.parameters = NULL;
    status = gen_hosted_format(bed->hosted, &bed->task, bed->arena, &bed->formatted, &bed->err);
    bed->sample.shot.parameters = status == GEN_OK ? bed->formatted.parameters : NULL;
    return status;
}

/* The adjustment of a field as "from -> to", "" = none. */
static inline const char *bed_adjusted(struct bed *bed, const char *field)
{
    for (const struct gen_node *item = gen_node_first(bed->formatted.adjustments); item != NULL;
         item = item->next) {
        if (bed_same(gen_node_text(gen_node_get(item, "field"), ""), field)) {
            return gen_arena_printf(bed->arena, "%s -> %s",
                                    gen_node_text(gen_node_get(item, "from"), ""),
                                    gen_node_text(gen_node_get(item, "to"), ""));
        }
    }
    return "";
}

/* A scene that must be formatted. */
static inline void bed_shot(struct bed *bed, const char *model, const char *scene, int32_t width,
                            int32_t height)
{
    bed_scene(bed, model, scene, width, height);
    cr_assert(eq(int, bed_format(bed), GEN_OK), "%s", bed->err.message);
}

/* Calls a verb; the state it leaves comes back with the next call, as in the engine. */
static inline void bed_step(struct bed *bed, enum gen_verb verb, const struct bed_answer *answer,
                            struct gen_step *out)
{
    struct gen_step_header header;
    struct gen_reply reply = {.type = GEN_REPLY_HTTP, .body_complete = true};

    if (answer != NULL) {
        header = (struct gen_step_header){answer->header, answer->value};
        reply.status = answer->status;
        reply.body = answer->body != NULL ? answer->body : "";
        reply.body_size = strlen(reply.body);
        reply.body_complete = !answer->cut;
        reply.extracted = answer->extracted;
        reply.headers = &header;
        reply.header_count = answer->header != NULL;
    }
    cr_assert(eq(int,
                 gen_hosted_step(bed->hosted, verb, &bed->task, answer != NULL ? &reply : NULL,
                                 bed->arena, out, &bed->err),
                 GEN_OK),
              "%s", bed->err.message);
    if (out->state != NULL) {
        bed->sample.shot.attempt.step_state = out->state;
    }
}

/* The same with a status and a body alone. */
static inline void bed_told(struct bed *bed, enum gen_verb verb, int status, const char *body,
                            struct gen_step *out)
{
    struct bed_answer answer = {.status = status, .body = body};

    bed_step(bed, verb, &answer, out);
}

/* The first call of a verb, from a handle. */
static inline void bed_ask(struct bed *bed, enum gen_verb verb, const char *handle,
                           struct gen_step *out)
{
    bed->sample.shot.attempt.handle = handle;
    bed->sample.shot.attempt.step_state = "";
    bed_step(bed, verb, NULL, out);
}

/* The same call with less and less memory: it ends in an error, never in a half-made step. */
static inline void bed_starve(struct bed *bed, enum gen_verb verb, const struct bed_answer *answer)
{
    struct gen_reply reply = {.type = GEN_REPLY_HTTP, .body_complete = true};
    size_t worked = 0;

    if (answer != NULL) {
        reply.status = answer->status;
        reply.body = answer->body;
        reply.body_size = strlen(answer->body);
    }
    for (size_t most = 256; most <= 256 * 1024 && worked < 3; most += most < 24576 ? 96 : 8192) {
        struct gen_arena *arena = gen_arena_create(most);
        struct gen_step step = {0};
        struct gen_error err = {0};
        enum gen_status status = gen_hosted_step(
            bed->hosted, verb, &bed->task, answer != NULL ? &reply : NULL, arena, &step, &err);

        cr_assert(status == GEN_OK || status == GEN_ENOMEM || status == GEN_ECORRUPT,
                  "%zu bytes: %s", most, err.message);
        worked += status == GEN_OK;
        if (status == GEN_OK && step.type == GEN_STEP_IS_HTTP && step.as.http.data_size > 0) {
            (void)bed_json(bed, gen_arena_strndup(bed->arena, step.as.http.data,
                                                  step.as.http.data_size)); /* whole */
        }
        gen_arena_destroy(arena);
    }
    cr_expect(eq(sz, worked, 3));
}

static inline const char *bed_header(const struct gen_step *step, const char *name)
{
    for (size_t i = 0; i < step->as.http.header_count; i++) {
        if (bed_same(step->as.http.headers[i].name, name)) {
            return step->as.http.headers[i].value;
        }
    }
    return "";
}

/* The JSON body of a request. */
static inline const struct gen_node *bed_body(struct bed *bed, const struct gen_step *step)
{
    const struct gen_node *node = NULL;

    cr_assert(eq(int,
                 gen_json_read(step->as.http.data, step->as.http.data_size, NULL, bed->arena, &node,
                               &bed->err),
                 GEN_OK),
              "%s", bed->err.message);
    return node;
}

/* Text, number or truth at a path of a JSON document, as JSON; "" = absent. */
static inline const char *bed_at(struct bed *bed, const struct gen_node *node, const char *path)
{
    const struct gen_node *found = gen_node_find(node, path, NULL);

    return found != NULL ? gen_json_text(bed->arena, found, NULL) : "";
}

struct bed_failure { /* what an answer must be made of */
    enum gen_failure kind;
    enum gen_billing billed;
    const char *code, *message, *field; /* NULL = not looked at */
    int64_t retry_after_ms;
};

static inline void bed_fails(const struct gen_step *step, const struct bed_failure *expected,
                             const char *what)
{
    cr_assert(eq(int, step->type, GEN_STEP_IS_FAIL), "%s", what);
    cr_expect(eq(int, step->as.fail.kind, expected->kind), "%s: %s", what,
              gen_failure_word(step->as.fail.kind));
    cr_expect(eq(int, step->as.fail.billed, expected->billed), "%s", what);
    cr_expect(eq(i64, step->as.fail.retry_after_ms, expected->retry_after_ms), "%s", what);
    cr_expect(step->as.fail.message[0] != '\0', "%s", what);
    if (expected->code != NULL) {
        cr_expect(bed_same(step->as.fail.code, expected->code), "%s: %s", what, step->as.fail.code);
    }
    if (expected->message != NULL) {
        cr_expect(bed_same(step->as.fail.message, expected->message), "%s: %s", what,
                  step->as.fail.message);
    }
    if (expected->field != NULL) {
        cr_expect(bed_same(step->as.fail.field, expected->field), "%s: %s", what,
                  step->as.fail.field);
    }
}

#endif
