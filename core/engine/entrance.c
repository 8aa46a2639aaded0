/* entrance.c - see entrance.h. */
#include "engine/entrance.h"

#include "base/alloc.h"
#include "engine/admission.h"
#include "store/batch_reading.h"

#include <stdio.h>
#include <string.h>

struct visit { /* one request on its way */
    struct gen_entrance *entrance;
    struct gen_arena *arena;    /* of this and its texts */
    struct gen_request request; /* a copy: it may be planned once more without a reserve */
    gen_entrance_done *done;
    void *context;
    struct gen_open_job **open; /* one a brief; those that are prepared */
    size_t count, open_count;
    struct gen_ident made; /* the job, or the batch */
    enum gen_status status;
    struct gen_error err;
    bool existing;
    bool reserved; /* the plan on its way holds money for paid retries, too */
};

static void entrance_answer(void *context)
{
    struct visit *visit = context;
    struct gen_entrance *entrance = visit->entrance;

    entrance->admitted += visit->status == GEN_OK && !visit->existing ? visit->count : 0;
    entrance->refused += visit->status != GEN_OK;
    visit->done(visit->context, visit->status, &visit->err, visit->made.text, visit->existing);
    gen_arena_destroy(visit->arena);
}

/* A key stands for the first job of a batch; what the client wants to know is the batch. */
static enum gen_status entrance_known(struct visit *visit)
{
    struct gen_ident batch = {{0}};
    enum gen_status status = GEN_OK;

    if (visit->request.briefs != NULL) {
        status = gen_read_batch_of(visit->entrance->options->store, visit->made.text, &batch,
                                   &visit->err);
        visit->made = batch;
    }
    return status;
}

/* Was the key used before? GEN_OK: with this body, what it made is in visit->made. GEN_ECONFLICT: with
 * another. GEN_ENOTFOUND: it is new. */
static enum gen_status entrance_key(struct visit *visit)
{
    char digest[GEN_DIGEST_TEXT_SIZE];
    enum gen_status status;

    if (visit->request.key == NULL) {
        return GEN_ENOTFOUND;
    }
    status = gen_read_key(visit->entrance->options->store, visit->request.organization,
                          visit->request.key, digest, &visit->made, &visit->err);
    if (status == GEN_OK && strcmp(digest, visit->request.digest) != 0) {
        visit->made.text[0] = '\0';
        return gen_error_set(&visit->err, GEN_ECONFLICT,
                             "this Idempotency-Key was used for another request; send a new key, "
                             "or the same body to get %s back",
                             visit->request.briefs != NULL ? "its batch" : "its job");
    }
    visit->existing = status == GEN_OK;
    return status == GEN_OK ? entrance_known(visit) : status;
}

/* What was prepared is let go of. */
static void entrance_close(struct visit *visit)
{
    while (visit->open_count > 0) {
        gen_open_job_close(visit->open[--visit->open_count]);
    }
    visit->made.text[0] = '\0';
}

/* ----------------------------------------------------------------------------------- planning -- */

/* The one at `index`, with its place in the batch. */
static struct gen_request entrance_part(const struct visit *visit, const struct gen_ident *batch,
                                        size_t index)
{
    struct gen_request part = visit->request;

    if (part.briefs != NULL) {
        part.brief = gen_node_at(part.briefs, index);
        part.batch = *batch;
        part.batch_ordinal = (int32_t)index + 1;
        part.key = index == 0 ? part.key : NULL;
    }
    return part;
}

/* Whose mistake it is, among several. */
static void entrance_blame(const struct visit *visit, size_t index, struct gen_error *err)
{
    char path[GEN_ERROR_PATH_SIZE];

    if (visit->request.briefs == NULL) {
        return;
    }
    (void)snprintf(path, sizeof path, "briefs[%zu]%s%.*s", index, err->path[0] != '\0' ? "." : "",
                   (int)sizeof err->path - 40, err->path);
    gen_error_place(err, NULL, 0, 0, path);
}

/* Plans one job and makes room for it; its changes are joined to those before. */
static enum gen_status entrance_plan(struct visit *visit, const struct gen_request *part,
                                     gen_moment now, struct gen_changes **changes,
                                     struct gen_error *err)
{
    struct gen_entrance *entrance = visit->entrance;
    struct gen_admitted plan = {0};
    enum gen_status status = gen_admission_plan(
        entrance->options, gen_runner_outlook(entrance->runner), part, now, &plan, err);

    if (status != GEN_OK) {
        return status;
    }
    status = gen_runner_prepare(entrance->runner, plan.job, plan.assets, plan.asset_count,
                                &visit->open[visit->open_count], err);
    if (status != GEN_OK) {
        gen_arena_destroy(plan.job->arena);
        gen_changes_destroy(plan.changes);
        return status;
    }
    visit->open_count++;
    visit->reserved = visit->reserved || plan.reserved;
    visit->made = plan.job->id;
    if (*changes == NULL) {
        *changes = plan.changes;
    } else {
        gen_changes_join(*changes, &plan.changes);
    }
    return GEN_OK;
}

/* The batch itself, before its jobs. */
static enum gen_status entrance_batch(struct visit *visit, gen_moment now, struct gen_ident *batch,
                                      struct gen_changes **changes, struct gen_error *err)
{
    const struct gen_request *request = &visit->request;
    struct gen_change *change;

