/* brief_folder.h - the briefs of a folder: its .yaml, .yml and .json files, each read and checked.
 *
 * Folders in it, hidden files and other files are not looked at. It talks to nobody.
 *
 * Thread: [any]; calls block on disk. Floor: cli. Tests: tests/unit/cli/brief_folder_test.c
 */
#ifndef GEN_CLI_BRIEF_FOLDER_H
#define GEN_CLI_BRIEF_FOLDER_H

#include "cli/briefing.h"

enum { GEN_BRIEF_FOLDER_MOST = 100 };

struct gen_brief_folder {                               /* in the arena */
    const char *title;                                  /* the folder's own name */
    struct gen_briefing *briefs[GEN_BRIEF_FOLDER_MOST]; /* by the names of their files */
    /* Of these, without their endings; no two are equal. */
    const char *names[GEN_BRIEF_FOLDER_MOST];
    size_t count;
};

/* Is it a folder? */
bool gen_brief_folder_is(const char *path);

/* Reads all briefs. `told` is called with each mistake of those that are wrong; then GEN_EINVAL with how many
 * there are. GEN_EINVAL: no brief is in it, or too many. GEN_EIO, GEN_EDENIED, GEN_ENOMEM. */
typedef void gen_brief_folder_told(void *context, const struct gen_error *mistake);
GEN_MUST_CHECK enum gen_status gen_brief_folder_read(const char *path, struct gen_arena *arena,
                                                     gen_brief_folder_told *told, void *context,
                                                     struct gen_brief_folder *out,
                                                     struct gen_error *err);

#endif
