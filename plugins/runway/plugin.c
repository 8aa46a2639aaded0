/* plugin.c - Runway as a provider: its own models and those of others that it hosts, over its public API.
 *
 * Id `runway`. NOT here: what it renders (models.c), what is decided about a shot (plan.c), the
 * conversation (submit.c, poll.c), what refusals mean (faults.c), what ops may set (settings.c).
 *
 * Invariant: no I/O, no clock, no state but the pointer to the host's constant services.
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_runway_test.c
 */
#include "plan.h"
#include "poll.h"
#include "submit.h"

#include <gen/ext/cancel.h>
#include <gen/ext/health.h>

/* The host's services: written once, by the entry, before any verb is called. */
static const struct gen_host *services;

static const struct gen_provider_credential credentials[] = {
    {
        .size = sizeof(struct gen_provider_credential),
        .scheme = GEN_SCHEME_BEARER,
        .name = RUNWAY_CREDENTIAL,
        .header = "",
        .prefix = "",
        .token_url = "",
        .scope = "",
        .hint = "an API key (key_...) from dev.runwayml.com; credits bought in the web app are "
                "another purse",
    },
};

static int32_t configure(const struct gen_node *settings, struct gen_arena *arena,
                         const void **self, const char **message)
{
    const struct kit kit = {services, arena};
    const struct runway_settings *out = NULL;
    int32_t verdict = settings_read(&kit, settings, &out, message);

    *self = out;
    return verdict;
}

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    const struct runway_settings *settings = self;

    (void)arena;
    (void)message;
    out->model_size = sizeof(struct gen_provider_model);
    out->models = settings->models.list;
    out->model_count = settings->models.count;
    out->hosts = settings->hosts;
    out->credentials = credentials;
    out->credential_count = KIT_COUNT(credentials);
    out->credential_size = sizeof(credentials[0]);
    return GEN_VERDICT_OK;
}

static int32_t format(const void *self, const struct gen_provider_task *task,
                      struct gen_arena *arena, struct gen_provider_format *out,
                      const char **message)
{
    const struct runway_call call = {
        .kit = {services, arena}, .settings = self, .task = task, .message = message};

    return plan_format(&call, out);
}

static int32_t cost(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message)
{
    const struct runway_call call = {
        .kit = {services, arena}, .settings = self, .task = task, .message = message};

    return plan_cost(&call, prices, out);
}

#define VERB(name, function) \
    static int32_t name(const void *self, const struct gen_provider_task *task, \
                        const struct gen_provider_answer *answer, struct gen_arena *arena, \
                        struct gen_provider_step *step, const char **message) \
    { \
        const struct runway_call call = {{services, arena}, self, task, answer, step, message}; \
\
        return function(&call); \
    }

VERB(submit, submit_step)
VERB(poll, poll_step)
VERB(fetch, poll_fetch)
VERB(cancel, poll_cancel)
VERB(health, poll_health)

static const struct gen_ext_cancel cancelling = {.size = sizeof(cancelling), .cancel = cancel};
static const struct gen_ext_health probing = {.size = sizeof(probing), .health = health};

/* No gen.recover/1: Runway has neither a reference of ours nor a list of tasks. */
static const void *extension(const void *self, const char *id)
{
    (void)self;
    return kit_same(id, GEN_EXT_CANCEL)   ? (const void *)&cancelling
           : kit_same(id, GEN_EXT_HEALTH) ? (const void *)&probing
                                          : NULL;
}

static const struct gen_provider provider = {
    .size = sizeof(struct gen_provider),
    .minor = 0,
    .needs_minor = 0,
    .id = "runway",
    .name = "Runway",
    .version = "0.1.0",
    .homepage = "https://docs.dev.runwayml.com",
    .configure = configure,
    .capabilities = capabilities,
    .format = format,
    .cost = cost,
    .submit = submit,
    .poll = poll,
    .fetch = fetch,
    .extension = extension,
};

extern gen_provider_entry GEN_PROVIDER_ENTRY;

GEN_PROVIDER_EXPORT const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *host)
{
    if (!GEN_HAS(host, hash)) {
        return NULL;
    }
    services = host;
    return &provider;
}
