/* situations.c - see situations.h. Each returns how much was wrong. */
#include "crash/situations.h"

#include "crash/books.h"
#include "crash/vendor.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

static const char brief[] =
    "{\"title\": \"Situation\", \"budget\": 20, \"models\": [\"fake/pay\"], \"scenes\": "
    "[{\"prompt\": \"a\", \"duration\": 1}, {\"prompt\": \"b\", \"duration\": 1}], "
    "\"variations\": [{\"resolution\": \"160x90\"}]}";

static char *situation_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    char *text;

    *size = 0;
    if (file == NULL) {
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    text = calloc(1, *size + 1);
    if (text == NULL || fread(text, 1, *size, file) != *size) {
        abort();
    }
    fclose(file);
    return text;
}

char *situation_begin(const struct situation *situation, struct daemon *daemon, size_t *size)
{
    char command[1024], path[600];
    char *clip;

    (void)situation;
    snprintf(daemon->folder, sizeof(daemon->folder), "/tmp/gen-crash-XXXXXX");
    if (mkdtemp(daemon->folder) == NULL) {
        perror("mkdtemp");
        abort();
    }
    daemon->gend = CRASH_GEND;
    snprintf(path, sizeof(path), "%s/clip.mp4", daemon->folder);
    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=s=160x90:r=30:d=1 -f lavfi -i "
             "anullsrc=r=48000:cl=stereo -shortest -c:v libx264 -preset ultrafast -pix_fmt yuv420p "
             "-c:a aac -movflags +faststart %s", path);
    if (system(command) != 0 || (clip = situation_file(path, size)) == NULL) {
        fprintf(stderr, "WRONG: ffmpeg could not make the vendor's clip\n");
        exit(1);
    }
    return clip;
}

/* gend's own sanitizer reports and broken promises are in its log, and a kill can hide them. */
static int situation_reports(const struct daemon *daemon)
{
    static const char *const reports[] = {"ERROR: AddressSanitizer", "ERROR: LeakSanitizer",
                                          "runtime error:", "check failed:"};
    char path[600];
    size_t size;
    char *text;
    int wrong = 0;

    snprintf(path, sizeof(path), "%s/gend.log", daemon->folder);
    text = situation_file(path, &size);
    for (size_t i = 0; text != NULL && i < sizeof(reports) / sizeof(reports[0]); i++) {
        const char *at = strstr(text, reports[i]);

        if (at != NULL) {
            printf("WRONG: gend's log: %.1500s\n", at);
            wrong++;
        }
    }
    free(text);
    return wrong;
}

int situation_end(const struct situation *situation, struct daemon *daemon, char *clip, int wrong)
{
    char command[700];

    free(clip);
    wrong += situation_reports(daemon);
    if (wrong != 0 || situation->keep) {
        printf("the state and the log are left in %s\n", daemon->folder);
        return wrong;
    }
    /* The small disk, where there was one; a child of gend may be a moment longer in it. */
    (void)umount2(daemon->folder, MNT_DETACH);
    snprintf(command, sizeof(command), "rm -rf %s", daemon->folder);
    if (system(command) != 0) {
        abort();
    }
    return 0;
}

/* Whether the log of a daemon says `words`. */
static bool situation_says(const struct daemon *daemon, const char *log, const char *words)
{
    char path[600];
    size_t size;
    char *text;
    bool says;

    snprintf(path, sizeof(path), "%s/%s", daemon->folder, log);
    text = situation_file(path, &size);
    says = text != NULL && strstr(text, words) != NULL;
    if (!says) {
        printf("WRONG: %s does not say \"%s\":\n%.2000s\n", path, words, text == NULL ? "" : text);
    }
    free(text);
    return says;
}

/* ------------------------------------------------------------------------------ second daemon -- */

static int situation_second(const struct situation *situation)
{
    struct daemon daemon = {.path = NULL};
    size_t size = 0;
    char *clip = situation_begin(situation, &daemon, &size);
    char answer[4096];
    int status = 0, wrong = 0;
    pid_t second;

    daemon_configure(&daemon, 9, true, "");
    wrong += !daemon_start(&daemon);
    second = daemon_spawn(&daemon, "other-sock", "second.log");
    waitpid(second, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 0) {
        printf("WRONG: a second gend on the same state folder did not refuse\n");
        wrong++;
    }
    wrong += !situation_says(&daemon, "second.log", "another gend works on");
    if (daemon_ask(&daemon, "GET", "/readyz", NULL, NULL, answer, sizeof(answer)) != 200) {
        printf("WRONG: the first one does not answer any more\n");
        wrong++;
    }
    daemon_kill(&daemon, SIGKILL); /* a lock must not outlive its process */
    wrong += !daemon_start(&daemon);
    daemon_kill(&daemon, SIGTERM);
    return situation_end(situation, &daemon, clip, wrong);
}

/* ---------------------------------------------------------------------------- a job by itself -- */

static bool situation_submit(const struct daemon *daemon, char *job, size_t size, int expected)
{
    char answer[16384];
    int status = daemon_ask(daemon, "POST", "/v1/jobs", NULL, brief, answer, sizeof(answer));

    daemon_member(answer, "jobId", job, size);
    if (status / 100 != expected / 100) {
        printf("WRONG: submitting gave %d: %s\n", status, answer);
        return false;
    }
    return true;
}

