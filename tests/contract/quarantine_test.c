/* quarantine_test.c - a plugin that passed its trial and then ends the process, at every start. */
#include "host/quarantine.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PLUGIN CONTRACT_PLUGINS "/naughty/naughty0.so"
#define OTHER CONTRACT_PLUGINS "/naughty/naughty1.so"

struct bed {
    char folder[64], path[128];
    struct gen_error err;
};

static void bed_make(struct bed *bed)
{
    memset(bed, 0, sizeof(*bed));
    cr_assert(eq(int, gen_crypto_init(&bed->err), GEN_OK));
    strcpy(bed->folder, "/tmp/quarantine-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(bed->folder), NULL));
    snprintf(bed->path, sizeof(bed->path), "%s/plugins.calls", bed->folder);
}

static void bed_end(struct bed *bed)
{
    struct gen_error err = {0};

    (void)!gen_files_remove_tree(bed->folder, &err);
}

typedef void life_call(void);

static void life_returns(void)
{
}

static void life_crashes(void)
{
    volatile int *nowhere = (volatile int *)(uintptr_t)4096;

    *nowhere = 1;
}

static void life_overflows(void);
static void life_overflows(void) /* no stack is left for a handler */
{
    static life_call *volatile again = life_overflows;
    volatile char much[1 << 16];

    much[0] = 1;
    again();
    much[1] = much[0];
}

static void life_aborts(void)
{
    abort();
}

static void life_is_killed(void)
{
    kill(getpid(), SIGKILL);
}

static void life_exits(void)
{
    _exit(0);
}

static void life_hangs(void)
{
    for (volatile int on = 1; on;) {
    }
}

/* One process that opens the marks, calls the plugin, and ends. Its exit code, 77 where the plugin is not
 * admitted, or the negative signal. */
static int life(const struct bed *bed, const char *plugin, life_call *call)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        static const int signals[] = {SIGSEGV,
                                      SIGABRT}; /* criterion's and the sanitizer's are not ours */
        struct gen_quarantine *quarantine = NULL;
        struct gen_mark *mark = NULL;
        struct gen_error err = {0};

        for (size_t i = 0; i < GEN_COUNT(signals); i++) {
            signal(signals[i], SIG_DFL);
        }
        if (gen_quarantine_open(bed->path, NULL, &quarantine, &err) != GEN_OK) {
            _exit(78);
        }
        if (gen_quarantine_admit(quarantine, plugin, "", &mark, &err) != GEN_OK) {
            _exit(77);
        }
        gen_mark_enter(mark, GEN_MARK_HEALTH);
        call();
        gen_mark_leave(mark);
        gen_quarantine_close(quarantine);
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool reason_says(const struct bed *bed, const char *plugin, const char *text)
{
    struct gen_quarantine *quarantine = NULL;
    struct gen_mark *mark = NULL;
    struct gen_error err = {0};
    bool found;

    cr_assert(eq(int, gen_quarantine_open(bed->path, NULL, &quarantine, &err), GEN_OK));
    cr_expect(eq(int, gen_quarantine_admit(quarantine, plugin, "", &mark, &err), GEN_ECORRUPT));
    found = strstr(err.message, text) != NULL && strstr(err.message, bed->path) != NULL;
    if (!found) {
        fprintf(stderr, "it says: %s\n", err.message);
    }
    gen_quarantine_close(quarantine);
    return found;
}

/* What ends the process for certain in the plugin's code keeps it out at the next start, and for good. */
Test(quarantine, a_crash_keeps_a_plugin_out)
{
    static const struct {
        life_call *call;
        int ends;
        const char *says;
    } rows[] = {
        {life_crashes, -SIGSEGV, "gend crashed in it (health, signal 11)"},
        {life_overflows, -SIGSEGV, "gend crashed in it (health, signal 11)"},
        {life_aborts, -SIGABRT, "gend crashed in it (health, signal 6)"},
        {life_hangs, -SIGABRT, "did not come back from it within 5 s (health)"},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bed bed;

        bed_make(&bed);
        cr_expect(eq(int, life(&bed, PLUGIN, rows[i].call), rows[i].ends), "row %zu", i);
        cr_expect(eq(int, life(&bed, PLUGIN, life_returns), 77), "row %zu", i);
        cr_expect(eq(int, life(&bed, PLUGIN, life_returns), 77), "row %zu", i);
        cr_expect(reason_says(&bed, PLUGIN, rows[i].says));
        cr_expect(eq(int, life(&bed, OTHER, life_returns), 0)); /* another file is another plugin */
        unlink(bed.path);
        cr_expect(eq(int, life(&bed, PLUGIN, life_returns), 0)); /* lifted */
        bed_end(&bed);
    }
}

/* A kill may hit an innocent in the middle of a call: only the second in a row counts. */
Test(quarantine, two_kills_in_a_row_keep_a_plugin_out)
{
    static life_call *const ends[] = {life_is_killed, life_exits};

    for (size_t i = 0; i < GEN_COUNT(ends); i++) {
        struct bed bed;

        bed_make(&bed);
        (void)life(&bed, PLUGIN, ends[i]);
        cr_expect(eq(int, life(&bed, PLUGIN, life_returns), 0)); /* a good life in between */
        (void)life(&bed, PLUGIN, ends[i]);
        (void)life(&bed, PLUGIN, ends[i]);
        cr_expect(eq(int, life(&bed, PLUGIN, life_returns), 77));
        cr_expect(reason_says(&bed, PLUGIN, "killed in it 2 times in a row (health)"));
        bed_end(&bed);
    }
}

/* A provider by description is kept out alone. */
Test(quarantine, a_policy_files_provider_is_kept_out_alone)
{
    struct gen_quarantine *quarantine = NULL;
    struct gen_mark *plain = NULL, *acme = NULL, *again = NULL;
    struct bed bed;

    bed_make(&bed);
    cr_assert(eq(int, gen_quarantine_open(bed.path, NULL, &quarantine, &bed.err), GEN_OK));
    cr_expect(eq(int, gen_quarantine_admit(quarantine, PLUGIN, "", &plain, &bed.err), GEN_OK));
    cr_expect(eq(int, gen_quarantine_admit(quarantine, PLUGIN, "acme", &acme, &bed.err), GEN_OK));
    cr_expect(eq(int, gen_quarantine_admit(quarantine, PLUGIN, "", &again, &bed.err), GEN_OK));
    cr_expect(ne(ptr, plain, acme));
    cr_expect(eq(ptr, plain, again));
    cr_expect(eq(int, gen_quarantine_admit(quarantine, "/nowhere.so", "", &again, &bed.err),
                 GEN_ENOTFOUND));
    cr_expect(eq(int, gen_quarantine_admit(NULL, PLUGIN, "", &again, &bed.err), GEN_OK));
    cr_expect(eq(ptr, again, NULL));
    gen_quarantine_close(quarantine);
    bed_end(&bed);
}

/* Whatever stands in the file. */
Test(quarantine, a_damaged_file_is_begun_anew)
{
    struct bed bed;
    char text[4096];

    bed_make(&bed);
    memset(text, 'x', sizeof(text));
    cr_assert(eq(int, gen_files_write(bed.path, text, sizeof(text), 0600, &bed.err), GEN_OK));
    cr_expect(eq(int, life(&bed, PLUGIN, life_returns), 0));
    cr_assert(eq(int, gen_files_write(bed.path, "", 0, 0600, &bed.err), GEN_OK));
    cr_expect(eq(int, life(&bed, PLUGIN, life_returns), 0));
    cr_expect(eq(int,
                 gen_quarantine_open("/nowhere/plugins.calls", NULL,
                                     &(struct gen_quarantine *){NULL}, &bed.err),
                 GEN_ENOTFOUND));
    bed_end(&bed);
}

/* What marking costs: said here, for it is a promise (under a microsecond), and far below it. */
Test(quarantine, a_mark_costs_nanoseconds)
{
    enum { CALLS = 1000000 };
    struct gen_quarantine *quarantine = NULL;
    struct gen_mark *mark = NULL;
    struct bed bed;
    struct rusage before, after;
    double used;

    bed_make(&bed);
    cr_assert(eq(int, gen_quarantine_open(bed.path, NULL, &quarantine, &bed.err), GEN_OK));
    cr_assert(eq(int, gen_quarantine_admit(quarantine, PLUGIN, "", &mark, &bed.err), GEN_OK));
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < CALLS; i++) {
        gen_mark_enter(mark, GEN_MARK_POLL);
        gen_mark_leave(mark);
    }
    getrusage(RUSAGE_SELF, &after); /* of the processor, whatever else the machine does */
    used = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1e9 +
           (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) * 1e3;
    fprintf(stderr, "%.1f ns a call\n", used / CALLS);
    cr_expect(lt(dbl, used / CALLS, 1000.0));
    gen_quarantine_close(quarantine);
    bed_end(&bed);
}
