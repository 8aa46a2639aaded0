/* files_test.c - core/platform/{files,folders,files_call}.c: what is promised when it works, and
 * with every system call and every allocation failing in turn. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/files_call.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BIG = 200000 }; /* more than one block */

static char folder[64]; /* of this test; criterion runs each in a process of its own */

static void set_up(void)
{
    struct gen_error err;

    cr_assert(gen_crypto_init(&err) == GEN_OK);
    snprintf(folder, sizeof(folder), "/tmp/gen-files-test-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(chdir(folder) == 0);
}

static void tear_down(void)
{
    struct gen_error err;

    gen_files_fail_at(0, 0);
    gen_alloc_fail_at(0);
    cr_assert(chdir("/") == 0);
    cr_assert(gen_files_remove_tree(folder, &err) == GEN_OK, "%s", err.message);
}

TestSuite(files, .init = set_up, .fini = tear_down);

static void put(const char *path, const char *data, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    cr_assert(fd >= 0);
    cr_assert(write(fd, data, size) == (ssize_t)size);
    close(fd);
}

static bool exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

/* Is the file there, with exactly this content? */
static bool holds(const char *path, const char *data, size_t size)
{
    char *text = malloc(size + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = fd < 0 ? -1 : 0;
    size_t done = 0;

    while (fd >= 0 && (count = read(fd, text + done, size + 1 - done)) > 0) {
        done += (size_t)count;
    }
    if (fd >= 0) {
        close(fd);
    }
    count = count == 0 && done == size && memcmp(text, data, size) == 0;
    free(text);
    return count;
}

static int count_names(const char *path)
{
    DIR *dir = opendir(path);
    int count = -2; /* . and .. */

    while (readdir(dir) != NULL) {
        count++;
    }
    closedir(dir);
    return count;
}

static char *big_data(char seed)
{
    char *data = malloc(BIG);

    for (size_t i = 0; i < BIG; i++) {
        data[i] = (char)(seed + (char)(i * 31 + i / 251));
    }
    return data;
}

/* each thing, when it works */

Test(files, errno_becomes_a_status_with_the_path)
{
    static const struct {
        int number;
        enum gen_status status;
    } cases[] = {
        {ENOSPC, GEN_ENOSPACE},  {EDQUOT, GEN_ENOSPACE}, {ENOENT, GEN_ENOTFOUND},
        {EACCES, GEN_EDENIED},   {EPERM, GEN_EDENIED},   {EROFS, GEN_EDENIED},
        {EEXIST, GEN_ECONFLICT}, {ENOMEM, GEN_ENOMEM},   {EISDIR, GEN_EINVAL},
        {ENOTDIR, GEN_EINVAL},   {EIO, GEN_EIO},         {EMFILE, GEN_EIO},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err;
        char wanted[128];

        cr_expect(gen_files_errno(&err, cases[i].number, "cannot x", "/p") == cases[i].status);
        snprintf(wanted, sizeof(wanted), "cannot x /p: %s", strerror(cases[i].number));
        cr_expect(eq(str, err.message, wanted));
    }
}

Test(files, make_folder_makes_the_parents_too)
{
    static const char *const good[] = {"a", "a", "b/c/d", "b/c/d/", "b//c///e", "./f", "."};
    static const char *const bad[] = {"file", "file/x"};
    struct gen_error err;
    struct stat info;

    umask(0);
    for (size_t i = 0; i < GEN_COUNT(good); i++) {
        cr_expect(gen_files_make_folder(good[i], 0750, &err) == GEN_OK, "%s", err.message);
        cr_assert(stat(good[i], &info) == 0);
        cr_expect(0 != S_ISDIR(info.st_mode));
    }
    cr_assert(stat("b/c/d", &info) == 0);
    cr_expect(eq(uint, info.st_mode & 07777, 0750u));
    put("file", "x", 1);
    for (size_t i = 0; i < GEN_COUNT(bad); i++) {
        cr_expect(gen_files_make_folder(bad[i], 0750, &err) == GEN_EINVAL, "%s", bad[i]);
    }
    snprintf(err.message, sizeof(err.message), "%s/absolute/x", folder);
    cr_expect(gen_files_make_folder(err.message, 0700, NULL) == GEN_OK);
    cr_expect(exists("absolute/x"));
}

Test(files, read_gives_the_whole_file_or_nothing)
{
    char *data = big_data(1);
    struct gen_bytes bytes;
    struct gen_error err;

    put("big", data, BIG);
    put("empty", "", 0);
    gen_bytes_init(&bytes, BIG);
    cr_expect(gen_files_read("big", &bytes, &err) == GEN_OK);
    cr_expect(eq(sz, bytes.size, (size_t)BIG));
    cr_expect(memcmp(bytes.data, data, BIG) == 0);
    cr_expect(gen_files_read("empty", &bytes, &err) == GEN_OK); /* replaces what was there */
    cr_expect(eq(sz, bytes.size, 0u));
    cr_expect(gen_files_read("missing", &bytes, &err) == GEN_ENOTFOUND);
    cr_expect(strstr(err.message, "missing") != NULL);
    cr_expect(gen_files_read(".", &bytes, &err) == GEN_EINVAL);
    gen_bytes_fini(&bytes);
    gen_bytes_init(&bytes, BIG - 1);
    cr_expect(gen_files_read("big", &bytes, &err) == GEN_ETOOLARGE);
    cr_expect(strstr(err.message, "199999") != NULL, "%s", err.message);
    cr_expect(eq(sz, bytes.size, 0u));
    gen_bytes_fini(&bytes);
    free(data);
}

Test(files, read_of_a_dash_is_standard_input)
{
    struct gen_bytes bytes;
    struct gen_error err;
    int fds[2];

    cr_assert(pipe(fds) == 0);
    cr_assert(write(fds[1], "from the pipe", 13) == 13);
    close(fds[1]);
    cr_assert(dup2(fds[0], STDIN_FILENO) == STDIN_FILENO);
    gen_bytes_init(&bytes, 100);
    cr_expect(gen_files_read("-", &bytes, &err) == GEN_OK);
    cr_expect(eq(str, bytes.data, (char *)"from the pipe"));
    cr_expect(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* not ours to close */
    gen_bytes_fini(&bytes);
}

Test(files, write_replaces_and_sets_the_mode)
{
    struct gen_error err;
    struct stat info;

    umask(077);
    cr_expect(gen_files_write("a", "one", 3, 0644, &err) == GEN_OK);
    cr_expect(holds("a", "one", 3));
    cr_assert(stat("a", &info) == 0);
    cr_expect(eq(uint, info.st_mode & 07777, 0644u));
    cr_expect(gen_files_write("a", "", 0, 0600, &err) == GEN_OK);
    cr_expect(holds("a", "", 0));
    cr_assert(stat("a", &info) == 0);
    cr_expect(eq(uint, info.st_mode & 07777, 0600u));
    cr_expect(gen_files_write("no/a", "x", 1, 0644, &err) == GEN_ENOTFOUND);
    cr_expect(strstr(err.message, "no/a") != NULL);
    cr_expect(eq(int, count_names("."), 1));
}

Test(files, publish_moves_and_never_replaces)
{
    struct gen_error err;

    put("a", "same", 4);
    cr_expect(gen_files_publish("a", "place", &err) == GEN_OK);
    cr_expect(holds("place", "same", 4));
    cr_expect(exists("a") == false);
    put("b", "same", 4); /* the same content arrives again */
    cr_expect(gen_files_publish("b", "place", &err) == GEN_OK);
    cr_expect(exists("b") == false);
    put("c", "other size", 10);
    cr_expect(gen_files_publish("c", "place", &err) == GEN_ECONFLICT);
    cr_expect(strstr(err.message, "4 bytes, not 10") != NULL, "%s", err.message);
    cr_expect(holds("place", "same", 4));
    cr_expect(holds("c", "other size", 10));
    cr_expect(gen_files_publish("missing", "x", &err) == GEN_ENOTFOUND);
    cr_expect(gen_files_publish("c", "no/such", &err) == GEN_ENOTFOUND);
    /* two names of one file: the data must not go away */
    cr_assert(link("place", "twin") == 0);
    cr_expect(gen_files_publish("twin", "place", &err) == GEN_OK);
    cr_expect(holds("place", "same", 4));
    cr_expect(gen_files_publish("place", "place", &err) == GEN_OK);
    cr_expect(holds("place", "same", 4));
}

Test(files, copy_makes_a_new_file_from_a_regular_one)
{
    char *data = big_data(2);
    struct gen_error err;

    put("a", data, BIG);
    put("empty", "", 0);
    cr_assert(mkfifo("pipe", 0600) == 0);
    cr_expect(gen_files_copy("a", "b", 0644, &err) == GEN_OK);
    cr_expect(holds("b", data, BIG));
    cr_expect(gen_files_copy("empty", "c", 0644, &err) == GEN_OK);
    cr_expect(holds("c", "", 0));
    cr_expect(gen_files_copy("empty", "b", 0644, &err) == GEN_ECONFLICT);
    cr_expect(holds("b", data, BIG)); /* untouched */
    cr_expect(gen_files_copy("missing", "d", 0644, &err) == GEN_ENOTFOUND);
    cr_expect(gen_files_copy(".", "d", 0644, &err) == GEN_EINVAL);
    cr_expect(gen_files_copy("pipe", "d", 0644, &err) == GEN_EINVAL); /* and does not hang */
    cr_expect(exists("d") == false);
    /* a file that says it is empty and is not */
    cr_expect(gen_files_copy("/proc/self/status", "e", 0644, &err) == GEN_OK);
    cr_expect(holds("e", "", 0) == false);
    free(data);
}

Test(files, digest_is_that_of_the_content)
{
    char *data = big_data(3);
    char wanted[GEN_DIGEST_TEXT_SIZE];
    char hex[GEN_DIGEST_TEXT_SIZE];
    struct gen_error err;
    int64_t size = 0;

    put("a", data, BIG);
    gen_digest_of(data, BIG, wanted);
    cr_expect(gen_files_digest("a", hex, &size, &err) == GEN_OK);
    cr_expect(eq(str, hex, wanted));
    cr_expect(eq(i64, size, BIG));
    cr_expect(gen_files_digest("missing", hex, &size, &err) == GEN_ENOTFOUND);
    free(data);
}

Test(files, remove_tree_removes_everything_and_follows_nothing)
{
    struct gen_error err;
    char name[64];

    cr_assert(gen_files_make_folder("t/a/b/c", 0700, &err) == GEN_OK);
    cr_assert(gen_files_make_folder("outside", 0700, &err) == GEN_OK);
    put("outside/kept", "x", 1);
    put("t/a/.hidden", "x", 1);
    cr_assert(symlink("../outside", "t/link") == 0);
    cr_assert(symlink("nowhere", "t/a/dangling") == 0);
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof(name), "t/a/b/%d", i);
        put(name, "", 0);
    }
    cr_expect(gen_files_remove_tree("t", &err) == GEN_OK, "%s", err.message);
    cr_expect(exists("t") == false);
    cr_expect(holds("outside/kept", "x", 1));
    cr_expect(gen_files_remove_tree("t", &err) == GEN_OK); /* missing is fine */
    cr_assert(symlink("outside", "link") == 0);
    cr_expect(gen_files_remove_tree("link", &err) == GEN_OK); /* the link, not what it means */
    cr_expect(exists("link") == false);
    cr_expect(holds("outside/kept", "x", 1));
}

Test(files, remove_tree_stops_at_a_named_depth)
{
    char path[2 * 70 + 1] = "";
    struct gen_error err;

    for (int i = 0; i < 70; i++) {
        strcat(path, "d/");
    }
    cr_assert(gen_files_make_folder(path, 0700, &err) == GEN_OK);
    cr_expect(gen_files_remove_tree("d", &err) == GEN_EINVAL);
    cr_expect(exists("d"));
    /* for tear_down: the inner ones first */
    path[2 * 20 - 1] = '\0';
    cr_expect(gen_files_remove_tree(path, &err) == GEN_OK);
}

Test(files, free_space_is_positive_where_we_can_write)
{
    struct gen_error err;
    int64_t bytes = -1;

    cr_expect(gen_files_free_space(".", &bytes, &err) == GEN_OK);
    cr_expect(gt(i64, bytes, 0));
    cr_expect(gen_files_free_space("missing", &bytes, &err) == GEN_ENOTFOUND);
}

/* A daemon that is killed leaves what it has just forked: that still has the descriptor. */
Test(files, a_lock_outlives_its_holder_for_a_moment)
{
    struct gen_error err;
    int first = -1, second = -1, ends[2], status;
    pid_t pid;
    char byte;

    cr_assert(pipe(ends) == 0);
    pid = fork();
    if (pid == 0) {
        if (gen_files_lock("lock", &first, &err) != GEN_OK) {
            _exit(1);
        }
        if (fork() == 0) { /* has the descriptor too; lives on until it is told, and a little longer */
            close(ends[1]);
            (void)!read(ends[0], &byte, 1);
            usleep(200000);
            _exit(0);
        }
        _exit(0);
    }
    cr_assert(waitpid(pid, &status, 0) == pid);
    cr_assert(eq(int, status, 0));
    close(ends[0]);
    close(ends[1]); /* now it is told */
    cr_expect(gen_files_lock("lock", &second, &err) == GEN_OK, "%s", err.message);
    close(second);
}

Test(files, a_lock_has_one_holder_and_ends_with_it)
{
    struct gen_error err;
    char wanted[64];
    int second = -1;
    int first = -1;
    int status;
    pid_t pid;

    cr_assert(gen_files_lock("lock", &first, &err) == GEN_OK);
    snprintf(wanted, sizeof(wanted), "%ld\n", (long)getpid());
    cr_expect(holds("lock", wanted, strlen(wanted)));
    cr_expect(gen_files_lock("lock", &second, &err) == GEN_EBUSY);
    snprintf(wanted, sizeof(wanted), "(pid %ld)", (long)getpid());
    cr_expect(strstr(err.message, wanted) != NULL, "%s", err.message);
    cr_expect(eq(int, second, -1));
    close(first);
    pid = fork();
    if (pid == 0) { /* takes it and dies without a word */
        _exit(gen_files_lock("lock", &first, &err) == GEN_OK ? 0 : 1);
    }
    cr_assert(waitpid(pid, &status, 0) == pid);
    cr_expect(eq(int, status, 0));
    cr_expect(gen_files_lock("lock", &second, &err) == GEN_OK, "%s", err.message);
    close(second);
    cr_expect(gen_files_lock("no/lock", &second, &err) == GEN_ENOTFOUND);
    cr_assert(symlink("elsewhere", "link") == 0);
    cr_expect(gen_files_lock("link", &second, &err) == GEN_EINVAL);
    cr_expect(exists("elsewhere") == false);
}

Test(files, programs_are_found_in_folders_then_in_path)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *const folders[] = {"one", "two", NULL};
    struct gen_error err;
    char path[256];

    cr_assert(gen_files_make_folder("one/dir", 0755, &err) == GEN_OK);
    cr_assert(gen_files_make_folder("two", 0755, &err) == GEN_OK);
    cr_assert(gen_files_make_folder("three", 0755, &err) == GEN_OK);
    cr_assert(gen_files_write("one/plain", "x", 1, 0644, &err) == GEN_OK);
    cr_assert(gen_files_write("two/plain", "x", 1, 0755, &err) == GEN_OK);
    cr_assert(gen_files_write("two/dir", "x", 1, 0755, &err) == GEN_OK);
    cr_assert(gen_files_write("three/only", "x", 1, 0755, &err) == GEN_OK);
    cr_assert(gen_files_write("here", "x", 1, 0755, &err) == GEN_OK);
    snprintf(path, sizeof(path), ":.:%s/none::%s/three", folder, folder);
    setenv("PATH", path, 1);
    /* one/plain is not executable, one/dir is a folder */
    cr_expect(eq(str, gen_files_find_program(folders, 0, "plain", arena), (char *)"two/plain"));
    cr_expect(eq(str, gen_files_find_program(folders, 0, "dir", arena), (char *)"two/dir"));
    cr_expect(gen_files_find_program(folders, 0, "only", arena) == NULL);
    snprintf(path, sizeof(path), "%s/three/only", folder);
    cr_expect(eq(str, gen_files_find_program(folders, 1, "only", arena), path));
    cr_expect(eq(str, gen_files_find_program(NULL, 1, "only", arena), path));
    cr_expect(gen_files_find_program(NULL, 1, "here", arena) == NULL); /* never the work folder */
    unsetenv("PATH");
    cr_expect(gen_files_find_program(NULL, 1, "only", arena) == NULL);
    gen_arena_destroy(arena);
}

