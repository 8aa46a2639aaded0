/* api_answer.c - see api_answer.h. */
#include "cli/api_answer.h"

#include "platform/json_reader.h"

#include <string.h>

struct answer_status {
    int http;
    enum gen_status status;
};

/* For a problem without a code that we know. */
static const struct answer_status answer_statuses[] = {
    {400, GEN_EINVAL},    {401, GEN_EDENIED},   {402, GEN_EBUDGET},   {403, GEN_EDENIED},
    {404, GEN_ENOTFOUND}, {409, GEN_ECONFLICT}, {413, GEN_ETOOLARGE}, {415, GEN_EINVAL},
    {422, GEN_EINVAL},    {429, GEN_EBUSY},     {503, GEN_EBUSY},     {507, GEN_ENOSPACE},
    {0, GEN_EIO},
};

static enum gen_status answer_code(const char *code, int http)
{
    static const enum gen_status known[] = {
#define ANSWER_STATUS(name, word, text) name,
        GEN_STATUS_TABLE(ANSWER_STATUS)
#undef ANSWER_STATUS
    };
    const struct answer_status *row = answer_statuses;

    for (size_t i = 1; i < GEN_COUNT(known); i++) {
        if (code != NULL && strcmp(gen_status_word(known[i]), code) == 0) {
            return known[i];
        }
    }
    while (row->http != 0 && row->http != http) {
        row++;
    }
    return row->status;
}

static enum gen_status answer_problem(const struct gen_target *target,
                                      const struct gen_client_answer *answer, struct gen_error *err)
{
    const struct gen_node *problem = answer->document;
    const struct gen_node *first = gen_node_first(gen_node_get(problem, "errors"));
    const char *detail = gen_node_text(gen_node_get(first, "detail"), NULL);
    const char *path = gen_node_text(gen_node_get(first, "path"), NULL);
    enum gen_status status = answer_code(gen_node_text(gen_node_get(problem, "code"), NULL),
                                         answer->status);

    if (answer->status == 401 && target->key == NULL) {
        return gen_error_set(err, GEN_EDENIED,
                             "gend asks for its key: put what stands in the file api-key of its "
                             "state folder, or a key of yours, into GEN_KEY");
    }
    if (detail == NULL) {
        detail = gen_node_text(gen_node_get(problem, "detail"), NULL);
    }
    if (detail == NULL) {
        detail = gen_node_text(gen_node_get(problem, "title"), NULL);
    }
    if (detail == NULL) {
        return gen_error_set(err, status, "gend answered with HTTP status %d", answer->status);
    }
    (void)gen_error_set(err, status, "%s", detail);
    if (path != NULL && path[0] != '\0') {
        gen_error_place(err, NULL, 0, 0, path);
    }
    return status;
}

/* No complete answer came. */
static enum gen_status answer_missing(const struct gen_target *target,
                                      const struct gen_http_response *response,
                                      struct gen_error *err)
{
    if (response->fate == GEN_HTTP_NOT_SENT && target->socket != NULL) {
        return gen_error_set(err, GEN_EUNREACHABLE,
                             "gend does not answer at %s; start it with `%s`", target->name,
                             target->up);
    }
    if (response->fate == GEN_HTTP_NOT_SENT) {
        return gen_error_set(err, GEN_EUNREACHABLE,
                             "gend does not answer at %s (%s); is it running, and is the address "
                             "right?",
                             target->name, response->reason);
    }
    return gen_error_set(err, GEN_EIO, "the connection to gend at %s was lost: %s", target->name,
                         response->reason);
}

enum gen_status gen_api_answer_read(const struct gen_target *target,
                                    const struct gen_http_response *response,
                                    struct gen_arena *arena, struct gen_client_answer *out,
                                    struct gen_error *err)
{
    struct gen_error cause = {0};
    enum gen_status status = GEN_OK;

    out->document = NULL;
    out->status = response->fate == GEN_HTTP_ANSWERED ? response->status : 0;
    if (response->fate != GEN_HTTP_ANSWERED) {
        return answer_missing(target, response, err);
    }
    if (response->body_size > 0) {
        status = gen_json_read(response->body, response->body_size, NULL, arena, &out->document,
                               &cause);
    }
    if (status == GEN_ENOMEM) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for an answer of gend");
    }
    if (response->status < 200 || response->status > 299) {
        return answer_problem(target, out, err);
    }
    if (status != GEN_OK) {
        return gen_error_set(err, GEN_EIO, "what answers at %s is not gend: %s", target->name,
                             cause.message);
    }
    return GEN_OK;
}
