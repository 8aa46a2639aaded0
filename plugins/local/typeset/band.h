/* band.h - the instruments of the music bed, playing into a circular loop.
 *
 * A note that rings past the end of the loop goes on at its start, so the loop has no seam.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_BAND_H
#define TYPESET_BAND_H

#include <stddef.h>

enum { BAND_RATE = 48000 };

struct band_loop {
    float *left, *right; /* one allocation, at left */
    size_t length;       /* samples */
};

int band_loop_init(struct band_loop *loop, double seconds); /* 0, or -1 (message printed) */
void band_loop_fini(struct band_loop *loop);

/* Times in seconds from the loop's start, pitch as a MIDI note, level 0..1, pan -1..1. */
struct band_note {
    double at, length, pitch, level, pan;
};
void band_pad(struct band_loop *loop, struct band_note note, double bright);
void band_keys(struct band_loop *loop, struct band_note note);
void band_pluck(struct band_loop *loop, struct band_note note);
void band_bass(struct band_loop *loop, struct band_note note);
void band_kick(struct band_loop *loop, struct band_note note);
void band_clap(struct band_loop *loop, struct band_note note);
void band_hat(struct band_loop *loop, struct band_note note);

/* A small room around everything in the loop. 0, or -1. */
int band_reverb(struct band_loop *loop, double wet);

#endif
