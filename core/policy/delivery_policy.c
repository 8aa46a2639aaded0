/* delivery_policy.c - see delivery_policy.h. */
#include "policy/delivery_policy.h"

#include "base/number.h"
#include "policy/policy_problem.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

const struct gen_choice gen_severity_choices[] = {
    {"info", GEN_SEVERITY_INFO, "it is said"},
    {"warn", GEN_SEVERITY_WARN, "it is said loudly"},
    {"reject", GEN_SEVERITY_REJECT, "the file is not handed over for this platform"},
    {NULL, 0, NULL}};
const struct gen_choice gen_taking_choices[] = {
    {"allow", GEN_TAKING_ALLOW, "either will do"},
    {"prefer", GEN_TAKING_PREFER, "made so, not checked"},
    {"forbid", GEN_TAKING_FORBID, "must not be"},
    {"require", GEN_TAKING_REQUIRE, "must be"},
    {NULL, 0, NULL}};
const struct gen_choice gen_trust_choices[] = {
    {"A", GEN_TRUST_A, "the platform's or standard body's own page"},
    {"B", GEN_TRUST_B, "a trade page, or an older copy"},
    {NULL, 0, NULL}};
const struct gen_choice gen_loudness_choices[] = {{"social", 1, "-14 LUFS, 1 LU, -1 dBTP"},
                                                  {"snap", 2, "-16 LUFS, 1 LU, -1 dBTP"},
                                                  {"ebu-r128", 3, "-23 LUFS, 0.5 LU, -1 dBTP"},
                                                  {"atsc-a85", 4, "-24 LUFS, 2 LU, -2 dBTP"},
                                                  {NULL, 0, NULL}};

#define SEVERITY(owner) \
    { \
        .key = "severity", .type = GEN_FIELD_CHOICE, FIELD(owner, severity), \
        .choices = gen_severity_choices, \
        .help = "When it is broken; what the file says by default." \
    }

static const struct gen_field source_fields[] = {
    {.key = "url",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_delivery_source, url),
     .help = "Page."},
    {.key = "date",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_delivery_source, date),
     .min = 4,
     .max = 40,
     .help = "As the page gives it: \"2024-10\", \"undated\"."},
    {.key = "trust",
     .type = GEN_FIELD_CHOICE,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_delivery_source, trust),
     .choices = gen_trust_choices,
     .help = "Whose page."},
    {0}};

static const struct gen_record source_record = {
    .name = "source",
    .size = sizeof(struct gen_delivery_source),
    .fields = source_fields,
    .help = "Where the facts come from; a rejection repeats it."};

static const struct gen_field range_fields[] = {{.key = "min",
                                                 .type = GEN_FIELD_REAL,
                                                 FIELD(gen_delivery_range, min),
                                                 .min = 0,
                                                 .max = INT64_MAX,
                                                 .help = "At least."},
                                                {.key = "max",
                                                 .type = GEN_FIELD_REAL,
                                                 FIELD(gen_delivery_range, max),
                                                 .min = 0,
                                                 .max = INT64_MAX,
                                                 .help = "At most."},
                                                {.key = "anyOf",
                                                 .type = GEN_FIELD_NUMBERS,
                                                 FIELD(gen_delivery_range, any_of),
                                                 .min = 0,
                                                 .max = INT64_MAX,
                                                 .help = "One of these."},
                                                {.key = "tolerance",
                                                 .type = GEN_FIELD_REAL,
                                                 FIELD(gen_delivery_range, tolerance),
                                                 .min = 0,
                                                 .max = 1000,
                                                 .preset = "0",
                                                 .help = "On anyOf, min and max."},
                                                {.key = "recommended",
                                                 .type = GEN_FIELD_NUMBERS,
                                                 FIELD(gen_delivery_range, recommended),
                                                 .min = 0,
                                                 .max = INT64_MAX,
                                                 .help = "One value, or from and to."},
                                                SEVERITY(gen_delivery_range),
                                                {0}};

static enum gen_status check_range_bounds(void *object, const struct gen_node *node,
                                          struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_delivery_range *range = object;

    (void)node;
    (void)arena;
    return range->max > 0 && range->min > range->max
               ? gen_error_set(err, GEN_EINVAL, "min lies above max; nothing can fit")
               : GEN_OK;
}

static enum gen_status check_range_recommended(void *object, const struct gen_node *node,
                                               struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_delivery_range *range = object;

    (void)node;
    (void)arena;
    return range->recommended.count > 2
               ? gen_error_set(err, GEN_EINVAL, "recommended takes one value, or from and to")
               : GEN_OK;
}

