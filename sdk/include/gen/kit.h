/* gen/kit.h - what most plugins need again and again, in one optional header on top of provider.h.
 *
 * Steps in one line, JSON by path, durations and ratios that a model takes, cutting prompts, pricing
 * by a row of the price book, HTTP statuses that mean the same everywhere. Everything is static inline
 * and pure; nothing here is part of the ABI, so a plugin carries its own copy.
 *
 * Invariant: no function fails loudly. Without memory a text is "", a node NULL, and the step that is
 * made of them says BROKEN.
 * Thread: any. Stands on gen/provider.h alone. Tests: tests/contract/sdk/kit_test.c
 */
#ifndef GEN_KIT_H
#define GEN_KIT_H

#include <gen/provider.h>

#include <string.h>

#if defined(__GNUC__)
#define KIT_FUNCTION static inline __attribute__((unused))
#else
#define KIT_FUNCTION static inline
#endif

#define KIT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What every function works with: the host's services and the arena of the call. */
struct kit {
    const struct gen_host *host;
    struct gen_arena *arena;
};

/* A text that is never NULL. */
KIT_FUNCTION const char *kit_or(const char *text, const char *fallback)
{
    return text != NULL ? text : fallback;
}

KIT_FUNCTION int kit_same(const char *one, const char *other)
{
    return strcmp(kit_or(one, ""), kit_or(other, "")) == 0;
}

KIT_FUNCTION int kit_begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* ------------------------------------------------------------------------------------ JSON -- */

/* The node at "data.task_result.videos[0].url"; NULL when there is none. */
KIT_FUNCTION const struct gen_node *kit_at(const struct kit *kit, const struct gen_node *node,
                                           const char *path)
{
    char name[64];

    while (node != NULL && *path != '\0') {
        size_t length = strcspn(path, ".[");

        if (length >= sizeof(name)) {
            return NULL;
        }
        if (length > 0) {
            memcpy(name, path, length);
            name[length] = '\0';
            node = kit->host->json_get(node, name);
            path += length;
        }
        if (*path == '[') {
            size_t index = 0;

            for (path++; *path >= '0' && *path <= '9'; path++) {
                index = index * 10 + (size_t)(*path - '0');
            }
            node = kit->host->json_at(node, index);
            path += *path == ']';
        }
        path += *path == '.';
    }
    return node;
}

KIT_FUNCTION const char *kit_text(const struct kit *kit, const struct gen_node *node,
                                  const char *path)
{
    return kit_or(kit->host->json_text(kit_at(kit, node, path), ""), "");
}

/* The JSON of an answer; NULL when its body is none, or was cut off. */
KIT_FUNCTION const struct gen_node *kit_json(const struct kit *kit,
                                             const struct gen_provider_answer *answer)
{
    return answer->body_complete
               ? kit->host->json_parse(kit->arena, answer->body, answer->body_size)
               : NULL;
}

KIT_FUNCTION void kit_set_text(const struct kit *kit, struct gen_node *map, const char *key,
                               const char *value)
{
    kit->host->json_set(kit->arena, map, key, kit->host->json_new_text(kit->arena, value));
}

KIT_FUNCTION void kit_set_integer(const struct kit *kit, struct gen_node *map, const char *key,
                                  int64_t value)
{
    kit->host->json_set(kit->arena, map, key, kit->host->json_new_integer(kit->arena, value));
}

KIT_FUNCTION void kit_set_truth(const struct kit *kit, struct gen_node *map, const char *key,
                                int value)
{
    kit->host->json_set(kit->arena, map, key, kit->host->json_new_truth(kit->arena, value));
}

/* A new map (or list) under `key`. */
KIT_FUNCTION struct gen_node *kit_set_map(const struct kit *kit, struct gen_node *map,
                                          const char *key)
{
    return kit->host->json_set(kit->arena, map, key, kit->host->json_map(kit->arena));
}

KIT_FUNCTION struct gen_node *kit_set_list(const struct kit *kit, struct gen_node *map,
                                           const char *key)
{
    return kit->host->json_set(kit->arena, map, key, kit->host->json_list(kit->arena));
}

/* ------------------------------------------------------------------------------- the task -- */

/* Elements of the task's arrays may be larger than this header knows: never index them directly. */
KIT_FUNCTION const struct gen_provider_scene *kit_scene(const struct gen_provider_task *task,
                                                        size_t index)
{
    return (const struct gen_provider_scene *)(const void *)((const char *)task->scenes +
                                                             index * task->scene_size);
}

