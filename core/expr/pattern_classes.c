/* pattern_classes.c - see pattern_classes.h. */
#include "expr/pattern_classes.h"

#include "expr/unicode_classes.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;   /* of [:name:], or the letter of \d, \s, \w */
    const char *ranges; /* pairs of first and last, all ASCII, none NUL */
    bool nul;           /* and NUL */
} names[] = {
    {"d", "09", false},           {"s", "\t\n\f\r  ", false},
    {"w", "09AZ__az", false},     {"alnum", "09AZaz", false},
    {"alpha", "AZaz", false},     {"ascii", "\x01\x7F", true},
    {"blank", "\t\t  ", false},   {"cntrl", "\x01\x1F\x7F\x7F", true},
    {"digit", "09", false},       {"graph", "!~", false},
    {"lower", "az", false},       {"print", " ~", false},
    {"punct", "!/:@[`{~", false}, {"space", "\t\r  ", false},
    {"upper", "AZ", false},       {"word", "09AZ__az", false},
    {"xdigit", "09AFaf", false},  {0},
};

static bool append(struct gen_pattern_class *set, uint32_t first, uint32_t last,
                   struct gen_arena *arena)
{
    struct gen_pattern_range *grown;

    if (set->count > 0 && set->ranges[set->count - 1].last + 1 == first) {
        set->ranges[set->count - 1].last = last; /* the tables come in order */
        return true;
    }
    if (set->count == set->room) {
        uint32_t room = set->room == 0 ? 2 : set->room * 2;

        grown = gen_arena_array(arena, room, sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        if (set->count > 0) {
            memcpy(grown, set->ranges, set->count * sizeof(*grown));
        }
        set->ranges = grown;
        set->room = room;
    }
    set->ranges[set->count].first = first;
    set->ranges[set->count++].last = last;
    return true;
}

/* The next character that is equal without case, for one of a fold's run. */
static uint32_t other_case(const struct gen_unicode_fold *fold, uint32_t codepoint)
{
    if (fold->delta == 0) {
        return (codepoint - fold->first) % 2 == 0 ? codepoint + 1 : codepoint - 1;
    }
    return (uint32_t)((int32_t)codepoint + fold->delta);
}

/* The first run that ends at or behind a character; the end of the table when there is none. */
static const struct gen_unicode_fold *find_fold(uint32_t codepoint)
{
    uint32_t low = 0, high = gen_unicode_fold_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (gen_unicode_folds[middle].last < codepoint) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return &gen_unicode_folds[low];
}

/* The other cases of first..last. A circle has at most four members, so three steps close it. */
static bool append_folded(struct gen_pattern_class *set, uint32_t first, uint32_t last,
                          struct gen_arena *arena)
{
    const struct gen_unicode_fold *fold = find_fold(first);

    for (; fold->last != 0 && fold->first <= last; fold++) {
        uint32_t from = first > fold->first ? first : fold->first;
        uint32_t to = last < fold->last ? last : fold->last;

        for (uint32_t c = from; c <= to; c++) {
            uint32_t other = other_case(fold, c);

            while (other != c) {
                if ((other < first || other > last) && !append(set, other, other, arena)) {
                    return false;
                }
                other = other_case(find_fold(other), other);
            }
        }
    }
    return true;
}

bool gen_pattern_class_add(struct gen_pattern_class *set, uint32_t first, uint32_t last, bool fold,
                           struct gen_arena *arena)
{
    GEN_CHECK(first <= last && last <= GEN_UNICODE_LAST);
    return append(set, first, last, arena) && (!fold || append_folded(set, first, last, arena));
}

bool gen_pattern_class_join(struct gen_pattern_class *set, const struct gen_pattern_class *more,
                            struct gen_arena *arena)
{
    for (uint32_t i = 0; i < more->count; i++) {
        if (!append(set, more->ranges[i].first, more->ranges[i].last, arena)) {
            return false;
        }
    }
    return true;
}

static int by_first(const void *a, const void *b)
{
    const struct gen_pattern_range *one = a, *two = b;

    return (one->first > two->first) - (one->first < two->first);
}

void gen_pattern_class_finish(struct gen_pattern_class *set)
{
    uint32_t kept = 0;

    if (set->count == 0) {
        return;
    }
    qsort(set->ranges, set->count, sizeof(*set->ranges), by_first);
    for (uint32_t i = 1; i < set->count; i++) {
        struct gen_pattern_range *last = &set->ranges[kept];

        if (set->ranges[i].first > last->last + 1) {
            set->ranges[++kept] = set->ranges[i];
        } else if (set->ranges[i].last > last->last) {
            last->last = set->ranges[i].last;
        }
    }
    set->count = kept + 1;
}

bool gen_pattern_class_negate(struct gen_pattern_class *set, struct gen_arena *arena)
{
    struct gen_pattern_class rest = {0};
    uint32_t next = 0; /* the first character not looked at */

    for (uint32_t i = 0; i < set->count; i++) {
        if (set->ranges[i].first > next && !append(&rest, next, set->ranges[i].first - 1, arena)) {
            return false;
        }
        next = set->ranges[i].last + 1;
    }
    if (next <= GEN_UNICODE_LAST && !append(&rest, next, GEN_UNICODE_LAST, arena)) {
        return false;
    }
    *set = rest;
    return true;
}

static bool add_name(struct gen_pattern_class *set, const char *name, size_t size, bool fold,
                     struct gen_arena *arena, bool *known)
{
    size_t row = 0;

