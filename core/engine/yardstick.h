/* yardstick.h - what a job's savings are measured against: a part of its decision for people, and a row for
 * each pipeline, so that later sums need not decide anything again.
 *
 * The figures are decide/baseline.h's. Nothing here is spent or saved yet: that shows when pipelines end.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/prospect_test.c
 */
#ifndef GEN_ENGINE_YARDSTICK_H
#define GEN_ENGINE_YARDSTICK_H

#include "decide/baseline.h"

/* {kind, model, reason, cost, savings}: of all pipelines of the job; cost and savings null without a
 * baseline. savings: against `price`, may be negative. In the job's arena. */
struct gen_node *gen_yardstick_document(const struct gen_baseline *baseline,
                                        const struct gen_job *job, gen_micros price);

/* The row of a pipeline. Failure shows in the changes' arena. */
void gen_yardstick_add(const struct gen_baseline *baseline, const struct gen_decision *decision,
                       const struct gen_job *job, const struct gen_pipeline *pipeline,
                       struct gen_changes *changes);

#endif