/* every system call failing in turn, then every allocation */

static const int numbers[] = {EIO, ENOSPC, EINVAL, EXDEV, EACCES, EINTR};

struct attempt { /* one thing to do, and what must hold after it */
    void (*prepare)(const char *data);
    enum gen_status (*act)(const char *data, struct gen_error *err);
    void (*check)(const char *data, enum gen_status status);
};

static void prepare_write(const char *data)
{
    (void)data;
    put("target", "old", 3);
}

static enum gen_status act_write(const char *data, struct gen_error *err)
{
    return gen_files_write("target", data, BIG, 0644, err);
}

static void check_write(const char *data, enum gen_status status)
{
    bool is_new = holds("target", data, BIG);

    cr_assert(is_new || (status != GEN_OK && holds("target", "old", 3)));
    cr_assert(eq(int, count_names("."), 1)); /* no temporary file */
}

static void prepare_publish(const char *data)
{
    put("source", data, BIG);
    unlink("target");
}

static enum gen_status act_publish(const char *data, struct gen_error *err)
{
    (void)data;
    return gen_files_publish("source", "target", err);
}

static void check_publish(const char *data, enum gen_status status)
{
    cr_assert(exists("target") || (status != GEN_OK && holds("source", data, BIG)));
    if (exists("target")) {
        cr_assert(holds("target", data, BIG));
        cr_assert(exists("source") == false);
    } else {
        struct gen_error err;

        gen_files_fail_at(0, 0); /* calling again is safe */
        cr_assert(gen_files_publish("source", "target", &err) == GEN_OK);
        cr_assert(holds("target", data, BIG));
    }
}