KIT_FUNCTION const struct gen_provider_asset *kit_asset(const struct gen_provider_task *task,
                                                        size_t index)
{
    return (const struct gen_provider_asset *)(const void *)((const char *)task->assets +
                                                             index * task->asset_size);
}

/* Index of the first asset of the scene with this role, -1 = none. */
KIT_FUNCTION int32_t kit_scene_asset(const struct gen_provider_task *task,
                                     const struct gen_provider_scene *scene, int32_t role)
{
    size_t i;

    for (i = 0; i < scene->asset_count; i++) {
        int32_t index = scene->assets[i];

        if (index >= 0 && (size_t)index < task->asset_count &&
            kit_asset(task, (size_t)index)->role == role) {
            return index;
        }
    }
    return -1;
}

/* The picture that a shot starts from: a FIRST_FRAME, or else the scene's first picture; -1. */
KIT_FUNCTION int32_t kit_first_frame(const struct gen_provider_task *task,
                                     const struct gen_provider_scene *scene)
{
    int32_t index = kit_scene_asset(task, scene, GEN_ROLE_FIRST_FRAME);

    return index >= 0 ? index : kit_scene_asset(task, scene, GEN_ROLE_PICTURE);
}

/* What the model takes that is nearest to what is asked for: the shortest listed duration that is
 * not shorter, else the longest. */
KIT_FUNCTION int64_t kit_duration(const int64_t *listed, size_t count, int64_t asked_ms)
{
    int64_t best = listed[0], longest = listed[0];
    int found = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        if (listed[i] >= asked_ms && (!found || listed[i] < best)) {
            best = listed[i];
            found = 1;
        }
        longest = listed[i] > longest ? listed[i] : longest;
    }
    return found ? best : longest;
}

struct kit_ratio {
    const char *word; /* as the provider writes it: "16:9", "1280:720" */
    int32_t width, height;
};

/* The row whose shape is nearest to width x height; of equal shapes the one nearest in size. */
KIT_FUNCTION const struct kit_ratio *kit_ratio(const struct kit_ratio *rows, size_t count,
                                               int32_t width, int32_t height)
{
    const struct kit_ratio *best = rows;
    double best_far = 0, asked = (double)width / (double)height;
    size_t i;

    for (i = 0; i < count; i++) {
        double shape = (double)rows[i].width / (double)rows[i].height;
        double off = shape > asked ? shape / asked - 1 : asked / shape - 1;
        double pixels = (double)rows[i].width * rows[i].height / ((double)width * height);
        double far = off * 1000 + (pixels > 1 ? pixels - 1 : 1 / pixels - 1);

        if (i == 0 || far < best_far) {
            best = &rows[i];
            best_far = far;
        }
    }
    return best;
}

/* `text`, or a copy cut at a word after at most `most` UTF-16 units (0 = no limit); *cut says which. */
KIT_FUNCTION const char *kit_cut(const struct kit *kit, const char *text, int32_t most, int *cut)
{
    size_t at = 0, word = 0;
    int32_t units = 0;

    *cut = 0;
    while (most > 0 && text[at] != '\0') {
        unsigned char byte = (unsigned char)text[at];
        size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;

        units += length == 4 ? 2 : 1;
        if (units > most) {
            *cut = 1;
            at = word > at / 2 ? word : at;
            return kit_or(kit->host->print(kit->arena, "%.*s", (int)at, text), "");
        }
        word = byte == ' ' ? at : word;
        at += length;
    }
    return text;
}

/* ------------------------------------------------------------------------ format and cost -- */

enum { KIT_NOTES = 16 };

struct kit_notes { /* adjustments; zeroed by the caller. More than KIT_NOTES are not told. */
    struct gen_provider_adjustment *list;
    size_t count;
};

KIT_FUNCTION void kit_note(const struct kit *kit, struct kit_notes *notes, const char *field,
                           const char *from, const char *to, const char *reason)
{
    if (notes->list == NULL) {
        notes->list = (struct gen_provider_adjustment *)kit->host->alloc(
            kit->arena, KIT_NOTES * sizeof(*notes->list));
    }
    if (notes->list != NULL && notes->count < KIT_NOTES && from != NULL && to != NULL) {
        struct gen_provider_adjustment *note = &notes->list[notes->count++];

        note->size = sizeof(*note);
        note->field = field;
        note->from = from;
        note->to = to;
        note->reason = reason;
    }
}

KIT_FUNCTION void kit_note_milliseconds(const struct kit *kit, struct kit_notes *notes,
                                        const char *field, int64_t from, int64_t to,
                                        const char *reason)
{
    if (from != to) {
        kit_note(kit, notes, field, kit->host->print(kit->arena, "%.3g s", (double)from / 1000),
                 kit->host->print(kit->arena, "%.3g s", (double)to / 1000), reason);
    }
}

