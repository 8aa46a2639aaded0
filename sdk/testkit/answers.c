/* answers.c - see answers.h. */
#include "answers.h"

#include "base/json.h"

#include <string.h>

enum { ANSWERS_HUGE = 1024 * 1024, ANSWERS_DEEP = 200, ANSWERS_HEADERS = 32 };

static const int answer_statuses[] = {200, 201, 202, 204, 302, 307, 400, 401, 402, 403,
                                      404, 408, 409, 413, 422, 429, 500, 502, 503, 504};

enum answer_body {
    BODY_EMPTY = 1,
    BODY_NULL,
    BODY_MAP,
    BODY_LIST,
    BODY_TEXT,
    BODY_HTML,
    BODY_HUGE,
    BODY_DEEP,
    BODY_LATIN,
    BODY_CUT,
    BODY_WRONG_TYPES,
};

static const struct {
    enum answer_body body;
    const char *name, *text;
} answer_bodies[] = {
    {BODY_EMPTY, "nothing", ""},
    {BODY_NULL, "null", "null"},
    {BODY_MAP, "an empty map", "{}"},
    {BODY_LIST, "an empty list", "[]"},
    {BODY_TEXT, "plain text", "Service Unavailable"},
    {BODY_HTML, "a page of a proxy", "<html><body><h1>502 Bad Gateway</h1></body></html>"},
    {BODY_HUGE, "a megabyte of one letter", NULL},
    {BODY_DEEP, "JSON 200 levels deep", NULL},
    {BODY_LATIN, "text that is not UTF-8", "{\"error\":\"gesch\xfctzt\",\"id\":\"\xff\xfe\"}"},
    {BODY_CUT, "JSON that was cut off", "{\"id\":\"abc\",\"status\":\"SUC"},
    {BODY_WRONG_TYPES, "JSON of other types",
     "{\"id\":[],\"name\":7,\"data\":\"x\",\"code\":{},\"error\":[1],\"status\":true,"
     "\"progress\":\"half\",\"output\":{\"a\":1},\"task_id\":1e308,\"done\":\"yes\"}"},
};

/* How a program may end. */
static const struct {
    const char *name, *output, *errors;
    int exit_code, signal;
    bool timed_out;
} answer_ends[] = {
    {"a program that says nothing", "", "", 0, 0, false},
    {"a program that fails", "", "Error: no such filter\n", 1, 0, false},
    {"a program that is not installed", "", "", 127, 0, false},
    {"a program that was killed", "half a li", "", -1, 9, false},
    {"a program that took too long", "", "", -1, 9, true},
    {"a program that prints no UTF-8", "\xff\xfe", "gesch\xfctzt", 0, 0, false},
    {"a program that prints JSON of other types", "{\"duration\":[],\"streams\":7}", "[1]", 0, 0,
     false},
};

size_t answers_count(bool ran)
{
    return ran ? GEN_COUNT(answer_ends) : GEN_COUNT(answer_statuses) + GEN_COUNT(answer_bodies);
}

/* Every status with a map, then status 200 with every body. */
const char *answers_name(bool ran, size_t index)
{
    static const char *const names[] = {"HTTP 200 {}", "HTTP 201 {}", "HTTP 202 {}", "HTTP 204",
                                        "HTTP 302 {}", "HTTP 307 {}", "HTTP 400 {}", "HTTP 401 {}",
                                        "HTTP 402 {}", "HTTP 403 {}", "HTTP 404 {}", "HTTP 408 {}",
                                        "HTTP 409 {}", "HTTP 413 {}", "HTTP 422 {}", "HTTP 429 {}",
                                        "HTTP 500 {}", "HTTP 502 {}", "HTTP 503 {}", "HTTP 504 {}"};

    _Static_assert(GEN_COUNT(names) == GEN_COUNT(answer_statuses), "a name for each status");
    if (ran) {
        return answer_ends[index].name;
    }
    return index < GEN_COUNT(names) ? names[index] : answer_bodies[index - GEN_COUNT(names)].name;
}

static char *answer_fill(enum answer_body body, struct gen_arena *arena)
{
    size_t size = body == BODY_HUGE ? ANSWERS_HUGE : 2 * ANSWERS_DEEP;
    char *text = gen_arena_alloc(arena, size + 1);

    if (text != NULL && body == BODY_HUGE) {
        memset(text, 'a', size);
    } else if (text != NULL) {
        memset(text, '[', ANSWERS_DEEP);
        memset(text + ANSWERS_DEEP, ']', ANSWERS_DEEP);
    }
    return text;
}

