/* zone_files_test.c - core/platform/zone_files.c: names, links, sizes, and every call failing. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/files_call.h"
#include "platform/zone_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPENAT2_CALL = 2 }; /* which of the calls it is: after that of the folder */

static char folder[64]; /* of this test; criterion runs each in a process of its own */
static char zones[96];

static void put(const char *path, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    cr_assert(fd >= 0, "%s", path);
    cr_assert(ftruncate(fd, (off_t)size) == 0);
    cr_assert(pwrite(fd, "TZif", size < 4 ? size : 4, 0) >= 0);
    close(fd);
}

static void set_up(void)
{
    snprintf(folder, sizeof(folder), "/tmp/gen-zones-test-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(chdir(folder) == 0);
    snprintf(zones, sizeof(zones), "%s/zones", folder);
    cr_assert(mkdir("zones", 0755) == 0 && mkdir("zones/Europe", 0755) == 0 &&
              mkdir("zones/Old", 0755) == 0 && mkdir("outside", 0755) == 0);
    put("zones/UTC", 10);
    put("zones/Europe/Berlin", 20);
    put("zones/Largest", GEN_ZONE_FILE_LARGEST);
    put("zones/Larger", GEN_ZONE_FILE_LARGEST + 1);
    put("zones/Empty", 0);
    put("outside/Secret", 30);
    cr_assert(mkfifo("zones/Pipe", 0644) == 0);
    cr_assert(symlink("Berlin", "zones/Europe/Busingen") == 0);
    cr_assert(symlink("../Europe/Berlin", "zones/Old/Germany") == 0);
    cr_assert(symlink(".././Europe//Busingen", "zones/Old/Chain") == 0);
    cr_assert(symlink("Europe/Berlin", "zones/Germany") == 0);
    cr_assert(symlink("../outside/Secret", "zones/Escape") == 0);
    cr_assert(symlink("../../outside/Secret", "zones/Europe/Escape") == 0);
    cr_assert(symlink("../zones/../outside/Secret", "zones/Zigzag") == 0);
    cr_assert(symlink("/etc/passwd", "zones/Absolute") == 0);
    cr_assert(symlink("../outside", "zones/Away") == 0);
    cr_assert(symlink("Loop", "zones/Loop") == 0);
    cr_assert(symlink("Nowhere", "zones/Dangling") == 0);
}

static void tear_down(void)
{
    struct gen_error err;

    gen_files_fail_at(0, 0);
    gen_alloc_fail_at(0);
    cr_assert(chdir("/") == 0);
    cr_assert(gen_files_remove_tree(folder, &err) == GEN_OK, "%s", err.message);
}

TestSuite(zone_files, .init = set_up, .fini = tear_down);

static const struct {
    const char *name;
    enum gen_status status;
    size_t size;
    const char *message;
} cases[] = {
    {"UTC", GEN_OK, 10, NULL},
    {"Europe/Berlin", GEN_OK, 20, NULL},
    {"Europe/Busingen", GEN_OK, 20, NULL}, /* links inside the folder */
    {"Old/Germany", GEN_OK, 20, NULL},
    {"Old/Chain", GEN_OK, 20, NULL},
    {"Germany", GEN_OK, 20, NULL},
    {"Largest", GEN_OK, GEN_ZONE_FILE_LARGEST, NULL},
    {"Empty", GEN_OK, 0, NULL},
    {"Larger", GEN_ETOOLARGE, 0, "larger than 65536 bytes"},
    {"Pipe", GEN_EINVAL, 0, "special file"},
    {"Europe", GEN_EINVAL, 0, "a folder of them"},
    {"Europe/Berlinn", GEN_ENOTFOUND, 0, "no such time zone"},
    {"UTC/UTC", GEN_ENOTFOUND, 0, "no such time zone"},
    {"Dangling", GEN_ENOTFOUND, 0, "no such time zone"},
    {"Escape", GEN_EDENIED, 0, "a link out of that folder"},
    {"Europe/Escape", GEN_EDENIED, 0, "a link out of that folder"},
    {"Zigzag", GEN_EDENIED, 0, "a link out of that folder"},
    {"Absolute", GEN_EDENIED, 0, "a link out of that folder"},
    {"Loop", GEN_EINVAL, 0, "cannot open"},
    {"../outside/Secret", GEN_EINVAL, 0, "not the name"},
    {"Europe/../UTC", GEN_EINVAL, 0, "not the name"},
    {"/etc/passwd", GEN_EINVAL, 0, "not the name"},
    {"", GEN_EINVAL, 0, "not the name"},
    {".", GEN_EINVAL, 0, "not the name"},
    {"Europe/", GEN_EINVAL, 0, "not the name"},
    {"Europe//Berlin", GEN_EINVAL, 0, "not the name"},
    {"Europe/Berlin\n", GEN_EINVAL, 0, "not the name"},
    {"A2345678901234567890123456789012345678901234567890123456789012345", GEN_EINVAL, 0,
     "not the name"},
};

/* `refused`: the kernel has no openat2, as this errno says; 0: it has. */
static void try_all(int refused)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_error err = {0};
        const char *bytes = NULL;
        size_t size = 0;

        gen_files_fail_at(refused != 0 ? OPENAT2_CALL : 0, refused);
        cr_expect(gen_zone_files_load(zones, cases[i].name, arena, &bytes, &size, &err) ==
                      cases[i].status,
                  "%s: %s", cases[i].name, err.message);
        gen_files_fail_at(0, 0);
        cr_expect(size == cases[i].size, "%s", cases[i].name);
        cr_expect(cases[i].message == NULL || strstr(err.message, cases[i].message) != NULL,
                  "%s: %s", cases[i].name, err.message);
        cr_expect(size == 0 || memcmp(bytes, "TZif", 4) == 0, "%s", cases[i].name);
        gen_arena_destroy(arena);
    }
}

