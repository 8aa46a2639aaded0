/* faults.c - see faults.h. The rules are records, so a misspelt key is an error that says so. */
#include "simulator/faults.h"

#include "base/alloc.h"
#include "base/record.h"
#include "platform/files.h"
#include "platform/json_reader.h"

#include <string.h>

enum { FAULTS_MAX = 1000, FAULTS_TEXT_MAX = 4 * 1024 * 1024 };

struct match {
    const char *provider, *method, *path, *body;
    int64_t nth;
};

struct fault {
    int64_t latency_ms, status, retry_after, stall_ms, stall_after_ms, truncate, stall_at, drip,
        huge_body;
    const char *code, *message;
    bool acted, reset_before, reset_after, not_json, http200error, duplicate_id, moderate, filtered,
        lose, fail, unknown_status;
};

struct rule {
    struct match match;
    struct fault fault;
    int64_t times;
    double probability;
};

static const struct gen_field match_fields[] = {
    {.key = "provider",
     .type = GEN_FIELD_TEXT,
     .offset = offsetof(struct match, provider),
     .help = "runway, kling, ..., or cdn for downloads and presigned uploads"},
    {.key = "method",
     .type = GEN_FIELD_TEXT,
     .offset = offsetof(struct match, method),
     .help = "GET, POST, ..."},
    {.key = "path",
     .type = GEN_FIELD_TEXT,
     .offset = offsetof(struct match, path),
     .help = "a part of the path, its prefix included: /runway/v1/tasks"},
    {.key = "body",
     .type = GEN_FIELD_TEXT,
     .offset = offsetof(struct match, body),
     .help = "a part of the request's body"},
    {.key = "nth",
     .type = GEN_FIELD_INT,
     .offset = offsetof(struct match, nth),
     .min = 1,
     .max = INT64_MAX,
     .preset = NULL,
     .help = "only the nth request that matches the rest"},
    {.key = NULL},
};
static const struct gen_record match_record = {
    .name = "match", .size = sizeof(struct match), .fields = match_fields, .short_key = "path"};

#define FAULT_COUNT(name, member, low, preset_, text) \
    { \
        .key = name, .type = GEN_FIELD_INT, .offset = offsetof(struct fault, member), .min = low, \
        .max = INT64_MAX, .preset = preset_, .help = text \
    }
#define FAULT_FLAG(name, member, text) \
    { \
        .key = name, .type = GEN_FIELD_BOOL, .offset = offsetof(struct fault, member), \
        .help = text \
    }

static const struct gen_field fault_fields[] = {
    FAULT_COUNT("latencyMs", latency_ms, 0, NULL, "waits before it acts"),
    {.key = "status",
     .type = GEN_FIELD_INT,
     .offset = offsetof(struct fault, status),
     .min = 400,
     .max = 599,
     .help = "answers this HTTP status in the provider's error shape, without acting"},
    {.key = "code",
     .type = GEN_FIELD_TEXT,
     .offset = offsetof(struct fault, code),
     .help = "the provider's own error code; with moderate or fail the task's failure code"},
    {.key = "message",
     .type = GEN_FIELD_TEXT,
     .offset = offsetof(struct fault, message),
     .help = "the provider's own text"},
    FAULT_COUNT("retryAfter", retry_after, -1, "-1", "seconds, as the header Retry-After"),
    FAULT_FLAG("acted", acted, "status is answered after the request was acted on"),
    FAULT_FLAG("resetBefore", reset_before, "resets the connection before the body is read"),
    FAULT_FLAG("resetAfter", reset_after, "acts and books, then resets without an answer"),
    FAULT_COUNT("stall", stall_ms, 0, NULL, "silence for so many ms, then closes; does not act"),
    FAULT_COUNT("stallAfter", stall_after_ms, 0, NULL, "acts and books, then as stall"),
    FAULT_COUNT("truncate", truncate, -1, "-1", "closes after so many bytes of the answer's body"),
    FAULT_COUNT("stallAt", stall_at, -1, "-1", "falls silent after so many bytes of the body"),
    FAULT_COUNT("drip", drip, 1, NULL, "bytes a second of the answer's body"),
    FAULT_COUNT("hugeBody", huge_body, 1, NULL, "acts, then answers so many bytes of JSON"),
    FAULT_FLAG("notJson", not_json, "acts, then answers an HTML page"),
    FAULT_FLAG("http200error", http200error, "an error body under HTTP 200, without acting"),
    FAULT_FLAG("duplicateId", duplicate_id, "the new task answers with the id of the one before"),
    FAULT_FLAG("moderate", moderate, "the new task ends refused"),
    FAULT_FLAG("filtered", filtered, "the new task finishes without a clip"),
    FAULT_FLAG("lose", lose, "the new task is booked and then unknown"),
    FAULT_FLAG("fail", fail, "the new task ends failed"),
    FAULT_FLAG("unknownStatus", unknown_status, "the new task shows a status that nobody knows"),
    {.key = NULL},
};

