/* language.c - see language.h. */
#include "model/language.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
    LANGUAGE_EXTENDED_MOST = 3,
    LANGUAGE_SUBTAG_MOST = 8,
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* The parts of a tag in the order in which they stand. */
enum language_part {
    LANGUAGE_NONE = 0,
    LANGUAGE_FIRST,
    LANGUAGE_EXTENDED,
    LANGUAGE_SCRIPT,
    LANGUAGE_REGION,
    LANGUAGE_VARIANT,
    LANGUAGE_EXTENSION,
    LANGUAGE_PRIVATE,
};

struct language_row { /* a table of these ends with part NONE; the first row that fits counts */
    enum language_part part;
    bool repeats;
    size_t least, most;
    const char *first, *others; /* the characters it is made of */
};

static const struct language_row language_rows[] = {
    {LANGUAGE_EXTENDED, true, 3, 3, LETTERS, LETTERS},
    {LANGUAGE_SCRIPT, false, 4, 4, LETTERS, LETTERS},
    {LANGUAGE_REGION, false, 2, 2, LETTERS, LETTERS},
    {LANGUAGE_REGION, false, 3, 3, DIGITS, DIGITS},
    {LANGUAGE_VARIANT, true, 5, LANGUAGE_SUBTAG_MOST, LETTERS DIGITS, LETTERS DIGITS},
    {LANGUAGE_VARIANT, true, 4, 4, DIGITS, LETTERS DIGITS},
    {LANGUAGE_NONE, false, 0, 0, NULL, NULL},
};

struct language_walk {
    const char *at;  /* the subtag that is looked at */
    size_t size;     /* its bytes */
    size_t first;    /* those of the language */
    size_t extended; /* how many of these there are */
    enum language_part part;
    const char *opened; /* the singleton that nothing has followed yet, or NULL */
    const char *seen;   /* where variants or extensions of this tag begin, or NULL */
};

static bool language_made_of(const char *text, size_t size, const char *set)
{
    return strspn(text, set) >= size;
}

static enum gen_status language_wrong(const struct language_walk *walk, const char *what,
                                      struct gen_error *err)
{
    return gen_error_set(err, GEN_EINVAL,
                         "\"%.*s\" %s; a language tag is language[-script][-region][-variant], "
                         "such as de, pt-BR or zh-Hant-TW",
                         (int)(walk->size < 60 ? walk->size : 60), walk->at, what);
}

/* Which part is this subtag, after those before it? NONE: it cannot stand there. */
static enum language_part language_place(const struct language_walk *walk)
{
    for (const struct language_row *row = language_rows; row->part != LANGUAGE_NONE; row++) {
        bool later = row->part > walk->part || (row->repeats && row->part == walk->part);

        if (!later || walk->size < row->least || walk->size > row->most ||
            !language_made_of(walk->at, 1, row->first) ||
            !language_made_of(walk->at, walk->size, row->others)) {
            continue;
        }
        if (row->part == LANGUAGE_EXTENDED &&
            (walk->first > 3 || walk->extended == LANGUAGE_EXTENDED_MOST)) {
            continue; /* only short languages are extended */
        }
        return row->part;
    }
    return LANGUAGE_NONE;
}

/* Did a subtag like this one stand between `from` and here? */
static bool language_again(const struct language_walk *walk, const char *from)
{
    while (from != NULL && from < walk->at) {
        size_t size = strcspn(from, "-");

        if (size == walk->size && strncasecmp(from, walk->at, size) == 0) {
            return true;
        }
        from += size + 1;
    }
    return false;
}

static enum gen_status language_singleton(struct language_walk *walk, struct gen_error *err)
{
    bool private = walk->at[0] == 'x' || walk->at[0] == 'X';

    if (walk->opened != NULL) {
        return language_wrong(walk, "cannot stand there: an extension has at least one part", err);
    }
    if (!private && language_again(walk, walk->part == LANGUAGE_EXTENSION ? walk->seen : NULL)) {
        return language_wrong(walk, "begins the same extension twice", err);
    }
    if (walk->part != LANGUAGE_EXTENSION) {
        walk->seen = walk->at;
    }
    walk->part = private ? LANGUAGE_PRIVATE : LANGUAGE_EXTENSION;
    walk->opened = walk->at;
    return GEN_OK;
}

/* A subtag after the first. */
static enum gen_status language_next(struct language_walk *walk, struct gen_error *err)
{
    enum language_part part;

    if (walk->size > LANGUAGE_SUBTAG_MOST ||
        !language_made_of(walk->at, walk->size, LETTERS DIGITS)) {
        return language_wrong(walk, "is not 1 to 8 letters and digits", err);
    }
    if (walk->part == LANGUAGE_PRIVATE || (walk->part == LANGUAGE_EXTENSION && walk->size > 1)) {
        walk->opened = NULL;
        return GEN_OK;
    }
    if (walk->size == 1) {
        return language_singleton(walk, err);
    }
    part = language_place(walk);
    if (part == LANGUAGE_NONE) {
        return language_wrong(walk, "cannot stand there", err);
    }
    if (part == LANGUAGE_VARIANT && walk->part == part && language_again(walk, walk->seen)) {
        return language_wrong(walk, "stands there twice", err);
    }
    if (part == LANGUAGE_VARIANT && walk->part != part) {
        walk->seen = walk->at;
    }
    walk->extended += part == LANGUAGE_EXTENDED;
    walk->part = part;
    return GEN_OK;
}

static enum gen_status language_first(struct language_walk *walk, struct gen_error *err)
{
    walk->first = walk->size;
    if (walk->size == 1 && (walk->at[0] == 'x' || walk->at[0] == 'X')) {
        return language_singleton(walk, err);
    }
    if (walk->size < 2 || walk->size > LANGUAGE_SUBTAG_MOST ||
        !language_made_of(walk->at, walk->size, LETTERS)) {
        return language_wrong(walk, "is no language", err);
    }
    walk->part = LANGUAGE_FIRST;
    return GEN_OK;
}

enum gen_status gen_language_check(const char *tag, struct gen_error *err)
{
    struct language_walk walk = {.at = tag};
    enum gen_status status = GEN_OK;

    if (strchr(tag, '_') != NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "the parts of a language tag are joined by \"-\", not \"_\", as in "
                             "pt-BR");
    }
    for (;;) {
        walk.size = strcspn(walk.at, "-");
        if (walk.size == 0) {
            return gen_error_set(err, GEN_EINVAL, "a language tag must not %s, as in pt-BR",
                                 walk.at == tag ? "begin with \"-\""
                                                : "have two \"-\" in a row, or end in one");
        }
        status = walk.at == tag ? language_first(&walk, err) : language_next(&walk, err);
        if (status != GEN_OK || walk.at[walk.size] == '\0') {
            break;
        }
        walk.at += walk.size + 1;
    }
    if (status == GEN_OK && walk.opened != NULL) {
        walk.at = walk.opened;
        walk.size = 1;
        status = language_wrong(&walk, "begins an extension and nothing follows it", err);
    }
    return status;
}
