/* provider_veo_test.c - Google's plugin on both of its surfaces: what it makes of a scene, of every
 * kind of answer, of damaged ones, and of a submission that was cut off in the middle. Facts: the
 * provider's fact sheet. */
#include "provider_bed.h"
#include "provider_exchanges.h"

#include <stdlib.h>

#define SETTINGS \
    "{\"baseUrl\": \"http://127.0.0.1:4012/google\", \"vertexUrl\": " \
    "\"http://127.0.0.1:4012/vertex\"," \
    " \"storageUrl\": \"http://127.0.0.1:4012/storage/\", \"project\": \"p1\"," \
    " \"storageUri\": \"gs://b1/ads\", \"tokenPrice\": {\"gemini-omni-1.2-flash\": 17.5}}"

#define OMNI "gemini-omni-1.2-flash"
#define VEO "veo-3.1-generate-001"
#define BOILS "\"prompt\": \"A kettle boils\", \"duration\": 8"

Test(provider_veo, settings)
{
    static const struct {
        const char *settings, *why; /* "" = taken */
    } rows[] = {
        {"{}", ""},
        {SETTINGS, ""},
        {"{\"models\": {\"gemini-omni-2\": {\"like\": \"" OMNI "\"}}}", ""},
        {"{\"tokenUrl\": \"http://127.0.0.1:4012/token\", \"location\": \"global\"}", ""},
        {"{\"tokenPrice\": 17.5}", ""},
        {"{\"projectId\": \"x\"}", "there is no setting \"projectId\""},
        {"{\"delivery\": \"email\"}", "delivery is one of \"uri\", \"inline\""},
        {"{\"storageUri\": \"s3://x\"}", "storageUri is gs://BUCKET/PREFIX/"},
        {"{\"storageUri\": \"gs:///x\"}", "storageUri is gs://BUCKET/PREFIX/"},
        {"{\"location\": \"evil.com/\"}", "location is a region"},
        {"{\"tokenPrice\": \"much\"}", "tokenPrice is dollars"},
        {"{\"tokenPrice\": {\"x\": -1}}", "tokenPrice by model holds"},
        {"{\"personGeneration\": \"everybody\"}", "personGeneration is"},
        {"{\"models\": {\"x\": {\"like\": \"y\"}}}", "models.x is like no model of this plugin"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bed bed;
        enum gen_status status = bed_try(&bed, "veo", rows[i].settings);

        cr_expect(eq(int, status == GEN_OK, rows[i].why[0] == '\0'), "%s: %s", rows[i].settings,
                  bed.err.message);
        cr_expect(status == GEN_OK || strstr(bed.err.message, rows[i].why) != NULL, "%s: %s",
                  rows[i].settings, bed.err.message);
        bed_close(&bed);
    }
}

Test(provider_veo, credentials_and_powers)
{
    struct bed bed;
    const struct gen_hosted_credential *account;

    bed_open(&bed, "veo", "{\"tokenUrl\": \"http://127.0.0.1:4012/token\"}");
    account = gen_hosted_credential(bed.hosted, "account");
    cr_assert(ne(ptr, (void *)account, NULL));
    cr_expect(bed_same(account->token_url, "http://127.0.0.1:4012/token"));
    cr_expect(bed_same(account->scope, "https://www.googleapis.com/auth/cloud-platform"));
    cr_expect(bed_same(gen_hosted_credential(bed.hosted, "key")->header, "x-goog-api-key"));
    cr_expect(gen_hosted_declares(bed.hosted, "https://generativelanguage.googleapis.com/x"));
    cr_expect(gen_hosted_declares(bed.hosted, "https://us-central1-aiplatform.googleapis.com/x"));
    cr_expect(gen_hosted_declares(bed.hosted, "https://storage.googleapis.com/x"));
    cr_expect(not(gen_hosted_declares(bed.hosted, "https://googleapis.com.evil.example/x")));
    /* without a bucket a lost order cannot be looked for */
    cr_expect(not(gen_hosted_can(bed.hosted, GEN_VERB_RECOVER)));
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_CANCEL));
    cr_expect(eq(u32, gen_hosted_model(bed.hosted, OMNI)->traits & GEN_TRAIT_REPORTS_COST, 0));
    bed_close(&bed);
    bed_open(&bed, "veo", SETTINGS);
    cr_expect(gen_hosted_can(bed.hosted, GEN_VERB_RECOVER));
    cr_expect(ne(u32, gen_hosted_model(bed.hosted, OMNI)->traits & GEN_TRAIT_REPORTS_COST, 0));
    bed_close(&bed);
    /* where a location is served */
    static const struct {
        const char *settings, *url;
    } rows[] = {
        {"{\"location\": \"global\"}", "https://aiplatform.googleapis.com/"},
        {"{\"location\": \"eu\"}", "https://aiplatform.eu.rep.googleapis.com/"},
        {"{\"location\": \"europe-west4\"}", "https://europe-west4-aiplatform.googleapis.com/"}};
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        bed_open(&bed, "veo", rows[i].settings);
        cr_expect(gen_hosted_declares(bed.hosted, rows[i].url), "%s", rows[i].settings);
        bed_close(&bed);
    }
}

