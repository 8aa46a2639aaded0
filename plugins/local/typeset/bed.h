/* bed.h - a music bed made from nothing: chords, bass, plucks and light drums of a mood.
 *
 * A loop of sixteen bars is played note by note into memory and then written for as long as the
 * video lasts; the tempo bends by a few per cent so that the last bar ends with the picture.
 *
 * Invariant: the same mood and length give the same samples.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_BED_H
#define TYPESET_BED_H

#include "job.h"

/* Writes bed.wav (48 kHz, stereo, 16 bit) of job->duration_ms. 0, or -1 (message printed). */
int bed_make(const struct job *job);

#endif
