/* call.h - calls a function of the language by its name, for the tests of the rooms of functions.
 *
 * A case is a name (".charAt" is a method), its arguments and what must come out. check_cases runs each
 * one plainly, with every allocation failing in turn, and with every budget that is too small. */
#ifndef GEN_TESTS_UNIT_EXPR_CALL_H
#define GEN_TESTS_UNIT_EXPR_CALL_H

#include "base/alloc.h"
#include "expr/function.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#undef I /* of <complex.h> */
#define N gen_value_null()
#define B(x) gen_value_bool(x)
#define I(x) gen_value_int(x)
#define U(x) gen_value_uint(x)
#define R(x) gen_value_double(x)
#define S(x) gen_value_string("" x, sizeof(x) - 1)
#define Y(x) gen_value_bytes("" x, sizeof(x) - 1)
#define T(seconds, nanos) gen_value_timestamp(seconds, nanos)
#define D(nanos) gen_value_duration(nanos)
#define TYPE(x) gen_value_type(x)
#define LIST(...) \
    gen_value_list((struct gen_value[]){__VA_ARGS__}, \
                   GEN_COUNT(((struct gen_value[]){__VA_ARGS__})))
#define EMPTY gen_value_list(NULL, 0)
#define WRONG ((struct gen_value){.kind = GEN_KIND_FAULT})
#define CALL(name, want, ...) \
    { \
        name, want, GEN_COUNT(((struct gen_value[]){__VA_ARGS__})), \
        { \
            __VA_ARGS__ \
        } \
    }

enum { CALL_BUDGET = 1000000, CALL_ARGS = 8 };

struct call_case {
    const char *name;
    struct gen_value want;
    size_t count;
    struct gen_value args[CALL_ARGS];
};

static inline bool call_fits(char letter, struct gen_value value)
{
    static const struct {
        char letter;
        enum gen_kind kind;
    } letters[] = {
        {'n', GEN_KIND_NULL},   {'b', GEN_KIND_BOOL},      {'i', GEN_KIND_INT},
        {'u', GEN_KIND_UINT},   {'d', GEN_KIND_DOUBLE},    {'s', GEN_KIND_STRING},
        {'y', GEN_KIND_BYTES},  {'l', GEN_KIND_LIST},      {'m', GEN_KIND_MAP},
        {'m', GEN_KIND_RECORD}, {'t', GEN_KIND_TIMESTAMP}, {'D', GEN_KIND_DURATION},
        {'T', GEN_KIND_TYPE},   {'S', GEN_KIND_LIST},
    };

    for (size_t i = 0; i < GEN_COUNT(letters); i++) {
        if (letters[i].letter == letter && gen_value_is(value, letters[i].kind)) {
            return true;
        }
    }
    return letter == '*';
}

static inline bool call_takes(const struct gen_overload *row, bool method,
                              const struct gen_value *args, size_t count)
{
    const char *at = row->signature;

    if ((strchr(at, '.') != NULL) != method) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        at += *at == '.';
        if (*at == ':' || !call_fits(*at, args[i])) {
            return false;
        }
        at += at[1] == '+' ? 0 : 1;
    }
    at += *at == '.';
    return *at == ':' || at[1] == '+';
}

/* The first row of the name that takes the arguments, or NULL. */
static inline const struct gen_overload *call_find(const struct gen_overload *table,
                                                   const char *name, const struct gen_value *args,
                                                   size_t count)
{
    bool method = name[0] == '.';

    for (; table->name != NULL; table++) {
        if (strcmp(table->name, name + method) == 0 && call_takes(table, method, args, count)) {
            return table;
        }
    }
    return NULL;
}

