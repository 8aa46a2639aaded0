/* exercise.h - every verb of a plugin, called with what it says it can do and with what the world may
 * answer.
 *
 * Each call is made twice and must give the same; each step passes the host's customs. A recording (a
 * line of JSON in the plugin's recordings/) is followed step by step, and at each step the recorded
 * answer is damaged in several ways as well.
 * A recording: {"name","source","verb","model","scene":{brief keys},"width","height","duration",
 * "parameters":{},"handle","state","steps":[{"expect":{as step_document.h},"answer":{"status",
 * "headers":{},"body":JSON or text}}, ..., {"expect":{...}}]}. "parameters" absent: what format says.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_EXERCISE_H
#define GEN_TESTKIT_EXERCISE_H

#include "cases.h"
#include "host/provider.h"
#include "report.h"

struct exercise {
    const struct gen_hosted *hosted;
    struct report *report;
    bool paid;                  /* the recording under way has asked for a paid request */
    bool quick;                 /* of every model one case, of the first one thoroughly */
    struct gen_arena *arena;    /* of one case; cleared between them */
    struct gen_arena *exchange; /* of one call */
};

/* Everything that needs no recording. */
void exercise_models(struct exercise *exercise);
/* One recording; a mistake in it is a finding, too. */
void exercise_recording(struct exercise *exercise, const struct gen_node *recording);

#endif
