/* optional_functions.c - see optional_functions.h. */
#include "expr/optional_functions.h"

struct gen_value gen_optional_of(struct gen_run *run, struct gen_value value)
{
    struct gen_value *copy = gen_arena_alloc(run->arena, sizeof(*copy));

    if (copy == NULL) {
        return gen_run_no_memory();
    }
    *copy = value;
    return (struct gen_value){.kind = GEN_KIND_OPTIONAL, .as.optional = copy};
}

static struct gen_value of(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    return gen_optional_of(run, args[0]);
}

static struct gen_value none(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run;
    (void)args;
    (void)count;
    return (struct gen_value){.kind = GEN_KIND_OPTIONAL};
}

/* What a type begins with: null, false, 0, an empty text, list or map. */
static bool is_zero(struct gen_value value)
{
    switch (value.kind) {
    case GEN_KIND_NULL:
        return true;
    case GEN_KIND_BOOL:
        return !value.as.boolean;
    case GEN_KIND_DOUBLE:
        return !(value.as.real < 0 || value.as.real > 0) && value.as.real == value.as.real;
    case GEN_KIND_STRING:
    case GEN_KIND_BYTES:
    case GEN_KIND_LIST:
        return value.size == 0;
    case GEN_KIND_MAP:
        return gen_table_count(value.as.table) == 0;
    case GEN_KIND_OPTIONAL:
        return value.as.optional == NULL;
    case GEN_KIND_INT:
    case GEN_KIND_UINT:
    case GEN_KIND_DURATION:
        return value.as.natural == 0;
    default:
        return false;
    }
}

static struct gen_value of_non_zero(struct gen_run *run, const struct gen_value *args, size_t count)
{
    return is_zero(args[0]) ? none(run, args, count) : gen_optional_of(run, args[0]);
}

static struct gen_value has_value(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run;
    (void)count;
    return gen_value_bool(args[0].as.optional != NULL);
}

static struct gen_value value_of(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)count;
    return args[0].as.optional != NULL
               ? *args[0].as.optional
               : gen_value_fault(run->arena, "the optional has no value; use orValue()");
}

static struct gen_value or_other(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run;
    (void)count;
    return args[0].as.optional != NULL ? args[0] : args[1];
}

static struct gen_value or_value(struct gen_run *run, const struct gen_value *args, size_t count)
{
    (void)run;
    (void)count;
    return args[0].as.optional != NULL ? *args[0].as.optional : args[1];
}

/* The values of a list of optionals, without those that have none. */
static struct gen_value unwrap(struct gen_run *run, const struct gen_value *args, size_t count)
{
    struct gen_value *items;
    uint32_t i, used = 0;

    (void)count;
    if (!gen_run_charge(run, args[0].size * sizeof(*items))) {
        return gen_run_exhausted();
    }
    items = gen_arena_array(run->arena, args[0].size, sizeof(*items));
    if (items == NULL) {
        return gen_run_no_memory();
    }
    for (i = 0; i < args[0].size; i++) {
        struct gen_value item = args[0].as.items[i];

        if (item.kind != GEN_KIND_OPTIONAL) {
            return gen_value_fault(run->arena,
                                   "no such overload: the list holds a %s, not only "
                                   "optionals",
                                   gen_value_type_name(item));
        }
        if (item.as.optional != NULL) {
            items[used++] = *item.as.optional;
        }
    }
    return gen_value_list(items, used);
}

const struct gen_overload gen_optional_functions[] = {
    {"optional.of", "*:o", of},
    {"optional.none", ":o", none},
    {"optional.ofNonZeroValue", "*:o", of_non_zero},
    {"optional.unwrap", "l:l", unwrap},
    {"unwrapOpt", "l.:l", unwrap},
    {"hasValue", "o.:b", has_value},
    {"value", "o.:*", value_of},
    {"or", "o.o:o", or_other},
    {"orValue", "o.*:*", or_value},
    {0},
};
