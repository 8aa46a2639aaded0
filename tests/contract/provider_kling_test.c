/* provider_kling_test.c - Kling's plugin in both dialects: what it makes of a scene, of every kind of
 * answer, of damaged ones, and of an order whose answer was lost. Facts: the provider's fact sheet. */
#include "provider_bed.h"
#include "provider_exchanges.h"

#include "base/alloc.h"

#define BASE "http://127.0.0.1:4010/kling"
#define SETTINGS "{\"baseUrl\": \"" BASE "/\"}"
#define FRESH "{\"baseUrl\": \"" BASE "\", \"dialect\": \"new\"}"
#define KETTLE "\"prompt\": \"A kettle boils at dawn\", \"duration\": 5"
#define PICTURE KETTLE ", \"assets\": [\"product.png\"]"

Test(provider_kling, settings)
{
    static const struct {
        const char *settings, *why; /* "" = taken */
    } rows[] = {
        {"{}", ""},
        {SETTINGS, ""},
        {"{\"auth\": \"key\", \"region\": \"beijing\", \"dialect\": \"new\", \"sound\": \"on\"}",
         ""},
        {"{\"models\": {\"kling-v4\": {\"like\": \"kling-v3\"}, \"kling-v3\": {\"tier\": 2}}}", ""},
        {"{\"resolutions\": [\"720p\", \"1080P\"], \"watermark\": false}", ""},
        {"{\"Auth\": \"key\"}", "there is no setting \"Auth\""},
        {"{\"auth\": \"basic\"}", "auth is one of \"jwt\", \"key\""},
        {"{\"dialect\": \"old\"}", "dialect is one of \"auto\", \"legacy\", \"new\""},
        {"{\"region\": \"mars\"}", "region is \"singapore\" or \"beijing\""},
        {"{\"resolutions\": [\"480p\"]}", "resolutions are of 720p, 1080p and 4k"},
        {"{\"resolutions\": []}", "resolutions are of 720p, 1080p and 4k"},
        {"{\"watermark\": \"no\"}", "watermark is true or false"},
        {"{\"unitPrice\": 5000}", "unitPrice is a price in dollars"},
        {"{\"pollSeconds\": 0}", "pollSeconds is a number from 1 to 600"},
        {"{\"moderationWords\": {}}", "moderationWords is a list of words"},
        {"{\"baseUrl\": \"api-singapore.klingai.com\"}", "baseUrl is not an http or https URL"},
        {"{\"models\": {\"x\": {\"like\": \"y\"}}}", "models.x is like no model of this plugin"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bed bed;
        enum gen_status status = bed_try(&bed, "kling", rows[i].settings);

        cr_expect(eq(int, status == GEN_OK, rows[i].why[0] == '\0'), "%s: %s", rows[i].settings,
                  bed.err.message);
        cr_expect(status == GEN_OK || strstr(bed.err.message, rows[i].why) != NULL, "%s: %s",
                  rows[i].settings, bed.err.message);
        bed_close(&bed);
    }
}

Test(provider_kling, what_it_offers)
{
    struct bed bed;
    const struct gen_model *model;

    bed_open(&bed, "kling", "{}");
    model = gen_hosted_model(bed.hosted, "kling-v3");
    cr_assert(ne(ptr, (void *)model, NULL));
    cr_expect(ne(int, (int)(model->traits & GEN_TRAIT_REPORTS_COST), 0));
    cr_expect(ne(int, (int)(model->traits & GEN_TRAIT_AUDIO), 0));
    /* a repeated reference is refused, as far as is known: that is not a licence to send it again */
    cr_expect(eq(int, (int)(model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT), 0));
    cr_expect(eq(sz, model->size_count, 9));
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_RECOVER));
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_HEALTH));
    cr_expect(not(gen_hosted_can(bed.hosted, GEN_VERB_CANCEL))); /* Kling has none */
    bed_close(&bed);
    bed_open(&bed, "kling", "{\"resolutions\": [\"1080p\"]}");
    model = gen_hosted_model(bed.hosted, "kling-v3");
    cr_expect(eq(sz, model->size_count, 3));
    model = gen_hosted_model(bed.hosted, "kling-v1"); /* has no other */
    cr_expect(eq(sz, model->size_count, 3));
    bed_close(&bed);
}

struct order {
    const char *settings, *model, *scene;
    int32_t width, height;
    const char *path, *body; /* without the reference; BASE64 where the picture is streamed */
    int64_t duration_ms;
    int32_t out_width, out_height;
};

#define WITH(map) "{\"baseUrl\": \"" BASE "\", " map "}"

