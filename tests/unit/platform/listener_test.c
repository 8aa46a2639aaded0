/* listener_test.c - core/platform/listener.c: whose socket is it, and what is said when it is not
 * ours. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "platform/files.h"
#include "platform/listener.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder_new(char *out)
{
    strcpy(out, "/tmp/gen-listener-XXXXXX");
    cr_assert(mkdtemp(out) != NULL);
    return out;
}

Test(listener, a_dead_socket_is_replaced_a_living_one_and_other_files_are_not)
{
    struct gen_listener_file first, second;
    struct gen_error err = {0};
    char folder[64], path[128];
    struct stat facts;
    int fd, other;

    snprintf(path, sizeof path, "%s/sock", folder_new(folder));
    umask(0);
    cr_assert(gen_listener_open_unix(path, &fd, &first, &err) == GEN_OK, "%s", err.message);
    cr_assert(stat(path, &facts) == 0);
    cr_expect(0600 == (facts.st_mode & 0777) && S_ISSOCK(facts.st_mode), "%o", facts.st_mode);
    cr_expect(umask(0) == 0, "the umask came back");

    cr_expect(gen_listener_open_unix(path, &other, &second, &err) == GEN_EBUSY);
    cr_expect(other == -1 && strstr(err.message, path) != NULL);
    cr_assert(stat(path, &facts) == 0 && facts.st_ino == first.inode);

    close(fd); /* as after kill -9: the file stays, nobody answers */
    cr_assert(gen_listener_open_unix(path, &fd, &second, &err) == GEN_OK, "%s", err.message);
    gen_listener_remove(path, &first); /* the late end of the first server */
    cr_expect(access(path, F_OK) == 0 || first.inode == second.inode);
    gen_listener_remove(path, &second);
    cr_expect(access(path, F_OK) != 0);
    close(fd);

    cr_assert(gen_files_write(path, "precious", 8, 0600, &err) == GEN_OK);
    cr_expect(gen_listener_open_unix(path, &fd, &first, &err) == GEN_EBUSY);
    cr_expect(strstr(err.message, "another file") != NULL);
    cr_expect(stat(path, &facts) == 0 && facts.st_size == 8);
    cr_assert(gen_files_remove_tree(folder, &err) == GEN_OK);
}

Test(listener, a_path_must_fit_and_its_folder_exist)
{
    struct gen_listener_file made;
    struct gen_error err = {0};
    char path[256];
    int fd;

    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    cr_expect(gen_listener_open_unix(path, &fd, &made, &err) == GEN_EINVAL);
    cr_expect(gen_listener_open_unix("", &fd, &made, &err) == GEN_EINVAL);
    cr_expect(gen_listener_open_unix("/nowhere/at/all", &fd, &made, &err) == GEN_ENOTFOUND);
}

Test(listener, tcp_takes_numeric_addresses_and_free_ports)
{
    struct gen_error err = {0};
    int fd, other, port = 0, second;

    cr_assert(gen_listener_open_tcp("127.0.0.1", 0, &fd, &port, &err) == GEN_OK, "%s", err.message);
    cr_expect(port > 0);
    cr_expect(gen_listener_open_tcp("127.0.0.1", port, &other, &second, &err) == GEN_EBUSY);
    cr_expect(strstr(err.message, "in use") != NULL && other == -1);
    close(fd);
    cr_expect(gen_listener_open_tcp("127.0.0.1", port, &fd, NULL, &err) == GEN_OK);
    close(fd);
    cr_expect(gen_listener_open_tcp("localhost", 0, &fd, NULL, &err) == GEN_EINVAL);
    cr_expect(gen_listener_open_tcp("127.0.0.1", 65536, &fd, NULL, &err) == GEN_EINVAL);
    cr_expect(gen_listener_open_tcp("127.0.0.1", -1, &fd, NULL, &err) == GEN_EINVAL);
    cr_expect(gen_listener_open_tcp("8.8.8.8", 0, &fd, NULL, &err) == GEN_EIO);
}
