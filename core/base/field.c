/* field.c - see field.h. */
#include "base/field.h"

#include "base/number.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIELD_MS = 1000 };

typedef enum gen_status bind_function(const struct gen_binding *b);

enum gen_status gen_field_placed(const struct gen_binding *b, enum gen_status status)
{
    if (status != GEN_OK) {
        gen_error_place(b->err, NULL, b->node->line, b->node->column, b->path);
    }
    return status;
}

static enum gen_status bind_no_memory(const struct gen_binding *b)
{
    return gen_error_set(b->err, GEN_ENOMEM, "out of memory");
}

enum gen_status gen_field_wrong(const struct gen_binding *b, const char *wanted)
{
    enum gen_node_type type = gen_node_type_of(b->node);
    const char *word = gen_node_type_word(type);
    const char *hint = "";

    if (b->field->type == GEN_FIELD_TEXT &&
        (type == GEN_NODE_INT || type == GEN_NODE_REAL || type == GEN_NODE_BOOL)) {
        hint = "; put it in quotes";
    }
    if (type == GEN_NODE_REAL && !isfinite(gen_node_number(b->node, 0))) {
        word = "infinity, or no number at all"; /* .nan, .inf and 1e999 of YAML */
    }
    return gen_field_placed(
        b, gen_error_set(b->err, GEN_EINVAL, "must be %s, not %s%s", wanted, word, hint));
}

/* A bound in the document's own unit. */
static const char *bound_text(const struct gen_field *field, int64_t bound, char *out)
{
    if (field->type == GEN_FIELD_MONEY) {
        return gen_money_text(bound, 0, out);
    }
    if (field->type == GEN_FIELD_SECONDS) {
        return gen_number_text((double)bound / FIELD_MS, out);
    }
    snprintf(out, GEN_NUMBER_TEXT_SIZE, "%" PRId64, bound);
    return out;
}

static const char *bound_unit(enum gen_field_type type)
{
    switch (type) {
    case GEN_FIELD_SECONDS:
        return " seconds";
    case GEN_FIELD_MONEY:
        return " dollars";
    case GEN_FIELD_TEXT:
    case GEN_FIELD_FORMULA:
        return " characters long";
    case GEN_FIELD_RECORDS:
    case GEN_FIELD_NAMED:
    case GEN_FIELD_TEXTS:
        return " items long";
    default:
        return "";
    }
}

/* "between 1 and 60 seconds", "at least 0 dollars"; "" when there is no bound. */
const char *gen_field_bounds(const struct gen_field *field, char *out, size_t size)
{
    char least[GEN_NUMBER_TEXT_SIZE];
    char most[GEN_NUMBER_TEXT_SIZE];

    out[0] = '\0';
    if (field->min == 0 && field->max == 0) {
        return out;
    }
    bound_text(field, field->min, least);
    bound_text(field, field->max, most);
    if (field->max == INT64_MAX && field->min != INT64_MIN) {
        snprintf(out, size, "at least %s%s", least, bound_unit(field->type));
    } else if (field->min == INT64_MIN && field->max != INT64_MAX) {
        snprintf(out, size, "at most %s%s", most, bound_unit(field->type));
    } else if (field->min != INT64_MIN) {
        snprintf(out, size, "between %s and %s%s", least, most, bound_unit(field->type));
    }
    return out;
}

static enum gen_status bind_bounds(const struct gen_binding *b, bool below, bool above)
{
    char bounds[128];

    if ((b->field->min == 0 && b->field->max == 0) || (!below && !above)) {
        return GEN_OK;
    }
    return gen_field_placed(b, gen_error_set(b->err, GEN_EINVAL, "must be %s",
                                             gen_field_bounds(b->field, bounds, sizeof(bounds))));
}

enum gen_status gen_field_within(const struct gen_binding *b, int64_t value)
{
    return bind_bounds(b, value<b->field->min, value> b->field->max);
}

static enum gen_status bind_bool(const struct gen_binding *b)
{
    if (b->node->type != GEN_NODE_BOOL) {
        return gen_field_wrong(b, "true or false");
    }
    *(bool *)(void *)b->member = b->node->as.boolean;
    return GEN_OK;
}

static enum gen_status bind_int(const struct gen_binding *b)
{
    int64_t value = gen_node_integer(b->node, 0);

