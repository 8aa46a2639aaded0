/* daemon.c - see daemon.h. */
#include "crash/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DAEMON_PATIENCE_MS = 20000 };

void daemon_configure(struct daemon *daemon, int port, bool recover, const char *more)
{
    char path[600];
    FILE *file;

    snprintf(path, sizeof(path), "%s/gend.yaml", daemon->folder);
    file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        abort();
    }
    fprintf(file,
            "listen: none\nallowPrivate: true\nlogLevel: info\nleastFree: 1\n%s"
            "providers:\n  fake:\n    settings:\n      baseUrl: \"http://127.0.0.1:%d\"\n"
            "      recover: %s\n      pollMs: 200\n",
            more, port, recover ? "true" : "false");
    fclose(file);
}

pid_t daemon_spawn(const struct daemon *daemon, const char *socket, const char *log)
{
    char config[600], state[600], path[600];
    pid_t pid;

    snprintf(config, sizeof(config), "%s/gend.yaml", daemon->folder);
    snprintf(state, sizeof(state), "%s/state", daemon->folder);
    snprintf(path, sizeof(path), "%s/%s", daemon->folder, socket);
    pid = fork();
    if (pid == 0) {
        char file[600];
        int fd;

        snprintf(file, sizeof(file), "%s/%s", daemon->folder, log);
        fd = open(file, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(fd, 1);
        dup2(fd, 2);
        if (daemon->path != NULL) {
            setenv("PATH", daemon->path, 1);
        }
        execl(daemon->gend, "gend", "--config", config, "--state", state, "--socket", path,
              "--plugins", CRASH_PLUGINS, (char *)NULL);
        _exit(127);
    }
    return pid;
}

bool daemon_dead(struct daemon *daemon)
{
    if (daemon->pid != 0 && waitpid(daemon->pid, NULL, WNOHANG) == daemon->pid) {
        daemon->pid = 0;
    }
    return daemon->pid == 0;
}

bool daemon_start(struct daemon *daemon)
{
    char answer[4096];

    daemon->pid = daemon_spawn(daemon, "sock", "gend.log");
    for (int waited = 0; waited < DAEMON_PATIENCE_MS; waited += 10) {
        if (daemon_dead(daemon)) {
            break;
        }
        if (daemon_ask(daemon, "GET", "/readyz", NULL, NULL, answer, sizeof(answer)) == 200) {
            return true;
        }
        usleep(10000);
    }
    fprintf(stderr, "WRONG: gend did not come up; see %s/gend.log\n", daemon->folder);
    return false;
}

void daemon_kill(struct daemon *daemon, int signal)
{
    if (daemon->pid != 0) {
        kill(daemon->pid, signal);
        waitpid(daemon->pid, NULL, 0);
        daemon->pid = 0;
    }
}

static int daemon_connect(const struct daemon *daemon)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%.90s/sock", daemon->folder);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int daemon_ask(const struct daemon *daemon, const char *method, const char *path, const char *key,
               const char *body, char *answer, size_t size)
{
    static const struct timeval patience = {20, 0};
    char request[8192];
    size_t used = 0, length = body == NULL ? 0 : strlen(body);
    int fd = daemon_connect(daemon), status = 0, count;
    char *end;

    answer[0] = '\0';
    if (fd < 0) {
        return 0;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    count = snprintf(request, sizeof(request),
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s%s"
                     "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                     method, path, key == NULL ? "" : "Idempotency-Key: ", key == NULL ? "" : key,
                     key == NULL ? "" : "\r\n", length, body == NULL ? "" : body);
    if (send(fd, request, (size_t)count, MSG_NOSIGNAL) == count) {
        ssize_t got;

        while (used + 1 < size && (got = read(fd, answer + used, size - 1 - used)) > 0) {
            used += (size_t)got;
        }
        answer[used] = '\0';
    }
    close(fd);
    end = strstr(answer, "\r\n\r\n");
    if (end == NULL || sscanf(answer, "HTTP/1.1 %d", &status) != 1) {
        return 0;
    }
    memmove(answer, end + 4, strlen(end + 4) + 1);
    return status;
}

const char *daemon_member(const char *json, const char *key, char *out, size_t size)
{
    char name[64];
    const char *at;
    size_t used = 0;

    snprintf(name, sizeof(name), "\"%s\":", key);
    at = strstr(json, name);
    for (at = at == NULL ? "" : at + strlen(name); *at == ' ' || *at == '"'; at++) {
    }
    while (used + 1 < size && *at != '\0' && strchr("\",}", *at) == NULL) {
        out[used++] = *at++;
    }
    out[used] = '\0';
    return out;
}