static const struct gen_record_rule range_rules[] = {
    {"min max", check_range_bounds}, {"recommended", check_range_recommended}, {NULL, NULL}};

static const struct gen_record range_record = {.name = "range",
                                               .size = sizeof(struct gen_delivery_range),
                                               .fields = range_fields,
                                               .list_key = "anyOf",
                                               .rules = range_rules,
                                               .help = "Numbers that are taken."};

/* "9:16" or "540x960": two whole numbers. */
static bool delivery_pair(const char *text, char between)
{
    int32_t a, b;

    return gen_number_pair(text, between, &a, &b);
}

static enum gen_status check_shape_ratio(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_delivery_shape *shape = object;

    (void)node;
    (void)arena;
    return delivery_pair(shape->ratio, ':')
               ? GEN_OK
               : gen_error_set(err, GEN_EINVAL, "a ratio is written \"9:16\", in quotes");
}

static enum gen_status check_shape_sizes(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_delivery_shape *shape = object;

    (void)node;
    (void)arena;
    if ((shape->least != NULL && !delivery_pair(shape->least, 'x')) ||
        (shape->most != NULL && !delivery_pair(shape->most, 'x'))) {
        return gen_error_set(err, GEN_EINVAL, "a size is written 540x960");
    }
    return GEN_OK;
}

static const struct gen_record_rule shape_rules[] = {
    {"ratio", check_shape_ratio}, {"min max", check_shape_sizes}, {NULL, NULL}};

static const struct gen_field shape_fields[] = {{.key = "ratio",
                                                 .type = GEN_FIELD_TEXT,
                                                 .flags = GEN_FIELD_REQUIRED,
                                                 FIELD(gen_delivery_shape, ratio),
                                                 .min = 3,
                                                 .max = 11,
                                                 .help = "\"9:16\"."},
                                                {.key = "tolerance",
                                                 .type = GEN_FIELD_REAL,
                                                 FIELD(gen_delivery_shape, tolerance),
                                                 .min = 0,
                                                 .max = 1,
                                                 .preset = "0.01",
                                                 .help = "Share of the ratio."},
                                                {.key = "min",
                                                 .type = GEN_FIELD_TEXT,
                                                 FIELD(gen_delivery_shape, least),
                                                 .max = 11,
                                                 .help = "Least size, 540x960."},
                                                {.key = "max",
                                                 .type = GEN_FIELD_TEXT,
                                                 FIELD(gen_delivery_shape, most),
                                                 .max = 11,
                                                 .help = "Largest size."},
                                                {.key = "recommended",
                                                 .type = GEN_FIELD_BOOL,
                                                 FIELD(gen_delivery_shape, recommended),
                                                 .preset = "false",
                                                 .help = "Made when the brief leaves it open."},
                                                {0}};

static const struct gen_record shape_record = {.name = "shape",
                                               .size = sizeof(struct gen_delivery_shape),
                                               .fields = shape_fields,
                                               .short_key = "ratio",
                                               .rules = shape_rules,
                                               .help = "A shape that is taken."};

#define TAKING(owner, name, member, default_word, words) \
    { \
        .key = name, .type = GEN_FIELD_CHOICE, FIELD(owner, member), \
        .choices = gen_taking_choices, .preset = default_word, .help = words \
    }

static const struct gen_field container_fields[] = {
    {.key = "anyOf",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_delivery_container, any_of),
     .min = 1,
     .max = 20,
     .help = "mp4, mov, ...; any when left out."},
    TAKING(gen_delivery_container, "fastStart", fast_start, "prefer", "The index stands in front."),
    TAKING(gen_delivery_container, "editLists", edit_lists, "allow",
           "Lists of cuts inside the file."),
    {0}};

static const struct gen_record container_record = {.name = "container",
                                                   .size = sizeof(struct gen_delivery_container),
                                                   .fields = container_fields,
                                                   .list_key = "anyOf",
                                                   .help = "The file around the pictures."};

static const struct gen_field video_fields[] = {
    {.key = "codecs",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_delivery_video, codecs),
     .min = 1,
     .max = 20,
     .help = "h264, hevc, ...; any when left out."},
    {.key = "pixelFormats",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_delivery_video, pixel_formats),
     .min = 1,
     .max = 20,
     .help = "yuv420p, ..."},
    TAKING(gen_delivery_video, "interlaced", interlaced, "forbid", "Half pictures."),
    TAKING(gen_delivery_video, "bars", bars, "allow", "Letterbox or pillarbox."),
    TAKING(gen_delivery_video, "variableRate", variable_rate, "allow", "Uneven frame rate."),
    {.key = "frameRate",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_video, frame_rate),
     .record = &range_record,
     .help = "Frames a second."},
    {.key = "shapes",
     .type = GEN_FIELD_RECORDS,
     FIELD(gen_delivery_video, shapes),
     .min = 0,
     .max = 20,
     .record = &shape_record,
     .help = "One of them must fit; any when left out."},
    {.key = "kbps",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_video, kbps),
     .record = &range_record,
     .help = "1000 bits a second of the video stream."},
    {0}};

