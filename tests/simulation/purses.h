/* purses.h - the budgets of the simulated world: several scopes and periods, some of them soon used up,
 * drawn from the seed; and the limits of a hold, as core/engine/treasury.c gives them. */
#ifndef SIMULATION_PURSES_H
#define SIMULATION_PURSES_H

#include "decide/hold.h"
#include "model/change.h"
#include "simulation/world.h"

enum { PURSES_MOST = 8 };

struct purses {
    struct gen_budget budgets[PURSES_MOST];
    size_t count;
};

/* `jobs`: how many share them. */
void purses_draw(struct purses *purses, struct world *world, int64_t jobs);

/* Whose the next job is. */
void purses_whose(struct world *world, struct gen_job *job);

/* Gives every new hold among the changes its limits. */
void purses_equip(const struct purses *purses, const struct gen_job *job,
                  struct gen_changes *changes, gen_moment now);

/* The limits of one job there and then, in the arena. */
size_t purses_limits(const struct purses *purses, const struct gen_hold_of *of,
                     struct gen_arena *arena, struct gen_limit **out);

#endif
