/* programs_test.c - programs under the real launcher: ends, lines, queue, stops, faults, questions. */
#include "engine/programs.h"

#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct watch { /* what came of one run */
    int ends, faults, exit_code, signal;
    bool timed_out;
    char lines[256], output[256], fault[256];
};

static struct gen_loop *loop;
static struct gen_programs *programs;
static char folder[64];
static struct gen_error err;

static void programs_begin(const char *media, int32_t most)
{
    struct gen_programs_options options = {.loop = loop, .media = media, .most = most};

    cr_assert(eq(int, gen_programs_create(&options, &programs, &err), GEN_OK));
}

static void suite_begin(void)
{
    strcpy(folder, "/tmp/gen-programs-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(eq(int, gen_loop_create(&loop, &err), GEN_OK));
}

static void suite_end(void)
{
    gen_programs_destroy(programs);
    gen_loop_destroy(loop);
    cr_assert(eq(int, gen_files_remove_tree(folder, &err), GEN_OK));
}

TestSuite(programs, .init = suite_begin, .fini = suite_end, .timeout = 60);

static void on_line(void *context, const char *line)
{
    struct watch *watch = context;
    size_t used = strlen(watch->lines);

    snprintf(watch->lines + used, sizeof(watch->lines) - used, "%s;", line);
}

static void on_end(void *context, const struct gen_process_end *end)
{
    struct watch *watch = context;

    watch->ends++;
    watch->exit_code = end->exit_code;
    watch->signal = end->signal;
    watch->timed_out = end->timed_out;
    snprintf(watch->output, sizeof(watch->output), "%.200s", end->output);
}

static void on_fault(void *context, const struct gen_error *fault)
{
    struct watch *watch = context;

    watch->faults++;
    snprintf(watch->fault, sizeof(watch->fault), "%.250s", fault->message);
}

static struct gen_run *start(struct watch *watch, const char *script, int64_t timeout_ms)
{
    const char *arguments[] = {"-c", script, NULL};
    struct gen_run_spec spec = {.program = "/bin/sh", .arguments = arguments, .scratch = folder,
                                .timeout_ms = timeout_ms, .on_line = on_line, .on_end = on_end,
                                .on_fault = on_fault, .context = watch};
    struct gen_run *run = NULL;

    memset(watch, 0, sizeof(*watch));
    cr_assert(gen_programs_start(programs, &spec, &run, &err) == GEN_OK, "%s", err.message);
    cr_assert(watch->ends + watch->faults == 0, "nothing is called from inside");
    return run;
}

static void wait_for(const struct watch *watch)
{
    while (watch->ends + watch->faults == 0) {
        gen_loop_turn(loop);
    }
}

#define MEDIA GEN_BUILD_DIR "/bin/gen-media"

Test(programs, ends)
{
    static const struct {
        const char *script;
        int64_t timeout_ms;
        int exit_code;
        bool timed_out;
        const char *lines;
    } cases[] = {
        {"echo one; echo two; exit 3", 20000, 3, false, "one;two;"},
        {"exit 0", 20000, 0, false, ""},
        {"echo x > file; read y < file; echo $y", 20000, 0, false, "x;"}, /* its scratch folder is its own */
        {"echo x > /tmp/gen-programs-outside", 20000, 2, false, ""},
        {"exec sleep 30", 300, -1, true, ""},
    };

    programs_begin(MEDIA, 1);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct watch watch;

        start(&watch, cases[i].script, cases[i].timeout_ms);
        wait_for(&watch);
        cr_expect(watch.ends == 1 && watch.timed_out == cases[i].timed_out, "case %zu: %s", i,
                  watch.fault);
        cr_expect(cases[i].timed_out || watch.exit_code == cases[i].exit_code, "case %zu: %d", i,
                  watch.exit_code);
        cr_expect(strcmp(watch.lines, cases[i].lines) == 0, "case %zu: %s", i, watch.lines);
        cr_expect(eq(sz, gen_programs_running(programs), 0));
    }
}

