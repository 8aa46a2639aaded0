/* report_writing.c - see report_writing.h. */
#include "cli/report_writing.h"

#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    REPORT_KEY = 30,  /* bytes of a key in the picture */
    REPORT_BARS = 24, /* at most */
    BAR_HEIGHT = 26,
    BAR_LEFT = 190,
    BAR_WIDTH = 420,
    PICTURE_WIDTH = 720,
};

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

void gen_report_writing_cell(const char *text, struct gen_bytes *out)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL;
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

static const char html_style[] =
    ":root{color-scheme:light}"
    "body{font:15px/1.5 system-ui,-apple-system,'Segoe "
    "UI',sans-serif;color:#1c1d1f;background:#fff;"
    "max-width:760px;margin:48px auto;padding:0 20px}"
    "h1{font-size:24px;font-weight:600;margin:0 0 2px}h2{font-size:15px;font-weight:600;"
    "margin:36px 0 8px}p{margin:4px 0}.sub,small{color:#5f6368}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{text-align:right;padding:6px 0 6px 16px;border-bottom:1px solid #e4e5e7}"
    "th{font-weight:500;color:#5f6368;font-size:13px}"
    "th:first-child,td:first-child{text-align:left;padding-left:0;overflow-wrap:anywhere}"
    "tfoot td{font-weight:600;border-bottom:0}"
    ".big{display:flex;flex-wrap:wrap;gap:12px 44px;margin:24px 0 0}.big b{display:block;"
    "font-size:22px;font-weight:600}.big span{color:#5f6368;font-size:13px}"
    "svg{display:block;width:100%;height:auto}"
    "@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}";

static void html_money(const struct gen_node *map, const char *key, struct gen_bytes *out)
{
    char text[GEN_MONEY_TEXT_SIZE];

    (void)report_money(map, key, text);
    if (text[0] == '\0') {
        (void)gen_bytes_text(out, "&ndash;");
    } else {
        (void)gen_bytes_printf(out, "%s$%s", text[0] == '-' ? "&minus;" : "",
                               text + (text[0] == '-'));
    }
}

static void html_figure(const char *name, const struct gen_node *map, const char *key,
                        struct gen_bytes *out)
{
    (void)gen_bytes_text(out, "<div><b>");
    html_money(map, key, out);
    (void)gen_bytes_printf(out, "</b><span>%s</span></div>\n", name);
}

static void html_head(const struct gen_report *report, struct gen_bytes *out)
{
    const struct gen_node *period = gen_node_get(report->page, "period");
    const struct gen_node *totals = gen_node_get(report->statement, "totals");
    const char *team = report_key(report->statement, "teamId", NULL);
    const char *user = report_key(report->statement, "userId", NULL);
    const char *name = report_key(report->statement, "period", "");

    (void)gen_bytes_text(out,
                         "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Costs ");
    gen_report_writing_text(name, out);
    (void)gen_bytes_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<h1>Costs ",
                           html_style);
    gen_report_writing_text(name, out);
    (void)gen_bytes_printf(out, "</h1>\n<p class=\"sub\">%.10s to %.10s (before), in US dollars",
                           report_key(period, "from", ""), report_key(period, "to", ""));
    if (team != NULL || user != NULL) {
        (void)gen_bytes_printf(out, ", %s ", team != NULL ? "team" : "user");
        gen_report_writing_text(team != NULL ? team : user, out);
    }
    (void)gen_bytes_text(out, "</p>\n<div class=\"big\">\n");
    html_figure("charged, less refunds", totals, "cost", out);
    html_figure("budget", totals, "budget", out);
    html_figure("left of it", totals, "remaining", out);
    html_figure("saved in all", gen_node_get(report->page, "savings"), "total", out);
    (void)gen_bytes_text(out, "</div>\n");
}

/* The dearest rows as bars. */
static void html_picture(const struct gen_report *report, struct gen_bytes *out)
{
    const struct gen_node *rows = gen_node_get(report->page, "rows");
    size_t count = gen_node_count(rows), shown = count < REPORT_BARS ? count : REPORT_BARS, i = 0;
    double dearest = 0;

    for (const struct gen_node *row = gen_node_first(rows); row != NULL; row = row->next) {
        dearest = fmax(dearest, report_number(row, "cost"));
    }
    if (shown == 0 || dearest <= 0) {
        return;
    }
    (void)gen_bytes_printf(
        out,
        "<h2>By %s</h2>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
        "%d %zu\" role=\"img\" aria-label=\"Costs as bars; the table has the "
        "figures\" font-family=\"inherit\" font-size=\"13\">\n",
        report_key(report->page, "groupBy", ""), (int)PICTURE_WIDTH, shown * BAR_HEIGHT + 4);
    for (const struct gen_node *row = gen_node_first(rows); row != NULL && i < shown;
         row = row->next, i++) {
        double cost = report_number(row, "cost");
        double width = cost > 0 ? fmax(cost / dearest * BAR_WIDTH, 1.5) : 0;
        size_t y = i * BAR_HEIGHT;
        const char *name = report_key(row, "key", "(none)");
        size_t size = strlen(name);
        char key[REPORT_KEY + 1];

        for (size = size < REPORT_KEY ? size : REPORT_KEY;
             size > 0 && ((unsigned char)name[size] & 0xc0) == 0x80; size--) {
        } /* not into the middle of a character */
        memcpy(key, name, size);
        key[size] = '\0';
        (void)gen_bytes_printf(out,
                               "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\" fill=\"#1c1d1f\">",
                               (int)(BAR_LEFT - 10), y + 17);
        gen_report_writing_text(key, out);
        (void)gen_bytes_printf(
            out,
            "</text><rect x=\"%d\" y=\"%zu\" width=\"%.1f\" height=\"14\" rx=\"2\" "
            "fill=\"#3367d6\"/><text x=\"%.1f\" y=\"%zu\" fill=\"#5f6368\">",
            (int)BAR_LEFT, y + 6, width, (double)BAR_LEFT + width + 8, y + 17);
        html_money(row, "cost", out);
        (void)gen_bytes_text(out, "</text>\n");
    }
    (void)gen_bytes_text(out, "</svg>\n");
}

