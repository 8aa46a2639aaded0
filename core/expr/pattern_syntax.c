/* pattern_syntax.c - see pattern_syntax.h. Escapes and classes in brackets: pattern_reader.c. */
#include "expr/pattern_syntax.h"

#include "base/utf8.h"
#include "expr/pattern_reader.h"

static enum gen_status parse_alternate(struct gen_pattern_reader *reader,
                                       struct gen_pattern_tree **out);

static struct gen_pattern_tree *make(struct gen_pattern_reader *reader, enum gen_pattern_kind kind)
{
    struct gen_pattern_tree *tree = gen_arena_alloc(reader->arena, sizeof(*tree));

    if (tree != NULL) {
        tree->kind = kind;
        tree->copies = 1;
        tree->height = 1;
    }
    return tree;
}

static void push(struct gen_pattern_tree *parent, struct gen_pattern_tree *child)
{
    GEN_CHECK(child != NULL);
    child->next = NULL;
    child->previous = parent->last;
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->copies = child->copies > parent->copies ? child->copies : parent->copies;
    parent->height = child->height >= parent->height ? child->height + 1 : parent->height;
}

/* A list with one child is that child; one without is EMPTY. */
static struct gen_pattern_tree *unwrap(struct gen_pattern_tree *list)
{
    if (list->first == NULL) {
        list->kind = GEN_PATTERN_EMPTY;
        return list;
    }
    return list->first->next == NULL ? list->first : list;
}

/* Moves the children of a CONCAT inside a CONCAT up, so that literal parts are seen whole. */
static void flatten(struct gen_pattern_tree *concat)
{
    struct gen_pattern_tree *child = concat->first, *next;

    concat->first = concat->last = NULL;
    for (; child != NULL; child = next) {
        next = child->next;
        if (child->kind == GEN_PATTERN_CONCAT) {
            struct gen_pattern_tree *inner = child->first, *after;

            for (; inner != NULL; inner = after) {
                after = inner->next;
                push(concat, inner);
            }
        } else {
            push(concat, child);
        }
    }
}

static enum gen_status push_chars(struct gen_pattern_reader *reader,
                                  struct gen_pattern_tree *concat,
                                  const struct gen_pattern_class *chars)
{
    struct gen_pattern_tree *tree = make(reader, GEN_PATTERN_CHARS);

    if (tree == NULL) {
        return gen_pattern_no_memory(reader);
    }
    tree->chars = chars;
    push(concat, tree);
    return GEN_OK;
}

static enum gen_status push_literal(struct gen_pattern_reader *reader,
                                    struct gen_pattern_tree *concat, uint32_t codepoint)
{
    struct gen_pattern_class *chars = gen_arena_alloc(reader->arena, sizeof(*chars));

    if (chars == NULL ||
        !gen_pattern_class_add(chars, codepoint, codepoint, (reader->flags & GEN_PATTERN_FOLD) != 0,
                               reader->arena)) {
        return gen_pattern_no_memory(reader);
    }
    gen_pattern_class_finish(chars);
    return push_chars(reader, concat, chars);
}

static enum gen_status push_place(struct gen_pattern_reader *reader,
                                  struct gen_pattern_tree *concat, enum gen_pattern_place place)
{
    struct gen_pattern_tree *tree = make(reader, GEN_PATTERN_ASSERT);

    if (tree == NULL) {
        return gen_pattern_no_memory(reader);
    }
    tree->place = place;
    push(concat, tree);
    return GEN_OK;
}

static enum gen_status push_dot(struct gen_pattern_reader *reader, struct gen_pattern_tree *concat)
{
    struct gen_pattern_class *chars = gen_arena_alloc(reader->arena, sizeof(*chars));

    if (chars == NULL ||
        ((reader->flags & GEN_PATTERN_DOT_ALL) == 0 &&
         !gen_pattern_class_add(chars, '\n', '\n', false, reader->arena)) ||
        !gen_pattern_class_negate(chars, reader->arena)) {
        return gen_pattern_no_memory(reader);
    }
    return push_chars(reader, concat, chars);
}

/* {3}, {3,} or {3,5} at the reader: its numbers, and the reader behind it. false: it is a literal.
 *  */
static bool read_counts(struct gen_pattern_reader *reader, int32_t *least, int32_t *most)
{
    size_t at = reader->at + 1;

    if (!gen_pattern_read_number(reader, &at, least)) {
        return false;
    }
    *most = *least;
    if (at < reader->size && reader->text[at] == ',') {
        at++;
        *most = GEN_PATTERN_ENDLESS;
        if (at < reader->size && reader->text[at] != '}' &&
            !gen_pattern_read_number(reader, &at, most)) {
            return false;
        }
    }
    if (at >= reader->size || reader->text[at] != '}') {
        return false;
    }
    reader->at = at + 1;
    return true;
}