static enum gen_status fault_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    (void)object;
    (void)arena;
    if (gen_node_count(node) == 0) {
        return gen_error_set(err, GEN_EINVAL, "names no fault");
    }
    return GEN_OK;
}

static const struct gen_record fault_record = {
    .name = "fault", .size = sizeof(struct fault), .fields = fault_fields, .check = fault_check};

static const struct gen_field rule_fields[] = {
    {.key = "match",
     .type = GEN_FIELD_RECORD,
     .offset = offsetof(struct rule, match),
     .record = &match_record,
     .help = "absent = every request but /_sim"},
    {.key = "fault",
     .type = GEN_FIELD_RECORD,
     .flags = GEN_FIELD_REQUIRED,
     .offset = offsetof(struct rule, fault),
     .record = &fault_record,
     .help = "what happens"},
    {.key = "times",
     .type = GEN_FIELD_INT,
     .offset = offsetof(struct rule, times),
     .min = 0,
     .max = INT64_MAX,
     .help = "at most so often; 0 = without end"},
    {.key = "probability",
     .type = GEN_FIELD_REAL,
     .offset = offsetof(struct rule, probability),
     .min = 0,
     .max = 1,
     .preset = "1",
     .help = "of the requests that match, by the seed"},
    {.key = NULL},
};
static const struct gen_record rule_record = {
    .name = "rule", .size = sizeof(struct rule), .fields = rule_fields};

struct laid { /* a rule in force */
    struct rule rule;
    const struct gen_node *node;
    int64_t seen, hit;
};

struct sim_faults {
    struct gen_arena *arena;
    struct laid *items[FAULTS_MAX];
    size_t count;
};

/* ------------------------------------------------------------------------------------- reading */

struct sim_faults *sim_faults_create(void)
{
    struct sim_faults *faults = gen_alloc(sizeof(*faults));

    if (faults != NULL) {
        faults->arena = gen_arena_create(0);
        if (faults->arena == NULL) {
            gen_free(faults);
            return NULL;
        }
    }
    return faults;
}

void sim_faults_destroy(struct sim_faults *faults)
{
    if (faults != NULL) {
        gen_arena_destroy(faults->arena);
        gen_free(faults);
    }
}

void sim_faults_clear(struct sim_faults *faults)
{
    faults->count = 0;
    gen_arena_clear(faults->arena);
}

/* Everything is bound before anything is changed. */
static enum gen_status faults_bind(struct gen_arena *arena, const struct gen_node *node,
                                   const char *path, struct rule *out, struct gen_error *err)
{
    memset(out, 0, sizeof(*out));
    return gen_record_bind(&rule_record, node, path, arena, out, err);
}

enum gen_status sim_faults_read(struct sim_faults *faults, const struct gen_node *node,
                                bool replace, struct gen_error *err)
{
    const struct gen_node *rules = gen_node_get(node, "rules") != NULL ? gen_node_get(node, "rules")
                                                                       : node;
    bool list = gen_node_type_of(rules) == GEN_NODE_LIST;
    size_t count = list ? gen_node_count(rules) : 1;
    const struct gen_node *at = list ? gen_node_first(rules) : rules;
    struct rule rule;

    if (count + (replace ? 0 : faults->count) > FAULTS_MAX) {
        return gen_error_set(err, GEN_ELIMIT, "more than %d rules", FAULTS_MAX);
    }
    for (const struct gen_node *one = at; one != NULL; one = list ? one->next : NULL) {
        enum gen_status status = faults_bind(faults->arena, one, "rule", &rule, err);

        if (status != GEN_OK) {
            return status;
        }
    }
    if (replace) {
        sim_faults_clear(faults);
    }
    for (const struct gen_node *one = at; one != NULL; one = list ? one->next : NULL) {
        struct laid *laid = gen_arena_alloc(faults->arena, sizeof(*laid));
        const struct gen_node *copy = gen_node_copy(faults->arena, one);

        if (laid == NULL || copy == NULL ||
            faults_bind(faults->arena, copy, "rule", &laid->rule, err) != GEN_OK) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        laid->node = copy;
        faults->items[faults->count++] = laid;
    }
    return GEN_OK;
}

enum gen_status sim_faults_text(struct sim_faults *faults, const char *text, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *begin = text + strspn(text, " \t\r\n");
    const struct gen_node *node = NULL;
    struct gen_bytes bytes;
    enum gen_status status = GEN_OK;

    gen_bytes_init(&bytes, FAULTS_TEXT_MAX);
    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (*begin == '[' || *begin == '{') {
        status = gen_bytes_text(&bytes, begin);
    } else {
        status = gen_files_read(text, &bytes, err);
    }
    if (status == GEN_OK) {
        status = gen_json_read(bytes.data == NULL ? "" : bytes.data, bytes.size, "--faults", arena,
                               &node, err);
    }
    if (status == GEN_OK) {
        status = sim_faults_read(faults, node, true, err);
    }
    gen_bytes_fini(&bytes);
    gen_arena_destroy(arena);
    return status;
}