/* Dollars of a row's member in micro-dollars, 0 = absent. */
KIT_FUNCTION int64_t kit_row(const struct kit *kit, const struct gen_node *row, const char *member)
{
    return kit->host->json_dollars(kit->host->json_get(row, member), 0);
}

/* The price of one clip by its row, rounded up to the micro-dollar; 0 without a row. */
KIT_FUNCTION int64_t kit_clip_price(const struct kit *kit, const struct gen_node *row, int64_t ms)
{
    int64_t second = kit_row(kit, row, "perSecond"), clip = kit_row(kit, row, "perClip");
    int64_t least = kit_row(kit, row, "minimum"), clips = 1, price;
    /* Seconds with three decimals are read like dollars with six: a thousandth of them is a ms. */
    int64_t step = kit_row(kit, row, "stepSeconds") / 1000;
    int64_t buys = kit_row(kit, row, "clipSeconds") / 1000;

    if (step > 0) {
        ms = (ms + step - 1) / step * step;
    }
    if (buys > 0) {
        clips = (ms + buys - 1) / buys;
    }
    price = (second * ms + 999) / 1000 + clip * clips;
    return price < least ? least : price;
}

/* Fills a cost from the row: `ms` expected, `most_ms` the longest it can become. */
KIT_FUNCTION void kit_cost(const struct kit *kit, const struct gen_node *row, int64_t ms,
                           int64_t most_ms, struct gen_provider_cost *out)
{
    out->known = row != NULL;
    out->price_micros = kit_clip_price(kit, row, ms);
    out->most_micros = kit_clip_price(kit, row, most_ms > ms ? most_ms : ms);
    out->exact = most_ms <= ms && !kit->host->json_truth(kit->host->json_get(row, "estimate"), 0);
    out->basis = kit_or(kit->host->print(kit->arena, "%.3g s at $%.4g per second",
                                         (double)ms / 1000,
                                         (double)kit_row(kit, row, "perSecond") / 1e6),
                        "");
}

/* --------------------------------------------------------------------------------- answers -- */

/* Value of a header (its name in lower case), "" = absent. */
KIT_FUNCTION const char *kit_header(const struct gen_provider_answer *answer, const char *name)
{
    size_t i;

    for (i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, name) == 0) {
            return answer->headers[i].value;
        }
    }
    return "";
}

/* Milliseconds of Retry-After (seconds; the form with a date is the engine's to read), 0 = none. */
KIT_FUNCTION int64_t kit_retry_after(const struct gen_provider_answer *answer)
{
    const char *text = kit_header(answer, "retry-after");
    int64_t seconds = 0;

    while (*text >= '0' && *text <= '9' && seconds < 1000000) {
        seconds = seconds * 10 + (*text++ - '0');
    }
    return seconds * 1000;
}

/* The kind that an HTTP status means when the body says nothing better; 0 for a success. */
KIT_FUNCTION int32_t kit_status_kind(int32_t status)
{
    static const struct {
        int32_t status, kind;
    } rows[] = {
        {401, GEN_FAIL_AUTH},      {402, GEN_FAIL_QUOTA},     {403, GEN_FAIL_AUTH},
        {404, GEN_FAIL_EXPIRED},   {408, GEN_FAIL_TRANSIENT}, {409, GEN_FAIL_TRANSIENT},
        {410, GEN_FAIL_EXPIRED},   {413, GEN_FAIL_INVALID},   {415, GEN_FAIL_INVALID},
        {422, GEN_FAIL_INVALID},   {425, GEN_FAIL_TRANSIENT}, {429, GEN_FAIL_RATE_LIMITED},
        {451, GEN_FAIL_MODERATED},
    };
    size_t i;

    if (status >= 200 && status < 300) {
        return 0;
    }
    for (i = 0; i < KIT_COUNT(rows); i++) {
        if (rows[i].status == status) {
            return rows[i].kind;
        }
    }
    return status >= 500 ? GEN_FAIL_TRANSIENT : GEN_FAIL_INVALID;
}

/* ----------------------------------------------------------------------------------- steps -- */

/* Every one of these returns the verdict that the verb returns. */

KIT_FUNCTION int32_t kit_broken(const char **message)
{
    *message = "out of memory";
    return GEN_VERDICT_BROKEN;
}

