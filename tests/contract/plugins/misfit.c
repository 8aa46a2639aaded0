/* misfit.c - plugins that must not be loaded (but MISFIT_OLDER), one for each value of MISFIT (see test.cmake).
 *
 * Only what stands before the first call of a verb is wrong here; a plugin whose verbs misbehave is
 * crooked.c.
 */
#include <gen/provider.h>

#define MISFIT_OTHER_MAJOR 1 /* exports the entry of ABI major 2 only */
#define MISFIT_NO_ENTRY 2    /* exports nothing */
#define MISFIT_NEWER_MINOR 3 /* needs a minor that does not exist yet */
#define MISFIT_TRUNCATED 4   /* its struct ends before poll */
#define MISFIT_NO_SIZE 5     /* forgot to set size */
#define MISFIT_NO_VERB 6     /* poll is NULL */
#define MISFIT_BAD_ID 7      /* capital letters and spaces */
#define MISFIT_DUPLICATE 8   /* the id of another plugin: "fake" */
#define MISFIT_DECLINES 9    /* returns NULL from its entry */
#define MISFIT_NO_PROGRAM 10 /* requires a program that nobody has */
#define MISFIT_OLDER 11      /* from before `extension`: this one fits and must be loaded */
#define MISFIT_BAD_NAME 12   /* its name is not UTF-8 */

static const struct gen_provider_size misfit_sizes[] = {{1280, 720}};

static const struct gen_provider_model misfit_models[] = {{
    .size = sizeof(misfit_models[0]),
    .tier = 1,
    .id = "m",
    .name = "Model",
    .min_duration_ms = 1000,
    .max_duration_ms = 5000,
    .sizes = misfit_sizes,
    .size_count = 1,
    .max_width = 1280,
    .max_height = 720,
    .max_frame_rate = 30,
    .max_scenes = 1,
    .asset_types = "",
}};

static int32_t misfit_capabilities(const void *self, struct gen_arena *arena,
                                   struct gen_provider_capabilities *out, const char **message)
{
    (void)self;
    (void)arena;
    (void)message;
    out->model_size = sizeof(misfit_models[0]);
    out->models = misfit_models;
    out->model_count = 1;
    return GEN_VERDICT_OK;
}

static int32_t misfit_format(const void *self, const struct gen_provider_task *task,
                             struct gen_arena *arena, struct gen_provider_format *out,
                             const char **message)
{
    (void)self;
    (void)task;
    (void)arena;
    (void)out;
    *message = "it renders nothing";
    return GEN_VERDICT_REFUSED;
}

static int32_t misfit_cost(const void *self, const struct gen_provider_task *task,
                           const struct gen_node *prices, struct gen_arena *arena,
                           struct gen_provider_cost *out, const char **message)
{
    (void)self;
    (void)task;
    (void)prices;
    (void)arena;
    (void)out;
    *message = "it renders nothing";
    return GEN_VERDICT_REFUSED;
}

static int32_t misfit_step(const void *self, const struct gen_provider_task *task,
                           const struct gen_provider_answer *answer, struct gen_arena *arena,
                           struct gen_provider_step *step, const char **message)
{
    (void)self;
    (void)task;
    (void)answer;
    (void)arena;
    (void)step;
    *message = "it renders nothing";
    return GEN_VERDICT_REFUSED;
}

#if MISFIT == MISFIT_NO_PROGRAM
static const struct gen_provider_program misfit_programs[] = {
    {"no-such-program-anywhere", 1, 0, "apt-get install no-such-program"},
    {NULL, 0, 0, NULL},
};
#endif

static const struct gen_provider misfit_provider = {
#if MISFIT == MISFIT_TRUNCATED
    .size = offsetof(struct gen_provider, poll),
#elif MISFIT == MISFIT_OLDER
    .size = offsetof(struct gen_provider, extension),
#elif MISFIT != MISFIT_NO_SIZE
    .size = sizeof(misfit_provider),
#endif
    .minor = GEN_PROVIDER_ABI_MINOR,
#if MISFIT == MISFIT_NEWER_MINOR
    .needs_minor = GEN_PROVIDER_ABI_MINOR + 7,
#endif
#if MISFIT == MISFIT_BAD_ID
    .id = "Mis Fit",
#elif MISFIT == MISFIT_DUPLICATE
    .id = "fake",
#elif MISFIT == MISFIT_OLDER
    .id = "older",
#else
    .id = "misfit",
#endif
#if MISFIT == MISFIT_BAD_NAME
    .name = "Mis\xFF"
            "fit",
#else
    .name = "Misfit",
#endif
    .version = "1.0.0",
    .homepage = "",
#if MISFIT == MISFIT_NO_PROGRAM
    .programs = misfit_programs,
#endif
    .capabilities = misfit_capabilities,
    .format = misfit_format,
    .cost = misfit_cost,
    .submit = misfit_step,
#if MISFIT != MISFIT_NO_VERB
    .poll = misfit_step,
#endif
    .fetch = misfit_step,
#if MISFIT == MISFIT_OLDER
    /* Behind the plugin's size: whatever stands here must not be read. */
    .extension = (const void *(*)(const void *, const char *))1,
#endif
};

#if MISFIT == MISFIT_OTHER_MAJOR
#define MISFIT_ENTRY gen_provider_entry_2
#elif MISFIT == MISFIT_NO_ENTRY
#define MISFIT_ENTRY gen_something_else
#else
#define MISFIT_ENTRY GEN_PROVIDER_ENTRY
#endif

GEN_PROVIDER_EXPORT gen_provider_entry MISFIT_ENTRY;

const struct gen_provider *MISFIT_ENTRY(const struct gen_host *host)
{
#if MISFIT == MISFIT_DECLINES
    host->log(host, GEN_LOG_WARN, "this engine (%s) is not to my taste", host->version);
    return host->major > GEN_PROVIDER_ABI_MAJOR ? &misfit_provider : NULL;
#else
    (void)host;
    return &misfit_provider;
#endif
}
