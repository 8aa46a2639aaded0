/* step.c - see step.h. One function a kind of step; each copies the contract's struct as far as its
 * writer knew it, then asks its questions in the order of the members. */
#include "host/step.h"

#include "host/checks.h"
#include "host/origin.h"
#include "host/plugin.h"

#include <inttypes.h>
#include <string.h>

enum {
    STEP_STATE = 64 * 1024,
    STEP_HANDLE = 4096,
    STEP_NOTE = 200,
    STEP_CODE = 128,
    STEP_MESSAGE = 2000,
    STEP_FIELD = 200,
    STEP_HEADERS = 64,
    STEP_HEADER_VALUE = 8192,
    STEP_HEADER_BYTES = 32 * 1024,
    STEP_PARTS = 64,
    STEP_PART_NAME = 256,
    STEP_CREDENTIAL = 64,
    STEP_ARGUMENTS = 4096,
    STEP_ARGUMENT = 128 * 1024 - 1, /* Linux takes no longer one */
    STEP_ARGUMENT_BYTES = 1024 * 1024,
    STEP_FILES = 256,
    STEP_PROGRESS_KEY = 64,
    STEP_PPM = 1000000,
    STEP_WAIT_LEAST = 200,
    STEP_WAIT_MOST = 3600 * 1000,
    STEP_DAY = 24 * 3600 * 1000,
};

#define STEP_SINK_MOST (INT64_C(64) * 1024 * 1024 * 1024)
#define STEP_COST_MOST (INT64_C(1000000) * GEN_MICROS_PER_DOLLAR)

struct taking {
    const struct gen_hosted *hosted;
    enum gen_verb verb;
    const struct gen_provider_task *task;
    const struct gen_provider_step *from;
    struct gen_arena *arena;
    struct gen_step *out;
    struct gen_error *err;
};

/* The contract is broken in this way. */
#define STEP_BROKEN(taking, ...) gen_error_set((taking)->err, GEN_ECORRUPT, __VA_ARGS__)

static enum gen_status step_no_memory(struct taking *taking)
{
    return gen_error_set(taking->err, GEN_ENOMEM, "out of memory");
}

/* A text that decides something: NULL stands for "". */
static enum gen_status step_text(struct taking *taking, const char *what, const char *text,
                                 size_t maximum, const char **out)
{
    *out = text != NULL ? text : "";
    if (!gen_checks_text(*out, maximum)) {
        return STEP_BROKEN(taking, "its %s is longer than %zu bytes or not UTF-8", what, maximum);
    }
    return GEN_OK;
}

static enum gen_status step_asset(struct taking *taking, const char *what, int32_t asset)
{
    if (asset < 0 || (size_t)asset >= taking->task->asset_count) {
        return STEP_BROKEN(taking, "its %s is asset %" PRId32 ", the task has %zu", what, asset,
                           taking->task->asset_count);
    }
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------- HTTP -- */

static enum gen_status step_headers(struct taking *taking, const struct gen_provider_request *from)
{
    struct gen_step_header *headers;
    size_t bytes = 0;

