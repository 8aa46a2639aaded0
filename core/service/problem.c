/* problem.c - see problem.h. */
#include "service/problem.h"

#include "base/choice.h"

#include <string.h>

struct problem_row {
    enum gen_status status;
    int http;
    const char *title;
};

static const struct problem_row rows[] = {
    {GEN_EINVAL, 422, "The input is wrong"},
    {GEN_ENOTFOUND, 404, "There is no such thing"},
    {GEN_ECONFLICT, 409, "It is not in a state that allows this"},
    {GEN_EBUDGET, 402, "The budget does not allow it"},
    {GEN_EOVERFLOW, 422, "A number does not fit"},
    {GEN_ETOOLARGE, 413, "The input is too large"},
    {GEN_EUNSUPPORTED, 422, "This cannot be done here"},
    {GEN_EDENIED, 403, "Not allowed"},
    {GEN_ELIMIT, 503, "A limit was reached"},
    {GEN_EBUSY, 503, "Busy"},
    {GEN_ECANCELED, 503, "Stopping"},
    {GEN_ENOMEM, 503, "Out of memory"},
    {GEN_ENOSPACE, 507, "The disk is full"},
    {GEN_EUNREACHABLE, 502, "The other side cannot be reached"},
    {GEN_ETIMEOUT, 504, "It took too long"},
    {GEN_EIO, 500, "The system refused an operation"},
    {GEN_ECORRUPT, 500, "Stored data is damaged"},
    {GEN_OK, 0, NULL},
};

static const struct gen_choice phrases[] = {
    {"Bad Request", 400, NULL},
    {"Unauthorized", 401, NULL},
    {"Payment Required", 402, NULL},
    {"Forbidden", 403, NULL},
    {"Not Found", 404, NULL},
    {"Method Not Allowed", 405, NULL},
    {"Conflict", 409, NULL},
    {"Content Too Large", 413, NULL},
    {"Unsupported Media Type", 415, NULL},
    {"Unprocessable Content", 422, NULL},
    {"Precondition Failed", 412, NULL},
    {"Precondition Required", 428, NULL},
    {"Too Many Requests", 429, NULL},
    {"Internal Server Error", 500, NULL},
    {"Bad Gateway", 502, NULL},
    {"Service Unavailable", 503, NULL},
    {"Gateway Timeout", 504, NULL},
    {"Insufficient Storage", 507, NULL},
    {NULL, 0, NULL},
};

static const struct problem_row *problem_of(enum gen_status status)
{
    const struct problem_row *row = rows;

    while (row->title != NULL && row->status != status) {
        row++;
    }
    return row;
}

int gen_problem_http(enum gen_status status)
{
    const struct problem_row *row = problem_of(status);

    return row->title != NULL ? row->http : 500;
}

const char *gen_problem_phrase(int http)
{
    const char *phrase = gen_choice_word(phrases, http);

    return phrase != NULL ? phrase : "Error";
}

void gen_problem_add(struct gen_arena *arena, struct gen_node *problem, const struct gen_error *err)
{
    struct gen_node *list = problem == NULL ? NULL : problem->as.children.last;
    struct gen_node *item;

    if (problem == NULL) {
        return; /* there was no memory for it */
    }
    if (list == NULL || strcmp(list->key, "errors") != 0) {
        list = gen_node_list(arena);
        gen_node_set(arena, problem, "errors", list);
    }
    item = gen_node_push(list, gen_node_map(arena));
    if (err->file[0] != '\0') {
        gen_node_set(arena, item, "file", gen_node_string(arena, err->file));
    }
    if (err->path[0] != '\0') {
        gen_node_set(arena, item, "path", gen_node_string(arena, err->path));
    }
    if (err->line > 0) {
        gen_node_set(arena, item, "line", gen_node_int(arena, err->line));
    }
    if (err->column > 0) {
        gen_node_set(arena, item, "column", gen_node_int(arena, err->column));
    }
    gen_node_set(arena, item, "detail", gen_node_string(arena, err->message));
}

struct gen_node *gen_problem_document(struct gen_arena *arena, int http,
                                      const struct gen_error *err)
{
    const struct problem_row *row = problem_of(err->status);
    struct gen_node *problem = gen_node_map(arena);
    const char *code = gen_status_word(err->status);
    /* The general title belongs to the status of the table; where the caller chose another, the
     * phrase of that says more. */
    const char *title = row->title != NULL && row->http == http ? row->title
                                                                : gen_problem_phrase(http);

    gen_node_set(arena, problem, "type",
                 gen_node_string(arena, gen_arena_printf(arena, "urn:genengine:problem:%s", code)));
    gen_node_set(arena, problem, "title", gen_node_string(arena, title));
    gen_node_set(arena, problem, "status", gen_node_int(arena, http));
    gen_node_set(arena, problem, "code", gen_node_string(arena, code));
    gen_node_set(arena, problem, "detail", gen_node_string(arena, err->message));
    if (err->path[0] != '\0' || err->line > 0) {
        gen_problem_add(arena, problem, err);
    }
    return gen_arena_failed(arena) ? NULL : problem;
}
