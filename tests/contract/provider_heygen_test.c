/* provider_heygen_test.c - HeyGen's plugin: what it makes of a scene, of every kind of answer, of
 * damaged ones, and of a submission that was cut off in the middle. Facts: the provider's fact
 * sheet. */
#include "provider_bed.h"
#include "provider_exchanges.h"

#define SETTINGS \
    "{\"baseUrl\": \"http://127.0.0.1:4011/\", \"avatarId\": \"look_1\", \"voiceId\": \"voc_1\"," \
    " \"voices\": {\"fr\": \"voc_2\", \"de-AT\": \"voc_3\", \"Anna\": \"voc_4\"}," \
    " \"avatars\": {\"fr\": \"look_2\"}}"

#define SPEAKS "\"presenter\": true, \"dialogue\": \"Meet the new kettle.\", \"duration\": 5"

Test(provider_heygen, settings)
{
    static const struct {
        const char *settings, *why; /* "" = taken */
    } rows[] = {
        {"{}", ""},
        {SETTINGS, ""},
        {"{\"models\": {\"avatar_vi\": {\"like\": \"avatar_v\"}, \"avatar_iv\": {}}}", ""},
        /* a wrong name is said, not ignored */
        {"{\"avatarID\": \"x\"}", "there is no setting \"avatarID\""},
        {"{\"baseUrl\": \"ftp://x\"}", "baseUrl is not an http or https URL"},
        {"{\"baseUrl\": \"https:///\"}", "baseUrl is not an http or https URL"},
        {"{\"charactersPerSecond\": 0}", "settings.charactersPerSecond is a number from 2 to 60"},
        {"{\"speechMargin\": \"much\"}", "settings.speechMargin is a number from 1 to 4"},
        {"{\"models\": {\"x\": {\"like\": \"y\"}}}", "models.x is like no model of this plugin"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bed bed;
        enum gen_status status = bed_try(&bed, "heygen", rows[i].settings);

        cr_expect(eq(int, status == GEN_OK, rows[i].why[0] == '\0'), "%s", rows[i].settings);
        cr_expect(status == GEN_OK || strstr(bed.err.message, rows[i].why) != NULL, "%s: %s",
                  rows[i].settings, bed.err.message);
        bed_close(&bed);
    }
}

Test(provider_heygen, what_it_offers)
{
    struct bed bed;
    const struct gen_model *model;

    bed_open(&bed, "heygen", "{\"models\": {\"avatar_vi\": {\"like\": \"avatar_v\"}}}");
    model = gen_hosted_model(bed.hosted, "avatar_vi");
    cr_assert(ne(ptr, (void *)model, NULL));
    cr_expect(ne(u32, model->needs & GEN_NEED_LIP_SYNC, 0));
    cr_expect(not(model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT)); /* probable is not proven */
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_RECOVER));
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_HEALTH));
    cr_expect(not(gen_hosted_can(bed.hosted, GEN_VERB_CANCEL))); /* HeyGen has none */
    bed_close(&bed);
    bed_open(&bed, "heygen", "{\"trustIdempotency\": true, \"recoverByTitle\": false}");
    model = gen_hosted_model(bed.hosted, "avatar_iv");
    cr_expect(ne(u32, model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT, 0));
    cr_expect(not(gen_hosted_can(bed.hosted, GEN_VERB_RECOVER)));
    bed_close(&bed);
    /* without the header there is nothing to trust */
    bed_open(&bed, "heygen", "{\"trustIdempotency\": true, \"idempotency\": false}");
    model = gen_hosted_model(bed.hosted, "avatar_iv");
    cr_expect(not(model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT));
    bed_close(&bed);
}

struct shape {
    const char *model, *scene;
    int32_t width, height;
    const char *aspect, *resolution; /* as HeyGen is told */
    int32_t out_width, out_height;
    int64_t duration_ms, most_ms;
};

static const struct shape shapes[] = {
    /* 20 characters at 14.5 a second, and the margin */
    {"avatar_iv", SPEAKS, 1920, 1080, "16:9", "1080p", 1920, 1080, 1379, 2861},
    {"avatar_iv", SPEAKS, 1080, 1920, "9:16", "1080p", 1080, 1920, 1379, 2861},
    {"avatar_iv", SPEAKS, 3840, 2160, "16:9", "4k", 3840, 2160, 1379, 2861},
    {"avatar_iii", SPEAKS, 3840, 2160, "16:9", "1080p", 1920, 1080, 1379, 2861},
    {"avatar_v", SPEAKS, 1080, 1350, "4:5", "1080p", 1080, 1350, 1379, 2861},
    {"avatar_v", SPEAKS, 640, 640, "1:1", "720p", 720, 720, 1379, 2861},
    /* a recorded voice says exactly how long */
    {"avatar_iv", "\"dialogue\": \"x\", \"voice\": \"voice.mp3\", \"duration\": 5", 1280, 720,
     "16:9", "720p", 1280, 720, 12000, 13000},
    {"photo_avatar", SPEAKS ", \"assets\": [\"face.png\"]", 1280, 720, "16:9", "720p", 1280, 720,
     1379, 2861},
    {"cinematic_avatar", "\"prompt\": \"She pours tea\", \"duration\": 6.2", 1080, 1080, "1:1",
     "1080p", 1080, 1080, 7000, 7000},
    {"cinematic_avatar", "\"prompt\": \"She pours tea\", \"duration\": 2", 1280, 720, "16:9",
     "720p", 1280, 720, 4000, 4000},
    {"cinematic_avatar", "\"prompt\": \"She pours tea\", \"duration\": 60", 1280, 720, "16:9",
     "720p", 1280, 720, 15000, 15000},
};

