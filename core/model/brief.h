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

#include "model/storyboard.h"
#include "model/variation.h"

/* Limits of a whole brief; those of its parts stand with them. */
enum {
    GEN_BRIEF_MAX_SCENES = 100,
    GEN_BRIEF_MAX_VARIATIONS = 12,
};

enum gen_priority { GEN_PRIORITY_LOW = 1, GEN_PRIORITY_NORMAL, GEN_PRIORITY_HIGH };

struct gen_brief {
    const char *title, *project, *team, *language;
    const char *strategy;     /* of routing.yaml; NULL = the policies choose */
    struct gen_texts deliver; /* delivery specs of the policies: "tiktok" */
    struct gen_texts models;  /* override: "local/studio", tried in this order */
    struct gen_brand brand;
    struct gen_records scenes; /* struct gen_scene, at least 1 */
    struct gen_end_card end_card;
    struct gen_sound sound;
    struct gen_records variations; /* struct gen_variation, at least 1 */
    const char *resolution;        /* default of the variations */
    double frame_rate;             /* default of the variations */
    gen_micros budget;             /* 0 = the default of the daemon */
    gen_moment deadline;           /* 0 = none */
    int priority;                  /* enum gen_priority */
    struct gen_texts tags;
    int reuse; /* enum gen_reuse: may finished clips of earlier jobs be used again? */
};

enum gen_reuse {
    GEN_REUSE_POLICY = 1, /* as routing.yaml says */
    GEN_REUSE_ALWAYS,
    GEN_REUSE_NEVER, /* always fresh */
};

extern const struct gen_record gen_brief_record;
extern const struct gen_choice gen_priority_choices[], gen_reuse_choices[];

/* GEN_EINVAL with line, column and key path. The brief lives in `arena`. */
GEN_MUST_CHECK enum gen_status gen_brief_read(const struct gen_node *node, struct gen_arena *arena,
                                              struct gen_brief **out, struct gen_error *err);

/* The normalised document: every default filled in. */
struct gen_node *gen_brief_write(const struct gen_brief *brief, struct gen_arena *arena);

/* Scenes and end card together. */
int64_t gen_brief_duration(const struct gen_brief *brief);
const struct gen_scene *gen_brief_scene(const struct gen_brief *brief, size_t index);
const struct gen_variation *gen_brief_variation(const struct gen_brief *brief, size_t index);

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
GEN_MUST_CHECK enum gen_status gen_brief_each_asset(struct gen_brief *brief, gen_brief_asset *call,
                                                    void *context, struct gen_error *err);

#endif
