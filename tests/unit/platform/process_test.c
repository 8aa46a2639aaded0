/* process_test.c - core/platform/process.c with /bin/sh as the child. Nothing here measures time:
 * where a limit must pass, the child sleeps far longer than the test could last. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct seen {
    struct gen_loop *loop;
    struct gen_process *process;
    char lines[512]; /* joined by '|' */
    size_t line_count;
    size_t longest;
    const char *kill_at; /* the line at which the child is killed */
    int ends;
    struct gen_process_end end;
    char *output;
    char *errors;
};

static void on_line(void *context, const char *line)
{
    struct seen *seen = context;

    cr_assert(eq(int, seen->ends, 0)); /* on_exit is the last */
    seen->line_count++;
    seen->longest = strlen(line) > seen->longest ? strlen(line) : seen->longest;
    if (strlen(seen->lines) + strlen(line) + 2 < sizeof(seen->lines)) {
        strcat(seen->lines, line);
        strcat(seen->lines, "|");
    }
    if (seen->kill_at != NULL && strcmp(seen->kill_at, line) == 0) {
        gen_process_kill(seen->process);
    }
}

static void on_exit_told(void *context, const struct gen_process_end *end)
{
    struct seen *seen = context;

    seen->ends++;
    seen->end = *end;
    cr_assert(eq(sz, strlen(end->output), end->output_size));
    seen->output = strdup(end->output);
    seen->errors = strdup(end->errors);
    gen_process_kill(seen->process); /* still allowed here, and does nothing */
    gen_loop_stop(seen->loop);
}

static enum gen_status start(struct seen *seen, struct gen_process_spec *spec,
                             struct gen_error *err)
{
    spec->on_line = on_line;
    spec->on_exit = on_exit_told;
    spec->context = seen;
    return gen_process_start(seen->loop, spec, &seen->process, err);
}

static void seen_init(struct seen *seen)
{
    struct gen_error err;

    memset(seen, 0, sizeof(*seen));
    cr_assert(gen_loop_create(&seen->loop, &err) == GEN_OK);
}

static void seen_fini(struct seen *seen)
{
    gen_loop_destroy(seen->loop);
    free(seen->output);
    free(seen->errors);
}

/* Runs a script to its end. */
static void run(struct seen *seen, const char *script, struct gen_process_spec *spec)
{
    const char *const arguments[] = {"/bin/sh", "-c", script, NULL};
    struct gen_error err;

    spec->arguments = arguments;
    cr_assert(start(seen, spec, &err) == GEN_OK, "%s", err.message);
    cr_assert(eq(int, seen->ends, 0));
    gen_loop_run(seen->loop);
    cr_assert(eq(int, seen->ends, 1));
}

