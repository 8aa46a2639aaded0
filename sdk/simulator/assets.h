/* assets.h - files that clients brought, and their presigned ways in.
 *
 * Thread: [any], world locked. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_ASSETS_H
#define SIM_ASSETS_H

#include "simulator/world.h"

struct sim_asset *sim_assets_by_serial(const struct sim_world *world, int64_t serial);
void sim_assets_replay(struct sim_world *world, const struct gen_node *line);
struct gen_node *sim_assets_books(struct sim_world *world, struct gen_arena *arena);
void sim_memos_replay(struct sim_world *world, const struct gen_node *line);

#endif
