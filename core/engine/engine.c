/* engine.c - see engine.h. The facade: what is asked is handed to the rooms that do it. */
#include "engine/engine.h"

#include "base/alloc.h"
#include "engine/admission.h"
#include "engine/annals.h"
#include "engine/bulletin.h"
#include "engine/checkup.h"
#include "engine/entrance.h"
#include "engine/horizon.h"
#include "engine/intake.h"
#include "engine/readiness.h"
#include "engine/rules.h"
#include "engine/runner.h"
#include "engine/scratch.h"
#include "engine/sweep.h"
#include "engine/treasury.h"
#include "engine/waiting.h"
#include "engine/wishes.h"
#include "platform/files.h"

#include <string.h>

/* More than this on its way to the disk means that the disk does not take it. */
enum { ENGINE_MOST_WAITING = 2000 };

struct gen_engine {
    struct gen_engine_options options;
    struct gen_arena *texts;
    struct gen_programs *programs;
    struct gen_signer *signer; /* NULL: nothing can be signed */
    struct gen_errand_world errands;
    struct gen_vitals *vitals;
    struct gen_annals *annals;
    struct gen_bulletin *bulletin;
    struct gen_checkup *checkup;
    struct gen_runner *runner;
    struct gen_sweep *sweep;
    struct gen_entrance entrance;
};

/* What real requests tell of their provider: how it is, and how fast it wants to be asked. */
static void engine_on_news(void *context, const char *provider, enum gen_errand_news news,
                           int64_t took_ms, int64_t pause_ms, const char *reason)
{
    struct gen_engine *engine = context;
    gen_moment now = gen_clock_now(engine->options.clock);

    if (news == GEN_ERRAND_ANSWERED) {
        gen_vitals_good(engine->vitals, provider, now, took_ms);
    } else if (news == GEN_ERRAND_TROUBLE) {
        gen_vitals_bad(engine->vitals, provider, now,
                       reason[0] != '\0' ? reason : "it answers with an error of its own (5xx)");
    }
    if (pause_ms > 0) {
        gen_lanes_pause(gen_runner_owner(engine->runner)->lanes, provider, now + pause_ms);
    }
}

static void engine_on_bulletin(void *context, int64_t last_event)
{
    gen_runner_announce(((struct gen_engine *)context)->runner, last_event);
}

static enum gen_status engine_set_bulletin(struct gen_engine *engine, struct gen_error *err)
{
    struct gen_bulletin_options options = {.loop = engine->options.loop,
                                           .store = engine->options.store,
                                           .random = engine->options.random,
                                           .log = engine->options.log,
                                           .vitals = engine->vitals,
                                           .on_events = engine_on_bulletin,
                                           .context = engine};

    return gen_bulletin_create(&options, &engine->bulletin, err);
}

static enum gen_status engine_set_checkup(struct gen_engine *engine, struct gen_error *err)
{
    struct gen_checkup_options options = {.engine = &engine->options,
                                          .errands = &engine->errands,
                                          .vitals = engine->vitals,
                                          .every_ms = engine->options.health_ms};

    return gen_checkup_create(&options, &engine->checkup, err);
}

/* How requests leave: one world for all of them. */
static enum gen_status engine_set_errands(struct gen_engine *engine, struct gen_error *err)
{
    const struct gen_engine_options *options = &engine->options;
    struct gen_signer_options signing = {.http = options->http,
                                         .clock = options->clock,
                                         .keyring = options->keyring,
                                         .log = options->log,
                                         .allow_private = options->allow_private};
    enum gen_status status = GEN_OK;

    if (options->keyring != NULL) {
        status = gen_signer_create(&signing, &engine->signer, err);
    }
    engine->errands = (struct gen_errand_world){.loop = options->loop,
                                                .http = options->http,
                                                .signer = engine->signer,
                                                .clock = options->clock,
                                                .random = options->random,
                                                .log = options->log,
                                                .allow_private = options->allow_private,
                                                .on_news = engine_on_news,
                                                .context = engine};
    engine->vitals = gen_vitals_create();
    engine->options.vitals = engine->vitals;
    if (status == GEN_OK && engine->vitals == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    engine->options.errands = &engine->errands;
    return status;
}

/* What a crash left in the middle is not needed, see scratch.h; but what was rendered on this machine and
 * is not stored yet would have to be rendered again. */
static enum gen_status engine_clear_scratch(struct gen_engine *engine, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_ident *keep = NULL;
    size_t count = 0;
    enum gen_status status = arena == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                           : gen_read_rendered(engine->options.store, arena, &keep,
                                                               &count, err);

    if (status == GEN_OK) {
        status = gen_scratch_clear(engine->options.scratch, keep, count, err);
    }
    gen_arena_destroy(arena);
    return status;
}

static enum gen_status engine_is_ready(void *context, struct gen_error *err)
{
    return gen_engine_ready(context, err);
}

enum gen_status gen_engine_create(const struct gen_engine_options *options, struct gen_engine **out,
                                  struct gen_error *err)
{
    struct gen_engine *engine = gen_alloc(sizeof(*engine));
    struct gen_programs_options programs = {.loop = options->loop,
                                            .media = options->media,
                                            .blobs = options->blobs,
                                            .most = options->most_programs};
    enum gen_status status = GEN_ENOMEM;