/* Which repeat stands at the reader, if any; the reader moves behind it and its lazy mark. */
static bool read_repeat(struct gen_pattern_reader *reader, int32_t *least, int32_t *most)
{
    char c = reader->text[reader->at];

    if (c == '{') {
        if (!read_counts(reader, least, most)) {
            return false;
        }
    } else if (c == '*' || c == '+' || c == '?') {
        *least = c == '+' ? 1 : 0;
        *most = c == '?' ? 1 : GEN_PATTERN_ENDLESS;
        reader->at++;
    } else {
        return false;
    }
    if (reader->at < reader->size && reader->text[reader->at] == '?') {
        reader->at++;
    }
    return true;
}

static enum gen_status check_repeat(struct gen_pattern_reader *reader,
                                    const struct gen_pattern_tree *concat, size_t at, int32_t least,
                                    int32_t most, uint32_t *copies)
{
    uint32_t times = (uint32_t)(most < 0 ? least : most);

    if (concat->last == NULL) {
        return gen_pattern_refuse(reader, at, "there is nothing to repeat before it");
    }
    if (least > GEN_PATTERN_COUNT || most > GEN_PATTERN_COUNT) {
        return gen_pattern_refuse(reader, at, "a count is at most %d", GEN_PATTERN_COUNT);
    }
    if (most >= 0 && most < least) {
        return gen_pattern_refuse(reader, at, "the first count is larger than the second");
    }
    if (concat->last->height >= GEN_PATTERN_HEIGHT) {
        return gen_pattern_limit(reader, at, "repeats stand inside each other too deep");
    }
    *copies = concat->last->copies * (times > 1 ? times : 1);
    if (*copies > GEN_PATTERN_COUNT) {
        return gen_pattern_refuse(reader, at,
                                  "repeats inside each other make %u copies, more than %d",
                                  (unsigned)*copies, GEN_PATTERN_COUNT);
    }
    return GEN_OK;
}

/* Puts the last item of the list under a repeat that stood at `at`. */
static enum gen_status apply_repeat(struct gen_pattern_reader *reader,
                                    struct gen_pattern_tree *concat, size_t at, int32_t least,
                                    int32_t most)
{
    struct gen_pattern_tree *inner;
    uint32_t copies = 1;
    enum gen_status status = check_repeat(reader, concat, at, least, most, &copies);

    if (status != GEN_OK) {
        return status;
    }
    inner = gen_arena_alloc(reader->arena, sizeof(*inner));
    if (inner == NULL) {
        return gen_pattern_no_memory(reader);
    }
    *inner = *concat->last; /* the place in the list is the repeat's from now on */
    inner->next = NULL;
    *concat->last = (struct gen_pattern_tree){
        .kind = GEN_PATTERN_REPEAT, .least = least, .most = most, .previous = inner->previous};
    push(concat->last, inner);
    concat->last->copies = copies;
    concat->copies = copies > concat->copies ? copies : concat->copies;
    concat->height = concat->height > inner->height + 1 ? concat->height : inner->height + 2;
    return GEN_OK;
}

/* The inside of a group, whose opening is read, up to its closing. */
static enum gen_status parse_group(struct gen_pattern_reader *reader,
                                   struct gen_pattern_tree *concat, size_t at, uint32_t outer)
{
    struct gen_pattern_tree *inner = NULL;
    enum gen_status status;

    if (++reader->depth > GEN_PATTERN_DEPTH) {
        return gen_pattern_limit(reader, at, "groups stand inside each other deeper than %d",
                                 GEN_PATTERN_DEPTH);
    }
    status = parse_alternate(reader, &inner);
    if (status != GEN_OK) {
        return status;
    }
    if (reader->at == reader->size) {
        return gen_pattern_refuse(reader, at, "( is not closed");
    }
    reader->at++;
    reader->depth--;
    reader->flags = outer;
    push(concat, inner);
    return GEN_OK;
}

static enum gen_status parse_open(struct gen_pattern_reader *reader,
                                  struct gen_pattern_tree *concat)
{
    size_t at = reader->at;
    uint32_t outer = reader->flags;
    bool group = true;
    enum gen_status status = GEN_OK;

    reader->at++;
    if (reader->at < reader->size && reader->text[reader->at] == '?') {
        reader->at++;
        status = gen_pattern_read_group(reader, at, &group);
    }
    if (status != GEN_OK || !group) { /* (?i) changes what follows and is no item */
        return status;
    }
    return parse_group(reader, concat, at, outer);
}

/* \Q...\E: each character stands for itself. */
static enum gen_status parse_quoted(struct gen_pattern_reader *reader,
                                    struct gen_pattern_tree *concat)
{
    enum gen_status status = GEN_OK;

    reader->at += 2;
    while (status == GEN_OK && reader->at < reader->size) {
        if (gen_pattern_looking_at(reader, "\\E")) {
            reader->at += 2;
            break;
        }
        status = push_literal(reader, concat, gen_pattern_take(reader));
    }
    return status;
}

