/* pattern_classes_test.c - names, folding, and the rules that every class keeps. */
#include "base/check.h"
#include "expr/pattern_classes.h"
#include "expr/unicode_classes.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

static void expect_in_order(const struct gen_pattern_class *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        cr_expect(le(u32, set->ranges[i].first, set->ranges[i].last));
        cr_expect(i == 0 || set->ranges[i].first > set->ranges[i - 1].last + 1);
    }
    cr_expect(set->count == 0 || set->ranges[set->count - 1].last <= GEN_UNICODE_LAST);
}

Test(pattern_classes, overlaps)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_pattern_class set = {0};

    cr_assert(gen_pattern_class_add(&set, 'm', 'p', false, arena));
    cr_assert(gen_pattern_class_add(&set, 'a', 'c', false, arena));
    cr_assert(gen_pattern_class_add(&set, 'b', 'd', false, arena));
    cr_assert(gen_pattern_class_add(&set, 'e', 'e', false, arena)); /* touches */
    cr_assert(gen_pattern_class_add(&set, 'n', 'o', false, arena)); /* inside */
    gen_pattern_class_finish(&set);
    expect_in_order(&set);
    cr_expect(eq(u32, set.count, 2));
    cr_expect(gen_pattern_class_has(&set, 'e') && gen_pattern_class_has(&set, 'p'));
    cr_expect(not(gen_pattern_class_has(&set, 'f')));
    cr_expect(not(gen_pattern_class_has(&set, 'q')));
    cr_assert(gen_pattern_class_negate(&set, arena));
    expect_in_order(&set);
    cr_expect(eq(u32, set.count, 3));
    cr_expect(gen_pattern_class_has(&set, 0) && gen_pattern_class_has(&set, GEN_UNICODE_LAST));
    cr_expect(not(gen_pattern_class_has(&set, 'e')));
    cr_expect(gen_pattern_class_has(&set, 'f'));
    gen_arena_destroy(arena);
}

/* The ends: nothing, everything, and back. */
Test(pattern_classes, negation)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_pattern_class set = {0};

    gen_pattern_class_finish(&set);
    cr_expect(not(gen_pattern_class_has(&set, 'a')));
    cr_assert(gen_pattern_class_negate(&set, arena));
    cr_expect(eq(u32, set.count, 1));
    cr_expect(eq(u32, set.ranges[0].last, GEN_UNICODE_LAST));
    cr_assert(gen_pattern_class_negate(&set, arena));
    cr_expect(eq(u32, set.count, 0));
    gen_arena_destroy(arena);
}

Test(pattern_classes, unicode)
{
    static const struct {
        const char *name;
        uint32_t in, out;
    } cases[] = {
        {"L", 0xE9, '1'},        {"Lu", 'A', 'a'},        {"Ll", 0x3B1, 0x391},
        {"Lt", 0x1C5, 0x1C4},    {"N", 0xBD, 'x'},        {"Nd", 0x661, 0xBD},
        {"P", '!', '+'},         {"S", '+', '!'},         {"Sc", 0x20AC, 'E'},
        {"Z", 0x2028, '\n'},     {"Zs", 0xA0, 0x2028},    {"C", 0xE000, ' '},
        {"Cs", 0xD800, 0xE000},  {"M", 0x301, 'a'},       {"Any", 0x10FFFF, 0x110000},
        {"Greek", 0x3B1, 'a'},   {"Latin", 0xE9, 0x3B1},  {"Cyrillic", 0x416, 'X'},
        {"Han", 0x65E5, 0x3042}, {"Hiragana", 0x3042, 0x30A2}, {"Katakana", 0x30A2, 0x3042},
        {"Arabic", 0x627, 0x5D0}, {"Hebrew", 0x5D0, 0x627}, {"Thai", 0xE01, 0xE81},
        {"Hangul", 0xAC00, 0x65E5}, {"Devanagari", 0x905, 0x985}, {"Bengali", 0x985, 0x905},
        {"Common", '1', 'a'},    {"Inherited", 0x301, 'a'},
        {"C", 0x7F, 0x378}, /* what is not assigned is in none but Any */
        {"Old_Italic", 0x10300, 'a'},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_pattern_class set = {0};
        bool known = false;

        cr_assert(gen_pattern_class_unicode(&set, cases[i].name, strlen(cases[i].name), false, arena,
                                            &known));
        cr_expect(known);
        expect_in_order(&set);
        cr_expect(gen_pattern_class_has(&set, cases[i].in), "%s", cases[i].name);
        cr_expect(not(gen_pattern_class_has(&set, cases[i].out)), "%s", cases[i].name);
        gen_arena_destroy(arena);
    }
}

Test(pattern_classes, unknown_names)
{
    static const char *const names[] = {"", "greek", "GREEK", "Gree", "Greekx", "any", "Cn", "X", "lu"};

    for (size_t i = 0; i < GEN_COUNT(names); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_pattern_class set = {0};
        bool known = true;

        cr_assert(gen_pattern_class_unicode(&set, names[i], strlen(names[i]), false, arena, &known));
        cr_expect(not(known), "%s", names[i]);
        known = true;
        cr_assert(gen_pattern_class_posix(&set, names[i], strlen(names[i]), false, arena, &known));
        cr_expect(not(known), "%s", names[i]);
        gen_arena_destroy(arena);
    }
}

/* Every character of every circle finds all others, and the class of one is the class of each. */
Test(pattern_classes, folding_closes)
{
    size_t folded = 0;

    for (uint32_t row = 0; row < gen_unicode_fold_count; row++) {
        for (uint32_t c = gen_unicode_folds[row].first; c <= gen_unicode_folds[row].last; c++) {
            struct gen_arena *arena = gen_arena_create(0);
            struct gen_pattern_class set = {0};

            cr_assert(gen_pattern_class_add(&set, c, c, true, arena));
            gen_pattern_class_finish(&set);
            expect_in_order(&set);
            for (uint32_t i = 0; i < set.count; i++) {
                for (uint32_t other = set.ranges[i].first; other <= set.ranges[i].last; other++) {
                    struct gen_pattern_class back = {0};

                    cr_assert(gen_pattern_class_add(&back, other, other, true, arena));
                    gen_pattern_class_finish(&back);
                    cr_expect(eq(u32, back.count, set.count));
                    cr_expect(gen_pattern_class_has(&back, c));
                    folded += other != c;
                }
            }
            gen_arena_destroy(arena);
        }
    }
    cr_expect(gt(sz, folded, 2700));
}
