/* record.c - see record.h. Unknown keys are looked for before the fields are bound, because a
 * misspelt key explains better than a missing one. */
#include "base/record.h"

#include <stdio.h>
#include <string.h>

/* Who wants all mistakes, and how many there were. */
struct gen_findings {
    gen_record_report *report;
    void *context;
    size_t count;
};

static enum gen_status bind_table(const struct gen_record *record, const struct gen_node *node,
                                  const struct gen_binding *outer, void *object);

/* "scenes[2]"; cut where it is too long, like all paths. */
static void item_path(const char *path, size_t index, char *out)
{
    int size = snprintf(out, GEN_ERROR_PATH_SIZE, "%s[%zu]", path, index);

    GEN_CHECK(size >= 0);
}

static size_t record_fields(const struct gen_record *record)
{
    size_t count = 0;

    while (record->fields[count].type != GEN_FIELD_END) {
        count++;
    }
    return count;
}

static const char *record_key(const void *record, size_t index)
{
    const struct gen_record *known = record;

    return known->fields[index].key;
}

/* A mistake that somebody gathers is reported and behind us. */
static enum gen_status bind_found(const struct gen_binding *at, enum gen_status status)
{
    if (status == GEN_OK || status == GEN_ENOMEM || at->findings == NULL) {
        return status;
    }
    at->findings->report(at->findings->context, at->err);
    at->findings->count++;
    return GEN_OK;
}

static size_t bind_mistakes(const struct gen_binding *at)
{
    return at->findings != NULL ? at->findings->count : 0;
}

/* A path too long for an error is cut; it is for people. */
static void join_path(const char *path, const char *key, char *out)
{
    int size = snprintf(out, GEN_ERROR_PATH_SIZE, "%s%s%s", path, path[0] != '\0' ? "." : "", key);

    GEN_CHECK(size >= 0);
}

/* The place of a mistake that lies in the key itself. */
static void place_key(const struct gen_binding *at, const struct gen_node *child, const char *path)
{
    bool known = child->key_line != 0;

    gen_error_place(at->err, NULL, known ? child->key_line : child->line,
                    known ? child->key_column : child->column, path);
}

/* A set of fields, by index. */
static uint64_t field_bit(size_t index)
{
    return index < 64 ? UINT64_C(1) << index : 0;
}

static uint64_t fields_named(const struct gen_record *record, const char *name, size_t size)
{
    for (size_t i = 0; record->fields[i].type != GEN_FIELD_END; i++) {
        if (strlen(record->fields[i].key) == size &&
            memcmp(record->fields[i].key, name, size) == 0) {
            return field_bit(i);
        }
    }
    return 0;
}

/* `wrong` gets the fields that were meant. */
static enum gen_status refuse_unknown(const struct gen_record *record, const struct gen_node *node,
                                      const struct gen_binding *at, uint64_t *wrong)
{
    size_t count = record_fields(record);

    for (const struct gen_node *child = gen_node_first(node); child != NULL; child = child->next) {
        char path[GEN_ERROR_PATH_SIZE];
        size_t index = 0;
        const char *nearest;

        while (index < count && strcmp(record->fields[index].key, child->key) != 0) {
            index++;
        }
        if (index < count) {
            continue;
        }
        nearest = gen_name_nearest(child->key, record_key, record, count);
        if (nearest != NULL) {
            gen_error_set(at->err, GEN_EINVAL, "unknown key \"%.60s\" in %s; did you mean \"%s\"?",
                          child->key, record->name, nearest);
            *wrong |= fields_named(record, nearest, strlen(nearest));
        } else {
            gen_error_set(at->err, GEN_EINVAL, "unknown key \"%.60s\" in %s", child->key,
                          record->name);
        }
        join_path(at->path, child->key, path);
        place_key(at, child, path);
        if (bind_found(at, GEN_EINVAL) != GEN_OK) {
            return GEN_EINVAL;
        }
    }
    return GEN_OK;
}

static enum gen_status bind_items(const struct gen_binding *b)
{
    const struct gen_record *record = b->field->record;
    struct gen_records *records = (struct gen_records *)(void *)b->member;
    enum gen_status status;
    char path[GEN_ERROR_PATH_SIZE];

