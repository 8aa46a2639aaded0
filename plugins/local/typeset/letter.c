/* letter.c - see letter.h. */
#include "letter.h"

#include "phrase.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Families in order of preference; what is not installed is passed over. The scripts are named
 * because `Sans` may be a font that covers them badly (DejaVu's Arabic). */
#define SCRIPTS "Noto Sans Hebrew, Noto Sans Armenian, Noto Sans Georgian, Noto Sans Lao, Sans"
static const char display_families[] = "Inter Display, Inter, Manrope, Open Sans, Noto Sans, "
                                       "Noto Kufi Arabic, Noto Sans Arabic, " SCRIPTS;
static const char text_families[] =
    "Inter, Manrope, Open Sans, Noto Sans, Noto Sans Arabic, " SCRIPTS;

const struct letter_style letter_styles[6] = {
    [JOB_HEADLINE] = {PANGO_WEIGHT_ULTRABOLD, 1, -0.022, 0.87},
    [JOB_BODY] = {PANGO_WEIGHT_MEDIUM, 0, -0.006, 1.06},
    [JOB_BADGE] = {PANGO_WEIGHT_ULTRABOLD, 1, -0.008, 0.84},
    [JOB_ACTION] = {PANGO_WEIGHT_SEMIBOLD, 0, -0.004, 1.0},
    [JOB_LEGAL] = {PANGO_WEIGHT_NORMAL, 0, 0.004, 1.04},
};

/* Adds a font file to this program's fonts; its family, or NULL. */
static char *add_font(const char *file)
{
    FcPattern *pattern;
    FcChar8 *family;
    char *name = NULL;
    int count = 0;

    if (file[0] == '\0' || !FcConfigAppFontAddFile(NULL, (const FcChar8 *)file)) {
        return NULL;
    }
    pattern = FcFreeTypeQuery((const FcChar8 *)file, 0, NULL, &count);
    if (pattern != NULL) {
        if (FcPatternGetString(pattern, FC_FAMILY, 0, &family) == FcResultMatch) {
            name = g_strdup((const char *)family);
        }
        FcPatternDestroy(pattern);
    }
    return name;
}

int letter_press_init(struct letter_press *press, const struct job *job)
{
    cairo_font_options_t *options = cairo_font_options_create();
    char *own = add_font(job->font_file);
    char *wish = own != NULL ? own : g_strdup(job->font);

    /* A comma or control character in a family name would end the name: such a font is no font. */
    if (strpbrk(wish, ",\n\"'\\") != NULL) {
        wish[0] = '\0';
    }
    press->display = g_strdup_printf("%s%s%s", wish, wish[0] != '\0' ? ", " : "", display_families);
    press->family = g_strdup_printf("%s%s%s", wish, wish[0] != '\0' ? ", " : "", text_families);
    g_free(wish);
    FcInit(); /* else Pango does it in a thread of its own, which may outlive a job without texts */
    press->context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(press->context, options);
    pango_cairo_context_set_resolution(press->context, 72);
    pango_context_set_round_glyph_positions(press->context, FALSE);
    if (job->language[0] != '\0') {
        pango_context_set_language(press->context, pango_language_from_string(job->language));
    }
    cairo_font_options_destroy(options);
    return 0;
}

void letter_press_fini(struct letter_press *press, int drawn)
{
    if (press->context != NULL) {
        g_object_unref(press->context);
    }
    g_free(press->family);
    g_free(press->display);
    memset(press, 0, sizeof(*press));
    if (!drawn) { /* Pango may still be looking for fonts in a thread of its own, and hold some */
        return;
    }
    /* The libraries' own caches, so that a sanitizer sees nothing but our leaks. */
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    FcFini();
}

enum { MOST_BALANCED = 12 }; /* lines of a text that gets lines of even length */

/* How tightly a text may be set. */
enum setting {
    SETTING_TIGHT = 1,   /* Latin, Greek, Cyrillic, Hebrew: tracking and a pitch of our own */
    SETTING_SQUARE = 2,  /* Chinese, Japanese, Korean: a pitch of our own */
    SETTING_NATURAL = 3, /* stacked scripts need all the room that their font asks for */
    SETTING_ARABIC = 4,  /* joined: no tracking; fonts ask for more room than marks need */
};

static enum setting setting_of(const char *text)
{
    enum setting setting = SETTING_TIGHT;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if ((c >= 0x600 && c < 0x700) || (c >= 0x750 && c < 0x780) || (c >= 0xfb50 && c < 0xfe00) ||
            (c >= 0xfe70 && c < 0xff00)) {
            setting = SETTING_ARABIC;
            continue;
        }
        if ((c >= 0x700 && c < 0x1100) || (c >= 0x1200 && c < 0x1e00)) {
            return SETTING_NATURAL;
        }
        if ((c >= 0x1100 && c < 0x1200) || (c >= 0x2e80 && c < 0xfb00) ||
            (c >= 0xff00 && c < 0xfff0) || (c >= 0x20000 && c < 0x40000)) {
            setting = SETTING_SQUARE;
        }
    }
    return setting;
}

