/* provider_exchanges.h - the exchanges of tests/data/exchanges as a plugin meets them: it must make such
 * requests, and understand such answers. The simulator passes the same lines.
 *
 * A test says how a body becomes a scene and a path a handle (struct exchange_side); this file plays the
 * lines. A line whose request is wrong on purpose is only answered.
 *
 * Thread: one.
 */
#ifndef GEN_TESTS_CONTRACT_PROVIDER_EXCHANGES_H
#define GEN_TESTS_CONTRACT_PROVIDER_EXCHANGES_H

#include "platform/files.h"
#include "provider_bed.h"

#include <stdio.h>

enum { EXCHANGES_MOST = 200 };

struct exchanges {
    struct gen_arena *arena;
    const struct gen_node *list[EXCHANGES_MOST];
    size_t count;
};

struct exchange_side {
    const char *plugin;
    /* Opens the bed and makes a formatted shot whose order is the body of this line (NULL: any). */
    void (*shot)(struct bed *bed, const char *path, const struct gen_node *body);
    /* The handle of a job by the path of its line; `after` as the path of the order. */
    const char *(*handle)(struct bed *bed, const char *path);
    /* Answers that come before the one that counts: what the plugin asks on the way to it (an upload, a
     * status before a cancel). NULL = it is not on the way. */
    const char *(*before)(struct bed *bed, const struct gen_step *step, const struct gen_node *line,
                          int *status);
    const char *const *optional; /* members of a body that a line may leave out; NULL-terminated */
    const char *const *skipped;  /* lines that this plugin never makes; NULL-terminated */
};

static inline bool exchange_listed(const char *const *list, const char *name)
{
    while (*list != NULL && !bed_same(*list, name)) {
        list++;
    }
    return *list != NULL;
}

static inline void exchanges_load(struct exchanges *all, const char *path)
{
    struct gen_bytes bytes;
    struct gen_error err = {0};
    const char *at;

    all->count = 0;
    all->arena = gen_arena_create(0);
    gen_bytes_init(&bytes, 4 << 20);
    cr_assert(eq(int, gen_files_read(path, &bytes, &err), GEN_OK), "%s", err.message);
    for (at = bytes.data; at < bytes.data + bytes.size && all->count < EXCHANGES_MOST;) {
        size_t length = strcspn(at, "\n");

        if (length > 0) {
            cr_assert(eq(int,
                         gen_json_read(at, length, path, all->arena, &all->list[all->count], &err),
                         GEN_OK),
                      "%s", err.message);
            all->count++;
        }
        at += length + 1;
    }
    gen_bytes_fini(&bytes);
}

static inline const struct gen_node *exchange_named(const struct exchanges *all, const char *name,
                                                    size_t length)
{
    for (size_t i = 0; i < all->count; i++) {
        const char *has = gen_node_text(gen_node_get(all->list[i], "name"), "");

        if (strlen(has) == length && memcmp(has, name, length) == 0) {
            return all->list[i];
        }
    }
    return NULL;
}

static inline const struct gen_node *exchange_value(const struct exchanges *all,
                                                    const struct gen_node *node);

/* Every ${NAME.PATH} of a text replaced by the example of that answer; others stay. */
static inline const char *exchange_text(const struct exchanges *all, const char *text)
{
    const char *from = strstr(text, "${"), *end = from != NULL ? strchr(from, '}') : NULL;
    size_t name = end != NULL ? strcspn(from + 2, ".}") : 0;
    const struct gen_node *line = end != NULL ? exchange_named(all, from + 2, name) : NULL;
    const char *path, *found;

    if (line == NULL || from[2 + name] != '.') {
        return text;
    }
    path = gen_arena_strndup(all->arena, from + 2 + name + 1, (size_t)(end - from) - 3 - name);
    found = gen_node_text(
        exchange_value(all, gen_node_find(gen_node_find(line, "response.body", NULL), path, NULL)),
        "?");
    return exchange_text(
        all, gen_arena_printf(all->arena, "%.*s%s%s", (int)(from - text), text, found, end + 1));
}

/* The value as an answer that happened: examples, and what is optional is there. */
static inline const struct gen_node *exchange_value(const struct exchanges *all,
                                                    const struct gen_node *node)
{
    struct gen_node *copy;

    if (gen_node_type_of(node) == GEN_NODE_STRING) {
        return gen_node_string(all->arena, exchange_text(all, gen_node_text(node, "")));
    }
    if (gen_node_get(node, "$any") != NULL) {
        const struct gen_node *example = gen_node_get(node, "example");

        return example != NULL ? exchange_value(all, example)
                               : gen_node_string(all->arena, "anything");
    }
    if (gen_node_get(node, "$optional") != NULL) {
        return exchange_value(all, gen_node_get(node, "$optional"));
    }
    if (gen_node_type_of(node) != GEN_NODE_MAP && gen_node_type_of(node) != GEN_NODE_LIST) {
        return node;
    }
    copy = gen_node_type_of(node) == GEN_NODE_MAP ? gen_node_map(all->arena)
                                                  : gen_node_list(all->arena);
    for (const struct gen_node *item = gen_node_first(node); item != NULL; item = item->next) {
        struct gen_node *value = gen_node_copy(all->arena, exchange_value(all, item));

        if (gen_node_type_of(node) == GEN_NODE_MAP) {
            gen_node_set(all->arena, copy, item->key, value);
        } else {
            gen_node_push(copy, value);
        }
    }
    return copy;
}

