/* provider_rest_test.c - providers by description: which descriptions are taken and how mistakes in
 * them are told, what templates and paths become, what answers mean; and that the shipped
 * descriptions (fal, Replicate, ComfyUI) pass the trial with their recordings. */
#include "provider_bed.h"

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/yaml_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SOURCE GEN_EXCHANGES "/../../.."
#define KETTLE "\"prompt\": \"A kettle boils at dawn\", \"duration\": 5"
#define PICTURE KETTLE ", \"assets\": [\"product.png\"]"

/* The smallest description that is one; rows below change one key of it. */
static const char small[] =
    "{\"baseUrl\": \"https://api.acme.example/v1/\","
    " \"credential\": {\"scheme\": \"bearer\"},"
    " \"models\": [{\"id\": \"one\", \"durations\": [5, 10], \"sizes\": [\"1280x720\", "
    "\"720x1280\"]}],"
    " \"submit\": {\"url\": \"/videos\", \"body\": {\"prompt\": \"${prompt}\"}, \"handle\": "
    "\"id\"},"
    " \"poll\": {\"url\": \"/videos/${handle}\", \"status\": \"status\", \"words\": {\"done\": "
    "\"done\", \"failed\": [\"failed\", 8], \"moderated\": 7}},"
    " \"fetch\": {\"link\": \"url\"}}";

/* Opens the plugin and the provider "acme" of it; base is closed with it. */
struct rest_bed {
    struct bed bed;
    struct gen_hosted *base;
};

static const struct gen_node *by_id(struct rest_bed *rest, const char *id,
                                    const struct gen_node *settings)
{
    struct gen_node *map = gen_node_map(rest->bed.arena);

    gen_node_set(rest->bed.arena, map, id, gen_node_copy(rest->bed.arena, settings));
    return map;
}

static enum gen_status rest_again(struct rest_bed *rest, const char *id,
                                  const struct gen_node *settings, struct gen_hosted **out)
{
    struct gen_plugin_options options = {.version = "0.0.0-test"};

    options.settings = by_id(rest, id, settings);
    return gen_plugin_again(rest->base, id, "Acme", &options, out, &rest->bed.err);
}

static enum gen_status rest_try(struct rest_bed *rest, const struct gen_node *settings)
{
    struct gen_plugin_options options = {.version = "0.0.0-test"};

    cr_assert(
        eq(int, gen_plugin_open(CONTRACT_SHIPPED "/rest.so", &options, &rest->base, &rest->bed.err),
           GEN_OK),
        "%s", rest->bed.err.message);
    cr_assert(gen_plugin_dormant(rest->base)); /* it is no provider by itself */
    return rest_again(rest, "acme", settings, &rest->bed.hosted);
}

static void rest_begin(struct rest_bed *rest)
{
    memset(rest, 0, sizeof(*rest));
    rest->bed.arena = gen_arena_create(0);
    cr_assert(eq(int, gen_crypto_init(&rest->bed.err), GEN_OK));
}

/* The small description with the keys of `change` (JSON) in place of its own; null takes one
 * away. */
static const struct gen_node *changed(struct rest_bed *rest, const char *change)
{
    const struct gen_node *sources[] = {bed_json(&rest->bed, change), bed_json(&rest->bed, small)};
    struct gen_node *all = gen_node_map(rest->bed.arena);

    for (size_t i = 0; i < GEN_COUNT(sources); i++) {
        for (const struct gen_node *item = gen_node_first(sources[i]); item != NULL;
             item = item->next) {
            if (gen_node_get(all, item->key) == NULL) {
                gen_node_set(rest->bed.arena, all, item->key, gen_node_copy(rest->bed.arena, item));
            }
        }
    }
    return all;
}

static void rest_open(struct rest_bed *rest, const char *change)
{
    rest_begin(rest);
    cr_assert(eq(int, rest_try(rest, changed(rest, change)), GEN_OK), "%s: %s", change,
              rest->bed.err.message);
}

static void rest_close(struct rest_bed *rest)
{
    bed_close(&rest->bed);
    gen_plugin_close(rest->base);
}

/* --------------------------------------------------------------- the shipped descriptions -- */

static const struct gen_node *yaml(struct rest_bed *rest, const char *id)
{
    const char *path = gen_arena_printf(rest->bed.arena, "%s/policies/providers/%s.yaml", SOURCE, id);
    const struct gen_node *node = NULL;
    struct gen_bytes bytes;

    gen_bytes_init(&bytes, 1 << 20);
    cr_assert(eq(int, gen_files_read(path, &bytes, &rest->bed.err), GEN_OK), "%s: %s", path,
              rest->bed.err.message);
    cr_assert(eq(int,
                 gen_yaml_read(bytes.data, bytes.size, path, rest->bed.arena, &node,
                               &rest->bed.err),
                 GEN_OK),
              "%s: %s", path, rest->bed.err.message);
    gen_bytes_fini(&bytes);
    return node;
}

/* What the engine hands over: `settings:` with the addresses beside them. */
static const struct gen_node *settings_of(struct rest_bed *rest, const struct gen_node *file)
{
    static const char *const keys[] = {"baseUrl", "storageUrl"};
    struct gen_node *settings = gen_node_copy(rest->bed.arena, gen_node_get(file, "settings"));

    for (size_t i = 0; i < GEN_COUNT(keys); i++) {
        const struct gen_node *url = gen_node_get(file, keys[i]);

        if (url != NULL) {
            gen_node_set(rest->bed.arena, settings, keys[i], gen_node_copy(rest->bed.arena, url));
        }
    }
    return settings;
}

