/* naughty.c - plugins that do what a plugin must not, one deed for each value of NAUGHTY (see test.cmake).
 *
 * Everything else is honest, so that the deed is what a trial finds.
 */
#include <gen/kit.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NAUGHTY_NOTHING 0
#define NAUGHTY_TIME 1     /* asks for the time in submit, without a system call */
#define NAUGHTY_SOCKET 2   /* opens a socket in poll */
#define NAUGHTY_THREAD 3   /* starts a thread in format */
#define NAUGHTY_STATE 4    /* counts its calls in a static variable */
#define NAUGHTY_FILE 5     /* opens a file in cost */
#define NAUGHTY_LEAK 6     /* forgets memory in submit */
#define NAUGHTY_CRASH 7    /* follows a null pointer in fetch when the answer is a list */
#define NAUGHTY_HANG 8     /* does not come back from poll */
#define NAUGHTY_LOAD_HANG 9
#define NAUGHTY_LOAD_CRASH 10
#define NAUGHTY_LOAD_EXIT 11
#define NAUGHTY_FICKLE 12  /* answers as rand() says */
#define NAUGHTY_TWICE 13   /* pays again when the answer is not understood */
#define NAUGHTY_SIZE 14    /* says that something else will come back than it lists */
#define NAUGHTY_LOAD_THREAD 15
#define NAUGHTY_SLEEP 16
#define NAUGHTY_CONFIGURE_FILE 17 /* opens a file in configure */
#define NAUGHTY_ENVIRONMENT 18    /* looks into the environment in submit */
#define NAUGHTY_DURATION 19       /* lists a duration that it does not make */
#define NAUGHTY_LOAD_WAIT 20      /* waits for something that does not come */
#define NAUGHTY_LOAD_GETENV 21    /* looks into the environment when it is loaded */
#define NAUGHTY_ENTRY_GETENV 22   /* or in its entry */
#define NAUGHTY_REFUSING_LEAK 23  /* forgets memory in format where there is no prompt */
#define NAUGHTY_ENDLESS 24        /* asks again whatever the answer is */
#define NAUGHTY_ADDRESS 25        /* answers as its memory happens to lie */
#define NAUGHTY_CHOOSY 26         /* renders only what is spoken, and asks for the time in fetch */

static const struct gen_host *host;

static const struct gen_provider_size sizes[] = {{1280, 720}};
static const int64_t durations[] = {5000};
static const char *const hosts[] = {"api.naughty.example", NULL};
static const struct gen_provider_model models[] = {{
    .size = sizeof(struct gen_provider_model),
    .tier = 1,
    .id = "m",
    .name = "Model",
    .min_duration_ms = 5000,
    .max_duration_ms = 5000,
    .durations_ms = durations,
    .duration_count = 1,
    .sizes = sizes,
    .size_count = 1,
    .max_width = 1280,
    .max_height = 720,
    .max_frame_rate = 30,
    .max_scenes = 1,
    .asset_types = "",
}};

#if NAUGHTY == NAUGHTY_STATE
static int naughty_counter;
#endif

#if NAUGHTY == NAUGHTY_THREAD || NAUGHTY == NAUGHTY_LOAD_THREAD
static void *idle(void *nothing)
{
    return nothing;
}
#endif

__attribute__((constructor)) static void loaded(void)
{
#if NAUGHTY == NAUGHTY_LOAD_HANG
    for (volatile int i = 0;; i++) {
    }
#elif NAUGHTY == NAUGHTY_LOAD_CRASH
    raise(SIGSEGV);
#elif NAUGHTY == NAUGHTY_LOAD_EXIT
    _exit(0);
#elif NAUGHTY == NAUGHTY_LOAD_WAIT
    (void)pause();
#elif NAUGHTY == NAUGHTY_LOAD_GETENV
    volatile int any = getenv("NAUGHTY") != NULL;

    (void)any;
#elif NAUGHTY == NAUGHTY_LOAD_THREAD
    pthread_t thread;

    (void)pthread_create(&thread, NULL, idle, NULL);
#endif
}

static int32_t configure(const struct gen_node *settings, struct gen_arena *arena, const void **self,
                         const char **message)
{
    (void)settings;
    (void)arena;
    (void)message;
#if NAUGHTY == NAUGHTY_CONFIGURE_FILE
    (void)!open("/etc/hostname", O_RDONLY);
#endif
    *self = models;
    return GEN_VERDICT_OK;
}

static int32_t capabilities(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message)
{
    (void)self;
    (void)arena;
    (void)message;
    out->size = sizeof(*out);
    out->model_size = sizeof(models[0]);
    out->models = models;
    out->model_count = 1;
    out->hosts = hosts;
    return GEN_VERDICT_OK;
}

