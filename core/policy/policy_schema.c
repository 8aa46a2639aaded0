/* policy_schema.c - see policy_schema.h. Each record is a definition; fields refer to them. */
#include "policy/policy_schema.h"

#include "base/json.h"

#include <string.h>

enum { SCHEMA_RECORDS = 64 }; /* different records reachable from one */

struct schema {
    struct gen_arena *arena;
    const struct gen_record *found[SCHEMA_RECORDS];
    size_t count;
};

static void schema_put(struct schema *s, struct gen_node *map, const char *key, const char *text)
{
    gen_node_set(s->arena, map, key, gen_node_string(s->arena, text));
}

static struct gen_node *schema_type(struct schema *s, const char *type)
{
    struct gen_node *map = gen_node_map(s->arena);

    schema_put(s, map, "type", type);
    return map;
}

/* {"$ref": "#/$defs/..."}; the record is remembered. */
static struct gen_node *schema_reference(struct schema *s, const struct gen_record *record)
{
    struct gen_node *map = gen_node_map(s->arena);
    char *name = gen_arena_printf(s->arena, "#/$defs/%s", record->name);
    size_t at = 0;

    for (size_t i = 0; name != NULL && name[i] != '\0'; i++) {
        name[i] = name[i] == ' ' ? '-' : name[i];
    }
    while (at < s->count && s->found[at] != record) {
        at++;
    }
    if (at == s->count) {
        GEN_CHECK(s->count < SCHEMA_RECORDS);
        s->found[s->count++] = record;
    }
    schema_put(s, map, "$ref", name);
    return map;
}

/* A bound in the document's own unit. */
static struct gen_node *schema_bound(struct schema *s, const struct gen_field *field, int64_t bound)
{
    switch (field->type) {
    case GEN_FIELD_MONEY:
        return gen_node_money(s->arena, bound);
    case GEN_FIELD_SECONDS:
        return gen_node_real(s->arena, (double)bound / 1000.0);
    default:
        return gen_node_int(s->arena, bound);
    }
}

static void schema_bounds(struct schema *s, const struct gen_field *field, struct gen_node *map,
                          const char *least, const char *most)
{
    if (field->min == 0 && field->max == 0) {
        return;
    }
    if (field->min != INT64_MIN) {
        gen_node_set(s->arena, map, least, schema_bound(s, field, field->min));
    }
    if (field->max != INT64_MAX) {
        gen_node_set(s->arena, map, most, schema_bound(s, field, field->max));
    }
}

static struct gen_node *schema_words(struct schema *s, const struct gen_choice *choices)
{
    struct gen_node *map = schema_type(s, "string");
    struct gen_node *list = gen_node_list(s->arena);

    for (const struct gen_choice *row = choices; row->word != NULL; row++) {
        gen_node_push(list, gen_node_string(s->arena, row->word));
    }
    gen_node_set(s->arena, map, "enum", list);
    return map;
}

static struct gen_node *schema_list(struct schema *s, const struct gen_field *field,
                                    struct gen_node *item)
{
    struct gen_node *map = schema_type(s, "array");

    gen_node_set(s->arena, map, "items", item);
    if (field->type != GEN_FIELD_NUMBERS) {
        schema_bounds(s, field, map, "minItems", "maxItems");
    }
    return map;
}

static struct gen_node *schema_named(struct schema *s, const struct gen_field *field)
{
    struct gen_node *map = schema_type(s, "object");

    gen_node_set(s->arena, map, "additionalProperties", schema_reference(s, field->record));
    if (field->choices != NULL) {
        gen_node_set(s->arena, map, "propertyNames", schema_words(s, field->choices));
    }
    schema_bounds(s, field, map, "minProperties", "maxProperties");
    return map;
}

/* Text that is an expression; `true` and plain numbers are expressions too. */
static struct gen_node *schema_formula(struct schema *s)
{
    static const char *const types[] = {"string", "boolean", "number"};
    struct gen_node *map = gen_node_map(s->arena), *list = gen_node_list(s->arena);

    for (size_t i = 0; i < GEN_COUNT(types); i++) {
        gen_node_push(list, gen_node_string(s->arena, types[i]));
    }
    gen_node_set(s->arena, map, "type", list);
    return map;
}

static struct gen_node *schema_number(struct schema *s, const struct gen_field *field,
                                      const char *type)
{
    struct gen_node *map = schema_type(s, type);

    schema_bounds(s, field, map, "minimum", "maximum");
    return map;
}

static struct gen_node *schema_value(struct schema *s, const struct gen_field *field)
{
    struct gen_node *map;

