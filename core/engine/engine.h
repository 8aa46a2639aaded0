/* engine.h - the engine as the service sees it: admit, cancel, store an asset, follow, resume.
 *
 * The shell around the pure machine: it owns the jobs that are not over, hands their changes to the
 * store, and releases effects once they are durable.
 * Invariant: a job is admitted when its money is reserved and durable, or not at all.
 *
 * Thread: [loop]; callbacks come from other turns, never from inside a call. Floor: engine.
 * Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_ENGINE_H
#define GEN_ENGINE_ENGINE_H

#include "engine/checkup.h"
#include "engine/lanes.h"
#include "engine/terms.h"
#include "engine/vitals.h"
#include "model/snapshot.h"

struct gen_hold_of; /* decide/hold.h */

struct gen_engine;

/* GEN_ENOMEM, GEN_EIO, GEN_EDENIED, GEN_ENOSPACE. */
GEN_MUST_CHECK enum gen_status gen_engine_create(const struct gen_engine_options *options,
                                                 struct gen_engine **out, struct gen_error *err);
/* Stops what is under way; open jobs resume at the next start. The loop must still turn. */
void gen_engine_destroy(struct gen_engine *engine);

/* Loads the jobs that are not over and goes on with them. */
GEN_MUST_CHECK enum gen_status gen_engine_resume(struct gen_engine *engine, struct gen_error *err);

/* ---- admission */

/* GEN_OK with the job's id (`existing`: the key gave an earlier job back), or why nothing was
 * admitted: GEN_EINVAL (with key path), GEN_ENOTFOUND (an asset; with key path), GEN_EUNSUPPORTED
 * (no model can), GEN_EBUDGET, GEN_ECONFLICT (key used with another body), GEN_ENOSPACE,
 * GEN_EBUSY (the store cannot be written now), GEN_EIO, GEN_ENOMEM. */
typedef void gen_engine_admitted(void *context, enum gen_status status, const struct gen_error *err,
                                 const char *job, bool existing);
/* Always ends in one call of `done`. */
void gen_engine_admit(struct gen_engine *engine, const struct gen_request *request,
                      gen_engine_admitted *done, void *context);

/* What would be decided for a brief, and why (gen_admission_explain), in `arena`; nothing is kept. */
GEN_MUST_CHECK enum gen_status gen_engine_explain(struct gen_engine *engine,
                                                  const struct gen_request *request,
                                                  struct gen_arena *arena, struct gen_node **out,
                                                  struct gen_error *err);
/* What a brief would cost and which budgets that would meet (gen_admission_estimate), in `arena`; nothing is
 * kept. */
GEN_MUST_CHECK enum gen_status gen_engine_estimate(struct gen_engine *engine,
                                                   const struct gen_request *request,
                                                   struct gen_arena *arena, struct gen_node **out,
                                                   struct gen_error *err);
/* What a decision would look at now, as a document (gen_snapshot_write), in `arena`. */
GEN_MUST_CHECK enum gen_status gen_engine_snapshot(struct gen_engine *engine,
                                                   const char *organization,
                                                   struct gen_arena *arena, struct gen_node **out,
                                                   struct gen_error *err);

/* ---- budgets */

/* All limits of the organization that hold now, of the policies and of the store, with what is used of them:
 * as gen_treasury_limits for `of`, without those that have a condition. In `arena`. */
GEN_MUST_CHECK enum gen_status gen_engine_limits(struct gen_engine *engine,
                                                 const struct gen_hold_of *of,
                                                 struct gen_arena *arena, struct gen_limit **out,
                                                 size_t *count, struct gen_error *err);

/* Commits changes among which are budgets: the next hold knows them. As gen_store_commit. */
GEN_MUST_CHECK enum gen_status gen_engine_commit(struct gen_engine *engine,
                                                 struct gen_changes **changes, gen_store_done *done,
                                                 void *context, struct gen_error *err);

/* ---- control */

/* GEN_OK: cancelling has begun or was under way. GEN_ENOTFOUND; GEN_ECONFLICT: it is over. actor:
 * as in gen_request. */
GEN_MUST_CHECK enum gen_status gen_engine_cancel(struct gen_engine *engine,
                                                 const char *organization, const char *job,
                                                 const struct gen_actor *actor,
                                                 struct gen_error *err);

/* What is decided cannot be written down now (a full disk), so nothing goes on: GEN_OK when it can, else why
 * not. */
enum gen_status gen_engine_trouble(const struct gen_engine *engine, struct gen_error *err);

struct gen_input;
/* What else somebody wants of a job: PAUSE, RESUME, RETRY, RESOLVE, with its actor and reason; see
 * gen_wishes_tell. */
GEN_MUST_CHECK enum gen_status gen_engine_tell(struct gen_engine *engine, const char *organization,
                                               const char *job, struct gen_input *input,
                                               const char *attempt, struct gen_error *err);

/* ---- assets */

