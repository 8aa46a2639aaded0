/* report_writing.c - see report_writing.h. */
#include "cli/report_writing.h"

#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { METER_WIDTH = 400, DATE = 10 /* bytes of 2026-11-01 */ };

static const char *report_key(const struct gen_node *map, const char *key, const char *otherwise)
{
    return gen_node_text(gen_node_get(map, key), otherwise);
}

/* "12.50", exact; "" when it is no amount. */
static const char *report_money(const struct gen_node *map, const char *key, char *out)
{
    gen_micros amount = 0;

    out[0] = '\0';
    if (gen_node_type_of(gen_node_get(map, key)) > GEN_NODE_NULL &&
        gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK) {
        (void)gen_money_text(amount, 2, out);
    }
    return out;
}

static double report_number(const struct gen_node *map, const char *key)
{
    return gen_node_number(gen_node_get(map, key), 0);
}

/* ----------------------------------------------------------------------------------------- CSV -- */

/* Excel takes the wide forms of some keyboards for these signs, too. */
static bool cell_formula(const char *text)
{
    static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
                                       "\xef\xbc\xa0", NULL};
    bool formula = text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL;

    for (size_t i = 0; wide[i] != NULL && !formula; i++) {
        formula = strncmp(text, wide[i], strlen(wide[i])) == 0;
    }
    return formula;
}

void gen_report_writing_cell(const char *text, struct gen_bytes *out)
{
    bool formula = cell_formula(text);
    bool quoted = formula || strpbrk(text, ",\"\r\n;") != NULL || text[0] == ' ' ||
                  (text[0] != '\0' && text[strlen(text) - 1] == ' ');

    (void)gen_bytes_text(out, quoted ? "\"" : "");
    (void)gen_bytes_text(out, formula ? "'" : "");
    for (const char *at = text; *at != '\0'; at++) {
        (void)gen_bytes_text(out, *at == '"' ? "\"" : "");
        (void)gen_bytes_append(out, at, 1);
    }
    (void)gen_bytes_text(out, quoted ? "\"" : "");
}

static const char *const csv_counts[] = {"jobs", "clips", NULL};
static const char *const csv_money[] = {"cost", "charged",  "refunded", "unverified",
                                        "held", "estimate", "actual",   NULL};

static void csv_row(const struct gen_report *report, const struct gen_node *row, const char *key,
                    struct gen_bytes *out)
{
    const struct gen_node *period = gen_node_get(report->page, "period");
    char text[GEN_MONEY_TEXT_SIZE], number[GEN_NUMBER_TEXT_SIZE];
    const struct gen_node *error = gen_node_get(row, "error");

    gen_report_writing_cell(report_key(period, "name", report_key(period, "from", "")), out);
    (void)gen_bytes_text(out, ",");
    gen_report_writing_cell(report_key(report->page, "groupBy", ""), out);
    (void)gen_bytes_text(out, ",");
    gen_report_writing_cell(key, out);
    for (size_t i = 0; csv_counts[i] != NULL; i++) {
        (void)gen_bytes_printf(out, ",%" PRId64,
                               gen_node_integer(gen_node_get(row, csv_counts[i]), 0));
    }
    (void)gen_bytes_printf(out, ",%s", gen_number_text(report_number(row, "seconds"), number));
    for (size_t i = 0; csv_money[i] != NULL; i++) {
        (void)gen_bytes_printf(out, ",%s", report_money(row, csv_money[i], text));
    }
    (void)gen_bytes_printf(out, ",%s\r\n",
                           gen_node_type_of(error) > GEN_NODE_NULL
                               ? gen_number_text(gen_node_number(error, 0), number)
                               : "");
}

void gen_report_writing_csv(const struct gen_report *report, struct gen_bytes *out)
{
    (void)gen_bytes_text(out, "period,by,key,jobs,clips,seconds");
    for (size_t i = 0; csv_money[i] != NULL; i++) {
        (void)gen_bytes_printf(out, ",%s_usd", csv_money[i]);
    }
    (void)gen_bytes_text(out, ",error\r\n");
    for (const struct gen_node *row = gen_node_first(gen_node_get(report->page, "rows"));
         row != NULL; row = row->next) {
        csv_row(report, row, report_key(row, "key", ""), out);
    }
    csv_row(report, gen_node_get(report->page, "totals"), "TOTAL", out);
}

