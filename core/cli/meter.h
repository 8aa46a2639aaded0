/* meter.h - a share as a bar of characters.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/report_writing_test.c
 */
#ifndef GEN_CLI_METER_H
#define GEN_CLI_METER_H

#include "base/arena.h"

#include <stdbool.h>

/* Does the user's locale say UTF-8? The first variable that is set decides, as in setlocale. */
bool gen_meter_unicode(void);

/* A bar of at most `width` columns for a share of 1: what is above 1 is full, what is below 0 or no number
 * is empty, and anything above 0 shows. `track`: the rest is drawn, too. NULL: no memory. */
const char *gen_meter_draw(double share, size_t width, bool track, bool unicode,
                           struct gen_arena *arena);

#endif
