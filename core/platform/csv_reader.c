/* csv_reader.c - see csv_reader.h. */
#include "platform/csv_reader.h"

#include "base/utf8.h"

#include <string.h>

struct csv {
    const char *at, *end;
    char between;
    uint32_t line; /* of `at` */
    struct gen_arena *arena;
    struct gen_error *err;
    const char *names[GEN_CSV_MOST_COLUMNS];
    size_t count, rows;
};

static enum gen_status csv_wrong(struct csv *csv, uint32_t line, const char *why)
{
    enum gen_status status = gen_error_set(csv->err, GEN_EINVAL, "%s", why);

    gen_error_place(csv->err, NULL, line, 0, NULL);
    return status;
}

static bool csv_ends(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == '\n' ||
           (*csv->at == '\r' && (csv->at + 1 == csv->end || csv->at[1] == '\n'));
}

/* Behind the opening quote; a doubled one stands for one. */
static enum gen_status csv_quoted(struct csv *csv, const char **out)
{
    uint32_t line = csv->line;
    char *text = gen_arena_alloc(csv->arena, (size_t)(csv->end - csv->at) + 1);
    size_t size = 0;

    if (text == NULL) {
        return gen_error_set(csv->err, GEN_ENOMEM, "out of memory");
    }
    for (;; csv->at++) {
        if (csv->at == csv->end) {
            return csv_wrong(csv, line, "a quote is opened here and never closed");
        }
        if (*csv->at == '"') {
            csv->at++;
            if (csv->at == csv->end || *csv->at != '"') {
                break;
            }
        }
        csv->line += *csv->at == '\n';
        text[size++] = *csv->at;
    }
    if (!csv_ends(csv) && *csv->at != csv->between) {
        return csv_wrong(csv, csv->line, "a closing quote is followed by more of the value");
    }
    text[size] = '\0';
    *out = text;
    return GEN_OK;
}

static enum gen_status csv_plain(struct csv *csv, const char **out)
{
    const char *begin = csv->at;

    while (!csv_ends(csv) && *csv->at != csv->between) {
        if (*csv->at == '"') {
            return csv_wrong(csv, csv->line,
                             "a quote stands inside a value that has none around it");
        }
        csv->at++;
    }
    *out = gen_arena_strndup(csv->arena, begin, (size_t)(csv->at - begin));
    return *out == NULL ? gen_error_set(csv->err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

/* The values of one line; `*count` 0 for a blank one. */
static enum gen_status csv_line(struct csv *csv, const char *values[GEN_CSV_MOST_COLUMNS],
                                size_t *count)
{
    enum gen_status status = GEN_OK;
    bool more = !csv_ends(csv);

    *count = 0;
    while (more && status == GEN_OK) {
        if (*count == GEN_CSV_MOST_COLUMNS) {
            return gen_error_set(csv->err, GEN_ELIMIT, "line %u has more than %d values", csv->line,
                                 GEN_CSV_MOST_COLUMNS);
        }
        if (csv->at < csv->end && *csv->at == '"') {
            csv->at++;
            status = csv_quoted(csv, &values[*count]);
        } else {
            status = csv_plain(csv, &values[*count]);
        }
        *count += status == GEN_OK;
        more = status == GEN_OK && csv->at < csv->end && *csv->at == csv->between;
        csv->at += more;
    }
    if (status == GEN_OK && csv->at < csv->end) {
        csv->at += *csv->at == '\r' && csv->at + 1 < csv->end ? 2 : 1;
        csv->line++;
    }
    return status;
}

static enum gen_status csv_names(struct csv *csv)
{
    enum gen_status status;

    do {
        status = csv_line(csv, csv->names, &csv->count);
    } while (status == GEN_OK && csv->count == 0 && csv->at < csv->end);
    for (size_t i = 0; i < csv->count && status == GEN_OK; i++) {
        for (size_t k = 0; k < i; k++) {
            if (csv->names[i][0] != '\0' && strcmp(csv->names[i], csv->names[k]) == 0) {
                return csv_wrong(csv, csv->line - 1, "two columns have the same name");
            }
        }
    }
    return status;
}

static enum gen_status csv_row(struct csv *csv, struct gen_node *list)
{
    const char *values[GEN_CSV_MOST_COLUMNS];
    uint32_t line = csv->line;
    size_t count;
    enum gen_status status = csv_line(csv, values, &count);
    struct gen_node *map;

    if (status != GEN_OK || count == 0) {
        return status;
    }
    if (count != csv->count) {
        return csv_wrong(csv, line, "this line has another number of values than the first one");
    }
    if (csv->rows++ == GEN_CSV_MOST_ROWS) {
        return gen_error_set(csv->err, GEN_ELIMIT, "more than %d lines; import it in parts",
                             GEN_CSV_MOST_ROWS);
    }
    map = gen_node_push(list, gen_node_map(csv->arena));
    for (size_t i = 0; i < count; i++) {
        if (csv->names[i][0] != '\0') {
            gen_node_set(csv->arena, map, csv->names[i], gen_node_string(csv->arena, values[i]));
        }
    }
    return gen_arena_failed(csv->arena) ? gen_error_set(csv->err, GEN_ENOMEM, "out of memory")
                                        : GEN_OK;
}

char gen_csv_separator(const char *text, size_t size)
{
    size_t first = 0;

    while (first < size && text[first] != '\n') {
        first++;
    }
    return memchr(text, ',', first) != NULL    ? ','
           : memchr(text, ';', first) != NULL  ? ';'
           : memchr(text, '\t', first) != NULL ? '\t'
                                               : ',';
}

static enum gen_status csv_no_text(const char *text, size_t size, struct gen_error *err)
{
    bool wide = size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);

    return gen_error_set(err, GEN_EINVAL, "the file is no text in UTF-8%s",
                         wide ? " but in UTF-16; save it again as CSV in UTF-8" : "");
}

enum gen_status gen_csv_read(const char *text, size_t size, struct gen_arena *arena,
                             struct gen_node **out, struct gen_error *err)
{
    struct csv csv = {.at = text, .end = text + size, .line = 1, .arena = arena, .err = err};
    struct gen_node *list = gen_node_list(arena);
    enum gen_status status;

    if (memchr(text, '\0', size) != NULL || !gen_utf8_valid(text, size, NULL)) {
        return csv_no_text(text, size, err);
    }
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        csv.at += 3;
    }
    csv.between = gen_csv_separator(csv.at, (size_t)(csv.end - csv.at));
    status = csv_names(&csv);
    while (status == GEN_OK && csv.at < csv.end) {
        status = csv_row(&csv, list);
    }
    if (status == GEN_OK) {
        *out = list;
    }
    return status;
}
