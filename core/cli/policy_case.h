/* policy_case.h - test cases of policies: files of them, as their authors wrote them.
 *
 * A file under tests/ of a policy folder is one suite: what its cases share, and the cases. Files whose
 * name begins with "snapshot" are no suites, but what suites extend. The keys are declared in tables
 * here; policy_trial.h decides the cases.
 *
 * Thread: [any]; calls block on disk. Floor: cli. Tests: tests/unit/cli/policy_case_test.c
 */
#ifndef GEN_CLI_POLICY_CASE_H
#define GEN_CLI_POLICY_CASE_H

#include "base/record.h"
#include "cli/policy_scenario.h"
#include "policy/policy_problem.h"

struct gen_policy_range { /* a bare number stands for {is: NUMBER} */
    double is, min, max;
    bool has_is, has_min, has_max;
};

struct gen_policy_expect {   /* what is absent is not looked at */
    struct gen_texts models; /* all that are chosen, in order */
    struct gen_texts first;  /* the first choice of each contest, in order */
    struct gen_texts order;  /* the best of the first contest, by rank */
    struct gen_texts avoid;  /* patterns of models that are not chosen */
    const char *strategy;
    int64_t tier;                                             /* 0 = any */
    struct gen_policy_range complexity, price, most, seconds; /* dollars, seconds */
    struct gen_texts needs;                                   /* exactly these */
    const struct gen_node *rejected; /* map: model -> filter, or part of the sentence; NULL */
    struct gen_texts rules, silent;  /* that do something; that do not */
    const char *reason;              /* part of the sentence that explains the decision */
    const char *warning;             /* part of one */
    const char *error;               /* code, or part of the sentence; NULL = there is a decision */
};

struct gen_policy_case {
    const char *name;
    const char *skip; /* why it is not run; NULL */
    const struct gen_node *brief, *snapshot;
    const char *strategy, *organization, *user;
    bool sandbox;
    struct gen_policy_expect expect;
    struct gen_policy_scenario scenario; /* of the suite and the case together */
    const struct gen_node *node;         /* as it stands in the file */
    uint32_t line, column;
};

struct gen_policy_suite {
    const char *file; /* as it was found */
    const char *name;
    const struct gen_node *brief, *snapshot; /* what the cases share */
    const char *organization;
    struct gen_records cases; /* struct gen_policy_case */
};

extern const struct gen_record gen_policy_suite_record;

/* Reads one file; snapshots and briefs that it names are read too. Everything that is wrong becomes a problem
 * with file, line and column, and then it is GEN_EINVAL, `*out` as it was. What is wrong with a brief or a
 * snapshot itself shows when the case runs. GEN_ENOMEM is no problem but in `err`. */
GEN_MUST_CHECK enum gen_status gen_policy_suite_read(const char *path, struct gen_arena *arena,
                                                     struct gen_policy_problems *problems,
                                                     struct gen_policy_suite **out,
                                                     struct gen_error *err);

/* Is the file a suite, by its name? */
bool gen_policy_suite_is(const char *path);

#endif
