/* runway_orders.c - from a body that is well formed to what is rendered and what it costs. */
#include "simulator/runway.h"

#include "base/alloc.h"
#include "base/number.h"
#include "platform/crypto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RUNWAY_DATA_MAX = 5 * 1024 * 1024, /* of a data URI, encoded */
    RUNWAY_FPS = 24,
    RUNWAY_AUTO_MS = 6000, /* what a model makes of "auto" */
};

static const char runway_scheme[] = "runway://";

/* --------------------------------------------------------------------------------------- inputs */

static const char *runway_data_wrong(const char *uri)
{
    const char *comma = strchr(uri, ',');

    if (strlen(uri) > RUNWAY_DATA_MAX) {
        return "Data URI is too large: at most 5 MB encoded";
    }
    if (comma == NULL || comma - uri < 7 || strncmp(comma - 7, ";base64", 7) != 0) {
        return "Invalid data URI: expected data:<type>;base64,<data>";
    }
    if (strncmp(uri, "data:image/", 11) != 0 && strncmp(uri, "data:video/", 11) != 0 &&
        strncmp(uri, "data:audio/", 11) != 0) {
        return "Invalid data URI: not an image, video or audio";
    }
    return NULL;
}

const char *runway_uri_wrong(struct sim_call *call, const struct gen_node *value)
{
    const char *uri = value->text;
    const struct sim_asset *asset;

    if (value->type != GEN_NODE_STRING) {
        return NULL; /* a list: its items are looked at one by one */
    }
    if (strncmp(uri, "data:", 5) == 0) {
        return runway_data_wrong(uri);
    }
    if (strncmp(uri, runway_scheme, sizeof(runway_scheme) - 1) != 0) {
        return sim_form_https(uri);
    }
    asset = sim_asset_find(call, uri + sizeof(runway_scheme) - 1);
    if (asset == NULL) {
        return "Upload not found or expired";
    }
    return asset->path == NULL ? "Upload is not complete: no file was sent" : NULL;
}

/* The file of an input that we have; NULL for one on the web, which the simulator does not fetch.
 * false: answered, the bytes are no media. */
static bool runway_input(struct sim_call *call, const char *uri, const struct sim_asset **out)
{
    struct sim_asset terms = {.name = "data", .upload = SIM_UPLOAD_HERE, .expires = 0};
    const char *type;
    void *bytes = NULL;
    size_t size = 0;

    *out = NULL;
    if (uri == NULL || strncmp(uri, "https:", 6) == 0) {
        return true;
    }
    if (strncmp(uri, runway_scheme, sizeof(runway_scheme) - 1) == 0) {
        *out = sim_asset_find(call, uri + sizeof(runway_scheme) - 1);
        return true;
    }
    if (gen_base64_decode(strchr(uri, ',') + 1, strlen(strchr(uri, ',') + 1), &bytes, &size) !=
        GEN_OK) {
        call->dialect->refuse(call, 400, NULL, "Invalid asset: the data URI is not base64.");
        return false;
    }
    type = sim_media_type(bytes, size);
    if (type == NULL || strncmp(type, uri + 5, 6) != 0) {
        call->dialect->refuse(call, 400, NULL,
                              "Invalid asset: the data does not match its declared content type.");
        gen_free(bytes);
        return false;
    }
    terms.type = type;
    *out = sim_asset_create(call, &terms);
    if (*out != NULL) {
        (void)sim_asset_store(call, *out, bytes, size, type);
    }
    gen_free(bytes);
    return true;
}

/* The URI that the clip begins with. */
static const char *runway_begin(const struct gen_node *body, enum runway_endpoint endpoint)
{
    const struct gen_node *image = gen_node_get(body, "promptImage");

    if (endpoint == RUNWAY_VIDEO) {
        return gen_node_text(gen_node_get(body, "videoUri"), NULL);
    }
    if (endpoint == RUNWAY_ACT) {
        return gen_node_text(gen_node_get(gen_node_get(body, "character"), "uri"), NULL);
    }
    if (gen_node_type_of(image) == GEN_NODE_LIST) {
        for (const struct gen_node *one = gen_node_first(image); one != NULL; one = one->next) {
            if (strcmp(gen_node_text(gen_node_get(one, "position"), "first"), "first") == 0) {
                return gen_node_text(gen_node_get(one, "uri"), NULL);
            }
        }
        return NULL;
    }
    return gen_node_text(image, NULL);
}

/* ---------------------------------------------------------------------------------- what it is */

