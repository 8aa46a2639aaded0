/* flight.c - see flight.h. */
#include "engine/flight.h"

#include "base/alloc.h"
#include "engine/rules.h"
#include "engine/scratch.h"
#include "platform/crypto.h"
#include "store/blob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLIGHT_RESULT "result.bin" /* where a response goes that is the result */

struct gen_storing {
    struct gen_flight *flight; /* NULL once nobody wants it */
    struct gen_run *probe;
    char path[GEN_BLOB_PATH_SIZE];
    char blobs[GEN_BLOB_PATH_SIZE];
    char digest[GEN_DIGEST_TEXT_SIZE];
    int64_t size;
    enum gen_status status;
    struct gen_error err;
};

/* The scratch folder of the attempt, made with its asset links on first use. */
static enum gen_status flight_scratch(struct gen_flight *flight, const struct gen_asset *assets,
                                      size_t asset_count, char **out, struct gen_error *err)
{
    const struct gen_flight_world *world = flight->world;
    struct gen_task task = {.assets = assets, .asset_count = asset_count};
    enum gen_status status;

    *out = gen_scratch_path(world->scratch, flight->attempt.text, flight->exchange);
    if (*out == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (flight->scratch_made) {
        return GEN_OK;
    }
    status = gen_scratch_make(*out, err);
    for (size_t i = 0; status == GEN_OK && i < asset_count; i++) {
        const char *name = gen_task_asset_file(&task, i, flight->exchange);

        status = name == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                              : gen_scratch_link(*out, name, world->blobs, assets[i].digest, err);
    }
    flight->scratch_made = status == GEN_OK;
    return status;
}

static void flight_fault(struct gen_flight *flight, const struct gen_error *err)
{
    bool costs = flight->step.type == GEN_STEP_IS_HTTP && flight->step.as.http.costs;

    flight->world->on_unanswered(flight, GEN_FATE_NOT_SENT, costs, err->message);
}

/* ------------------------------------------------------------------------------- programs -- */

static void flight_on_line(void *context, const char *line)
{
    struct gen_flight *flight = context;
    const char *key = flight->step.as.run.progress_key;
    size_t size = strlen(key);
    int64_t span = flight->step.as.run.progress_to_ppm - flight->step.as.run.progress_from_ppm;
    int64_t total = flight->step.as.run.progress_total, value;

    if (size == 0 || total <= 0 || strncmp(line, key, size) != 0 || line[size] != '=') {
        return;
    }
    value = strtoll(line + size + 1, NULL, 10);
    value = value < 0 ? 0 : value > total ? total : value;
    flight->world->on_progress(flight, (int32_t)(flight->step.as.run.progress_from_ppm +
                                                 (double)span * (double)value / (double)total));
}

static void flight_on_end(void *context, const struct gen_process_end *end)
{
    struct gen_flight *flight = context;
    struct gen_reply reply = {.type = GEN_REPLY_RUN,
                              .exit_code = end->exit_code,
                              .signal = end->signal,
                              .timed_out = end->timed_out,
                              .output = end->output,
                              .errors = end->errors,
                              .body = ""};

    flight->run = NULL;
    flight->world->on_reply(flight, &reply);
}

static void flight_on_fault(void *context, const struct gen_error *err)
{
    struct gen_flight *flight = context;

    flight->run = NULL;
    flight_fault(flight, err);
}

static enum gen_status flight_run(struct gen_flight *flight, const char *scratch,
                                  struct gen_error *err)
{
    const struct gen_step *step = &flight->step;
    struct gen_run_spec spec = {.program = step->as.run.program,
                                .arguments = step->as.run.arguments,
                                .scratch = scratch,
                                .timeout_ms = step->as.run.timeout_ms,
                                .on_line = flight_on_line,
                                .on_end = flight_on_end,
                                .on_fault = flight_on_fault,
                                .context = flight};
    enum gen_status status = GEN_OK;

    if (spec.program == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "the program of this step is not installed any "
                             "more (see gen doctor)");
    }
    for (size_t i = 0; i < step->as.run.file_count && status == GEN_OK; i++) {
        const struct gen_step_file *file = &step->as.run.files[i];

        status = gen_scratch_write(scratch, file->name, file->data, file->size, err);
    }
    return status != GEN_OK ? status
                            : gen_programs_start(flight->world->programs, &spec, &flight->run, err);
}

/* ----------------------------------------------------------------------------------- HTTP -- */

static void flight_on_reply(void *context, const struct gen_reply *reply)
{
    struct gen_flight *flight = context;

    flight->errand = NULL;
    flight->world->on_reply(flight, reply);
}

/* A person must look at the credential: the step fails as if the provider had refused it. Nothing was
 * sent, so nothing was bought. */
