/* report_writing.h - a report of costs as a file: CSV for a spreadsheet, or one page of HTML to print.
 *
 * CSV is RFC 4180 (CRLF, quotes doubled); a text that a spreadsheet would take for a formula gets a ' before
 * it. The page stands alone: no scripts, nothing loaded from elsewhere, its picture is drawn in it.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/report_writing_test.c
 */
#ifndef GEN_CLI_REPORT_WRITING_H
#define GEN_CLI_REPORT_WRITING_H

#include "base/bytes.h"
#include "base/node.h"

struct gen_report {
    const struct gen_node *statement; /* GET /v1/costs/statement */
    const struct gen_node *page;      /* GET /v1/costs; its rows are those of all pages */
};

/* Rows, then the total. */
void gen_report_writing_csv(const struct gen_report *report, struct gen_bytes *out);

/* The page: sums, a picture of the dearest rows, the rows, savings. */
void gen_report_writing_html(const struct gen_report *report, struct gen_bytes *out);

/* One cell with its quotes where it needs them, and made harmless. */
void gen_report_writing_cell(const char *text, struct gen_bytes *out);
/* A text with <, >, &, " and ' as HTML writes them; control characters are left out. */
void gen_report_writing_text(const char *text, struct gen_bytes *out);

#endif