    if (b->node->type != GEN_NODE_INT &&
        (b->node->type != GEN_NODE_REAL || gen_node_integer(b->node, 1) != value)) {
        return b->node->type == GEN_NODE_REAL
                   ? gen_field_placed(b,
                                      gen_error_set(b->err, GEN_EINVAL, "must be a whole number"))
                   : gen_field_wrong(b, "a whole number");
    }
    *(int64_t *)(void *)b->member = value;
    return gen_field_within(b, value);
}

static bool bind_is_number(const struct gen_binding *b)
{
    return (b->node->type == GEN_NODE_INT || b->node->type == GEN_NODE_REAL ||
            b->node->type == GEN_NODE_MONEY) &&
           isfinite(gen_node_number(b->node, 0));
}

static enum gen_status bind_real(const struct gen_binding *b)
{
    double value = gen_node_number(b->node, 0);

    if (!bind_is_number(b)) {
        return gen_field_wrong(b, "a number");
    }
    *(double *)(void *)b->member = value;
    return bind_bounds(b, value<(double)b->field->min, value>(double) b->field->max);
}

static enum gen_status bind_money(const struct gen_binding *b)
{
    gen_micros value = 0;
    enum gen_status status = gen_node_dollars(b->node, &value, b->err);

    if (status != GEN_OK) { /* too large for us is out of bounds for whoever wrote it */
        if (b->err != NULL) {
            b->err->status = GEN_EINVAL;
        }
        return gen_field_placed(b, GEN_EINVAL);
    }
    *(gen_micros *)(void *)b->member = value;
    return gen_field_within(b, value);
}

static enum gen_status bind_seconds(const struct gen_binding *b)
{
    double ms = gen_node_number(b->node, 0) * FIELD_MS;
    enum gen_status status;

    if (!bind_is_number(b)) {
        return gen_field_wrong(b, "a number of seconds");
    }
    status = bind_bounds(b, ms<(double)b->field->min, ms>(double) b->field->max);
    if (status == GEN_OK && fabs(ms) >= 0x1p62) {
        status = gen_field_placed(b, gen_error_set(b->err, GEN_EINVAL, "is too long a time"));
    }
    if (status == GEN_OK) {
        *(int64_t *)(void *)b->member = (int64_t)llround(ms);
    }
    return status;
}

static enum gen_status bind_moment(const struct gen_binding *b)
{
    if (b->node->type != GEN_NODE_STRING) {
        return gen_field_wrong(b, "a time such as \"2026-11-22T12:00:00Z\"");
    }
    return gen_field_placed(
        b, gen_moment_parse(b->node->text, b->node->size, (gen_moment *)(void *)b->member, b->err));
}

static enum gen_status bind_copy(const struct gen_binding *b, const char **out)
{
    if (b->node->type != GEN_NODE_STRING) {
        return gen_field_wrong(b, "text");
    }
    if (strlen(b->node->text) != b->node->size) {
        return gen_field_placed(b,
                                gen_error_set(b->err, GEN_EINVAL, "must not hold a NUL character"));
    }
    *out = gen_arena_strndup(b->arena, b->node->text, b->node->size);
    return *out != NULL ? GEN_OK : bind_no_memory(b);
}

static enum gen_status bind_text(const struct gen_binding *b)
{
    enum gen_status status = bind_copy(b, (const char **)(void *)b->member);

    if (status != GEN_OK) {
        return status;
    }
    return gen_field_within(b, (int64_t)gen_utf8_count(b->node->text, b->node->size));
}

/* "fast, best or cheap" */
static void choices_text(const struct gen_choice *choices, struct gen_bytes *out)
{
    for (const struct gen_choice *row = choices; row->word != NULL; row++) {
        const char *before = row == choices ? "" : row[1].word == NULL ? " or " : ", ";

        gen_bytes_printf(out, "%s%s", before, row->word);
    }
}

