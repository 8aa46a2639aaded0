/* cost_commands.c - see cost_commands.h. */
#include "cli/cost_commands.h"

#include "base/json.h"
#include "cli/briefing.h"
#include "cli/cost_view.h"
#include "cli/report_writing.h"
#include "platform/files.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

enum { COSTS_TEXT_MOST = 64 * 1024 * 1024, REPORT_PAGE = 1000, REPORT_PAGES_MOST = 100 };

/* ------------------------------------------------------------------------------------- options -- */

#define AT(member) offsetof(struct gen_options, member)
#define TEXT_OPTION(option, short_name, member, what, text) \
    { \
        .name = option, .letter = short_name, .type = GEN_OPTION_TEXT, .offset = AT(member), \
        .value = what, .help = text \
    }
#define PERIOD_OPTION \
    TEXT_OPTION("period", 'p', period, "PERIOD", \
                "2026-11, 2026-Q4, 2026-W47, 2026, 2026-11-22; or day, week, month, quarter, " \
                "year: the current one (month)")
#define BY_OPTION \
    { \
        .name = "by", .letter = 'b', .type = GEN_OPTION_CHOICE, .offset = AT(by), .value = "WHAT", \
        .choices = by_choices, .help = "what the rows are (provider)" \
    }

static const struct gen_choice by_choices[] = {
    {"provider", 1, NULL}, {"model", 2, NULL}, {"project", 3, NULL}, {"team", 4, NULL},
    {"user", 5, NULL},     {"tag", 6, NULL},   {"job", 7, NULL},     {"day", 8, NULL},
    {"total", 9, NULL},    {NULL, 0, NULL},
};

enum { FORMAT_CSV = 1, FORMAT_JSON, FORMAT_HTML };
static const struct gen_choice format_choices[] = {
    {"csv", FORMAT_CSV, NULL},
    {"json", FORMAT_JSON, NULL},
    {"html", FORMAT_HTML, NULL},
    {NULL, 0, NULL},
};

const struct gen_option gen_cost_options[] = {
    PERIOD_OPTION,
    BY_OPTION,
    TEXT_OPTION("provider", 0, provider, "PROVIDER", "only what was bought there"),
    TEXT_OPTION("project", 0, project, "NAME", "only jobs of this project"),
    TEXT_OPTION("team", 't', team, "TEAM", "only jobs of this team, and its budget"),
    TEXT_OPTION("user", 'u', user, "ID", "only jobs of this user, and their budget"),
    TEXT_OPTION("tag", 0, tag, "TAG", "only jobs with this tag"),
    {.name = "limit",
     .letter = 'n',
     .type = GEN_OPTION_NUMBER,
     .offset = AT(limit),
     .value = "NUMBER",
     .min = 1,
     .max = 1000,
     .help = "at most so many rows (20)"},
    TEXT_OPTION("after", 0, after, "PLACE", "the page that follows there"),
    {0},
};

const struct gen_option gen_report_options[] = {
    {.name = "format",
     .letter = 'f',
     .type = GEN_OPTION_CHOICE,
     .offset = AT(format),
     .value = "FORMAT",
     .choices = format_choices,
     .help = "csv, json or html (by the ending of --output; else csv)"},
    {.name = "output",
     .letter = 'o',
     .type = GEN_OPTION_FILE,
     .offset = AT(output),
     .value = "FILE",
     .help = "write it there (standard output)"},
    PERIOD_OPTION,
    BY_OPTION,
    TEXT_OPTION("team", 't', team, "TEAM", "the report of this team"),
    TEXT_OPTION("user", 'u', user, "ID", "the report of this user"),
    {0},
};

const struct gen_example gen_cost_examples[] = {
    {"gen costs", "This month, by provider, with the budget and where it is going."},
    {"gen costs --by project --period 2026-10", "What each project cost in October."},
    {"gen costs --by job --team social -n 100", "The dearest jobs of a team."},
    {"gen costs gen_01kb5rk3y2v7m8n9pqrst4wxyz",
     "Every entry of a job's ledger, and what it rests on."},
    {"gen costs --by day --json | jq '.rows[] | [.key, .cost]'", "For programs."},
    {NULL, NULL},
};
const struct gen_example gen_report_examples[] = {
    {"gen report --period 2026-11 -o november.html", "A page to print or to send."},
    {"gen report --by job --team social --format csv >jobs.csv", "For a spreadsheet."},
    {"gen report --format json", "The month's statement, as the API has it."},
    {NULL, NULL},
};
const struct gen_example gen_estimate_examples[] = {
    {"gen estimate summer-sale/brief.yaml", "What it would cost, and what that leaves."},
    {"gen estimate brief.yaml && gen run brief.yaml", "Runs it only if the budgets allow it."},
    {NULL, NULL},
};