/* The body of a request as one JSON document; an asset in it is the text "BASE64". */
static inline const struct gen_node *exchange_sent(struct bed *bed, const struct gen_step *step)
{
    const char *text = "";

    if (step->as.http.piece_count == 0) {
        return bed_body(bed, step);
    }
    for (size_t i = 0; i < step->as.http.piece_count; i++) {
        const struct gen_step_piece *piece = &step->as.http.pieces[i];

        text = piece->asset >= 0 ? gen_arena_printf(bed->arena, "%sBASE64", text)
                                 : gen_arena_printf(bed->arena, "%s%.*s", text,
                                                    (int)piece->data_size, piece->data);
    }
    return bed_json(bed, text);
}

/* Are both the same, but for what a line may leave out, and for how a picture is handed over? */
static inline bool exchange_equal(const struct exchange_side *side, const struct gen_node *line,
                                  const struct gen_node *sent)
{
    size_t at = 0;

    if (bed_same(gen_node_text(sent, ""), "BASE64")) {
        return gen_node_get(line, "$base64") != NULL ||
               strncmp(gen_node_text(line, ""), "https://", 8) == 0;
    }
    if (gen_node_type_of(line) != GEN_NODE_MAP && gen_node_type_of(line) != GEN_NODE_LIST) {
        struct gen_arena *arena = gen_arena_create(0);
        bool same = line != NULL && sent != NULL &&
                    bed_same(gen_json_text(arena, line, NULL), gen_json_text(arena, sent, NULL));

        gen_arena_destroy(arena);
        return same;
    }
    if (gen_node_type_of(line) != gen_node_type_of(sent) ||
        (gen_node_type_of(line) == GEN_NODE_LIST && gen_node_count(line) != gen_node_count(sent))) {
        return false;
    }
    for (const struct gen_node *item = gen_node_first(line); item != NULL; item = item->next) {
        if (!exchange_equal(side, item,
                            item->key != NULL ? gen_node_get(sent, item->key)
                                              : gen_node_at(sent, at++))) {
            return false;
        }
    }
    for (const struct gen_node *item = gen_node_first(sent); item != NULL; item = item->next) {
        if (item->key != NULL && gen_node_get(line, item->key) == NULL &&
            !exchange_listed(side->optional, item->key)) {
            return false;
        }
    }
    return true;
}

static inline enum gen_verb exchange_verb(const struct gen_node *line)
{
    static const enum gen_verb verbs[] = {GEN_VERB_SUBMIT, GEN_VERB_POLL,    GEN_VERB_FETCH,
                                          GEN_VERB_CANCEL, GEN_VERB_RECOVER, GEN_VERB_HEALTH};
    const char *word = gen_node_text(gen_node_get(line, "verb"), "");

    for (size_t i = 0; i < GEN_COUNT(verbs); i++) {
        if (bed_same(gen_verb_word(verbs[i]), word)) {
            return verbs[i];
        }
    }
    return GEN_VERB_NONE;
}

/* Is this the request of the line? Its query may be another (periods, ids of a search). */
static inline bool exchange_is(const struct gen_step *step, const char *method, const char *path)
{
    size_t length = strcspn(path, "?");
    const char *at = strstr(step->as.http.url, "://");

    at = at != NULL ? strchr(at + 3, '/') : NULL;
    if (strstr(path, "://") != NULL) {
        return bed_same(step->as.http.url, path);
    }
    return bed_same(step->as.http.method, method) && at != NULL && strncmp(at, path, length) == 0 &&
           (at[length] == '\0' || at[length] == '?');
}

