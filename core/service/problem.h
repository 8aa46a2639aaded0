/* problem.h - errors as the API tells them: problem documents (RFC 9457).
 *
 * One table gives each status of ours its HTTP status and title; whoever knows better (a query that
 * is wrong is 400, a brief that is wrong 422) says so. Nothing here decides what is an error.
 *
 * Thread: [any]. Floor: service. Tests: tests/unit/service/problem_test.c
 */
#ifndef GEN_SERVICE_PROBLEM_H
#define GEN_SERVICE_PROBLEM_H

#include "base/node.h"

#define GEN_PROBLEM_TYPE "application/problem+json"

/* The HTTP status that goes with one of ours; 500 outside the set. */
int gen_problem_http(enum gen_status status);

/* The standard phrase of an HTTP status that the API uses; "Error" for others. */
const char *gen_problem_phrase(int http);

/* Adds one mistake to a document's `errors`: {file?, path?, line?, column?, detail}. */
void gen_problem_add(struct gen_arena *arena, struct gen_node *problem,
                     const struct gen_error *err);

/* {type, title, status, code, detail, errors?: [{file, path, line, column, detail}]}; `errors` when the
 * error knows a place. NULL when the arena has failed. */
struct gen_node *gen_problem_document(struct gen_arena *arena, int http,
                                      const struct gen_error *err);

#endif
