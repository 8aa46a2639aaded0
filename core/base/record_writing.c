/* record_writing.c - see record.h: a record as a document again, and its keys as a reference. */
#include "base/record.h"

#include <string.h>

enum { RECORD_NESTED = 64 }; /* different records reachable from one, in the reference document */

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

static struct gen_node *write_named(const struct gen_field *field, const void *member,
                                    struct gen_arena *arena)
{
    const struct gen_records *records = member;
    struct gen_node *map = records->count > 0 ? gen_node_map(arena) : NULL;

    for (size_t i = 0; i < records->count; i++) {
        const char *item = (const char *)records->items + i * field->record->size;

        gen_node_set_new(arena, map, ((const struct gen_named *)(const void *)item)->name,
                         gen_record_write(field->record, item, arena));
    }
    return map;
}

static struct gen_node *write_numbers(const void *member, struct gen_arena *arena)
{
    const struct gen_numbers *numbers = member;
    struct gen_node *list = numbers->count > 0 ? gen_node_list(arena) : NULL;

    for (size_t i = 0; i < numbers->count; i++) {
        gen_node_push(list, gen_node_real(arena, numbers->items[i]));
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
    case GEN_FIELD_NAMED:
        return write_named(field, member, arena);
    case GEN_FIELD_NUMBERS:
        return write_numbers(member, arena);
    case GEN_FIELD_FORMULA:
        return write_text(((const struct gen_formula *)member)->text, arena);
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
    if (record->list_key != NULL) {
        gen_bytes_printf(out, "A bare list stands for `{%s: list}`.\n\n", record->list_key);
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
