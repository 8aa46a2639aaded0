/* admit.c - how long does a durable admission take, next to one disk sync on the same file system?
 *
 * usage: admit SOCKET FOLDER COUNT BRIEF.json
 * Posts the brief COUNT times over one connection to the daemon's Unix socket, one after the other;
 * before each it appends 4 KiB to a file in FOLDER and calls fdatasync, so both see the same noise.
 * Prints one JSON line: quantiles of both and of their difference, in milliseconds.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double quantile(double *values, int count, double q)
{
    qsort(values, (size_t)count, sizeof(*values), by_value);
    return values[(int)(q * (count - 1) + 0.5)];
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        die(path);
    }
    return fd;
}

/* Reads one response with a Content-Length; returns its status. */
static int read_response(int fd)
{
    static char buffer[1 << 20];
    size_t size = 0, need = 0;
    char *body, *length;

    for (;;) {
        ssize_t got = read(fd, buffer + size, sizeof(buffer) - 1 - size);

        if (got <= 0) {
            die("read");
        }
        size += (size_t)got;
        buffer[size] = '\0';
        body = strstr(buffer, "\r\n\r\n");
        if (body == NULL) {
            continue;
        }
        length = strcasestr(buffer, "content-length:");
        need = (size_t)(body + 4 - buffer) + (length ? strtoul(length + 15, NULL, 10) : 0);
        if (size >= need) {
            return atoi(buffer + 9);
        }
    }
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = calloc(1, 1 << 20);

    if (file == NULL) {
        die(path);
    }
    *size = fread(data, 1, (1 << 20) - 1, file);
    fclose(file);
    return data;
}

int main(int argc, char **argv)
{
    int count = argc > 3 ? atoi(argv[3]) : 0, fd, disk;
    double *sync, *admit, *more;
    char *brief, path[1024], page[4096] = {1};
    size_t size;

    if (argc != 5 || count < 1) {
        fprintf(stderr, "usage: admit SOCKET FOLDER COUNT BRIEF.json\n");
        return 2;
    }
    brief = read_file(argv[4], &size);
    snprintf(path, sizeof(path), "%s/bench-sync", argv[2]);
    disk = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    fd = connect_to(argv[1]);
    sync = calloc((size_t)count, sizeof(double));
    admit = calloc((size_t)count, sizeof(double));
    more = calloc((size_t)count, sizeof(double));
    for (int i = 0; i < count; i++) {
        double start = now_ms();
        int status;

        if (write(disk, page, sizeof(page)) != sizeof(page) || fdatasync(disk) != 0) {
            die("fdatasync");
        }
        sync[i] = now_ms() - start;
        start = now_ms();
        dprintf(fd,
                "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                "Content-Length: %zu\r\n\r\n%s",
                size, brief);
        status = read_response(fd);
        admit[i] = now_ms() - start;
        more[i] = admit[i] - sync[i];
        if (status != 201) {
            fprintf(stderr, "admission answered %d\n", status);
            return 1;
        }
    }
    unlink(path);
    printf("{\"admissions\":%d,\"sync\":{\"p50\":%.2f,\"p99\":%.2f},", count,
           quantile(sync, count, 0.5), quantile(sync, count, 0.99));
    printf("\"admit\":{\"p50\":%.2f,\"p99\":%.2f},", quantile(admit, count, 0.5),
           quantile(admit, count, 0.99));
    printf("\"admitMinusSync\":{\"p50\":%.2f,\"p99\":%.2f}}\n", quantile(more, count, 0.5),
           quantile(more, count, 0.99));
    return 0;
}
