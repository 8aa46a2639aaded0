/* plugin.c - Kling as a provider: its models over both dialects of its API.
 *
 * Id `kling`. NOT here: what it renders (models.c), what is decided about a shot (plan.c), ordering and
 * finding again (submit.c), where a job lives and what its answers say (remote.c, poll.c), what refusals
 * mean (faults.c), what ops may set (settings.c).
 *
 * Invariant: no I/O, no clock, no state but the pointer to the host's constant services.
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_kling_test.c
 */
#include "plan.h"
#include "poll.h"
#include "submit.h"

#include <gen/ext/health.h>
#include <gen/ext/recover.h>

/* The host's services: written once, by the entry, before any verb is called. */
static const struct gen_host *services;

/* The one that `auth` chooses is declared: nobody has to store both. */
static const struct gen_provider_credential jwt[] = {
    {
        .size = sizeof(struct gen_provider_credential),
        .scheme = GEN_SCHEME_JWT_HS256,
        .name = "jwt",
        .header = "",
        .prefix = "",
        .token_url = "",
        .scope = "",
        .lifetime_s = 1800,
        .hint = "access key and secret key from the console of app.klingai.com, API keys",
    },
};

static const struct gen_provider_credential key[] = {
    {
        .size = sizeof(struct gen_provider_credential),
        .scheme = GEN_SCHEME_BEARER,
        .name = "key",
        .header = "",
        .prefix = "",
        .token_url = "",
        .scope = "",
        .hint = "the single API key that newer consoles of Kling hand out",
    },
};

KIT_CONFIGURE(struct kling_settings, settings_read)

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    const struct kling_settings *settings = self;

    (void)arena;
    (void)message;
    return kit_offer(out, settings->models.list, settings->models.count, settings->hosts,
                     settings->auth == KLING_KEY ? key : jwt, 1);
}

KIT_FORMAT(struct kling_call, plan_format)
KIT_COST(struct kling_call, plan_cost)

KIT_STEP(struct kling_call, submit, submit_step)
KIT_STEP(struct kling_call, poll, poll_step)
KIT_STEP(struct kling_call, fetch, poll_fetch)
KIT_STEP(struct kling_call, recover, submit_recover)
KIT_STEP(struct kling_call, health, poll_health)

static const struct gen_ext_recover recovering = {.size = sizeof(recovering), .recover = recover};
static const struct gen_ext_health probing = {.size = sizeof(probing), .health = health};

/* No gen.cancel/1: Kling cannot stop a job. */
static const void *extension(const void *self, const char *id)
{
    (void)self;
    return kit_same(id, GEN_EXT_RECOVER)  ? (const void *)&recovering
           : kit_same(id, GEN_EXT_HEALTH) ? (const void *)&probing
                                          : NULL;
}

static const struct gen_provider provider = {
    .size = sizeof(struct gen_provider),
    .minor = 0,
    .needs_minor = 0,
    .id = "kling",
    .name = "Kling",
    .version = "0.1.0",
    .homepage = "https://app.klingai.com/global/dev",
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
