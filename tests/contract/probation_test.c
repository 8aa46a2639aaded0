/* probation_test.c - which plugins may be loaded, what is remembered of them, and when they are tried
 * again. */
#include "host/probation.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAUGHTY(number) CONTRACT_PLUGINS "/naughty/naughty" number ".so"

struct bed {
    char folder[64], memory[128];
    struct gen_probation probation;
    struct gen_error err;
};

static void bed_make(struct bed *bed)
{
    memset(bed, 0, sizeof(*bed));
    cr_assert(eq(int, gen_crypto_init(&bed->err), GEN_OK));
    strcpy(bed->folder, "/tmp/probation-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(bed->folder), NULL));
    snprintf(bed->memory, sizeof(bed->memory), "%s/plugins.tried", bed->folder);
    bed->probation = (struct gen_probation){
        .program = CONTRACT_BIN "/gen-trial", .memory = bed->memory, .version = "1", .seconds = 10};
    cr_assert(eq(int, gen_loop_create(&bed->probation.loop, &bed->err), GEN_OK));
}

/* A round of one. */
static enum gen_status pass(struct bed *bed, const char *path)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_probation_verdict *verdict = NULL;
    enum gen_status status;

    cr_assert(eq(int, gen_probation_round(&bed->probation, &path, 1, arena, &verdict, &bed->err),
                 GEN_OK));
    status = verdict->status;
    snprintf(bed->err.message, sizeof(bed->err.message), "%s", verdict->reason);
    gen_arena_destroy(arena);
    return status;
}

static void bed_end(struct bed *bed)
{
    struct gen_error err = {0};

    gen_loop_destroy(bed->probation.loop);
    (void)!gen_files_remove_tree(bed->folder, &err);
}

static bool says(const struct bed *bed, const char *text)
{
    bool found = strstr(bed->err.message, text) != NULL;

    if (!found) {
        fprintf(stderr, "it says: %s\n", bed->err.message);
    }
    return found;
}

Test(probation, a_good_plugin_passes_and_is_not_tried_again)
{
    struct bed bed;

    bed_make(&bed);
    cr_expect(eq(int, pass(&bed, NAUGHTY("0")), GEN_OK));
    bed.probation.program = "/nowhere/gen-trial"; /* nobody is asked a second time */
    cr_expect(eq(int, pass(&bed, NAUGHTY("0")), GEN_OK));
    bed.probation.version = "2"; /* but by another engine */
    cr_expect(ne(int, pass(&bed, NAUGHTY("0")), GEN_OK));
    cr_expect(says(&bed, "could not be tried"));
    bed_end(&bed);
}

Test(probation, a_bad_plugin_is_refused_with_the_reason_also_the_next_time)
{
    static const struct {
        const char *path, *reason;
    } rows[] = {
        {NAUGHTY("1"), "it asks for the time"},      {NAUGHTY("2"), "opens a socket"},
        {NAUGHTY("4"), "keeps state between calls"}, {NAUGHTY("10"), "it crashes"},
        {NAUGHTY("11"), "it ends the process"},
    };
    struct bed bed;

    bed_make(&bed);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const char *program = bed.probation.program;

        cr_expect(eq(int, pass(&bed, rows[i].path), GEN_ECORRUPT));
        cr_expect(says(&bed, rows[i].reason));
        bed.probation.program = "/nowhere/gen-trial";
        cr_expect(eq(int, pass(&bed, rows[i].path), GEN_ECORRUPT));
        cr_expect(says(&bed, rows[i].reason));
        bed.probation.program = program;
    }
    bed_end(&bed);
}

Test(probation, a_changed_file_is_tried_again)
{
    struct bed bed;
    char path[128];

    bed_make(&bed);
    snprintf(path, sizeof(path), "%s/plugin.so", bed.folder);
    cr_assert(eq(int, gen_files_copy(NAUGHTY("2"), path, 0644, &bed.err), GEN_OK));
    cr_expect(eq(int, pass(&bed, path), GEN_ECORRUPT));
    cr_assert(eq(int, unlink(path), 0));
    cr_assert(eq(int, gen_files_copy(NAUGHTY("0"), path, 0644, &bed.err), GEN_OK));
    cr_expect(eq(int, pass(&bed, path), GEN_OK));
    bed_end(&bed);
}

/* It ends by itself, long before the most that a trial may take: it uses up the processor, or sleeps. */
Test(probation, a_hang_ends_and_is_not_tried_again)
{
    static const char *const hangs[] = {NAUGHTY("9"), NAUGHTY("20")};
    struct bed bed;

    bed_make(&bed);
    bed.probation.seconds = 100;
    for (size_t i = 0; i < GEN_COUNT(hangs); i++) {
        const char *program = bed.probation.program;

        cr_expect(eq(int, pass(&bed, hangs[i]), GEN_ECORRUPT));
        cr_expect(says(&bed, "does not come to an end"));
        bed.probation.program = "/nowhere/gen-trial";
        cr_expect(eq(int, pass(&bed, hangs[i]), GEN_ECORRUPT));
        bed.probation.program = program;
    }
    bed_end(&bed);
}

