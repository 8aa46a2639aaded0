/* download.h - the results of a job as files in a folder.
 *
 * Each file is downloaded under a temporary name, checked for its size and put in place at once, so
 * what has its final name is whole; a file of that name from before is replaced.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/unit/cli/client_test.c
 */
#ifndef GEN_CLI_DOWNLOAD_H
#define GEN_CLI_DOWNLOAD_H

#include "cli/session.h"

struct gen_download_file {
    const char *path;
    const char *kind; /* "video", "thumbnail", "sheet", "job" */
    const char *variation;
    int64_t size;
};

struct gen_download { /* lives in the session's arena */
    const char *folder;
    struct gen_download_file *files;
    size_t count;
};

/* "./<project or title>-<end of the job's id>": the folder for a job where none was asked for. */
const char *gen_download_folder(struct gen_session *session, const struct gen_node *job);

/* A name from elsewhere as (part of) the name of a file: no separators, no leading dot or dash,
 * nothing invisible, at most 80 bytes; "file" where nothing is left. NULL: no memory. */
const char *gen_download_name(struct gen_arena *arena, const char *text);

/* Video, thumbnail and sheet of each of the job's outputs, and the document as job.json. `folder` is
 * created. The statuses of gen_client_send and of gen_files_write. */
GEN_MUST_CHECK enum gen_status gen_download_job(struct gen_session *session,
                                                const struct gen_node *job, const char *folder,
                                                struct gen_download *out, struct gen_error *err);

#endif