static void html_row(const struct gen_node *row, const char *key, struct gen_bytes *out)
{
    const struct gen_node *error = gen_node_get(row, "error");
    char share[32] = "&ndash;";

    (void)gen_bytes_text(out, "<tr><td>");
    gen_report_writing_text(key, out);
    (void)gen_bytes_printf(out, "</td><td>%" PRId64 "</td><td>%" PRId64 "</td><td>%.1f</td><td>",
                           gen_node_integer(gen_node_get(row, "jobs"), 0),
                           gen_node_integer(gen_node_get(row, "clips"), 0),
                           report_number(row, "seconds"));
    html_money(row, "estimate", out);
    (void)gen_bytes_text(out, "</td><td>");
    html_money(row, "cost", out);
    if (gen_node_type_of(error) > GEN_NODE_NULL) {
        (void)snprintf(share, sizeof share, "%+.1f&nbsp;%%", gen_node_number(error, 0) * 100 + 0.0);
    }
    (void)gen_bytes_printf(out, "</td><td>%s</td></tr>\n", share);
}

static void html_table(const struct gen_report *report, struct gen_bytes *out)
{
    (void)gen_bytes_printf(out,
                           "<h2>Figures</h2>\n<table>\n<thead><tr><th>%s</th><th>Jobs</th>"
                           "<th>Clips</th><th>Seconds</th><th>Estimate</th><th>Cost</th>"
                           "<th>Error</th></tr></thead>\n<tbody>\n",
                           report_key(report->page, "groupBy", ""));
    for (const struct gen_node *row = gen_node_first(gen_node_get(report->page, "rows"));
         row != NULL; row = row->next) {
        html_row(row, report_key(row, "key", "(none)"), out);
    }
    (void)gen_bytes_text(out, "</tbody>\n<tfoot>\n");
    html_row(gen_node_get(report->page, "totals"), "Total", out);
    (void)gen_bytes_text(out, "</tfoot>\n</table>\n");
}

static void html_savings(const struct gen_report *report, struct gen_bytes *out)
{
    static const struct {
        const char *key, *word;
    } reasons[] = {{"providerArbitrage", "another model than that of the baseline"},
                   {"batchProcessing", "lower prices for volume"},
                   {"offPeakUsage", "lower prices off peak"},
                   {"cachedResults", "clips that were there already"},
                   {"execution", "retries, failures, and bills that differ from estimates"},
                   {NULL, NULL}};
    const struct gen_node *savings = gen_node_get(report->page, "savings");

    (void)gen_bytes_text(out, "<h2>Savings</h2>\n<table>\n<tbody>\n");
    for (size_t i = 0; reasons[i].key != NULL; i++) {
        (void)gen_bytes_printf(out, "<tr><td>%s</td><td>", reasons[i].word);
        html_money(savings, reasons[i].key, out);
        (void)gen_bytes_text(out, "</td></tr>\n");
    }
    (void)gen_bytes_text(out, "</tbody>\n<tfoot><tr><td>In all, against ");
    html_money(savings, "baseline", out);
    (void)gen_bytes_text(out, " for the same videos on the model that was named first, or on that "
                              "of the tier</td><td>");
    html_money(savings, "total", out);
    (void)gen_bytes_text(out, "</td></tr></tfoot>\n</table>\n");
}

void gen_report_writing_html(const struct gen_report *report, struct gen_bytes *out)
{
    html_head(report, out);
    html_picture(report, out);
    html_table(report, out);
    html_savings(report, out);
    (void)gen_bytes_printf(out,
                           "<p><small>Statement %s, as of %.19s UTC. Sums go by the moment of the "
                           "charge; what is left of a budget counts money from the moment it was "
                           "first held.</small></p>\n</body>\n</html>\n",
                           report_key(report->statement, "trackingId", ""),
                           report_key(report->statement, "updatedAt", ""));
}
