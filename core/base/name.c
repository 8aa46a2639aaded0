/* name.c - see name.h. */
#include "base/name.h"

#include <string.h>

enum { NAME_FARTHEST = 2 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows of the distance table are enough. */
size_t gen_name_distance(const char *a, const char *b)
{
    size_t rows[3][GEN_NAME_LONGEST + 1];
    size_t height = strnlen(a, GEN_NAME_LONGEST + 1);
    size_t width = strnlen(b, GEN_NAME_LONGEST + 1);

    if (height > GEN_NAME_LONGEST || width > GEN_NAME_LONGEST) {
        return GEN_NAME_LONGEST + 1;
    }
    for (size_t j = 0; j <= width; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= height; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *higher = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            row[j] = smaller(above[j] + 1, row[j - 1] + 1);
            row[j] = smaller(row[j], above[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smaller(row[j], higher[j - 2] + 1);
            }
        }
    }
    return rows[height % 3][width];
}

const char *gen_name_nearest(const char *wrong, gen_name_at *name, const void *context,
                             size_t count)
{
    const char *nearest = NULL;
    size_t least = NAME_FARTHEST + 1;

    for (size_t i = 0; i < count; i++) {
        const char *known = name(context, i);
        size_t distance = known != NULL ? gen_name_distance(wrong, known) : least;

        if (distance < least && distance * 2 < strlen(wrong)) {
            least = distance;
            nearest = known;
        }
    }
    return nearest;
}
