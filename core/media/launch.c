/* launch.c - see launch.h. */
#include "media/launch.h"

#include "base/alloc.h"
#include "media/landlock.h"
#include "media/syscall_filter.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OPEN_FILES = 1024,
    ENVIRONMENT_MAX = 4, /* entries and the NULL */
};

static const char path_preset[] = "/usr/local/bin:/usr/bin:/bin";

/* What nearly every program needs to start, and ffmpeg and espeak-ng to work. Not all of /etc: our
 * own settings may be there. */
static const struct gen_landlock_rule system_rules[] = {
    {"/usr", GEN_LANDLOCK_READ | GEN_LANDLOCK_EXECUTE | GEN_LANDLOCK_OPTIONAL},
    {"/lib", GEN_LANDLOCK_READ | GEN_LANDLOCK_EXECUTE | GEN_LANDLOCK_OPTIONAL},
    {"/lib64", GEN_LANDLOCK_READ | GEN_LANDLOCK_EXECUTE | GEN_LANDLOCK_OPTIONAL},
    {"/bin", GEN_LANDLOCK_READ | GEN_LANDLOCK_EXECUTE | GEN_LANDLOCK_OPTIONAL},
    {"/opt", GEN_LANDLOCK_READ | GEN_LANDLOCK_EXECUTE | GEN_LANDLOCK_OPTIONAL},
    {"/etc/ld.so.cache", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/etc/alternatives", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/etc/fonts", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/etc/localtime", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/etc/vorbis", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/var/cache/fontconfig", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/sys/devices/system/cpu", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/sys/devices/system/node", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/proc/cpuinfo", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/proc/meminfo", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/dev/null", GEN_LANDLOCK_READ | GEN_LANDLOCK_WRITE | GEN_LANDLOCK_OPTIONAL},
    {"/dev/zero", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/dev/urandom", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {"/dev/random", GEN_LANDLOCK_READ | GEN_LANDLOCK_OPTIONAL},
    {NULL, 0},
};

static bool executable(const char *path, bool *found)
{
    struct stat about;

    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) {
        return false;
    }
    *found = true;
    return access(path, X_OK) == 0;
}

bool gen_launch_find(const char *program, char *out, size_t size, bool *found)
{
    const char *path = getenv("PATH");

    *found = false;
    if (strchr(program, '/') != NULL) {
        return snprintf(out, size, "%s", program) < (int)size && executable(out, found);
    }
    for (path = path != NULL && path[0] != '\0' ? path : path_preset; *path != '\0';) {
        int length = (int)strcspn(path, ":");

        /* an empty entry means the working folder to a shell, and a trap to us */
        if (length > 0 && snprintf(out, size, "%.*s/%s", length, path, program) < (int)size &&
            executable(out, found)) {
            return true;
        }
        path += length + (path[length] == ':');
    }
    return false;
}

static enum gen_status restrict_files(const struct gen_launch *launch, const char *program,
                                      struct gen_error *err)
{
    size_t index, count = 0, all = launch->read.count + launch->write.count + 2;
    struct gen_landlock_rule *named = gen_alloc(all * sizeof(*named));
    const struct gen_landlock_rule *tables[] = {system_rules, named, NULL};
    enum gen_status status;

    if (named == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    named[count++] = (struct gen_landlock_rule){program, GEN_LANDLOCK_READ | GEN_LANDLOCK_EXECUTE};
    for (index = 0; index < launch->read.count; index++) {
        named[count++] = (struct gen_landlock_rule){launch->read.items[index], GEN_LANDLOCK_READ};
    }
    for (index = 0; index < launch->write.count; index++) {
        named[count++] = (struct gen_landlock_rule){launch->write.items[index],
                                                    GEN_LANDLOCK_READ | GEN_LANDLOCK_WRITE};
    }
    status = gen_landlock_restrict(tables, err);
    gen_free(named);
    return status;
}

static enum gen_status confine(const struct gen_launch *launch, const char *program,
                               struct gen_error *err)
{
    struct gen_confine_limits limits = launch->limits;
    bool children = limits.processes != 1;
    enum gen_status status;

    if (!gen_syscall_filter_available() && !launch->unconfined_ok) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "this kernel has no seccomp filters; --unconfined-ok "
                             "goes on without, which is unsafe with files from outside");
    }
    if (!children) { /* by seccomp: the kernel's count includes all else this user runs */
        limits.processes = 0;
    }
    limits.files = OPEN_FILES;
    /* fails for the leader of a group, which then has what matters: a group of its own */
    (void)setsid();
    status = gen_confine_follow(launch->parent, err);
    if (status == GEN_OK) {
        gen_confine_signals();
        gen_confine_close(NULL, 0);
        status = gen_confine_limit(&limits, err);
    }
    if (status == GEN_OK) {
        status = restrict_files(launch, program, err);
    }
    if (status == GEN_OK) {
        status = gen_syscall_filter_deny(children, err);
        if (status == GEN_EUNSUPPORTED && launch->unconfined_ok) {
            status = GEN_OK;
        }
    }
    if (status == GEN_OK) { /* last: see confine.h */
        status = gen_confine_memory(launch->memory_mb, err);
    }
    return status;
}

int gen_launch_exec(const struct gen_launch *launch, struct gen_error *err)
{
    const char *program = launch->arguments[0], *path = getenv("PATH");
    char where[PATH_MAX], variables[ENVIRONMENT_MAX][PATH_MAX + 16];
    char *environment[ENVIRONMENT_MAX + 1] = {variables[0], variables[1], variables[2],
                                              variables[3], NULL};
    char scratch[PATH_MAX] = "/nonexistent";
    bool found;

    if (!gen_launch_find(program, where, sizeof(where), &found)) {
        gen_error_set(err, found ? GEN_EDENIED : GEN_ENOTFOUND,
                      found                          ? "%s: cannot be executed"
                      : strchr(program, '/') != NULL ? "%s: no such program"
                                                     : "%s: no such program in PATH",
                      program);
        return found ? GEN_LAUNCH_NOT_EXECUTABLE : GEN_LAUNCH_NOT_FOUND;
    }
    if (launch->write.count > 0 && realpath(launch->write.items[0], scratch) == NULL) {
        gen_error_set(err, GEN_ENOTFOUND, "--write %s: %s", launch->write.items[0],
                      strerror(errno));
        return GEN_LAUNCH_FAILED;
    }
    snprintf(variables[0], sizeof(variables[0]), "PATH=%s",
             path != NULL && path[0] != '\0' && strlen(path) < PATH_MAX ? path : path_preset);
    snprintf(variables[1], sizeof(variables[1]), "LANG=C.UTF-8");
    snprintf(variables[2], sizeof(variables[2]), "HOME=%s", scratch);
    snprintf(variables[3], sizeof(variables[3]), "TMPDIR=%s", scratch);
    if (confine(launch, where, err) != GEN_OK) {
        return GEN_LAUNCH_FAILED;
    }
    execve(where, launch->arguments, environment);
    found = errno != ENOENT;
    gen_error_set(err, GEN_EDENIED, "%s: %s", where, strerror(errno));
    return found ? GEN_LAUNCH_NOT_EXECUTABLE : GEN_LAUNCH_NOT_FOUND;
}
