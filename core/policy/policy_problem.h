/* policy_problem.h - everything that is wrong with a set of policy files, gathered, not only the first.
 *
 * A mistake keeps the set from being loaded; a warning does not.
 * Invariant: sorted by file, line and column after gen_policy_problems_sort; never two the same.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_problem_test.c
 */
#ifndef GEN_POLICY_POLICY_PROBLEM_H
#define GEN_POLICY_POLICY_PROBLEM_H

#include "base/bytes.h"

#include <stdbool.h>

struct gen_node;
struct gen_log;

enum { GEN_POLICY_MAX_PROBLEMS = 100 }; /* kept; the rest is counted */

/* For the checks of a record: GEN_EINVAL with `message`, placed at the value of `key` in the map
 * `node`, or at the map where the key is not there. */
enum gen_status gen_policy_problem_at(const struct gen_node *node, const char *key,
                                      struct gen_error *err, const char *message);

struct gen_policy_problem {
    struct gen_error error; /* file as the caller named it, line, column, key path, message */
    bool warning;
};

struct gen_policy_problems { /* caller owns; set up with init, end with fini */
    struct gen_policy_problem *items;
    size_t count;
    size_t mistakes; /* without warnings; those not kept included */
    size_t left_off; /* not kept */
    size_t capacity;
};

void gen_policy_problems_init(struct gen_policy_problems *problems);
void gen_policy_problems_fini(struct gen_policy_problems *problems);

/* Copies `err`. When memory is used up it is counted, not kept. */
void gen_policy_problems_add(struct gen_policy_problems *problems, const struct gen_error *err,
                             bool warning);
void gen_policy_problems_sort(struct gen_policy_problems *problems);
/* The first mistake, speaking for all, with its place; nothing where there is none. */
void gen_policy_problems_first(const struct gen_policy_problems *problems, struct gen_error *err);

/* A line of the log for each. */
void gen_policy_problems_log(const struct gen_policy_problems *problems, const struct gen_log *log);

/* "file:line:column: path: message" a line each ("warning: " before the message of a warning). */
enum gen_status gen_policy_problems_text(const struct gen_policy_problems *problems,
                                         struct gen_bytes *out);

#endif
