/* media_commands.h - gen-media's commands that answer with a document (all but run).
 *
 * Each opens its files, does the work in a ward and appends one JSON object without a newline. The
 * command line is media/media_options', printing is main's.
 *
 * Thread: one; they fork. Floor: media. Tests: tests/media/media_test.sh
 */
#ifndef GEN_MEDIA_MEDIA_COMMANDS_H
#define GEN_MEDIA_MEDIA_COMMANDS_H

#include "base/bytes.h"
#include "media/media_options.h"

/* GEN_EINVAL, GEN_EUNSUPPORTED, GEN_ECORRUPT: the file. GEN_ETOOLARGE, GEN_ELIMIT, GEN_ETIMEOUT,
 * GEN_ENOMEM: a limit. GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO, GEN_ENOSPACE: the disk. On failure no
 * file is left behind. */
typedef enum gen_status gen_media_command(const struct gen_media_options *options,
                                          struct gen_arena *arena, struct gen_bytes *out,
                                          struct gen_error *err);

gen_media_command gen_media_command_probe;
gen_media_command gen_media_command_thumbnail;
gen_media_command gen_media_command_sheet;
gen_media_command gen_media_command_doctor;
gen_media_command gen_media_command_version;

#endif