static void prepare_again(const char *data) /* what is published is there already */
{
    put("source", data, BIG);
    put("target", data, BIG);
}

static void check_again(const char *data, enum gen_status status)
{
    cr_assert(holds("target", data, BIG));
    cr_assert(exists("source") == false || (status != GEN_OK && holds("source", data, BIG)));
}

static enum gen_status act_copy(const char *data, struct gen_error *err)
{
    (void)data;
    return gen_files_copy("source", "target", 0644, err);
}

static void check_copy(const char *data, enum gen_status status)
{
    cr_assert(status == GEN_OK ? holds("target", data, BIG) : exists("target") == false);
    cr_assert(holds("source", data, BIG));
}

static enum gen_status act_read(const char *data, struct gen_error *err)
{
    struct gen_bytes bytes;
    enum gen_status status;

    gen_bytes_init(&bytes, BIG);
    status = gen_files_read("source", &bytes, err);
    cr_assert(eq(sz, bytes.size, status == GEN_OK ? (size_t)BIG : 0u));
    cr_assert(status != GEN_OK || memcmp(bytes.data, data, BIG) == 0);
    gen_bytes_fini(&bytes);
    return status;
}

static void check_read(const char *data, enum gen_status status)
{
    (void)status;
    cr_assert(holds("source", data, BIG));
}

