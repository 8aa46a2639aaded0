/* elf.h - is a plugin's file safe to hand to the dynamic linker?
 *
 * The linker judges format and machine itself and says so; what it does not survive is a file that
 * was cut short (it maps what the headers promise and dies of SIGBUS). What it does not ask is who
 * may write the file. It is not a verdict on what the code does.
 *
 * Thread: [any]. Floor: host. Tests: tests/contract/plugins_test.c
 */
#ifndef GEN_HOST_ELF_H
#define GEN_HOST_ELF_H

#include "base/error.h"

/* GEN_EINVAL: not a regular file, or cut short. GEN_EDENIED: unreadable, or anyone may write it.
 * GEN_ENOTFOUND, GEN_EIO. The message does not repeat the path. */
GEN_MUST_CHECK enum gen_status gen_elf_check(const char *path, struct gen_error *err);

/* GEN_EDENIED when anyone may put files into this folder, which then would be run as us. GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_elf_check_folder(const char *path, struct gen_error *err);

#endif
