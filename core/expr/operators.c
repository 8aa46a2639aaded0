/* operators.c - see operators.h. */
#include "expr/operators.h"

#include "expr/calendar.h"

#include <stdio.h>
#include <string.h>

static const struct {
    enum gen_tree_kind kind;
    const char *sign;
} signs[] = {
    {GEN_TREE_NOT, "!"},         {GEN_TREE_NEGATE, "-"},   {GEN_TREE_AND, "&&"},
    {GEN_TREE_OR, "||"},         {GEN_TREE_ADD, "+"},      {GEN_TREE_SUBTRACT, "-"},
    {GEN_TREE_MULTIPLY, "*"},    {GEN_TREE_DIVIDE, "/"},   {GEN_TREE_REMAINDER, "%"},
    {GEN_TREE_EQUAL, "=="},      {GEN_TREE_UNEQUAL, "!="}, {GEN_TREE_LESS, "<"},
    {GEN_TREE_LESS_EQUAL, "<="}, {GEN_TREE_GREATER, ">"},  {GEN_TREE_GREATER_EQUAL, ">="},
    {GEN_TREE_IN, "in"},
};

const char *gen_operator_sign(enum gen_tree_kind kind)
{
    size_t i;

    for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (signs[i].kind == kind) {
            return signs[i].sign;
        }
    }
    return NULL;
}

/* What the arithmetic operators take. */
static const struct arithmetic {
    enum gen_tree_kind kind;
    enum gen_kind a, b;
    const struct gen_type *result;
} arithmetics[] = {
    {GEN_TREE_ADD, GEN_KIND_INT, GEN_KIND_INT, &gen_type_int},
    {GEN_TREE_ADD, GEN_KIND_UINT, GEN_KIND_UINT, &gen_type_uint},
    {GEN_TREE_ADD, GEN_KIND_DOUBLE, GEN_KIND_DOUBLE, &gen_type_double},
    {GEN_TREE_ADD, GEN_KIND_STRING, GEN_KIND_STRING, &gen_type_string},
    {GEN_TREE_ADD, GEN_KIND_BYTES, GEN_KIND_BYTES, &gen_type_bytes},
    {GEN_TREE_ADD, GEN_KIND_LIST, GEN_KIND_LIST, &gen_type_list},
    {GEN_TREE_ADD, GEN_KIND_TIMESTAMP, GEN_KIND_DURATION, &gen_type_timestamp},
    {GEN_TREE_ADD, GEN_KIND_DURATION, GEN_KIND_TIMESTAMP, &gen_type_timestamp},
    {GEN_TREE_ADD, GEN_KIND_DURATION, GEN_KIND_DURATION, &gen_type_duration},
    {GEN_TREE_SUBTRACT, GEN_KIND_INT, GEN_KIND_INT, &gen_type_int},
    {GEN_TREE_SUBTRACT, GEN_KIND_UINT, GEN_KIND_UINT, &gen_type_uint},
    {GEN_TREE_SUBTRACT, GEN_KIND_DOUBLE, GEN_KIND_DOUBLE, &gen_type_double},
    {GEN_TREE_SUBTRACT, GEN_KIND_TIMESTAMP, GEN_KIND_DURATION, &gen_type_timestamp},
    {GEN_TREE_SUBTRACT, GEN_KIND_TIMESTAMP, GEN_KIND_TIMESTAMP, &gen_type_duration},
    {GEN_TREE_SUBTRACT, GEN_KIND_DURATION, GEN_KIND_DURATION, &gen_type_duration},
    {GEN_TREE_MULTIPLY, GEN_KIND_INT, GEN_KIND_INT, &gen_type_int},
    {GEN_TREE_MULTIPLY, GEN_KIND_UINT, GEN_KIND_UINT, &gen_type_uint},
    {GEN_TREE_MULTIPLY, GEN_KIND_DOUBLE, GEN_KIND_DOUBLE, &gen_type_double},
    {GEN_TREE_DIVIDE, GEN_KIND_INT, GEN_KIND_INT, &gen_type_int},
    {GEN_TREE_DIVIDE, GEN_KIND_UINT, GEN_KIND_UINT, &gen_type_uint},
    {GEN_TREE_DIVIDE, GEN_KIND_DOUBLE, GEN_KIND_DOUBLE, &gen_type_double},
    {GEN_TREE_REMAINDER, GEN_KIND_INT, GEN_KIND_INT, &gen_type_int},
    {GEN_TREE_REMAINDER, GEN_KIND_UINT, GEN_KIND_UINT, &gen_type_uint},
    {0},
};

