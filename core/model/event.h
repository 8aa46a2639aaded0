/* event.h - the kinds of facts that the one log holds; audit, live stream and webhooks read it.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/event_test.c
 */
#ifndef GEN_MODEL_EVENT_H
#define GEN_MODEL_EVENT_H

#include "base/ident.h"
#include "model/principal.h"

/* name, word, what one must be allowed to be told of it, when */
#define GEN_EVENT_TABLE(ROW) \
    ROW(GEN_EVENT_JOB_ADMITTED, "job.admitted", GEN_MAY_JOBS_READ, \
        "a job was accepted and its money reserved") \
    ROW(GEN_EVENT_JOB_STARTED, "job.started", GEN_MAY_JOBS_READ, "its first pipeline started") \
    ROW(GEN_EVENT_JOB_CANCELING, "job.canceling", GEN_MAY_JOBS_READ, \
        "somebody asked to cancel it") \
    ROW(GEN_EVENT_JOB_NEEDS_ATTENTION, "job.needs_attention", GEN_MAY_JOBS_READ, \
        "only a person can decide now") \
    ROW(GEN_EVENT_JOB_COMPLETED, "job.completed", GEN_MAY_JOBS_READ, "all its videos are ready") \
    ROW(GEN_EVENT_JOB_PARTIAL, "job.partially_completed", GEN_MAY_JOBS_READ, \
        "some of its videos are ready") \
    ROW(GEN_EVENT_JOB_FAILED, "job.failed", GEN_MAY_JOBS_READ, "none of its videos could be made") \
    ROW(GEN_EVENT_JOB_CANCELED, "job.canceled", GEN_MAY_JOBS_READ, \
        "it is cancelled and its money is settled") \
    ROW(GEN_EVENT_JOB_PAUSED, "job.paused", GEN_MAY_JOBS_READ, \
        "somebody paused it: nothing new is ordered") \
    ROW(GEN_EVENT_JOB_RESUMED, "job.resumed", GEN_MAY_JOBS_READ, "somebody let it go on") \
    ROW(GEN_EVENT_JOB_RETRIED, "job.retried", GEN_MAY_JOBS_READ, \
        "somebody had what failed of it tried again") \
    ROW(GEN_EVENT_PIPELINE_STARTED, "pipeline.started", GEN_MAY_JOBS_READ, \
        "a pipeline left the queue") \
    ROW(GEN_EVENT_PIPELINE_STAGE, "pipeline.stage", GEN_MAY_JOBS_READ, \
        "a pipeline entered another stage") \
    ROW(GEN_EVENT_PIPELINE_COMPLETED, "pipeline.completed", GEN_MAY_JOBS_READ, \
        "its video is ready") \
    ROW(GEN_EVENT_PIPELINE_FAILED, "pipeline.failed", GEN_MAY_JOBS_READ, \
        "its video cannot be made") \
    ROW(GEN_EVENT_PIPELINE_CANCELED, "pipeline.canceled", GEN_MAY_JOBS_READ, "it was cancelled") \
    ROW(GEN_EVENT_PIPELINE_NEEDS_ATTENTION, "pipeline.needs_attention", GEN_MAY_JOBS_READ, \
        "a person must decide") \
    ROW(GEN_EVENT_ATTEMPT_STATE, "attempt.state", GEN_MAY_JOBS_READ, \
        "an attempt moved to another state") \
    ROW(GEN_EVENT_ATTEMPT_RETRY, "attempt.retry", GEN_MAY_JOBS_READ, \
        "another attempt was planned") \
    ROW(GEN_EVENT_ATTEMPT_RESOLVED, "attempt.resolved", GEN_MAY_JOBS_READ, \
        "somebody found out what became of an order") \
    ROW(GEN_EVENT_LEDGER_ENTRY, "ledger.entry", GEN_MAY_COSTS_READ, \
        "money was held, charged or released") \
    ROW(GEN_EVENT_LEDGER_DRIFT, "ledger.drift", GEN_MAY_COSTS_READ, \
        "a provider billed more than was held for it") \
    ROW(GEN_EVENT_BUDGET_ALERT, "budget.alert", GEN_MAY_BUDGETS_READ, \
        "a budget is used up to a level that was set") \
    ROW(GEN_EVENT_BUDGET_FORECAST, "budget.forecast", GEN_MAY_BUDGETS_READ, \
        "a budget will be used up before its end") \
    ROW(GEN_EVENT_BUDGET_CREATED, "budget.created", GEN_MAY_BUDGETS_READ, "somebody set a budget") \
    ROW(GEN_EVENT_BUDGET_CHANGED, "budget.changed", GEN_MAY_BUDGETS_READ, \
        "somebody changed a budget") \
    ROW(GEN_EVENT_BUDGET_ENDED, "budget.ended", GEN_MAY_BUDGETS_READ, "somebody ended a budget") \
    ROW(GEN_EVENT_PRICE_DRIFT, "provider.price_drift", GEN_MAY_COSTS_READ, \
        "bills of a model differ from its price book") \
    ROW(GEN_EVENT_PROVIDER_DOWN, "provider.down", GEN_MAY_PROVIDERS_READ, \
        "a provider fails each time, or does not let us in") \
    ROW(GEN_EVENT_PROVIDER_UP, "provider.up", GEN_MAY_PROVIDERS_READ, \
        "a provider that was down answers again") \
    ROW(GEN_EVENT_INVOICE_IMPORTED, "invoice.imported", GEN_MAY_COSTS_READ, \
        "a provider's invoice was put beside the ledger") \
    ROW(GEN_EVENT_INVOICE_SETTLED, "invoice.settled", GEN_MAY_COSTS_READ, \
        "what an invoice proves was booked") \
    ROW(GEN_EVENT_INVOICE_REMOVED, "invoice.removed", GEN_MAY_COSTS_READ, \
        "an invoice from which nothing was booked was removed") \
    ROW(GEN_EVENT_SHOT_MOVED, "shot.moved", GEN_MAY_JOBS_READ, \
        "a shot goes on at another provider, which its retry policy allows") \
    ROW(GEN_EVENT_SHOT_REUSED, "shot.reused", GEN_MAY_JOBS_READ, \
        "a finished clip was used again instead of a render") \
    ROW(GEN_EVENT_OUTPUT_READY, "output.ready", GEN_MAY_JOBS_READ, \
        "a finished video can be downloaded") \
    ROW(GEN_EVENT_OUTPUT_ACCEPTED, "output.accepted", GEN_MAY_JOBS_READ, \
        "somebody accepted a video") \
    ROW(GEN_EVENT_OUTPUT_REJECTED, "output.rejected", GEN_MAY_JOBS_READ, \
        "somebody rejected a video") \
    ROW(GEN_EVENT_ASSET_STORED, "asset.stored", GEN_MAY_ASSETS_READ, \
        "an asset was uploaded and checked") \
    ROW(GEN_EVENT_ASSET_REMOVED, "asset.removed", GEN_MAY_ASSETS_READ, \
        "an asset that no job has used is gone") \
    ROW(GEN_EVENT_POLICY_LOADED, "policy.loaded", GEN_MAY_POLICIES_READ, \
        "another policy set is in force") \
    ROW(GEN_EVENT_POLICY_REFUSED, "policy.refused", GEN_MAY_POLICIES_READ, \
        "policies with mistakes were not taken") \
    ROW(GEN_EVENT_DAEMON_STARTED, "daemon.started", GEN_MAY_JOBS_READ, \
        "the daemon came up and resumed its work") \
    ROW(GEN_EVENT_KEY_CREATED, "key.created", GEN_MAY_KEYS_READ, "an API key was made") \
    ROW(GEN_EVENT_KEY_CHANGED, "key.changed", GEN_MAY_KEYS_READ, "an API key was edited") \
    ROW(GEN_EVENT_KEY_ROTATED, "key.rotated", GEN_MAY_KEYS_READ, "an API key got another token") \
    ROW(GEN_EVENT_KEY_REVOKED, "key.revoked", GEN_MAY_KEYS_READ, "an API key was revoked") \
    ROW(GEN_EVENT_SECRET_SET, "secret.set", GEN_MAY_SECRETS_READ, \
        "a secret was set for the first time, or of another account") \
    ROW(GEN_EVENT_SECRET_ROTATED, "secret.rotated", GEN_MAY_SECRETS_READ, \
        "another key of the same account was set") \
    ROW(GEN_EVENT_SECRET_REMOVED, "secret.removed", GEN_MAY_SECRETS_READ, "a secret was removed") \
    ROW(GEN_EVENT_VAULT_REKEYED, "vault.rekeyed", GEN_MAY_SECRETS_READ, \
        "all secrets are under another master key") \
    ROW(GEN_EVENT_WEBHOOK_CREATED, "webhook.created", GEN_MAY_WEBHOOKS_READ, \
        "somebody wants to be told of events") \
    ROW(GEN_EVENT_WEBHOOK_UPDATED, "webhook.updated", GEN_MAY_WEBHOOKS_READ, \
        "a webhook was changed") \
    ROW(GEN_EVENT_WEBHOOK_REMOVED, "webhook.removed", GEN_MAY_WEBHOOKS_READ, "a webhook is gone") \
    ROW(GEN_EVENT_SUBSCRIBER_PARKED, "subscriber.parked", GEN_MAY_WEBHOOKS_READ, \
        "deliveries failed for so long that they rest") \
    ROW(GEN_EVENT_SUBSCRIBER_SET_ASIDE, "subscriber.set_aside", GEN_MAY_WEBHOOKS_READ, \
        "a delivery was refused for good")

enum gen_event_kind {
    GEN_EVENT_NONE = 0,
#define GEN_EVENT_ENUM(name, word, permission, text) name,
    GEN_EVENT_TABLE(GEN_EVENT_ENUM)
#undef GEN_EVENT_ENUM
};

const char *gen_event_word(enum gen_event_kind kind);
enum gen_event_kind gen_event_of(const char *word); /* NONE when unknown */
const char *gen_event_meaning(enum gen_event_kind kind);

/* Whether this one may be told of an event of this kind in his organization. False for a kind that is
 * not in the table. */
bool gen_event_may(const struct gen_principal *principal, enum gen_event_kind kind);

#endif
