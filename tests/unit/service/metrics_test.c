/* metrics_test.c - core/service/metrics.c: the text that Prometheus reads. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "service/metrics.h"

#include <stdio.h>
#include <string.h>

static struct gen_figures some_figures(void)
{
    struct gen_figures figures = {.version = "1.2.3", .uptime_ms = 1500, .connections = 2};

    figures.counts.jobs[GEN_JOB_FAILED] = 7;
    figures.counts.attempts[GEN_ATTEMPT_AMBIGUOUS] = 1;
    figures.counts.money.spent = 1234567;
    figures.engine.admitted = 42;
    figures.engine.estimates = (struct gen_durations_score){200, 96, 182};
    return figures;
}

Test(metrics, text)
{
    static const char *const lines[] = {
        "\ngen_jobs{status=\"failed\"} 7\n",
        "\ngen_jobs{status=\"queued\"} 0\n",
        "\ngen_attempts{state=\"ambiguous\"} 1\n",
        "\ngen_money_spent_dollars 1.234567\n",
        "\ngen_admitted_total 42\n",
        "\ngen_estimates_judged 200\n",
        "\ngen_estimate_within_p50_ratio 0.4800\n",
        "\ngen_estimate_within_p90_ratio 0.9100\n",
        "\ngen_uptime_seconds 1.5\n",
        "\ngen_build_info{version=\"1.2.3\"} 1\n",
        "\n# TYPE gen_admitted_total counter\n",
    };
    struct gen_figures figures = some_figures();
    struct gen_bytes text;

    gen_bytes_init(&text, 65536);
    gen_metrics_write(&figures, &text);
    cr_assert(gen_bytes_status(&text) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(lines); i++) {
        cr_expect(strstr(text.data, lines[i]) != NULL, "no %s", lines[i]);
    }
    gen_bytes_fini(&text);
}

/* Every sample follows the HELP and TYPE of its own metric, and each metric comes once. */
Test(metrics, form)
{
    struct gen_figures figures = some_figures();
    char name[64] = "", type[64] = "";
    struct gen_bytes text;

    gen_bytes_init(&text, 65536);
    gen_metrics_write(&figures, &text);
    for (const char *line = text.data; *line != '\0'; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, "# HELP ", 7) == 0) {
            char needle[80];

            cr_assert(sscanf(line, "# HELP %63s", name) == 1);
            snprintf(needle, sizeof needle, "# HELP %s ", name);
            cr_expect(strstr(line + 1, needle) == NULL, "%s comes twice", name);
        } else if (strncmp(line, "# TYPE ", 7) == 0) {
            cr_assert(sscanf(line, "# TYPE %63s", type) == 1);
            cr_expect(strcmp(name, type) == 0);
        } else {
            cr_expect(strncmp(line, name, strlen(name)) == 0 &&
                          strchr("{ ", line[strlen(name)]) != NULL,
                      "%.40s", line);
        }
    }
    gen_bytes_fini(&text);
}

Test(metrics, no_memory)
{
    struct gen_figures figures = some_figures();
    struct gen_bytes text;

    gen_bytes_init(&text, 65536);
    gen_alloc_fail_at(1);
    gen_metrics_write(&figures, &text);
    gen_alloc_fail_at(0);
    cr_expect(gen_bytes_status(&text) == GEN_ENOMEM);
    gen_bytes_fini(&text);
}
