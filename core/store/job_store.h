/* job_store.h - writes jobs with their storyboards and tags, pipelines, shots and what
 * these are supplied with.
 *
 * It guards nothing but existence: who may change a job, and when, is decided above.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/apply_test.c
 */
#ifndef GEN_STORE_JOB_STORE_H
#define GEN_STORE_JOB_STORE_H

#include "model/change.h"
#include "store/database.h"

/* A storyboard is stored once per organization and digest: a job whose digest is there already
 * refers to that storyboard and not to the id in the change. GEN_ECONFLICT: the id is taken. */
GEN_MUST_CHECK enum gen_status gen_job_store_add(struct gen_database *database,
                                                 const struct gen_change *change,
                                                 struct gen_error *err);
/* All set functions: GEN_ECONFLICT when there is no such row. */
GEN_MUST_CHECK enum gen_status gen_job_store_set(struct gen_database *database,
                                                 const struct gen_change *change,
                                                 struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_job_store_add_pipeline(struct gen_database *database,
                                                          const struct gen_change *change,
                                                          struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_job_store_set_pipeline(struct gen_database *database,
                                                          const struct gen_change *change,
                                                          struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_job_store_add_shot(struct gen_database *database,
                                                      const struct gen_change *change,
                                                      struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_job_store_set_shot(struct gen_database *database,
                                                      const struct gen_change *change,
                                                      struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_job_store_move_shot(struct gen_database *database,
                                                       const struct gen_change *change,
                                                       struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_job_store_add_supply(struct gen_database *database,
                                                        const struct gen_change *change,
                                                        struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_job_store_set_supply(struct gen_database *database,
                                                        const struct gen_change *change,
                                                        struct gen_error *err);

#endif