static const struct gen_record video_record = {.name = "video",
                                               .size = sizeof(struct gen_delivery_video),
                                               .fields = video_fields,
                                               .help = "The pictures."};

static const struct gen_field audio_fields[] = {
    TAKING(gen_delivery_audio, "present", present, "allow", "A sound track."),
    TAKING(gen_delivery_audio, "silent", silent, "allow", "A sound track with nothing on it."),
    {.key = "codecs",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_delivery_audio, codecs),
     .min = 1,
     .max = 20,
     .help = "aac, ...; any when left out."},
    {.key = "channels",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_audio, channels),
     .record = &range_record,
     .help = "Number of channels."},
    {.key = "kbps",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_audio, kbps),
     .record = &range_record,
     .help = "1000 bits a second."},
    {.key = "sampleRate",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_audio, sample_rate),
     .record = &range_record,
     .help = "Samples a second."},
    {0}};

static const struct gen_record audio_record = {.name = "audio",
                                               .size = sizeof(struct gen_delivery_audio),
                                               .fields = audio_fields,
                                               .help = "The sound."};

static const struct gen_field loudness_fields[] = {
    {.key = "preset",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_delivery_loudness, preset),
     .help = "social, snap, ebu-r128 or atsc-a85: fills in what is not given."},
    {.key = "target",
     .type = GEN_FIELD_REAL,
     FIELD(gen_delivery_loudness, target),
     .min = -70,
     .max = 0,
     .help = "Integrated LUFS."},
    {.key = "tolerance",
     .type = GEN_FIELD_REAL,
     FIELD(gen_delivery_loudness, tolerance),
     .min = 0,
     .max = 20,
     .help = "LU on both sides."},
    {.key = "truePeak",
     .type = GEN_FIELD_REAL,
     FIELD(gen_delivery_loudness, true_peak),
     .min = -30,
     .max = 3,
     .help = "Most dBTP."},
    SEVERITY(gen_delivery_loudness),
    {0}};

static enum gen_status check_loudness(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    static const double presets[][3] = {{-14, 1, -1}, {-16, 1, -1}, {-23, 0.5, -1}, {-24, 2, -2}};
    struct gen_delivery_loudness *loudness = object;
    int preset;

    (void)arena;
    if (loudness->preset == NULL) {
        return gen_node_get(node, "target") != NULL
                   ? GEN_OK
                   : gen_error_set(err, GEN_EINVAL, "give it a preset or a target");
    }
    preset = gen_choice_value(gen_loudness_choices, loudness->preset);
    if (preset < 0) {
        return gen_error_set(err, GEN_EINVAL, "preset must be social, snap, ebu-r128 or atsc-a85");
    }
    if (gen_node_get(node, "target") == NULL) {
        loudness->target = presets[preset - 1][0];
    }
    if (gen_node_get(node, "tolerance") == NULL) {
        loudness->tolerance = presets[preset - 1][1];
    }
    if (gen_node_get(node, "truePeak") == NULL) {
        loudness->true_peak = presets[preset - 1][2];
    }
    return GEN_OK;
}

static const struct gen_record loudness_record = {.name = "loudness",
                                                  .size = sizeof(struct gen_delivery_loudness),
                                                  .fields = loudness_fields,
                                                  .short_key = "preset",
                                                  .check = check_loudness,
                                                  .help = "How loud it is."};

static const struct gen_field zone_fields[] = {
    {.key = "top",
     .type = GEN_FIELD_REAL,
     FIELD(gen_delivery_zone, top),
     .min = 0,
     .max = 1,
     .help = "Share of the height."},
    {.key = "bottom",
     .type = GEN_FIELD_REAL,
     FIELD(gen_delivery_zone, bottom),
     .min = 0,
     .max = 1,
     .help = "Share of the height."},
    {.key = "left",
     .type = GEN_FIELD_REAL,
     FIELD(gen_delivery_zone, left),
     .min = 0,
     .max = 1,
     .help = "Share of the width."},
    {.key = "right",
     .type = GEN_FIELD_REAL,
     FIELD(gen_delivery_zone, right),
     .min = 0,
     .max = 1,
     .help = "Share of the width."},
    {.key = "mask",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_delivery_zone, mask),
     .help = "Picture of it, where the platform gives no numbers."},
    SEVERITY(gen_delivery_zone),
    {0}};