    if (engine == NULL || (engine->texts = gen_arena_create(0)) == NULL) {
        gen_free(engine);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    engine->options = *options;
    engine->options.media = gen_arena_strdup(engine->texts, options->media);
    engine->options.blobs = gen_arena_strdup(engine->texts, options->blobs);
    engine->options.scratch = gen_arena_strdup(engine->texts, options->scratch);
    if (gen_arena_failed(engine->texts)) {
        gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    if ((status = engine_set_errands(engine, err)) != GEN_OK ||
        (status = engine_clear_scratch(engine, err)) != GEN_OK ||
        (status = gen_files_make_folder(options->blobs, 0700, err)) != GEN_OK ||
        (status = gen_programs_create(&programs, &engine->programs, err)) != GEN_OK ||
        (status = gen_runner_create(&engine->options, engine->programs, &engine->runner, err)) !=
            GEN_OK ||
        (status = gen_sweep_create(&engine->options, &engine->sweep, err)) != GEN_OK ||
        (status = gen_annals_create(&engine->options, engine->vitals, &engine->annals, err)) !=
            GEN_OK ||
        (status = engine_set_bulletin(engine, err)) != GEN_OK ||
        (status = engine_set_checkup(engine, err)) != GEN_OK) {
        goto done;
    }
    engine->entrance = (struct gen_entrance){.options = &engine->options,
                                             .runner = engine->runner,
                                             .ready = engine_is_ready,
                                             .context = engine};
    *out = engine;
done:
    if (status != GEN_OK) {
        gen_engine_destroy(engine);
    }
    return status;
}

void gen_engine_destroy(struct gen_engine *engine)
{
    if (engine != NULL) {
        gen_checkup_destroy(engine->checkup);
        gen_bulletin_destroy(engine->bulletin);
        gen_sweep_destroy(engine->sweep);
        gen_runner_destroy(engine->runner);
        gen_programs_destroy(engine->programs);
        gen_signer_destroy(engine->signer);
        while (gen_loop_working(engine->options.loop)) {
            gen_loop_turn(engine->options.loop); /* scratch folders on their way out */
        }
        gen_loop_poll(engine->options.loop);
        gen_annals_destroy(engine->annals);
        gen_vitals_destroy(engine->vitals);
        gen_arena_destroy(engine->texts);
        gen_free(engine);
    }
}

enum gen_status gen_engine_resume(struct gen_engine *engine, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_ident *jobs = NULL;
    size_t count = 0;
    enum gen_status status = arena == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                           : gen_read_open_jobs(engine->options.store, arena, &jobs,
                                                                &count, err);

    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_error why = {0};

        /* One job that cannot be read must not keep the others from going on. */
        if (gen_runner_load(engine->runner, jobs[i].text, &why) != GEN_OK) {
            gen_error_within(&why, "job %s cannot go on", jobs[i].text);
            gen_log_error(engine->options.log, GEN_LEVEL_ERROR, "engine", &why);
        }
    }
    gen_arena_destroy(arena);
    return status;
}

/* -------------------------------------------------------------------------------- admission -- */

void gen_engine_admit(struct gen_engine *engine, const struct gen_request *request,
                      gen_engine_admitted *done, void *context)
{
    gen_entrance_admit(&engine->entrance, request, done, context);
}

enum gen_status gen_engine_explain(struct gen_engine *engine, const struct gen_request *request,
                                   struct gen_arena *arena, struct gen_node **out,
                                   struct gen_error *err)
{
    return gen_admission_explain(&engine->options, gen_runner_outlook(engine->runner), request,
                                 gen_clock_now(engine->options.clock), arena, out, err);
}

enum gen_status gen_engine_estimate(struct gen_engine *engine, const struct gen_request *request,
                                    struct gen_arena *arena, struct gen_node **out,
                                    struct gen_error *err)
{
    return gen_admission_estimate(&engine->options, gen_runner_outlook(engine->runner), request,
                                  gen_clock_now(engine->options.clock), arena, out, err);
}

enum gen_status gen_engine_limits(struct gen_engine *engine, const struct gen_hold_of *of,
                                  struct gen_arena *arena, struct gen_limit **out, size_t *count,
                                  struct gen_error *err)
{
    return gen_treasury_limits(gen_outlook_treasury(gen_runner_outlook(engine->runner)), of, NULL,
                               arena, out, count, err);
}

enum gen_status gen_engine_snapshot(struct gen_engine *engine, const char *organization,
                                    struct gen_arena *arena, struct gen_node **out,
                                    struct gen_error *err)
{
    struct gen_hold_of of = {.organization = organization,
                             .at = gen_clock_now(engine->options.clock)};
    struct gen_snapshot *snapshot = NULL;
    enum gen_status status = gen_outlook_snapshot(gen_runner_outlook(engine->runner), &of, arena,
                                                  &snapshot, err);