static bool is_numeric(enum gen_kind kind)
{
    return kind == GEN_KIND_INT || kind == GEN_KIND_UINT || kind == GEN_KIND_DOUBLE;
}

static bool kind_fits(enum gen_kind want, const struct gen_type *type)
{
    return type->kind == want || type->kind == GEN_KIND_DYN;
}

static const struct gen_type *arithmetic_type(enum gen_tree_kind kind, const struct gen_type *a,
                                              const struct gen_type *b)
{
    const struct arithmetic *row;
    const struct gen_type *result = NULL;

    for (row = arithmetics; row->result != NULL; row++) {
        if (row->kind != kind || !kind_fits(row->a, a) || !kind_fits(row->b, b)) {
            continue;
        }
        if (result != NULL && result != row->result) {
            return &gen_type_dyn;
        }
        result = row->result;
    }
    if (result == &gen_type_list && gen_type_same(a, b)) {
        return a;
    }
    return result;
}

static bool comparable(const struct gen_type *a, const struct gen_type *b)
{
    return gen_type_fits(a, b) || (is_numeric(a->kind) && is_numeric(b->kind));
}

static bool has_order(const struct gen_type *type)
{
    return type->kind == GEN_KIND_BOOL || is_numeric(type->kind) || type->kind == GEN_KIND_STRING ||
           type->kind == GEN_KIND_BYTES || type->kind == GEN_KIND_TIMESTAMP ||
           type->kind == GEN_KIND_DURATION || type->kind == GEN_KIND_DYN;
}

static const struct gen_type *in_type(const struct gen_type *a, const struct gen_type *b)
{
    if (b->kind == GEN_KIND_DYN || b->kind == GEN_KIND_RECORD) {
        return &gen_type_bool;
    }
    if (b->kind != GEN_KIND_LIST && b->kind != GEN_KIND_MAP) {
        return NULL;
    }
    return comparable(a, b->kind == GEN_KIND_LIST ? b->item : b->key) ? &gen_type_bool : NULL;
}

const struct gen_type *gen_operator_type(enum gen_tree_kind kind, const struct gen_type *a,
                                         const struct gen_type *b)
{
    switch (kind) {
    case GEN_TREE_EQUAL:
    case GEN_TREE_UNEQUAL: /* null may be compared with anything */
        return comparable(a, b) || a->kind == GEN_KIND_NULL || b->kind == GEN_KIND_NULL
                   ? &gen_type_bool
                   : NULL;
    case GEN_TREE_LESS:
    case GEN_TREE_LESS_EQUAL:
    case GEN_TREE_GREATER:
    case GEN_TREE_GREATER_EQUAL:
        return comparable(a, b) && has_order(a) && has_order(b) ? &gen_type_bool : NULL;
    case GEN_TREE_IN:
        return in_type(a, b);
    default:
        return arithmetic_type(kind, a, b);
    }
}

struct gen_value gen_operator_refused(struct gen_run *run, enum gen_tree_kind kind,
                                      struct gen_value a, struct gen_value b)
{
    if (gen_value_is(a, GEN_KIND_FAULT)) {
        return a;
    }
    if (gen_value_is(b, GEN_KIND_FAULT)) {
        return b;
    }
    return gen_value_fault(run->arena, "no such overload: %s %s %s", gen_value_type_name(a),
                           gen_operator_sign(kind), gen_value_type_name(b));
}

static struct gen_value overflow(struct gen_run *run, const char *type)
{
    return gen_value_fault(run->arena, "the result is out of the range of %s (overflow)", type);
}

static struct gen_value int_arithmetic(struct gen_run *run, enum gen_tree_kind kind, int64_t a,
                                       int64_t b)
{
    int64_t result = 0;
    bool over;

    switch (kind) {
    case GEN_TREE_ADD:
        over = __builtin_add_overflow(a, b, &result);
        break;
    case GEN_TREE_SUBTRACT:
        over = __builtin_sub_overflow(a, b, &result);
        break;
    case GEN_TREE_MULTIPLY:
        over = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        if (b == 0) {
            return gen_value_fault(run->arena, kind == GEN_TREE_DIVIDE ? "division by zero"
                                                                       : "remainder by zero");
        }
        over = a == INT64_MIN && b == -1; /* would trap */
        result = over ? 0 : kind == GEN_TREE_DIVIDE ? a / b : a % b;
        break;
    }
    return over ? overflow(run, "int") : gen_value_int(result);
}

