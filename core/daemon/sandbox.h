/* sandbox.h - the providers' simulator as a child of gend, and what providers and requests are told so
 * that they reach it instead of the real ones.
 *
 * What is simulated stands in a file of the simulator (sandbox.json): by provider its settings, where
 * ${origin} is the simulator's address, and its test keys. A provider that is not in it has no key in a
 * sandbox, so nothing can be bought from it.
 * Invariant: in a sandbox no secret of the user is read.
 *
 * Thread: [loop]; gen_sandbox_start turns the loop. Floor: daemon. Tests: tests/cli/sandbox_test.sh
 */
#ifndef GEN_DAEMON_SANDBOX_H
#define GEN_DAEMON_SANDBOX_H

#include "base/node.h"
#include "platform/log.h"
#include "platform/loop.h"
#include "policy/policy_set.h"

struct gen_sandbox;

struct gen_sandbox_options { /* borrowed for the sandbox's life */
    struct gen_loop *loop;
    const struct gen_log *log;
    const char *program;     /* path of gen-sim */
    const char *description; /* path of sandbox.json */
    const char *folder;      /* of the simulator's books and clips; made if missing */
};

/* Starts the simulator and waits for its address; `*out` is set on failure too, to be ended.
 * GEN_EIO: it did not start, and what it said. GEN_EINVAL: the description is wrong. GEN_ENOTFOUND,
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_sandbox_start(const struct gen_sandbox_options *options,
                                                 struct gen_sandbox **out, struct gen_error *err);
void gen_sandbox_stop(struct gen_sandbox *sandbox);    /* NULL is allowed */
void gen_sandbox_destroy(struct gen_sandbox *sandbox); /* after the loop; NULL is allowed */

/* Settings by provider, as the simulator wants them; lives as long as the sandbox. */
const struct gen_node *gen_sandbox_settings(const struct gen_sandbox *sandbox);
/* What the simulated providers bill, as far as it is known: FOLDER/prices/real of these policies,
 * else of the shipped ones; NULL: neither is there. Lives as long as the sandbox. GEN_EINVAL: a
 * book has mistakes; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_sandbox_prices(struct gen_sandbox *sandbox, const char *policies,
                                                  const struct gen_price_shelf **out,
                                                  struct gen_error *err);
/* "127.0.0.1:41234" */
const char *gen_sandbox_host(const struct gen_sandbox *sandbox);
/* The test key that a request means by the name of a stored secret: the one that a policy file puts
 * behind a part of a simulated provider's credentials, or the provider's id (with "-part" behind it
 * where the part is not "key"). NULL = none. */
const char *gen_sandbox_named(const struct gen_sandbox *sandbox, const struct gen_policy_set *set,
                              const char *name);

#endif