/* --------------------------------------------------------------------------------------- asking -- */

/* "&team=social"; "" without a value, NULL without memory. */
static const char *costs_pair(struct gen_session *session, const char *key, const char *value)
{
    const char *escaped = value == NULL ? NULL : gen_session_escape(session, value);

    return value == NULL     ? ""
           : escaped == NULL ? NULL
                             : gen_arena_printf(session->arena, "&%s=%s", key, escaped);
}

static const char *costs_path(struct gen_session *session, const char *path, int64_t limit,
                              const char *after)
{
    const struct gen_options *options = &session->options;
    const struct {
        const char *key, *value;
    } pairs[] = {{"period", options->period},     {"groupBy", options->by},
                 {"provider", options->provider}, {"project", options->project},
                 {"team", options->team},         {"user", options->user},
                 {"tag", options->tag},           {"after", after}};
    const char *text = gen_arena_printf(session->arena, "%s?limit=%" PRId64, path, limit);

    for (size_t i = 0; i < GEN_COUNT(pairs) && text != NULL; i++) {
        const char *pair = costs_pair(session, pairs[i].key, pairs[i].value);

        text = pair == NULL ? NULL : gen_arena_printf(session->arena, "%s%s", text, pair);
    }
    return text;
}

static enum gen_status costs_ask(struct gen_session *session, int64_t limit, const char *after,
                                 const struct gen_node **out, struct gen_error *err)
{
    const char *path = costs_path(session, "/v1/costs", limit, after);
    struct gen_client_answer answer = {0};
    enum gen_status status = path == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                          : gen_session_get(session, &answer, err, "%s", path);

    *out = answer.document;
    return status;
}

static int costs_print(struct gen_session *session, struct gen_bytes *text)
{
    if (gen_bytes_status(text) != GEN_OK || !gen_session_write(session, text)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
        return GEN_EXIT_FAILED;
    }
    return GEN_EXIT_OK;
}

int gen_cost_commands_costs(struct gen_session *session)
{
    const char *job = session->options.operand_count > 0
                          ? gen_session_escape(session, session->options.operands[0])
                          : NULL;
    const struct gen_node *page = NULL;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    struct gen_bytes text;
    enum gen_status status;
    int code;

    if (job != NULL) {
        status = gen_session_get(session, &answer, &err, "/v1/jobs/%s/costs", job);
        page = answer.document;
    } else {
        status = costs_ask(session, session->options.limit, session->options.after, &page, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, page);
        return GEN_EXIT_OK;
    }
    gen_bytes_init(&text, COSTS_TEXT_MOST);
    (job != NULL ? gen_cost_view_job : gen_cost_view_page)(session, page, &text);
    code = costs_print(session, &text);
    gen_bytes_fini(&text);
    return code;
}

/* --------------------------------------------------------------------------------------- report -- */

/* All pages as one. */
static enum gen_status report_rows(struct gen_session *session, struct gen_node **out,
                                   struct gen_error *err)
{
    const struct gen_node *page = NULL;
    struct gen_node *rows = gen_node_list(session->arena), *whole = gen_node_map(session->arena);
    const char *next = NULL;
    size_t pages = 0;

    do {
        enum gen_status status = costs_ask(session, REPORT_PAGE, next, &page, err);

        if (status != GEN_OK) {
            return status;
        }
        for (const struct gen_node *row = gen_node_first(gen_node_get(page, "rows")); row != NULL;
             row = row->next) {
            gen_node_push(rows, gen_node_copy(session->arena, row));
        }
        next = gen_node_text(gen_node_get(page, "next"), NULL);
        pages++;
    } while (next != NULL && pages < REPORT_PAGES_MOST);
    if (next != NULL) {
        return gen_error_set(err, GEN_ETOOLARGE,
                             "the report has more than %d rows; take a shorter period, or another "
                             "--by",
                             (int)(REPORT_PAGE * REPORT_PAGES_MOST));
    }
    for (const struct gen_node *item = gen_node_first(page); item != NULL; item = item->next) {
        gen_node_set(session->arena, whole, item->key,
                     strcmp(item->key, "rows") == 0 ? rows : gen_node_copy(session->arena, item));
    }
    *out = whole;
    return GEN_OK;
}

static enum gen_status report_statement(struct gen_session *session, const struct gen_node **out,
                                        struct gen_error *err)
{
    const struct gen_options *options = &session->options;
    const char *period = costs_pair(session, "period",
                                    options->period == NULL ? "month" : options->period);
    const char *team = costs_pair(session, "team", options->team);
    const char *user = costs_pair(session, "user", options->user);
    struct gen_client_answer answer = {0};
    enum gen_status status;

