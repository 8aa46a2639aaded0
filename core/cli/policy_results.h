/* policy_results.h - what came out of test cases: lines for people, a document, a JUnit file for CI.
 *
 * Thread: [any]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_RESULTS_H
#define GEN_CLI_POLICY_RESULTS_H

#include "cli/policy_coverage.h"
#include "cli/policy_trial.h"
#include "cli/session.h"

struct gen_policy_results { /* set up with begin; nodes live in the session's arena */
    struct gen_session *session;
    struct gen_node *suites, *cases; /* cases: of the suite that is open */
    size_t passed, failed, skipped;
    size_t suite_failed, suite_count;
};

/* Nothing is told yet. */
void gen_policy_results_begin(struct gen_policy_results *results, struct gen_session *session);

/* One file after the other, one case after the other; a failure is told at once. */
void gen_policy_results_open(struct gen_policy_results *results, const char *file,
                             const char *name);
void gen_policy_results_add(struct gen_policy_results *results, const char *file,
                            const struct gen_policy_trial *trial);
void gen_policy_results_skip(struct gen_policy_results *results,
                             const struct gen_policy_case *item);
void gen_policy_results_close(struct gen_policy_results *results, const char *file);

/* {cases, passed, failed, skipped, suites, coverage}; `rows` may be NULL. */
struct gen_node *gen_policy_results_document(const struct gen_policy_results *results,
                                             const struct gen_policy_covered *rows, size_t count);
/* For people: the parts that no case has used. */
void gen_policy_results_coverage(struct gen_session *session, const struct gen_policy_covered *rows,
                                 size_t count);

/* The document as JUnit XML. */
void gen_policy_results_junit(const struct gen_node *document, struct gen_bytes *out);

#endif
