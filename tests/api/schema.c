/* schema.c - see schema.h. */
#include "schema.h"

#include "base/utf8.h"

#include <regex.h>
#include <string.h>

struct checking {
    const struct gen_node *root;
    struct gen_arena *arena;
};

typedef const char *keyword_check(const struct checking *at, const struct gen_node *schema,
                                  const struct gen_node *argument, const struct gen_node *value,
                                  const char *path);

static const char *check(const struct checking *at, const struct gen_node *schema,
                         const struct gen_node *value, const char *path);

const struct gen_node *schema_resolve(const struct gen_node *root, const struct gen_node *schema)
{
    const char *reference;

    while ((reference = gen_node_text(gen_node_get(schema, "$ref"), NULL)) != NULL) {
        const struct gen_node *node = root;

        reference += 2; /* "#/" */
        while (node != NULL && *reference != '\0') {
            char key[128];
            size_t size = strcspn(reference, "/");

            memcpy(key, reference, size);
            key[size] = '\0';
            node = gen_node_get(node, key);
            reference += size + (reference[size] == '/');
        }
        schema = node;
    }
    return schema;
}

static const char *type_of(const struct gen_node *value)
{
    switch (gen_node_type_of(value)) {
    case GEN_NODE_NULL:
        return "null";
    case GEN_NODE_BOOL:
        return "boolean";
    case GEN_NODE_INT:
        return "integer";
    case GEN_NODE_REAL:
        return "number";
    case GEN_NODE_STRING:
        return "string";
    case GEN_NODE_LIST:
        return "array";
    case GEN_NODE_MAP:
        return "object";
    default:
        return "nothing";
    }
}

static bool type_fits(const char *wanted, const struct gen_node *value)
{
    const char *is = type_of(value);

    return strcmp(wanted, is) == 0 ||
           (strcmp(wanted, "number") == 0 && strcmp(is, "integer") == 0);
}

static const char *check_type(const struct checking *at, const struct gen_node *schema,
                              const struct gen_node *argument, const struct gen_node *value,
                              const char *path)
{
    (void)schema;
    if (argument->type == GEN_NODE_STRING && type_fits(argument->text, value)) {
        return NULL;
    }
    for (const struct gen_node *one = gen_node_first(argument); one != NULL; one = one->next) {
        if (type_fits(one->text, value)) {
            return NULL;
        }
    }
    return gen_arena_printf(at->arena, "%s is of type %s", path, type_of(value));
}

static const char *check_required(const struct checking *at, const struct gen_node *schema,
                                  const struct gen_node *argument, const struct gen_node *value,
                                  const char *path)
{
    (void)schema;
    for (const struct gen_node *key = gen_node_first(argument); key != NULL; key = key->next) {
        if (gen_node_get(value, key->text) == NULL) {
            return gen_arena_printf(at->arena, "%s has no %s", path, key->text);
        }
    }
    return NULL;
}