Test(provider_heygen, format)
{
    struct bed bed;

    bed_open(&bed, "heygen", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(shapes); i++) {
        const struct shape *row = &shapes[i];
        const struct gen_node *map;

        bed_shot(&bed, row->model, row->scene, row->width, row->height);
        map = bed_json(&bed, bed.formatted.parameters);
        cr_expect(bed_same(gen_node_text(gen_node_get(map, "aspectRatio"), ""), row->aspect), "%zu",
                  i);
        cr_expect(bed_same(gen_node_text(gen_node_get(map, "resolution"), ""), row->resolution),
                  "%zu", i);
        cr_expect(eq(int, bed.formatted.width, row->out_width), "%zu", i);
        cr_expect(eq(int, bed.formatted.height, row->out_height), "%zu", i);
        cr_expect(eq(i64, bed.formatted.duration_ms, row->duration_ms), "%zu", i);
        cr_expect(eq(i64, bed.formatted.most_duration_ms, row->most_ms), "%zu", i);
    }
    bed_shot(&bed, "avatar_iv", SPEAKS ", \"assets\": [\"shop.webp\"], \"prompt\": \"a shop\"",
             1000, 1000);
    cr_expect(bed_same(bed_adjusted(&bed, "duration"), "5 s -> 1.379 s"), "%s",
              bed_adjusted(&bed, "duration"));
    cr_expect(bed_same(bed_adjusted(&bed, "resolution"), "1000x1000 -> 1080x1080"));
    cr_expect(bed_same(bed_adjusted(&bed, "assets"), "a picture of the scene -> the background"));
    cr_expect(bed_same(bed_adjusted(&bed, "prompt"), "a description -> left out"));
    cr_assert(eq(sz, bed.formatted.recipe_count, 1)); /* HeyGen takes no webp */
    cr_expect(bed_same(bed.formatted.recipes[0].media_type, "image/jpeg"));
    bed_close(&bed);
}

Test(provider_heygen, what_it_refuses)
{
    static const struct {
        const char *model, *scene, *why;
    } rows[] = {
        {"avatar_iv", "\"prompt\": \"a cat\", \"duration\": 5", "a presenter needs words to speak"},
        {"photo_avatar", SPEAKS, "a photo avatar needs a picture"},
        {"cinematic_avatar", SPEAKS, "a cinematic avatar does not speak given words"},
        {"cinematic_avatar", "\"dialogue\": \"x\", \"duration\": 5",
         "a cinematic avatar needs a prompt"},
    };
    struct bed bed;

    bed_open(&bed, "heygen", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed_scene(&bed, rows[i].model, rows[i].scene, 1280, 720);
        cr_expect(eq(int, bed_format(&bed), GEN_EUNSUPPORTED), "%zu", i);
        cr_expect(strstr(bed.err.message, rows[i].why) != NULL, "%s", bed.err.message);
    }
    bed_close(&bed);
    /* nobody to show: the sentence says what to set */
    bed_open(&bed, "heygen", "{}");
    bed_scene(&bed, "avatar_iv", SPEAKS, 1280, 720);
    cr_expect(eq(int, bed_format(&bed), GEN_EUNSUPPORTED));
    cr_expect(strstr(bed.err.message, "settings.avatarId") != NULL, "%s", bed.err.message);
    bed_close(&bed);
}

Test(provider_heygen, cost)
{
    struct bed bed;
    struct gen_priced priced;

    bed_open(&bed, "heygen", SETTINGS);
    bed_shot(&bed, "avatar_iv", SPEAKS, 1280, 720);
    cr_assert(eq(int,
                 gen_hosted_cost(bed.hosted, &bed.task, bed_json(&bed, "{\"perSecond\": 0.05}"),
                                 bed.arena, &priced, &bed.err),
                 GEN_OK));
    cr_expect(priced.known && !priced.exact);
    cr_expect(eq(i64, priced.price, 68950)); /* 1.379 s */
    cr_expect(eq(i64, priced.most, 143050)); /* 2.861 s */
    cr_assert(eq(int, gen_hosted_cost(bed.hosted, &bed.task, NULL, bed.arena, &priced, &bed.err),
                 GEN_OK));
    cr_expect(not(priced.known)); /* no row, no price */
    bed_shot(&bed, "cinematic_avatar", "\"prompt\": \"x\", \"duration\": 6", 1280, 720);
    cr_assert(eq(int,
                 gen_hosted_cost(bed.hosted, &bed.task, bed_json(&bed, "{\"perClip\": 7}"),
                                 bed.arena, &priced, &bed.err),
                 GEN_OK));
    cr_expect(priced.known && priced.exact);
    cr_expect(eq(i64, priced.price, 7000000));
    cr_expect(bed_same(priced.basis, "a clip of 6 s at $7"), "%s", priced.basis);
    bed_close(&bed);
}

