/* bed.c - see bed.h: the moods, what is played in a bar, and the WAV file. */
#include "bed.h"

#include "band.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BARS = 16 };

/* A mood: tempo, key, four chords (semitones above the key), and how loud each player is. */
struct mood {
    const char *words; /* separated by spaces; the first is its name */
    double tempo;      /* beats a minute */
    int key;           /* MIDI note of the bass's tonic */
    int chords[4][4];
    double pad, bright, keys, pluck, bass, kick, clap, hat;
    int steps[8];   /* plucked eighths of a bar: a chord tone 0..3, +4 = an octave up, -1 rest */
    int bass_beats; /* bits: eighths on which the bass plays */
};

static const struct mood moods[] = {
    {"upbeat happy fun playful energetic bright joyful cheerful",
     112,
     36,
     {{0, 4, 7, 14}, {7, 11, 14, 21}, {9, 12, 16, 21}, {5, 9, 12, 16}},
     0.050,
     0.42,
     0.10,
     0.16,
     0.34,
     0.62,
     0.34,
     0.085,
     {0, 2, 5, 1, 2, 4, 1, 2},
     0x5b},
    {"calm relaxed elegant soft gentle peaceful",
     76,
     41,
     {{0, 4, 7, 11}, {4, 7, 11, 14}, {-3, 0, 4, 7}, {7, 12, 14, 17}},
     0.075,
     0.34,
     0.22,
     0.07,
     0.22,
     0.0,
     0.0,
     0.018,
     {0, -1, 2, -1, 5, -1, 3, -1},
     0x11},
    {"bold epic dramatic powerful confident strong",
     96,
     33,
     {{0, 3, 7, 12}, {8, 12, 15, 20}, {3, 7, 10, 15}, {10, 14, 17, 22}},
     0.070,
     0.55,
     0.06,
     0.12,
     0.42,
     0.78,
     0.44,
     0.07,
     {0, 0, 4, 0, 2, 0, 3, 2},
     0xdb},
    {"warm friendly cozy cosy hopeful inspiring",
     88,
     38,
     {{0, 4, 7, 14}, {9, 12, 16, 19}, {5, 9, 12, 16}, {7, 11, 14, 17}},
     0.060,
     0.36,
     0.22,
     0.09,
     0.28,
     0.36,
     0.14,
     0.045,
     {0, 2, 1, 2, 4, 2, 1, 2},
     0x49},
    {NULL, 0, 0, {{0}}, 0, 0, 0, 0, 0, 0, 0, 0, {0}, 0},
};

/* The mood one of whose words this is; the first for a word that none has. */
static const struct mood *mood_of(const char *word)
{
    const struct mood *mood;
    size_t length = strlen(word);

    for (mood = moods; mood->words != NULL; mood++) {
        const char *at = length > 0 ? strstr(mood->words, word) : NULL;

        if (at != NULL && (at == mood->words || at[-1] == ' ') &&
            (at[length] == ' ' || at[length] == '\0')) {
            return mood;
        }
    }
    return moods;
}

static void play_chord(struct band_loop *music, const struct mood *mood, int bar, double beat)
{
    const int *chord = mood->chords[bar % 4];
    double at = bar * 4 * beat;
    int i;

    for (i = 0; i < 4; i++) {
        int tone = mood->key + 24 + chord[i];
        struct band_note pad = {at, 4 * beat, tone > 74 ? tone - 12 : tone, mood->pad,
                                i % 2 == 0 ? -0.35 : 0.35};
        struct band_note keys = {at + 0.012 * i, 1.9 * beat, tone, mood->keys * 0.55,
                                 -0.3 + 0.2 * i};

        band_pad(music, pad, mood->bright);
        band_keys(music, keys);
        keys.at += (bar % 2 == 0 ? 2.5 : 2.0) * beat; /* an answer, off the beat every other bar */
        keys.level *= 0.72;
        band_keys(music, keys);
    }
}

static void play_melody(struct band_loop *music, const struct mood *mood, int bar, double beat)
{
    const int *chord = mood->chords[bar % 4];
    int i;

    for (i = 0; i < 8; i++) {
        double at = (bar * 4 + i * 0.5) * beat;
        int step = mood->steps[(bar % 8 == 7) ? 7 - i : i];
        struct band_note bass = {at, 0.46 * beat, mood->key + chord[0] - (chord[0] > 7 ? 12 : 0),
                                 mood->bass, 0};

        if (mood->bass_beats >> i & 1) {
            band_bass(music, bass);
        }
        if (step >= 0) {
            struct band_note pluck = {
                at, 0.4, mood->key + 36 + chord[step % 4] + (step > 3 ? 12 : 0),
                mood->pluck * (i % 4 == 0 ? 1 : 0.72), i % 2 == 0 ? -0.4 : 0.4};

            band_pluck(music, pluck);
            pluck.at += 0.75 * beat; /* its echo */
            pluck.level *= 0.3;
            pluck.pan = -pluck.pan;
            band_pluck(music, pluck);
        }
    }
}

