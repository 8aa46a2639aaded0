/* flight.c - see flight.h. */
#include "engine/flight.h"

#include "base/alloc.h"
#include "engine/scratch.h"
#include "platform/crypto.h"
#include "store/blob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FLIGHT_RESULT "result.bin" /* where a response goes that is the result */
enum { FLIGHT_MOST_HEADERS = 64, FLIGHT_MOST_PARTS = 32 };

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

/* Stands between a call and its flight, so that a stopped flight hears nothing more. */
struct gen_asking {
    struct gen_flight *flight; /* NULL once nobody wants the answer */
    struct gen_http_call *call;
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

static void flight_on_response(void *context, const struct gen_http_response *response)
{
    struct gen_asking *asking = context;
    struct gen_flight *flight = asking->flight;
    bool costs;
    struct gen_step_header headers[FLIGHT_MOST_HEADERS];
    struct gen_reply reply = {.type = GEN_REPLY_HTTP,
                              .status = response->status,
                              .headers = headers,
                              .body = response->body,
                              .body_size = response->body_size,
                              .body_complete = response->body_complete,
                              .output = "",
                              .errors = ""};

    gen_free(asking);
    if (flight == NULL) {
        return;
    }
    flight->asking = NULL;
    costs = flight->step.as.http.costs;
    if (response->fate != GEN_HTTP_ANSWERED) {
        flight->world->on_unanswered(
            flight, response->fate == GEN_HTTP_NOT_SENT ? GEN_FATE_NOT_SENT : GEN_FATE_UNKNOWN,
            costs, response->reason);
        return;
    }
    for (size_t i = 0; i < response->header_count && i < FLIGHT_MOST_HEADERS; i++) {
        headers[i].name = response->headers[i].name;
        headers[i].value = response->headers[i].value;
        reply.header_count++;
    }
    flight->world->on_reply(flight, &reply);
}

static enum gen_status flight_parts(struct gen_flight *flight, const char *scratch,
                                    const struct gen_asset *assets, size_t asset_count,
                                    struct gen_http_request *request, struct gen_error *err)
{
    const struct gen_step *step = &flight->step;
    struct gen_task task = {.assets = assets, .asset_count = asset_count};
    struct gen_http_part *parts = gen_arena_array(flight->exchange, step->as.http.part_count + 1,
                                                  sizeof(*parts));

    for (size_t i = 0; parts != NULL && i < step->as.http.part_count; i++) {
        const struct gen_step_part *part = &step->as.http.parts[i];

        parts[i] = (struct gen_http_part){.name = part->name,
                                          .text = part->asset < 0 ? part->text : NULL,
                                          .file_name = part->file_name,
                                          .content_type = part->content_type};
        if (part->asset >= 0) {
            parts[i].file =
                gen_arena_printf(flight->exchange, "%s/%s", scratch,
                                 gen_task_asset_file(&task, (size_t)part->asset, flight->exchange));
        }
    }
    request->parts = parts;
    request->part_count = step->as.http.part_count;
    if (step->as.http.asset >= 0) {
        request->body_file = gen_arena_printf(
            flight->exchange, "%s/%s", scratch,
            gen_task_asset_file(&task, (size_t)step->as.http.asset, flight->exchange));
    }
    return gen_arena_failed(flight->exchange) ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                              : GEN_OK;
}

static enum gen_status flight_ask(struct gen_flight *flight, struct gen_http_request *request,
                                  struct gen_error *err)
{
    struct gen_asking *asking = gen_alloc(sizeof(*asking));
    enum gen_status status;

    if (asking == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    asking->flight = flight;
    request->context = asking;
    status = gen_http_send(flight->world->http, request, &asking->call, err);
    if (status != GEN_OK) {
        gen_free(asking);
        return status;
    }
    flight->asking = asking;
    return GEN_OK;
}

static enum gen_status flight_http(struct gen_flight *flight, const char *scratch,
                                   const struct gen_asset *assets, size_t asset_count,
                                   struct gen_error *err)
{
    const struct gen_step *step = &flight->step;
    struct gen_http_header headers[FLIGHT_MOST_HEADERS];
    struct gen_http_request request = {.method = step->as.http.method,
                                       .url = step->as.http.url,
                                       .headers = headers,
                                       .body = step->as.http.data,
                                       .body_size = step->as.http.data_size,
                                       .once = step->as.http.costs,
                                       .follow = step->as.http.follow && !step->as.http.costs,
                                       .allow_private = flight->world->allow_private,
                                       .timeout_ms = step->as.http.timeout_ms,
                                       .body_limit = (size_t)step->as.http.sink_limit,
                                       .on_end = flight_on_response};
    enum gen_status status;

    if (step->as.http.credential[0] != '\0') {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "credential \"%s\" is not configured in this daemon",
                             step->as.http.credential);
    }
    for (size_t i = 0; i < step->as.http.header_count && i < FLIGHT_MOST_HEADERS; i++) {
        headers[i].name = step->as.http.headers[i].name;
        headers[i].value = step->as.http.headers[i].value;
        request.header_count++;
    }
    status = flight_parts(flight, scratch, assets, asset_count, &request, err);
    if (status == GEN_OK && step->as.http.to_result) {
        request.sink_file = gen_arena_printf(flight->exchange, "%s/%s", scratch, FLIGHT_RESULT);
        if (request.sink_file == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        (void)unlink(request.sink_file); /* of an earlier try */
    }
    return status != GEN_OK ? status : flight_ask(flight, &request, err);
}

void gen_flight_perform(struct gen_flight *flight, const struct gen_ident *attempt,
                        const struct gen_asset *assets, size_t asset_count)
{
    struct gen_error err = {0};
    char *scratch = NULL;
    enum gen_status status;

    GEN_CHECK(flight->asking == NULL && flight->run == NULL);
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
    struct gen_asking *asking = flight->asking;

    gen_timer_cancel(&flight->timer);
    gen_run_stop(&flight->run);
    if (asking != NULL) {
        flight->asking = NULL;
        asking->flight = NULL;
        gen_http_cancel(asking->call);
    }
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
}
