/* recording.h - a recorded conversation with a provider, played to its plugin.
 *
 * A recording (a line of JSON in the plugin's recordings/) is followed step by step, and at each step the
 * recorded answer is damaged in several ways as well.
 * It is: {"name","source","verb","model","scene":{brief keys},"width","height","duration",
 * "parameters":{},"handle","state","steps":[{"expect":{as step_document.h},"answer":{"status",
 * "headers":{},"body":JSON or text}}, ..., {"expect":{...}}]}. "parameters" absent: what format says. The
 * verb health has no scene, model or handle.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh, tests/cli/plugin_test.sh
 */
#ifndef GEN_TESTKIT_RECORDING_H
#define GEN_TESTKIT_RECORDING_H

#include "exercise.h"

/* A mistake in it is a finding, too. */
void recording_play(struct exercise *exercise, const struct gen_node *recording);

#endif