bool answers_hostile(bool ran, size_t index, struct gen_arena *arena, struct gen_reply *out)
{
    size_t row = index - GEN_COUNT(answer_statuses);

    if (ran) {
        *out = (struct gen_reply){.type = GEN_REPLY_RUN,
                                  .body = "",
                                  .exit_code = answer_ends[index].exit_code,
                                  .signal = answer_ends[index].signal,
                                  .timed_out = answer_ends[index].timed_out,
                                  .output = answer_ends[index].output,
                                  .errors = answer_ends[index].errors};
        return true;
    }
    *out = (struct gen_reply){.type = GEN_REPLY_HTTP,
                              .status = 200,
                              .body = "{}",
                              .body_complete = true,
                              .output = "",
                              .errors = ""};
    if (index < GEN_COUNT(answer_statuses)) {
        out->status = answer_statuses[index];
        out->body = out->status == 204 ? "" : "{}";
    } else {
        out->body = answer_bodies[row].text != NULL ? answer_bodies[row].text
                                                    : answer_fill(answer_bodies[row].body, arena);
    }
    out->body_size = out->body == NULL ? 0 : strlen(out->body);
    return out->body != NULL;
}

bool answers_recorded(const struct gen_node *answer, struct gen_arena *arena, struct gen_reply *out)
{
    struct gen_step_header *headers = gen_arena_array(arena, ANSWERS_HEADERS, sizeof(*headers));
    const struct gen_node *body = gen_node_get(answer, "body");

    if (answer == NULL || headers == NULL) {
        return false;
    }
    *out = (struct gen_reply){.type = GEN_REPLY_HTTP,
                              .headers = headers,
                              .body_complete = true,
                              .output = "",
                              .errors = ""};
    out->status = (int)gen_node_integer(gen_node_get(answer, "status"), 200);
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer, "headers"));
         item != NULL && out->header_count < ANSWERS_HEADERS; item = item->next) {
        headers[out->header_count].name = item->key;
        headers[out->header_count++].value = gen_node_text(item, "");
    }
    out->body = body == NULL                                ? ""
                : gen_node_type_of(body) == GEN_NODE_STRING ? gen_node_text(body, "")
                                                            : gen_json_text(arena, body, NULL);
    out->body_size = out->body == NULL ? 0 : strlen(out->body);
    return out->body != NULL;
}

/* --------------------------------------------------------------------------------- damages -- */

static const char *const damage_names[] = {
    "cut in the middle", "cut by our limit",   "every number huge",
    "every text empty",  "every name changed", "a zero byte inside",
};

size_t answers_damages(void)
{
    return GEN_COUNT(damage_names);
}

const char *answers_damage_name(size_t index)
{
    return damage_names[index];
}

/* Copies the body, changing digits, texts or names outside of escapes. */
static void damage_letters(size_t index, char *text)
{
    bool inside = false, name = false;

    for (char *at = text; *at != '\0'; at++) {
        if (*at == '\\' && inside && at[1] != '\0') {
            at++;
        } else if (*at == '"') {
            inside = !inside;
            if (inside) {
                const char *end = strchr(at + 1, '"');

                name = end != NULL && end[1] == ':';
            }
        } else if (inside && index == 3 && !name) {
            *at = ' ';
        } else if (inside && index == 4 && name) {
            *at = *at == 'z' ? 'y' : 'z';
        } else if (!inside && index == 2 && *at >= '0' && *at <= '9') {
            *at = '9';
        }
    }
}

bool answers_damaged(size_t index, const struct gen_reply *recorded, struct gen_arena *arena,
                     struct gen_reply *out)
{
    char *text = gen_arena_strndup(arena, recorded->body, recorded->body_size);

    *out = *recorded;
    if (text == NULL) {
        return false;
    }
    if (index == 0) {
        text[recorded->body_size / 2] = '\0';
        out->body_size = recorded->body_size / 2;
    } else if (index == 1) {
        out->body_complete = false;
    } else if (index == 5 && recorded->body_size > 2) {
        text[recorded->body_size / 2] = '\0';
    } else {
        damage_letters(index, text);
    }
    out->body = text;
    return true;
}