static enum gen_status act_digest(const char *data, struct gen_error *err)
{
    char wanted[GEN_DIGEST_TEXT_SIZE];
    char hex[GEN_DIGEST_TEXT_SIZE] = "";
    enum gen_status status;
    int64_t size = 0;

    status = gen_files_digest("source", hex, &size, err);
    gen_digest_of(data, BIG, wanted);
    cr_assert(eq(str, hex, status == GEN_OK ? wanted : (char *)""));
    return status;
}

static void prepare_folders(const char *data)
{
    (void)data;
    cr_assert(system("rm -rf f") == 0);
}

static enum gen_status act_make_folder(const char *data, struct gen_error *err)
{
    (void)data;
    return gen_files_make_folder("f/g/h", 0700, err);
}

static void check_make_folder(const char *data, enum gen_status status)
{
    (void)data;
    cr_assert(status != GEN_OK || exists("f/g/h"));
}

static void prepare_tree(const char *data)
{
    struct gen_error err;

    cr_assert(gen_files_make_folder("f/g/h", 0700, &err) == GEN_OK);
    put("f/one", data, 1);
    put("f/g/two", data, 1);
}

static enum gen_status act_remove(const char *data, struct gen_error *err)
{
    (void)data;
    return gen_files_remove_tree("f", err);
}

