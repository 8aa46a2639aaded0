/* provider_runway_test.c - Runway's plugin: what it makes of a scene, of every kind of answer, of damaged
 * ones, and of a submission that was cut off in the middle. Facts: the provider's fact sheet. */
#include "provider_bed.h"
#include "provider_exchanges.h"

#include "base/alloc.h"

#define BASE "http://127.0.0.1:4010/runway"
#define SETTINGS "{\"baseUrl\": \"" BASE "/\"}"
#define KETTLE "\"prompt\": \"A kettle boils at dawn\", \"duration\": 5"
#define PICTURE KETTLE ", \"assets\": [\"product.png\"]"

Test(provider_runway, settings)
{
    static const struct {
        const char *settings, *why; /* "" = taken */
    } rows[] = {
        {"{}", ""},
        {SETTINGS, ""},
        {"{\"models\": {\"gen5\": {\"like\": \"gen4.5\", \"tier\": 3}, \"veo3.1\": {\"tier\": 2}}}",
         ""},
        {"{\"sound\": \"on\", \"publicFigures\": \"low\", \"noCreditWords\": [\"Broke\"]}", ""},
        {"{\"baseurl\": \"https://x\"}", "there is no setting \"baseurl\""},
        {"{\"baseUrl\": \"x\"}", "baseUrl is not an http or https URL"},
        {"{\"creditPrice\": -1}", "creditPrice is a price in dollars"},
        {"{\"creditPrice\": \"a cent\"}", "creditPrice is a price in dollars"},
        {"{\"pollSeconds\": 1}", "pollSeconds is a number from 5 to 600"}, /* slower is allowed */
        {"{\"sound\": \"loud\"}", "sound is one of \"auto\", \"on\", \"off\""},
        {"{\"publicFigures\": true}", "publicFigures is"},
        {"{\"dailyWords\": \"daily\"}", "dailyWords is a list of words"},
        {"{\"dailyWords\": [1]}", "dailyWords is a list of words"},
        {"{\"models\": {\"x\": {\"like\": \"y\"}}}", "models.x is like no model of this plugin"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bed bed;
        enum gen_status status = bed_try(&bed, "runway", rows[i].settings);

        cr_expect(eq(int, status == GEN_OK, rows[i].why[0] == '\0'), "%s: %s", rows[i].settings,
                  bed.err.message);
        cr_expect(status == GEN_OK || strstr(bed.err.message, rows[i].why) != NULL, "%s: %s",
                  rows[i].settings, bed.err.message);
        bed_close(&bed);
    }
}

Test(provider_runway, what_it_offers)
{
    struct bed bed;
    const struct gen_model *model;

    bed_open(&bed, "runway", "{\"models\": {\"gen5\": {\"like\": \"gen4.5\"}}}");
    model = gen_hosted_model(bed.hosted, "gen5");
    cr_assert(ne(ptr, (void *)model, NULL));
    cr_expect(ne(int, (int)(model->traits & GEN_TRAIT_REPORTS_COST), 0));
    cr_expect(eq(int, (int)(model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT), 0)); /* no such header */
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_CANCEL));
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_HEALTH));
    cr_expect(not(gen_hosted_can(bed.hosted, GEN_VERB_RECOVER))); /* no list, no reference */
    bed_close(&bed);
}

struct shape {
    const char *model, *scene;
    int32_t width, height;
    const char *path, *body; /* members of the parameters */
    int64_t duration_ms;
};

