/* part.c - see part.h. */
#include "expr/part.h"

#include "expr/operators.h"
#include "expr/optional_functions.h"

struct gen_value gen_part_field(struct gen_run *run, struct gen_value from, uint32_t index)
{
    if (from.kind == GEN_KIND_RECORD) {
        struct gen_value field = from.as.record->fields[index];

        return field.kind != GEN_KIND_NONE
                   ? field
                   : gen_value_fault(run->arena, "no such key: %s",
                                     from.as.record->shape->fields[index].name);
    }
    return from.kind == GEN_KIND_FAULT
               ? from
               : gen_value_fault(run->arena, "no such overload: %s has no fields",
                                 gen_value_type_name(from));
}

static struct gen_value optional_value(struct gen_run *run, const struct gen_value *found)
{
    if (found == NULL) {
        return (struct gen_value){.kind = GEN_KIND_OPTIONAL};
    }
    return found->kind == GEN_KIND_OPTIONAL ? *found : gen_optional_of(run, *found);
}

/* from[key] where an optional is asked for or given: an absent element is no fault. */
static struct gen_value optional_index(struct gen_run *run, struct gen_value from,
                                       struct gen_value key)
{
    struct gen_value wrong = {0};
    const struct gen_value *found;

    if (from.kind == GEN_KIND_OPTIONAL) {
        if (from.as.optional == NULL) {
            return from;
        }
        from = *from.as.optional;
    }
    found = gen_operator_find(run, from, key, &wrong);
    return wrong.kind != GEN_KIND_NONE ? wrong : optional_value(run, found);
}

struct gen_value gen_part_index(struct gen_run *run, struct gen_value from, struct gen_value key,
                                bool optional)
{
    if (optional || from.kind == GEN_KIND_OPTIONAL) {
        return optional_index(run, from, key);
    }
    return gen_operator_index(run, from, key);
}

struct gen_value gen_part_key(struct gen_run *run, struct gen_value from, const struct gen_key *key,
                              bool optional)
{
    if (from.kind == GEN_KIND_FAULT) {
        return from;
    }
    if (from.kind != GEN_KIND_MAP && from.kind != GEN_KIND_RECORD &&
        from.kind != GEN_KIND_OPTIONAL) {
        return gen_value_fault(run->arena, "no such overload: %s has no fields",
                               gen_value_type_name(from));
    }
    return gen_part_index(run, from, gen_value_string(key->text, key->size), optional);
}

struct gen_value gen_part_test(struct gen_run *run, struct gen_value from,
                               const struct gen_key *key)
{
    struct gen_value found = gen_part_key(run, from, key, true);

    if (found.kind != GEN_KIND_OPTIONAL) {
        return found;
    }
    return gen_value_bool(found.as.optional != NULL);
}

/* An optional entry: true and its value, or false to leave it out; a fault in `*value` otherwise. */
static bool unwrap(struct gen_run *run, const bool *optionals, uint32_t entry,
                   struct gen_value *value)
{
    if (optionals == NULL || !optionals[entry]) {
        return true;
    }
    if (value->kind != GEN_KIND_OPTIONAL) {
        *value = gen_value_fault(run->arena, "an optional is needed after \"?\"");
        return true;
    }
    if (value->as.optional == NULL) {
        return false;
    }
    *value = *value->as.optional;
    return true;
}

struct gen_value gen_part_list(struct gen_run *run, const struct gen_value *args, uint32_t count,
                               const bool *optionals)
{
    struct gen_value *items = gen_arena_array(run->arena, count, sizeof(*items));
    uint32_t i, used = 0;

    if (items == NULL) {
        return gen_run_no_memory();
    }
    for (i = 0; i < count; i++) {
        struct gen_value item = args[i];

        if (item.kind != GEN_KIND_FAULT && !unwrap(run, optionals, i, &item)) {
            continue;
        }
        if (item.kind == GEN_KIND_FAULT) {
            return item;
        }
        items[used++] = item;
    }
    return gen_value_list(items, used);
}

static struct gen_value refused_key(struct gen_run *run, struct gen_value key, bool twice)
{
    if (!twice) {
        return gen_value_fault(run->arena, "%s cannot be the key of a map",
                               gen_value_type_name(key));
    }
    switch (key.kind) {
    case GEN_KIND_STRING:
        return gen_value_fault(run->arena, "the map has the key \"%.*s\" twice",
                               (int)(key.size < 60 ? key.size : 60), key.as.text);
    case GEN_KIND_INT:
        return gen_value_fault(run->arena, "the map has the key %lld twice",
                               (long long)key.as.integer);
    default:
        return gen_value_fault(run->arena, "the map has a key twice (%s)",
                               gen_value_type_name(key));
    }
}

struct gen_value gen_part_map(struct gen_run *run, const struct gen_value *args, uint32_t count,
                              const bool *optionals)
{
    struct gen_table *table = gen_table_create(run->arena, count / 2);
    uint32_t i;

    if (table == NULL) {
        return gen_run_no_memory();
    }
    for (i = 0; i < count; i += 2) {
        struct gen_value key = args[i], value = args[i + 1];
        enum gen_status status;

        if (key.kind == GEN_KIND_FAULT) {
            return key;
        }
        if (value.kind != GEN_KIND_FAULT && !unwrap(run, optionals, i / 2, &value)) {
            continue;
        }
        if (value.kind == GEN_KIND_FAULT) {
            return value;
        }
        status = gen_table_put(table, key, value);
        if (status != GEN_OK) {
            return refused_key(run, key, status == GEN_ECONFLICT);
        }
    }
    return gen_value_map(table);
}
