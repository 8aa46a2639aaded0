/* sound.h - arguments for the sound: speaking, cleaning a voice, mixing, and what was measured.
 *
 * The mix: a bed (made or supplied) that gives way to the voices; its loudness is measured once and
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
/* voice_ms: the lengths of the voices by scene, 0 = none. */
const char *const *sound_mix(const struct local *local, const struct plan *plan,
                             const int64_t *voice_ms);

/* The last value of `out_time_us=` in a -progress listing, in milliseconds; 0 = none. */
int64_t sound_length(const char *progress);
/* The gain to -14 LUFS from what loudnorm printed; 0 for silence. */
double sound_gain(const struct local *local, const char *printed);
/* Will anything be heard? */
int sound_any(const struct plan *plan);

#endif
