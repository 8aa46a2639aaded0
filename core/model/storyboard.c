/* storyboard.c - see storyboard.h. The tables first, then the checks that need more than one
 * field. */
#include "model/storyboard.h"

#include "model/language.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

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
    {.key = "text",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_overlay, text),
     .min = 1,
     .max = GEN_BRIEF_MAX_TEXT,
     .help = "The words, in any script."},
    {.key = "role",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_overlay, role),
     .preset = "headline",
     .choices = overlay_choices,
     .help = "What the words are for; it decides size and place."},
    {.key = NULL}};

static const struct gen_record overlay_record = {.name = "overlay",
                                                 .size = sizeof(struct gen_overlay),
                                                 .fields = overlay_fields,
                                                 .short_key = "text",
                                                 .help = "Words on the picture."};

static enum gen_status scene_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err);

static const struct gen_field scene_fields[] = {
    {.key = "id",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, id),
     .min = 1,
     .max = 64,
     .help = "A name of the scene, unique in the brief; scene_1, scene_2, ... by default."},
    {.key = "prompt",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, prompt),
     .max = GEN_BRIEF_MAX_PROMPT,
     .help = "What is to be seen."},
    {.key = "negativePrompt",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, negative_prompt),
     .max = GEN_BRIEF_MAX_PROMPT,
     .help = "What is not to be seen."},
    {.key = "duration",
     .type = GEN_FIELD_SECONDS,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_scene, duration_ms),
     .min = GEN_BRIEF_MIN_SCENE_MS,
     .max = GEN_BRIEF_MAX_DURATION_MS,
     .help = "Length of the scene."},
    {.key = "style",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, style),
     .max = GEN_BRIEF_MAX_TEXT,
     .help = "Look of the scene, in free words."},
    {.key = "overlay",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, overlay),
     .max = GEN_BRIEF_MAX_TEXT,
     .help = "Short for one headline in `overlays`."},
    {.key = "overlays",
     .type = GEN_FIELD_RECORDS,
     FIELD(gen_scene, overlays),
     .max = GEN_BRIEF_MAX_OVERLAYS,
     .record = &overlay_record,
     .help = "Words on the picture."},
    {.key = "dialogue",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, dialogue),
     .max = GEN_BRIEF_MAX_TEXT,
     .help = "Words that are spoken."},
    {.key = "language",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, language),
     .min = 2,
     .max = 35,
     .help = "Language of dialogue and overlays (BCP 47: en, pt-BR); the brief's by default."},
    {.key = "presenter",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_scene, presenter),
     .help = "A person on screen speaks the dialogue."},
    {.key = "voice",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_scene, voice),
     .max = 1024,
     .help = "A recorded voice for this scene: a file, or an asset id."},
    {.key = "assets",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_scene, assets),
     .max = GEN_BRIEF_MAX_ASSETS,
     .help = "Pictures and footage shown in the scene: files beside the brief, or asset ids."},
    {.key = "transition",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_scene, transition),
     .preset = "fade",
     .choices = transition_choices,
     .help = "How the scene comes in."},
    {.key = "motion",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_scene, motion),
     .preset = "auto",
     .choices = motion_choices,
     .help = "How its picture moves."},
    {.key = NULL}};

const struct gen_record gen_scene_record = {.name = "scene",
                                            .size = sizeof(struct gen_scene),
                                            .fields = scene_fields,
                                            .check = scene_check,
                                            .help = "One scene of the storyboard."};

static enum gen_status brand_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err);

static const struct gen_field brand_fields[] = {
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand, name),
     .max = 200,
     .help = "Name of the brand."},
    {.key = "logo",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand, logo),
     .max = 1024,
     .help = "Logo picture: a file, or an asset id. PNG with transparency looks best."},
    {.key = "font",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand, font),
     .max = 100,
     .help = "Font family for overlays, if it is installed."},
    {.key = "primary",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand, primary),
     .max = 7,
     .help = "Main colour, #rrggbb."},
    {.key = "accent",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand, accent),
     .max = 7,
     .help = "Colour of badges and buttons, #rrggbb."},
    {.key = "background",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand, background),
     .max = 7,
     .help = "Colour behind pictures that do not fill the frame, #rrggbb."},
    {.key = "text",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand, text),
     .max = 7,
     .help = "Colour of words, #rrggbb; chosen for contrast by default."},
    {.key = NULL}};

const struct gen_record gen_brand_record = {.name = "brand",
                                            .size = sizeof(struct gen_brand),
                                            .fields = brand_fields,
                                            .check = brand_check,
                                            .help = "What makes it look like you."};

