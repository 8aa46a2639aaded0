/* policy_origin.h - where the policy set comes from that a command works on, and what is wrong with it.
 *
 * A folder that was named; else that of the running gend, where the command is about what it does; else
 * the first that is there of $GEN_POLICIES, ./policies, /etc/genengine/policies, the user's, the
 * installed defaults.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_ORIGIN_H
#define GEN_CLI_POLICY_ORIGIN_H

#include "cli/session.h"
#include "expr/zone.h"
#include "platform/zone_files.h"
#include "policy/policy_set.h"

struct gen_policy_origin { /* gen_policy_origin_fini ends it; does not move */
    const char *folder;    /* or what stands for it in messages; in the session's arena */
    const char *said;      /* for people: which set this is, and why this one */
    const char *
        running; /* version of the set that gend runs on; NULL = it was not asked, or does not answer */
    struct gen_policy_set *set;   /* NULL until it is loaded */
    struct gen_price_shelf shelf; /* of a sandbox */
    struct gen_policy_problems problems;
    struct gen_zone_files files;
    struct gen_zones zones; /* for its expressions */
};

/* The folder that is meant where none was named. GEN_ENOTFOUND: none is there (says where it looked). */
GEN_MUST_CHECK enum gen_status gen_policy_origin_folder(struct gen_session *session,
                                                        const char **out, struct gen_error *err);

/* Loads `folder` (NULL = the usual one). After GEN_EINVAL the problems are in `origin`; other statuses
 * have no problems but `err`. Call gen_policy_origin_fini in each case. */
GEN_MUST_CHECK enum gen_status gen_policy_origin_load(struct gen_session *session,
                                                      const char *folder,
                                                      struct gen_policy_origin *origin,
                                                      struct gen_error *err);

/* The same, but where no folder was named and gend answers, its folder. That may hold another version
 * than the one that it runs on, or mistakes, or be out of reach: `running` is set all the same. */
GEN_MUST_CHECK enum gen_status gen_policy_origin_running(struct gen_session *session,
                                                         const char *folder,
                                                         struct gen_policy_origin *origin,
                                                         struct gen_error *err);
void gen_policy_origin_fini(struct gen_policy_origin *origin);

/* {file, line, column, path, message, severity} of each. Lives in the session's arena. */
struct gen_node *gen_policy_origin_list(struct gen_session *session,
                                        const struct gen_policy_problems *problems);

/* A line each: "file:line:column: path: message". */
void gen_policy_origin_say(const struct gen_policy_problems *problems, FILE *out);

/* Tells the failure of a load: every mistake on standard error, with --json as "problems" of the error.
 * Returns the exit code: that of wrong input, for mistakes as for files that cannot be read. */
int gen_policy_origin_fail(struct gen_session *session, const struct gen_policy_origin *origin,
                           const struct gen_error *err);

#endif