    if (from->header_count > STEP_HEADERS || (from->header_count > 0 && from->headers == NULL)) {
        return STEP_BROKEN(taking, "its request has %zu headers%s, at most %d are allowed",
                           from->header_count, from->headers == NULL ? " and no array" : "",
                           STEP_HEADERS);
    }
    headers = gen_arena_array(taking->arena, from->header_count, sizeof(*headers));
    if (headers == NULL) {
        return step_no_memory(taking);
    }
    for (size_t i = 0; i < from->header_count; i++) {
        headers[i].name = from->headers[i].name;
        headers[i].value = from->headers[i].value;
        if (!gen_checks_header_name(headers[i].name)) {
            return STEP_BROKEN(taking, "the name of header %zu of its request is no token, or one "
                               "that only the engine sets", i);
        }
        if (!gen_checks_header_value(headers[i].value, STEP_HEADER_VALUE)) {
            return STEP_BROKEN(taking, "the value of its header \"%s\" is longer than %d bytes, not "
                               "UTF-8, or holds a control character", headers[i].name,
                               STEP_HEADER_VALUE);
        }
        bytes += strlen(headers[i].name) + strlen(headers[i].value);
    }
    if (bytes > STEP_HEADER_BYTES) {
        return STEP_BROKEN(taking, "its headers are %zu bytes together, at most %d are allowed",
                           bytes, STEP_HEADER_BYTES);
    }
    taking->out->as.http.headers = headers;
    taking->out->as.http.header_count = from->header_count;
    return GEN_OK;
}

static enum gen_status step_part(struct taking *taking, const struct gen_provider_part *from,
                                 size_t index, struct gen_step_part *to)
{
    *to = (struct gen_step_part){
        .name = from->name,
        .text = from->text != NULL ? from->text : "",
        .file_name = from->file_name != NULL ? from->file_name : "",
        .content_type = from->content_type != NULL ? from->content_type : "",
        .asset = from->asset < 0 ? -1 : from->asset,
    };
    if (!gen_checks_header_value(to->name, STEP_PART_NAME) || to->name[0] == '\0') {
        return STEP_BROKEN(taking, "part %zu of its multipart body has no proper name", index);
    }
    if (!gen_checks_header_value(to->file_name, STEP_PART_NAME) ||
        (to->content_type[0] != '\0' && !gen_checks_media_type(to->content_type))) {
        return STEP_BROKEN(taking, "part \"%s\" of its multipart body has no proper file name or "
                           "content type", to->name);
    }
    if (to->asset >= 0) {
        return step_asset(taking, "multipart body", to->asset);
    }
    return GEN_OK;
}

static enum gen_status step_parts(struct taking *taking, const struct gen_provider_request *from)
{
    struct gen_step_part *parts;
    enum gen_status status = GEN_OK;

    if (from->part_count == 0 || from->part_count > STEP_PARTS || from->parts == NULL ||
        from->part_size == 0) {
        return STEP_BROKEN(taking, "its multipart body has %zu parts of %" PRIu32
                           " bytes; 1 to %d parts are allowed", from->part_count, from->part_size,
                           STEP_PARTS);
    }
    parts = gen_arena_array(taking->arena, from->part_count, sizeof(*parts));
    if (parts == NULL) {
        return step_no_memory(taking);
    }
    for (size_t i = 0; status == GEN_OK && i < from->part_count; i++) {
        struct gen_provider_part part;

        if (!gen_checks_copy(&part, sizeof(part), (const char *)from->parts + i * from->part_size,
                             from->part_size,
                             GEN_CHECKS_UPTO(struct gen_provider_part, content_type))) {
            return STEP_BROKEN(taking, "part %zu of its multipart body has no proper size", i);
        }
        status = step_part(taking, &part, i, &parts[i]);
    }
    taking->out->as.http.parts = parts;
    taking->out->as.http.part_count = from->part_count;
    return status;
}

static enum gen_status step_body(struct taking *taking, const struct gen_provider_request *from)
{
    struct gen_step *out = taking->out;

    out->as.http.asset = -1;
    if (from->body_kind != GEN_BODY_NONE && strcmp(out->as.http.method, "GET") == 0) {
        return STEP_BROKEN(taking, "its GET request has a body");
    }
    switch (from->body_kind) {
    case GEN_BODY_NONE:
        return GEN_OK;
    case GEN_BODY_BYTES:
        if (from->data == NULL && from->data_size > 0) {
            return STEP_BROKEN(taking, "its body of %zu bytes is NULL", from->data_size);
        }
        out->as.http.data = from->data != NULL ? from->data : "";
        out->as.http.data_size = from->data_size;
        return GEN_OK;
    case GEN_BODY_ASSET:
        out->as.http.asset = from->asset;
        return step_asset(taking, "body", from->asset);
    case GEN_BODY_MULTIPART:
        return step_parts(taking, from);
    default:
        return STEP_BROKEN(taking, "its request has the unknown body kind %" PRId32,
                           from->body_kind);
    }
}

static const char *const step_methods[] = {"GET", "POST", "PUT", "DELETE", NULL};

static enum gen_status step_line(struct taking *taking, const struct gen_provider_request *from)
{
    struct gen_step *out = taking->out;
    struct gen_origin origin;
    const char *why = NULL;
    const char *const *method = step_methods;

