/* daemon_control.c - see daemon_control.h. */
#include "cli/daemon_control.h"

#include "base/number.h"
#include "platform/background.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CONTROL_UP_MS = 10000,
    CONTROL_DOWN_MS = 30000,
    CONTROL_STEP_MS = 25,
    CONTROL_LOG_TAIL = 4096, /* bytes of the log that are shown when gend dies */
};

struct control_start { /* gend on its way up */
    struct gen_session *session;
    struct gen_whereabouts places;
    int64_t log_size;      /* before it wrote anything */
    const char *up, *down; /* the commands that start and stop this gend */
    struct gen_node *more; /* what programs want to know of a failure */
    int pid;
    bool refuses; /* it answers, and says why it takes no jobs */
};

enum gen_status gen_daemon_control_places(struct gen_session *session, struct gen_whereabouts *out,
                                          struct gen_error *err)
{
    const char *variable = getenv("GEN_STATE");
    const char *state = session->options.state;

    if (state == NULL && variable != NULL && variable[0] != '\0' && !session->options.system) {
        state = variable;
    }
    return gen_whereabouts_find(session->options.system ? GEN_WHEREABOUTS_SYSTEM
                                                        : GEN_WHEREABOUTS_USER,
                                state, session->arena, out, err);
}

int gen_daemon_control_holder(const char *lock)
{
    char text[32] = "";
    int64_t pid = 0;
    int holder = 0;
    int fd = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0) {
        return 0;
    }
    if (flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ssize_t size = pread(fd, text, sizeof(text) - 1, 0);

        text[size > 0 ? size : 0] = '\0';
        text[strcspn(text, "\n")] = '\0';
        holder = gen_number_integer(text, &pid) && pid > 1 && pid <= INT32_MAX ? (int)pid : -1;
    }
    (void)close(fd);
    return holder;
}

/* ---- up */

static int64_t control_size(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 ? (int64_t)facts.st_size : 0;
}

/* What gend has written since it was started, at most the end of it: for people a note, for programs
 * a list. */
static struct gen_node *control_log_tail(const struct control_start *start)
{
    struct gen_arena *arena = start->session->arena;
    struct gen_node *lines = gen_node_list(arena);
    char text[CONTROL_LOG_TAIL + 1];
    int64_t size = control_size(start->places.log);
    int64_t from = size - CONTROL_LOG_TAIL > start->log_size ? size - CONTROL_LOG_TAIL
                                                             : start->log_size;
    int fd = open(start->places.log, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? pread(fd, text, CONTROL_LOG_TAIL, (off_t)from) : -1;

    if (fd >= 0) {
        (void)close(fd);
    }
    text[got > 0 ? got : 0] = '\0';
    for (char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        bool last = line[length] == '\0';

        line[length] = '\0';
        gen_node_push(lines, gen_node_string(arena, gen_session_clean(start->session, line)));
        line += length + !last;
    }
    return lines;
}

static void control_show_log(const struct control_start *start, const struct gen_node *lines)
{
    if (gen_node_first(lines) != NULL) {
        gen_session_note(start->session, "The end of %s:", start->places.log);
    }
    for (const struct gen_node *line = gen_node_first(lines); line != NULL; line = line->next) {
        gen_session_note(start->session, "  %s", gen_node_text(line, ""));
    }
}

static void control_tell(const struct control_start *start, const struct gen_node *version,
                         const char *word)
{
    struct gen_session *session = start->session;
    const struct gen_whereabouts *places = &start->places;
    struct gen_arena *arena = session->arena;
    struct gen_node *node;
    int64_t pid = gen_node_integer(gen_node_get(version, "pid"), 0);
    const char *number = gen_node_text(gen_node_get(version, "version"), "?");
    const char *address = gen_node_text(gen_node_get(version, "address"), NULL);

    if (session->options.json) {
        node = gen_node_map(arena);
        gen_node_set(arena, node, "status", gen_node_string(arena, word));
        gen_node_set(arena, node, "version", gen_node_string(arena, number));
        gen_node_set(arena, node, "pid", gen_node_int(arena, pid));
        gen_node_set(arena, node, "socket", gen_node_string(arena, places->socket));
        gen_node_set(arena, node, "address", gen_node_string(arena, address));
        gen_node_set(arena, node, "state", gen_node_string(arena, places->state));
        gen_node_set(arena, node, "log", gen_node_string(arena, places->log));
        gen_session_print_json(session, node);
        return;
    }
    gen_session_say(session, "gend %s %s (pid %" PRId64 ")", gen_session_clean(session, number),
                    strcmp(word, "started") == 0 ? "is up" : "runs already", pid);
    gen_session_say(session, "  socket   %s", places->socket);
    if (address != NULL) {
        gen_session_say(session, "  address  %s", gen_session_clean(session, address));
    }
    gen_session_say(session, "  state    %s", places->state);
    gen_session_say(session, "  log      %s", places->log);
    gen_session_say(session, "stop it with: %s", start->down);
}

/* gend's command line: its path, our options, what stands after `--`. NULL-terminated. */
static enum gen_status control_arguments(struct gen_session *session,
                                         const struct gen_whereabouts *places, const char ***out,
                                         struct gen_error *err)
{
    const char *folder = gen_whereabouts_own_folder(session->arena);
    const char *const folders[] = {folder != NULL ? folder : ".", NULL};
    const char *program = gen_files_find_program(folders, 1, "gend", session->arena);
    const char **list = gen_arena_array(session->arena, session->options.rest_count + 9,
                                        sizeof(*list));
    size_t count = 0;

