/* hand_commands.c - see hand_commands.h. */
#include "cli/hand_commands.h"

#include "base/ident.h"
#include "base/json.h"
#include "base/money.h"
#include "cli/session.h"

#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(struct gen_options, member)
#define REASON_OPTION \
    { \
        .name = "reason", .letter = 'r', .type = GEN_OPTION_TEXT, .offset = AT(reason), \
        .value = "TEXT", .help = "why; it stands in the log" \
    }

static const struct gen_choice as_choices[] = {
    {"not_bought", 1, "the provider never had the order"},
    {"lost", 2, "it was bought, and there is nothing to be had of it"},
    {"found", 3, "it is there, under --handle"},
    {NULL, 0, NULL},
};

const struct gen_option gen_hand_reason_options[] = {REASON_OPTION, {0}};

const struct gen_option gen_hand_retry_options[] = {
    {.name = "model",
     .letter = 'm',
     .type = GEN_OPTION_TEXT,
     .offset = AT(model),
     .value = "PROVIDER/MODEL",
     .help = "make it with this model; what is not ordered yet goes there, too"},
    REASON_OPTION,
    {0},
};

const struct gen_option gen_hand_resolve_options[] = {
    {.name = "as",
     .type = GEN_OPTION_CHOICE,
     .offset = AT(as),
     .value = "FINDING",
     .choices = as_choices,
     .help = "what became of the order"},
    {.name = "handle",
     .type = GEN_OPTION_TEXT,
     .offset = AT(handle),
     .value = "ID",
     .help = "its id at the provider, with --as found"},
    {.name = "cost",
     .type = GEN_OPTION_TEXT,
     .offset = AT(cost),
     .value = "DOLLARS",
     .help = "what it cost, with --as lost; as estimated without it"},
    {.name = "attempt",
     .type = GEN_OPTION_TEXT,
     .offset = AT(attempt),
     .value = "ATTEMPT",
     .help = "which, where several orders of the job are in doubt"},
    REASON_OPTION,
    {0},
};

const struct gen_example gen_hand_retry_examples[] = {
    {"gen retry gen_01kb5rk3y2v7m8n9pqrst4wxyz", "make the videos that failed"},
    {"gen retry gen_01kb5rk3y2v7m8n9pqrst4wxyz --model runway/gen4.5",
     "... with another model, as far as nothing is ordered yet"},
    {NULL, NULL},
};

const struct gen_example gen_hand_resolve_examples[] = {
    {"gen resolve gen_01kb5rk3y2v7m8n9pqrst4wxyz --as not_bought -r 'not in their list'",
     "order it again"},
    {"gen resolve gen_01kb5rk3y2v7m8n9pqrst4wxyz --as found --handle 8f2c",
     "follow the job that is there"},
    {NULL, NULL},
};

/* ------------------------------------------------------------------------------------ the wishes -- */

static enum gen_status hand_operand(struct gen_session *session, enum gen_ident_kind kind,
                                    struct gen_error *err)
{
    const char *operand = session->options.operands[0];

    if (gen_ident_valid(kind, operand)) {
        return GEN_OK;
    }
    return kind == GEN_IDENT_JOB
               ? gen_error_set(err, GEN_EINVAL,
                               "\"%.60s\" is not the id of a job, which looks like "
                               "gen_01kb5rk3y2v7m8n9pqrst4wxyz; `gen jobs` lists them",
                               operand)
               : gen_error_set(err, GEN_EINVAL,
                               "\"%.60s\" is not the id of a video, which looks like "
                               "out_01kb5rk3y2v7m8n9pqrst4wxyz; `gen outputs JOB` lists them",
                               operand);
}

static void hand_text(struct gen_session *session, struct gen_node *body, const char *key,
                      const char *text)
{
    if (text != NULL) {
        gen_node_set(session->arena, body, key, gen_node_string(session->arena, text));
    }
}

/* POSTs `body` to /v1/KIND/OPERAND/VERB; once: who repeats a retry would be told that nothing failed. */
static enum gen_status hand_post(struct gen_session *session, const char *kind, const char *verb,
                                 struct gen_node *body, struct gen_client_answer *answer,
                                 struct gen_error *err)
{
    struct gen_client_request request = {.method = "POST", .content_type = "application/json"};
    enum gen_status status = gen_session_connect(session, err);

    if (status != GEN_OK) {
        return status;
    }
    hand_text(session, body, "reason", session->options.reason);
    request.path = gen_arena_printf(session->arena, "/v1/%s/%s/%s", kind,
                                    session->options.operands[0], verb);
    request.body = gen_json_text(session->arena, body, &request.body_size);
    if (request.path == NULL || request.body == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a request");
    }
    return gen_client_send(session->client, &request, session->arena, answer, err);
}

static int hand_job(struct gen_session *session, const char *verb, struct gen_node *body,
                    const char *done)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    enum gen_status status = hand_operand(session, GEN_IDENT_JOB, &err);
    const char *job = session->options.operands[0];

    if (status == GEN_OK) {
        status = hand_post(session, "jobs", verb, body, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%s: %s", job, done);
        gen_session_say(session, "  %s %s   shows how it goes on",
                        gen_session_again(session, "gen watch"), job);
    }
    return GEN_EXIT_OK;
}

int gen_hand_commands_pause(struct gen_session *session)
{
    return hand_job(session, "pause", gen_node_map(session->arena),
                    "paused; what is at work is finished, nothing new is ordered");
}

int gen_hand_commands_resume(struct gen_session *session)
{
    return hand_job(session, "resume", gen_node_map(session->arena), "goes on");
}

int gen_hand_commands_retry(struct gen_session *session)
{
    struct gen_node *body = gen_node_map(session->arena);

    hand_text(session, body, "model", session->options.model);
    return hand_job(session, "retry", body, "is tried again; what was finished is kept");
}

int gen_hand_commands_resolve(struct gen_session *session)
{
    struct gen_node *body = gen_node_map(session->arena);
    struct gen_error err = {0};
    gen_micros cost;

    if (session->options.as == NULL) {
        (void)gen_error_set(&err, GEN_EINVAL,
                            "say what became of the order: --as not_bought, lost or found");
        return gen_session_fail(session, &err);
    }
    hand_text(session, body, "as", session->options.as);
    hand_text(session, body, "handle", session->options.handle);
    hand_text(session, body, "attempt", session->options.attempt);
    if (session->options.cost != NULL) {
        if (gen_money_parse(session->options.cost, strlen(session->options.cost), &cost, &err) !=
            GEN_OK) {
            gen_error_within(&err, "--cost");
            return gen_session_fail(session, &err);
        }
        gen_node_set(session->arena, body, "cost", gen_node_money(session->arena, cost));
    }
    return hand_job(session, "resolve", body, "noted, and it goes on");
}

static int hand_review(struct gen_session *session, const char *verb, const char *done)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    enum gen_status status = hand_operand(session, GEN_IDENT_OUTPUT, &err);

    if (status == GEN_OK) {
        status = hand_post(session, "outputs", verb, gen_node_map(session->arena), &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%s: %s", session->options.operands[0], done);
    }
    return GEN_EXIT_OK;
}

int gen_hand_commands_accept(struct gen_session *session)
{
    return hand_review(session, "accept", "accepted");
}

int gen_hand_commands_reject(struct gen_session *session)
{
    return hand_review(session, "reject", "rejected");
}