    while (*method != NULL && (from->method == NULL || strcmp(*method, from->method) != 0)) {
        method++;
    }
    if (*method == NULL) {
        return STEP_BROKEN(taking, "its request has another method than GET, POST, PUT, DELETE");
    }
    if (!gen_origin_read(from->url, &origin, &why)) {
        return STEP_BROKEN(taking, "its request is malformed: %s", why);
    }
    out->as.http.method = *method;
    out->as.http.url = from->url;
    out->as.http.declared_host = gen_origin_declared(&origin, taking->hosted->catalog.hosts);
    out->as.http.credential = from->credential != NULL ? from->credential : "";
    if (out->as.http.credential[0] == '\0') {
        return GEN_OK;
    }
    if (!gen_checks_name(out->as.http.credential, STEP_CREDENTIAL,
                         GEN_CHECKS_LOWER GEN_CHECKS_DIGITS "-_.")) {
        return STEP_BROKEN(taking, "its credential's name is not 1 to %d lower case letters, "
                           "digits, '-', '_', '.'", STEP_CREDENTIAL);
    }
    if (!out->as.http.declared_host) {
        return STEP_BROKEN(taking, "it wants the credential \"%s\" for %s://%s:%d, which is not "
                           "among the hosts that the plugin declares",
                           out->as.http.credential, origin.secure ? "https" : "http", origin.host,
                           origin.port);
    }
    return GEN_OK;
}

static enum gen_status step_flags(struct taking *taking, const struct gen_provider_request *from)
{
    struct gen_step *out = taking->out;

    out->as.http.costs = (from->flags & GEN_REQUEST_COSTS) != 0;
    out->as.http.follow = (from->flags & GEN_REQUEST_FOLLOW) != 0;
    out->as.http.to_result = from->sink == GEN_SINK_RESULT;
    if (out->as.http.costs && taking->verb != GEN_VERB_SUBMIT) {
        return STEP_BROKEN(taking, "its request is marked GEN_REQUEST_COSTS, which only submit may");
    }
    if (out->as.http.costs && out->as.http.follow) {
        return STEP_BROKEN(taking, "its request costs money and wants to follow redirects");
    }
    if (from->sink != GEN_SINK_MEMORY && from->sink != GEN_SINK_RESULT) {
        return STEP_BROKEN(taking, "its request has the unknown sink %" PRId32, from->sink);
    }
    if (out->as.http.to_result && taking->verb != GEN_VERB_FETCH) {
        return STEP_BROKEN(taking, "its request goes to the result sink, which only fetch may fill");
    }
    out->as.http.sink_limit = gen_checks_clamp(from->sink_limit, 0, STEP_SINK_MOST);
    out->as.http.timeout_ms = gen_checks_clamp(from->timeout_ms, 0, STEP_DAY);
    return GEN_OK;
}

static enum gen_status step_take_http(struct taking *taking)
{
    struct gen_provider_request request;
    enum gen_status status;

    taking->out->type = GEN_STEP_IS_HTTP;
    if (!gen_checks_copy(&request, sizeof(request), taking->from->request, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_request, timeout_ms))) {
        return STEP_BROKEN(taking, "its request has no proper size");
    }
    status = step_line(taking, &request);
    status = status == GEN_OK ? step_flags(taking, &request) : status;
    status = status == GEN_OK ? step_headers(taking, &request) : status;
    return status == GEN_OK ? step_body(taking, &request) : status;
}

/* -------------------------------------------------------------------------------------- RUN -- */

static enum gen_status step_arguments(struct taking *taking, const struct gen_provider_run *from)
{
    static const char *const none[] = {NULL};
    const char **arguments;
    size_t bytes = 0;
    size_t count = 0;

    for (; from->arguments != NULL && from->arguments[count] != NULL; count++) {
        size_t size = strnlen(from->arguments[count], STEP_ARGUMENT + 1);

        bytes += size + 1;
        if (count == STEP_ARGUMENTS || size > STEP_ARGUMENT || bytes > STEP_ARGUMENT_BYTES) {
            return STEP_BROKEN(taking, "its program gets more than %d arguments, one longer than %d "
                               "bytes, or more than %d bytes together", STEP_ARGUMENTS,
                               STEP_ARGUMENT, STEP_ARGUMENT_BYTES);
        }
    }
    taking->out->as.run.arguments = none;
    if (count == 0) {
        return GEN_OK;
    }
    arguments = gen_arena_array(taking->arena, count + 1, sizeof(*arguments));
    if (arguments == NULL) {
        return step_no_memory(taking);
    }
    memcpy(arguments, from->arguments, count * sizeof(*arguments));
    taking->out->as.run.arguments = arguments;
    return GEN_OK;
}

