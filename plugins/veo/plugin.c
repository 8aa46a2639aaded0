/* plugin.c - Google as a provider: Gemini Omni on the Interactions API, Veo 3.1 on Vertex AI.
 *
 * Id `veo`; the models are the rows of models.c, each on one of the two surfaces. NOT here: what is
 * decided about a shot (plan.c), the conversations (order.c, files.c, omni.c, vertex.c), what
 * refusals mean (faults.c).
 *
 * Invariant: no I/O, no clock, no state but the pointer to the host's constant services.
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_veo_test.c
 */
#include "faults.h"
#include "omni.h"
#include "order.h"
#include "vertex.h"

#include <gen/ext/cancel.h>
#include <gen/ext/health.h>
#include <gen/ext/recover.h>

/* The host's services: written once, by the entry, before any verb is called. */
static const struct gen_host *services;

KIT_CONFIGURE(struct veo_settings, settings_read)

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    const struct veo_settings *settings = self;

    (void)arena;
    (void)message;
    return kit_offer(out, settings->models.list, settings->models.count, settings->hosts,
                     settings->credentials, KIT_COUNT(settings->credentials));
}

KIT_FORMAT(struct veo_call, plan_format)
KIT_COST(struct veo_call, plan_cost)

/* Which of the two surfaces a model lives on decides who answers. */
static int32_t submit_step(const struct veo_call *call)
{
    struct veo_plan plan;

    if (!plan_read(call, &plan)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "the parameters of this shot are not those of this plugin");
    }
    return plan.model->surface == VEO_OMNI ? order_omni(call, &plan) : vertex_submit(call, &plan);
}

static int on_vertex(const struct veo_call *call)
{
    const struct veo_model *model = models_find(call->settings, call->task->model);

    return model != NULL && model->surface == VEO_VERTEX;
}

static int32_t poll_step(const struct veo_call *call)
{
    return on_vertex(call) ? vertex_poll(call) : omni_poll(call);
}

static int32_t fetch_step(const struct veo_call *call)
{
    return on_vertex(call) ? vertex_fetch(call) : omni_fetch(call);
}

static int32_t recover_step(const struct veo_call *call)
{
    return on_vertex(call)
               ? vertex_recover(call)
               : faults_own(call, GEN_FAIL_UNSUPPORTED, GEN_BILLED_UNKNOWN,
                            "Google has no way to look for an interaction by our reference; it "
                            "stands in its label \"attempt\"");
}

static int32_t cancel_step(const struct veo_call *call)
{
    return on_vertex(call) ? faults_own(call, GEN_FAIL_UNSUPPORTED, GEN_BILLED_UNKNOWN,
                                        "Vertex has no way to stop a render")
                           : omni_cancel(call);
}

KIT_STEP(struct veo_call, submit, submit_step)
KIT_STEP(struct veo_call, poll, poll_step)
KIT_STEP(struct veo_call, fetch, fetch_step)
KIT_STEP(struct veo_call, recover, recover_step)
KIT_STEP(struct veo_call, cancel, cancel_step)
KIT_STEP(struct veo_call, health, omni_health)

static const struct gen_ext_recover recovering = {.size = sizeof(recovering), .recover = recover};
static const struct gen_ext_cancel stopping = {.size = sizeof(stopping), .cancel = cancel};
static const struct gen_ext_health probing = {.size = sizeof(probing), .health = health};

static const void *extension(const void *self, const char *id)
{
    const struct veo_settings *settings = self;

    if (kit_same(id, GEN_EXT_HEALTH)) {
        return settings->health ? &probing : NULL;
    }
    if (kit_same(id, GEN_EXT_RECOVER)) { /* of Veo with a bucket only */
        return settings->storage_uri[0] != '\0' ? &recovering : NULL;
    }
    return kit_same(id, GEN_EXT_CANCEL) ? &stopping : NULL;
}

static const struct gen_provider provider = {
    .size = sizeof(struct gen_provider),
    .minor = 0,
    .needs_minor = 0,
    .id = "veo",
    .name = "Google Veo and Omni",
    .version = "0.1.0",
    .homepage = "https://ai.google.dev",
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