static const struct shape shapes[] = {
    {"gen4.5", KETTLE, 1920, 1080, "/v1/text_to_video",
     "{\"model\":\"gen4.5\",\"promptText\":\"A kettle boils at dawn\",\"ratio\":\"1280:720\","
     "\"duration\":5}",
     5000},
    /* part of a second is another one; too long is the longest */
    {"gen4.5", "\"prompt\": \"x\", \"duration\": 7.3", 720, 1280, "/v1/text_to_video",
     "{\"model\":\"gen4.5\",\"promptText\":\"x\",\"ratio\":\"720:1280\",\"duration\":8}", 8000},
    {"gen4.5", "\"prompt\": \"x\", \"duration\": 60", 720, 1280, "/v1/text_to_video",
     "{\"model\":\"gen4.5\",\"promptText\":\"x\",\"ratio\":\"720:1280\",\"duration\":10}", 10000},
    /* more shapes with a picture */
    {"gen4.5", PICTURE, 1080, 1080, "/v1/image_to_video",
     "{\"model\":\"gen4.5\",\"promptText\":\"A kettle boils at dawn\",\"ratio\":\"960:960\","
     "\"duration\":5}",
     5000},
    {"gen4_turbo", "\"duration\": 5, \"assets\": [\"product.png\"]", 1280, 720,
     "/v1/image_to_video", "{\"model\":\"gen4_turbo\",\"ratio\":\"1280:720\",\"duration\":5}",
     5000},
    /* hosted models say more, and only what they know */
    {"veo3.1", KETTLE ", \"negativePrompt\": \"people\"", 1920, 1080, "/v1/text_to_video",
     "{\"model\":\"veo3.1\",\"audio\":false,\"promptText\":\"A kettle boils at dawn\","
     "\"negativePrompt\":\"people\",\"ratio\":\"1920:1080\",\"duration\":6}",
     6000},
    {"veo3.1_fast", "\"prompt\": \"A shop\", \"dialogue\": \"Come in!\", \"duration\": 4", 720,
     1280, "/v1/text_to_video",
     "{\"model\":\"veo3.1_fast\",\"audio\":true,\"promptText\":\"A shop\\nA voice says: \\\"Come "
     "in!\\\"\",\"ratio\":\"720:1280\",\"duration\":4}",
     4000},
    {"gemini_omni_flash", KETTLE, 1280, 720, "/v1/text_to_video",
     "{\"model\":\"gemini_omni_flash\",\"promptText\":\"A kettle boils at dawn\",\"ratio\":"
     "\"1280:720\",\"duration\":5}",
     5000},
    /* footage: its shape, its length, at most what was asked for */
    {"aleph2", "\"prompt\": \"make it snow\", \"duration\": 4, \"assets\": [\"street.mp4\"]", 720,
     1280, "/v1/video_to_video", "{\"model\":\"aleph2\",\"promptText\":\"make it snow\"}", 4000},
    {"act_two", "\"duration\": 40, \"assets\": [\"face.png\", \"act.mp4\"]", 1280, 720,
     "/v1/character_performance", "{\"model\":\"act_two\",\"ratio\":\"1280:720\"}", 12000},
    /* style and camera become words */
    {"gen4.5", KETTLE ", \"style\": \"film noir\", \"motion\": \"zoom-in\"", 1280, 720,
     "/v1/text_to_video",
     "{\"model\":\"gen4.5\",\"promptText\":\"A kettle boils at dawn\\nStyle: film noir.\\nThe "
     "camera moves in slowly.\",\"ratio\":\"1280:720\",\"duration\":5}",
     5000},
};

Test(provider_runway, format)
{
    struct bed bed;

    bed_open(&bed, "runway", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(shapes); i++) {
        const struct shape *row = &shapes[i];
        const struct gen_node *map;

        bed_shot(&bed, row->model, row->scene, row->width, row->height);
        map = bed_json(&bed, bed.formatted.parameters);
        cr_expect(bed_same(gen_node_text(gen_node_get(map, "path"), ""), row->path), "%zu", i);
        cr_expect(bed_same(bed_at(&bed, map, "body"), row->body), "%zu: %s", i,
                  bed_at(&bed, map, "body"));
        cr_expect(eq(i64, bed.formatted.duration_ms, row->duration_ms), "%zu", i);
    }
    bed_close(&bed);
}

Test(provider_runway, what_it_says_it_changed)
{
    static char prompt[4200] = "\"duration\": 7.3, \"negativePrompt\": \"x\", \"dialogue\": \"hi\","
                               "\"assets\": [\"a.png\", \"b.png\"], \"prompt\": \"";
    struct bed bed;

    for (int i = 0; i < 600; i++) { /* each rocket is two UTF-16 units: 1000 of them are 500 */
        strcat(prompt, "\xF0\x9F\x9A\x80");
    }
    strcat(prompt, "\"");
    bed_open(&bed, "runway", SETTINGS);
    bed_shot(&bed, "gen4.5", prompt, 1000, 1000);
    cr_expect(bed_same(bed_adjusted(&bed, "duration"), "7.3 s -> 8 s"));
    cr_expect(bed_same(bed_adjusted(&bed, "resolution"), "1000x1000 -> 960x960"));
    cr_expect(bed_same(bed_adjusted(&bed, "prompt"), "2400 bytes -> 2000 bytes"));
    cr_expect(bed_same(bed_adjusted(&bed, "negativePrompt"), "given -> left out"));
    cr_expect(bed_same(bed_adjusted(&bed, "dialogue"), "spoken -> not spoken here"));
    cr_expect(bed_same(bed_adjusted(&bed, "assets"), "2 -> 1"));
    cr_expect(eq(sz, bed.formatted.recipe_count, 0));
    /* nothing to say about what fits */
    bed_shot(&bed, "gen4.5", KETTLE, 1280, 720);
    cr_expect(eq(sz, gen_node_count(bed.formatted.adjustments), 0));
    /* too large for Runway: converted first */
    bed_scene(&bed, "gen4.5", PICTURE, 1280, 720);
    bed.sample.assets[0].size = 17 << 20;
    cr_assert(eq(int, bed_format(&bed), GEN_OK));
    cr_assert(eq(sz, bed.formatted.recipe_count, 1));
    cr_expect(eq(i64, bed.formatted.recipes[0].max_bytes, 16 << 20));
    bed_scene(&bed, "gen4.5", PICTURE, 1280, 720);
    bed.sample.assets[0].media_type = "image/avif";
    cr_assert(eq(int, bed_format(&bed), GEN_OK));
    cr_assert(eq(sz, bed.formatted.recipe_count, 1));
    cr_expect(bed_same(bed.formatted.recipes[0].media_type, "image/jpeg"));
    bed_close(&bed);
}

