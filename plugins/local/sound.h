/* sound.h - arguments for the sound: speaking, cleaning a voice, listening to footage, mixing, and what
 * was measured.
 *
 * The mix: a bed (made or supplied) that gives way to the voices and to the sound of footage, which
 * stays where its picture is, so that lips fit; its loudness is measured once and
 * corrected when the sound is joined to the picture, to -14 LUFS.
 *
 * Invariant: no text of a user is ever part of an argument; dialogue goes through a file.
 * Thread: any. Stands on gen/provider.h. Tests: tests/contract/local/render_test.sh
 */
#ifndef LOCAL_SOUND_H
#define LOCAL_SOUND_H

#include "lines.h"
#include "plan.h"

/* Arguments; NULL when memory is short. */
const char *const *sound_speak(const struct local *local, const struct plan *plan);
const char *const *sound_clean(const struct local *local, const struct plan *plan, size_t scene);
/* Takes the sound out of the footage of a scene, silence where it has none, and measures it. */
const char *const *sound_listen(const struct local *local, const struct plan *plan, size_t scene);
struct sound_levels {        /* by scene */
    const int64_t *voice_ms; /* lengths of the voices, 0 = none */
    const int *footage_cb;   /* what is added to the sound of footage, in hundredths of a decibel */
};
const char *const *sound_mix(const struct local *local, const struct plan *plan,
                             const struct sound_levels *levels);

/* The last value of `out_time_us=` in a -progress listing, in milliseconds; 0 = none. */
int64_t sound_length(const char *progress);
/* What to add to the sound of footage, in hundredths of a decibel, from what loudnorm printed: speech
 * comes to the loudness of our voices; what is hardly to be heard stays so. */
int sound_footage_gain(const struct local *local, const char *printed);
/* The gain to -14 LUFS from what loudnorm printed; 0 for silence. */
double sound_gain(const struct local *local, const char *printed);
/* Will anything be heard? */
int sound_any(const struct plan *plan);

#endif