Test(provider_veo, format)
{
    static const struct {
        const char *model, *duration;
        int32_t width, height;
        const char *aspect, *resolution;
        int32_t out_width, out_height;
        int64_t ms;
    } rows[] = {
        {OMNI, "8", 1280, 720, "16:9", "720p", 1280, 720, 8000},
        {OMNI, "7.25", 1080, 1920, "9:16", "1080p", 1080, 1920, 7250}, /* fractions are taken */
        {OMNI, "1", 1280, 720, "16:9", "720p", 1280, 720, 3000},
        {OMNI, "40", 1280, 720, "16:9", "720p", 1280, 720, 15000},
        {"gemini-omni-1.1-flash", "40", 640, 360, "16:9", "360p", 640, 360, 10000},
        {OMNI, "5", 3840, 2160, "16:9", "4k", 3840, 2160, 5000},
        {OMNI, "5", 1080, 1080, "16:9", "720p", 1280, 720, 5000}, /* nearest in pixels */
        {VEO, "5", 1920, 1080, "16:9", "1080p", 1920, 1080, 6000},
        {VEO, "8", 2160, 3840, "9:16", "4k", 2160, 3840, 8000},
        {VEO, "30", 1280, 720, "16:9", "720p", 1280, 720, 8000},
        {"veo-3.1-lite-generate-001", "4", 3840, 2160, "16:9", "1080p", 1920, 1080, 4000},
        {"gemini-omni-2", "12", 1280, 720, "16:9", "720p", 1280, 720,
         12000}, /* added by settings */
    };
    struct bed bed;

    bed_open(&bed, "veo",
             "{\"project\": \"p1\", \"models\": {\"gemini-omni-2\": {\"like\": \"" OMNI "\"}}}");
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const struct gen_node *map;

        bed_shot(
            &bed, rows[i].model,
            gen_arena_printf(bed.arena, "\"prompt\": \"x\", \"duration\": %s", rows[i].duration),
            rows[i].width, rows[i].height);
        map = bed_json(&bed, bed.formatted.parameters);
        cr_expect(bed_same(gen_node_text(gen_node_get(map, "aspectRatio"), ""), rows[i].aspect),
                  "%zu", i);
        cr_expect(bed_same(gen_node_text(gen_node_get(map, "resolution"), ""), rows[i].resolution),
                  "%zu", i);
        cr_expect(eq(int, bed.formatted.width, rows[i].out_width), "%zu", i);
        cr_expect(eq(int, bed.formatted.height, rows[i].out_height), "%zu", i);
        cr_expect(eq(i64, bed.formatted.duration_ms, rows[i].ms), "%zu", i);
        cr_expect(bed.formatted.audio);
    }
    bed_shot(&bed, OMNI,
             "\"prompt\": \"x\", \"negativePrompt\": \"people\", \"dialogue\": \"Hi.\","
             " \"assets\": [\"a.webp\", \"b.png\"], \"duration\": 20",
             1000, 700);
    cr_expect(bed_same(bed_adjusted(&bed, "duration"), "20 s -> 15 s"));
    cr_expect(bed_same(bed_adjusted(&bed, "resolution"), "1000x700 -> 1280x720"));
    cr_expect(bed_same(bed_adjusted(&bed, "negativePrompt"), "given -> left out"));
    cr_expect(bed_same(bed_adjusted(&bed, "dialogue"), "spoken -> left out"));
    cr_expect(bed_same(bed_adjusted(&bed, "assets"), "several -> the first picture"));
    cr_assert(eq(sz, bed.formatted.recipe_count, 1));
    cr_expect(bed_same(bed.formatted.recipes[0].media_type, "image/jpeg"));
    bed_close(&bed);
}

Test(provider_veo, what_it_refuses)
{
    struct bed bed;

    bed_open(&bed, "veo", "{}");
    bed_scene(&bed, VEO, BOILS, 1280, 720);
    cr_expect(eq(int, bed_format(&bed), GEN_EUNSUPPORTED));
    cr_expect(strstr(bed.err.message, "settings.project") != NULL, "%s", bed.err.message);
    bed_scene(&bed, OMNI, "\"overlays\": [{\"text\": \"x\"}], \"motion\": \"auto\"", 1280, 720);
    cr_expect(eq(int, bed_format(&bed), GEN_EUNSUPPORTED));
    cr_expect(strstr(bed.err.message, "no prompt") != NULL, "%s", bed.err.message);
    bed_close(&bed);
}

Test(provider_veo, cost)
{
    struct bed bed;
    struct gen_priced priced;

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, VEO, "\"prompt\": \"x\", \"duration\": 5", 1280, 720);
    cr_assert(eq(int,
                 gen_hosted_cost(bed.hosted, &bed.task, bed_json(&bed, "{\"perSecond\": 0.4}"),
                                 bed.arena, &priced, &bed.err),
                 GEN_OK));
    cr_expect(priced.known && priced.exact);
    cr_expect(eq(i64, priced.price, 2400000)); /* six seconds come back, and are billed */
    cr_expect(bed_same(priced.basis, "6 s at $0.4 per second"), "%s", priced.basis);
    cr_assert(eq(int,
                 gen_hosted_cost(bed.hosted, &bed.task,
                                 bed_json(&bed, "{\"perSecond\": 0.1, \"estimate\": true}"),
                                 bed.arena, &priced, &bed.err),
                 GEN_OK));
    cr_expect(not(priced.exact));
    bed_close(&bed);
}

/* ---------------------------------------------------------------------------------- orders -- */

Test(provider_veo, omni_order)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, OMNI, "\"prompt\": \"A kettle boils\", \"duration\": 7.25", 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4012/google/v1beta/interactions"));
    cr_expect(bed_same(step.as.http.credential, "key"));
    cr_expect(step.as.http.costs && !step.as.http.follow);
    cr_expect(bed_same(step.as.http.data,
                       gen_arena_printf(
                           bed.arena,
                           "{\"model\":\"" OMNI "\",\"background\":true,\"store\":true,"
                           "\"response_format\":{\"type\":\"video\",\"aspect_ratio\":\"16:9\","
                           "\"resolution\":\"720p\",\"duration\":\"7.250s\",\"delivery\":\"uri\"},"
                           "\"labels\":{\"attempt\":\"%s\"},\"input\":\"A kettle boils\"}",
                           bed.sample.shot.attempt.id.text)),
              "%s", (const char *)step.as.http.data);
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "{\"id\": \"v1_abc\", \"status\": \"in_progress\"}",
             &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, "v1_abc"));
    bed_close(&bed);
}

/* A body of pieces, as one text: an asset stands there as <n>. */
static const char *joined(struct bed *bed, const struct gen_step *step)
{
    const char *text = "";

    for (size_t i = 0; i < step->as.http.piece_count; i++) {
        const struct gen_step_piece *piece = &step->as.http.pieces[i];

        text = piece->asset >= 0 ? gen_arena_printf(bed->arena, "%s<%d%s>", text, piece->asset,
                                                    piece->base64 ? "" : " raw")
                                 : gen_arena_printf(bed->arena, "%s%.*s", text,
                                                    (int)piece->data_size, piece->data);
    }
    return text;
}

