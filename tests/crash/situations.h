/* situations.h - what a run is about, its folder and its clip; and situations that are no kills: a
 * second daemon, a missing ffmpeg, a full disk. */
#ifndef CRASH_SITUATIONS_H
#define CRASH_SITUATIONS_H

#include "crash/daemon.h"

#include <stdint.h>

struct situation {
    int (*run)(const struct situation *situation); /* NULL = kills */
    uint64_t seed;
    int kills, faults;
    bool recover, keep;
};

bool situation_read(int argc, char **argv, struct situation *situation);

/* A folder, and a clip that the vendor hands out (made by ffmpeg; the caller frees it). */
char *situation_begin(const struct situation *situation, struct daemon *daemon, size_t *size);
/* Returns `wrong`, and one more for each sanitizer report in gend's log. */
int situation_end(const struct situation *situation, struct daemon *daemon, char *clip, int wrong);

#endif