enum gen_status gen_field_known(const struct gen_binding *b, const char *word,
                                const struct gen_choice **row)
{
    const struct gen_choice *choices = b->field->choices;
    const char *nearest;
    struct gen_bytes known;

    for (*row = choices; (*row)->word != NULL; (*row)++) {
        if (strcmp((*row)->word, word) == 0) {
            return GEN_OK;
        }
    }
    nearest = gen_name_nearest(word, gen_choice_name, choices, gen_choice_count(choices));
    gen_bytes_init(&known, GEN_ERROR_MESSAGE_SIZE);
    choices_text(choices, &known);
    gen_error_set(b->err, GEN_EINVAL, "must be %s, not \"%.60s\"%s%s%s",
                  known.data != NULL ? known.data : "a known word", word,
                  nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                  nearest != NULL ? "\"?" : "");
    gen_bytes_fini(&known);
    return gen_field_placed(b, GEN_EINVAL);
}

static enum gen_status bind_choice(const struct gen_binding *b)
{
    const char *word = gen_node_text(b->node, NULL);
    const struct gen_choice *row;
    enum gen_status status;

    if (word == NULL) {
        return gen_field_wrong(b, "a word");
    }
    status = gen_field_known(b, word, &row);
    if (status == GEN_OK) {
        *(int *)(void *)b->member = row->value;
    }
    return status;
}

/* A word of the row's choices, kept as text. */
static enum gen_status bind_word(const struct gen_binding *b, const char **out)
{
    const struct gen_choice *row;
    enum gen_status status = bind_copy(b, out);

    return status == GEN_OK ? gen_field_known(b, *out, &row) : status;
}

static enum gen_status bind_numbers(const struct gen_binding *b)
{
    struct gen_numbers *numbers = (struct gen_numbers *)(void *)b->member;
    enum gen_status status = GEN_OK;
    char path[GEN_ERROR_PATH_SIZE];

    if (b->node->type != GEN_NODE_LIST) {
        return gen_field_wrong(b, "a list of numbers");
    }
    numbers->items = gen_arena_array(b->arena, gen_node_count(b->node), sizeof(double));
    if (numbers->items == NULL) {
        return bind_no_memory(b);
    }
    for (const struct gen_node *item = gen_node_first(b->node); item != NULL && status == GEN_OK;
         item = item->next) {
        struct gen_binding inner = *b;

        snprintf(path, sizeof(path), "%s[%zu]", b->path, numbers->count);
        inner.node = item;
        inner.path = path;
        inner.member = (char *)&numbers->items[numbers->count++];
        status = bind_real(&inner);
    }
    return status;
}

/* An expression is text; `true` and numbers, which YAML takes for something else, are meant so too. */
static enum gen_status bind_formula(const struct gen_binding *b)
{
    struct gen_formula *formula = (struct gen_formula *)(void *)b->member;
    const struct gen_node *node = b->node;
    const char *text = gen_node_text(node, NULL);
    size_t size = node->size;

    if (node->type == GEN_NODE_BOOL) {
        text = node->as.boolean ? "true" : "false";
        size = strlen(text);
    } else if (node->type == GEN_NODE_INT || node->type == GEN_NODE_REAL) {
        text = node->text;
    }
    if (text == NULL) {
        return gen_field_wrong(b, "an expression");
    }
    if (strspn(text, " \t\r\n") == size) {
        return gen_field_placed(b, gen_error_set(b->err, GEN_EINVAL, "there is no expression"));
    }
    formula->text = gen_arena_strndup(b->arena, text, size);
    formula->size = size;
    formula->node = node;
    if (formula->text == NULL) {
        return bind_no_memory(b);
    }
    return gen_field_within(b, (int64_t)gen_utf8_count(text, size));
}

static enum gen_status bind_texts(const struct gen_binding *b)
{
    struct gen_texts *texts = (struct gen_texts *)(void *)b->member;
    enum gen_status status;
    char path[GEN_ERROR_PATH_SIZE];

    if (b->node->type != GEN_NODE_LIST) {
        return gen_field_wrong(b, "a list of texts");
    }
    status = gen_field_within(b, (int64_t)gen_node_count(b->node));
    if (status != GEN_OK) {
        return status;
    }
    texts->items = gen_arena_array(b->arena, gen_node_count(b->node), sizeof(*texts->items));
    if (texts->items == NULL) {
        return bind_no_memory(b);
    }
    for (const struct gen_node *item = gen_node_first(b->node); item != NULL; item = item->next) {
        struct gen_binding inner = *b;

        snprintf(path, sizeof(path), "%s[%zu]", b->path, texts->count);
        inner.node = item;
        inner.path = path;
        status = b->field->choices != NULL ? bind_word(&inner, &texts->items[texts->count])
                                           : bind_copy(&inner, &texts->items[texts->count]);
        if (status != GEN_OK) {
            return status;
        }
        texts->count++;
    }
    return GEN_OK;
}