struct gen_node *sim_faults_list(const struct sim_faults *faults, struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < faults->count; i++) {
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));

        gen_node_set(arena, map, "rule", gen_node_copy(arena, faults->items[i]->node));
        gen_node_set(arena, map, "seen", gen_node_int(arena, faults->items[i]->seen));
        gen_node_set(arena, map, "hit", gen_node_int(arena, faults->items[i]->hit));
    }
    return list;
}

/* ------------------------------------------------------------------------------------- judging */

static bool faults_match(const struct match *match, const struct sim_subject *subject)
{
    return (match->provider == NULL || strcmp(match->provider, subject->provider) == 0) &&
           (match->method == NULL || strcmp(match->method, subject->method) == 0) &&
           (match->path == NULL || strstr(subject->path, match->path) != NULL) &&
           (match->body == NULL ||
            (subject->body != NULL && subject->body_size > 0 &&
             memmem(subject->body, subject->body_size, match->body, strlen(match->body)) != NULL));
}

static bool faults_fires(struct sim_world *world, struct laid *laid, size_t index)
{
    const struct rule *rule = &laid->rule;

    laid->seen++;
    if (rule->match.nth > 0 && laid->seen != rule->match.nth) {
        return false;
    }
    if (rule->times > 0 && laid->hit >= rule->times) {
        return false;
    }
    if (rule->probability < 1) {
        uint64_t chance = sim_world_chance(world, "fault",
                                           (int64_t)index * INT64_C(1000003) + laid->seen);

        if ((double)(chance >> 11) / (double)(UINT64_C(1) << 53) >= rule->probability) {
            return false;
        }
    }
    laid->hit++;
    return true;
}

static void faults_name(struct gen_arena *arena, struct sim_effects *out,
                        const struct gen_node *fault)
{
    for (const struct gen_node *one = gen_node_first(fault); one != NULL; one = one->next) {
        out->names = out->names == NULL ? gen_arena_strdup(arena, one->key)
                                        : gen_arena_printf(arena, "%s %s", out->names, one->key);
    }
}

/* What an earlier rule has said stays. */
static void faults_merge(struct gen_arena *arena, const struct fault *fault,
                         struct sim_effects *out)
{
    const struct {
        int64_t *to;
        int64_t from, none;
    } counts[] = {
        {&out->latency_ms, fault->latency_ms, 0},
        {&out->status, fault->status, 0},
        {&out->retry_after, fault->retry_after, -1},
        {&out->stall_ms, fault->stall_ms, 0},
        {&out->stall_after_ms, fault->stall_after_ms, 0},
        {&out->truncate, fault->truncate, -1},
        {&out->stall_at, fault->stall_at, -1},
        {&out->drip, fault->drip, 0},
        {&out->huge_body, fault->huge_body, 0},
    };
    const struct {
        bool *to;
        bool from;
    } flags[] = {
        {&out->acted, fault->acted},
        {&out->reset_before, fault->reset_before},
        {&out->reset_after, fault->reset_after},
        {&out->not_json, fault->not_json},
        {&out->http200error, fault->http200error},
        {&out->duplicate_id, fault->duplicate_id},
        {&out->moderate, fault->moderate},
        {&out->filtered, fault->filtered},
        {&out->lose, fault->lose},
        {&out->fail, fault->fail},
        {&out->unknown_status, fault->unknown_status},
    };

    for (size_t i = 0; i < GEN_COUNT(counts); i++) {
        *counts[i].to = *counts[i].to == counts[i].none ? counts[i].from : *counts[i].to;
    }
    for (size_t i = 0; i < GEN_COUNT(flags); i++) {
        *flags[i].to = *flags[i].to || flags[i].from;
    }
    out->code = out->code == NULL ? gen_arena_strdup(arena, fault->code) : out->code;
    out->message = out->message == NULL ? gen_arena_strdup(arena, fault->message) : out->message;
}

void sim_faults_none(struct sim_effects *out)
{
    memset(out, 0, sizeof(*out));
    out->retry_after = -1;
    out->truncate = -1;
    out->stall_at = -1;
}

void sim_faults_judge(struct sim_world *world, enum sim_moment_of when,
                      const struct sim_subject *subject, struct gen_arena *arena,
                      struct sim_effects *out)
{
    sim_faults_none(out);
    for (size_t i = 0; i < world->faults->count; i++) {
        struct laid *laid = world->faults->items[i];
        bool head = laid->rule.fault.reset_before && laid->rule.match.body == NULL;

        if (head == (when == SIM_AT_HEAD) && faults_match(&laid->rule.match, subject) &&
            faults_fires(world, laid, i)) {
            faults_merge(arena, &laid->rule.fault, out);
            faults_name(arena, out, gen_node_get(laid->node, "fault"));
        }
    }
}