static const struct order orders[] = {
    {SETTINGS, "kling-v2-6", KETTLE, 1920, 1080, "/v1/videos/text2video",
     "{\"model_name\":\"kling-v2-6\",\"prompt\":\"A kettle boils at dawn\",\"duration\":\"5\","
     "\"mode\":\"pro\",\"aspect_ratio\":\"16:9\",\"sound\":\"off\",\"external_task_id\":\"%s\"}",
     5000, 1920, 1080},
    /* sound only in the better quality: at 720p it is not even spoken of */
    {SETTINGS, "kling-v2-6", KETTLE, 1280, 720, "/v1/videos/text2video",
     "{\"model_name\":\"kling-v2-6\",\"prompt\":\"A kettle boils at dawn\",\"duration\":\"5\","
     "\"mode\":\"std\",\"aspect_ratio\":\"16:9\",\"external_task_id\":\"%s\"}",
     5000, 1280, 720},
    {WITH("\"sound\": \"on\""), "kling-v2-6",
     "\"prompt\": \"A shop\", \"dialogue\": \"Come in!\", \"presenter\": true, \"duration\": 5",
     1280, 720, "/v1/videos/text2video",
     "{\"model_name\":\"kling-v2-6\",\"prompt\":\"A shop\\nThe person says: \\\"Come in!\\\"\","
     "\"duration\":\"5\",\"mode\":\"pro\",\"aspect_ratio\":\"16:9\",\"sound\":\"on\","
     "\"external_task_id\":\"%s\"}",
     5000, 1920, 1080},
    /* clips of five or ten seconds */
    {SETTINGS, "kling-v2-5-turbo", "\"prompt\": \"x\", \"negativePrompt\": \"y\", \"duration\": 6",
     720, 1280, "/v1/videos/text2video",
     "{\"model_name\":\"kling-v2-5-turbo\",\"prompt\":\"x\",\"negative_prompt\":\"y\","
     "\"duration\":\"10\",\"mode\":\"std\",\"aspect_ratio\":\"9:16\",\"external_task_id\":\"%s\"}",
     10000, 720, 1280},
    {SETTINGS, "kling-v3", "\"prompt\": \"x\", \"duration\": 60", 2160, 2160,
     "/v1/videos/text2video",
     "{\"model_name\":\"kling-v3\",\"prompt\":\"x\",\"duration\":\"15\",\"mode\":\"4k\","
     "\"aspect_ratio\":\"1:1\",\"sound\":\"off\",\"external_task_id\":\"%s\"}",
     15000, 2160, 2160},
    /* a master has one quality, which is not chosen */
    {SETTINGS, "kling-v2-1-master", KETTLE, 1280, 720, "/v1/videos/text2video",
     "{\"model_name\":\"kling-v2-1-master\",\"prompt\":\"A kettle boils at dawn\",\"duration\":"
     "\"5\",\"aspect_ratio\":\"16:9\",\"external_task_id\":\"%s\"}",
     5000, 1920, 1080},
    /* the picture decides the shape; raw base64 */
    {SETTINGS, "kling-v2-1", PICTURE, 1080, 1080, "/v1/videos/image2video",
     "{\"image\":\"BASE64\",\"model_name\":\"kling-v2-1\",\"prompt\":\"A kettle boils at dawn\","
     "\"duration\":\"5\",\"mode\":\"pro\",\"external_task_id\":\"%s\"}",
     5000, 1920, 1080},
    {SETTINGS, "kling-video-o1", PICTURE, 1280, 720, "/v1/videos/omni-video",
     "{\"image_list\":[{\"type\":\"first_frame\",\"image_url\":\"BASE64\"}],\"model_name\":"
     "\"kling-video-o1\",\"prompt\":\"A kettle boils at dawn\",\"duration\":\"5\",\"mode\":\"std\","
     "\"external_task_id\":\"%s\"}",
     5000, 1280, 720},
    {FRESH, "kling-v3", KETTLE, 1920, 1080, "/text-to-video/kling-3.0",
     "{\"settings\":{\"aspect_ratio\":\"16:9\",\"resolution\":\"1080p\",\"duration\":5,\"audio\":"
     "\"off\"},\"prompt\":\"A kettle boils at dawn\",\"options\":{\"external_task_id\":\"%s\"}}",
     5000, 1920, 1080},
    {WITH("\"dialect\": \"new\", \"sound\": \"on\", \"watermark\": false"), "kling-v3",
     "\"prompt\": \"say \\\"hi\\\"\", \"duration\": 4, \"assets\": [\"a.png\"]", 1280, 720,
     "/image-to-video/kling-3.0",
     "{\"contents\":[{\"type\":\"prompt\",\"text\":\"say \\\"hi\\\"\"},{\"type\":\"first_frame\","
     "\"url\":\"BASE64\"}],\"settings\":{\"resolution\":\"720p\",\"duration\":4,\"audio\":"
     "\"native\"},\"options\":{\"watermark_info\":{\"enabled\":false},\"external_task_id\":\"%s\"}"
     "}",
     4000, 1280, 720},
    /* turbo has no switch, and is spoken of in one dialect alone */
    {WITH("\"dialect\": \"legacy\""), "kling-3.0-turbo", KETTLE, 1280, 720,
     "/text-to-video/kling-3.0-turbo",
     "{\"settings\":{\"aspect_ratio\":\"16:9\",\"resolution\":\"720p\",\"duration\":5},\"prompt\":"
     "\"A kettle boils at dawn\",\"options\":{\"external_task_id\":\"%s\"}}",
     5000, 1280, 720},
    {FRESH, "kling-v3-omni", KETTLE, 1280, 720, "/omni-video/kling-3.0-omni",
     "{\"settings\":{\"aspect_ratio\":\"16:9\",\"resolution\":\"720p\",\"duration\":5,\"audio\":"
     "\"off\"},\"contents\":[{\"type\":\"prompt\",\"text\":\"A kettle boils at dawn\"}],"
     "\"options\":{\"external_task_id\":\"%s\"}}",
     5000, 1280, 720},
    {WITH("\"dialect\": \"new\", \"models\": {\"kling-4.0\": {\"like\": \"kling-v3\"}}"),
     "kling-4.0", KETTLE, 1280, 720, "/text-to-video/kling-4.0",
     "{\"settings\":{\"aspect_ratio\":\"16:9\",\"resolution\":\"720p\",\"duration\":5,\"audio\":"
     "\"off\"},\"prompt\":\"A kettle boils at dawn\",\"options\":{\"external_task_id\":\"%s\"}}",
     5000, 1280, 720},
};

Test(provider_kling, orders)
{
    for (size_t i = 0; i < GEN_COUNT(orders); i++) {
        const struct order *row = &orders[i];
        struct bed bed;
        struct gen_step step;
        const struct gen_node *sent, *expected;
        const char *text;

        bed_open(&bed, "kling", row->settings);
        bed_shot(&bed, row->model, row->scene, row->width, row->height);
        cr_expect(eq(i64, bed.formatted.duration_ms, row->duration_ms), "%zu", i);
        cr_expect(eq(int, bed.formatted.width, row->out_width), "%zu", i);
        cr_expect(eq(int, bed.formatted.height, row->out_height), "%zu", i);
        bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP), "%zu", i);
        cr_expect(bed_same(step.as.http.url, gen_arena_printf(bed.arena, BASE "%s", row->path)),
                  "%s", step.as.http.url);
        cr_expect(bed_same(step.as.http.method, "POST"));
        cr_expect(bed_same(step.as.http.credential, "jwt"));
        cr_expect(bed_same(bed_header(&step, "content-type"), "application/json"));
        cr_expect(step.as.http.costs);
        cr_expect(not(step.as.http.follow));
        sent = exchange_sent(&bed, &step);
        text = gen_arena_printf(bed.arena, row->body, bed.sample.shot.attempt.id.text);
        expected = bed_json(&bed, text);
        text = gen_json_text(bed.arena, sent, NULL);
        cr_expect(bed_same(text, gen_json_text(bed.arena, expected, NULL)), "%zu: %s", i, text);
        bed_close(&bed);
    }
}

/* The picture is streamed into the body as raw base64, without a data: prefix. */
Test(provider_kling, streams_the_picture)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v2-6", PICTURE, 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_assert(eq(sz, step.as.http.piece_count, 3));
    cr_expect(bed_same(step.as.http.pieces[0].data, "{\"image\":\""));
    cr_expect(eq(int, step.as.http.pieces[1].asset, 0));
    cr_expect(step.as.http.pieces[1].base64);
    cr_expect(eq(int, strncmp(step.as.http.pieces[2].data, "\",\"model_name\":", 15), 0));
    bed_close(&bed);
}

