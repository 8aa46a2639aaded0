/* cloud_event.h - an event of the log as a CloudEvents 1.0 document (structured mode, JSON).
 *
 * The id is that of the event, whatever it is sent to and however often, so that a receiver can drop what
 * comes twice; `sequence` is its number in the log, so that he can put them in order.
 *
 * Thread: [any]. Floor: engine. Tests: tests/unit/engine/cloud_event_test.c
 */
#ifndef GEN_ENGINE_CLOUD_EVENT_H
#define GEN_ENGINE_CLOUD_EVENT_H

#include "store/outbox_reading.h"

#define GEN_CLOUD_EVENT_TYPE "application/cloudevents+json; charset=utf-8"
#define GEN_CLOUD_EVENT_PREFIX "genengine." /* before our words for kinds */

/* The document as text, in `arena`. GEN_ECORRUPT: its data is no JSON. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_cloud_event_text(const struct gen_outbox_event *event,
                                                    struct gen_arena *arena, const char **out,
                                                    size_t *size, struct gen_error *err);

#endif
