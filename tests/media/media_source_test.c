/* media_source_test.c - reads stay inside the file, from disk and from memory alike. */
#include "media/media_source.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int file_with(const char *text)
{
    char path[] = "/tmp/media-source-XXXXXX";
    int fd = mkstemp(path);

    cr_assert(ge(int, fd, 0));
    unlink(path);
    cr_assert(eq(sz, (size_t)write(fd, text, strlen(text)), strlen(text)));
    return fd;
}

Test(media_source, reads_up_to_the_end_and_no_further)
{
    static const struct {
        uint64_t offset;
        size_t size;
        int64_t got;
    } cases[] = {
        {0, 5, 5},           /* all */
        {0, 9, 5},           /* more than there is */
        {3, 9, 2},           /* the tail */
        {5, 1, 0},           /* at the end */
        {6, 1, 0},           /* past it */
        {UINT64_MAX, 16, 0}, /* where offset + size would wrap around */
        {1, 0, 0},           /* nothing */
    };
    struct gen_media_source sources[2];
    int fd = file_with("hello");
    size_t index, which;

    cr_assert(eq(int, (int)gen_media_source_file(fd, &sources[0], NULL), GEN_OK));
    gen_media_source_memory((const uint8_t *)"hello", 5, &sources[1]);
    for (which = 0; which < 2; which++) {
        for (index = 0; index < GEN_COUNT(cases); index++) {
            char into[16] = "";
            int64_t got = gen_media_source_read(&sources[which], cases[index].offset, into,
                                                cases[index].size);

            cr_expect(eq(i64, got, cases[index].got), "source %zu, case %zu", which, index);
            cr_expect(
                zero(memcmp(into, got > 0 ? &"hello"[cases[index].offset] : "", (size_t)got)));
        }
    }
    close(fd);
}

Test(media_source, notices_a_file_that_was_cut_meanwhile)
{
    struct gen_media_source source;
    int fd = file_with("hello");
    char into[8];

    cr_assert(eq(int, (int)gen_media_source_file(fd, &source, NULL), GEN_OK));
    cr_assert(zero(ftruncate(fd, 2)));
    cr_expect(eq(i64, gen_media_source_read(&source, 0, into, 5), 2));
    cr_expect(zero(gen_media_source_exact(&source, 0, into, 5)));
    close(fd);
    cr_expect(eq(i64, gen_media_source_read(&source, 0, into, 5), -1), "the disk failed");
}

Test(media_source, takes_only_files_with_something_in_them)
{
    struct gen_media_source source;
    struct gen_error err;
    int empty = file_with(""), device = open("/dev/zero", O_RDONLY);

    cr_expect(eq(int, (int)gen_media_source_file(empty, &source, &err), GEN_EINVAL));
    cr_expect(eq(int, (int)gen_media_source_file(device, &source, &err), GEN_EINVAL));
    close(empty);
    close(device);
    cr_expect(eq(int, (int)gen_media_source_file(empty, &source, &err), GEN_EIO));
}