static struct gen_value uint_arithmetic(struct gen_run *run, enum gen_tree_kind kind, uint64_t a,
                                        uint64_t b)
{
    uint64_t result = 0;
    bool over = false;

    switch (kind) {
    case GEN_TREE_ADD:
        over = __builtin_add_overflow(a, b, &result);
        break;
    case GEN_TREE_SUBTRACT:
        over = __builtin_sub_overflow(a, b, &result);
        break;
    case GEN_TREE_MULTIPLY:
        over = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        if (b == 0) {
            return gen_value_fault(run->arena, kind == GEN_TREE_DIVIDE ? "division by zero"
                                                                       : "remainder by zero");
        }
        result = kind == GEN_TREE_DIVIDE ? a / b : a % b;
        break;
    }
    return over ? overflow(run, "uint") : gen_value_uint(result);
}

/* Division by zero gives an infinity or NaN, as IEEE 754 says. */
__attribute__((no_sanitize("float-divide-by-zero"))) static struct gen_value double_arithmetic(
    struct gen_run *run, enum gen_tree_kind kind, double a, double b)
{
    switch (kind) {
    case GEN_TREE_ADD:
        return gen_value_double(a + b);
    case GEN_TREE_SUBTRACT:
        return gen_value_double(a - b);
    case GEN_TREE_MULTIPLY:
        return gen_value_double(a * b);
    case GEN_TREE_DIVIDE:
        return gen_value_double(a / b);
    default:
        return gen_operator_refused(run, kind, gen_value_double(a), gen_value_double(b));
    }
}

static struct gen_value moment_of(struct gen_run *run, bool fits, int64_t seconds, uint32_t nanos)
{
    return fits ? gen_value_timestamp(seconds, nanos)
                : gen_value_fault(run->arena, "the timestamp is outside the years 1 to 9999");
}

static struct gen_value span_of(struct gen_run *run, bool fits, int64_t nanos)
{
    return fits ? gen_value_duration(nanos)
                : gen_value_fault(run->arena, "the duration is longer than 292 years");
}

static struct gen_value time_sum(struct gen_run *run, struct gen_value a, struct gen_value b)
{
    int64_t whole = 0;
    uint32_t nanos = 0;
    bool fits;

    if (a.kind == GEN_KIND_DURATION && b.kind == GEN_KIND_DURATION) {
        fits = gen_duration_add(a.as.integer, b.as.integer, &whole);
        return span_of(run, fits, whole);
    }
    if (a.kind == GEN_KIND_DURATION && b.kind == GEN_KIND_TIMESTAMP) {
        return time_sum(run, b, a);
    }
    if (a.kind != GEN_KIND_TIMESTAMP || b.kind != GEN_KIND_DURATION) {
        return gen_operator_refused(run, GEN_TREE_ADD, a, b);
    }
    fits = gen_calendar_add(a.as.integer, a.size, b.as.integer, &whole, &nanos);
    return moment_of(run, fits, whole, nanos);
}

static struct gen_value time_difference(struct gen_run *run, struct gen_value a, struct gen_value b)
{
    int64_t whole = 0;
    uint32_t nanos = 0;
    bool fits;

    if (a.kind == GEN_KIND_DURATION && b.kind == GEN_KIND_DURATION) {
        fits = gen_duration_subtract(a.as.integer, b.as.integer, &whole);
        return span_of(run, fits, whole);
    }
    if (a.kind == GEN_KIND_TIMESTAMP && b.kind == GEN_KIND_TIMESTAMP) {
        fits = gen_calendar_difference(a.as.integer, a.size, b.as.integer, b.size, &whole);
        return span_of(run, fits, whole);
    }
    if (a.kind != GEN_KIND_TIMESTAMP || b.kind != GEN_KIND_DURATION) {
        return gen_operator_refused(run, GEN_TREE_SUBTRACT, a, b);
    }
    fits = gen_calendar_subtract(a.as.integer, a.size, b.as.integer, &whole, &nanos);
    return moment_of(run, fits, whole, nanos);
}

static struct gen_value time_arithmetic(struct gen_run *run, enum gen_tree_kind kind,
                                        struct gen_value a, struct gen_value b)
{
    if (kind != GEN_TREE_ADD && kind != GEN_TREE_SUBTRACT) {
        return gen_operator_refused(run, kind, a, b);
    }
    return kind == GEN_TREE_ADD ? time_sum(run, a, b) : time_difference(run, a, b);
}