static void shipped(const char *id)
{
    struct rest_bed rest;
    const struct gen_node *file;
    const char *text, *command;
    char path[] = "/tmp/rest-settings-XXXXXX";
    int fd = mkstemp(path), code;

    rest_begin(&rest);
    file = yaml(&rest, id);
    cr_expect(bed_same(gen_node_text(gen_node_get(file, "id"), ""), id));
    cr_expect(bed_same(gen_node_text(gen_node_get(file, "plugin"), ""), "rest"));
    cr_expect(not(gen_node_truth(gen_node_get(file, "enabled"), true)));
    text = gen_json_text(rest.bed.arena, settings_of(&rest, file), NULL);
    cr_assert(ge(int, fd, 0));
    cr_assert(eq(sz, (size_t)write(fd, text, strlen(text)), strlen(text)));
    close(fd);
    command = gen_arena_printf(rest.bed.arena,
                               CONTRACT_BIN "/gen-trial --settings %s --recordings "
                                            "'" SOURCE "/plugins/rest/recordings/%s' "
                                            "'" CONTRACT_SHIPPED "/rest.so' >%s.out",
                               path, id, path);
    code = system(command);
    if (code != 0) {
        cr_expect(eq(int, system(gen_arena_printf(rest.bed.arena, "cat %s.out >&2", path)), 0));
    }
    cr_expect(eq(int, code, 0), "%s does not fit", id);
    unlink(path);
    unlink(gen_arena_printf(rest.bed.arena, "%s.out", path));
    gen_arena_destroy(rest.bed.arena);
}

Test(provider_rest, fal)
{
    shipped("fal");
}

Test(provider_rest, replicate)
{
    shipped("replicate");
}

Test(provider_rest, comfyui)
{
    shipped("comfyui");
}

