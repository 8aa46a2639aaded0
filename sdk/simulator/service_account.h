/* service_account.h - the test service account of Google's dialects and its file.
 *
 * The file has the form of the vendor's own (type service_account, private_key, client_email,
 * token_uri, ...), so that any client can use it. Its key is made here, the first time, and is good
 * for nothing else.
 * Thread: before the server starts. Apart: sdk/simulator. Tests: tests/clients
 */
#ifndef SIM_SERVICE_ACCOUNT_H
#define SIM_SERVICE_ACCOUNT_H

#include "base/error.h"

struct gen_arena;

/* Reads the file, or makes it (mode 0600); its token_uri becomes `origin`/token. `*account` is what
 * --account takes: "google:name=vertex,key=EMAIL,secret=HEX".
 * GEN_EINVAL: it is there and no service account; what platform/files says; GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status sim_service_account_ready(const char *path, const char *origin,
                                                         struct gen_arena *arena,
                                                         const char **account,
                                                         struct gen_error *err);

#endif
