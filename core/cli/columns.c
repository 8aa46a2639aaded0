/* columns.c - see columns.h. */
#include "cli/columns.h"

#include "cli/printable.h"

#include <string.h>

enum { COLUMNS_GAP = 2 };

struct gen_columns_row {
    struct gen_columns_row *next;
    const char *cells[GEN_COLUMNS_MOST];
};

void gen_columns_init(struct gen_columns *columns, const char *const *heads,
                      struct gen_arena *arena)
{
    *columns = (struct gen_columns){.arena = arena, .heads = heads};
    while (heads[columns->count] != NULL) {
        columns->count++;
    }
    GEN_CHECK(columns->count <= GEN_COLUMNS_MOST);
}

void gen_columns_add(struct gen_columns *columns, const char *const *cells)
{
    struct gen_columns_row *row = gen_arena_alloc(columns->arena, sizeof(*row));

    if (row == NULL) {
        return;
    }
    for (size_t i = 0; i < columns->count; i++) {
        row->cells[i] = cells[i] != NULL ? gen_arena_strdup(columns->arena, cells[i]) : "";
    }
    if (columns->last != NULL) {
        columns->last->next = row;
    } else {
        columns->first = row;
    }
    columns->last = row;
}

static const char *columns_head(const struct gen_columns *columns, size_t index)
{
    return columns->heads[index] + (columns->heads[index][0] == '>');
}

static void columns_spaces(struct gen_bytes *out, size_t count)
{
    for (; count > 0; count--) {
        (void)gen_bytes_text(out, " ");
    }
}

static void columns_line(const struct gen_columns *columns, const char *const *cells,
                         const size_t *widths, size_t limit, struct gen_bytes *out)
{
    size_t at = 0, owed = 0; /* spaces that are only written when something follows them */

    for (size_t i = 0; i < columns->count; i++) {
        const char *cell = cells[i] != NULL ? cells[i] : "";
        size_t width = gen_printable_width(cell);
        size_t pad = widths[i] > width ? widths[i] - width : 0;
        bool right = columns->heads[i][0] == '>';

        owed += right ? pad : 0;
        if (width > 0) {
            columns_spaces(out, owed);
            at += owed;
            owed = 0;
            if (i + 1 == columns->count && limit > at) {
                at += gen_printable_fit(out, cell, limit - at);
            } else {
                gen_printable_add(out, cell);
                at += width;
            }
        }
        owed += (right ? 0 : pad) + COLUMNS_GAP;
    }
    (void)gen_bytes_text(out, "\n");
}

void gen_columns_write(const struct gen_columns *columns, size_t width, struct gen_bytes *out)
{
    size_t widths[GEN_COLUMNS_MOST] = {0};
    const char *heads[GEN_COLUMNS_MOST] = {0};

    for (size_t i = 0; i < columns->count; i++) {
        heads[i] = columns_head(columns, i);
        widths[i] = gen_printable_width(heads[i]);
        for (const struct gen_columns_row *row = columns->first; row != NULL; row = row->next) {
            size_t wide = gen_printable_width(row->cells[i]);

            widths[i] = wide > widths[i] ? wide : widths[i];
        }
    }
    columns_line(columns, heads, widths, width, out);
    for (const struct gen_columns_row *row = columns->first; row != NULL; row = row->next) {
        columns_line(columns, row->cells, widths, width, out);
    }
}
