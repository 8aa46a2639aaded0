/* reports.h - what comes back from a flight, as an input of its job's machine.
 *
 * It decides nothing; a report about something that the machine does not want any more is dropped and
 * counted.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_REPORTS_H
#define GEN_ENGINE_REPORTS_H

#include "engine/open_job.h"

/* Sets the calls of the world: the owner of its flights is a struct gen_open_job, and their inputs go to
 * owner->on_input. */
void gen_reports_attach(struct gen_flight_world *world);

#endif