    if (b->node->type != GEN_NODE_LIST) {
        return gen_field_wrong(b, "a list");
    }
    status = bind_found(b, gen_field_within(b, (int64_t)gen_node_count(b->node)));
    if (status != GEN_OK) {
        return status;
    }
    records->items = gen_arena_array(b->arena, gen_node_count(b->node), record->size);
    if (records->items == NULL) {
        return gen_error_set(b->err, GEN_ENOMEM, "out of memory");
    }
    for (const struct gen_node *item = gen_node_first(b->node); item != NULL; item = item->next) {
        struct gen_binding inner = *b;

        item_path(b->path, records->count, path);
        inner.path = path;
        inner.name = NULL;
        status = bind_found(b, bind_table(record, item, &inner,
                                          (char *)records->items + records->count * record->size));
        if (status != GEN_OK) {
            return status;
        }
        records->count++;
    }
    return GEN_OK;
}

/* One entry of a map of names. */
static enum gen_status bind_entry(const struct gen_binding *b, const struct gen_node *child,
                                  void *object)
{
    const struct gen_choice *row;
    struct gen_binding inner = *b;
    enum gen_status status = GEN_OK;
    char path[GEN_ERROR_PATH_SIZE];

    join_path(b->path, child->key, path);
    inner.path = path;
    inner.node = child;
    inner.name = child->key;
    if (strlen(child->key) > GEN_NAME_LONGEST) {
        status = gen_field_placed(&inner, gen_error_set(b->err, GEN_EINVAL,
                                                        "the name is longer than %d bytes",
                                                        (int)GEN_NAME_LONGEST));
    } else if (b->field->choices != NULL) {
        status = gen_field_known(&inner, child->key, &row);
    }
    if (status != GEN_OK) {
        place_key(b, child, path);
    }
    return status == GEN_OK ? bind_table(b->field->record, child, &inner, object) : status;
}

static enum gen_status bind_named(const struct gen_binding *b)
{
    const struct gen_record *record = b->field->record;
    struct gen_records *records = (struct gen_records *)(void *)b->member;
    enum gen_status status;

    if (b->node->type != GEN_NODE_MAP) {
        return gen_field_wrong(b, "a map of names");
    }
    status = bind_found(b, gen_field_within(b, (int64_t)gen_node_count(b->node)));
    if (status != GEN_OK) {
        return status;
    }
    records->items = gen_arena_array(b->arena, gen_node_count(b->node), record->size);
    if (records->items == NULL) {
        return gen_error_set(b->err, GEN_ENOMEM, "out of memory");
    }
    for (const struct gen_node *child = gen_node_first(b->node); child != NULL;
         child = child->next) {
        status = bind_found(
            b, bind_entry(b, child, (char *)records->items + records->count * record->size));
        if (status != GEN_OK) {
            return status;
        }
        records->count++;
    }
    return GEN_OK;
}

static enum gen_status bind_present(const struct gen_binding *b)
{
    switch (b->field->type) {
    case GEN_FIELD_RECORD:
        return bind_table(b->field->record, b->node, b, b->member);
    case GEN_FIELD_RECORDS:
        return bind_items(b);
    case GEN_FIELD_NAMED:
        return bind_named(b);
    default:
        return gen_field_bind(b);
    }
}

/* The key is not there: what is required is missed, the rest has its preset. `told`: it is there, but
 * misspelt. */
static enum gen_status bind_absent(const struct gen_record *record, const struct gen_node *map,
                                   bool told, struct gen_binding *b)
{
    struct gen_node *node;

    if ((b->field->flags & GEN_FIELD_REQUIRED) != 0 && !b->lenient) {
        if (told) {
            return GEN_OK;
        }
        gen_error_set(b->err, GEN_EINVAL, "missing key \"%s\" in %s", b->field->key, record->name);
        gen_error_place(b->err, NULL, map->line, map->column, b->path);
        return GEN_EINVAL;
    }
    if (b->field->type == GEN_FIELD_RECORD) {
        node = gen_node_map(b->arena);
        b->lenient = true;
    } else if (b->field->preset != NULL) {
        node = gen_field_preset(b->field, b->arena);
    } else {
        return GEN_OK;
    }
    if (node == NULL) {
        return gen_error_set(b->err, GEN_ENOMEM, "out of memory");
    }
    node->line = map->line;
    node->column = map->column;
    b->node = node;
    return bind_present(b);
}

