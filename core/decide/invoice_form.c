/* invoice_form.c - see invoice_form.h. */
#include "decide/invoice_form.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_TEXT = 64, FORM_DECIMALS = 6 };

enum form_column {
    FORM_ID,
    FORM_REFERENCE,
    FORM_MODEL,
    FORM_SECONDS,
    FORM_AMOUNT,
    FORM_CURRENCY,
    FORM_AT,
    FORM_COLUMNS,
};

/* How providers call them, letters and digits only; the first that is there counts. */
static const char *const names[FORM_COLUMNS][16] = {
    [FORM_ID] = {"taskid", "generationid", "predictionid", "requestid", "videoid", "operationid",
                 "operationname", "jobid", "usageid", "id", NULL},
    [FORM_REFERENCE] = {"clientreference", "externalid", "customid", "externaltaskid", "reference",
                        "referenceid", "label", NULL},
    [FORM_MODEL] = {"model", "modelid", "modelname", "endpoint", "sku", "product", NULL},
    [FORM_SECONDS] = {"seconds", "durationseconds", "durationsec", "billedseconds", "duration",
                      "predicttime", NULL},
    [FORM_AMOUNT] = {"amountusd", "costusd", "priceusd", "totalusd", "amount", "cost", "totalcost",
                     "charge", "price", "total", NULL},
    [FORM_CURRENCY] = {"currency", "currencycode", NULL},
    [FORM_AT] = {"createdat", "startedat", "timestamp", "time", "date", "usagetime", "completedat",
                 "created", "at", NULL},
};

struct form {
    const char *path[FORM_COLUMNS]; /* NULL = there is no such column */
    bool commas;                    /* are decimal ones */
    struct gen_arena *arena;
};

static bool form_same(const char *key, const char *name)
{
    for (; *key != '\0'; key++) {
        if (isalnum((unsigned char)*key)) {
            if (tolower((unsigned char)*key) != *name) {
                return false;
            }
            name++;
        }
    }
    return *name == '\0';
}

static const char *form_guess(const struct gen_node *row, enum form_column column)
{
    for (size_t i = 0; names[column][i] != NULL; i++) {
        for (const struct gen_node *item = gen_node_first(row); item != NULL; item = item->next) {
            if (form_same(item->key, names[column][i])) {
                return item->key;
            }
        }
    }
    return NULL;
}

static enum gen_status form_columns(const struct gen_node *row,
                                    const struct gen_provider_invoice *columns, struct form *form,
                                    struct gen_error *err)
{
    const struct gen_provider_invoice none = {0};
    const struct gen_provider_invoice *from = columns != NULL ? columns : &none;
    const char *const told[FORM_COLUMNS] = {
        [FORM_ID] = from->id,         [FORM_REFERENCE] = from->reference,
        [FORM_MODEL] = from->model,   [FORM_SECONDS] = from->seconds,
        [FORM_AMOUNT] = from->amount, [FORM_CURRENCY] = from->currency,
        [FORM_AT] = from->at,
    };

    for (int i = 0; i < FORM_COLUMNS; i++) {
        form->path[i] = told[i] != NULL ? told[i] : form_guess(row, (enum form_column)i);
    }
    if (form->path[FORM_AMOUNT] == NULL) {
        return gen_error_set(
            err, GEN_EINVAL,
            "none of its columns looks like an amount; name it: `invoice: {amount: "
            "...}` in the provider's policy file, or in the map");
    }
    if (form->path[FORM_ID] == NULL && form->path[FORM_REFERENCE] == NULL &&
        form->path[FORM_AT] == NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "none of its columns looks like an id or a time; name one of `id`, "
                             "`reference`, `at` in the map");
    }
    return GEN_OK;
}

/* A value as text; "" = none. A path may lead into maps of JSON. */
static const char *form_value(const struct form *form, const struct gen_node *row,
                              enum form_column column)
{
    const char *path = form->path[column];
    const struct gen_node *node = path == NULL ? NULL : gen_node_get(row, path);

