/* outlook.h - the world as a decision sees it now: a snapshot made of the loaded plugins, the lanes, the
 * ledger and what was experienced.
 *
 * It only looks: the store is asked for a few sums each time.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/outlook_test.c
 */
#ifndef GEN_ENGINE_OUTLOOK_H
#define GEN_ENGINE_OUTLOOK_H

#include "engine/durations.h"
#include "engine/experience.h"
#include "engine/lanes.h"
#include "engine/terms.h"
#include "engine/treasury.h"

struct gen_outlook;

/* `options` and `lanes` are borrowed for its life. Reads the experience. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_outlook_create(const struct gen_engine_options *options,
                                                  const struct gen_lanes *lanes,
                                                  struct gen_outlook **out, struct gen_error *err);
void gen_outlook_destroy(struct gen_outlook *outlook); /* NULL is allowed */

/* Changes that a job's turn led to: attempts that ended are learned from. An event is added where bills of a
 * model turn out to differ from its prices. */
void gen_outlook_learn(struct gen_outlook *outlook, const struct gen_job *job,
                       struct gen_changes *changes);

/* What has been experienced of a model, beside what its plugin declares. */
void gen_outlook_model(const struct gen_outlook *outlook, const struct gen_model *model,
                       struct gen_model_state *out);

/* Seconds that an organization has bought at a provider this month. */
int64_t gen_outlook_volume(const struct gen_outlook *outlook, const char *organization,
                           const char *provider, gen_moment now);

/* Its ledger was written beside jobs: what it has bought is read again. */
void gen_outlook_booked(struct gen_outlook *outlook, const char *organization);

/* What the last bills of a model say of its prices; see gen_experience_bills. */
bool gen_outlook_bills(const struct gen_outlook *outlook, const struct gen_model *model,
                       struct gen_experience_drift *out);

/* How long renders took, and how well that was foreseen. */
const struct gen_durations *gen_outlook_durations(const struct gen_outlook *outlook);

/* The dearest of the last bills of a model in millionths of its price list; 0: none was above it. */
int64_t gen_outlook_bill_ppm(const struct gen_outlook *outlook, const char *provider,
                             const char *model);

/* As a team (or an organization, a user, a project) sees it: its own credentials may make providers ready,
 * and of the limits that apply the one that leaves least is its budget. In `arena`; models are
 * borrowed from the loader. Statuses of reading the store, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_outlook_snapshot(struct gen_outlook *outlook,
                                                    const struct gen_hold_of *of,
                                                    struct gen_arena *arena,
                                                    struct gen_snapshot **out,
                                                    struct gen_error *err);

/* The money side of it; as long as the outlook. */
struct gen_treasury *gen_outlook_treasury(struct gen_outlook *outlook);

/* The limits that a hold of this job at a provider would meet and that slow work down near their amount,
 * conditions and all. In `arena`, texts of the policy borrowed. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_outlook_throttles(
    struct gen_outlook *outlook, const struct gen_job *job, const char *provider, gen_moment now,
    struct gen_arena *arena, struct gen_limit **out, size_t *count, struct gen_error *err);

/* gen_treasury_equip for changes of a job's turn. Nothing without ledger entries. */
GEN_MUST_CHECK enum gen_status gen_outlook_equip(struct gen_outlook *outlook,
                                                 const struct gen_job *job,
                                                 struct gen_changes *changes, gen_moment now,
                                                 struct gen_error *err);

#endif