/* What is ordered, word for word. */
Test(provider_heygen, bodies)
{
    static const struct {
        const char *model, *scene, *body;
    } rows[] = {
        {"avatar_iv", SPEAKS,
         "{\"type\":\"avatar\",\"avatar_id\":\"look_1\",\"engine\":{\"type\":\"avatar_iv\"},"
         "\"script\":\"Meet the new kettle.\",\"voice_id\":\"voc_1\",\"callback_id\":\"%1$s\","
         "\"aspect_ratio\":\"9:16\",\"resolution\":\"1080p\",\"title\":\"gen %1$s\"}"},
        /* the language chooses face and voice; a region falls back to its language */
        {"avatar_v", "\"dialogue\": \"Bonjour.\", \"language\": \"fr-CA\"",
         "{\"type\":\"avatar\",\"avatar_id\":\"look_2\",\"engine\":{\"type\":\"avatar_v\"},"
         "\"script\":\"Bonjour.\",\"voice_id\":\"voc_2\",\"callback_id\":\"%1$s\","
         "\"aspect_ratio\":\"9:16\",\"resolution\":\"1080p\",\"title\":\"gen %1$s\"}"},
        {"cinematic_avatar", "\"prompt\": \"She pours tea at dawn\", \"duration\": 6",
         "{\"type\":\"cinematic_avatar\",\"avatar_id\":[\"look_1\"],"
         "\"prompt\":\"She pours tea at dawn\",\"duration\":6,\"aspect_ratio\":\"9:16\","
         "\"resolution\":\"1080p\",\"title\":\"gen %1$s\"}"},
    };
    struct bed bed;

    bed_open(&bed, "heygen", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const char *reference;
        struct gen_step step;

        bed_shot(&bed, rows[i].model, rows[i].scene, 1080, 1920);
        reference = bed.sample.shot.attempt.id.text;
        bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
        cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4011/v3/videos"));
        cr_expect(bed_same(step.as.http.method, "POST"));
        cr_expect(bed_same(step.as.http.credential, "key"));
        cr_expect(step.as.http.costs && !step.as.http.follow);
        cr_expect(bed_same(bed_header(&step, "idempotency-key"), reference));
        cr_expect(bed_same(step.as.http.data,
                           gen_arena_printf(bed.arena, rows[i].body, reference, reference)),
                  "%s", (const char *)step.as.http.data);
    }
    bed_close(&bed);
}

/* A picture and a recorded voice: each is brought there first, then it is ordered. */
Test(provider_heygen, uploads_then_orders)
{
    struct bed bed;
    struct gen_step step;
    const struct gen_node *body;

    bed_open(&bed, "heygen", SETTINGS);
    bed_shot(&bed, "photo_avatar",
             "\"dialogue\": \"x\", \"voice\": \"voice.mp3\", \"assets\": [\"face.png\"]", 1280,
             720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4011/v3/assets"));
    cr_expect(not(step.as.http.costs)); /* free to repeat */
    cr_assert(eq(sz, step.as.http.part_count, 1));
    cr_expect(bed_same(step.as.http.parts[0].name, "file"));
    cr_expect(eq(int, step.as.http.parts[0].asset, 0));
    cr_expect(bed_same(step.as.http.parts[0].content_type, "image/png"));
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "{\"data\": {\"asset_id\": \"ast_9\"}}", &step);
    cr_assert(eq(int, step.as.http.parts[0].asset, 1));
    /* cut off here: the next life of the engine makes the same request again */
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step);
    cr_assert(eq(sz, step.as.http.part_count, 1));
    cr_expect(eq(int, step.as.http.parts[0].asset, 1));
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "{\"data\": {\"asset_id\": \"ast_10\"}}", &step);
    cr_expect(step.as.http.costs);
    body = bed_body(&bed, &step);
    cr_expect(
        bed_same(bed_at(&bed, body, "image"), "{\"type\":\"asset_id\",\"asset_id\":\"ast_9\"}"));
    cr_expect(bed_same(bed_at(&bed, body, "audio_asset_id"), "\"ast_10\""));
    cr_expect(bed_same(bed_at(&bed, body, "script"), "")); /* one of the two */
    cr_expect(bed_same(bed_at(&bed, body, "engine"), ""));
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "{\"data\": {\"video_id\": \"vid_1\"}}", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, "vid_1"));
    bed_close(&bed);
}