Test(zone_files, reads_only_inside_its_folder)
{
    try_all(0);
}

Test(zone_files, reads_only_inside_its_folder_on_old_kernels)
{
    try_all(ENOSYS);
    try_all(EPERM); /* a container's filter */
}

/* A folder that is a link out: the kernel and our own walk refuse it, each in its words. */
Test(zone_files, a_folder_that_leads_out)
{
    for (int refused = 0; refused < 2; refused++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_error err = {0};
        const char *bytes = NULL;
        size_t size = 0;

        gen_files_fail_at(refused ? OPENAT2_CALL : 0, ENOSYS);
        cr_expect(gen_zone_files_load(zones, "Away/Secret", arena, &bytes, &size, &err) != GEN_OK);
        gen_files_fail_at(0, 0);
        cr_expect(bytes == NULL && size == 0);
        gen_arena_destroy(arena);
    }
}

Test(zone_files, says_when_tzdata_is_not_installed)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err;
    const char *bytes;
    size_t size;

    cr_expect(gen_zone_files_load("/nowhere/zones", "Europe/Berlin", arena, &bytes, &size, &err) ==
              GEN_ENOTFOUND);
    cr_expect(strcmp(err.message, "there are no time zones: no folder /nowhere/zones; install the "
                                  "package tzdata") == 0,
              "%s", err.message);
    cr_expect(gen_zone_files_load("outside", "Europe/Berlin", arena, &bytes, &size, &err) ==
              GEN_ENOTFOUND);
    cr_expect(strcmp(err.message, "no time zones in outside; install the package tzdata") == 0,
              "%s", err.message);
    cr_expect(gen_zone_files_load("zones/UTC", "Europe/Berlin", arena, &bytes, &size, &err) ==
              GEN_EINVAL); /* not a folder */
    gen_arena_destroy(arena);
}

/* The port: bytes of the last call, again and again; the system's folder when none is named. */
Test(zone_files, is_a_port)
{
    struct gen_zone_files files = {.folder = zones};
    struct gen_zone_files system = {0};
    struct gen_error err = {0};
    size_t size = 0;

    for (int i = 0; i < 3; i++) {
        cr_expect(gen_zone_files_read(&files, "Europe/Berlin", &size, &err) != NULL && size == 20);
        cr_expect(gen_zone_files_read(&files, "Nowhere", &size, &err) == NULL);
        cr_expect(err.status == GEN_ENOTFOUND);
    }
    gen_zone_files_fini(&files);
    gen_zone_files_fini(&files);
    cr_expect(gen_zone_files_read(&system, "Europe/Berlin", &size, &err) != NULL && size > 100,
              "%s", err.message);
    gen_zone_files_fini(&system);
}

/* Every system call failing in turn, on both ways: an error, or the zone all the same; never a file
 * descriptor lost. */
Test(zone_files, every_call_failing)
{
    static const int numbers[] = {EIO, ENOMEM, EACCES};

    for (size_t i = 0; i < GEN_COUNT(numbers); i++) {
        int first = open("/dev/null", O_RDONLY);
        bool done = false;
        int after;

        close(first);
        for (long nth = 1; !done; nth++) {
            struct gen_arena *arena = gen_arena_create(0);
            struct gen_error err = {0};
            const char *bytes = NULL;
            size_t size = 0;
            enum gen_status status;

            gen_files_fail_at(nth, numbers[i]);
            status = gen_zone_files_load(zones, "Old/Chain", arena, &bytes, &size, &err);
            done = gen_files_call_count() < nth;
            gen_files_fail_at(0, 0);
            cr_expect(done == (status == GEN_OK), "call %ld: %s", nth, err.message);
            cr_expect(status == GEN_OK || err.message[0] != '\0');
            gen_arena_destroy(arena);
            cr_assert(nth < 50);
        }
        after = open("/dev/null", O_RDONLY);
        cr_expect(after == first, "a descriptor was left open");
        close(after);
    }
}

Test(zone_files, no_memory)
{
    struct gen_zone_files files = {.folder = zones};
    bool done = false;
    long nth = 0;

    while (!done) {
        struct gen_error err = {0};
        const char *bytes;
        size_t size;

        gen_alloc_fail_at(++nth);
        bytes = gen_zone_files_read(&files, "Largest", &size, &err);
        done = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_expect(done == (bytes != NULL) && (done || err.status == GEN_ENOMEM), "%ld", nth);
        cr_assert(nth < 20);
    }
    cr_expect(nth > 1);
    gen_zone_files_fini(&files);
}
