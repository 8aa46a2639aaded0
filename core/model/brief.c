/* brief.c - see brief.h. The tables first, then the checks that need more than one field. */
#include "model/brief.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

const struct gen_choice gen_priority_choices[] = {
    {"low", GEN_PRIORITY_LOW, "when nothing else waits"},
    {"normal", GEN_PRIORITY_NORMAL, "in turn"},
    {"high", GEN_PRIORITY_HIGH, "before the others"},
    {NULL, 0, NULL}};

static const struct gen_choice overlay_choices[] = {
    {"headline", GEN_OVERLAY_IS_HEADLINE, "the big words"},
    {"body", GEN_OVERLAY_IS_BODY, "a supporting sentence"},
    {"badge", GEN_OVERLAY_IS_BADGE, "short and loud: a price, a discount"},
    {"action", GEN_OVERLAY_IS_ACTION, "what to do now, as a button"},
    {"legal", GEN_OVERLAY_IS_LEGAL, "small print"},
    {NULL, 0, NULL}};

static const struct gen_choice transition_choices[] = {
    {"cut", GEN_TRANSITION_IS_CUT, "at once"},
    {"fade", GEN_TRANSITION_IS_FADE, "cross-fade"},
    {"slide", GEN_TRANSITION_IS_SLIDE, "pushes the last scene out"},
    {"wipe", GEN_TRANSITION_IS_WIPE, "a moving edge"},
    {NULL, 0, NULL}};

static const struct gen_choice motion_choices[] = {
    {"auto", GEN_MOTION_IS_AUTO, "the renderer varies it from scene to scene"},
    {"zoom-in", GEN_MOTION_IS_ZOOM_IN, "slowly closer"},
    {"zoom-out", GEN_MOTION_IS_ZOOM_OUT, "slowly away"},
    {"pan-left", GEN_MOTION_IS_PAN_LEFT, "slowly to the left"},
    {"pan-right", GEN_MOTION_IS_PAN_RIGHT, "slowly to the right"},
    {"still", GEN_MOTION_IS_STILL, "no movement"},
    {NULL, 0, NULL}};

static const struct gen_field overlay_fields[] = {
    {.key = "text", .type = GEN_FIELD_TEXT, .flags = GEN_FIELD_REQUIRED, FIELD(gen_overlay, text),
     .min = 1, .max = GEN_BRIEF_MAX_TEXT, .help = "The words, in any script."},
    {.key = "role", .type = GEN_FIELD_CHOICE, FIELD(gen_overlay, role), .preset = "headline",
     .choices = overlay_choices, .help = "What the words are for; it decides size and place."},
    {.key = NULL}};

static const struct gen_record overlay_record = {
    .name = "overlay", .size = sizeof(struct gen_overlay), .fields = overlay_fields,
    .short_key = "text", .help = "Words on the picture."};

static enum gen_status scene_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err);

