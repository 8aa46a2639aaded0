/* customs.c - see customs.h. One function a kind of step; each copies the contract's struct as far as its
 * writer knew it, then asks its questions in the order of the members. */
#include "host/customs.h"

#include "host/checks.h"
#include "host/outbound.h"
#include "host/plugin.h"

#include <inttypes.h>
#include <string.h>

enum {
    CUSTOMS_STATE = 64 * 1024,
    CUSTOMS_HANDLE = 4096,
    CUSTOMS_NOTE = 200,
    CUSTOMS_CODE = 128,
    CUSTOMS_MESSAGE = 2000,
    CUSTOMS_FIELD = 200,
    CUSTOMS_ARGUMENTS = 4096,
    CUSTOMS_ARGUMENT = 128 * 1024 - 1, /* Linux takes no longer one */
    CUSTOMS_ARGUMENT_BYTES = 1024 * 1024,
    CUSTOMS_FILES = 256,
    CUSTOMS_PROGRESS_KEY = 64,
    CUSTOMS_PPM = 1000000,
    CUSTOMS_WAIT_LEAST = 200,
    CUSTOMS_WAIT_MOST = 3600 * 1000,
    CUSTOMS_DAY = 24 * 3600 * 1000,
};

#define CUSTOMS_COST_MOST (INT64_C(1000000) * GEN_MICROS_PER_DOLLAR)

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
#define CUSTOMS_BROKEN(taking, ...) gen_error_set((taking)->err, GEN_ECORRUPT, __VA_ARGS__)

static enum gen_status customs_no_memory(struct taking *taking)
{
    return gen_error_set(taking->err, GEN_ENOMEM, "out of memory");
}

/* A text that decides something: NULL stands for "". */
static enum gen_status customs_text(struct taking *taking, const char *what, const char *text,
                                    size_t maximum, const char **out)
{
    *out = text != NULL ? text : "";
    if (!gen_checks_text(*out, maximum)) {
        return CUSTOMS_BROKEN(taking, "its %s is longer than %zu bytes or not UTF-8", what,
                              maximum);
    }
    return GEN_OK;
}

static enum gen_status customs_take_http(struct taking *taking)
{
    return gen_outbound_take(taking->hosted, taking->verb, taking->task, taking->from->request,
                             taking->arena, taking->out, taking->err);
}

/* -------------------------------------------------------------------------------------- RUN -- */

static enum gen_status customs_arguments(struct taking *taking, const struct gen_provider_run *from)
{
    static const char *const none[] = {NULL};
    const char **arguments;
    size_t bytes = 0;
    size_t count = 0;

    for (; from->arguments != NULL && from->arguments[count] != NULL; count++) {
        size_t size = strnlen(from->arguments[count], CUSTOMS_ARGUMENT + 1);

        bytes += size + 1;
        if (count == CUSTOMS_ARGUMENTS || size > CUSTOMS_ARGUMENT ||
            bytes > CUSTOMS_ARGUMENT_BYTES) {
            return CUSTOMS_BROKEN(taking,
                                  "its program gets more than %d arguments, one longer than %d "
                                  "bytes, or more than %d bytes together",
                                  CUSTOMS_ARGUMENTS, CUSTOMS_ARGUMENT, CUSTOMS_ARGUMENT_BYTES);
        }
    }
    taking->out->as.run.arguments = none;
    if (count == 0) {
        return GEN_OK;
    }
    arguments = gen_arena_array(taking->arena, count + 1, sizeof(*arguments));
    if (arguments == NULL) {
        return customs_no_memory(taking);
    }
    memcpy(arguments, from->arguments, count * sizeof(*arguments));
    taking->out->as.run.arguments = arguments;
    return GEN_OK;
}

/* An asset's own name is taken: it stands in the scratch directory read only. */
static bool customs_is_asset_name(const struct taking *taking, const char *name)
{
    for (size_t i = 0; i < taking->task->asset_count; i++) {
        if (strcmp(taking->task->assets[i].file, name) == 0) {
            return true;
        }
    }
    return false;
}

static enum gen_status customs_files(struct taking *taking, const struct gen_provider_run *from)
{
    struct gen_step_file *files;