/* The description that README.md begins with is one. */
Test(provider_rest, readme)
{
    struct rest_bed rest;
    const struct gen_node *file = NULL;
    struct gen_bytes bytes;
    const char *from, *end;
    struct gen_step step;

    rest_begin(&rest);
    gen_bytes_init(&bytes, 1 << 20);
    cr_assert(
        eq(int, gen_files_read(SOURCE "/plugins/rest/README.md", &bytes, &rest.bed.err), GEN_OK));
    from = gen_arena_strndup(rest.bed.arena, bytes.data, bytes.size);
    gen_bytes_fini(&bytes);
    from = strstr(from, "```yaml\n") + strlen("```yaml\n");
    end = strstr(from, "```");
    cr_assert(eq(int,
                 gen_yaml_read(from, (size_t)(end - from), "README.md", rest.bed.arena, &file,
                               &rest.bed.err),
                 GEN_OK),
              "%s", rest.bed.err.message);
    cr_assert(eq(int, rest_try(&rest, settings_of(&rest, file)), GEN_OK), "%s",
              rest.bed.err.message);
    bed_shot(&rest.bed, "one", KETTLE, 720, 1280);
    bed_ask(&rest.bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(bed_same(bed_at(&rest.bed, bed_body(&rest.bed, &step), "ratio"), "\"9:16\""));
    cr_expect(step.as.http.costs);
    rest_close(&rest);
}

/* Two providers of one plugin do not know each other. */
Test(provider_rest, side_by_side)
{
    struct rest_bed rest;
    struct gen_hosted *other = NULL;
    struct gen_step step;
    size_t count = 0;

    rest_open(&rest, "{}");
    cr_assert(eq(int,
                 rest_again(&rest, "other",
                            changed(&rest, "{\"baseUrl\": \"https://other.example\", \"models\": "
                                           "[{\"id\": \"two\", \"durations\": [3], \"sizes\": "
                                           "[\"640x640\"]}]}"),
                            &other),
                 GEN_OK),
              "%s", rest.bed.err.message);
    cr_expect(gen_hosted_model(other, "two") != NULL && gen_hosted_model(other, "one") == NULL);
    (void)gen_hosted_models(rest.bed.hosted, &count);
    cr_expect(eq(sz, count, 1));
    bed_shot(&rest.bed, "one", KETTLE, 1280, 720);
    bed_ask(&rest.bed, GEN_VERB_SUBMIT, "", &step);
    cr_expect(bed_same(step.as.http.url, "https://api.acme.example/v1/videos"));
    gen_plugin_close(other);
    rest_close(&rest);
}

/* ------------------------------------------------------------------------ mistakes in
 * descriptions */

static const struct {
    const char *change, *why; /* "" = taken */
} descriptions[] = {
    {"{}", ""},
    /* unknown keys, with the one that was meant */
    {"{\"modles\": []}", "modles: there is no such key (do you mean \"models\"?)"},
    {"{\"frobnicate\": 1}", "frobnicate: there is no such key"},
    {"{\"submit\": {\"url\": \"/v\", \"handel\": \"id\"}}",
     "submit.handel: there is no such key (do you mean \"handle\"?)"},
    {"{\"poll\": {\"url\": \"/v\", \"status\": \"s\", \"words\": {\"done\": \"d\", \"fail\": "
     "\"f\"}}}",
     "poll.words.fail: there is no such key"},
    /* what cannot be missing */
    {"{\"submit\": {\"url\": \"/v\"}}", "submit.handle: it is missing"},
    {"{\"poll\": null}", "poll: it is missing"},
    {"{\"baseUrl\": null}", "baseUrl: it is missing"},
    {"{\"poll\": {\"url\": \"/v\"}}", "poll: status or ready is missing"},
    {"{\"poll\": {\"url\": \"/v\", \"status\": \"s\"}}",
     "poll: status and words.done belong together"},
    {"{\"fetch\": {}}", "fetch.link: it is missing"},
    /* shapes */
    {"{\"submit\": []}", "submit: a map is wanted here"},
    {"{\"models\": []}", "models: a list of 1 to 64 models"},
    {"{\"models\": {\"x\": {\"like\": \"one\"}}}", "not under `like:` beside it"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5], \"sizes\": [\"1280*720\"]}]}",
     "models[0].sizes[0]: a size like 1280x720"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [0], \"sizes\": [\"64x64\"]}]}",
     "models[0].durations[0]: seconds"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": {\"min\": 8, \"max\": 5}, \"sizes\": "
     "[\"64x64\"]}]}",
     "models[0].durations: min is more than max"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5], \"sizes\": [\"64x64\"], \"tier\": 4}]}",
     "models[0].tier: a whole number from 1 to 3"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5], \"sizes\": [\"64x64\"], \"needs\": "
     "[\"cinematik\"]}]}",
     "models[0].needs[0]: there is no need \"cinematik\" (do you mean \"cinematic\"?)"},
    {"{\"models\": [{\"id\": \"a b\", \"durations\": [5], \"sizes\": [\"64x64\"]}]}",
     "models[0].id"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5], \"sizes\": [\"64x64\"]}, {\"id\": \"a\", "
     "\"durations\": [5], \"sizes\": [\"64x64\"]}]}",
     "models[1].id: two models have the id \"a\""},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5]}]}",
     "models[0]: sizes or ratios are missing"},
    {"{\"submit\": {\"url\": \"/v\", \"method\": \"PATCH\", \"handle\": \"id\"}}",
     "submit.method: one of GET, POST, PUT, DELETE"},
    {"{\"errors\": [{\"status\": 600, \"kind\": \"quota\"}]}", "errors[0].status: statuses like"},
    {"{\"errors\": [{\"status\": \"4xx\", \"kind\": \"broken\"}]}",
     "errors[0].kind: one of transient"},
    {"{\"errors\": [{\"kind\": \"quota\"}]}", "it would hold for every failure"},
    {"{\"errors\": [{\"status\": 402}]}", "it would change nothing"},
    {"{\"poll\": {\"url\": \"/v\", \"status\": \"s\", \"words\": {\"done\": \"d\", \"failed\": "
     "\"D\"}}}",
     "poll.words: \"d\" stands there twice"},
    /* paths */
    {"{\"fetch\": {\"link\": \"a..b\"}}", "fetch.link: a path like"},
    {"{\"fetch\": {\"link\": [\"a\", \"b[x]\"]}}", "fetch.link[1]: a path like"},
    {"{\"fetch\": {\"link\": \"*.outputs.*.images[0]\"}}", ""},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": {\"a\": \"[1].b\", \"c\": \"d.\"}}}",
     "submit.handle.c: a path like"},
    /* templates name things that exist, where they are known */
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": {\"a\": [{\"b\": "
     "\"${promt}\"}]}}}",
     "submit.body.a[0].b: there is no value \"promt\" (do you mean \"prompt\"?)"},
    {"{\"submit\": {\"url\": \"/v/${model.path}\", \"handle\": \"id\"}}",
     "submit.url: the model one has no parameter \"path\""},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": {\"a\": \"${model.x}\"}}}",
     "submit.body.a: there is no parameter of any model"},
    {"{\"submit\": {\"url\": \"/v/${handle}\", \"handle\": \"id\"}}",
     "submit.url: \"handle\" is not known here"},
    {"{\"poll\": {\"url\": \"/v/${handle.job}\", \"ready\": \"s\"}}",
     "poll.url: there is no part of submit.handle"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": {\"a\": \"${upload.link}\"}}}",
     "submit.body.a: there is no earlier upload"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": \"${prompt\"}}",
     "submit.body: a ${...} is not closed"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": \"${prompt|upper}\"}}",
     "submit.body: a ${...} is not closed, or not like"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": {\"a\": {\"$if\": "
     "\"prompt\"}}}}",
     "submit.body.a.$if: one of $when"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": {\"a\": {\"$when\": "
     "\"pictur\"}}}}",
     "submit.body.a.$when: there is no value \"pictur\" (do you mean \"picture\"?)"},
    {"{\"health\": {\"url\": \"/me/${prompt}\"}}", "health.url: \"prompt\" is not known here"},
    {"{\"submit\": {\"url\": \"${storage}/v\", \"handle\": \"id\"}}", "there is no storageUrl"},
    /* URLs, headers, bodies */
    {"{\"submit\": {\"url\": \"videos\", \"handle\": \"id\"}}", "submit.url: a URL begins with /"},
    {"{\"submit\": {\"url\": \"/a b\", \"handle\": \"id\"}}", "submit.url: it holds a character"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"headers\": {\"Authorization\": \"Bearer "
     "x\"}}}",
     "submit.headers.Authorization: no proper header"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": {}, \"form\": [{\"name\": "
     "\"a\", "
     "\"value\": 1}]}}",
     "submit: it has more than one of body, form, file"},
    {"{\"poll\": {\"url\": \"/v\", \"body\": {}, \"ready\": \"s\"}}",
     "poll.method: a GET request has no body"},
    {"{\"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"form\": [{\"name\": \"a\"}]}}",
     "submit.form[0]: a part of a form has a name"},
    /* requests stay at the hosts that are declared, but for uploads */
    {"{\"submit\": {\"url\": \"https://evil.example/v\", \"handle\": \"id\"}}",
     "submit.url: it leads to a host that is not declared"},
    {"{\"submit\": {\"url\": [\"/v\", \"https://evil.example/${prompt}\"], \"handle\": \"id\"}}",
     "submit.url[1]: it leads to a host that is not declared"},
    {"{\"poll\": {\"url\": \"http://api.acme.example/v\", \"ready\": \"s\"}}",
     "poll.url: it leads to a host that is not declared"},
    {"{\"hosts\": [\".acme.example\"], \"submit\": {\"url\": \"https://up.acme.example/v\", "
     "\"handle\": \"id\"}}",
     ""},
    {"{\"upload\": [{\"url\": \"https://files.example/\", \"body\": {\"a\": 1}, \"take\": "
     "{\"link\": \"l\"}}]}",
     ""},
    /* credentials */
    {"{\"credential\": {\"scheme\": \"basic\"}}", "credential.scheme: one of bearer, header"},
    {"{\"credential\": {\"scheme\": \"header\"}}", "credential.header: the scheme header needs"},
    {"{\"credential\": {\"scheme\": \"bearer\", \"header\": \"x\"}}", "credential.header: only"},
    {"{\"baseUrl\": \"http://api.acme.example\"}",
     "baseUrl: with a credential, plain http is only"},
    {"{\"baseUrl\": \"http://127.0.0.1:8188\"}", ""},
    {"{\"baseUrl\": \"http://gpu.lan:8188\", \"credential\": null}", ""},
    {"{\"baseUrl\": \"ftp://x\"}", "baseUrl: an http or https URL"},
    /* promises that the requests do not keep */
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5], \"sizes\": [\"64x64\"], \"idempotent\": "
     "true}]}",
     "models[0].idempotent: nothing in submit sends ${reference}"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5], \"sizes\": [\"64x64\"], \"pictures\": "
     "\"optional\"}]}",
     "models[0].pictures: the model takes pictures, and nothing"},
    {"{\"models\": [{\"id\": \"a\", \"durations\": [5], \"sizes\": [\"64x64\"], \"firstFrame\": "
     "true}]}",
     "models[0]: firstFrame and withPicture need pictures"},
    {"{\"recover\": {\"url\": \"/videos\", \"items\": \"list[*]\"}}",
     "recover: neither its url nor match says whose job"},
    {"{\"fetch\": {\"link\": \"url\", \"decides\": true}}", "fetch.decides: it needs a request"},
};

