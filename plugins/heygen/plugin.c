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

static int32_t configure(const struct gen_node *settings, struct gen_arena *arena,
                         const void **self, const char **message)
{
    const struct kit kit = {services, arena};
    const struct heygen_settings *out = NULL;
    int32_t verdict = settings_read(&kit, settings, &out, message);

    *self = out;
    return verdict;
}

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    const struct heygen_settings *settings = self;

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
    const struct heygen_call call = {
        .kit = {services, arena}, .settings = self, .task = task, .message = message};

    return plan_format(&call, out);
}

static int32_t cost(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message)
{
    const struct heygen_call call = {
        .kit = {services, arena}, .settings = self, .task = task, .message = message};

    return plan_cost(&call, prices, out);
}

#define VERB(name, function) \
    static int32_t name(const void *self, const struct gen_provider_task *task, \
                        const struct gen_provider_answer *answer, struct gen_arena *arena, \
                        struct gen_provider_step *step, const char **message) \
    { \
        const struct heygen_call call = {{services, arena}, self, task, answer, step, message}; \
\
        return function(&call); \
    }

VERB(submit, submit_step)
VERB(poll, poll_step)
VERB(fetch, poll_fetch)
VERB(recover, poll_recover)
VERB(health, poll_health)

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

extern gen_provider_entry GEN_PROVIDER_ENTRY;

GEN_PROVIDER_EXPORT const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *host)
{
    if (!GEN_HAS(host, hash)) {
        return NULL;
    }
    services = host;
    return &provider;
}
