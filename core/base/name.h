/* name.h - which known name did somebody mean.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/name_test.c
 */
#ifndef GEN_BASE_NAME_H
#define GEN_BASE_NAME_H

#include <stddef.h>

typedef const char *gen_name_at(const void *context, size_t index);

enum { GEN_NAME_LONGEST = 64 }; /* longer names are never near to anything */

/* Single edits (a byte added, removed, changed, or two neighbours swapped) between two names;
 * anything above GEN_NAME_LONGEST when one of them is longer than that. */
size_t gen_name_distance(const char *a, const char *b);

/* The nearest of `count` names to `wrong` (edit distance <= 2 and less than half its length), the
 * first of equals, or NULL. Names are read through `name(context, index)`; NULL ones are skipped. */
const char *gen_name_nearest(const char *wrong, gen_name_at *name, const void *context,
                             size_t count);

#endif
