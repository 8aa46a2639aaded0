/* quarantine.c - see quarantine.h. The file is one struct quarantine_file; its rows belong to providers by
 * the hash of their file and their id. */
#include "host/quarantine.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    QUARANTINE_ROWS = 256,
    QUARANTINE_REASON = 512,
    QUARANTINE_STACK = 64 * 1024,
    QUARANTINE_STRIKES = 2, /* killed inside, one life after the other */
    QUARANTINE_HUNG = 1000, /* instead of a signal */
    QUARANTINE_CPU_S = 5,   /* of the processor, in one call */
    QUARANTINE_MAGIC = 0x67655131,
};

struct quarantine_row {
    struct gen_mark mark;
    uint32_t cause;   /* signal in whose handler we were inside, or QUARANTINE_HUNG */
    uint32_t strikes; /* lives in a row that ended inside, without a cause */
    uint32_t out;     /* 1: in quarantine */
    uint32_t used;    /* admitted in this life */
    char key[2 * GEN_DIGEST_TEXT_SIZE];
    char reason[QUARANTINE_REASON];
};

struct quarantine_file {
    uint32_t magic, unused1;
    char boot[40];
    struct quarantine_row rows[QUARANTINE_ROWS];
};

static const int quarantine_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

struct gen_quarantine {
    struct quarantine_file *file;
    const struct gen_log *log;
    char path[512];
    long thread; /* whose calls are marked */
    struct sigaction before[GEN_COUNT(quarantine_signals)], timer_before;
    stack_t stack_before;
    timer_t timer;
    bool timed;
    const struct quarantine_row *looked; /* inside of which the timer saw us last, */
    uint32_t looked_calls;               /* and in which call */
    _Alignas(16) char stack[QUARANTINE_STACK];
};

static const char *const quarantine_words[GEN_MARKS] = {
    "",     "being loaded", "its entry", "configure", "capabilities", "extension", "format",
    "cost", "submit",       "poll",      "fetch",     "recover",      "cancel",    "health"};

/* --------------------------------------------------------------------------------- handlers -- */

static struct gen_quarantine *quarantine_current; /* house-allow state: handlers get no context */

static struct quarantine_row *quarantine_inside(const struct gen_quarantine *quarantine)
{
    for (size_t i = 0; i < QUARANTINE_ROWS; i++) {
        if (__atomic_load_n(&quarantine->file->rows[i].mark.inside, __ATOMIC_ACQUIRE) != 0) {
            return &quarantine->file->rows[i];
        }
    }
    return NULL;
}

static void quarantine_on_end(int number, siginfo_t *info, void *context)
{
    struct gen_quarantine *quarantine = quarantine_current;
    size_t i = 0;

    if (syscall(SYS_gettid) == quarantine->thread) {
        struct quarantine_row *row = quarantine_inside(quarantine);

        if (row != NULL && row->cause == 0) {
            row->cause = (uint32_t)number;
        }
    }
    while (quarantine_signals[i] != number) {
        i++;
    }
    (void)context;
    (void)sigaction(number, &quarantine->before[i], NULL);
    if (info->si_code <= 0) { /* sent by somebody; a fault comes again by itself, where it was */
        (void)raise(number);  /* comes when this handler has returned */
    }
}

/* The loop's thread has used so much of the processor again. Twice within one call: it hangs there. */
static void quarantine_on_tick(int number)
{
    static const char words[] =
        "gend: a plugin does not come back; ending, to be started without it\n";
    struct gen_quarantine *quarantine = quarantine_current;
    struct quarantine_row *row = quarantine_inside(quarantine);

    (void)number;
    if (row != NULL && row == quarantine->looked && row->mark.calls == quarantine->looked_calls) {
        row->cause = QUARANTINE_HUNG;
        (void)!write(STDERR_FILENO, words, sizeof(words) - 1);
        (void)raise(SIGABRT);
    }
    quarantine->looked = row;
    quarantine->looked_calls = row == NULL ? 0 : row->mark.calls;
}

