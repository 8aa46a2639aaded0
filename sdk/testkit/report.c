/* report.c - see report.h. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const report_functions[REPORT_FUNCTIONS] = {
    "configure", "capabilities", "format",  "cost",   "submit", "poll",
    "fetch",     "extension",    "recover", "cancel", "health"};

/* Lines are shorter than PIPE_BUF, so each arrives whole; nobody is left to tell of a failed write. */
static void report_write(const struct report *report, const char *line, size_t size)
{
    while (size > 0) {
        ssize_t written = write(report->fd, line, size);

        if (written <= 0) {
            return;
        }
        line += written;
        size -= (size_t)written;
    }
}

static void report_line(const struct report *report, const char *kind, const char *where,
                        const char *text)
{
    char line[REPORT_LINE];
    int head = snprintf(line, sizeof(line), "%s\t%s\t", kind, where);
    size_t size = strlen(line);

    for (; head > 0 && *text != '\0' && size < sizeof(line) - 2; text++) {
        line[size++] = *text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text;
    }
    line[size++] = '\n';
    report_write(report, line, size);
}

void report_phase(struct report *report, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(report->phase, sizeof(report->phase), format, arguments);
    va_end(arguments);
    report_line(report, "phase", report->phase, "");
}

void report_finding(struct report *report, const char *format, ...)
{
    char text[REPORT_LINE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    report->findings++;
    report_line(report, "finding", report->phase, text);
}

void report_advice(struct report *report, const char *text)
{
    report_line(report, "advice", report->phase, text);
}

void report_fact(struct report *report, const char *key, const char *value)
{
    report_line(report, "fact", key, value);
}

void report_model(struct report *report, const char *json)
{
    report_line(report, "model", "", json);
}

void report_called(struct report *report, enum report_function function, size_t times)
{
    report->called[function] += times;
}

void report_end(struct report *report)
{
    char calls[32];
    size_t total = 0;

    for (size_t i = 0; i < REPORT_FUNCTIONS; i++) {
        (void)snprintf(calls, sizeof(calls), "%zu", report->called[i]);
        report_line(report, "called", report_functions[i], calls);
        total += report->called[i];
    }
    (void)snprintf(calls, sizeof(calls), "%zu", total);
    report_line(report, "end", calls, "");
}

void report_raw(const struct report *report, const char *text, const char *detail)
{
    static const char head[] = "finding\t", tab[] = "\t", end[] = "\n";

    report_write(report, head, sizeof(head) - 1);
    report_write(report, report->phase, strlen(report->phase));
    report_write(report, tab, 1);
    report_write(report, text, strlen(text));
    report_write(report, detail, strlen(detail));
    report_write(report, end, 1);
}