    if (node == NULL && path != NULL && strchr(path, '.') != NULL) {
        node = gen_node_find(row, path, NULL);
    }
    if (gen_node_type_of(node) == GEN_NODE_INT) {
        return gen_arena_printf(form->arena, "%lld", (long long)gen_node_integer(node, 0));
    }
    if (gen_node_type_of(node) == GEN_NODE_REAL || gen_node_type_of(node) == GEN_NODE_MONEY) {
        return gen_arena_printf(form->arena, "%.9f", gen_node_number(node, 0));
    }
    return gen_node_text(node, "");
}

/* The words around a number that may stand there, and the currency that they name. */
static const char *form_trim(const char *text, char *out, bool *dollars)
{
    static const char *const words[] = {"US$", "USD", "$", NULL};
    size_t size = 0;

    *dollars = false;
    while (*text != '\0' && size + 1 < FORM_TEXT) {
        bool word = false;

        for (size_t i = 0; words[i] != NULL && !word; i++) {
            if (strncmp(text, words[i], strlen(words[i])) == 0) {
                text += strlen(words[i]);
                word = *dollars = true;
            }
        }
        if (!word && *text == ' ') {
            text++;
        } else if (!word) {
            out[size++] = *text++;
        }
    }
    out[size] = '\0';
    return *text == '\0' ? out : "?";
}

/* "1,234.50": commas only where thousands end. */
static bool form_plain(const char *text, char *out)
{
    const char *point = strchr(text, '.');
    const char *end = point != NULL ? point : text + strlen(text);
    size_t size = 0;

    for (const char *at = text; *at != '\0'; at++) {
        if (*at != ',') {
            out[size++] = *at;
        } else if (at > end || (end - at) % 4 != 0 || at == text) {
            return false;
        }
    }
    out[size] = '\0';
    return true;
}

/* "1.234,50" as "1,234.50"; a number without a comma is as it is. */
static void form_turn(char *text)
{
    if (strchr(text, ',') == NULL) {
        return;
    }
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == ',' ? '.' : *at == '.' ? ',' : *at;
    }
}

/* Finer than a micro-dollar: rounded up, away from 0. */
static bool form_round(char *text, gen_micros *out)
{
    char *point = strchr(text, '.');
    size_t decimals = point == NULL || strpbrk(text, "eE") != NULL ? 0 : strlen(point + 1);
    bool more = false;

    for (size_t i = FORM_DECIMALS; i < decimals; i++) {
        more = more || (point[1 + i] > '0' && point[1 + i] <= '9');
        if (!isdigit((unsigned char)point[1 + i])) {
            return false;
        }
    }
    if (decimals > FORM_DECIMALS) {
        point[1 + FORM_DECIMALS] = '\0';
    }
    if (gen_money_parse(text, strlen(text), out, NULL) != GEN_OK) {
        return false;
    }
    return !more || gen_money_add(out, *out, text[0] == '-' ? -1 : 1);
}

static bool form_money(const char *text, bool commas, gen_micros *out, bool *dollars)
{
    char bare[FORM_TEXT], inner[FORM_TEXT], plain[FORM_TEXT];
    size_t size;

    text = form_trim(text, bare, dollars);
    if (commas && text == bare) {
        form_turn(bare);
    }
    size = strlen(text);
    if (size > 2 && text[0] == '(' && text[size - 1] == ')') { /* an accountant's minus */
        (void)snprintf(inner, sizeof inner, "-%.*s", (int)(size - 2), text + 1);
        text = inner;
    }
    return form_plain(text, plain) && form_round(plain, out);
}

static bool form_moment(const char *text, gen_moment *out)
{
    char stamp[FORM_TEXT];
    size_t size = strlen(text);
    char *end;
    double number = strtod(text, &end);

    if (size > 0 && *end == '\0' && isdigit((unsigned char)text[0])) { /* seconds, or ms */
        number = number > 1e11 ? number : number * 1000;
        *out = (gen_moment)number;
        return number > 0 && number < 2.5e14;
    }
    if (size >= sizeof stamp - 2) {
        return false;
    }
    memcpy(stamp, text, size + 1);
    if (size > 11 && stamp[10] == ' ') {
        stamp[10] = 'T';
    }
    if (gen_moment_parse(stamp, size, out, NULL) == GEN_OK) {
        return true;
    }
    memcpy(stamp + size, "Z", 2); /* no zone: UTC */
    return gen_moment_parse(stamp, size + 1, out, NULL) == GEN_OK;
}

