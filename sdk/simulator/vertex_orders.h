/* vertex_orders.h - what is asked of Veo on Vertex AI, judged and priced.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl
 */
#ifndef SIM_VERTEX_ORDERS_H
#define SIM_VERTEX_ORDERS_H

#include "simulator/google.h"

/* A text of a map; NULL when it is absent or something else. */
const char *vertex_text(const struct gen_node *map, const char *key);
/* The body against a table; false: refused. */
bool vertex_body(struct sim_call *call, const struct sim_field *fields,
                 const struct gen_node *body);
/* Judges the body of predictLongRunning for `model` and fills the order; false: refused. */
bool vertex_judge(struct sim_call *call, const char *model, struct sim_order *order);

#endif