    if (from->file_count > CUSTOMS_FILES || (from->file_count > 0 && from->files == NULL)) {
        return CUSTOMS_BROKEN(taking, "it writes %zu files%s, at most %d are allowed",
                              from->file_count, from->files == NULL ? " and has no array" : "",
                              CUSTOMS_FILES);
    }
    files = gen_arena_array(taking->arena, from->file_count, sizeof(*files));
    if (files == NULL) {
        return customs_no_memory(taking);
    }
    for (size_t i = 0; i < from->file_count; i++) {
        const struct gen_provider_file *file = &from->files[i];

        if (!gen_checks_file(file->name)) {
            return CUSTOMS_BROKEN(taking,
                                  "the name of file %zu is not a plain one (1 to 128 bytes of "
                                  "UTF-8, no \"/\", not beginning with \".\")",
                                  i);
        }
        if (customs_is_asset_name(taking, file->name)) {
            return CUSTOMS_BROKEN(taking, "it writes a file \"%s\", which is an asset's",
                                  file->name);
        }
        if (file->data == NULL && file->size > 0) {
            return CUSTOMS_BROKEN(taking, "the content of its file \"%s\" is NULL", file->name);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(files[k].name, file->name) == 0) {
                return CUSTOMS_BROKEN(taking, "it writes two files \"%s\"", file->name);
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
static void customs_run_progress(struct taking *taking, const struct gen_provider_run *from)
{
    struct gen_step *out = taking->out;
    int64_t to = gen_checks_clamp(from->progress_to_ppm, 0, CUSTOMS_PPM);
    bool usable = from->progress_total > 0 && from->progress_key != NULL &&
                  gen_checks_name(from->progress_key, CUSTOMS_PROGRESS_KEY,
                                  GEN_CHECKS_LOWER GEN_CHECKS_UPPER GEN_CHECKS_DIGITS "-_.");

    out->as.run.progress_key = usable ? from->progress_key : "";
    out->as.run.progress_total = usable ? from->progress_total : 0;
    out->as.run.progress_to_ppm = (int32_t)to;
    out->as.run.progress_from_ppm = (int32_t)gen_checks_clamp(from->progress_from_ppm, 0, to);
}

static enum gen_status customs_take_run(struct taking *taking)
{
    struct gen_provider_run run;
    const struct gen_service_program *program;
    enum gen_status status;

    taking->out->type = GEN_STEP_IS_RUN;
    if (taking->verb == GEN_VERB_RECOVER || taking->verb == GEN_VERB_CANCEL ||
        taking->verb == GEN_VERB_HEALTH) {
        return CUSTOMS_BROKEN(taking, "it answers with RUN, which only submit, poll and fetch may");
    }
    if (!gen_checks_copy(&run, sizeof(run), taking->from->run, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_run, progress_to_ppm))) {
        return CUSTOMS_BROKEN(taking, "its run has no proper size");
    }
    program = gen_services_program(&taking->hosted->services, run.program);
    if (program == NULL) {
        return CUSTOMS_BROKEN(taking, "it runs a program that is not in the plugin's list");
    }
    if (program->path == NULL) {
        return gen_error_set(taking->err, GEN_EUNSUPPORTED,
                             "needs the program %s, which is not "
                             "installed%s%s",
                             program->name, program->hint[0] != '\0' ? "; get it with: " : "",
                             program->hint);
    }
    taking->out->as.run.program = program->name;
    taking->out->as.run.timeout_ms = gen_checks_clamp(run.timeout_ms, 0, CUSTOMS_DAY);
    customs_run_progress(taking, &run);
    status = customs_arguments(taking, &run);
    return status == GEN_OK ? customs_files(taking, &run) : status;
}

/* --------------------------------------------------------------------- WAIT, DONE and FAIL -- */

static enum gen_status customs_take_wait(struct taking *taking)
{
    taking->out->type = GEN_STEP_IS_WAIT;
    taking->out->wait_ms = gen_checks_clamp(taking->from->wait_ms, CUSTOMS_WAIT_LEAST,
                                            CUSTOMS_WAIT_MOST);
    return GEN_OK;
}

static enum gen_status customs_take_done(struct taking *taking)
{
    struct gen_step *out = taking->out;
    struct gen_provider_done done;
    enum gen_status status;

    out->type = GEN_STEP_IS_DONE;
    if (!gen_checks_copy(&done, sizeof(done), taking->from->done, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_done, cost_micros))) {
        return CUSTOMS_BROKEN(taking, "its done has no proper size");
    }
    status = customs_text(taking, "handle", done.handle, CUSTOMS_HANDLE, &out->as.done.handle);
    if (status != GEN_OK) {
        return status;
    }
    if (taking->verb == GEN_VERB_SUBMIT && out->as.done.handle[0] == '\0') {
        return CUSTOMS_BROKEN(taking,
                              "it is done without a handle, so the job could never be asked "
                              "for again");
    }
    out->as.done.file = done.file != NULL && taking->verb == GEN_VERB_FETCH ? done.file : "";
    if (out->as.done.file[0] != '\0' && !gen_checks_file(out->as.done.file)) {
        return CUSTOMS_BROKEN(taking, "the name of its finished file is not a plain one");
    }
    if (done.cost_micros < -1 || done.cost_micros > CUSTOMS_COST_MOST) {
        return CUSTOMS_BROKEN(taking,
                              "it says that it cost %" PRId64 " micro-dollars, which is no "
                              "price",
                              done.cost_micros);
    }
    /* What submit has cost is not known before the job is finished. */
    out->as.done.cost = taking->verb == GEN_VERB_SUBMIT ? -1 : done.cost_micros;
    return GEN_OK;
}

static enum gen_status customs_take_fail(struct taking *taking)
{
    struct gen_step *out = taking->out;
    struct gen_provider_fail fail;

