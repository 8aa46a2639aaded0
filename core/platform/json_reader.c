/* json_reader.c - see json_reader.h. Three walks over the text: limits and encoding, before any
 * recursion; jansson, which says whether it is JSON and decodes it; and a small scanner that goes
 * through the text, now known to be valid, in step with jansson's tree to learn where each value
 * stood and how each number was written, neither of which jansson remembers. */
#include "platform/json_reader.h"

#include "base/alloc.h"
#include "base/number.h"
#include "base/utf8.h"

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <string.h>

/* Where a walk is in the text. */
struct scan {
    const char *text;
    size_t size, at;
    uint32_t line, column; /* of the byte at `at`, 1-based */
    struct gen_arena *arena;
};

/* jansson's own hooks are process-wide, so they are set once for the process. */
static pthread_once_t json_hooks_once = PTHREAD_ONCE_INIT;

/* jansson (2.14) does not look whether its text buffer could grow: without memory it loses the end of
 * a text and then writes past what it has. It must not see a failed allocation, so that leaves it by
 * a jump, and what it held is freed from the list that all its blocks are on. The signature of the
 * hooks leaves no other place for it than the thread's own. */
struct json_block {
    _Alignas(max_align_t) struct json_block *next;
    struct json_block *previous;
};

struct json_parse {           /* one call of jansson under way */
    struct json_block blocks; /* a ring, this one is its beginning */
    jmp_buf starved;
};

static _Thread_local struct json_parse *json_parse_now;

static void *json_alloc(size_t size)
{
    struct json_parse *parse = json_parse_now;
    struct json_block *block = size > SIZE_MAX - sizeof(*block) ? NULL
                                                                : gen_alloc(sizeof(*block) + size);

    if (block == NULL && parse != NULL) {
        longjmp(parse->starved, 1); /* house-allow call: skips only frames of jansson */
    }
    if (block == NULL) {
        return NULL;
    }
    block->next = block->previous = block;
    if (parse != NULL) {
        block->next = parse->blocks.next;
        block->previous = &parse->blocks;
        block->next->previous = block;
        parse->blocks.next = block;
    }
    return block + 1;
}

static void json_unlink(struct json_block *block)
{
    block->previous->next = block->next;
    block->next->previous = block->previous;
}

static void json_free(void *data)
{
    if (data != NULL) {
        json_unlink((struct json_block *)data - 1);
        gen_free((struct json_block *)data - 1);
    }
}

static void json_set_hooks(void)
{
    json_set_alloc_funcs(json_alloc, json_free);
}

/* The tree of a text, NULL when it is not JSON. False: there was no memory. */
static bool json_parse(const char *text, size_t size, uint32_t flags, json_t **tree,
                       json_error_t *said)
{
    struct json_parse parse;

    parse.blocks.next = parse.blocks.previous = &parse.blocks;
    json_parse_now = &parse;
    if (setjmp(parse.starved) != 0) { /* house-allow call: see json_alloc */
        json_parse_now = NULL;
        while (parse.blocks.next != &parse.blocks) {
            json_free(parse.blocks.next + 1);
        }
        return false;
    }
    /* Integers as reals: one too large for jansson must not fail the whole document. */
    *tree = json_loadb(text, size,
                       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL |
                           ((flags & GEN_JSON_NULS) != 0 ? JSON_ALLOW_NUL : 0),
                       said);
    json_parse_now = NULL;
    json_unlink(&parse.blocks); /* the ring goes on without it */
    return true;
}

static void scan_step(struct scan *in)
{
    char byte = in->text[in->at];

    in->at++;
    if (byte == '\n') {
        in->line++;
        in->column = 1;
    } else if (((uint8_t)byte & 0xC0) != 0x80) {
        in->column++;
    }
}

/* `in` stands on the first byte of a character; so a place inside one names its beginning. */
static enum gen_status scan_placed(const struct scan *in, const char *file, enum gen_status status,
                                   struct gen_error *err)
{
    gen_error_place(err, file, in->line, in->column, NULL);
    return status;
}

static enum gen_status check_encoding(const struct scan *begin, const char *file,
                                      struct gen_error *err)
{
    struct scan in = *begin;
    size_t bad = 0;

