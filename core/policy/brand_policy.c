/* brand_policy.c - see brand_policy.h. */
#include "policy/brand_policy.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

static enum gen_status check_colour(void *object, const struct gen_node *node,
                                    struct gen_arena *arena, struct gen_error *err)
{
    const char *value = ((const struct gen_brand_colour *)object)->value;

    (void)node;
    (void)arena;
    if (value[0] != '#' || strlen(value) != 7 || strspn(value + 1, "0123456789abcdefABCDEF") != 6) {
        return gen_error_set(err, GEN_EINVAL, "a colour is written \"#1a2b3c\", in quotes");
    }
    return GEN_OK;
}

static const struct gen_field colour_fields[] = {
    {.key = "value",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_brand_colour, value),
     .help = "\"#rrggbb\"."},
    {.key = "leastArea",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brand_colour, least_area),
     .min = 0,
     .max = 1,
     .preset = "0",
     .help = "Share of the picture that must show it; 0 = may be absent."},
    {0}};

static const struct gen_record colour_record = {.name = "colour",
                                                .size = sizeof(struct gen_brand_colour),
                                                .fields = colour_fields,
                                                .short_key = "value",
                                                .check = check_colour,
                                                .help = "A colour of the brand."};

static const struct gen_field tolerance_fields[] = {
    {.key = "match",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brand_match, match),
     .min = 0,
     .max = 100,
     .preset = "3",
     .help = "At most this far is the same colour."},
    {.key = "warn",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brand_match, warn),
     .min = 0,
     .max = 100,
     .preset = "5",
     .help = "At most this far is a warning, further fails."},
    {0}};

static const struct gen_record tolerance_record = {.name = "tolerance",
                                                   .size = sizeof(struct gen_brand_match),
                                                   .fields = tolerance_fields,
                                                   .help = "Distance of colours, Delta E 2000."};

static const struct gen_field logo_fields[] = {
    {.key = "file",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand_logo, file),
     .help = "Picture, or asset id."},
    {.key = "variants",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brand_logo, variants),
     .min = 0,
     .max = 20,
     .help = "Light, dark, without words, ..."},
    {.key = "leastWidth",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brand_logo, least_width),
     .min = 0,
     .max = 1,
     .preset = "0",
     .help = "Share of the picture's width."},
    {.key = "clearSpace",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brand_logo, clear_space),
     .min = 0,
     .max = 10,
     .preset = "0",
     .help = "Share of the logo's height kept free around it."},
    {.key = "leastSeconds",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brand_logo, least_seconds),
     .min = 0,
     .max = 300,
     .preset = "0",
     .help = "On screen."},
    {.key = "corner",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand_logo, corner),
     .help = "top-left, top-right, bottom-left or bottom-right; anywhere when left out."},
    {0}};

static const struct gen_record logo_record = {.name = "logo",
                                              .size = sizeof(struct gen_brand_logo),
                                              .fields = logo_fields,
                                              .short_key = "file",
                                              .help = "The logo and how it stands."};

static const struct gen_field copy_fields[] = {{.key = "required",
                                                .type = GEN_FIELD_TEXTS,
                                                FIELD(gen_brand_copy, required),
                                                .min = 0,
                                                .max = 100,
                                                .help = "Words that must be readable."},
                                               {.key = "forbidden",
                                                .type = GEN_FIELD_TEXTS,
                                                FIELD(gen_brand_copy, forbidden),
                                                .min = 0,
                                                .max = 1000,
                                                .help = "Words that must not be said or shown."},
                                               {.key = "legal",
                                                .type = GEN_FIELD_TEXT,
                                                FIELD(gen_brand_copy, legal),
                                                .help = "Disclaimer that must be shown."},
                                               {.key = "legalSeconds",
                                                .type = GEN_FIELD_REAL,
                                                FIELD(gen_brand_copy, legal_seconds),
                                                .min = 0,
                                                .max = 300,
                                                .preset = "0",
                                                .help = "So long."},
                                               {0}};