static void form_refuse(struct gen_invoice_line *line, const char *note)
{
    line->verdict = GEN_INVOICE_REFUSED;
    line->note = note;
}

static void form_line(const struct form *form, const struct gen_node *row,
                      struct gen_invoice_line *line)
{
    const char *currency = form_value(form, row, FORM_CURRENCY);
    const char *seconds = form_value(form, row, FORM_SECONDS);
    const char *amount = form_value(form, row, FORM_AMOUNT);
    const char *at = form_value(form, row, FORM_AT);
    bool dollars = false;
    double length;
    char *end;

    line->reference = form_value(form, row, FORM_ID);
    line->client = form_value(form, row, FORM_REFERENCE);
    line->model = form_value(form, row, FORM_MODEL);
    line->note = "";
    if (currency[0] != '\0' && !form_same(currency, "usd") && strcmp(currency, "$") != 0) {
        form_refuse(
            line, gen_arena_printf(form->arena, "in %.20s; only US dollars are booked", currency));
        return;
    }
    if (!form_money(amount, form->commas, &line->amount, &dollars)) {
        line->amount = 0;
        form_refuse(line,
                    gen_arena_printf(form->arena, "\"%.40s\" is no amount of US dollars", amount));
        return;
    }
    if (at[0] != '\0' && !form_moment(at, &line->at)) {
        form_refuse(line, gen_arena_printf(form->arena, "\"%.40s\" is no time", at));
        return;
    }
    length = strtod(seconds, &end);
    if (seconds[0] != '\0' && (*end != '\0' || !(length >= 0 && length < 1e6))) {
        form_refuse(line,
                    gen_arena_printf(form->arena, "\"%.40s\" is no number of seconds", seconds));
        return;
    }
    line->duration_ms = seconds[0] == '\0' ? 0 : llround(length * 1000);
}

/* The list itself, or the only list of a map. */
static const struct gen_node *form_list(const struct gen_node *document)
{
    const struct gen_node *list = NULL;

    if (gen_node_type_of(document) == GEN_NODE_LIST) {
        return document;
    }
    for (const struct gen_node *item = gen_node_first(document); item != NULL; item = item->next) {
        if (gen_node_type_of(item) == GEN_NODE_LIST) {
            if (list != NULL) {
                return NULL;
            }
            list = item;
        }
    }
    return list;
}

enum gen_status gen_invoice_form_read(const struct gen_node *document,
                                      const struct gen_provider_invoice *columns, bool commas,
                                      struct gen_arena *arena, struct gen_invoice *invoice,
                                      struct gen_error *err)
{
    const struct gen_node *list = form_list(document);
    struct form form = {.arena = arena, .commas = commas};
    size_t count = gen_node_count(list);
    struct gen_invoice_line *lines;
    enum gen_status status;

    if (list == NULL || count == 0) {
        return gen_error_set(err, GEN_EINVAL, "the file has no list of lines");
    }
    if (count > GEN_INVOICE_MOST_LINES) {
        return gen_error_set(err, GEN_ELIMIT, "more than %d lines; import it in parts",
                             GEN_INVOICE_MOST_LINES);
    }
    status = form_columns(gen_node_first(list), columns, &form, err);
    if (status != GEN_OK) {
        return status;
    }
    lines = gen_arena_array(arena, count, sizeof *lines);
    if (lines == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    invoice->lines = lines;
    invoice->count = 0;
    for (const struct gen_node *row = gen_node_first(list); row != NULL; row = row->next) {
        struct gen_invoice_line *line = &lines[invoice->count++];

        *line = (struct gen_invoice_line){.ordinal = (int64_t)invoice->count};
        if (gen_node_type_of(row) == GEN_NODE_MAP) {
            form_line(&form, row, line);
        } else {
            line->reference = line->client = line->model = "";
            form_refuse(line, "it is no map of values");
        }
    }
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}
