/* graph.h - ffmpeg's arguments for the picture: preparing pictures, one clip a scene, the join.
 *
 * A clip is encoded once, as it will be delivered: H.264 without B-frames, so that clips join by
 * copying and no edit list is needed. Its transition is drawn over its own first frames from the
 * tail that the scene before left as a file.
 *
 * Invariant: no text of a user is ever part of an argument; names are ours or the host's.
 * Thread: any. Stands on gen/provider.h. Tests: tests/contract/local/render_test.sh
 */
#ifndef LOCAL_GRAPH_H
#define LOCAL_GRAPH_H

#include "lines.h"
#include "plan.h"

enum { GRAPH_MAX_PARTS = 24 };

/* One element of a scene, as gen-typeset printed it. */
struct graph_part {
    const char *file, *what; /* picture, backdrop, layer, veil, text */
    int x, y, w, h;
    int frames, at;
};

struct graph_scene {
    const struct plan *plan;
    const struct plan_scene *slot;
    size_t index;
    int focus_x, focus_y; /* the point that zooms keep in place */
    int split;            /* 1: the picture fills only a side: it must not pan */
    int rtl;              /* 1: the words read from right to left, and the scene comes in so */
    int leave;            /* frames of the texts' way out in the tail; 0 = they stay */
    struct graph_part parts[GRAPH_MAX_PARTS];
    size_t part_count;
};

/* NULL, or what is wrong with gen-typeset's list. */
const char *graph_read_parts(const struct local *local, const char *text,
                             struct graph_scene *scene);

/* Arguments; NULL when memory is short. */
const char *const *graph_pictures(const struct local *local, const struct plan *plan);
const char *const *graph_clip(const struct local *local, const struct graph_scene *scene);
const char *const *graph_join(const struct local *local, const struct plan *plan, double gain_db);

/* Names of files in the scratch directory. */
const char *graph_picture_name(const struct local *local, size_t scene);
const char *graph_clip_name(const struct local *local, size_t scene);

/* Is there any picture or logo to prepare? */
int graph_has_pictures(const struct plan *plan);
/* The constant beginning of every ffmpeg command. */
void graph_begin(struct words *words, const char *level);

#endif