Test(provider_rest, descriptions)
{
    for (size_t i = 0; i < GEN_COUNT(descriptions); i++) {
        struct rest_bed rest;
        enum gen_status status;

        rest_begin(&rest);
        status = rest_try(&rest, changed(&rest, descriptions[i].change));
        cr_expect(eq(int, status == GEN_OK, descriptions[i].why[0] == '\0'), "%s: %s",
                  descriptions[i].change, rest.bed.err.message);
        cr_expect(status == GEN_OK || strstr(rest.bed.err.message, descriptions[i].why) != NULL,
                  "%s: %s", descriptions[i].change, rest.bed.err.message);
        rest_close(&rest);
    }
}

Test(provider_rest, without_a_description)
{
    struct rest_bed rest;

    rest_begin(&rest);
    cr_expect(eq(int, rest_try(&rest, gen_node_map(rest.bed.arena)), GEN_EUNSUPPORTED));
    cr_expect(strstr(rest.bed.err.message, "rest serves only through provider files that say "
                                           "`plugin: rest`") != NULL,
              "%s", rest.bed.err.message);
    rest_close(&rest);
}

/* ---------------------------------------------------------------------------------------
 * templates */

#define BODY(body) \
    "{\"models\": [{\"id\": \"one\", \"durations\": [{\"seconds\": 5, \"send\": \"5s\"}, 10.5], " \
    "\"ratios\": {\"16:9\": \"1280x720\", \"9:16\": \"720x1280\"}, \"pictures\": \"optional\", " \
    "\"parameters\": {\"steps\": 30, \"cfg\": \"6.5\", \"off\": false}, \"withPicture\": " \
    "{\"steps\": " \
    "20}}], \"submit\": {\"url\": \"/v\", \"handle\": \"id\", \"body\": {\"_\": {\"$picture\": " \
    "\"base64\"}, \"x\": " body "}}}"

static const struct {
    const char *body, *scene, *becomes; /* "" = the key is left out */
} templates[] = {
    /* one name keeps its type; among words it is a part of the text */
    {BODY("\"${width}\""), KETTLE, "1280"},
    {BODY("\"${width}x${height}\""), KETTLE, "\"1280x720\""},
    {BODY("\"${size} ${ratio}\""), KETTLE, "\"1280x720 16:9\""},
    {BODY("\"${model.steps}\""), KETTLE, "30"},
    {BODY("\"${model.id}\""), KETTLE, "\"one\""},
    /* filters */
    {BODY("\"${width|text}\""), KETTLE, "\"1280\""},
    {BODY("\"${model.cfg|number}\""), KETTLE, "6.5"},
    {BODY("\"${model.cfg|integer}\""), KETTLE, "7"},
    {BODY("\"${prompt|integer}\""), KETTLE, ""},
    /* durations as they are spelled */
    {BODY("\"${duration}\""), KETTLE, "\"5s\""},
    {BODY("\"${duration}\""), "\"prompt\": \"x\", \"duration\": 8", "10.5"},
    {BODY("\"${seconds}\""), KETTLE, "5"},
    /* a dollar is a dollar */
    {BODY("\"$${width} costs $5\""), KETTLE, "\"${width} costs $5\""},
    /* what is absent is left out, and what holds nothing else with it */
    {BODY("\"${negativePrompt}\""), KETTLE, ""},
    {BODY("\"no ${negativePrompt}\""), KETTLE, ""},
    {BODY("\"no ${negativePrompt}\""), KETTLE ", \"negativePrompt\": \"rain\"", "\"no rain\""},
    {BODY("[\"${negativePrompt}\", \"a\"]"), KETTLE, "[\"a\"]"},
    {BODY("{\"a\": {\"b\": \"${negativePrompt}\"}}"), KETTLE, ""},
    {BODY("{}"), KETTLE, "{}"},
    {BODY("[]"), KETTLE, "[]"},
    {BODY("null"), KETTLE, "null"},
    /* conditions */
    {BODY("{\"$when\": \"negativePrompt\", \"$value\": 1, \"$else\": 2}"), KETTLE, "2"},
    {BODY("{\"$when\": \"prompt\", \"$value\": 1, \"$else\": 2}"), KETTLE, "1"},
    {BODY("{\"$when\": \"model.off\", \"$value\": 1}"), KETTLE, ""},
    {BODY("{\"$unless\": \"picture\", \"a\": 1}"), KETTLE, "{\"a\":1}"},
    {BODY("{\"$unless\": \"picture\", \"a\": 1}"), PICTURE, ""},
    /* words of people are data, not templates */
    {BODY("\"${prompt}\""), "\"prompt\": \"${model.id} \\\"x\\\"\"", "\"${model.id} \\\"x\\\"\""},
};