/* See gen_engine_stored. */
void gen_engine_store_asset(struct gen_engine *engine, const struct gen_upload *upload,
                            gen_engine_stored *done, void *context);

/* Another policy set is in force: limits that it raised let waiting work begin. */
void gen_engine_steer(struct gen_engine *engine);

/* Secrets may have changed: they are read again when they are needed. forget_secret: this one of the vault
 * (its label in the keyring); NULL is allowed. */
void gen_engine_forget_secrets(struct gen_engine *engine);
void gen_engine_forget_secret(struct gen_engine *engine, const char *label);
/* The providers that sign with the secret of this name, by their policy files or by their ids: their number,
 * and they in `arena` (NULL without memory). */
size_t gen_engine_secret_users(const struct gen_engine *engine, const char *name,
                               struct gen_arena *arena, const struct gen_hosted ***out);
/* The open jobs of an organization (and a team; "" = of all) with renders to come, or under way, at one of
 * those providers: their number, and they in `arena` (NULL without memory); valid until the loop turns. */
size_t gen_engine_secret_jobs(const struct gen_engine *engine, const char *organization,
                              const char *team, const char *name, struct gen_arena *arena,
                              const struct gen_job ***out);
/* Asks a provider how it is, with somebody's secrets: see gen_checkup_try. */
GEN_MUST_CHECK enum gen_status gen_engine_try(struct gen_engine *engine,
                                              const struct gen_hosted *hosted,
                                              const struct gen_keyring_owner *owner,
                                              gen_checkup_done *done, void *context,
                                              struct gen_error *err);

/* ---- following */

/* One listener (the service); replaces the one before. */
void gen_engine_listen(struct gen_engine *engine, const struct gen_listener *listener);

/* An open job as it is in memory, NULL when it is over or unknown. Valid until the loop turns. */
const struct gen_job *gen_engine_job(const struct gen_engine *engine, const char *job);

/* Place in its provider's queue, 1 = next; 0 = not waiting. The first waiting shot counts. */
size_t gen_engine_queue_position(const struct gen_engine *engine, const struct gen_job *job,
                                 const struct gen_pipeline *pipeline);

/* What goes on with a pipeline of an open job, how far it is and when it will be done; see
 * engine/horizon.h. */
void gen_engine_horizon(const struct gen_engine *engine, const struct gen_job *job,
                        const struct gen_pipeline *pipeline, struct gen_horizon *out);
/* How good such estimates of a model were (see gen_durations_judge); provider NULL: of all. */
void gen_engine_judge(const struct gen_engine *engine, const char *provider, const char *model,
                      struct gen_durations_score *out);

/* What holds up new work of a pipeline for a while, till when and where; see gen_lanes_held. */
enum gen_lanes_hold gen_engine_held(const struct gen_engine *engine, const struct gen_job *job,
                                    const struct gen_pipeline *pipeline, gen_moment *until,
                                    const char **provider);

struct gen_engine_provider { /* how a provider is now; texts as those of gen_vitals_view */
    struct gen_vitals_view vitals;
    double uptime_day, uptime_month; /* since the start; -1 = unknown */
    const char *unready;             /* why it cannot be used at all, in the arena; NULL: it can */
    struct gen_texts missing;        /* names of the stored secrets it lacks, in the arena */
    const char *trouble;             /* why it works on with older settings; "" */
    enum gen_lanes_hold hold;        /* new work waits until `held_until` */
    gen_moment held_until;
    size_t running, waiting;
    int64_t volume_s; /* bought there this month by the organization */
};
/* For an organization: it may have credentials of its own. */
void gen_engine_provider(const struct gen_engine *engine, const struct gen_hosted *hosted,
                         const char *organization, struct gen_arena *arena,
                         struct gen_engine_provider *out);
/* What was experienced of a model; rows of gen_hosted_models. */
void gen_engine_model(const struct gen_engine *engine, const struct gen_model *model,
                      struct gen_model_state *out);

/* Seconds that the organization has bought at a provider this month. */
int64_t gen_engine_volume(const struct gen_engine *engine, const char *provider,
                          const char *organization);
/* What the last bills of a model say of its prices: mean of (bill - estimate) / estimate. False: too few
 * are known. */
bool gen_engine_bills(const struct gen_engine *engine, const struct gen_model *model,
                      int64_t *bills, double *drift);
/* Entries of the ledger were committed beside jobs (an invoice): what the organization has bought at
 * providers is counted anew. */
void gen_engine_booked(struct gen_engine *engine, const char *organization);

/* Figures of now and since the start, for /metrics. */
void gen_engine_figures(const struct gen_engine *engine, struct gen_engine_figures *out);

/* GEN_OK, or why no job can be admitted now (disk nearly full, store stalled, no provider). */
GEN_MUST_CHECK enum gen_status gen_engine_ready(struct gen_engine *engine, struct gen_error *err);

#endif
