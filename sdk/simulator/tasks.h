/* tasks.h - the life of a task: in the queue, throttled, running, ended and billed.
 *
 * Where a task stands is computed from the clock whenever somebody asks (sim_tasks_advance); each
 * change is journaled. Fates are decided when it is created, by faults.
 * Invariant: billed is set once, when the task ends.
 *
 * Thread: [any], world locked. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_TASKS_H
#define SIM_TASKS_H

#include "simulator/world.h"

struct sim_life { /* a task with what clients do not see */
    struct sim_task task;
    enum sim_state fate; /* how it will end if nobody cancels it */
    gen_moment created_real, started_real;
    int64_t queue_ms, run_ms; /* before the speed */
    int64_t number;           /* of the request that made it */
};

/* The journal's side (task_journal.c): a line for each change; the books take the same members. */
void sim_life_journal(struct sim_world *world, const struct sim_life *life);
void sim_life_write(const struct sim_life *life, struct gen_arena *arena, struct gen_node *map);
void sim_life_read(struct gen_arena *arena, const struct gen_node *line, struct sim_life *life);

void sim_tasks_advance(struct sim_world *world);
void sim_tasks_replay(struct sim_world *world, const struct gen_node *line);
struct gen_node *sim_tasks_books(struct sim_world *world, struct gen_arena *arena, int64_t since);
const struct sim_task *sim_tasks_by_serial(const struct sim_world *world, int64_t serial);
const char *sim_tasks_state_word(enum sim_state state);
/* Path of a result, NULL when it is not there. */
const char *sim_tasks_file(struct sim_world *world, const struct sim_task *task, int32_t index,
                           struct gen_arena *arena, int64_t *size);

#endif