Test(provider_heygen, large_files_take_three_steps)
{
    struct bed bed;
    struct gen_step step;

    bed_open(
        &bed, "heygen",
        "{\"avatarId\": \"look_1\", \"directUploadAbove\": 999}"); /* a sample has 1000 bytes */
    bed_shot(&bed, "avatar_iv", SPEAKS ", \"assets\": [\"shop.png\"]", 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(bed_same(step.as.http.url, "https://api.heygen.com/v3/assets/direct-uploads"));
    cr_expect(bed_same(step.as.http.data, "{\"filename\":\"asset-0.png\",\"content_type\":"
                                          "\"image/png\",\"size_bytes\":1000}"));
    bed_told(
        &bed, GEN_VERB_SUBMIT, 200,
        "{\"data\": {\"asset_id\": \"ast/2\", \"upload_url\": \"https://bucket.example/a?sig=1\","
        " \"upload_headers\": {\"content-type\": \"image/png\", \"x-amz-acl\": \"private\","
        " \"Host\": \"evil\", \"X-Api-Key\": \"k\", \"bad\\nname\": \"x\", \"cut\": \"a\\r\\nb\"},"
        " \"expires_in_seconds\": 900}}",
        &step);
    cr_expect(bed_same(step.as.http.method, "PUT"));
    cr_expect(bed_same(step.as.http.url, "https://bucket.example/a?sig=1"));
    cr_expect(bed_same(step.as.http.credential, "")); /* a foreign host: bare */
    cr_expect(eq(sz, step.as.http.header_count, 2));
    cr_expect(bed_same(bed_header(&step, "x-amz-acl"), "private"));
    cr_expect(eq(int, step.as.http.asset, 0));
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step); /* cut off: put again to the same link */
    cr_expect(bed_same(step.as.http.url, "https://bucket.example/a?sig=1"));
    cr_expect(eq(sz, step.as.http.header_count, 2));
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "", &step);
    cr_expect(bed_same(step.as.http.url, "https://api.heygen.com/v3/assets/ast%2F2/complete"));
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step);
    cr_expect(bed_same(step.as.http.url, "https://api.heygen.com/v3/assets/ast%2F2/complete"));
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "{\"data\": {\"asset_id\": \"ast/2\"}}", &step);
    cr_expect(step.as.http.costs);
    cr_expect(bed_same(bed_at(&bed, bed_body(&bed, &step), "background"),
                       "{\"type\":\"image\",\"asset_id\":\"ast/2\"}"));
    bed_close(&bed);
}

struct talk {
    enum gen_verb verb;
    const char *state; /* before the answer; NULL: of the verb's own first step */
    struct bed_answer answer;
    struct bed_failure expected;
};

#define ERROR(code, words) "{\"error\": {\"code\": \"" code "\", \"message\": \"" words "\"}}"
#define NO GEN_BILLING_NO
#define UNKNOWN GEN_BILLING_UNKNOWN

