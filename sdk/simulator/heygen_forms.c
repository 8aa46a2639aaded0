/* heygen_forms.c - see heygen_forms.h. Bounds and words are those of the vendor's own schemas and of
 * the fact sheet; rules that need two fields are in heygen_videos.c.
 */
#include "simulator/heygen_forms.h"

#include <string.h>

enum {
    TEXT = SIM_TEXT | SIM_NULL, /* most optional fields may be null */
    MAP = SIM_MAP | SIM_NULL,
};

static const char heygen_ratios[] = "16:9|9:16|4:5|5:4|1:1|auto";
static const char heygen_resolutions[] = "720p|1080p|4k";
static const char heygen_levels[] = "high|medium|low";

static const char *heygen_form_hex(struct sim_call *call, const struct gen_node *value)
{
    const char *text = gen_node_text(value, "");

    (void)call;
    return text[0] == '#' && strlen(text) == 7 && strspn(text + 1, "0123456789abcdefABCDEF") == 6
               ? NULL
               : "must be a colour like #1a2b3c";
}

static const char *heygen_form_url(struct sim_call *call, const struct gen_node *value)
{
    (void)call;
    return gen_node_type_of(value) == GEN_NODE_STRING ? sim_form_https(gen_node_text(value, ""))
                                                      : NULL;
}

/* ------------------------------------------------------------------------- what videos share */

static const struct sim_field heygen_engine_settings[] = {
    {.key = "engine_type",
     .type = SIM_TEXT,
     .flags = SIM_REQUIRED,
     .choices = "elevenlabs|fish|starfish"},
    {.key = "model", .type = TEXT},
    {.key = "stability", .type = SIM_NUMBER | SIM_NULL, .max = 1},
    {.key = "similarity", .type = SIM_NUMBER | SIM_NULL, .max = 1},
    {.key = "similarity_boost", .type = SIM_NUMBER | SIM_NULL, .max = 1},
    {.key = "style", .type = SIM_NUMBER | SIM_NULL, .max = 1},
    {.key = "use_speaker_boost", .type = SIM_BOOL | SIM_NULL},
    {.key = NULL},
};

static const struct sim_field heygen_voice_settings[] = {
    {.key = "speed", .type = SIM_NUMBER, .min = 0.5, .max = 1.5},
    {.key = "pitch", .type = SIM_NUMBER, .min = -50, .max = 50},
    {.key = "volume", .type = SIM_NUMBER, .max = 1},
    {.key = "locale", .type = TEXT},
    {.key = "engine_settings", .type = MAP, .fields = heygen_engine_settings},
    {.key = NULL},
};

static const struct sim_field heygen_engine[] = {
    {.key = "type",
     .type = SIM_TEXT,
     .flags = SIM_REQUIRED,
     .choices = "avatar_iii|avatar_iv|avatar_v"},
    {.key = "reference_look_id", .type = TEXT},
    {.key = NULL},
};

static const struct sim_field heygen_background[] = {
    {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "color|image"},
    {.key = "value", .type = TEXT, .check = NULL},
    {.key = "url", .type = TEXT, .check = heygen_form_url},
    {.key = "asset_id", .type = TEXT},
    {.key = NULL},
};

static const struct sim_field heygen_scene_background[] = {
    {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "color"},
    {.key = "color", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = heygen_form_hex},
    {.key = NULL},
};

static const struct sim_field heygen_caption[] = {
    {.key = "file_format", .type = SIM_TEXT, .choices = "srt"},
    {.key = "style", .type = TEXT, .choices = "default"},
    {.key = NULL},
};

/* Speech: exactly one of the first three where a video needs speech. */
#define HEYGEN_SPEECH \
    {.key = "script", .type = TEXT, .min = 1, .max = 5000}, \
        {.key = "audio_url", .type = TEXT, .check = heygen_form_url}, \
        {.key = "audio_asset_id", .type = TEXT}, {.key = "voice_id", .type = TEXT}, \
    { \
        .key = "voice_settings", .type = MAP, .fields = heygen_voice_settings \
    }

