/* loading.h - a job out of the store, as the engine runs it: with its assets, not under way yet.
 *
 * It starts nothing and judges nothing: the machine resumes it (engine/machine.h).
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_LOADING_H
#define GEN_ENGINE_LOADING_H

#include "engine/open_job.h"

/* `out` is the caller's to list or close. A job that is over is GEN_ENOTFOUND unless `over` wants it, too.
 * GEN_ENOTFOUND, GEN_ECORRUPT, GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_loading_read(struct gen_open_owner *owner, const char *id,
                                                bool over, struct gen_open_job **out,
                                                struct gen_error *err);

#endif
