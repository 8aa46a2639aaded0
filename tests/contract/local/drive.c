/* drive.c - a small host for this plugin alone: loads it, feeds it a task, performs its RUN steps.
 *
 *   local-drive PLUGIN.so TASK.json SCRATCH PROGRAMS
 *
 * TASK.json looks like a brief with one variation (`width`, `height`, `frameRate`); files are
 * named relative to it. Programs are looked for in the folder PROGRAMS, then in PATH, and run in
 * SCRATCH with no environment but PATH, as the engine runs them. Leaves video.mp4 in SCRATCH and
 * prints one line a step. NOT a test of the contract: that is tests/contract.
 */
#include "host.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TAIL = 65536, MAX_STEPS = 1000 };

struct drive {
    const struct gen_provider *provider;
    const char *scratch;
    int quiet;
    char output[TAIL + 1], errors[TAIL + 1];
    struct gen_provider_answer answer;
};

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "local-drive: %s: %s\n", what, detail);
    exit(1);
}

/* The last part of a file of the scratch directory. */
static void read_tail(const char *name, char *into)
{
    FILE *file = fopen(name, "rb");
    long size;
    size_t got = 0;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        size = ftell(file);
        fseek(file, size > TAIL ? size - TAIL : 0, SEEK_SET);
        got = fread(into, 1, TAIL, file);
        fclose(file);
    }
    into[got] = '\0';
}

static void write_files(const struct gen_provider_run *run)
{
    size_t i;

    for (i = 0; i < run->file_count; i++) {
        FILE *file = strchr(run->files[i].name, '/') == NULL ? fopen(run->files[i].name, "wb")
                                                             : NULL;

        if (file == NULL ||
            fwrite(run->files[i].data, 1, run->files[i].size, file) != run->files[i].size ||
            fclose(file) != 0) {
            die(run->files[i].name, strerror(errno));
        }
    }
}

