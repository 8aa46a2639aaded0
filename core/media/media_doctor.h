/* media_doctor.h - what of the confinement works on this machine: the command `gen-media doctor`.
 *
 * Thread: [any]. Floor: media. Tests: tests/media/launch_test.sh
 */
#ifndef GEN_MEDIA_MEDIA_DOCTOR_H
#define GEN_MEDIA_MEDIA_DOCTOR_H

#include "base/node.h"

/* A map in `arena`: version, landlock, seccomp, ffmpeg, libraries. NULL when memory is out. */
struct gen_node *gen_media_doctor_report(struct gen_arena *arena);

#endif
