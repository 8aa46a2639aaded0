/* heygen_plan.h - a video of the HeyGen dialect while it is judged, and the sources it is made of.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/heygen.jsonl
 */
#ifndef SIM_HEYGEN_PLAN_H
#define SIM_HEYGEN_PLAN_H

#include "simulator/heygen.h"

enum { HEYGEN_FOREIGN_MS = 8000 }; /* of sound or footage behind a link, which is not fetched */

/* What is known about the video while it is judged. Each step returns false once it has answered. */
struct heygen_plan {
    struct sim_call *call;
    const struct gen_node *body;
    const char *where; /* path of the part under judgement: "", "scenes[1].input." */
    int64_t length_ms; /* so far */
    gen_micros price;  /* so far */
    const char *first_frame;
    int32_t source_width, source_height; /* of the picture that comes to life; 0 = unknown */
};

/* A text of a map, NULL when it is absent or null. */
const char *heygen_text(const struct gen_node *map, const char *key);
/* Refuses with 400 about `key` of the part under judgement; false. */
bool heygen_wrong(struct heygen_plan *plan, const char *key, const char *message);
/* Judges by a table; NULL = the map's type is wrong. */
bool heygen_fits(struct heygen_plan *plan, const struct sim_field *fields,
                 const struct gen_node *map);

/* At most one source of speech; `*ms` is its length, `*count` how many there are. `preset` is the
 * voice where none is named, NULL = one must be named. */
bool heygen_speech(struct heygen_plan *plan, const struct gen_node *map, const char *preset,
                   int64_t *ms, int *count);
/* {type: url | asset_id | base64}. `major`: "image/", "video/" or "" for any. A link is not fetched. */
bool heygen_media(struct heygen_plan *plan, const struct gen_node *media, const char *major);
/* The map's `background`, where it has one. */
bool heygen_backed(struct heygen_plan *plan, const struct gen_node *map);

#endif