/* An asset's own name is taken: it stands in the scratch directory read only. */
static bool step_is_asset_name(const struct taking *taking, const char *name)
{
    for (size_t i = 0; i < taking->task->asset_count; i++) {
        if (strcmp(taking->task->assets[i].file, name) == 0) {
            return true;
        }
    }
    return false;
}

static enum gen_status step_files(struct taking *taking, const struct gen_provider_run *from)
{
    struct gen_step_file *files;

    if (from->file_count > STEP_FILES || (from->file_count > 0 && from->files == NULL)) {
        return STEP_BROKEN(taking, "it writes %zu files%s, at most %d are allowed",
                           from->file_count, from->files == NULL ? " and has no array" : "",
                           STEP_FILES);
    }
    files = gen_arena_array(taking->arena, from->file_count, sizeof(*files));
    if (files == NULL) {
        return step_no_memory(taking);
    }
    for (size_t i = 0; i < from->file_count; i++) {
        const struct gen_provider_file *file = &from->files[i];

        if (!gen_checks_file(file->name)) {
            return STEP_BROKEN(taking, "the name of file %zu is not a plain one (1 to 128 bytes of "
                               "UTF-8, no \"/\", not beginning with \".\")", i);
        }
        if (step_is_asset_name(taking, file->name)) {
            return STEP_BROKEN(taking, "it writes a file \"%s\", which is an asset's", file->name);
        }
        if (file->data == NULL && file->size > 0) {
            return STEP_BROKEN(taking, "the content of its file \"%s\" is NULL", file->name);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(files[k].name, file->name) == 0) {
                return STEP_BROKEN(taking, "it writes two files \"%s\"", file->name);
            }
        }
        files[i] = (struct gen_step_file){file->name, file->data != NULL ? file->data : "",
                                          file->size};
    }
    taking->out->as.run.files = files;
    taking->out->as.run.file_count = from->file_count;
    return GEN_OK;
}

/* Progress is for people: what makes no sense is left out. */
static void step_run_progress(struct taking *taking, const struct gen_provider_run *from)
{
    struct gen_step *out = taking->out;
    int64_t to = gen_checks_clamp(from->progress_to_ppm, 0, STEP_PPM);
    bool usable = from->progress_total > 0 && from->progress_key != NULL &&
                  gen_checks_name(from->progress_key, STEP_PROGRESS_KEY,
                                  GEN_CHECKS_LOWER GEN_CHECKS_UPPER GEN_CHECKS_DIGITS "-_.");

    out->as.run.progress_key = usable ? from->progress_key : "";
    out->as.run.progress_total = usable ? from->progress_total : 0;
    out->as.run.progress_to_ppm = (int32_t)to;
    out->as.run.progress_from_ppm = (int32_t)gen_checks_clamp(from->progress_from_ppm, 0, to);
}

static enum gen_status step_take_run(struct taking *taking)
{
    struct gen_provider_run run;
    const struct gen_service_program *program;
    enum gen_status status;

    taking->out->type = GEN_STEP_IS_RUN;
    if (taking->verb == GEN_VERB_RECOVER || taking->verb == GEN_VERB_CANCEL) {
        return STEP_BROKEN(taking, "it answers with RUN, which only submit, poll and fetch may");
    }
    if (!gen_checks_copy(&run, sizeof(run), taking->from->run, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_run, progress_to_ppm))) {
        return STEP_BROKEN(taking, "its run has no proper size");
    }
    program = gen_services_program(&taking->hosted->services, run.program);
    if (program == NULL) {
        return STEP_BROKEN(taking, "it runs a program that is not in the plugin's list");
    }
    if (program->path == NULL) {
        return gen_error_set(taking->err, GEN_EUNSUPPORTED, "needs the program %s, which is not "
                             "installed%s%s", program->name,
                             program->hint[0] != '\0' ? "; get it with: " : "", program->hint);
    }
    taking->out->as.run.program = program->name;
    taking->out->as.run.timeout_ms = gen_checks_clamp(run.timeout_ms, 0, STEP_DAY);
    step_run_progress(taking, &run);
    status = step_arguments(taking, &run);
    return status == GEN_OK ? step_files(taking, &run) : status;
}

