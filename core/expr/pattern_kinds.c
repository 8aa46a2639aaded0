/* pattern_kinds.c - see pattern_kinds.h. One kind is split by one class after the other. */
#include "expr/pattern_kinds.h"

#include "expr/unicode_classes.h"

#include <stdlib.h>

/* What is known of a kind while the class number `turn` splits it. */
struct kind_state {
    uint32_t size;   /* its ranges */
    uint32_t turn;   /* the rest is of this turn, else nothing */
    uint32_t inside; /* those of its ranges that the class holds */
    uint16_t fresh;  /* what these become; 0 = not known yet */
};

static int by_value(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

    return (one > two) - (one < two);
}

/* Every place where some class begins or ends begins a range. */
static bool cut(const struct gen_pattern_class *const *classes, uint32_t class_count,
                struct gen_arena *arena, struct gen_pattern_kinds *out)
{
    size_t room = 1, count = 1, kept = 0;

    for (uint32_t i = 0; i < class_count; i++) {
        room += 2 * (size_t)classes[i]->count;
    }
    out->firsts = gen_arena_array(arena, room, sizeof(*out->firsts));
    if (out->firsts == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < class_count; i++) { /* firsts[0] is 0 */
        for (uint32_t k = 0; k < classes[i]->count; k++) {
            out->firsts[count++] = classes[i]->ranges[k].first;
            if (classes[i]->ranges[k].last < GEN_UNICODE_LAST) {
                out->firsts[count++] = classes[i]->ranges[k].last + 1;
            }
        }
    }
    qsort(out->firsts, count, sizeof(*out->firsts), by_value);
    for (size_t i = 1; i < count; i++) {
        if (out->firsts[i] != out->firsts[kept]) {
            out->firsts[++kept] = out->firsts[i];
        }
    }
    out->range_count = (uint32_t)kept + 1;
    return true;
}

/* The range that begins with a character (there is one). */
static uint32_t range_at(const struct gen_pattern_kinds *kinds, uint32_t first)
{
    uint32_t low = 0, high = kinds->range_count - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (kinds->firsts[middle] < first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Counts a range of the class. */
static void count_inside(struct kind_state *state, uint32_t turn)
{
    if (state->turn != turn) {
        state->turn = turn;
        state->inside = 0;
        state->fresh = 0;
    }
    state->inside++;
}

/* The kind that a range of the class has from now on: a new one when only a part is in the class.
 *  */
static uint16_t move(struct gen_pattern_kinds *kinds, struct kind_state *states, uint16_t kind)
{
    struct kind_state *state = &states[kind];

    if (state->fresh == 0 && state->inside < state->size) {
        state->fresh = (uint16_t)kinds->count++;
        states[state->fresh].size = state->inside;
        state->size -= state->inside;
    }
    return state->fresh != 0 ? state->fresh : kind;
}

/* Splits every kind that the class holds a part of: one round to count, one to move. */
static void split(struct gen_pattern_kinds *kinds, const struct gen_pattern_class *class,
                  struct kind_state *states, uint32_t turn)
{
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < class->count; i++) {
            uint32_t range = range_at(kinds, class->ranges[i].first);

            for (; range < kinds->range_count && kinds->firsts[range] <= class->ranges[i].last;
                 range++) {
                uint16_t kind = kinds->kinds[range];

                if (round == 0) {
                    count_inside(&states[kind], turn);
                } else if (kinds->count < GEN_PATTERN_KINDS) {
                    kinds->kinds[range] = move(kinds, states, kind);
                }
            }
        }
    }
}

bool gen_pattern_kinds_find(const struct gen_pattern_class *const *classes, uint32_t class_count,
                            struct gen_arena *arena, struct gen_pattern_kinds *out)
{
    struct kind_state *states;

    *out = (struct gen_pattern_kinds){.count = 1};
    if (!cut(classes, class_count, arena, out)) {
        return false;
    }
    out->kinds = gen_arena_array(arena, out->range_count, sizeof(*out->kinds));
    out->samples = gen_arena_array(arena, out->range_count, sizeof(*out->samples));
    states = gen_arena_array(arena, out->range_count,
                             sizeof(*states)); /* no kind without a range */
    if (out->kinds == NULL || out->samples == NULL || states == NULL) {
        return false;
    }
    states[0].size = out->range_count;
    for (uint32_t i = 0; i < class_count && out->count < GEN_PATTERN_KINDS; i++) {
        split(out, classes[i], states, i + 1);
    }
    for (uint32_t i = out->range_count; i > 0; i--) {
        out->samples[out->kinds[i - 1]] = out->firsts[i - 1];
    }
    return true;
}