#define HEYGEN_CALLBACK \
    {.key = "callback_url", .type = TEXT, .check = heygen_form_url}, \
    { \
        .key = "callback_id", .type = TEXT \
    }

#define HEYGEN_FRAME \
    {.key = "aspect_ratio", .type = TEXT, .choices = heygen_ratios}, \
        {.key = "resolution", .type = TEXT, .choices = heygen_resolutions}, \
        {.key = "caption", .type = MAP, .fields = heygen_caption}, {.key = "title", .type = TEXT}, \
    { \
        .key = "watermark", .type = MAP \
    }

#define HEYGEN_TYPE \
    { \
        .key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED \
    }

/* ------------------------------------------------------------------------------------- videos */

static const struct sim_field heygen_avatar_fields[] = {
    HEYGEN_TYPE,
    {.key = "avatar_id", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 255},
    HEYGEN_SPEECH,
    HEYGEN_FRAME,
    HEYGEN_CALLBACK,
    {.key = "engine", .type = MAP, .fields = heygen_engine},
    {.key = "background", .type = MAP, .fields = heygen_background},
    {.key = "output_format", .type = SIM_TEXT, .choices = "mp4|webm"},
    {.key = "fit", .type = TEXT, .choices = "cover|contain"},
    {.key = "motion_prompt", .type = TEXT},
    {.key = "expressiveness", .type = TEXT, .choices = heygen_levels},
    {.key = "remove_background", .type = SIM_BOOL | SIM_NULL},
    {.key = NULL},
};

static const struct sim_field heygen_image_fields[] = {
    HEYGEN_TYPE,
    {.key = "image", .type = SIM_MAP, .flags = SIM_REQUIRED},
    HEYGEN_SPEECH,
    HEYGEN_FRAME,
    HEYGEN_CALLBACK,
    {.key = "background", .type = MAP, .fields = heygen_background},
    {.key = "output_format", .type = SIM_TEXT, .choices = "mp4|webm"},
    {.key = "fit", .type = TEXT, .choices = "cover|contain"},
    {.key = "motion_prompt", .type = TEXT},
    {.key = "expressiveness", .type = TEXT, .choices = heygen_levels},
    {.key = "remove_background", .type = SIM_BOOL | SIM_NULL},
    {.key = NULL},
};

static const struct sim_field heygen_cinematic_fields[] = {
    HEYGEN_TYPE,
    {.key = "prompt", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 10000},
    {.key = "avatar_id",
     .type = SIM_LIST,
     .flags = SIM_REQUIRED,
     .min = 1,
     .max = 3,
     .items = SIM_TEXT},
    {.key = "duration", .type = SIM_INT | SIM_NULL, .min = 4, .max = 15},
    {.key = "auto_duration", .type = SIM_BOOL},
    {.key = "enhance_prompt", .type = SIM_BOOL},
    {.key = "references", .type = SIM_LIST | SIM_NULL, .min = 0, .max = 12, .items = SIM_MAP},
    {.key = "resolution", .type = SIM_TEXT, .choices = "720p|1080p"},
    {.key = "aspect_ratio", .type = SIM_TEXT, .choices = "16:9|9:16|1:1"},
    {.key = "title", .type = TEXT},
    {.key = NULL},
};

static const struct sim_field heygen_studio_fields[] = {
    HEYGEN_TYPE,
    {.key = "scenes",
     .type = SIM_LIST,
     .flags = SIM_REQUIRED,
     .min = 1,
     .max = 50,
     .items = SIM_MAP},
    HEYGEN_FRAME,
    HEYGEN_CALLBACK,
    {.key = NULL},
};

/* ------------------------------------------------------------------------------ scenes of studio */