static void quarantine_watch(struct gen_quarantine *quarantine)
{
    struct sigaction action = {.sa_flags = SA_ONSTACK | SA_SIGINFO};
    stack_t stack = {.ss_sp = quarantine->stack, .ss_size = sizeof(quarantine->stack)};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGVTALRM};
    struct itimerspec every = {{QUARANTINE_CPU_S, 0}, {QUARANTINE_CPU_S, 0}};

    quarantine->thread = syscall(SYS_gettid);
    quarantine_current = quarantine;
    (void)sigaltstack(&stack, &quarantine->stack_before);
    action.sa_sigaction = quarantine_on_end;
    for (size_t i = 0; i < GEN_COUNT(quarantine_signals); i++) {
        (void)sigaction(quarantine_signals[i], &action, &quarantine->before[i]);
    }
    action.sa_handler = quarantine_on_tick;
    action.sa_flags = SA_ONSTACK | SA_RESTART;
    (void)sigaction(SIGVTALRM, &action, &quarantine->timer_before);
    event._sigev_un._tid = (pid_t)quarantine->thread;
    quarantine->timed = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &quarantine->timer) == 0 &&
                        timer_settime(quarantine->timer, 0, &every, NULL) == 0;
}

void gen_quarantine_close(struct gen_quarantine *quarantine)
{
    if (quarantine == NULL) {
        return;
    }
    if (quarantine_current == quarantine) {
        if (quarantine->timed) {
            (void)timer_delete(quarantine->timer);
        }
        (void)sigaction(SIGVTALRM, &quarantine->timer_before, NULL);
        for (size_t i = 0; i < GEN_COUNT(quarantine_signals); i++) {
            (void)sigaction(quarantine_signals[i], &quarantine->before[i], NULL);
        }
        (void)sigaltstack(&quarantine->stack_before, NULL);
        quarantine_current = NULL;
    }
    if (quarantine->file != NULL) {
        (void)munmap(quarantine->file, sizeof(*quarantine->file));
    }
    gen_free(quarantine);
}

/* ------------------------------------------------------------------------------ the last life -- */

static void quarantine_put_out(const struct gen_quarantine *quarantine, struct quarantine_row *row)
{
    const char *word = quarantine_words[row->mark.inside < GEN_MARKS ? row->mark.inside : 0];
    char why[120];

    if (row->cause == QUARANTINE_HUNG) {
        (void)snprintf(why, sizeof(why), "gend did not come back from it within %d s (%s)",
                       QUARANTINE_CPU_S, word);
    } else if (row->cause != 0) {
        (void)snprintf(why, sizeof(why), "gend crashed in it (%s, signal %" PRIu32 ")", word,
                       row->cause);
    } else {
        (void)snprintf(why, sizeof(why),
                       "gend was killed in it %d times in a row (%s): it may hang",
                       QUARANTINE_STRIKES, word);
    }
    row->out = 1;
    (void)snprintf(row->reason, sizeof(row->reason),
                   "is in quarantine: %s; put a mended file in its place, or, with gend stopped, "
                   "remove %.200s",
                   why, quarantine->path);
}

/* Judges one row by what the last life left in it. */
static void quarantine_judge(const struct gen_quarantine *quarantine, struct quarantine_row *row,
                             bool same_boot)
{
    row->key[sizeof(row->key) - 1] = '\0';
    row->reason[sizeof(row->reason) - 1] = '\0';
    if (row->mark.inside != 0 && same_boot) {
        row->strikes += row->cause == 0 ? 1 : 0;
        if (row->cause != 0 || row->strikes >= QUARANTINE_STRIKES) {
            quarantine_put_out(quarantine, row);
        }
    } else if (row->mark.calls > 0) {
        row->strikes = 0;
    }
    row->mark = (struct gen_mark){0};
    row->cause = 0;
    row->used = 0;
}

static void quarantine_boot(char *out, size_t size)
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, out, size - 1);

    out[got > 0 ? got : 0] = '\0';
    if (fd >= 0) {
        (void)close(fd);
    }
}

