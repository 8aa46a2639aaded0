/* engine.c - of the pipelines bench: the engine, driven in its own process, on a disk, with no video work.
 *
 * usage: engine STATE POLICIES PLUGINS PORT POLL_MS JOBS CONCURRENCY
 * Admits JOBS jobs of one shot, never more than CONCURRENCY open at once, after it has gone on with those
 * that STATE already has; ends when none is open. Prints one JSON line a stage: up, admitted, over. What is
 * measured is this process: seconds of processor (all threads), peak memory. What went on before the stage
 * `up` (policies, plugins, database) is left out of it, but for the memory. */
#include "engine/engine.h"
#include "engine/rulebook.h"
#include "platform/files.h"
#include "platform/json_reader.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct bench {
    struct gen_loop *loop;
    struct gen_store *store;
    struct gen_loader *loader;
    struct gen_http_client *http;
    struct gen_rulebook *rules;
    struct gen_engine *engine;
    struct gen_timer *timer;
    struct gen_log log;
    size_t jobs, concurrency, asked, answered;
    double began_s, began_cpu;
    const char *folder;
};

static void must(enum gen_status status, const struct gen_error *err, const char *what)
{
    if (status != GEN_OK) {
        fprintf(stderr, "engine: %s: %s\n", what, err->message);
        exit(1);
    }
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_s(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

/* In KiB, of /proc/self/status. */
static long memory(const char *key)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long value = -1;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            value = strtol(line + strlen(key) + 1, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return value;
}

static void tell(const struct bench *bench, const char *stage)
{
    struct gen_engine_figures figures;

    gen_engine_figures(bench->engine, &figures);
    printf("{\"stage\": \"%s\", \"at\": %.4f, \"s\": %.4f, \"cpu\": %.4f, \"open\": %zu, "
           "\"rss\": %ld, \"anon\": %ld, \"peak\": %ld}\n",
           stage, now_s(), now_s() - bench->began_s, cpu_s() - bench->began_cpu, figures.open_jobs,
           memory("VmRSS"), memory("RssAnon"), memory("VmHWM"));
    fflush(stdout);
}

static void bench_go_on(void *context);

static void on_admitted(void *context, enum gen_status status, const struct gen_error *err,
                        const char *job, bool existing)
{
    struct bench *bench = context;

    (void)job;
    (void)existing;
    must(status, err, "a job was not admitted");
    if (++bench->answered == bench->jobs) {
        tell(bench, "admitted");
    }
}

static void bench_admit(struct bench *bench)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *brief = NULL;
    struct gen_request request = {.organization = "local", .user = "bench"};
    struct gen_error err = {0};
    char text[256];
    int size = snprintf(text, sizeof(text),
                        "{\"title\": \"Bench\", \"models\": [\"fake/pay\"], \"budget\": 1, \"scenes\": "
                        "[{\"prompt\": \"a street at night, take %zu of %.6f\", \"duration\": 1}]}",
                        bench->asked, bench->began_s);

    must(gen_json_read(text, (size_t)size, NULL, arena, &brief, &err), &err, "brief");
    request.brief = brief;
    bench->asked++;
    gen_engine_admit(bench->engine, &request, on_admitted, bench);
    gen_arena_destroy(arena);
}

/* Looks every few milliseconds: more to admit, or all over? */
static void bench_go_on(void *context)
{
    struct bench *bench = context;
    struct gen_engine_figures figures;

    bench->timer = NULL;
    gen_engine_figures(bench->engine, &figures);
    if (bench->answered == bench->jobs && figures.open_jobs == 0) {
        gen_loop_stop(bench->loop);
        return;
    }
    for (size_t busy = figures.open_jobs + bench->asked - bench->answered;
         busy < bench->concurrency && bench->asked < bench->jobs; busy++) {
        bench_admit(bench);
    }
    bench->timer = gen_timer_start(bench->loop, 2, bench_go_on, bench);
}

static const char *in(struct gen_arena *arena, const char *folder, const char *name)
{
    return gen_arena_printf(arena, "%s/%s", folder, name);
}

static void bench_open(struct bench *bench, struct gen_arena *arena, char **argv)
{
    const char *folders[] = {argv[3], NULL};
    const char *settings = gen_arena_printf(
        arena,
        "{\"fake\": {\"baseUrl\": \"http://127.0.0.1:%s\", \"pollMs\": %s, \"pricePerSecond\": 0.0001}}",
        argv[4], argv[5]);
    struct gen_loader_options loader = {.plugin_folders = folders, .version = GEN_VERSION};
    struct gen_store_options store = {
        .path = in(arena, bench->folder, "genengine.db"), .loop = bench->loop, .patient = true,
        .log = &bench->log};
    struct gen_rulebook_options rules = {.loop = bench->loop, .clock = gen_clock_real(),
                                         .random = gen_random_real(), .log = &bench->log,
                                         .organization = "local", .folder = argv[2]};
    struct gen_engine_options options = {
        .loop = bench->loop, .clock = gen_clock_real(), .random = gen_random_real(),
        .log = &bench->log, .media = "/nowhere", .blobs = in(arena, bench->folder, "blobs"),
        .scratch = in(arena, bench->folder, "scratch"), .least_free = 1, .allow_private = true};
    struct gen_error err = {0};

    must(gen_files_make_folder(options.blobs, 0700, &err), &err, "blobs");
    must(gen_json_read(settings, strlen(settings), NULL, arena, &loader.settings, &err), &err,
         "settings");
    must(gen_store_open(&store, &bench->store, &err), &err, "store");
    must(gen_rulebook_create(&rules, &bench->rules, &err), &err, "policies");
    must(gen_loader_create(&loader, &bench->loader, &err), &err, "plugins");
    if (gen_loader_find(bench->loader, "fake") == NULL) {
        fprintf(stderr, "engine: there is no provider \"fake\" in %s\n", argv[3]);
        exit(1);
    }
    must(gen_http_client_create(bench->loop, &bench->http, &err), &err, "http");
    options.store = bench->store;
    options.loader = bench->loader;
    options.http = bench->http;
    options.rules = bench->rules;
    must(gen_engine_create(&options, &bench->engine, &err), &err, "engine");
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    struct rlimit files;
    struct gen_arena *arena;
    struct gen_error err = {0};
    double began = now_s();

    if (argc != 8) {
        fprintf(stderr, "usage: engine STATE POLICIES PLUGINS PORT POLL_MS JOBS CONCURRENCY\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    bench.folder = argv[1];
    bench.jobs = strtoul(argv[6], NULL, 10);
    bench.concurrency = strtoul(argv[7], NULL, 10);
    gen_log_init(&bench.log, gen_clock_real(), GEN_LEVEL_WARN, 2);
    must(gen_crypto_init(&err), &err, "crypto");
    must(gen_loop_create(&bench.loop, &err), &err, "loop");
    arena = gen_arena_create(0);
    bench_open(&bench, arena, argv);
    malloc_trim(0);
    bench.began_s = now_s();
    bench.began_cpu = cpu_s();
    tell(&bench, "up");
    must(gen_engine_resume(bench.engine, &err), &err, "resume");
    if (bench.jobs == 0) {
        bench.began_s = began;
        tell(&bench, "resumed");
    }
    bench_go_on(&bench);
    gen_loop_run(bench.loop);
    tell(&bench, "over");
    gen_engine_destroy(bench.engine);
    gen_http_client_destroy(bench.http);
    gen_rulebook_destroy(bench.rules);
    gen_store_close(bench.store);
    gen_loader_destroy(bench.loader);
    gen_loop_destroy(bench.loop);
    gen_arena_destroy(arena);
    return 0;
}
