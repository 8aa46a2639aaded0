/* films.h - renders clips with ffmpeg in a worker thread, once per look.
 *
 * Two tasks that ask for the same look (size, rate, length, sound, hue, first frame) share a file.
 * Invariant: a file under clips/ is whole: it is rendered under another name and renamed.
 *
 * Thread: [any], world locked; the worker renders unlocked. Apart: sdk/simulator.
 * Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_FILMS_H
#define SIM_FILMS_H

#include "simulator/world.h"

enum { SIM_HUES = 12 };

enum sim_film_state { SIM_FILM_WAITING = 1, SIM_FILM_READY, SIM_FILM_BROKEN };

GEN_MUST_CHECK enum gen_status sim_films_begin(struct sim_world *world, struct gen_error *err);
void sim_films_end(struct sim_world *world);
/* Asks for it (once) and says where it stands. `*path` (in `arena`) is where it will be. */
enum sim_film_state sim_films_want(struct sim_world *world, const struct sim_clip *clip, int hue,
                                   struct gen_arena *arena, const char **path);

#endif
