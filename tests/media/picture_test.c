/* picture_test.c - core/media/picture.c: pictures of awkward sizes. What they look like is for
 * tests/media/media_test.sh. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "media/picture.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* How many pictures of a size are alive at once: so many that one of them ends where memory does. */
enum { PICTURES = 24 };

/* swscale reads whole vectors, so beyond the last pixel. The pixels of these end where a page does,
 * with and without what an allocator puts in front of them. */
Test(picture, is_written_whatever_its_size)
{
    static const struct {
        int width, height;
    } cases[] = {
        {320, 320},   /* 75 pages */
        {1360, 257},  /* 256 pages and all but 16 bytes of one more */
        {64, 64},     /* 3 pages */
        {1024, 1024}, /* 768 pages: the allocator maps it by itself */
        {1, 1},
        {5, 3},
        {0, 0},
    };

    for (int i = 0; cases[i].width > 0; i++) {
        struct gen_picture pictures[PICTURES];
        struct gen_error err = {0};
        int fd = memfd_create("picture", MFD_CLOEXEC);
        unsigned char start[2] = {0};

        cr_assert(fd >= 0);
        for (int j = 0; j < PICTURES; j++) {
            cr_assert(gen_picture_init(&pictures[j], cases[i].width, cases[i].height, 0x336699,
                                       &err) == GEN_OK);
        }
        for (int j = 0; j < PICTURES; j++) {
            cr_expect(gen_picture_write(&pictures[j], fd, &err) == GEN_OK, "%s", err.message);
        }
        cr_expect(pread(fd, start, sizeof start, 0) == 2 && memcmp(start, "\xff\xd8", 2) == 0,
                  "%d x %d is no JPEG", cases[i].width, cases[i].height);
        for (int j = 0; j < PICTURES; j++) {
            gen_picture_fini(&pictures[j]);
        }
        close(fd);
    }
}
