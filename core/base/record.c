/* record.c - see record.h. Unknown keys are looked for before the fields are bound, because a
 * misspelt key explains better than a missing one. */
#include "base/record.h"

#include <stdio.h>
#include <string.h>

enum { RECORD_NESTED = 64 }; /* different records reachable from one, in the reference document */

static enum gen_status bind_table(const struct gen_record *record, const struct gen_node *node,
                                  const struct gen_binding *outer, void *object);

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

/* A path too long for an error is cut; it is for people. */
static void join_path(const char *path, const char *key, char *out)
{
    int size = snprintf(out, GEN_ERROR_PATH_SIZE, "%s%s%s", path, path[0] != '\0' ? "." : "", key);

    GEN_CHECK(size >= 0);
}

static enum gen_status refuse_unknown(const struct gen_record *record, const struct gen_node *node,
                                      const struct gen_binding *at)
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
        } else {
            gen_error_set(at->err, GEN_EINVAL, "unknown key \"%.60s\" in %s", child->key,
                          record->name);
        }
        join_path(at->path, child->key, path);
        gen_error_place(at->err, NULL, child->line, child->column, path);
        return GEN_EINVAL;
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
    status = gen_field_within(b, (int64_t)gen_node_count(b->node));
    if (status != GEN_OK) {
        return status;
    }
    records->items = gen_arena_array(b->arena, gen_node_count(b->node), record->size);
    if (records->items == NULL) {
        return gen_error_set(b->err, GEN_ENOMEM, "out of memory");
    }
    for (const struct gen_node *item = gen_node_first(b->node); item != NULL; item = item->next) {
        struct gen_binding inner = *b;

        snprintf(path, sizeof(path), "%s[%zu]", b->path, records->count);
        inner.path = path;
        status = bind_table(record, item, &inner,
                            (char *)records->items + records->count * record->size);
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
    default:
        return gen_field_bind(b);
    }
}

/* The key is not there: what is required is missed, the rest has its preset. */
static enum gen_status bind_absent(const struct gen_record *record, const struct gen_node *map,
                                   struct gen_binding *b)
{
    struct gen_node *node;

