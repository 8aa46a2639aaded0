/* printable.c - see printable.h. */
#include "cli/printable.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

struct printable_range {
    uint32_t first, last;
};

/* What changes more than its own place on the screen (Unicode 15: controls, format characters of
 * direction, separators, tags, interlinear marks). */
static const struct printable_range printable_harmful[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c}, {0x200e, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}, {0, 0},
};

/* Drawn on the character before. */
static const struct printable_range printable_combining[] = {
    {0x0300, 0x036f},   {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf}, {0x05c1, 0x05c2},
    {0x05c4, 0x05c5},   {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc},
    {0x06df, 0x06e4},   {0x0900, 0x0902}, {0x093a, 0x093a}, {0x093c, 0x093c}, {0x0941, 0x0948},
    {0x094d, 0x094d},   {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff},   {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    {0x1f3fb, 0x1f3ff}, {0, 0},
};

static const struct printable_range printable_wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}, {0, 0},
};

static const char printable_replacement[] = "\xef\xbf\xbd";
static const char printable_ellipsis[] = "\xe2\x80\xa6";

static bool printable_in(const struct printable_range *ranges, uint32_t codepoint)
{
    for (; ranges->last != 0; ranges++) {
        if (codepoint >= ranges->first && codepoint <= ranges->last) {
            return true;
        }
    }
    return false;
}

size_t gen_printable_columns(uint32_t codepoint)
{
    if (printable_in(printable_combining, codepoint)) {
        return 0;
    }
    return printable_in(printable_wide, codepoint) ? 2 : 1;
}

/* The next character of `text`: what to print for it and its columns. Returns the bytes it takes. */
static size_t printable_next(const char *text, size_t size, const char **shown, size_t *shown_size,
                             size_t *columns)
{
    uint32_t codepoint = 0;
    size_t taken = gen_utf8_next(text, size, &codepoint);

    *shown = text;
    *shown_size = taken;
    *columns = 1;
    if (taken == 1 && (codepoint == '\n' || codepoint == '\t')) {
        *shown = " ";
    } else if (taken == 0 || printable_in(printable_harmful, codepoint)) {
        *shown = printable_replacement;
        *shown_size = sizeof(printable_replacement) - 1;
    } else {
        *columns = gen_printable_columns(codepoint);
    }
    return taken == 0 ? 1 : taken;
}

size_t gen_printable_width(const char *text)
{
    size_t size = text != NULL ? strlen(text) : 0;
    size_t width = 0, columns, shown_size;
    const char *shown;

    for (size_t at = 0; at < size;) {
        at += printable_next(text + at, size - at, &shown, &shown_size, &columns);
        width += columns;
    }
    return width;
}

void gen_printable_add(struct gen_bytes *out, const char *text)
{
    (void)gen_printable_fit(out, text, SIZE_MAX);
}

size_t gen_printable_fit(struct gen_bytes *out, const char *text, size_t columns)
{
    size_t size = text != NULL ? strlen(text) : 0;
    bool cut = columns != SIZE_MAX && gen_printable_width(text) > columns;
    size_t room = cut ? columns - (columns > 0) : columns;
    size_t used = 0, wide, shown_size;
    const char *shown;

    for (size_t at = 0; at < size;) {
        at += printable_next(text + at, size - at, &shown, &shown_size, &wide);
        if (wide > room - used) {
            break;
        }
        (void)gen_bytes_append(out, shown, shown_size);
        used += wide;
    }
    if (cut && columns > 0) {
        (void)gen_bytes_text(out, printable_ellipsis);
        used++;
    }
    return used;
}