Test(process, a_child_ends_with_its_code_and_its_outputs)
{
    static const struct {
        const char *script;
        int exit_code, signal;
        const char *output, *errors, *lines;
    } cases[] = {
        {"exit 0", 0, 0, "", "", ""},
        {"exit 7", 7, 0, "", "", ""},
        {"echo one; echo two", 0, 0, "one\ntwo\n", "", "one|two|"},
        {"echo bad >&2; exit 1", 1, 0, "", "bad\n", ""},
        /* an unfinished line is in the tail, not a line */
        {"printf 'a\\n\\nb'", 0, 0, "a\n\nb", "", "a||"},
        {"kill -9 $$", -1, SIGKILL, "", "", ""},
        {"echo x; kill -15 $$", -1, SIGTERM, "x\n", "", "x|"},
        /* standard input is there and empty */
        {"cat; echo $?", 0, 0, "0\n", "", "0|"},
        {"readlink /proc/self/fd/0", 0, 0, "/dev/null\n", "", "/dev/null|"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_process_spec spec = {
            .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
        struct seen seen;

        seen_init(&seen);
        run(&seen, cases[i].script, &spec);
        cr_expect(eq(int, seen.end.exit_code, cases[i].exit_code), "%s", cases[i].script);
        cr_expect(eq(int, seen.end.signal, cases[i].signal), "%s", cases[i].script);
        cr_expect(eq(str, seen.output, (char *)cases[i].output), "%s", cases[i].script);
        cr_expect(eq(str, seen.errors, (char *)cases[i].errors), "%s", cases[i].script);
        cr_expect(eq(str, seen.lines, (char *)cases[i].lines), "%s", cases[i].script);
        cr_expect(seen.end.timed_out == false);
        cr_expect(seen.end.killed == false);
        cr_expect(ge(i64, seen.end.wall_ms, 0));
        seen_fini(&seen);
    }
}

Test(process, a_child_gets_the_environment_of_the_spec_and_nothing_else)
{
    const char *const arguments[] = {"/usr/bin/env", NULL};
    const char *const environment[] = {"GEN_A=1", "GEN_B=two words", NULL};
    const struct {
        const char *const *environment;
        const char *output;
    } cases[] = {{environment, "GEN_A=1\nGEN_B=two words\n"}, {NULL, ""}};

    setenv("GEN_SECRET", "must not be seen", 1);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_process_spec spec = {.arguments = arguments,
                                        .environment = cases[i].environment};
        struct gen_error err;
        struct seen seen;

        seen_init(&seen);
        cr_assert(start(&seen, &spec, &err) == GEN_OK, "%s", err.message);
        gen_loop_run(seen.loop);
        cr_expect(eq(str, seen.output, (char *)cases[i].output));
        seen_fini(&seen);
    }
}

Test(process, a_child_inherits_no_descriptor_even_one_that_forgot_to_be_marked)
{
    struct gen_process_spec spec = {
        .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
    struct seen seen;
    int leaky = open("/dev/null", O_RDONLY); /* without O_CLOEXEC, as some libraries do */

    cr_assert(leaky >= 0);
    cr_assert(dup2(leaky, 77) == 77);
    seen_init(&seen);
    /* ls opens one itself to read the folder */
    run(&seen, "ls /proc/self/fd | tr '\\n' ' '", &spec);
    cr_expect(eq(str, seen.output, (char *)"0 1 2 3 "));
    seen_fini(&seen);
    close(77);
    close(leaky);
}

Test(process, a_child_starts_in_its_folder)
{
    struct gen_process_spec spec = {.folder = "/usr"};
    struct seen seen;

    seen_init(&seen);
    run(&seen, "pwd", &spec);
    cr_expect(eq(str, seen.output, (char *)"/usr\n"));
    seen_fini(&seen);
}

Test(process, what_cannot_start_says_why_and_calls_nobody)
{
    static const struct {
        const char *program, *folder;
        enum gen_status status;
        const char *message;
    } cases[] = {
        {"/no/such/program", NULL, GEN_ENOTFOUND, "/no/such/program"},
        {"/etc/passwd", NULL, GEN_EDENIED, "/etc/passwd"},
        {"/bin/sh", "/no/such/folder", GEN_ENOTFOUND, "/no/such/folder"},
        {"/bin/sh/x", NULL, GEN_EINVAL, "/bin/sh/x"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const char *const arguments[] = {cases[i].program, NULL};
        struct gen_process_spec spec = {.arguments = arguments, .folder = cases[i].folder};
        struct gen_error err;
        struct seen seen;

        seen_init(&seen);
        cr_expect(start(&seen, &spec, &err) == cases[i].status, "%s: %s", cases[i].program,
                  err.message);
        cr_expect(strstr(err.message, cases[i].message) != NULL, "%s", err.message);
        gen_loop_poll(seen.loop);
        gen_loop_poll(seen.loop);
        cr_expect(eq(int, seen.ends, 0));
        seen_fini(&seen);
    }
}

Test(process, the_time_limit_kills_the_whole_group)
{
    struct gen_process_spec spec = {
        .timeout_ms = 50, .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
    struct seen seen;

    seen_init(&seen);
    /* both the shell and the program it waits for hold the output open */
    run(&seen, "sleep 1000; echo never", &spec);
    cr_expect(seen.end.timed_out);
    cr_expect(seen.end.killed == 0);
    cr_expect(eq(int, seen.end.signal, SIGKILL));
    cr_expect(eq(int, seen.end.exit_code, -1));
    cr_expect(eq(str, seen.output, (char *)""));
    seen_fini(&seen);
}

Test(process, kill_from_a_line_ends_the_child_and_its_children)
{
    struct gen_process_spec spec = {
        .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
    struct seen seen;

    seen_init(&seen);
    seen.kill_at = "go";
    run(&seen, "sleep 1000 & echo go; wait", &spec);
    cr_expect(seen.end.killed);
    cr_expect(seen.end.timed_out == 0);
    cr_expect(eq(int, seen.end.signal, SIGKILL));
    seen_fini(&seen);
}

/* Gone, or a zombie that only waits for init to fetch it. */
static bool is_gone(int pid)
{
    char path[64];
    char text[256];
    char *state;
    size_t size;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    file = fopen(path, "re");
    if (file == NULL) {
        return true;
    }
    size = fread(text, 1, sizeof(text) - 1, file);
    text[size] = '\0';
    fclose(file);
    state = strrchr(text, ')');
    return state == NULL || state[2] == 'Z' || state[2] == 'X';
}

Test(process, what_the_child_leaves_in_its_group_is_killed)
{
    struct gen_process_spec spec = {
        .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
    struct seen seen;

    seen_init(&seen);
    run(&seen, "sleep 1000 >/dev/null 2>&1 & echo $!", &spec);
    cr_expect(eq(int, seen.end.exit_code, 0));
    for (int i = 0; i < 5000 && !is_gone(atoi(seen.output)); i++) {
        usleep(1000); /* the signal is sent; its effect may take a moment */
    }
    cr_expect(is_gone(atoi(seen.output)));
    seen_fini(&seen);
}

Test(process, somebody_who_left_the_group_cannot_hold_the_end_back)
{
    struct gen_process_spec spec = {
        .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
    struct seen seen;

    seen_init(&seen);
    /* the pid is printed by the escaped one, after it has its own session */
    run(&seen,
        "setsid sh -c 'echo $$; exec sleep 1000' & while [ ! -e /proc/$!/exe ]; do :; done;"
        "sleep 0.2; echo done",
        &spec);
    cr_expect(eq(int, seen.end.exit_code, 0));
    cr_expect(strstr(seen.output, "done\n") != NULL);
    cr_assert(atoi(seen.output) > 1);
    cr_expect(kill(atoi(seen.output), SIGKILL) == 0);
    seen_fini(&seen);
}

Test(process, long_outputs_keep_their_end_and_lines_are_cut)
{
    struct gen_process_spec spec = {
        .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
    struct seen seen;

    seen_init(&seen);
    run(&seen,
        "seq 1 100000; head -c 200000 /dev/zero | tr '\\0' x >&2; printf END >&2;"
        "head -c 5000 /dev/zero | tr '\\0' y; echo; echo after",
        &spec);
    cr_expect(eq(sz, seen.line_count, 100002u));
    cr_expect(eq(sz, seen.longest, 4096u));
    cr_expect(eq(sz, seen.end.output_size, (size_t)GEN_PROCESS_TAIL));
    cr_expect(strcmp(seen.output + GEN_PROCESS_TAIL - 7, "\nafter\n") == 0);
    cr_expect(strstr(seen.output, "\n99999\n100000\nyyy") != NULL);
    cr_expect(eq(sz, strlen(seen.errors), (size_t)GEN_PROCESS_TAIL));
    cr_expect(strcmp(seen.errors + GEN_PROCESS_TAIL - 5, "xxEND") == 0);
    seen_fini(&seen);
}

Test(process, the_processor_time_of_a_child_and_of_its_children_is_known)
{
    struct gen_process_spec spec = {
        .environment = (const char *const[]){"PATH=/usr/bin:/bin", NULL}};
    struct seen seen;

    seen_init(&seen);
    run(&seen, "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done", &spec);
    cr_expect(gt(i64, seen.end.cpu_ms, 0)); /* any machine needs more than a millisecond */
    seen_fini(&seen);
}

enum { CROWD = 20 };

struct member {
    struct gen_loop *loop;
    int *left;
    int number;
    int code;
};

static void on_member_exit(void *context, const struct gen_process_end *end)
{
    struct member *member = context;

    member->code = end->exit_code;
    if (--*member->left == 0) {
        gen_loop_stop(member->loop);
    }
}

Test(process, many_children_at_once_each_tell_their_own_end)
{
    struct member members[CROWD];
    struct gen_loop *loop;
    struct gen_error err;
    int left = CROWD;

    cr_assert(gen_loop_create(&loop, &err) == GEN_OK);
    for (int i = 0; i < CROWD; i++) {
        char script[32];
        const char *const arguments[] = {"/bin/sh", "-c", script, NULL};
        struct gen_process_spec spec = {
            .arguments = arguments, .on_exit = on_member_exit, .context = &members[i]};
        struct gen_process *process;

        snprintf(script, sizeof(script), "echo x; exit %d", i);
        members[i] = (struct member){loop, &left, i, -2};
        cr_assert(gen_process_start(loop, &spec, &process, &err) == GEN_OK);
        cr_expect(gen_process_pid(process) > 1);
    }
    gen_loop_run(loop);
    for (int i = 0; i < CROWD; i++) {
        cr_expect(eq(int, members[i].code, i));
    }
    gen_loop_destroy(loop);
}

Test(process, destroying_the_loop_kills_the_child_and_calls_nobody)
{
    const char *const arguments[] = {"/bin/sleep", "1000", NULL};
    struct gen_process_spec spec = {.arguments = arguments};
    struct gen_error err;
    struct seen seen;
    int pid;

    seen_init(&seen);
    cr_assert(start(&seen, &spec, &err) == GEN_OK);
    pid = gen_process_pid(seen.process);
    cr_expect(is_gone(pid) == 0);
    gen_loop_destroy(seen.loop);
    cr_expect(eq(int, seen.ends, 0));
    for (int i = 0; i < 5000 && !is_gone(pid); i++) {
        usleep(1000);
    }
    cr_expect(is_gone(pid));
}

Test(process, without_memory_it_does_not_start_or_keeps_less_of_the_output)
{
    for (long nth = 1;; nth++) {
        const char *const arguments[] = {
            "/bin/sh", "-c", "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i; done", NULL};
        struct gen_process_spec spec = {.arguments = arguments};
        enum gen_status status;
        struct gen_error err;
        struct seen seen;
        long made;

        seen_init(&seen);
        gen_alloc_fail_at(nth);
        status = start(&seen, &spec, &err);
        if (status == GEN_OK) {
            gen_loop_run(seen.loop);
            cr_expect(eq(sz, seen.line_count, 3000u)); /* no line is lost */
            cr_expect(seen.end.output_size > 300);
            cr_expect(strstr(seen.output, "\n2999\n3000\n") != NULL);
        } else {
            cr_expect(status == GEN_ENOMEM);
            cr_expect(eq(long, nth, 1));
        }
        made = gen_alloc_count();
        gen_alloc_fail_at(0);
        seen_fini(&seen);
        if (made < nth) {
            cr_expect(ge(long, nth, 3));
            break;
        }
    }
}
