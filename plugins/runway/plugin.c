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

KIT_CONFIGURE(struct runway_settings, settings_read)

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    const struct runway_settings *settings = self;

    (void)arena;
    (void)message;
    return kit_offer(out, settings->models.list, settings->models.count, settings->hosts,
                     credentials, KIT_COUNT(credentials));
}

KIT_FORMAT(struct runway_call, plan_format)
KIT_COST(struct runway_call, plan_cost)

KIT_STEP(struct runway_call, submit, submit_step)
KIT_STEP(struct runway_call, poll, poll_step)
KIT_STEP(struct runway_call, fetch, poll_fetch)
KIT_STEP(struct runway_call, cancel, poll_cancel)
KIT_STEP(struct runway_call, health, poll_health)

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

KIT_ENTRY(provider, hash)
