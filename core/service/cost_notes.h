/* cost_notes.h - what people should know beside sums of money: how far it is to the next volume rate, and
 * which bills are not what the price book says.
 *
 * It shows what the engine knows and tells nobody by itself: the event provider.price_drift does.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/costs_test.c
 */
#ifndef GEN_SERVICE_COST_NOTES_H
#define GEN_SERVICE_COST_NOTES_H

#include "service/call.h"

struct gen_hosted;

/* The next volume rate of each row of a provider's price book that is in force and has one, after so many
 * seconds of this month: [{model, resolution, haveSeconds, atSeconds, rate}]. */
struct gen_node *gen_cost_notes_tiers(const struct gen_call *call, const char *provider,
                                      int64_t volume_s);

/* Of all providers that have a next rate for who asks: [{provider, seconds, nextTiers}]. */
struct gen_node *gen_cost_notes_volumes(const struct gen_call *call);

/* Models whose last bills differ from their prices by more than budget.yaml lets pass: [{provider, model,
 * bills, drift}]. Of one provider, or of all (NULL). */
struct gen_node *gen_cost_notes_drifts(const struct gen_call *call,
                                       const struct gen_hosted *hosted);

#endif
