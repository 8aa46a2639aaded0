/* slicing.c - see slicing.h. */
#include "decide/slicing.h"

#include <string.h>

/* What calls may fall short of the longest together is counted in units of what all lengths have in
 * common: so many of them are looked at. */
enum { SLICING_UNITS = 4096, SLICING_NEVER = 255 };

static int64_t slicing_longest(const struct gen_model *model)
{
    int64_t longest = model->duration_count == 0 ? model->max_duration_ms : 0;

    for (size_t i = 0; i < model->duration_count; i++) {
        longest = model->durations_ms[i] > longest ? model->durations_ms[i] : longest;
    }
    return longest;
}

/* The greatest length that divides every difference to the longest; 0 = there is one length only. */
static int64_t slicing_unit(const struct gen_model *model, int64_t longest)
{
    int64_t unit = 0;

    for (size_t i = 0; i < model->duration_count; i++) {
        int64_t rest = longest - model->durations_ms[i];

        while (rest != 0) {
            int64_t next = unit % rest;

            unit = rest;
            rest = next;
        }
    }
    return unit;
}

/* The lengths of `count` calls, the longest first: together they may fall short of `count` times the
 * longest by `slack`, and come as near to that as they can. */
static void slicing_lengths(const struct gen_model *model, int64_t longest, int64_t slack,
                            size_t count, struct gen_slice *out)
{
    int64_t unit = slicing_unit(model, longest);
    int64_t units = unit == 0 ? 0 : slack / unit;
    uint8_t calls[SLICING_UNITS + 1]; /* fewest calls that fall short by exactly so many units */
    size_t last[SLICING_UNITS + 1] = {0}; /* the last one of them: index of its length */
    int64_t best = 0;
    size_t at = count;

    for (size_t i = 0; i < count; i++) {
        out[i].ordered_ms = longest;
    }
    if (units > SLICING_UNITS) {
        units = 0; /* lengths that have nothing in common: the longest will do */
    }
    memset(calls, SLICING_NEVER, sizeof(calls));
    calls[0] = 0;
    for (int64_t n = 1; n <= units; n++) {
        for (size_t i = 0; i < model->duration_count; i++) {
            int64_t less = (longest - model->durations_ms[i]) / unit;

            if (less > 0 && less <= n && calls[n - less] < count &&
                calls[n - less] + 1 < calls[n]) {
                calls[n] = (uint8_t)(calls[n - less] + 1);
                last[n] = i;
            }
        }
        best = calls[n] <= count ? n : best;
    }
    while (best > 0) {
        out[--at].ordered_ms = model->durations_ms[last[best]];
        best -= (longest - out[at].ordered_ms) / unit;
    }
}

/* Each call shows of the scene what its length is of all of them. */
static void slicing_parts(int64_t scene_ms, size_t count, struct gen_slice *out)
{
    int64_t total = 0, before = 0;

    for (size_t i = 0; i < count; i++) {
        total += out[i].ordered_ms;
    }
    for (size_t i = 0; i < count; i++) {
        out[i].from_ms = scene_ms * before / total;
        before += out[i].ordered_ms;
        out[i].shown_ms = scene_ms * before / total - out[i].from_ms;
    }
}

size_t gen_slicing_plan(const struct gen_model *model, int64_t scene_ms,
                        struct gen_slice out[GEN_SLICING_MOST])
{
    int64_t longest = slicing_longest(model);
    int64_t calls;
    size_t count;

    if (longest < 1 || scene_ms < 1) {
        return 0; /* a model without a length gives nothing to divide by */
    }
    calls = (scene_ms - 1) / longest + 1;
    count = (size_t)calls;
    if (calls > GEN_SLICING_MOST) {
        return 0;
    }
    if (model->duration_count > 0) {
        slicing_lengths(model, longest, calls * longest - scene_ms, count, out);
        slicing_parts(scene_ms, count, out);
        return count;
    }
    for (size_t i = 0; i < count; i++) {
        out[i].ordered_ms = 1; /* equal parts of any length */
    }
    slicing_parts(scene_ms, count, out);
    for (size_t i = 0; i < count; i++) {
        out[i].ordered_ms = out[i].shown_ms < model->min_duration_ms ? model->min_duration_ms
                                                                     : out[i].shown_ms;
    }
    return count;
}