static const struct gen_field scene_fields[] = {
    {.key = "id", .type = GEN_FIELD_TEXT, FIELD(gen_scene, id), .min = 1, .max = 64,
     .help = "A name of the scene, unique in the brief; scene_1, scene_2, ... by default."},
    {.key = "prompt", .type = GEN_FIELD_TEXT, FIELD(gen_scene, prompt), .max = GEN_BRIEF_MAX_PROMPT,
     .help = "What is to be seen."},
    {.key = "negativePrompt", .type = GEN_FIELD_TEXT, FIELD(gen_scene, negative_prompt),
     .max = GEN_BRIEF_MAX_PROMPT, .help = "What is not to be seen."},
    {.key = "duration", .type = GEN_FIELD_SECONDS, .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_scene, duration_ms), .min = GEN_BRIEF_MIN_SCENE_MS, .max = GEN_BRIEF_MAX_DURATION_MS,
     .help = "Length of the scene."},
    {.key = "style", .type = GEN_FIELD_TEXT, FIELD(gen_scene, style), .max = GEN_BRIEF_MAX_TEXT,
     .help = "Look of the scene, in free words."},
    {.key = "overlay", .type = GEN_FIELD_TEXT, FIELD(gen_scene, overlay), .max = GEN_BRIEF_MAX_TEXT,
     .help = "Short for one headline in `overlays`."},
    {.key = "overlays", .type = GEN_FIELD_RECORDS, FIELD(gen_scene, overlays),
     .max = GEN_BRIEF_MAX_OVERLAYS, .record = &overlay_record, .help = "Words on the picture."},
    {.key = "dialogue", .type = GEN_FIELD_TEXT, FIELD(gen_scene, dialogue),
     .max = GEN_BRIEF_MAX_TEXT, .help = "Words that are spoken."},
    {.key = "language", .type = GEN_FIELD_TEXT, FIELD(gen_scene, language), .min = 2, .max = 35,
     .help = "Language of dialogue and overlays (BCP 47: en, pt-BR); the brief's by default."},
    {.key = "presenter", .type = GEN_FIELD_BOOL, FIELD(gen_scene, presenter),
     .help = "A person on screen speaks the dialogue."},
    {.key = "voice", .type = GEN_FIELD_TEXT, FIELD(gen_scene, voice), .max = 1024,
     .help = "A recorded voice for this scene: a file, or an asset id."},
    {.key = "assets", .type = GEN_FIELD_TEXTS, FIELD(gen_scene, assets), .max = GEN_BRIEF_MAX_ASSETS,
     .help = "Pictures and footage shown in the scene: files beside the brief, or asset ids."},
    {.key = "transition", .type = GEN_FIELD_CHOICE, FIELD(gen_scene, transition), .preset = "fade",
     .choices = transition_choices, .help = "How the scene comes in."},
    {.key = "motion", .type = GEN_FIELD_CHOICE, FIELD(gen_scene, motion), .preset = "auto",
     .choices = motion_choices, .help = "How its picture moves."},
    {.key = NULL}};

static const struct gen_record scene_record = {
    .name = "scene", .size = sizeof(struct gen_scene), .fields = scene_fields,
    .check = scene_check, .help = "One scene of the storyboard."};

static enum gen_status brand_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err);

static const struct gen_field brand_fields[] = {
    {.key = "name", .type = GEN_FIELD_TEXT, FIELD(gen_brand, name), .max = 200,
     .help = "Name of the brand."},
    {.key = "logo", .type = GEN_FIELD_TEXT, FIELD(gen_brand, logo), .max = 1024,
     .help = "Logo picture: a file, or an asset id. PNG with transparency looks best."},
    {.key = "font", .type = GEN_FIELD_TEXT, FIELD(gen_brand, font), .max = 100,
     .help = "Font family for overlays, if it is installed."},
    {.key = "primary", .type = GEN_FIELD_TEXT, FIELD(gen_brand, primary), .max = 7,
     .help = "Main colour, #rrggbb."},
    {.key = "accent", .type = GEN_FIELD_TEXT, FIELD(gen_brand, accent), .max = 7,
     .help = "Colour of badges and buttons, #rrggbb."},
    {.key = "background", .type = GEN_FIELD_TEXT, FIELD(gen_brand, background), .max = 7,
     .help = "Colour behind pictures that do not fill the frame, #rrggbb."},
    {.key = "text", .type = GEN_FIELD_TEXT, FIELD(gen_brand, text), .max = 7,
     .help = "Colour of words, #rrggbb; chosen for contrast by default."},
    {.key = NULL}};

static const struct gen_record brand_record = {
    .name = "brand", .size = sizeof(struct gen_brand), .fields = brand_fields,
    .check = brand_check, .help = "What makes it look like you."};

static const struct gen_field end_card_fields[] = {
    {.key = "headline", .type = GEN_FIELD_TEXT, FIELD(gen_end_card, headline),
     .max = GEN_BRIEF_MAX_TEXT, .help = "The last big words."},
    {.key = "body", .type = GEN_FIELD_TEXT, FIELD(gen_end_card, body), .max = GEN_BRIEF_MAX_TEXT,
     .help = "A line below, such as an address."},
    {.key = "action", .type = GEN_FIELD_TEXT, FIELD(gen_end_card, action),
     .max = GEN_BRIEF_MAX_TEXT, .help = "The button: what to do now."},
    {.key = "legal", .type = GEN_FIELD_TEXT, FIELD(gen_end_card, legal), .max = GEN_BRIEF_MAX_TEXT,
     .help = "Small print."},
    {.key = "duration", .type = GEN_FIELD_SECONDS, FIELD(gen_end_card, duration_ms),
     .min = GEN_BRIEF_MIN_SCENE_MS, .max = 30000, .preset = "3", .help = "Length of the card."},
    {.key = NULL}};

