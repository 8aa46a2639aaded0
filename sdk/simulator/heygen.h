/* heygen.h - what the rooms of the HeyGen dialect tell each other.
 *
 * heygen.c holds the routes, errors and what is told about videos; heygen_videos.c judges what is
 * submitted; heygen_assets.c takes uploads; heygen_catalog.c knows looks and voices.
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/heygen.jsonl
 */
#ifndef SIM_HEYGEN_H
#define SIM_HEYGEN_H

#include "simulator/dialect.h"

enum {
    HEYGEN_TWIN = 1, /* kinds of looks: they decide price and what an engine can do */
    HEYGEN_STUDIO,
    HEYGEN_PHOTO,
};

struct heygen_look {
    const char *id, *name;
    int kind;
    const char *engines; /* "avatar_iv|avatar_v" */
    const char *voice;   /* NULL = it has no voice of its own */
    bool matting, ready;
};

struct heygen_voice {
    const char *id, *name, *language, *gender;
};

/* NULL when there is no such one. */
const struct heygen_look *heygen_look(const char *id);
const struct heygen_voice *heygen_voice(const char *id);

/* Answers with the request id that every answer carries. */
void heygen_answer(struct sim_call *call, const struct gen_node *node);
/* {"data": data} */
void heygen_data(struct sim_call *call, struct gen_node *data);
/* One page: {"data": items, "has_more", "next_token"}; token 0 = it was the last. */
void heygen_page(struct sim_call *call, struct gen_node *items, int64_t token);
/* `limit` of the query between 1 and `most`; false: refused. `*after` is the token's number. */
bool heygen_paging(struct sim_call *call, int64_t preset, int64_t most, int64_t *limit,
                   int64_t *after);
/* Adds a key whose value may be NULL: null. */
void heygen_set(struct sim_call *call, struct gen_node *map, const char *key, const char *text);

void heygen_refuse(struct sim_call *call, int status, const char *code, const char *message);
/* 400 invalid_parameter about one of the body's fields. */
void heygen_invalid(struct sim_call *call, const char *param, const char *message);
/* The first of the complaints; true when there was one. */
bool heygen_complained(struct sim_call *call, const struct sim_complaints *complaints);

/* An asset whose bytes are there and complete; NULL after 404. */
const struct sim_asset *heygen_asset_ready(struct sim_call *call, const char *id);

void heygen_video_create(struct sim_call *call);
void heygen_asset_create(struct sim_call *call);
void heygen_upload_create(struct sim_call *call);
void heygen_upload_complete(struct sim_call *call);
void heygen_asset_get(struct sim_call *call);
void heygen_asset_delete(struct sim_call *call);
void heygen_avatars(struct sim_call *call);
void heygen_looks(struct sim_call *call);
void heygen_voices(struct sim_call *call);

#endif