static void play_drums(struct band_loop *drums, const struct mood *mood, int bar, double beat)
{
    int i, busy = mood->tempo > 100;

    for (i = 0; i < 8; i++) {
        struct band_note hit = {(bar * 4 + i * 0.5) * beat, 0.05, 0, 0, 0};

        hit.level = mood->kick;
        if (busy ? i % 2 == 0 : i == 0 || i == 5 || (i == 4 && bar % 2 == 1)) {
            band_kick(drums, hit);
        }
        hit.level = mood->clap;
        if (i == 2 || i == 6 || (i == 7 && bar % 8 == 7)) {
            band_clap(drums, hit);
        }
        hit.level = mood->hat * (i % 2 == 1 ? 1 : 0.55);
        hit.length = i % 2 == 1 ? 0.09 : 0.04;
        hit.pan = 0.25;
        band_hat(drums, hit);
    }
}

static void put_u32(unsigned char *at, uint32_t value)
{
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
    at[2] = (unsigned char)(value >> 16);
    at[3] = (unsigned char)(value >> 24);
}

static int write_header(FILE *file, uint32_t frames)
{
    unsigned char header[44] = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x02\0........\x04\0\x10\0data";

    put_u32(header + 4, frames * 4 + 36);
    put_u32(header + 24, BAND_RATE);
    put_u32(header + 28, BAND_RATE * 4);
    put_u32(header + 40, frames * 4);
    return fwrite(header, sizeof(header), 1, file) == 1 ? 0 : -1;
}

/* How loud everything, and the drums, are at this moment: in, and out with the picture. */
static double fade_at(double t, double total)
{
    double out = total < 6 ? total * 0.25 : 1.6, gain = t < 0.05 ? t / 0.05 : 1;

    if (t > total - out) {
        double left = (total - t) / out;

        gain *= left > 0 ? left * left * (3 - 2 * left) : 0;
    }
    return gain;
}

static int write_samples(FILE *file, const struct band_loop *music, const struct band_loop *drums,
                         double total, double bar)
{
    uint32_t frames = (uint32_t)(total * BAND_RATE + 0.5), i;
    double first = total > 6 * bar ? 2 * bar : 0, last = total > 3 * bar ? total - bar : total;

    for (i = 0; i < frames; i++) {
        size_t at = i % music->length;
        double t = (double)i / BAND_RATE, beat = t >= first && t < last ? 1 : 0;
        double gain = fade_at(t, total), side[2];
        unsigned char out[4];
        int c;

        side[0] = music->left[at] + beat * drums->left[at];
        side[1] = music->right[at] + beat * drums->right[at];
        for (c = 0; c < 2; c++) {
            int value = (int)lrint(tanh(side[c] * 0.9) * gain * 26000);

            out[2 * c] = (unsigned char)(value & 255);
            out[2 * c + 1] = (unsigned char)(value >> 8 & 255);
        }
        if (fwrite(out, sizeof(out), 1, file) != 1) {
            return -1;
        }
    }
    return 0;
}

int bed_make(const struct job *job)
{
    const struct mood *mood = mood_of(job->mood);
    double total = (double)job->duration_ms / 1000, bar = 240 / mood->tempo;
    double bars = floor(total / bar + 0.5);
    struct band_loop music = {0}, drums = {0};
    FILE *file = NULL;
    int i, count = bars + 1 < BARS ? (int)bars + 1 : BARS, result = -1;

    if (bars >= 2 && fabs(total / bars / bar - 1) < 0.09) {
        bar = total / bars; /* ends on a bar line */
    }
    if (band_loop_init(&music, count * bar) != 0 || band_loop_init(&drums, count * bar) != 0) {
        goto done;
    }
    for (i = 0; i < count; i++) {
        play_chord(&music, mood, i, bar / 4);
        play_melody(&music, mood, i, bar / 4);
        play_drums(&drums, mood, i, bar / 4);
    }
    if (band_reverb(&music, 0.30) != 0 || band_reverb(&drums, 0.10) != 0) {
        goto done;
    }
    file = fopen("bed.wav", "wb");
    if (file == NULL || write_header(file, (uint32_t)(total * BAND_RATE + 0.5)) != 0 ||
        write_samples(file, &music, &drums, total, bar) != 0) {
        perror("gen-typeset: bed.wav");
        goto done;
    }
    result = 0;
done:
    if (file != NULL && fclose(file) != 0) {
        perror("gen-typeset: bed.wav");
        result = -1;
    }
    band_loop_fini(&music);
    band_loop_fini(&drums);
    return result;
}
