/* entrance.c - see entrance.h. */
#include "engine/entrance.h"

#include "base/alloc.h"
#include "engine/admission.h"

#include <string.h>

struct visit { /* one request on its way */
    struct gen_entrance *entrance;
    struct gen_arena *arena; /* of this and its texts */
    const char *organization, *key, *digest;
    gen_entrance_done *done;
    void *context;
    struct gen_open_job *open;
    struct gen_ident job;
    enum gen_status status;
    struct gen_error err;
    bool existing;
    bool reserved;            /* the plan on its way holds money for paid retries, too; then ... */
    struct gen_request again; /* ... it is made once more without, should that be too much */
};

static void entrance_answer(void *context)
{
    struct visit *visit = context;
    struct gen_entrance *entrance = visit->entrance;

    entrance->admitted += visit->status == GEN_OK && !visit->existing;
    entrance->refused += visit->status != GEN_OK;
    visit->done(visit->context, visit->status, &visit->err, visit->job.text, visit->existing);
    gen_arena_destroy(visit->arena);
}

/* Was the key used before? GEN_OK: with this body, its job is in visit->job. GEN_ECONFLICT: with
 * another. GEN_ENOTFOUND: it is new. */
static enum gen_status entrance_key(struct visit *visit)
{
    char digest[GEN_DIGEST_TEXT_SIZE];
    enum gen_status status;

    if (visit->key == NULL) {
        return GEN_ENOTFOUND;
    }
    status = gen_read_key(visit->entrance->options->store, visit->organization, visit->key, digest,
                          &visit->job, &visit->err);
    if (status == GEN_OK && strcmp(digest, visit->digest) != 0) {
        visit->job.text[0] = '\0';
        return gen_error_set(&visit->err, GEN_ECONFLICT,
                             "this Idempotency-Key was used for another request; send a new key, "
                             "or the same body to get its job back");
    }
    visit->existing = status == GEN_OK;
    return status;
}

static enum gen_status entrance_submit(struct visit *visit, const struct gen_request *request);

static void entrance_committed(void *context, enum gen_status status, const struct gen_error *err,
                               int64_t last_event)
{
    struct visit *visit = context;
    struct gen_entrance *entrance = visit->entrance;

    if (status == GEN_EBUDGET && visit->reserved) {
        gen_open_job_close(visit->open);
        visit->job.text[0] = '\0';
        visit->status = entrance_submit(visit, &visit->again);
        if (visit->status == GEN_OK) {
            return; /* and answers then */
        }
        entrance_answer(visit);
        return;
    }
    visit->status = status;
    if (status == GEN_OK) {
        gen_runner_announce(entrance->runner, last_event);
        gen_runner_start(entrance->runner, visit->open);
    } else {
        gen_open_job_close(visit->open);
        visit->job.text[0] = '\0';
        visit->err = *err;
        /* Somebody else was first with the same key, between our look and our commit. */
        if (status == GEN_ECONFLICT && visit->key != NULL) {
            enum gen_status again = entrance_key(visit);

            visit->status = again == GEN_ENOTFOUND ? status : again;
        }
    }
    entrance_answer(visit);
}

/* The request as it may be needed again: others may have taken money between our look and the commit. */
static void entrance_keep(struct visit *visit, const struct gen_request *request,
                          const struct gen_admitted *plan)
{
    struct gen_arena *arena = visit->arena;

    visit->reserved = plan->reserved;
    if (!plan->reserved) {
        return;
    }
    visit->again = *request;
    visit->again.bare = true;
    visit->again.organization = visit->organization;
    visit->again.key = visit->key;
    visit->again.digest = visit->digest;
    visit->again.user = gen_arena_strdup(arena, request->user);
    visit->again.team = gen_arena_strdup(arena, request->team);
    visit->again.brief = gen_node_copy(arena, request->brief);
    if (request->actor != NULL) {
        struct gen_actor *actor = gen_arena_alloc(arena, sizeof *actor);

        if (actor != NULL) {
            *actor = gen_actor_copy(request->actor, arena);
        }
        visit->again.actor = actor;
    }
    visit->again.principal = gen_principal_copy(request->principal, arena);
    visit->reserved = !gen_arena_failed(arena);
}

static enum gen_status entrance_submit(struct visit *visit, const struct gen_request *request)
{
    struct gen_entrance *entrance = visit->entrance;
    struct gen_admitted plan = {0};
    struct gen_error *err = &visit->err;
    enum gen_status status = entrance->ready(entrance->context, err);

    if (status == GEN_OK) {
        status = gen_admission_plan(entrance->options, gen_runner_outlook(entrance->runner),
                                    request, gen_clock_now(entrance->options->clock), &plan, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    status = gen_runner_prepare(entrance->runner, plan.job, plan.assets, plan.asset_count,
                                &visit->open, err);
    if (status != GEN_OK) {
        gen_arena_destroy(plan.job->arena);
        gen_changes_destroy(plan.changes);
        return status;
    }
    entrance_keep(visit, request, &plan);
    visit->job = plan.job->id;
    status = gen_store_commit(entrance->options->store, &plan.changes, entrance_committed, visit,
                              err);
    if (status != GEN_OK) {
        visit->job.text[0] = '\0';
        gen_changes_destroy(plan.changes);
        gen_open_job_close(visit->open);
    }
    return status;
}

void gen_entrance_admit(struct gen_entrance *entrance, const struct gen_request *request,
                        gen_entrance_done *done, void *context)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct visit *visit = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof(*visit));

    GEN_CHECK(visit != NULL); /* a few hundred bytes; there is nobody to answer without them */
    *visit = (struct visit){.entrance = entrance,
                            .arena = arena,
                            .organization = gen_arena_strdup(arena, request->organization),
                            .key = gen_arena_strdup(arena, request->key),
                            .digest = gen_arena_strdup(arena, request->digest),
                            .done = done,
                            .context = context};
    visit->status = entrance_key(visit);
    if (visit->status == GEN_ENOTFOUND) {
        memset(&visit->err, 0, sizeof(visit->err));
        visit->status = entrance_submit(visit, request);
        if (visit->status == GEN_OK) {
            return; /* entrance_committed answers */
        }
    }
    GEN_CHECK(gen_loop_post(entrance->options->loop, entrance_answer, visit) == GEN_OK);
}