Test(provider_runway, what_it_refuses)
{
    static const struct {
        const char *model, *scene;
        int32_t width, height;
        int64_t bytes; /* of the first asset */
        const char *why;
    } rows[] = {
        {"gen4_turbo", KETTLE, 1280, 720, 0, "animates a picture"},
        {"aleph2", PICTURE, 1280, 720, 0, "changes footage"},
        {"act_two", PICTURE, 1280, 720, 0, "footage of the performance"},
        {"act_two", "\"duration\": 5, \"assets\": [\"act.mp4\"]", 1280, 720, 0,
         "a picture of the character"},
        {"gen4.5", "\"duration\": 5, \"assets\": [\"a.png\"]", 1280, 720, 0, "needs a prompt"},
        {"gen4.5", KETTLE ", \"assets\": [\"street.mp4\"]", 1280, 720, 0, "cannot show footage"},
        {"gen4.5", KETTLE, 1080, 1080, 0, "renders 960:960 only from a picture"},
        {"gen4.5", PICTURE, 1280, 720, 511, "smaller than 512 bytes"},
    };
    struct bed bed;

    bed_open(&bed, "runway", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed_scene(&bed, rows[i].model, rows[i].scene, rows[i].width, rows[i].height);
        if (rows[i].bytes > 0) {
            bed.sample.assets[0].size = rows[i].bytes;
        }
        cr_expect(eq(int, bed_format(&bed), GEN_EUNSUPPORTED), "%zu", i);
        cr_expect(strstr(bed.err.message, rows[i].why) != NULL, "%s", bed.err.message);
    }
    /* a performance of two seconds is too short to follow */
    bed_scene(&bed, "act_two", "\"duration\": 5, \"assets\": [\"face.png\", \"act.mp4\"]", 1280,
              720);
    bed.sample.assets[1].duration_ms = 2000;
    cr_expect(eq(int, bed_format(&bed), GEN_EUNSUPPORTED));
    cr_expect(strstr(bed.err.message, "at least 3 s") != NULL, "%s", bed.err.message);
    bed_close(&bed);
}

Test(provider_runway, cost)
{
    static const struct {
        const char *model, *scene, *row;
        bool known, exact;
        int64_t price;
    } rows[] = {
        {"gen4.5", KETTLE, "{\"perSecond\": 0.12}", true, true, 600000},
        {"veo3.1", KETTLE, "{\"perSecond\": 0.20}", true, true, 1200000}, /* six seconds */
        {"aleph2", "\"duration\": 1.5, \"assets\": [\"a.mp4\"]",
         "{\"perSecond\": 0.28, \"minimum\": 0.56}", true, true, 560000},
        {"aleph2", "\"duration\": 3.5, \"assets\": [\"a.mp4\"]",
         "{\"perSecond\": 0.28, \"minimum\": 0.56}", true, true, 980000}, /* linear */
        {"gemini_omni_flash", KETTLE, "{\"perSecond\": 0.1, \"estimate\": true}", true, false,
         500000},
        {"gen4.5", KETTLE, NULL, false, false, 0},
    };
    struct bed bed;

    bed_open(&bed, "runway", SETTINGS);
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
        cr_expect(eq(i64, priced.most, rows[i].price), "%zu", i);
    }
    bed_close(&bed);
}

/* ---------------------------------------------------------------------------------------- submit */

static void expect_link(const struct gen_step *step, const char *body)
{
    cr_assert(eq(int, step->type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step->as.http.url, BASE "/v1/uploads"));
    cr_expect(bed_same(step->as.http.method, "POST"));
    cr_expect(bed_same(step->as.http.data, body), "%s", (const char *)step->as.http.data);
    cr_expect(bed_same(step->as.http.credential, "key"));
    cr_expect(bed_same(bed_header(step, "x-runway-version"), "2024-11-06"));
    cr_expect(not(step->as.http.costs)); /* free to repeat */
}

#define WHERE(n) \
    "{\"uploadUrl\": \"https://bucket.example/\", \"fields\": {\"key\": \"k" n "\", \"policy\": " \
    "\"p\", \"x-sig\": \"s\"}, \"runwayUri\": \"runway://u" n "\"}"

