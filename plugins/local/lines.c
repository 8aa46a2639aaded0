/* lines.c - see lines.h. */
#include "lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lines_init(struct lines *lines, const struct gen_host *host, struct gen_arena *arena)
{
    memset(lines, 0, sizeof(*lines));
    lines->host = host;
    lines->arena = arena;
    lines->room = 2048;
    lines->text = host->alloc(arena, lines->room);
    lines->broken = lines->text == NULL;
}

static void lines_grow(struct lines *lines, size_t need)
{
    size_t room = lines->room;
    char *text;

    while (room < need) {
        room *= 2;
    }
    text = lines->host->alloc(lines->arena, room);
    if (text == NULL) {
        lines->broken = 1;
        return;
    }
    memcpy(text, lines->text, lines->used + 1);
    lines->text = text;
    lines->room = room;
}

void lines_add(struct lines *lines, const char *format, ...)
{
    va_list list;
    int length;

    if (lines->broken) {
        return;
    }
    va_start(list, format);
    length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0) {
        lines->broken = 1;
        return;
    }
    if (lines->used + (size_t)length + 1 > lines->room) {
        lines_grow(lines, lines->used + (size_t)length + 1);
        if (lines->broken) {
            return;
        }
    }
    va_start(list, format);
    vsnprintf(lines->text + lines->used, lines->room - lines->used, format, list);
    va_end(list);
    lines->used += (size_t)length;
}

void words_init(struct words *words, const struct gen_host *host, struct gen_arena *arena)
{
    memset(words, 0, sizeof(*words));
    words->host = host;
    words->arena = arena;
    words->room = 64;
    words->list = host->alloc(arena, words->room * sizeof(*words->list));
    words->broken = words->list == NULL;
}

void words_add(struct words *words, const char *word)
{
    if (words->broken || word == NULL) {
        words->broken = 1;
        return;
    }
    if (words->used + 2 > words->room) {
        const char **list = words->host->alloc(words->arena,
                                               words->room * 2 * sizeof(*words->list));

        if (list == NULL) {
            words->broken = 1;
            return;
        }
        memcpy(list, words->list, words->used * sizeof(*list));
        words->list = list;
        words->room *= 2;
    }
    words->list[words->used++] = word;
    words->list[words->used] = NULL;
}

void words_split(struct words *words, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " ");

        words_add(words, words->host->print(words->arena, "%.*s", (int)length, text));
        text += length;
        text += *text == ' ';
    }
}

void words_print(struct words *words, const char *format, ...)
{
    char buffer[512];
    va_list list;
    int length;

    va_start(list, format);
    length = vsnprintf(buffer, sizeof(buffer), format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof(buffer)) {
        words->broken = 1;
        return;
    }
    words_add(words, words->host->print(words->arena, "%s", buffer));
}