/* ---------------------------------------------------------------------------------------- HTML -- */

void gen_report_writing_text(const char *text, struct gen_bytes *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        switch (*at) {
        case '<':
            (void)gen_bytes_text(out, "&lt;");
            break;
        case '>':
            (void)gen_bytes_text(out, "&gt;");
            break;
        case '&':
            (void)gen_bytes_text(out, "&amp;");
            break;
        case '"':
            (void)gen_bytes_text(out, "&quot;");
            break;
        case '\'':
            (void)gen_bytes_text(out, "&#39;");
            break;
        default:
            if ((unsigned char)*at >= ' ' && *at != 127) {
                (void)gen_bytes_append(out, at, 1);
            }
        }
    }
}

/* Light and dark as the reader's system has it; on paper always light. */
static const char html_style[] =
    ":root{color-scheme:light dark;--ink:#16181d;--soft:#5c6370;--line:#e3e5ea;--page:#fff;"
    "--card:#f6f7f9;--bar:#2f6fde;--rest:#dfe3ea;--good:#13795b;--bad:#b3261e}"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#9aa2af;--line:#2c313a;"
    "--page:#14171c;--card:#1c2027;--bar:#6ea0f5;--rest:#2c313a;--good:#5fc9a3;--bad:#f28b82}}"
    "*{box-sizing:border-box}body{font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,"
    "'Helvetica Neue',sans-serif;color:var(--ink);background:var(--page);max-width:860px;"
    "margin:56px auto;padding:0 28px}"
    "header{display:flex;justify-content:space-between;align-items:flex-end;gap:24px;"
    "border-bottom:2px solid var(--ink);padding-bottom:14px}"
    "h1{font-size:32px;line-height:1.15;font-weight:650;letter-spacing:-.02em;margin:2px 0 0}"
    "h2{font-size:17px;font-weight:650;margin:44px 0 10px}p{margin:4px 0}"
    ".over{font-size:12px;font-weight:600;letter-spacing:.08em;text-transform:uppercase}"
    ".over,.sub,small,th{color:var(--soft)}.sub{text-align:right;font-size:13px}"
    ".cards{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:24px 0 0}"
    ".cards div{background:var(--card);border:1px solid var(--line);border-radius:10px;"
    "padding:14px 16px;min-width:0}.cards span{display:block;color:var(--soft);font-size:13px}"
    ".cards b{font-size:22px;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere;"
    "font-variant-numeric:tabular-nums}"
    "svg{display:block;width:100%}.meter{height:8px;margin:16px 0 4px}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{text-align:right;padding:8px 0 8px 18px;border-bottom:1px solid var(--line);"
    "white-space:nowrap}th{font-weight:500;font-size:13px}"
    "th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;"
    "overflow-wrap:anywhere}td small{font-weight:400}th{text-transform:capitalize}"
    "td.bar{width:22%}td.bar svg{height:10px}"
    "tfoot td{font-weight:650;border-bottom:0;border-top:1.5px solid var(--ink)}"
    ".good{color:var(--good)}.bad{color:var(--bad)}"
    "footer{margin-top:44px;border-top:1px solid var(--line);padding-top:10px;font-size:13px;"
    "color:var(--soft)}"
    "@media (max-width:640px){.cards{grid-template-columns:repeat(2,1fr)}td.bar,th.bar{"
    "display:none}header{display:block}.sub{text-align:left}}"
    "@media print{:root{color-scheme:light;--ink:#16181d;--soft:#5c6370;--line:#d5d8de;"
    "--page:#fff;--card:#fff;--bar:#2f6fde;--rest:#dfe3ea;--good:#13795b;--bad:#b3261e}"
    "@page{margin:18mm 16mm}body{margin:0;padding:0;max-width:none;font-size:11pt}"
    "svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}tr,.cards,header{"
    "break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}";

/* As many decimals as any amount of a column has, so that points stand below each other; 2 to 6. */
static int html_decimals_of(const struct gen_node *map, const char *key, int least)
{
    char text[GEN_MONEY_TEXT_SIZE];
    const char *point = strchr(report_money(map, key, text), '.');

    return point != NULL && strlen(point + 1) > (size_t)least ? (int)strlen(point + 1) : least;
}

