/* wayward.c - a plugin that does one deed in one of its functions, as its settings say.
 *
 * Settings: "where", the name of a function of the contract (configure, capabilities, format, cost, submit,
 * poll, fetch, extension, recover, cancel, health), and "deed", see wayward_deeds. "late": true does it
 * only when a step has been answered. Without a "where" it is honest and has every power.
 */
#include <gen/ext/cancel.h>
#include <gen/ext/health.h>
#include <gen/ext/recover.h>
#include <gen/kit.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct self {
    const char *where, *deed;
    int late;
    long number; /* what configure's deed came to; 0 = nothing */
};

extern char **environ;
static const struct gen_host *host;
static int wayward_counter;

static const struct gen_provider_size sizes[] = {{1280, 720}};
static const char *const hosts[] = {"api.wayward.example", NULL};

/* ----------------------------------------------------------------------------------- deeds -- */

static long deed_time(void)
{
    return (long)time(NULL);
}

static long deed_file(void)
{
    return open("/etc/hostname", O_RDONLY | O_CLOEXEC);
}

static long deed_leak(void)
{
    static const size_t forgotten = 40;
    volatile char *memory = malloc(forgotten);

    if (memory != NULL) {
        memory[0] = 1;
    }
    return 0;
}

static long deed_crash(void)
{
    volatile int *nowhere = NULL;

    return *nowhere;
}

static long deed_hang(void)
{
    volatile int on = 1;

    while (on) {
    }
    return 0;
}

static long deed_state(void)
{
    wayward_counter++;
    return 0;
}

static long deed_getenv(void) /* a name that nobody thinks of */
{
    return getenv("WAYWARD_ANY") == NULL ? 0 : 1;
}

static long deed_environ(void)
{
    return environ == NULL || environ[0] == NULL ? 0 : 1;
}

static long deed_chance(void)
{
    return rand() % 100000;
}

static const struct {
    const char *name;
    long (*act)(void);
} wayward_deeds[] = {
    {"time", deed_time},     {"file", deed_file},       {"leak", deed_leak},
    {"crash", deed_crash},   {"hang", deed_hang},       {"state", deed_state},
    {"getenv", deed_getenv}, {"environ", deed_environ}, {"chance", deed_chance},
};

/* 0 where there is nothing to do. */
static long act(const struct self *self, const char *where, int answered)
{
    if (strcmp(self->where, where) != 0 || (self->late && !answered)) {
        return 0;
    }
    for (size_t i = 0; i < KIT_COUNT(wayward_deeds); i++) {
        if (strcmp(wayward_deeds[i].name, self->deed) == 0) {
            return wayward_deeds[i].act();
        }
    }
    return 0;
}

/* ----------------------------------------------------------------------------------- verbs -- */

static int32_t configure(const struct gen_node *settings, struct gen_arena *arena, const void **out,
                         const char **message)
{
    struct self *self = host->alloc(arena, sizeof(*self));

    if (self == NULL) {
        return kit_broken(message);
    }
    self->where = host->json_text(host->json_get(settings, "where"), "");
    self->deed = host->json_text(host->json_get(settings, "deed"), "");
    self->late = host->json_truth(host->json_get(settings, "late"), 0);
    self->number = act(self, "configure", 1);
    *out = self;
    return GEN_VERDICT_OK;
}

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    struct gen_provider_model *model = host->alloc(arena, sizeof(*model));

    if (model == NULL) {
        return kit_broken(message);
    }
    *model = (struct gen_provider_model){
        .size = sizeof(*model),
        .tier = 1,
        .id = "m",
        .name = "Model",
        .min_duration_ms = 5000,
        .max_duration_ms = 5000,
        .sizes = sizes,
        .size_count = 1,
        .max_width = 1280,
        .max_height = 720,
        .max_frame_rate = 30,
        .max_scenes = 1,
        .asset_types = "",
        .rate_per_minute = (int32_t)(act(self, "capabilities", 1) & 0x3ff),
    };
    out->size = sizeof(*out);
    out->model_size = sizeof(*model);
    out->models = model;
    out->model_count = 1;
    out->hosts = hosts;
    return GEN_VERDICT_OK;
}