    if (gen_utf8_valid(in.text + in.at, in.size - in.at, &bad)) {
        return GEN_OK;
    }
    bad += in.at;
    while (in.at < bad) {
        scan_step(&in);
    }
    gen_error_set(err, GEN_EINVAL, "the byte 0x%02X is not UTF-8; save the text as UTF-8",
                  (unsigned)(uint8_t)in.text[bad]);
    return scan_placed(&in, file, GEN_EINVAL, err);
}

/* Depth and number of values, counted by brackets and commas outside strings. Text that is not JSON
 * may be counted wrong; jansson refuses it then. */
static enum gen_status check_limits(const struct scan *begin, const char *file,
                                    struct gen_error *err)
{
    struct scan in = *begin;
    size_t depth = 0;
    size_t values = 1;
    bool inside = false;

    for (; in.at < in.size; scan_step(&in)) {
        char c = in.text[in.at];

        if (inside) {
            inside = c != '"';
            if (c == '\\' && in.at + 1 < in.size) {
                scan_step(&in);
            }
            continue;
        }
        inside = c == '"';
        values += c == ',' || c == '[' || c == '{' ? 1 : 0;
        if (c == '[' || c == '{') {
            depth++;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
        if (depth > GEN_JSON_MAX_DEPTH) {
            gen_error_set(err, GEN_EINVAL, "lists and maps are nested deeper than %d",
                          (int)GEN_JSON_MAX_DEPTH);
            return scan_placed(&in, file, GEN_EINVAL, err);
        }
        if (values > GEN_JSON_MAX_NODES) {
            gen_error_set(err, GEN_ETOOLARGE, "more than %d values in one document",
                          (int)GEN_JSON_MAX_NODES);
            return scan_placed(&in, file, GEN_ETOOLARGE, err);
        }
    }
    return GEN_OK;
}

struct hint {
    const char *said; /* part of jansson's message */
    const char *ours;
};

/* What jansson says in its own words, said in ours. */
static const struct hint json_hints[] = {
    {"NUL byte in object key", "a key holds a NUL character (\\u0000), which is not allowed"},
    {"\\u0000 is not allowed", "a NUL character (\\u0000) is not allowed in text"},
    {"premature end of input", "the text ends in the middle; a bracket or quote is not closed"},
    {"near end of file", "the text ends in the middle; a bracket or quote is not closed"},
    {"end of file expected", "there is more text after the value"},
    {"real number overflow", "the number is too large"},
    {NULL, NULL},
};

static enum gen_status json_refused(const json_error_t *said, const struct scan *begin,
                                    const char *file, struct gen_error *err)
{
    const struct hint *hint = json_hints;
    uint32_t column = said->column > 0 ? (uint32_t)said->column : 1;

    if (json_error_code(said) == json_error_out_of_memory) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (begin->at == begin->size) {
        gen_error_set(err, GEN_EINVAL, "the text is empty; a JSON value was expected");
        return scan_placed(begin, file, GEN_EINVAL, err);
    }
    while (hint->said != NULL && strstr(said->text, hint->said) == NULL) {
        hint++;
    }
    if (hint->said != NULL) {
        gen_error_set(err, GEN_EINVAL, "not JSON: %s", hint->ours);
    } else {
        gen_error_set(err, GEN_EINVAL, "not JSON: %s", said->text);
    }
    gen_error_place(err, file, said->line > 0 ? (uint32_t)said->line : 1, column, NULL);
    return GEN_EINVAL;
}

static void scan_space(struct scan *in)
{
    while (in->at < in->size && strchr(" \t\r\n", in->text[in->at]) != NULL) {
        scan_step(in);
    }
}

/* Past one of the marks , : [ ] { } and the space around it. */
static void scan_mark(struct scan *in, char mark)
{
    scan_space(in);
    GEN_CHECK(in->at < in->size && in->text[in->at] == mark);
    scan_step(in);
    scan_space(in);
}

static void scan_string(struct scan *in)
{
    GEN_CHECK(in->at < in->size && in->text[in->at] == '"');
    scan_step(in);
    while (in->text[in->at] != '"') {
        if (in->text[in->at] == '\\') {
            scan_step(in);
        }
        scan_step(in);
        GEN_CHECK(in->at < in->size);
    }
    scan_step(in);
}

/* Past a number, true, false or null; gives its length. */
static size_t scan_word(struct scan *in)
{
    size_t begin = in->at;

    while (in->at < in->size && strchr(" \t\r\n,]}", in->text[in->at]) == NULL) {
        scan_step(in);
    }
    return in->at - begin;
}

static struct gen_node *build_value(struct scan *in, const json_t *value);

static struct gen_node *build_number(struct scan *in)
{
    const char *begin = in->text + in->at;
    size_t size = scan_word(in);
    const char *lexeme = gen_arena_strndup(in->arena, begin, size);
    struct gen_node *node;
    int64_t whole;
    double real = 0;

