/* metrics.c - see metrics.h. */
#include "service/metrics.h"

#include "base/number.h"
#include "platform/http_server.h"
#include "service/event_stream.h"

#include <inttypes.h>

enum { METRICS_MOST = 1024 * 1024 };

typedef void metric_write(const char *name, const struct gen_figures *figures,
                          struct gen_bytes *out);

struct metric {
    const char *name, *type, *help;
    metric_write *write; /* where it is more than one number, or */
    size_t offset;       /* a number in struct gen_figures: */
    enum metric_number {
        METRIC_SIZE = 1,
        METRIC_COUNT,
        METRIC_INT,
        METRIC_MS,
        METRIC_MICROS
    } number;
};

/* ---------------------------------------------------------------------- more than one number -- */

static void write_build(const char *name, const struct gen_figures *figures, struct gen_bytes *out)
{
    gen_bytes_printf(out, "%s{version=\"%s\"} 1\n", name, figures->version);
}

static void write_jobs(const char *name, const struct gen_figures *figures, struct gen_bytes *out)
{
    for (int status = GEN_JOB_QUEUED; status <= GEN_JOB_CANCELED; status++) {
        gen_bytes_printf(out, "%s{status=\"%s\"} %" PRId64 "\n", name,
                         gen_job_status_word((enum gen_job_status)status),
                         figures->counts.jobs[status]);
    }
}

static void write_attempts(const char *name, const struct gen_figures *figures,
                           struct gen_bytes *out)
{
    for (int state = GEN_ATTEMPT_PLANNED; state <= GEN_ATTEMPT_AMBIGUOUS; state++) {
        gen_bytes_printf(out, "%s{state=\"%s\"} %" PRId64 "\n", name,
                         gen_attempt_word((enum gen_attempt_state)state),
                         figures->counts.attempts[state]);
    }
}

static void write_requests(const char *name, const struct gen_figures *figures,
                           struct gen_bytes *out)
{
    const struct gen_service *service = figures->service;

    for (size_t row = 0; service != NULL; row++) {
        const struct gen_route *route = &service->routes[row];

        for (size_t class = 0; class < GEN_CALL_CLASSES; class ++) {
            uint64_t count = service->counts[row * GEN_CALL_CLASSES + class];

            if (count > 0) {
                gen_bytes_printf(
                    out, "%s{operation=\"%s\",status=\"%s\"} %" PRIu64 "\n", name,
                    route->method == NULL ? "none" : route->operation,
                    (const char *[]){"refused", "1xx", "2xx", "3xx", "4xx", "5xx"}[class], count);
            }
        }
        if (route->method == NULL) {
            break;
        }
    }
}

/* Nothing where nothing has been judged yet: 0 would be an alarm. */
static void write_within(const char *name, int64_t within, const struct gen_figures *figures,
                         struct gen_bytes *out)
{
    if (figures->engine.estimates.judged > 0) {
        gen_bytes_printf(out, "%s %.4f\n", name,
                         (double)within / (double)figures->engine.estimates.judged);
    }
}

static void write_within_middle(const char *name, const struct gen_figures *figures,
                                struct gen_bytes *out)
{
    write_within(name, figures->engine.estimates.by_middle, figures, out);
}

static void write_within_late(const char *name, const struct gen_figures *figures,
                              struct gen_bytes *out)
{
    write_within(name, figures->engine.estimates.by_late, figures, out);
}

/* --------------------------------------------------------------------------------- the table -- */

#define AT(member) NULL, offsetof(struct gen_figures, member)

