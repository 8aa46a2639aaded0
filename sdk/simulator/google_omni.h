/* google_omni.h - a request to Gemini Omni while it is judged.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl
 */
#ifndef SIM_GOOGLE_OMNI_H
#define SIM_GOOGLE_OMNI_H

#include "simulator/google.h"

struct omni_plan {
    struct sim_call *call;
    const struct gen_node *body;   /* a map */
    const struct gen_node *format; /* the response_format; NULL = none */
    const char *model;             /* its id */
    int64_t min_ms, max_ms;        /* of the model */
    int64_t length_ms, tokens;     /* tokens of the whole clip */
    const char *first_frame;       /* path; NULL = none */
    int pictures, videos, texts;
    size_t characters;
};

/* A text of a map; NULL when it is absent or something else. */
const char *omni_text(const struct gen_node *map, const char *key);
/* Fills the plan from call and body; false: refused. Whether the account can pay is not asked. */
bool omni_judge(struct omni_plan *plan);

#endif