static int32_t format(const void *self, const struct gen_provider_task *task,
                      struct gen_arena *arena, struct gen_provider_format *out,
                      const char **message)
{
    (void)self;
    (void)task;
    (void)message;
#if NAUGHTY == NAUGHTY_THREAD
    pthread_t thread;

    (void)pthread_create(&thread, NULL, idle, NULL);
#elif NAUGHTY == NAUGHTY_REFUSING_LEAK
    if (task->scenes[0].prompt[0] == '\0') {
        static const size_t forgotten = 100;
        volatile char *memory = malloc(forgotten);

        *message = memory == NULL ? "out of memory" : "no prompt";
        return GEN_VERDICT_REFUSED;
    }
#elif NAUGHTY == NAUGHTY_CHOOSY
    if (task->scenes[0].dialogue[0] == '\0') {
        *message = "nobody speaks";
        return GEN_VERDICT_REFUSED;
    }
#endif
    out->size = sizeof(*out);
    out->width = NAUGHTY == NAUGHTY_SIZE ? 640 : 1280;
    out->height = NAUGHTY == NAUGHTY_SIZE ? 360 : 720;
    out->frame_rate_milli = 30000;
    out->duration_ms = NAUGHTY == NAUGHTY_DURATION ? 4000 : 5000;
    out->parameters = host->json_map(arena);
    return GEN_VERDICT_OK;
}

static int32_t cost(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message)
{
    struct kit kit = {host, arena};

    (void)self;
    (void)task;
    (void)message;
#if NAUGHTY == NAUGHTY_FILE
    (void)!open("/etc/hostname", O_RDONLY);
#endif
    out->size = sizeof(*out);
    kit_cost(&kit, prices, 5000, 5000, out);
    return GEN_VERDICT_OK;
}

static int32_t ask(const struct kit *kit, const char *method, uint32_t flags,
                   struct gen_provider_step *step, const char **message)
{
    struct gen_provider_request *request = kit_request(kit, method,
                                                       "https://api.naughty.example/v1", "");

    if (request != NULL) {
        request->flags = flags;
    }
    return kit_send(step, request, message);
}

static int32_t submit(const void *self, const struct gen_provider_task *task,
                      const struct gen_provider_answer *answer, struct gen_arena *arena,
                      struct gen_provider_step *step, const char **message)
{
    struct kit kit = {host, arena};
    struct kit_failure failure = {.kind = GEN_FAIL_PROVIDER, .text = "no"};

    (void)self;
    (void)task;
#if NAUGHTY == NAUGHTY_TIME
    failure.retry_after_ms = time(NULL) % 2;
#elif NAUGHTY == NAUGHTY_STATE
    naughty_counter++;
#elif NAUGHTY == NAUGHTY_ENVIRONMENT
    failure.text = getenv("HOME");
#elif NAUGHTY == NAUGHTY_LEAK
    static const size_t forgotten = 100;
    volatile char *memory = malloc(forgotten);

    if (memory != NULL) {
        memory[0] = 1;
    }
#elif NAUGHTY == NAUGHTY_FICKLE
    if (answer != NULL) {
        return kit_wait(step, 1000 + rand() % 1000);
    }
#endif
    if (answer == NULL || NAUGHTY == NAUGHTY_TWICE) {
        return ask(&kit, "POST", GEN_REQUEST_COSTS, step, message);
    }
    return kit_fail(&kit, step, &failure, message);
}

static int32_t poll(const void *self, const struct gen_provider_task *task,
                    const struct gen_provider_answer *answer, struct gen_arena *arena,
                    struct gen_provider_step *step, const char **message)
{
    struct kit kit = {host, arena};

    (void)self;
    (void)task;
#if NAUGHTY == NAUGHTY_SOCKET
    (void)!socket(AF_INET, SOCK_STREAM, 0);
#elif NAUGHTY == NAUGHTY_SLEEP
    (void)usleep(10);
#elif NAUGHTY == NAUGHTY_HANG
    volatile int on = answer != NULL;

    while (on) {
    }
#elif NAUGHTY == NAUGHTY_ENDLESS
    return ask(&kit, "GET", 0, step, message);
#elif NAUGHTY == NAUGHTY_ADDRESS
    if (answer != NULL) {
        return kit_wait(step, 5000 + (int64_t)((uintptr_t)arena >> 4) % 4096);
    }
#endif
    return answer == NULL ? ask(&kit, "GET", 0, step, message) : kit_wait(step, 5000);
}

static int32_t fetch(const void *self, const struct gen_provider_task *task,
                     const struct gen_provider_answer *answer, struct gen_arena *arena,
                     struct gen_provider_step *step, const char **message)
{
    struct kit kit = {host, arena};

    (void)self;
    (void)task;
#if NAUGHTY == NAUGHTY_CHOOSY
    if (time(NULL) == 0) {
        return kit_wait(step, 1);
    }
#elif NAUGHTY == NAUGHTY_CRASH
    if (answer != NULL && host->json_type(kit_json(&kit, answer)) == GEN_JSON_LIST) {
        *(volatile int *)(uintptr_t)(answer->status - 200) = 1;
    }
#endif
    return answer == NULL ? ask(&kit, "GET", 0, step, message) : kit_wait(step, 5000);
}

static const struct gen_provider provider = {
    .size = sizeof(provider),
    .id = "naughty",
    .name = "Naughty",
    .version = "1.0.0",
    .homepage = "",
    .configure = configure,
    .capabilities = capabilities,
    .format = format,
    .cost = cost,
    .submit = submit,
    .poll = poll,
    .fetch = fetch,
};

GEN_PROVIDER_EXPORT const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given);
const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *given)
{
    host = given;
#if NAUGHTY == NAUGHTY_ENTRY_GETENV
    volatile int any = getenv("NAUGHTY") != NULL;

    (void)any;
#endif
    return &provider;
}
