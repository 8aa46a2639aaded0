/* files_call.h - the system calls of files.c, folders.c and zone_files.c, each countable and failable
 * by a test.
 *
 * Not for other rooms: files.h is what they use. Functions return -1 with errno like the calls that
 * they stand for, go on after EINTR, and are counted for gen_files_fail_at once for each
 * system call; closing and cleaning up are not counted and leave errno alone.
 *
 * Thread: [any]; calls block. Floor: platform. Tests: tests/unit/platform/files_test.c
 */
#ifndef GEN_PLATFORM_FILES_CALL_H
#define GEN_PLATFORM_FILES_CALL_H

#include "base/check.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { GEN_FILES_CALL_BLOCK = 65536 }; /* bytes read or written at a time */

/* True when this system call is the one that a test wants to fail; then errno is set. */
bool gen_files_call_refused(void);

/* The value of a system call, or -1 with errno when a test wants it to fail. */
#define GEN_FILES_CALL(call) (gen_files_call_refused() ? -1 : (call))

/* As open, read and write, but for EINTR and the tests' refusals. */
int gen_files_call_open(const char *path, int flags, mode_t mode);
ssize_t gen_files_call_read(int fd, void *data, size_t size);
int gen_files_call_write(int fd, const void *data, size_t size); /* all of it */
int gen_files_call_sync_folder(const char *path); /* makes the names beside `path` durable */
void gen_files_call_close(int fd);                /* negative: nothing */
void gen_files_call_unlink(const char *path);

/* Tests only: system call number `nth` of this room from now on (1 is the next) fails once with
 * `number` (an errno); 0 turns it off. gen_files_call_count says how many were made since. Closing
 * and the removal of temporary files are not counted. */
void gen_files_fail_at(long nth, int number);
long gen_files_call_count(void);

#endif
