/* turnstile.h - counts the requests of users and teams in each minute, and stops those that have
 * had theirs.
 *
 * Exact, not smoothed: in one minute nobody has a request more than the bound, however many
 * connections they use. It begins anew with each minute of a clock that only goes forward. What is
 * kept is one number for each bounded user and team that was here in this minute; when there is no
 * room for another, it waits for the next minute, too. Who has no bound is not counted. Failures to
 * say who one is are gate.h's. Invariant: a count never passes its bound; memory has a bound.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/turnstile_test.c
 */
#ifndef GEN_SERVICE_TURNSTILE_H
#define GEN_SERVICE_TURNSTILE_H

#include "base/error.h"
#include "model/principal.h"
#include "policy/access_policy.h"

enum { GEN_TURNSTILE_MOST = 65536 }; /* users and teams of one minute */

struct gen_turnstile;

struct gen_turnstile *gen_turnstile_create(void); /* NULL: no memory */
void gen_turnstile_destroy(struct gen_turnstile *turnstile);

/* One request more: GEN_OK and it is counted, or GEN_ELIMIT with what bound was reached and `*wait_s`,
 * after how many seconds there is room again, and nothing was counted. GEN_ENOMEM. `plan` may be
 * NULL; `now` in ms. */
GEN_MUST_CHECK enum gen_status gen_turnstile_pass(struct gen_turnstile *turnstile,
                                                  const struct gen_principal *who,
                                                  const struct gen_access_plan *plan, int64_t now,
                                                  int64_t *wait_s, struct gen_error *err);

/* How many a user (or a team) has had in this minute. */
int64_t gen_turnstile_count(const struct gen_turnstile *turnstile, const char *scope,
                            const char *organization, const char *of, int64_t now);

#endif
