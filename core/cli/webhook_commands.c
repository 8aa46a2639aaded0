/* webhook_commands.c - see webhook_commands.h. */
#include "cli/webhook_commands.h"

#include "base/json.h"
#include "cli/columns.h"
#include "cli/session.h"

#include <inttypes.h>
#include <string.h>

enum { WEBHOOK_TEXT_MOST = 16 * 1024 * 1024 };

static const char *webhook_text(struct gen_session *session, const struct gen_node *map,
                                const char *key)
{
    const char *text = gen_node_text(gen_node_get(map, key), "");

    return text[0] == '\0' ? "-" : gen_session_clean(session, text);
}

static const char *webhook_number(struct gen_session *session, const struct gen_node *map,
                                  const char *key)
{
    const struct gen_node *node = gen_node_get(map, key);

    return gen_node_type_of(node) == GEN_NODE_INT
               ? gen_arena_printf(session->arena, "%" PRId64, gen_node_integer(node, 0))
               : "-";
}

/* "a b" of a list. */
static const char *webhook_words(struct gen_session *session, const struct gen_node *list)
{
    const char *all = "";

    for (const struct gen_node *item = gen_node_first(list); item != NULL && all != NULL;
         item = item->next) {
        all = gen_arena_printf(session->arena, "%s%s%s", all, all[0] != '\0' ? " " : "",
                               gen_session_clean(session, gen_node_text(item, "")));
    }
    return all == NULL || all[0] == '\0' ? "all" : all;
}

/* A request to the one that the operand names ("" = to all), sent once. */
static enum gen_status webhook_send(struct gen_session *session, const char *method,
                                    const char *tail, const struct gen_node *body,
                                    struct gen_client_answer *answer, struct gen_error *err)
{
    const char *id = session->options.operand_count > 0
                         ? gen_session_escape(session, session->options.operands[0])
                         : NULL;
    struct gen_client_request request = {.method = method};
    enum gen_status status = gen_session_connect(session, err);

    request.path = body != NULL && strcmp(method, "POST") == 0
                       ? "/v1/webhooks"
                       : gen_arena_printf(session->arena, "/v1/webhooks/%s%s", id != NULL ? id : "",
                                          tail);
    if (body != NULL) {
        request.content_type = "application/json";
        request.body = gen_json_text(session->arena, body, &request.body_size);
        request.if_match = strcmp(method, "PATCH") == 0 ? "*" : NULL;
    }
    if (status == GEN_OK && (request.path == NULL || gen_arena_failed(session->arena))) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status == GEN_OK
               ? gen_client_send(session->client, &request, session->arena, answer, err)
               : status;
}

static void webhook_write(struct gen_session *session, const struct gen_columns *columns)
{
    struct gen_bytes text;

    gen_bytes_init(&text, WEBHOOK_TEXT_MOST);
    gen_columns_write(columns, 0, &text);
    if (!gen_session_write(session, &text)) {
        gen_session_note(session, "gen: standard output cannot be written");
    }
    gen_bytes_fini(&text);
}

/* The secret alone on standard output, so that it can be piped. */
static int webhook_secret(struct gen_session *session, const struct gen_node *document)
{
    if (session->options.json) {
        gen_session_print_json(session, document);
    } else {
        gen_session_note(session, "%s; its signing secret is shown this once:",
                         webhook_text(session, document, "id"));
        gen_session_say(session, "%s", webhook_text(session, document, "secret"));
    }
    return GEN_EXIT_OK;
}

static struct gen_node *add_events(struct gen_arena *arena, const char *text)
{
    struct gen_node *list = gen_node_list(arena);

    while (*text != '\0') {
        size_t size = strcspn(text, ", ");

        if (size > 0) {
            gen_node_push(list, gen_node_string_sized(arena, text, size));
        }
        text += size + (text[size] != '\0');
    }
    return list;
}

