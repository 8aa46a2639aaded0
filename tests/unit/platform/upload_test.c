/* upload_test.c - core/platform/upload.c: every call failing in turn, and who removes the file. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "platform/files.h"
#include "platform/files_call.h"
#include "platform/upload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum gen_status upload_all(struct gen_upload *upload, const char *folder,
                                  struct gen_error *err)
{
    enum gen_status status = gen_upload_begin(upload, folder, err);

    if (status == GEN_OK) {
        status = gen_upload_write(upload, "hello", 5, err);
    }
    if (status == GEN_OK) {
        status = gen_upload_write(upload, "world", 5, err);
    }
    return status == GEN_OK ? gen_upload_close(upload, err) : status;
}

Test(upload, is_whole_and_private_and_stays_only_when_kept)
{
    char folder[] = "/tmp/gen-upload-XXXXXX";
    struct gen_error err;
    struct stat facts;

    cr_assert(mkdtemp(folder) != NULL);
    for (int keep = 0; keep < 2; keep++) {
        struct gen_upload upload = {0};

        cr_assert(upload_all(&upload, folder, &err) == GEN_OK);
        cr_assert(stat(upload.path, &facts) == 0);
        cr_expect(facts.st_size == 10 && upload.size == 10 && (facts.st_mode & 0777) == 0600);
        upload.kept = keep == 1;
        gen_upload_end(&upload);
        gen_upload_end(&upload);
        cr_expect(access(upload.path, F_OK) == (keep == 1 ? 0 : -1));
    }
    cr_assert(gen_files_remove_tree(folder, &err) == GEN_OK);
}

Test(upload, each_call_that_fails_is_told_and_leaves_nothing)
{
    char folder[] = "/tmp/gen-upload-XXXXXX";
    struct gen_error err;

    cr_assert(mkdtemp(folder) != NULL);
    for (long nth = 1; nth <= 5; nth++) { /* creating, two writes, closing; then none */
        struct gen_upload upload = {0};
        enum gen_status status;

        gen_files_fail_at(nth, ENOSPC);
        status = upload_all(&upload, folder, &err);
        gen_files_fail_at(0, 0);
        cr_expect(status == (nth <= 4 ? GEN_ENOSPACE : GEN_OK), "%ld", nth);
        gen_upload_end(&upload);
    }
    cr_expect(rmdir(folder) == 0, "it is empty");
}

Test(upload, a_folder_must_exist_and_its_path_fit)
{
    struct gen_upload upload = {0};
    struct gen_error err;
    char path[GEN_UPLOAD_PATH_SIZE];

    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    cr_expect(gen_upload_begin(&upload, path, &err) == GEN_EINVAL);
    cr_expect(gen_upload_begin(&upload, "/nowhere/at/all", &err) == GEN_ENOTFOUND);
    gen_upload_end(&upload);
}