static const struct gen_record copy_record = {.name = "copy",
                                              .size = sizeof(struct gen_brand_copy),
                                              .fields = copy_fields,
                                              .help = "What the brand says, and never says."};

static const struct gen_field voice_fields[] = {
    {.key = "tone",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand_voice, tone),
     .help = "Added to prompts: \"warm, plain, no superlatives\"."},
    {.key = "voice",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand_voice, voice),
     .help = "Voice of the renderer."},
    {.key = "language",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brand_voice, language),
     .min = 2,
     .max = 35,
     .help = "Where a brief names none (BCP 47)."},
    {0}};

static const struct gen_record voice_record = {.name = "voice",
                                               .size = sizeof(struct gen_brand_voice),
                                               .fields = voice_fields,
                                               .short_key = "tone",
                                               .help = "How it sounds."};

static const struct gen_field brand_fields[] = {
    {.key = "id",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_brand_profile, id),
     .min = 1,
     .max = 60,
     .help = "As the file is called."},
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_brand_profile, name),
     .min = 1,
     .max = 200,
     .help = "As it is written."},
    {.key = "colours",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_brand_profile, colours),
     .min = 0,
     .max = 50,
     .record = &colour_record,
     .help = "primary, accent, background, text, ..."},
    {.key = "tolerance",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_brand_profile, tolerance),
     .record = &tolerance_record,
     .help = "How far a colour may be off."},
    {.key = "fonts",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brand_profile, fonts),
     .min = 0,
     .max = 20,
     .help = "First is best."},
    {.key = "logo",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_brand_profile, logo),
     .record = &logo_record,
     .help = "The logo."},
    {.key = "copy",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_brand_profile, copy),
     .record = &copy_record,
     .help = "Words."},
    {.key = "voice",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_brand_profile, voice),
     .record = &voice_record,
     .help = "Sound."},
    {.key = "models",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brand_profile, models),
     .min = 1,
     .max = 100,
     .help = "Only these models (patterns)."},
    {.key = "exclude",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brand_profile, exclude),
     .min = 0,
     .max = 100,
     .help = "Never these."},
    {.key = "deliver",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brand_profile, deliver),
     .min = 0,
     .max = 50,
     .help = "Delivery specs where a brief names none."},
    {.key = "leastQuality",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brand_profile, least_quality),
     .min = 0,
     .max = 10,
     .preset = "0",
     .help = "Of the one number; 0 = what quality.yaml says."},
    {0}};

static enum gen_status check_tolerance(void *object, const struct gen_node *node,
                                       struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_brand_profile *brand = object;

    (void)node;
    (void)arena;
    return brand->tolerance.warn < brand->tolerance.match
               ? gen_error_set(err, GEN_EINVAL, "tolerance: `warn` lies below `match`")
               : GEN_OK;
}

static enum gen_status check_logo(void *object, const struct gen_node *node,
                                  struct gen_arena *arena, struct gen_error *err)
{
    static const char *const corners[] = {"top-left", "top-right", "bottom-left", "bottom-right"};
    const struct gen_brand_profile *brand = object;

    (void)node;
    (void)arena;
    for (size_t i = 0; brand->logo.corner != NULL; i++) {
        if (i == GEN_COUNT(corners)) {
            return gen_error_set(err, GEN_EINVAL,
                                 "logo.corner must be top-left, top-right, "
                                 "bottom-left or bottom-right");
        }
        if (strcmp(corners[i], brand->logo.corner) == 0) {
            break;
        }
    }
    return GEN_OK;
}

static const struct gen_record_rule brand_rules[] = {
    {"tolerance", check_tolerance}, {"logo", check_logo}, {NULL, NULL}};

const struct gen_record gen_brand_policy_record = {
    .name = "brand profile",
    .size = sizeof(struct gen_brand_profile),
    .fields = brand_fields,
    .rules = brand_rules,
    .help = "What a brand looks like, says and never says."};
