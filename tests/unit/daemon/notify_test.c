/* notify_test.c - core/daemon/notify.c: what a service manager hears. */
#include <criterion/criterion.h>

#include "base/check.h"
#include "daemon/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A socket in a folder and one in the abstract name space. */
Test(notify, is_heard)
{
    char folder[] = "/tmp/gen-notify-XXXXXX";

    cr_assert(mkdtemp(folder) != NULL);
    for (int abstract = 0; abstract < 2; abstract++) {
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        const char *environment[] = {"HOME=/h", NULL, NULL};
        char variable[160], heard[32] = "";
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        int size = snprintf(address.sun_path, sizeof address.sun_path, "%s/s", folder);

        snprintf(variable, sizeof variable, "NOTIFY_SOCKET=%s%s", abstract ? "@" : "",
                 abstract ? folder + 1 : address.sun_path);
        if (abstract) {
            size = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", folder + 1) + 1;
            address.sun_path[0] = '\0';
        }
        environment[1] = variable;
        cr_assert(bind(fd, (struct sockaddr *)&address,
                       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)size)) == 0);
        gen_notify(environment, "READY=1");
        cr_expect(recv(fd, heard, sizeof heard - 1, 0) == 7);
        cr_expect(strcmp(heard, "READY=1") == 0, "%s", heard);
        close(fd);
        if (!abstract) {
            unlink(address.sun_path);
        }
    }
    rmdir(folder);
}

/* No socket, nobody listening, a path that is none: nothing happens. */
Test(notify, is_not_waited_for)
{
    static const char *const cases[][2] = {{NULL},
                                           {"NOTIFY_SOCKET="},
                                           {"NOTIFY_SOCKET=relative"},
                                           {"NOTIFY_SOCKET=/nonexistent/socket"}};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        gen_notify(cases[i], "READY=1");
    }
}
