/* load.h - gives the engine its jobs back after a restart, as it held them.
 *
 * Of each shot the newest attempt is the current one. What the machine rebuilds for itself
 * (progress within an attempt, slots, verbs) is not stored and comes back in its first state.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/load_test.c
 */
#ifndef GEN_STORE_LOAD_H
#define GEN_STORE_LOAD_H

#include "store/store.h"

/* Ids of all jobs that are not over, oldest first. */
GEN_MUST_CHECK enum gen_status gen_read_open_jobs(struct gen_store *store, struct gen_arena *arena,
                                                  struct gen_ident **out, size_t *count,
                                                  struct gen_error *err);

/* Ids of the attempts of these jobs that are rendered and not stored yet. */
GEN_MUST_CHECK enum gen_status gen_read_rendered(struct gen_store *store, struct gen_arena *arena,
                                                 struct gen_ident **out, size_t *count,
                                                 struct gen_error *err);

/* One job with its pipelines, shots and current attempts, its brief read again. It lives in a new
 * arena, (*out)->arena, which the caller destroys. GEN_ENOTFOUND; GEN_ECORRUPT: its rows do not fit
 * together or its brief cannot be read. */
GEN_MUST_CHECK enum gen_status gen_read_load(struct gen_store *store, const char *job,
                                             struct gen_job **out, struct gen_error *err);

#endif