static void flight_unsigned(struct gen_flight *flight, const char *reason)
{
    bool costs = flight->step.as.http.costs;
    const char *message = gen_arena_strdup(flight->exchange, reason);

    flight->step = (struct gen_step){
        .type = GEN_STEP_IS_FAIL, .note = "", .progress_ppm = -1, .queue_position = -1};
    flight->step.as.fail.kind = GEN_FAILURE_AUTH;
    flight->step.as.fail.billed = costs ? GEN_BILLING_NO : GEN_BILLING_UNKNOWN;
    flight->step.as.fail.code = "";
    flight->step.as.fail.message = message != NULL ? message : "the request cannot be signed";
    flight->step.as.fail.field = "";
    flight->step.as.fail.cost = -1;
    flight->world->on_failed(flight);
}

static void flight_on_failed(void *context, const struct gen_errand_failure *failure)
{
    struct gen_flight *flight = context;

    flight->errand = NULL;
    if (failure->auth) {
        flight_unsigned(flight, failure->reason);
        return;
    }
    if (failure->too_large && flight->fetches) {
        flight->world->on_clip(flight, GEN_EINVAL, "", failure->reason);
        return;
    }
    flight->world->on_unanswered(flight, failure->not_sent ? GEN_FATE_NOT_SENT : GEN_FATE_UNKNOWN,
                                 flight->step.as.http.costs, failure->reason);
}

static const char *const *flight_asset_paths(struct gen_flight *flight, const char *scratch,
                                             const struct gen_asset *assets, size_t asset_count)
{
    struct gen_task task = {.assets = assets, .asset_count = asset_count};
    const char **paths = gen_arena_array(flight->exchange, asset_count + 1, sizeof(*paths));

    for (size_t i = 0; paths != NULL && i < asset_count; i++) {
        paths[i] = gen_arena_printf(flight->exchange, "%s/%s", scratch,
                                    gen_task_asset_file(&task, i, flight->exchange));
    }
    return paths;
}

/* Who signs it, and with which of our secrets. */
static enum gen_status flight_order(struct gen_flight *flight, struct gen_signing_order *order,
                                    struct gen_error *err)
{
    const char *name = flight->step.as.http.credential;
    const char *part;

    order->provider = gen_hosted_id(flight->hosted);
    order->owner = flight->signs;
    order->loopback_http = gen_hosted_loopback_http(flight->hosted);
    if (name[0] == '\0') {
        return GEN_OK;
    }
    order->credential = gen_hosted_credential_in(flight->setup, name);
    if (order->credential == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "there is no credential \"%s\" at %s", name,
                             order->provider);
    }
    for (size_t i = 0; (part = gen_signer_part(order->credential->signing, i)) != NULL; i++) {
        order->secrets[i] = gen_rules_secret(flight->world->options, order->provider, name, part,
                                             flight->exchange);
    }
    return gen_arena_failed(flight->exchange) ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                              : GEN_OK;
}

static enum gen_status flight_http(struct gen_flight *flight, const char *scratch,
                                   const struct gen_asset *assets, size_t asset_count,
                                   struct gen_error *err)
{
    struct gen_errand_spec spec = {
        .step = &flight->step,
        .loopback_http = gen_hosted_loopback_http(flight->hosted),
        .folder = scratch,
        .assets = flight_asset_paths(flight, scratch, assets, asset_count),
        .result_most = flight->result_most,
        .label = flight->attempt.text,
        .on_reply = flight_on_reply,
        .on_failed = flight_on_failed,
        .context = flight};
    enum gen_status status = flight_order(flight, &spec.order, err);