int gen_webhook_commands_add(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    struct gen_arena *arena = session->arena;
    struct gen_node *body = gen_node_map(arena);
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    gen_node_set(arena, body, "url", gen_node_string(arena, options->operands[0]));
    if (options->kind != NULL) {
        gen_node_set(arena, body, "events", add_events(arena, options->kind));
    }
    if (options->project != NULL) {
        gen_node_set(arena, body, "project", gen_node_string(arena, options->project));
    }
    if (options->job != NULL) {
        gen_node_set(arena, body, "jobId", gen_node_string(arena, options->job));
    }
    if (options->title != NULL) {
        gen_node_set(arena, body, "title", gen_node_string(arena, options->title));
    }
    return webhook_send(session, "POST", "", body, &answer, &err) == GEN_OK
               ? webhook_secret(session, answer.document)
               : gen_session_fail(session, &err);
}

int gen_webhook_commands_list(struct gen_session *session)
{
    static const char *const heads[] = {"ID", "STATE", "TO", "EVENTS", ">SENT", ">FAILING", NULL};
    struct gen_client_answer answer = {0};
    struct gen_columns columns;
    struct gen_error err = {0};

    if (gen_session_get(session, &answer, &err, "/v1/webhooks") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "webhooks"));
         item != NULL; item = item->next) {
        const char *cells[] = {webhook_text(session, item, "id"),
                               webhook_text(session, item, "state"),
                               webhook_text(session, item, "url"),
                               webhook_words(session, gen_node_get(item, "events")),
                               webhook_number(session, item, "delivered"),
                               webhook_number(session, item, "failures")};

        gen_columns_add(&columns, cells);
    }
    webhook_write(session, &columns);
    return GEN_EXIT_OK;
}

int gen_webhook_commands_test(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    bool delivered;

    if (webhook_send(session, "POST", "/test", NULL, &answer, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    delivered = gen_node_truth(gen_node_get(answer.document, "delivered"), false);
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else if (delivered) {
        gen_session_say(session, "it arrived");
    } else {
        gen_session_say(session, "it did not arrive: %s",
                        webhook_text(session, answer.document, "note"));
    }
    return delivered ? GEN_EXIT_OK : GEN_EXIT_FAILED;
}

int gen_webhook_commands_deliveries(struct gen_session *session)
{
    static const char *const heads[] = {"AT",      "EVENT",   "WHAT", ">TRY",
                                        "OUTCOME", ">STATUS", "NOTE", NULL};
    struct gen_client_answer answer = {0};
    struct gen_columns columns;
    struct gen_error err = {0};
    const char *id = gen_session_escape(session, session->options.operands[0]);

    if (gen_session_get(session, &answer, &err, "/v1/webhooks/%s/deliveries?limit=%d",
                        id != NULL ? id : "", (int)session->options.limit) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "deliveries"));
         item != NULL; item = item->next) {
        const char *cells[] = {
            webhook_text(session, item, "at"),      webhook_text(session, item, "event"),
            webhook_text(session, item, "type"),    webhook_number(session, item, "attempt"),
            webhook_text(session, item, "outcome"), webhook_number(session, item, "status"),
            webhook_text(session, item, "note")};

        gen_columns_add(&columns, cells);
    }
    webhook_write(session, &columns);
    return GEN_EXIT_OK;
}

static int webhook_state(struct gen_session *session, const char *state)
{
    struct gen_node *body = gen_node_map(session->arena);
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    gen_node_set(session->arena, body, "state", gen_node_string(session->arena, state));
    if (webhook_send(session, "PATCH", "", body, &answer, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%s: %s", webhook_text(session, answer.document, "id"),
                        webhook_text(session, answer.document, "state"));
    }
    return GEN_EXIT_OK;
}

int gen_webhook_commands_pause(struct gen_session *session)
{
    return webhook_state(session, "paused");
}

int gen_webhook_commands_resume(struct gen_session *session)
{
    return webhook_state(session, "active");
}

int gen_webhook_commands_rotate(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    return webhook_send(session, "POST", "/rotate", NULL, &answer, &err) == GEN_OK
               ? webhook_secret(session, answer.document)
               : gen_session_fail(session, &err);
}

int gen_webhook_commands_remove(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    struct gen_node *map = gen_node_map(session->arena);

    if (webhook_send(session, "DELETE", "", NULL, &answer, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_node_set(session->arena, map, "removed",
                     gen_node_string(session->arena, session->options.operands[0]));
        gen_session_print_json(session, map);
    } else {
        gen_session_say(session, "removed");
    }
    return GEN_EXIT_OK;
}