/* A machine without time for it: nobody is blamed at once, and nothing is tried for ever. */
Test(probation, a_trial_that_got_no_time_is_repeated_a_few_times)
{
    struct bed bed;
    char path[128], text[] = "#!/bin/sh\nexit 4\n";

    bed_make(&bed);
    snprintf(path, sizeof(path), "%s/trial", bed.folder);
    cr_assert(eq(int, gen_files_write(path, text, strlen(text), 0700, &bed.err), GEN_OK));
    bed.probation.program = path;
    for (int i = 0; i < 3; i++) {
        cr_expect(eq(int, pass(&bed, NAUGHTY("0")), GEN_EBUSY));
    }
    cr_expect(eq(int, pass(&bed, NAUGHTY("0")), GEN_ECORRUPT));
    cr_expect(says(&bed, "began 3 times and never came to an end"));
    cr_expect(says(&bed, bed.memory)); /* what to remove to have it tried again */
    cr_assert(eq(int, unlink(bed.memory), 0));
    bed.probation.program = CONTRACT_BIN "/gen-trial";
    cr_expect(eq(int, pass(&bed, NAUGHTY("0")), GEN_OK));
    bed_end(&bed);
}

/* Killed in the middle of a trial: that it began is on disk, and after a few times it does not begin. */
Test(probation, a_kill_in_the_middle_counts)
{
    struct bed bed;
    char trial[128], began[160], text[256];

    bed_make(&bed);
    snprintf(trial, sizeof(trial), "%s/trial", bed.folder);
    snprintf(began, sizeof(began), "%s/began", bed.folder);
    snprintf(text, sizeof(text), "#!/bin/sh\n: >%s\nexec /bin/sleep 5\n", began);
    cr_assert(eq(int, gen_files_write(trial, text, strlen(text), 0700, &bed.err), GEN_OK));
    bed.probation.program = trial;
    for (int i = 0; i < 3; i++) {
        struct stat facts;
        pid_t child = fork();

        if (child == 0) {
            struct gen_probation mine = bed.probation;
            const char *path = NAUGHTY("0");
            struct gen_probation_verdict *verdict = NULL;

            if (gen_loop_create(&mine.loop, &bed.err) == GEN_OK) {
                (void)!gen_probation_round(&mine, &path, 1, gen_arena_create(0), &verdict,
                                           &bed.err);
            }
            _exit(0);
        }
        while (stat(began, &facts) != 0) {
            usleep(5000);
        }
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        unlink(began);
    }
    cr_expect(eq(int, pass(&bed, NAUGHTY("0")), GEN_ECORRUPT));
    cr_expect(says(&bed, "began 3 times"));
    bed_end(&bed);
}

/* Four that sleep take as long as one; verdicts come in the order of the files, and what is known of a
 * file costs nothing. */
Test(probation, several_are_tried_side_by_side)
{
    static const char *const paths[] = {NAUGHTY("20"), NAUGHTY("0"),  NAUGHTY("2"),
                                        "/nowhere.so", NAUGHTY("10"), NAUGHTY("0")};
    static const enum gen_status statuses[] = {GEN_ECORRUPT,  GEN_OK,       GEN_ECORRUPT,
                                               GEN_ENOTFOUND, GEN_ECORRUPT, GEN_OK};
    struct gen_arena *arena = gen_arena_create(0);
    struct bed bed;
    char log[160], trial[128], text[512];
    struct gen_probation_verdict *verdicts = NULL;
    struct gen_bytes bytes;

    bed_make(&bed);
    /* A trial that waits until three others have begun: it would wait for ever if they did not. */
    snprintf(log, sizeof(log), "%s/log", bed.folder);
    snprintf(trial, sizeof(trial), "%s/trial", bed.folder);
    snprintf(text, sizeof(text),
             "#!/bin/bash\necho >>%s\nwhile [ $(wc -l <%s) -lt 4 ]; do sleep 0.05; done\n"
             "exec " CONTRACT_BIN "/gen-trial \"$@\"\n",
             log, log);
    cr_assert(eq(int, gen_files_write(trial, text, strlen(text), 0700, &bed.err), GEN_OK));
    bed.probation.program = trial;
    bed.probation.seconds = 60;
    cr_assert(
        eq(int,
           gen_probation_round(&bed.probation, paths, GEN_COUNT(paths), arena, &verdicts, &bed.err),
           GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(paths); i++) {
        cr_expect(eq(int, verdicts[i].status, statuses[i]), "%s: %s", paths[i], verdicts[i].reason);
    }
    bed.probation.program = "/nowhere/gen-trial";
    cr_assert(
        eq(int,
           gen_probation_round(&bed.probation, paths, GEN_COUNT(paths), arena, &verdicts, &bed.err),
           GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(paths); i++) {
        cr_expect(eq(int, verdicts[i].status, statuses[i]), "%s: %s", paths[i], verdicts[i].reason);
    }
    gen_bytes_init(&bytes, 4096);
    cr_expect(eq(int, gen_files_read(log, &bytes, &bed.err), GEN_OK));
    cr_expect(le(sz, bytes.size, 5));
    gen_bytes_fini(&bytes);
    gen_arena_destroy(arena);
    bed_end(&bed);
}

/* A pipe has no end to read to. */
Test(probation, what_is_no_file_is_not_read)
{
    struct bed bed;
    char path[128];

    bed_make(&bed);
    snprintf(path, sizeof(path), "%s/pipe.so", bed.folder);
    cr_assert(eq(int, mkfifo(path, 0600), 0));
    cr_expect(eq(int, pass(&bed, path), GEN_EINVAL));
    cr_expect(says(&bed, "special file"));
    bed_end(&bed);
}

Test(probation, without_a_memory_or_a_file)
{
    struct bed bed;

    bed_make(&bed);
    bed.probation.memory = NULL;
    cr_expect(eq(int, pass(&bed, NAUGHTY("0")), GEN_OK));
    cr_expect(eq(int, pass(&bed, "/nowhere.so"), GEN_ENOTFOUND));
    bed_end(&bed);
}
