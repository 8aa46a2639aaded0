/* process.c - see process.h for what a child gets and when its end is told. */
#include "platform/process.h"

#include "base/alloc.h"
#include "platform/files.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

enum {
    PROCESS_LINE = 4096,     /* longest line handed on */
    PROCESS_FIRST = 1024,    /* bytes of a tail before it needs memory of its own */
    PROCESS_DRAIN_MS = 1000, /* how long outputs are read after the child's end */
};

/* The end of an output. Reads land in it directly; when it is full, it grows to twice what is kept
 * and from then on its older half is dropped. Without memory it goes on at the size it has. */
struct process_tail {
    char *data; /* `first` until it grows */
    size_t size;
    size_t capacity; /* without the NUL */
    char first[PROCESS_FIRST + 1];
};

struct gen_process {
    struct gen_loop_owner owner;
    uv_process_t child;
    uv_pipe_t pipes[2]; /* standard output, standard error */
    uv_timer_t timer;   /* the time limit, then the drain */
    uv_poll_t exiting;  /* the child's pidfd */
    int pidfd;          /* -1 = none */
    int open_handles;
    int open_pipes;
    bool running; /* the child has not been reaped */
    bool ended;   /* on_exit was called, or never will be */
    struct process_tail tails[2];
    char line[PROCESS_LINE + 1];
    size_t line_size;
    uint64_t started_ns;
    struct gen_process_end end;
    void (*on_line)(void *context, const char *line);
    void (*on_exit)(void *context, const struct gen_process_end *end);
    void *context;
};

/* handles */

static void process_on_closed(uv_handle_t *handle)
{
    struct gen_process *process = (struct gen_process *)handle->data;

    process->open_handles--;
    if (process->open_handles == 0) {
        for (size_t i = 0; i < GEN_COUNT(process->tails); i++) {
            if (process->tails[i].data != process->tails[i].first) {
                gen_free(process->tails[i].data);
            }
        }
        gen_free(process);
    }
}

static void process_close_handle(uv_handle_t *handle)
{
    if (handle->data != NULL && !uv_is_closing(handle)) { /* without data it was never opened */
        uv_close(handle, process_on_closed);
    }
}

static void process_close_handles(struct gen_process *process)
{
    process->ended = true;
    process_close_handle((uv_handle_t *)&process->child);
    process_close_handle((uv_handle_t *)&process->pipes[0]);
    process_close_handle((uv_handle_t *)&process->pipes[1]);
    process_close_handle((uv_handle_t *)&process->timer);
    process_close_handle((uv_handle_t *)&process->exiting);
    if (process->pidfd >= 0) {
        close(process->pidfd);
        process->pidfd = -1;
    }
}

static void process_kill_group(const struct gen_process *process)
{
    if (process->child.pid > 0) {
        (void)kill(-process->child.pid, SIGKILL);
    }
}

/* The loop goes away: nobody is told, the child is not left behind. */
static void process_close(struct gen_loop_owner *owner)
{
    struct gen_process *process = (struct gen_process *)owner;

    if (process->running) {
        process_kill_group(process);
        process->running = false;
    }
    process_close_handles(process);
}

static void process_own_handle(struct gen_process *process, uv_handle_t *handle)
{
    handle->data = process;
    process->open_handles++;
}

/* the end */

static const char *tail_text(struct process_tail *tail, size_t *size)
{
    size_t cut = tail->size > GEN_PROCESS_TAIL ? tail->size - GEN_PROCESS_TAIL : 0;

    tail->data[tail->size] = '\0';
    *size = tail->size - cut;
    return tail->data + cut;
}

static void process_finish(struct gen_process *process)
{
    struct gen_process_end *end = &process->end;
    size_t errors_size;

    if (process->ended || process->running || process->open_pipes > 0) {
        return;
    }
    end->output = tail_text(&process->tails[0], &end->output_size);
    end->errors = tail_text(&process->tails[1], &errors_size);
    process_close_handles(process); /* memory stays until the loop has closed them */
    process->on_exit(process->context, end);
}

static void process_on_drained(uv_timer_t *timer)
{
    struct gen_process *process = timer->data;

    process->open_pipes = 0; /* somebody outside the group holds them; not our child's output */
    process_finish(process);
}

