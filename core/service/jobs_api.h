/* jobs_api.h - the routes of jobs: admit, list, show, cancel.
 *
 * It decides nothing: the engine admits and cancels, the store remembers; here requests become
 * questions to them and their answers become documents.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/jobs_api_test.c, tests/api/api_test.c
 */
#ifndef GEN_SERVICE_JOBS_API_H
#define GEN_SERVICE_JOBS_API_H

#include "base/node.h"
#include "service/call.h"

struct gen_job;
struct gen_pipeline;

enum { GEN_JOBS_BODY_MOST = 4 * 1024 * 1024, GEN_JOBS_KEY_MOST = 255 };

extern const char *const gen_jobs_types[];               /* of a brief */
extern const struct gen_parameter gen_jobs_parameters[]; /* of the list */

/* Handlers of routes. */
gen_route_handler gen_jobs_head;
gen_route_handler gen_jobs_submit;
gen_route_handler gen_jobs_list;
gen_route_handler gen_jobs_show;
gen_route_handler gen_jobs_cancel;

/* Replies with the document of a job of the caller's organization, or why there is none. */
void gen_jobs_reply(struct gen_call *call, int http, const char *id);

/* Reads the body of a request into a tree and digests what it says, not how it is written. Errors
 * have line and column. GEN_EINVAL, GEN_ETOOLARGE, GEN_ENOMEM. digest: GEN_DIGEST_TEXT_SIZE. */
GEN_MUST_CHECK enum gen_status gen_jobs_read(const char *type, const char *body, size_t size,
                                             struct gen_arena *arena, const struct gen_node **out,
                                             char *digest, struct gen_error *err);

/* An error that knows its key path gets the place of that key, or of the map that misses it. */
void gen_jobs_place(const struct gen_node *brief, struct gen_error *err);

/* Is this a usable Idempotency-Key: 1 to GEN_JOBS_KEY_MOST printable ASCII characters? */
bool gen_jobs_key_valid(const char *key);

/* Adds to a stored document what only memory knows: progress, place in the queue, a note. `job` is
 * NULL when it is over. `engine` may be NULL with it. */
void gen_jobs_overlay(struct gen_arena *arena, struct gen_node *document,
                      const struct gen_engine *engine, const struct gen_job *job);

/* How far a pipeline is and when it will be done, as keys of `map`. NULL: it is over, `engine` and
 * `job` may be NULL too. */
void gen_jobs_horizon(struct gen_arena *arena, struct gen_node *map,
                      const struct gen_engine *engine, const struct gen_job *job,
                      const struct gen_pipeline *pipeline);

#endif
