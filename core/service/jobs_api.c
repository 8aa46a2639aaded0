/* jobs_api.c - see jobs_api.h. */
#include "service/jobs_api.h"

#include "base/json.h"
#include "engine/engine.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"
#include "service/providers_api.h"
#include "store/reading.h"

#include <string.h>
#include <strings.h>

enum { JOBS_LIMIT = 50 };

const char *const gen_jobs_types[] = {"application/json", "application/yaml", NULL};

const struct gen_parameter gen_jobs_parameters[] = {
    {"limit", "Jobs of a page, 1 to 200; 50 by default."},
    {"after", "Where the page begins: `next` of the page before."},
    {"status", "Only jobs in this state."},
    {"project", "Only jobs of this project."},
    {"user", "Only jobs of this user."},
    {"tag", "Only jobs with this tag."},
    {"since", "Only jobs created at or after this instant (RFC 3339)."},
    {"until", "Only jobs created before this instant (RFC 3339)."},
    {NULL, NULL},
};

/* --------------------------------------------------------------------- the document of a job -- */

static void overlay_set(struct gen_arena *arena, struct gen_node *map, const char *key,
                        struct gen_node *value)
{
    struct gen_node *old = map->as.children.first;

    while (old != NULL && strcmp(old->key, key) != 0) {
        old = old->next;
    }
    if (value == NULL) {
        return;
    }
    if (old == NULL) {
        gen_node_set(arena, map, key, value);
        return;
    }
    value->key = old->key;
    value->next = old->next;
    *old = *value; /* a scalar takes the place of a scalar */
}

/* The first shot that has something to say speaks for the pipeline. */
static const char *pipeline_note(const struct gen_pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->shot_count; i++) {
        if (pipeline->shots[i].note != NULL && pipeline->shots[i].note[0] != '\0') {
            return pipeline->shots[i].note;
        }
    }
    return NULL;
}

static struct gen_node *pipeline_place(struct gen_arena *arena, const struct gen_engine *engine,
                                       const struct gen_job *job,
                                       const struct gen_pipeline *pipeline)
{
    size_t place = gen_engine_queue_position(engine, job, pipeline);

    if (place > 0) {
        return gen_node_int(arena, (int64_t)place);
    }
    for (size_t i = 0; i < pipeline->shot_count; i++) {
        if (pipeline->shots[i].queue_position >= 0) {
            return gen_node_int(arena, pipeline->shots[i].queue_position);
        }
    }
    return gen_node_null(arena);
}

static const struct gen_pipeline *pipeline_of(const struct gen_job *job, const char *id)
{
    for (size_t i = 0; job != NULL && i < job->pipeline_count; i++) {
        if (strcmp(job->pipelines[i].id.text, id) == 0) {
            return &job->pipelines[i];
        }
    }
    return NULL;
}

void gen_jobs_horizon(struct gen_arena *arena, struct gen_node *map,
                      const struct gen_engine *engine, const struct gen_job *job,
                      const struct gen_pipeline *pipeline)
{
    struct gen_horizon horizon = {0};

    if (pipeline != NULL) {
        gen_engine_horizon(engine, job, pipeline, &horizon);
        overlay_set(arena, map, "progress",
                    gen_node_real(arena, (double)horizon.progress_ppm / 1e6));
        overlay_set(
            arena, map, "estimatedCompletion",
            gen_node_moment(arena, horizon.done != 0 ? horizon.done : pipeline->estimated_at));
    }
    overlay_set(arena, map, "estimatedLatest", gen_node_moment(arena, horizon.late));
    overlay_set(arena, map, "progressBasis",
                gen_node_string(arena, horizon.phase == GEN_PHASE_NONE ? NULL
                                       : horizon.measured              ? "measured"
                                                                       : "estimated"));
    overlay_set(arena, map, "phase", gen_node_string(arena, gen_phase_word(horizon.phase)));
}

/* Why nothing goes on, or else what is going on; NULL: there is nothing to say. */
static const char *overlay_note(struct gen_arena *arena, const struct gen_engine *engine,
                                const struct gen_job *job, const struct gen_pipeline *pipeline)
{
    struct gen_error err = {0};
    const char *held;

    if (gen_engine_trouble(engine, &err) != GEN_OK) {
        return gen_arena_printf(arena, "everything waits, nothing is lost: %s", err.message);
    }
    held = gen_providers_held(arena, engine, job, pipeline);
    if (held != NULL) {
        return held;
    }
    return job->paused ? "the job is paused (gen resume lets it go on)" : pipeline_note(pipeline);
}