Test(provider_veo, pictures_go_inside)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "veo", SETTINGS);
    /* the words must not break out of the JSON around the picture */
    bed_shot(&bed, OMNI, "\"prompt\": \"say \\\"hi\\\"\", \"assets\": [\"a.png\"], \"duration\": 8",
             1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(step.as.http.costs);
    cr_expect(bed_same(bed_header(&step, "content-type"), "application/json"));
    cr_expect(
        bed_same(joined(&bed, &step),
                 gen_arena_printf(
                     bed.arena,
                     "{\"input\":[{\"type\":\"text\",\"text\":\"<FIRST_FRAME> say \\\"hi\\\"\"},"
                     "{\"type\":\"image\",\"mime_type\":\"image/png\",\"data\":\"<0>\"}],"
                     "\"model\":\"" OMNI "\",\"background\":true,\"store\":true,"
                     "\"response_format\":{\"type\":\"video\",\"aspect_ratio\":\"16:9\","
                     "\"resolution\":\"720p\",\"duration\":\"8s\",\"delivery\":\"uri\"},"
                     "\"generation_config\":{\"video_config\":{\"task\":\"image_to_video\"}},"
                     "\"labels\":{\"attempt\":\"%s\"}}",
                     bed.sample.shot.attempt.id.text)),
        "%s", joined(&bed, &step));
    bed_shot(&bed, VEO, "\"prompt\": \"x\", \"assets\": [\"a.png\"], \"duration\": 8", 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(strstr(joined(&bed, &step),
                     "{\"instances\":[{\"prompt\":\"x\",\"image\":{\"mimeType\":\"image/png\","
                     "\"bytesBase64Encoded\":\"<0>\"}}],\"parameters\":{") != NULL,
              "%s", joined(&bed, &step));
    bed_close(&bed);
}

Test(provider_veo, large_pictures_are_uploaded)
{
    struct bed bed;
    struct gen_step step;
    struct bed_answer answer = {.status = 200,
                                .header = "x-goog-upload-url",
                                .value = "https://generativelanguage.googleapis.com/upload?id=u1"};

    bed_open(&bed, "veo", "{\"uploadAbove\": 999}"); /* a sample has 1000 bytes */
    bed_shot(&bed, OMNI, "\"prompt\": \"x\", \"assets\": [\"a.png\"], \"duration\": 8", 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(bed_same(step.as.http.url,
                       "https://generativelanguage.googleapis.com/upload/v1beta/files"));
    cr_expect(bed_same(bed_header(&step, "x-goog-upload-command"), "start"));
    cr_expect(bed_same(bed_header(&step, "x-goog-upload-header-content-length"), "1000"));
    cr_expect(bed_same(step.as.http.data, "{\"file\":{\"mimeType\":\"image/png\"}}"));
    cr_expect(not(step.as.http.costs));
    bed_step(&bed, GEN_VERB_SUBMIT, &answer, &step);
    cr_expect(bed_same(step.as.http.url, answer.value));
    cr_expect(bed_same(step.as.http.credential, "key"));
    cr_expect(eq(int, step.as.http.asset, 0));
    cr_expect(bed_same(bed_header(&step, "x-goog-upload-command"), "upload, finalize"));
    bed_told(&bed, GEN_VERB_SUBMIT, 200,
             "{\"file\": {\"name\": \"files/f2\", \"state\": \"PROCESSING\", \"uri\":"
             " \"https://generativelanguage.googleapis.com/v1beta/files/f2\"}}",
             &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT));
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step); /* after the wait, or after a crash */
    cr_expect(
        bed_same(step.as.http.url, "https://generativelanguage.googleapis.com/v1beta/files/f2"));
    bed_told(&bed, GEN_VERB_SUBMIT, 200,
             "{\"name\": \"files/f2\", \"state\": \"ACTIVE\", \"uri\":"
             " \"https://generativelanguage.googleapis.com/v1beta/files/f2\"}",
             &step);
    cr_expect(step.as.http.costs);
    cr_expect(
        bed_same(bed_at(&bed, bed_body(&bed, &step), "input[1]"),
                 "{\"type\":\"image\",\"uri\":\"https://generativelanguage.googleapis.com/v1beta/"
                 "files/f2\",\"mime_type\":\"image/png\"}"));
    /* an upload link elsewhere gets no key */
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    answer.value = "https://upload.example/u1";
    bed_step(&bed, GEN_VERB_SUBMIT, &answer, &step);
    cr_expect(bed_same(step.as.http.credential, ""));
    /* cut off while sending: it starts over */
    bed_step(&bed, GEN_VERB_SUBMIT, NULL, &step);
    cr_expect(bed_same(bed_header(&step, "x-goog-upload-command"), "start"));
    bed_close(&bed);
}

Test(provider_veo, vertex_order)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, VEO, BOILS ", \"negativePrompt\": \"people\"", 1920, 1080);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(
        bed_same(step.as.http.url,
                 "http://127.0.0.1:4012/vertex/v1/projects/p1/locations/us-central1/publishers/"
                 "google/models/" VEO ":predictLongRunning"));
    cr_expect(bed_same(step.as.http.credential, "account"));
    cr_expect(step.as.http.costs);
    cr_expect(
        bed_same(step.as.http.data,
                 gen_arena_printf(
                     bed.arena,
                     "{\"instances\":[{\"prompt\":\"A kettle boils\"}],\"parameters\":{"
                     "\"durationSeconds\":8,\"aspectRatio\":\"16:9\",\"resolution\":\"1080p\","
                     "\"sampleCount\":1,\"generateAudio\":true,\"seed\":42,"
                     "\"negativePrompt\":\"people\",\"storageUri\":\"gs://b1/ads/%s/\"}}",
                     bed.sample.shot.attempt.id.text)),
        "%s", (const char *)step.as.http.data);
    bed_told(&bed, GEN_VERB_SUBMIT, 200, "{\"name\": \"projects/p/operations/op1\"}", &step);
    cr_expect(bed_same(step.as.done.handle, "projects/p/operations/op1"));
    bed_ask(&bed, GEN_VERB_POLL, "projects/p/operations/op1", &step);
    cr_expect(bed_same(step.as.http.method, "POST"));
    cr_expect(strstr(step.as.http.url, VEO ":fetchPredictOperation") != NULL);
    cr_expect(bed_same(step.as.http.data, "{\"operationName\":\"projects/p/operations/op1\"}"));
    cr_assert(ne(ptr, (void *)step.as.http.extract, NULL));
    cr_expect(not(step.as.http.costs));
    bed_close(&bed);
}

/* -------------------------------------------------------------------------------- failures -- */

struct talk {
    enum gen_verb verb;
    const char *model;
    const char *state; /* before the answer; NULL: of the verb's own first step */
    struct bed_answer answer;
    struct bed_failure expected;
};

#define ERROR(code, status, words) \
    "{\"error\": {\"code\": " #code ", \"status\": \"" status "\", \"message\": \"" words "\"}}"
#define WORD(code, words) "{\"error\": {\"code\": \"" code "\", \"message\": \"" words "\"}}"
#define NO GEN_BILLING_NO
#define UNKNOWN GEN_BILLING_UNKNOWN
#define SUBMIT(model, ...) \
    { \
        GEN_VERB_SUBMIT, model, NULL, __VA_ARGS__ \
    }
#define POLL(model, ...) \
    { \
        GEN_VERB_POLL, model, NULL, __VA_ARGS__ \
    }

