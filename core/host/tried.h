/* tried.h - what is remembered of the trials of plugins, in a file of the state folder.
 *
 * One line a plugin: hash TAB "fits", "refused" or "trying N" TAB reason. The oldest are forgotten first.
 * A file that cannot be read or written is none: then the next start tries again.
 * Invariant: what gen_tried_write returned after is on disk, or the disk refuses to take it.
 *
 * Thread: [any]; calls block. Floor: host. Tests: tests/contract/probation_test.c
 */
#ifndef GEN_HOST_TRIED_H
#define GEN_HOST_TRIED_H

#include "platform/crypto.h"

enum { GEN_TRIED_LINES = 512, GEN_TRIED_REASON = 400 };

enum gen_tried_word { GEN_TRIED_FITS = 1, GEN_TRIED_REFUSED, GEN_TRIED_TRYING };

struct gen_tried_line {
    enum gen_tried_word word;
    int tries; /* that were begun and have not ended */
    char digest[GEN_DIGEST_TEXT_SIZE];
    char reason[GEN_TRIED_REASON];
};

struct gen_tried {    /* caller's memory; filled by gen_tried_read */
    const char *path; /* NULL = remembers nothing beyond the process */
    struct gen_tried_line lines[GEN_TRIED_LINES];
    size_t count;
};

void gen_tried_read(const char *path, struct gen_tried *out);
/* Durably, as far as the disk goes. */
void gen_tried_write(const struct gen_tried *tried);
/* NULL: nothing is known of it. The line stays where it is until the next change. */
struct gen_tried_line *gen_tried_find(struct gen_tried *tried, const char *digest);
/* As above, or a new line, GEN_TRIED_TRYING with 0 tries. */
struct gen_tried_line *gen_tried_line(struct gen_tried *tried, const char *digest);
void gen_tried_forget(struct gen_tried *tried, const char *digest);

#endif
