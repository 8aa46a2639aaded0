/* blob_test.c - files come in whole, under the name of their content, and nothing else is a path. */
#include "store/blob.h"

#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define OK(call) cr_assert_eq(call, GEN_OK)

struct sample {
    char folder[64], file[96];
};

static void sample_open(struct sample *sample, const char *content)
{
    strcpy(sample->folder, "/tmp/gen-blob-XXXXXX");
    cr_assert(mkdtemp(sample->folder) != NULL);
    snprintf(sample->file, sizeof(sample->file), "%s/new", sample->folder);
    OK(gen_crypto_init(NULL));
    OK(gen_files_write(sample->file, content, strlen(content), 0600, NULL));
}

static void sample_close(struct sample *sample)
{
    OK(gen_files_remove_tree(sample->folder, NULL));
}

Test(blob, a_digest_is_64_lower_case_digits_and_nothing_else)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"0eba67b808e88214095278b936dd1f09da43de6e379db90351d943565cefb145", true},
        {"0EBA67B808E88214095278B936DD1F09DA43DE6E379DB90351D943565CEFB145", false}, /* upper */
        {"0eba67b808e88214095278b936dd1f09da43de6e379db90351d943565cefb14", false},  /* short */
        {"0eba67b808e88214095278b936dd1f09da43de6e379db90351d943565cefb1455", false}, /* long */
        {"../../../../../../../../../../../../../../../../../../../../etc/pa", false}, /* path */
        {"", false},
    };
    char path[GEN_BLOB_PATH_SIZE];

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        cr_assert(gen_blob_valid(cases[i].text) == cases[i].valid, "case %zu", i);
        cr_assert_eq(gen_blob_path("/b", cases[i].text, path, NULL) == GEN_OK, cases[i].valid);
    }
}

Test(blob, an_adopted_file_is_found_by_its_content)
{
    struct sample sample;
    char digest[GEN_DIGEST_TEXT_SIZE], expected[GEN_DIGEST_TEXT_SIZE], text[16] = "";
    int64_t size = 0;
    struct stat facts;
    int fd = -1;

    sample_open(&sample, "a video");
    OK(gen_blob_adopt(sample.folder, sample.file, digest, &size, NULL));
    gen_digest_of("a video", 7, expected);
    cr_assert(eq(str, digest, expected));
    cr_assert(size == 7);
    cr_assert(access(sample.file, F_OK) != 0, "the file was moved, not copied");
    OK(gen_blob_open(sample.folder, digest, &fd, NULL));
    cr_assert(read(fd, text, sizeof(text)) == 7);
    cr_assert(eq(str, text, "a video"));
    cr_assert(fstat(fd, &facts) == 0 && (facts.st_mode & 0777) == 0400, "nobody may change it");
    close(fd);
    sample_close(&sample);
}

Test(blob, a_damaged_blob_gives_way_to_the_true_content)
{
    static const char *const damages[] = {
        "a vid",       /* cut off */
        "",            /* emptied by a crash of the machine */
        "a vid3o",     /* as long, with other bits */
        "a video and", /* longer */
    };

    for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
        char digest[GEN_DIGEST_TEXT_SIZE], path[GEN_BLOB_PATH_SIZE], text[16] = "";
        struct gen_error err = {0};
        struct sample sample;
        int64_t size = 0;
        int fd = -1;

        sample_open(&sample, "a video");
        OK(gen_blob_adopt(sample.folder, sample.file, digest, &size, NULL));
        OK(gen_blob_path(sample.folder, digest, path, NULL));
        OK(gen_files_write(path, damages[i], strlen(damages[i]), 0400, NULL));
        OK(gen_files_write(sample.file, "a video", 7, 0600, NULL));
        cr_assert(eq(int, gen_blob_adopt(sample.folder, sample.file, digest, &size, &err), GEN_OK),
                  "\"%s\": %s", damages[i], err.message);
        OK(gen_blob_open(sample.folder, digest, &fd, NULL));
        cr_assert(read(fd, text, sizeof(text)) == 7, "\"%s\" is still there", damages[i]);
        cr_assert(eq(str, text, "a video"));
        close(fd);
        sample_close(&sample);
    }
}

Test(blob, the_same_content_twice_is_one_blob)
{
    struct sample sample;
    char first[GEN_DIGEST_TEXT_SIZE], second[GEN_DIGEST_TEXT_SIZE];
    int64_t size;

    sample_open(&sample, "same");
    OK(gen_blob_adopt(sample.folder, sample.file, first, &size, NULL));
    OK(gen_files_write(sample.file, "same", 4, 0600, NULL));
    OK(gen_blob_adopt(sample.folder, sample.file, second, &size, NULL));
    cr_assert(eq(str, first, second));
    cr_assert(access(sample.file, F_OK) != 0, "the second copy is gone");
    sample_close(&sample);
}

Test(blob, what_is_not_there_is_said_to_be_missing)
{
    struct sample sample;
    char digest[GEN_DIGEST_TEXT_SIZE];
    struct gen_error err = {0};
    int64_t size;
    int fd;

    sample_open(&sample, "x");
    gen_digest_of("never stored", 12, digest);
    cr_assert(gen_blob_open(sample.folder, digest, &fd, &err) == GEN_ENOTFOUND);
    cr_assert(gen_blob_adopt(sample.folder, "/nowhere/at/all", digest, &size, &err) ==
              GEN_ENOTFOUND);
    cr_assert(gen_blob_open(sample.folder, "../etc/passwd", &fd, &err) == GEN_EINVAL);
    sample_close(&sample);
}