static int html_decimals(const struct gen_node *rows)
{
    int most = 2;

    for (const struct gen_node *row = gen_node_first(rows); row != NULL; row = row->next) {
        most = html_decimals_of(row, "cost", html_decimals_of(row, "estimate", most));
    }
    return most;
}

static void html_money(const struct gen_node *map, const char *key, int decimals,
                       struct gen_bytes *out)
{
    char text[GEN_MONEY_TEXT_SIZE] = "";
    gen_micros amount = 0;

    if (gen_node_type_of(gen_node_get(map, key)) > GEN_NODE_NULL &&
        gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK) {
        (void)gen_money_text(amount, decimals, text);
    }
    if (text[0] == '\0') {
        (void)gen_bytes_text(out, "&ndash;");
    } else {
        (void)gen_bytes_printf(out, "%s$%s", text[0] == '-' ? "&minus;" : "",
                               text + (text[0] == '-'));
    }
}

/* A name of theirs: a text that is written from right to left keeps to itself. */
static void html_name(const char *text, struct gen_bytes *out)
{
    (void)gen_bytes_text(out, "<bdi>");
    gen_report_writing_text(text, out);
    (void)gen_bytes_text(out, "</bdi>");
}

static void html_card(const char *name, const struct gen_node *map, const char *key,
                      struct gen_bytes *out)
{
    (void)gen_bytes_printf(out, "<div><span>%s</span><b>", name);
    html_money(map, key, 2, out);
    (void)gen_bytes_text(out, "</b></div>\n");
}

/* A bar of so much of its width, the picture of a share that stands beside it as a number. */
static void html_bar(const char *class, double share, const char *label, struct gen_bytes *out)
{
    double width = share > 0 ? fmin(fmax(share * METER_WIDTH, 2), METER_WIDTH) : 0;

    (void)gen_bytes_printf(out,
                           "<svg%s%s%s viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
                           "role=\"img\" aria-label=\"",
                           class[0] != '\0' ? " class=\"" : "", class, class[0] != '\0' ? "\"" : "",
                           (int)METER_WIDTH);
    gen_report_writing_text(label, out);
    (void)gen_bytes_printf(out,
                           "\"><rect width=\"%d\" height=\"10\" rx=\"3\" style=\"fill:var(--rest)"
                           "\"/><rect width=\"%.1f\" height=\"10\" rx=\"3\" style=\"fill:var(%s)"
                           "\"/></svg>",
                           (int)METER_WIDTH, width, share > 1 ? "--bad" : "--bar");
}

/* "November 2026" of "2026-11"; other periods as they are written. */
static void html_period(const char *name, struct gen_bytes *out)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int month = strlen(name) == 7 && name[5] >= '0' && name[5] <= '1'
                    ? (name[5] - '0') * 10 + name[6] - '0'
                    : 0;

    if (month >= 1 && month <= 12) {
        (void)gen_bytes_printf(out, "%s ", months[month - 1]);
        gen_report_writing_text((char[]){name[0], name[1], name[2], name[3], '\0'}, out);
    } else {
        gen_report_writing_text(name, out);
    }
}

static void html_head(const struct gen_report *report, struct gen_bytes *out)
{
    const struct gen_node *period = gen_node_get(report->page, "period");
    const char *team = report_key(report->statement, "teamId", NULL);
    const char *user = report_key(report->statement, "userId", NULL);
    const char *name = report_key(report->statement, "period", "");
    char from[DATE + 1], to[DATE + 1];

    (void)snprintf(from, sizeof from, "%.10s", report_key(period, "from", ""));
    (void)snprintf(to, sizeof to, "%.10s", report_key(period, "to", ""));
    (void)gen_bytes_text(out,
                         "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Costs ");
    html_period(name, out);
    (void)gen_bytes_printf(out,
                           "</title>\n<style>%s</style>\n</head>\n<body>\n<header>\n<div>"
                           "<p class=\"over\">Cost report",
                           html_style);
    if (team != NULL || user != NULL) {
        (void)gen_bytes_printf(out, " &middot; %s ", team != NULL ? "team" : "user");
        html_name(team != NULL ? team : user, out);
    }
    (void)gen_bytes_text(out, "</p><h1>");
    html_period(name, out);
    (void)gen_bytes_text(out, "</h1></div>\n<p class=\"sub\">");
    gen_report_writing_text(from, out);
    (void)gen_bytes_text(out, " until ");
    gen_report_writing_text(to, out);
    (void)gen_bytes_text(out, "<br>in US dollars</p>\n</header>\n");
}