static int32_t format(const void *self, const struct gen_provider_task *task,
                      struct gen_arena *arena, struct gen_provider_format *out,
                      const char **message)
{
    struct kit kit = {host, arena};
    struct gen_node *parameters = host->json_map(arena);

    (void)task;
    (void)message;
    kit_set_integer(&kit, parameters, "number", act(self, "format", 1));
    out->size = sizeof(*out);
    out->width = 1280;
    out->height = 720;
    out->frame_rate_milli = 30000;
    out->duration_ms = 5000;
    out->parameters = parameters;
    return GEN_VERDICT_OK;
}

static int32_t cost(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message)
{
    struct kit kit = {host, arena};
    long number = act(self, "cost", 1);

    (void)task;
    (void)message;
    out->size = sizeof(*out);
    kit_cost(&kit, prices, 5000, 5000, out);
    out->price_micros += number;
    out->most_micros += number;
    return GEN_VERDICT_OK;
}

static int32_t go(const void *given, const char *verb, uint32_t flags,
                  const struct gen_provider_answer *answer, struct gen_arena *arena,
                  struct gen_provider_step *step, const char **message)
{
    const struct self *self = given;
    struct kit kit = {host, arena};
    long number = self->number + act(self, verb, answer != NULL);

    if (answer == NULL) {
        struct gen_provider_request *request = kit_request(
            &kit, "POST",
            kit_or(host->print(arena, "https://api.wayward.example/%s?%ld", verb, number), ""), "");

        if (request != NULL) {
            request->flags = flags;
        }
        return kit_send(step, request, message);
    }
    return kit_fail(
        &kit, step,
        &(struct kit_failure){.kind = GEN_FAIL_PROVIDER, .text = "no", .retry_after_ms = number},
        message);
}

#define WAYWARD_STEP(verb, flags) \
    static int32_t verb(const void *self, const struct gen_provider_task *task, \
                        const struct gen_provider_answer *answer, struct gen_arena *arena, \
                        struct gen_provider_step *step, const char **message) \
    { \
        (void)task; \
        return go(self, #verb, flags, answer, arena, step, message); \
    }

WAYWARD_STEP(submit, GEN_REQUEST_COSTS)
WAYWARD_STEP(poll, 0)
WAYWARD_STEP(fetch, 0)
WAYWARD_STEP(recover, 0)
WAYWARD_STEP(cancel, 0)
WAYWARD_STEP(health, 0)

static const struct gen_ext_recover recover_power = {.size = sizeof(recover_power),
                                                     .recover = recover};
static const struct gen_ext_cancel cancel_power = {.size = sizeof(cancel_power), .cancel = cancel};
static const struct gen_ext_health health_power = {.size = sizeof(health_power), .health = health};

static const void *extension(const void *self, const char *id)
{
    if (act(self, "extension", 1) % 2 != 0) {
        return NULL;
    }
    return strcmp(id, GEN_EXT_RECOVER) == 0  ? (const void *)&recover_power
           : strcmp(id, GEN_EXT_CANCEL) == 0 ? (const void *)&cancel_power
           : strcmp(id, GEN_EXT_HEALTH) == 0 ? (const void *)&health_power
                                             : NULL;
}

static const struct gen_provider provider = {
    .size = sizeof(provider),
    .id = "wayward",
    .name = "Wayward",
    .version = "1.0.0",
    .homepage = "",
    .configure = configure,
    .capabilities = capabilities,
    .format = format,
    .cost = cost,
    .submit = submit,
    .poll = poll,
    .fetch = fetch,
    .extension = extension,
};

GEN_PROVIDER_EXPORT const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given);
const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given)
{
    host = given;
    return &provider;
}