/* --------------------------------------------------------------------- WAIT, DONE and FAIL -- */

static enum gen_status step_take_wait(struct taking *taking)
{
    taking->out->type = GEN_STEP_IS_WAIT;
    taking->out->wait_ms =
        gen_checks_clamp(taking->from->wait_ms, STEP_WAIT_LEAST, STEP_WAIT_MOST);
    return GEN_OK;
}

static enum gen_status step_take_done(struct taking *taking)
{
    struct gen_step *out = taking->out;
    struct gen_provider_done done;
    enum gen_status status;

    out->type = GEN_STEP_IS_DONE;
    if (!gen_checks_copy(&done, sizeof(done), taking->from->done, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_done, cost_micros))) {
        return STEP_BROKEN(taking, "its done has no proper size");
    }
    status = step_text(taking, "handle", done.handle, STEP_HANDLE, &out->as.done.handle);
    if (status != GEN_OK) {
        return status;
    }
    if (taking->verb == GEN_VERB_SUBMIT && out->as.done.handle[0] == '\0') {
        return STEP_BROKEN(taking, "it is done without a handle, so the job could never be asked "
                           "for again");
    }
    out->as.done.file = done.file != NULL && taking->verb == GEN_VERB_FETCH ? done.file : "";
    if (out->as.done.file[0] != '\0' && !gen_checks_file(out->as.done.file)) {
        return STEP_BROKEN(taking, "the name of its finished file is not a plain one");
    }
    if (done.cost_micros < -1 || done.cost_micros > STEP_COST_MOST) {
        return STEP_BROKEN(taking, "it says that it cost %" PRId64 " micro-dollars, which is no "
                           "price", done.cost_micros);
    }
    /* What submit has cost is not known before the job is finished. */
    out->as.done.cost = taking->verb == GEN_VERB_SUBMIT ? -1 : done.cost_micros;
    return GEN_OK;
}

static enum gen_status step_take_fail(struct taking *taking)
{
    struct gen_step *out = taking->out;
    struct gen_provider_fail fail;

    out->type = GEN_STEP_IS_FAIL;
    if (!gen_checks_copy(&fail, sizeof(fail), taking->from->fail, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_fail, cost_micros))) {
        return STEP_BROKEN(taking, "its fail has no proper size");
    }
    out->as.fail.kind = fail.kind >= GEN_FAIL_TRANSIENT && fail.kind <= GEN_FAIL_PROVIDER
                            ? (enum gen_failure)fail.kind
                            : GEN_FAILURE_PROVIDER;
    out->as.fail.billed = fail.billed == GEN_BILLED_NO    ? GEN_BILLING_NO
                          : fail.billed == GEN_BILLED_YES ? GEN_BILLING_YES
                                                          : GEN_BILLING_UNKNOWN;
    out->as.fail.code = gen_checks_words(taking->arena, fail.code, STEP_CODE);
    out->as.fail.message = gen_checks_words(taking->arena, fail.message, STEP_MESSAGE);
    out->as.fail.field = gen_checks_words(taking->arena, fail.field, STEP_FIELD);
    out->as.fail.retry_after_ms = gen_checks_clamp(fail.retry_after_ms, 0, STEP_DAY);
    out->as.fail.cost = -1;
    if (out->as.fail.billed == GEN_BILLING_YES && fail.cost_micros >= 0 &&
        fail.cost_micros <= STEP_COST_MOST) {
        out->as.fail.cost = fail.cost_micros;
    }
    return gen_arena_failed(taking->arena) ? step_no_memory(taking) : GEN_OK;
}

/* ------------------------------------------------------------------------------------------- */

struct step_kind {
    int32_t kind;
    const char *name;
    size_t member; /* offset of the struct that goes with it, 0 = none does */
    enum gen_status (*take)(struct taking *taking);
};

