/* step.c - see step.h. */
#include "host/step.h"

#include <gen/provider.h>

const struct gen_provider_answer *gen_step_answer(const struct gen_reply *reply,
                                                  struct gen_arena *arena)
{
    struct gen_provider_answer *answer = gen_arena_alloc(arena, sizeof(*answer));
    struct gen_provider_header *headers = gen_arena_array(arena, reply->header_count,
                                                          sizeof(*headers));

    if (answer == NULL || headers == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < reply->header_count; i++) {
        headers[i].name = reply->headers[i].name;
        headers[i].value = reply->headers[i].value;
    }
    *answer = (struct gen_provider_answer){
        .size = sizeof(*answer),
        .kind = reply->type == GEN_REPLY_RUN ? GEN_ANSWER_RUN : GEN_ANSWER_HTTP,
        .status = reply->status,
        .body_complete = reply->body_complete ? 1 : 0,
        .headers = headers,
        .header_count = reply->header_count,
        .body = reply->body != NULL ? reply->body : "",
        .body_size = reply->body != NULL ? reply->body_size : 0,
        .exit_code = reply->exit_code,
        .signal = reply->signal,
        .timed_out = reply->timed_out ? 1 : 0,
        .output = reply->output != NULL ? reply->output : "",
        .errors = reply->errors != NULL ? reply->errors : "",
        .extracted = reply->extracted ? 1 : 0,
    };
    return answer;
}