    if (program == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "the program gend is neither beside gen (%s) nor in PATH; install it",
                             folders[0]);
    }
    if (list == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to start gend");
    }
    list[count++] = program;
    list[count++] = "--state";
    list[count++] = places->state;
    list[count++] = "--socket";
    list[count++] = places->socket;
    if (session->options.sandbox) {
        list[count++] = "--sandbox";
    }
    if (session->options.listen != NULL) {
        list[count++] = "--listen";
        list[count++] = session->options.listen;
    }
    memcpy(list + count, session->options.rest, session->options.rest_count * sizeof(*list));
    *out = list;
    return GEN_OK;
}

/* gend is there and waiting does not help: ffmpeg is missing, the disk is full. */
static enum gen_status control_refuses(struct control_start *start, const struct gen_error *reason,
                                       struct gen_error *err)
{
    struct gen_session *session = start->session;
    struct gen_client_answer answer = {0};
    const struct gen_node *refused = NULL;

    start->refuses = true;
    if (reason->status == GEN_EUNSUPPORTED &&
        gen_session_get(session, &answer, NULL, "/v1/providers") == GEN_OK) {
        refused = gen_node_first(gen_node_get(answer.document, "refused"));
    }
    if (session->options.json && refused != NULL) {
        gen_node_set(session->arena, start->more, "refused",
                     gen_node_copy(session->arena, gen_node_get(answer.document, "refused")));
        refused = NULL;
    }
    for (; refused != NULL; refused = refused->next) {
        gen_session_note(
            session, "%s: %s",
            gen_session_clean(session, gen_node_text(gen_node_get(refused, "path"), "?")),
            gen_session_clean(session, gen_node_text(gen_node_get(refused, "reason"), "?")));
    }
    if (reason->status != GEN_EUNSUPPORTED) {
        return gen_error_set(err, GEN_EIO, "gend runs (pid %d), but takes no jobs: %.300s",
                             start->pid, reason->message);
    }
    return gen_error_set(err, GEN_EIO,
                         "gend runs (pid %d), but takes no jobs: %.300s; then %s, "
                         "and %s",
                         start->pid, reason->message, start->down, start->up);
}

/* Waits until gend is ready, or has ended, or takes too long. */
static enum gen_status control_await(struct control_start *start, struct gen_error *err)
{
    struct gen_session *session = start->session;
    struct gen_client_request ready = {.path = "/readyz", .timeout_ms = 2000};
    int64_t end = gen_clock_monotonic(session->clock) + CONTROL_UP_MS;
    struct gen_error reason = {0};
    int code = 0;

