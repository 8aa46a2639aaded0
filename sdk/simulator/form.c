/* form.c - judges a JSON body by a table of fields; see dialect.h. */
#include "simulator/dialect.h"

#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { FORM_DEPTH = 8, FORM_URL_MAX = 2048 };

struct form {
    struct sim_call *call;
    struct sim_complaints *out;
    const char *keys[FORM_DEPTH]; /* the way to the map in hand: names, or NULL for an index */
    int64_t indexes[FORM_DEPTH];
    size_t depth;
};

static const struct {
    uint32_t type;
    const char *word;
} form_types[] = {
    {SIM_TEXT, "a string"},  {SIM_INT, "an integer"}, {SIM_NUMBER, "a number"},
    {SIM_BOOL, "a boolean"}, {SIM_MAP, "an object"},  {SIM_LIST, "an array"},
    {SIM_NULL, "null"},
};

static const char *form_type_words(struct gen_arena *arena, uint32_t types)
{
    const char *text = NULL;

    for (size_t i = 0; i < GEN_COUNT(form_types); i++) {
        if ((types & form_types[i].type) != 0) {
            text = text == NULL ? form_types[i].word
                                : gen_arena_printf(arena, "%s or %s", text, form_types[i].word);
        }
    }
    return text;
}

static bool form_type_fits(uint32_t types, const struct gen_node *value)
{
    switch (gen_node_type_of(value)) {
    case GEN_NODE_NULL:
        return (types & SIM_NULL) != 0;
    case GEN_NODE_BOOL:
        return (types & SIM_BOOL) != 0;
    case GEN_NODE_INT:
        return (types & (SIM_INT | SIM_NUMBER)) != 0;
    case GEN_NODE_REAL:
        return (types & SIM_NUMBER) != 0;
    case GEN_NODE_STRING:
        return (types & SIM_TEXT) != 0;
    case GEN_NODE_LIST:
        return (types & SIM_LIST) != 0;
    case GEN_NODE_MAP:
        return (types & SIM_MAP) != 0;
    default:
        return false;
    }
}

/* -------------------------------------------------------------------------------- complaints */

static void form_say(struct form *form, enum sim_wrong wrong, const char *key,
                     const struct sim_field *field, const struct gen_node *value,
                     const char *message)
{
    struct gen_arena *arena = form->call->arena;
    struct gen_node *path = gen_node_list(arena);
    struct sim_complaint *complaint;
    const char *dotted = NULL;

    if (form->out->count == SIM_COMPLAINTS) {
        return;
    }
    for (size_t i = 0; i < form->depth; i++) {
        if (form->keys[i] != NULL) {
            gen_node_push(path, gen_node_string(arena, form->keys[i]));
            dotted = dotted == NULL ? form->keys[i]
                                    : gen_arena_printf(arena, "%s.%s", dotted, form->keys[i]);
        } else {
            gen_node_push(path, gen_node_int(arena, form->indexes[i]));
            dotted = gen_arena_printf(arena, "%s[%d]", dotted, (int)form->indexes[i]);
        }
    }
    if (key != NULL) {
        gen_node_push(path, gen_node_string(arena, key));
        dotted = dotted == NULL ? key : gen_arena_printf(arena, "%s.%s", dotted, key);
    }
    complaint = &form->out->items[form->out->count++];
    *complaint = (struct sim_complaint){wrong,
                                        path,
                                        gen_arena_strdup(arena, dotted == NULL ? "" : dotted),
                                        gen_arena_strdup(arena, key == NULL ? "" : key),
                                        message == NULL ? "wrong" : message,
                                        field,
                                        value};
}

void sim_form_complain(struct sim_call *call, struct sim_complaints *out, enum sim_wrong wrong,
                       const char *key, const char *message)
{
    struct form form = {.call = call, .out = out};

    form_say(&form, wrong, key, NULL, NULL, message);
}

/* ------------------------------------------------------------------------------------- values */

bool sim_form_among(const char *choices, const char *word)
{
    size_t size = strlen(word);

    for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
        at += *at == '|' ? 1 : 0;
        if (strncmp(at, word, size) == 0 && (at[size] == '|' || at[size] == '\0')) {
            return true;
        }
    }
    return false;
}

size_t sim_form_utf16(const char *text, size_t size)
{
    size_t units = 0;

    for (size_t at = 0; at < size;) {
        uint32_t codepoint = 0;
        size_t step = gen_utf8_next(text + at, size - at, &codepoint);

        units += step == 4 ? 2 : 1;
        at += step == 0 ? 1 : step;
    }
    return units;
}

/* How much of it there is, in the unit of its type; false when it has no size. */
static bool form_amount(const struct sim_field *field, const struct gen_node *value, double *out,
                        const char **unit)
{
    *unit = "";
    switch (value->type) {
    case GEN_NODE_INT:
    case GEN_NODE_REAL:
        *out = gen_node_number(value, 0);
        return true;
    case GEN_NODE_STRING:
        *out = (double)((field->flags & SIM_UTF16) != 0 ? sim_form_utf16(value->text, value->size)
                                                        : gen_utf8_count(value->text, value->size));
        *unit = " character(s)";
        return field->choices == NULL;
    case GEN_NODE_LIST:
        *out = (double)gen_node_count(value);
        *unit = " element(s)";
        return true;
    default:
        return false;
    }
}