/* Capitals with marks on them need more room above. */
static int has_tall_capital(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text), base, mark;

        if (g_unichar_isupper(c) && g_unichar_decompose(c, &base, &mark) && mark != 0x327 &&
            mark != 0x328) {
            return 1;
        }
    }
    return 0;
}

/* By the first letter, as the bidirectional algorithm decides a paragraph's direction (P2, P3). */
int letter_is_rtl(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (g_unichar_isalpha(c)) {
            return (c >= 0x590 && c < 0x900) || (c >= 0xfb1d && c < 0xfe00) ||
                   (c >= 0xfe70 && c < 0xff00) || (c >= 0x10800 && c < 0x11000) ||
                   (c >= 0x1e800 && c < 0x1f000);
        }
    }
    return 0;
}

int letter_count(const char *text)
{
    return (int)g_utf8_strlen(text, -1);
}

static PangoAttrList *attributes(const struct letter_ask *ask, enum setting setting)
{
    PangoAttrList *list = pango_attr_list_new();
    double tracking = ask->style->tracking * ask->size * PANGO_SCALE;
    double pitch = setting == SETTING_TIGHT                           ? 1.21
                   : setting == SETTING_ARABIC && ask->style->display ? 1.66
                   : ask->style->display                              ? 1.42
                                                                      : 1.5;

    if (setting == SETTING_TIGHT && ask->style->display && has_tall_capital(ask->text)) {
        pitch *= 1.11; /* the dots of Ü would touch the line above */
    }

    if (setting !=
        SETTING_NATURAL) { /* the same for all lines, whatever font or emoji is in them */
        pitch *= ask->style->leading * ask->size * PANGO_SCALE;
        pango_attr_list_insert(list, pango_attr_line_height_new_absolute((int)lround(pitch)));
    }
    tracking = setting == SETTING_TIGHT ? tracking : 0;

    if (tracking != 0) {
        pango_attr_list_insert(list, pango_attr_letter_spacing_new((int)lround(tracking)));
    }
    /* A hyphen inside an address would be copied as part of it. */
    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(strpbrk(ask->text, "/@") == NULL &&
                                                               strstr(ask->text, "www.") == NULL));
    return list;
}

