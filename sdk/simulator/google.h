/* google.h - what the rooms of Google's dialects tell each other.
 *
 * google.c holds the routes under /google, the API key and the error shapes; google_interactions.c
 * speaks the Interactions API, google_files.c the Files API; vertex.c, cloud_storage.c and
 * google_token.c are dialects of their own that share the provider's accounts and books.
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl
 */
#ifndef SIM_GOOGLE_H
#define SIM_GOOGLE_H

#include "simulator/dialect.h"

#define GOOGLE_PROJECT "test-project" /* of the service account */

/* {"error":{"code":status,"message","status":WORD}}: everything but interactions. `code` may be the
 * word; NULL = the usual one. */
void google_refuse(struct sim_call *call, int status, const char *code, const char *message);
/* {"error":{"code":"word","message"}}: interactions. */
void google_interaction_refuse(struct sim_call *call, int status, const char *code,
                               const char *message);
/* The account of the API key; false after 400 or 403. */
bool google_enter(struct sim_call *call);
/* Sets the account of a bearer token that /token gave out; false, unanswered, when there is none. */
bool google_bearer_account(struct sim_call *call);

void google_set(struct sim_call *call, struct gen_node *map, const char *key, const char *text);
/* "2026-11-22T10:00:00.123Z" */
void google_set_moment(struct sim_call *call, struct gen_node *map, const char *key,
                       gen_moment moment);
/* A result's bytes as a base64 text; NULL when it cannot be read. */
struct gen_node *google_base64(struct sim_call *call, const struct sim_task *task, int32_t index);
/* Width and height of a ratio with `side` as its short side. */
void google_frame(struct sim_clip *clip, const char *ratio, const char *resolution);

/* "gs://bucket/prefix/sample_0.mp4" of a storageUri */
const char *vertex_object(struct sim_call *call, const char *uri, int32_t index);

void google_interaction_create(struct sim_call *call);
void google_interaction_get(struct sim_call *call);
void google_interaction_cancel(struct sim_call *call);
void google_interaction_delete(struct sim_call *call);

void google_upload(struct sim_call *call);   /* POST /upload/...: start, upload, finalize */
void google_file_get(struct sim_call *call); /* files/{id}, files/{id}:download */
void google_file_download(struct sim_call *call);
void google_file_delete(struct sim_call *call);
/* Name of the file that holds a task's result: "files/..." */
const char *google_file_of(struct sim_call *call, const struct sim_task *task);
/* An uploaded file that is ready, by its uri or name; NULL = there is none. */
const struct sim_asset *google_file_ready(struct sim_call *call, const char *uri);

#endif
