/* policy_testing.c - see policy_testing.h. */
#include "cli/policy_testing.h"

#include "cli/policy_files.h"
#include "cli/policy_names.h"
#include "cli/policy_origin.h"
#include "cli/policy_results.h"
#include "platform/files.h"

#include <string.h>

enum {
    CASE_ARENA_MOST = 256 << 20, /* bytes that one case may take */
    JUNIT_MOST = 64 << 20,
    JUNIT_MODE = 0644,
};

/* One run of all suites. */
struct testing {
    struct gen_session *session;
    struct gen_policy_origin origin;
    struct gen_policy_coverage *coverage;
    struct gen_policy_results results;
    struct gen_policy_paths paths;
    size_t wrong; /* files that are no suites, through a mistake */
};

static enum gen_status test_case(struct testing *work, const char *file,
                                 const struct gen_policy_case *item, struct gen_error *err)
{
    struct gen_arena *arena;
    struct gen_policy_trial trial;
    enum gen_status status;

    if (item->skip != NULL) {
        gen_policy_results_skip(&work->results, item);
        return GEN_OK;
    }
    arena = gen_arena_create(CASE_ARENA_MOST);
    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a test case");
    }
    status = gen_policy_trial_run(item, work->origin.set, &work->origin.zones, arena, &trial, err);
    if (status == GEN_OK) {
        gen_policy_results_add(&work->results, file, &trial);
        if (trial.decision != NULL) {
            gen_policy_coverage_note(work->coverage, trial.decision);
        }
    }
    gen_arena_destroy(arena);
    return status;
}

/* The mistakes in a file are told, and the others are run all the same. */
static enum gen_status test_suite(struct testing *work, const char *path, struct gen_error *err)
{
    struct gen_policy_suite *suite = NULL;
    struct gen_policy_problems problems;
    enum gen_status status;

    gen_policy_problems_init(&problems);
    status = gen_policy_suite_read(path, work->session->arena, &problems, &suite, err);
    if (status == GEN_OK) {
        status = gen_policy_names_check(suite, work->origin.set, work->session->arena, &problems,
                                        err);
    }
    if (status == GEN_OK && problems.mistakes > 0) {
        status = GEN_EINVAL;
    }
    gen_policy_problems_sort(&problems);
    for (size_t i = 0; i < problems.count; i++) {
        if (!problems.items[i].warning) {
            (void)gen_session_fail(work->session, &problems.items[i].error);
        }
    }
    gen_policy_problems_fini(&problems);
    if (status != GEN_OK) {
        work->wrong++;
        return status == GEN_ENOMEM ? status : GEN_OK;
    }
    gen_policy_results_open(&work->results, path, suite->name);
    for (size_t i = 0; status == GEN_OK && i < suite->cases.count; i++) {
        status = test_case(work, path, (const struct gen_policy_case *)suite->cases.items + i, err);
    }
    gen_policy_results_close(&work->results, path);
    return status;
}

static enum gen_status test_find(struct testing *work, struct gen_error *err)
{
    const char *folder = gen_arena_printf(work->session->arena, "%s/tests", work->origin.folder);
    enum gen_status status;
    size_t kept = 0;

    if (folder == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the test cases");
    }
    if (!gen_policy_files_is_folder(folder)) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "there are no tests: %s is no folder; see docs/policy-guide.md",
                             folder);
    }
    status = gen_policy_files_list(folder, false, false, work->session->arena, &work->paths, err);
    for (size_t i = 0; status == GEN_OK && i < work->paths.count; i++) {
        if (gen_policy_suite_is(work->paths.items[i])) {
            work->paths.items[kept++] = work->paths.items[i];
        }
    }
    work->paths.count = kept;
    return status == GEN_OK && kept == 0
               ? gen_error_set(err, GEN_ENOTFOUND, "there are no test files in %s", folder)
               : status;
}

static enum gen_status test_junit(struct testing *work, const struct gen_node *document,
                                  struct gen_error *err)
{
    const char *path = work->session->options.junit;
    struct gen_bytes text;
    enum gen_status status;

    if (path == NULL) {
        return GEN_OK;
    }
    gen_bytes_init(&text, JUNIT_MOST);
    gen_policy_results_junit(document, &text);
    status = gen_bytes_status(&text);
    status = status != GEN_OK ? gen_error_set(err, status, "the JUnit file is too large")
                              : gen_files_write(path, text.data, text.size, JUNIT_MODE, err);
    gen_bytes_fini(&text);
    return status;
}

/* What is known when all have run. */
static enum gen_status test_report(struct testing *work, struct gen_error *err)
{
    struct gen_session *session = work->session;
    const struct gen_policy_results *results = &work->results;
    const char *wrong = "";
    size_t count = 0;
    const struct gen_policy_covered *rows = gen_policy_coverage_rows(work->coverage, session->arena,
                                                                     &count);
    struct gen_node *document = gen_policy_results_document(results, rows, count);

    if (rows == NULL || document == NULL || gen_arena_failed(session->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the results");
    }
    gen_node_set(session->arena, document, "folder",
                 gen_node_string(session->arena, work->origin.folder));
    gen_node_set(session->arena, document, "version",
                 gen_node_string(session->arena, work->origin.set->version));
    gen_node_set(session->arena, document, "unreadable",
                 gen_node_int(session->arena, (int64_t)work->wrong));
    if (session->options.json) {
        gen_session_print_json(session, document);
    }
    if (session->options.coverage) {
        gen_policy_results_coverage(session, rows, count);
    }
    if (work->wrong > 0) {
        wrong = gen_arena_printf(session->arena, "; %zu file%s mistakes and %s not run",
                                 work->wrong, work->wrong == 1 ? " has" : "s have",
                                 work->wrong == 1 ? "was" : "were");
    }
    gen_session_say(
        session, "%s%zu case%s in %zu files: %zu right, %zu wrong, %zu skipped%s",
        session->options.coverage ? "\n" : "", results->passed + results->failed + results->skipped,
        results->passed + results->failed + results->skipped == 1 ? "" : "s", work->paths.count,
        results->passed, results->failed, results->skipped, wrong != NULL ? wrong : "");
    return test_junit(work, document, err);
}

static int test_all(struct testing *work)
{
    struct gen_error err = {0};
    enum gen_status status = test_find(work, &err);

    work->coverage = gen_policy_coverage_create(work->origin.set, work->session->arena);
    if (status == GEN_OK && work->coverage == NULL) {
        status = gen_error_set(&err, GEN_ENOMEM, "no memory for the coverage");
    }
    gen_policy_results_begin(&work->results, work->session);
    for (size_t i = 0; status == GEN_OK && i < work->paths.count; i++) {
        status = test_suite(work, work->paths.items[i], &err);
    }
    if (status == GEN_OK) {
        status = test_report(work, &err);
    }
    if (status != GEN_OK) {
        (void)gen_session_fail(work->session, &err);
        return GEN_EXIT_USAGE; /* 1 means that cases fail */
    }
    if (work->wrong > 0) {
        return GEN_EXIT_USAGE;
    }
    return work->results.failed > 0 ? GEN_EXIT_FAILED : GEN_EXIT_OK;
}

int gen_policy_testing_run(struct gen_session *session)
{
    struct testing work = {.session = session};
    struct gen_error err = {0};
    int code;

    if (gen_policy_origin_load(session, session->options.operands[0], &work.origin, &err) ==
        GEN_OK) {
        code = test_all(&work);
    } else {
        (void)gen_policy_origin_fail(session, &work.origin, &err);
        code = GEN_EXIT_USAGE;
    }
    gen_policy_origin_fini(&work.origin);
    return code;
}
