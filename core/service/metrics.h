/* metrics.h - figures for Prometheus, in its text format.
 *
 * Each metric is a row of a table; what it shows is asked from the rooms that count.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/metrics_test.c
 */
#ifndef GEN_SERVICE_METRICS_H
#define GEN_SERVICE_METRICS_H

#include "engine/engine.h"
#include "engine/outbox.h"
#include "service/call.h"
#include "store/reading.h"

struct gen_figures { /* one look at everything that counts */
    struct gen_engine_figures engine;
    struct gen_store_figures store;
    struct gen_read_counts counts;
    struct gen_outbox_figures outbox;
    size_t connections, streams, waiting_sets;
    int64_t uptime_ms;
    const struct gen_service *service; /* for requests; NULL = none */
    const char *version;
};

/* Handler of the route. */
gen_route_handler gen_metrics_show;

/* The whole text. Sticky failure of `out`. */
void gen_metrics_write(const struct gen_figures *figures, struct gen_bytes *out);

#endif
