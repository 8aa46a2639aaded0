/* step_document.c - see step_document.h. */
#include "step_document.h"

#include "base/json.h"
#include "platform/json_reader.h"

#include <string.h>

struct writing {
    struct gen_arena *arena;
    struct gen_node *map;
};

static void put_text(const struct writing *writing, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        gen_node_set(writing->arena, writing->map, key, gen_node_string(writing->arena, text));
    }
}

static void put_integer(const struct writing *writing, const char *key, int64_t value)
{
    gen_node_set(writing->arena, writing->map, key, gen_node_int(writing->arena, value));
}

static void put_truth(const struct writing *writing, const char *key, bool value)
{
    if (value) {
        gen_node_set(writing->arena, writing->map, key, gen_node_bool(writing->arena, true));
    }
}

static void put_cost(const struct writing *writing, gen_micros cost)
{
    if (cost >= 0) {
        gen_node_set(writing->arena, writing->map, "cost", gen_node_money(writing->arena, cost));
    }
}

static void put_body(const struct writing *writing, const struct gen_step *step)
{
    const struct gen_node *body = NULL;
    struct gen_error err = {0};

    if (step->as.http.data_size == 0) {
        return;
    }
    if (gen_json_read(step->as.http.data, step->as.http.data_size, NULL, writing->arena, &body,
                      &err) == GEN_OK) {
        gen_node_set(writing->arena, writing->map, "body", gen_node_copy(writing->arena, body));
    } else {
        gen_node_set(
            writing->arena, writing->map, "body",
            gen_node_string_sized(writing->arena, step->as.http.data, step->as.http.data_size));
    }
}

static void put_parts(const struct writing *writing, const struct gen_step *step)
{
    struct gen_node *list;

    if (step->as.http.part_count == 0) {
        return;
    }
    list = gen_node_set(writing->arena, writing->map, "parts", gen_node_list(writing->arena));
    for (size_t i = 0; i < step->as.http.part_count; i++) {
        const struct gen_step_part *part = &step->as.http.parts[i];
        struct writing inner = {writing->arena, gen_node_push(list, gen_node_map(writing->arena))};

        put_text(&inner, "name", part->name);
        put_text(&inner, "text", part->text);
        put_text(&inner, "fileName", part->file_name);
        put_text(&inner, "contentType", part->content_type);
        if (part->asset >= 0) {
            put_integer(&inner, "asset", part->asset);
        }
    }
}

static void put_http(const struct writing *writing, const struct gen_step *step)
{
    struct writing headers = {writing->arena, NULL};

    put_text(writing, "method", step->as.http.method);
    put_text(writing, "url", step->as.http.url);
    put_text(writing, "credential", step->as.http.credential);
    put_truth(writing, "costs", step->as.http.costs);
    put_truth(writing, "follow", step->as.http.follow);
    put_text(writing, "sink", step->as.http.to_result ? "result" : "");
    headers.map = gen_node_set(writing->arena, writing->map, "headers",
                               gen_node_map(writing->arena));
    for (size_t i = 0; i < step->as.http.header_count; i++) {
        if (gen_node_get(headers.map, step->as.http.headers[i].name) == NULL) {
            put_text(&headers, step->as.http.headers[i].name, step->as.http.headers[i].value);
        }
    }
    if (step->as.http.asset >= 0) {
        put_integer(writing, "asset", step->as.http.asset);
    }
    put_body(writing, step);
    put_parts(writing, step);
}

static void put_run(const struct writing *writing, const struct gen_step *step)
{
    struct gen_node *list;

    put_text(writing, "program", step->as.run.program);
    list = gen_node_set(writing->arena, writing->map, "arguments", gen_node_list(writing->arena));
    for (size_t i = 0; step->as.run.arguments[i] != NULL; i++) {
        gen_node_push(list, gen_node_string(writing->arena, step->as.run.arguments[i]));
    }
}

static void put_wait(const struct writing *writing, const struct gen_step *step)
{
    put_integer(writing, "waitMs", step->wait_ms);
}

static void put_done(const struct writing *writing, const struct gen_step *step)
{
    put_text(writing, "handle", step->as.done.handle);
    put_text(writing, "file", step->as.done.file);
    put_cost(writing, step->as.done.cost);
}

static void put_fail(const struct writing *writing, const struct gen_step *step)
{
    static const char *const billed[] = {"", "no", "yes", "unknown"};

    put_text(writing, "failure", gen_failure_word(step->as.fail.kind));
    put_text(writing, "billed", billed[step->as.fail.billed]);
    put_text(writing, "code", step->as.fail.code);
    put_text(writing, "message", step->as.fail.message);
    put_text(writing, "field", step->as.fail.field);
    if (step->as.fail.retry_after_ms > 0) {
        put_integer(writing, "retryAfterMs", step->as.fail.retry_after_ms);
    }
    put_cost(writing, step->as.fail.cost);
}

