/* outputs_api.h - the routes of finished videos: list those of a job, hand over a file.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/outputs_api_test.c
 */
#ifndef GEN_SERVICE_OUTPUTS_API_H
#define GEN_SERVICE_OUTPUTS_API_H

#include "service/call.h"

/* Handlers of routes. */
gen_route_handler gen_outputs_list;
gen_route_handler gen_outputs_content;
gen_route_handler gen_outputs_thumbnail;
gen_route_handler gen_outputs_sheet;

/* The value of Content-Disposition for "title (variation).ending": a plain name for old readers and
 * the true one, percent-encoded. Nothing in a title can leave the quotes or name a folder. NULL when
 * the arena has failed. */
const char *gen_outputs_disposition(struct gen_arena *arena, const char *title,
                                    const char *variation, const char *ending);

struct gen_output;
/* The document of an output. */
struct gen_node *gen_outputs_node(struct gen_arena *arena, const struct gen_output *output);

#endif