static struct gen_value joined(struct gen_run *run, struct gen_value a, struct gen_value b)
{
    size_t each = a.kind == GEN_KIND_LIST ? sizeof(struct gen_value) : 1;
    uint64_t size = ((uint64_t)a.size + b.size) * each;
    char *room;

    if ((uint64_t)a.size + b.size > UINT32_MAX || !gen_run_charge(run, size)) {
        return gen_run_exhausted();
    }
    room = gen_arena_alloc(run->arena, size);
    if (room == NULL) {
        return gen_run_no_memory();
    }
    if (a.size > 0) {
        memcpy(room, a.as.text, a.size * each);
    }
    if (b.size > 0) {
        memcpy(room + a.size * each, b.as.text, b.size * each);
    }
    a.size += b.size;
    a.as.text = room;
    return a;
}

static struct gen_value arithmetic(struct gen_run *run, enum gen_tree_kind kind, struct gen_value a,
                                   struct gen_value b)
{
    if (a.kind != b.kind) {
        return a.kind == GEN_KIND_TIMESTAMP || a.kind == GEN_KIND_DURATION
                   ? time_arithmetic(run, kind, a, b)
                   : gen_operator_refused(run, kind, a, b);
    }
    switch (a.kind) {
    case GEN_KIND_INT:
        return int_arithmetic(run, kind, a.as.integer, b.as.integer);
    case GEN_KIND_UINT:
        return uint_arithmetic(run, kind, a.as.natural, b.as.natural);
    case GEN_KIND_DOUBLE:
        return double_arithmetic(run, kind, a.as.real, b.as.real);
    case GEN_KIND_TIMESTAMP:
    case GEN_KIND_DURATION:
        return time_arithmetic(run, kind, a, b);
    case GEN_KIND_STRING:
    case GEN_KIND_BYTES:
    case GEN_KIND_LIST:
        return kind == GEN_TREE_ADD ? joined(run, a, b) : gen_operator_refused(run, kind, a, b);
    default:
        return gen_operator_refused(run, kind, a, b);
    }
}

static struct gen_value compared(struct gen_run *run, enum gen_tree_kind kind, struct gen_value a,
                                 struct gen_value b)
{
    int result = gen_value_compare(a, b);

    if (result == GEN_UNORDERED) {
        return gen_operator_refused(run, kind, a, b);
    }
    if (result == 2) { /* NaN */
        return gen_value_bool(false);
    }
    switch (kind) {
    case GEN_TREE_LESS:
        return gen_value_bool(result < 0);
    case GEN_TREE_LESS_EQUAL:
        return gen_value_bool(result <= 0);
    case GEN_TREE_GREATER:
        return gen_value_bool(result > 0);
    default:
        return gen_value_bool(result >= 0);
    }
}

static struct gen_value contained(struct gen_run *run, struct gen_value a, struct gen_value b)
{
    char name[64];
    uint32_t i;

    switch (b.kind) {
    case GEN_KIND_LIST:
        for (i = 0; i < b.size; i++) {
            if (gen_value_equal_within(a, b.as.items[i], &run->budget)) {
                return gen_value_bool(true);
            }
        }
        return run->budget > 0 ? gen_value_bool(false) : gen_run_exhausted();
    case GEN_KIND_MAP:
        return gen_value_bool(gen_table_get(b.as.table, a) != NULL);
    case GEN_KIND_RECORD:
        if (a.kind == GEN_KIND_STRING && a.size < sizeof(name)) {
            int index;

            snprintf(name, sizeof(name), "%.*s", (int)a.size, a.as.text);
            index = gen_shape_index(b.as.record->shape, name);
            return gen_value_bool(index >= 0 && b.as.record->fields[index].kind != GEN_KIND_NONE);
        }
        return gen_value_bool(false);
    default:
        return gen_operator_refused(run, GEN_TREE_IN, a, b);
    }
}

struct gen_value gen_operator_binary(struct gen_run *run, enum gen_tree_kind kind,
                                     struct gen_value a, struct gen_value b)
{
    bool equal;