static const struct gen_field end_card_fields[] = {{.key = "headline",
                                                    .type = GEN_FIELD_TEXT,
                                                    FIELD(gen_end_card, headline),
                                                    .max = GEN_BRIEF_MAX_TEXT,
                                                    .help = "The last big words."},
                                                   {.key = "body",
                                                    .type = GEN_FIELD_TEXT,
                                                    FIELD(gen_end_card, body),
                                                    .max = GEN_BRIEF_MAX_TEXT,
                                                    .help = "A line below, such as an address."},
                                                   {.key = "action",
                                                    .type = GEN_FIELD_TEXT,
                                                    FIELD(gen_end_card, action),
                                                    .max = GEN_BRIEF_MAX_TEXT,
                                                    .help = "The button: what to do now."},
                                                   {.key = "legal",
                                                    .type = GEN_FIELD_TEXT,
                                                    FIELD(gen_end_card, legal),
                                                    .max = GEN_BRIEF_MAX_TEXT,
                                                    .help = "Small print."},
                                                   {.key = "duration",
                                                    .type = GEN_FIELD_SECONDS,
                                                    FIELD(gen_end_card, duration_ms),
                                                    .min = GEN_BRIEF_MIN_SCENE_MS,
                                                    .max = 30000,
                                                    .preset = "3",
                                                    .help = "Length of the card."},
                                                   {.key = NULL}};

const struct gen_record gen_end_card_record = {
    .name = "endCard",
    .size = sizeof(struct gen_end_card),
    .fields = end_card_fields,
    .help = "The closing card with the logo; leave the key out for none."};

static const struct gen_field sound_fields[] = {
    {.key = "music",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_sound, music),
     .max = 1024,
     .help = "Music bed: a file, or an asset id."},
    {.key = "mood",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_sound, mood),
     .max = 40,
     .help = "Mood of a bed that is made where no music is supplied: upbeat, calm, bold, warm."},
    {.key = "voice",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_sound, voice),
     .max = 100,
     .help = "Voice for dialogue, by the name the renderer gives it."},
    {.key = NULL}};

const struct gen_record gen_sound_record = {.name = "sound",
                                            .size = sizeof(struct gen_sound),
                                            .fields = sound_fields,
                                            .help = "What is heard."};

enum gen_status gen_storyboard_wrong(const struct gen_node *node, const char *key,
                                     struct gen_error *err, const char *message)
{
    const struct gen_node *value = gen_node_get(node, key);
    const struct gen_node *place = value == NULL ? node : value;

    gen_error_set(err, GEN_EINVAL, "%s", message);
    gen_error_place(err, NULL, place->line, place->column, key);
    return GEN_EINVAL;
}

enum gen_status gen_storyboard_language(const struct gen_node *node, const char *tag,
                                        struct gen_error *err)
{
    const struct gen_node *value = gen_node_get(node, "language");
    enum gen_status status = tag == NULL ? GEN_OK : gen_language_check(tag, err);

    if (status != GEN_OK) {
        gen_error_place(err, NULL, value == NULL ? 0 : value->line,
                        value == NULL ? 0 : value->column, "language");
    }
    return status;
}

static enum gen_status scene_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    struct gen_scene *scene = object;
    struct gen_overlay *overlays;
    enum gen_status status = gen_storyboard_language(node, scene->language, err);

    if (status != GEN_OK) {
        return status;
    }
    if (scene->overlay == NULL || scene->overlay[0] == '\0') {
        scene->overlay = NULL;
        return GEN_OK;
    }
    if (scene->overlays.count == GEN_BRIEF_MAX_OVERLAYS) {
        return gen_storyboard_wrong(node, "overlay", err,
                                    "there are too many overlays with this one");
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

static bool storyboard_is_colour(const char *text)
{
    return text == NULL ||
           (text[0] == '#' && strlen(text) == 7 && strspn(text + 1, "0123456789abcdefABCDEF") == 6);
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
        if (!storyboard_is_colour(colours[i].value)) {
            return gen_storyboard_wrong(
                node, colours[i].key, err,
                "is not a colour; write it as \"#rrggbb\" (in quotes: # starts a "
                "comment in YAML)");
        }
    }
    return GEN_OK;
}

const struct gen_overlay *gen_scene_overlay(const struct gen_scene *scene, size_t index)
{
    GEN_CHECK(index < scene->overlays.count);
    return (const struct gen_overlay *)scene->overlays.items + index;
}