static void process_on_exit(uv_process_t *child, int64_t code, int number)
{
    struct gen_process *process = child->data;

    process->running = false;
    process->end.exit_code = number != 0 ? -1 : (int)code;
    process->end.signal = number;
    process->end.wall_ms = (int64_t)((uv_hrtime() - process->started_ns) / 1000000u);
    process_kill_group(process); /* what the child left behind */
    GEN_CHECK(uv_timer_start(&process->timer, process_on_drained, PROCESS_DRAIN_MS, 0) == 0);
    process_finish(process);
}

static void process_on_timeout(uv_timer_t *timer)
{
    struct gen_process *process = timer->data;

    process->end.timed_out = true;
    process_kill_group(process);
}

/* libuv reaps the child, and with it goes what it has used. The pidfd becomes readable before
 * SIGCHLD is raised, and libuv looks at signals after all other descriptors, so the child is still
 * there to be asked. */
static void process_on_exiting(uv_poll_t *handle, int result, int events)
{
    struct gen_process *process = handle->data;
    struct rusage used;
    siginfo_t info;

    (void)result;
    (void)events;
    memset(&used, 0, sizeof(used));
    memset(&info, 0, sizeof(info));
    if (syscall(SYS_waitid, P_PID, process->child.pid, &info, WEXITED | WNOWAIT | WNOHANG, &used) ==
            0 &&
        info.si_pid == process->child.pid) {
        process->end.cpu_ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                              (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
    }
    process_close_handle((uv_handle_t *)handle);
}

/* output */

static void tail_make_room(struct process_tail *tail)
{
    size_t wanted = tail->capacity * 4;
    size_t keep = tail->capacity / 2;
    char *data;

    if (tail->capacity - tail->size >= tail->capacity / 4) {
        return;
    }
    wanted = wanted < 2 * GEN_PROCESS_TAIL ? wanted : 2 * GEN_PROCESS_TAIL;
    if (wanted > tail->capacity) {
        data = gen_realloc(tail->data == tail->first ? NULL : tail->data, wanted + 1);
        if (data != NULL) {
            if (tail->data == tail->first) {
                memcpy(data, tail->first, tail->size);
            }
            tail->data = data;
            tail->capacity = wanted;
            return;
        }
    }
    if (tail->size > keep) {
        memmove(tail->data, tail->data + tail->size - keep, keep);
        tail->size = keep;
    }
}

static void process_take_lines(struct gen_process *process, const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] != '\n') {
            if (process->line_size < PROCESS_LINE) {
                process->line[process->line_size++] = data[i];
            }
            continue;
        }
        process->line[process->line_size] = '\0';
        process->line_size = 0;
        process->on_line(process->context, process->line);
    }
}

static struct process_tail *process_tail_of(uv_handle_t *pipe)
{
    struct gen_process *process = pipe->data;

    return &process->tails[(uv_pipe_t *)pipe == &process->pipes[0] ? 0 : 1];
}

static void process_on_room(uv_handle_t *pipe, size_t suggested, uv_buf_t *room)
{
    struct process_tail *tail = process_tail_of(pipe);

    (void)suggested;
    tail_make_room(tail);
    room->base = tail->data + tail->size;
    room->len = tail->capacity - tail->size;
}

static void process_on_output(uv_stream_t *pipe, ssize_t count, const uv_buf_t *room)
{
    struct gen_process *process = pipe->data;
    struct process_tail *tail = process_tail_of((uv_handle_t *)pipe);

    if (count > 0) {
        tail->size += (size_t)count;
        if (tail == &process->tails[0] && process->on_line != NULL) {
            process_take_lines(process, room->base, (size_t)count);
        }
    } else if (count < 0) { /* its end, or as good as */
        (void)uv_read_stop(pipe);
        process->open_pipes--;
        process_finish(process);
    }
}

/* start */

