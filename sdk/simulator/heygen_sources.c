/* heygen_sources.c - what a video of the HeyGen dialect is made of: speech, pictures, footage.
 *
 * There is no field for the length of speech: it follows the script. Ours: 14.5 characters a second,
 * and a breath at every mark, divided by the speed; so an estimate from the characters alone is near
 * but never right, as with the vendor.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/heygen.jsonl
 */
#include "simulator/heygen_plan.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "platform/crypto.h"
#include "simulator/heygen_forms.h"

#include <string.h>

enum {
    HEYGEN_BREATH_MS = 120, /* at a mark of punctuation */
    HEYGEN_LEAD_MS = 250,   /* before the first word */
};

const char *heygen_text(const struct gen_node *map, const char *key)
{
    return gen_node_text(gen_node_get(map, key), NULL);
}

bool heygen_wrong(struct heygen_plan *plan, const char *key, const char *message)
{
    heygen_invalid(plan->call, gen_arena_printf(plan->call->arena, "%s%s", plan->where, key),
                   message);
    return false;
}

bool heygen_fits(struct heygen_plan *plan, const struct sim_field *fields,
                 const struct gen_node *map)
{
    struct sim_complaints complaints = {.count = 0};

    if (fields == NULL) {
        return heygen_wrong(plan, "type", "type is missing, or there is no such type");
    }
    if (gen_node_type_of(map) != GEN_NODE_MAP) {
        return heygen_wrong(plan, "type", "an object with a type is needed");
    }
    if (sim_form_check(plan->call, fields, map, &complaints)) {
        return true;
    }
    return heygen_wrong(plan, complaints.items[0].dotted, complaints.items[0].message);
}

/* ------------------------------------------------------------------------------- what is spoken */

static int64_t heygen_script_ms(const char *script, double speed)
{
    size_t size = strlen(script);
    double ms = (double)gen_utf8_count(script, size) * 1000.0 / 14.5;

    for (const char *at = script; *at != '\0'; at++) {
        ms += strchr(".,;:!?", *at) != NULL ? HEYGEN_BREATH_MS : 0;
    }
    return HEYGEN_LEAD_MS + (int64_t)(ms / speed);
}

/* Length of uploaded sound: by the header of a WAV, else as if it were 128 kbit/s. */
static int64_t heygen_sound_ms(struct sim_call *call, const struct sim_asset *asset)
{
    size_t size = 0;
    const char *bytes = sim_asset_read(call, asset, &size);
    uint32_t rate = 0;

    if (bytes != NULL && size > 44 && strcmp(asset->type, "audio/wav") == 0) {
        memcpy(&rate, bytes + 28, sizeof(rate)); /* bytes a second, little-endian like us */
    }
    return rate > 0 ? (int64_t)(size - 44) * 1000 / rate : (int64_t)size * 8 / 128;
}

/* The voice of a script: named, or the look's own. */
static bool heygen_voiced(struct heygen_plan *plan, const struct gen_node *map, const char *preset)
{
    const char *voice = heygen_text(map, "voice_id");

    if (voice == NULL && preset == NULL) {
        return heygen_wrong(plan, "voice_id",
                            "voice_id is required with script: this source has no "
                            "voice of its own");
    }
    if (voice != NULL && heygen_voice(voice) == NULL) {
        heygen_refuse(plan->call, 404, "voice_not_found",
                      gen_arena_printf(plan->call->arena, "There is no voice %s.", voice));
        return false;
    }
    return true;
}

bool heygen_speech(struct heygen_plan *plan, const struct gen_node *map, const char *preset,
                   int64_t *ms, int *count)
{
    static const char *const sources[] = {"script", "audio_url", "audio_asset_id"};
    const struct gen_node *settings = gen_node_get(map, "voice_settings");
    double speed = gen_node_number(gen_node_get(settings, "speed"), 1.0);
    const char *script = heygen_text(map, "script");
    const char *id = heygen_text(map, "audio_asset_id");
    const struct sim_asset *asset;

    *count = 0;
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        if (heygen_text(map, sources[i]) != NULL && ++*count > 1) {
            return heygen_wrong(plan, sources[i],
                                "script, audio_url and audio_asset_id exclude each other");
        }
    }
    if (script != NULL) {
        *ms = heygen_script_ms(script, speed);
        return heygen_voiced(plan, map, preset);
    }
    *ms = HEYGEN_FOREIGN_MS;
    if (id != NULL) {
        asset = heygen_asset_ready(plan->call, id);
        if (asset == NULL) {
            return false;
        }
        if (strncmp(asset->type, "audio/", 6) != 0) {
            return heygen_wrong(plan, "audio_asset_id", "this asset is not sound");
        }
        *ms = heygen_sound_ms(plan->call, asset);
    }
    if (*count > 0 && *ms > 600000) {
        return heygen_wrong(plan, sources[1], "sound may be 10 minutes long at most");
    }
    return true;
}