Test(provider_kling, what_it_says_it_changed)
{
    static char prompt[8000] = "\"duration\": 6.2, \"negativePrompt\": \"x\", \"dialogue\": \"hi\","
                               "\"assets\": [\"a.png\", \"b.png\"], \"prompt\": \"";
    struct bed bed;

    for (int i = 0; i < 600; i++) {
        strcat(prompt, "a cat ");
    }
    strcat(prompt, "\"");
    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v3", prompt, 1000, 1000);
    cr_expect(bed_same(bed_adjusted(&bed, "duration"), "6.2 s -> 7 s"));
    /* the more telling of the two: the sample picture is 1600x900 */
    cr_expect(bed_same(bed_adjusted(&bed, "assets"), "2 -> 1"));
    cr_expect(bed_same(bed_adjusted(&bed, "prompt"), "3599 bytes -> 2497 bytes"), "%s",
              bed_adjusted(&bed, "prompt"));
    cr_expect(bed_same(bed_adjusted(&bed, "negativePrompt"), "given -> left out"));
    cr_expect(bed_same(bed_adjusted(&bed, "dialogue"), "spoken -> not spoken here"));
    cr_expect(eq(int, bed.formatted.width, 1920));
    bed_shot(&bed, "kling-v3", KETTLE, 1000, 1000);
    cr_expect(bed_same(bed_adjusted(&bed, "resolution"), "1000x1000 -> 1080x1080"));
    bed_shot(&bed, "kling-v3", KETTLE, 1920, 1080);
    cr_expect(eq(sz, gen_node_count(bed.formatted.adjustments), 0));
    bed_close(&bed);
}

Test(provider_kling, pictures)
{
    static const struct {
        const char *type;
        int64_t bytes;
        int32_t width, height;
        const char *why;      /* of a refusal; NULL = taken */
        const char *to;       /* media type of the recipe; NULL = goes as it is */
        int32_t least;        /* of the recipe */
        int32_t out_w, out_h; /* at 720p */
    } rows[] = {
        {"image/png", 1000, 1600, 900, NULL, NULL, 0, 1280, 720},
        {"image/jpeg", 10 << 20, 900, 1600, NULL, NULL, 0, 720, 1280},
        {"image/jpeg", (10 << 20) + 1, 1000, 1000, NULL, "", 0, 720, 720},
        {"image/webp", 1000, 1000, 1000, NULL, "image/jpeg", 0, 720, 720},
        {"image/png", 1000, 299, 400, NULL, "", 300, 720, 964},
        {"image/png", 1000, 1000, 400, NULL, NULL, 0, 1280, 512},
        {"image/png", 1000, 1001, 400, "crop it", NULL, 0, 0, 0},
        {"image/png", 1000, 400, 1001, "crop it", NULL, 0, 0, 0},
        {"image/png", 1000, 0, 0, NULL, NULL, 0, 1280, 720}, /* of unknown size */
    };
    struct bed bed;

    bed_open(&bed, "kling", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_asset *asset;
        enum gen_status status;

        bed_scene(&bed, "kling-v2-6", PICTURE, 1280, 720);
        asset = &bed.sample.assets[0];
        asset->media_type = rows[i].type;
        asset->size = rows[i].bytes;
        asset->width = rows[i].width;
        asset->height = rows[i].height;
        status = bed_format(&bed);
        cr_assert(eq(int, status, rows[i].why == NULL ? GEN_OK : GEN_EUNSUPPORTED), "%zu", i);
        if (rows[i].why != NULL) {
            cr_expect(strstr(bed.err.message, rows[i].why) != NULL, "%s", bed.err.message);
            continue;
        }
        cr_expect(eq(int, bed.formatted.width, rows[i].out_w), "%zu", i);
        cr_expect(eq(int, bed.formatted.height, rows[i].out_h), "%zu", i);
        cr_assert(eq(sz, bed.formatted.recipe_count, rows[i].to != NULL), "%zu", i);
        if (rows[i].to != NULL) {
            cr_expect(bed_same(bed.formatted.recipes[0].media_type, rows[i].to), "%zu", i);
            cr_expect(eq(i64, bed.formatted.recipes[0].max_bytes, 10 << 20), "%zu", i);
            cr_expect(eq(int, bed.formatted.recipes[0].min_width, rows[i].least), "%zu", i);
        }
    }
    bed_close(&bed);
}

Test(provider_kling, what_it_refuses)
{
    static const struct {
        const char *model, *scene, *why;
    } rows[] = {
        {"kling-v3", "\"duration\": 5, \"overlays\": [{\"role\": \"badge\", \"text\": \"new\"}]",
         "needs a prompt"},
        {"kling-video-o1", "\"duration\": 5, \"assets\": [\"a.png\"]", "needs a prompt"},
        {"kling-v3", KETTLE ", \"assets\": [\"street.mp4\"]", "cannot show footage"},
    };
    struct bed bed;

    bed_open(&bed, "kling", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed_scene(&bed, rows[i].model, rows[i].scene, 1280, 720);
        cr_expect(eq(int, bed_format(&bed), GEN_EUNSUPPORTED), "%zu", i);
        cr_expect(strstr(bed.err.message, rows[i].why) != NULL, "%s", bed.err.message);
    }
    /* the picture alone says enough */
    bed_shot(&bed, "kling-v2-1", "\"duration\": 5, \"assets\": [\"a.png\"]", 1280, 720);
    bed_close(&bed);
}

Test(provider_kling, cost)
{
    static const struct {
        const char *model, *scene, *row;
        bool known, exact;
        int64_t price;
    } rows[] = {
        /* before 3.0 by the clip: six seconds are ten */
        {"kling-v2-5-turbo", "\"prompt\": \"x\", \"duration\": 6",
         "{\"perSecond\": 0.07, \"stepSeconds\": 5}", true, true, 700000},
        {"kling-v2-5-turbo", KETTLE, "{\"perClip\": 0.35, \"clipSeconds\": 5}", true, true, 350000},
        {"kling-v3", "\"prompt\": \"x\", \"duration\": 6.2", "{\"perSecond\": 0.084}", true, true,
         588000},
        {"kling-v2-6", KETTLE, "{\"perSecond\": 0.168, \"estimate\": true}", true, false, 840000},
        {"kling-v2-1", KETTLE, NULL, false, false, 0},
    };
    struct bed bed;

    bed_open(&bed, "kling", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_priced priced;

        bed_shot(&bed, rows[i].model, rows[i].scene, 1280, 720);
        cr_assert(eq(int,
                     gen_hosted_cost(bed.hosted, &bed.task,
                                     rows[i].row != NULL ? bed_json(&bed, rows[i].row) : NULL,
                                     bed.arena, &priced, &bed.err),
                     GEN_OK));
        cr_expect(eq(int, priced.known, rows[i].known), "%zu", i);
        cr_expect(eq(int, priced.known &&priced.exact, rows[i].exact), "%zu", i);
        cr_expect(eq(i64, priced.price, rows[i].price), "%zu", i);
    }
    bed_close(&bed);
}

