/* type.c - see type.h. */
#include "expr/type.h"

#include <stdio.h>
#include <string.h>

const struct gen_type gen_type_dyn = {.kind = GEN_KIND_DYN};
const struct gen_type gen_type_null = {.kind = GEN_KIND_NULL};
const struct gen_type gen_type_bool = {.kind = GEN_KIND_BOOL};
const struct gen_type gen_type_int = {.kind = GEN_KIND_INT};
const struct gen_type gen_type_uint = {.kind = GEN_KIND_UINT};
const struct gen_type gen_type_double = {.kind = GEN_KIND_DOUBLE};
const struct gen_type gen_type_string = {.kind = GEN_KIND_STRING};
const struct gen_type gen_type_bytes = {.kind = GEN_KIND_BYTES};
const struct gen_type gen_type_timestamp = {.kind = GEN_KIND_TIMESTAMP};
const struct gen_type gen_type_duration = {.kind = GEN_KIND_DURATION};
const struct gen_type gen_type_type = {.kind = GEN_KIND_TYPE};
const struct gen_type gen_type_list = {.kind = GEN_KIND_LIST, .item = &gen_type_dyn};
const struct gen_type gen_type_map = {
    .kind = GEN_KIND_MAP, .item = &gen_type_dyn, .key = &gen_type_dyn};
const struct gen_type gen_type_optional = {.kind = GEN_KIND_OPTIONAL, .item = &gen_type_dyn};
const struct gen_type gen_type_strings = {.kind = GEN_KIND_LIST, .item = &gen_type_string};
const struct gen_type gen_type_texts = {
    .kind = GEN_KIND_MAP, .item = &gen_type_string, .key = &gen_type_string};

struct gen_value gen_value_record(const struct gen_record_value *record)
{
    return (struct gen_value){.kind = GEN_KIND_RECORD, .as.record = record};
}

int gen_shape_index(const struct gen_shape *shape, const char *name)
{
    int i;

    for (i = 0; shape->fields[i].name != NULL; i++) {
        if (strcmp(shape->fields[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

static bool compared(const struct gen_type *a, const struct gen_type *b, bool loose)
{
    if (loose && (a->kind == GEN_KIND_DYN || b->kind == GEN_KIND_DYN)) {
        return true;
    }
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case GEN_KIND_LIST:
    case GEN_KIND_OPTIONAL:
        return compared(a->item, b->item, loose);
    case GEN_KIND_MAP:
        return compared(a->key, b->key, loose) && compared(a->item, b->item, loose);
    case GEN_KIND_RECORD:
        return a->shape == b->shape;
    case GEN_KIND_STRING:
    case GEN_KIND_INT:
        return loose || a->words == b->words;
    default:
        return true;
    }
}

bool gen_type_fits(const struct gen_type *a, const struct gen_type *b)
{
    return compared(a, b, true);
}

bool gen_type_same(const struct gen_type *a, const struct gen_type *b)
{
    return compared(a, b, false);
}

const char *gen_type_text(const struct gen_type *type, char *out, size_t size)
{
    char item[120] = "", key[40] = "";

    switch (type->kind) {
    case GEN_KIND_LIST:
        snprintf(out, size, "list(%s)", gen_type_text(type->item, item, sizeof(item)));
        break;
    case GEN_KIND_MAP:
        snprintf(out, size, "map(%s, %s)", gen_type_text(type->key, key, sizeof(key)),
                 gen_type_text(type->item, item, sizeof(item)));
        break;
    case GEN_KIND_OPTIONAL:
        snprintf(out, size, "optional(%s)", gen_type_text(type->item, item, sizeof(item)));
        break;
    case GEN_KIND_RECORD:
        snprintf(out, size, "%s", type->shape->name);
        break;
    case GEN_KIND_NULL:
        snprintf(out, size, "null");
        break;
    case GEN_KIND_TIMESTAMP:
        snprintf(out, size, "timestamp");
        break;
    case GEN_KIND_DURATION:
        snprintf(out, size, "duration");
        break;
    default:
        snprintf(out, size, "%s", gen_kind_name(type->kind));
        break;
    }
    return out;
}
