/* runway_models.c - Runway's models as the simulator sells them: fields, limits, prices.
 *
 * From runway.md, sections 3 and 8. Not sold for want of a stated price: wan3_prime,
 * gemini_omni_flash_1.1. Not stated there, so chosen here: which size a range of prices begins at,
 * the longest clip where only "number" is said (15 s), and any pixel pair where only their count is. */
#include "simulator/runway.h"

#include "base/number.h"

#include <string.h>

enum { RUNWAY_FIELDS = 24 };

#define NATIVE "1280:720|720:1280"
#define VEO NATIVE "|1920:1080|1080:1920"
#define MORE "1104:832|960:960|832:1104|1584:672"
#define NAMES "16:9|9:16|1:1|4:3|3:4|21:9"
#define BOTH (RUNWAY_TEXT | RUNWAY_IMAGE)

static const struct runway_model runway_models[] = {
    {"gen4.5",
     BOTH,
     RUNWAY_SEED | RUNWAY_MODERATION | RUNWAY_WHOLE | RUNWAY_DURATION | RUNWAY_FORMAT,
     2,
     10,
     NULL,
     0,
     NATIVE,
     MORE,
     NULL,
     1000,
     {{9999, 120000, 120000}},
     0},
    {"gen4_turbo",
     RUNWAY_IMAGE,
     RUNWAY_SEED | RUNWAY_MODERATION | RUNWAY_WHOLE | RUNWAY_PROMPT_FREE,
     2,
     10,
     NULL,
     10,
     NATIVE,
     MORE,
     NULL,
     1000,
     {{9999, 50000, 50000}},
     0},
    {"veo3.1",
     BOTH,
     RUNWAY_SEED | RUNWAY_AUDIO | RUNWAY_NEGATIVE | RUNWAY_WHOLE | RUNWAY_LAST,
     4,
     8,
     "4|6|8",
     8,
     VEO,
     NULL,
     NULL,
     1000,
     {{9999, 200000, 400000}},
     0},
    {"veo3.1_fast",
     BOTH,
     RUNWAY_SEED | RUNWAY_AUDIO | RUNWAY_NEGATIVE | RUNWAY_WHOLE | RUNWAY_LAST,
     4,
     8,
     "4|6|8",
     8,
     VEO,
     NULL,
     NULL,
     1000,
     {{9999, 100000, 150000}},
     0},
    {"seedance2",
     BOTH,
     RUNWAY_AUDIO | RUNWAY_AUTO | RUNWAY_REFERENCES | RUNWAY_LAST,
     2,
     15,
     NULL,
     5,
     NULL,
     NULL,
     NULL,
     3500,
     {{720, 360000, 360000}, {1080, 720000, 720000}, {9999, 1500000, 1500000}},
     0},
    {"seedance2_5",
     BOTH,
     RUNWAY_AUDIO | RUNWAY_AUTO | RUNWAY_REFERENCES | RUNWAY_LAST | RUNWAY_PROMPT_FREE,
     2,
     15,
     NULL,
     5,
     NULL,
     NULL,
     NULL,
     15000,
     {{480, 200000, 200000}, {720, 300000, 300000}, {1080, 680000, 680000}},
     0},
    {"hailuo3",
     BOTH,
     RUNWAY_NAMES | RUNWAY_REFERENCES | RUNWAY_LAST | RUNWAY_SOUND,
     2,
     15,
     NULL,
     6,
     NAMES,
     NULL,
     "768p|2k",
     5000,
     {{768, 100000, 100000}, {1440, 150000, 150000}},
     0},
    {"wan3",
     BOTH,
     RUNWAY_AUDIO,
     2,
     15,
     NULL,
     5,
     NULL,
     NULL,
     NULL,
     5000,
     {{480, 50000, 50000}, {720, 100000, 100000}, {1080, 200000, 200000}},
     0},
    {"grok_imagine_1_5",
     BOTH,
     RUNWAY_NAMES | RUNWAY_FOLLOWS | RUNWAY_SOUND,
     1,
     15,
     NULL,
     6,
     NAMES,
     NULL,
     "480p|720p|1080p",
     5000,
     {{480, 100000, 100000}, {720, 160000, 160000}, {1080, 290000, 290000}},
     0},
    {"gemini_omni_flash",
     BOTH,
     RUNWAY_SOUND | RUNWAY_WHOLE,
     3,
     10,
     NULL,
     10,
     NATIVE,
     NULL,
     NULL,
     5000,
     {{9999, 100000, 100000}},
     0},
    {"happyhorse_1_0",
     BOTH,
     RUNWAY_FOLLOWS,
     3,
     15,
     NULL,
     5,
     NULL,
     NULL,
     "720p|1080p",
     2500,
     {{720, 150000, 150000}, {1080, 300000, 300000}},
     0},
    {"h3_max",
     BOTH,
     RUNWAY_NAMES | RUNWAY_EXPANSION | RUNWAY_LAST,
     2,
     15,
     NULL,
     5,
     NAMES,
     NULL,
     "480p|768p",
     5000,
     {{480, 50000, 50000}, {768, 80000, 80000}},
     0},
    {"aleph2",
     RUNWAY_VIDEO,
     RUNWAY_SEED | RUNWAY_PROMPT_FREE,
     0,
     0,
     NULL,
     5,
     NULL,
     NULL,
     NULL,
     1000,
     {{9999, 280000, 280000}},
     560000},
    {"act_two",
     RUNWAY_ACT,
     RUNWAY_SEED | RUNWAY_MODERATION | RUNWAY_SOUND,
     3,
     30,
     NULL,
     5,
     NATIVE "|" MORE,
     NULL,
     NULL,
     0,
     {{9999, 50000, 50000}},
     0},
    {.name = NULL},
};

