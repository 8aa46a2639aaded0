/* shell.h - the engine's shell in miniature: the real machine, lanes and store, and everything
 * around them simulated: time, chance, network, programs, disk, crashes.
 *
 * What may be let out, what is stale and what a commit's answer means are the runner's own rules
 * (engine/release.h). The order in which things happen follows core/engine/runner.c by hand, but a
 * commit takes time, so turns pile up behind it, and the whole memory can be lost between any two
 * effects.
 */
#ifndef SIMULATION_SHELL_H
#define SIMULATION_SHELL_H

#include "engine/lanes.h"
#include "engine/machine.h"
#include "simulation/purses.h"
#include "simulation/vendor.h"
#include "store/load.h"

enum { SHELL_MOST_JOBS = 64, SHELL_MOST_PIPELINES = 3, SHELL_MOST_SHOTS = 4 /* without one that finishes */ };

struct shell_flight {
    struct shell_open *open;
    size_t pipeline, shot;
    struct gen_ticket ticket;
    uint32_t generation, under_way;
    uint64_t asking, storing, timer; /* tokens of what is under way, 0 = nothing */
    struct gen_arena *exchange;
    struct gen_step step;
    struct vendor_answer answer; /* on its way back */
};

struct shell_open { /* a job in memory; lives in the job's arena */
    struct gen_job *job;
    size_t index;
    struct shell_flight *flights[SHELL_MOST_PIPELINES];
    uint64_t assembling[SHELL_MOST_PIPELINES]; /* tokens */
    uint64_t supplying[SHELL_MOST_PIPELINES][SHELL_MOST_SHOTS + 1];
    size_t commits;
    bool over;
};

struct shell_commit {
    struct shell_commit *next;
    struct shell_open *open;
    struct gen_changes *changes;
    struct gen_arena *arena;
    struct gen_effect *first;
    enum gen_status status;
    struct gen_error err;
};

/* A request on the wire outlives the engine: the vendor reads it also when its sender is dead. */
struct shell_wire {
    enum vendor_ask ask;
    char reference[GEN_IDENT_SIZE], handle[64];
    bool answers; /* what the vendor says comes back */
};

struct shell_job { /* what outlives the memory of the engine */
    struct gen_ident id;
    struct shell_open *open; /* NULL: not in memory */
    struct vendor_model models[SHELL_MOST_PIPELINES][SHELL_MOST_SHOTS + 1]; /* one a shot */
    bool cancelled; /* somebody wanted that, and was told yes */
    bool covered; /* its hold covers every way that the policy allows */
};

struct shell {
    struct world world;
    struct vendor vendor;
    struct gen_store *store;
    struct gen_lanes *lanes;
    struct purses purses;
    struct shell_job jobs[SHELL_MOST_JOBS];
    size_t job_count;
    struct shell_wire *wires; /* all ever sent; a flight's `asking` is an index + 1 */
    size_t wire_count, wire_capacity;
    struct shell_commit *waiting, *last_waiting; /* not on disk yet */
    struct shell_commit *written, *last_written; /* on disk, the loop does not know yet */
    uint64_t life, next_token;
    int crashes_left, releasing;
    double crash_chance, disk_trouble;
    bool ruled; /* retries go by `policy`, and holds cover them; else by the defaults */
    struct gen_retry_kind kind;
    struct gen_retry_policy policy;
    bool crashed, granting, writer_busy;
    bool provider_missing; /* in this life */
    uint64_t crashes, turns, refused, no_money;
    uint64_t strangers; /* handles of other attempts that were not taken */
    bool trace;
};

void shell_init(struct shell *shell, uint64_t seed, int32_t crashes);
void shell_fini(struct shell *shell);

/* Draws a job and commits it with its holds; it starts when that is durable. False: the money for it was
 * refused, with what paid retries need and without. */
bool shell_admit(struct shell *shell);
/* Somebody cancels the job now; false when it is not in memory. */
bool shell_cancel(struct shell *shell, size_t job);

/* Goes on until nothing happens any more; false after too many turns. */
bool shell_run(struct shell *shell);

/* For the rooms of the shell alone. */
void shell_input(struct shell_open *open, struct shell *shell, struct gen_input *input);
void shell_commit(struct shell *shell, struct shell_open *open, struct gen_turn *turn);
void shell_open_job(struct shell *shell, size_t index, struct gen_job *job);
void shell_close_job(struct shell *shell, struct shell_open *open);
void shell_perform(struct shell *shell, struct shell_flight *flight);
void shell_store_clip(struct shell *shell, struct shell_flight *flight);
void shell_wake(struct shell *shell, struct shell_flight *flight, int64_t wait_ms);
void shell_assemble(struct shell *shell, struct shell_open *open, size_t pipeline);
void shell_supply(struct shell *shell, struct shell_open *open, size_t pipeline, size_t shot);
void shell_call(struct shell *shell, struct shell_flight *flight,
                const struct vendor_answer *answer);
void shell_stop(struct shell_flight *flight);
bool shell_maybe_crash(struct shell *shell);
void shell_load(struct shell *shell, size_t index);
struct world_aim shell_aim(struct shell *shell, const struct shell_flight *flight,
                           uint64_t token);

#endif
