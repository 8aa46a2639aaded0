/* outlook.h - the world as a decision sees it now: a snapshot made of the loaded plugins, the lanes, the
 * ledger and what was experienced.
 *
 * It only looks. The store is asked for a few counted figures each time, and for rows only when a period
 * begins.
 * Until there are several organizations, the figures of the store are those of the one there is.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/outlook_test.c
 */
#ifndef GEN_ENGINE_OUTLOOK_H
#define GEN_ENGINE_OUTLOOK_H

#include "engine/experience.h"
#include "engine/lanes.h"
#include "engine/terms.h"

struct gen_outlook;

/* `options` and `lanes` are borrowed for its life. Reads the experience. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_outlook_create(const struct gen_engine_options *options,
                                                  const struct gen_lanes *lanes,
                                                  struct gen_outlook **out, struct gen_error *err);
void gen_outlook_destroy(struct gen_outlook *outlook); /* NULL is allowed */

/* Changes that a job's turn led to: attempts that ended are learned from. */
void gen_outlook_learn(struct gen_outlook *outlook, const struct gen_job *job,
                       const struct gen_changes *changes);

/* What has been experienced of a model, beside what its plugin declares. */
void gen_outlook_model(const struct gen_outlook *outlook, const struct gen_model *model,
                       struct gen_model_state *out);

/* In `arena`; models are borrowed from the loader. Statuses of reading the store, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_outlook_snapshot(struct gen_outlook *outlook,
                                                    const char *organization, gen_moment now,
                                                    struct gen_arena *arena,
                                                    struct gen_snapshot **out,
                                                    struct gen_error *err);

#endif
