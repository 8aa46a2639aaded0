/* utf8.c - see utf8.h. */
#include "base/utf8.h"

/* The lead byte decides the length and the smallest code point that may be written so long. */
struct utf8_form {
    uint8_t mask, lead;
    size_t size;
    uint32_t least;
};

static const struct utf8_form utf8_forms[] = {
    {0x80, 0x00, 1, 0},       {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800},
    {0xF8, 0xF0, 4, 0x10000}, {0, 0, 0, 0},
};

static bool utf8_is_tail(char byte)
{
    return ((uint8_t)byte & 0xC0) == 0x80;
}

size_t gen_utf8_next(const char *text, size_t size, uint32_t *codepoint)
{
    const struct utf8_form *form;
    uint32_t value;

    if (size == 0) {
        return 0;
    }
    for (form = utf8_forms; form->size != 0; form++) {
        if (((uint8_t)text[0] & form->mask) == form->lead) {
            break;
        }
    }
    if (form->size == 0 || form->size > size) {
        return 0;
    }
    value = (uint32_t)((uint8_t)text[0] & (uint8_t)~form->mask);
    for (size_t i = 1; i < form->size; i++) {
        if (!utf8_is_tail(text[i])) {
            return 0;
        }
        value = value << 6 | ((uint8_t)text[i] & 0x3Fu);
    }
    if (value < form->least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    if (codepoint != NULL) {
        *codepoint = value;
    }
    return form->size;
}

bool gen_utf8_valid(const char *text, size_t size, size_t *bad)
{
    size_t at = 0;

    while (at < size) {
        size_t length = gen_utf8_next(text + at, size - at, NULL);

        if (length == 0) {
            if (bad != NULL) {
                *bad = at;
            }
            return false;
        }
        at += length;
    }
    return true;
}

size_t gen_utf8_count(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t at = 0; at < size; count++) {
        size_t length = gen_utf8_next(text + at, size - at, NULL);

        at += length > 0 ? length : 1;
    }
    return count;
}

size_t gen_utf8_cut(const char *text, size_t size, size_t maximum)
{
    size_t cut = maximum;

    if (size <= maximum) {
        return size;
    }
    /* At most three bytes back: beyond that it is not UTF-8 and any border is as good. */
    while (cut > 0 && maximum - cut < 3 && utf8_is_tail(text[cut])) {
        cut--;
    }
    return utf8_is_tail(text[cut]) ? maximum : cut;
}
