/* media_options.h - the options of gen-media's commands, each declared once in a table.
 *
 * The rows give the parser, its error messages and --help. Commands share one struct; each has the
 * table of those it takes. Thread: [any]. Floor: media. Tests: tests/media/media_options_test.c
 */
#ifndef GEN_MEDIA_MEDIA_OPTIONS_H
#define GEN_MEDIA_MEDIA_OPTIONS_H

#include "base/record.h"

struct gen_media_options {
    bool help;
    bool unconfined_ok;
    int64_t memory_mb, cpu_seconds, file_mb, processes, parent;
    int64_t max_pixels, max_streams;
    double max_duration;
    int decode; /* enum gen_probe_decode */
    const char *out;
    double at, at_share; /* at: -1 = not given */
    int64_t longest, columns, rows, width;
    struct gen_texts read, write;
    char **operands; /* what is no option, in argv */
    size_t operand_count;
};

extern const struct gen_record gen_media_options_probe;
extern const struct gen_record gen_media_options_thumbnail;
extern const struct gen_record gen_media_options_sheet;
extern const struct gen_record gen_media_options_run;
extern const struct gen_record gen_media_options_none;

enum gen_media_options_style {
    GEN_MEDIA_OPTIONS_MIXED = 1, /* options may stand after operands; -- ends them */
    GEN_MEDIA_OPTIONS_LEADING,   /* the first operand ends them: the rest is another program's */
};

/* `arguments` is NULL-terminated, without the command's name; it is reordered so that operands
 * stand together. Texts live in `arena` or in arguments. GEN_EINVAL: names the option and the
 * nearest known one. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_media_options_parse(const struct gen_record *record,
                                                       enum gen_media_options_style style,
                                                       char **arguments, struct gen_arena *arena,
                                                       struct gen_media_options *out,
                                                       struct gen_error *err);

/* Appends one line for each option. */
void gen_media_options_help(const struct gen_record *record, struct gen_bytes *out);

#endif