static const struct gen_record end_card_record = {
    .name = "endCard", .size = sizeof(struct gen_end_card), .fields = end_card_fields,
    .help = "The closing card with the logo; leave the key out for none."};

static const struct gen_field sound_fields[] = {
    {.key = "music", .type = GEN_FIELD_TEXT, FIELD(gen_sound, music), .max = 1024,
     .help = "Music bed: a file, or an asset id."},
    {.key = "mood", .type = GEN_FIELD_TEXT, FIELD(gen_sound, mood), .max = 40,
     .help = "Mood of a bed that is made where no music is supplied: upbeat, calm, bold, warm."},
    {.key = "voice", .type = GEN_FIELD_TEXT, FIELD(gen_sound, voice), .max = 100,
     .help = "Voice for dialogue, by the name the renderer gives it."},
    {.key = NULL}};

static const struct gen_record sound_record = {
    .name = "sound", .size = sizeof(struct gen_sound), .fields = sound_fields,
    .help = "What is heard."};

static enum gen_status variation_check(void *object, const struct gen_node *node,
                                       struct gen_arena *arena, struct gen_error *err);

static const struct gen_field variation_fields[] = {
    {.key = "aspectRatio", .type = GEN_FIELD_TEXT, FIELD(gen_variation, aspect_ratio), .max = 11,
     .help = "Shape, as width:height (16:9, 9:16, 1:1, 4:5); from the resolution by default."},
    {.key = "resolution", .type = GEN_FIELD_TEXT, FIELD(gen_variation, resolution), .max = 11,
     .help = "Pixels, as widthxheight; 1080 on the short side by default."},
    {.key = "frameRate", .type = GEN_FIELD_REAL, FIELD(gen_variation, frame_rate), .min = 1,
     .max = 120, .help = "Frames a second; the brief's by default."},
    {.key = "name", .type = GEN_FIELD_TEXT, FIELD(gen_variation, name), .min = 1, .max = 40,
     .help = "Names the files; the shape by default (16x9)."},
    {.key = NULL}};

static const struct gen_record variation_record = {
    .name = "variation", .size = sizeof(struct gen_variation), .fields = variation_fields,
    .short_key = "aspectRatio", .check = variation_check, .help = "One video to be made."};

static const struct gen_field brief_fields[] = {
    {.key = "title", .type = GEN_FIELD_TEXT, FIELD(gen_brief, title), .max = 200,
     .help = "Name of the ad."},
    {.key = "project", .type = GEN_FIELD_TEXT, FIELD(gen_brief, project), .max = 100,
     .help = "Project it belongs to."},
    {.key = "language", .type = GEN_FIELD_TEXT, FIELD(gen_brief, language), .min = 2, .max = 35,
     .help = "Language of dialogue and overlays (BCP 47)."},
    {.key = "brand", .type = GEN_FIELD_RECORD, FIELD(gen_brief, brand), .record = &brand_record,
     .help = "What makes it look like you."},
    {.key = "scenes", .type = GEN_FIELD_RECORDS, .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_brief, scenes), .min = 1, .max = GEN_BRIEF_MAX_SCENES, .record = &scene_record,
     .help = "The storyboard."},
    {.key = "endCard", .type = GEN_FIELD_RECORD, FIELD(gen_brief, end_card),
     .record = &end_card_record, .help = "The closing card."},
    {.key = "sound", .type = GEN_FIELD_RECORD, FIELD(gen_brief, sound), .record = &sound_record,
     .help = "What is heard."},
    {.key = "variations", .type = GEN_FIELD_RECORDS, FIELD(gen_brief, variations),
     .max = GEN_BRIEF_MAX_VARIATIONS, .record = &variation_record,
     .help = "The videos to be made; one in 16:9 by default."},
    {.key = "resolution", .type = GEN_FIELD_TEXT, FIELD(gen_brief, resolution), .max = 11,
     .help = "Pixels of the only variation, where `variations` is left out."},
    {.key = "frameRate", .type = GEN_FIELD_REAL, FIELD(gen_brief, frame_rate), .min = 1, .max = 120,
     .preset = "30", .help = "Frames a second."},
    {.key = "strategy", .type = GEN_FIELD_TEXT, FIELD(gen_brief, strategy), .max = 60,
     .help = "How models are chosen; `cheapest` by default."},
    {.key = "models", .type = GEN_FIELD_TEXTS, FIELD(gen_brief, models), .max = 16,
     .help = "Models to use instead of the router's choice, as provider/model, in this order."},
    {.key = "budget", .type = GEN_FIELD_MONEY, FIELD(gen_brief, budget), .min = 1,
     .max = INT64_C(1000000) * GEN_MICROS_PER_DOLLAR, .help = "Most that the job may cost."},
    {.key = "deadline", .type = GEN_FIELD_MOMENT, FIELD(gen_brief, deadline),
     .help = "When it is needed (RFC 3339)."},
    {.key = "priority", .type = GEN_FIELD_CHOICE, FIELD(gen_brief, priority), .preset = "normal",
     .choices = gen_priority_choices, .help = "Who goes first."},
    {.key = "tags", .type = GEN_FIELD_TEXTS, FIELD(gen_brief, tags), .max = 32,
     .help = "Words to find and bill it by."},
    {.key = NULL}};