const struct runway_model *runway_model_at(size_t index)
{
    return index + 1 < GEN_COUNT(runway_models) ? &runway_models[index] : NULL;
}

const struct runway_model *runway_model_find(const char *name, enum runway_endpoint endpoint)
{
    for (const struct runway_model *model = runway_models; model->name != NULL; model++) {
        if (name != NULL && strcmp(model->name, name) == 0 && (model->endpoints & endpoint) != 0) {
            return model;
        }
    }
    return NULL;
}

const char *runway_model_names(struct gen_arena *arena, enum runway_endpoint endpoint)
{
    const char *names = NULL;

    for (const struct runway_model *model = runway_models; model->name != NULL; model++) {
        if ((model->endpoints & endpoint) != 0) {
            names = names == NULL ? model->name
                                  : gen_arena_printf(arena, "%s|%s", names, model->name);
        }
    }
    return names;
}

/* -------------------------------------------------------------------------------- what may stand */

static const char *runway_pixels_wrong(struct sim_call *call, const struct gen_node *value)
{
    int32_t width = 0, height = 0;

    (void)call;
    if (!gen_number_pair(value->text, ':', &width, &height) || width < 256 || height < 256 ||
        width > 3840 || height > 3840 || width % 2 != 0 || height % 2 != 0) {
        return "Invalid ratio: expected WIDTH:HEIGHT in pixels";
    }
    return NULL;
}

static const struct sim_field runway_moderation[] = {
    {.key = "publicFigureThreshold", .type = SIM_TEXT, .choices = "auto|low"},
    {.key = NULL},
};
static const struct sim_field runway_first[] = {
    {.key = "uri", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = runway_uri_wrong},
    {.key = "position", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "first"},
    {.key = NULL},
};
static const struct sim_field runway_first_last[] = {
    {.key = "uri", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = runway_uri_wrong},
    {.key = "position", .type = SIM_TEXT, .choices = "first|last"},
    {.key = NULL},
};
static const struct sim_field runway_reference[] = {
    {.key = "type", .type = SIM_TEXT},
    {.key = "uri", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = runway_uri_wrong},
    {.key = NULL},
};
static const struct sim_field runway_keyframe[] = {
    {.key = "seconds", .type = SIM_NUMBER, .min = 0, .max = 60},
    {.key = "at", .type = SIM_TEXT | SIM_NUMBER},
    {.key = "uri", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = runway_uri_wrong},
    {.key = "range", .type = SIM_MAP | SIM_LIST},
    {.key = NULL},
};
static const struct sim_field runway_character[] = {
    {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "image|video"},
    {.key = "uri", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = runway_uri_wrong},
    {.key = NULL},
};
static const struct sim_field runway_performance[] = {
    {.key = "type", .type = SIM_TEXT, .flags = SIM_REQUIRED, .choices = "video"},
    {.key = "uri", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = runway_uri_wrong},
    {.key = NULL},
};

struct runway_form {
    struct sim_field *fields;
    size_t count;
};

static void runway_add(struct runway_form *form, struct sim_field field)
{
    if (form->fields != NULL) {
        GEN_CHECK(form->count + 1 < RUNWAY_FIELDS);
        form->fields[form->count++] = field;
    }
}

static const char *runway_ratios(struct sim_call *call, const struct runway_model *model,
                                 enum runway_endpoint endpoint)
{
    return endpoint == RUNWAY_IMAGE && model->more_ratios != NULL
               ? gen_arena_printf(call->arena, "%s|%s", model->ratios, model->more_ratios)
               : model->ratios;
}

static void runway_add_look(struct sim_call *call, struct runway_form *form,
                            const struct runway_model *model, enum runway_endpoint endpoint)
{
    bool follows = endpoint == RUNWAY_IMAGE && (model->features & RUNWAY_FOLLOWS) != 0;
    bool whole = (model->features & RUNWAY_WHOLE) != 0;
    bool automatic = (model->features & RUNWAY_AUTO) != 0;
    bool required = endpoint == RUNWAY_TEXT || (model->features & RUNWAY_DURATION) != 0;

    if (!follows) {
        runway_add(form, (struct sim_field){
                             .key = "ratio",
                             .type = SIM_TEXT,
                             .flags = required ? SIM_REQUIRED : 0,
                             .choices = runway_ratios(call, model, endpoint),
                             .check = model->ratios == NULL ? runway_pixels_wrong : NULL,
                         });
    }
    if (model->resolutions != NULL && ((model->features & RUNWAY_NAMES) != 0 || follows)) {
        runway_add(form, (struct sim_field){
                             .key = "resolution", .type = SIM_TEXT, .choices = model->resolutions});
    }
    runway_add(form,
               (struct sim_field){
                   .key = "duration",
                   .type = (uint32_t)(whole ? SIM_INT : SIM_NUMBER) | (automatic ? SIM_TEXT : 0u),
                   .flags = (model->features & RUNWAY_DURATION) != 0 ? SIM_REQUIRED : 0,
                   .min = model->shortest,
                   .max = model->longest,
                   .choices = automatic ? "auto" : model->durations,
               });
}

