/* zone_files.h - the files of the tz database (package tzdata): a zone's bytes by its name.
 *
 * NOT here: what the bytes mean (expr/zone.h, whose port gen_zone_read this fits).
 *
 * Invariant: nothing outside the folder is read, whatever the name and whatever links the folder
 * holds; never more than GEN_ZONE_FILE_LARGEST bytes; only regular files.
 * Thread: one at a time for each set; calls block. Floor: platform.
 * Tests: tests/unit/platform/zone_files_test.c
 */
#ifndef GEN_PLATFORM_ZONE_FILES_H
#define GEN_PLATFORM_ZONE_FILES_H

#include "base/arena.h"
#include "base/error.h"

#define GEN_ZONE_FILES_FOLDER "/usr/share/zoneinfo"

enum { GEN_ZONE_FILE_LARGEST = 65536 };

/* The bytes of the zone `name` in `folder` (NULL: GEN_ZONE_FILES_FOLDER), in `arena`. Links inside
 * the folder are followed. GEN_EINVAL: not a name of a zone, or its file is not a regular one;
 * GEN_ENOTFOUND: there is no such zone, or no tzdata (the message tells which); GEN_EDENIED: a link
 * leads out of the folder, or no permission; GEN_ETOOLARGE; GEN_ENOMEM; GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_zone_files_load(const char *folder, const char *name,
                                                   struct gen_arena *arena, const char **bytes,
                                                   size_t *size, struct gen_error *err);

/* A folder as the port that gen_zones_init wants: gen_zones_init(&zones, gen_zone_files_read,
 * &files, &err). Caller's memory; `folder` is borrowed; all zero is the folder of the system. */
struct gen_zone_files {
    const char *folder;      /* NULL: GEN_ZONE_FILES_FOLDER */
    struct gen_arena *arena; /* of the bytes handed out last */
};

/* `context` is a struct gen_zone_files. The bytes hold until the next call; NULL with `err` set. */
const char *gen_zone_files_read(void *context, const char *name, size_t *size,
                                struct gen_error *err);
void gen_zone_files_fini(struct gen_zone_files *files); /* twice is fine */

#endif
