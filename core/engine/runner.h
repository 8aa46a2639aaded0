/* runner.h - the jobs that are not over: feeds the machine and carries out what it asks for.
 *
 * The imperative shell: every input becomes one turn of the machine; its changes go to the store;
 * its effects are released when they are durable, in order.
 * Invariants: no effect is released before its changes are durable; what was stopped reports
 * nothing more; a job whose changes were refused for another reason than money leaves memory and is
 * loaded again from the store, which is right by definition.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_RUNNER_H
#define GEN_ENGINE_RUNNER_H

#include "engine/open_job.h"
#include "engine/outlook.h"

struct gen_runner;

GEN_MUST_CHECK enum gen_status gen_runner_create(const struct gen_engine_options *options,
                                                 struct gen_programs *programs,
                                                 struct gen_runner **out, struct gen_error *err);
void gen_runner_destroy(struct gen_runner *runner);

/* Makes room for a job that is about to be committed. On failure the job is still the caller's. */
GEN_MUST_CHECK enum gen_status gen_runner_prepare(struct gen_runner *runner, struct gen_job *job,
                                                  const struct gen_asset *assets,
                                                  size_t asset_count, struct gen_open_job **out,
                                                  struct gen_error *err);
/* It is durable: go. Takes `open` (and its job). One that was refused is closed instead. */
void gen_runner_start(struct gen_runner *runner, struct gen_open_job *open);

/* Reads a job from the store and goes on with it. GEN_EBUSY: it is open already.
 * GEN_ENOTFOUND: it is over. */
GEN_MUST_CHECK enum gen_status gen_runner_load(struct gen_runner *runner, const char *job,
                                               struct gen_error *err);

/* GEN_ENOTFOUND: not open. actor: as in gen_request. */
GEN_MUST_CHECK enum gen_status gen_runner_cancel(struct gen_runner *runner, const char *job,
                                                 const struct gen_actor *actor);

/* What decisions look at; it learns from the attempts that end here. */
struct gen_outlook *gen_runner_outlook(struct gen_runner *runner);

/* See gen_engine_steer. */
void gen_runner_steer(struct gen_runner *runner);

/* Its jobs and lanes, for whoever asks who waits and why (engine/waiting.h). */
struct gen_open_owner *gen_runner_owner(struct gen_runner *runner);

/* See gen_engine_listen. */
void gen_runner_listen(struct gen_runner *runner, const struct gen_listener *listener);
/* A commit of somebody else has put events into the log. */
void gen_runner_announce(struct gen_runner *runner, int64_t last_event);

/* See gen_engine_job, gen_engine_figures (its part of them). */
const struct gen_job *gen_runner_job(const struct gen_runner *runner, const char *job);
void gen_runner_figures(const struct gen_runner *runner, struct gen_engine_figures *out);

#endif