/* ---------------------------------------------------------------------- pictures and footage */

/* Keeps inline bytes as an asset, so that the clip can begin with them. */
static const struct sim_asset *heygen_inline(struct heygen_plan *plan, const struct gen_node *media)
{
    const char *text = heygen_text(media, "data");
    const char *type = heygen_text(media, "media_type");
    struct sim_asset terms = {.upload = SIM_UPLOAD_HERE, .name = "inline", .type = type};
    const struct sim_asset *asset = NULL;
    void *bytes = NULL;
    size_t size = 0;

    if (gen_base64_decode(text, strlen(text), &bytes, &size) != GEN_OK) {
        (void)heygen_wrong(plan, "data", "data is not base64 (a data: prefix must go)");
        return NULL;
    }
    if (sim_media_type(bytes, size) == NULL || strcmp(sim_media_type(bytes, size), type) != 0) {
        (void)heygen_wrong(plan, "media_type", "the bytes are not of this media_type");
    } else {
        terms.max_size = (int64_t)size;
        asset = sim_asset_create(plan->call, &terms);
        if (asset == NULL || !sim_asset_store(plan->call, asset, bytes, size, NULL)) {
            heygen_refuse(plan->call, 500, NULL, NULL);
            asset = NULL;
        }
    }
    gen_free(bytes);
    return asset;
}

bool heygen_media(struct heygen_plan *plan, const struct gen_node *media, const char *major)
{
    const char *type = gen_node_text(gen_node_get(media, "type"), "");
    const struct sim_asset *asset = NULL;
    const char *bytes;
    size_t size;

    if (!heygen_fits(plan, heygen_form_media(type), media)) {
        return false;
    }
    if (strcmp(type, "url") == 0) {
        return true;
    }
    asset = strcmp(type, "base64") == 0
                ? heygen_inline(plan, media)
                : heygen_asset_ready(plan->call, heygen_text(media, "asset_id"));
    if (asset == NULL) {
        return false;
    }
    if (strncmp(asset->type, major, strlen(major)) != 0) {
        return heygen_wrong(plan, "type", "the asset is of another kind than is needed here");
    }
    if (plan->first_frame == NULL) {
        plan->first_frame = asset->path;
        bytes = sim_asset_read(plan->call, asset, &size);
        (void)(bytes != NULL &&
               sim_media_pixels(bytes, size, &plan->source_width, &plan->source_height));
    }
    return true;
}

bool heygen_backed(struct heygen_plan *plan, const struct gen_node *map)
{
    const struct gen_node *background = gen_node_get(map, "background");
    const char *type = heygen_text(background, "type");
    const char *value = heygen_text(background, "value");
    const char *url = heygen_text(background, "url");
    const char *id = heygen_text(background, "asset_id");
    const char *format = heygen_text(map, "output_format");

    if (type == NULL) {
        return true;
    }
    if (format != NULL && strcmp(format, "webm") == 0) {
        return heygen_wrong(plan, "background", "webm has a transparent background");
    }
    if (strcmp(type, "color") == 0 && heygen_text(background, "color") == NULL &&
        (value == NULL || value[0] != '#' || strlen(value) != 7)) {
        return heygen_wrong(plan, "background.value", "value must be a colour like #1a2b3c");
    }
    if (strcmp(type, "image") == 0 && (url == NULL) == (id == NULL)) {
        return heygen_wrong(plan, "background.url", "either url or asset_id is needed");
    }
    return id == NULL || heygen_asset_ready(plan->call, id) != NULL;
}
