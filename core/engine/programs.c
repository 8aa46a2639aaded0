/* programs.c - see programs.h. A run is queued, then a process, then over; stopping it takes its
 * callbacks away and lets the process end by itself. */
#include "engine/programs.h"

#include "base/alloc.h"
#include "platform/json_reader.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRAMS_DEFAULT_TIMEOUT_MS INT64_C(1800000)
#define PROGRAMS_ASK_TIMEOUT_MS INT64_C(120000)
/* A program built with AddressSanitizer maps terabytes of shadow at its start, and ours are built like
 * this one: then addresses have no limit. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PROGRAMS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(PROGRAMS_SANITIZED)
enum { PROGRAMS_DEFAULT_MEMORY_MB = 0 };
#else
enum { PROGRAMS_DEFAULT_MEMORY_MB = 4096 };
#endif
enum { PROGRAMS_LAUNCH_ARGUMENTS = 16 };

struct gen_run {
    struct gen_run *next, *previous;
    struct gen_programs *programs;
    struct gen_arena *arena;      /* of the spec's texts and this struct's arguments */
    const char *const *arguments; /* of the process, launcher included */
    const char *folder;
    int64_t timeout_ms;
    struct gen_process *process; /* NULL while queued */
    struct gen_timer *kick;      /* reports a fault from outside the call that found it */
    bool queued;                 /* counts against `most` */
    bool started;                /* takes one of the places */
    bool stopped;
    struct gen_error fault;
    struct gen_run_spec spec;
    gen_media_answer *answer; /* instead of spec's callbacks */
};

struct gen_programs {
    struct gen_loop *loop;
    struct gen_arena *arena;
    const char *media, *blobs;
    int32_t most, running;
    size_t waiting;
    int64_t memory_mb, timeout_ms;
    struct gen_run *first, *last; /* every run, in order of arrival */
    int32_t live;                 /* processes, asked ones included */
    int64_t busy_since;           /* loop time when live became 1 */
    struct gen_programs_figures figures;
};

enum gen_status gen_programs_create(const struct gen_programs_options *options,
                                    struct gen_programs **out, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_programs *programs = arena == NULL ? NULL
                                                  : gen_arena_alloc(arena, sizeof(*programs));
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (programs == NULL) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *programs = (struct gen_programs){
        .loop = options->loop,
        .arena = arena,
        .media = gen_arena_strdup(arena, options->media),
        .blobs = gen_arena_strdup(arena, options->blobs),
        .most = options->most > 0 ? options->most
                : processors > 0  ? (int32_t)processors
                                  : 1,
        .memory_mb = options->memory_mb > 0 ? options->memory_mb : PROGRAMS_DEFAULT_MEMORY_MB,
        .timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : PROGRAMS_DEFAULT_TIMEOUT_MS,
    };
    if (gen_arena_failed(arena)) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = programs;
    return GEN_OK;
}

static void programs_count_in(struct gen_programs *programs)
{
    if (programs->live++ == 0) {
        programs->busy_since = gen_loop_now(programs->loop);
    }
    programs->figures.started++;
}

static void programs_count_out(struct gen_programs *programs, const struct gen_process_end *end)
{
    programs->figures.wall_ms += end->wall_ms;
    programs->figures.cpu_ms += end->cpu_ms;
    if (--programs->live == 0) {
        programs->figures.busy_ms += gen_loop_now(programs->loop) - programs->busy_since;
    }
}

static void programs_forget(struct gen_run *run)
{
    struct gen_programs *programs = run->programs;

    *(run->previous == NULL ? &programs->first : &run->previous->next) = run->next;
    *(run->next == NULL ? &programs->last : &run->next->previous) = run->previous;
    gen_timer_cancel(&run->kick);
    gen_arena_destroy(run->arena);
}

static void programs_fill(struct gen_programs *programs);

/* The place of a finished run goes to the next one. */
static void programs_leave(struct gen_run *run)
{
    struct gen_programs *programs = run->programs;
    bool had_place = run->started && run->queued;

    programs_forget(run);
    if (had_place) {
        programs->running--;
        programs_fill(programs);
    }
}

