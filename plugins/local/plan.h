/* plan.h - what is decided about a whole video before anything is drawn: frames, motions, sound.
 *
 * Pure arithmetic on the task. Every frame is counted here, so that the video lasts exactly as long
 * as its scenes and end card together: a transition lies inside the first frames of the scene that
 * comes in, and the scene that goes out is drawn that much longer (its "tail").
 *
 * Invariant: the scenes' frames add up to `frames`; each has at least one.
 * Thread: any. Stands on gen/provider.h. Tests: tests/contract/local/render_test.sh
 */
#ifndef LOCAL_PLAN_H
#define LOCAL_PLAN_H

#include <gen/provider.h>

enum {
    LOCAL_MAX_SCENES = 100,
    LOCAL_MAX_DURATION_MS = 300000,
    LOCAL_MAX_WIDTH = 3840,
    LOCAL_MAX_HEIGHT = 3840,
    LOCAL_MAX_RATE_MILLI = 60000,
};

/* What every room of the plugin works with during one call. */
struct local {
    const struct gen_host *host;
    struct gen_arena *arena;
    const struct gen_provider_task *task;
};

struct plan_scene {
    const struct gen_provider_scene *scene;  /* NULL = the end card */
    const struct gen_provider_asset *visual; /* picture or footage, NULL = none */
    const struct gen_provider_asset *voice;  /* recorded, NULL = none */
    int64_t start_ms;
    int frames;     /* in the video */
    int enter;      /* frames of the transition in, at its start */
    int tail;       /* frames drawn past its end, for the next transition */
    int transition; /* enum gen_transition */
    int motion;     /* enum gen_motion, never AUTO */
    int speaks;     /* 1: has dialogue that will be spoken or a recorded voice */
};

struct plan {
    int width, height;      /* even */
    int rate_num, rate_den; /* frames per second, exact: 30000/1001 */
    int64_t duration_ms;
    int frames;
    struct plan_scene *scenes; /* the end card is the last */
    size_t scene_count;
    const struct gen_provider_asset *logo, *music, *font; /* NULL = none */
    const char *bed;   /* mood of the bed to be made, "" = none */
    const char *voice; /* voice of espeak-ng, "" = none is spoken */
};

/* Fills *plan for the task; NULL message, or why the task cannot be rendered. */
const char *plan_make(const struct local *local, struct plan *plan);

/* Does it show footage? Its sound is heard then. */
int plan_shows_footage(const struct plan_scene *slot);
/* When a scene (by its index) ends. */
int64_t plan_end_ms(const struct plan *plan, size_t scene);

/* Names, for parameters and people. */
const char *plan_motion_name(int motion);
const char *plan_transition_name(int transition);

/* The moods that gen-typeset knows; the nearest one for any word. */
const char *plan_mood(const char *word);
/* The voice of espeak-ng for a language tag, or "" when it has none. */
const char *plan_voice(const char *language);

/* Element i of the host's arrays, whose elements may be larger than we know. */
const struct gen_provider_scene *plan_scene_at(const struct gen_provider_task *task, size_t i);
const struct gen_provider_asset *plan_asset_at(const struct gen_provider_task *task, size_t i);

#endif
