/* client.h - requests to gend, over its Unix socket or TCP, that look like they block.
 *
 * A call turns the loop until its answer is there, so a stream that is open at the same time goes on
 * being read. Ctrl-C (SIGINT, SIGTERM) ends what is under way with GEN_ECANCELED. Problem documents
 * become errors. It knows no routes.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/unit/cli/client_test.c
 */
#ifndef GEN_CLI_CLIENT_H
#define GEN_CLI_CLIENT_H

#include "cli/api_answer.h"
#include "platform/http_client.h"

struct gen_client;
struct gen_client_stream;

/* `target` is borrowed. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_client_create(const struct gen_target *target,
                                                 struct gen_client **out, struct gen_error *err);
void gen_client_destroy(struct gen_client *client); /* NULL is allowed */

struct gen_loop *gen_client_loop(struct gen_client *client);
bool gen_client_interrupted(const struct gen_client *client);
/* Has gend said that it works against simulated providers? */
bool gen_client_sandbox(const struct gen_client *client);
const struct gen_target *gen_client_target(const struct gen_client *client);

struct gen_client_request {
    const char *method;                         /* NULL = GET */
    const char *path;                           /* with its query: "/v1/jobs?limit=5" */
    const char *content_type, *idempotency_key; /* NULL = none */
    const char *if_match;                       /* the same */
    const char *body;
    size_t body_size;
    const char *body_file;
    const char *sink_file;
    /* Repeated after lost connections and 503 for so long; 0 = once. Only for what may be sent
     * twice. */
    int64_t patience_ms;
    int64_t timeout_ms; /* of one exchange, 0 = none */
    void (*on_sent)(void *context, int64_t sent, int64_t total);
    void *context;
};

/* GEN_OK: a 2xx. GEN_EUNREACHABLE: nobody answers (says what to do). GEN_EIO: the connection was
 * lost. GEN_ECANCELED: Ctrl-C. Else a problem of gend with its status, detail and key path;
 * `out->document` has all of it. `out` may be NULL. */
GEN_MUST_CHECK enum gen_status gen_client_send(struct gen_client *client,
                                               const struct gen_client_request *request,
                                               struct gen_arena *arena,
                                               struct gen_client_answer *out,
                                               struct gen_error *err);

/* Turns the loop for so long, or less when Ctrl-C came (false) or `*flag` became true. */
bool gen_client_wait(struct gen_client *client, int64_t ms, const bool *flag);

/* A GET whose body comes piece by piece. The headers are not waited for. GEN_ENOMEM, ... */
GEN_MUST_CHECK enum gen_status gen_client_stream_open(struct gen_client *client, const char *path,
                                                      gen_http_data_call *on_data, void *context,
                                                      struct gen_client_stream **out,
                                                      struct gen_error *err);
/* Has it ended? Then `err` (may be NULL) says why. */
bool gen_client_stream_ended(const struct gen_client_stream *stream, struct gen_error *err);
void gen_client_stream_close(
    struct gen_client_stream **stream); /* sets NULL; NULL inside is fine */

#endif