static void form_judge_size(struct form *form, const struct sim_field *field,
                            const struct gen_node *value)
{
    struct gen_arena *arena = form->call->arena;
    double amount = 0;
    const char *unit;

    if ((field->min == 0 && field->max == 0) || !form_amount(field, value, &amount, &unit)) {
        return;
    }
    if (amount < field->min) {
        form_say(form, SIM_WRONG_SMALL, field->key, field, value,
                 gen_arena_printf(arena, "%s must be at least %g%s", field->key, field->min, unit));
    } else if (amount > field->max) {
        form_say(form, SIM_WRONG_BIG, field->key, field, value,
                 gen_arena_printf(arena, "%s must be at most %g%s", field->key, field->max, unit));
    }
}

static void form_judge_choice(struct form *form, const struct sim_field *field,
                              const struct gen_node *value)
{
    /* A field of words and of numbers has words for its texts, a range for its numbers. */
    bool number = value->type == GEN_NODE_INT || value->type == GEN_NODE_REAL;

    if (field->choices == NULL || (number && (field->type & SIM_TEXT) != 0) ||
        (!number && value->type != GEN_NODE_STRING)) {
        return;
    }
    if (!sim_form_among(field->choices, value->text == NULL ? "" : value->text)) {
        form_say(form, SIM_WRONG_CHOICE, field->key, field, value,
                 gen_arena_printf(form->call->arena, "%s must be one of %s", field->key,
                                  field->choices));
    }
}

static void form_walk(struct form *form, const struct sim_field *fields,
                      const struct gen_node *map);

static void form_enter(struct form *form, const char *key, int64_t index,
                       const struct sim_field *fields, const struct gen_node *map)
{
    if (form->depth == FORM_DEPTH || gen_node_type_of(map) != GEN_NODE_MAP) {
        return;
    }
    form->keys[form->depth] = key;
    form->indexes[form->depth++] = index;
    form_walk(form, fields, map);
    form->depth--;
}

static void form_judge_items(struct form *form, const struct sim_field *field,
                             const struct gen_node *list)
{
    int64_t index = 0;

    if (form->depth + 1 >= FORM_DEPTH) {
        return;
    }
    form->keys[form->depth++] = field->key;
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        if (field->items != 0 && !form_type_fits(field->items, item)) {
            form->keys[form->depth] = NULL;
            form->indexes[form->depth++] = index;
            form_say(form, SIM_WRONG_TYPE, NULL, field, item,
                     gen_arena_printf(form->call->arena, "Expected %s",
                                      form_type_words(form->call->arena, field->items)));
            form->depth--;
        } else if (field->fields != NULL) {
            form_enter(form, NULL, index, field->fields, item);
        }
        index++;
    }
    form->depth--;
}

static void form_judge(struct form *form, const struct sim_field *field,
                       const struct gen_node *value)
{
    size_t before = form->out->count;
    const char *wrong;

    if (!form_type_fits(field->type, value)) {
        form_say(form, SIM_WRONG_TYPE, field->key, field, value,
                 gen_arena_printf(form->call->arena, "%s must be %s", field->key,
                                  form_type_words(form->call->arena, field->type)));
        return;
    }
    if (value->type == GEN_NODE_NULL) {
        return;
    }
    form_judge_choice(form, field, value);
    form_judge_size(form, field, value);
    if (value->type == GEN_NODE_MAP && field->fields != NULL) {
        form_enter(form, field->key, 0, field->fields, value);
    } else if (value->type == GEN_NODE_LIST) {
        form_judge_items(form, field, value);
    }
    if (field->check != NULL && form->out->count == before) {
        wrong = field->check(form->call, value);
        if (wrong != NULL) {
            form_say(form, SIM_WRONG_FORM, field->key, field, value, wrong);
        }
    }
}

static void form_walk(struct form *form, const struct sim_field *fields, const struct gen_node *map)
{
    for (const struct sim_field *field = fields; field->key != NULL; field++) {
        const struct gen_node *value = gen_node_get(map, field->key);

        if (value != NULL) {
            form_judge(form, field, value);
        } else if ((field->flags & SIM_REQUIRED) != 0) {
            form_say(form, SIM_WRONG_MISSING, field->key, field, NULL,
                     gen_arena_printf(form->call->arena, "%s is required", field->key));
        }
    }
    for (const struct gen_node *value = gen_node_first(map); value != NULL; value = value->next) {
        const struct sim_field *field = fields;

        while (field->key != NULL && strcmp(field->key, value->key) != 0) {
            field++;
        }
        if (field->key == NULL) {
            form_say(form, SIM_WRONG_UNKNOWN, value->key, NULL, value,
                     gen_arena_printf(form->call->arena, "Unrecognized key: \"%s\"", value->key));
        }
    }
}

bool sim_form_check(struct sim_call *call, const struct sim_field *fields,
                    const struct gen_node *map, struct sim_complaints *out)
{
    struct form form = {.call = call, .out = out};

    out->count = 0;
    form_walk(&form, fields, map);
    return out->count == 0;
}

/* --------------------------------------------------------------------------------------- URLs */

const char *sim_form_https(const char *url)
{
    const char *host;
    size_t size;
    bool letters = false, dots = false;

    if (strncmp(url, "https://", 8) != 0) {
        return "must be an https:// URL";
    }
    if (strlen(url) > FORM_URL_MAX) {
        return "must not be longer than 2048 characters";
    }
    host = url + 8;
    size = strcspn(host, "/?#");
    if (memchr(host, '@', size) != NULL || memchr(host, '[', size) != NULL) {
        return "must name a host by its domain, without credentials";
    }
    for (size_t i = 0; i < size && host[i] != ':'; i++) {
        letters = letters || isalpha((unsigned char)host[i]) != 0;
        dots = dots || host[i] == '.';
    }
    if (!letters || !dots) {
        return "must name a host by its domain, not by its address";
    }
    return strcspn(url, " \t\r\n\"<>") < strlen(url) ? "must be a valid URL" : NULL;
}
