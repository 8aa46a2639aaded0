/* briefing.h - a brief from a file of the user: read, checked with all its files, made ready to send.
 *
 * Mistakes are found before anything leaves this machine, and told at their line and column, those
 * that only gend finds too. It talks to nobody: cli/submission.c uploads and submits.
 *
 * Thread: [any]; calls block on disk. Floor: cli. Tests: tests/unit/cli/briefing_test.c
 */
#ifndef GEN_CLI_BRIEFING_H
#define GEN_CLI_BRIEFING_H

#include "model/brief.h"

#include <stdbool.h>
#include <sys/types.h>

#define GEN_BRIEFING_ASSET_MOST INT64_C(500000000) /* bytes of one file (PRODUCT) */

struct gen_briefing_file { /* one distinct file that the brief names */
    const char *name;      /* as the brief first says it */
    const char *path;      /* to open it */
    const char *key_path;  /* where it is first named: "scenes[0].assets[1]" */
    int64_t size;
    dev_t device;
    ino_t inode;
    const char *asset; /* its id once it is uploaded, else NULL */
    const char *since; /* when it was, if gend did not have it before; else NULL */
};

struct gen_briefing {            /* lives in the arena */
    const char *label;           /* of the brief in messages: its path or "<stdin>" */
    const char *folder;          /* that its files are relative to */
    const struct gen_node *tree; /* as it was written, with places */
    struct gen_brief *brief;
    struct gen_briefing_file *files;
    size_t file_count;
};

/* `path` is a .yaml, .yml or .json file, or "-" for standard input (JSON when it starts with '{').
 * GEN_EINVAL with file, line, column and key path for every mistake, also a file that is missing
 * (asset ids are not looked up). GEN_ETOOLARGE: the brief, or one of its files. GEN_EIO,
 * GEN_EDENIED, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_briefing_read(const char *path, struct gen_arena *arena,
                                                 struct gen_briefing **out, struct gen_error *err);

/* Puts asset ids in the place of names and gives the document to submit; every file must have its
 * id. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_briefing_document(struct gen_briefing *briefing,
                                                     struct gen_arena *arena, struct gen_node **out,
                                                     struct gen_error *err);

/* Adds the place in the file to an error that has a key path of the brief. */
void gen_briefing_place(const struct gen_briefing *briefing, struct gen_error *err);

#endif
