/* job.h - what gen-typeset is asked to do: the JSON job file, read and checked.
 *
 * The file is written by our own plugin, but its texts come from users, so every text is cleaned
 * here: control characters go, invalid UTF-8 is an error, length is bounded. NOT here: layout.
 *
 * Invariant: after job_read every pointer is valid text ("" = none) and every number is in range.
 * Thread: one. Program: gen-typeset (stands on no core floor). Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_JOB_H
#define TYPESET_JOB_H

#include <stddef.h>
#include <stdint.h>

enum job_role {
    JOB_HEADLINE = 1,
    JOB_BODY = 2,
    JOB_BADGE = 3,
    JOB_ACTION = 4,
    JOB_LEGAL = 5,
};

enum { JOB_MAX_TEXTS = 12, JOB_MAX_CHARACTERS = 2000 };

struct job_text {
    enum job_role role;
    char *text; /* cleaned; owned by the job */
};

struct job {
    int width, height; /* even, 16..8192 */
    int rate_milli;    /* frames per 1000 s */
    int frames;        /* of the scene */
    int enter;         /* frames of the transition in */
    int wait;          /* frames of it before the words begin to come */
    int index;         /* of the scene: varies the decoration */
    int card;          /* 1: this is the end card */
    int footage;       /* 1: moving footage fills the frame, not a picture */
    const char *language, *brand_name, *font, *font_file;
    const char *primary, *accent, *background, *text; /* "#rrggbb" or "" */
    const char *picture, *logo;                       /* PNG file names or "" */
    struct job_text texts[JOB_MAX_TEXTS];
    size_t text_count;
    const char *mood; /* of the music bed */
    int64_t duration_ms;
    void *root; /* the parsed file; owns the borrowed texts */
};

/* Reads `file` into *job. 0, or -1 after a message on standard error. End with job_fini. */
int job_read(struct job *job, const char *file);
void job_fini(struct job *job);

/* Frames that `milliseconds` last at the job's frame rate, at least 1. */
int job_frames(const struct job *job, double milliseconds);

#endif