static const struct gen_record zone_record = {
    .name = "safe zone",
    .size = sizeof(struct gen_delivery_zone),
    .fields = zone_fields,
    .help = "Edges that the platform covers; texts and logos stay out of them."};

static const struct gen_field disclosure_fields[] = {
    TAKING(gen_delivery_disclosure, "label", label, "allow",
           "A visible AI label, or the platform's tick."),
    TAKING(gen_delivery_disclosure, "metadata", metadata, "prefer",
           "IPTC and XMP fields that say so."),
    {.key = "note",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_delivery_disclosure, note),
     .help = "What a person must do."},
    {0}};

static const struct gen_record disclosure_record = {.name = "disclosure",
                                                    .size = sizeof(struct gen_delivery_disclosure),
                                                    .fields = disclosure_fields,
                                                    .help = "That it was made by a machine."};

static const struct gen_field delivery_fields[] = {
    {.key = "id",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_delivery_policy, id),
     .min = 1,
     .max = 60,
     .help = "As the file is called."},
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_delivery_policy, name),
     .help = "For people."},
    {.key = "platform",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_delivery_policy, platform),
     .help = "YouTube, TikTok, ..."},
    {.key = "placement",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_delivery_policy, placement),
     .help = "Where it is shown there."},
    {.key = "version",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_delivery_policy, version),
     .help = "Of the rules: the date of the page."},
    {.key = "sources",
     .type = GEN_FIELD_RECORDS,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_delivery_policy, sources),
     .min = 1,
     .max = 10,
     .record = &source_record,
     .help = "Where the facts come from."},
    {.key = "checkedOn",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_delivery_policy, checked_on),
     .min = 10,
     .max = 10,
     .help = "When somebody last looked, \"2026-11-22\"."},
    {.key = "severity",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_delivery_policy, severity),
     .choices = gen_severity_choices,
     .preset = "warn",
     .help =
         "Of a rule that names none; `reject` only where a source of trust A gives the limits."},
    {.key = "container",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, container),
     .record = &container_record,
     .help = "The file."},
    {.key = "video",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, video),
     .record = &video_record,
     .help = "The pictures."},
    {.key = "audio",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, audio),
     .record = &audio_record,
     .help = "The sound."},
    {.key = "duration",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, duration),
     .record = &range_record,
     .help = "Seconds of the video stream."},
    {.key = "size",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, size),
     .record = &range_record,
     .help = "Bytes of the file."},
    {.key = "loudness",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, loudness),
     .record = &loudness_record,
     .help = "How loud it is."},
    {.key = "safeZone",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, safe_zone),
     .record = &zone_record,
     .help = "What the platform covers."},
    {.key = "disclosure",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_delivery_policy, disclosure),
     .record = &disclosure_record,
     .help = "That a machine made it."},
    {.key = "notes",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_delivery_policy, notes),
     .min = 0,
     .max = 20,
     .help = "For people."},
    {0}};

static enum gen_status check_checked_on(void *object, const struct gen_node *node,
                                        struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_delivery_policy *delivery = object;
    gen_moment moment;

    (void)arena;
    return gen_moment_parse(delivery->checked_on, strlen(delivery->checked_on), &moment, NULL) ==
                   GEN_OK
               ? GEN_OK
               : gen_policy_problem_at(node, "checkedOn", err, "is no date such as 2026-11-22");
}

/* Only what the platform itself says may keep a paid video back. */
static enum gen_status check_severity(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_delivery_policy *delivery = object;
    const struct gen_delivery_source *sources = delivery->sources.items;

    (void)node;
    (void)arena;
    for (size_t i = 0; i < delivery->sources.count; i++) {
        if (sources[i].trust == GEN_TRUST_A) {
            return GEN_OK;
        }
    }
    return delivery->severity != GEN_SEVERITY_REJECT
               ? GEN_OK
               : gen_error_set(err, GEN_EINVAL, "severity: reject needs a source of trust A");
}

static const struct gen_record_rule delivery_rules[] = {
    {"checkedOn", check_checked_on}, {"severity sources", check_severity}, {NULL, NULL}};

const struct gen_record gen_delivery_record = {
    .name = "delivery",
    .size = sizeof(struct gen_delivery_policy),
    .fields = delivery_fields,
    .rules = delivery_rules,
    .help = "What a platform takes: `deliver: [id]` in a brief."};