const struct gen_record gen_brief_record = {
    .name = "brief", .size = sizeof(struct gen_brief), .fields = brief_fields,
    .help = "A request for one ad in one or more variations."};

/* An error at the value of `key` in `node`, with the key as its path. */
static enum gen_status brief_wrong(const struct gen_node *node, const char *key,
                                   struct gen_error *err, const char *message)
{
    const struct gen_node *value = gen_node_get(node, key);
    const struct gen_node *place = value == NULL ? node : value;

    gen_error_set(err, GEN_EINVAL, "%s", message);
    gen_error_place(err, NULL, place->line, place->column, key);
    return GEN_EINVAL;
}

static enum gen_status scene_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    struct gen_scene *scene = object;
    struct gen_overlay *overlays;

    if (scene->overlay == NULL || scene->overlay[0] == '\0') {
        scene->overlay = NULL;
        return GEN_OK;
    }
    if (scene->overlays.count == GEN_BRIEF_MAX_OVERLAYS) {
        return brief_wrong(node, "overlay", err, "there are too many overlays with this one");
    }
    overlays = gen_arena_array(arena, scene->overlays.count + 1, sizeof(*overlays));
    if (overlays == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    overlays[0] = (struct gen_overlay){GEN_OVERLAY_IS_HEADLINE, scene->overlay};
    for (size_t i = 0; i < scene->overlays.count; i++) {
        overlays[i + 1] = *gen_scene_overlay(scene, i);
    }
    scene->overlays = (struct gen_records){overlays, scene->overlays.count + 1};
    scene->overlay = NULL;
    return GEN_OK;
}

static bool brief_is_colour(const char *text)
{
    return text == NULL || (text[0] == '#' && strlen(text) == 7 &&
                            strspn(text + 1, "0123456789abcdefABCDEF") == 6);
}

static enum gen_status brand_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_brand *brand = object;
    const struct {
        const char *key, *value;
    } colours[] = {{"primary", brand->primary},
                   {"accent", brand->accent},
                   {"background", brand->background},
                   {"text", brand->text}};

    (void)arena;
    for (size_t i = 0; i < GEN_COUNT(colours); i++) {
        if (!brief_is_colour(colours[i].value)) {
            return brief_wrong(node, colours[i].key, err,
                               "is not a colour; write it as \"#rrggbb\" (in quotes: # starts a "
                               "comment in YAML)");
        }
    }
    return GEN_OK;
}

/* Two positive numbers up to `most` around `separator`, nothing else. */
static bool brief_pair(const char *text, char separator, long most, long *first, long *second)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    *first = strtol(text, &end, 10);
    if (*end != separator || end[1] < '0' || end[1] > '9') {
        return false;
    }
    *second = strtol(end + 1, &end, 10);
    return *end == '\0' && *first > 0 && *second > 0 && *first <= most && *second <= most;
}