/* `wrong` has the fields that something is known to be wrong with, and gets the others. */
static enum gen_status bind_fields(const struct gen_record *record, const struct gen_node *map,
                                   const struct gen_binding *outer, void *object, uint64_t *wrong)
{
    for (const struct gen_field *field = record->fields; field->type != GEN_FIELD_END; field++) {
        uint64_t bit = field_bit((size_t)(field - record->fields));
        size_t before = bind_mistakes(outer);
        struct gen_binding b = *outer;
        char path[GEN_ERROR_PATH_SIZE];
        enum gen_status status;

        join_path(outer->path, field->key, path);
        b.field = field;
        b.path = path;
        b.name = NULL;
        b.node = gen_node_get(map, field->key);
        b.member = (char *)object + field->offset;
        if (gen_node_type_of(b.node) == GEN_NODE_NONE ||
            (b.node->type == GEN_NODE_NULL && field->type != GEN_FIELD_NODE)) {
            status = bind_absent(record, map, (*wrong & bit) != 0, &b);
        } else {
            status = bind_present(&b);
        }
        status = bind_found(&b, status);
        if (status != GEN_OK) {
            return status;
        }
        *wrong |= bind_mistakes(outer) != before ? bit : 0;
    }
    return GEN_OK;
}

/* Which key a bare value stands for, NULL when it is not allowed. */
static const char *bare_key(const struct gen_record *record, enum gen_node_type type)
{
    const struct gen_field *field = record->fields;

    if (type == GEN_NODE_LIST) {
        return record->list_key;
    }
    if (record->short_key == NULL || type == GEN_NODE_STRING) {
        return type == GEN_NODE_STRING ? record->short_key : NULL;
    }
    while (strcmp(field->key, record->short_key) != 0) {
        field++;
        GEN_CHECK(field->type != GEN_FIELD_END);
    }
    if (type == GEN_NODE_INT || type == GEN_NODE_REAL) {
        return field->type == GEN_FIELD_TEXT || field->type == GEN_FIELD_CHOICE ? NULL
                                                                                : record->short_key;
    }
    return type == GEN_NODE_BOOL && field->type == GEN_FIELD_FORMULA ? record->short_key : NULL;
}

/* {key: value}; NULL when the arena has failed. */
static const struct gen_node *long_form(const char *key, const struct gen_node *node,
                                        struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, key, gen_node_copy(arena, node));
    if (gen_arena_failed(arena)) {
        return NULL;
    }
    map->line = node->line;
    map->column = node->column;
    return map;
}

static enum gen_status run_check(gen_record_check *check, const struct gen_node *map,
                                 const struct gen_binding *at, void *object)
{
    struct gen_error own = {0};
    enum gen_status status = check(object, map, at->arena, &own);

    if (status != GEN_OK && at->err != NULL) {
        bool placed = own.line != 0;
        char path[GEN_ERROR_PATH_SIZE];

        if (own.path[0] != '\0') {
            join_path(at->path, own.path, path);
        } else {
            snprintf(path, sizeof(path), "%s", at->path);
        }
        gen_error_place(&own, NULL, placed ? own.line : map->line,
                        placed ? own.column : map->column, path);
        *at->err = own;
    }
    return status;
}

/* The fields that a rule looks at. */
static uint64_t rule_fields(const struct gen_record *record, const struct gen_record_rule *rule)
{
    uint64_t fields = 0;

    for (const char *at = rule->keys; *at != '\0'; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        uint64_t field = fields_named(record, at, size);

        GEN_CHECK(field != 0);
        fields |= field;
        at += size;
    }
    return fields;
}

/* `whole`: nothing is wrong so far; `wrong`: these fields are. */
static enum gen_status run_checks(const struct gen_record *record, const struct gen_node *map,
                                  const struct gen_binding *at, uint64_t wrong, bool whole,
                                  void *object)
{
    const struct gen_record_rule *rule = record->rules;
    size_t before = bind_mistakes(at);
    enum gen_status status = GEN_OK;

    if (at->lenient) {
        return GEN_OK;
    }
    for (; rule != NULL && rule->check != NULL && status == GEN_OK; rule++) {
        if ((rule_fields(record, rule) & wrong) == 0) {
            status = bind_found(at, run_check(rule->check, map, at, object));
        }
    }
    whole = whole && bind_mistakes(at) == before;
    return status == GEN_OK && whole && record->check != NULL
               ? run_check(record->check, map, at, object)
               : status;
}