/* Trouble with our disk or memory keeps its status; all else is the file's fault. */
static enum gen_status programs_blame(const char *code)
{
    static const enum gen_status ours[] = {GEN_ENOMEM, GEN_ENOTFOUND, GEN_EDENIED,
                                           GEN_EIO,    GEN_ENOSPACE,  GEN_ETOOLARGE};

    for (size_t i = 0; i < GEN_COUNT(ours); i++) {
        if (strcmp(code, gen_status_word(ours[i])) == 0) {
            return ours[i];
        }
    }
    return GEN_EINVAL;
}

static void programs_answer(struct gen_run *run, const struct gen_process_end *end)
{
    struct gen_arena *arena = gen_arena_create(8u << 20);
    const struct gen_node *document = NULL, *error;
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    if (arena != NULL) {
        status = gen_json_read(end->output, end->output_size, NULL, arena, &document, &err);
    }
    error = gen_node_get(document, "error");
    if (end->timed_out) {
        status = gen_error_set(&err, GEN_EINVAL, "opening the file took too long");
    } else if (error != NULL) {
        status = gen_error_set(&err, programs_blame(gen_node_text(gen_node_get(error, "code"), "")),
                               "%s",
                               gen_node_text(gen_node_get(error, "message"), "unusable file"));
    } else if (end->signal != 0) {
        status = gen_error_set(&err, GEN_EINVAL, "the file made its reader fail (signal %d)",
                               end->signal);
    } else if (status != GEN_OK || end->exit_code != 0) {
        status = gen_error_set(&err, end->exit_code == 127 ? GEN_ENOTFOUND : GEN_EIO,
                               "gen-media failed (exit code %d): %.300s", end->exit_code,
                               end->errors);
    }
    run->answer(run->spec.context, status, status == GEN_OK ? document : NULL, &err);
    gen_arena_destroy(arena);
}

static void programs_on_exit(void *context, const struct gen_process_end *end)
{
    struct gen_run *run = context;

    run->process = NULL;
    programs_count_out(run->programs, end);
    if (!run->stopped && run->answer != NULL) {
        programs_answer(run, end);
    } else if (!run->stopped) {
        run->spec.on_end(run->spec.context, end);
    }
    programs_leave(run);
}

static void programs_on_line(void *context, const char *line)
{
    struct gen_run *run = context;

    if (!run->stopped && run->spec.on_line != NULL) {
        run->spec.on_line(run->spec.context, line);
    }
}

static void programs_fault(void *context)
{
    struct gen_run *run = context;

    run->kick = NULL;
    if (!run->stopped && run->answer != NULL) {
        run->answer(run->spec.context, run->fault.status, NULL, &run->fault);
    } else if (!run->stopped) {
        run->spec.on_fault(run->spec.context, &run->fault);
    }
    programs_leave(run);
}

static void programs_launch(struct gen_run *run)
{
    struct gen_process_spec spec = {.arguments = run->arguments,
                                    .folder = run->folder,
                                    .timeout_ms = run->timeout_ms,
                                    .on_line = run->answer == NULL ? programs_on_line : NULL,
                                    .on_exit = programs_on_exit,
                                    .context = run};
    static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
                                              NULL};

    spec.environment = environment;
    run->started = true;
    if (gen_process_start(run->programs->loop, &spec, &run->process, &run->fault) != GEN_OK) {
        run->kick = gen_timer_start(run->programs->loop, 0, programs_fault, run);
        GEN_CHECK(run->kick != NULL);
        return;
    }
    programs_count_in(run->programs);
}

static void programs_fill(struct gen_programs *programs)
{
    for (struct gen_run *run = programs->first; run != NULL && programs->running < programs->most;
         run = run->next) {
        if (run->queued && !run->started && !run->stopped) {
            programs->running++;
            programs->waiting--;
            programs_launch(run);
        }
    }
}

/* A run with room for `count` more arguments; NULL when there is no memory. */
static struct gen_run *programs_new(struct gen_programs *programs, size_t count,
                                    const char ***arguments)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run *run = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof(*run));

    if (run != NULL) {
        run->arena = arena;
        run->programs = programs;
        *arguments = gen_arena_array(arena, count + 1, sizeof(**arguments));
    }
    if (run == NULL || *arguments == NULL) {
        gen_arena_destroy(arena);
        return NULL;
    }
    run->arguments = *arguments;
    return run;
}