static const struct metric table[] = {
    {"gen_build_info", "gauge", "Version that runs; always 1.", write_build, 0, 0},
    {"gen_uptime_seconds", "gauge", "Time since the daemon started.", AT(uptime_ms), METRIC_MS},
    {"gen_jobs", "gauge", "Jobs by status, all that the store knows.", write_jobs, 0, 0},
    {"gen_attempts", "gauge", "Attempts by state, all that the store knows.", write_attempts, 0, 0},
    {"gen_open_jobs", "gauge", "Jobs that are not over.", AT(engine.open_jobs), METRIC_SIZE},
    {"gen_waiting_shots", "gauge", "Shots that wait for their provider.", AT(engine.waiting_shots),
     METRIC_SIZE},
    {"gen_working_shots", "gauge", "Shots that are being rendered.", AT(engine.working_shots),
     METRIC_SIZE},
    {"gen_running_programs", "gauge", "Programs that run on this machine.",
     AT(engine.running_programs), METRIC_SIZE},
    {"gen_waiting_programs", "gauge", "Programs that wait for a processor.",
     AT(engine.waiting_programs), METRIC_SIZE},
    {"gen_programs_started_total", "counter", "Programs started.", AT(engine.programs_started),
     METRIC_COUNT},
    {"gen_programs_busy_seconds_total", "counter", "Time with at least one program running.",
     AT(engine.programs_busy_ms), METRIC_MS},
    {"gen_programs_wall_seconds_total", "counter", "Time of all programs, added up.",
     AT(engine.programs_wall_ms), METRIC_MS},
    {"gen_programs_cpu_seconds_total", "counter", "Processor time of all programs.",
     AT(engine.programs_cpu_ms), METRIC_MS},
    {"gen_admitted_total", "counter", "Jobs admitted since the start.", AT(engine.admitted),
     METRIC_COUNT},
    {"gen_refused_total", "counter", "Jobs not admitted since the start.", AT(engine.refused),
     METRIC_COUNT},
    {"gen_engine_inputs_total", "counter", "What happened to jobs, since the start.",
     AT(engine.inputs), METRIC_COUNT},
    {"gen_engine_inputs_dropped_total", "counter", "Of these, what came too late to matter.",
     AT(engine.dropped_inputs), METRIC_COUNT},
    {"gen_estimates_judged", "gauge", "Renders whose estimated end was compared with the real one.",
     AT(engine.estimates.judged), METRIC_INT},
    {"gen_estimate_within_p50_ratio", "gauge",
     "Of these, done by the middle estimate; 0.5 is right.", write_within_middle, 0, 0},
    {"gen_estimate_within_p90_ratio", "gauge", "Of these, done by the late estimate; 0.9 is right.",
     write_within_late, 0, 0},
    {"gen_money_held_dollars", "gauge", "Promised to attempts that are not settled.",
     AT(counts.money.held), METRIC_MICROS},
    {"gen_money_spent_dollars", "gauge", "Charged so far.", AT(counts.money.spent), METRIC_MICROS},
    {"gen_money_unverified_dollars", "gauge", "May have been billed; nobody could find out.",
     AT(counts.money.unverified), METRIC_MICROS},
    {"gen_outputs", "gauge", "Finished videos in the store.", AT(counts.outputs), METRIC_INT},
    {"gen_output_bytes", "gauge", "Their size.", AT(counts.output_bytes), METRIC_INT},
    {"gen_assets", "gauge", "Uploaded files in the store.", AT(counts.assets), METRIC_INT},
    {"gen_asset_bytes", "gauge", "Their size.", AT(counts.asset_bytes), METRIC_INT},
    {"gen_store_commits_total", "counter", "Durable commits since the start.", AT(store.commits),
     METRIC_COUNT},
    {"gen_store_sets_total", "counter", "Change sets in them.", AT(store.sets), METRIC_COUNT},
    {"gen_store_refused_total", "counter", "Change sets that a guard refused.", AT(store.refused),
     METRIC_COUNT},
    {"gen_store_commit_seconds_total", "counter", "Time spent in commits.",
     AT(store.commit_ms_total), METRIC_MS},
    {"gen_store_commit_seconds_most", "gauge", "The longest commit.", AT(store.commit_ms_most),
     METRIC_MS},
    {"gen_store_waiting_sets", "gauge", "Change sets that are not committed yet.", AT(waiting_sets),
     METRIC_SIZE},
    {"gen_http_requests_total", "counter", "Requests answered, by operation and status.",
     write_requests, 0, 0},
    {"gen_http_connections", "gauge", "Open connections to the API.", AT(connections), METRIC_SIZE},
    {"gen_outbox_subscribers", "gauge", "Webhooks and others who are told of events.",
     AT(outbox.subscribers), METRIC_SIZE},
    {"gen_outbox_failing", "gauge", "Of these, whose last delivery failed.", AT(outbox.failing),
     METRIC_SIZE},
    {"gen_outbox_parked", "gauge", "Of these, those that wait for a person.", AT(outbox.parked),
     METRIC_SIZE},
    {"gen_outbox_waiting_events", "gauge",
     "Events that the slowest active subscriber has not been told, or looked at, yet.",
     AT(outbox.waiting), METRIC_INT},
    {"gen_outbox_oldest_seconds", "gauge", "Age of the oldest of these.", AT(outbox.oldest_ms),
     METRIC_MS},
    {"gen_outbox_delivered_total", "counter", "Deliveries that arrived, since the start.",
     AT(outbox.delivered), METRIC_COUNT},
    {"gen_outbox_failed_total", "counter", "Deliveries that failed and are tried again.",
     AT(outbox.failed), METRIC_COUNT},
    {"gen_outbox_set_aside_total", "counter", "Deliveries that were refused for good.",
     AT(outbox.set_aside), METRIC_COUNT},
    {"gen_event_streams", "gauge", "Readers of the live stream.", AT(streams), METRIC_SIZE},
    {NULL, NULL, NULL, NULL, 0, 0},
};