/* libuv trusts every library to mark its descriptors; we do not. */
static void process_hide_descriptors(void)
{
    long most;

    if (close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0) {
        return;
    }
    most = sysconf(_SC_OPEN_MAX); /* before Linux 5.11 */
    for (int fd = 3; fd < (most > 0 && most < 65536 ? (int)most : 65536); fd++) {
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
}

static struct gen_process *process_create(struct gen_loop *loop,
                                          const struct gen_process_spec *spec)
{
    struct gen_process *process = gen_alloc(sizeof(*process));
    uv_loop_t *uv = gen_loop_uv(loop);

    if (process == NULL) {
        return NULL;
    }
    process->owner.close = process_close;
    process->pidfd = -1;
    process->on_line = spec->on_line;
    process->on_exit = spec->on_exit;
    process->context = spec->context;
    GEN_CHECK(uv_timer_init(uv, &process->timer) == 0);
    process_own_handle(process, (uv_handle_t *)&process->timer);
    for (size_t i = 0; i < GEN_COUNT(process->pipes); i++) {
        process->tails[i].data = process->tails[i].first;
        process->tails[i].capacity = PROCESS_FIRST;
        GEN_CHECK(uv_pipe_init(uv, &process->pipes[i], 0) == 0);
        process_own_handle(process, (uv_handle_t *)&process->pipes[i]);
    }
    return process;
}

static int process_spawn(struct gen_process *process, uv_loop_t *uv,
                         const struct gen_process_spec *spec)
{
    static char *no_environment[] = {NULL};
    uv_stdio_container_t stdio[3];
    uv_process_options_t options;
    int result;

    memset(&options, 0, sizeof(options));
    stdio[0].flags = UV_IGNORE; /* becomes /dev/null */
    for (size_t i = 0; i < GEN_COUNT(process->pipes); i++) {
        stdio[i + 1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
        stdio[i + 1].data.stream = (uv_stream_t *)&process->pipes[i];
    }
    options.stdio = stdio;
    options.stdio_count = GEN_COUNT(stdio);
    options.file = spec->arguments[0];
    options.args = (char **)spec->arguments; /* libuv does not write to them, nor to the next */
    options.env = spec->environment != NULL ? (char **)spec->environment : no_environment;
    options.cwd = spec->folder;
    options.flags = UV_PROCESS_DETACHED; /* a session, so a process group, of its own */
    options.exit_cb = process_on_exit;
    process_hide_descriptors();
    process->started_ns = uv_hrtime();
    result = uv_spawn(uv, &process->child, &options);
    process_own_handle(process, (uv_handle_t *)&process->child);
    return result;
}

static void process_watch_exit(struct gen_process *process, uv_loop_t *uv)
{
    process->pidfd = (int)syscall(SYS_pidfd_open, process->child.pid, 0);
    if (process->pidfd < 0 || uv_poll_init(uv, &process->exiting, process->pidfd) != 0) {
        return; /* an old kernel: the processor time stays unknown */
    }
    process_own_handle(process, (uv_handle_t *)&process->exiting);
    GEN_CHECK(uv_poll_start(&process->exiting, UV_READABLE, process_on_exiting) == 0);
}

enum gen_status gen_process_start(struct gen_loop *loop, const struct gen_process_spec *spec,
                                  struct gen_process **out, struct gen_error *err)
{
    uv_loop_t *uv = gen_loop_uv(loop);
    struct gen_process *process;
    int result;

    GEN_CHECK(spec->arguments[0] != NULL && spec->on_exit != NULL);
    if (spec->folder != NULL && access(spec->folder, X_OK) != 0) {
        return gen_files_errno(err, errno, "cannot work in", spec->folder);
    }
    process = process_create(loop, spec);
    if (process == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to start %s", spec->arguments[0]);
    }
    result = process_spawn(process, uv, spec);
    if (result != 0) {
        process_kill_group(process); /* it may run without its pipes */
        process_close_handles(process);
        return gen_files_errno(err, -result, "cannot start", spec->arguments[0]);
    }
    process->running = true;
    process->open_pipes = 2;
    process_watch_exit(process, uv);
    for (size_t i = 0; i < GEN_COUNT(process->pipes); i++) {
        GEN_CHECK(uv_read_start((uv_stream_t *)&process->pipes[i], process_on_room,
                                process_on_output) == 0);
    }
    if (spec->timeout_ms > 0) {
        uv_update_time(uv); /* starting took a while; the child's time begins now */
        GEN_CHECK(uv_timer_start(&process->timer, process_on_timeout, (uint64_t)spec->timeout_ms,
                                 0) == 0);
    }
    *out = process;
    return GEN_OK;
}

void gen_process_kill(struct gen_process *process)
{
    if (process->ended) {
        return;
    }
    process->end.killed = true;
    if (process->running) {
        process_kill_group(process);
    }
}

int gen_process_pid(const struct gen_process *process)
{
    return process->child.pid;
}
