/* call.h - the core's half of a request: how it was received and what is to be sent.
 *
 * Thread: the connection's. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_CALL_H
#define SIM_CALL_H

#include "simulator/faults.h"
#include "simulator/world.h"

struct sim_pair {
    const char *name, *value;
    struct sim_pair *next;
};

struct sim_inner {
    struct sim_pair *headers, *query; /* of the request, in their order */
    int64_t connection;
    const char *version; /* "HTTP/1.1" */
    struct sim_effects effects;
    const struct gen_node *json;
    bool json_read;
    const char *json_why;
    int64_t entry; /* in the request log */
    /* the answer */
    int status;
    struct sim_pair *answer_headers;
    const char *type;
    const char *text; /* in the arena; NULL with a file */
    size_t text_size;
    const char *file;
    int64_t file_size, file_from, file_to; /* bytes [from, to) are sent */
};

/* First value of `name` (any case when `fold`), NULL = none. */
const char *sim_pair_find(const struct sim_pair *list, const char *name, bool fold);
void sim_pair_add(struct gen_arena *arena, struct sim_pair **list, const char *name,
                  const char *value);

#endif
