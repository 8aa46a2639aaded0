/* brief.h - what a user asks for: a storyboard, its brand and sound, variations and constraints.
 *
 * The keys are declared once, in tables (gen_brief_record); reading, messages, writing back and the
 * reference document come from them. It is pure: file names in a brief stay names until the client
 * has uploaded them and put asset ids in their place.
 * Invariant: a brief that gen_brief_read returned is complete and inside every limit below.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/brief_test.c
 */
#ifndef GEN_MODEL_BRIEF_H
#define GEN_MODEL_BRIEF_H

#include "base/record.h"

/* Limits, of which PRODUCT sets the length of a video (5 minutes) and the rest are sanity. */
#define GEN_BRIEF_MAX_DURATION_MS INT64_C(300000)
#define GEN_BRIEF_MIN_SCENE_MS INT64_C(200)
enum {
    GEN_BRIEF_MAX_SCENES = 100,
    GEN_BRIEF_MAX_VARIATIONS = 12,
    GEN_BRIEF_MAX_OVERLAYS = 8,
    GEN_BRIEF_MAX_ASSETS = 8, /* a scene */
    GEN_BRIEF_MAX_PROMPT = 20000,
    GEN_BRIEF_MAX_TEXT = 2000,
    GEN_BRIEF_MAX_SIDE = 4096,
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
enum gen_priority { GEN_PRIORITY_LOW = 1, GEN_PRIORITY_NORMAL, GEN_PRIORITY_HIGH };

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

struct gen_variation {
    const char *name;         /* "16x9": names files; unique in the brief */
    const char *aspect_ratio; /* "16:9" */
    const char *resolution;   /* "1920x1080"; the reader fills in what is missing */
    int32_t width, height;    /* even */
    double frame_rate;
    int32_t frame_rate_milli;
};

struct gen_brief {
    const char *title, *project, *language;
    const char *strategy;       /* NULL = the policy's default */
    struct gen_texts models;    /* override: "local/studio", tried in this order */
    struct gen_brand brand;
    struct gen_records scenes;  /* struct gen_scene, at least 1 */
    struct gen_end_card end_card;
    struct gen_sound sound;
    struct gen_records variations; /* struct gen_variation, at least 1 */
    const char *resolution;     /* default of the variations */
    double frame_rate;          /* default of the variations */
    gen_micros budget;          /* 0 = the default of the daemon */
    gen_moment deadline;        /* 0 = none */
    int priority;               /* enum gen_priority */
    struct gen_texts tags;
};

extern const struct gen_record gen_brief_record;
extern const struct gen_choice gen_priority_choices[];

/* GEN_EINVAL with line, column and key path. The brief lives in `arena`. */
GEN_MUST_CHECK enum gen_status gen_brief_read(const struct gen_node *node, struct gen_arena *arena,
                                              struct gen_brief **out, struct gen_error *err);

/* The normalised document: every default filled in. */
struct gen_node *gen_brief_write(const struct gen_brief *brief, struct gen_arena *arena);

/* Scenes and end card together. */
int64_t gen_brief_duration(const struct gen_brief *brief);
const struct gen_scene *gen_brief_scene(const struct gen_brief *brief, size_t index);
const struct gen_variation *gen_brief_variation(const struct gen_brief *brief, size_t index);
const struct gen_overlay *gen_scene_overlay(const struct gen_scene *scene, size_t index);

/* What an asset is used for; values equal those of the plugin contract. */
enum gen_asset_use {
    GEN_USE_PICTURE = 1, /* or footage: the file's content decides */
    GEN_USE_LOGO,
    GEN_USE_MUSIC,
    GEN_USE_VOICE,
};

/* Calls for every file or asset id in the brief, in document order, with its key path
 * ("scenes[0].assets[1]"); the callee may replace *name. Stops at the first status that is not
 * GEN_OK and returns it. */
typedef enum gen_status gen_brief_asset(void *context, const char *path, enum gen_asset_use use,
                                        const char **name, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_brief_each_asset(struct gen_brief *brief,
                                                    gen_brief_asset *call, void *context,
                                                    struct gen_error *err);

#endif
