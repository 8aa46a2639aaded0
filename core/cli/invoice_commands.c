/* invoice_commands.c - see invoice_commands.h. */
#include "cli/invoice_commands.h"

#include "base/json.h"
#include "cli/columns.h"
#include "cli/cost_view.h"
#include "model/invoice.h"
#include "platform/files.h"
#include "platform/yaml_reader.h"

#include <inttypes.h>
#include <string.h>

enum { INVOICES_TEXT_MOST = 64 * 1024 * 1024, INVOICES_FILE_MOST = 15 * 1024 * 1024 };

static const char *invoices_text(struct gen_session *session, const struct gen_node *map,
                                 const char *key)
{
    const char *text = gen_node_text(gen_node_get(map, key), "");

    return text[0] == '\0' ? "-" : gen_session_clean(session, text);
}

static const char *invoices_count(struct gen_session *session, const struct gen_node *map,
                                  const char *key)
{
    return gen_arena_printf(session->arena, "%" PRId64,
                            gen_node_integer(gen_node_get(map, key), 0));
}

static void invoices_print(struct gen_session *session, const struct gen_columns *columns)
{
    struct gen_bytes out;

    gen_bytes_init(&out, INVOICES_TEXT_MOST);
    gen_columns_write(columns, 0, &out);
    if (gen_bytes_status(&out) != GEN_OK || !gen_session_write(session, &out)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&out);
}

/* ------------------------------------------------------------------------------------- looking -- */

int gen_invoice_commands_list(struct gen_session *session)
{
    static const char *const heads[] = {"INVOICE", "PROVIDER", "FROM", "UNTIL",
                                        ">LINES",  "IMPORTED", "FILE", NULL};
    const char *provider = session->options.provider;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *list;
    struct gen_columns columns;

    if (gen_session_get(session, &answer, &err, "/v1/invoices%s%s",
                        provider == NULL ? "" : "?provider=",
                        provider == NULL ? "" : gen_session_escape(session, provider)) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    list = gen_node_get(answer.document, "invoices");
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        const char *cells[] = {
            invoices_text(session, item, "invoiceId"),
            invoices_text(session, item, "provider"),
            gen_cost_view_when(session, gen_node_get(item, "from")),
            gen_cost_view_when(session, gen_node_get(item, "until")),
            invoices_count(session, item, "lineCount"),
            gen_cost_view_when(session, gen_node_get(item, "createdAt")),
            invoices_text(session, item, "name"),
        };

        gen_columns_add(&columns, cells);
    }
    invoices_print(session, &columns);
    return GEN_EXIT_OK;
}

static void invoices_summary(struct gen_session *session, const struct gen_node *invoice)
{
    static const char *const heads[] = {"VERDICT", ">LINES", ">BILLED", ">CHARGED", "", NULL};
    const struct gen_node *summary = gen_node_get(invoice, "summary");
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (int verdict = 1; verdict < GEN_INVOICE_COUNT; verdict++) {
        const char *word = gen_invoice_word((enum gen_invoice_verdict)verdict);
        const struct gen_node *sum = gen_node_get(summary, word);
        const char *cells[] = {word, invoices_count(session, sum, "lines"),
                               gen_cost_view_money(session, gen_node_get(sum, "amount")),
                               gen_cost_view_money(session, gen_node_get(sum, "charged")),
                               gen_invoice_meaning((enum gen_invoice_verdict)verdict)};

        if (gen_node_integer(gen_node_get(sum, "lines"), 0) > 0) {
            gen_columns_add(&columns, cells);
        }
    }
    invoices_print(session, &columns);
}

/* Every line that somebody should look at. */
static void invoices_lines(struct gen_session *session, const struct gen_node *invoice)
{
    static const char *const heads[] = {">LINE", "VERDICT", ">BILLED", ">CHARGED",
                                        "ID",    "ATTEMPT", "",        NULL};
    const struct gen_node *lines = gen_node_get(invoice, "lines");
    struct gen_columns columns;
    bool any = false;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *line = gen_node_first(lines); line != NULL; line = line->next) {
        const char *verdict = invoices_text(session, line, "verdict");
        bool likely = gen_node_truth(gen_node_get(line, "likely"), false);
        bool settled = gen_node_truth(gen_node_get(line, "settled"), false);
        const char *cells[] = {
            invoices_count(session, line, "line"),
            gen_arena_printf(session->arena, "%s%s%s", verdict, likely ? " (likely)" : "",
                             settled ? ", booked" : ""),
            gen_cost_view_money(session, gen_node_get(line, "amount")),
            gen_cost_view_money(session, gen_node_get(line, "charged")),
            invoices_text(session, line, "reference"),
            invoices_text(session, line, "attemptId"),
            gen_session_clean(session, gen_node_text(gen_node_get(line, "note"), "")),
        };

        if (likely || strcmp(verdict, "matched") != 0) {
            gen_columns_add(&columns, cells);
            any = true;
        }
    }
    if (any) {
        gen_session_say(session, "%s", "");
        invoices_print(session, &columns);
    }
}

static int invoices_show(struct gen_session *session, const struct gen_node *invoice)
{
    const struct gen_node *booked = gen_node_get(invoice, "booked");

    if (session->options.json) {
        gen_session_print_json(session, invoice);
        return GEN_EXIT_OK;
    }
    gen_session_say(session, "%s  %s  %s to %s%s", invoices_text(session, invoice, "invoiceId"),
                    invoices_text(session, invoice, "provider"),
                    gen_cost_view_when(session, gen_node_get(invoice, "from")),
                    gen_cost_view_when(session, gen_node_get(invoice, "until")),
                    gen_node_truth(gen_node_get(invoice, "closed"), false) ? ", closed" : "");
    if (booked != NULL) {
        gen_session_say(session, "booked: %s charged, %s released, %s refunded; %s lines left",
                        gen_cost_view_money(session, gen_node_get(booked, "charged")),
                        gen_cost_view_money(session, gen_node_get(booked, "released")),
                        gen_cost_view_money(session, gen_node_get(booked, "refunded")),
                        invoices_count(session, booked, "linesLeft"));
    }
    invoices_summary(session, invoice);
    invoices_lines(session, invoice);
    return GEN_EXIT_OK;
}