static const struct sim_field heygen_input_avatar[] = {
    HEYGEN_TYPE,
    {.key = "avatar_id", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 255},
    HEYGEN_SPEECH,
    {.key = "engine", .type = MAP, .fields = heygen_engine},
    {.key = "background", .type = MAP, .fields = heygen_scene_background},
    {.key = "motion_prompt", .type = TEXT},
    {.key = "expressiveness", .type = TEXT, .choices = heygen_levels},
    {.key = NULL},
};

static const struct sim_field heygen_input_image[] = {
    HEYGEN_TYPE,
    {.key = "image", .type = SIM_MAP, .flags = SIM_REQUIRED},
    HEYGEN_SPEECH,
    {.key = "motion_prompt", .type = TEXT},
    {.key = "expressiveness", .type = TEXT, .choices = heygen_levels},
    {.key = NULL},
};

static const struct sim_field heygen_scene_avatar[] = {
    HEYGEN_TYPE,
    {.key = "input", .type = SIM_MAP, .flags = SIM_REQUIRED},
    {.key = NULL},
};

static const struct sim_field heygen_scene_image[] = {
    HEYGEN_TYPE,
    {.key = "source", .type = SIM_MAP, .flags = SIM_REQUIRED},
    {.key = "duration", .type = SIM_NUMBER | SIM_NULL, .min = 0.001, .max = 300},
    HEYGEN_SPEECH,
    {.key = NULL},
};

static const struct sim_field heygen_playback[] = {
    {.key = "volume", .type = SIM_NUMBER, .max = 1},
    {.key = "mute", .type = SIM_BOOL},
    {.key = NULL},
};

static const struct sim_field heygen_scene_video[] = {
    HEYGEN_TYPE,
    {.key = "source", .type = SIM_MAP, .flags = SIM_REQUIRED},
    {.key = "playback", .type = MAP, .fields = heygen_playback},
    {.key = NULL},
};

/* -------------------------------------------------------------------------------- asset inputs */

static const struct sim_field heygen_media_url[] = {
    HEYGEN_TYPE,
    {.key = "url", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = heygen_form_url},
    {.key = NULL},
};

static const struct sim_field heygen_media_asset[] = {
    HEYGEN_TYPE,
    {.key = "asset_id", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 255},
    {.key = NULL},
};

static const struct sim_field heygen_media_base64[] = {
    HEYGEN_TYPE,
    {.key = "media_type", .type = SIM_TEXT, .flags = SIM_REQUIRED},
    {.key = "data", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 1e9},
    {.key = NULL},
};

/* --------------------------------------------------------------------------------------- finding */

struct heygen_form {
    const char *type;
    const struct sim_field *fields;
};

static const struct sim_field *heygen_form_among(const struct heygen_form *forms, const char *type)
{
    while (forms->type != NULL && strcmp(forms->type, type) != 0) {
        forms++;
    }
    return forms->fields;
}

const struct sim_field *heygen_form_video(const char *type)
{
    static const struct heygen_form forms[] = {{"avatar", heygen_avatar_fields},
                                               {"image", heygen_image_fields},
                                               {"cinematic_avatar", heygen_cinematic_fields},
                                               {"studio", heygen_studio_fields},
                                               {NULL, NULL}};
    return heygen_form_among(forms, type);
}

const struct sim_field *heygen_form_scene(const char *type)
{
    static const struct heygen_form forms[] = {{"avatar_video", heygen_scene_avatar},
                                               {"image", heygen_scene_image},
                                               {"video", heygen_scene_video},
                                               {NULL, NULL}};
    return heygen_form_among(forms, type);
}

const struct sim_field *heygen_form_input(const char *type)
{
    static const struct heygen_form forms[] = {
        {"avatar", heygen_input_avatar}, {"image", heygen_input_image}, {NULL, NULL}};
    return heygen_form_among(forms, type);
}

const struct sim_field *heygen_form_media(const char *type)
{
    static const struct heygen_form forms[] = {{"url", heygen_media_url},
                                               {"asset_id", heygen_media_asset},
                                               {"base64", heygen_media_base64},
                                               {NULL, NULL}};
    return heygen_form_among(forms, type);
}