static int32_t runway_lines(const char *resolution)
{
    return strcmp(resolution, "2k") == 0 ? 1440 : (int32_t)strtol(resolution, NULL, 10);
}

static int32_t runway_even(double value)
{
    return (int32_t)lround(value / 2) * 2;
}

static void runway_size(const struct runway_model *model, const struct gen_node *body,
                        struct sim_clip *clip)
{
    const char *ratio = gen_node_text(gen_node_get(body, "ratio"),
                                      gen_node_text(gen_node_get(body, "targetAspectRatio"), ""));
    const char *resolution = gen_node_text(gen_node_get(body, "resolution"), model->resolutions);
    int32_t lines = resolution == NULL ? 720 : runway_lines(resolution);
    int32_t a, b;

    if (!gen_number_pair(ratio, ':', &a, &b)) {
        a = 16; /* none was given: the picture decides, or landscape */
        b = 9;
    }
    if (a >= 256) {
        clip->width = a;
        clip->height = b;
    } else if (a >= b) {
        clip->height = lines;
        clip->width = runway_even((double)lines * a / b);
    } else {
        clip->width = lines;
        clip->height = runway_even((double)lines * b / a);
    }
}

static gen_micros runway_price(const struct runway_model *model, const struct sim_clip *clip,
                               int64_t duration_ms)
{
    int32_t lines = clip->width < clip->height ? clip->width : clip->height;
    const struct runway_rate *rate = model->rates;
    gen_micros price;

    while (rate->lines < lines && rate[1].lines != 0) {
        rate++;
    }
    price = (clip->sound ? rate->sound : rate->silent) * duration_ms / 1000;
    return price < model->least ? model->least : price;
}

/* Length of the performance or of the video that is edited. */
static bool runway_length_of(struct sim_call *call, const struct gen_node *body,
                             enum runway_endpoint endpoint, int64_t *ms)
{
    const struct gen_node *uri = endpoint == RUNWAY_ACT
                                     ? gen_node_get(gen_node_get(body, "reference"), "uri")
                                     : gen_node_get(body, "videoUri");
    const struct sim_asset *asset;
    const char *bytes;
    size_t size = 0;

    if (!runway_input(call, gen_node_text(uri, NULL), &asset)) {
        return false;
    }
    bytes = asset == NULL ? NULL : sim_asset_read(call, asset, &size);
    *ms = bytes == NULL ? 0 : sim_media_duration_ms(bytes, size);
    if (endpoint == RUNWAY_ACT && *ms != 0 && (*ms < 3000 || *ms > 30000)) {
        call->dialect->refuse(call, 400, NULL,
                              "Invalid asset: reference must be between 3 and 30 seconds.");
        return false;
    }
    return true;
}

bool runway_order(struct sim_call *call, const struct runway_model *model,
                  enum runway_endpoint endpoint, const struct gen_node *body, struct sim_order *out)
{
    const struct gen_node *duration = gen_node_get(body, "duration");
    bool automatic = gen_node_type_of(duration) == GEN_NODE_STRING;
    int64_t ms = llround(gen_node_number(duration, model->preset) * 1000);
    const struct sim_asset *asset = NULL;
    gen_micros price;

    if (!runway_input(call, runway_begin(body, endpoint), &asset)) {
        return false;
    }
    if (endpoint == RUNWAY_VIDEO || endpoint == RUNWAY_ACT) {
        int64_t length = 0;

        if (!runway_length_of(call, body, endpoint, &length)) {
            return false;
        }
        ms = length == 0 ? ms : length;
    }
    ms = automatic ? RUNWAY_AUTO_MS : ms;
    runway_size(model, body, &out->clip);
    out->clip.fps = RUNWAY_FPS;
    out->clip.duration_ms = ms;
    out->clip.sound = (model->features & RUNWAY_SOUND) != 0 ||
                      ((model->features & RUNWAY_AUDIO) != 0 &&
                       gen_node_truth(gen_node_get(body, "audio"), true));
    out->clip.first_frame = asset == NULL ? NULL : asset->path;
    price = runway_price(model, &out->clip, ms);
    out->estimate = automatic ? runway_price(model, &out->clip, llround(model->longest * 1000))
                              : price;
    /* A refused prompt is charged, a fault of theirs is not; credits of a run that is cancelled do
     * not come back. */
    out->bill = (struct sim_bill){
        .done = price, .filtered = 0, .refused = price, .failed = 0, .cancelled = price};
    out->model = model->name;
    return true;
}
