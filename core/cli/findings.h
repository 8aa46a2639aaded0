/* findings.h - what an examination found: graded lines for people, documents for programs.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/daemon_test.sh
 */
#ifndef GEN_CLI_FINDINGS_H
#define GEN_CLI_FINDINGS_H

#include "cli/session.h"

enum gen_grade { GEN_GRADE_OK = 1, GEN_GRADE_WARN, GEN_GRADE_FAIL };

struct gen_findings { /* of one examination; `list` begins as a list in the session's arena */
    struct gen_session *session;
    struct gen_node *list;
    size_t warnings, failures;
};

/* Tells one finding; `remedy` (what to do) may be NULL. Texts may come from elsewhere: they are made
 * harmless for people and stay as they are for programs. */
void gen_findings_add(struct gen_findings *findings, enum gen_grade grade, const char *name,
                      const char *remedy, const char *format, ...) GEN_PRINTF(5, 6);

#endif
