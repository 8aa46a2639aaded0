/* step_document.h - a step that a plugin asked for, as a document: to compare two, and to hold one against
 * what a recording expects.
 *
 * Keys: kind (http, run, wait, done, fail); http: method, url, headers, body, asset, parts, credential,
 * costs, follow, sink; run: program, arguments; wait: waitMs; done: handle, file, cost; fail: failure,
 * billed, code, message, field, retryAfterMs, cost; beside them state, note, progress (0 to 1).
 *
 * Thread: one. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_STEP_DOCUMENT_H
#define GEN_TESTKIT_STEP_DOCUMENT_H

#include "base/node.h"
#include "host/step.h"

/* In `arena`; NULL: no memory. A body that is JSON stands there as JSON. */
struct gen_node *step_document(const struct gen_step *step, struct gen_arena *arena);

/* Does `actual` have all that `expected` has? "*" stands for any value that is there. A list must have
 * the same length. On failure `where` and `why` (in `arena`) tell. */
bool step_matches(const struct gen_node *expected, const struct gen_node *actual,
                  struct gen_arena *arena, const char **where, const char **why);

#endif
