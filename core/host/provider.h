/* provider.h - a loaded plugin as the engine sees it: its models, and its verbs in our own nouns.
 *
 * The only room that speaks the contract (sdk/include/gen/provider.h): it turns a job's shot into
 * the contract's task, calls a verb with the arena of one exchange, checks everything that comes
 * back (a plugin is not trusted to be right) and gives it to the engine as values of ours.
 * Invariant: nothing a plugin returns is used before it was checked; a defect of a plugin is an
 * error on that provider, never an abort.
 *
 * Thread: [loop]. Floor: host. Tests: tests/contract/fake_test.c
 */
#ifndef GEN_HOST_PROVIDER_H
#define GEN_HOST_PROVIDER_H

#include "host/credential.h"
#include "host/step.h"
#include "host/task.h"

struct gen_hosted; /* one loaded provider */
struct gen_setup;  /* and as it is configured */

struct gen_recipe {                /* what an asset must be converted to before submit */
    size_t asset;                  /* index into the task's assets */
    const char *media_type;        /* "" = keep */
    int32_t max_width, max_height; /* 0 = keep */
    int64_t max_bytes;             /* 0 = keep */
    int32_t min_width, min_height; /* 0 = keep */
    int64_t max_duration_ms;       /* 0 = keep */
};

struct gen_formatted {
    const char *parameters; /* JSON text of a map */
    int32_t width, height, frame_rate_milli;
    int64_t duration_ms;
    int64_t most_duration_ms;     /* the longest it can become; at least duration_ms */
    bool audio;                   /* the clip will carry sound */
    struct gen_node *adjustments; /* list of {field, from, to, reason}, for the decision */
    const struct gen_recipe *recipes;
    size_t recipe_count;
};

struct gen_priced {
    bool known, exact;
    gen_micros price, most; /* most >= price */
    const char *basis;
};

/* What the plugin says it is; texts live as long as it is loaded, models as long as its configuration.
 * model gives NULL for an id that it does not offer. */
const char *gen_hosted_id(const struct gen_hosted *hosted);
const char *gen_hosted_name(const struct gen_hosted *hosted);
const char *gen_hosted_version(const struct gen_hosted *hosted);
const char *gen_hosted_path(const struct gen_hosted *hosted);
const struct gen_model *gen_hosted_models(const struct gen_hosted *hosted, size_t *count);
const struct gen_model *gen_hosted_model(const struct gen_hosted *hosted, const char *id);

/* Path of a program that the plugin may run; NULL when it is not in its list or not installed.
 * Lives as long as the provider. */
const char *gen_hosted_program(const struct gen_hosted *hosted, const char *name);

/* Is there a verb for this? submit, poll, fetch always; recover, cancel and health by extension. */
bool gen_hosted_can(const struct gen_hosted *hosted, enum gen_verb verb);

/* What requests may be signed with; texts and rows live as long as its configuration. */
const struct gen_hosted_credential *gen_hosted_credentials(const struct gen_hosted *hosted,
                                                           size_t *count);
const struct gen_hosted_credential *gen_hosted_credential(const struct gen_hosted *hosted,
                                                          const char *name); /* NULL = no such */
/* May its requests go to this machine, over plain http? */
bool gen_hosted_loopback_http(const struct gen_hosted *hosted);
/* Are credentials of it for this URL? */
bool gen_hosted_declares(const struct gen_hosted *hosted, const char *url);
/* Why it refused its newest settings and works on with those before; "" = it did not. */
const char *gen_hosted_trouble(const struct gen_hosted *hosted);

/* What a step points to may stand in the provider's configuration: whoever keeps one across turns of the
 * loop holds it. */
struct gen_setup *gen_hosted_hold(const struct gen_hosted *hosted);
const struct gen_hosted_credential *gen_hosted_credential_in(
    const struct gen_setup *setup, const char *name); /* of what is held */
void gen_hosted_leave(struct gen_setup **setup);      /* sets NULL; NULL inside is allowed */

/* The verbs. GEN_EUNSUPPORTED: the plugin refuses the task, and why; it has no such verb or model; or
 * a step wants a program that is not installed. GEN_ECORRUPT: it returned something that breaks the
 * contract, or reported a defect. GEN_EINVAL, GEN_ECORRUPT of gen_task_build. GEN_ENOMEM: also when
 * it used up the maximum of `arena`. Messages begin with the provider and the verb. `out` is
 * unspecified on failure. */
GEN_MUST_CHECK enum gen_status gen_hosted_format(const struct gen_hosted *hosted,
                                                 const struct gen_task *task,
                                                 struct gen_arena *arena, struct gen_formatted *out,
                                                 struct gen_error *err);
/* `price`: the row of the price book that is in force, as the contract has it; NULL = none. */
GEN_MUST_CHECK enum gen_status gen_hosted_cost(const struct gen_hosted *hosted,
                                               const struct gen_task *task,
                                               const struct gen_node *price,
                                               struct gen_arena *arena, struct gen_priced *out,
                                               struct gen_error *err);
/* `reply` NULL: the first call of a verb, or after WAIT. For GEN_VERB_HEALTH the task has `now`, and a
 * shot only where a step has left a state; the rest of it is not looked at. */
GEN_MUST_CHECK enum gen_status gen_hosted_step(const struct gen_hosted *hosted, enum gen_verb verb,
                                               const struct gen_task *task,
                                               const struct gen_reply *reply,
                                               struct gen_arena *arena, struct gen_step *out,
                                               struct gen_error *err);

#endif
