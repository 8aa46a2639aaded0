/* phrase.c - see phrase.h. */
#include "phrase.h"

#include <glib.h>

enum { PHRASE_MOST = 12 }; /* letters of one that is kept whole */
#define WORD_JOINER 0x2060

enum letter_kind { OTHER = 1, HIRAGANA, KATAKANA, KANJI, PLAIN, STOP };

static enum letter_kind kind_of(gunichar c)
{
    if (c >= 0x3041 && c <= 0x309f) {
        return HIRAGANA;
    }
    if ((c >= 0x30a0 && c <= 0x30ff) || (c >= 0x31f0 && c <= 0x31ff)) {
        return KATAKANA; /* with the long vowel mark */
    }
    if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || c == 0x3005) {
        return KANJI;
    }
    if (c == 0x3001 || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0xff0c || c == 0x30fb) {
        return STOP;
    }
    return g_unichar_isalnum(c) ? PLAIN : OTHER;
}

static int is_japanese(const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        enum letter_kind kind = kind_of(g_utf8_get_char(at));

        if (kind == HIRAGANA || kind == KATAKANA) {
            return 1;
        }
    }
    return 0;
}

/* The honorific: it belongs to the kanji behind it. */
static int is_honorific(gunichar c)
{
    return c == 0x304a || c == 0x3054; /* o, go */
}

/* May a line end between a and b? `c` is what follows b, 0 = nothing. */
static int may_end(gunichar a, gunichar b, gunichar c)
{
    enum letter_kind left = kind_of(a), right = kind_of(b);

    if (left == OTHER || right == OTHER || left == PLAIN || right == STOP) {
        return 1; /* as Unicode has it: spaces, brackets, words of other scripts */
    }
    if (left == STOP) {
        return 1;
    }
    if (is_honorific(a) && right == KANJI) {
        return 0;
    }
    if (left == HIRAGANA && is_honorific(b) && c != 0 && kind_of(c) == KANJI) {
        return 1;
    }
    return left == HIRAGANA && right != HIRAGANA;
}

/* Letters from here to where a line may end. */
static int phrase_length(const char *at)
{
    int count = 1;

    while (*at != '\0') {
        const char *next = g_utf8_next_char(at);
        const char *third = *next == '\0' ? next : g_utf8_next_char(next);

        if (*next == '\0' || may_end(g_utf8_get_char(at), g_utf8_get_char(next),
                                     *third == '\0' ? 0 : g_utf8_get_char(third))) {
            break;
        }
        count++;
        at = next;
    }
    return count;
}

char *phrase_bind(const char *text)
{
    GString *out;
    int left = 0; /* letters of this phrase; 0 = another one begins */
    int bound = 0;

    if (!g_utf8_validate(text, -1, NULL) || !is_japanese(text)) {
        return g_strdup(text);
    }
    out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (left == 0) {
            left = phrase_length(at);
            bound = left <= PHRASE_MOST;
        }
        g_string_append_unichar(out, g_utf8_get_char(at));
        left--;
        if (left > 0 && bound) {
            g_string_append_unichar(out, WORD_JOINER);
        }
    }
    return g_string_free(out, FALSE);
}