/* Waits for a status of the job; its document stays in `answer`. */
static bool situation_wait(const struct daemon *daemon, const char *job, const char *word,
                           int patience_ms, char *answer, size_t size)
{
    char path[128], now[32] = "";

    snprintf(path, sizeof(path), "/v1/jobs/%s", job);
    for (int waited = 0; waited < patience_ms; waited += 50) {
        if (daemon_ask(daemon, "GET", path, NULL, NULL, answer, size) == 200 &&
            strcmp(daemon_member(answer, "status", now, sizeof(now)), word) == 0) {
            return true;
        }
        usleep(50000);
    }
    printf("WRONG: job %s is %s and not %s:\n%.3000s\n", job, now, word, answer);
    return false;
}

static int situation_no_ffmpeg(const struct situation *situation)
{
    static char answer[DAEMON_ANSWER_MOST];
    static struct vendor vendor;
    struct daemon daemon = {.path = "/nonexistent"};
    size_t size = 0;
    char *clip = situation_begin(situation, &daemon, &size);
    char job[40], path[128];
    int wrong = 0;

    vendor_open(&vendor, clip, size, situation->seed);
    daemon_configure(&daemon, vendor.port, true, "");
    wrong += !daemon_start(&daemon) || !situation_submit(&daemon, job, sizeof(job), 201);
    for (int waited = 0; wrong == 0 && waited < 20000; waited += 100) {
        snprintf(path, sizeof(path), "/v1/jobs/%s", job);
        (void)daemon_ask(&daemon, "GET", path, NULL, NULL, answer, sizeof(answer));
        if (strstr(answer, "ffmpeg") != NULL) {
            break;
        }
        usleep(100000);
    }
    if (wrong == 0 && strstr(answer, "ffmpeg") == NULL) {
        printf("WRONG: nothing says that ffmpeg is missing:\n%.3000s\n", answer);
        wrong++;
    }
    daemon_kill(&daemon, SIGTERM);
    vendor_close(&vendor);
    return situation_end(situation, &daemon, clip, wrong);
}

/* ----------------------------------------------------------------------------------- full disk -- */

/* Takes all but `rest` bytes of the file system. */
static void situation_fill(const char *path, unsigned long rest)
{
    static char zeros[4096];
    struct statvfs room;
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

    while (fd >= 0 && fstatvfs(fd, &room) == 0 && room.f_bavail * room.f_frsize > rest &&
           write(fd, zeros, sizeof(zeros)) > 0) {
    }
    close(fd);
}

static int situation_disk_steps(struct daemon *daemon, const char *filler)
{
    static char answer[DAEMON_ANSWER_MOST];
    char first[40] = "", second[40] = "";
    int wrong = !daemon_start(daemon) || !situation_submit(daemon, first, sizeof(first), 201);

    if (wrong != 0) {
        return wrong;
    }
    situation_fill(filler, 0); /* in the middle of the first job */
    usleep(1500000);
    wrong += !situation_submit(daemon, second, sizeof(second), 507);
    if (daemon_dead(daemon)) {
        printf("WRONG: a full disk ended gend\n");
        wrong++;
    }
    unlink(filler);
    wrong += !situation_wait(daemon, first, "completed", 60000, answer, sizeof(answer));
    wrong += !situation_submit(daemon, second, sizeof(second), 201);
    wrong += !situation_wait(daemon, second, "completed", 60000, answer, sizeof(answer));
    return wrong;
}

static int situation_full_disk(const struct situation *situation)
{
    static struct vendor vendor;
    struct books_sums sums = {0};
    struct daemon daemon = {.path = NULL};
    size_t size = 0;
    char *clip = situation_begin(situation, &daemon, &size);
    char filler[600], state[600];
    int wrong = 0;

    if (mount("gen-crash", daemon.folder, "tmpfs", 0, "size=48m") != 0) {
        printf("SKIPPED: a small file system cannot be mounted here, so no disk was filled\n");
        return situation_end(situation, &daemon, clip, 0);
    }
    snprintf(filler, sizeof(filler), "%s/filler", daemon.folder);
    snprintf(state, sizeof(state), "%s/state", daemon.folder);
    vendor_open(&vendor, clip, size, situation->seed);
    daemon_configure(&daemon, vendor.port, true, "");
    wrong += situation_disk_steps(&daemon, filler);
    daemon_kill(&daemon, SIGTERM);
    vendor_close(&vendor);
    wrong += wrong == 0 ? books_compare(&vendor, state, &sums) : 0;
    return situation_end(situation, &daemon, clip, wrong);
}

bool situation_read(int argc, char **argv, struct situation *situation)
{
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        bool takes = true;

        if (strcmp(argv[i], "--kills") == 0) {
            situation->kills = atoi(value);
        } else if (strcmp(argv[i], "--seed") == 0) {
            situation->seed = strtoull(value, NULL, 10);
        } else if (strcmp(argv[i], "--faults") == 0) {
            situation->faults = atoi(value);
        } else if (strcmp(argv[i], "--recover") == 0) {
            situation->recover = strcmp(value, "yes") == 0;
        } else {
            takes = false;
        }
        if (takes) {
            i++;
        } else if (strcmp(argv[i], "--second") == 0) {
            situation->run = situation_second;
        } else if (strcmp(argv[i], "--no-ffmpeg") == 0) {
            situation->run = situation_no_ffmpeg;
        } else if (strcmp(argv[i], "--full-disk") == 0) {
            situation->run = situation_full_disk;
        } else if (strcmp(argv[i], "--keep") == 0) {
            situation->keep = true;
        } else {
            return false;
        }
    }
    return situation->run != NULL || situation->kills > 0;
}
