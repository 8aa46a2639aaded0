/* plain_runner.c - criterion's tests without criterion's sandbox, for ThreadSanitizer and valgrind.
 *
 * Criterion places shared memory at addresses that ThreadSanitizer keeps for itself, so its runner
 * ends before the first test; under valgrind its own threads are most of what is reported. This
 * main runs each test in a plain forked child, with fixtures, expected signals and exit codes; what
 * it defines stands before the library's own. It is not for everyday use: no time limits, no
 * filters, no parameterized tests (they are reported as failed).
 */
#include <criterion/criterion.h>
#include <criterion/event.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The sections that the macros Test and TestSuite write into; the linker names their ends. */
extern struct criterion_test *__start_cr_tst[], *__stop_cr_tst[];
extern struct criterion_suite *__start_cr_sts[] __attribute__((weak));
extern struct criterion_suite *__stop_cr_sts[] __attribute__((weak));

/* The child's own: the test that it runs, its suite, and whether an assertion failed. */
static const struct criterion_test_extra_data *running, *running_suite;
static int failed;

void criterion_internal_test_setup(void)
{
    if (running_suite != NULL && running_suite->init != NULL) {
        running_suite->init();
    }
    if (running->init != NULL) {
        running->init();
    }
}

void criterion_internal_test_main(void (*test)(void))
{
    test();
}

void criterion_internal_test_teardown(void)
{
    if (running->fini != NULL) {
        running->fini();
    }
    if (running_suite != NULL && running_suite->fini != NULL) {
        running_suite->fini();
    }
}

void cri_assert_node_send(const char *file, size_t line, struct cri_assert_node *tree)
{
    failed = 1;
    fprintf(stderr, "%s:%zu: assertion failed", file, line);
    if (tree->message != NULL) {
        fprintf(stderr, ": %s", tree->message);
    }
    for (uint32_t i = 0; i < tree->nchild; i++) {
        fprintf(stderr, "\n  %s", tree->children[i].repr != NULL ? tree->children[i].repr : "");
    }
    fprintf(stderr, "\n");
}

/* What the older assertions call, those that take a message. */
void criterion_send_assert(struct criterion_assert_stats *stats)
{
    if (!stats->passed) {
        failed = 1;
        fprintf(stderr, "%s:%u: assertion failed: %s\n", stats->file, stats->line, stats->message);
    }
}

void cr_log(enum criterion_severity severity, const char *format, ...)
{
    va_list arguments;

    (void)severity;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void criterion_abort_test(void)
{
    exit(1);
}

void criterion_continue_test(void)
{
}

void criterion_skip_test(const char *format, ...)
{
    (void)format;
    exit(0);
}

static const struct criterion_test_extra_data *suite_of(const char *name)
{
    for (struct criterion_suite **suite = __start_cr_sts; suite < __stop_cr_sts; suite++) {
        if (*suite != NULL && strcmp((*suite)->name, name) == 0) {
            return (*suite)->data;
        }
    }
    return NULL;
}

/* Did the child end as the test, or else its suite, says it should? */
static int ended_well(int status)
{
    int wanted = running->signal;

    if (wanted == 0 && running_suite != NULL) {
        wanted = running_suite->signal;
    }
    if (wanted != 0) {
        return WIFSIGNALED(status) && WTERMSIG(status) == wanted;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == running->exit_code;
}

/* 1 when the test passed. */
static int run(const struct criterion_test *test)
{
    int status = 0;
    pid_t child;

    if (running->kind_ != CR_TEST_NORMAL) {
        fprintf(stderr, "%s: a parameterized test, which this runner cannot run\n", test->name);
        return 0;
    }
    fflush(NULL);
    child = fork();
    if (child == 0) {
        test->test();
        exit(failed);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("plain_runner");
        return 0;
    }
    return ended_well(status);
}

int main(void)
{
    int tested = 0;
    int wrong = 0;

    for (struct criterion_test **test = __start_cr_tst; test < __stop_cr_tst; test++) {
        if (*test == NULL) {
            continue; /* the linker's padding */
        }
        running = (*test)->data;
        running_suite = suite_of((*test)->category);
        if (running->disabled || (running_suite != NULL && running_suite->disabled)) {
            continue;
        }
        tested++;
        if (!run(*test)) {
            wrong++;
            fprintf(stderr, "[FAIL] %s::%s\n", (*test)->category, (*test)->name);
        }
    }
    printf("plain_runner: %d tests, %d failed\n", tested, wrong);
    return wrong > 0 || tested == 0;
}