    while (names[row].name != NULL &&
           (strlen(names[row].name) != size || memcmp(names[row].name, name, size) != 0)) {
        row++;
    }
    *known = names[row].name != NULL;
    if (!*known) {
        return true;
    }
    if (names[row].nul && !gen_pattern_class_add(set, 0, 0, fold, arena)) {
        return false;
    }
    for (const char *range = names[row].ranges; *range != '\0'; range += 2) {
        if (!gen_pattern_class_add(set, (unsigned char)range[0], (unsigned char)range[1], fold,
                                   arena)) {
            return false;
        }
    }
    gen_pattern_class_finish(set);
    return true;
}

bool gen_pattern_class_letter(struct gen_pattern_class *set, char letter, bool fold,
                              struct gen_arena *arena, bool *known)
{
    return add_name(set, &letter, 1, fold, arena, known);
}

bool gen_pattern_class_posix(struct gen_pattern_class *set, const char *name, size_t size,
                             bool fold, struct gen_arena *arena, bool *known)
{
    if (size < 2) { /* the letters are not names */
        *known = false;
        return true;
    }
    return add_name(set, name, size, fold, arena, known);
}

/* Marks the values (index + 1) of a table of names that are meant. */
static bool find_values(const char *const *table, const char *name, size_t size, bool group,
                        bool *wanted)
{
    bool found = false;

    for (size_t i = 0; table[i] != NULL; i++) {
        wanted[i + 1] = group ? table[i][0] == name[0]
                              : strlen(table[i]) == size && memcmp(table[i], name, size) == 0;
        found = found || wanted[i + 1];
    }
    return found;
}

bool gen_pattern_class_unicode(struct gen_pattern_class *set, const char *name, size_t size,
                               bool fold, struct gen_arena *arena, bool *known)
{
    bool wanted[256] = {false}; /* a value is one byte */
    const uint32_t *run = gen_unicode_categories;

    *known = true;
    if (size == 3 && memcmp(name, "Any", 3) == 0) {
        return gen_pattern_class_add(set, 0, GEN_UNICODE_LAST, false, arena);
    }
    if (size == 0 || !find_values(gen_unicode_category_names, name, size, size == 1, wanted)) {
        memset(wanted, 0, sizeof(wanted));
        run = gen_unicode_scripts;
        *known = size > 1 && find_values(gen_unicode_script_names, name, size, false, wanted);
    }
    for (; *known && *run != 0; run++) {
        uint32_t last = run[1] != 0 ? (run[1] >> 8) - 1 : GEN_UNICODE_LAST;

        if (wanted[*run & 0xFF] && !gen_pattern_class_add(set, *run >> 8, last, fold, arena)) {
            return false;
        }
    }
    gen_pattern_class_finish(set);
    return true;
}

bool gen_pattern_class_has(const struct gen_pattern_class *set, uint32_t codepoint)
{
    uint32_t low = 0, high = set->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (set->ranges[middle].last < codepoint) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->count && set->ranges[low].first <= codepoint;
}