    if ((b->field->flags & GEN_FIELD_REQUIRED) != 0 && !b->lenient) {
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

static enum gen_status bind_fields(const struct gen_record *record, const struct gen_node *map,
                                   const struct gen_binding *outer, void *object)
{
    for (const struct gen_field *field = record->fields; field->type != GEN_FIELD_END; field++) {
        struct gen_binding b = *outer;
        char path[GEN_ERROR_PATH_SIZE];
        enum gen_status status;

        join_path(outer->path, field->key, path);
        b.field = field;
        b.path = path;
        b.node = gen_node_get(map, field->key);
        b.member = (char *)object + field->offset;
        if (gen_node_type_of(b.node) == GEN_NODE_NONE ||
            (b.node->type == GEN_NODE_NULL && field->type != GEN_FIELD_NODE)) {
            status = bind_absent(record, map, &b);
        } else {
            status = bind_present(&b);
        }
        if (status != GEN_OK) {
            return status;
        }
    }
    return GEN_OK;
}

/* {short_key: text}; NULL when the arena has failed. */
static const struct gen_node *long_form(const struct gen_record *record,
                                        const struct gen_node *node, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *text = gen_node_copy(arena, node);

    gen_node_set(arena, map, record->short_key, text);
    if (gen_arena_failed(arena)) {
        return NULL;
    }
    map->line = node->line;
    map->column = node->column;
    return map;
}

static enum gen_status run_check(const struct gen_record *record, const struct gen_node *map,
                                 const struct gen_binding *at, void *object)
{
    struct gen_error own = {0};
    enum gen_status status;

    if (record->check == NULL || at->lenient) {
        return GEN_OK;
    }
    status = record->check(object, map, at->arena, &own);
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

/* `outer` gives the path, the arena and the error; its field and member are not looked at. */
static enum gen_status bind_table(const struct gen_record *record, const struct gen_node *node,
                                  const struct gen_binding *outer, void *object)
{
    enum gen_status status;

    memset(object, 0, record->size);
    if (gen_node_type_of(node) == GEN_NODE_STRING && record->short_key != NULL) {
        node = long_form(record, node, outer->arena);
        if (node == NULL) {
            return gen_error_set(outer->err, GEN_ENOMEM, "out of memory");
        }
    }
    if (gen_node_type_of(node) != GEN_NODE_MAP) {
        gen_error_set(outer->err, GEN_EINVAL, "%s must be a map of keys%s, not %s", record->name,
                      record->short_key != NULL ? " or text" : "",
                      gen_node_type_word(gen_node_type_of(node)));
        gen_error_place(outer->err, NULL, node != NULL ? node->line : 0,
                        node != NULL ? node->column : 0, outer->path);
        return GEN_EINVAL;
    }
    status = refuse_unknown(record, node, outer);
    if (status == GEN_OK) {
        status = bind_fields(record, node, outer, object);
    }
    if (status == GEN_OK) {
        status = run_check(record, node, outer, object);
    }
    return status;
}

enum gen_status gen_record_bind(const struct gen_record *record, const struct gen_node *node,
                                const char *path, struct gen_arena *arena, void *object,
                                struct gen_error *err)
{
    struct gen_binding outer = {.path = path, .arena = arena, .err = err};

    return bind_table(record, node, &outer, object);
}

static struct gen_node *write_items(const struct gen_field *field, const void *member,
                                    struct gen_arena *arena)
{
    const struct gen_records *records = member;
    struct gen_node *list = records->count > 0 ? gen_node_list(arena) : NULL;

    for (size_t i = 0; i < records->count; i++) {
        gen_node_push(list, gen_record_write(field->record,
                                             (const char *)records->items + i * field->record->size,
                                             arena));
    }
    return list;
}

static struct gen_node *write_texts(const void *member, struct gen_arena *arena)
{
    const struct gen_texts *texts = member;
    struct gen_node *list = texts->count > 0 ? gen_node_list(arena) : NULL;

    for (size_t i = 0; i < texts->count; i++) {
        gen_node_push(list, gen_node_string(arena, texts->items[i]));
    }
    return list;
}

static struct gen_node *write_seconds(int64_t ms, struct gen_arena *arena)
{
    return ms % 1000 == 0 ? gen_node_int(arena, ms / 1000) : gen_node_real(arena, (double)ms / 1e3);
}

static struct gen_node *write_text(const char *text, struct gen_arena *arena)
{
    return text != NULL ? gen_node_string(arena, text) : NULL;
}

/* NULL when the member is absent (or memory is). */
static struct gen_node *write_member(const struct gen_field *field, const void *member,
                                     struct gen_arena *arena)
{
    struct gen_node *node;

    switch (field->type) {
    case GEN_FIELD_BOOL:
        return gen_node_bool(arena, *(const bool *)member);
    case GEN_FIELD_INT:
        return gen_node_int(arena, *(const int64_t *)member);
    case GEN_FIELD_REAL:
        return gen_node_real(arena, *(const double *)member);
    case GEN_FIELD_MONEY:
        return gen_node_money(arena, *(const gen_micros *)member);
    case GEN_FIELD_SECONDS:
        return write_seconds(*(const int64_t *)member, arena);
    case GEN_FIELD_MOMENT:
        return *(const gen_moment *)member != 0
                   ? gen_node_moment(arena, *(const gen_moment *)member)
                   : NULL;
    case GEN_FIELD_TEXT:
        return write_text(*(const char *const *)member, arena);
    case GEN_FIELD_CHOICE:
        return write_text(gen_choice_word(field->choices, *(const int *)member), arena);
    case GEN_FIELD_RECORD:
        node = gen_record_write(field->record, member, arena);
        return gen_node_count(node) > 0 ? node : NULL;
    case GEN_FIELD_RECORDS:
        return write_items(field, member, arena);
    case GEN_FIELD_TEXTS:
        return write_texts(member, arena);
    case GEN_FIELD_NODE:
        return gen_node_copy(arena, *(const struct gen_node *const *)member);
    default:
        return NULL;
    }
}

struct gen_node *gen_record_write(const struct gen_record *record, const void *object,
                                  struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    for (const struct gen_field *field = record->fields; field->type != GEN_FIELD_END; field++) {
        if ((field->flags & GEN_FIELD_HIDDEN) == 0) {
            gen_node_set(arena, map, field->key,
                         write_member(field, (const char *)object + field->offset, arena));
        }
    }
    return map;
}

/* Text inside a table cell: a bar would end the cell. */
static void document_cell(const char *text, struct gen_bytes *out)
{
    for (; *text != '\0'; text++) {
        gen_bytes_text(out, *text == '|' ? "\\" : "");
        gen_bytes_append(out, *text == '\n' ? " " : text, 1);
    }
}

static void document_row(const struct gen_field *field, struct gen_bytes *out)
{
    char bounds[128];

    gen_field_bounds(field, bounds, sizeof(bounds));
    gen_bytes_printf(out, "| `%s`%s | %s", field->key,
                     (field->flags & GEN_FIELD_REQUIRED) != 0 ? " (required)" : "",
                     gen_field_word(field->type));
    if (field->record != NULL) {
        gen_bytes_printf(out, ": %s", field->record->name);
    }
    for (const struct gen_choice *row = field->choices; row != NULL && row->word != NULL; row++) {
        gen_bytes_printf(out, "%s`%s`", row == field->choices ? ": " : ", ", row->word);
    }
    gen_bytes_printf(out, "%s%s | ", bounds[0] != '\0' ? ", " : "", bounds);
    if (field->preset != NULL) {
        gen_bytes_text(out, "`");
        document_cell(field->preset, out);
        gen_bytes_text(out, "`");
    }
    gen_bytes_text(out, " | ");
    document_cell(field->help != NULL ? field->help : "", out);
    gen_bytes_text(out, " |\n");
}

static void document_one(const struct gen_record *record, struct gen_bytes *out)
{
    gen_bytes_printf(out, "### %s\n\n", record->name);
    if (record->help != NULL) {
        gen_bytes_printf(out, "%s\n\n", record->help);
    }
    if (record->short_key != NULL) {
        gen_bytes_printf(out, "A bare text stands for `{%s: text}`.\n\n", record->short_key);
    }
    gen_bytes_text(out, "| key | takes | default | meaning |\n|---|---|---|---|\n");
    for (const struct gen_field *field = record->fields; field->type != GEN_FIELD_END; field++) {
        document_row(field, out);
    }
}

enum gen_status gen_record_document(const struct gen_record *record, struct gen_bytes *out)
{
    const struct gen_record *found[RECORD_NESTED] = {record};
    size_t count = 1;

    for (size_t i = 0; i < count; i++) {
        gen_bytes_text(out, i > 0 ? "\n" : "");
        document_one(found[i], out);
        for (const struct gen_field *field = found[i]->fields; field->type != GEN_FIELD_END;
             field++) {
            size_t at = 0;

            while (at < count && found[at] != field->record) {
                at++;
            }
            if (field->record != NULL && at == count) {
                GEN_CHECK(count < RECORD_NESTED);
                found[count] = field->record;
                count++;
            }
        }
    }
    return gen_bytes_status(out);
}
