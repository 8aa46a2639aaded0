/* api.c - see api.h. */
#include "service/api.h"

#include "base/alloc.h"
#include "engine/engine.h"
#include "engine/rulebook.h"
#include "policy/policy_set.h"
#include "service/assets_api.h"
#include "service/audit_api.h"
#include "service/batches_api.h"
#include "service/budgets_api.h"
#include "service/costs_api.h"
#include "service/deliveries_api.h"
#include "service/estimates_api.h"
#include "service/event_stream.h"
#include "service/hand_api.h"
#include "service/health.h"
#include "service/invoices_api.h"
#include "service/job_costs_api.h"
#include "service/jobs_api.h"
#include "service/keys_api.h"
#include "service/me_api.h"
#include "service/metrics.h"
#include "service/models_api.h"
#include "service/outputs_api.h"
#include "service/policies_api.h"
#include "service/problem.h"
#include "service/providers_api.h"
#include "service/secrets_api.h"
#include "service/turnstile.h"
#include "service/webhooks_api.h"

#include <stdio.h>
#include <string.h>

struct gen_api {
    struct gen_service service;
    struct gen_access access;
    struct gen_loop *loop;
    struct gen_http_server *server;
    char address[160]; /* of the TCP listener, "" = none */
};

#define READS GEN_ROUTE_READS
#define MAY(what) .permission = GEN_MAY_##what
#define NO_BODY .body = GEN_HTTP_BODY_NONE
#define HAND_BODY .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_HAND_BODY_MOST