/* Narrows the layout while the number of lines stays: no orphan word on the last line. */
static void balance(PangoLayout *layout, int width)
{
    int lines = pango_layout_get_line_count(layout), low = width / 3, high = width;

    if (lines < 2 || lines > MOST_BALANCED || pango_layout_is_ellipsized(layout)) {
        return;
    }
    while (high - low > 4) {
        int middle = (low + high) / 2, logical;

        pango_layout_set_width(layout, middle * PANGO_SCALE);
        pango_layout_get_pixel_size(layout, &logical, NULL);
        if (pango_layout_get_line_count(layout) > lines || logical > middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    pango_layout_set_width(layout, high * PANGO_SCALE);
}

static void measure_lines(struct letter *letter, int top)
{
    PangoLayoutIter *iter = pango_layout_get_iter(letter->layout);
    int least = letter->width, before = least;

    letter->lines = 0;
    do {
        PangoRectangle ink, logical;

        pango_layout_iter_get_line_extents(iter, &ink, &logical);
        least = before < least ? before : least;
        before = logical.width / PANGO_SCALE;
        letter->top[letter->lines] = PANGO_PIXELS_FLOOR(ink.y) - top;
        letter->bottom[letter->lines] = PANGO_PIXELS_CEIL(ink.y + ink.height) - top;
        letter->lines++;
    } while (letter->lines < LETTER_MAX_LINES && pango_layout_iter_next_line(iter));
    letter->thin = least < letter->width * 0.5;
    pango_layout_iter_free(iter);
}

static int max_of(int a, int b)
{
    return a > b ? a : b;
}

static void measure(struct letter *letter, int width)
{
    PangoRectangle ink, logical;

    pango_layout_get_pixel_extents(letter->layout, &ink, &logical);
    letter->width = logical.width;
    letter->height = logical.height;
    letter->over_x =
        max_of(0, max_of(logical.x - ink.x, ink.x + ink.width - logical.x - logical.width));
    letter->over_y =
        max_of(0, max_of(logical.y - ink.y, ink.y + ink.height - logical.y - logical.height));
    letter->broken = logical.width > width;
    measure_lines(letter, logical.y);
}

/* A headline of several sentences breaks between them where that takes no line more. */
static void break_at_sentences(PangoLayout *layout, const struct letter_ask *ask)
{
    int lines = pango_layout_get_line_count(layout), sentences = 1, width;
    char *text = g_strdup(ask->text), *at;

    for (at = text; *at != '\0'; at++) {
        if (at > text && strchr(".!?", at[-1]) != NULL && *at == ' ' && at - text > 4) {
            *at = '\n';
            sentences++;
        }
    }
    if (sentences > 1 && sentences <= lines + 1 && sentences <= 3 && lines > 1 &&
        strchr(ask->text, '\n') == NULL) {
        pango_layout_set_text(layout, text, -1);
        pango_layout_get_pixel_size(layout, &width, NULL);
        if (pango_layout_get_line_count(layout) > sentences || width > ask->width) {
            pango_layout_set_text(layout, ask->text, -1);
        }
    }
    g_free(text);
}

enum { NUMBER_DIGITS = 7 }; /* fewer are no telephone number */

/* Bytes of the telephone number at the beginning of `text`, 0 = there is none. */
static size_t number_length(const char *text)
{
    const char *at = text, *end = text;
    int digits = 0, first = g_unichar_digit_value(g_utf8_get_char(text));

    if (first != 0 && *text != '+' && *text != '(') {
        return 0;
    }
    for (; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_isdigit(g_utf8_get_char(at))) {
            digits++;
            end = g_utf8_next_char(at);
        } else if (strchr(" +-()./", *at) == NULL) {
            break;
        }
    }
    return digits >= NUMBER_DIGITS ? (size_t)(end - text) : 0;
}

/* The text with its telephone numbers isolated: among letters that read from right to left the
 * bidirectional algorithm would set "012 345" as "345 012". Owned by the caller. */
static char *isolate_numbers(const char *text)
{
    GString *out = g_string_new(NULL);

    while (*text != '\0') {
        size_t number = number_length(text), rest;

        if (number > 0) {
            g_string_append(out, "\u2066");
            g_string_append_len(out, text, (gssize)number);
            g_string_append(out, "\u2069");
            text += number;
            continue;
        }
        rest = (size_t)(g_utf8_next_char(text) - text);
        while (g_unichar_isdigit(g_utf8_get_char(text)) &&
               g_unichar_isdigit(g_utf8_get_char(text + rest))) { /* not from inside a number */
            g_string_append_len(out, text, (gssize)rest);
            text += rest;
            rest = (size_t)(g_utf8_next_char(text) - text);
        }
        g_string_append_len(out, text, (gssize)rest);
        text += rest;
    }
    return g_string_free(out, FALSE);
}

/* Whole words where they fit; else broken ones, whose lines stay as they come. */
static void wrap(PangoLayout *layout, const struct letter_ask *ask, struct letter *letter)
{
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    measure(letter, ask->width);
    if (letter->broken && ask->break_words) {
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        measure(letter, ask->width);
    } else if (ask->balance && !letter->broken) {
        if (ask->style->display) {
            break_at_sentences(layout, ask);
        }
        balance(layout, ask->width);
        measure(letter, ask->width);
    }
}

/* Letters that no font has would be drawn as boxes: a video that nobody can use. A rare sign among many
 * words is let pass. */
static int letter_known(PangoLayout *layout, const char *text)
{
    int unknown = pango_layout_get_unknown_glyphs_count(layout);

    if (unknown == 0 || unknown * 10 < letter_count(text)) {
        return 0;
    }
    fprintf(stderr,
            "gen-typeset: no font on this machine has the letters of \"%.80s\"; install one that "
            "does (Chinese, Japanese, Korean: fonts-noto-cjk; others: fonts-noto-core, "
            "fonts-noto-color-emoji)\n",
            text);
    return -1;
}

int letter_set(const struct letter_press *press, const struct letter_ask *wish,
               struct letter *letter)
{
    char *text = letter_is_rtl(wish->text) ? isolate_numbers(wish->text) : phrase_bind(wish->text);
    struct letter_ask own = *wish;
    const struct letter_ask *ask = &own;
    enum setting setting = setting_of(wish->text);
    PangoFontDescription *font = pango_font_description_new();
    PangoAttrList *list = attributes(wish, setting);
    PangoLayout *layout = pango_layout_new(press->context);

    memset(letter, 0, sizeof(*letter));
    own.text = text;
    letter->layout = layout;
    pango_font_description_set_family(font, ask->style->display ? press->display : press->family);
    pango_font_description_set_weight(font, (PangoWeight)ask->style->weight);
    pango_font_description_set_absolute_size(font, ask->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_attributes(layout, list);
    pango_layout_set_auto_dir(layout, TRUE);
    pango_layout_set_alignment(layout, ask->align);
    pango_layout_set_width(layout, ask->width * PANGO_SCALE);
    if (ask->most_height > 0) {
        pango_layout_set_height(layout, ask->most_height * PANGO_SCALE);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    pango_layout_set_text(layout, ask->text, -1);
    wrap(layout, ask, letter);
    pango_attr_list_unref(list);
    pango_font_description_free(font);
    g_free(text);
    if (letter_known(layout, wish->text) != 0) {
        letter_fini(letter);
        return -1;
    }
    return 0;
}

void letter_fini(struct letter *letter)
{
    if (letter->layout != NULL) {
        g_object_unref(letter->layout);
    }
    letter->layout = NULL;
}

void letter_paint(const struct letter *letter, cairo_t *cr, double x, double y, struct tint color)
{
    PangoRectangle logical;

    pango_layout_get_pixel_extents(letter->layout, NULL, &logical);
    cairo_save(cr);
    cairo_set_source_rgb(cr, color.r, color.g, color.b);
    cairo_translate(cr, x - logical.x, y - logical.y);
    pango_cairo_show_layout(cr, letter->layout);
    cairo_restore(cr);
}

void letter_paint_line(const struct letter *letter, int line, cairo_t *cr, double x, double y,
                       struct tint color)
{
    PangoLayoutIter *iter = pango_layout_get_iter(letter->layout);
    PangoRectangle all, logical;
    int i = 0;

    while (i < line && pango_layout_iter_next_line(iter)) {
        i++;
    }
    pango_layout_get_pixel_extents(letter->layout, NULL, &all);
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    cairo_set_source_rgb(cr, color.r, color.g, color.b);
    cairo_move_to(cr, x - all.x + (double)logical.x / PANGO_SCALE,
                  y - all.y + (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE);
    pango_cairo_show_layout_line(cr, pango_layout_iter_get_line_readonly(iter));
    pango_layout_iter_free(iter);
}
