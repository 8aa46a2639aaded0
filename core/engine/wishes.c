/* wishes.c - see wishes.h. */
#include "engine/wishes.h"

#include "engine/loading.h"
#include "store/job_reading.h"

#include <string.h>

/* It is not open: why not? GEN_OK: it is over. */
static enum gen_status wishes_over(const struct gen_open_owner *owner, const char *organization,
                                   const char *job, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *document = NULL;
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_read_job(owner->options->store, organization, job, arena, &document, err);
    if (status == GEN_OK) {
        const char *word = gen_node_text(gen_node_get(document, "status"), "?");

        status = gen_job_status_terminal(gen_job_status_of(word))
                     ? gen_error_set(err, GEN_ECONFLICT, "job %s is over already (%s)", job, word)
                     : gen_error_set(err, GEN_EBUSY,
                                     "job %s is being read again after trouble with the store; "
                                     "try again in a minute",
                                     job);
    }
    gen_arena_destroy(arena);
    return status == GEN_ECONFLICT ? GEN_OK : status;
}

static enum gen_status wishes_open(struct gen_open_owner *owner, const char *organization,
                                   const char *job, const struct gen_input *input,
                                   struct gen_open_job **out, struct gen_error *err)
{
    enum gen_status status;

    *out = gen_map_get(owner->jobs, job);
    if (*out != NULL && !(*out)->over && strcmp((*out)->job->organization, organization) == 0) {
        return GEN_OK;
    }
    *out = NULL;
    status = wishes_over(owner, organization, job, err);
    if (status != GEN_OK) {
        return status;
    }
    if (input->kind != GEN_INPUT_RETRY) {
        return GEN_ECONFLICT; /* as `err` says */
    }
    status = gen_loading_read(owner, job, true, out, err);
    if (status == GEN_OK && gen_open_job_list(*out) != GEN_OK) {
        gen_open_job_close(*out);
        status = gen_error_set(err, GEN_EBUSY, "there are too many open jobs");
    }
    return status;
}

/* The shot whose attempt is meant. */
static enum gen_status wishes_find(const struct gen_job *job, const char *attempt,
                                   struct gen_input *input, struct gen_error *err)
{
    size_t found = 0;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            const struct gen_attempt *it = &job->pipelines[i].shots[k].attempt;

            if (attempt[0] == '\0' ? it->state == GEN_ATTEMPT_AMBIGUOUS
                                   : strcmp(it->id.text, attempt) == 0) {
                input->pipeline = i;
                input->shot = k;
                found++;
            }
        }
    }
    if (found == 1) {
        return GEN_OK;
    }
    if (attempt[0] != '\0') {
        return gen_error_set(err, GEN_ENOTFOUND, "job %s is not at work on an attempt %s",
                             job->id.text, attempt);
    }
    return found == 0
               ? gen_error_set(err, GEN_ECONFLICT, "nobody is in doubt about any attempt of job %s",
                               job->id.text)
               : gen_error_set(err, GEN_EINVAL, "%zu attempts of job %s are in doubt: say which",
                               found, job->id.text);
}

enum gen_status gen_wishes_tell(struct gen_runner *runner, const char *organization,
                                const char *job, struct gen_input *input, const char *attempt,
                                struct gen_error *err)
{
    struct gen_open_owner *owner = gen_runner_owner(runner);
    struct gen_open_job *open = NULL;
    struct gen_error answer = {0};
    enum gen_status status = wishes_open(owner, organization, job, input, &open, err);

    if (status == GEN_OK && input->kind == GEN_INPUT_RESOLVE) {
        status = wishes_find(open->job, attempt, input, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    input->answer = &answer;
    owner->on_input(open, input);
    if (answer.status != GEN_OK) {
        *err = answer;
    }
    return answer.status;
}
