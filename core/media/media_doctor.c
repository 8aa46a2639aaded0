/* media_doctor.c - see media_doctor.h. */
#include "media/media_doctor.h"

#include "media/facts.h"
#include "media/landlock.h"
#include "media/launch.h"
#include "media/syscall_filter.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What `program` prints first when asked for its version; false when it does not run. */
static bool first_line(const char *program, char *out, size_t size)
{
    int pipes[2], ended;
    size_t done = 0;
    ssize_t got = 1;
    pid_t pid;

    if (pipe(pipes) != 0) {
        return false;
    }
    pid = fork();
    if (pid == 0) {
        dup2(pipes[1], STDOUT_FILENO);
        execl(program, program, "-version", (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    while (pid > 0 && got > 0 && done + 1 < size) {
        got = read(pipes[0], out + done, size - 1 - done);
        done += got > 0 ? (size_t)got : 0;
    }
    close(pipes[0]);
    out[done] = '\0';
    out[strcspn(out, "\n")] = '\0';
    if (pid < 0) {
        return false;
    }
    while (waitpid(pid, &ended, 0) < 0 && errno == EINTR) {
    }
    return out[0] != '\0';
}

/* {"path","version"}, or null when there is none. */
static struct gen_node *describe(struct gen_arena *arena, const char *program)
{
    char path[PATH_MAX], line[256] = "", *word;
    struct gen_node *map;
    bool found;

    if (!gen_launch_find(program, path, sizeof(path), &found) ||
        !first_line(path, line, sizeof(line))) {
        return gen_node_null(arena);
    }
    word = strstr(line, "version ");
    word = word != NULL ? word + strlen("version ") : line;
    word[strcspn(word, " ")] = '\0';
    map = gen_node_map(arena);
    gen_node_set(arena, map, "path", gen_node_string(arena, path));
    gen_node_set(arena, map, "version", gen_node_string(arena, word));
    return map;
}

struct gen_node *gen_media_doctor_report(struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena), *libraries = gen_node_map(arena);
    char version[GEN_FACTS_VERSION_SIZE];

    gen_node_set(arena, libraries, "libavformat",
                 gen_node_string(arena, gen_facts_format_version(version)));
    gen_node_set(arena, libraries, "libavcodec",
                 gen_node_string(arena, gen_facts_codec_version(version)));
    gen_node_set(arena, map, "version", gen_node_string(arena, GEN_VERSION));
    gen_node_set(arena, map, "landlock", gen_node_int(arena, gen_landlock_abi()));
    gen_node_set(arena, map, "seccomp", gen_node_bool(arena, gen_syscall_filter_available()));
    gen_node_set(arena, map, "ffmpeg", describe(arena, "ffmpeg"));
    gen_node_set(arena, map, "ffprobe", describe(arena, "ffprobe"));
    gen_node_set(arena, map, "libraries", libraries);
    return gen_arena_failed(arena) ? NULL : map;
}
