/* foresight.c - see foresight.h. */
#include "decide/foresight.h"

#include "base/check.h"
#include "base/choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORESIGHT_FIT = 8,     /* fewer samples: time goes with the length of the video alone */
    FORESIGHT_OVERDUE = 10 /* fewer samples do not say what is too long */
};

/* Beyond all that was seen the rest is as long as a part of what has passed: the longer something takes, the
 * longer it will take still. The same shape stands for a declared speed, which is no experience. */
static const double beyond_middle = 1.25, beyond_late = 2.0, declared_late = 2.5;

static const struct gen_choice phases[] = {
#define PHASE_ROW(name, word) {word, name, NULL},
    GEN_PHASE_TABLE(PHASE_ROW)
#undef PHASE_ROW
        {NULL, 0, NULL},
};

const char *gen_phase_word(enum gen_phase phase)
{
    return gen_choice_word(phases, (int)phase);
}

enum gen_phase gen_phase_of(const char *word)
{
    int value = word == NULL ? -1 : gen_choice_value(phases, word);

    return value < 0 ? GEN_PHASE_NONE : (enum gen_phase)value;
}

void gen_foresight_add(struct gen_foresight_past *past, const struct gen_foresight_sample *sample)
{
    past->samples[past->next] = *sample;
    past->next = (past->next + 1) % GEN_FORESIGHT_KEPT;
    past->count += past->count < GEN_FORESIGHT_KEPT ? 1 : 0;
}

/* --------------------------------------------------------------------------------- what was seen -- */

struct totals { /* what the renders that were seen would have taken for this video, ascending */
    double items[GEN_FORESIGHT_SAMPLES];
    size_t count;
};

static int totals_order(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;

    return (a > b) - (a < b);
}

struct totals_line { /* time = base + slope * length of the video */
    double base, slope;
};

/* Least squares, where there is enough to tell a fixed part from what goes with the length; neither part
 * is below nothing. */
static struct totals_line totals_fit(const struct gen_foresight_past *past, const size_t *kept,
                                     size_t count)
{
    double video = 0, took = 0, spread = 0, common = 0;
    struct totals_line line;

    for (size_t i = 0; i < count; i++) {
        video += (double)past->samples[kept[i]].video_ms / (double)count;
        took += (double)past->samples[kept[i]].took_ms / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double off = (double)past->samples[kept[i]].video_ms - video;

        spread += off * off / (double)count;
        common += off * ((double)past->samples[kept[i]].took_ms - took) / (double)count;
    }
    line = (struct totals_line){0, took / video};
    if (count < FORESIGHT_FIT || spread < video * video / 100) {
        return line;
    }
    if (common <= 0) {
        return (struct totals_line){took, 0};
    }
    if (took - common / spread * video > 0) {
        line.slope = common / spread;
        line.base = took - line.slope * video;
    }
    return line;
}

static void totals_of(const struct gen_foresight_past *past,
                      const struct gen_foresight_render *render, struct totals *out)
{
    size_t kept[GEN_FORESIGHT_SAMPLES];
    struct totals_line line;

    out->count = 0;
    for (size_t i = 1; past != NULL && i <= past->count && out->count < GEN_COUNT(kept); i++) {
        size_t at = (past->next + GEN_FORESIGHT_KEPT - i) % GEN_FORESIGHT_KEPT; /* newest first */

        if (render->known_by == 0 || past->samples[at].ended_at <= render->known_by) {
            kept[out->count++] = at;
        }
    }
    if (out->count == 0) {
        return;
    }
    line = totals_fit(past, kept, out->count);
    for (size_t i = 0; i < out->count; i++) {
        const struct gen_foresight_sample *sample = &past->samples[kept[i]];

        out->items[i] = (double)sample->took_ms *
                        (line.base + line.slope * (double)render->video_ms) /
                        (line.base + line.slope * (double)sample->video_ms);
    }
    qsort(out->items, out->count, sizeof(out->items[0]), totals_order);
}

/* Drops those that did not last so long. */
static void totals_survive(struct totals *totals, double elapsed)
{
    size_t gone = 0;

    while (gone < totals->count && totals->items[gone] <= elapsed) {
        gone++;
    }
    totals->count -= gone;
    memmove(totals->items, totals->items + gone, totals->count * sizeof(totals->items[0]));
}

/* The time below which this share ends. The next one is equally likely to fall between any two of those
 * that were seen, or before the first, or after the last: so there are count + 1 ranks, and a rank after the
 * last is beyond all that is known: it grows by up to double. */
