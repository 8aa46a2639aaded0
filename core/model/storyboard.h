/* storyboard.h - the creative part of a brief: scenes with their words, the brand, the end card, the
 * sound.
 *
 * The keys are declared once, in tables; model/brief.h puts them together.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/brief_test.c
 */
#ifndef GEN_MODEL_STORYBOARD_H
#define GEN_MODEL_STORYBOARD_H

#include "base/record.h"

/* Limits, of which PRODUCT sets the length of a video (5 minutes) and the rest are sanity. */
#define GEN_BRIEF_MAX_DURATION_MS INT64_C(300000)
#define GEN_BRIEF_MIN_SCENE_MS INT64_C(200)
enum {
    GEN_BRIEF_MAX_OVERLAYS = 8, /* a scene */
    GEN_BRIEF_MAX_ASSETS = 8,   /* a scene */
    GEN_BRIEF_MAX_PROMPT = 20000,
    GEN_BRIEF_MAX_TEXT = 2000,
};

/* Values equal those of the plugin contract (sdk/include/gen/provider.h). */
enum gen_overlay_kind {
    GEN_OVERLAY_IS_HEADLINE = 1,
    GEN_OVERLAY_IS_BODY,
    GEN_OVERLAY_IS_BADGE,
    GEN_OVERLAY_IS_ACTION,
    GEN_OVERLAY_IS_LEGAL,
};
enum gen_transition_kind {
    GEN_TRANSITION_IS_CUT = 1,
    GEN_TRANSITION_IS_FADE,
    GEN_TRANSITION_IS_SLIDE,
    GEN_TRANSITION_IS_WIPE,
};
enum gen_motion_kind {
    GEN_MOTION_IS_AUTO = 1,
    GEN_MOTION_IS_ZOOM_IN,
    GEN_MOTION_IS_ZOOM_OUT,
    GEN_MOTION_IS_PAN_LEFT,
    GEN_MOTION_IS_PAN_RIGHT,
    GEN_MOTION_IS_STILL,
};
struct gen_overlay {
    int role; /* enum gen_overlay_kind */
    const char *text;
};

struct gen_scene {
    const char *id; /* unique in the brief; "scene_1" where the user gave none */
    const char *prompt, *negative_prompt, *style, *dialogue, *language;
    const char *overlay;         /* short for one headline; moved into `overlays` by the reader */
    struct gen_records overlays; /* struct gen_overlay */
    const char *voice;           /* recorded voice: file or asset id */
    struct gen_texts assets;     /* pictures and footage shown: files or asset ids */
    int64_t duration_ms;
    int transition, motion; /* enums above */
    bool presenter;
};

struct gen_brand {
    const char *name, *logo, *font;
    const char *primary, *accent, *background, *text; /* "#rrggbb" or NULL */
};

struct gen_end_card {
    const char *headline, *body, *action, *legal;
    int64_t duration_ms; /* 0 = no end card */
};

struct gen_sound {
    const char *music; /* file or asset id */
    const char *mood;  /* bed to be made where there is no music; NULL = silence */
    const char *voice; /* voice name of the renderer */
};

extern const struct gen_record gen_scene_record;
extern const struct gen_record gen_brand_record;
extern const struct gen_record gen_end_card_record;
extern const struct gen_record gen_sound_record;

/* Borrowed from the scene; `index` must be below overlays.count. */
const struct gen_overlay *gen_scene_overlay(const struct gen_scene *scene, size_t index);

/* Sets GEN_EINVAL at the place of `key` in `node` (or of `node` where it is absent), with the key as
 * path, and returns it. */
enum gen_status gen_storyboard_wrong(const struct gen_node *node, const char *key,
                                     struct gen_error *err, const char *message);

/* Is `tag` (NULL = none), the `language` of `node`, shaped like one? GEN_EINVAL at its place. */
GEN_MUST_CHECK enum gen_status gen_storyboard_language(const struct gen_node *node, const char *tag,
                                                       struct gen_error *err);

#endif