Test(provider_rest, templates)
{
    for (size_t i = 0; i < GEN_COUNT(templates); i++) {
        struct rest_bed rest;
        struct gen_step step;
        const char *text = "";

        rest_open(&rest, templates[i].body);
        bed_shot(&rest.bed, "one", templates[i].scene, 1280, 720);
        bed_ask(&rest.bed, GEN_VERB_SUBMIT, "", &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP), "%s", templates[i].body);
        for (size_t k = 0; k < step.as.http.piece_count; k++) { /* with a picture */
            text = gen_arena_printf(rest.bed.arena, "%s%.*s", text,
                                    (int)step.as.http.pieces[k].data_size,
                                    step.as.http.pieces[k].data);
        }
        text = bed_at(&rest.bed,
                      text[0] != '\0' ? bed_json(&rest.bed, text) : bed_body(&rest.bed, &step),
                      "x");
        cr_expect(bed_same(text, templates[i].becomes), "%s: %s", templates[i].body, text);
        rest_close(&rest);
    }
}

/* A picture inside of JSON: the body is cut where it stands. */
Test(provider_rest, pictures_in_json)
{
    static const struct {
        const char *how, *before;
    } rows[] = {{"base64", "{\"image\":\""}, {"dataUri", "{\"image\":\"data:image/png;base64,"}};

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct rest_bed rest;
        struct gen_step step;
        char change[600];

        snprintf(change, sizeof(change),
                 "{\"models\": [{\"id\": \"one\", \"durations\": [5], \"sizes\": [\"1280x720\"], "
                 "\"pictures\": \"required\"}], \"submit\": {\"url\": \"/v\", \"handle\": \"id\", "
                 "\"body\": {\"image\": {\"$picture\": \"%s\"}, \"prompt\": \"${prompt}\"}}}",
                 rows[i].how);
        rest_open(&rest, change);
        bed_shot(&rest.bed, "one", PICTURE, 1280, 720);
        bed_ask(&rest.bed, GEN_VERB_SUBMIT, "", &step);
        cr_assert(eq(sz, step.as.http.piece_count, 3));
        cr_expect(eq(
            int,
            strncmp(step.as.http.pieces[0].data, rows[i].before, step.as.http.pieces[0].data_size),
            0));
        cr_expect(eq(sz, step.as.http.pieces[0].data_size, strlen(rows[i].before)));
        cr_expect(step.as.http.pieces[1].base64 && step.as.http.pieces[1].asset == 0);
        cr_expect(
            eq(int,
               strncmp(step.as.http.pieces[2].data, "\",\"prompt\":\"A kettle boils at dawn\"}",
                       step.as.http.pieces[2].data_size),
               0));
        bed_scene(&rest.bed, "one", KETTLE, 1280, 720);
        cr_expect(eq(int, bed_format(&rest.bed), GEN_EUNSUPPORTED)); /* it animates a picture */
        rest_close(&rest);
    }
}

/* ------------------------------------------------------------------------------------------
 * answers */

/* An odd vendor, as PixVerse and MiniMax are: words that are numbers, a code inside of HTTP 200, a
 * header that is fresh each time, a bill in credits. */
#define ODD \
    "{\"envelope\": {\"path\": \"ErrCode\", \"ok\": 0}, \"errors\": [{\"path\": \"ErrCode\", " \
    "\"is\": " \
    "[1026, 1027], \"kind\": \"moderated\", \"billed\": \"no\"}, {\"path\": \"ErrCode\", \"is\": " \
    "1008, " \
    "\"kind\": \"quota\"}, {\"at\": \"submit\", \"status\": \"2xx\", \"path\": \"Resp.refused\", " \
    "\"is\": true, " \
    "\"kind\": \"unsupported\"}], \"message\": \"ErrMsg\", \"code\": \"ErrCode\", \"submit\": " \
    "{\"url\": " \
    "\"/v\", \"uniqueHeader\": \"Ai-trace-id\", \"body\": {\"p\": \"${prompt}\"}, \"handle\": " \
    "\"Resp.id\"}, \"poll\": {\"url\": \"/v/${handle}\", \"status\": \"Resp.status\", \"words\": " \
    "{\"done\": 1, \"moderated\": 7, \"failed\": [8]}, \"billed\": {\"moderated\": \"no\"}, " \
    "\"progress\": " \
    "{\"path\": \"Resp.progress\", \"scale\": 100}, \"queue\": \"Resp.ahead\", \"cost\": " \
    "{\"path\": " \
    "\"Resp.credits\", \"unit\": 0.005}}, \"fetch\": {\"link\": \"Resp.url\"}}"