const struct gen_route gen_api_routes[] = {
    {"POST", "/v1/jobs", "submitJob", GEN_ROUTE_ADMITS, MAY(JOBS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_JOBS_BODY_MOST, .types = gen_jobs_types,
     .head = gen_jobs_head, .call = gen_jobs_submit,
     .help = "Admit a job: reserve its money and start it."},
    {"GET", "/v1/jobs", "listJobs", READS, MAY(JOBS_READ), NO_BODY, .query = gen_jobs_parameters,
     .call = gen_jobs_list, .help = "Pages of jobs, newest first."},
    {"GET", "/v1/jobs/{id}", "showJob", READS, MAY(JOBS_READ), NO_BODY, .call = gen_jobs_show,
     .help = "One job with its pipelines, results and costs."},
    {"POST", "/v1/jobs/{id}/cancel", "cancelJob", GEN_ROUTE_CHANGES, MAY(JOBS_WRITE), NO_BODY,
     .call = gen_jobs_cancel, .help = "Begin to cancel a job."},
    {"POST", "/v1/jobs/{id}/pause", "pauseJob", GEN_ROUTE_CHANGES, MAY(JOBS_WRITE), HAND_BODY,
     .call = gen_hand_pause, .help = "Order nothing new for a job until it is resumed."},
    {"POST", "/v1/jobs/{id}/resume", "resumeJob", GEN_ROUTE_CHANGES, MAY(JOBS_WRITE), HAND_BODY,
     .call = gen_hand_resume, .help = "Let a paused job go on."},
    {"POST", "/v1/jobs/{id}/retry", "retryJob", GEN_ROUTE_CHANGES, MAY(JOBS_WRITE), HAND_BODY,
     .call = gen_hand_retry,
     .help = "Try again what failed of a job, with another model if one is named."},
    {"POST", "/v1/jobs/{id}/resolve", "resolveJob", GEN_ROUTE_CHANGES, MAY(COSTS_WRITE), HAND_BODY,
     .call = gen_hand_resolve, .help = "Say what became of an order that is in doubt."},
    {"POST", "/v1/batches", "submitBatch", GEN_ROUTE_ADMITS, MAY(JOBS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_JOBS_BODY_MOST, .types = gen_jobs_types,
     .head = gen_jobs_head, .call = gen_batches_submit,
     .help = "Admit the jobs of many briefs together, or none of them."},
    {"GET", "/v1/batches", "listBatches", READS, MAY(JOBS_READ), NO_BODY,
     .query = gen_batches_parameters, .call = gen_batches_list,
     .help = "Pages of batches, newest first."},
    {"GET", "/v1/batches/{id}", "showBatch", READS, MAY(JOBS_READ), NO_BODY,
     .call = gen_batches_show, .help = "One batch with its jobs."},
    {"POST", "/v1/batches/{id}/cancel", "cancelBatch", GEN_ROUTE_CHANGES, MAY(JOBS_WRITE), NO_BODY,
     .call = gen_batches_cancel, .help = "Begin to cancel all jobs of a batch that are not over."},
    {"GET", "/v1/jobs/{id}/outputs", "listOutputs", READS, MAY(OUTPUTS_READ), NO_BODY,
     .call = gen_outputs_list, .help = "The finished videos of a job."},
    {"GET", "/v1/outputs/{id}/content", "downloadOutput", READS, MAY(OUTPUTS_READ), NO_BODY,
     .call = gen_outputs_content, .help = "The video file; ranges are served."},
    {"GET", "/v1/outputs/{id}/thumbnail", "downloadThumbnail", READS, MAY(OUTPUTS_READ), NO_BODY,
     .call = gen_outputs_thumbnail, .help = "A picture of the video."},
    {"GET", "/v1/outputs/{id}/sheet", "downloadSheet", READS, MAY(OUTPUTS_READ), NO_BODY,
     .call = gen_outputs_sheet, .help = "The contact sheet of the video."},
    {"POST", "/v1/outputs/{id}/accept", "acceptOutput", GEN_ROUTE_CHANGES, MAY(JOBS_WRITE),
     HAND_BODY, .call = gen_hand_accept, .help = "Say that a video is good."},
    {"POST", "/v1/outputs/{id}/reject", "rejectOutput", GEN_ROUTE_CHANGES, MAY(JOBS_WRITE),
     HAND_BODY, .call = gen_hand_reject, .help = "Say that a video is not good, and why."},
    {"POST", "/v1/assets", "uploadAsset", GEN_ROUTE_CHANGES, MAY(ASSETS_WRITE),
     .body = GEN_HTTP_BODY_FILE, .limit = GEN_ASSETS_FILE_MOST,
     .query = gen_assets_upload_parameters, .head = gen_assets_head, .call = gen_assets_upload,
     .help = "Upload a picture, video, sound or font: the body is it."},
    {"GET", "/v1/assets", "listAssets", READS, MAY(ASSETS_READ), NO_BODY,
     .query = gen_assets_list_parameters, .call = gen_assets_list,
     .help = "Pages of uploaded files, newest first."},
    {"GET", "/v1/assets/{id}", "showAsset", READS, MAY(ASSETS_READ), NO_BODY,
     .call = gen_assets_show, .help = "One uploaded file."},
    {"DELETE", "/v1/assets/{id}", "removeAsset", GEN_ROUTE_CHANGES, MAY(ASSETS_WRITE), NO_BODY,
     .query = gen_assets_remove_parameters, .call = gen_assets_remove,
     .help = "Remove an upload that no job uses."},
    {"GET", "/v1/events", "followEvents", READS, MAY(JOBS_READ), NO_BODY,
     .query = gen_event_stream_parameters, .call = gen_event_stream_follow,
     .help = "The live stream of events (server-sent events)."},
    {"GET", "/v1/providers", "listProviders", READS, MAY(PROVIDERS_READ), NO_BODY,
     .call = gen_providers_list,
     .help = "Loaded providers with their models, and refused plugins."},
    {"GET", "/v1/models", "listModels", READS, MAY(PROVIDERS_READ), NO_BODY,
     .query = gen_models_parameters, .call = gen_models_list,
     .help = "The registry of models: abilities, prices, measured performance, uptime."},
    {"GET", "/v1/policies", "showPolicies", READS, MAY(POLICIES_READ), NO_BODY,
     .call = gen_policies_show,
     .help = "The policy set in force, and why a newer one was refused."},
    {"POST", "/v1/policies/reload", "reloadPolicies", GEN_ROUTE_CHANGES, MAY(POLICIES_WRITE),
     NO_BODY, .call = gen_policies_reload, .help = "Read the folder of policies again now."},
    {"GET", "/v1/snapshot", "showSnapshot", READS, MAY(POLICIES_READ), NO_BODY,
     .call = gen_policies_snapshot,
     .help = "What a decision would look at now: providers, team, history."},
    {"POST", "/v1/explain", "explainBrief", READS, MAY(POLICIES_READ), .body = GEN_HTTP_BODY_MEMORY,
     .limit = GEN_JOBS_BODY_MOST, .types = gen_jobs_types, .call = gen_policies_explain,
     .help = "What would be decided for a brief, and why; nothing is reserved or kept."},
    {"GET", "/v1/audit", "listAudit", READS, MAY(AUDIT_READ), NO_BODY,
     .query = gen_audit_parameters, .call = gen_audit_list,
     .help = "Who did what, and from where: pages of the log, newest first."},
    {"GET", "/v1/audit/head", "showAuditHead", READS, MAY(AUDIT_READ), NO_BODY,
     .call = gen_audit_head, .help = "The newest hash of the log, to be kept elsewhere."},
    {"GET", "/v1/audit/verify", "verifyAudit", READS, MAY(AUDIT_READ), NO_BODY,
     .query = gen_audit_verify_parameters, .call = gen_audit_verify,
     .help = "Check a piece of the log's chain of hashes."},
    {"GET", "/v1/audit/export", "exportAudit", READS, MAY(AUDIT_READ), NO_BODY,
     .query = gen_audit_export_parameters, .call = gen_audit_export,
     .help = "The log as it is hashed, oldest first, to be kept and checked elsewhere."},
    {"GET", "/v1/me", "showMe", READS, MAY(SELF_READ), NO_BODY, .call = gen_me_show,
     .help = "Who one is here, what one may do, and how much of it is used."},
    {"GET", "/v1/keys", "listKeys", READS, MAY(KEYS_READ), NO_BODY,
     .query = gen_keys_list_parameters, .call = gen_keys_list, .help = "API keys, newest first."},
    {"POST", "/v1/keys", "createKey", GEN_ROUTE_CHANGES, MAY(KEYS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_KEYS_BODY_MOST, .types = gen_keys_types,
     .call = gen_keys_create, .help = "Make an API key; its token is shown this once."},
    {"GET", "/v1/keys/{id}", "showKey", READS, MAY(KEYS_READ), NO_BODY,
     .query = gen_keys_parameters, .call = gen_keys_show, .help = "One API key."},
    {"PATCH", "/v1/keys/{id}", "editKey", GEN_ROUTE_CHANGES, MAY(KEYS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_KEYS_BODY_MOST, .types = gen_keys_types,
     .query = gen_keys_parameters, .call = gen_keys_edit,
     .help = "Change what a key may; takes If-Match."},
    {"DELETE", "/v1/keys/{id}", "revokeKey", GEN_ROUTE_CHANGES, MAY(KEYS_WRITE), NO_BODY,
     .query = gen_keys_parameters, .call = gen_keys_revoke, .help = "Revoke a key, at once."},
    {"POST", "/v1/keys/{id}/rotate", "rotateKey", GEN_ROUTE_CHANGES, MAY(KEYS_WRITE), NO_BODY,
     .query = gen_keys_parameters, .call = gen_keys_rotate,
     .help = "Another token for a key; the old one ends at once."},
    {"GET", "/v1/webhooks", "listWebhooks", READS, MAY(WEBHOOKS_READ), NO_BODY,
     .call = gen_webhooks_list, .help = "Who is told of events, and how it goes."},
    {"POST", "/v1/webhooks", "createWebhook", GEN_ROUTE_CHANGES, MAY(WEBHOOKS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_WEBHOOKS_BODY_MOST, .types = gen_webhooks_types,
     .call = gen_webhooks_create,
     .help = "Have events posted to a URL; the signing secret is shown this once."},
    {"GET", "/v1/webhooks/{id}", "showWebhook", READS, MAY(WEBHOOKS_READ), NO_BODY,
     .call = gen_webhooks_show, .help = "One webhook."},
    {"PATCH", "/v1/webhooks/{id}", "editWebhook", GEN_ROUTE_CHANGES, MAY(WEBHOOKS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_WEBHOOKS_BODY_MOST, .types = gen_webhooks_types,
     .call = gen_webhooks_edit, .help = "Change, pause or resume a webhook; takes If-Match."},
    {"DELETE", "/v1/webhooks/{id}", "removeWebhook", GEN_ROUTE_CHANGES, MAY(WEBHOOKS_WRITE),
     NO_BODY, .call = gen_webhooks_remove, .help = "Remove a webhook with its deliveries."},
    {"POST", "/v1/webhooks/{id}/rotate", "rotateWebhook", GEN_ROUTE_CHANGES, MAY(WEBHOOKS_WRITE),
     NO_BODY, .call = gen_webhooks_rotate, .help = "Another signing secret; both sign for a day."},
    {"POST", "/v1/webhooks/{id}/test", "testWebhook", GEN_ROUTE_CHANGES, MAY(WEBHOOKS_WRITE),
     NO_BODY, .call = gen_deliveries_try, .help = "Send a test event now, and say what came back."},
    {"GET", "/v1/webhooks/{id}/deliveries", "listDeliveries", READS, MAY(WEBHOOKS_READ), NO_BODY,
     .query = gen_deliveries_parameters, .call = gen_deliveries_list,
     .help = "What was sent to a webhook, newest first."},
    {"GET", "/v1/version", "showVersion", READS, MAY(SELF_READ), NO_BODY,
     .call = gen_health_version, .help = "Which daemon this is."},
    {"GET", "/healthz", "showHealth", READS, .open = true, NO_BODY, .call = gen_health_alive,
     .help = "Does the daemon answer?"},
    {"GET", "/readyz", "showReadiness", READS, .open = true, NO_BODY, .call = gen_health_ready,
     .help = "Can a job be admitted now?"},
    {"GET", "/metrics", "showMetrics", READS, MAY(METRICS_READ), NO_BODY, .call = gen_metrics_show,
     .help = "Figures for Prometheus."},
    {"GET", "/v1/secrets", "listSecrets", READS, MAY(SECRETS_READ), NO_BODY,
     .call = gen_secrets_list, .help = "Stored secrets of providers, without what they are."},
    {"PUT", "/v1/secrets/{name}", "setSecret", GEN_ROUTE_CHANGES, MAY(SECRETS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_SECRETS_BODY_MOST, .types = gen_secrets_types,
     .query = gen_secrets_set_parameters, .call = gen_secrets_set,
     .help = "Set or rotate a secret: the body is it. It never comes out again."},
    {"DELETE", "/v1/secrets/{name}", "removeSecret", GEN_ROUTE_CHANGES, MAY(SECRETS_WRITE), NO_BODY,
     .query = gen_secrets_remove_parameters, .call = gen_secrets_remove,
     .help = "Remove a secret with all its versions."},
    {"POST", "/v1/secrets/{name}/test", "testSecret", GEN_ROUTE_CHANGES, MAY(SECRETS_WRITE),
     NO_BODY, .query = gen_secrets_team_parameters, .call = gen_secrets_test,
     .help = "Ask the providers that use a secret whether it works; costs nothing."},
    {"GET", "/v1/master-key", "showMasterKey", READS, MAY(VAULT_WRITE), NO_BODY,
     .call = gen_secrets_master, .help = "Where the master key of the secrets comes from."},
    {"POST", "/v1/master-key/rotate", "rotateMasterKey", GEN_ROUTE_CHANGES, MAY(VAULT_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_SECRETS_PASSPHRASE_MOST, .call = gen_secrets_rekey,
     .help = "Make a new master key and put all secrets under it."},
    {"GET", "/v1/costs", "listCosts", READS, MAY(COSTS_READ), NO_BODY,
     .query = gen_costs_parameters, .call = gen_costs_list,
     .help =
         "What work cost in a period, by provider, model, project, team, user, tag, job or day."},
    {"GET", "/v1/costs/statement", "showStatement", READS, MAY(COSTS_READ), NO_BODY,
     .query = gen_costs_statement_parameters, .call = gen_costs_statement,
     .help = "The statement of a period: costs, budget, savings, alerts."},
    {"GET", "/v1/jobs/{id}/costs", "showJobCosts", READS, MAY(COSTS_READ), NO_BODY,
     .call = gen_job_costs_show,
     .help = "Every ledger entry of a job, by pipeline, with what it rests on."},
    {"GET", "/v1/invoices", "listInvoices", READS, MAY(COSTS_READ), NO_BODY,
     .query = gen_invoices_parameters, .call = gen_invoices_list,
     .help = "Invoices of providers that were imported, newest first."},
    {"POST", "/v1/invoices", "importInvoice", GEN_ROUTE_CHANGES, MAY(COSTS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_INVOICES_BODY_MOST, .types = gen_invoices_types,
     .call = gen_invoices_import,
     .help = "Put a provider's export beside the ledger; books nothing."},
    {"GET", "/v1/invoices/{id}", "showInvoice", READS, MAY(COSTS_READ), NO_BODY,
     .call = gen_invoices_show, .help = "One invoice with what became of its lines."},
    {"DELETE", "/v1/invoices/{id}", "removeInvoice", GEN_ROUTE_CHANGES, MAY(COSTS_WRITE), NO_BODY,
     .call = gen_invoices_remove,
     .help = "Remove an invoice from which nothing was booked; it may be imported again."},
    {"POST", "/v1/invoices/{id}/settle", "settleInvoice", GEN_ROUTE_CHANGES, MAY(COSTS_WRITE),
     NO_BODY, .call = gen_invoices_settle, .help = "Book what an invoice proves."},
    {"POST", "/v1/estimates", "estimateBrief", READS, MAY(COSTS_READ), .body = GEN_HTTP_BODY_MEMORY,
     .limit = GEN_JOBS_BODY_MOST, .types = gen_jobs_types, .call = gen_estimates_make,
     .help = "What a brief would cost and which budgets that would meet; nothing is kept."},
    {"GET", "/v1/budgets", "listBudgets", READS, MAY(BUDGETS_READ), NO_BODY,
     .query = gen_budgets_parameters, .call = gen_budgets_list,
     .help = "Budgets with what is used, held and left, and the limits of budget.yaml."},
    {"POST", "/v1/budgets", "createBudget", GEN_ROUTE_CHANGES, MAY(BUDGETS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_BUDGETS_BODY_MOST, .types = gen_budgets_types,
     .call = gen_budgets_create, .help = "Set a budget."},
    {"GET", "/v1/budgets/{id}", "showBudget", READS, MAY(BUDGETS_READ), NO_BODY,
     .call = gen_budgets_show, .help = "One budget."},
    {"PATCH", "/v1/budgets/{id}", "editBudget", GEN_ROUTE_CHANGES, MAY(BUDGETS_WRITE),
     .body = GEN_HTTP_BODY_MEMORY, .limit = GEN_BUDGETS_BODY_MOST, .types = gen_budgets_types,
     .call = gen_budgets_edit, .help = "Change the amounts of a budget; takes If-Match."},
    {"DELETE", "/v1/budgets/{id}", "endBudget", GEN_ROUTE_CHANGES, MAY(BUDGETS_WRITE), NO_BODY,
     .call = gen_budgets_end, .help = "End a budget; takes If-Match."},
    {0},
};

/* ---------------------------------------------------------------------- the way of a request -- */

static void refuse_route(struct gen_call *call, const struct gen_route_match *match)
{
    struct gen_error err = {0};

    if (match->allow[0] == '\0') {
        (void)gen_error_set(&err, GEN_ENOTFOUND, "there is no %.200s here; see docs/openapi.yaml",
                            gen_exchange_path(call->exchange));
        gen_call_fail(call, &err);
        return;
    }
    gen_exchange_reply_header(call->exchange, "Allow", match->allow);
    (void)gen_error_set(&err, GEN_EUNSUPPORTED, "%.20s cannot be done here, only %s",
                        gen_exchange_method(call->exchange), match->allow);
    gen_call_fail_as(call, 405, &err);
}

/* Who has had their requests of this minute waits. */
static bool pass_turnstile(struct gen_call *call)
{
    const struct gen_service *service = call->service;
    const struct gen_principal *who = &call->principal;
    const struct gen_policy_set *set;
    struct gen_error err = {0};
    int64_t wait = 0;
    char text[24];
    enum gen_status status;

    if (call->route == NULL || call->route->open) {
        return true;
    }
    set = service->rules == NULL ? NULL : gen_rulebook_set(service->rules);
    status = gen_turnstile_pass(service->turnstile, who,
                                set == NULL ? NULL
                                            : gen_access_plan_of(set->access, who->organization),
                                gen_clock_monotonic(service->clock), &wait, &err);
    if (status == GEN_OK) {
        return true;
    }
    (void)snprintf(text, sizeof text, "%lld", (long long)wait);
    call->retry_after = gen_arena_strdup(call->arena, text);
    gen_call_fail_as(call, status == GEN_ELIMIT ? 429 : 0, &err);
    return false;
}

static bool pass_access(struct gen_call *call, const struct gen_api *api)
{
    struct gen_exchange *exchange = call->exchange;
    struct gen_visitor visitor = {
        .local = gen_exchange_is_local(exchange),
        .owner = gen_exchange_is_owner(exchange),
        .open = call->route != NULL && call->route->open,
        .needs = call->route == NULL ? 0 : call->route->permission,
        .host = gen_exchange_header(exchange, "Host"),
        .origin = gen_exchange_header(exchange, "Origin"),
        .authorization = gen_exchange_header(exchange, "Authorization"),
        .forwarded = gen_exchange_header(exchange, "X-Forwarded-For"),
    };
    struct gen_error err = {0};
    int http;

    visitor.address = gen_access_address(&api->access, gen_exchange_address(exchange),
                                         visitor.forwarded, call->arena);
    if (visitor.forwarded == NULL) {
        visitor.forwarded = gen_exchange_header(exchange, "Forwarded");
    }
    if (gen_access_check(&api->access, &visitor, call->arena, &call->principal, &http, &err) ==
        GEN_OK) {
        return pass_turnstile(call);
    }
    gen_call_fail_as(call, http, &err);
    return false;
}

/* The media types of a route, as words. */
static const char *form_types(const struct gen_call *call)
{
    const char *list = "";

    for (const char *const *type = call->route->types; list != NULL && *type != NULL; type++) {
        list = gen_arena_printf(call->arena, "%s%s%s", list, list[0] != '\0' ? " or " : "", *type);
    }
    return list != NULL ? list : call->route->types[0];
}

static bool pass_form(struct gen_call *call)
{
    const char *type = gen_exchange_header(call->exchange, "Content-Type");
    struct gen_error err = {0};

    if (gen_query_check(call->exchange, call->route->query, &err) != GEN_OK) {
        gen_call_fail_as(call, 400, &err);
        return false;
    }
    if (!gen_route_takes(call->route, type)) {
        (void)gen_error_set(&err, GEN_EINVAL, "the body must be %s, and say so in Content-Type",
                            form_types(call));
        gen_call_fail_as(call, 415, &err);
        return false;
    }
    return true;
}

static void api_on_head(void *context, struct gen_exchange *exchange)
{
    struct gen_api *api = context;
    struct gen_call *call = gen_call_begin(&api->service, exchange);
    struct gen_route_match match;

    if (call == NULL) {
        gen_exchange_reply(exchange, 503, NULL, NULL, 0);
        return;
    }
    gen_route_find(gen_api_routes, gen_exchange_method(exchange), gen_exchange_path(exchange),
                   &match);
    call->route = match.route;
    memcpy(call->value, match.value, sizeof call->value);
    if (!pass_access(call, api)) {
        return;
    }
    if (call->route == NULL) {
        refuse_route(call, &match);
        return;
    }
    if (!pass_form(call)) {
        return;
    }
    if (call->route->head != NULL) {
        call->route->head(call);
    }
    if (!gen_exchange_replied(exchange)) {
        gen_exchange_accept(exchange, call->route->body, call->route->limit);
    }
}

static void api_on_body(void *context, struct gen_exchange *exchange)
{
    struct gen_call *call = gen_exchange_state(exchange);

    (void)context;
    call->route->call(call);
}

static void api_on_drain(void *context, struct gen_exchange *exchange)
{
    (void)context;
    gen_event_stream_drain(gen_exchange_state(exchange));
}

static void api_on_end(void *context, struct gen_exchange *exchange)
{
    struct gen_call *call = gen_exchange_state(exchange);

    (void)context;
    if (call != NULL) {
        gen_event_stream_leave(call);
        gen_call_end(call);
    }
}

/* ----------------------------------------------------------------------- creating and ending -- */

static void api_on_events(void *context, int64_t last_event)
{
    struct gen_api *api = context;

    gen_event_stream_events(api->service.stream, last_event);
}

static void api_on_progress(void *context, const struct gen_job *job,
                            const struct gen_pipeline *pipeline)
{
    struct gen_api *api = context;

    gen_event_stream_progress(api->service.stream, job, pipeline);
}

enum gen_status gen_api_create(const struct gen_api_options *options, struct gen_api **out,
                               struct gen_error *err)
{
    struct gen_api *api = gen_alloc(sizeof *api);
    uint64_t *counts = gen_alloc(GEN_COUNT(gen_api_routes) * GEN_CALL_CLASSES * sizeof *counts);
    struct gen_listener listener = {api_on_events, api_on_progress, api};
    enum gen_status status;

    if (api == NULL || counts == NULL) {
        gen_free(api);
        gen_free(counts);
        return gen_error_set(err, GEN_ENOMEM, "no memory for the API");
    }
    api->loop = options->loop;
    api->access = options->access;
    api->service = (struct gen_service){
        .engine = options->engine,
        .store = options->store,
        .loader = options->loader,
        .rules = options->rules,
        .outbox = options->outbox,
        .lockbox = options->lockbox,
        .signet = options->signet,
        .clock = options->clock,
        .random = options->random,
        .log = options->log,
        .blobs = options->blobs,
        .version = options->version,
        .sandbox = options->sandbox,
        .started_at = gen_clock_now(options->clock),
        .counts = counts,
        .routes = gen_api_routes,
    };
    api->service.turnstile = gen_turnstile_create();
    status = api->service.turnstile == NULL
                 ? gen_error_set(err, GEN_ENOMEM, "no memory for the API")
                 : gen_event_stream_create(options->loop, &api->service, &api->service.stream, err);
    if (status != GEN_OK) {
        gen_api_destroy(api);
        return status;
    }
    gen_engine_listen(options->engine, &listener);
    *out = api;
    return GEN_OK;
}

void gen_api_destroy(struct gen_api *api)
{
    static const struct gen_listener nobody;

    if (api == NULL) {
        return;
    }
    if (api->service.stream != NULL) {
        gen_engine_listen(api->service.engine, &nobody);
    }
    api->service.server = NULL;
    gen_http_server_destroy(api->server);
    gen_event_stream_destroy(api->service.stream);
    gen_turnstile_destroy(api->service.turnstile);
    gen_free(api->service.counts);
    gen_free(api);
}

enum gen_status gen_api_listen(struct gen_api *api, const struct gen_http_listen *listen,
                               struct gen_error *err)
{
    struct gen_http_handler handler = {api_on_head, api_on_body, api_on_end, api_on_drain, api};
    enum gen_status status = gen_http_server_create(api->loop, listen, &handler, &api->server, err);

    api->service.server = status == GEN_OK ? api->server : NULL;
    if (status == GEN_OK && listen->address != NULL) {
        bool v6 = strchr(listen->address, ':') != NULL;

        (void)snprintf(api->address, sizeof api->address, "http://%s%s%s:%d", v6 ? "[" : "",
                       listen->address, v6 ? "]" : "", gen_http_server_port(api->server));
        api->service.address = api->address;
    }
    return status;
}

const char *gen_api_address(const struct gen_api *api)
{
    return api->service.address;
}

void gen_api_tell(struct gen_api *api, int64_t last_event)
{
    gen_event_stream_events(api->service.stream, last_event);
}