static void check_remove(const char *data, enum gen_status status)
{
    (void)data;
    cr_assert(exists("f") == (status != GEN_OK));
}

static void prepare_lock(const char *data)
{
    (void)data;
    unlink("lock");
}

static enum gen_status act_lock(const char *data, struct gen_error *err)
{
    enum gen_status status;
    int fd = -1;

    (void)data;
    status = gen_files_lock("lock", &fd, err);
    cr_assert(status == GEN_OK ? fd >= 0 : fd < 0);
    close(fd);
    return status;
}

static void check_lock(const char *data, enum gen_status status)
{
    struct gen_error err;
    int fd = -1;

    (void)data;
    (void)status;
    gen_files_fail_at(0, 0);
    cr_assert(gen_files_lock("lock", &fd, &err) == GEN_OK); /* a failure holds nothing */
    close(fd);
}

static const struct attempt attempts[] = {
    {prepare_write, act_write, check_write},
    {prepare_publish, act_publish, check_publish},
    {prepare_again, act_publish, check_again},
    {prepare_publish, act_copy, check_copy},
    {prepare_publish, act_read, check_read},
    {prepare_publish, act_digest, check_read},
    {prepare_folders, act_make_folder, check_make_folder},
    {prepare_tree, act_remove, check_remove},
    {prepare_lock, act_lock, check_lock},
};

