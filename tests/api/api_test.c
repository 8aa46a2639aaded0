/* api_test.c - gend against docs/openapi.yaml: every route is in it and nothing else, every status
 * that it promises is provoked, and every reply fits its schema. */
#include "house.h"
#include "schema.h"

#include "model/brief.h"
#include "model/event.h"
#include "model/job.h"
#include "platform/files.h"
#include "platform/yaml_reader.h"
#include "service/route.h"
#include "service/api.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct gen_node *read_page(struct gen_arena *arena)
{
    const struct gen_node *page = NULL;
    struct gen_error err = {0};
    struct gen_bytes text;

    gen_bytes_init(&text, 1024 * 1024);
    cr_assert(gen_files_read(GEN_SOURCE_DIR "/docs/openapi.yaml", &text, &err) == GEN_OK, "%s",
              err.message);
    cr_assert(gen_yaml_read(text.data, text.size, "openapi.yaml", arena, &page, &err) == GEN_OK,
              "%u: %s", err.line, err.message);
    gen_bytes_fini(&text);
    return page;
}

/* ------------------------------------------------------------------------- the page and the tables -- */

static const char *lower(struct gen_arena *arena, const char *method)
{
    char *copy = gen_arena_strdup(arena, method);

    for (char *c = copy; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    }
    return copy;
}

static size_t count_queries(const struct gen_node *operation, const struct gen_route *route)
{
    size_t count = 0;

    for (const struct gen_node *item = gen_node_first(gen_node_get(operation, "parameters"));
         item != NULL; item = item->next) {
        const char *name = gen_node_text(gen_node_get(item, "name"), "");
        const struct gen_parameter *parameter = route->query;

        if (strcmp(gen_node_text(gen_node_get(item, "in"), ""), "query") != 0) {
            continue;
        }
        count++;
        while (parameter != NULL && parameter->key != NULL && strcmp(parameter->key, name) != 0) {
            parameter++;
        }
        cr_expect(parameter != NULL && parameter->key != NULL, "%s does not take %s",
                  route->operation, name);
    }
    return count;
}

/* Every row of the table stands on the page, with its query keys and whether it needs a key. */
Test(openapi, has_every_route)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *paths = gen_node_get(read_page(arena), "paths");
    size_t documented = 0, rows = 0;

    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        const struct gen_node *operation =
            gen_node_get(gen_node_get(paths, route->path), lower(arena, route->method));
        const struct gen_node *security = gen_node_get(operation, "security");
        size_t queries = 0;

        rows++;
        cr_expect(operation != NULL, "%s %s is not documented", route->method, route->path);
        cr_expect(strcmp(gen_node_text(gen_node_get(operation, "operationId"), ""),
                         route->operation) == 0,
                  "%s is called otherwise", route->operation);
        cr_expect((security != NULL && gen_node_count(security) == 0) == route->open,
                  "%s: key or no key?", route->operation);
        while (route->query != NULL && route->query[queries].key != NULL) {
            queries++;
        }
        cr_expect(count_queries(operation, route) == queries, "%s has undocumented query keys",
                  route->operation);
    }
    for (const struct gen_node *path = gen_node_first(paths); path != NULL; path = path->next) {
        documented += gen_node_count(path);
    }
    cr_expect(documented == rows, "%zu operations are documented, %zu are there", documented, rows);
    gen_arena_destroy(arena);
}

static void compare_record(const struct gen_node *root, const struct gen_node *schema,
                           const struct gen_record *record)
{
    const struct gen_node *properties, *one_of;
    size_t count = 0, required = 0;

    schema = schema_resolve(root, schema);
    one_of = gen_node_get(schema, "oneOf"); /* the short form, then the map */
    schema = one_of != NULL ? schema_resolve(root, gen_node_at(one_of, 1)) : schema;
    properties = gen_node_get(schema, "properties");
    cr_expect((one_of != NULL) == (record->short_key != NULL), "%s: short form", record->name);
    for (const struct gen_field *field = record->fields; field->type != GEN_FIELD_END; field++) {
        const struct gen_node *property = gen_node_get(properties, field->key);

        count++;
        required += (field->flags & GEN_FIELD_REQUIRED) != 0;
        cr_expect(property != NULL, "%s.%s is not documented", record->name, field->key);
        if (field->type == GEN_FIELD_RECORD) {
            compare_record(root, property, field->record);
        } else if (field->type == GEN_FIELD_RECORDS) {
            compare_record(root, gen_node_get(property, "items"), field->record);
        }
        for (const struct gen_choice *choice = field->choices;
             choice != NULL && choice->word != NULL; choice++) {
            const struct gen_node *words =
                gen_node_get(schema_resolve(root, property), "enum");
            const struct gen_node *word = gen_node_first(words);

            while (word != NULL && strcmp(word->text, choice->word) != 0) {
                word = word->next;
            }
            cr_expect(word != NULL, "%s.%s: %s is not documented", record->name, field->key,
                      choice->word);
        }
    }
    cr_expect(gen_node_count(properties) == count, "%s has documented keys that are not there",
              record->name);
    cr_expect(gen_node_count(gen_node_get(schema, "required")) == required,
              "%s: other keys are required", record->name);
}

/* The brief of the page is the brief of the tables. */
Test(openapi, has_the_brief)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *root = read_page(arena);

    compare_record(root, gen_node_find(root, "components.schemas.Brief", NULL), &gen_brief_record);
    gen_arena_destroy(arena);
}

struct words {
    const char *where;
    const char *const *words;
};

/* Closed sets: the page has each word, and no more. */
Test(openapi, has_the_words)
{
#define WORD2(name, word, more) word,
#define WORD_FAILURE(name, value, word, text) word,
#define WORD_EVENT(name, word, permission, text) word,
#define WORD1(name, word) word,
    static const char *const events[] = {GEN_EVENT_TABLE(WORD_EVENT) NULL};
    static const char *const jobs[] = {GEN_JOB_STATUS_TABLE(WORD2) NULL};
    static const char *const pipelines[] = {GEN_PIPELINE_STATUS_TABLE(WORD2) NULL};
    static const char *const stages[] = {GEN_STAGE_TABLE(WORD1) NULL};
    static const char *const failures[] = {GEN_FAILURE_TABLE(WORD_FAILURE) NULL};
    static const char *const statuses[] = {GEN_STATUS_TABLE(WORD2) NULL};
    static const struct words sets[] = {
        {"components.schemas.Event.properties.type.enum", events},
        {"components.schemas.JobStatus.enum", jobs},
        {"components.schemas.PipelineStatus.enum", pipelines},
        {"components.schemas.Stage.enum", stages},
        {"components.schemas.Pipeline.properties.failure.oneOf[1].properties.kind.enum", failures},
        {"components.schemas.Problem.properties.code.enum", statuses + 1}, /* without ok */
    };
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *root = read_page(arena);

    for (size_t i = 0; i < GEN_COUNT(sets); i++) {
        const struct gen_node *set = gen_node_find(root, sets[i].where, NULL);
        size_t count = 0;

        cr_assert(set != NULL, "%s is not there", sets[i].where);
        for (; sets[i].words[count] != NULL; count++) {
            const struct gen_node *word = gen_node_first(set);

            while (word != NULL && strcmp(word->text, sets[i].words[count]) != 0) {
                word = word->next;
            }
            cr_expect(word != NULL, "%s has no %s", sets[i].where, sets[i].words[count]);
        }
        cr_expect(gen_node_count(set) == count, "%s has more words", sets[i].where);
    }
    gen_arena_destroy(arena);
}

/* -------------------------------------------------------------------------- every status of the page -- */

#define BRIEF "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}]," \
              "\"variations\":[{\"resolution\":\"320x320\"}]"
#define BIG "@4 MiB and a byte" /* stands for a body of that size */

struct api_case {
    const char *operation;
    int status;
    const char *method, *path; /* {done} {open} {output} {asset} are put in */
    const char *type, *body;
    const char *name, *value; /* a header */
    enum house_way way;
    const char *code, *key; /* of the problem, NULL = not looked at */
    const char *says;       /* in its detail */
};

