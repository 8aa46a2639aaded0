/* kling.h - what the rooms of the Kling dialect share: models and prices, inputs, the envelope. Two
 * formats live side by side (kling.md, section 2): legacy (kling_legacy.c) and new 3.x (kling_new.c).
 *
 * Thread: the connection's, world locked. Apart: sdk/simulator.
 * Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_KLING_H
#define SIM_KLING_H

#include "simulator/dialect.h"

enum kling_kind {
    KLING_TEXT = 1u << 0,
    KLING_IMAGE = 1u << 1,
    KLING_OMNI = 1u << 2,
};

enum kling_feature {
    KLING_SOUND_STD = 1u << 0, /* may have sound in mode std */
    KLING_SOUND_PRO = 1u << 1,
    KLING_ALWAYS = 1u << 2, /* always has sound */
    KLING_CFG = 1u << 3,    /* cfg_scale, masks */
    KLING_CAMERA = 1u << 4,
    KLING_TAIL = 1u << 5,  /* image_tail, last_frame */
    KLING_SHOTS = 1u << 6, /* multi_shot, voices, elements */
    KLING_NEGATIVE = 1u << 7,
    KLING_CLIP = 1u << 8, /* billed per clip of 5 or 10 s, not per second */
};

enum kling_quality { KLING_STD = 0, KLING_PRO, KLING_4K, KLING_QUALITIES };

struct kling_model { /* a table of these ends with name NULL */
    const char *name;
    uint32_t kinds, features;
    const char *durations;                                      /* legacy: the words, "5|10" */
    gen_micros silent[KLING_QUALITIES], sound[KLING_QUALITIES]; /* a second; 0 = not offered */
    int32_t fps;
    int32_t more_ms; /* clips are a little longer than asked for */
};

const struct kling_model *kling_legacy_model(const char *name, uint32_t kind);
const struct kling_model *kling_new_model(const char *name, uint32_t kind);

struct kling_wish { /* what a body asks for, in either format */
    const struct kling_model *model;
    enum kling_quality quality;
    bool sound;
    int32_t seconds;
    const char *aspect;    /* "16:9"; NULL = the picture decides */
    const char *image;     /* URL or base64; NULL = none */
    const char *reference; /* external_task_id; NULL = none */
    const char *kind;
};

/* Asks for slots, credit and a new reference, and creates the task. NULL: it has answered. */
const struct sim_task *kling_order(struct sim_call *call, const struct kling_wish *wish);

/* NULL = an https URL, or base64 (no data: in front) of a JPEG or PNG as Kling takes them. A check
 * for sim_field, too. */
const char *kling_image_wrong(struct sim_call *call, const struct gen_node *value);

/* {"code":0,"message":"SUCCEED","request_id":...,"data":data} */
void kling_answer(struct sim_call *call, struct gen_node *data);
/* The HTTP status belongs to the code. */
void kling_refuse_code(struct sim_call *call, int code, const char *message);
/* 1201 (or 1200) with the first complaint. */
void kling_refuse_form(struct sim_call *call, const struct sim_complaints *complaints);
/* The body as an object, or NULL and an answer. */
const struct gen_node *kling_body(struct sim_call *call);
/* Money as units of 0.14 USD: "1.5". */
const char *kling_units(struct gen_arena *arena, gen_micros amount);
/* "5.041" */
const char *kling_seconds(struct gen_arena *arena, int64_t ms);
/* Why it ended badly. */
const char *kling_failure(const struct sim_task *task);
/* Page of a list: pageNum from 1, pageSize. false: it has answered. */
bool kling_page(struct sim_call *call, int64_t *skip, int64_t *most);

sim_handler kling_legacy_text, kling_legacy_image, kling_legacy_omni, kling_legacy_get,
    kling_legacy_list;
sim_handler kling_new_text, kling_new_image, kling_new_omni, kling_new_get, kling_new_list;

#endif