static double totals_rank(const struct totals *totals, double share)
{
    double rank = share * ((double)totals->count + 1);
    size_t below = (size_t)rank;

    if (rank <= 1) {
        return totals->items[0];
    }
    if (below >= totals->count) {
        return totals->items[totals->count - 1] * exp2(rank - (double)totals->count);
    }
    return totals->items[below - 1] +
           (rank - (double)below) * (totals->items[below] - totals->items[below - 1]);
}

/* ----------------------------------------------------------------------------------------- spans -- */

static double foresight_declared(const struct gen_foresight_render *render)
{
    return render->declared * (double)render->video_ms;
}

/* All of its time, from accepted on, by history or what is declared. */
static bool foresight_total(const struct gen_foresight_past *past,
                            const struct gen_foresight_render *render, double *middle, double *late)
{
    double elapsed = (double)render->elapsed_ms, declared = foresight_declared(render);
    double each = 1.0 / ((double)render->beside + 1);
    struct totals totals;
    bool seen;

    totals_of(past, render, &totals);
    seen = totals.count > 0;
    totals_survive(&totals, elapsed);
    if (totals.count > 0) {
        *middle = totals_rank(&totals, pow(0.5, each));
        *late = totals_rank(&totals, pow(0.9, each));
        return true;
    }
    if (!seen && declared <= 0) {
        return false;
    }
    *middle = beyond_middle * elapsed;
    *late = beyond_late * elapsed;
    if (!seen) {
        *middle = fmax(declared, *middle);
        *late = declared_late * *middle;
    }
    return true;
}

bool gen_foresight_left(const struct gen_foresight_past *past,
                        const struct gen_foresight_render *render, struct gen_foresight_span *out)
{
    double elapsed = (double)render->elapsed_ms, middle = 0, late = 0;
    double share = (double)render->measured_ppm / 1e6, said;
    bool known = foresight_total(past, render, &middle, &late);

    middle = known ? fmax(middle - elapsed, 0) : 0;
    late = known ? fmax(late - elapsed, middle) : 0;
    if (render->measured_ppm >= GEN_FORESIGHT_LEAST_PPM && elapsed > 0) {
        /* what is measured is believed the more, the more of it there is */
        share = fmin(share, 1);
        said = elapsed * (1 - share) / share;
        late = known ? share * said + (1 - share) * middle + (1 - share) * (late - middle)
                     : beyond_late * said;
        middle = known ? share * said + (1 - share) * middle : said;
        known = true;
    }
    *out = (struct gen_foresight_span){(int64_t)middle, (int64_t)late};
    return known;
}

bool gen_foresight_overdue(const struct gen_foresight_past *past,
                           const struct gen_foresight_render *render)
{
    struct totals totals;

    totals_of(past, render, &totals);
    return totals.count >= FORESIGHT_OVERDUE &&
           (double)render->elapsed_ms > totals_rank(&totals, 0.99);
}

int32_t gen_foresight_progress(const struct gen_foresight_past *past,
                               const struct gen_foresight_render *render)
{
    struct totals totals;
    double whole, share;

    totals_of(past, render, &totals);
    whole = totals.count > 0 ? totals_rank(&totals, 0.5) : foresight_declared(render);
    if (whole <= 0 || render->elapsed_ms <= 0) {
        return 0;
    }
    share = (double)render->elapsed_ms / whole;
    if (share > 0.8) { /* it may be any moment, or not: ever slower, and never there */
        share = 0.8 + 0.15 * (1 - exp(-(share - 0.8) / 0.5));
    }
    return (int32_t)fmin(share * 1e6, (double)GEN_FORESIGHT_MOST_PPM);
}

struct gen_foresight_span gen_foresight_then(struct gen_foresight_span first,
                                             struct gen_foresight_span second)
{
    double late = hypot((double)(first.late - first.middle), (double)(second.late - second.middle));
    int64_t middle = first.middle + second.middle;

    return (struct gen_foresight_span){middle, middle + (int64_t)late};
}

struct gen_foresight_span gen_foresight_both(struct gen_foresight_span one,
                                             struct gen_foresight_span other)
{
    return (struct gen_foresight_span){one.middle > other.middle ? one.middle : other.middle,
                                       one.late > other.late ? one.late : other.late};
}

struct gen_foresight_span gen_foresight_queue(size_t place, size_t rooms,
                                              struct gen_foresight_span work)
{
    double turns = (double)place / (double)(rooms > 0 ? rooms : 1);
    double middle = turns * (double)work.middle;
    double late = sqrt(turns) * (double)(work.late - work.middle); /* they even out */

    return (struct gen_foresight_span){(int64_t)middle, (int64_t)(middle + late)};
}
