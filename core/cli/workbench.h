/* workbench.h - is what this machine renders with there: gen-media and its sandbox, ffmpeg, speech, fonts.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/daemon_test.sh
 */
#ifndef GEN_CLI_WORKBENCH_H
#define GEN_CLI_WORKBENCH_H

#include "cli/findings.h"

/* Adds a finding for each; needs a connected session (for its loop). */
void gen_workbench_examine(struct gen_findings *findings);

#endif
