/* annals_test.c - uptimes over several runs of the daemon, on a clock of our own and a real store. */
#include "engine/annals.h"

#include "base/alloc.h"
#include "platform/files.h"
#include "store/history_reading.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(annals, .timeout = 60);

#define MINUTE INT64_C(60000)
#define BEGIN (INT64_C(500000) * 3600000) /* on the hour */

struct run { /* of the daemon */
    struct gen_loop *loop;
    struct gen_store *store;
    struct gen_engine_options options;
    struct gen_vitals *vitals;
    struct gen_annals *annals;
    struct gen_clock clock;
    struct gen_error err;
};

static gen_moment told; /* by the clock */

static gen_moment tell(void *context)
{
    (void)context;
    return told;
}

static void run_begin(struct run *run, const char *path)
{
    struct gen_store_options store = {.path = path, .volatile_ok = true};

    memset(run, 0, sizeof *run);
    cr_assert(gen_loop_create(&run->loop, &run->err) == GEN_OK);
    store.loop = run->loop;
    cr_assert(gen_store_open(&store, &run->store, &run->err) == GEN_OK, "%s", run->err.message);
    run->clock = (struct gen_clock){.now = tell};
    run->options = (struct gen_engine_options){.store = run->store, .clock = &run->clock};
    run->vitals = gen_vitals_create();
    cr_assert(gen_annals_create(&run->options, run->vitals, &run->annals, &run->err) == GEN_OK,
              "%s", run->err.message);
}

static void run_end(struct run *run)
{
    gen_annals_destroy(run->annals);
    while (gen_store_waiting(run->store) > 0) {
        gen_loop_turn(run->loop);
    }
    gen_loop_poll(run->loop);
    gen_vitals_destroy(run->vitals);
    gen_store_close(run->store);
    gen_loop_destroy(run->loop);
}

/* News each minute, from the told time on. */
static void live(struct run *run, int minutes, bool good)
{
    for (int i = 0; i < minutes; i++, told += MINUTE) {
        if (good) {
            gen_vitals_good(run->vitals, "veo", told, -1);
        } else {
            gen_vitals_bad(run->vitals, "veo", told, "down");
        }
    }
}

static double uptime(struct run *run, int days)
{
    return gen_vitals_uptime(run->vitals, "veo", told, days);
}

static void remember(void *context, const struct gen_past_hour *past)
{
    char *text = context;

    snprintf(text + strlen(text), 400 - strlen(text), "%s %ld +%d -%d; ", past->provider,
             (long)(past->hour - BEGIN / GEN_VITALS_HOUR_MS), past->up_minutes, past->down_minutes);
}

Test(annals, an_uptime_outlives_the_daemon)
{
    char folder[] = "/tmp/gen-annals-XXXXXX", path[64], hours[400] = "";
    struct run run;

    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/gen.db", folder);
    told = BEGIN;
    run_begin(&run, path);
    cr_assert(uptime(&run, 30) < 0, "nothing is known");
    live(&run, 91, true);
    live(&run, 30, false);
    run_end(&run);

    told += 2 * 60 * MINUTE; /* away for two hours */
    run_begin(&run, path);
    cr_assert(gen_read_past_hours(run.store, 0, remember, hours, &run.err) == GEN_OK);
    /* the news of the first minute was the first of all; what came after the last writing is lost */
    cr_assert(eq(str, hours, "veo 0 +60 -0; veo 1 +31 -29; veo 2 +0 -1; "), "%s", hours);
    cr_assert(fabs(uptime(&run, 30) - 91.0 / 121.0) < 1e-9, "%f", uptime(&run, 30));
    cr_assert(fabs(uptime(&run, 1) - 91.0 / 121.0) < 1e-9);
    live(&run, 6, true); /* goes on in the same figures */
    cr_assert(fabs(uptime(&run, 30) - 97.0 / 127.0) < 0.01, "%f", uptime(&run, 30));
    run_end(&run);

    told += 40 * 24 * 60 * MINUTE; /* all of that is too long ago */
    run_begin(&run, path);
    cr_assert(uptime(&run, 30) < 0);
    run_end(&run);

    told += 60 * 24 * 60 * MINUTE; /* old hours go with the first that is written */
    run_begin(&run, path);
    live(&run, 7, true);
    run_end(&run);
    run_begin(&run, path);
    hours[0] = '\0';
    cr_assert(gen_read_past_hours(run.store, 0, remember, hours, &run.err) == GEN_OK);
    cr_assert(strstr(hours, "veo 0 ") == NULL && strstr(hours, " +6 -0; ") != NULL, "%s", hours);
    run_end(&run);
    cr_assert(gen_files_remove_tree(folder, &run.err) == GEN_OK);
}

/* A daemon that is started again and again within one hour adds to that hour. */
Test(annals, several_runs_in_one_hour)
{
    char folder[] = "/tmp/gen-annals-XXXXXX", path[64];
    struct run run;

    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/gen.db", folder);
    told = BEGIN;
    for (int i = 0; i < 3; i++) {
        run_begin(&run, path);
        live(&run, 11, i != 1);
        run_end(&run);
    }
    run_begin(&run, path);
    cr_assert(fabs(uptime(&run, 30) - 22.0 / 33.0) < 1e-9, "%f", uptime(&run, 30));
    run_end(&run);
    cr_assert(gen_files_remove_tree(folder, &run.err) == GEN_OK);
}

Test(annals, every_allocation_may_fail)
{
    struct gen_annals *annals = NULL;
    struct run run;
    enum gen_status status = GEN_ENOMEM;

    told = BEGIN;
    run_begin(&run, ":memory:");
    gen_annals_destroy(run.annals);
    for (long nth = 1; status != GEN_OK; nth++) {
        gen_alloc_fail_at(nth);
        status = gen_annals_create(&run.options, run.vitals, &annals, &run.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %d", nth, status);
    }
    run.annals = annals;
    for (long nth = 1; nth < 60; nth++) { /* what is not written now is the next time */
        gen_alloc_fail_at(nth);
        live(&run, 6, true);
        gen_alloc_fail_at(0);
    }
    run_end(&run);
}
