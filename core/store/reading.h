/* reading.h - all questions that can be put to the store, for those who ask many of them.
 *
 * Each is declared by the room that answers it, from an index, and the results live in the caller's
 * arena. A thing of another organization is GEN_ENOTFOUND, like one that never was.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/plan_test.c
 */
#ifndef GEN_STORE_READING_H
#define GEN_STORE_READING_H

#include "store/alert_reading.h"
#include "store/asset_reading.h"
#include "store/budget_reading.h"
#include "store/clip_reading.h"
#include "store/cost_reading.h"
#include "store/event_reading.h"
#include "store/history_reading.h"
#include "store/invoice_reading.h"
#include "store/job_listing.h"
#include "store/job_reading.h"
#include "store/key_reading.h"
#include "store/load.h"
#include "store/lookup.h"
#include "store/output_reading.h"

#endif