    if (a.kind == GEN_KIND_FAULT || b.kind == GEN_KIND_FAULT) {
        return a.kind == GEN_KIND_FAULT ? a : b;
    }
    switch (kind) {
    case GEN_TREE_EQUAL:
    case GEN_TREE_UNEQUAL:
        equal = gen_value_equal_within(a, b, &run->budget);
        return run->budget > 0 ? gen_value_bool(equal == (kind == GEN_TREE_EQUAL))
                               : gen_run_exhausted();
    case GEN_TREE_LESS:
    case GEN_TREE_LESS_EQUAL:
    case GEN_TREE_GREATER:
    case GEN_TREE_GREATER_EQUAL:
        return compared(run, kind, a, b);
    case GEN_TREE_IN:
        return contained(run, a, b);
    default:
        return arithmetic(run, kind, a, b);
    }
}

struct gen_value gen_operator_negate(struct gen_run *run, struct gen_value a)
{
    switch (a.kind) {
    case GEN_KIND_INT:
        return a.as.integer == INT64_MIN ? overflow(run, "int") : gen_value_int(-a.as.integer);
    case GEN_KIND_DOUBLE:
        return gen_value_double(-a.as.real);
    case GEN_KIND_FAULT:
        return a;
    default:
        return gen_value_fault(run->arena, "no such overload: -%s", gen_value_type_name(a));
    }
}

static const struct gen_value *find_item(struct gen_run *run, struct gen_value a,
                                         struct gen_value b, struct gen_value *wrong)
{
    int64_t index;

    if (!gen_value_whole(b, &index)) {
        *wrong = gen_value_fault(run->arena, "a list has no index that is %s",
                                 b.kind == GEN_KIND_DOUBLE ? "not whole" : gen_value_type_name(b));
        return NULL;
    }
    return index >= 0 && index < a.size ? &a.as.items[index] : NULL;
}

static const struct gen_value *find_field(const struct gen_record_value *record,
                                          struct gen_value name)
{
    const struct gen_shape_field *field = record->shape->fields;
    size_t i;

    for (i = 0; name.kind == GEN_KIND_STRING && field[i].name != NULL; i++) {
        if (strlen(field[i].name) == name.size &&
            memcmp(field[i].name, name.as.text, name.size) == 0) {
            return record->fields[i].kind != GEN_KIND_NONE ? &record->fields[i] : NULL;
        }
    }
    return NULL;
}

const struct gen_value *gen_operator_find(struct gen_run *run, struct gen_value a,
                                          struct gen_value b, struct gen_value *wrong)
{
    if (a.kind == GEN_KIND_FAULT || b.kind == GEN_KIND_FAULT) {
        *wrong = a.kind == GEN_KIND_FAULT ? a : b;
        return NULL;
    }
    switch (a.kind) {
    case GEN_KIND_LIST:
        return find_item(run, a, b, wrong);
    case GEN_KIND_MAP:
        if (b.kind != GEN_KIND_STRING && b.kind != GEN_KIND_BOOL &&
            !is_numeric((enum gen_kind)b.kind)) {
            *wrong = gen_value_fault(run->arena, "a map has no keys that are %s",
                                     gen_value_type_name(b));
            return NULL;
        }
        return gen_table_get(a.as.table, b);
    case GEN_KIND_RECORD:
        return find_field(a.as.record, b);
    default:
        *wrong = gen_value_fault(run->arena, "no such overload: %s[%s]", gen_value_type_name(a),
                                 gen_value_type_name(b));
        return NULL;
    }
}

static struct gen_value absent(struct gen_run *run, struct gen_value a, struct gen_value b)
{
    int64_t index = 0;

    if (a.kind == GEN_KIND_LIST && gen_value_whole(b, &index)) {
        return gen_value_fault(
            run->arena,
            a.size == 0   ? "index %lld is out of range: the list is empty"
            : a.size == 1 ? "index %lld is out of range: the list has one item, whose index is 0"
                          : "index %lld is out of range: the list has %u items, from 0 to %u",
            (long long)index, a.size, a.size - 1);
    }
    if (b.kind == GEN_KIND_STRING) {
        return gen_value_fault(run->arena, "no such key: %.*s", (int)(b.size < 80 ? b.size : 80),
                               b.as.text);
    }
    return gen_value_fault(run->arena, "no such key");
}

struct gen_value gen_operator_index(struct gen_run *run, struct gen_value a, struct gen_value b)
{
    struct gen_value wrong = {0};
    const struct gen_value *found = gen_operator_find(run, a, b, &wrong);

    if (found != NULL) {
        return *found;
    }
    return wrong.kind != GEN_KIND_NONE ? wrong : absent(run, a, b);
}