KIT_FUNCTION int32_t kit_wait(struct gen_provider_step *step, int64_t wait_ms)
{
    step->kind = GEN_STEP_WAIT;
    step->wait_ms = wait_ms;
    return GEN_VERDICT_OK;
}

/* handle: of submit, else "". cost: micro-dollars that the provider says it cost, -1 = not said. */
KIT_FUNCTION int32_t kit_done(const struct kit *kit, struct gen_provider_step *step,
                              const char *handle, int64_t cost, const char **message)
{
    struct gen_provider_done *done = (struct gen_provider_done *)kit->host->alloc(kit->arena,
                                                                                  sizeof(*done));

    if (done == NULL || handle == NULL) {
        return kit_broken(message);
    }
    done->size = sizeof(*done);
    done->handle = handle;
    done->file = "";
    done->cost_micros = cost;
    step->kind = GEN_STEP_DONE;
    step->done = done;
    return GEN_VERDICT_OK;
}

struct kit_failure {
    int32_t kind, billed;            /* 0 = provider, unknown */
    const char *code, *text, *field; /* NULL = "" */
    int64_t retry_after_ms;
    int64_t cost; /* with GEN_BILLED_YES; 0 = nothing said */
};

KIT_FUNCTION int32_t kit_fail(const struct kit *kit, struct gen_provider_step *step,
                              const struct kit_failure *failure, const char **message)
{
    struct gen_provider_fail *fail = (struct gen_provider_fail *)kit->host->alloc(kit->arena,
                                                                                  sizeof(*fail));

    if (fail == NULL) {
        return kit_broken(message);
    }
    fail->size = sizeof(*fail);
    fail->kind = failure->kind != 0 ? failure->kind : GEN_FAIL_PROVIDER;
    fail->billed = failure->billed != 0 ? failure->billed : GEN_BILLED_UNKNOWN;
    fail->code = kit_or(failure->code, "");
    fail->message = failure->text != NULL && failure->text[0] != '\0'
                        ? failure->text
                        : "the provider gave no reason";
    fail->field = kit_or(failure->field, "");
    fail->retry_after_ms = failure->retry_after_ms;
    fail->cost_micros = failure->cost > 0 ? failure->cost : -1;
    step->kind = GEN_STEP_FAIL;
    step->fail = fail;
    return GEN_VERDICT_OK;
}

/* A request, zeroed but for what every one needs; NULL without memory. The caller sets flags, headers,
 * body and sink, and returns kit_send. */
KIT_FUNCTION struct gen_provider_request *kit_request(const struct kit *kit, const char *method,
                                                      const char *url, const char *credential)
{
    struct gen_provider_request *request =
        (struct gen_provider_request *)kit->host->alloc(kit->arena, sizeof(*request));

    if (request != NULL) {
        request->size = sizeof(*request);
        request->body_kind = GEN_BODY_NONE;
        request->sink = GEN_SINK_MEMORY;
        request->method = method;
        request->url = url;
        request->credential = credential;
        request->part_size = sizeof(struct gen_provider_part);
        request->piece_size = sizeof(struct gen_provider_piece);
    }
    return request;
}

/* Adds a header; at most 16 of them. */
KIT_FUNCTION void kit_add_header(const struct kit *kit, struct gen_provider_request *request,
                                 const char *name, const char *value)
{
    struct gen_provider_header *list;

    if (request == NULL || request->header_count == 16) {
        return;
    }
    list = (struct gen_provider_header *)kit->host->alloc(kit->arena, 16 * sizeof(*list));
    if (list == NULL) {
        return;
    }
    if (request->header_count > 0) {
        memcpy(list, request->headers, request->header_count * sizeof(*list));
    }
    list[request->header_count].name = name;
    list[request->header_count].value = value;
    request->headers = list;
    request->header_count++;
}

/* The body is this JSON, with its content type. */
KIT_FUNCTION void kit_body_json(const struct kit *kit, struct gen_provider_request *request,
                                const struct gen_node *body)
{
    if (request != NULL) {
        request->body_kind = GEN_BODY_BYTES;
        request->data = kit->host->json_write(kit->arena, body, &request->data_size);
        kit_add_header(kit, request, "content-type", "application/json");
    }
}

KIT_FUNCTION int32_t kit_send(struct gen_provider_step *step,
                              const struct gen_provider_request *request, const char **message)
{
    if (request == NULL || request->url == NULL ||
        (request->body_kind == GEN_BODY_BYTES && request->data == NULL)) {
        return kit_broken(message);
    }
    step->kind = GEN_STEP_HTTP;
    step->request = request;
    return GEN_VERDICT_OK;
}

#endif
