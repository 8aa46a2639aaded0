/* doubts.h - how much may have been bought at a provider today, and nobody knows: for `mostADay` of
 * retry.yaml.
 *
 * It reads the ledger's sums and decides nothing. Thread: [loop]. Floor: engine.
 * Tests: tests/api/fallback_test.c
 */
#ifndef GEN_ENGINE_DOUBTS_H
#define GEN_ENGINE_DOUBTS_H

#include "engine/open_job.h"

/* A gen_doubted_call; `context` is the struct gen_open_job. The day is that of budget.yaml's time
 * zone. */
gen_doubted_call gen_doubts_today;

#endif