    if (period == NULL || team == NULL || user == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_session_get(session, &answer, err, "/v1/costs/statement?%s%s%s", period + 1, team,
                             user);
    *out = answer.document;
    return status;
}

static int report_format(const struct gen_options *options)
{
    const char *dot = options->output == NULL ? NULL : strrchr(options->output, '.');
    int format = options->json ? FORMAT_JSON : 0;

    if (format == 0 && options->format != NULL) {
        format = gen_choice_value(format_choices, options->format);
    }
    if (format == 0 && dot != NULL) {
        format = gen_choice_value(format_choices, dot + 1);
    }
    return format > 0 ? format : FORMAT_CSV;
}

static int report_out(struct gen_session *session, struct gen_bytes *text)
{
    const char *path = session->options.output;
    struct gen_error err = {0};
    mode_t mask = umask(0);

    (void)umask(mask);
    if (path == NULL || strcmp(path, "-") == 0) {
        return costs_print(session, text);
    }
    if (gen_bytes_status(text) != GEN_OK) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        return gen_session_fail(session, &err);
    }
    if (gen_files_write(path, text->data, text->size, 0666 & ~mask, &err) != GEN_OK) {
        (void)gen_session_fail(session, &err);
        return gen_exit_of_input(err.status);
    }
    gen_session_note(session, "%s", gen_session_clean(session, path));
    return GEN_EXIT_OK;
}

int gen_cost_commands_report(struct gen_session *session)
{
    int format = report_format(&session->options), code;
    struct gen_report report = {0};
    struct gen_node *page = NULL;
    struct gen_error err = {0};
    struct gen_bytes text;
    enum gen_status status = report_statement(session, &report.statement, &err);

    if (status == GEN_OK && format != FORMAT_JSON) {
        status = report_rows(session, &page, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    report.page = page;
    gen_bytes_init(&text, COSTS_TEXT_MOST);
    if (format == FORMAT_JSON) {
        (void)gen_json_write(report.statement,
                             session->options.json ? GEN_JSON_COMPACT : GEN_JSON_PRETTY, &text);
        (void)gen_bytes_text(&text, session->options.json ? "\n" : "");
    } else if (format == FORMAT_HTML) {
        gen_report_writing_html(&report, &text);
    } else {
        gen_report_writing_csv(&report, &text);
    }
    code = report_out(session, &text);
    gen_bytes_fini(&text);
    return code;
}

/* ------------------------------------------------------------------------------------- estimate -- */

/* The brief as it is written: gend takes files by their names here, nothing is uploaded. */
static enum gen_status estimate_ask(struct gen_session *session, const char *path,
                                    const struct gen_node **out, struct gen_error *err)
{
    struct gen_client_request request = {
        .method = "POST", .path = "/v1/estimates", .content_type = "application/json"};
    struct gen_client_answer answer = {0};
    struct gen_briefing *briefing = NULL;
    enum gen_status status = gen_briefing_read(path, session->arena, &briefing, err);

    if (status != GEN_OK) {
        return status;
    }
    request.body = gen_json_text(session->arena, briefing->tree, &request.body_size);
    if (request.body == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_session_connect(session, err);
    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, err);
    }
    if (status != GEN_OK && answer.document != NULL) {
        gen_briefing_place(briefing, err);
        status = err->status = status == GEN_ENOTFOUND ? GEN_EINVAL : status;
    }
    *out = answer.document;
    return status;
}

/* How gen run would end, before anything is done. */
static int estimate_code(const struct gen_node *estimate)
{
    const char *code = gen_node_text(gen_node_get(gen_node_get(estimate, "refusal"), "code"), NULL);
    int status = GEN_OK;

    while (code != NULL && status <= GEN_ECORRUPT &&
           strcmp(gen_status_word((enum gen_status)status), code) != 0) {
        status++;
    }
    return status <= GEN_ECORRUPT ? (int)gen_exit_of((enum gen_status)status) : GEN_EXIT_FAILED;
}

int gen_cost_commands_estimate(struct gen_session *session)
{
    const struct gen_node *estimate = NULL;
    struct gen_error err = {0};
    struct gen_bytes text;

    if (estimate_ask(session, session->options.operands[0], &estimate, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, estimate);
        return estimate_code(estimate);
    }
    gen_bytes_init(&text, COSTS_TEXT_MOST);
    gen_cost_view_estimate(session, estimate, &text);
    (void)costs_print(session, &text);
    gen_bytes_fini(&text);
    return estimate_code(estimate);
}