static void html_cards(const struct gen_report *report, struct gen_bytes *out)
{
    const struct gen_node *totals = gen_node_get(report->statement, "totals");
    double budget = report_number(totals, "budget");
    double used = budget - report_number(totals, "remaining");
    char label[64];

    (void)gen_bytes_text(out, "<div class=\"cards\">\n");
    html_card("Charged, less refunds", totals, "cost", out);
    html_card("Budget", totals, "budget", out);
    html_card("Left of it", totals, "remaining", out);
    html_card("Saved in all", gen_node_get(report->page, "savings"), "total", out);
    (void)gen_bytes_text(out, "</div>\n");
    if (budget > 0) {
        (void)snprintf(label, sizeof label, "%.1f %% of the budget used", used / budget * 100);
        html_bar("meter", used / budget, label, out);
        (void)gen_bytes_printf(out, "\n<p><small>%s</small></p>\n", label);
    }
}

struct html_columns {
    int decimals;
    double dearest;
    bool shows[2]; /* those of html_unsettled */
};

/* Money that is not settled has its column where there is any. */
static const struct {
    const char *key, *head;
} html_unsettled[] = {{"held", "Held"}, {"unverified", "Unverified"}};

/* The bar is the share of the dearest row; 0: it has none. */
static void html_row(const struct gen_node *row, const char *key, const struct html_columns *report,
                     bool bar, struct gen_bytes *out)
{
    int decimals = report->decimals;
    double dearest = bar ? report->dearest : 0;
    const struct gen_node *error = gen_node_get(row, "error");
    char share[32] = "&ndash;", label[32];
    double cost = report_number(row, "cost");

    (void)gen_bytes_text(out, "<tr><td>");
    html_name(key, out);
    (void)gen_bytes_text(out, "</td><td class=\"bar\">");
    if (dearest > 0) {
        (void)snprintf(label, sizeof label, "%.0f %% of the dearest", cost / dearest * 100);
        html_bar("", cost / dearest, label, out);
    }
    (void)gen_bytes_printf(out, "</td><td>%" PRId64 "</td><td>%" PRId64 "</td><td>%.1f</td><td>",
                           gen_node_integer(gen_node_get(row, "jobs"), 0),
                           gen_node_integer(gen_node_get(row, "clips"), 0),
                           report_number(row, "seconds"));
    html_money(row, "cost", decimals, out);
    for (size_t i = 0; i < GEN_COUNT(html_unsettled); i++) {
        if (report->shows[i]) {
            (void)gen_bytes_text(out, "</td><td>");
            html_money(row, html_unsettled[i].key, decimals, out);
        }
    }
    (void)gen_bytes_text(out, "</td><td>");
    html_money(row, "estimate", decimals, out);
    (void)gen_bytes_text(out, "</td><td>");
    html_money(row, "actual", decimals, out);
    if (gen_node_type_of(error) > GEN_NODE_NULL) {
        (void)snprintf(share, sizeof share, "%+.1f&nbsp;%%", gen_node_number(error, 0) * 100 + 0.0);
    }
    (void)gen_bytes_printf(out, "</td><td>%s</td></tr>\n", share);
}

/* How many jobs cost what they were said to cost. */
static void html_accuracy(const struct gen_node *totals, struct gen_bytes *out)
{
    const struct gen_node *within = gen_node_get(totals, "withinTenPercent");
    int64_t judged = gen_node_integer(gen_node_get(totals, "judgedJobs"), 0);

    if (judged > 0 && gen_node_type_of(within) > GEN_NODE_NULL) {
        (void)gen_bytes_printf(out,
                               "<p><small>%.0f of %" PRId64 " finished jobs (%.1f&nbsp;%%) cost "
                               "within 10&nbsp;%% of their estimate.</small></p>\n",
                               gen_node_number(within, 0) * (double)judged, judged,
                               gen_node_number(within, 0) * 100);
    }
}