void gen_jobs_overlay(struct gen_arena *arena, struct gen_node *document,
                      const struct gen_engine *engine, const struct gen_job *job)
{
    struct gen_node *list = document->as.children.first;

    while (list != NULL && strcmp(list->key, "pipelines") != 0) {
        list = list->next;
    }
    for (struct gen_node *item = list == NULL ? NULL : list->as.children.first; item != NULL;
         item = item->next) {
        const struct gen_pipeline *pipeline =
            pipeline_of(job, gen_node_text(gen_node_get(item, "pipelineId"), ""));

        if (pipeline == NULL) {
            overlay_set(arena, item, "queuePosition", gen_node_null(arena));
            overlay_set(arena, item, "note", gen_node_null(arena));
            gen_jobs_horizon(arena, item, engine, job, NULL);
            continue;
        }
        overlay_set(arena, item, "queuePosition", pipeline_place(arena, engine, job, pipeline));
        overlay_set(arena, item, "note",
                    gen_node_string(arena, overlay_note(arena, engine, job, pipeline)));
        gen_jobs_horizon(arena, item, engine, job, pipeline);
    }
}

static enum gen_status job_document(struct gen_call *call, const char *id, struct gen_node **out,
                                    struct gen_error *err)
{
    const struct gen_service *service = call->service;
    enum gen_status status = gen_read_job(service->store, call->principal.organization, id,
                                          call->arena, out, err);

    if (status == GEN_OK) {
        gen_jobs_overlay(call->arena, *out, service->engine, gen_engine_job(service->engine, id));
    }
    return status;
}

void gen_jobs_reply(struct gen_call *call, int http, const char *id)
{
    struct gen_node *document = NULL;
    struct gen_error err = {0};

    if (job_document(call, id, &document, &err) == GEN_OK) {
        gen_call_reply(call, http, document);
    } else {
        gen_call_fail(call, &err);
    }
}

/* -------------------------------------------------------------------------------- submitting -- */

bool gen_jobs_key_valid(const char *key)
{
    size_t size = strlen(key);

    for (size_t i = 0; i < size; i++) {
        if (key[i] < ' ' || key[i] > '~') {
            return false;
        }
    }
    return size >= 1 && size <= GEN_JOBS_KEY_MOST;
}

void gen_jobs_head(struct gen_call *call)
{
    const char *key = gen_exchange_header(call->exchange, "Idempotency-Key");
    struct gen_error err = {0};

    if (key != NULL && !gen_jobs_key_valid(key)) {
        (void)gen_error_set(&err, GEN_EINVAL, "must be 1 to %d printable ASCII characters",
                            GEN_JOBS_KEY_MOST);
        gen_error_place(&err, NULL, 0, 0, "Idempotency-Key");
        gen_call_fail_as(call, 400, &err);
    }
}

enum gen_status gen_jobs_read(const char *type, const char *body, size_t size,
                              struct gen_arena *arena, const struct gen_node **out, char *digest,
                              struct gen_error *err)
{
    bool yaml = type != NULL && strncasecmp(type, "application/yaml", 16) == 0;
    const struct gen_node *node = NULL;
    const char *text;
    size_t length;
    enum gen_status status = yaml ? gen_yaml_read(body, size, NULL, arena, &node, err)
                                  : gen_json_read(body, size, NULL, arena, &node, err);

    if (status == GEN_OK && gen_node_type_of(node) == GEN_NODE_NULL) {
        /* YAML of blanks and comments is null, which has no place */
        status = gen_error_set(err, GEN_EINVAL, "the brief is empty");
        gen_error_place(err, NULL, 1, 1, NULL);
    }
    if (status != GEN_OK) {
        return status;
    }
    text = gen_json_text(arena, node, &length);
    if (text == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the body");
    }
    gen_digest_of(text, length, digest);
    *out = node;
    return GEN_OK;
}

void gen_jobs_place(const struct gen_node *brief, struct gen_error *err)
{
    const struct gen_node *deepest = NULL;

    if (err->path[0] == '\0' || err->line != 0) {
        return;
    }
    (void)gen_node_find(brief, err->path, &deepest);
    if (deepest != NULL) {
        gen_error_place(err, NULL, deepest->line, deepest->column, NULL);
    }
}