static long brief_divisor(long a, long b)
{
    while (b != 0) {
        long rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* The short side gets 1080 pixels, the long side follows the shape, both even. */
static void variation_default_size(long ratio_width, long ratio_height, long *width, long *height)
{
    if (ratio_width >= ratio_height) {
        *height = 1080;
        *width = (1080 * ratio_width / ratio_height) & ~1L;
    } else {
        *width = 1080;
        *height = (1080 * ratio_height / ratio_width) & ~1L;
    }
}

static enum gen_status variation_size(struct gen_variation *variation, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    long ratio_width = 16, ratio_height = 9, width = 0, height = 0;

    if (variation->aspect_ratio != NULL &&
        !brief_pair(variation->aspect_ratio, ':', 100, &ratio_width, &ratio_height)) {
        return brief_wrong(node, "aspectRatio", err,
                           "is not a shape; write it as width:height, such as \"16:9\"");
    }
    if (variation->resolution == NULL) {
        variation_default_size(ratio_width, ratio_height, &width, &height);
        variation->resolution = gen_arena_printf(arena, "%ldx%ld", width, height);
    } else if (!brief_pair(variation->resolution, 'x', 99999, &width, &height)) {
        return brief_wrong(node, "resolution", err,
                           "is not a size; write it as widthxheight, such as 1920x1080");
    }
    if (width > GEN_BRIEF_MAX_SIDE || height > GEN_BRIEF_MAX_SIDE || width < 64 || height < 64) {
        return brief_wrong(node, "resolution", err, "each side must have 64 to 4096 pixels");
    }
    if (width % 2 != 0 || height % 2 != 0) {
        return brief_wrong(node, "resolution", err,
                           "both sides must be even numbers (4:2:0 video has no half pixels)");
    }
    if (variation->aspect_ratio == NULL) {
        long divisor = brief_divisor(width, height);

        variation->aspect_ratio =
            gen_arena_printf(arena, "%ld:%ld", width / divisor, height / divisor);
    } else if (labs(width * ratio_height - height * ratio_width) > 2 * (ratio_width + ratio_height)) {
        return brief_wrong(node, "resolution", err, "does not have the shape of `aspectRatio`");
    }
    variation->width = (int32_t)width;
    variation->height = (int32_t)height;
    return GEN_OK;
}

static enum gen_status variation_check(void *object, const struct gen_node *node,
                                       struct gen_arena *arena, struct gen_error *err)
{
    struct gen_variation *variation = object;
    enum gen_status status = variation_size(variation, node, arena, err);

    if (status != GEN_OK) {
        return status;
    }
    if (variation->name == NULL && variation->aspect_ratio != NULL) {
        char *name = gen_arena_strdup(arena, variation->aspect_ratio);

        if (name != NULL) {
            *strchr(name, ':') = 'x';
            variation->name = name;
        }
    } else if (variation->name != NULL &&
               strspn(variation->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_.") != strlen(variation->name)) {
        return brief_wrong(node, "name", err, "may hold letters, digits, '-', '_' and '.' only");
    } else if (variation->name != NULL && variation->name[0] == '.') {
        return brief_wrong(node, "name", err, "must not begin with a dot: it names files");
    }
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

const struct gen_scene *gen_brief_scene(const struct gen_brief *brief, size_t index)
{
    GEN_CHECK(index < brief->scenes.count);
    return (const struct gen_scene *)brief->scenes.items + index;
}

const struct gen_variation *gen_brief_variation(const struct gen_brief *brief, size_t index)
{
    GEN_CHECK(index < brief->variations.count);
    return (const struct gen_variation *)brief->variations.items + index;
}

const struct gen_overlay *gen_scene_overlay(const struct gen_scene *scene, size_t index)
{
    GEN_CHECK(index < scene->overlays.count);
    return (const struct gen_overlay *)scene->overlays.items + index;
}

int64_t gen_brief_duration(const struct gen_brief *brief)
{
    int64_t total = brief->end_card.duration_ms;

    for (size_t i = 0; i < brief->scenes.count; i++) {
        total += gen_brief_scene(brief, i)->duration_ms;
    }
    return total;
}

/* Defaults that one scene takes from its place, and ids that name exactly one scene. */
static enum gen_status brief_finish_scenes(struct gen_brief *brief, const struct gen_node *node,
                                           struct gen_arena *arena, struct gen_error *err)
{
    struct gen_scene *scenes = brief->scenes.items;
    const struct gen_node *item = gen_node_first(gen_node_get(node, "scenes"));

    for (size_t i = 0; i < brief->scenes.count; i++, item = item->next) {
        if (scenes[i].id == NULL) {
            scenes[i].id = gen_arena_printf(arena, "scene_%zu", i + 1);
        }
        if (scenes[i].language == NULL) {
            scenes[i].language = brief->language;
        }
        for (size_t k = 0; scenes[i].id != NULL && k < i; k++) {
            if (strcmp(scenes[k].id, scenes[i].id) == 0) {
                gen_error_set(err, GEN_EINVAL, "\"%s\" names scene %zu already", scenes[i].id,
                              k + 1);
                gen_error_place(err, NULL, item->line, item->column, NULL);
                snprintf(err->path, sizeof(err->path), "scenes[%zu].id", i);
                return GEN_EINVAL;
            }
        }
    }
    return GEN_OK;
}

/* One variation where the user gave none. */
static enum gen_status brief_default_variation(struct gen_brief *brief,
                                               const struct gen_node *node,
                                               struct gen_arena *arena, struct gen_error *err)
{
    struct gen_variation *only = gen_arena_alloc(arena, sizeof(*only));

    if (only == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    only->resolution = brief->resolution;
    brief->variations = (struct gen_records){only, 1};
    return variation_check(only, node, arena, err);
}

static enum gen_status brief_finish_variations(struct gen_brief *brief,
                                               const struct gen_node *node,
                                               struct gen_arena *arena, struct gen_error *err)
{
    struct gen_variation *all;

    if (brief->variations.count == 0) {
        enum gen_status status = brief_default_variation(brief, node, arena, err);

        if (status != GEN_OK) {
            return status;
        }
    } else if (brief->resolution != NULL) {
        return brief_wrong(node, "resolution", err,
                           "belongs into each of `variations` where there are any");
    }
    all = brief->variations.items;
    for (size_t i = 0; i < brief->variations.count; i++) {
        if (all[i].frame_rate <= 0) {
            all[i].frame_rate = brief->frame_rate;
        }
        all[i].frame_rate_milli = (int32_t)(all[i].frame_rate * 1000 + 0.5);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].name, all[i].name) == 0) {
                gen_error_set(err, GEN_EINVAL,
                              "two variations are called \"%s\"; give one a `name`", all[i].name);
                snprintf(err->path, sizeof(err->path), "variations[%zu]", i);
                return GEN_EINVAL;
            }
        }
    }
    return GEN_OK;
}

static enum gen_status brief_check_duration(const struct gen_brief *brief,
                                            const struct gen_node *node, struct gen_error *err)
{
    int64_t total = gen_brief_duration(brief);
    char message[160];

    if (total <= GEN_BRIEF_MAX_DURATION_MS) {
        return GEN_OK;
    }
    snprintf(message, sizeof(message),
             "the video would last %lld.%03lld s with its end card; at most %lld s are possible",
             (long long)(total / 1000), (long long)(total % 1000),
             (long long)(GEN_BRIEF_MAX_DURATION_MS / 1000));
    return brief_wrong(node, "scenes", err, message);
}

/* Tags and models are short words; an empty scene would show nothing at all. */
static enum gen_status brief_check_words(const struct gen_brief *brief,
                                         const struct gen_node *node, struct gen_error *err)
{
    for (size_t i = 0; i < brief->tags.count; i++) {
        size_t size = strlen(brief->tags.items[i]);

        if (size == 0 || gen_utf8_count(brief->tags.items[i], size) > 100) {
            return brief_wrong(node, "tags", err, "each tag must have 1 to 100 characters");
        }
    }
    for (size_t i = 0; i < brief->models.count; i++) {
        const char *slash = strchr(brief->models.items[i], '/');

        if (slash == NULL || slash == brief->models.items[i] || slash[1] == '\0') {
            return brief_wrong(node, "models", err,
                               "each model is written as provider/model, such as local/studio");
        }
    }
    for (size_t i = 0; i < brief->scenes.count; i++) {
        const struct gen_scene *scene = gen_brief_scene(brief, i);

        if ((scene->prompt == NULL || scene->prompt[0] == '\0') && scene->overlays.count == 0 &&
            scene->assets.count == 0 && scene->dialogue == NULL) {
            const struct gen_node *item = gen_node_at(gen_node_get(node, "scenes"), i);

            gen_error_set(err, GEN_EINVAL, "has nothing to show: give it a prompt, an overlay, "
                                           "dialogue or an asset");
            gen_error_place(err, NULL, item->line, item->column, NULL);
            snprintf(err->path, sizeof(err->path), "scenes[%zu]", i);
            return GEN_EINVAL;
        }
    }
    return GEN_OK;
}

enum gen_status gen_brief_read(const struct gen_node *node, struct gen_arena *arena,
                               struct gen_brief **out, struct gen_error *err)
{
    struct gen_brief *brief = gen_arena_alloc(arena, sizeof(*brief));
    enum gen_status status;

    if (brief == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_record_bind(&gen_brief_record, node, "", arena, brief, err);
    if (status != GEN_OK) {
        return status;
    }
    if (gen_node_get(node, "endCard") == NULL) {
        memset(&brief->end_card, 0, sizeof(brief->end_card));
    }
    if ((status = brief_finish_scenes(brief, node, arena, err)) != GEN_OK ||
        (status = brief_finish_variations(brief, node, arena, err)) != GEN_OK ||
        (status = brief_check_duration(brief, node, err)) != GEN_OK ||
        (status = brief_check_words(brief, node, err)) != GEN_OK) {
        return status;
    }
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = brief;
    return GEN_OK;
}

struct gen_node *gen_brief_write(const struct gen_brief *brief, struct gen_arena *arena)
{
    struct gen_brief copy = *brief;
    struct gen_node *whole, *map;

    copy.resolution = NULL; /* stands in the variations now */
    if (brief->end_card.duration_ms > 0) {
        return gen_record_write(&gen_brief_record, &copy, arena);
    }
    whole = gen_record_write(&gen_brief_record, &copy, arena);
    map = gen_node_map(arena);
    for (const struct gen_node *item = gen_node_first(whole); item != NULL; item = item->next) {
        if (strcmp(item->key, "endCard") != 0) {
            gen_node_set(arena, map, item->key, gen_node_copy(arena, item));
        }
    }
    return map;
}

static enum gen_status brief_one_asset(gen_brief_asset *call, void *context, const char *path,
                                       enum gen_asset_use use, const char **name,
                                       struct gen_error *err)
{
    return *name == NULL ? GEN_OK : call(context, path, use, name, err);
}

static enum gen_status brief_scene_assets(struct gen_scene *scene, size_t index,
                                          gen_brief_asset *call, void *context,
                                          struct gen_error *err)
{
    char path[GEN_ERROR_PATH_SIZE];
    enum gen_status status = GEN_OK;

    for (size_t k = 0; k < scene->assets.count && status == GEN_OK; k++) {
        snprintf(path, sizeof(path), "scenes[%zu].assets[%zu]", index, k);
        status = brief_one_asset(call, context, path, GEN_USE_PICTURE, &scene->assets.items[k], err);
    }
    snprintf(path, sizeof(path), "scenes[%zu].voice", index);
    return status != GEN_OK
               ? status
               : brief_one_asset(call, context, path, GEN_USE_VOICE, &scene->voice, err);
}

enum gen_status gen_brief_each_asset(struct gen_brief *brief, gen_brief_asset *call, void *context,
                                     struct gen_error *err)
{
    struct gen_scene *scenes = brief->scenes.items;
    enum gen_status status =
        brief_one_asset(call, context, "brand.logo", GEN_USE_LOGO, &brief->brand.logo, err);

    for (size_t i = 0; i < brief->scenes.count && status == GEN_OK; i++) {
        status = brief_scene_assets(&scenes[i], i, call, context, err);
    }
    return status != GEN_OK ? status
                            : brief_one_asset(call, context, "sound.music", GEN_USE_MUSIC,
                                              &brief->sound.music, err);
}