static const struct api_case cases[] = {
    /* the key of the one job that was admitted with one, and its body written otherwise */
    {"submitJob", 201, "POST", "/v1/jobs", "application/json", BRIEF "}", "idempotency-key", "k1"},
    {"submitJob", 200, "POST", "/v1/jobs", "application/json", " " BRIEF "\n}", "idempotency-key",
     "k1"},
    {"submitJob", 409, "POST", "/v1/jobs", "application/json", BRIEF ",\"title\":\"other\"}",
     "idempotency-key", "k1", 0, "conflict"},
    {"submitJob", 201, "POST", "/v1/jobs", "application/yaml; charset=utf-8",
     "models: [fake/pay]\nscenes:\n  - {prompt: x, duration: 1}\nvariations:\n"
     "  - resolution: 320x320\n"},
    {"submitJob", 400, "POST", "/v1/jobs", "application/json", BRIEF "}", "idempotency-key",
     "caf\xc3\xa9", 0, "invalid", "Idempotency-Key"},
    {"submitJob", 400, "POST", "/v1/jobs?dry=1", "application/json", BRIEF "}", NULL, NULL, 0,
     "invalid", "query"},
    {"submitJob", 401, "POST", "/v1/jobs", "application/json", BRIEF "}", NULL, NULL, HOUSE_NO_KEY,
     "denied"},
    {"submitJob", 201, "POST", "/v1/jobs", "application/json", BRIEF "}", NULL, NULL, HOUSE_KEY},
    {"submitJob", 402, "POST", "/v1/jobs", "application/json", BRIEF ",\"budget\":0.04}", NULL,
     NULL, 0, "budget_exceeded", "budget"},
    {"submitJob", 403, "POST", "/v1/jobs", "application/json", BRIEF "}", NULL, NULL,
     HOUSE_WRONG_ORIGIN, "denied"},
    {"submitJob", 413, "POST", "/v1/jobs", "application/json", BIG, NULL, NULL, 0, "too_large",
     .says = "at most 4194304 bytes"},
    {"submitJob", 415, "POST", "/v1/jobs", "text/html", BRIEF "}", NULL, NULL, 0, "invalid",
     .says = "application/json or application/yaml"},
    {"submitJob", 415, "POST", "/v1/jobs", NULL, BRIEF "}", NULL, NULL, 0, "invalid"},
    /* a misspelt key, a wrong type, no scene, not JSON, an unknown asset, an unknown model */
    {"submitJob", 422, "POST", "/v1/jobs", "application/json", BRIEF ",\"titel\":\"x\"}", NULL,
     NULL, 0, "invalid"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/json",
     "{\"scenes\":[{\"prompt\":\"x\",\"duration\":\"long\"}]}", NULL, NULL, 0, "invalid",
     "scenes[0].duration"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/json", "{\"scenes\":[]}", NULL, NULL, 0,
     "invalid", "scenes"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/json", "{\"scenes\":", NULL, NULL, 0,
     "invalid"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/json", "", NULL, NULL, 0, "invalid"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/json", "{\"title\":\"\xff\"}", NULL, NULL,
     0, "invalid"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/yaml", "a: &x [1]\nb: *x\n", NULL, NULL, 0,
     "invalid"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/json",
     "{\"scenes\":[{\"prompt\":\"x\",\"duration\":1,"
     "\"assets\":[\"ast_00000000000000000000000000\"]}]}",
     NULL, NULL, 0, "not_found", "scenes[0].assets[0]"},
    {"submitJob", 422, "POST", "/v1/jobs", "application/json",
     "{\"models\":[\"no/such\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}]}", NULL, NULL, 0,
     "unsupported"},
    {"showPolicies", 200, "GET", "/v1/policies"},
    {"showPolicies", 401, "GET", "/v1/policies", .way = HOUSE_NO_KEY},
    {"reloadPolicies", 200, "POST", "/v1/policies/reload"},
    {"reloadPolicies", 401, "POST", "/v1/policies/reload", .way = HOUSE_NO_KEY},
    {"showSnapshot", 200, "GET", "/v1/snapshot"},
    {"showSnapshot", 401, "GET", "/v1/snapshot", .way = HOUSE_NO_KEY},
    {"explainBrief", 200, "POST", "/v1/explain", "application/json", BRIEF "}"},
    {"explainBrief", 200, "POST", "/v1/explain", "application/json", BRIEF ",\"budget\":0.04}"},
    {"explainBrief", 400, "POST", "/v1/explain?dry=1", "application/json", BRIEF "}", NULL, NULL, 0,
     "invalid", "query"},
    {"explainBrief", 401, "POST", "/v1/explain", "application/json", BRIEF "}", NULL, NULL,
     HOUSE_NO_KEY},
    {"explainBrief", 413, "POST", "/v1/explain", "application/json", BIG, NULL, NULL, 0,
     "too_large"},
    {"explainBrief", 415, "POST", "/v1/explain", "text/html", BRIEF "}", NULL, NULL, 0, "invalid"},
    {"explainBrief", 422, "POST", "/v1/explain", "application/json", BRIEF ",\"titel\":\"x\"}",
     NULL, NULL, 0, "invalid"},
    {"submitBatch", 201, "POST", "/v1/batches", "application/json", "{\"briefs\":[" BRIEF "}]}", "idempotency-key", "b1"},
    {"submitBatch", 200, "POST", "/v1/batches", "application/json", "{\"briefs\":[" BRIEF "}]}", "idempotency-key", "b1"},
    {"submitBatch", 409, "POST", "/v1/batches", "application/json", "{\"briefs\":[" BRIEF "}," BRIEF "}]}",
     "idempotency-key", "b1"},
    {"submitBatch", 400, "POST", "/v1/batches", "application/json", "{\"briefs\":[" BRIEF "}]}", "idempotency-key", ""},
    {"submitBatch", 401, "POST", "/v1/batches", "application/json", "{\"briefs\":[" BRIEF "}]}", NULL, NULL, HOUSE_NO_KEY},
    {"submitBatch", 402, "POST", "/v1/batches", "application/json",
     "{\"briefs\":[" BRIEF ",\"budget\":0.04}]}", NULL, NULL, 0, "budget_exceeded", "briefs[0].budget"},
    {"submitBatch", 403, "POST", "/v1/batches", "application/json", "{\"briefs\":[" BRIEF "}]}", NULL, NULL,
     HOUSE_WRONG_ORIGIN},
    {"submitBatch", 413, "POST", "/v1/batches", "application/json", BIG, NULL, NULL, 0, "too_large"},
    {"submitBatch", 415, "POST", "/v1/batches", "text/html", "{\"briefs\":[" BRIEF "}]}", NULL, NULL, 0, "invalid"},
    {"submitBatch", 422, "POST", "/v1/batches", "application/json", "{\"briefs\":[{\"scenes\":[]}]}",
     NULL, NULL, 0, "invalid", "briefs[0].scenes"},
    {"submitBatch", 201, "POST", "/v1/batches", "application/yaml", "title: y\nbriefs:\n- " BRIEF "}\n"},
    {"listBatches", 200, "GET", "/v1/batches"},
    {"listBatches", 200, "GET", "/v1/batches?limit=1&after={batch}"},
    {"listBatches", 400, "GET", "/v1/batches?limit=0", .code = "invalid", .key = "limit"},
    {"listBatches", 400, "GET", "/v1/batches?after=1", .code = "invalid", .key = "after"},
    {"listBatches", 401, "GET", "/v1/batches", .way = HOUSE_NO_KEY},
    {"showBatch", 200, "GET", "/v1/batches/{batch}"},
    {"showBatch", 401, "GET", "/v1/batches/{batch}", .way = HOUSE_NO_KEY},
    {"showBatch", 404, "GET", "/v1/batches/bat_00000000000000000000000000"},
    {"cancelBatch", 202, "POST", "/v1/batches/{batch}/cancel"},
    {"cancelBatch", 401, "POST", "/v1/batches/{batch}/cancel", .way = HOUSE_NO_KEY},
    {"cancelBatch", 404, "POST", "/v1/batches/bat_00000000000000000000000000/cancel"},
    {"cancelBatch", 409, "POST", "/v1/batches/{overBatch}/cancel", .code = "conflict"},
    {"listJobs", 200, "GET", "/v1/jobs"},
    {"listJobs", 200, "GET", "/v1/jobs?limit=1&status=completed&tag=api&project=tests&user=owner"},
    {"listJobs", 200, "GET", "/v1/jobs?since=2020-01-01&until=2100-01-01T00:00:00Z&after={done}"},
    {"listJobs", 400, "GET", "/v1/jobs?limit=0", .code = "invalid", .key = "limit"},
    {"listJobs", 400, "GET", "/v1/jobs?limit=201", .code = "invalid", .key = "limit"},
    {"listJobs", 400, "GET", "/v1/jobs?limit=ten", .code = "invalid", .key = "limit"},
    {"listJobs", 400, "GET", "/v1/jobs?status=done", .code = "invalid", .key = "status"},
    {"listJobs", 400, "GET", "/v1/jobs?after=1", .code = "invalid", .key = "after"},
    {"listJobs", 400, "GET", "/v1/jobs?since=yesterday", .code = "invalid", .key = "since"},
    {"listJobs", 400, "GET", "/v1/jobs?tags=api", .code = "invalid", .key = "query"},
    {"listJobs", 400, "GET", "/v1/jobs?limit=1&limit=2", .code = "invalid", .key = "limit"},
    {"listJobs", 401, "GET", "/v1/jobs", .way = HOUSE_WRONG_KEY, .code = "denied"},
    {"showJob", 200, "GET", "/v1/jobs/{done}"},
    {"showJob", 200, "GET", "/v1/jobs/{open}"},
    {"showJob", 401, "GET", "/v1/jobs/{done}", .way = HOUSE_NO_KEY},
    {"showJob", 404, "GET", "/v1/jobs/gen_00000000000000000000000000", .code = "not_found"},
    {"showJob", 404, "GET", "/v1/jobs/..%2f..%2fetc", .code = "not_found"},
    {"pauseJob", 200, "POST", "/v1/jobs/{open}/pause"},
    {"pauseJob", 200, "POST", "/v1/jobs/{open}/pause", "application/json", "{\"reason\":\"a look\"}"},
    {"pauseJob", 401, "POST", "/v1/jobs/{open}/pause", .way = HOUSE_NO_KEY},
    {"pauseJob", 404, "POST", "/v1/jobs/gen_00000000000000000000000000/pause"},
    {"pauseJob", 409, "POST", "/v1/jobs/{done}/pause", .code = "conflict"},
    {"pauseJob", 422, "POST", "/v1/jobs/{open}/pause", "application/json", "{\"why\":\"x\"}", .code = "invalid",
     .key = "why"},
    {"resumeJob", 200, "POST", "/v1/jobs/{open}/resume"},
    {"resumeJob", 200, "POST", "/v1/jobs/{open}/resume", "application/json", "{\"reason\":\"a look\"}"},
    {"resumeJob", 401, "POST", "/v1/jobs/{open}/resume", .way = HOUSE_NO_KEY},
    {"resumeJob", 404, "POST", "/v1/jobs/gen_00000000000000000000000000/resume"},
    {"resumeJob", 409, "POST", "/v1/jobs/{done}/resume", .code = "conflict"},
    {"resumeJob", 422, "POST", "/v1/jobs/{open}/resume", "application/json", "{\"why\":\"x\"}", .code = "invalid",
     .key = "why"},
    {"retryJob", 200, "POST", "/v1/jobs/{failed}/retry", "application/json", "{\"reason\":\"again\"}"},
    {"retryJob", 401, "POST", "/v1/jobs/{failed}/retry", .way = HOUSE_NO_KEY},
    {"retryJob", 404, "POST", "/v1/jobs/gen_00000000000000000000000000/retry"},
    {"retryJob", 409, "POST", "/v1/jobs/{done}/retry", .code = "conflict"},
    {"retryJob", 422, "POST", "/v1/jobs/{done}/retry", "application/json", "{\"model\":7}", .key = "model"},
    {"resolveJob", 401, "POST", "/v1/jobs/{doubt}/resolve", .way = HOUSE_NO_KEY},
    {"resolveJob", 404, "POST", "/v1/jobs/gen_00000000000000000000000000/resolve", "application/json", "{\"as\":\"lost\"}"},
    {"resolveJob", 409, "POST", "/v1/jobs/{done}/resolve", "application/json", "{\"as\":\"lost\"}",
     .code = "conflict"},
    {"resolveJob", 422, "POST", "/v1/jobs/{doubt}/resolve", "application/json", "{\"as\":\"gone\"}", .key = "as"},
    {"resolveJob", 422, "POST", "/v1/jobs/{doubt}/resolve", "application/json", "{\"as\":\"found\"}",
     .key = "handle"},
    {"resolveJob", 422, "POST", "/v1/jobs/{doubt}/resolve", "application/json",
     "{\"as\":\"not_bought\",\"cost\":1}", .key = "cost"},
    {"resolveJob", 200, "POST", "/v1/jobs/{doubt}/resolve", "application/json",
     "{\"as\":\"lost\",\"cost\":0.03,\"reason\":\"looked it up\"}"},
    {"acceptOutput", 200, "POST", "/v1/outputs/{output}/accept"},
    {"acceptOutput", 200, "POST", "/v1/outputs/{output}/accept", "application/json", "{\"reason\":\"the logo\"}"},
    {"acceptOutput", 401, "POST", "/v1/outputs/{output}/accept", .way = HOUSE_NO_KEY},
    {"acceptOutput", 404, "POST", "/v1/outputs/out_00000000000000000000000000/accept"},
    {"acceptOutput", 422, "POST", "/v1/outputs/{output}/accept", "application/json", "{\"reason\":1}", .key = "reason"},
    {"rejectOutput", 200, "POST", "/v1/outputs/{output}/reject"},
    {"rejectOutput", 200, "POST", "/v1/outputs/{output}/reject", "application/json", "{\"reason\":\"the logo\"}"},
    {"rejectOutput", 401, "POST", "/v1/outputs/{output}/reject", .way = HOUSE_NO_KEY},
    {"rejectOutput", 404, "POST", "/v1/outputs/out_00000000000000000000000000/reject"},
    {"rejectOutput", 422, "POST", "/v1/outputs/{output}/reject", "application/json", "{\"reason\":1}", .key = "reason"},
    {"cancelJob", 202, "POST", "/v1/jobs/{open}/cancel"},
    {"cancelJob", 401, "POST", "/v1/jobs/{open}/cancel", .way = HOUSE_NO_KEY},
    {"cancelJob", 404, "POST", "/v1/jobs/gen_00000000000000000000000000/cancel"},
    {"cancelJob", 409, "POST", "/v1/jobs/{done}/cancel", .code = "conflict"},
    {"listOutputs", 200, "GET", "/v1/jobs/{done}/outputs"},
    {"listOutputs", 401, "GET", "/v1/jobs/{done}/outputs", .way = HOUSE_NO_KEY},
    {"listOutputs", 404, "GET", "/v1/jobs/gen_00000000000000000000000000/outputs"},
    {"downloadOutput", 200, "GET", "/v1/outputs/{output}/content"},
    {"downloadOutput", 206, "GET", "/v1/outputs/{output}/content", .name = "range",
     .value = "bytes=0-9"},
    {"downloadOutput", 304, "GET", "/v1/outputs/{output}/content", .name = "if-none-match",
     .value = "*"},
    {"downloadOutput", 416, "GET", "/v1/outputs/{output}/content", .name = "range",
     .value = "bytes=999999999-"},
    {"downloadOutput", 401, "GET", "/v1/outputs/{output}/content", .way = HOUSE_NO_KEY},
    {"downloadOutput", 404, "GET", "/v1/outputs/out_00000000000000000000000000/content"},
    {"downloadThumbnail", 200, "GET", "/v1/outputs/{output}/thumbnail"},
    {"downloadThumbnail", 401, "GET", "/v1/outputs/{output}/thumbnail", .way = HOUSE_NO_KEY},
    {"downloadThumbnail", 404, "GET", "/v1/outputs/none/thumbnail"},
    {"downloadSheet", 200, "GET", "/v1/outputs/{output}/sheet"},
    {"downloadSheet", 401, "GET", "/v1/outputs/{output}/sheet", .way = HOUSE_NO_KEY},
    {"downloadSheet", 404, "GET", "/v1/outputs/none/sheet"},
    {"uploadAsset", 200, "POST", "/v1/assets?name=again.png", .body = "@" GEN_SOURCE_DIR
     "/docs/examples/summer-sale/logo.png"},
    {"uploadAsset", 201, "POST", "/v1/assets?name=product.png", .body = "@" GEN_SOURCE_DIR
     "/docs/examples/summer-sale/product.png"},
    {"uploadAsset", 400, "POST", "/v1/assets", .body = "x", .code = "invalid", .key = "name"},
    {"uploadAsset", 400, "POST", "/v1/assets?name=..%2fx.png", .body = "x", .key = "name"},
    {"uploadAsset", 400, "POST", "/v1/assets?name=a%0Ab.png", .body = "x", .key = "name"},
    {"uploadAsset", 400, "POST", "/v1/assets?nam=x.png", .body = "x", .key = "query"},
    {"uploadAsset", 401, "POST", "/v1/assets?name=x.png", .body = "x", .way = HOUSE_NO_KEY},
    {"uploadAsset", 413, "POST", "/v1/assets?name=huge.mp4", .body = "@huge", .code = "too_large",
     .says = "at most 500000000 bytes"},
    {"uploadAsset", 415, "POST", "/v1/assets?name=x.png", "multipart/form-data; boundary=x", "x",
     .code = "invalid"},
    {"uploadAsset", 422, "POST", "/v1/assets?name=fake.png", .body = "not a picture",
     .code = "invalid"},
    {"listAssets", 200, "GET", "/v1/assets"},
    {"listAssets", 200, "GET", "/v1/assets?limit=1&after={asset}"},
    {"listAssets", 400, "GET", "/v1/assets?after=x", .code = "invalid", .key = "after"},
    {"listAssets", 401, "GET", "/v1/assets", .way = HOUSE_NO_KEY},
    {"showAsset", 200, "GET", "/v1/assets/{asset}"},
    {"showAsset", 401, "GET", "/v1/assets/{asset}", .way = HOUSE_NO_KEY},
    {"removeAsset", 400, "DELETE", "/v1/assets/{asset}?sentBy=monday", .key = "sentBy"},
    {"removeAsset", 401, "DELETE", "/v1/assets/{asset}", .way = HOUSE_NO_KEY},
    {"removeAsset", 409, "DELETE", "/v1/assets/{asset}?sentBy=2020-01-01", .code = "conflict"},
    {"removeAsset", 200, "DELETE", "/v1/assets/{asset}"},
    {"removeAsset", 404, "DELETE", "/v1/assets/{asset}"},
    {"showAsset", 404, "GET", "/v1/assets/ast_00000000000000000000000000", .code = "not_found"},
    {"followEvents", 400, "GET", "/v1/events?after=17", .code = "invalid", .key = "after"},
    {"followEvents", 400, "GET", "/v1/events", .name = "last-event-id",
     .value = "evt_00000000000000000000000000", .code = "invalid", .key = "Last-Event-ID"},
    {"followEvents", 401, "GET", "/v1/events", .way = HOUSE_NO_KEY},
    {"followEvents", 404, "GET", "/v1/events?job=gen_00000000000000000000000000",
     .code = "not_found"},
    {"listProviders", 200, "GET", "/v1/providers"},
    {"listProviders", 401, "GET", "/v1/providers", .way = HOUSE_NO_KEY},
    {"listModels", 200, "GET", "/v1/models"},
    {"listModels", 200, "GET", "/v1/models?provider=fake"},
    {"listModels", 400, "GET", "/v1/models?supplier=fake", .code = "invalid", .key = "query"},
    {"listModels", 401, "GET", "/v1/models", .way = HOUSE_NO_KEY},
    {"showVersion", 200, "GET", "/v1/version", .way = HOUSE_KEY},
    {"showVersion", 401, "GET", "/v1/version", .way = HOUSE_NO_KEY},
    {"showHealth", 200, "GET", "/healthz", .way = HOUSE_NO_KEY},
    {"showHealth", 403, "GET", "/healthz", .way = HOUSE_WRONG_HOST},
    {"showReadiness", 200, "GET", "/readyz", .way = HOUSE_NO_KEY},
    {"showMetrics", 200, "GET", "/metrics"},
    {"showMetrics", 401, "GET", "/metrics", .way = HOUSE_NO_KEY},
    {"showMe", 200, "GET", "/v1/me"},
    {"showMe", 200, "GET", "/v1/me", .way = HOUSE_KEY},
    {"showMe", 401, "GET", "/v1/me", .way = HOUSE_NO_KEY, .code = "denied"},
    /* API keys: made, taken, misspelt, edited by two, rotated, revoked twice */
    {"createKey", 201, "POST", "/v1/keys", "application/json",
     "{\"name\":\"api-one\",\"role\":\"producer\",\"teams\":[\"social\",\"tv\"],\"expiresDays\":30,"
     "\"jobsPerDay\":5,\"parallel\":2,\"spendLimit\":25.5,\"spendPeriod\":\"week\","
     "\"mostPriority\":\"normal\"}"},
    {"createKey", 201, "POST", "/v1/keys", "application/json",
     "{\"name\":\"api-two\",\"permissions\":[\"jobs:read\",\"audit:read\"],\"organization\":\"acme\"}"},
    {"createKey", 409, "POST", "/v1/keys", "application/json",
     "{\"name\":\"api-one\",\"role\":\"viewer\"}", .code = "conflict", .key = "name"},
    {"createKey", 422, "POST", "/v1/keys", "application/json", "{\"name\":\"x\",\"role\":\"king\"}",
     .code = "invalid", .key = "role"},
    {"createKey", 422, "POST", "/v1/keys", "application/json", "{\"name\":\"x\"}", .key = "role"},
    {"createKey", 422, "POST", "/v1/keys", "application/json", "{\"role\":\"viewer\"}",
     .key = "name"},
    {"createKey", 422, "POST", "/v1/keys", "application/json",
     "{\"name\":\"x\",\"role\":\"viewer\",\"permissions\":[\"jobs:read\"]}", .key = "permissions"},
    {"createKey", 422, "POST", "/v1/keys", "application/json",
     "{\"name\":\"x\",\"permissions\":[\"jobs:fly\"]}", .key = "permissions"},
    {"createKey", 422, "POST", "/v1/keys", "application/json",
     "{\"name\":\"x\",\"role\":\"viewer\",\"expiresAt\":\"2001-01-01T00:00:00Z\"}",
     .key = "expiresAt"},
    {"createKey", 422, "POST", "/v1/keys", "application/json",
     "{\"name\":\"x\",\"role\":\"viewer\",\"spendLimit\":-1}", .key = "spendLimit"},
    {"createKey", 422, "POST", "/v1/keys", "application/json",
     "{\"name\":\"x\",\"role\":\"viewer\",\"spendLimit\":1e30}", .key = "spendLimit"},
    {"createKey", 422, "POST", "/v1/keys", "application/json",
     "{\"name\":\"a b\",\"role\":\"viewer\"}", .key = "name"},
    {"createKey", 422, "POST", "/v1/keys", "application/json", "[]"},
    {"createKey", 422, "POST", "/v1/keys", "application/json", "{\"name\":"},
    {"createKey", 415, "POST", "/v1/keys", "text/plain", "{}"},
    {"createKey", 401, "POST", "/v1/keys", "application/json", "{}", .way = HOUSE_NO_KEY},
    {"listKeys", 200, "GET", "/v1/keys?limit=1"},
    {"listKeys", 200, "GET", "/v1/keys?organization=acme"},
    {"listKeys", 400, "GET", "/v1/keys?after=gen_1", .code = "invalid", .key = "after"},
    {"listKeys", 401, "GET", "/v1/keys", .way = HOUSE_WRONG_KEY},
    {"showKey", 200, "GET", "/v1/keys/api-one"},
    {"showKey", 200, "GET", "/v1/keys/api-two?organization=acme"},
    {"showKey", 404, "GET", "/v1/keys/api-two", .code = "not_found"},
    {"showKey", 401, "GET", "/v1/keys/api-one", .way = HOUSE_NO_KEY},
    {"editKey", 428, "PATCH", "/v1/keys/api-one", "application/json", "{\"jobsPerDay\":9}"},
    {"editKey", 200, "PATCH", "/v1/keys/api-one", "application/json", "{\"jobsPerDay\":9}",
     "if-match", "\"1\""},
    {"editKey", 412, "PATCH", "/v1/keys/api-one", "application/json", "{\"jobsPerDay\":10}",
     "if-match", "\"1\"", .code = "conflict"},
    {"editKey", 200, "PATCH", "/v1/keys/api-one", "application/json",
     "{\"spendPeriod\":\"month\",\"role\":\"viewer\"}", "if-match", "*"},
    {"editKey", 422, "PATCH", "/v1/keys/api-one", "application/json",
     "{\"organization\":\"acme\"}", "if-match", "*", .key = "organization"},
    {"editKey", 415, "PATCH", "/v1/keys/api-one", NULL, "{}", "if-match", "*"},
    {"editKey", 404, "PATCH", "/v1/keys/none", "application/json", "{}", "if-match", "*"},
    {"editKey", 401, "PATCH", "/v1/keys/api-one", "application/json", "{}", .way = HOUSE_NO_KEY},
    {"rotateKey", 200, "POST", "/v1/keys/api-one/rotate"},
    {"rotateKey", 404, "POST", "/v1/keys/none/rotate"},
    {"rotateKey", 401, "POST", "/v1/keys/api-one/rotate", .way = HOUSE_NO_KEY},
    {"revokeKey", 401, "DELETE", "/v1/keys/api-one", .way = HOUSE_NO_KEY},
    {"revokeKey", 200, "DELETE", "/v1/keys/{key}"},
    {"revokeKey", 200, "DELETE", "/v1/keys/{key}"},
    {"editKey", 409, "PATCH", "/v1/keys/{key}", "application/json", "{}", "if-match", "*",
     .code = "conflict"},
    {"rotateKey", 409, "POST", "/v1/keys/{key}/rotate", .code = "conflict"},
    {"revokeKey", 404, "DELETE", "/v1/keys/none"},
    /* secrets: set, set again without a word, rotated, of another account, wrong, tested, removed */
    {"listSecrets", 200, "GET", "/v1/secrets"},
    {"listSecrets", 401, "GET", "/v1/secrets", .way = HOUSE_NO_KEY},
    {"showMasterKey", 200, "GET", "/v1/master-key"},
    {"showMasterKey", 401, "GET", "/v1/master-key", .way = HOUSE_WRONG_KEY},
    {"setSecret", 201, "PUT", "/v1/secrets/spare", "text/plain", "key-of-spare"},
    {"setSecret", 409, "PUT", "/v1/secrets/spare", "text/plain", "another", .code = "conflict"},
    {"setSecret", 200, "PUT", "/v1/secrets/spare?account=same", "application/octet-stream", "b"},
    {"setSecret", 201, "PUT", "/v1/secrets/spare?team=spring", "text/plain", "of a team"},
    {"setSecret", 404, "PUT", "/v1/secrets/none?account=same", "text/plain", "x"},
    {"setSecret", 400, "PUT", "/v1/secrets/spare?account=mine", "text/plain", "x", .key = "account"},
    {"setSecret", 422, "PUT", "/v1/secrets/a%20b", "text/plain", "x", .key = "name"},
    {"setSecret", 413, "PUT", "/v1/secrets/spare", "text/plain", BIG},
    {"setSecret", 415, "PUT", "/v1/secrets/spare", "application/json", "{}"},
    {"setSecret", 401, "PUT", "/v1/secrets/spare", "text/plain", "x", .way = HOUSE_NO_KEY},
    {"listSecrets", 200, "GET", "/v1/secrets", .way = HOUSE_KEY},
    {"testSecret", 200, "POST", "/v1/secrets/spare/test"},
    {"testSecret", 404, "POST", "/v1/secrets/none/test", .code = "not_found"},
    {"testSecret", 401, "POST", "/v1/secrets/spare/test", .way = HOUSE_NO_KEY},
    {"rotateMasterKey", 200, "POST", "/v1/master-key/rotate"},
    {"rotateMasterKey", 422, "POST", "/v1/master-key/rotate", "text/plain", "not wanted here"},
    {"rotateMasterKey", 401, "POST", "/v1/master-key/rotate", .way = HOUSE_NO_KEY},
    {"removeSecret", 409, "DELETE", "/v1/secrets/fake", .code = "conflict"}, /* jobs are at work with it */
    {"removeSecret", 200, "DELETE", "/v1/secrets/spare"},
    {"removeSecret", 404, "DELETE", "/v1/secrets/spare", .code = "not_found"},
    {"removeSecret", 401, "DELETE", "/v1/secrets/spare?team=spring", .way = HOUSE_NO_KEY},
    /* who did what */
    {"listAudit", 200, "GET", "/v1/audit?limit=3&kind=key.*&actor=user:"},
    {"listAudit", 400, "GET", "/v1/audit?limit=0", .key = "limit"},
    {"listAudit", 400, "GET", "/v1/audit?since=yesterday", .key = "since"},
    {"listAudit", 401, "GET", "/v1/audit", .way = HOUSE_NO_KEY},
    {"showAuditHead", 200, "GET", "/v1/audit/head"},
    {"showAuditHead", 401, "GET", "/v1/audit/head", .way = HOUSE_WRONG_KEY},
    {"exportAudit", 200, "GET", "/v1/audit/export?limit=5"},
    {"exportAudit", 400, "GET", "/v1/audit/export?limit=0"},
    {"exportAudit", 401, "GET", "/v1/audit/export", .way = HOUSE_NO_KEY},
    {"verifyAudit", 200, "GET", "/v1/audit/verify?limit=2"},
    {"verifyAudit", 200, "GET", "/v1/audit/verify?head=abc"},
    {"verifyAudit", 400, "GET", "/v1/audit/verify?limit=-1", .key = "limit"},
    {"verifyAudit", 404, "GET", "/v1/audit/verify?after=999999", .code = "not_found"},
    {"verifyAudit", 401, "GET", "/v1/audit/verify", .way = HOUSE_NO_KEY},
    /* webhooks: made, shown, changed, rotated, removed; the log is always there */
    {"createWebhook", 201, "POST", "/v1/webhooks", "application/json",
     "{\"url\": \"https://hooks.invalid/a\", \"events\": [\"job.canceled\", \"budget.*\"]}"},
    {"createWebhook", 422, "POST", "/v1/webhooks", "application/json", "{}", .key = "url"},
    {"createWebhook", 422, "POST", "/v1/webhooks", "application/json",
     "{\"url\": \"https://hooks.invalid/a\", \"events\": [\"jobs.*\"]}", .key = "events"},
    {"createWebhook", 422, "POST", "/v1/webhooks", "application/json",
     "{\"url\": \"https://169.254.169.254/a\"}", .key = "url"},
    {"createWebhook", 422, "POST", "/v1/webhooks", "application/json",
     "{\"url\": \"http://hooks.invalid/a\"}", .key = "url"},
    {"createWebhook", 422, "POST", "/v1/webhooks", "application/json",
     "{\"url\": \"https://hooks.invalid/a\", \"secret\": \"whsec_c2hvcnQ=\"}", .key = "secret"},
    {"createWebhook", 415, "POST", "/v1/webhooks", "text/plain", "url"},
    {"createWebhook", 401, "POST", "/v1/webhooks", "application/json", "{}", .way = HOUSE_NO_KEY},
    {"listWebhooks", 200, "GET", "/v1/webhooks"},
    {"listWebhooks", 401, "GET", "/v1/webhooks", .way = HOUSE_NO_KEY},
    {"showWebhook", 200, "GET", "/v1/webhooks/{hook}"},
    {"showWebhook", 200, "GET", "/v1/webhooks/log"},
    {"showWebhook", 404, "GET", "/v1/webhooks/whk_none"},
    {"showWebhook", 401, "GET", "/v1/webhooks/log", .way = HOUSE_NO_KEY},
    {"editWebhook", 200, "PATCH", "/v1/webhooks/{hook}", "application/json",
     "{\"state\": \"paused\", \"title\": \"a\", \"events\": []}", "if-match", "\"1\""},
    {"editWebhook", 412, "PATCH", "/v1/webhooks/{hook}", "application/json", "{}", "if-match",
     "\"1\""},
    {"editWebhook", 428, "PATCH", "/v1/webhooks/{hook}", "application/json", "{}"},
    {"editWebhook", 422, "PATCH", "/v1/webhooks/{hook}", "application/json",
     "{\"secret\": \"whsec_c2hvcnQ=\"}", "if-match", "*", .key = "secret"},
    {"editWebhook", 409, "PATCH", "/v1/webhooks/log", "application/json",
     "{\"url\": \"https://hooks.invalid\"}", "if-match", "*", .code = "conflict"},
    {"editWebhook", 404, "PATCH", "/v1/webhooks/whk_none", "application/json", "{}", "if-match",
     "*"},
    {"editWebhook", 415, "PATCH", "/v1/webhooks/{hook}", "text/plain", "x", "if-match", "*"},
    {"editWebhook", 401, "PATCH", "/v1/webhooks/{hook}", "application/json", "{}",
     .way = HOUSE_NO_KEY},
    {"rotateWebhook", 200, "POST", "/v1/webhooks/{hook}/rotate"},
    {"rotateWebhook", 412, "POST", "/v1/webhooks/{hook}/rotate", .name = "if-match",
     .value = "\"1\""},
    {"rotateWebhook", 409, "POST", "/v1/webhooks/log/rotate", .code = "conflict"},
    {"rotateWebhook", 404, "POST", "/v1/webhooks/whk_none/rotate"},
    {"rotateWebhook", 401, "POST", "/v1/webhooks/log/rotate", .way = HOUSE_NO_KEY},
    {"testWebhook", 200, "POST", "/v1/webhooks/log/test"},
    {"testWebhook", 404, "POST", "/v1/webhooks/whk_none/test"},
    {"testWebhook", 401, "POST", "/v1/webhooks/log/test", .way = HOUSE_NO_KEY},
    {"listDeliveries", 200, "GET", "/v1/webhooks/log/deliveries?limit=5"},
    {"listDeliveries", 400, "GET", "/v1/webhooks/log/deliveries?limit=900", .key = "limit"},
    {"listDeliveries", 404, "GET", "/v1/webhooks/whk_none/deliveries"},
    {"listDeliveries", 401, "GET", "/v1/webhooks/log/deliveries", .way = HOUSE_NO_KEY},
    {"removeWebhook", 412, "DELETE", "/v1/webhooks/{hook}", .name = "if-match", .value = "\"1\""},
    {"removeWebhook", 409, "DELETE", "/v1/webhooks/log", .code = "conflict"},
    {"removeWebhook", 401, "DELETE", "/v1/webhooks/{hook}", .way = HOUSE_NO_KEY},
    {"removeWebhook", 204, "DELETE", "/v1/webhooks/{hook}"},
    {"removeWebhook", 404, "DELETE", "/v1/webhooks/{hook}"},
    /* what work cost, would cost, may cost */
    {"listCosts", 200, "GET", "/v1/costs"},
    {"listCosts", 200, "GET", "/v1/costs?groupBy=job&limit=1"},
    {"listCosts", 200, "GET", "/v1/costs?groupBy=day&period=year&user=owner"},
    {"listCosts", 200, "GET", "/v1/costs?groupBy=tag&from=2020-01-01T00:00:00Z&model=fake/pay"},
    {"listCosts", 400, "GET", "/v1/costs?groupBy=colour", .key = "groupBy"},
    {"listCosts", 400, "GET", "/v1/costs?period=2026-13", .key = "period"},
    {"listCosts", 400, "GET", "/v1/costs?period=2026-11&from=2026-11-01", .key = "period"},
    {"listCosts", 400, "GET", "/v1/costs?from=2026-11-02&to=2026-11-01", .key = "to"},
    {"listCosts", 400, "GET", "/v1/costs?model=pay", .key = "model"},
    {"listCosts", 400, "GET", "/v1/costs?limit=1001", .key = "limit"},
    {"listCosts", 401, "GET", "/v1/costs", .way = HOUSE_NO_KEY},
    {"showStatement", 200, "GET", "/v1/costs/statement"},
    {"showStatement", 200, "GET", "/v1/costs/statement?period=2026-Q4&team=social"},
    {"showStatement", 400, "GET", "/v1/costs/statement?period=always", .key = "period"},
    {"showStatement", 401, "GET", "/v1/costs/statement", .way = HOUSE_NO_KEY},
    {"showJobCosts", 200, "GET", "/v1/jobs/{done}/costs"},
    {"showJobCosts", 200, "GET", "/v1/jobs/{open}/costs"},
    {"showJobCosts", 404, "GET", "/v1/jobs/gen_00000000000000000000000000/costs"},
    {"showJobCosts", 401, "GET", "/v1/jobs/{done}/costs", .way = HOUSE_NO_KEY},
    {"estimateBrief", 200, "POST", "/v1/estimates", "application/json", BRIEF "}"},
    {"estimateBrief", 200, "POST", "/v1/estimates", "application/json", BRIEF ",\"budget\":0.04}"},
    {"estimateBrief", 400, "POST", "/v1/estimates?dry=1", "application/json", BRIEF "}", NULL, NULL,
     0, "invalid", "query"},
    {"estimateBrief", 401, "POST", "/v1/estimates", "application/json", BRIEF "}", NULL, NULL,
     HOUSE_NO_KEY},
    {"estimateBrief", 413, "POST", "/v1/estimates", "application/json", BIG, NULL, NULL, 0,
     "too_large"},
    {"estimateBrief", 415, "POST", "/v1/estimates", "text/html", BRIEF "}", NULL, NULL, 0,
     "invalid"},
    {"estimateBrief", 422, "POST", "/v1/estimates", "application/json", BRIEF ",\"titel\":\"x\"}",
     NULL, NULL, 0, "invalid"},
    {"createBudget", 201, "POST", "/v1/budgets", "application/json",
     "{\"scope\":\"team\",\"of\":\"social\",\"hard\":5,\"soft\":4,\"currency\":\"USD\"}"},
    {"createBudget", 422, "POST", "/v1/budgets", "application/json", "{\"scope\":\"team\",\"of\":\"social\",\"hard\":-1}",
     .key = "hard"},
    {"createBudget", 422, "POST", "/v1/budgets", "application/json", "{\"scope\":\"team\",\"of\":\"social\",\"hard\":1e30}",
     .key = "hard"},
    {"createBudget", 422, "POST", "/v1/budgets", "application/json", "{\"scope\":\"team\",\"of\":\"social\",\"hard\":0.0000001}",
     .key = "hard"},
    {"createBudget", 422, "POST", "/v1/budgets", "application/json",
     "{\"scope\":\"team\",\"of\":\"social\",\"hard\":5,\"currency\":\"EUR\"}", .key = "currency"},
    {"createBudget", 422, "POST", "/v1/budgets", "application/json", "{\"scope\":\"team\",\"of\":\"social\",\"hard\":5,\"limit\":6}"},
    {"createBudget", 422, "POST", "/v1/budgets", "application/json",
     "{\"scope\":\"team\",\"of\":\"a b\",\"hard\":5}", .key = "of"},
    {"createBudget", 422, "POST", "/v1/budgets", "application/json", "[5]"},
    {"createBudget", 415, "POST", "/v1/budgets", "text/plain", "5"},
    {"createBudget", 401, "POST", "/v1/budgets", "application/json", "{}", .way = HOUSE_NO_KEY},
    {"importInvoice", 200, "POST", "/v1/invoices", "application/json",
     "{\"provider\":\"fake\",\"dryRun\":true,\"content\":\"id,cost\\na1,0.4\\n\"}"},
    {"importInvoice", 201, "POST", "/v1/invoices", "application/json",
     "{\"provider\":\"fake\",\"content\":\"id,cost\\na1,0.4\\n\"}"},
    {"importInvoice", 422, "POST", "/v1/invoices", "application/json",
     "{\"provider\":\"fake\",\"content\":\"id,when\\na1,2\\n\"}"},
    {"importInvoice", 401, "POST", "/v1/invoices", "application/json", "{}", .way = HOUSE_NO_KEY},
    {"listInvoices", 200, "GET", "/v1/invoices"},
    {"listInvoices", 401, "GET", "/v1/invoices", .way = HOUSE_NO_KEY},
    {"showInvoice", 200, "GET", "/v1/invoices/{invoice}"},
    {"showInvoice", 404, "GET", "/v1/invoices/inv_none"},
    {"showInvoice", 401, "GET", "/v1/invoices/{invoice}", .way = HOUSE_NO_KEY},
    {"settleInvoice", 200, "POST", "/v1/invoices/{invoice}/settle"},
    {"settleInvoice", 404, "POST", "/v1/invoices/inv_none/settle"},
    {"settleInvoice", 401, "POST", "/v1/invoices/{invoice}/settle", .way = HOUSE_NO_KEY},
    {"removeInvoice", 404, "DELETE", "/v1/invoices/inv_none"},
    {"removeInvoice", 401, "DELETE", "/v1/invoices/{invoice}", .way = HOUSE_NO_KEY},
    {"removeInvoice", 200, "DELETE", "/v1/invoices/{invoice}"},
    {"listBudgets", 200, "GET", "/v1/budgets"},
    {"listBudgets", 200, "GET", "/v1/budgets?ended=true"},
    {"listBudgets", 400, "GET", "/v1/budgets?ended=yes", .key = "ended"},
    {"listBudgets", 401, "GET", "/v1/budgets", .way = HOUSE_NO_KEY},
    {"showBudget", 200, "GET", "/v1/budgets/{budget}"},
    {"showBudget", 404, "GET", "/v1/budgets/bud_none"},
    {"showBudget", 401, "GET", "/v1/budgets/{budget}", .way = HOUSE_NO_KEY},
    {"editBudget", 200, "PATCH", "/v1/budgets/{budget}", "application/json",
     "{\"hard\":200,\"soft\":null,\"note\":\"more\"}", "if-match", "\"1\""},
    {"editBudget", 412, "PATCH", "/v1/budgets/{budget}", "application/json", "{\"hard\":300}",
     "if-match", "\"1\""},
    {"editBudget", 428, "PATCH", "/v1/budgets/{budget}", "application/json", "{\"hard\":300}"},
    {"editBudget", 422, "PATCH", "/v1/budgets/{budget}", "application/json",
     "{\"period\":\"day\"}", "if-match", "*", .key = "period"},
    {"editBudget", 422, "PATCH", "/v1/budgets/{budget}", "application/json", "{\"hard\":null}",
     "if-match", "*", .key = "hard"},
    {"editBudget", 422, "PATCH", "/v1/budgets/{budget}", "application/json", "{\"version\":9}",
     "if-match", "*"},
    {"editBudget", 404, "PATCH", "/v1/budgets/bud_none", "application/json", "{}", "if-match", "*"},
    {"editBudget", 415, "PATCH", "/v1/budgets/{budget}", "text/plain", "x", "if-match", "*"},
    {"editBudget", 401, "PATCH", "/v1/budgets/{budget}", "application/json", "{}",
     .way = HOUSE_NO_KEY},
    {"endBudget", 428, "DELETE", "/v1/budgets/{budget}"},
    {"endBudget", 412, "DELETE", "/v1/budgets/{budget}", .name = "if-match", .value = "\"1\""},
    {"endBudget", 401, "DELETE", "/v1/budgets/{budget}", .way = HOUSE_NO_KEY},
    {"endBudget", 200, "DELETE", "/v1/budgets/{budget}", .name = "if-match", .value = "\"2\""},
    {"endBudget", 409, "DELETE", "/v1/budgets/{budget}", .name = "if-match", .value = "*"},
    {"endBudget", 404, "DELETE", "/v1/budgets/bud_none", .name = "if-match", .value = "*"},
    {"editBudget", 409, "PATCH", "/v1/budgets/{budget}", "application/json", "{\"hard\":3}",
     "if-match", "*"},
    {"showBudget", 200, "GET", "/v1/budgets/{budget}"},
    {NULL},
};

/* What a daemon on a full disk answers, whose policies have been taken away. */
static const struct api_case full_cases[] = {
    {"reloadPolicies", 422, "POST", "/v1/policies/reload", .code = "not_found",
     .says = "stay in force"},
    {"showPolicies", 200, "GET", "/v1/policies"}, /* with lastError */
    {"submitJob", 507, "POST", "/v1/jobs", "application/json", BRIEF "}", .code = "no_space"},
    {"submitBatch", 507, "POST", "/v1/batches", "application/json", "{\"briefs\":[" BRIEF "}]}", .code = "no_space"},
    {"showReadiness", 503, "GET", "/readyz", .code = "no_space"},
    {NULL},
};

struct coverage {
    struct house *house;
    const struct gen_node *page;
    struct gen_node *seen; /* map: "operation status" -> true */
    const char *key, *hook, *budget, *invoice, *batch, *over_batch, *done, *open, *output, *asset;
    const char *failed, *doubt;
    const char *odd; /* how the next order is answered; NULL = well */
};

static const struct gen_node *page_operation(const struct gen_node *page, const char *id)
{
    for (const struct gen_node *path = gen_node_first(gen_node_get(page, "paths")); path != NULL;
         path = path->next) {
        for (const struct gen_node *one = gen_node_first(path); one != NULL; one = one->next) {
            if (strcmp(gen_node_text(gen_node_get(one, "operationId"), ""), id) == 0) {
                return one;
            }
        }
    }
    return NULL;
}

static void cover(struct coverage *coverage, const char *operation, int status)
{
    struct gen_arena *arena = coverage->house->arena;
    const char *key = gen_arena_printf(arena, "%s %d", operation, status);

    if (gen_node_get(coverage->seen, key) == NULL) {
        gen_node_set(arena, coverage->seen, key, gen_node_bool(arena, true));
    }
}

/* The reply against what the page says of it. */
static void check_reply(struct coverage *coverage, const struct api_case *one,
                        const struct house_reply *reply)
{
    struct gen_arena *arena = coverage->house->arena;
    const struct gen_node *operation = page_operation(coverage->page, one->operation);
    const struct gen_node *responses = gen_node_get(operation, "responses");
    const struct gen_node *response = schema_resolve(
        coverage->page, gen_node_get(responses, gen_arena_printf(arena, "%d", one->status)));
    const struct gen_node *content = gen_node_get(response, "content"), *media;
    const char *why;

    cr_assert(response != NULL, "%s does not promise %d", one->operation, one->status);
    cover(coverage, one->operation, one->status);
    cr_expect(reply->request != NULL, "%s: no X-Request-Id", one->operation);
    if (content == NULL) {
        cr_expect(reply->size == 0, "%s %d has a body", one->operation, one->status);
        return;
    }
    cr_assert(reply->type != NULL, "%s %d has no type", one->operation, one->status);
    media = gen_node_get(content, gen_arena_strndup(arena, reply->type, strcspn(reply->type, ";")));
    cr_expect(media != NULL, "%s %d: %s is not promised", one->operation, one->status,
              reply->type);
    if (gen_node_get(media, "schema") != NULL) {
        why = schema_check(coverage->page, gen_node_get(media, "schema"), reply->document, "reply",
                           arena);
        cr_expect(why == NULL, "%s %d: %s in %s", one->operation, one->status, why, reply->body);
    }
}

static void check_problem(const struct api_case *one, const struct house_reply *reply)
{
    const struct gen_node *errors = gen_node_get(reply->document, "errors");
    const struct gen_node *first = gen_node_at(errors, 0);

    if (one->code != NULL) {
        cr_expect(strcmp(gen_node_text(gen_node_get(reply->document, "code"), ""), one->code) == 0,
                  "%s: code is not %s: %s", one->path, one->code, reply->body);
    }
    if (one->says != NULL) {
        cr_expect(strstr(gen_node_text(gen_node_get(reply->document, "detail"), ""), one->says) !=
                      NULL, "%s does not say %s: %s", one->path, one->says, reply->body);
    }
    if (one->key != NULL) {
        cr_expect(strcmp(gen_node_text(gen_node_get(first, "path"), ""), one->key) == 0,
                  "%s: the path is not %s: %s", one->path, one->key, reply->body);
    }
    if (one->status == 422 && strcmp(one->operation, "submitJob") == 0 && one->key != NULL) {
        cr_expect(gen_node_integer(gen_node_get(first, "line"), 0) > 0, "%s: no line: %s",
                  one->key, reply->body);
    }
}

static const char *put_in(struct coverage *coverage, const char *path)
{
    const char *const names[][2] = {{"{done}", coverage->done},
                                    {"{open}", coverage->open},
                                    {"{failed}", coverage->failed},
                                    {"{doubt}", coverage->doubt},
                                    {"{output}", coverage->output},
                                    {"{key}", coverage->key},
                                    {"{hook}", coverage->hook},
                                    {"{budget}", coverage->budget},
                                    {"{invoice}", coverage->invoice},
                                    {"{batch}", coverage->batch},
                                    {"{overBatch}", coverage->over_batch},
                                    {"{asset}", coverage->asset}};

    for (size_t i = 0; i < GEN_COUNT(names); i++) {
        const char *at = strstr(path, names[i][0]);

        if (at != NULL) {
            return gen_arena_printf(coverage->house->arena, "%.*s%s%s", (int)(at - path), path,
                                    names[i][1], at + strlen(names[i][0]));
        }
    }
    return path;
}

static void run_case(struct coverage *coverage, const struct api_case *one)
{
    struct house *house = coverage->house;
    struct house_ask ask = {.method = one->method, .path = put_in(coverage, one->path),
                            .type = one->type, .body = one->body, .name = one->name,
                            .value = one->value, .way = one->way};
    struct house_reply reply;

    if (one->body != NULL && strcmp(one->body, BIG) == 0) {
        char *big = gen_arena_alloc(house->arena, 4 * 1024 * 1024 + 2);

        memset(big, ' ', 4 * 1024 * 1024 + 1);
        ask.body = big;
    } else if (one->body != NULL && strcmp(one->body, "@huge") == 0) {
        int fd;

        ask.body = NULL;
        ask.file = gen_arena_printf(house->arena, "%s/huge", house->folder);
        fd = open(ask.file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        cr_assert(fd >= 0 && ftruncate(fd, 600000000) == 0 && close(fd) == 0);
    } else if (one->body != NULL && one->body[0] == '@') {
        ask.body = NULL;
        ask.file = one->body + 1;
    }
    reply = house_ask(house, &ask);
    cr_expect(reply.status == one->status, "%s %s: %d, not %d: %s", ask.method, ask.path,
              reply.status, one->status, reply.body);
    if (reply.status == one->status) {
        check_reply(coverage, one, &reply);
        check_problem(one, &reply);
    }
}

static const char *admit_batch(struct house *house)
{
    struct house_reply reply = house_post(house, "/v1/batches", "{\"briefs\":[" BRIEF "}]}");

    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    return gen_node_text(gen_node_get(reply.document, "batchId"), "");
}

static void await_batch(struct house *house, const char *batch)
{
    const char *path = gen_arena_printf(house->arena, "/v1/batches/%s", batch);
    const struct gen_node *jobs = gen_node_get(house_get(house, path).document, "jobs");

    house_await(house, gen_node_text(gen_node_get(gen_node_at(jobs, 0), "jobId"), ""), "completed");
}

/* One job that is done, one that stays at work, an asset. */
/* The next order is refused for good, or answered with what is no answer, as the test says. */
static bool odd_answers(struct house *house, struct gen_exchange *exchange)
{
    static const char refused[] = "{\"error\":{\"code\":\"moderated\",\"message\":\"no\"}}";
    const char **odd = house->answers;
    bool refuses;

    if (odd == NULL || *odd == NULL || strcmp(gen_exchange_method(exchange), "POST") != 0) {
        return false;
    }
    refuses = strcmp(*odd, "refused") == 0;
    *odd = NULL;
    if (refuses) {
        gen_exchange_reply(exchange, 400, "application/json", refused, strlen(refused));
    } else {
        gen_exchange_reply(exchange, 200, "text/plain", "?", 1);
    }
    return true;
}

static void await_doubt(struct house *house)
{
    for (int i = 0; i < 3000; i++) {
        if (house_number(house, "SELECT COUNT(*) FROM attempt WHERE state = 'ambiguous'") > 0) {
            return;
        }
        (void)house_get(house, "/healthz");
    }
    cr_assert(false, "nobody is in doubt");
}

static void prepare(struct coverage *coverage)
{
    struct house *house = coverage->house;
    struct house_reply reply;

    reply = house_ask(house, &(struct house_ask){.method = "PUT", .path = "/v1/secrets/fake",
                                                 .type = "text/plain", .body = "of the provider"});
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    coverage->over_batch = admit_batch(house);
    coverage->done = house_submit(house, "done");
    house_await(house, coverage->done, "completed");
    reply = house_get(house, gen_arena_printf(house->arena, "/v1/jobs/%s/outputs", coverage->done));
    coverage->output = gen_node_text(
        gen_node_get(gen_node_at(gen_node_get(reply.document, "outputs"), 0), "outputId"), "");
    await_batch(house, coverage->over_batch);
    house->answers = (void *)&coverage->odd;
    coverage->odd = "refused";
    coverage->failed = house_submit(house, "hopeless");
    house_await(house, coverage->failed, "failed");
    coverage->odd = "garbage";
    coverage->doubt = house_submit(house, "doubtful");
    house_await(house, coverage->doubt, "in_progress");
    await_doubt(house);
    house->hold = true;
    coverage->batch = admit_batch(house);
    coverage->open = house_submit(house, "open");
    reply = house_ask(house, &(struct house_ask){
        .method = "POST", .path = "/v1/assets?name=logo.png",
        .file = GEN_SOURCE_DIR "/docs/examples/summer-sale/logo.png"});
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    coverage->asset = gen_node_text(gen_node_get(reply.document, "assetId"), "");
    reply = house_post(house, "/v1/keys", "{\"name\":\"to-be-revoked\",\"role\":\"viewer\"}");
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    coverage->key = gen_node_text(gen_node_get(reply.document, "keyId"), "");
    reply = house_post(house, "/v1/webhooks",
                       "{\"url\":\"https://hooks.invalid/b\",\"events\":[\"job.canceled\"]}");
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    coverage->hook = gen_node_text(gen_node_get(reply.document, "id"), "");
    reply = house_post(house, "/v1/budgets", "{\"scope\":\"organization\",\"hard\":100}");
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    coverage->budget = gen_node_text(gen_node_get(reply.document, "budgetId"), "");
    reply = house_post(house, "/v1/invoices",
                       "{\"provider\":\"fake\",\"content\":\"id,cost\\nb1,0.4\\n\"}");
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    coverage->invoice = gen_node_text(gen_node_get(reply.document, "invoiceId"), "");
}

static void check_all_covered(const struct coverage *coverage)
{
    for (const struct gen_node *path = gen_node_first(gen_node_get(coverage->page, "paths"));
         path != NULL; path = path->next) {
        for (const struct gen_node *one = gen_node_first(path); one != NULL; one = one->next) {
            const char *id = gen_node_text(gen_node_get(one, "operationId"), "");

            for (const struct gen_node *response = gen_node_first(gen_node_get(one, "responses"));
                 response != NULL; response = response->next) {
                const char *key =
                    gen_arena_printf(coverage->house->arena, "%s %s", id, response->key);

                cr_expect(strcmp(response->key, "default") == 0 ||
                              gen_node_get(coverage->seen, key) != NULL,
                          "no case provokes %s", key);
            }
        }
    }
}

Test(openapi, promises_are_kept, .timeout = 240)
{
    struct house house = {.settings = "      credential: key\n", .answer = odd_answers},
                 full = {.least_free = "1000000000"};
    struct coverage coverage = {.house = &house};
    struct house_stream stream;
    char policies[128];
    const char *const more[] = {"--policies", policies, NULL};

    house_open(&house);
    house_start(&house, NULL);
    cr_assert(!house.ended, "%s", house.last_words);
    coverage.page = read_page(house.arena);
    coverage.seen = gen_node_map(house.arena);
    prepare(&coverage);
    for (const struct api_case *one = cases; one->operation != NULL; one++) {
        run_case(&coverage, one);
    }
    house_follow(&house, &stream, "/v1/events", NULL); /* tests/api/stream_test.c looks closer */
    cover(&coverage, "followEvents", 200);
    house_leave(&stream);
    house_stop(&house);

    house_open(&full);
    (void)snprintf(policies, sizeof policies, "%s/policies", full.folder);
    cr_assert(symlink(GEN_SOURCE_DIR "/policies", policies) == 0);
    house_start(&full, more);
    cr_assert(!full.ended && unlink(policies) == 0, "%s", full.last_words);
    coverage.house = &full;
    for (const struct api_case *one = full_cases; one->operation != NULL; one++) {
        run_case(&coverage, one);
    }
    coverage.house = &house;
    check_all_covered(&coverage);
    house_close(&full);
    house_close(&house);
}