static void runway_add_features(struct runway_form *form, const struct runway_model *model)
{
    const struct {
        uint32_t feature;
        struct sim_field field;
    } rows[] = {
        {RUNWAY_SEED, {.key = "seed", .type = SIM_INT, .min = 0, .max = 4294967295.0}},
        {RUNWAY_AUDIO, {.key = "audio", .type = SIM_BOOL}},
        {RUNWAY_NEGATIVE,
         {.key = "negativePrompt", .type = SIM_TEXT, .flags = SIM_UTF16, .min = 1, .max = 1000}},
        {RUNWAY_MODERATION,
         {.key = "contentModeration", .type = SIM_MAP, .fields = runway_moderation}},
        {RUNWAY_REFERENCES,
         {.key = "references",
          .type = SIM_LIST,
          .max = 30,
          .items = SIM_MAP,
          .fields = runway_reference}},
        {RUNWAY_EXPANSION,
         {.key = "promptExpansionMode", .type = SIM_TEXT, .choices = "disabled|balanced|quality"}},
        {RUNWAY_FORMAT, {.key = "outputFormat", .type = SIM_TEXT, .choices = "mp4"}},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        if ((model->features & rows[i].feature) != 0) {
            runway_add(form, rows[i].field);
        }
    }
}

static void runway_add_video(struct runway_form *form)
{
    runway_add(form, (struct sim_field){.key = "videoUri",
                                        .type = SIM_TEXT,
                                        .flags = SIM_REQUIRED,
                                        .check = runway_uri_wrong});
    runway_add(form, (struct sim_field){.key = "keyframes",
                                        .type = SIM_LIST,
                                        .max = 5,
                                        .items = SIM_MAP,
                                        .fields = runway_keyframe});
    runway_add(form,
               (struct sim_field){.key = "targetAspectRatio", .type = SIM_TEXT, .choices = NAMES});
    runway_add(form, (struct sim_field){.key = "outputFormat", .type = SIM_TEXT, .choices = "mp4"});
}

static void runway_add_act(struct runway_form *form, const struct runway_model *model)
{
    runway_add(form, (struct sim_field){.key = "character",
                                        .type = SIM_MAP,
                                        .flags = SIM_REQUIRED,
                                        .fields = runway_character});
    runway_add(form, (struct sim_field){.key = "reference",
                                        .type = SIM_MAP,
                                        .flags = SIM_REQUIRED,
                                        .fields = runway_performance});
    runway_add(form, (struct sim_field){.key = "bodyControl", .type = SIM_BOOL});
    runway_add(form, (struct sim_field){
                         .key = "expressionIntensity", .type = SIM_INT, .min = 1, .max = 5});
    runway_add(form,
               (struct sim_field){.key = "ratio", .type = SIM_TEXT, .choices = model->ratios});
}

const struct sim_field *runway_model_fields(struct sim_call *call, const struct runway_model *model,
                                            enum runway_endpoint endpoint)
{
    struct runway_form form = {
        .fields = gen_arena_array(call->arena, RUNWAY_FIELDS, sizeof(struct sim_field))};
    bool last = (model->features & RUNWAY_LAST) != 0;

    runway_add(&form, (struct sim_field){.key = "model", .type = SIM_TEXT, .flags = SIM_REQUIRED});
    if (model->prompt_units > 0) {
        runway_add(&form,
                   (struct sim_field){
                       .key = "promptText",
                       .type = SIM_TEXT,
                       .flags = SIM_UTF16 |
                                ((model->features & RUNWAY_PROMPT_FREE) != 0 ? 0u : SIM_REQUIRED),
                       .min = 1,
                       .max = model->prompt_units,
                   });
    }
    if (endpoint == RUNWAY_IMAGE) {
        runway_add(&form, (struct sim_field){.key = "promptImage",
                                             .type = SIM_TEXT | SIM_LIST,
                                             .flags = SIM_REQUIRED,
                                             .items = SIM_MAP,
                                             .fields = last ? runway_first_last : runway_first,
                                             .check = runway_uri_wrong});
    }
    if (endpoint == RUNWAY_VIDEO) {
        runway_add_video(&form);
    } else if (endpoint == RUNWAY_ACT) {
        runway_add_act(&form, model);
    } else {
        runway_add_look(call, &form, model, endpoint);
    }
    runway_add_features(&form, model);
    return form.fields;
}