static void html_table(const struct gen_report *report, struct gen_bytes *out)
{
    const struct gen_node *rows = gen_node_get(report->page, "rows");
    const struct gen_node *totals = gen_node_get(report->page, "totals");
    const char *by = report_key(report->page, "groupBy", "");
    struct html_columns columns = {.decimals = html_decimals(rows)};

    for (const struct gen_node *row = gen_node_first(rows); row != NULL; row = row->next) {
        columns.dearest = fmax(columns.dearest, report_number(row, "cost"));
    }
    (void)gen_bytes_text(out, "<h2>By ");
    gen_report_writing_text(by, out);
    (void)gen_bytes_text(out, "</h2>\n<table>\n<thead><tr><th>");
    gen_report_writing_text(by, out);
    (void)gen_bytes_text(out, "</th><th class=\"bar\"></th><th>Jobs</th><th>Clips</th>"
                              "<th>Seconds</th><th>Cost</th>");
    for (size_t i = 0; i < GEN_COUNT(html_unsettled); i++) {
        columns.shows[i] = report_number(totals, html_unsettled[i].key) > 0;
        if (columns.shows[i]) {
            (void)gen_bytes_printf(out, "<th>%s</th>", html_unsettled[i].head);
        }
    }
    (void)gen_bytes_text(out, "<th>Estimate</th><th>Actual</th><th>Error</th></tr>"
                              "</thead>\n<tbody>\n");
    for (const struct gen_node *row = gen_node_first(rows); row != NULL; row = row->next) {
        html_row(row, report_key(row, "key", "(none)"), &columns, true, out);
    }
    (void)gen_bytes_text(out, "</tbody>\n<tfoot>\n");
    html_row(totals, "Total", &columns, false, out);
    (void)gen_bytes_text(out, "</tfoot>\n</table>\n");
    (void)gen_bytes_text(out,
                         "<p><small>Estimate and actual are those of finished clips; the error is "
                         "between these two.</small></p>\n");
    html_accuracy(totals, out);
}

static void html_saving(const struct gen_node *savings, const char *key, int decimals,
                        struct gen_bytes *out)
{
    double amount = report_number(savings, key);

    (void)gen_bytes_printf(out, "<td%s>",
                           amount > 0   ? " class=\"good\""
                           : amount < 0 ? " class=\"bad\""
                                        : "");
    html_money(savings, key, decimals, out);
    (void)gen_bytes_text(out, "</td></tr>\n");
}

static void html_savings(const struct gen_report *report, struct gen_bytes *out)
{
    static const struct {
        const char *key, *word;
    } reasons[] = {{"providerArbitrage", "Another model than that of the comparison"},
                   {"batchProcessing", "Lower prices for volume"},
                   {"offPeakUsage", "Lower prices off peak"},
                   {"cachedResults", "Clips that were there already"},
                   {"execution", "Retries, failures, and bills that differ from estimates"},
                   {NULL, NULL}};
    const struct gen_node *savings = gen_node_get(report->page, "savings");
    int decimals = 2;

    for (size_t i = 0; reasons[i].key != NULL; i++) {
        decimals = html_decimals_of(savings, reasons[i].key, decimals);
    }
    (void)gen_bytes_text(out, "<h2>Savings</h2>\n<table>\n<tbody>\n");
    for (size_t i = 0; reasons[i].key != NULL; i++) {
        (void)gen_bytes_printf(out, "<tr><td>%s</td>", reasons[i].word);
        html_saving(savings, reasons[i].key, decimals, out);
    }
    (void)gen_bytes_text(out, "</tbody>\n<tfoot><tr><td>In all <small>against ");
    html_money(savings, "baseline", 2, out);
    (void)gen_bytes_text(out, " for the same videos on the model that was named first, or on that "
                              "of the tier</small></td>");
    html_saving(savings, "total", decimals, out);
    (void)gen_bytes_text(out, "</tfoot>\n</table>\n");
}

void gen_report_writing_html(const struct gen_report *report, struct gen_bytes *out)
{
    char at[20];

    html_head(report, out);
    html_cards(report, out);
    html_table(report, out);
    html_savings(report, out);
    (void)snprintf(at, sizeof at, "%.19s", report_key(report->statement, "updatedAt", ""));
    (void)gen_bytes_text(out, "<footer>Statement ");
    gen_report_writing_text(report_key(report->statement, "trackingId", ""), out);
    (void)gen_bytes_text(out, ", as of ");
    gen_report_writing_text(at, out);
    (void)gen_bytes_text(out, " UTC. Sums go by the moment of the charge; what is left of a budget "
                              "counts money from the moment it was first held.</footer>\n</body>\n"
                              "</html>\n");
}