/* ---------------------------------------------------------------------------------------- places */

/* Hosts are per region: a job is read where it was ordered, unless a base URL stands for all. */
Test(provider_kling, places)
{
    static const struct {
        const char *settings, *handle, *url, *credential;
    } rows[] = {
        {"{}", "singapore/text2video/t1",
         "https://api-singapore.klingai.com/v1/videos/text2video/t1", "jwt"},
        {"{\"region\": \"beijing\"}", "singapore/tasks/t1",
         "https://api-singapore.klingai.com/tasks?task_ids=t1", "jwt"},
        {"{\"auth\": \"key\"}", "beijing/omni-video/t1",
         "https://api-beijing.klingai.com/v1/videos/omni-video/t1", "key"},
        {SETTINGS, "singapore/image2video/a/b", BASE "/v1/videos/image2video/a%2Fb", "jwt"},
        {SETTINGS, "/tasks/a&b=c", BASE "/tasks?task_ids=a%26b%3Dc", "jwt"},
        {SETTINGS, "/tasks/@att_1", BASE "/tasks?external_task_ids=att_1", "jwt"},
        {SETTINGS, "/text2video/@att_1", BASE "/v1/videos/text2video/att_1", "jwt"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bed bed;
        struct gen_step step;

        bed_open(&bed, "kling", rows[i].settings);
        bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
        bed_ask(&bed, GEN_VERB_POLL, rows[i].handle, &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
        cr_expect(bed_same(step.as.http.url, rows[i].url), "%s", step.as.http.url);
        cr_expect(bed_same(step.as.http.credential, rows[i].credential));
        cr_expect(step.as.http.declared_host);
        bed_close(&bed);
    }
}

/* --------------------------------------------------------------------------------------- failures */

struct talk {
    enum gen_verb verb;
    const char *state; /* before the answer; NULL: of the verb's own first step */
    struct bed_answer answer;
    struct bed_failure expected;
    int64_t cost; /* with YES; 0 = not said */
};

#define NO GEN_BILLING_NO
#define YES GEN_BILLING_YES
#define UNKNOWN GEN_BILLING_UNKNOWN
#define CODE(code) "{\"code\": " code ", \"message\": \"why\", \"request_id\": \"r\"}"
#define JOB(more) "{\"code\": 0, \"data\": {\"task_id\": \"t1\", " more "}}"
#define FRESH_JOB(more) "{\"code\": 0, \"data\": [{\"id\": \"t1\", " more "}]}"

static const struct talk talks[] = {
    /* every row of the vendor's table, at the order */
    {GEN_VERB_SUBMIT, NULL, {401, CODE("1000")}, {GEN_FAILURE_AUTH, NO, "1000", "why"}},
    {GEN_VERB_SUBMIT, NULL, {401, CODE("1001")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {401, CODE("1002")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {401, CODE("1003")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {401, CODE("1004")}, {GEN_FAILURE_AUTH, NO, "1004"}},
    {GEN_VERB_SUBMIT, NULL, {429, CODE("1100")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {429, CODE("1101")}, {GEN_FAILURE_QUOTA, NO}},
    {GEN_VERB_SUBMIT, NULL, {429, CODE("1102")}, {GEN_FAILURE_QUOTA, NO, "1102"}},
    {GEN_VERB_SUBMIT, NULL, {403, CODE("1103")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {400, CODE("1200")}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, NULL, {400, CODE("1201")}, {GEN_FAILURE_INVALID, NO, "1201", "why", ""}},
    {GEN_VERB_SUBMIT, NULL, {404, CODE("1202")}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, NULL, {404, CODE("1203")}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, NULL, {400, CODE("1300")}, {GEN_FAILURE_MODERATED, NO}},
    {GEN_VERB_SUBMIT,
     NULL,
     {400, CODE("1301")},
     {GEN_FAILURE_MODERATED, NO, "1301", "why", "scenes[0].prompt"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {429, CODE("1302")},
     {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 2000}},
    {GEN_VERB_SUBMIT,
     NULL,
     {429, CODE("1303")},
     {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 15000}},
    {GEN_VERB_SUBMIT,
     NULL,
     {429, CODE("1303"), "retry-after", "7"},
     {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 7000}},
    {GEN_VERB_SUBMIT, NULL, {429, CODE("1304")}, {GEN_FAILURE_AUTH, NO}},
    /* faults on the paid request say nothing about the bill; 5002 may have been started */
    {GEN_VERB_SUBMIT, NULL, {500, CODE("5000")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {503, CODE("5001")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {504, CODE("5002")}, {GEN_FAILURE_TRANSIENT, UNKNOWN, "5002"}},
    {GEN_VERB_SUBMIT, NULL, {502, "<html>"}, {GEN_FAILURE_TRANSIENT, UNKNOWN, "502"}},
    /* 200 with an error inside, known and unknown */
    {GEN_VERB_SUBMIT, NULL, {200, CODE("1301")}, {GEN_FAILURE_MODERATED, NO}},
    {GEN_VERB_SUBMIT, NULL, {200, CODE("1102")}, {GEN_FAILURE_QUOTA, NO}},
    {GEN_VERB_SUBMIT, NULL, {200, CODE("5002")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, CODE("7777")}, {GEN_FAILURE_PROVIDER, UNKNOWN, "7777"}},
    {GEN_VERB_SUBMIT, NULL, {400, CODE("7777")}, {GEN_FAILURE_INVALID, NO, "7777"}},
    {GEN_VERB_SUBMIT, NULL, {429, "slow"}, {GEN_FAILURE_RATE_LIMITED, NO, "429"}},
    {GEN_VERB_SUBMIT, NULL, {302, ""}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {408, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {500, JOB("\"task_status\": \"submitted\"")},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    /* accepted, but by what name? */
    {GEN_VERB_SUBMIT, NULL, {200, "{\"code\": 0}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, "{\"code\": 0, \"data\": []}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {200, "{\"code\": 0, \"data\": {\"task_id\": 5}}"},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, "<html>"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {200, JOB("\"task_status\": \"submitted\""), .cut = true},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, "{\"code\": \"0\"}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, "{\"code\": 1e99}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    /* our reference is taken and nobody has it */
    {GEN_VERB_SUBMIT, "look", {404, CODE("1203")}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, "look", {503, CODE("5001")}, {GEN_FAILURE_INVALID, UNKNOWN}},
    /* a job that runs: only what is certain ends it */
    {GEN_VERB_POLL, NULL, {404, CODE("1203")}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {200, "{\"code\": 0, \"data\": []}"}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {401, CODE("1004")}, {GEN_FAILURE_AUTH, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {429, CODE("1101")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL,
     NULL,
     {429, CODE("1302")},
     {GEN_FAILURE_RATE_LIMITED, UNKNOWN, NULL, NULL, NULL, 2000}},
    {GEN_VERB_POLL, NULL, {400, CODE("1301")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {503, CODE("5001")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {404, "<html>"}, {GEN_FAILURE_TRANSIENT, UNKNOWN}}, /* a proxy's */
    {GEN_VERB_POLL, NULL, {200, "<html>"}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {302, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {200, JOB("\"task_status\": 7")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"code\": 0, \"data\": [{\"id\": \"other\", \"status\": \"failed\"}]}"},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL,
     NULL,
     {200, JOB("\"task_status\": \"succeed\""), .cut = true},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    /* failed: not charged; a refusal has only words then */
    {GEN_VERB_POLL,
     NULL,
     {200, JOB("\"task_status\": \"failed\", \"task_status_msg\": \"internal failure\"")},
     {GEN_FAILURE_PROVIDER, NO, "failed", "internal failure"}},
    {GEN_VERB_POLL,
     NULL,
     {200, JOB("\"task_status\": \"failed\"")},
     {GEN_FAILURE_PROVIDER, NO, "failed", "Kling failed at the render and gave no reason"}},
    {GEN_VERB_POLL,
     NULL,
     {200, JOB("\"task_status\": \"failed\", \"task_status_msg\": \"Failure to pass the Risk "
               "Control system\"")},
     {GEN_FAILURE_MODERATED, NO}},
    {GEN_VERB_POLL,
     NULL,
     {200, FRESH_JOB("\"status\": \"failed\", \"message\": \"violates our content policy\"")},
     {GEN_FAILURE_MODERATED, NO, "failed", "violates our content policy"}},
    {GEN_VERB_POLL,
     NULL,
     {200, JOB("\"task_status\": \"failed\", \"final_unit_deduction\": \"2\"")},
     {GEN_FAILURE_PROVIDER, YES},
     280000},
    {GEN_VERB_POLL,
     NULL,
     {200, JOB("\"task_status\": \"failed\", \"final_unit_deduction\": \"two\"")},
     {GEN_FAILURE_PROVIDER, NO}},
    /* finished, and nothing is there */
    {GEN_VERB_POLL,
     NULL,
     {200, JOB("\"task_status\": \"succeed\", \"task_result\": {\"videos\": []}")},
     {GEN_FAILURE_PROVIDER, UNKNOWN, "empty"}},
    {GEN_VERB_POLL,
     NULL,
     {200, FRESH_JOB("\"status\": \"succeeded\", \"message\": \"filtered: sensitive\", \"outputs\":"
                     " [{\"type\": \"image\", \"url\": \"https://x/\"}]")},
     {GEN_FAILURE_MODERATED, UNKNOWN, "empty"}},
    {GEN_VERB_FETCH, NULL, {404, CODE("1203")}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_FETCH, "file 0", {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_FETCH, "file 0", {429, ""}, {GEN_FAILURE_RATE_LIMITED, UNKNOWN}},
    {GEN_VERB_FETCH, "file 2", {404, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}}, /* the third link */
    {GEN_VERB_FETCH, "file 0", {200, "", .cut = true}, {GEN_FAILURE_PROVIDER, YES}},
    {GEN_VERB_HEALTH, NULL, {401, CODE("1002")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_HEALTH, NULL, {429, CODE("1101")}, {GEN_FAILURE_QUOTA, NO}},
    {GEN_VERB_HEALTH,
     NULL,
     {429, CODE("1302")},
     {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 2000}},
    {GEN_VERB_HEALTH, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_HEALTH, NULL, {404, ""}, {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_HEALTH, NULL, {200, "<html>"}, {GEN_FAILURE_PROVIDER, NO}},
};

Test(provider_kling, failures)
{
    struct bed bed;

    bed_open(&bed, "kling", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(talks); i++) {
        const struct talk *row = &talks[i];
        struct gen_step step;

        bed_shot(&bed, "kling-v2-6", KETTLE, 1280, 720);
        bed_ask(&bed, row->verb, row->verb == GEN_VERB_SUBMIT ? "" : "/text2video/t1", &step);
        if (row->state != NULL) {
            bed.sample.shot.attempt.step_state = row->state;
        }
        bed_step(&bed, row->verb, &row->answer, &step);
        bed_fails(
            &step, &row->expected,
            gen_arena_printf(bed.arena, "%zu: %d %s", i, row->answer.status, row->answer.body));
        cr_expect(eq(i64, step.as.fail.cost, row->cost > 0 ? row->cost : -1), "%zu", i);
    }
    bed_close(&bed);
}

/* The handle of another version is none: it says so instead of asking for something else. */
Test(provider_kling, strange_handles)
{
    static const char *const rows[] = {"t1", "/t1", "singapore/text2video",
                                       "singapore/text2video/"};
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed_ask(&bed, GEN_VERB_POLL, rows[i], &step);
        bed_fails(&step, &(struct bed_failure){GEN_FAILURE_EXPIRED, UNKNOWN}, rows[i]);
    }
    bed.sample.shot.parameters = "{\"path\": 5}";
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    bed_fails(&step, &(struct bed_failure){GEN_FAILURE_INVALID, NO}, "parameters");
    bed.sample.shot.parameters = "{\"path\": \"/x\", \"body\": {\"a\": 1}, \"picture\": 7}";
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    bed_fails(&step, &(struct bed_failure){GEN_FAILURE_INVALID, NO}, "picture");
    bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
    bed_fails(&step, &(struct bed_failure){GEN_FAILURE_INVALID, UNKNOWN}, "recover");
    bed_close(&bed);
}

/* ------------------------------------------------------------------------------- poll, fetch, recover */

Test(provider_kling, polls)
{
    static const struct {
        const char *body;
        enum gen_step_type type;
        const char *note; /* WAIT */
        int64_t cost;     /* DONE */
    } rows[] = {
        {JOB("\"task_status\": \"submitted\""), GEN_STEP_IS_WAIT, "waiting at Kling", 0},
        {JOB("\"task_status\": \"processing\""), GEN_STEP_IS_WAIT, "rendering at Kling", 0},
        {FRESH_JOB("\"status\": \"processing\""), GEN_STEP_IS_WAIT, "rendering at Kling", 0},
        {JOB("\"task_status\": \"queueing\""), GEN_STEP_IS_WAIT, "Kling says: queueing", 0},
        {JOB("\"task_status\": \"succeed\", \"final_unit_deduction\": \"2.5\", \"task_result\": "
             "{\"videos\": [{\"url\": \"https://h/v.mp4\", \"duration\": \"5.041\"}]}"),
         GEN_STEP_IS_DONE, NULL, 350000},
        {JOB("\"task_status\": \"succeed\", \"final_unit_deduction\": 2, \"task_result\": "
             "{\"videos\": [{\"url\": \"https://h/v.mp4\"}]}"),
         GEN_STEP_IS_DONE, NULL, 280000},
        {JOB("\"task_status\": \"succeed\", \"task_result\": {\"videos\": [{\"url\": "
             "\"https://h/v.mp4\"}]}"),
         GEN_STEP_IS_DONE, NULL, -1},
        /* one object, or a list in which ours is looked for */
        {"{\"code\": 0, \"data\": {\"id\": \"t1\", \"status\": \"succeeded\", \"outputs\": "
         "[{\"type\": \"video\", \"url\": \"https://h/v.mp4\"}], \"billing\": [{\"charge_type\": "
         "\"unit\", \"amount\": \"0.6\"}]}}",
         GEN_STEP_IS_DONE, NULL, 84000},
        {"{\"code\": 0, \"data\": [{\"id\": \"t0\", \"status\": \"failed\"}, {\"id\": \"t1\", "
         "\"status\": \"succeeded\", \"outputs\": [{\"type\": \"cover\", \"url\": \"https://h/c\"},"
         " {\"type\": \"video\", \"url\": \"https://h/v.mp4\"}], \"billing\": [{\"charge_type\": "
         "\"unit\", \"amount\": \"1\"}, {\"charge_type\": \"cash\", \"amount\": 0.25}]}]}",
         GEN_STEP_IS_DONE, NULL, 390000},
        /* a kind of charge that nobody knows: not said is better than wrong */
        {FRESH_JOB(
             "\"status\": \"succeeded\", \"outputs\": [{\"type\": \"video\", \"url\": "
             "\"https://h/v\"}], \"billing\": [{\"charge_type\": \"gold\", \"amount\": \"1\"}]"),
         GEN_STEP_IS_DONE, NULL, -1},
        {FRESH_JOB("\"status\": \"succeeded\", \"outputs\": [{\"type\": \"video\", \"url\": "
                   "\"https://h/v\"}], \"billing\": []"),
         GEN_STEP_IS_DONE, NULL, -1},
    };
    struct bed bed;

    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_step step;

        bed_ask(&bed, GEN_VERB_POLL, "/tasks/t1", &step);
        bed_told(&bed, GEN_VERB_POLL, 200, rows[i].body, &step);
        cr_assert(eq(int, step.type, rows[i].type), "%zu", i);
        if (step.type == GEN_STEP_IS_WAIT) {
            cr_expect(eq(i64, step.wait_ms, 5000));
            cr_expect(bed_same(step.note, rows[i].note), "%s", step.note);
        } else {
            cr_expect(eq(i64, step.as.done.cost, rows[i].cost), "%zu", i);
        }
    }
    bed_close(&bed);
}

Test(provider_kling, fetches)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
    bed_ask(&bed, GEN_VERB_FETCH, "/text2video/t1", &step);
    for (int link = 0; link < 3; link++) {
        cr_expect(bed_same(step.as.http.url, BASE "/v1/videos/text2video/t1"));
        bed_told(&bed, GEN_VERB_FETCH, 200,
                 JOB("\"task_status\": \"succeed\", \"task_result\": {\"videos\": [{\"url\": "
                     "\"https://cdn.example/v.mp4?sig=1\"}]}"),
                 &step);
        cr_expect(bed_same(step.as.http.url, "https://cdn.example/v.mp4?sig=1"));
        cr_expect(
            bed_same(step.as.http.credential, "")); /* bare: hot-link protection is by origin */
        cr_expect(step.as.http.to_result && step.as.http.follow && !step.as.http.costs);
        if (link < 2) {
            bed_told(&bed, GEN_VERB_FETCH, 403, "", &step);
        }
    }
    bed_told(&bed, GEN_VERB_FETCH, 200, "", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_close(&bed);
}

struct lost {
    const char *settings;
    int status;
    const char *body;
    enum gen_step_type type;
    const char *handle; /* DONE */
};

#define OURS "\"task_info\": {\"external_task_id\": \"att_00000000000000000000000001\"}"

static const struct lost losts[] = {
    {SETTINGS, 200, JOB("\"task_status\": \"processing\", " OURS), GEN_STEP_IS_DONE,
     "/text2video/@att_00000000000000000000000001"},
    {SETTINGS, 404, CODE("1203"), GEN_STEP_IS_DONE, ""},
    /* all that does not say for certain that nothing was bought */
    {SETTINGS, 404, "<html>", GEN_STEP_IS_WAIT, NULL},
    {SETTINGS, 404, CODE("1202"), GEN_STEP_IS_WAIT, NULL},
    {SETTINGS, 400, CODE("1201"), GEN_STEP_IS_WAIT, NULL},
    {SETTINGS, 401, CODE("1004"), GEN_STEP_IS_WAIT, NULL},
    {SETTINGS, 503, CODE("5001"), GEN_STEP_IS_WAIT, NULL},
    {SETTINGS, 200, "{\"code\": 0}", GEN_STEP_IS_WAIT, NULL},
    {SETTINGS, 200, "{\"code\": 0, \"da", GEN_STEP_IS_WAIT, NULL},
    {SETTINGS, 200, JOB("\"task_info\": {\"external_task_id\": \"att_other\"}"), GEN_STEP_IS_WAIT,
     NULL},
    {"{\"absentCode\": 1202}", 404, CODE("1202"), GEN_STEP_IS_DONE, ""},
    {"{}", 200, JOB("\"task_status\": \"submitted\""), GEN_STEP_IS_DONE, "singapore/text2video/t1"},
    {FRESH, 200,
     FRESH_JOB("\"status\": \"submitted\", \"external_id\": \"att_00000000000000000000000001\""),
     GEN_STEP_IS_DONE, "/tasks/@att_00000000000000000000000001"},
    {FRESH, 200, "{\"code\": 0, \"data\": []}", GEN_STEP_IS_DONE, ""},
    {FRESH, 200, FRESH_JOB("\"external_id\": \"att_other\""), GEN_STEP_IS_WAIT, NULL},
    {FRESH, 200, "{\"code\": 0, \"data\": {}}", GEN_STEP_IS_WAIT, NULL},
    {FRESH, 429, CODE("1302"), GEN_STEP_IS_WAIT, NULL},
};

/* An order whose answer was lost is looked up by our reference. */
Test(provider_kling, recovers)
{
    for (size_t i = 0; i < GEN_COUNT(losts); i++) {
        const struct lost *row = &losts[i];
        struct bed bed;
        struct gen_step step;

        bed_open(&bed, "kling", row->settings);
        bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
        bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
        cr_expect(bed_same(step.as.http.method, "GET"));
        cr_expect(strstr(step.as.http.url,
                         bed_same(row->settings, FRESH)
                             ? "/tasks?external_task_ids=att_00000000000000000000000001"
                             : "/v1/videos/text2video/att_00000000000000000000000001") != NULL,
                  "%s", step.as.http.url);
        bed_told(&bed, GEN_VERB_RECOVER, row->status, row->body, &step);
        cr_assert(eq(int, step.type, row->type), "%zu", i);
        if (step.type == GEN_STEP_IS_DONE) {
            cr_expect(bed_same(step.as.done.handle, row->handle), "%s", step.as.done.handle);
        } else {
            cr_expect(step.note[0] != '\0');
        }
        bed_close(&bed);
    }
}

/* A refusal because our reference is taken: it is ours, and it is found instead of ordered again. */
Test(provider_kling, taken_references)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    bed_told(&bed, GEN_VERB_SUBMIT, 400,
             "{\"code\": 1201, \"message\": \"External_Task_Id already exists\"}", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step.as.http.method, "GET"));
    cr_expect(not(step.as.http.costs));
    /* cut off here: looked up again, not ordered again */
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step);
    cr_expect(bed_same(step.as.http.method, "GET"));
    bed_told(&bed, GEN_VERB_SUBMIT, 200, JOB("\"task_status\": \"processing\", " OURS), &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, "/text2video/@att_00000000000000000000000001"));
    bed_close(&bed);
}

/* Kling gives one id to two orders: whoever has the other reference is not ours, and ours is asked for by
 * our reference, in poll and in fetch. */
Test(provider_kling, one_id_for_two_orders)
{
    static const enum gen_verb verbs[] = {GEN_VERB_POLL, GEN_VERB_FETCH};
    static const char theirs[] = JOB("\"task_status\": \"succeed\", \"task_info\": "
                                     "{\"external_task_id\": \"att_other\"}, \"task_result\": "
                                     "{\"videos\": [{\"url\": \"https://cdn.example/theirs.mp4\"}]}");
    static const char ours[] = JOB("\"task_status\": \"succeed\", " OURS ", \"task_result\": "
                                   "{\"videos\": [{\"url\": \"https://cdn.example/ours.mp4\"}]}");

    for (size_t i = 0; i < GEN_COUNT(verbs); i++) {
        struct bed bed;
        struct gen_step step;

        bed_open(&bed, "kling", SETTINGS);
        bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
        bed_ask(&bed, verbs[i], "/text2video/t1", &step);
        bed_told(&bed, verbs[i], 200, theirs, &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
        cr_expect(bed_same(step.as.http.url,
                           BASE "/v1/videos/text2video/att_00000000000000000000000001"),
                  "%s", step.as.http.url);
        cr_expect(not(step.as.http.to_result));
        bed_told(&bed, verbs[i], 200, ours, &step);
        if (verbs[i] == GEN_VERB_POLL) {
            cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
        } else {
            cr_expect(bed_same(step.as.http.url, "https://cdn.example/ours.mp4"));
        }
        /* and where that says another, too, nothing is taken */
        bed_ask(&bed, verbs[i], "/text2video/t1", &step);
        bed_told(&bed, verbs[i], 200, theirs, &step);
        bed_told(&bed, verbs[i], 200, theirs, &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_FAIL));
        cr_expect(eq(int, step.as.fail.kind, GEN_FAILURE_TRANSIENT));
        bed_close(&bed);
    }
}

/* An order that is answered with another order's job is not known to be taken, and not ordered again. */
Test(provider_kling, an_order_answered_with_another)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    bed_told(&bed, GEN_VERB_SUBMIT, 200,
             JOB("\"task_status\": \"submitted\", \"task_info\": {\"external_task_id\": "
                 "\"att_other\"}"), &step);
    bed_fails(&step, &(struct bed_failure){GEN_FAILURE_PROVIDER, UNKNOWN}, "ordered");
    bed_close(&bed);
}

Test(provider_kling, health)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "kling", SETTINGS);
    bed_shot(&bed, "kling-v3", KETTLE, 1280, 720);
    bed_ask(&bed, GEN_VERB_HEALTH, "", &step);
    cr_expect(bed_same(step.as.http.url,
                       BASE "/account/costs?start_time=1789913600000&end_time=1790000000000"),
              "%s", step.as.http.url);
    bed_told(&bed, GEN_VERB_HEALTH, 200,
             "{\"code\": 0, \"data\": {\"resource_pack_subscribe_infos\": [{\"status\": \"online\","
             " \"remaining_quantity\": 950}, {\"status\": \"expired\", \"remaining_quantity\": 7},"
             " {\"status\": \"online\", \"remaining_quantity\": \"0.5\"}]}}",
             &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.note, "units left: 950.5"), "%s", step.note);
    bed_ask(&bed, GEN_VERB_HEALTH, "", &step);
    bed_told(&bed, GEN_VERB_HEALTH, 200, "{\"code\": 0}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_close(&bed);
}

/* Each allocation failing in turn: a clear error, never a half-made answer. */
Test(provider_kling, without_memory)
{
    static const struct bed_answer answer = {
        200, JOB("\"task_status\": \"failed\", \"task_status_msg\": \"sensitive\"")};
    struct gen_step_header none = {0};
    struct gen_reply reply = {.type = GEN_REPLY_HTTP,
                              .status = answer.status,
                              .body = answer.body,
                              .body_size = strlen(answer.body),
                              .body_complete = true,
                              .headers = &none};

    for (int what = 0; what < 3; what++) { /* format, submit, poll */
        enum gen_status status = GEN_ENOMEM;

        for (long nth = 1; status != GEN_OK; nth++) {
            struct gen_step step;
            struct bed bed;

            cr_assert(lt(long, nth, 5000));
            bed_open(&bed, "kling", SETTINGS);
            bed_shot(&bed, "kling-v3", PICTURE, 1280, 720);
            bed.sample.shot.attempt.handle = "/text2video/t1";
            gen_alloc_fail_at(nth);
            status = what == 0
                         ? bed_format(&bed)
                         : gen_hosted_step(bed.hosted, what == 1 ? GEN_VERB_SUBMIT : GEN_VERB_POLL,
                                           &bed.task, what == 1 ? NULL : &reply, bed.arena, &step,
                                           &bed.err);
            gen_alloc_fail_at(0);
            cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%d, %ld: %s", what, nth,
                      bed.err.message);
            bed_close(&bed);
        }
    }
}

/* ---------------------------------------------------------------------------- the shared exchanges */

/* How a line's model is called in the plugin, and which settings make it order so. */
static const char *side_model(const char *path, const struct gen_node *body)
{
    const char *name = strrchr(path, '/');

    if (strncmp(path, "/v1/", 4) == 0 || body == NULL) {
        return gen_node_text(gen_node_get(body, "model_name"), "kling-v3");
    }
    return bed_same(name, "/kling-3.0-turbo") ? "kling-3.0-turbo" : "kling-v3";
}

static const char *side_sound(const struct gen_node *body)
{
    const char *audio = gen_node_text(gen_node_find(body, "settings.audio", NULL), "off");

    return bed_same(audio, "native") ||
                   bed_same(gen_node_text(gen_node_get(body, "sound"), ""), "on")
               ? "on"
               : "off";
}

static void side_size(const struct gen_node *body, int32_t *width, int32_t *height)
{
    const char *lines = gen_node_text(gen_node_find(body, "settings.resolution", NULL),
                                      gen_node_text(gen_node_get(body, "mode"), "std"));
    const char *aspect = gen_node_text(gen_node_find(body, "settings.aspect_ratio", NULL),
                                       gen_node_text(gen_node_get(body, "aspect_ratio"), "16:9"));
    int32_t side = bed_same(lines, "pro") || bed_same(lines, "1080p") ? 1080 : 720;

    *width = bed_same(aspect, "16:9") ? side * 16 / 9 : side;
    *height = bed_same(aspect, "9:16") ? side * 16 / 9 : side;
}

static void side_shot(struct bed *bed, const char *path, const struct gen_node *body)
{
    const struct gen_node *mark = gen_node_find(body, "options.watermark_info", NULL);
    const char *reference = gen_node_text(
        gen_node_get(body, "external_task_id"),
        gen_node_text(gen_node_find(body, "options.external_task_id", NULL),
                      strstr(path, "att_") != NULL         ? strstr(path, "att_")
                      : strncmp(path, "/tasks?", 7) == 0 ? "att_52"
                                                         : "att_42"));
    const char *negative = gen_node_text(gen_node_get(body, "negative_prompt"), NULL);
    bool picture = gen_node_get(body, "image") != NULL || gen_node_get(body, "contents") != NULL;
    const char *prompt =
        gen_node_text(gen_node_get(body, "prompt"),
                      gen_node_text(gen_node_find(body, "contents[0].text", NULL), "A kettle"));
    const struct gen_node *seconds = gen_node_find(body, "settings.duration", NULL);
    char settings[200], scene[400];
    int32_t width, height;

    snprintf(settings, sizeof(settings), "{\"dialect\": \"%s\", \"sound\": \"%s\"%s}",
             strncmp(path, "/v1/", 4) == 0 ? "legacy" : "new", side_sound(body),
             mark != NULL ? ", \"watermark\": false" : "");
    snprintf(scene, sizeof(scene), "\"prompt\": \"%s\", \"duration\": %s%s%s%s%s", prompt,
             seconds != NULL ? gen_arena_printf(bed->arena = gen_arena_create(0), "%lld",
                                                (long long)gen_node_integer(seconds, 5))
                             : gen_node_text(gen_node_get(body, "duration"), "5"),
             negative != NULL ? ", \"negativePrompt\": \"" : "", negative != NULL ? negative : "",
             negative != NULL ? "\"" : "", picture ? ", \"assets\": [\"picture.png\"]" : "");
    if (seconds != NULL) {
        gen_arena_destroy(bed->arena);
    }
    side_size(body, &width, &height);
    bed_open(bed, "kling", settings);
    bed_shot(bed, side_model(path, body), scene, width, height);
    snprintf(bed->sample.shot.attempt.id.text, sizeof(bed->sample.shot.attempt.id.text), "%s",
             reference);
}

static const char *side_handle(struct bed *bed, const char *path)
{
    const char *id = strstr(path, "?task_ids=");

    if (id != NULL) {
        return gen_arena_printf(bed->arena, "singapore/tasks/%s", id + 10);
    }
    return strncmp(path, "/v1/videos/", 11) == 0
               ? gen_arena_printf(bed->arena, "singapore/%s", path + 11)
               : "singapore/tasks/t2";
}

static const char *side_before(struct bed *bed, const struct gen_step *step,
                               const struct gen_node *line, int *status)
{
    (void)bed;
    (void)line;
    *status = 200;
    return strstr(step->as.http.url, "/tasks?") == NULL
               ? NULL
               : "{\"code\": 0, \"data\": [{\"id\": \"t2\", \"status\": \"succeeded\", "
                 "\"outputs\": "
                 "[{\"type\": \"video\", \"url\": \"https://host.example.com/v.mp4\"}]}]}";
}

Test(provider_kling, exchanges)
{
    static const char *const optional[] = {"sound", "audio", NULL};
    /* the plugin sets no last frame */
    static const char *const skipped[] = {"image with a last frame", NULL};
    static const struct exchange_side side = {"kling",     side_shot, side_handle,
                                              side_before, optional,  skipped};

    exchanges_play(&side, GEN_EXCHANGES "/kling.jsonl");
}