/* Every row of the sheet's table of errors, and what stands beside it. */
static const struct talk talks[] = {
    {GEN_VERB_SUBMIT,
     NULL,
     {400, ERROR("invalid_parameter", "bad ratio")},
     {GEN_FAILURE_INVALID, NO, "invalid_parameter", "bad ratio"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {400,
      "{\"error\": {\"code\": \"invalid_parameter\", \"message\": \"x\", \"param\": \"script\"}}"},
     {GEN_FAILURE_INVALID, NO, "invalid_parameter", "x", "scenes[0].dialogue"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {401, ERROR("unauthorized", "no")},
     {GEN_FAILURE_AUTH, NO, "unauthorized"}},
    {GEN_VERB_SUBMIT, NULL, {401, ERROR("authentication_failed", "no")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {402, ERROR("insufficient_credit", "no")}, {GEN_FAILURE_QUOTA, NO}},
    {GEN_VERB_SUBMIT, NULL, {403, ERROR("forbidden", "no")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {403, ERROR("resource_access_denied", "no")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT,
     NULL,
     {403, ERROR("ai_vendor_access_restricted", "no")},
     {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {403, ERROR("voice_not_usable", "no")}, {GEN_FAILURE_UNSUPPORTED, NO}},
    {GEN_VERB_SUBMIT, NULL, {404, ERROR("avatar_not_found", "no")}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, NULL, {404, ERROR("voice_not_found", "no")}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, NULL, {404, ERROR("resource_not_found", "no")}, {GEN_FAILURE_INVALID, NO}},
    /* the first one is under way: it is, or will be, bought */
    {GEN_VERB_SUBMIT,
     NULL,
     {409, ERROR("request_in_progress", "no")},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {409, ERROR("conflict", "no")}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, NULL, {413, ""}, {GEN_FAILURE_INVALID, NO, ""}},
    {GEN_VERB_SUBMIT,
     NULL,
     {429, ERROR("rate_limit_exceeded", "slow"), "retry-after", "7"},
     {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 7000}},
    {GEN_VERB_SUBMIT, NULL, {429, ""}, {GEN_FAILURE_RATE_LIMITED, NO}},
    {GEN_VERB_SUBMIT, NULL, {429, ERROR("quota_exceeded", "no")}, {GEN_FAILURE_QUOTA, NO}},
    /* a fault on the paid request says nothing about the bill */
    {GEN_VERB_SUBMIT, NULL, {500, ERROR("internal_error", "no")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {502, "<html>"}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {504, ERROR("gateway_timeout", "no")},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {408, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    /* Somebody in between speaks: the order may have arrived. */
    {GEN_VERB_SUBMIT, NULL, {302, "{}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {307, ""}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    /* refused content: legacy numbers, and words */
    {GEN_VERB_SUBMIT,
     NULL,
     {400, "{\"error\": {\"code\": 400105, \"message\": \"x\"}}"},
     {GEN_FAILURE_MODERATED, NO, "400105"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {400, "{\"error\": {\"code\": \"400631\", \"message\": \"x\"}}"},
     {GEN_FAILURE_MODERATED, NO, "400631"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {400, ERROR("x", "The text was blocked by content Moderation.")},
     {GEN_FAILURE_MODERATED, NO}},
    {GEN_VERB_SUBMIT, NULL, {400, ERROR("x", "mentions a dragon")}, {GEN_FAILURE_MODERATED, NO}},
    /* accepted, but by what name? */
    {GEN_VERB_SUBMIT, NULL, {200, "{\"data\": {}}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {200, "{\"data\": {\"video_id\": 17}}"},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {200, "{\"data\": {\"video_id\": \"a\\u0001\"}}"},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {200, "{\"data\": {\"video_id\": \"vid_1\"}}", .cut = true},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, "<html>"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {302, ""}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    /* before the order nothing was bought, whatever happened */
    {GEN_VERB_SUBMIT, "{\"doing\":\"file\",\"asset\":0}", {503, ""}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_SUBMIT,
     "{\"doing\":\"file\",\"asset\":0}",
     {413, ERROR("too_large", "x")},
     {GEN_FAILURE_INVALID, NO, "too_large"}},
    {GEN_VERB_SUBMIT, "{\"doing\":\"file\",\"asset\":0}", {200, "{}"}, {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_SUBMIT,
     "{\"doing\":\"start\",\"asset\":0}",
     {200, "{\"data\": {\"asset_id\": \"a\", \"upload_url\": \"javascript:x\"}}"},
     {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_SUBMIT,
     "{\"doing\":\"put\",\"asset\":0,\"direct\":{\"id\":\"a\",\"url\":\"https://b/\"}}",
     {403, "<Error/>"},
     {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, "{\"doing\":\"file\",\"asset\":44}", {0, NULL}, {GEN_FAILURE_PROVIDER, NO}},
    /* a job that runs: only what is certain ends it */
    {GEN_VERB_POLL, NULL, {404, ERROR("video_not_found", "no")}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"data\": {\"status\": \"not_found\"}}"},
     {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {401, ERROR("unauthorized", "no")}, {GEN_FAILURE_AUTH, UNKNOWN}},
    {GEN_VERB_POLL,
     NULL,
     {429, ERROR("rate_limit_exceeded", "x"), "retry-after", "7"},
     {GEN_FAILURE_RATE_LIMITED, UNKNOWN, NULL, NULL, NULL, 7000}},
    {GEN_VERB_POLL, NULL, {429, ERROR("quota_exceeded", "x")}, {GEN_FAILURE_RATE_LIMITED, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {400, ERROR("invalid_parameter", "x")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {302, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    /* an answer about another video is none about ours */
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"data\": {\"id\": \"other\", \"status\": \"completed\", \"video_url\": \"https://x/y\"}}"},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_FETCH,
     "look",
     {200, "{\"data\": {\"video_id\": \"other\", \"status\": \"completed\", \"video_url\": "
           "\"https://x/y\"}}"},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    /* failed is not charged */
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"data\": {\"status\": \"failed\", \"failure_code\": \"R\", \"failure_message\": "
           "\"gpu\"}}"},
     {GEN_FAILURE_PROVIDER, NO, "R", "gpu"}},
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"data\": {\"status\": \"failed\", \"failure_code\": null}}"},
     {GEN_FAILURE_PROVIDER, NO, "", "HeyGen says that the render failed, and not why"}},
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"data\": {\"status\": \"failed\", \"failure_code\": \"MODERATION_EXAMPLE\"}}"},
     {GEN_FAILURE_MODERATED, NO, "MODERATION_EXAMPLE"}},
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"data\": {\"status\": \"failed\", \"failure_message\": \"inappropriate image\"}}"},
     {GEN_FAILURE_MODERATED, NO}},
    /* the file */
    {GEN_VERB_FETCH, "look", {404, ERROR("video_not_found", "no")}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_FETCH,
     "look",
     {200, "{\"data\": {\"status\": \"failed\"}}"},
     {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_FETCH,
     "get again",
     {403, ""},
     {GEN_FAILURE_TRANSIENT, UNKNOWN, "403", NULL, NULL, 5000}},
    {GEN_VERB_FETCH, "get", {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN, "503", NULL, NULL, 5000}},
    {GEN_VERB_HEALTH, NULL, {401, ERROR("unauthorized", "no")}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_HEALTH, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_HEALTH, NULL, {200, "<html>"}, {GEN_FAILURE_PROVIDER, NO}},
};

Test(provider_heygen, failures)
{
    struct bed bed;

    bed_open(&bed, "heygen", "{\"avatarId\": \"look_1\", \"moderationWords\": [\"dragon\"]}");
    for (size_t i = 0; i < GEN_COUNT(talks); i++) {
        const struct talk *row = &talks[i];
        struct gen_step step;

        bed_shot(&bed, "avatar_iv", SPEAKS ", \"assets\": [\"shop.png\"]", 1280, 720);
        bed.sample.shot.attempt.handle = row->verb == GEN_VERB_SUBMIT ? "" : "vid_1";
        bed.sample.shot.attempt.step_state = row->state;
        if (row->verb == GEN_VERB_SUBMIT && row->state == NULL) {
            bed.sample.shot.attempt.step_state = "{\"done\":{\"0\":\"a\"},\"doing\":\"create\"}";
        } else if (row->state == NULL) {
            bed_ask(&bed, row->verb, "vid_1", &step);
        }
        bed_step(&bed, row->verb, row->answer.status != 0 ? &row->answer : NULL, &step);
        bed_fails(&step, &row->expected,
                  gen_arena_printf(bed.arena, "row %zu: %d %s", i, row->answer.status,
                                   row->answer.body != NULL ? row->answer.body : ""));
    }
    bed_close(&bed);
}

/* Words that mean that it goes on, and how soon it is asked again. */
Test(provider_heygen, keeps_asking)
{
    static const struct {
        const char *body;
        int64_t wait_ms;
    } rows[] = {
        {"{\"data\": {\"status\": \"pending\", \"created_at\": 1789999995}}", 2000}, /* 5 s old */
        {"{\"data\": {\"status\": \"processing\", \"created_at\": 1789999950}}", 10000}, /* 50 s */
        {"{\"data\": {\"status\": \"processing\", \"created_at\": 1789990000}}", 30000},
        {"{\"data\": {\"status\": \"queued\"}}", 10000},
        {"{\"data\": {\"status\": \"waiting\", \"created_at\": 9223372036854775807}}", 10000},
        {"{\"data\": {\"status\": \"pondering\", \"created_at\": -5}}", 10000},  /* new to us */
        {"{\"data\": {\"status\": \"completed\", \"video_url\": null}}", 10000}, /* follows */
        {"{\"data\": {\"status\": 17}}", 10000},
        {"{\"data\": []}", 10000},
        {"<html>", 10000},
        {"", 10000},
    };
    struct bed bed;

    bed_open(&bed, "heygen", SETTINGS);
    bed_shot(&bed, "avatar_iv", SPEAKS, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_step step;

        bed_ask(&bed, GEN_VERB_POLL, "vid/1", &step);
        cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4011/v3/videos/vid%2F1"));
        bed_told(&bed, GEN_VERB_POLL, 200, rows[i].body, &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_WAIT), "%s", rows[i].body);
        cr_expect(eq(i64, step.wait_ms, rows[i].wait_ms), "%s", rows[i].body);
        cr_expect(eq(i64, step.progress_ppm, -1)); /* HeyGen tells none */
    }
    bed_close(&bed);
}

#define READY \
    "{\"data\": {\"status\": \"completed\", \"video_url\": " \
    "\"https://files.heygen.ai/x.mp4?sig=1\"}}"

Test(provider_heygen, fetch)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "heygen", SETTINGS);
    bed_shot(&bed, "avatar_iv", SPEAKS, 1280, 720);
    bed_ask(&bed, GEN_VERB_POLL, "vid_1", &step);
    bed_told(&bed, GEN_VERB_POLL, 200, READY, &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_ask(&bed, GEN_VERB_FETCH, "vid_1", &step); /* a fresh link */
    cr_expect(bed_same(step.as.http.credential, "key"));
    bed_told(&bed, GEN_VERB_FETCH, 200, READY, &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step.as.http.url, "https://files.heygen.ai/x.mp4?sig=1"));
    cr_expect(bed_same(step.as.http.credential, "")); /* presigned: no key leaves */
    cr_expect(step.as.http.to_result && step.as.http.follow);
    bed_told(&bed, GEN_VERB_FETCH, 403, "", &step); /* it has ended: another one */
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4011/v3/videos/vid_1"));
    bed_told(&bed, GEN_VERB_FETCH, 200, READY, &step);
    cr_expect(step.as.http.to_result);
    bed_told(&bed, GEN_VERB_FETCH, 200, "", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(eq(i64, step.as.done.cost, -1)); /* HeyGen does not say */
    /* no link, or one that is none: not yet */
    bed_ask(&bed, GEN_VERB_FETCH, "vid_1", &step);
    bed_told(&bed, GEN_VERB_FETCH, 200,
             "{\"data\": {\"status\": \"completed\", \"video_url\": \"https://u:p@files/x\"}}",
             &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT));
    bed_close(&bed);
}

Test(provider_heygen, recover)
{
    struct bed bed;
    struct gen_step step;
    const char *ours;

    bed_open(&bed, "heygen", SETTINGS);
    bed_shot(&bed, "avatar_iv", SPEAKS, 1280, 720);
    ours = bed.sample.shot.attempt.id.text;
    bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
    cr_expect(bed_same(step.as.http.url,
                       gen_arena_printf(bed.arena,
                                        "http://127.0.0.1:4011/v3/videos?limit=100&title=gen%%20%s",
                                        ours)),
              "%s", step.as.http.url);
    /* another one's title may be found too; ours is on the second page */
    bed_told(&bed, GEN_VERB_RECOVER, 200,
             "{\"data\": [{\"id\": \"vid_8\", \"title\": \"gen att_1\"}], \"has_more\": true,"
             " \"next_token\": \"p/2\"}",
             &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(strstr(step.as.http.url, "&token=p%2F2") != NULL, "%s", step.as.http.url);
    bed_told(&bed, GEN_VERB_RECOVER, 200,
             gen_arena_printf(bed.arena, "{\"data\": [{\"id\": \"vid_9\", \"title\": \"gen %s\"}]}",
                              ours),
             &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, "vid_9"));
    bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
    bed_told(&bed, GEN_VERB_RECOVER, 200, "{\"data\": [], \"has_more\": false}", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, "")); /* nothing was bought */
    /* what cannot be read does not say that */
    for (size_t i = 0; i < 3; i++) {
        static const char *const bodies[] = {"<html>", "{}", "{\"data\": 1}"};

        bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
        bed_told(&bed, GEN_VERB_RECOVER, 200, bodies[i], &step);
        cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT), "%s", bodies[i]);
    }
    bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
    bed_told(&bed, GEN_VERB_RECOVER, 404, "", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT));
    /* a list without end says nothing */
    bed.sample.shot.attempt.step_state = "20";
    bed_told(&bed, GEN_VERB_RECOVER, 200,
             "{\"data\": [], \"has_more\": true, \"next_token\": \"z\"}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_FAIL));
    bed_close(&bed);
}

Test(provider_heygen, health)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "heygen", SETTINGS);
    bed_ask(&bed, GEN_VERB_HEALTH, "", &step);
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4011/v3/users/me"));
    cr_expect(not(step.as.http.costs));
    bed_told(&bed, GEN_VERB_HEALTH, 200,
             "{\"data\": {\"billing_type\": \"wallet\", \"wallet\": {\"remaining_balance\": 120.5,"
             " \"currency\": \"usd\"}}}",
             &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.note, "credit left: $120.50"), "%s", step.note);
    bed_ask(&bed, GEN_VERB_HEALTH, "", &step);
    bed_told(&bed, GEN_VERB_HEALTH, 200, "{\"data\": {\"wallet\": null}}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_close(&bed);
}

/* Parameters that another version wrote are refused, and nothing is bought. */
Test(provider_heygen, foreign_parameters)
{
    static const char *const rows[] = {
        "{}",
        "{\"type\":\"image\",\"aspectRatio\":\"1:1\",\"resolution\":\"720p\",\"durationMs\":1}",
        "{\"type\":\"avatar\",\"aspectRatio\":\"1:1\",\"resolution\":\"720p\",\"durationMs\":1}",
        "{\"type\":\"avatar\",\"avatar\":\"x\",\"aspectRatio\":1,\"resolution\":[]}",
    };
    struct bed bed;

    bed_open(&bed, "heygen", SETTINGS);
    bed_shot(&bed, "avatar_iv", SPEAKS, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_step step;

        bed.sample.shot.parameters = rows[i];
        bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_FAIL), "%s", rows[i]);
        cr_expect(eq(int, step.as.fail.billed, GEN_BILLING_NO));
    }
    bed_close(&bed);
}

Test(provider_heygen, without_memory)
{
    static const struct bed_answer list = {.status = 200, .body = "{\"data\": []}"};
    static const struct bed_answer failed = {.status = 200,
                                             .body = "{\"data\": {\"status\": \"failed\"}}"};
    static const struct bed_answer uploaded = {.status = 200,
                                               .body = "{\"data\": {\"asset_id\": \"a\"}}"};
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "heygen", SETTINGS);
    bed_shot(&bed, "avatar_iv", SPEAKS, 1280, 720);
    bed_starve(&bed, GEN_VERB_SUBMIT, NULL);
    bed.sample.shot.attempt.handle = "vid_1";
    bed_starve(&bed, GEN_VERB_POLL, NULL);
    bed_starve(&bed, GEN_VERB_POLL, &failed);
    bed_starve(&bed, GEN_VERB_RECOVER, &list);
    bed_shot(&bed, "photo_avatar", SPEAKS ", \"assets\": [\"face.png\"]", 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    bed_starve(&bed, GEN_VERB_SUBMIT, NULL);
    bed_starve(&bed, GEN_VERB_SUBMIT, &uploaded);
    bed_close(&bed);
}

/* ---------------------------------------------------------------------------- the shared exchanges
 * */

#define SIDE_LINK "https://bucket.example.com/ast_2?sig=1"

static void side_size(const struct gen_node *body, int32_t *width, int32_t *height)
{
    bool tall = bed_same(gen_node_text(gen_node_get(body, "aspect_ratio"), ""), "9:16");
    bool large = bed_same(gen_node_text(gen_node_get(body, "resolution"), ""), "1080p");

    *width = tall ? (large ? 1080 : 720) : (large ? 1920 : 1280);
    *height = tall ? (large ? 1920 : 1280) : (large ? 1080 : 720);
}

/* Our reference is what stands in the title behind "gen ". */
static void side_reference(struct bed *bed, const char *path, const struct gen_node *body)
{
    const char *title = gen_node_text(gen_node_get(body, "title"), "");
    const char *asked = strstr(path, "title=gen%20");

    snprintf(bed->sample.shot.attempt.id.text, sizeof(bed->sample.shot.attempt.id.text), "%s",
             asked != NULL                    ? asked + strlen("title=gen%20")
             : strncmp(title, "gen ", 4) == 0 ? title + 4
                                              : "att_42");
}

static void side_shot(struct bed *bed, const char *path, const struct gen_node *body)
{
    const char *type = gen_node_text(gen_node_get(body, "type"), "avatar");
    const char *script = gen_node_text(gen_node_get(body, "script"), "Meet the new kettle.");
    const char *voice = body == NULL || gen_node_get(body, "voice_id") != NULL
                            ? ", \"voiceId\": \"voc_1\""
                            : "";
    bool direct = strstr(path, "direct-uploads") != NULL || strstr(path, "complete") != NULL ||
                  bed_same(path, SIDE_LINK);
    bool picture = direct || strstr(path, "/v3/assets") != NULL || bed_same(type, "image");
    int32_t width, height;

    memset(bed, 0, sizeof(*bed));
    bed_open(bed, "heygen",
             bed_same(voice, "") ? "{\"avatarId\": \"look_1\"}"
             : direct
                 ? "{\"avatarId\": \"look_1\", \"voiceId\": \"voc_1\", \"directUploadAbove\": 1}"
                 : "{\"avatarId\": \"look_1\", \"voiceId\": \"voc_1\"}");
    side_size(body, &width, &height);
    if (bed_same(type, "cinematic_avatar")) {
        bed_shot(bed, type,
                 gen_arena_printf(bed->arena, "\"prompt\": \"%s\", \"duration\": %d",
                                  gen_node_text(gen_node_get(body, "prompt"), ""),
                                  (int)gen_node_integer(gen_node_get(body, "duration"), 5)),
                 width, height);
    } else {
        bed_shot(bed, bed_same(type, "image") ? "photo_avatar" : "avatar_iv",
                 gen_arena_printf(bed->arena, "\"dialogue\": \"%s\"%s", script,
                                  picture ? ", \"assets\": [\"picture.png\"]" : ""),
                 width, height);
    }
    side_reference(bed, path, body);
}

static const char *side_handle(struct bed *bed, const char *path)
{
    const char *last = strrchr(path, '/');

    (void)bed;
    return strncmp(path, "/v3/videos/", 11) == 0 && last != NULL ? last + 1 : "vid_1";
}

static const char *side_before(struct bed *bed, const struct gen_step *step,
                               const struct gen_node *line, int *status)
{
    (void)bed;
    (void)line;
    (void)status;
    return strstr(step->as.http.url, "direct-uploads") != NULL
               ? "{\"data\": {\"asset_id\": \"ast_2\", \"upload_url\": \"" SIDE_LINK "\"}}"
           : strstr(step->as.http.url, "/v3/assets") != NULL
               ? "{\"data\": {\"asset_id\": \"ast_1\"}}"
           : bed_same(step->as.http.url, SIDE_LINK)                ? ""
           : strstr(step->as.http.url, "/v3/videos/vid_1") != NULL ? READY
                                                                   : NULL;
}

Test(provider_heygen, exchanges)
{
    static const char *const optional[] = {"engine", "aspect_ratio", "resolution",
                                           "title",  "callback_id",  NULL};
    static const char *const skipped[] = {
        /* a voice and a picture go there as assets, never as links or inside */
        "submit avatar with a prepared voice",
        "submit image by url",
        "submit image as base64",
        "submit avatar v with settings", /* caption, colour and fit are not chosen here */
        "submit studio",                 /* one scene a shot */
        NULL};
    static const struct exchange_side side = {"heygen",    side_shot, side_handle,
                                              side_before, optional,  skipped};

    exchanges_play(&side, GEN_EXCHANGES "/heygen.jsonl");
}
