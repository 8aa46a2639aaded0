/* audit_offline.h - checks the log's chain without a daemon: in a copy of its database, or in what
 * gen audit export wrote.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/audit_test.sh
 */
#ifndef GEN_CLI_AUDIT_OFFLINE_H
#define GEN_CLI_AUDIT_OFFLINE_H

#include "base/node.h"
#include "store/chain.h"

struct gen_audit_offline {
    int64_t checked, faults, last, head_seq; /* head_seq 0: the head was not found */
    char hash[GEN_DIGEST_TEXT_SIZE];
    struct gen_node *findings; /* as GET /v1/audit/verify tells them; in the arena */
};

/* `head`: NULL or "" = none. GEN_ENOTFOUND, GEN_EDENIED, GEN_ECORRUPT (it is no database of ours),
 * GEN_ENOMEM, and statuses of store/database.h. */
GEN_MUST_CHECK enum gen_status gen_audit_offline_database(const char *path, const char *head,
                                                          struct gen_arena *arena,
                                                          struct gen_audit_offline *out,
                                                          struct gen_error *err);
/* One event a line. GEN_EINVAL with the line: it is none; and those of reading a file. */
GEN_MUST_CHECK enum gen_status gen_audit_offline_export(const char *path, const char *head,
                                                        struct gen_arena *arena,
                                                        struct gen_audit_offline *out,
                                                        struct gen_error *err);

#endif