static void child(const struct gen_provider_run *run)
{
    size_t count = 0;
    char **list, *path = NULL, *environment[2];
    int out = open("_stdout", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = open("_stderr", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    while (run->arguments[count] != NULL) {
        count++;
    }
    list = calloc(count + 2, sizeof(*list));
    if (list == NULL || asprintf(&path, "PATH=%s", getenv("PATH")) < 0 || out < 0 || err < 0) {
        _exit(126);
    }
    list[0] = strdup(run->program);
    memcpy(list + 1, run->arguments, count * sizeof(*list));
    environment[0] = path;
    environment[1] = NULL;
    dup2(out, 1);
    dup2(err, 2);
    execvpe(run->program, list, environment);
    _exit(127);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void perform(struct drive *drive, const struct gen_provider_step *step)
{
    const struct gen_provider_run *run = step->run;
    double start = now();
    int status = 0;
    pid_t pid;

    write_files(run);
    pid = fork();
    if (pid == 0) {
        child(run);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        die(run->program, strerror(errno));
    }
    read_tail("_stdout", drive->output);
    read_tail("_stderr", drive->errors);
    memset(&drive->answer, 0, sizeof(drive->answer));
    drive->answer.size = sizeof(drive->answer);
    drive->answer.kind = GEN_ANSWER_RUN;
    drive->answer.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    drive->answer.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    drive->answer.body = "";
    drive->answer.output = drive->output;
    drive->answer.errors = drive->errors;
    printf("%3d%% %6.2f s  %-12s %s\n", step->progress_ppm / 10000, now() - start, run->program,
           step->note);
    fflush(stdout);
    if (drive->answer.exit_code != 0) {
        size_t i;

        fprintf(stderr, "%s", run->program);
        for (i = 0; run->arguments[i] != NULL; i++) {
            fprintf(stderr, " '%s'", run->arguments[i]);
        }
        fprintf(stderr, "\n%s\n", drive->errors);
    }
}

/* Calls one step verb until it is done. */
static void drive_verb(struct drive *drive, gen_provider_step_verb *verb, const char *name,
                       struct gen_provider_task *task)
{
    const struct gen_provider_answer *answer = NULL;
    char *state = strdup("");
    int i;

    for (i = 0; i < MAX_STEPS; i++) {
        struct gen_arena *arena = host_arena_create();
        struct gen_provider_step step = {.size = sizeof(step)};
        const char *message = "";

        task->state = state;
        if (verb(NULL, task, answer, arena, &step, &message) != GEN_VERDICT_OK) {
            die(name, message);
        }
        if (step.state != NULL) {
            free(state);
            state = strdup(step.state);
        }
        if (step.kind == GEN_STEP_FAIL) {
            die(name, step.fail->message);
        }
        if (step.kind == GEN_STEP_RUN) {
            perform(drive, &step);
            answer = &drive->answer;
        }
        if (step.kind == GEN_STEP_DONE && step.done->file[0] != '\0') {
            printf("done: %s/%s\n", drive->scratch, step.done->file);
        }
        host_arena_destroy(arena);
        if (step.kind == GEN_STEP_DONE) {
            free(state);
            return;
        }
    }
    die(name, "does not end");
}

static void print_format(const struct drive *drive, struct gen_provider_task *task,
                         struct gen_arena *arena)
{
    struct gen_provider_format format = {.size = sizeof(format)};
    struct gen_provider_cost price = {.size = sizeof(price)};
    const char *message = "";
    size_t i;

    if (drive->provider->format(NULL, task, arena, &format, &message) != GEN_VERDICT_OK) {
        die("format", message);
    }
    task->parameters = format.parameters;
    for (i = 0; i < format.adjustment_count; i++) {
        printf("adjusted %s: %s -> %s: %s\n", format.adjustments[i].field,
               format.adjustments[i].from, format.adjustments[i].to, format.adjustments[i].reason);
    }
    if (drive->provider->cost(NULL, task, NULL, arena, &price, &message) != GEN_VERDICT_OK ||
        price.known != 1 || price.exact != 1 || price.price_micros != 0 || price.most_micros != 0) {
        die("cost", "not free of charge");
    }
    printf("%dx%d, %d/1000 frames per second, %lld ms\n%s\n", format.width, format.height,
           format.frame_rate_milli, (long long)format.duration_ms,
           host_table.json_write(arena, format.parameters, NULL));
}

int main(int argc, char **argv)
{
    struct drive drive = {.scratch = argc > 3 ? argv[3] : ""};
    struct gen_arena *arena = host_arena_create();
    struct gen_provider_task *task;
    char *path = NULL, *programs = argc == 5 ? realpath(argv[4], NULL) : NULL;
    gen_provider_entry *entry;
    void *library;

    if (programs == NULL || asprintf(&path, "%s:%s", programs, getenv("PATH")) < 0) {
        fprintf(stderr, "usage: local-drive PLUGIN.so TASK.json SCRATCH PROGRAMS\n");
        return 2;
    }
    setenv("PATH", path, 1);
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        die(argv[1], dlerror());
    }
    *(void **)&entry = dlsym(library, GEN_PROVIDER_ENTRY_NAME);
    drive.provider = entry != NULL ? entry(&host_table) : NULL;
    if (drive.provider == NULL) {
        die(argv[1], "no entry");
    }
    if (mkdir(argv[3], 0700) != 0 && errno != EEXIST) {
        die(argv[3], strerror(errno));
    }
    task = host_read_task(arena, argv[2], argv[3]);
    if (task == NULL || chdir(argv[3]) != 0) {
        die(argv[2], "not a task");
    }
    print_format(&drive, task, arena);
    drive_verb(&drive, drive.provider->submit, "submit", task);
    drive_verb(&drive, drive.provider->poll, "poll", task);
    drive_verb(&drive, drive.provider->fetch, "fetch", task);
    host_arena_destroy(arena);
    free(programs);
    free(path);
    return 0;
}
