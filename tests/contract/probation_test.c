/* probation_test.c - which plugins may be loaded, what is remembered of them, and when they are tried
 * again. */
#include "host/probation.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    cr_expect(eq(int, gen_probation_pass(&bed.probation, NAUGHTY("0"), &bed.err), GEN_OK));
    bed.probation.program = "/nowhere/gen-trial"; /* nobody is asked a second time */
    cr_expect(eq(int, gen_probation_pass(&bed.probation, NAUGHTY("0"), &bed.err), GEN_OK));
    bed.probation.version = "2"; /* but by another engine */
    cr_expect(ne(int, gen_probation_pass(&bed.probation, NAUGHTY("0"), &bed.err), GEN_OK));
    cr_expect(says(&bed, "could not be tried"));
    bed_end(&bed);
}

Test(probation, a_bad_plugin_is_refused_with_the_reason_also_the_next_time)
{
    static const struct {
        const char *path, *reason;
    } rows[] = {
        {NAUGHTY("1"), "it asks for the time"},
        {NAUGHTY("2"), "opens a socket"},
        {NAUGHTY("4"), "keeps state between calls"},
        {NAUGHTY("10"), "it crashes"},
        {NAUGHTY("11"), "it ends the process"},
    };
    struct bed bed;

    bed_make(&bed);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const char *program = bed.probation.program;

        cr_expect(eq(int, gen_probation_pass(&bed.probation, rows[i].path, &bed.err),
                     GEN_ECORRUPT));
        cr_expect(says(&bed, rows[i].reason));
        bed.probation.program = "/nowhere/gen-trial";
        cr_expect(eq(int, gen_probation_pass(&bed.probation, rows[i].path, &bed.err),
                     GEN_ECORRUPT));
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
    cr_expect(eq(int, gen_probation_pass(&bed.probation, path, &bed.err), GEN_ECORRUPT));
    cr_assert(eq(int, unlink(path), 0));
    cr_assert(eq(int, gen_files_copy(NAUGHTY("0"), path, 0644, &bed.err), GEN_OK));
    cr_expect(eq(int, gen_probation_pass(&bed.probation, path, &bed.err), GEN_OK));
    bed_end(&bed);
}

Test(probation, a_hang_ends)
{
    struct bed bed;

    bed_make(&bed);
    bed.probation.seconds = 1;
    cr_expect(eq(int, gen_probation_pass(&bed.probation, NAUGHTY("9"), &bed.err), GEN_ECORRUPT));
    cr_expect(says(&bed, "does not come to an end"));
    bed_end(&bed);
}

Test(probation, without_a_memory_or_a_file)
{
    struct bed bed;

    bed_make(&bed);
    bed.probation.memory = NULL;
    cr_expect(eq(int, gen_probation_pass(&bed.probation, NAUGHTY("0"), &bed.err), GEN_OK));
    cr_expect(eq(int, gen_probation_pass(&bed.probation, "/nowhere.so", &bed.err), GEN_ENOTFOUND));
    bed_end(&bed);
}
