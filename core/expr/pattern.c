/* pattern.c - see pattern.h. What is plain text in a pattern is searched for as plain text. */
#include "expr/pattern.h"

#include "expr/pattern_automaton.h"

#include <string.h>

enum method {
    SEARCH = 1, /* run the automaton */
    PREFIX,     /* look for `literal`, run the automaton from there */
    CONTAINS,   /* `literal` is all there is */
    BEGINS,
    ENDS,
    EQUALS,
};

struct gen_pattern {
    enum method method;
    char *literal;
    size_t literal_size;
    struct gen_pattern_program program;
    struct gen_pattern_automaton *automaton; /* SEARCH, PREFIX */
};

/* The UTF-8 of a code point: 1 to 4 bytes. */
static size_t encode(uint32_t codepoint, char *out)
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;

    for (size_t i = size; i > 1; i--) {
        out[i - 1] = (char)(0x80 | (codepoint & 0x3F));
        codepoint >>= 6;
    }
    out[0] = (char)(marks[size] | codepoint);
    return size;
}

static bool is_place(const struct gen_pattern_tree *tree, enum gen_pattern_place place)
{
    return tree != NULL && tree->kind == GEN_PATTERN_ASSERT && tree->place == place;
}

static bool is_literal(const struct gen_pattern_tree *tree)
{
    return tree != NULL && tree->kind == GEN_PATTERN_CHARS && tree->chars->count == 1 &&
           tree->chars->ranges[0].first == tree->chars->ranges[0].last;
}

/* Finds the plain text at the beginning of a tree, and whether there is more. false: no memory. */
static bool find_literal(struct gen_pattern *pattern, const struct gen_pattern_tree *tree,
                         struct gen_arena *arena)
{
    const struct gen_pattern_tree *item = tree->kind == GEN_PATTERN_CONCAT ? tree->first : tree;
    bool begins = is_place(item, GEN_PATTERN_BEGIN), ends;
    size_t room = 0;

    item = begins ? item->next : item;
    for (const struct gen_pattern_tree *one = item; is_literal(one); one = one->next) {
        room += 4;
    }
    pattern->literal = gen_arena_alloc(arena, room + 1);
    if (pattern->literal == NULL) {
        return false;
    }
    for (; is_literal(item); item = item->next) {
        pattern->literal_size += encode(item->chars->ranges[0].first,
                                        pattern->literal + pattern->literal_size);
    }
    ends = is_place(item, GEN_PATTERN_END);
    item = ends ? item->next : item;
    if (item == NULL) {
        pattern->method = begins ? (ends ? EQUALS : BEGINS) : ends ? ENDS : CONTAINS;
    } else {
        pattern->method = begins || pattern->literal_size == 0 ? SEARCH : PREFIX;
    }
    return true;
}

/* `scratch` is gone when the pattern is made. */
static enum gen_status compile(const char *text, size_t size, struct gen_arena *arena,
                               struct gen_arena *scratch, struct gen_pattern **out,
                               struct gen_error *err)
{
    struct gen_pattern *pattern = gen_arena_alloc(arena, sizeof(*pattern));
    struct gen_pattern_tree *tree = NULL;
    enum gen_status status;

    if (pattern == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "regular expression: out of memory");
    }
    status = gen_pattern_parse(text, size, scratch, &tree, err);
    if (status == GEN_OK && (tree == NULL || !find_literal(pattern, tree, arena))) {
        status = gen_error_set(err, GEN_ENOMEM, "regular expression: out of memory");
    }
    if (status == GEN_OK && pattern->method <= PREFIX) {
        status = gen_pattern_program_build(tree, arena, scratch, &pattern->program, err);
    }
    if (status == GEN_OK && pattern->method <= PREFIX) {
        pattern->automaton = gen_pattern_automaton_create(&pattern->program, arena);
        if (pattern->automaton == NULL) {
            status = gen_error_set(err, GEN_ENOMEM, "regular expression: out of memory");
        }
    }
    if (status == GEN_OK) {
        *out = pattern;
    }
    return status;
}

enum gen_status gen_pattern_compile(const char *text, size_t size, struct gen_arena *arena,
                                    struct gen_pattern **out, struct gen_error *err)
{
    struct gen_arena *scratch = gen_arena_create(0);
    enum gen_status status;

    if (scratch == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "regular expression: out of memory");
    }
    status = compile(text, size, arena, scratch, out, err);
    gen_arena_destroy(scratch);
    return status;
}

/* Where the literal first stands; NULL: nowhere. memmem prepares for long texts, which costs more
 * than a short one does. */
static const char *find(const struct gen_pattern *pattern, const char *text, size_t size)
{
    const char *literal = pattern->literal, *end = text + size, *at = text;
    size_t length = pattern->literal_size;

    if (size > 256 || length < 2) {
        return memmem(text, size, literal, length);
    }
    while ((size_t)(end - at) >= length) {
        at = memchr(at, literal[0], (size_t)(end - at) - length + 1);
        if (at == NULL || memcmp(at, literal, length) == 0) {
            return at;
        }
        at++;
    }
    return NULL;
}

bool gen_pattern_match(const struct gen_pattern *pattern, const char *text, size_t size)
{
    const char *literal = pattern->literal, *at = text;
    size_t length = pattern->literal_size;

    if (size == 0) {
        text = at = ""; /* an empty text may have no address */
    }
    switch (pattern->method) {
    case CONTAINS:
        return find(pattern, text, size) != NULL;
    case BEGINS:
        return size >= length && memcmp(text, literal, length) == 0;
    case ENDS:
        return size >= length && memcmp(text + size - length, literal, length) == 0;
    case EQUALS:
        return size == length && memcmp(text, literal, length) == 0;
    case PREFIX:
        at = find(pattern, text, size);
        break;
    case SEARCH:
        break;
    }
    return at != NULL &&
           gen_pattern_automaton_search(pattern->automaton, text, size, (size_t)(at - text));
}

uint32_t gen_pattern_steps(const struct gen_pattern *pattern)
{
    return pattern->program.count > 0 ? pattern->program.count : 1;
}