    if (request->briefs == NULL) {
        return GEN_OK;
    }
    *changes = gen_changes_create();
    change = *changes == NULL ? NULL : gen_changes_add(*changes, GEN_CHANGE_BATCH_ADD);
    if (change == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_random_ident(visit->entrance->options->random, GEN_IDENT_BATCH, now, batch);
    change->as.batch = (struct gen_change_batch){.id = *batch,
                                                 .organization = request->organization,
                                                 .user = request->user,
                                                 .title = request->title,
                                                 .jobs = (int64_t)visit->count,
                                                 .created_at = now};
    return GEN_OK;
}

static void entrance_committed(void *context, enum gen_status status, const struct gen_error *err,
                               int64_t last_event);

/* All of it in one set of changes: it is durable as a whole, or not at all. */
static enum gen_status entrance_submit(struct visit *visit)
{
    struct gen_entrance *entrance = visit->entrance;
    gen_moment now = gen_clock_now(entrance->options->clock);
    struct gen_changes *changes = NULL;
    struct gen_error *err = &visit->err;
    struct gen_ident batch = {{0}};
    enum gen_status status = entrance->ready(entrance->context, err);

    visit->reserved = false;
    if (status == GEN_OK) {
        status = entrance_batch(visit, now, &batch, &changes, err);
    }
    for (size_t i = 0; i < visit->count && status == GEN_OK; i++) {
        struct gen_request part = entrance_part(visit, &batch, i);

        status = entrance_plan(visit, &part, now, &changes, err);
        if (status != GEN_OK) {
            entrance_blame(visit, i, err);
        }
    }
    if (status == GEN_OK) {
        visit->made = visit->request.briefs != NULL ? batch : visit->made;
        status = gen_store_commit(entrance->options->store, &changes, entrance_committed, visit,
                                  err);
    }
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        entrance_close(visit);
    }
    return status;
}

static void entrance_committed(void *context, enum gen_status status, const struct gen_error *err,
                               int64_t last_event)
{
    struct visit *visit = context;
    struct gen_entrance *entrance = visit->entrance;

    if (status == GEN_EBUDGET && visit->reserved) { /* others took money since our look */
        entrance_close(visit);
        visit->request.bare = true;
        visit->status = entrance_submit(visit);
        if (visit->status == GEN_OK) {
            return; /* and answers then */
        }
        entrance_answer(visit);
        return;
    }
    visit->status = status;
    if (status == GEN_OK) {
        gen_runner_announce(entrance->runner, last_event);
        for (size_t i = 0; i < visit->open_count; i++) {
            gen_runner_start(entrance->runner, visit->open[i]);
        }
    } else {
        entrance_close(visit);
        visit->err = *err;
        /* Somebody else was first with the same key, between our look and our commit. */
        if (status == GEN_ECONFLICT && visit->request.key != NULL) {
            enum gen_status again = entrance_key(visit);

            visit->status = again == GEN_ENOTFOUND ? status : again;
        }
    }
    entrance_answer(visit);
}

/* ------------------------------------------------------------------------------------ requests -- */

/* What is borrowed for the call only is copied: the store answers later. */
static void entrance_keep(struct visit *visit, const struct gen_request *request)
{
    struct gen_arena *arena = visit->arena;
    struct gen_request *kept = &visit->request;

    *kept = *request;
    kept->organization = gen_arena_strdup(arena, request->organization);
    kept->user = gen_arena_strdup(arena, request->user);
    kept->team = gen_arena_strdup(arena, request->team);
    kept->title = gen_arena_strdup(arena, request->title == NULL ? "" : request->title);
    kept->key = gen_arena_strdup(arena, request->key);
    kept->digest = gen_arena_strdup(arena, request->digest);
    kept->brief = request->brief == NULL ? NULL : gen_node_copy(arena, request->brief);
    kept->briefs = request->briefs == NULL ? NULL : gen_node_copy(arena, request->briefs);
    kept->principal = gen_principal_copy(request->principal, arena);
    if (request->actor != NULL) {
        struct gen_actor *actor = gen_arena_alloc(arena, sizeof *actor);

        if (actor != NULL) {
            *actor = gen_actor_copy(request->actor, arena);
        }
        kept->actor = actor;
    }
}

void gen_entrance_admit(struct gen_entrance *entrance, const struct gen_request *request,
                        gen_entrance_done *done, void *context)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct visit *visit = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof(*visit));

    GEN_CHECK(visit != NULL); /* a few hundred bytes; there is nobody to answer without them */
    *visit = (struct visit){.entrance = entrance,
                            .arena = arena,
                            .done = done,
                            .context = context,
                            .count = request->briefs == NULL ? 1 : gen_node_count(request->briefs)};
    entrance_keep(visit, request);
    visit->open = gen_arena_array(arena, visit->count + 1, sizeof(struct gen_open_job *));
    visit->status = gen_arena_failed(arena)
                        ? gen_error_set(&visit->err, GEN_ENOMEM, "out of memory")
                        : entrance_key(visit);
    if (visit->status == GEN_ENOTFOUND) {
        memset(&visit->err, 0, sizeof(visit->err));
        visit->status = entrance_submit(visit);
        if (visit->status == GEN_OK) {
            return; /* entrance_committed answers */
        }
    }
    GEN_CHECK(gen_loop_post(entrance->options->loop, entrance_answer, visit) == GEN_OK);
}
