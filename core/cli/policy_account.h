/* policy_account.h - a decision told to people: what made the brief complex, which rules held, and every
 * candidate.
 *
 * It reads the document of gen_decision_explain, whether it was made here or by gend.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_ACCOUNT_H
#define GEN_CLI_POLICY_ACCOUNT_H

#include "cli/session.h"

struct gen_policy_account {          /* what it is about; texts are harmless already */
    const char *brief;               /* its file */
    const char *policies;            /* which set, and why this one */
    const char *snapshot;            /* which world */
    gen_moment now;                  /* in it */
    const struct gen_node *decision; /* of gen_decision_explain */
    const char *refusal;             /* the sentence; NULL = there is a decision */
};

/* Lines and tables on standard output. */
void gen_policy_account_print(struct gen_session *session,
                              const struct gen_policy_account *account);

/* The sentence of a refusal, from the document alone; NULL = there is a decision. In the session's arena. */
const char *gen_policy_account_refusal(struct gen_session *session,
                                       const struct gen_node *decision);

#endif