static enum gen_status quarantine_map(struct gen_quarantine *quarantine, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    void *memory;
    int fd = open(quarantine->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0) {
        return gen_files_errno(err, errno, "cannot open", quarantine->path);
    }
    /* Blocks are taken now: a full disk would be a signal later. */
    errno = posix_fallocate(fd, 0, sizeof(*quarantine->file));
    if (errno != 0 || ftruncate(fd, sizeof(*quarantine->file)) != 0) {
        status = gen_files_errno(err, errno, "cannot make", quarantine->path);
    } else {
        memory = mmap(NULL, sizeof(*quarantine->file), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (memory == MAP_FAILED) {
            status = gen_files_errno(err, errno, "cannot map", quarantine->path);
        } else {
            quarantine->file = memory;
        }
    }
    (void)close(fd);
    return status;
}

enum gen_status gen_quarantine_open(const char *path, const struct gen_log *log,
                                    struct gen_quarantine **out, struct gen_error *err)
{
    struct gen_quarantine *quarantine = gen_alloc(sizeof(*quarantine));
    char boot[sizeof(quarantine->file->boot)];
    enum gen_status status;
    bool same;

    if (quarantine == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    memset(quarantine, 0, sizeof(*quarantine));
    quarantine->log = log;
    (void)snprintf(quarantine->path, sizeof(quarantine->path), "%s", path);
    status = quarantine_map(quarantine, err);
    if (status != GEN_OK) {
        gen_quarantine_close(quarantine);
        return status;
    }
    if (quarantine->file->magic != QUARANTINE_MAGIC) {
        memset(quarantine->file, 0, sizeof(*quarantine->file));
        quarantine->file->magic = QUARANTINE_MAGIC;
    }
    quarantine_boot(boot, sizeof(boot));
    same = strncmp(boot, quarantine->file->boot, sizeof(boot)) == 0;
    for (size_t i = 0; i < QUARANTINE_ROWS; i++) {
        quarantine_judge(quarantine, &quarantine->file->rows[i], same);
    }
    memcpy(quarantine->file->boot, boot, sizeof(boot));
    (void)msync(quarantine->file, sizeof(*quarantine->file), MS_SYNC);
    quarantine_watch(quarantine);
    *out = quarantine;
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------- admit -- */

static enum gen_status quarantine_key(const char *path, const char *id, char *out, size_t size,
                                      struct gen_error *err)
{
    char digest[GEN_DIGEST_TEXT_SIZE];
    int64_t bytes = 0;
    enum gen_status status = gen_files_digest(path, digest, &bytes, err);

    if (status == GEN_OK) {
        (void)snprintf(out, size, "%s %.40s", digest, id);
    }
    return status;
}

enum gen_status gen_quarantine_admit(struct gen_quarantine *quarantine, const char *path,
                                     const char *id, struct gen_mark **out, struct gen_error *err)
{
    char key[2 * GEN_DIGEST_TEXT_SIZE];
    struct quarantine_row *free_row = NULL;
    enum gen_status status;

    *out = NULL;
    if (quarantine == NULL) {
        return GEN_OK;
    }
    status = quarantine_key(path, id, key, sizeof(key), err);
    for (size_t i = 0; status == GEN_OK && i < QUARANTINE_ROWS; i++) {
        struct quarantine_row *row = &quarantine->file->rows[i];

        if (strcmp(row->key, key) == 0) {
            if (row->out != 0) {
                return gen_error_set(err, GEN_ECORRUPT, "%s", row->reason);
            }
            row->used = 1;
            *out = &row->mark;
            return GEN_OK;
        }
        if (row->used == 0 &&
            (free_row == NULL || (free_row->key[0] != '\0' && row->key[0] == '\0'))) {
            free_row = row->out == 0 ? row : free_row;
        }
    }
    if (status != GEN_OK) {
        return status;
    }
    if (free_row == NULL) {
        return gen_error_set(err, GEN_ELIMIT, "there are more than %d providers", QUARANTINE_ROWS);
    }
    memset(free_row, 0, sizeof(*free_row));
    memcpy(free_row->key, key, sizeof(key));
    free_row->used = 1;
    *out = &free_row->mark;
    return GEN_OK;
}