    for (;;) {
        if (gen_client_send(session->client, &ready, session->arena, NULL, &reason) == GEN_OK) {
            return GEN_OK;
        }
        if (reason.status == GEN_EUNSUPPORTED || reason.status == GEN_ENOSPACE) {
            return control_refuses(start, &reason, err);
        }
        if (gen_background_ended(start->pid, &code)) {
            return gen_error_set(err, GEN_EIO, "gend ended at once (exit code %d)", code);
        }
        if (gen_clock_monotonic(session->clock) >= end) {
            return gen_error_set(err, GEN_ETIMEOUT,
                                 "gend runs (pid %d) but is not ready after %d s: %s", start->pid,
                                 CONTROL_UP_MS / 1000, reason.message);
        }
        if (!gen_client_wait(session->client, CONTROL_STEP_MS, NULL)) {
            return gen_error_set(err, GEN_ECANCELED, "interrupted; gend goes on starting (pid %d)",
                                 start->pid);
        }
    }
}

static enum gen_status control_start(struct control_start *start, struct gen_error *err)
{
    const char **arguments = NULL;
    enum gen_status status = control_arguments(start->session, &start->places, &arguments, err);

    if (status == GEN_OK) {
        status = gen_files_make_folder(start->places.state, 0700, err);
    }
    if (status == GEN_OK) {
        start->log_size = control_size(start->places.log);
        status = gen_background_start(arguments, start->places.log, &start->pid, err);
    }
    return status == GEN_OK ? control_await(start, err) : status;
}

/* Does a gend at this address (NULL = none) do what --listen asks for? */
static bool control_listens(const char *address, const char *listen)
{
    const char *port = strrchr(listen, ':');

    if (address == NULL || strcmp(listen, "none") == 0) {
        return address == NULL && strcmp(listen, "none") == 0;
    }
    address += strncmp(address, "http://", 7) == 0 ? 7 : 0;
    if (port != NULL && strcmp(port, ":0") == 0) { /* any port */
        return strncmp(address, listen, (size_t)(port - listen) + 1) == 0;
    }
    return strcmp(address, listen) == 0;
}

/* gend runs already; says what it was asked for now and does not do. */
static enum gen_status control_settled(struct control_start *start, const struct gen_node *version,
                                       struct gen_error *err)
{
    const struct gen_options *options = &start->session->options;
    struct gen_arena *arena = start->session->arena;
    const char *address = gen_node_text(gen_node_get(version, "address"), NULL);
    bool elsewhere = options->listen != NULL && !control_listens(address, options->listen);

    if (!elsewhere && options->rest_count == 0) {
        return GEN_OK;
    }
    gen_node_set(arena, start->more, "socket", gen_node_string(arena, start->places.socket));
    gen_node_set(arena, start->more, "address", gen_node_string(arena, address));
    gen_node_set(arena, start->more, "state", gen_node_string(arena, start->places.state));
    return gen_error_set(err, GEN_ECONFLICT,
                         "gend runs already (pid %" PRId64
                         "): it listens %s%s; %s%s was not applied. To apply it: "
                         "%s, then %s again",
                         gen_node_integer(gen_node_get(version, "pid"), 0),
                         address != NULL ? "at " : "on no address", address != NULL ? address : "",
                         elsewhere ? "--listen " : "what stands after --",
                         elsewhere ? options->listen : "", start->down, start->up);
}

static int control_failed(struct control_start *start, const struct gen_error *err)
{
    struct gen_session *session = start->session;
    bool died = start->pid > 0 && !start->refuses;
    struct gen_node *lines = died ? control_log_tail(start) : NULL;
    int code;

    if (died && session->options.json) {
        gen_node_set(session->arena, start->more, "log", lines);
    }
    code = gen_session_fail_with(session, err, start->more);
    if (died && !session->options.json) {
        control_show_log(start, lines);
    }
    return code;
}