static enum gen_status bind_node(const struct gen_binding *b)
{
    *(const struct gen_node **)(void *)b->member = b->node;
    return GEN_OK;
}

struct field_kind {
    bind_function *bind;
    const char *word; /* in the reference documents */
};

static const struct field_kind field_kinds[] = {
    [GEN_FIELD_END] = {NULL, NULL},
    [GEN_FIELD_BOOL] = {bind_bool, "true or false"},
    [GEN_FIELD_INT] = {bind_int, "whole number"},
    [GEN_FIELD_REAL] = {bind_real, "number"},
    [GEN_FIELD_MONEY] = {bind_money, "dollars"},
    [GEN_FIELD_SECONDS] = {bind_seconds, "seconds"},
    [GEN_FIELD_MOMENT] = {bind_moment, "time"},
    [GEN_FIELD_TEXT] = {bind_text, "text"},
    [GEN_FIELD_CHOICE] = {bind_choice, "word"},
    [GEN_FIELD_RECORD] = {NULL, "map"},
    [GEN_FIELD_RECORDS] = {NULL, "list of maps"},
    [GEN_FIELD_TEXTS] = {bind_texts, "list of texts"},
    [GEN_FIELD_NODE] = {bind_node, "anything"},
    [GEN_FIELD_NAMED] = {NULL, "map of names"},
    [GEN_FIELD_NUMBERS] = {bind_numbers, "list of numbers"},
    [GEN_FIELD_FORMULA] = {bind_formula, "expression"},
};

enum gen_status gen_field_bind(const struct gen_binding *binding)
{
    GEN_CHECK((size_t)binding->field->type < GEN_COUNT(field_kinds) &&
              field_kinds[binding->field->type].bind != NULL);
    return field_kinds[binding->field->type].bind(binding);
}

const char *gen_field_word(enum gen_field_type type)
{
    GEN_CHECK(type > GEN_FIELD_END && (size_t)type < GEN_COUNT(field_kinds));
    return field_kinds[type].word;
}

/* "a, b" as a list of texts. */
static struct gen_node *preset_texts(const char *preset, struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    while (*preset != '\0') {
        size_t size = strcspn(preset, ",");

        gen_node_push(list, gen_node_string_sized(arena, preset, size));
        preset += size;
        preset += strspn(preset, ", ");
    }
    return list;
}

/* "0.5, 0.8" as a list of numbers. */
static struct gen_node *preset_numbers(const char *preset, struct gen_arena *arena)
{
    struct gen_node *texts = preset_texts(preset, arena);
    struct gen_node *list = gen_node_list(arena);

    for (const struct gen_node *item = gen_node_first(texts); item != NULL; item = item->next) {
        double real = 0;

        GEN_CHECK(gen_number_real(item->text, &real));
        gen_node_push(list, gen_node_real(arena, real));
    }
    return list;
}

struct gen_node *gen_field_preset(const struct gen_field *field, struct gen_arena *arena)
{
    struct gen_node *node;
    int64_t whole = 0;
    double real = 0;

    switch (field->type) {
    case GEN_FIELD_BOOL:
        GEN_CHECK(strcmp(field->preset, "true") == 0 || strcmp(field->preset, "false") == 0);
        return gen_node_bool(arena, strcmp(field->preset, "true") == 0);
    case GEN_FIELD_INT:
        GEN_CHECK(gen_number_integer(field->preset, &whole));
        return gen_node_int(arena, whole);
    case GEN_FIELD_REAL:
    case GEN_FIELD_MONEY:
    case GEN_FIELD_SECONDS:
        GEN_CHECK(gen_number_real(field->preset, &real));
        node = gen_node_real(arena, real);
        if (node != NULL) {
            node->text = field->preset; /* money is read from it exactly; a table is static */
            node->size = strlen(field->preset);
        }
        return node;
    case GEN_FIELD_TEXTS:
        return preset_texts(field->preset, arena);
    case GEN_FIELD_NUMBERS:
        return preset_numbers(field->preset, arena);
    default:
        return gen_node_string(arena, field->preset);
    }
}
