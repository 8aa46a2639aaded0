/* meter.c - see meter.h. */
#include "cli/meter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { METER_BYTES = 3 }; /* of the longest of its characters */

bool gen_meter_unicode(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG", NULL};

    for (const char *const *name = names; *name != NULL; name++) {
        const char *value = getenv(*name);

        if (value != NULL && value[0] != '\0') {
            return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL ||
                   strstr(value, "utf-8") != NULL || strstr(value, "UTF8") != NULL;
        }
    }
    return false;
}

const char *gen_meter_draw(double share, size_t width, bool track, bool unicode,
                           struct gen_arena *arena)
{
    const char *full = unicode ? "\xe2\x94\x81" : "#", *rest = unicode ? "\xe2\x94\x80" : "-";
    char *out = gen_arena_alloc(arena, width * METER_BYTES + 1);
    double clipped = isnan(share) || share < 0 ? 0 : share > 1 ? 1 : share;
    size_t filled = (size_t)(clipped * (double)width + 0.5), size = 0;

    if (out == NULL) {
        return NULL;
    }
    filled = clipped > 0 && filled == 0 ? 1 : filled;
    for (size_t i = 0; i < (track ? width : filled); i++) {
        const char *piece = i < filled ? full : rest;

        memcpy(out + size, piece, strlen(piece));
        size += strlen(piece);
    }
    out[size] = '\0';
    return out;
}