    out->type = GEN_STEP_IS_FAIL;
    if (!gen_checks_copy(&fail, sizeof(fail), taking->from->fail, 0,
                         GEN_CHECKS_UPTO(struct gen_provider_fail, cost_micros))) {
        return CUSTOMS_BROKEN(taking, "its fail has no proper size");
    }
    out->as.fail.kind = fail.kind >= GEN_FAIL_TRANSIENT && fail.kind <= GEN_FAIL_PROVIDER
                            ? (enum gen_failure)fail.kind
                            : GEN_FAILURE_PROVIDER;
    out->as.fail.billed = fail.billed == GEN_BILLED_NO    ? GEN_BILLING_NO
                          : fail.billed == GEN_BILLED_YES ? GEN_BILLING_YES
                                                          : GEN_BILLING_UNKNOWN;
    out->as.fail.code = gen_checks_words(taking->arena, fail.code, CUSTOMS_CODE);
    out->as.fail.message = gen_checks_words(taking->arena, fail.message, CUSTOMS_MESSAGE);
    out->as.fail.field = gen_checks_words(taking->arena, fail.field, CUSTOMS_FIELD);
    out->as.fail.retry_after_ms = gen_checks_clamp(fail.retry_after_ms, 0, CUSTOMS_DAY);
    out->as.fail.cost = -1;
    if (out->as.fail.billed == GEN_BILLING_YES && fail.cost_micros >= 0 &&
        fail.cost_micros <= CUSTOMS_COST_MOST) {
        out->as.fail.cost = fail.cost_micros;
    }
    return gen_arena_failed(taking->arena) ? customs_no_memory(taking) : GEN_OK;
}

/* ------------------------------------------------------------------------------------------- */

struct customs_kind {
    int32_t kind;
    const char *name;
    size_t member; /* offset of the struct that goes with it, 0 = none does */
    enum gen_status (*take)(struct taking *taking);
};

static const struct customs_kind customs_kinds[] = {
    {GEN_STEP_HTTP, "request", offsetof(struct gen_provider_step, request), customs_take_http},
    {GEN_STEP_RUN, "run", offsetof(struct gen_provider_step, run), customs_take_run},
    {GEN_STEP_WAIT, "wait", 0, customs_take_wait},
    {GEN_STEP_DONE, "done", offsetof(struct gen_provider_step, done), customs_take_done},
    {GEN_STEP_FAIL, "fail", offsetof(struct gen_provider_step, fail), customs_take_fail},
    {0, NULL, 0, NULL},
};

/* Exactly the struct of its kind is there: two would leave open which is meant. */
static enum gen_status customs_check_members(struct taking *taking, const struct customs_kind *kind)
{
    for (const struct customs_kind *row = customs_kinds; row->name != NULL; row++) {
        const void *value = NULL;

        if (row->member == 0) {
            continue;
        }
        memcpy(&value, (const char *)taking->from + row->member, sizeof(value));
        if (row == kind && value == NULL) {
            return CUSTOMS_BROKEN(taking, "its step is of kind %s, and step->%s is NULL",
                                  kind->name, row->name);
        }
        if (row != kind && value != NULL) {
            return CUSTOMS_BROKEN(taking, "its step is of kind %s, and step->%s is set too",
                                  kind->name, row->name);
        }
    }
    return GEN_OK;
}

enum gen_status gen_customs_step(const struct gen_hosted *hosted, enum gen_verb verb,
                                 const struct gen_provider_task *task,
                                 const struct gen_provider_step *from, struct gen_arena *arena,
                                 struct gen_step *out, struct gen_error *err)
{
    struct taking taking = {hosted, verb, task, from, arena, out, err};
    const struct customs_kind *kind = customs_kinds;
    enum gen_status status;

    memset(out, 0, sizeof(*out));
    if (from->size < GEN_CHECKS_UPTO(struct gen_provider_step, note) ||
        from->size > sizeof(*from)) {
        return CUSTOMS_BROKEN(&taking, "it left its step with size %" PRIu32, from->size);
    }
    while (kind->name != NULL && kind->kind != from->kind) {
        kind++;
    }
    if (kind->name == NULL) {
        return CUSTOMS_BROKEN(&taking, "its step has the unknown kind %" PRId32, from->kind);
    }
    status = customs_check_members(&taking, kind);
    if (status == GEN_OK && from->state != NULL) {
        status = customs_text(&taking, "state", from->state, CUSTOMS_STATE, &out->state);
    }
    if (status != GEN_OK) {
        return status;
    }
    out->note = gen_checks_words(arena, from->note, CUSTOMS_NOTE);
    if (out->note == NULL) {
        return customs_no_memory(&taking);
    }
    out->progress_ppm = from->progress_ppm < 0
                            ? -1
                            : (int32_t)gen_checks_clamp(from->progress_ppm, 0, CUSTOMS_PPM);
    out->queue_position = from->queue_position < 0 ? -1 : from->queue_position;
    return kind->take(&taking);
}