static const struct {
    enum gen_verb verb;
    int status;
    const char *body;
    enum gen_step_type type;
    enum gen_failure kind;
    enum gen_billing billed;
    const char *code;
} answers[] = {
    {GEN_VERB_SUBMIT, 200, "{\"ErrCode\":0,\"Resp\":{\"id\":407}}", GEN_STEP_IS_DONE},
    {GEN_VERB_SUBMIT, 200, "{\"ErrCode\":0,\"Resp\":{\"id\":{}}}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_PROVIDER, GEN_BILLING_UNKNOWN, ""},
    {GEN_VERB_SUBMIT, 200, "{\"ErrCode\":1026,\"ErrMsg\":\"no\"}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_MODERATED, GEN_BILLING_NO, "1026"},
    {GEN_VERB_SUBMIT, 200, "{\"ErrCode\":1008,\"ErrMsg\":\"no money\"}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_QUOTA, GEN_BILLING_NO, "1008"},
    {GEN_VERB_SUBMIT, 200, "{\"ErrCode\":9,\"ErrMsg\":\"?\"}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_PROVIDER, GEN_BILLING_NO, "9"},
    {GEN_VERB_SUBMIT, 201, "{\"ErrCode\":0,\"Resp\":{\"id\":4,\"refused\":true}}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_UNSUPPORTED, GEN_BILLING_NO, "0"},
    {GEN_VERB_SUBMIT, 408, "", GEN_STEP_IS_FAIL, GEN_FAILURE_TRANSIENT, GEN_BILLING_UNKNOWN, ""},
    {GEN_VERB_SUBMIT, 302, "", GEN_STEP_IS_FAIL, GEN_FAILURE_INVALID, GEN_BILLING_UNKNOWN, ""},
    {GEN_VERB_SUBMIT, 500, "{}", GEN_STEP_IS_FAIL, GEN_FAILURE_TRANSIENT, GEN_BILLING_UNKNOWN, ""},
    {GEN_VERB_POLL, 200,
     "{\"ErrCode\":0,\"Resp\":{\"status\":1,\"url\":\"https://c.example/v.mp4\"}}",
     GEN_STEP_IS_DONE},
    {GEN_VERB_POLL, 200, "{\"ErrCode\":0,\"Resp\":{\"status\":5}}", GEN_STEP_IS_WAIT},
    {GEN_VERB_POLL, 200, "{\"ErrCode\":0,\"Resp\":{\"status\":7}}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_MODERATED, GEN_BILLING_NO, "0"},
    {GEN_VERB_POLL, 200, "{\"ErrCode\":0,\"Resp\":{\"status\":8}}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_PROVIDER, GEN_BILLING_UNKNOWN, "0"},
    /* finished without a file is no success; nor is a link that is none */
    {GEN_VERB_POLL, 200, "{\"ErrCode\":0,\"Resp\":{\"status\":1}}", GEN_STEP_IS_FAIL,
     GEN_FAILURE_PROVIDER, GEN_BILLING_UNKNOWN, "0"},
    {GEN_VERB_POLL, 200, "{\"ErrCode\":0,\"Resp\":{\"status\":1,\"url\":\"javascript:x\"}}",
     GEN_STEP_IS_FAIL, GEN_FAILURE_PROVIDER, GEN_BILLING_UNKNOWN, "0"},
    /* what cannot be read is asked for again */
    {GEN_VERB_POLL, 200, "<html>", GEN_STEP_IS_FAIL, GEN_FAILURE_TRANSIENT, GEN_BILLING_UNKNOWN,
     ""},
    {GEN_VERB_POLL, 200, "{\"ErrCode\":0}", GEN_STEP_IS_FAIL, GEN_FAILURE_TRANSIENT,
     GEN_BILLING_UNKNOWN, ""},
    {GEN_VERB_POLL, 404, "{}", GEN_STEP_IS_FAIL, GEN_FAILURE_EXPIRED, GEN_BILLING_UNKNOWN, ""},
};

Test(provider_rest, answers)
{
    for (size_t i = 0; i < GEN_COUNT(answers); i++) {
        struct rest_bed rest;
        struct gen_step step;

        rest_open(&rest, ODD);
        bed_shot(&rest.bed, "one", KETTLE, 1280, 720);
        bed_ask(&rest.bed, answers[i].verb, answers[i].verb == GEN_VERB_POLL ? "407" : "", &step);
        if (answers[i].verb == GEN_VERB_SUBMIT) {
            cr_expect(bed_same(step.as.http.unique_header, "Ai-trace-id"));
        }
        bed_told(&rest.bed, answers[i].verb, answers[i].status, answers[i].body, &step);
        cr_assert(eq(int, step.type, answers[i].type), "%s", answers[i].body);
        if (step.type == GEN_STEP_IS_FAIL) {
            const struct bed_failure expected = {answers[i].kind, answers[i].billed,
                                                 answers[i].code};

            bed_fails(&step, &expected, answers[i].body);
        }
        rest_close(&rest);
    }
}

Test(provider_rest, progress_queue_and_bill)
{
    struct rest_bed rest;
    struct gen_step step;

    rest_open(&rest, ODD);
    bed_shot(&rest.bed, "one", KETTLE, 1280, 720);
    cr_expect(ne(
        int, (int)(gen_hosted_model(rest.bed.hosted, "one")->traits & GEN_TRAIT_REPORTS_COST), 0));
    bed_ask(&rest.bed, GEN_VERB_SUBMIT, "", &step);
    bed_told(&rest.bed, GEN_VERB_SUBMIT, 200, "{\"ErrCode\":0,\"Resp\":{\"id\":407}}", &step);
    cr_expect(bed_same(step.as.done.handle, "407"));
    bed_ask(&rest.bed, GEN_VERB_POLL, "407", &step);
    bed_told(&rest.bed, GEN_VERB_POLL, 200, "{\"Resp\":{\"status\":5,\"progress\":40,\"ahead\":3}}",
             &step);
    cr_expect(eq(int, step.progress_ppm, 400000));
    cr_expect(eq(int, step.queue_position, 3));
    bed_ask(&rest.bed, GEN_VERB_POLL, "407", &step);
    bed_told(&rest.bed, GEN_VERB_POLL, 200,
             "{\"Resp\":{\"status\":1,\"credits\":60.5,\"url\":\"https://c.example/v\"}}", &step);
    cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
    cr_expect(eq(i64, step.as.done.cost, 302500)); /* 60.5 credits at half a cent */
    rest_close(&rest);
}

/* ------------------------------------------------------------------------------------------
 * recover */

#define LISTS(certain) \
    "{\"submit\": {\"url\": \"/v\", \"body\": {\"tag\": \"${reference}\"}, \"handle\": {\"id\": " \
    "\"id\", " \
    "\"see\": \"urls.get\"}}, \"recover\": {\"url\": \"/v\", \"items\": \"list[*]\", \"match\": " \
    "{\"tag\": " \
    "\"${reference}\"}, \"absentStatus\": 404, \"certain\": " certain "}}"

static const struct {
    const char *description;
    int status;
    const char *body;
    enum gen_step_type type;
    const char *handle;
} lookups[] = {
    {LISTS("true"), 200,
     "{\"list\":[{\"id\":\"a\",\"tag\":\"other\"},{\"id\":\"b\",\"tag\":\"MINE\",\"urls\":{\"get\":"
     "\"/b\"}}]}",
     GEN_STEP_IS_DONE, "{\"id\":\"b\",\"see\":\"/b\"}"},
    {LISTS("true"), 200, "{\"list\":[{\"id\":\"a\",\"tag\":\"other\"}]}", GEN_STEP_IS_DONE, ""},
    {LISTS("true"), 404, "", GEN_STEP_IS_DONE, ""},
    /* not in the list proves nothing */
    {LISTS("false"), 200, "{\"list\":[]}", GEN_STEP_IS_FAIL, NULL},
    /* found, without what a handle needs */
    {LISTS("false"), 200, "{\"list\":[{\"tag\":\"MINE\"}]}", GEN_STEP_IS_FAIL, NULL},
    /* a fault says nothing: ask again */
    {LISTS("true"), 503, "", GEN_STEP_IS_WAIT, NULL},
    {LISTS("true"), 429, "{}", GEN_STEP_IS_WAIT, NULL},
    {LISTS("true"), 200, "<html>", GEN_STEP_IS_WAIT, NULL},
    {LISTS("true"), 401, "{}", GEN_STEP_IS_FAIL, NULL},
};

Test(provider_rest, lookups)
{
    for (size_t i = 0; i < GEN_COUNT(lookups); i++) {
        struct rest_bed rest;
        struct gen_step step;
        const char *mine = strstr(lookups[i].body, "MINE"), *body = lookups[i].body;

        rest_open(&rest, lookups[i].description);
        bed_shot(&rest.bed, "one", KETTLE, 1280, 720);
        bed_ask(&rest.bed, GEN_VERB_RECOVER, "", &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
        cr_expect(not(step.as.http.costs));
        if (mine != NULL) {
            body = gen_arena_printf(rest.bed.arena, "%.*s%s%s", (int)(mine - body), body,
                                    rest.bed.sample.shot.attempt.id.text, mine + 4);
        }
        bed_told(&rest.bed, GEN_VERB_RECOVER, lookups[i].status, body, &step);
        cr_assert(eq(int, step.type, lookups[i].type), "%zu", i);
        if (step.type == GEN_STEP_IS_DONE) {
            cr_expect(bed_same(step.as.done.handle, lookups[i].handle), "%s", step.as.done.handle);
        }
        rest_close(&rest);
    }
}

/* ComfyUI: the id that we chose is found in the queue, and in the history. */
Test(provider_rest, our_own_id)
{
    for (int where = 0; where < 2; where++) {
        struct rest_bed rest;
        struct gen_step step;
        const char *id, *text;

        rest_begin(&rest);
        cr_assert(eq(int, rest_try(&rest, settings_of(&rest, yaml(&rest, "comfyui"))), GEN_OK));
        bed_shot(&rest.bed, "wan2.2-ti2v-5b", KETTLE, 1024, 576);
        bed_ask(&rest.bed, GEN_VERB_SUBMIT, "", &step);
        text = bed_at(&rest.bed, bed_body(&rest.bed, &step), "prompt_id");
        id = gen_arena_printf(rest.bed.arena, "%.36s", text + 1);
        cr_expect(id[8] == '-' && id[14] == '8' && id[19] == 'a' && strlen(text) == 38, "%s", text);
        bed_ask(&rest.bed, GEN_VERB_RECOVER, "", &step);
        bed_told(&rest.bed, GEN_VERB_RECOVER, 200,
                 where == 0
                     ? gen_arena_printf(rest.bed.arena,
                                        "{\"queue_running\":[],\"queue_pending\":[[4,\"x\"],[5,"
                                        "\"%s\",{}]]}",
                                        id)
                     : "{\"queue_running\":[],\"queue_pending\":[]}",
                 &step);
        if (where == 1) {
            cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP));
            cr_expect(strstr(step.as.http.url, id) != NULL);
            bed_told(&rest.bed, GEN_VERB_RECOVER, 200,
                     gen_arena_printf(rest.bed.arena, "{\"%s\":{\"outputs\":{}}}", id), &step);
        }
        cr_assert(eq(int, step.type, GEN_STEP_IS_DONE));
        cr_expect(bed_same(step.as.done.handle, id), "%s", step.as.done.handle);
        rest_close(&rest);
    }
}

Test(provider_rest, health)
{
    struct rest_bed rest;
    struct gen_step step;

    rest_open(&rest, "{\"health\": {\"url\": \"/me\"}}");
    cr_assert(gen_hosted_can(rest.bed.hosted, GEN_VERB_HEALTH));
    cr_expect(not(gen_hosted_can(rest.bed.hosted, GEN_VERB_CANCEL)));
    cr_expect(not(gen_hosted_can(rest.bed.hosted, GEN_VERB_RECOVER)));
    bed_shot(&rest.bed, "one", KETTLE, 1280, 720);
    bed_ask(&rest.bed, GEN_VERB_HEALTH, "", &step);
    cr_expect(bed_same(step.as.http.url, "https://api.acme.example/v1/me"));
    cr_expect(bed_same(step.as.http.credential, "key"));
    bed_told(&rest.bed, GEN_VERB_HEALTH, 401, "{\"error\":{\"message\":\"bad key\"}}", &step);
    bed_fails(&step, &(struct bed_failure){GEN_FAILURE_AUTH, GEN_BILLING_NO, "", "bad key"}, "401");
    rest_close(&rest);
}

/* A file below the base URL gets the key, one elsewhere does not, and `linkCredential: false`
 * none. */
Test(provider_rest, whose_links_are_signed)
{
    static const struct {
        const char *fetch, *link, *credential, *url;
    } rows[] = {
        {"{\"link\": \"url\"}", "/f/1.mp4", "key", "https://api.acme.example/v1/f/1.mp4"},
        {"{\"link\": \"url\"}", "https://api.acme.example/f", "key", "https://api.acme.example/f"},
        {"{\"link\": \"url\"}", "https://api.acme.example.evil/f", "",
         "https://api.acme.example.evil/f"},
        {"{\"link\": \"url\"}", "http://api.acme.example/f", "", "http://api.acme.example/f"},
        {"{\"link\": \"url\", \"linkCredential\": false}", "/f", "",
         "https://api.acme.example/v1/f"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct rest_bed rest;
        struct gen_step step;

        rest_begin(&rest);
        cr_assert(
            eq(int,
               rest_try(&rest, changed(&rest, gen_arena_printf(rest.bed.arena, "{\"fetch\": %s}",
                                                               rows[i].fetch))),
               GEN_OK));
        bed_shot(&rest.bed, "one", KETTLE, 1280, 720);
        bed_ask(&rest.bed, GEN_VERB_FETCH, "j1", &step);
        bed_told(
            &rest.bed, GEN_VERB_FETCH, 200,
            gen_arena_printf(rest.bed.arena, "{\"status\":\"done\",\"url\":\"%s\"}", rows[i].link),
            &step);
        cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP), "%s", rows[i].link);
        cr_expect(bed_same(step.as.http.credential, rows[i].credential), "%s", rows[i].link);
        cr_expect(bed_same(step.as.http.url, rows[i].url), "%s", step.as.http.url);
        cr_expect(step.as.http.to_result);
        rest_close(&rest);
    }
}

/* The content behind a URL that no answer has to tell (as OpenAI's /content). */
Test(provider_rest, a_link_of_our_own_making)
{
    struct rest_bed rest;
    struct gen_step step;

    rest_open(&rest, "{\"fetch\": {\"link\": {\"url\": \"/videos/${handle}/content\"}}}");
    bed_shot(&rest.bed, "one", KETTLE, 1280, 720);
    bed_ask(&rest.bed, GEN_VERB_POLL, "j 1", &step);
    bed_told(&rest.bed, GEN_VERB_POLL, 200, "{\"status\":\"done\"}", &step);
    cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
    bed_ask(&rest.bed, GEN_VERB_FETCH, "j 1", &step);
    cr_expect(bed_same(step.as.http.url, "https://api.acme.example/v1/videos/j%201/content"));
    cr_expect(step.as.http.to_result);
    rest_close(&rest);
}

/* Lengths within a range go up in steps. */
Test(provider_rest, lengths)
{
    static const struct {
        double asked;
        int64_t given;
    } rows[] = {{1, 4000}, {4, 4000}, {4.2, 6000}, {7, 8000}, {9.5, 9500}, {30, 9500}};

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct rest_bed rest;
        char scene[80];

        rest_open(&rest,
                  "{\"models\": [{\"id\": \"one\", \"sizes\": [\"1280x720\"], \"durations\": "
                  "{\"min\": 4, \"max\": 9.5, \"step\": 2}, \"durationAs\": \"${seconds}s\"}]}");
        snprintf(scene, sizeof(scene), "\"prompt\": \"x\", \"duration\": %g", rows[i].asked);
        bed_shot(&rest.bed, "one", scene, 1280, 720);
        cr_expect(eq(i64, rest.bed.formatted.duration_ms, rows[i].given), "%g", rows[i].asked);
        cr_expect(strstr(rest.bed.formatted.parameters, "\"duration\":\"") != NULL);
        rest_close(&rest);
    }
}

/* Each allocation failing in turn: a clear error, never a half-made provider or answer. */
Test(provider_rest, without_memory)
{
    enum gen_status status = GEN_ENOMEM;

    for (long nth = 1; status != GEN_OK; nth++) {
        struct gen_plugin_options options = {.version = "0.0.0-test"};
        struct rest_bed rest;

        cr_assert(lt(long, nth, 5000));
        rest_open(&rest, "{}");
        options.settings = by_id(&rest, "acme", settings_of(&rest, yaml(&rest, "fal")));
        gen_plugin_close(rest.bed.hosted);
        rest.bed.hosted = NULL;
        gen_alloc_fail_at(nth);
        status = gen_plugin_again(rest.base, "acme", "Acme", &options, &rest.bed.hosted,
                                  &rest.bed.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %s", nth, rest.bed.err.message);
        rest_close(&rest);
    }
    for (int what = 0; what < 3; what++) { /* format, submit, an answer to poll */
        status = GEN_ENOMEM;
        for (long nth = 1; status != GEN_OK; nth++) {
            struct gen_step_header none = {0};
            struct gen_reply reply = {.type = GEN_REPLY_HTTP,
                                      .status = 422,
                                      .body_complete = true,
                                      .headers = &none,
                                      .body = "{\"detail\":[{\"msg\":\"no\"}]}"};
            struct rest_bed rest;
            struct gen_step step;

            cr_assert(lt(long, nth, 5000));
            rest_begin(&rest);
            cr_assert(eq(int, rest_try(&rest, settings_of(&rest, yaml(&rest, "fal"))), GEN_OK));
            bed_shot(&rest.bed, "kling-2.5-turbo-pro", PICTURE, 1920, 1080);
            rest.bed.sample.shot.attempt.handle = "{\"id\":\"r\"}";
            reply.body_size = strlen(reply.body);
            gen_alloc_fail_at(nth);
            status = what == 0 ? bed_format(&rest.bed)
                               : gen_hosted_step(rest.bed.hosted,
                                                 what == 1 ? GEN_VERB_SUBMIT : GEN_VERB_POLL,
                                                 &rest.bed.task, what == 1 ? NULL : &reply,
                                                 rest.bed.arena, &step, &rest.bed.err);
            gen_alloc_fail_at(0);
            cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%d, %ld: %s", what, nth,
                      rest.bed.err.message);
            rest_close(&rest);
        }
    }
}