Test(provider_runway, uploads_then_orders)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "runway", SETTINGS);
    bed_shot(&bed, "act_two", "\"duration\": 5, \"assets\": [\"face.png\", \"act.mp4\"]", 1280,
             720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    expect_link(&step, "{\"filename\":\"asset-0.png\",\"type\":\"ephemeral\"}");
    bed_told(&bed, GEN_VERB_SUBMIT, 200, WHERE("1"), &step);
    /* the form's fields in their order, the file last, no key of ours */
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step.as.http.url, "https://bucket.example/"));
    cr_expect(bed_same(step.as.http.credential, ""));
    cr_expect(eq(sz, step.as.http.header_count, 0));
    cr_assert(eq(sz, step.as.http.part_count, 4));
    cr_expect(bed_same(step.as.http.parts[0].name, "key"));
    cr_expect(bed_same(step.as.http.parts[0].text, "k1"));
    cr_expect(bed_same(step.as.http.parts[2].name, "x-sig"));
    cr_expect(bed_same(step.as.http.parts[3].name, "file"));
    cr_expect(bed_same(step.as.http.parts[3].content_type, "image/png"));
    cr_expect(eq(int, step.as.http.parts[3].asset, 0));
    /* cut off here: the next life of the engine asks for another link, which is free */
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step);
    expect_link(&step, "{\"filename\":\"asset-0.png\",\"type\":\"ephemeral\"}");
    bed_told(&bed, GEN_VERB_SUBMIT, 200, WHERE("2"), &step);
    bed_told(&bed, GEN_VERB_SUBMIT, 204, "", &step);
    expect_link(&step, "{\"filename\":\"asset-1.mp4\",\"type\":\"ephemeral\"}");
    /* cut off between the two: the first one is not sent again */
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step);
    expect_link(&step, "{\"filename\":\"asset-1.mp4\",\"type\":\"ephemeral\"}");
    bed_told(&bed, GEN_VERB_SUBMIT, 200, WHERE("3"), &step);
    cr_expect(bed_same(step.as.http.parts[3].content_type, "video/mp4"));
    bed_told(&bed, GEN_VERB_SUBMIT, 201, "<xml/>", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step.as.http.url, BASE "/v1/character_performance"));
    cr_expect(step.as.http.costs);
    cr_expect(not(step.as.http.follow));
    cr_expect(bed_same(step.as.http.data,
                       "{\"model\":\"act_two\",\"ratio\":\"1280:720\",\"character\":{\"type\":"
                       "\"image\",\"uri\":\"runway://u2\"},\"reference\":{\"type\":\"video\","
                       "\"uri\":\"runway://u3\"}}"),
              "%s", (const char *)step.as.http.data);
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "{\"id\": \"b2-1\", \"estimatedCost\": {\"credits\": 25}}",
             &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, "b2-1"));
    cr_expect(bed_same(step.note, "Runway charges at most $0.25"));
    bed_close(&bed);
}

Test(provider_runway, orders)
{
    static const struct {
        const char *model, *scene, *body;
    } rows[] = {
        {"gen4.5", PICTURE,
         "{\"model\":\"gen4.5\",\"promptText\":\"A kettle boils at dawn\",\"ratio\":\"1280:720\","
         "\"duration\":5,\"contentModeration\":{\"publicFigureThreshold\":\"low\"},"
         "\"seed\":42,\"promptImage\":[{\"uri\":\"runway://u1\",\"position\":\"first\"}]}"},
        {"gen4_turbo", PICTURE,
         "{\"model\":\"gen4_turbo\",\"promptText\":\"A kettle boils at dawn\",\"ratio\":"
         "\"1280:720\",\"duration\":5,\"seed\":42,\"promptImage\":\"runway://u1\"}"},
        {"aleph2", KETTLE ", \"assets\": [\"a.mp4\"]",
         "{\"model\":\"aleph2\",\"promptText\":\"A kettle boils at dawn\",\"seed\":42,"
         "\"videoUri\":\"runway://u1\"}"},
        {"gemini_omni_flash", KETTLE,
         "{\"model\":\"gemini_omni_flash\",\"promptText\":\"A kettle boils at dawn\",\"ratio\":"
         "\"1280:720\",\"duration\":5}"},
        {"gen5", KETTLE, /* added by the settings */
         "{\"model\":\"gen5\",\"promptText\":\"A kettle boils at dawn\",\"ratio\":\"1280:720\","
         "\"duration\":5,\"contentModeration\":{\"publicFigureThreshold\":\"low\"},\"seed\":42}"},
    };
    struct bed bed;

    bed_open(&bed, "runway",
             "{\"publicFigures\": \"low\", \"models\": {\"gen5\": {\"like\": \"gen4.5\"}}}");
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_step step;

        bed_shot(&bed, rows[i].model, rows[i].scene, 1280, 720);
        bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
        if (!step.as.http.costs) {
            bed_told(&bed, GEN_VERB_SUBMIT, 200, WHERE("1"), &step);
            bed_told(&bed, GEN_VERB_SUBMIT, 204, "", &step);
        }
        cr_expect(step.as.http.costs);
        cr_expect(bed_same(step.as.http.data, rows[i].body), "%s", (const char *)step.as.http.data);
        cr_expect(step.as.http.declared_host);
    }
    bed_close(&bed);
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
#define LINK "{\"asked\":\"link\",\"link\":\"\",\"links\":[]}"
#define TASK(status, more) "{\"id\": \"b2-1\", \"status\": \"" status "\"" more "}"
#define FAILED(code, credits) \
    TASK("FAILED", ", \"failure\": \"why\", \"failureCode\": \"" code \
                   "\", \"cost\": {\"credits\": " credits "}")

