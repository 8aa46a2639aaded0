/* scratch_test.c - names that programs may use, links to blobs, results that are files. */
#include "engine/scratch.h"

#include "platform/files.h"
#include "store/blob.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];

static void folder_make(void)
{
    strcpy(root, "/tmp/gen-scratch-XXXXXX");
    cr_assert(mkdtemp(root) != NULL);
}

static void folder_remove(void)
{
    struct gen_error err = {0};

    cr_assert(eq(int, gen_files_remove_tree(root, &err), GEN_OK));
}

TestSuite(scratch, .init = folder_make, .fini = folder_remove);

Test(scratch, names)
{
    static const struct {
        const char *name;
        bool plain;
    } cases[] = {
        {"out.mp4", true}, {"asset-0.png", true}, {"with space", true}, {"\xc3\xa4", false},
        {"", false},       {".", false},          {"..", false},        {".hidden", false},
        {"a/b", false},    {"/etc/passwd", false}, {"a\nb", false},     {"a\x7f", false},
    };
    char longest[102];

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_assert(gen_scratch_name(cases[i].name) == cases[i].plain, "\"%s\"", cases[i].name);
    }
    memset(longest, 'a', sizeof(longest) - 1);
    longest[101] = '\0';
    cr_assert(gen_scratch_name(longest) == false);
    longest[100] = '\0';
    cr_assert(gen_scratch_name(longest));
}

/* A program cannot make us write outside: names are checked, links in the way are not followed. */
Test(scratch, writing)
{
    struct gen_error err = {0};
    char path[128], outside[128], found[256];
    struct stat facts;

    snprintf(outside, sizeof(outside), "%s/outside", root);
    snprintf(path, sizeof(path), "%s/work", root);
    cr_assert(eq(int, gen_scratch_make(path, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_write(path, "../outside", "x", 1, &err), GEN_EINVAL));
    cr_assert(eq(int, gen_scratch_write(path, "a", "first", 5, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_write(path, "a", "second!", 7, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_result(path, "a", found, sizeof(found), &err), GEN_OK));
    cr_assert(stat(found, &facts) == 0 && facts.st_size == 7);
    snprintf(found, sizeof(found), "%s/trap", path);
    cr_assert(symlink(outside, found) == 0);
    cr_assert(eq(int, gen_scratch_write(path, "trap", "x", 1, &err), GEN_OK));
    cr_assert(stat(outside, &facts) != 0, "the link was followed");
}

Test(scratch, results)
{
    struct gen_error err = {0};
    char path[128], found[256];

    snprintf(path, sizeof(path), "%s/work", root);
    cr_assert(eq(int, gen_scratch_make(path, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_result(path, "missing", found, sizeof(found), &err), GEN_EINVAL));
    cr_assert(strstr(err.message, "missing") != NULL);
    cr_assert(eq(int, gen_scratch_write(path, "empty", "", 0, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_result(path, "empty", found, sizeof(found), &err), GEN_EINVAL));
    snprintf(found, sizeof(found), "%s/link", path);
    cr_assert(symlink("/etc/passwd", found) == 0);
    cr_assert(eq(int, gen_scratch_result(path, "link", found, sizeof(found), &err), GEN_EINVAL));
    cr_assert(eq(int, gen_scratch_result(path, "../work", found, sizeof(found), &err), GEN_EINVAL));
}

Test(scratch, links_to_blobs)
{
    struct gen_error err = {0};
    char path[128], blobs[128], source[160], link[256], digest[65], text[16] = "";
    int64_t size = 0;
    int fd;

    snprintf(path, sizeof(path), "%s/work", root);
    snprintf(blobs, sizeof(blobs), "%s/blobs", root);
    snprintf(source, sizeof(source), "%s/source", root);
    cr_assert(eq(int, gen_scratch_make(path, &err), GEN_OK));
    cr_assert(eq(int, gen_files_make_folder(blobs, 0700, &err), GEN_OK));
    cr_assert(eq(int, gen_files_write(source, "content", 7, 0600, &err), GEN_OK));
    cr_assert(eq(int, gen_blob_adopt(blobs, source, digest, &size, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_link(path, "asset-0.png", blobs, digest, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_link(path, "asset-0.png", blobs, digest, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_link(path, "../x", blobs, digest, &err), GEN_EINVAL));
    cr_assert(ne(int, gen_scratch_link(path, "y", blobs, "../../etc/passwd", &err), GEN_OK));
    snprintf(link, sizeof(link), "%s/asset-0.png", path);
    fd = open(link, O_RDONLY);
    cr_assert(fd >= 0 && read(fd, text, sizeof(text)) == 7 && strcmp(text, "content") == 0);
    close(fd);
}

/* What a crash left goes, whatever it is; what is to be kept stays with all that is in it. */
Test(scratch, clearing)
{
    struct gen_error err = {0};
    struct gen_ident keep[] = {{"att_1"}, {"att_3"}};
    char folder[128], path[160], found[256];
    struct stat facts;
    static const char *const names[] = {"att_1", "att_2", "pip_1", ".hidden"};

    snprintf(folder, sizeof(folder), "%s/scratch", root);
    cr_assert(eq(int, gen_scratch_clear(folder, keep, 2, &err), GEN_OK), "it is made");
    for (size_t i = 0; i < GEN_COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        cr_assert(eq(int, gen_scratch_make(path, &err), GEN_OK));
        cr_assert(eq(int, gen_scratch_write(path, "film.mp4", "x", 1, &err), GEN_OK));
    }
    cr_assert(eq(int, gen_scratch_write(folder, "stray", "x", 1, &err), GEN_OK));
    cr_assert(eq(int, gen_scratch_clear(folder, keep, 2, &err), GEN_OK));
    snprintf(path, sizeof(path), "%s/att_1", folder);
    cr_assert(eq(int, gen_scratch_result(path, "film.mp4", found, sizeof(found), &err), GEN_OK));
    for (size_t i = 1; i < GEN_COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        cr_assert(stat(path, &facts) != 0, "%s is there still", names[i]);
    }
    cr_assert(eq(int, gen_scratch_clear(folder, NULL, 0, &err), GEN_OK));
    snprintf(path, sizeof(path), "%s/att_1", folder);
    cr_assert(stat(path, &facts) != 0);
}
