/* entitlement.h - what whoever asks may at most: on which team a job is booked, how urgent it may
 * be, how many jobs and seconds of video a day, how many generations at once.
 *
 * Who they are was settled at the door (service/access.h); the plan of their organization comes from
 * access.yaml, and the models of a plan are the decision's matter. Of two bounds the lower holds.
 * The day's jobs are counted in the transaction that admits a job, so that no two slip through
 * together.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/entitlement_test.c
 */
#ifndef GEN_ENGINE_ENTITLEMENT_H
#define GEN_ENGINE_ENTITLEMENT_H

#include "engine/lanes.h"
#include "engine/terms.h"
#include "policy/access_policy.h"

/* The team of a brief, else the request's, else the principal's own; "" = none. Borrowed.
 * GEN_EDENIED with path "team": the brief names one that they are not in; with path "priority": the
 * job is more urgent than they may be. */
GEN_MUST_CHECK enum gen_status gen_entitlement_check(const struct gen_request *request,
                                                     const struct gen_brief *brief,
                                                     const char **team, struct gen_error *err);

/* Counts the job, and the video it asks for, in its user's day, and its team's. Failure shows in
 * the arena of the changes. */
void gen_entitlement_count(const struct gen_request *request, const struct gen_access_plan *plan,
                           const struct gen_job *job, gen_moment now, struct gen_changes *changes);

/* The bounds on what runs at once of the job's user and of its team, at the end of ticket->purses
 * (NULL = only set anew). */
void gen_entitlement_bound(const struct gen_engine_options *options, struct gen_lanes *lanes,
                           const struct gen_job *job, struct gen_ticket *ticket);

#endif
