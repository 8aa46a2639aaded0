/* plugin.c - providers by description: one plugin that is as many providers as there are policy
 * files that say `plugin: rest`.
 *
 * Id `rest`. NOT here: what a description may say (description.c and sections.c), what its
 * templates become (template.c, exchange.c), the conversation (submit.c, poll.c, fetch.c,
 * powers.c), what refusals mean (faults.c).
 *
 * Invariant: no I/O, no clock, no state but the pointer to the host's constant services: what a
 * provider is stands in its `self`, so any number of them live side by side.
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#include "description.h"
#include "fetch.h"
#include "plan.h"
#include "poll.h"
#include "powers.h"
#include "submit.h"

#include <gen/ext/cancel.h>
#include <gen/ext/health.h>
#include <gen/ext/recover.h>

/* The host's services: written once, by the entry, before any verb is called. */
static const struct gen_host *services;

static int32_t configure(const struct gen_node *settings, struct gen_arena *arena,
                         const void **self, const char **message)
{
    const struct kit kit = {services, arena};
    const struct rest *out = NULL;
    int32_t verdict = description_read(&kit, settings, &out, message);

    *self = out;
    return verdict;
}

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    const struct rest *rest = self;

    (void)arena;
    (void)message;
    out->model_size = sizeof(struct gen_provider_model);
    out->models = rest->offered;
    out->model_count = rest->model_count;
    out->hosts = rest->hosts;
    out->credentials = rest->credential;
    out->credential_count = rest->credential != NULL;
    out->credential_size = sizeof(struct gen_provider_credential);
    return GEN_VERDICT_OK;
}

static int32_t format(const void *self, const struct gen_provider_task *task,
                      struct gen_arena *arena, struct gen_provider_format *out,
                      const char **message)
{
    const struct rest_call call = {
        .kit = {services, arena}, .rest = self, .task = task, .message = message};

    return plan_format(&call, out);
}

static int32_t cost(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message)
{
    const struct rest_call call = {
        .kit = {services, arena}, .rest = self, .task = task, .message = message};

    return plan_cost(&call, prices, out);
}

#define VERB(name, function) \
    static int32_t name(const void *self, const struct gen_provider_task *task, \
                        const struct gen_provider_answer *answer, struct gen_arena *arena, \
                        struct gen_provider_step *step, const char **message) \
    { \
        const struct rest_call call = {{services, arena}, self, task, answer, step, message}; \
\
        return function(&call); \
    }

VERB(submit, submit_step)
VERB(poll, poll_step)
VERB(fetch, fetch_step)
VERB(cancel, powers_cancel)
VERB(recover, powers_recover)
VERB(health, powers_health)

static const struct gen_ext_cancel cancelling = {.size = sizeof(cancelling), .cancel = cancel};
static const struct gen_ext_recover recovering = {.size = sizeof(recovering), .recover = recover};
static const struct gen_ext_health probing = {.size = sizeof(probing), .health = health};

static const void *extension(const void *self, const char *id)
{
    const struct rest *rest = self;

    if (kit_same(id, GEN_EXT_CANCEL) && rest->cancel_count > 0) {
        return &cancelling;
    }
    if (kit_same(id, GEN_EXT_RECOVER) && rest->lookup_count > 0) {
        return &recovering;
    }
    return kit_same(id, GEN_EXT_HEALTH) && rest->health.urls != NULL ? &probing : NULL;
}

static const struct gen_provider provider = {
    .size = sizeof(struct gen_provider),
    .minor = 0,
    .needs_minor = 0,
    .id = "rest",
    .name = "Providers by description",
    .version = "0.1.0",
    .homepage = "",
    .configure = configure,
    .capabilities = capabilities,
    .format = format,
    .cost = cost,
    .submit = submit,
    .poll = poll,
    .fetch = fetch,
    .extension = extension,
    .flags = GEN_PROVIDER_BY_DESCRIPTION,
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
