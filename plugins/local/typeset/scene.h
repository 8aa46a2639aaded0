/* scene.h - one scene of a job: writes its parts as raw frames, prints their list.
 *
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_SCENE_H
#define TYPESET_SCENE_H

#include "job.h"

/* 0, or -1 (message printed). Files go to the working directory. */
int scene_set(const struct job *job);

#endif