static void programs_enter(struct gen_run *run)
{
    struct gen_programs *programs = run->programs;

    run->previous = programs->last;
    *(programs->last == NULL ? &programs->first : &programs->last->next) = run;
    programs->last = run;
}

static size_t programs_count(const char *const *arguments)
{
    size_t count = 0;

    while (arguments[count] != NULL) {
        count++;
    }
    return count;
}

/* What stands in front of the program: the launcher and its limits. */
static size_t programs_launcher(struct gen_run *run, const struct gen_run_spec *spec,
                                const char **arguments)
{
    struct gen_programs *programs = run->programs;
    size_t count = 0;

    arguments[count++] = programs->media;
    arguments[count++] = "run";
    if (programs->blobs != NULL) {
        arguments[count++] = "--read";
        arguments[count++] = programs->blobs;
    }
    arguments[count++] = "--write";
    arguments[count++] = gen_arena_strdup(run->arena, spec->scratch);
    arguments[count++] = "--memory-mb";
    arguments[count++] = gen_arena_printf(run->arena, "%lld", (long long)programs->memory_mb);
    arguments[count++] = "--";
    arguments[count++] = gen_arena_strdup(run->arena, spec->program);
    return count;
}

enum gen_status gen_programs_start(struct gen_programs *programs, const struct gen_run_spec *spec,
                                   struct gen_run **out, struct gen_error *err)
{
    size_t given = programs_count(spec->arguments), count;
    const char **arguments;
    struct gen_run *run = programs_new(programs, PROGRAMS_LAUNCH_ARGUMENTS + given, &arguments);

    if (run == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    run->spec = *spec;
    count = programs_launcher(run, spec, arguments);
    for (size_t i = 0; i < given; i++) {
        arguments[count++] = gen_arena_strdup(run->arena, spec->arguments[i]);
    }
    run->folder = gen_arena_strdup(run->arena, spec->scratch);
    run->timeout_ms = spec->timeout_ms > 0 ? spec->timeout_ms : programs->timeout_ms;
    run->queued = true;
    if (gen_arena_failed(run->arena)) {
        gen_arena_destroy(run->arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    programs_enter(run);
    programs->waiting++;
    programs_fill(programs);
    *out = run;
    return GEN_OK;
}

enum gen_status gen_programs_ask(struct gen_programs *programs, const char *const *given,
                                 gen_media_answer *answer, void *context, struct gen_run **out,
                                 struct gen_error *err)
{
    size_t count = programs_count(given);
    const char **arguments;
    struct gen_run *run = programs_new(programs, count + 1, &arguments);

    if (run == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    arguments[0] = programs->media;
    for (size_t i = 0; i < count; i++) {
        arguments[i + 1] = gen_arena_strdup(run->arena, given[i]);
    }
    run->timeout_ms = PROGRAMS_ASK_TIMEOUT_MS;
    run->answer = answer;
    run->spec.context = context;
    if (gen_arena_failed(run->arena)) {
        gen_arena_destroy(run->arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    programs_enter(run);
    programs_launch(run);
    *out = run;
    return GEN_OK;
}

void gen_run_stop(struct gen_run **handle)
{
    struct gen_run *run = *handle;

    *handle = NULL;
    if (run == NULL || run->stopped) {
        return;
    }
    run->stopped = true;
    if (run->process != NULL) {
        gen_process_kill(run->process);
    } else if (!run->started) {
        run->programs->waiting--;
        programs_forget(run);
    } /* else its fault is on its way and will be silent */
}

void gen_programs_destroy(struct gen_programs *programs)
{
    if (programs == NULL) {
        return;
    }
    programs->most = 0; /* nothing new starts while the rest ends */
    for (struct gen_run *run = programs->first, *next; run != NULL; run = next) {
        struct gen_run *handle = run;

        next = run->next;
        gen_run_stop(&handle);
    }
    while (programs->first != NULL) {
        gen_loop_turn(programs->loop);
    }
    gen_arena_destroy(programs->arena);
}

size_t gen_programs_running(const struct gen_programs *programs)
{
    return (size_t)programs->running;
}

size_t gen_programs_waiting(const struct gen_programs *programs)
{
    return programs->waiting;
}

void gen_programs_figures(const struct gen_programs *programs, struct gen_programs_figures *out)
{
    *out = programs->figures;
}