static enum gen_status parse_backslash(struct gen_pattern_reader *reader,
                                       struct gen_pattern_tree *concat)
{
    static const struct {
        char letter;
        enum gen_pattern_place place;
    } places[] = {
        {'A', GEN_PATTERN_BEGIN},
        {'z', GEN_PATTERN_END},
        {'b', GEN_PATTERN_WORD_EDGE},
        {'B', GEN_PATTERN_NO_WORD_EDGE},
        {0},
    };
    const struct gen_pattern_class *chars = NULL;
    uint32_t codepoint = 0;
    char letter = reader->at + 1 < reader->size ? reader->text[reader->at + 1] : '\0';
    enum gen_status status;

    for (size_t i = 0; places[i].letter != '\0'; i++) {
        if (letter == places[i].letter) {
            reader->at += 2;
            return push_place(reader, concat, places[i].place);
        }
    }
    if (letter == 'Q') {
        return parse_quoted(reader, concat);
    }
    status = gen_pattern_read_class_escape(reader, &chars);
    if (status == GEN_OK && chars != NULL) {
        return push_chars(reader, concat, chars);
    }
    if (status == GEN_OK) {
        status = gen_pattern_read_escape(reader, &codepoint);
    }
    return status == GEN_OK ? push_literal(reader, concat, codepoint) : status;
}

/* One item that is not a repeat. */
static enum gen_status parse_item(struct gen_pattern_reader *reader,
                                  struct gen_pattern_tree *concat)
{
    bool lines = (reader->flags & GEN_PATTERN_LINES) != 0;
    const struct gen_pattern_class *chars = NULL;
    enum gen_status status;

    switch (reader->text[reader->at]) {
    case '(':
        return parse_open(reader, concat);
    case '[':
        status = gen_pattern_read_brackets(reader, &chars);
        return status == GEN_OK ? push_chars(reader, concat, chars) : status;
    case '\\':
        return parse_backslash(reader, concat);
    case '.':
        reader->at++;
        return push_dot(reader, concat);
    case '^':
        reader->at++;
        return push_place(reader, concat, lines ? GEN_PATTERN_BEGIN_LINE : GEN_PATTERN_BEGIN);
    case '$':
        reader->at++;
        return push_place(reader, concat, lines ? GEN_PATTERN_END_LINE : GEN_PATTERN_END);
    default:
        return push_literal(reader, concat, gen_pattern_take(reader));
    }
}

/* Items up to |, ) or the end. */
static enum gen_status parse_concat(struct gen_pattern_reader *reader,
                                    struct gen_pattern_tree **out)
{
    struct gen_pattern_tree *concat = make(reader, GEN_PATTERN_CONCAT);
    enum gen_status status = concat != NULL ? GEN_OK : gen_pattern_no_memory(reader);
    bool repeated = false; /* was the last thing a repeat? */

    while (status == GEN_OK && reader->at < reader->size && reader->text[reader->at] != '|' &&
           reader->text[reader->at] != ')') {
        size_t at = reader->at;
        int32_t least, most;

        if (gen_arena_used(reader->arena) - reader->used > GEN_PATTERN_TREE_MOST) {
            return gen_pattern_limit(reader, at, "the pattern is too large");
        }
        if (!read_repeat(reader, &least, &most)) {
            status = parse_item(reader, concat);
            repeated = false;
        } else if (repeated) {
            status = gen_pattern_refuse(reader, at, "a repeat of a repeat needs a group around it");
        } else {
            status = apply_repeat(reader, concat, at, least, most);
            repeated = true;
        }
    }
    if (status == GEN_OK) {
        flatten(concat);
        *out = unwrap(concat);
    }
    return status;
}

static enum gen_status parse_alternate(struct gen_pattern_reader *reader,
                                       struct gen_pattern_tree **out)
{
    struct gen_pattern_tree *alternate = make(reader, GEN_PATTERN_ALTERNATE), *branch = NULL;
    enum gen_status status = alternate != NULL ? GEN_OK : gen_pattern_no_memory(reader);

    while (status == GEN_OK) {
        status = parse_concat(reader, &branch);
        if (status != GEN_OK) {
            return status;
        }
        push(alternate, branch);
        if (reader->at == reader->size || reader->text[reader->at] != '|') {
            *out = unwrap(alternate);
            return GEN_OK;
        }
        reader->at++;
    }
    return status;
}

enum gen_status gen_pattern_parse(const char *text, size_t size, struct gen_arena *arena,
                                  struct gen_pattern_tree **out, struct gen_error *err)
{
    struct gen_pattern_reader reader = {
        .text = text, .size = size, .arena = arena, .used = gen_arena_used(arena), .err = err};
    size_t bad = 0;
    enum gen_status status;

    if (size > GEN_PATTERN_SIZE) {
        return gen_error_set(err, GEN_ELIMIT, "regular expression: it has %zu bytes, more than %d",
                             size, GEN_PATTERN_SIZE);
    }
    if (!gen_utf8_valid(text, size, &bad)) {
        return gen_pattern_refuse(&reader, bad, "it is not UTF-8");
    }
    status = parse_alternate(&reader, out);
    if (status == GEN_OK && reader.at < size) {
        return gen_pattern_refuse(&reader, reader.at, ") closes nothing");
    }
    return status;
}
