/* loop_frame.c - see loop_frame.h. */
#include "expr/loop_frame.h"

struct gen_value gen_frame_truth(struct gen_run *run, struct gen_value value)
{
    if (value.kind == GEN_KIND_BOOL || value.kind == GEN_KIND_FAULT) {
        return value;
    }
    return gen_value_fault(run->arena, "no such overload: a bool is needed, this is %s",
                           gen_value_type_name(value));
}

static size_t range_count(struct gen_value range)
{
    return range.kind == GEN_KIND_LIST ? range.size : gen_table_count(range.as.table);
}

/* An empty result; faults when there is no memory for as many as could be found. */
static struct gen_value start(struct gen_run *run, enum gen_loop_kind loop, size_t count)
{
    const struct gen_value *items;
    struct gen_table *table;

    switch (loop) {
    case GEN_LOOP_ALL:
        return gen_value_bool(true);
    case GEN_LOOP_EXISTS:
        return gen_value_bool(false);
    case GEN_LOOP_EXISTS_ONE:
        return gen_value_int(0);
    default:
        break;
    }
    if (!gen_run_charge(run, count * sizeof(struct gen_value))) {
        return gen_run_exhausted();
    }
    if (loop == GEN_LOOP_TRANSFORM_MAP || loop == GEN_LOOP_TRANSFORM_ENTRY) {
        table = gen_table_create(run->arena, count);
        return table != NULL ? gen_value_map(table) : gen_run_no_memory();
    }
    items = gen_arena_array(run->arena, count, sizeof(*items));
    return items != NULL ? gen_value_list(items, 0) : gen_run_no_memory();
}

bool gen_frame_begin(struct gen_run *run, struct gen_value *frame, enum gen_loop_kind loop)
{
    struct gen_value range = frame[GEN_FRAME_RANGE];

    if (range.kind != GEN_KIND_LIST && range.kind != GEN_KIND_MAP) {
        if (range.kind != GEN_KIND_FAULT) {
            frame[GEN_FRAME_RANGE] = gen_value_fault(run->arena,
                                                     "no such overload: a macro cannot go over "
                                                     "this: %s",
                                                     gen_value_type_name(range));
        }
        return false;
    }
    frame[GEN_FRAME_INDEX] = gen_value_int(0);
    frame[GEN_FRAME_RESULT] = start(run, loop, range_count(range));
    if (frame[GEN_FRAME_RESULT].kind == GEN_KIND_FAULT) {
        frame[GEN_FRAME_RANGE] = frame[GEN_FRAME_RESULT];
        return false;
    }
    return true;
}

bool gen_frame_next(struct gen_value *frame, bool two)
{
    struct gen_value range = frame[GEN_FRAME_RANGE];
    size_t index = (size_t)frame[GEN_FRAME_INDEX].as.natural;

    if (range.kind == GEN_KIND_LIST) {
        if (index >= range.size) {
            return false;
        }
        frame[GEN_FRAME_FIRST] = two ? gen_value_int((int64_t)index) : range.as.items[index];
        if (two) {
            frame[GEN_FRAME_SECOND] = range.as.items[index];
        }
    } else {
        if (index >= gen_table_count(range.as.table)) {
            return false;
        }
        frame[GEN_FRAME_FIRST] = gen_table_key(range.as.table, index);
        if (two) {
            frame[GEN_FRAME_SECOND] = gen_table_value(range.as.table, index);
        }
    }
    frame[GEN_FRAME_INDEX].as.natural++;
    return true;
}

/* all ends at the first false, exists at the first true; a fault counts only if nothing decides. */
static bool step_truth(struct gen_run *run, struct gen_value *result, bool deciding,
                       struct gen_value value)
{
    value = gen_frame_truth(run, value);
    if (value.kind == GEN_KIND_FAULT) {
        *result = result->kind == GEN_KIND_FAULT ? *result : value;
        return true;
    }
    if (value.as.boolean == deciding) {
        *result = value;
        return false;
    }
    return true;
}

static void append(struct gen_value *list, struct gen_value value)
{
    struct gen_value *items = (struct gen_value *)list->as.items; /* its room is the frame's own */

    items[list->size++] = value;
}

static struct gen_value put(struct gen_run *run, struct gen_value map, struct gen_value key,
                            struct gen_value value)
{
    switch (gen_table_put((struct gen_table *)map.as.table, key, value)) {
    case GEN_OK:
        return map;
    case GEN_ECONFLICT:
        return gen_value_fault(run->arena, "the map has this key twice");
    default:
        return gen_value_fault(run->arena, "%s cannot be the key of a map",
                               gen_value_type_name(key));
    }
}

/* transformMapEntry: each turn gives a map of at most one entry. */
static struct gen_value put_entry(struct gen_run *run, struct gen_value map, struct gen_value entry)
{
    if (entry.kind != GEN_KIND_MAP) {
        return gen_value_fault(run->arena,
                               "no such overload: transformMapEntry needs a map of one "
                               "entry, this is %s",
                               gen_value_type_name(entry));
    }
    if (gen_table_count(entry.as.table) == 0) {
        return map;
    }
    if (gen_table_count(entry.as.table) != 1) {
        return gen_value_fault(run->arena,
                               "transformMapEntry needs a map of one entry, this has "
                               "%zu",
                               gen_table_count(entry.as.table));
    }
    return put(run, map, gen_table_key(entry.as.table, 0), gen_table_value(entry.as.table, 0));
}

bool gen_frame_step(struct gen_run *run, struct gen_value *frame, enum gen_loop_kind loop,
                    struct gen_value value)
{
    struct gen_value *result = &frame[GEN_FRAME_RESULT];

    if (loop == GEN_LOOP_ALL || loop == GEN_LOOP_EXISTS) {
        return step_truth(run, result, loop == GEN_LOOP_EXISTS, value);
    }
    if (loop == GEN_LOOP_EXISTS_ONE || loop == GEN_LOOP_FILTER) {
        value = gen_frame_truth(run, value);
    }
    if (value.kind == GEN_KIND_FAULT) {
        *result = value;
        return false;
    }
    switch (loop) {
    case GEN_LOOP_EXISTS_ONE:
        result->as.integer += value.as.boolean;
        return true;
    case GEN_LOOP_FILTER:
        if (value.as.boolean) {
            append(result, frame[GEN_FRAME_FIRST]);
        }
        return true;
    case GEN_LOOP_TRANSFORM_MAP:
        *result = put(run, *result, frame[GEN_FRAME_FIRST], value);
        break;
    case GEN_LOOP_TRANSFORM_ENTRY:
        *result = put_entry(run, *result, value);
        break;
    default:
        append(result, value);
        break;
    }
    return result->kind != GEN_KIND_FAULT;
}

struct gen_value gen_frame_result(const struct gen_value *frame, enum gen_loop_kind loop)
{
    struct gen_value result = frame[GEN_FRAME_RESULT];

    if (loop == GEN_LOOP_EXISTS_ONE && result.kind == GEN_KIND_INT) {
        return gen_value_bool(result.as.integer == 1);
    }
    return result;
}