/* One at a time, in order of arrival; the last place goes to the next one. */
Test(programs, queue)
{
    struct watch watches[3];

    programs_begin(MEDIA, 1);
    for (size_t i = 0; i < 3; i++) {
        start(&watches[i], "echo here", 20000);
    }
    cr_assert(eq(sz, gen_programs_waiting(programs), 2));
    for (size_t i = 0; i < 3; i++) {
        wait_for(&watches[i]);
        cr_assert(i == 2 || watches[2].ends == 0, "out of order");
        cr_assert(gen_programs_running(programs) <= 1);
    }
    cr_assert(eq(sz, gen_programs_waiting(programs), 0));
}

/* A stopped run says nothing more, whether it ran or waited. */
Test(programs, stopping)
{
    struct watch running, waiting, last;
    struct gen_run *first, *second;

    programs_begin(MEDIA, 1);
    first = start(&running, "exec sleep 30", 60000);
    second = start(&waiting, "echo no", 20000);
    start(&last, "echo yes", 20000);
    gen_run_stop(&second);
    cr_assert(second == NULL && gen_programs_waiting(programs) == 1);
    gen_run_stop(&first);
    gen_run_stop(&first); /* NULL now */
    wait_for(&last);
    cr_assert(eq(str, last.lines, "yes;"));
    cr_assert(eq(int, running.ends + running.faults + waiting.ends + waiting.faults, 0));
}

/* What is under way when everything is torn down ends silently. */
Test(programs, destroyed_in_the_middle)
{
    struct watch running, waiting;

    programs_begin(MEDIA, 1);
    start(&running, "exec sleep 30", 60000);
    start(&waiting, "echo no", 20000);
    gen_programs_destroy(programs);
    programs = NULL;
    cr_assert(eq(int, running.ends + waiting.ends, 0));
}

/* A launcher that is not there is a fault of each run, reported later and once. */
Test(programs, no_launcher)
{
    struct watch first, second;

    programs_begin("/nonexistent/gen-media", 1);
    start(&first, "exit 0", 20000);
    start(&second, "exit 0", 20000);
    wait_for(&first);
    wait_for(&second);
    cr_assert(first.faults == 1 && second.faults == 1);
    cr_assert(strstr(first.fault, "gen-media") != NULL, "%s", first.fault);
    cr_assert(eq(sz, gen_programs_running(programs), 0));
}

/* ------------------------------------------------------------------------------- questions -- */

struct asked {
    int answers;
    enum gen_status status;
    char kind[32], message[256];
};

static void on_answer(void *context, enum gen_status status, const struct gen_node *document,
                      const struct gen_error *why)
{
    struct asked *asked = context;

    asked->answers++;
    asked->status = status;
    snprintf(asked->kind, sizeof(asked->kind), "%s",
             gen_node_text(gen_node_get(document, "kind"), ""));
    snprintf(asked->message, sizeof(asked->message), "%.250s",
             why == NULL ? "" : why->message);
}

Test(programs, questions)
{
    static const struct {
        const char *file, *content;
        enum gen_status status;
        const char *kind;
    } cases[] = {
        {"note.txt", "some words\n", GEN_OK, "text"},
        {"broken.png", "nothing that anybody knows\x01\x02", GEN_OK, "unknown"},
        {"missing", NULL, GEN_ENOTFOUND, ""},
    };

    programs_begin(MEDIA, 1);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char path[128];
        const char *arguments[] = {"probe", path, NULL};
        struct asked asked = {0};
        struct gen_run *run = NULL;

        snprintf(path, sizeof(path), "%s/%s", folder, cases[i].file);
        cr_assert(cases[i].content == NULL ||
                  gen_files_write(path, cases[i].content, strlen(cases[i].content), 0600, &err) ==
                      GEN_OK);
        cr_assert(gen_programs_ask(programs, arguments, on_answer, &asked, &run, &err) == GEN_OK);
        while (asked.answers == 0) {
            gen_loop_turn(loop);
        }
        cr_expect(asked.status == cases[i].status, "case %zu: %s %s", i,
                  gen_status_word(asked.status), asked.message);
        cr_expect(strcmp(asked.kind, cases[i].kind) == 0, "case %zu: %s", i, asked.kind);
        cr_expect(asked.status == GEN_OK || asked.message[0] != '\0');
    }
}
