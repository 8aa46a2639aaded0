/* band.c - see band.h. Additive and FM tones; noise is a fixed sequence, so nothing is random. */
#include "band.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define TAU 6.283185307179586

int band_loop_init(struct band_loop *loop, double seconds)
{
    loop->length = (size_t)(seconds * BAND_RATE);
    loop->left = calloc(loop->length * 2, sizeof(*loop->left));
    if (loop->left == NULL) {
        fprintf(stderr, "gen-typeset: out of memory for the music bed\n");
        return -1;
    }
    loop->right = loop->left + loop->length;
    return 0;
}

void band_loop_fini(struct band_loop *loop)
{
    free(loop->left);
    loop->left = loop->right = NULL;
}

static double hertz(double pitch)
{
    return 440 * pow(2, (pitch - 69) / 12);
}

/* Adds one sample, `i` after the note's start. */
static void add(struct band_loop *loop, struct band_note note, size_t i, double left, double right)
{
    size_t at = ((size_t)(note.at * BAND_RATE) + i) % loop->length;

    loop->left[at] += (float)(left * note.level * (1 - note.pan) * 0.7);
    loop->right[at] += (float)(right * note.level * (1 + note.pan) * 0.7);
}

static double noise(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (double)(int32_t)*state / 2147483648.0;
}

void band_pad(struct band_loop *loop, struct band_note note, double bright)
{
    double f = hertz(note.pitch) * TAU / BAND_RATE, attack = 0.35, release = 0.7;
    size_t count = (size_t)((note.length + release) * BAND_RATE), i;
    int h;

    for (i = 0; i < count; i++) {
        double t = (double)i / BAND_RATE, left = 0, right = 0;
        double rise = t < attack ? 0.5 - 0.5 * cos(TAU / 2 * t / attack) : 1;
        double fall = t > note.length ? 0.5 + 0.5 * cos(TAU / 2 * (t - note.length) / release) : 1;
        double move = 0.85 + 0.15 * sin(TAU * 0.23 * t + note.pitch);

        for (h = 1; h <= 5; h++) {
            double level = pow(bright * move, h - 1) / h, phase = f * h * (double)i;

            left += level * (sin(phase * 1.0016) + 0.7 * sin(phase * 0.9987 + h));
            right += level * (sin(phase * 0.9984 + 0.4) + 0.7 * sin(phase * 1.0013 + 2 * h));
        }
        add(loop, note, i, left * rise * fall * 0.5, right * rise * fall * 0.5);
    }
}

/* An electric piano: a sine bent by a sine whose bite dies away first. */
void band_keys(struct band_loop *loop, struct band_note note)
{
    double f = hertz(note.pitch) * TAU / BAND_RATE;
    size_t count = (size_t)((note.length + 1.2) * BAND_RATE), i;

    for (i = 0; i < count; i++) {
        double t = (double)i / BAND_RATE, p = f * (double)i;
        double body = exp(-t * 1.6) * (t > note.length ? exp(-(t - note.length) * 7) : 1);
        double bite = 1.3 * exp(-t * 5) * note.level + 0.12;
        double tone = sin(p + bite * sin(p)) + 0.16 * exp(-t * 14) * sin(p * 7.02);
        double attack = t < 0.004 ? t / 0.004 : 1;
        double sway = 0.08 * sin(TAU * 4.6 * t);

        add(loop, note, i, tone * body * attack * (1 + sway), tone * body * attack * (1 - sway));
    }
}

/* A soft mallet: fundamental and two partials, short. */
void band_pluck(struct band_loop *loop, struct band_note note)
{
    double f = hertz(note.pitch) * TAU / BAND_RATE;
    size_t count = (size_t)(0.9 * BAND_RATE), i;

    for (i = 0; i < count; i++) {
        double t = (double)i / BAND_RATE, p = f * (double)i;
        double tone = sin(p) * exp(-t * 6) + 0.30 * sin(2 * p) * exp(-t * 9) +
                      0.18 * sin(3.98 * p) * exp(-t * 22);
        double attack = t < 0.003 ? t / 0.003 : 1;

        add(loop, note, i, tone * attack, tone * attack);
    }
}