/* Everything that is known before anybody is asked. */
static enum gen_status control_prepare(struct control_start *start, struct gen_error *err)
{
    struct gen_session *session = start->session;
    const char *state = session->options.state;
    enum gen_status status;

    if (session->options.server != NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "gen up starts a gend on this machine; leave --server out");
    }
    start->more = gen_node_map(session->arena);
    start->up = gen_target_command(&session->options, "gen up",
                                   GEN_TARGET_STATE | GEN_TARGET_SOCKET | GEN_TARGET_VARIABLES,
                                   session->arena);
    start->down = gen_target_command(&session->options, "gen down",
                                     GEN_TARGET_STATE | GEN_TARGET_VARIABLES, session->arena);
    if (start->up == NULL || start->down == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to start gend");
    }
    status = gen_daemon_control_places(session, &start->places, err);
    if (status == GEN_OK) {
        start->places.socket = session->options.socket != NULL ? session->options.socket
                                                               : start->places.socket;
        session->options.socket = start->places.socket;
        session->options.state = NULL; /* the socket says it all, and they do not go together */
        status = gen_session_connect(session, err);
        session->options.state = state;
    }
    return status;
}

int gen_daemon_control_up(struct gen_session *session)
{
    struct control_start start = {.session = session};
    struct gen_client_request health = {.path = "/v1/version", .timeout_ms = 5000};
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const char *word = "running";
    enum gen_status status = control_prepare(&start, &err);

    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (gen_client_send(session->client, &health, session->arena, &answer, &err) == GEN_OK) {
        status = control_settled(&start, answer.document, &err);
    } else {
        word = "started";
        status = control_start(&start, &err);
        if (status == GEN_OK) {
            status = gen_client_send(session->client, &health, session->arena, &answer, &err);
        }
    }
    if (status == GEN_OK || (status == GEN_ECONFLICT && !session->options.json)) {
        control_tell(&start, answer.document, word);
    }
    return status == GEN_OK ? GEN_EXIT_OK : control_failed(&start, &err);
}

/* ---- down */

static enum gen_status control_stop(struct gen_session *session, int pid, const char *lock,
                                    struct gen_error *err)
{
    int64_t end = gen_clock_monotonic(session->clock) + CONTROL_DOWN_MS;

    if (pid < 0) {
        return gen_error_set(err, GEN_EIO, "%s does not say which process holds it", lock);
    }
    if (kill((pid_t)pid, SIGTERM) != 0 && errno != ESRCH) {
        return gen_error_set(err, errno == EPERM ? GEN_EDENIED : GEN_EIO,
                             "gend (pid %d) cannot be stopped: %s", pid, strerror(errno));
    }
    while (gen_daemon_control_holder(lock) == pid) {
        if (gen_clock_monotonic(session->clock) >= end) {
            return gen_error_set(err, GEN_ETIMEOUT,
                                 "gend (pid %d) was asked to stop and has not ended after %d s",
                                 pid, CONTROL_DOWN_MS / 1000);
        }
        (void)usleep(CONTROL_STEP_MS * 1000);
    }
    return GEN_OK;
}

int gen_daemon_control_down(struct gen_session *session)
{
    struct gen_whereabouts places;
    struct gen_error err = {0};
    struct gen_arena *arena = session->arena;
    enum gen_status status = gen_daemon_control_places(session, &places, &err);
    int pid = 0;

    if (status == GEN_OK) {
        pid = gen_daemon_control_holder(places.lock);
    }
    if (status == GEN_OK && pid != 0) {
        status = control_stop(session, pid, places.lock, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        struct gen_node *node = gen_node_map(arena);

        gen_node_set(arena, node, "status",
                     gen_node_string(arena, pid != 0 ? "stopped" : "not_running"));
        gen_node_set(arena, node, "state", gen_node_string(arena, places.state));
        gen_session_print_json(session, node);
    } else if (pid != 0) {
        gen_session_say(session, "gend is down (it was pid %d)", pid);
    } else {
        gen_session_say(session, "gend does not run on %s", places.state);
    }
    return GEN_EXIT_OK;
}