static const char *check_properties(const struct checking *at, const struct gen_node *schema,
                                    const struct gen_node *argument, const struct gen_node *value,
                                    const char *path)
{
    const struct gen_node *more = gen_node_get(schema, "additionalProperties");

    for (const struct gen_node *item = gen_node_first(value);
         gen_node_type_of(value) == GEN_NODE_MAP && item != NULL; item = item->next) {
        const struct gen_node *known = gen_node_get(argument, item->key);
        const char *why;

        if (known == NULL) {
            if (more != NULL && !gen_node_truth(more, true)) {
                return gen_arena_printf(at->arena, "%s has an undocumented %s", path, item->key);
            }
            continue;
        }
        why = check(at, known, item, gen_arena_printf(at->arena, "%s.%s", path, item->key));
        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}

static const char *check_items(const struct checking *at, const struct gen_node *schema,
                               const struct gen_node *argument, const struct gen_node *value,
                               const char *path)
{
    size_t index = 0;

    (void)schema;
    for (const struct gen_node *item = gen_node_first(value);
         gen_node_type_of(value) == GEN_NODE_LIST && item != NULL; item = item->next) {
        const char *why = check(at, argument, item,
                                gen_arena_printf(at->arena, "%s[%zu]", path, index++));

        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}

static bool same(const struct gen_node *a, const struct gen_node *b)
{
    return a->type == GEN_NODE_STRING && gen_node_type_of(b) == GEN_NODE_STRING &&
           strcmp(a->text, b->text) == 0;
}

static const char *check_enum(const struct checking *at, const struct gen_node *schema,
                              const struct gen_node *argument, const struct gen_node *value,
                              const char *path)
{
    (void)schema;
    for (const struct gen_node *one = gen_node_first(argument); one != NULL; one = one->next) {
        if (same(one, value)) {
            return NULL;
        }
    }
    return gen_arena_printf(at->arena, "%s is \"%s\"", path, gen_node_text(value, "?"));
}

static const char *check_const(const struct checking *at, const struct gen_node *schema,
                               const struct gen_node *argument, const struct gen_node *value,
                               const char *path)
{
    (void)schema;
    return same(argument, value) ? NULL
                                 : gen_arena_printf(at->arena, "%s is not the constant", path);
}

static const char *check_one_of(const struct checking *at, const struct gen_node *schema,
                                const struct gen_node *argument, const struct gen_node *value,
                                const char *path)
{
    const char *why = NULL;
    size_t fitting = 0;

    (void)schema;
    for (const struct gen_node *one = gen_node_first(argument); one != NULL; one = one->next) {
        const char *reason = check(at, one, value, path);

        fitting += reason == NULL;
        why = reason != NULL ? reason : why;
    }
    return fitting == 1 ? NULL
                        : gen_arena_printf(at->arena, "%s fits %zu of the choices (%s)", path,
                                           fitting, why == NULL ? "" : why);
}

static const char *check_pattern(const struct checking *at, const struct gen_node *schema,
                                 const struct gen_node *argument, const struct gen_node *value,
                                 const char *path)
{
    const char *why = NULL;
    regex_t pattern;

    (void)schema;
    if (gen_node_type_of(value) != GEN_NODE_STRING) {
        return NULL;
    }
    if (regcomp(&pattern, argument->text, REG_EXTENDED | REG_NOSUB) != 0) {
        return gen_arena_printf(at->arena, "the pattern %s cannot be read", argument->text);
    }
    if (regexec(&pattern, value->text, 0, NULL, 0) != 0) {
        why = gen_arena_printf(at->arena, "%s is \"%s\", not %s", path, value->text,
                               argument->text);
    }
    regfree(&pattern);
    return why;
}

static const char *check_bound(const struct checking *at, const struct gen_node *schema,
                               const struct gen_node *argument, const struct gen_node *value,
                               const char *path)
{
    double bound = gen_node_number(argument, 0), size = gen_node_number(value, bound);

    (void)schema;
    if (strncmp(argument->key + 3, "Length", 6) == 0) {
        if (gen_node_type_of(value) != GEN_NODE_STRING) {
            return NULL;
        }
        size = (double)gen_utf8_count(value->text, value->size);
    } else if (strncmp(argument->key + 3, "Items", 5) == 0) {
        if (gen_node_type_of(value) != GEN_NODE_LIST) {
            return NULL;
        }
        size = (double)gen_node_count(value);
    }
    if (strncmp(argument->key, "min", 3) == 0 ? size >= bound : size <= bound) {
        return NULL;
    }
    return gen_arena_printf(at->arena, "%s is %g: %s is %g", path, size, argument->key, bound);
}

static const char *check_nothing(const struct checking *at, const struct gen_node *schema,
                                 const struct gen_node *argument, const struct gen_node *value,
                                 const char *path)
{
    (void)at;
    (void)schema;
    (void)argument;
    (void)value;
    (void)path;
    return NULL;
}

static const struct keyword {
    const char *word;
    keyword_check *check;
} keywords[] = {
    {"type", check_type},           {"required", check_required},
    {"properties", check_properties}, {"items", check_items},
    {"enum", check_enum},           {"const", check_const},
    {"oneOf", check_one_of},        {"pattern", check_pattern},
    {"minimum", check_bound},       {"maximum", check_bound},
    {"minItems", check_bound},      {"maxItems", check_bound},
    {"minLength", check_bound},     {"maxLength", check_bound},
    {"additionalProperties", check_nothing}, /* with properties */
    {"description", check_nothing}, {"format", check_nothing},
    {"default", check_nothing},     {NULL, NULL},
};

static const char *check(const struct checking *at, const struct gen_node *schema,
                         const struct gen_node *value, const char *path)
{
    schema = schema_resolve(at->root, schema);
    if (schema == NULL) {
        return gen_arena_printf(at->arena, "the schema of %s is not there", path);
    }
    for (const struct gen_node *item = gen_node_first(schema); item != NULL; item = item->next) {
        const struct keyword *keyword = keywords;
        const char *why;

        while (keyword->word != NULL && strcmp(keyword->word, item->key) != 0) {
            keyword++;
        }
        why = keyword->word == NULL
                  ? gen_arena_printf(at->arena, "the schema's word %s is not known", item->key)
                  : keyword->check(at, schema, item, value, path);
        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}

const char *schema_check(const struct gen_node *root, const struct gen_node *schema,
                         const struct gen_node *value, const char *path, struct gen_arena *arena)
{
    struct checking at = {root, arena};

    return check(&at, schema, value, path);
}