/* A minute ago: what was adopted since then stays. */
static gen_moment minute_ago(void)
{
    struct timespec now;

    cr_assert(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (gen_moment)now.tv_sec * 1000 - 60000;
}

/* Makes a blob look as if it had been adopted that long ago. */
static void age(const char *path, int64_t seconds)
{
    struct timespec times[2] = {{0}};

    cr_assert(clock_gettime(CLOCK_REALTIME, &times[0]) == 0);
    times[0].tv_sec -= seconds;
    times[1] = times[0];
    cr_assert(utimensat(AT_FDCWD, path, times, 0) == 0);
}

Test(blob, only_a_blob_that_nobody_has_adopted_for_long_is_removed)
{
    struct sample sample;
    char digest[GEN_DIGEST_TEXT_SIZE], path[GEN_BLOB_PATH_SIZE];
    int64_t size;
    bool removed = true;

    sample_open(&sample, "a video");
    OK(gen_blob_adopt(sample.folder, sample.file, digest, &size, NULL));
    OK(gen_blob_path(sample.folder, digest, path, NULL));
    OK(gen_blob_remove(sample.folder, digest, minute_ago(), &removed, NULL));
    cr_assert(removed == false && access(path, F_OK) == 0, "it has just been adopted");
    age(path, 3600);
    OK(gen_files_write(sample.file, "a video", 7, 0600, NULL));
    age(sample.file, 3600);
    OK(gen_blob_adopt(sample.folder, sample.file, digest, &size, NULL));
    OK(gen_blob_remove(sample.folder, digest, minute_ago(), &removed, NULL));
    cr_assert(removed == false && access(path, F_OK) == 0, "it has been adopted again");
    age(path, 3600);
    OK(gen_blob_remove(sample.folder, digest, minute_ago(), &removed, NULL));
    cr_assert(removed && access(path, F_OK) != 0);
    OK(gen_blob_remove(sample.folder, digest, minute_ago(), &removed, NULL));
    cr_assert(removed, "it is gone already");
    cr_assert(gen_blob_remove(sample.folder, "../x", 0, &removed, NULL) == GEN_EINVAL);
    sample_close(&sample);
}

/* A crash between moving it aside and removing it: the next adoption and removal are none the worse. */
Test(blob, a_removal_that_was_cut_off)
{
    struct sample sample;
    char digest[GEN_DIGEST_TEXT_SIZE], path[GEN_BLOB_PATH_SIZE], aside[GEN_BLOB_PATH_SIZE + 8];
    int64_t size;
    bool removed = false;

    sample_open(&sample, "a video");
    OK(gen_blob_adopt(sample.folder, sample.file, digest, &size, NULL));
    OK(gen_blob_path(sample.folder, digest, path, NULL));
    snprintf(aside, sizeof(aside), "%s.aside", path);
    cr_assert(rename(path, aside) == 0);
    OK(gen_files_write(sample.file, "a video", 7, 0600, NULL));
    OK(gen_blob_adopt(sample.folder, sample.file, digest, &size, NULL));
    cr_assert(access(path, F_OK) == 0);
    OK(gen_blob_remove(sample.folder, digest, minute_ago(), &removed, NULL));
    cr_assert(removed == false && access(path, F_OK) == 0);
    cr_assert(access(aside, F_OK) != 0, "what the crash left is gone");
    sample_close(&sample);
}

/* Adopting and removing the same content from two threads: who has adopted it has it. */
struct race {
    const char *folder;
    char digest[GEN_DIGEST_TEXT_SIZE];
    _Atomic int removed;
    _Atomic bool over;
};

static void *remove_for_ever(void *context)
{
    struct race *race = context;
    bool removed;

    while (!atomic_load(&race->over)) {
        if (gen_blob_remove(race->folder, race->digest, minute_ago(), &removed, NULL) == GEN_OK) {
            atomic_fetch_add(&race->removed, removed);
        }
    }
    return NULL;
}

Test(blob, adopting_wins_over_removing)
{
    struct sample sample;
    struct race race = {0};
    char path[GEN_BLOB_PATH_SIZE];
    pthread_t thread;
    int64_t size;

    sample_open(&sample, "a video");
    race.folder = sample.folder;
    OK(gen_blob_adopt(sample.folder, sample.file, race.digest, &size, NULL));
    OK(gen_blob_path(sample.folder, race.digest, path, NULL));
    cr_assert(pthread_create(&thread, NULL, remove_for_ever, &race) == 0);
    for (int i = 0; i < 500; i++) {
        if (access(path, F_OK) == 0) {
            struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

            (void)utimensat(AT_FDCWD, path, times, 0); /* old: it may go at any moment */
        }
        OK(gen_files_write(sample.file, "a video", 7, 0600, NULL));
        OK(gen_blob_adopt(sample.folder, sample.file, race.digest, &size, NULL));
        for (int looks = 0; access(path, F_OK) != 0; looks++) {
            cr_assert(lt(int, looks, 1000000), "round %d: adopted, and gone", i);
        }
    }
    atomic_store(&race.over, true);
    pthread_join(thread, NULL);
    sample_close(&sample);
}