/* Type and value alike: 1 is not 1.0, NaN is NaN, -0.0 is not 0.0. */
static inline bool call_same(struct gen_value a, struct gen_value b)
{
    if (a.kind != b.kind) {
        return false;
    }
    switch (a.kind) {
    case GEN_KIND_FAULT:
        return true;
    case GEN_KIND_DOUBLE:
        return isnan(a.as.real)
                   ? isnan(b.as.real)
                   : a.as.real == b.as.real && signbit(a.as.real) == signbit(b.as.real);
    case GEN_KIND_LIST:
        for (uint32_t i = 0; a.size == b.size && i < a.size; i++) {
            if (!call_same(a.as.items[i], b.as.items[i])) {
                return false;
            }
        }
        return a.size == b.size;
    default:
        return gen_value_equal(a, b);
    }
}

static inline const char *call_text(struct gen_value value, char *out, size_t size)
{
    switch (value.kind) {
    case GEN_KIND_BOOL:
    case GEN_KIND_INT:
    case GEN_KIND_UINT:
    case GEN_KIND_DURATION:
        snprintf(out, size, "%s %" PRId64, gen_value_type_name(value), value.as.integer);
        break;
    case GEN_KIND_DOUBLE:
        snprintf(out, size, "double %.17g", value.as.real);
        break;
    case GEN_KIND_STRING:
    case GEN_KIND_BYTES:
        snprintf(out, size, "'%.*s'", (int)value.size, value.size > 0 ? value.as.text : "");
        break;
    case GEN_KIND_FAULT:
        snprintf(out, size, "fault: %s", value.as.fault != NULL ? value.as.fault->message : "any");
        break;
    default:
        snprintf(out, size, "a %s", gen_value_type_name(value));
    }
    return out;
}

/* Calls a row with an allocation that fails (0 = none) and a budget; the result must be right, or, when
 * `strained`, a final fault. Returns whether it was right. */
static inline bool call_once(const struct gen_overload *row, const struct call_case *one, long nth,
                             uint64_t budget, bool strained)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = budget};
    struct gen_value got;
    char left[400], right[400];
    bool good, stopped;

    cr_assert(arena != NULL);
    gen_alloc_fail_at(nth);
    got = row->run(&run, one->args, one->count);
    gen_alloc_fail_at(0);
    good = call_same(got, one->want);
    stopped = gen_value_is(got, GEN_KIND_FAULT) && got.as.fault->final;
    if (gen_value_is(got, GEN_KIND_FAULT)) {
        cr_expect(got.as.fault->message != NULL && got.as.fault->message[0] != '\0');
    }
    if (gen_value_is(one->want, GEN_KIND_FAULT)) {
        good = good && !stopped;
    }
    cr_expect(good || (strained && stopped), "%s %s: %s instead of %s", one->name, row->signature,
              call_text(got, left, sizeof(left)), call_text(one->want, right, sizeof(right)));
    gen_arena_destroy(arena);
    return good;
}

/* The letter of the result says what comes out. */
static inline void call_check_result(const struct gen_overload *row, const struct call_case *one)
{
    char letter = strchr(row->signature, ':')[1];

    cr_expect(gen_value_is(one->want, GEN_KIND_FAULT) || call_fits(letter, one->want), "%s %s",
              row->name, row->signature);
}

/* A row that does not exist is what WRONG stands for as well. */
static inline void check_cases(const struct gen_overload *table, const struct call_case *cases,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct call_case *one = &cases[i];
        const struct gen_overload *row = call_find(table, one->name, one->args, one->count);
        uint64_t budget = 0;
        long nth = 1;

        if (row == NULL) {
            cr_expect(gen_value_is(one->want, GEN_KIND_FAULT), "case %zu: no row for %s", i,
                      one->name);
            continue;
        }
        call_check_result(row, one);
        cr_assert(call_once(row, one, 0, CALL_BUDGET, false), "case %zu, %s", i, one->name);
        while (!call_once(row, one, nth, CALL_BUDGET, true)) {
            nth++;
            cr_assert(nth < 10000);
        }
        while (!call_once(row, one, 0, budget, true)) {
            budget++;
            cr_assert(budget < CALL_BUDGET);
        }
    }
}

#endif