    if (lexeme == NULL) {
        return NULL;
    }
    if (gen_number_integer(lexeme, &whole)) {
        node = gen_node_int(in->arena, whole);
    } else {
        GEN_CHECK(gen_number_real(lexeme, &real));
        node = gen_node_real(in->arena, real);
    }
    if (node != NULL) {
        node->text = lexeme;
        node->size = size;
    }
    return node;
}

static struct gen_node *build_list(struct scan *in, const json_t *value)
{
    struct gen_node *list = gen_node_list(in->arena);

    scan_mark(in, '[');
    for (size_t i = 0; i < json_array_size(value) && !gen_arena_failed(in->arena); i++) {
        if (i > 0) {
            scan_mark(in, ',');
        }
        gen_node_push(list, build_value(in, json_array_get(value, i)));
        scan_space(in);
    }
    if (!gen_arena_failed(in->arena)) {
        scan_mark(in, ']');
    }
    return list;
}

/* jansson keeps keys in the order of the text (since 2.8), which the step-by-step walk relies on. */
static struct gen_node *build_map(struct scan *in, json_t *value)
{
    struct gen_node *map = gen_node_map(in->arena);
    void *first = json_object_iter(value);

    scan_mark(in, '{');
    for (void *at = first; at != NULL && !gen_arena_failed(in->arena);
         at = json_object_iter_next(value, at)) {
        if (at != first) {
            scan_mark(in, ',');
        }
        scan_string(in);
        scan_mark(in, ':');
        gen_node_set_new(in->arena, map, json_object_iter_key(at),
                         build_value(in, json_object_iter_value(at)));
        scan_space(in);
    }
    if (!gen_arena_failed(in->arena)) {
        scan_mark(in, '}');
    }
    return map;
}

/* Depth is bounded by check_limits. NULL when the arena has failed. */
static struct gen_node *build_value(struct scan *in, const json_t *value)
{
    uint32_t line = in->line;
    uint32_t column = in->column;
    struct gen_node *node;

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        node = build_map(in, (json_t *)(uintptr_t)value); /* iterating does not change it */
        break;
    case JSON_ARRAY:
        node = build_list(in, value);
        break;
    case JSON_STRING:
        scan_string(in);
        node = gen_node_string_sized(in->arena, json_string_value(value),
                                     json_string_length(value));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        node = build_number(in);
        break;
    default:
        scan_word(in);
        node = json_is_null(value) ? gen_node_null(in->arena)
                                   : gen_node_bool(in->arena, json_is_true(value));
        break;
    }
    if (node != NULL) {
        node->line = line;
        node->column = column;
    }
    return node;
}

enum gen_status gen_json_read_as(const char *text, size_t size, const char *file, uint32_t flags,
                                 struct gen_arena *arena, const struct gen_node **out,
                                 struct gen_error *err)
{
    struct scan in = {text, size, 0, 1, 1, arena};
    const struct gen_node *node;
    enum gen_status status;
    json_error_t said;
    json_t *tree;

    if (size > GEN_JSON_MAX_SIZE) {
        gen_error_set(err, GEN_ETOOLARGE, "the text has %zu bytes; at most %d are read", size,
                      (int)GEN_JSON_MAX_SIZE);
        gen_error_place(err, file, 0, 0, NULL);
        return GEN_ETOOLARGE;
    }
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        in.at = 3;
    }
    status = check_encoding(&in, file, err);
    if (status == GEN_OK) {
        status = check_limits(&in, file, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    pthread_once(&json_hooks_once, json_set_hooks);
    if (!json_parse(text + in.at, size - in.at, flags, &tree, &said)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (tree == NULL) {
        return json_refused(&said, &in, file, err);
    }
    scan_space(&in);
    node = build_value(&in, tree);
    json_decref(tree);
    if (node == NULL || gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = node;
    return GEN_OK;
}

enum gen_status gen_json_read(const char *text, size_t size, const char *file,
                              struct gen_arena *arena, const struct gen_node **out,
                              struct gen_error *err)
{
    return gen_json_read_as(text, size, file, 0, arena, out, err);
}
