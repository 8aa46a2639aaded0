/* plugin.c - HeyGen as a provider: presenters who speak, over its v3 API.
 *
 * Id `heygen`; models avatar_iv, avatar_v, avatar_iii (a look from the settings), photo_avatar (a
 * picture of the scene) and cinematic_avatar. NOT here: what they take (models.c), what is decided
 * about a shot (plan.c), the conversation (submit.c, upload.c, poll.c), what refusals mean
 * (faults.c).
 *
 * Invariant: no I/O, no clock, no state but the pointer to the host's constant services.
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_heygen_test.c
 */
#include "poll.h"
#include "submit.h"

#include <gen/ext/health.h>
#include <gen/ext/recover.h>

/* The host's services: written once, by the entry, before any verb is called. */
static const struct gen_host *services;

static const struct gen_provider_credential credentials[] = {
    {
        .size = sizeof(struct gen_provider_credential),
        .scheme = GEN_SCHEME_HEADER,
        .name = HEYGEN_CREDENTIAL,
        .header = "x-api-key",
        .prefix = "",
        .token_url = "",
        .scope = "",
        .hint = "an API key from app.heygen.com, Settings, API; it draws on the prepaid API wallet",
    },
};

KIT_CONFIGURE(struct heygen_settings, settings_read)

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    const struct heygen_settings *settings = self;

    (void)arena;
    (void)message;
    return kit_offer(out, settings->models.list, settings->models.count, settings->hosts,
                     credentials, KIT_COUNT(credentials));
}

KIT_FORMAT(struct heygen_call, plan_format)
KIT_COST(struct heygen_call, plan_cost)

KIT_STEP(struct heygen_call, submit, submit_step)
KIT_STEP(struct heygen_call, poll, poll_step)
KIT_STEP(struct heygen_call, fetch, poll_fetch)
KIT_STEP(struct heygen_call, recover, poll_recover)
KIT_STEP(struct heygen_call, health, poll_health)

static const struct gen_ext_recover recovering = {.size = sizeof(recovering), .recover = recover};
static const struct gen_ext_health probing = {.size = sizeof(probing), .health = health};

static const void *extension(const void *self, const char *id)
{
    const struct heygen_settings *settings = self;

    return kit_same(id, GEN_EXT_HEALTH)                          ? (const void *)&probing
           : kit_same(id, GEN_EXT_RECOVER) && settings->recovers ? (const void *)&recovering
                                                                 : NULL;
}

static const struct gen_provider provider = {
    .size = sizeof(struct gen_provider),
    .minor = 0,
    .needs_minor = 0,
    .id = "heygen",
    .name = "HeyGen",
    .version = "0.1.0",
    .homepage = "https://developers.heygen.com",
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