    if (flight->step.as.http.to_result || flight->fetches) {
        spec.result = gen_arena_printf(flight->exchange, "%s/%s", scratch, FLIGHT_RESULT);
    }
    if (status == GEN_OK && gen_arena_failed(flight->exchange)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status == GEN_OK ? gen_errand_start(flight->world->errands, &spec, &flight->errand, err)
                            : status;
}

void gen_flight_take(struct gen_flight *flight, const struct gen_hosted *hosted,
                     const struct gen_step *step, struct gen_arena *exchange)
{
    struct gen_setup *setup = hosted == NULL ? NULL : gen_hosted_hold(hosted);

    gen_flight_fini(flight);
    flight->hosted = hosted;
    flight->setup = setup;
    flight->step = *step;
    flight->exchange = exchange;
}

void gen_flight_perform(struct gen_flight *flight, const struct gen_ident *attempt,
                        const struct gen_asset *assets, size_t asset_count)
{
    struct gen_error err = {0};
    char *scratch = NULL;
    enum gen_status status;

    GEN_CHECK(flight->errand == NULL && flight->run == NULL);
    flight->attempt = *attempt;
    flight->under_way = flight->generation;
    status = flight_scratch(flight, assets, asset_count, &scratch, &err);
    if (status == GEN_OK) {
        status = flight->step.type == GEN_STEP_IS_RUN
                     ? flight_run(flight, scratch, &err)
                     : flight_http(flight, scratch, assets, asset_count, &err);
    }
    if (status != GEN_OK) {
        flight_fault(flight, &err);
    }
}

/* ---------------------------------------------------------------------- timer and result -- */

static void flight_on_timer(void *context)
{
    struct gen_flight *flight = context;

    flight->timer = NULL;
    flight->world->on_timer(flight);
}

void gen_flight_wake(struct gen_flight *flight, int64_t wait_ms)
{
    gen_timer_cancel(&flight->timer);
    flight->under_way = flight->generation;
    flight->timer = gen_timer_start(flight->world->loop, wait_ms, flight_on_timer, flight);
    GEN_CHECK(flight->timer != NULL); /* without a timer the shot would sleep for ever */
}

static void flight_stored(void *context)
{
    struct gen_storing *storing = context;
    struct gen_flight *flight = storing->flight;

    if (flight != NULL) {
        flight->storing = NULL;
        flight->world->on_clip(flight, storing->status, storing->digest, storing->err.message);
    }
    gen_free(storing);
}

static void flight_store_work(void *context)
{
    struct gen_storing *storing = context;

    storing->status = gen_blob_adopt(storing->blobs, storing->path, storing->digest, &storing->size,
                                     &storing->err);
}

static void flight_probed(void *context, enum gen_status status, const struct gen_node *document,
                          const struct gen_error *err)
{
    struct gen_storing *storing = context;

    storing->probe = NULL;
    storing->status = status;
    if (status != GEN_OK) {
        storing->err = *err;
    } else if (strcmp(gen_node_text(gen_node_get(document, "kind"), ""), "video") != 0) {
        storing->status = gen_error_set(&storing->err, GEN_EINVAL,
                                        "what came back is not a video but %s",
                                        gen_node_text(gen_node_get(document, "mediaType"), "?"));
    } else if (gen_node_truth(gen_node_get(document, "truncated"), false)) {
        storing->status = gen_error_set(&storing->err, GEN_EINVAL,
                                        "what came back is a video that is cut off");
    }
    if (storing->flight == NULL || storing->status != GEN_OK ||
        gen_loop_work(storing->flight->world->loop, flight_store_work, flight_stored, storing) !=
            GEN_OK) {
        flight_stored(storing);
    }
}

void gen_flight_store(struct gen_flight *flight, const char *file)
{
    const struct gen_flight_world *world = flight->world;
    struct gen_storing *storing = gen_alloc(sizeof(*storing));
    const char *arguments[] = {"probe", NULL, NULL};
    char scratch[GEN_BLOB_PATH_SIZE];
    struct gen_error err = {0};
    enum gen_status status;

    if (storing == NULL) {
        world->on_clip(flight, GEN_ENOMEM, "", "out of memory");
        return;
    }
    storing->flight = flight;
    flight->under_way = flight->generation;
    snprintf(storing->blobs, sizeof(storing->blobs), "%s", world->blobs);
    snprintf(scratch, sizeof(scratch), "%s/%s", world->scratch, flight->attempt.text);
    status = gen_scratch_result(scratch, file[0] == '\0' ? FLIGHT_RESULT : file, storing->path,
                                sizeof(storing->path), &err);
    if (status == GEN_OK) {
        arguments[1] = storing->path;
        status = gen_programs_ask(world->programs, arguments, flight_probed, storing,
                                  &storing->probe, &err);
    }
    if (status != GEN_OK) {
        gen_free(storing);
        world->on_clip(flight, status, "", err.message);
        return;
    }
    flight->storing = storing;
}

void gen_flight_stop(struct gen_flight *flight)
{
    gen_timer_cancel(&flight->timer);
    gen_run_stop(&flight->run);
    gen_errand_stop(&flight->errand);
    if (flight->storing != NULL) {
        struct gen_storing *storing = flight->storing;

        flight->storing = NULL;
        storing->flight = NULL;
        if (storing->probe != NULL) {
            gen_run_stop(&storing->probe);
            gen_free(storing);
        }
    }
}

void gen_flight_land(struct gen_flight *flight)
{
    char path[GEN_BLOB_PATH_SIZE];

    gen_flight_stop(flight);
    if (flight->scratch_made) {
        snprintf(path, sizeof(path), "%s/%s", flight->world->scratch, flight->attempt.text);
        gen_scratch_remove(flight->world->loop, path);
        flight->scratch_made = false;
    }
}

void gen_flight_fini(struct gen_flight *flight)
{
    gen_arena_destroy(flight->exchange);
    flight->exchange = NULL;
    gen_hosted_leave(&flight->setup);
}