static inline void exchange_step(const struct gen_node *means, const struct gen_node *answer,
                                 const struct gen_step *step, const char *name)
{
    static const struct {
        const char *word;
        enum gen_step_type type;
    } words[] = {{"done", GEN_STEP_IS_DONE}, {"absent", GEN_STEP_IS_DONE},
                 {"wait", GEN_STEP_IS_WAIT}, {"fail", GEN_STEP_IS_FAIL},
                 {"http", GEN_STEP_IS_HTTP}, {NULL, 0}};
    const char *word = gen_node_text(gen_node_get(means, "step"), "");
    const struct gen_node *from = gen_node_get(means, "handle_from");
    const struct gen_node *kind = gen_node_get(means, "kind");
    const struct gen_node *billed = gen_node_get(means, "billed");
    const struct gen_node *cost = gen_node_get(means, "cost_micros");
    size_t row = 0;

    while (words[row].word != NULL && !bed_same(words[row].word, word)) {
        row++;
    }
    cr_assert(words[row].word != NULL, "%s: %s", name, word);
    cr_assert(eq(int, step->type, words[row].type), "%s", name);
    if (from != NULL) {
        const char *id = gen_node_text(gen_node_find(answer, gen_node_text(from, ""), NULL), "?");
        size_t have = strlen(step->as.done.handle), want = strlen(id);

        cr_expect(have >= want && bed_same(step->as.done.handle + have - want, id), "%s: %s", name,
                  step->as.done.handle);
    }
    if (bed_same(word, "absent")) {
        cr_expect(bed_same(step->as.done.handle, ""), "%s", name);
    }
    if (step->type == GEN_STEP_IS_DONE && cost != NULL) {
        cr_expect(eq(i64, step->as.done.cost, gen_node_integer(cost, 0)), "%s", name);
    }
    if (step->type == GEN_STEP_IS_FAIL && kind != NULL) {
        cr_expect(bed_same(gen_failure_word(step->as.fail.kind), gen_node_text(kind, "")), "%s: %s",
                  name, gen_failure_word(step->as.fail.kind));
    }
    if (step->type == GEN_STEP_IS_FAIL && billed != NULL) {
        enum gen_billing expected = bed_same(gen_node_text(billed, ""), "no") ? GEN_BILLING_NO
                                    : bed_same(gen_node_text(billed, ""), "yes")
                                        ? GEN_BILLING_YES
                                        : GEN_BILLING_UNKNOWN;

        cr_expect(eq(int, step->as.fail.billed, expected), "%s", name);
    }
}

/* Plays one line. */
static inline void exchange_play(const struct exchange_side *side, const struct exchanges *all,
                                 const struct gen_node *line)
{
    const char *name = gen_node_text(gen_node_get(line, "name"), "?");
    const struct gen_node *request = gen_node_get(line, "request");
    const struct gen_node *wanted = exchange_value(all, gen_node_get(request, "body"));
    const struct gen_node *answer = exchange_value(all, gen_node_find(line, "response.body", NULL));
    const struct gen_node *status = exchange_value(all,
                                                   gen_node_find(line, "response.status", NULL));
    const struct gen_node *means = gen_node_get(line, "means");
    const char *method = gen_node_text(gen_node_get(request, "method"), "");
    const char *path = exchange_text(all, gen_node_text(gen_node_get(request, "path"), ""));
    bool good = bed_same(gen_node_text(gen_node_get(means, "step"), ""), "done");
    enum gen_verb verb = exchange_verb(line);
    struct bed_answer last;
    struct gen_step step;
    struct bed bed;

    side->shot(&bed, path, verb == GEN_VERB_SUBMIT && good ? wanted : NULL);
    bed_ask(&bed, verb, side->handle(&bed, path), &step);
    for (int turns = 0; turns < 6 && step.type == GEN_STEP_IS_HTTP; turns++) {
        int code = 200;
        const char *text;

        if (exchange_is(&step, method, path) || (verb == GEN_VERB_SUBMIT && step.as.http.costs)) {
            break;
        }
        text = side->before(&bed, &step, line, &code);
        cr_assert(text != NULL, "%s: it asks %s %s", name, step.as.http.method, step.as.http.url);
        bed_told(&bed, verb, code, text, &step);
    }
    cr_assert(eq(int, step.type, GEN_STEP_IS_HTTP), "%s", name);
    if (good && wanted != NULL) {
        cr_assert(exchange_is(&step, method, path), "%s: %s", name, step.as.http.url);
        cr_expect(exchange_equal(side, wanted, exchange_sent(&bed, &step)), "%s: %s", name,
                  gen_json_text(bed.arena, exchange_sent(&bed, &step), NULL));
    }
    last = (struct bed_answer){
        .status = (int)gen_node_integer(status, 0),
        .body = answer == NULL || gen_node_get(answer, "$file") != NULL
                    ? ""
                    : gen_json_text(all->arena, answer, NULL),
    };
    bed_step(&bed, verb, &last, &step);
    exchange_step(means, answer, &step, name);
    bed_close(&bed);
}

static inline void exchanges_play(const struct exchange_side *side, const char *path)
{
    struct exchanges all;
    size_t played = 0;

    exchanges_load(&all, path);
    for (size_t i = 0; i < all.count; i++) {
        const char *name = gen_node_text(gen_node_get(all.list[i], "name"), "");

        if (exchange_verb(all.list[i]) != GEN_VERB_NONE &&
            gen_node_get(all.list[i], "means") != NULL && !exchange_listed(side->skipped, name)) {
            exchange_play(side, &all, all.list[i]);
            played++;
        }
    }
    cr_expect(played > 20, "only %zu lines", played);
    gen_arena_destroy(all.arena);
}

#endif