static const struct talk talks[] = {
    /* the table of HTTP answers */
    {GEN_VERB_SUBMIT, NULL, {400, "{\"error\": \"no\"}"}, {GEN_FAILURE_INVALID, NO, "400", "no"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {400, "{\"error\": \"Validation of body failed\", \"issues\": [{\"code\": \"invalid_value\", "
           "\"path\": [\"ratio\"], \"message\": \"bad\"}], \"docUrl\": \"x\"}"},
     {GEN_FAILURE_INVALID, NO, "invalid_value", "Validation of body failed: ratio: bad",
      "resolution"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {400, "{\"error\": \"E\", \"issues\": [{\"path\": [\"promptImage\", 0, \"uri\"], "
           "\"message\": \"m\"}]}"},
     {GEN_FAILURE_INVALID, NO, "400", "E: promptImage[0].uri: m", "scenes[0].assets"}},
    {GEN_VERB_SUBMIT,
     NULL,
     {400, "{\"error\": \"E\", \"issues\": [{\"path\": [\"keyframes\", 2], \"message\": \"m\"}]}"},
     {GEN_FAILURE_INVALID, NO, "400", NULL, "keyframes[2]"}},
    /* recorded live: an empty purse is a 400 */
    {GEN_VERB_SUBMIT,
     NULL,
     {400, "{\"error\": \"You do not have enough credits to run this task.\"}"},
     {GEN_FAILURE_QUOTA, NO, "400", "You do not have enough credits to run this task.", ""}},
    {GEN_VERB_SUBMIT, NULL, {401, "{\"error\": \"no\"}"}, {GEN_FAILURE_AUTH, NO, "401", "no"}},
    {GEN_VERB_SUBMIT, NULL, {403, ""}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, NULL, {404, ""}, {GEN_FAILURE_INVALID, NO}}, /* no such path */
    {GEN_VERB_SUBMIT, NULL, {405, ""}, {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT, NULL, {429, "{\"error\": \"slow\"}"}, {GEN_FAILURE_RATE_LIMITED, NO}},
    {GEN_VERB_SUBMIT,
     NULL,
     {429, "{}", "retry-after", "7"},
     {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 7000}},
    /* the day's quota rolls */
    {GEN_VERB_SUBMIT,
     NULL,
     {429, "{\"error\": \"Daily task limit reached\"}"},
     {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 3600000}},
    /* a fault on the paid request says nothing about the bill */
    {GEN_VERB_SUBMIT, NULL, {500, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {502, "<html>"}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {504, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {408, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {302, ""}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    /* accepted, but by what name? */
    {GEN_VERB_SUBMIT, NULL, {200, "{}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, "{\"id\": 7}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT, NULL, {200, "<html>"}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_SUBMIT,
     NULL,
     {200, "{\"id\": \"b2-1\"}", .cut = true},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    /* before the order nothing was bought, whatever happened */
    {GEN_VERB_SUBMIT, LINK, {401, ""}, {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_SUBMIT, LINK, {503, ""}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_SUBMIT,
     LINK,
     {400, "{\"error\": \"You do not have enough credits\"}"},
     {GEN_FAILURE_QUOTA, NO}},
    {GEN_VERB_SUBMIT, LINK, {200, "{}"}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_SUBMIT,
     LINK,
     {200, "{\"uploadUrl\": \"file:///x\", \"fields\": {}, \"runwayUri\": \"r\"}"},
     {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_SUBMIT,
     LINK,
     {200, "{\"uploadUrl\": \"https://x/\", \"fields\": {\"a\": 1}, \"runwayUri\": \"r\"}"},
     {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_SUBMIT,
     LINK,
     {200, "{\"uploadUrl\": \"https://x/\", \"fields\": {\"a\\nb\": \"c\"}, \"runwayUri\": \"r\"}"},
     {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_SUBMIT,
     "{\"asked\":\"file\",\"link\":\"r\",\"links\":[]}",
     {403, "<Error/>"},
     {GEN_FAILURE_TRANSIENT, NO}},
    /* a task that runs: only what is certain ends it */
    {GEN_VERB_POLL,
     NULL,
     {404, "{\"error\": \"Could not find Task\"}"},
     {GEN_FAILURE_EXPIRED, UNKNOWN, "404", "Could not find Task"}},
    {GEN_VERB_POLL, NULL, {401, ""}, {GEN_FAILURE_AUTH, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {400, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {302, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {429, ""}, {GEN_FAILURE_RATE_LIMITED, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {200, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {200, "[]"}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    /* an answer about another task is none about ours */
    {GEN_VERB_POLL,
     NULL,
     {200, "{\"id\": \"other\", \"status\": \"SUCCEEDED\", \"output\": [\"https://x/y.mp4\"]}"},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_FETCH,
     "task 0",
     {200, "{\"id\": \"other\", \"status\": \"SUCCEEDED\", \"output\": [\"https://x/y.mp4\"]}"},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {200, "{\"status\": 5}"}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_POLL,
     NULL,
     {200, TASK("SUCCEEDED", ""), .cut = true},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    /* the table of failure codes: only the first two parts are stable */
    {GEN_VERB_POLL,
     NULL,
     {200, FAILED("SAFETY.INPUT.TEXT", "60")},
     {GEN_FAILURE_MODERATED, YES, "SAFETY.INPUT.TEXT", "why", "scenes[0].prompt"},
     600000},
    {GEN_VERB_POLL,
     NULL,
     {200, FAILED("SAFETY.INPUT.IMAGE.X9", "0")},
     {GEN_FAILURE_MODERATED, NO, NULL, NULL, "scenes[0].assets"}},
    /* not refunded, even when the bill is not there */
    {GEN_VERB_POLL,
     NULL,
     {200, TASK("FAILED", ", \"failureCode\": \"SAFETY.INPUT\"")},
     {GEN_FAILURE_MODERATED, YES, "SAFETY.INPUT", "Runway failed at the render and gave no reason",
      ""}},
    {GEN_VERB_POLL,
     NULL,
     {200, FAILED("SAFETY.OUTPUT.VIDEO", "12.5")},
     {GEN_FAILURE_MODERATED, YES, "SAFETY.OUTPUT.VIDEO", "why", ""},
     125000},
    {GEN_VERB_POLL,
     NULL,
     {200, TASK("FAILED", ", \"failureCode\": \"SAFETY.OUTPUT.VIDEO\"")},
     {GEN_FAILURE_MODERATED, UNKNOWN}},
    {GEN_VERB_POLL,
     NULL,
     {200, FAILED("INPUT_PREPROCESSING.SAFETY.TEXT", "0")},
     {GEN_FAILURE_MODERATED, NO}},
    {GEN_VERB_POLL, NULL, {200, FAILED("SAFETYNET", "0")}, {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_POLL,
     NULL,
     {200, FAILED("INTERNAL.BAD_OUTPUT.CODE01", "0")},
     {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_POLL, NULL, {200, FAILED("INTERNAL", "60")}, {GEN_FAILURE_PROVIDER, YES}, 600000},
    {GEN_VERB_POLL,
     NULL,
     {200, FAILED("ASSET.INVALID", "0")},
     {GEN_FAILURE_INVALID, NO, NULL, NULL, "scenes[0].assets"}},
    {GEN_VERB_POLL, NULL, {200, TASK("FAILED", "")}, {GEN_FAILURE_PROVIDER, UNKNOWN, ""}},
    /* costs that are none */
    {GEN_VERB_POLL, NULL, {200, FAILED("INTERNAL", "-5")}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {200, FAILED("INTERNAL", "1e300")}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_POLL, NULL, {200, FAILED("INTERNAL", "[]")}, {GEN_FAILURE_PROVIDER, UNKNOWN}},
    /* somebody cancelled it, with either spelling */
    {GEN_VERB_POLL,
     NULL,
     {200, TASK("CANCELLED", ", \"cost\": {\"credits\": 0}")},
     {GEN_FAILURE_EXPIRED, NO, "CANCELLED"}},
    {GEN_VERB_POLL, NULL, {200, TASK("CANCELED", "")}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    /* finished, and nothing is there */
    {GEN_VERB_POLL,
     NULL,
     {200, TASK("SUCCEEDED", ", \"output\": [], \"cost\": {\"credits\": 60}")},
     {GEN_FAILURE_PROVIDER, YES},
     600000},
    {GEN_VERB_POLL,
     NULL,
     {200, TASK("SUCCEEDED", ", \"output\": [\"ftp://x\"]")},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_FETCH, NULL, {404, ""}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_FETCH, "file 0", {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_FETCH, "file 0", {429, ""}, {GEN_FAILURE_RATE_LIMITED, UNKNOWN}},
    {GEN_VERB_FETCH, "file 2", {403, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}}, /* the third link */
    {GEN_VERB_FETCH, "file 0", {200, "", .cut = true}, {GEN_FAILURE_PROVIDER, YES}},
    {GEN_VERB_CANCEL, "look", {404, ""}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_CANCEL, "look", {200, TASK("SUCCEEDED", "")}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_CANCEL, "delete", {404, ""}, {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_HEALTH,
     NULL,
     {401, "{\"error\": \"bad key\"}"},
     {GEN_FAILURE_AUTH, NO, "401", "bad key"}},
    {GEN_VERB_HEALTH, NULL, {429, ""}, {GEN_FAILURE_RATE_LIMITED, NO}},
    {GEN_VERB_HEALTH, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_HEALTH, NULL, {404, ""}, {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_HEALTH, NULL, {200, "<html>"}, {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_HEALTH, NULL, {200, "{\"creditBalance\": 0}"}, {GEN_FAILURE_QUOTA, NO}},
};

Test(provider_runway, failures)
{
    struct bed bed;

    bed_open(&bed, "runway", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(talks); i++) {
        const struct talk *row = &talks[i];
        struct gen_step step;

        bed_shot(&bed, "gen4.5", row->state != NULL ? PICTURE : KETTLE, 1280, 720);
        bed_ask(&bed, row->verb, row->verb == GEN_VERB_SUBMIT ? "" : "b2-1", &step);
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

/* -------------------------------------------------------------------------- poll, fetch, and so on */

Test(provider_runway, polls)
{
    static const struct {
        const char *body, *note;
        int32_t progress_ppm;
    } rows[] = {
        {TASK("PENDING", ""), "waiting at Runway", -1},
        {TASK("THROTTLED", ""), "accepted by Runway, waits for a free slot of the account", -1},
        {TASK("RUNNING", ", \"progress\": 0.42"), "rendering at Runway", 420000},
        {TASK("RUNNING", ", \"progress\": 1"), "rendering at Runway", 1000000},
        /* progress is for people: nonsense is left out */
        {TASK("RUNNING", ", \"progress\": 42"), "rendering at Runway", -1},
        {TASK("RUNNING", ", \"progress\": -1e99"), "rendering at Runway", -1},
        {TASK("RUNNING", ", \"progress\": \"half\""), "rendering at Runway", -1},
        /* an unknown word means: it goes on */
        {TASK("PONDERING", ""), "Runway says: PONDERING", -1},
    };
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "runway", SETTINGS);
    bed_shot(&bed, "gen4.5", KETTLE, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed_ask(&bed, GEN_VERB_POLL, "b2/1 x", &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
        cr_expect(bed_same(step.as.http.url, BASE "/v1/tasks/b2%2F1%20x")); /* whatever an id is */
        cr_expect(bed_same(bed_header(&step, "x-runway-version"), "2024-11-06"));
        bed_ask(&bed, GEN_VERB_POLL, "b2-1", &step);
        bed_told(&bed, GEN_VERB_POLL, 200, rows[i].body, &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_WAIT), "%zu", i);
        cr_expect(eq(i64, step.wait_ms, 6000)); /* the provider asks for at least 5 s */
        cr_expect(bed_same(step.note, rows[i].note), "%s", step.note);
        cr_expect(eq(i32, step.progress_ppm, rows[i].progress_ppm), "%zu", i);
    }
    bed_ask(&bed, GEN_VERB_POLL, "b2-1", &step);
    bed_told(&bed, GEN_VERB_POLL, 200,
             TASK("SUCCEEDED", ", \"output\": [\"https://cdn.example/x.mp4\"], \"cost\": "
                               "{\"credits\": 60}"),
             &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(eq(i64, step.as.done.cost, 600000));
    bed_close(&bed);
}

Test(provider_runway, fetches)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "runway", "{\"creditPrice\": 0.0125}");
    bed_shot(&bed, "gen4.5", KETTLE, 1280, 720);
    bed_ask(&bed, GEN_VERB_FETCH, "b2-1", &step);
    cr_expect(bed_same(step.as.http.url, "https://api.dev.runwayml.com/v1/tasks/b2-1"));
    bed_told(&bed, GEN_VERB_FETCH, 200, TASK("RUNNING", ""), &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT)); /* not yet, after all */
    for (int link = 0; link < 3; link++) {
        bed_step(&bed, GEN_VERB_FETCH, link == 0 ? NULL : &(struct bed_answer){.status = 403},
                 &step);
        cr_expect(bed_same(step.as.http.url, "https://api.dev.runwayml.com/v1/tasks/b2-1"));
        bed_told(&bed, GEN_VERB_FETCH, 200,
                 TASK("SUCCEEDED", ", \"output\": [\"https://cdn.example/x.mp4?_jwt=x\"]"), &step);
        cr_expect(bed_same(step.as.http.url, "https://cdn.example/x.mp4?_jwt=x"));
        cr_expect(bed_same(step.as.http.credential, ""));
        cr_expect(eq(sz, step.as.http.header_count, 0));
        cr_expect(step.as.http.to_result && step.as.http.follow && !step.as.http.costs);
    }
    bed_told(&bed, GEN_VERB_FETCH, 200, "", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    /* a credit costs what the settings say */
    bed_ask(&bed, GEN_VERB_POLL, "b2-1", &step);
    bed_told(
        &bed, GEN_VERB_POLL, 200,
        TASK("SUCCEEDED", ", \"output\": [\"https://cdn.example/x\"], \"cost\": {\"credits\": 3}"),
        &step);
    cr_expect(eq(i64, step.as.done.cost, 37500));
    bed_close(&bed);
}

/* DELETE would delete a finished task with its result: the status is read first. */
Test(provider_runway, cancels)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "runway", SETTINGS);
    bed_shot(&bed, "gen4.5", KETTLE, 1280, 720);
    bed_ask(&bed, GEN_VERB_CANCEL, "b2-1", &step);
    cr_expect(bed_same(step.as.http.method, "GET"));
    bed_told(&bed, GEN_VERB_CANCEL, 200, TASK("THROTTLED", ""), &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
    cr_expect(bed_same(step.as.http.method, "DELETE"));
    cr_expect(bed_same(step.as.http.url, BASE "/v1/tasks/b2-1"));
    /* cut off: read again, never deleted blindly */
    bed_step(&bed, GEN_VERB_CANCEL, NULL, &step);
    cr_expect(bed_same(step.as.http.method, "GET"));
    bed_told(&bed, GEN_VERB_CANCEL, 200, TASK("RUNNING", ""), &step);
    bed_told(&bed, GEN_VERB_CANCEL, 204, "", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(eq(i64, step.as.done.cost, -1)); /* what it bills all the same is not said */
    bed_close(&bed);
}

Test(provider_runway, health)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "runway", SETTINGS);
    bed_shot(&bed, "gen4.5", KETTLE, 1280, 720);
    bed_ask(&bed, GEN_VERB_HEALTH, "", &step);
    cr_expect(bed_same(step.as.http.url, BASE "/v1/organization"));
    cr_expect(bed_same(step.as.http.method, "GET"));
    bed_told(&bed, GEN_VERB_HEALTH, 200, "{\"creditBalance\": 1230, \"tier\": {}}", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.note, "credit left: $12.30"));
    bed_ask(&bed, GEN_VERB_HEALTH, "", &step);
    bed_told(&bed, GEN_VERB_HEALTH, 200, "{}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE)); /* says nothing about money */
    bed_close(&bed);
}

/* What another version stored is refused in words, and nothing is sent. */
Test(provider_runway, strange_parameters)
{
    static const char *const rows[] = {
        "{}", "{\"path\": 5}", "{\"path\": \"/v1/text_to_video\"}",
        "{\"path\": \"/v1/x\", \"body\": {}, \"uploads\": [{\"asset\": 99}]}",
        "{\"path\": \"/v1/x\", \"body\": {}, \"uploads\": [{\"asset\": -1}]}"};
    static const char *const states[] = {
        "", "x", "{", "[]", "{\"links\": 5}", "{\"asked\": \"create\", \"links\": {\"a\": 1}}"};
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "runway", SETTINGS);
    bed_shot(&bed, "gen4.5", KETTLE, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed.sample.shot.parameters = rows[i];
        bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
        bed_fails(&step, &(struct bed_failure){GEN_FAILURE_INVALID, NO}, rows[i]);
    }
    bed_shot(&bed, "gen4.5", PICTURE, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(states); i++) { /* a state that is none: begin anew */
        bed.sample.shot.attempt.step_state = states[i];
        bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step);
        cr_expect(eq(int, step.type, GEN_STEP_IS_HTTP), "%s", states[i]);
    }
    bed_close(&bed);
}

/* Each allocation failing in turn: a clear error, never a half-made answer. */
Test(provider_runway, without_memory)
{
    static const struct bed_answer answer = {
        200,
        TASK("FAILED", ", \"failureCode\": \"SAFETY.INPUT.TEXT\", \"cost\": {\"credits\": 60}")};
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
            bed_open(&bed, "runway", SETTINGS);
            bed_shot(&bed, "gen4.5", PICTURE, 1280, 720);
            bed.sample.shot.attempt.handle = "b2-1";
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

static void side_shot(struct bed *bed, const char *path, const struct gen_node *body)
{
    const char *ratio = gen_node_text(gen_node_get(body, "ratio"), "1280:720");
    const struct gen_node *audio = gen_node_get(body, "audio");
    bool picture = gen_node_get(body, "promptImage") != NULL;
    int width = 0, height = 0;

    (void)path;
    bed_open(bed, "runway",
             audio == NULL                  ? "{}"
             : gen_node_truth(audio, false) ? "{\"sound\": \"on\"}"
                                            : "{\"sound\": \"off\"}");
    cr_assert(eq(int, sscanf(ratio, "%d:%d", &width, &height), 2));
    bed_shot(bed, gen_node_text(gen_node_get(body, "model"), "gen4.5"),
             gen_arena_printf(
                 bed->arena, "\"prompt\": \"%s\", \"duration\": %lld%s",
                 gen_node_text(gen_node_get(body, "promptText"), body != NULL ? "" : "A kettle"),
                 (long long)gen_node_integer(gen_node_get(body, "duration"), 5),
                 picture ? ", \"assets\": [\"picture.png\"]" : ""),
             width, height);
    bed->sample.shot.attempt.seed = 7;
}

static const char *side_handle(struct bed *bed, const char *path)
{
    (void)bed;
    return strncmp(path, "/v1/tasks/", 10) == 0 ? path + 10
                                                : "b2000000-0000-4000-8000-000000000001";
}

static const char *side_before(struct bed *bed, const struct gen_step *step,
                               const struct gen_node *line, int *status)
{
    const struct gen_node *image = gen_node_find(line, "request.body.promptImage", NULL);
    const char *uri = gen_node_text(image,
                                    gen_node_text(gen_node_find(image, "[0].uri", NULL), ""));

    uri = strncmp(uri, "${", 2) == 0 ? "runway://u1" : uri;
    if (step->as.http.part_count > 0) {
        *status = 204;
        return "";
    }
    if (strstr(step->as.http.url, "/v1/uploads") != NULL) {
        return gen_arena_printf(bed->arena,
                                "{\"uploadUrl\": \"https://bucket.example.com/\", \"fields\": "
                                "{\"key\": \"k\"}, \"runwayUri\": \"%s\"}",
                                uri[0] != '\0' ? uri : "runway://u1");
    }
    if (strstr(step->as.http.url, "/v1/tasks/") != NULL) {
        return gen_arena_printf(
            bed->arena, "{\"id\": \"%s\", %s}", strstr(step->as.http.url, "/v1/tasks/") + 10,
            bed_same(gen_node_text(gen_node_get(line, "verb"), ""), "cancel")
                ? "\"status\": \"RUNNING\""
                : "\"status\": \"SUCCEEDED\", \"output\": [\"https://host.example.com/x.mp4?_jwt=x\"]");
    }
    return NULL;
}

Test(provider_runway, exchanges)
{
    static const char *const optional[] = {"seed", NULL};
    /* played below, in one conversation with the upload between */
    static const char *const skipped[] = {"upload start", "upload", NULL};
    static const struct exchange_side side = {"runway",    side_shot, side_handle,
                                              side_before, optional,  skipped};

    exchanges_play(&side, GEN_EXCHANGES "/runway.jsonl");
}