void band_bass(struct band_loop *loop, struct band_note note)
{
    double f = hertz(note.pitch) * TAU / BAND_RATE;
    size_t count = (size_t)((note.length + 0.08) * BAND_RATE), i;

    for (i = 0; i < count; i++) {
        double t = (double)i / BAND_RATE, p = f * (double)i;
        double tone = sin(p) + 0.42 * sin(2 * p) * exp(-t * 4) + 0.16 * sin(3 * p) * exp(-t * 7);
        double attack = t < 0.008 ? t / 0.008 : 1;
        double end = t > note.length ? 1 - (t - note.length) / 0.08 : 1;

        tone = tanh(1.3 * tone) * exp(-t * 0.9) * attack * (end > 0 ? end : 0);
        add(loop, note, i, tone, tone);
    }
}

void band_kick(struct band_loop *loop, struct band_note note)
{
    size_t count = (size_t)(0.34 * BAND_RATE), i;
    double phase = 0;

    for (i = 0; i < count; i++) {
        double t = (double)i / BAND_RATE;
        double tone;

        phase += TAU * (46 + 110 * exp(-t * 34)) / BAND_RATE;
        tone = sin(phase) * exp(-t * 11) * (t < 0.002 ? t / 0.002 : 1);
        add(loop, note, i, tone, tone);
    }
}

void band_clap(struct band_loop *loop, struct band_note note)
{
    size_t count = (size_t)(0.22 * BAND_RATE), i;
    uint32_t left = 7u, right = 91u;
    double low[2] = {0, 0}, band[2] = {0, 0};
    int c;

    for (i = 0; i < count; i++) {
        double t = (double)i / BAND_RATE, out[2];
        double burst = t < 0.022 ? exp(-fmod(t, 0.0085) * 260) : exp(-(t - 0.022) * 26);

        for (c = 0; c < 2; c++) { /* a band around 1.5 kHz (state-variable filter) */
            double in = noise(c == 0 ? &left : &right);

            low[c] += 0.19 * band[c];
            band[c] += 0.19 * (in - low[c] - 0.75 * band[c]);
            out[c] = band[c] * burst;
        }
        add(loop, note, i, out[0], out[1]);
    }
}

void band_hat(struct band_loop *loop, struct band_note note)
{
    size_t count = (size_t)((note.length + 0.05) * BAND_RATE), i;
    uint32_t state = (uint32_t)(note.at * 1000) * 2u + 1u;
    double before = 0, smooth = 0;

    for (i = 0; i < count; i++) {
        double t = (double)i / BAND_RATE, in = noise(&state), tone;

        tone = (in - before) * 0.5; /* only the top of the noise */
        before = in;
        smooth += 0.55 * (tone - smooth);
        tone = smooth * exp(-t * 3.2 / note.length) * (t < 0.004 ? t / 0.004 : 1);
        add(loop, note, i, tone, tone);
    }
}

/* Schroeder's reverberator for one side: four combs, two all-passes. Run twice around the loop so
 * that the end's tail is already there at the start. */
static void room(float *side, size_t length, double wet, float *lines, const size_t size[6])
{
    size_t at[6] = {0}, i, k, start[6];
    float damp[4] = {0, 0, 0, 0};

    start[0] = 0;
    for (k = 1; k < 6; k++) {
        start[k] = start[k - 1] + size[k - 1];
    }
    for (i = 0; i < 2 * length; i++) {
        float in = side[i % length], out = 0;

        for (k = 0; k < 4; k++) {
            float *cell = &lines[start[k] + at[k]];

            out += *cell;
            damp[k] += 0.45f * (*cell - damp[k]);
            *cell = in * 0.25f + damp[k] * 0.80f;
            at[k] = (at[k] + 1) % size[k];
        }
        for (k = 4; k < 6; k++) {
            float *cell = &lines[start[k] + at[k]], held = *cell;

            *cell = out + held * 0.5f;
            out = held - *cell * 0.5f;
            at[k] = (at[k] + 1) % size[k];
        }
        if (i >= length) {
            side[i - length] += (float)wet * out;
        }
    }
}

int band_reverb(struct band_loop *loop, double wet)
{
    static const size_t left[6] = {1687, 1931, 2153, 2411, 347, 113};
    static const size_t right[6] = {1721, 1973, 2203, 2459, 359, 127};
    float *lines = calloc(2 * 9000, sizeof(*lines));

    if (lines == NULL) {
        fprintf(stderr, "gen-typeset: out of memory for the music bed\n");
        return -1;
    }
    room(loop->left, loop->length, wet, lines, left);
    room(loop->right, loop->length, wet, lines + 9000, right);
    free(lines);
    return 0;
}