static void write_number(const struct metric *metric, const struct gen_figures *figures,
                         struct gen_bytes *out)
{
    const char *at = (const char *)figures + metric->offset;
    char text[GEN_NUMBER_TEXT_SIZE], money[GEN_MONEY_TEXT_SIZE];

    gen_bytes_printf(out, "%s ", metric->name);
    switch (metric->number) {
    case METRIC_SIZE:
        gen_bytes_printf(out, "%zu", *(const size_t *)(const void *)at);
        break;
    case METRIC_COUNT:
        gen_bytes_printf(out, "%" PRIu64, *(const uint64_t *)(const void *)at);
        break;
    case METRIC_INT:
        gen_bytes_printf(out, "%" PRId64, *(const int64_t *)(const void *)at);
        break;
    case METRIC_MS:
        gen_bytes_text(out,
                       gen_number_text((double)*(const int64_t *)(const void *)at / 1000, text));
        break;
    case METRIC_MICROS:
        gen_bytes_text(out, gen_money_text(*(const gen_micros *)(const void *)at, 0, money));
        break;
    }
    gen_bytes_text(out, "\n");
}

void gen_metrics_write(const struct gen_figures *figures, struct gen_bytes *out)
{
    for (const struct metric *metric = table; metric->name != NULL; metric++) {
        gen_bytes_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help,
                         metric->name, metric->type);
        if (metric->write != NULL) {
            metric->write(metric->name, figures, out);
        } else {
            write_number(metric, figures, out);
        }
    }
}

void gen_metrics_show(struct gen_call *call)
{
    const struct gen_service *service = call->service;
    struct gen_figures figures = {.service = service, .version = service->version};
    struct gen_error err = {0};
    struct gen_bytes text;

    gen_engine_figures(service->engine, &figures.engine);
    gen_store_figures(service->store, &figures.store);
    figures.waiting_sets = gen_store_waiting(service->store);
    figures.streams = gen_event_stream_count(service->stream);
    figures.uptime_ms = gen_clock_now(service->clock) - service->started_at;
    if (service->outbox != NULL) {
        gen_outbox_figures(service->outbox, &figures.outbox);
    }
    if (service->server != NULL) {
        figures.connections = gen_http_server_connections(service->server);
    }
    if (gen_read_counts(service->store, &figures.counts, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    gen_bytes_init(&text, METRICS_MOST);
    gen_metrics_write(&figures, &text);
    if (gen_bytes_status(&text) == GEN_OK) {
        gen_call_reply_text(call, 200, "text/plain; version=0.0.4; charset=utf-8", text.data,
                            text.size);
    } else {
        (void)gen_error_set(&err, GEN_ENOMEM, "no memory for the metrics; try again");
        gen_call_fail(call, &err);
    }
    gen_bytes_fini(&text);
}