static const struct step_kind step_kinds[] = {
    {GEN_STEP_HTTP, "request", offsetof(struct gen_provider_step, request), step_take_http},
    {GEN_STEP_RUN, "run", offsetof(struct gen_provider_step, run), step_take_run},
    {GEN_STEP_WAIT, "wait", 0, step_take_wait},
    {GEN_STEP_DONE, "done", offsetof(struct gen_provider_step, done), step_take_done},
    {GEN_STEP_FAIL, "fail", offsetof(struct gen_provider_step, fail), step_take_fail},
    {0, NULL, 0, NULL},
};

/* Exactly the struct of its kind is there: two would leave open which is meant. */
static enum gen_status step_check_members(struct taking *taking, const struct step_kind *kind)
{
    for (const struct step_kind *row = step_kinds; row->name != NULL; row++) {
        const void *value = NULL;

        if (row->member == 0) {
            continue;
        }
        memcpy(&value, (const char *)taking->from + row->member, sizeof(value));
        if (row == kind && value == NULL) {
            return STEP_BROKEN(taking, "its step is of kind %s, and step->%s is NULL", kind->name,
                               row->name);
        }
        if (row != kind && value != NULL) {
            return STEP_BROKEN(taking, "its step is of kind %s, and step->%s is set too",
                               kind->name, row->name);
        }
    }
    return GEN_OK;
}

enum gen_status gen_step_take(const struct gen_hosted *hosted, enum gen_verb verb,
                              const struct gen_provider_task *task,
                              const struct gen_provider_step *from, struct gen_arena *arena,
                              struct gen_step *out, struct gen_error *err)
{
    struct taking taking = {hosted, verb, task, from, arena, out, err};
    const struct step_kind *kind = step_kinds;
    enum gen_status status;

    memset(out, 0, sizeof(*out));
    if (from->size < GEN_CHECKS_UPTO(struct gen_provider_step, note) ||
        from->size > sizeof(*from)) {
        return STEP_BROKEN(&taking, "it left its step with size %" PRIu32, from->size);
    }
    while (kind->name != NULL && kind->kind != from->kind) {
        kind++;
    }
    if (kind->name == NULL) {
        return STEP_BROKEN(&taking, "its step has the unknown kind %" PRId32, from->kind);
    }
    status = step_check_members(&taking, kind);
    if (status == GEN_OK && from->state != NULL) {
        status = step_text(&taking, "state", from->state, STEP_STATE, &out->state);
    }
    if (status != GEN_OK) {
        return status;
    }
    out->note = gen_checks_words(arena, from->note, STEP_NOTE);
    if (out->note == NULL) {
        return step_no_memory(&taking);
    }
    out->progress_ppm = from->progress_ppm < 0
                            ? -1
                            : (int32_t)gen_checks_clamp(from->progress_ppm, 0, STEP_PPM);
    out->queue_position = from->queue_position < 0 ? -1 : from->queue_position;
    return kind->take(&taking);
}

const struct gen_provider_answer *gen_step_answer(const struct gen_reply *reply,
                                                  struct gen_arena *arena)
{
    struct gen_provider_answer *answer = gen_arena_alloc(arena, sizeof(*answer));
    struct gen_provider_header *headers =
        gen_arena_array(arena, reply->header_count, sizeof(*headers));

    if (answer == NULL || headers == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < reply->header_count; i++) {
        headers[i].name = reply->headers[i].name;
        headers[i].value = reply->headers[i].value;
    }
    *answer = (struct gen_provider_answer){
        .size = sizeof(*answer),
        .kind = reply->type == GEN_REPLY_RUN ? GEN_ANSWER_RUN : GEN_ANSWER_HTTP,
        .status = reply->status,
        .body_complete = reply->body_complete ? 1 : 0,
        .headers = headers,
        .header_count = reply->header_count,
        .body = reply->body != NULL ? reply->body : "",
        .body_size = reply->body != NULL ? reply->body_size : 0,
        .exit_code = reply->exit_code,
        .signal = reply->signal,
        .timed_out = reply->timed_out ? 1 : 0,
        .output = reply->output != NULL ? reply->output : "",
        .errors = reply->errors != NULL ? reply->errors : "",
    };
    return answer;
}