    switch (field->type) {
    case GEN_FIELD_BOOL:
        return schema_type(s, "boolean");
    case GEN_FIELD_INT:
        return schema_number(s, field, "integer");
    case GEN_FIELD_REAL:
    case GEN_FIELD_MONEY:
    case GEN_FIELD_SECONDS:
        return schema_number(s, field, "number");
    case GEN_FIELD_TEXT:
        map = schema_type(s, "string");
        schema_bounds(s, field, map, "minLength", "maxLength");
        return map;
    case GEN_FIELD_MOMENT:
        map = schema_type(s, "string");
        schema_put(s, map, "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}");
        return map;
    case GEN_FIELD_CHOICE:
        return schema_words(s, field->choices);
    case GEN_FIELD_RECORD:
        return schema_reference(s, field->record);
    case GEN_FIELD_RECORDS:
        return schema_list(s, field, schema_reference(s, field->record));
    case GEN_FIELD_TEXTS:
        return schema_list(s, field,
                           field->choices != NULL ? schema_words(s, field->choices)
                                                  : schema_type(s, "string"));
    case GEN_FIELD_NUMBERS:
        return schema_list(s, field, schema_number(s, field, "number"));
    case GEN_FIELD_NAMED:
        return schema_named(s, field);
    case GEN_FIELD_FORMULA:
        return schema_formula(s);
    default:
        return gen_node_map(s->arena); /* anything */
    }
}

static struct gen_node *schema_field(struct schema *s, const struct gen_field *field)
{
    struct gen_node *map = schema_value(s, field);

    if (map != NULL && field->help != NULL) {
        schema_put(s, map, "description", field->help);
    }
    if (map != NULL && field->preset != NULL) {
        gen_node_set(s->arena, map, "default", gen_field_preset(field, s->arena));
    }
    return map;
}

static const struct gen_field *schema_key(const struct gen_record *record, const char *key)
{
    const struct gen_field *field = record->fields;

    while (strcmp(field->key, key) != 0) {
        field++;
        GEN_CHECK(field->type != GEN_FIELD_END);
    }
    return field;
}

static struct gen_node *schema_object(struct schema *s, const struct gen_record *record)
{
    struct gen_node *map = schema_type(s, "object");
    struct gen_node *properties = gen_node_map(s->arena), *required = gen_node_list(s->arena);

    for (const struct gen_field *field = record->fields; field->type != GEN_FIELD_END; field++) {
        gen_node_set(s->arena, properties, field->key, schema_field(s, field));
        if ((field->flags & GEN_FIELD_REQUIRED) != 0) {
            gen_node_push(required, gen_node_string(s->arena, field->key));
        }
    }
    gen_node_set(s->arena, map, "properties", properties);
    if (gen_node_count(required) > 0) {
        gen_node_set(s->arena, map, "required", required);
    }
    gen_node_set(s->arena, map, "additionalProperties", gen_node_bool(s->arena, false));
    return map;
}

/* The long form, or one of the short ones. */
static struct gen_node *schema_record(struct schema *s, const struct gen_record *record)
{
    struct gen_node *map = schema_object(s, record);

    if (record->short_key != NULL || record->list_key != NULL) {
        struct gen_node *forms = gen_node_list(s->arena), *outer = gen_node_map(s->arena);

        gen_node_push(forms, map);
        if (record->short_key != NULL) {
            gen_node_push(forms, schema_value(s, schema_key(record, record->short_key)));
        }
        if (record->list_key != NULL) {
            gen_node_push(forms, schema_value(s, schema_key(record, record->list_key)));
        }
        gen_node_set(s->arena, outer, "anyOf", forms);
        map = outer;
    }
    if (map != NULL && record->help != NULL) {
        schema_put(s, map, "description", record->help);
    }
    return map;
}

enum gen_status gen_policy_schema_write(const struct gen_record *record, const char *name,
                                        struct gen_bytes *out, struct gen_error *err)
{
    struct schema s = {.arena = gen_arena_create(0)};
    enum gen_status status = GEN_ENOMEM;
    struct gen_node *root, *reference, *definitions;

    if (s.arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    root = gen_node_map(s.arena);
    definitions = gen_node_map(s.arena);
    schema_put(&s, root, "$schema", "https://json-schema.org/draft/2020-12/schema");
    schema_put(&s, root, "title", name);
    reference = schema_reference(&s, record);
    schema_put(&s, root, "$ref", gen_node_text(gen_node_get(reference, "$ref"), ""));
    for (size_t i = 0; i < s.count; i++) { /* grows while it is walked */
        const char *full = gen_node_text(gen_node_get(schema_reference(&s, s.found[i]), "$ref"),
                                         "");

        gen_node_set(s.arena, definitions, full[0] != '\0' ? full + strlen("#/$defs/") : "none",
                     schema_record(&s, s.found[i]));
        if (gen_arena_failed(s.arena)) {
            break;
        }
    }
    gen_node_set(s.arena, root, "$defs", definitions);
    if (!gen_arena_failed(s.arena)) {
        status = gen_json_write(root, GEN_JSON_PRETTY, out);
    }
    gen_arena_destroy(s.arena);
    return status == GEN_OK ? GEN_OK : gen_error_set(err, status, "the schema cannot be written");
}