int gen_invoice_commands_show(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    return gen_session_get(session, &answer, &err, "/v1/invoices/%s",
                           gen_session_escape(session, session->options.operands[0])) == GEN_OK
               ? invoices_show(session, answer.document)
               : gen_session_fail(session, &err);
}

/* ------------------------------------------------------------------------------------- writing -- */

static enum gen_status invoices_post(struct gen_session *session, const char *path,
                                     const struct gen_node *body, struct gen_client_answer *answer,
                                     struct gen_error *err)
{
    struct gen_client_request request = {.method = "POST", .path = path};
    enum gen_status status = gen_session_connect(session, err);

    if (body != NULL) {
        request.content_type = "application/json";
        request.body = gen_json_text(session->arena, body, &request.body_size);
    }
    if (status == GEN_OK && (path == NULL || gen_arena_failed(session->arena))) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status == GEN_OK
               ? gen_client_send(session->client, &request, session->arena, answer, err)
               : status;
}

static enum gen_status invoices_settle(struct gen_session *session, const char *id,
                                       struct gen_client_answer *answer, struct gen_error *err)
{
    return invoices_post(
        session,
        gen_arena_printf(session->arena, "/v1/invoices/%s/settle", gen_session_escape(session, id)),
        NULL, answer, err);
}

int gen_invoice_commands_settle(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    return invoices_settle(session, session->options.operands[0], &answer, &err) == GEN_OK
               ? invoices_show(session, answer.document)
               : gen_session_fail(session, &err);
}

/* A whole file as text of the session; NULL: see err. */
static const char *invoices_file(struct gen_session *session, const char *path,
                                 struct gen_error *err)
{
    const char *text = NULL;
    struct gen_bytes bytes;

    gen_bytes_init(&bytes, INVOICES_FILE_MOST);
    if (gen_files_read(path, &bytes, err) == GEN_OK) {
        text = gen_arena_strndup(session->arena, bytes.data == NULL ? "" : bytes.data, bytes.size);
        if (text == NULL) {
            (void)gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
    }
    gen_bytes_fini(&bytes);
    return text;
}

static enum gen_status invoices_map(struct gen_session *session, struct gen_node *body,
                                    struct gen_error *err)
{
    const char *path = session->options.columns;
    const char *text = path == NULL ? NULL : invoices_file(session, path, err);
    const struct gen_node *map = NULL;
    enum gen_status status;

    if (path == NULL) {
        return GEN_OK;
    }
    status = text == NULL ? err->status
                          : gen_yaml_read(text, strlen(text), path, session->arena, &map, err);
    if (status == GEN_OK) {
        gen_node_set(session->arena, body, "map", gen_node_copy(session->arena, map));
    }
    return status;
}

/* A bare date is taken as it is by gend. */
static void invoices_put(struct gen_session *session, struct gen_node *body, const char *key,
                         const char *text)
{
    if (text != NULL) {
        gen_node_set(session->arena, body, key, gen_node_string(session->arena, text));
    }
}

static const char *invoices_format(const struct gen_options *options)
{
    const char *dot = strrchr(options->operands[1], '.');

    return options->format != NULL                    ? options->format
           : dot != NULL && strcmp(dot, ".json") == 0 ? "json"
                                                      : "csv";
}

int gen_invoice_commands_import(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    const char *path = options->operands[1], *slash = strrchr(path, '/');
    struct gen_node *body = gen_node_map(session->arena);
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const char *content = invoices_file(session, path, &err);
    enum gen_status status = content == NULL ? err.status : invoices_map(session, body, &err);

    invoices_put(session, body, "provider", options->operands[0]);
    invoices_put(session, body, "name", slash != NULL ? slash + 1 : path);
    invoices_put(session, body, "format", invoices_format(options));
    invoices_put(session, body, "content", content);
    invoices_put(session, body, "from", options->from);
    invoices_put(session, body, "until", options->until);
    gen_node_set(session->arena, body, "dryRun", gen_node_bool(session->arena, options->dry_run));
    if (status == GEN_OK) {
        status = invoices_post(session, "/v1/invoices", body, &answer, &err);
    }
    if (status == GEN_OK && options->settle && !options->dry_run) {
        status = invoices_settle(
            session, gen_node_text(gen_node_get(answer.document, "invoiceId"), ""), &answer, &err);
    }
    return status == GEN_OK ? invoices_show(session, answer.document)
                            : gen_session_fail(session, &err);
}

int gen_invoice_commands_remove(struct gen_session *session)
{
    const char *id = gen_session_escape(session, session->options.operands[0]);
    struct gen_client_answer answer = {0};
    struct gen_client_request request = {.method = "DELETE"};
    struct gen_error err = {0};
    enum gen_status status = gen_session_connect(session, &err);

    request.path = id == NULL ? NULL : gen_arena_printf(session->arena, "/v1/invoices/%s", id);
    if (status == GEN_OK && request.path == NULL) {
        status = gen_error_set(&err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%s is removed",
                        gen_session_clean(session, session->options.operands[0]));
    }
    return GEN_EXIT_OK;
}