static const struct talk talks[] = {
    /* an answer about another job is none about ours */
    POLL(VEO, {200, "{\"name\": \"projects/p/operations/other\", \"done\": true}"},
         {GEN_FAILURE_TRANSIENT, UNKNOWN}),
    POLL(OMNI, {200, "{\"id\": \"v1_other\", \"status\": \"completed\"}"},
         {GEN_FAILURE_TRANSIENT, UNKNOWN}),
    /* the sheet's table, on the order, with a code that is a number and one that is a word */
    SUBMIT(VEO, {400, ERROR(400, "INVALID_ARGUMENT", "bad")},
           {GEN_FAILURE_INVALID, NO, "INVALID_ARGUMENT"}),
    SUBMIT(OMNI, {400, WORD("invalid_request", "bad")},
           {GEN_FAILURE_INVALID, NO, "invalid_request", "bad"}),
    SUBMIT(OMNI, {400, WORD("invalid_request", "blocked by our safety filters")},
           {GEN_FAILURE_MODERATED, NO, NULL, NULL, "scenes[0].prompt"}),
    SUBMIT(VEO, {400, ERROR(400, "INVALID_ARGUMENT", "violates Responsible AI practices")},
           {GEN_FAILURE_MODERATED, NO}),
    SUBMIT(VEO, {400, ERROR(400, "FAILED_PRECONDITION", "enable billing")}, {GEN_FAILURE_AUTH, NO}),
    SUBMIT(OMNI,
           {400, "{\"error\": {\"code\": 400, \"status\": \"INVALID_ARGUMENT\", \"message\": \"x\","
                 " \"details\": [{\"reason\": \"API_KEY_INVALID\"}]}}"},
           {GEN_FAILURE_AUTH, NO, "API_KEY_INVALID"}),
    SUBMIT(OMNI,
           {400, ERROR(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")},
           {GEN_FAILURE_AUTH, NO}),
    SUBMIT(OMNI, {403, ERROR(403, "PERMISSION_DENIED", "unregistered callers")},
           {GEN_FAILURE_AUTH, NO}),
    SUBMIT(VEO, {401, ERROR(401, "UNAUTHENTICATED", "no")}, {GEN_FAILURE_AUTH, NO}),
    SUBMIT(VEO, {401, ""}, {GEN_FAILURE_AUTH, NO, "401"}),
    /* a model that is gone: what to use instead */
    SUBMIT(VEO, {404, ERROR(404, "NOT_FOUND", "no longer available")},
           {GEN_FAILURE_UNSUPPORTED, NO, "NOT_FOUND",
            "Google does not serve " VEO
            " (any longer); use gemini-omni-1.2-flash: no longer available"}),
    SUBMIT(OMNI, {404, WORD("not_found", "x")},
           {GEN_FAILURE_UNSUPPORTED, NO, "not_found",
            "Google does not serve " OMNI " (any longer); see GET /v1beta/models: x"}),
    SUBMIT(VEO, {409, ERROR(409, "ABORTED", "x")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}),
    SUBMIT(VEO, {429, ERROR(429, "RESOURCE_EXHAUSTED", "slower")}, {GEN_FAILURE_RATE_LIMITED, NO}),
    SUBMIT(OMNI, {429, WORD("resource_exhausted", "slower")}, {GEN_FAILURE_RATE_LIMITED, NO}),
    SUBMIT(OMNI, {429, ERROR(429, "RESOURCE_EXHAUSTED", "your prepaid credit is used up")},
           {GEN_FAILURE_QUOTA, NO}),
    SUBMIT(OMNI,
           {429,
            "{\"error\": {\"code\": 429, \"status\": \"RESOURCE_EXHAUSTED\", \"message\": \"check"
            " your plan\", \"details\": [{\"violations\": [{\"quotaId\":"
            " \"GenerateRequestsPerDayPerProject\"}]}]}}"},
           {GEN_FAILURE_QUOTA, NO}),
    SUBMIT(OMNI,
           {429,
            "{\"error\": {\"code\": 429, \"status\": \"RESOURCE_EXHAUSTED\", \"message\": \"x\","
            " \"details\": [{\"@type\": \"type.googleapis.com/google.rpc.RetryInfo\","
            " \"retryDelay\": \"7.5s\"}]}}"},
           {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 7500}),
    SUBMIT(OMNI, {429, "", "retry-after", "3"},
           {GEN_FAILURE_RATE_LIMITED, NO, NULL, NULL, NULL, 3000}),
    /* a fault on the order says nothing about the bill */
    SUBMIT(OMNI, {500, WORD("internal", "x")}, {GEN_FAILURE_TRANSIENT, UNKNOWN, "internal"}),
    SUBMIT(VEO, {503, ERROR(503, "UNAVAILABLE", "x")}, {GEN_FAILURE_TRANSIENT, UNKNOWN}),
    SUBMIT(VEO, {504, "<html>"}, {GEN_FAILURE_TRANSIENT, UNKNOWN, "504"}),
    SUBMIT(VEO, {503, "[{\"error\": {\"code\": 503, \"message\": \"in a list\"}}]"},
           {GEN_FAILURE_TRANSIENT, UNKNOWN, NULL, "in a list"}),
    SUBMIT(OMNI, {302, ""}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    /* accepted, but by what name? */
    SUBMIT(OMNI, {200, "{}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    SUBMIT(OMNI, {200, "{\"id\": 7}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    SUBMIT(OMNI, {200, "{\"id\": \"v1\"}", .cut = true}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    SUBMIT(VEO, {200, "<html>"}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    SUBMIT(VEO, {200, "{\"name\": \"\"}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    /* uploads cost nothing */
    {GEN_VERB_SUBMIT, OMNI, "{\"doing\":\"start\"}", {503, ""}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_SUBMIT, OMNI, "{\"doing\":\"start\"}", {200, ""}, {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_SUBMIT,
     OMNI,
     "{\"doing\":\"send\"}",
     {200, "{\"file\": {\"state\": \"FAILED\"}}"},
     {GEN_FAILURE_INVALID, NO}},
    {GEN_VERB_SUBMIT,
     OMNI,
     "{\"doing\":\"ready\"}",
     {404, ERROR(404, "NOT_FOUND", "x")},
     {GEN_FAILURE_INVALID, NO}},
    /* only the asking failed */
    POLL(OMNI, {400, WORD("invalid_request", "no such")}, {GEN_FAILURE_EXPIRED, UNKNOWN}),
    POLL(OMNI, {400, ERROR(400, "INVALID_ARGUMENT", "API key not valid")},
         {GEN_FAILURE_AUTH, UNKNOWN}),
    POLL(OMNI, {429, WORD("resource_exhausted", "x")}, {GEN_FAILURE_RATE_LIMITED, UNKNOWN}),
    POLL(OMNI, {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}),
    POLL(VEO, {404, ERROR(404, "NOT_FOUND", "x")}, {GEN_FAILURE_EXPIRED, UNKNOWN}),
    POLL(VEO, {409, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}),
    POLL(VEO, {302, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}),
    /* the job has ended: nothing comes after it */
    POLL(OMNI,
         {200,
          "{\"status\": \"failed\", \"errors\": [{\"code\": \"internal\", \"message\": \"gpu\"}]}"},
         {GEN_FAILURE_PROVIDER, UNKNOWN, "internal", "gpu"}),
    POLL(OMNI,
         {200, "{\"status\": \"failed\", \"errors\": [{\"code\": \"https://x.dev/errors/internal\","
               " \"message\": \"gpu\"}]}"},
         {GEN_FAILURE_PROVIDER, UNKNOWN, "internal", "gpu"}),
    POLL(OMNI, {200, "{\"status\": \"failed\"}"}, {GEN_FAILURE_PROVIDER, UNKNOWN, ""}),
    POLL(OMNI,
         {200, "{\"status\": \"failed\", \"errors\": [{\"code\": \"x\", \"message\": \"unsafe: "
               "safety\"}]}"},
         {GEN_FAILURE_MODERATED, NO}),
    POLL(OMNI,
         {200, "{\"status\": \"failed\", \"errors\": [{\"code\": \"resource_exhausted\", "
               "\"message\": \"x\"}]}"},
         {GEN_FAILURE_RATE_LIMITED, NO}),
    POLL(OMNI, {200, "{\"status\": \"cancelled\"}"}, {GEN_FAILURE_PROVIDER, UNKNOWN, "cancelled"}),
    POLL(OMNI, {200, "{\"status\": \"budget_exceeded\"}"},
         {GEN_FAILURE_QUOTA, UNKNOWN, "budget_exceeded"}),
    POLL(OMNI, {200, "{\"status\": \"requires_action\"}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    /* a refusal: completed, words alone, no tokens of video */
    POLL(OMNI,
         {200, "{\"status\": \"completed\", \"steps\": [{\"type\": \"model_output\", \"content\":"
               " [{\"type\": \"text\", \"text\": \"I can't make that.\"}]}],"
               " \"usage\": {\"total_output_tokens\": 20}}"},
         {GEN_FAILURE_MODERATED, NO, "completed", "I can't make that.", "scenes[0].prompt"}),
    POLL(OMNI,
         {200, "{\"status\": \"completed\", \"steps\": [{\"content\": [{\"type\": \"text\", "
               "\"text\": \"no\"}]}],"
               " \"usage\": {\"output_tokens_by_modality\": [{\"modality\": \"video\", \"tokens\": "
               "9}]}}"},
         {GEN_FAILURE_MODERATED, UNKNOWN}),
    POLL(OMNI, {200, "{\"status\": \"completed\", \"steps\": []}"},
         {GEN_FAILURE_PROVIDER, UNKNOWN}),
    POLL(OMNI, {200, "{\"status\": \"completed\", \"steps\": 17}"},
         {GEN_FAILURE_PROVIDER, UNKNOWN}),
    POLL(VEO,
         {200, "{\"done\": true, \"response\": {\"raiMediaFilteredCount\": 1,"
               " \"raiMediaFilteredReasons\": [\"a face\"]}}"},
         {GEN_FAILURE_MODERATED, NO, "raiMediaFiltered", "a face"}),
    POLL(VEO,
         {200, "{\"done\": true, \"response\": {\"raiMediaFilteredCount\": 1, \"videos\": []}}"},
         {GEN_FAILURE_MODERATED, NO}),
    POLL(VEO, {200, "{\"done\": true, \"response\": {}}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    POLL(VEO, {200, "{\"done\": true}"}, {GEN_FAILURE_PROVIDER, UNKNOWN}),
    POLL(VEO, {200, "{\"done\": true, \"error\": {\"code\": 13, \"message\": \"gpu\"}}"},
         {GEN_FAILURE_PROVIDER, UNKNOWN, "internal", "gpu"}),
    POLL(VEO, {200, "{\"done\": true, \"error\": {\"code\": 8, \"message\": \"x\"}}"},
         {GEN_FAILURE_RATE_LIMITED, NO, "resource_exhausted"}),
    POLL(VEO, {200, "{\"done\": true, \"error\": {\"code\": 3, \"message\": \"bad\"}}"},
         {GEN_FAILURE_INVALID, NO, "invalid_argument"}),
    POLL(VEO,
         {200, "{\"done\": true, \"error\": {\"code\": 3, \"message\": \"violates policies\"}}"},
         {GEN_FAILURE_MODERATED, NO}),
    POLL(VEO, {200, "{\"done\": true, \"error\": {\"code\": 99999999999999999999}}"},
         {GEN_FAILURE_PROVIDER, UNKNOWN, ""}),
    /* the clip */
    {GEN_VERB_FETCH,
     OMNI,
     "{\"doing\":\"get\",\"uri\":\"https://x.example/v\"}",
     {404, ""},
     {GEN_FAILURE_EXPIRED, UNKNOWN, "404"}},
    {GEN_VERB_FETCH,
     OMNI,
     "{\"doing\":\"get\",\"uri\":\"http://127.0.0.1:4012/google/v1beta/files/f\"}",
     {403, ERROR(403, "PERMISSION_DENIED", "another project")},
     {GEN_FAILURE_AUTH, UNKNOWN}},
    {GEN_VERB_FETCH,
     OMNI,
     "{\"doing\":\"check\",\"uri\":\"http://127.0.0.1:4012/google/v1beta/files/f\"}",
     {404, ERROR(404, "NOT_FOUND", "x")},
     {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_FETCH,
     OMNI,
     "{\"doing\":\"check\",\"uri\":\"http://127.0.0.1:4012/google/v1beta/files/f\"}",
     {200, "{\"state\": \"FAILED\"}"},
     {GEN_FAILURE_PROVIDER, UNKNOWN}},
    {GEN_VERB_FETCH,
     OMNI,
     "{\"doing\":\"look\"}",
     {200, "{\"status\": \"completed\"}"},
     {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_FETCH, VEO, "get", {404, "<Error/>"}, {GEN_FAILURE_EXPIRED, UNKNOWN, "404"}},
    {GEN_VERB_FETCH, VEO, "get", {503, ""}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_FETCH, VEO, "look", {200, "{\"done\": true}"}, {GEN_FAILURE_TRANSIENT, UNKNOWN}},
    {GEN_VERB_HEALTH,
     OMNI,
     NULL,
     {400, ERROR(400, "INVALID_ARGUMENT", "text")},
     {GEN_FAILURE_AUTH, NO}},
    {GEN_VERB_HEALTH, OMNI, NULL, {503, ""}, {GEN_FAILURE_TRANSIENT, NO}},
    {GEN_VERB_HEALTH, OMNI, NULL, {200, "{}"}, {GEN_FAILURE_PROVIDER, NO}},
    {GEN_VERB_CANCEL,
     OMNI,
     NULL,
     {400, WORD("failed_precondition", "x")},
     {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_CANCEL,
     OMNI,
     NULL,
     {200, "{\"status\": \"completed\"}"},
     {GEN_FAILURE_EXPIRED, UNKNOWN}},
    {GEN_VERB_CANCEL, VEO, NULL, {0, NULL}, {GEN_FAILURE_UNSUPPORTED, UNKNOWN}},
    {GEN_VERB_RECOVER, OMNI, NULL, {0, NULL}, {GEN_FAILURE_UNSUPPORTED, UNKNOWN}},
};

Test(provider_veo, failures)
{
    struct bed bed;

    bed_open(&bed, "veo", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(talks); i++) {
        const struct talk *row = &talks[i];
        bool upload = row->verb == GEN_VERB_SUBMIT && row->state != NULL;
        struct gen_step step;

        bed_shot(&bed, row->model,
                 upload ? "\"prompt\": \"x\", \"assets\": [\"a.png\"]" : "\"prompt\": \"x\"", 1280,
                 720);
        if (upload) {
            bed.sample.assets[0].size = 20000000;
        }
        bed.sample.shot.attempt.handle = row->verb == GEN_VERB_SUBMIT ? "" : "v1_abc";
        bed.sample.shot.attempt.step_state = row->state;
        if (row->state == NULL) {
            bed_ask(&bed, row->verb, row->verb == GEN_VERB_SUBMIT ? "" : "v1_abc", &step);
        }
        if (row->answer.status != 0) {
            bed_step(&bed, row->verb, &row->answer, &step);
        }
        bed_fails(&step, &row->expected,
                  gen_arena_printf(bed.arena, "row %zu: %d %s", i, row->answer.status,
                                   row->answer.body != NULL ? row->answer.body : ""));
    }
    bed_close(&bed);
}

Test(provider_veo, keeps_asking)
{
    static const struct {
        const char *model, *body;
        int64_t wait_ms;
    } rows[] = {
        {OMNI, "{\"status\": \"queued\"}", 4000},
        {OMNI, "{\"status\": \"in_progress\"}", 4000},
        {OMNI, "{\"status\": \"pondering\"}", 4000}, /* the list is open */
        {OMNI, "{\"status\": 7}", 4000},
        {OMNI, "<html>", 4000},
        {OMNI, "[]", 4000},
        {VEO, "{\"name\": \"projects/p/operations/v1_abc\"}", 10000},
        {VEO, "{\"done\": false}", 10000},
        {VEO, "{\"done\": \"true\"}", 10000}, /* of another type: not said */
        {VEO, "<html>", 10000},
        {VEO, "", 10000},
    };
    struct bed bed;

    bed_open(&bed, "veo", SETTINGS);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_step step;

        bed_shot(&bed, rows[i].model, "\"prompt\": \"x\"", 1280, 720);
        bed_ask(&bed, GEN_VERB_POLL, "v1_abc", &step);
        bed_told(&bed, GEN_VERB_POLL, 200, rows[i].body, &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_WAIT), "%s", rows[i].body);
        cr_expect(eq(i64, step.wait_ms, rows[i].wait_ms), "%s", rows[i].body);
    }
    bed_close(&bed);
}

/* ------------------------------------------------------------------------------- the clip -- */

#define FILE_URI "http://127.0.0.1:4012/google/v1beta/files/f1:download?alt=media"
#define READY \
    "{\"status\": \"completed\", \"steps\": [{\"type\": \"model_output\", \"content\": " \
    "[{\"type\":" \
    " \"video\", \"mime_type\": \"video/mp4\", \"uri\": \"" FILE_URI "\"}]}], \"usage\":" \
    " {\"total_output_tokens\": 46340, \"output_tokens_by_modality\": [{\"modality\": \"video\"," \
    " \"tokens\": 46336}]}}"

Test(provider_veo, omni_fetch)
{
    struct bed bed;
    struct gen_step step;
    struct bed_answer inside = {.status = 200, .extracted = true};
    static const char *const no_links[] = {"http://127.0.0.1:4012.evil.example/x",
                                           "http://u:p@host/x",
                                           "http://",
                                           "gs://b/x",
                                           "http://127.0.0.1:4012\\\\@evil/x",
                                           "https://host:99999/",
                                           "https://host:/",
                                           "https://[::1/",
                                           "https://host/a b",
                                           "//host/x"};
    const char *left;

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, OMNI, BOILS, 1280, 720);
    bed_ask(&bed, GEN_VERB_POLL, "v1/abc", &step);
    cr_expect(
        bed_same(step.as.http.url, "http://127.0.0.1:4012/google/v1beta/interactions/v1%2Fabc"));
    cr_assert(ne(ptr, (void *)step.as.http.extract, NULL));
    cr_expect(bed_same(step.as.http.extract[0], "steps[*].content[*].data"));
    bed_told(&bed, GEN_VERB_POLL, 200, READY, &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(eq(i64, step.as.done.cost, 810880)); /* 46336 tokens at $17.50 a million */
    left = bed.sample.shot.attempt.step_state;
    /* where the state of poll comes along the link is used; else it is asked for again */
    bed.sample.shot.attempt.step_state = left;
    bed_step(&bed, GEN_VERB_FETCH, NULL, &step);
    cr_expect(bed_same(step.as.http.url, FILE_URI));
    bed_ask(&bed, GEN_VERB_FETCH, "v1/abc", &step);
    cr_assert(ne(ptr, (void *)step.as.http.extract, NULL));
    bed_told(&bed, GEN_VERB_FETCH, 200, READY, &step);
    cr_expect(bed_same(step.as.http.url, FILE_URI));
    cr_expect(bed_same(step.as.http.credential, "key")); /* Google's own origin */
    cr_expect(step.as.http.to_result && step.as.http.follow);
    /* not prepared yet */
    bed_told(&bed, GEN_VERB_FETCH, 400, "", &step);
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4012/google/v1beta/files/f1"));
    bed_told(&bed, GEN_VERB_FETCH, 200, "{\"state\": \"PROCESSING\"}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT));
    bed_step(&bed, GEN_VERB_FETCH, NULL, &step);
    cr_expect(bed_same(step.as.http.url, FILE_URI));
    bed_told(&bed, GEN_VERB_FETCH, 200, "", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    /* inside the answer */
    bed_ask(&bed, GEN_VERB_FETCH, "v1/abc", &step);
    inside.body = "{\"status\": \"completed\", \"steps\": [{\"content\": [{\"type\": \"video\","
                  " \"data\": \"\"}]}]}";
    bed_step(&bed, GEN_VERB_FETCH, &inside, &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    /* a link to somewhere else gets no key, and one that is none is not followed */
    bed_ask(&bed, GEN_VERB_FETCH, "v1/abc", &step);
    bed_told(&bed, GEN_VERB_FETCH, 200,
             "{\"status\": \"completed\", \"steps\": [{\"content\": [{\"type\": \"video\", \"uri\":"
             " \"http://127.0.0.1:40123/x\"}]}]}",
             &step);
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:40123/x"));
    cr_expect(bed_same(step.as.http.credential, ""));
    for (size_t i = 0; i < GEN_COUNT(no_links); i++) {
        bed_ask(&bed, GEN_VERB_FETCH, "v1/abc", &step);
        bed_told(
            &bed, GEN_VERB_FETCH, 200,
            gen_arena_printf(bed.arena,
                             "{\"status\": \"completed\", \"steps\": [{\"content\": [{\"type\":"
                             " \"video\", \"uri\": \"%s\"}]}]}",
                             no_links[i]),
            &step);
        cr_expect(eq(int, step.type, GEN_STEP_IS_FAIL), "%s", no_links[i]);
    }
    bed_close(&bed);
}

/* The older form, and clips that come inside: found all the same. */
Test(provider_veo, omni_finds_the_clip)
{
    static const struct {
        const char *body;
        bool extracted;
    } rows[] = {
        {"{\"status\": \"completed\", \"outputs\": [{\"type\": \"video\", \"uri\": "
         "\"https://x/y\"}]}",
         false},
        {"{\"status\": \"completed\", \"steps\": [{\"content\": [{\"type\": \"video\", \"data\": "
         "\"AAAA\"}]}]}",
         false},
        {"{\"status\": \"completed\", \"steps\": [{\"content\": [{\"type\": \"video\", \"data\": "
         "\"\"}]}]}",
         true},
        {"{\"status\": \"incomplete\", \"steps\": [{\"content\": [{\"type\": \"text\", \"text\": "
         "\"cut\"},"
         " {\"type\": \"video\", \"uri\": \"https://x/y\"}]}]}",
         false},
    };
    struct bed bed;

    bed_open(&bed, "veo", "{}");
    bed_shot(&bed, OMNI, BOILS, 1280, 720);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bed_answer answer = {
            .status = 200, .body = rows[i].body, .extracted = rows[i].extracted};
        struct gen_step step;

        bed_ask(&bed, GEN_VERB_POLL, "v1_abc", &step);
        bed_step(&bed, GEN_VERB_POLL, &answer, &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_DONE), "%s", rows[i].body);
        cr_expect(eq(i64, step.as.done.cost, -1)); /* no price of tokens is set */
    }
    bed_close(&bed);
}

Test(provider_veo, vertex_fetch)
{
    struct bed bed;
    struct gen_step step;
    struct bed_answer inside = {
        .status = 200,
        .extracted = true,
        .body = "{\"done\": true, \"response\": {\"videos\": [{\"bytesBase64Encoded\": \"\"}]}}"};
    static const char ready[] =
        "{\"done\": true, \"response\": {\"videos\": [{\"gcsUri\":"
        " \"gs://b1/ads/a 1/sample_0.mp4\"}], \"raiMediaFilteredCount\": 0}}";

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, VEO, BOILS, 1280, 720);
    bed_ask(&bed, GEN_VERB_POLL, "op1", &step);
    bed_told(&bed, GEN_VERB_POLL, 200, ready, &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_ask(&bed, GEN_VERB_FETCH, "op1", &step);
    bed_told(&bed, GEN_VERB_FETCH, 200, ready, &step);
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4012/storage/b1/ads/a%201/sample_0.mp4"),
              "%s", step.as.http.url);
    cr_expect(bed_same(step.as.http.credential, "account"));
    cr_expect(step.as.http.to_result);
    bed_told(&bed, GEN_VERB_FETCH, 200, "", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    /* inside the answer: the poll drops it, fetch keeps it */
    bed_ask(&bed, GEN_VERB_POLL, "op1", &step);
    bed_step(&bed, GEN_VERB_POLL, &inside, &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_ask(&bed, GEN_VERB_FETCH, "op1", &step);
    bed_step(&bed, GEN_VERB_FETCH, &inside, &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_close(&bed);
}

/* A lost order: its clip lies in its own folder, and becomes the handle. */
Test(provider_veo, vertex_recover)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, VEO, BOILS, 1280, 720);
    bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
    cr_expect(bed_same(step.as.http.url,
                       gen_arena_printf(bed.arena,
                                        "http://127.0.0.1:4012/storage/storage/v1/b/b1/o?prefix="
                                        "ads%%2F%s%%2F",
                                        bed.sample.shot.attempt.id.text)),
              "%s", step.as.http.url);
    bed_told(&bed, GEN_VERB_RECOVER, 200, "{\"kind\": \"storage#objects\"}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT)); /* it may still be rendering */
    bed_step(&bed, GEN_VERB_RECOVER, NULL, &step);
    bed_told(&bed, GEN_VERB_RECOVER, 403, "", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT)); /* what cannot be read says nothing */
    bed.task.now += 1800000;
    bed_step(&bed, GEN_VERB_RECOVER, NULL, &step);
    bed_told(&bed, GEN_VERB_RECOVER, 200, "<html>", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_WAIT));
    bed_step(&bed, GEN_VERB_RECOVER, NULL, &step);
    bed_told(&bed, GEN_VERB_RECOVER, 200, "{\"kind\": \"storage#objects\"}", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, ""));
    bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
    bed_told(&bed, GEN_VERB_RECOVER, 200,
             "{\"items\": [{\"name\": \"ads/x/log.txt\"}, {\"name\": \"ads/x/sample_0.mp4\"}]}",
             &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(bed_same(step.as.done.handle, "gs://b1/ads/x/sample_0.mp4"));
    bed_ask(&bed, GEN_VERB_POLL, "gs://b1/ads/x/sample_0.mp4", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_ask(&bed, GEN_VERB_FETCH, "gs://b1/ads/x/sample_0.mp4", &step);
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4012/storage/b1/ads/x/sample_0.mp4"));
    bed_close(&bed);
}

Test(provider_veo, cancel_and_health)
{
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, OMNI, BOILS, 1280, 720);
    bed_ask(&bed, GEN_VERB_CANCEL, "v1_abc", &step);
    cr_expect(bed_same(step.as.http.method, "POST"));
    cr_expect(bed_same(step.as.http.url,
                       "http://127.0.0.1:4012/google/v1beta/interactions/v1_abc/cancel"));
    bed_told(&bed, GEN_VERB_CANCEL, 200, "{\"status\": \"cancelled\"}", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(eq(i64, step.as.done.cost, -1)); /* what was used up is billed; not said how much */
    bed_ask(&bed, GEN_VERB_HEALTH, "", &step);
    cr_expect(bed_same(step.as.http.url, "http://127.0.0.1:4012/google/v1beta/models"));
    bed_told(&bed, GEN_VERB_HEALTH, 200, "{\"models\": [{\"name\": \"models/" OMNI "\"}]}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_close(&bed);
    bed_open(&bed, "veo", "{\"health\": false}");
    cr_expect(not(gen_hosted_can(bed.hosted, GEN_VERB_HEALTH)));
    bed_close(&bed);
}

Test(provider_veo, without_memory)
{
    static const struct bed_answer ready = {.status = 200, .body = READY};
    static const struct bed_answer refused = {.status = 429,
                                              .body = ERROR(429, "RESOURCE_EXHAUSTED", "x")};
    static const struct bed_answer items = {.status = 200,
                                            .body = "{\"items\": [{\"name\": \"a/b.mp4\"}]}"};
    struct bed bed;
    struct gen_step step;

    bed_open(&bed, "veo", SETTINGS);
    bed_shot(&bed, OMNI, BOILS ", \"assets\": [\"a.png\"]", 1280, 720);
    bed_starve(&bed, GEN_VERB_SUBMIT, NULL);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    bed_starve(&bed, GEN_VERB_SUBMIT, &refused);
    bed_ask(&bed, GEN_VERB_POLL, "v1_abc", &step);
    bed_starve(&bed, GEN_VERB_POLL, &ready);
    bed_ask(&bed, GEN_VERB_FETCH, "v1_abc", &step);
    bed_starve(&bed, GEN_VERB_FETCH, &ready);
    bed_shot(&bed, VEO, BOILS, 1280, 720);
    bed_ask(&bed, GEN_VERB_SUBMIT, "", &step);
    bed_starve(&bed, GEN_VERB_SUBMIT, NULL);
    bed_ask(&bed, GEN_VERB_RECOVER, "", &step);
    bed_starve(&bed, GEN_VERB_RECOVER, &items);
    bed_close(&bed);
}

/* ---------------------------------------------------------------------------- the shared exchanges
 * */

#define SIDE_OPERATION \
    "projects/test-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001/" \
    "operations/op1"
#define SIDE_FILE "https://generativelanguage.googleapis.com/v1beta/files/f1:download?alt=media"

struct side_order {                /* what a line's body asks for, on either surface */
    const struct gen_node *format; /* response_format or parameters */
    const char *prompt, *aspect, *resolution, *storage;
    int seconds;
    bool picture, vertex;
};

static struct side_order side_order(const char *path, const struct gen_node *body)
{
    struct side_order order = {.vertex = strstr(path, "/publishers/") != NULL ||
                                         strstr(path, "test-bucket") != NULL};
    const struct gen_node *input = gen_node_get(body, "input");

    order.format = gen_node_get(body, order.vertex ? "parameters" : "response_format");
    order.prompt = order.vertex
                       ? gen_node_text(gen_node_find(body, "instances[0].prompt", NULL), "x")
                       : gen_node_text(input,
                                       gen_node_text(gen_node_find(input, "[0].text", NULL), "x"));
    order.picture = gen_node_find(body, "instances[0].image", NULL) != NULL ||
                    gen_node_count(input) > 1;
    if (strncmp(order.prompt, "<FIRST_FRAME> ", 14) == 0) {
        order.prompt += 14;
    }
    order.aspect = gen_node_text(
        gen_node_get(order.format, order.vertex ? "aspectRatio" : "aspect_ratio"), "16:9");
    order.resolution = gen_node_text(gen_node_get(order.format, "resolution"), "720p");
    order.storage = gen_node_text(gen_node_get(order.format, "storageUri"), "");
    order.seconds = (int)gen_node_integer(gen_node_get(order.format, "durationSeconds"), 0);
    if (order.seconds == 0) {
        order.seconds = atoi(gen_node_text(gen_node_get(order.format, "duration"), "8s"));
    }
    return order;
}

static void side_size(const struct side_order *order, int32_t *width, int32_t *height)
{
    int32_t lines = atoi(order->resolution), wide = lines * 16 / 9;
    bool tall = bed_same(order->aspect, "9:16");

    *width = tall ? lines : wide;
    *height = tall ? wide : lines;
}

static void side_shot(struct bed *bed, const char *path, const struct gen_node *body)
{
    struct side_order order = side_order(path, body);
    const struct gen_node *audio = gen_node_get(order.format, "generateAudio");
    struct gen_arena *arena = gen_arena_create(0);
    const char *reference = strstr(path, "att_unknown") != NULL ? "att_unknown" : "att_42";
    int32_t width, height;

    bed_open(
        bed, "veo",
        gen_arena_printf(arena,
                         "{\"project\": \"test-project\", \"recoverAfterSeconds\": 0,"
                         " \"apiVersion\": \"%s\", \"delivery\": \"%s\", \"generateAudio\": %s%s}",
                         strncmp(path, "/v1/interactions", 16) == 0 ? "v1" : "v1beta",
                         gen_node_text(gen_node_get(order.format, "delivery"), "uri"),
                         gen_node_truth(audio, true) ? "true" : "false",
                         body != NULL && order.storage[0] == '\0'
                             ? ""
                             : ", \"storageUri\": \"gs://test-bucket\""));
    side_size(&order, &width, &height);
    bed_shot(bed, order.vertex ? VEO : gen_node_text(gen_node_get(body, "model"), OMNI),
             gen_arena_printf(arena, "\"prompt\": \"%s\", \"duration\": %d%s", order.prompt,
                              order.seconds,
                              order.picture ? ", \"assets\": [\"picture.png\"]" : ""),
             width, height);
    if (strstr(order.storage, "att_") != NULL) {
        reference = gen_arena_printf(arena, "%.6s", strstr(order.storage, "att_"));
    }
    snprintf(bed->sample.shot.attempt.id.text, sizeof(bed->sample.shot.attempt.id.text), "%s",
             reference);
    bed->sample.shot.attempt.seed = 7;
    gen_arena_destroy(arena);
}

static const char *side_handle(struct bed *bed, const char *path)
{
    const char *id = strstr(path, "/interactions/");

    if (id != NULL) {
        id += strlen("/interactions/");
        return gen_arena_printf(bed->arena, "%.*s", (int)strcspn(id, "/"), id);
    }
    return strstr(path, "/publishers/") != NULL || strstr(path, "test-bucket") != NULL
               ? SIDE_OPERATION
               : "v1_abc";
}

static const char *side_before(struct bed *bed, const struct gen_step *step,
                               const struct gen_node *line, int *status)
{
    (void)bed;
    (void)line;
    (void)status;
    return strstr(step->as.http.url, "fetchPredictOperation") != NULL
               ? "{\"done\": true, \"response\": {\"videos\": [{\"gcsUri\":"
                 " \"gs://test-bucket/att_42/sample_0.mp4\"}]}}"
           : strstr(step->as.http.url, "/interactions/") != NULL
               ? "{\"status\": \"completed\", \"steps\": [{\"content\": [{\"type\": \"video\","
                 " \"uri\": \"" SIDE_FILE "\"}]}]}"
               : NULL;
}

Test(provider_veo, exchanges)
{
    static const char *const optional[] = {"store", "labels", "seed", "generateAudio", NULL};
    static const char *const skipped[] = {
        /* what is told in headers; see large_pictures_are_uploaded */
        "upload start", "upload finalize", "file", "file unknown",
        /* the line calls it invalid; the contract of cancel says expired */
        "cancel a finished one", NULL};
    static const struct exchange_side side = {"veo",       side_shot, side_handle,
                                              side_before, optional,  skipped};

    exchanges_play(&side, GEN_EXCHANGES "/google.jsonl");
}