    if (status == GEN_OK) {
        *out = gen_snapshot_write(snapshot, arena);
        if (gen_arena_failed(arena)) {
            status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
    }
    return status;
}

/* ------------------------------------------------------------------------------------- rest -- */

enum gen_status gen_engine_commit(struct gen_engine *engine, struct gen_changes **changes,
                                  gen_store_done *done, void *context, struct gen_error *err)
{
    return gen_treasury_commit(gen_outlook_treasury(gen_runner_outlook(engine->runner)), changes,
                               done, context, err);
}

enum gen_status gen_engine_trouble(const struct gen_engine *engine, struct gen_error *err)
{
    return gen_store_trouble(engine->options.store, err);
}

enum gen_status gen_engine_tell(struct gen_engine *engine, const char *organization,
                                const char *job, struct gen_input *input, const char *attempt,
                                struct gen_error *err)
{
    return gen_wishes_tell(engine->runner, organization, job, input, attempt, err);
}

enum gen_status gen_engine_cancel(struct gen_engine *engine, const char *organization,
                                  const char *job, const struct gen_actor *actor,
                                  struct gen_error *err)
{
    struct gen_input input = {.kind = GEN_INPUT_CANCEL, .actor = actor};

    return gen_engine_tell(engine, organization, job, &input, "", err);
}

void gen_engine_store_asset(struct gen_engine *engine, const struct gen_upload *upload,
                            gen_engine_stored *done, void *context)
{
    gen_intake_start(&engine->options, engine->programs, upload, done, context);
}

void gen_engine_steer(struct gen_engine *engine)
{
    gen_runner_steer(engine->runner);
    gen_checkup_steer(engine->checkup);
}

void gen_engine_forget_secrets(struct gen_engine *engine)
{
    if (engine->options.keyring != NULL) {
        gen_keyring_forget(engine->options.keyring);
    }
    if (engine->signer != NULL) {
        gen_signer_forget(engine->signer);
    }
    gen_checkup_steer(engine->checkup); /* what was missing may be there */
}

void gen_engine_forget_secret(struct gen_engine *engine, const char *label)
{
    if (engine != NULL && engine->options.keyring != NULL) {
        gen_keyring_forget_label(engine->options.keyring, label);
    }
    if (engine != NULL && engine->signer != NULL) {
        gen_signer_forget_label(engine->signer, label);
    }
}

/* Does the provider sign with this secret: with which of its credentials' parts? */
static bool engine_signs_with(const struct gen_engine *engine, const struct gen_hosted *hosted,
                              const char *name, struct gen_arena *arena)
{
    size_t count = 0;
    const struct gen_hosted_credential *rows = gen_hosted_credentials(hosted, &count);
    const char *part;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; (part = gen_signer_part(rows[i].signing, k)) != NULL; k++) {
            const char *secret = gen_rules_secret(&engine->options, gen_hosted_id(hosted),
                                                  rows[i].name, part, arena);

            if (secret != NULL && strcmp(secret, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

size_t gen_engine_secret_users(const struct gen_engine *engine, const char *name,
                               struct gen_arena *arena, const struct gen_hosted ***out)
{
    const struct gen_loader *loader = engine->options.loader;
    size_t count = 0;

    *out = gen_arena_array(arena, gen_loader_count(loader) + 1, sizeof **out);
    for (size_t i = 0; *out != NULL && i < gen_loader_count(loader); i++) {
        if (engine_signs_with(engine, gen_loader_at(loader, i), name, arena)) {
            (*out)[count++] = gen_loader_at(loader, i);
        }
    }
    return count;
}

/* Has it a shot without its clip at one of these? */
static bool job_is_at(const struct gen_job *job, const struct gen_hosted *const *users,
                      size_t count)
{
    for (size_t i = 0; i < job->pipeline_count; i++) {
        const struct gen_pipeline *pipeline = &job->pipelines[i];

        for (size_t k = 0; pipeline->ended_at == 0 && k < pipeline->shot_count; k++) {
            const struct gen_shot *shot = &pipeline->shots[k];

            for (size_t n = 0; n < count && shot->clip[0] == '\0'; n++) {
                if (strcmp(gen_hosted_id(users[n]), shot->provider) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

size_t gen_engine_secret_jobs(const struct gen_engine *engine, const char *organization,
                              const char *team, const char *name, struct gen_arena *arena,
                              const struct gen_job ***out)
{
    const struct gen_map *jobs = gen_runner_owner(engine->runner)->jobs;
    const struct gen_hosted **users = NULL;
    size_t user_count = gen_engine_secret_users(engine, name, arena, &users), cursor = 0, count = 0;
    void *value;

    *out = gen_arena_array(arena, gen_map_count(jobs) + 1, sizeof **out);
    while (*out != NULL && users != NULL && gen_map_next(jobs, &cursor, NULL, &value)) {
        const struct gen_job *job = ((const struct gen_open_job *)value)->job;

        if (strcmp(job->organization, organization) == 0 &&
            (team[0] == '\0' || (job->team != NULL && strcmp(job->team, team) == 0)) &&
            job_is_at(job, users, user_count)) {
            (*out)[count++] = job;
        }
    }
    return count;
}

enum gen_status gen_engine_try(struct gen_engine *engine, const struct gen_hosted *hosted,
                               const struct gen_keyring_owner *owner, gen_checkup_done *done,
                               void *context, struct gen_error *err)
{
    return gen_checkup_try(engine->checkup, hosted, owner, done, context, err);
}

void gen_engine_listen(struct gen_engine *engine, const struct gen_listener *listener)
{
    gen_runner_listen(engine->runner, listener);
}

const struct gen_job *gen_engine_job(const struct gen_engine *engine, const char *job)
{
    return gen_runner_job(engine->runner, job);
}

size_t gen_engine_queue_position(const struct gen_engine *engine, const struct gen_job *job,
                                 const struct gen_pipeline *pipeline)
{
    return gen_waiting_position(gen_runner_owner(engine->runner), job->id.text,
                                (size_t)(pipeline - job->pipelines));
}

void gen_engine_horizon(const struct gen_engine *engine, const struct gen_job *job,
                        const struct gen_pipeline *pipeline, struct gen_horizon *out)
{
    gen_horizon_look(gen_runner_owner(engine->runner), job->id.text,
                     (size_t)(pipeline - job->pipelines), gen_clock_now(engine->options.clock),
                     out);
}

void gen_engine_judge(const struct gen_engine *engine, const char *provider, const char *model,
                      struct gen_durations_score *out)
{
    gen_durations_judge(gen_outlook_durations(gen_runner_outlook(engine->runner)), provider, model,
                        out);
}

enum gen_lanes_hold gen_engine_held(const struct gen_engine *engine, const struct gen_job *job,
                                    const struct gen_pipeline *pipeline, gen_moment *until,
                                    const char **provider)
{
    return gen_waiting_held(gen_runner_owner(engine->runner), job->id.text,
                            (size_t)(pipeline - job->pipelines),
                            gen_clock_now(engine->options.clock), until, provider);
}

void gen_engine_provider(const struct gen_engine *engine, const struct gen_hosted *hosted,
                         const char *organization, struct gen_arena *arena,
                         struct gen_engine_provider *out)
{
    const struct gen_keyring_owner owner = {.organization = organization};
    const struct gen_lanes *lanes = gen_runner_owner(engine->runner)->lanes;
    const char *id = gen_hosted_id(hosted);
    gen_moment now = gen_clock_now(engine->options.clock);

    *out = (struct gen_engine_provider){
        .uptime_day = gen_vitals_uptime(engine->vitals, id, now, 1),
        .uptime_month = gen_vitals_uptime(engine->vitals, id, now, GEN_VITALS_DAYS),
        .unready = gen_readiness_trouble(&engine->options, hosted, &owner, arena),
        .trouble = gen_hosted_trouble(hosted)};
    gen_readiness_missing(&engine->options, hosted, &owner, arena, &out->missing);
    gen_vitals_look(engine->vitals, id, now, &out->vitals);
    out->running = gen_lanes_inside_at(lanes, id);
    out->waiting = gen_lanes_waiting_at(lanes, id);
    out->hold = gen_lanes_held_at(lanes, id, now, &out->held_until);
    out->volume_s = gen_outlook_volume(gen_runner_outlook(engine->runner), organization, id, now);
}

void gen_engine_model(const struct gen_engine *engine, const struct gen_model *model,
                      struct gen_model_state *out)
{
    gen_outlook_model(gen_runner_outlook(engine->runner), model, out);
}

int64_t gen_engine_volume(const struct gen_engine *engine, const char *provider,
                          const char *organization)
{
    return gen_outlook_volume(gen_runner_outlook(engine->runner), organization, provider,
                              gen_clock_now(engine->options.clock));
}

bool gen_engine_bills(const struct gen_engine *engine, const struct gen_model *model,
                      int64_t *bills, double *drift)
{
    struct gen_experience_drift it;

    if (!gen_outlook_bills(gen_runner_outlook(engine->runner), model, &it)) {
        return false;
    }
    *bills = it.bills;
    *drift = it.drift;
    return true;
}

void gen_engine_booked(struct gen_engine *engine, const char *organization)
{
    gen_outlook_booked(gen_runner_outlook(engine->runner), organization);
}

void gen_engine_figures(const struct gen_engine *engine, struct gen_engine_figures *out)
{
    struct gen_programs_figures programs;

    *out = (struct gen_engine_figures){.running_programs = gen_programs_running(engine->programs),
                                       .waiting_programs = gen_programs_waiting(engine->programs),
                                       .admitted = engine->entrance.admitted,
                                       .refused = engine->entrance.refused};
    gen_programs_figures(engine->programs, &programs);
    out->programs_started = programs.started;
    out->programs_wall_ms = programs.wall_ms;
    out->programs_cpu_ms = programs.cpu_ms;
    out->programs_busy_ms = programs.busy_ms;
    gen_runner_figures(engine->runner, out);
    gen_engine_judge(engine, NULL, NULL, &out->estimates);
}

/* Is there a provider that could take work? One without its key cannot. */
static enum gen_status engine_usable(const struct gen_engine *engine, struct gen_error *err)
{
    const struct gen_loader *loader = engine->options.loader;
    const struct gen_keyring_owner anybody = {.organization = ""};
    struct gen_arena *arena = gen_arena_create(0);
    enum gen_status status = GEN_EUNSUPPORTED;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < gen_loader_count(loader) && status != GEN_OK; i++) {
        if (gen_readiness_trouble(&engine->options, gen_loader_at(loader, i), &anybody, arena) ==
            NULL) {
            status = GEN_OK;
        }
    }
    gen_arena_destroy(arena);
    return status == GEN_OK ? GEN_OK
                            : gen_error_set(err, GEN_EUNSUPPORTED,
                                            gen_loader_count(loader) == 0
                                                ? "no provider is loaded; gen doctor says why"
                                                : "no provider can be used; gen doctor says why");
}

enum gen_status gen_engine_ready(struct gen_engine *engine, struct gen_error *err)
{
    int64_t room = 0;
    enum gen_status status = gen_files_free_space(engine->options.blobs, &room, err);

    if (status != GEN_OK) {
        return status;
    }
    if (room < engine->options.least_free) {
        return gen_error_set(err, GEN_ENOSPACE,
                             "only %lld MB are free under %s; at least %lld MB are needed before "
                             "new work is taken",
                             (long long)(room >> 20), engine->options.blobs,
                             (long long)(engine->options.least_free >> 20));
    }
    status = gen_store_trouble(engine->options.store, err);
    if (status != GEN_OK) {
        gen_error_within(err, "the database cannot be written");
        return status;
    }
    if (gen_store_waiting(engine->options.store) > ENGINE_MOST_WAITING) {
        return gen_error_set(err, GEN_EBUSY, "the database does not keep up; try again soon");
    }
    return engine_usable(engine, err);
}
