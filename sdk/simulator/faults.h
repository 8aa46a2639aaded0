/* faults.h - rules that make the simulator misbehave, on demand and by seed.
 *
 * A rule: {"match":{provider,method,path,body,nth}, "fault":{...}, "times":N, "probability":P}. All
 * rules that match a request work together; of equal effects the earlier rule wins.
 *
 * Thread: [any], world locked. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "simulator/world.h"

struct sim_effects {
    int64_t latency_ms;
    int64_t status; /* 0 = the true one */
    const char *code, *message;
    int64_t retry_after; /* seconds, -1 = no header */
    bool acted;          /* the request is acted on before `status` is answered */
    bool reset_before, reset_after;
    int64_t stall_ms, stall_after_ms; /* 0 = none */
    int64_t truncate;                 /* bytes of the answer's body, -1 = all */
    int64_t stall_at;                 /* byte of the answer's body, -1 = none */
    int64_t drip;                     /* bytes a second, 0 = as fast as it goes */
    int64_t huge_body;                /* bytes of JSON instead of the answer, 0 = none */
    bool not_json, http200error;
    bool duplicate_id, moderate, filtered, lose, fail, unknown_status;
    const char *names; /* of the effects, for the log: "latencyMs status" */
};

enum sim_moment_of { SIM_AT_HEAD = 1, SIM_AT_BODY };

struct sim_faults *sim_faults_create(void);
void sim_faults_destroy(struct sim_faults *faults);
/* A list of rules, {"rules":[...]} or one rule; replaces all, or adds. GEN_EINVAL with the key. */
GEN_MUST_CHECK enum gen_status sim_faults_read(struct sim_faults *faults,
                                               const struct gen_node *node, bool replace,
                                               struct gen_error *err);
/* JSON text, or the path of a file with it. */
GEN_MUST_CHECK enum gen_status sim_faults_text(struct sim_faults *faults, const char *text,
                                               struct gen_error *err);
void sim_faults_clear(struct sim_faults *faults);
struct gen_node *sim_faults_list(const struct sim_faults *faults, struct gen_arena *arena);

struct sim_subject { /* what rules are matched against */
    const char *provider, *method, *path;
    const char *body; /* NULL at the head */
    size_t body_size;
};
/* No fault at all. */
void sim_faults_none(struct sim_effects *out);
/* At the head only resetBefore rules without a body are asked, afterwards the others. Texts are in
 * `arena`. */
void sim_faults_judge(struct sim_world *world, enum sim_moment_of when,
                      const struct sim_subject *subject, struct gen_arena *arena,
                      struct sim_effects *out);

#endif
