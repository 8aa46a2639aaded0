/* event.c - see event.h. */
#include "model/event.h"

#include <string.h>

struct event_row {
    enum gen_event_kind kind;
    const char *word;
    enum gen_permission permission;
    const char *meaning;
};

static const struct event_row events[] = {
#define EVENT_ROW(name, word, permission, text) {name, word, permission, text},
    GEN_EVENT_TABLE(EVENT_ROW)
#undef EVENT_ROW
        {GEN_EVENT_NONE, "", GEN_MAY_SELF_READ, ""}};

static const struct event_row *event_find(enum gen_event_kind kind)
{
    const struct event_row *row = events;

    while (row->kind != GEN_EVENT_NONE && row->kind != kind) {
        row++;
    }
    return row;
}

const char *gen_event_word(enum gen_event_kind kind)
{
    return event_find(kind)->word;
}

const char *gen_event_meaning(enum gen_event_kind kind)
{
    return event_find(kind)->meaning;
}

bool gen_event_may(const struct gen_principal *principal, enum gen_event_kind kind)
{
    const struct event_row *row = event_find(kind);

    return row->kind != GEN_EVENT_NONE && gen_principal_may(principal, row->permission);
}

enum gen_event_kind gen_event_of(const char *word)
{
    const struct event_row *row = events;

    while (row->kind != GEN_EVENT_NONE && strcmp(row->word, word) != 0) {
        row++;
    }
    return row->kind;
}