static void submission_done(void *context, enum gen_status status, const struct gen_error *err,
                            const char *job, bool existing)
{
    struct gen_call *call = gen_claim_redeem(context);
    char location[64] = "/v1/jobs/";
    struct gen_error refusal;

    if (call == NULL) {
        return; /* it stands in the store all the same; the key gives it back */
    }
    if (status != GEN_OK) {
        bool spent = strcmp(err->path, "quota") == 0; /* no key of the brief: the day's jobs */

        refusal = *err;
        gen_jobs_place(call->work, &refusal);
        gen_call_fail_as(call, spent ? 429 : status == GEN_ENOTFOUND ? 422 : 0, &refusal);
        return;
    }
    memcpy(location + strlen(location), job, strnlen(job, GEN_IDENT_SIZE));
    gen_exchange_reply_header(call->exchange, "Location", location);
    gen_jobs_reply(call, existing ? 200 : 201, job);
}

void gen_jobs_submit(struct gen_call *call)
{
    struct gen_exchange *exchange = call->exchange;
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_request request = {
        .actor = &actor,
        .organization = call->principal.organization,
        .user = call->principal.user,
        .key = gen_exchange_header(exchange, "Idempotency-Key"),
        .principal = &call->principal,
    };
    char digest[GEN_DIGEST_TEXT_SIZE];
    struct gen_error err = {0};
    struct gen_claim *claim;
    const char *body;
    size_t size;

    body = gen_exchange_body(exchange, &size);
    if (gen_jobs_read(gen_exchange_header(exchange, "Content-Type"), body, size, call->arena,
                      &request.brief, digest, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    request.digest = digest;
    call->work = request.brief;
    claim = gen_call_park(call);
    if (claim != NULL) {
        gen_engine_admit(call->service->engine, &request, submission_done, claim);
    }
}

/* ------------------------------------------------------------------------- listing, the rest -- */

static enum gen_status list_query(const struct gen_call *call, struct gen_job_query *query,
                                  struct gen_error *err)
{
    const struct gen_exchange *exchange = call->exchange;
    enum gen_status status;

    *query = (struct gen_job_query){
        .organization = call->principal.organization,
        .status = gen_exchange_query(exchange, "status"),
        .project = gen_exchange_query(exchange, "project"),
        .user = gen_exchange_query(exchange, "user"),
        .tag = gen_exchange_query(exchange, "tag"),
        .after = gen_exchange_query(exchange, "after"),
        .limit = JOBS_LIMIT,
    };
    status = gen_query_integer("limit", gen_exchange_query(exchange, "limit"), 1,
                               GEN_JOB_LISTING_MOST, &query->limit, err);
    if (status == GEN_OK) {
        status = gen_query_moment("since", gen_exchange_query(exchange, "since"), &query->since,
                                  err);
    }
    if (status == GEN_OK) {
        status = gen_query_moment("until", gen_exchange_query(exchange, "until"), &query->until,
                                  err);
    }
    if (status == GEN_OK && query->status != NULL &&
        gen_job_status_of(query->status) == GEN_JOB_NONE) {
        gen_error_set(err, GEN_EINVAL, "\"%.40s\" is no status of a job", query->status);
        gen_error_place(err, NULL, 0, 0, "status");
        return GEN_EINVAL;
    }
    if (status == GEN_OK && query->after != NULL && !gen_ident_valid(GEN_IDENT_JOB, query->after)) {
        gen_error_set(err, GEN_EINVAL, "is not `next` of a page of jobs");
        gen_error_place(err, NULL, 0, 0, "after");
        return GEN_EINVAL;
    }
    return status;
}

void gen_jobs_list(struct gen_call *call)
{
    struct gen_node *page = gen_node_map(call->arena), *jobs = NULL;
    const struct gen_node *last;
    struct gen_error err = {0};
    struct gen_job_query query;
    bool more = false;
    enum gen_status status = list_query(call, &query, &err);

    if (status == GEN_OK) {
        status = gen_read_jobs(call->service->store, &query, call->arena, &jobs, &more, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    gen_node_set(call->arena, page, "jobs", jobs);
    last = more ? jobs->as.children.last : NULL;
    gen_node_set(call->arena, page, "next",
                 gen_node_string(call->arena, gen_node_text(gen_node_get(last, "jobId"), NULL)));
    gen_call_reply(call, 200, page);
}

void gen_jobs_show(struct gen_call *call)
{
    gen_jobs_reply(call, 200, call->value);
}

void gen_jobs_cancel(struct gen_call *call)
{
    const struct gen_service *service = call->service;
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_error err = {0};
    enum gen_status status = gen_engine_cancel(service->engine, call->principal.organization,
                                               call->value, &actor, &err);

    if (status == GEN_OK) {
        gen_jobs_reply(call, 202, call->value);
        return;
    }
    if (err.status == GEN_OK) {
        (void)gen_error_set(&err, status, "job %s cannot be cancelled now", call->value);
    }
    gen_call_fail(call, &err);
}