/* `outer` gives the path, the arena and the error; its field and member are not looked at. */
static enum gen_status bind_table(const struct gen_record *record, const struct gen_node *node,
                                  const struct gen_binding *outer, void *object)
{
    const char *bare = bare_key(record, gen_node_type_of(node));
    size_t before = bind_mistakes(outer);
    uint64_t wrong = 0;
    enum gen_status status;

    memset(object, 0, record->size);
    if (outer->name != NULL) {
        *(struct gen_named *)object = (struct gen_named){
            gen_arena_strdup(outer->arena, outer->name), node->line, node->column};
    }
    if (bare != NULL) {
        node = long_form(bare, node, outer->arena);
    }
    if (gen_arena_failed(outer->arena)) {
        return gen_error_set(outer->err, GEN_ENOMEM, "out of memory");
    }
    if (gen_node_type_of(node) != GEN_NODE_MAP) {
        gen_error_set(outer->err, GEN_EINVAL, "%s must be a map of keys%s%s, not %s", record->name,
                      record->short_key != NULL ? " or text" : "",
                      record->list_key != NULL ? " or a list" : "",
                      gen_node_type_word(gen_node_type_of(node)));
        gen_error_place(outer->err, NULL, node != NULL ? node->line : 0,
                        node != NULL ? node->column : 0, outer->path);
        return GEN_EINVAL;
    }
    status = refuse_unknown(record, node, outer, &wrong);
    if (status == GEN_OK) {
        status = bind_fields(record, node, outer, object, &wrong);
    }
    return status == GEN_OK
               ? run_checks(record, node, outer, wrong, bind_mistakes(outer) == before, object)
               : status;
}

enum gen_status gen_record_bind(const struct gen_record *record, const struct gen_node *node,
                                const char *path, struct gen_arena *arena, void *object,
                                struct gen_error *err)
{
    struct gen_binding outer = {.path = path, .arena = arena, .err = err};

    return bind_table(record, node, &outer, object);
}

enum gen_status gen_record_bind_all(const struct gen_record *record, const struct gen_node *node,
                                    const char *path, struct gen_arena *arena, void *object,
                                    gen_record_report *report, void *context)
{
    struct gen_findings findings = {.report = report, .context = context};
    struct gen_error err = {0};
    struct gen_binding outer = {.path = path, .arena = arena, .err = &err, .findings = &findings};
    enum gen_status status = bind_found(&outer, bind_table(record, node, &outer, object));

    return status == GEN_OK && findings.count > 0 ? GEN_EINVAL : status;
}

static enum gen_status each_item(const struct gen_field *field, const struct gen_records *records,
                                 const char *path, gen_record_visit *visit, void *context)
{
    enum gen_status status = GEN_OK;
    char inner[GEN_ERROR_PATH_SIZE];

    for (size_t i = 0; i < records->count && status == GEN_OK; i++) {
        char *item = (char *)records->items + i * field->record->size;

        if (field->type == GEN_FIELD_NAMED) {
            const char *name = ((const struct gen_named *)(const void *)item)->name;

            join_path(path, name != NULL ? name : "", inner); /* NULL: the name was a mistake */
        } else {
            item_path(path, i, inner);
        }
        status = gen_record_each(field->record, item, inner, visit, context);
    }
    return status;
}

enum gen_status gen_record_each(const struct gen_record *record, void *object, const char *path,
                                gen_record_visit *visit, void *context)
{
    enum gen_status status = GEN_OK;

    for (const struct gen_field *field = record->fields;
         field->type != GEN_FIELD_END && status == GEN_OK; field++) {
        void *member = (char *)object + field->offset;
        char inner[GEN_ERROR_PATH_SIZE];

        join_path(path, field->key, inner);
        status = visit(context, field, member, inner);
        if (status != GEN_OK) {
            return status;
        }
        if (field->type == GEN_FIELD_RECORD) {
            status = gen_record_each(field->record, member, inner, visit, context);
        } else if (field->type == GEN_FIELD_RECORDS || field->type == GEN_FIELD_NAMED) {
            status = each_item(field, member, inner, visit, context);
        }
    }
    return status;
}