static int count_descriptors(void)
{
    return count_names("/proc/self/fd");
}

static void clean(void)
{
    cr_assert(system("rm -rf ./*") == 0);
}

/* Fails call after call until one attempt makes none that fails; returns how many could. */
static long fail_each(const struct attempt *attempt, int number, const char *data)
{
    int open_before = count_descriptors();

    for (long nth = 1;; nth++) {
        struct gen_error err = {0};
        enum gen_status status;
        long made;

        attempt->prepare(data);
        gen_files_fail_at(nth, number);
        status = attempt->act(data, &err);
        made = gen_files_call_count();
        gen_files_fail_at(0, 0);
        cr_assert(status == err.status);
        cr_assert(status == GEN_OK || err.message[0] != '\0');
        attempt->check(data, status);
        cr_assert(eq(int, count_descriptors(), open_before));
        if (made < nth) {
            cr_assert(status == GEN_OK);
            return nth - 1;
        }
    }
}

Test(files, every_system_call_failing_in_turn_leaves_nothing_half_done)
{
    char *data = big_data(4);

    for (size_t i = 0; i < GEN_COUNT(attempts); i++) {
        for (size_t n = 0; n < GEN_COUNT(numbers); n++) {
            long calls = fail_each(&attempts[i], numbers[n], data);

            cr_expect(ge(long, calls, 4), "attempt %zu", i); /* each is more than one call */
        }
        clean();
    }
    free(data);
}

Test(files, every_allocation_failing_in_turn_is_out_of_memory)
{
    char *data = big_data(5);

    for (size_t i = 0; i < GEN_COUNT(attempts); i++) {
        for (long nth = 1;; nth++) {
            struct gen_error err = {0};
            enum gen_status status;
            long made;

            attempts[i].prepare(data);
            gen_alloc_fail_at(nth);
            status = attempts[i].act(data, &err);
            made = gen_alloc_count();
            gen_alloc_fail_at(0);
            attempts[i].check(data, status);
            cr_assert(status == (made < nth ? GEN_OK : GEN_ENOMEM), "attempt %zu: %s", i,
                      err.message);
            if (made < nth) {
                break;
            }
        }
        clean();
    }
    free(data);
}
