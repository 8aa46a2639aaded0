/* event.h - the kinds of facts that the one log holds; audit, live stream and webhooks read it.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/event_test.c
 */
#ifndef GEN_MODEL_EVENT_H
#define GEN_MODEL_EVENT_H

#include "base/ident.h"

/* name, word, when */
#define GEN_EVENT_TABLE(ROW) \
    ROW(GEN_EVENT_JOB_ADMITTED, "job.admitted", "a job was accepted and its money reserved") \
    ROW(GEN_EVENT_JOB_STARTED, "job.started", "its first pipeline started") \
    ROW(GEN_EVENT_JOB_CANCELING, "job.canceling", "somebody asked to cancel it") \
    ROW(GEN_EVENT_JOB_NEEDS_ATTENTION, "job.needs_attention", "only a person can decide now") \
    ROW(GEN_EVENT_JOB_COMPLETED, "job.completed", "all its videos are ready") \
    ROW(GEN_EVENT_JOB_PARTIAL, "job.partially_completed", "some of its videos are ready") \
    ROW(GEN_EVENT_JOB_FAILED, "job.failed", "none of its videos could be made") \
    ROW(GEN_EVENT_JOB_CANCELED, "job.canceled", "it is cancelled and its money is settled") \
    ROW(GEN_EVENT_PIPELINE_STARTED, "pipeline.started", "a pipeline left the queue") \
    ROW(GEN_EVENT_PIPELINE_STAGE, "pipeline.stage", "a pipeline entered another stage") \
    ROW(GEN_EVENT_PIPELINE_COMPLETED, "pipeline.completed", "its video is ready") \
    ROW(GEN_EVENT_PIPELINE_FAILED, "pipeline.failed", "its video cannot be made") \
    ROW(GEN_EVENT_PIPELINE_CANCELED, "pipeline.canceled", "it was cancelled") \
    ROW(GEN_EVENT_PIPELINE_NEEDS_ATTENTION, "pipeline.needs_attention", "a person must decide") \
    ROW(GEN_EVENT_ATTEMPT_STATE, "attempt.state", "an attempt moved to another state") \
    ROW(GEN_EVENT_ATTEMPT_RETRY, "attempt.retry", "another attempt was planned") \
    ROW(GEN_EVENT_LEDGER_ENTRY, "ledger.entry", "money was held, charged or released") \
    ROW(GEN_EVENT_LEDGER_DRIFT, "ledger.drift", "a provider billed more than was held for it") \
    ROW(GEN_EVENT_BUDGET_ALERT, "budget.alert", "a budget is used up to a level that was set") \
    ROW(GEN_EVENT_BUDGET_FORECAST, "budget.forecast", "a budget will be used up before its end") \
    ROW(GEN_EVENT_BUDGET_CREATED, "budget.created", "somebody set a budget") \
    ROW(GEN_EVENT_BUDGET_CHANGED, "budget.changed", "somebody changed a budget") \
    ROW(GEN_EVENT_BUDGET_ENDED, "budget.ended", "somebody ended a budget") \
    ROW(GEN_EVENT_PRICE_DRIFT, "provider.price_drift", \
        "bills of a model differ from its price book") \
    ROW(GEN_EVENT_PROVIDER_DOWN, "provider.down", \
        "a provider fails each time, or does not let us in") \
    ROW(GEN_EVENT_PROVIDER_UP, "provider.up", "a provider that was down answers again") \
    ROW(GEN_EVENT_INVOICE_IMPORTED, "invoice.imported", \
        "a provider's invoice was put beside the ledger") \
    ROW(GEN_EVENT_INVOICE_SETTLED, "invoice.settled", "what an invoice proves was booked") \
    ROW(GEN_EVENT_SHOT_REUSED, "shot.reused", \
        "a finished clip was used again instead of a render") \
    ROW(GEN_EVENT_OUTPUT_READY, "output.ready", "a finished video can be downloaded") \
    ROW(GEN_EVENT_ASSET_STORED, "asset.stored", "an asset was uploaded and checked") \
    ROW(GEN_EVENT_ASSET_REMOVED, "asset.removed", "an asset that no job has used is gone") \
    ROW(GEN_EVENT_POLICY_LOADED, "policy.loaded", "another policy set is in force") \
    ROW(GEN_EVENT_POLICY_REFUSED, "policy.refused", "policies with mistakes were not taken") \
    ROW(GEN_EVENT_DAEMON_STARTED, "daemon.started", "the daemon came up and resumed its work") \
    ROW(GEN_EVENT_KEY_CREATED, "key.created", "an API key was made") \
    ROW(GEN_EVENT_KEY_CHANGED, "key.changed", "an API key was edited") \
    ROW(GEN_EVENT_KEY_ROTATED, "key.rotated", "an API key got another token") \
    ROW(GEN_EVENT_KEY_REVOKED, "key.revoked", "an API key was revoked") \
    ROW(GEN_EVENT_SECRET_SET, "secret.set", \
        "a secret was set for the first time, or of another account") \
    ROW(GEN_EVENT_SECRET_ROTATED, "secret.rotated", "another key of the same account was set") \
    ROW(GEN_EVENT_SECRET_REMOVED, "secret.removed", "a secret was removed") \
    ROW(GEN_EVENT_VAULT_REKEYED, "vault.rekeyed", "all secrets are under another master key") \
    ROW(GEN_EVENT_WEBHOOK_CREATED, "webhook.created", "somebody wants to be told of events") \
    ROW(GEN_EVENT_WEBHOOK_UPDATED, "webhook.updated", "a webhook was changed") \
    ROW(GEN_EVENT_WEBHOOK_REMOVED, "webhook.removed", "a webhook is gone") \
    ROW(GEN_EVENT_SUBSCRIBER_PARKED, "subscriber.parked", \
        "deliveries failed for so long that they rest") \
    ROW(GEN_EVENT_SUBSCRIBER_SET_ASIDE, "subscriber.set_aside", "a delivery was refused for good")

enum gen_event_kind {
    GEN_EVENT_NONE = 0,
#define GEN_EVENT_ENUM(name, word, text) name,
    GEN_EVENT_TABLE(GEN_EVENT_ENUM)
#undef GEN_EVENT_ENUM
};

const char *gen_event_word(enum gen_event_kind kind);
enum gen_event_kind gen_event_of(const char *word); /* NONE when unknown */
const char *gen_event_meaning(enum gen_event_kind kind);

#endif