struct gen_node *step_document(const struct gen_step *step, struct gen_arena *arena)
{
    static const struct {
        const char *word;
        void (*put)(const struct writing *, const struct gen_step *);
    } kinds[] = {{"", NULL},         {"http", put_http}, {"run", put_run},
                 {"wait", put_wait}, {"done", put_done}, {"fail", put_fail}};
    struct writing writing = {arena, gen_node_map(arena)};

    put_text(&writing, "kind", kinds[step->type].word);
    kinds[step->type].put(&writing, step);
    put_text(&writing, "state", step->state);
    put_text(&writing, "note", step->note);
    if (step->progress_ppm >= 0) {
        gen_node_set(arena, writing.map, "progress",
                     gen_node_real(arena, (double)step->progress_ppm / 1e6));
    }
    if (step->queue_position >= 0) {
        put_integer(&writing, "queuePosition", step->queue_position);
    }
    return gen_arena_failed(arena) ? NULL : writing.map;
}

/* -------------------------------------------------------------------------------- matching -- */

struct matching {
    struct gen_arena *arena;
    const char **where, **why;
};

static bool mismatch(const struct matching *matching, const char *path, const char *why)
{
    *matching->where = path[0] == '.' ? path + 1 : path;
    *matching->why = why;
    return false;
}

static bool matches(const struct matching *matching, const struct gen_node *expected,
                    const struct gen_node *actual, const char *path);

static bool matches_map(const struct matching *matching, const struct gen_node *expected,
                        const struct gen_node *actual, const char *path)
{
    for (const struct gen_node *item = gen_node_first(expected); item != NULL; item = item->next) {
        const char *inner = gen_arena_printf(matching->arena, "%s.%s", path, item->key);

        if (!matches(matching, item, gen_node_get(actual, item->key), inner == NULL ? "" : inner)) {
            return false;
        }
    }
    return true;
}

static bool matches_list(const struct matching *matching, const struct gen_node *expected,
                         const struct gen_node *actual, const char *path)
{
    const struct gen_node *other = gen_node_first(actual);
    size_t index = 0;

    if (gen_node_count(expected) != gen_node_count(actual)) {
        return mismatch(matching, path,
                        gen_arena_printf(matching->arena, "has %zu elements, expected are %zu",
                                         gen_node_count(actual), gen_node_count(expected)));
    }
    for (const struct gen_node *item = gen_node_first(expected); item != NULL;
         item = item->next, other = other->next, index++) {
        const char *inner = gen_arena_printf(matching->arena, "%s[%zu]", path, index);

        if (!matches(matching, item, other, inner == NULL ? "" : inner)) {
            return false;
        }
    }
    return true;
}

static bool is_number(const struct gen_node *node)
{
    enum gen_node_type type = gen_node_type_of(node);

    return type == GEN_NODE_INT || type == GEN_NODE_REAL || type == GEN_NODE_MONEY;
}

static bool matches(const struct matching *matching, const struct gen_node *expected,
                    const struct gen_node *actual, const char *path)
{
    const char *want, *have;

    if (actual == NULL && gen_node_type_of(expected) == GEN_NODE_STRING &&
        gen_node_text(expected, "*")[0] == '\0') {
        return true; /* what is empty stands nowhere */
    }
    if (actual == NULL) {
        return mismatch(matching, path, "is not there");
    }
    if (strcmp(gen_node_text(expected, ""), "*") == 0) {
        return true;
    }
    if (expected->type == GEN_NODE_MAP && actual->type == GEN_NODE_MAP) {
        return matches_map(matching, expected, actual, path);
    }
    if (expected->type == GEN_NODE_LIST && actual->type == GEN_NODE_LIST) {
        return matches_list(matching, expected, actual, path);
    }
    if (is_number(expected) && is_number(actual) &&
        (float)gen_node_number(expected, 0) == (float)gen_node_number(actual, 1)) {
        return true;
    }
    want = gen_json_text(matching->arena, expected, NULL);
    have = gen_json_text(matching->arena, actual, NULL);
    if (want != NULL && have != NULL && strcmp(want, have) == 0) {
        return true;
    }
    return mismatch(matching, path,
                    gen_arena_printf(matching->arena, "is %.300s, expected is %.300s",
                                     have == NULL ? "?" : have, want == NULL ? "?" : want));
}

bool step_matches(const struct gen_node *expected, const struct gen_node *actual,
                  struct gen_arena *arena, const char **where, const char **why)
{
    struct matching matching = {arena, where, why};

    return matches(&matching, expected, actual, "");
}
