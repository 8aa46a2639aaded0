/* joining_test.c - the ffmpeg command that joins clips: its words, and that ffmpeg takes them. */
#include "engine/joining.h"

#include "base/alloc.h"
#include "base/check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct gen_joining_clip clips[] = {
    {.file = "one.mp4", .duration_ms = 1000, .has_audio = true},
    {.file = "two.mp4", .duration_ms = 1500}};

static struct gen_joining sample_joining(const char *music)
{
    return (struct gen_joining){.clips = clips, .clip_count = 2, .music = music, .out = "out.mp4",
                                .width = 160, .height = 90, .frame_rate_milli = 30000};
}

static const char *filter_of(const char *const *arguments)
{
    for (size_t i = 0; arguments[i] != NULL; i++) {
        if (strcmp(arguments[i], "-filter_complex") == 0) {
            return arguments[i + 1];
        }
    }
    return "";
}

Test(joining, words)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_joining joining = sample_joining(NULL), with = sample_joining("bed.mp3");
    const char *filter = filter_of(gen_joining_arguments(&joining, arena));

    cr_assert(strstr(filter, "[0:a:0]") != NULL, "the first clip's own sound");
    cr_assert(strstr(filter, "[1:a:0]") == NULL && strstr(filter, "anullsrc") != NULL,
              "silence for the second");
    cr_assert(strstr(filter, "concat=n=2") != NULL && strstr(filter, "amix") == NULL);
    filter = filter_of(gen_joining_arguments(&with, arena));
    cr_assert(strstr(filter, "[2:a:0]") != NULL && strstr(filter, "amix") != NULL);
    gen_arena_destroy(arena);
}

Test(joining, every_allocation_fails)
{
    bool complete = false;

    for (long nth = 1; complete == false; nth++) {
        struct gen_joining joining = sample_joining("bed.mp3");
        struct gen_arena *arena = gen_arena_create(0);
        const char *const *arguments;

        gen_alloc_fail_at(nth);
        arguments = gen_joining_arguments(&joining, arena);
        complete = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_assert(complete == (arguments != NULL), "allocation %ld", nth);
        gen_arena_destroy(arena);
        cr_assert(nth < 500);
    }
}

static int run(const char *folder, const char *program, const char *const *arguments)
{
    const char *argv[100] = {program};
    int status = -1;
    pid_t pid;

    for (size_t i = 0; arguments[i] != NULL; i++) {
        cr_assert(i + 2 < GEN_COUNT(argv));
        argv[i + 1] = arguments[i];
    }
    pid = fork();
    if (pid == 0) {
        if (chdir(folder) == 0) {
            execv(program, (char *const *)argv);
        }
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The real program takes the command, and the sum of the lengths comes out. */
Test(joining, ffmpeg_takes_it)
{
    char folder[] = "/tmp/gen-joining-XXXXXX", command[1024];
    struct gen_joining joining = sample_joining("bed.wav");
    struct gen_arena *arena = gen_arena_create(0);
    const char *program = gen_joining_program(arena);
    FILE *answer;
    double duration = 0;

    cr_assert(program != NULL, "ffmpeg is not installed");
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(command, sizeof(command),
             "cd %s && ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=s=320x240:r=25:d=2 -f "
             "lavfi -i sine=d=2 -shortest one.mp4 && ffmpeg -nostdin -loglevel error -f lavfi -i "
             "testsrc=s=90x160:r=30:d=1 two.mp4 && ffmpeg -nostdin -loglevel error -f lavfi -i "
             "sine=220:d=1 bed.wav", folder);
    cr_assert(system(command) == 0);
    cr_assert(eq(int, run(folder, program, gen_joining_arguments(&joining, arena)), 0));
    snprintf(command, sizeof(command),
             "ffprobe -v error -show_entries format=duration -of csv=p=0 %s/out.mp4", folder);
    answer = popen(command, "r");
    cr_assert(answer != NULL && fscanf(answer, "%lf", &duration) == 1);
    pclose(answer);
    cr_assert(duration > 2.4 && duration < 2.7, "1 s cut of two, and 1 s stretched to 1.5: %g",
              duration);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    cr_assert(system(command) == 0);
    gen_arena_destroy(arena);
}
