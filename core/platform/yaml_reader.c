/* yaml_reader.c - see yaml_reader.h. libyaml's events are turned into nodes over a stack of open
 * lists and maps of fixed depth; nothing here recurses. libyaml takes its memory from malloc itself
 * and has no hook for base/alloc. */
#include "platform/yaml_reader.h"

#include "base/alloc.h"
#include "base/map.h"
#include "base/utf8.h"
#include "platform/yaml_scalar.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

/* An open list or map. */
struct frame {
    struct gen_node *node;
    struct gen_map *keys; /* of a map, once it has one: key -> its line */
    char *key;            /* the key whose value comes next; ours (gen_free) */
    yaml_mark_t key_mark; /* where that key stands */
};

struct reader {
    yaml_parser_t parser;
    const char *text; /* without byte order mark */
    size_t size;
    const char *file;
    struct gen_arena *arena;
    struct gen_error *err;
    struct gen_node *root;
    size_t nodes;
    bool has_document;
    size_t depth;
    struct frame frames[GEN_YAML_MAX_DEPTH];
};

static enum gen_status yaml_fail(struct reader *in, enum gen_status status, yaml_mark_t mark,
                                 const char *message)
{
    gen_error_set(in->err, status, "%s", message);
    gen_error_place(in->err, in->file, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1, NULL);
    return status;
}

static enum gen_status yaml_no_memory(struct reader *in)
{
    return gen_error_set(in->err, GEN_ENOMEM, "out of memory");
}

struct hint {
    const char *said; /* part of libyaml's message */
    const char *ours;
};

/* What libyaml says in its own words, said in ours. */
static const struct hint yaml_hints[] = {
    {"cannot start any token", "plain text cannot begin with this character; put it in quotes"},
    {"mapping values are not allowed",
     "a \":\" is not expected here; check the indentation, or put "
     "text that holds \": \" in quotes"},
    {"did not find expected key", "a key was expected here; check the indentation of this line"},
    {"could not find expected ':'", "a key needs a \":\" and a space after it"},
    {"did not find expected '-'", "a \"- \" was expected here; check the indentation of this line"},
    {"expected ',' or ']'", "a \",\" or a closing \"]\" was expected here"},
    {"expected ',' or '}'", "a \",\" or a closing \"}\" was expected here"},
    {"unexpected end of stream", "the text ends in the middle; a quote or bracket is not closed"},
    {"unknown escape character", "unknown escape after \"\\\"; write \"\\\\\" for a backslash"},
    {"control characters are not allowed", "a control character is not allowed; write it as an "
                                           "escape in double quotes"},
    {NULL, NULL},
};

/* The byte at a place, '\0' beyond the end. */
static char byte_at(const struct reader *in, yaml_mark_t mark)
{
    size_t at = 0;

    for (size_t line = 0; line < mark.line && at < in->size; at++) {
        line += in->text[at] == '\n' ? 1 : 0;
    }
    for (size_t column = 0; column < mark.column && at < in->size; column++) {
        size_t length = gen_utf8_next(in->text + at, in->size - at, NULL);

        at += length > 0 ? length : 1;
    }
    return at < in->size ? in->text[at] : '\0';
}

/* The place of a byte offset. */
static yaml_mark_t mark_of(const struct reader *in, size_t offset)
{
    yaml_mark_t mark = {0, 0, 0};

    for (size_t at = 0; at < offset && at < in->size; at++) {
        if (in->text[at] == '\n') {
            mark.line++;
            mark.column = 0;
        } else if (((uint8_t)in->text[at] & 0xC0) != 0x80) {
            mark.column++;
        }
    }
    return mark;
}

static enum gen_status yaml_refused(struct reader *in)
{
    const char *said = in->parser.problem != NULL ? in->parser.problem : "cannot be read";
    yaml_mark_t mark = in->parser.problem_mark;
    const struct hint *hint = yaml_hints;
    char message[256];

    if (in->parser.error == YAML_MEMORY_ERROR) {
        return yaml_no_memory(in);
    }
    if (in->parser.error == YAML_READER_ERROR) {
        mark = mark_of(in, in->parser.problem_offset);
    } else if (byte_at(in, mark) == '\t') {
        return yaml_fail(in, GEN_EINVAL, mark, "not YAML: a tab indents this line; use spaces");
    }
    while (hint->said != NULL && strstr(said, hint->said) == NULL) {
        hint++;
    }
    if (hint->said != NULL) {
        snprintf(message, sizeof(message), "not YAML: %s", hint->ours);
    } else if (in->parser.context != NULL) {
        snprintf(message, sizeof(message), "not YAML: %s %s", said, in->parser.context);
    } else {
        snprintf(message, sizeof(message), "not YAML: %s", said);
    }
    return yaml_fail(in, GEN_EINVAL, mark, message);
}

static enum gen_status wrong_tag(struct reader *in, const yaml_event_t *event, const char *tag)
{
    char message[160];

    snprintf(message, sizeof(message), "the tag \"%.80s\" does not fit this value; leave it out",
             tag);
    return yaml_fail(in, GEN_EINVAL, event->start_mark, message);
}

static enum gen_status scalar_node(struct reader *in, const yaml_event_t *event,
                                   struct gen_node **out)
{
    const char *tag = (const char *)event->data.scalar.tag;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    enum gen_node_type wanted = tag != NULL ? gen_yaml_scalar_tag(tag) : GEN_NODE_NONE;
    size_t size = event->data.scalar.length;
    const char *text = gen_arena_strndup(in->arena, (const char *)event->data.scalar.value, size);
    struct gen_node *node;

    if (text == NULL) {
        return yaml_no_memory(in);
    }
    if (wanted == GEN_NODE_STRING || (tag == NULL && !plain)) {
        node = gen_node_string_sized(in->arena, text, size);
    } else {
        node = gen_yaml_scalar_plain(in->arena, text, size);
    }
    if (node == NULL) {
        return yaml_no_memory(in);
    }
    if (wanted == GEN_NODE_REAL && node->type == GEN_NODE_INT) {
        node->as.real = (double)node->as.integer;
        node->type = GEN_NODE_REAL;
    }
    if (tag != NULL && wanted != node->type) {
        return wrong_tag(in, event, tag);
    }
    *out = node;
    return GEN_OK;
}

/* Anchors make aliases possible, and aliases make a kilobyte into terabytes. */
static enum gen_status check_anchor(struct reader *in, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return yaml_fail(in, GEN_EINVAL, event->start_mark,
                         "aliases (*name) are not allowed; write the value out, or put text that "
                         "begins with * in quotes");
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        break;
    default:
        break;
    }
    return anchor == NULL
               ? GEN_OK
               : yaml_fail(in, GEN_EINVAL, event->start_mark,
                           "anchors (&name) and aliases are not allowed; write the value "
                           "out, or put text that begins with & in quotes");
}

static enum gen_status check_key(struct reader *in, const yaml_event_t *event)
{
    const char *tag;

    if (event->type != YAML_SCALAR_EVENT) {
        return yaml_fail(in, GEN_EINVAL, event->start_mark,
                         "a key must be text; lists and maps cannot be keys (put text that begins "
                         "with [ or { in quotes)");
    }
    tag = (const char *)event->data.scalar.tag;
    if (tag != NULL && gen_yaml_scalar_tag(tag) != GEN_NODE_STRING) {
        return wrong_tag(in, event, tag);
    }
    if (strlen((const char *)event->data.scalar.value) != event->data.scalar.length) {
        return yaml_fail(in, GEN_EINVAL, event->start_mark, "a key must not hold a NUL character");
    }
    if (event->data.scalar.length == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        return yaml_fail(in, GEN_EINVAL, event->start_mark, "there is no key before the \":\"");
    }
    return GEN_OK;
}

static enum gen_status take_key(struct reader *in, struct frame *frame, const yaml_event_t *event)
{
    const char *key = (const char *)event->data.scalar.value;
    enum gen_status status = check_key(in, event);
    char message[160];
    void *line;

    if (status != GEN_OK) {
        return status;
    }
    if (frame->keys == NULL) {
        frame->keys = gen_map_create(GEN_YAML_MAX_NODES);
    }
    if (frame->keys == NULL) {
        return yaml_no_memory(in);
    }
    line = gen_map_get(frame->keys, key);
    if (line != NULL) {
        snprintf(message, sizeof(message),
                 "the key \"%.60s\" is here twice; the first is on line %zu", key,
                 (size_t)(uintptr_t)line);
        return yaml_fail(in, GEN_EINVAL, event->start_mark, message);
    }
    line = (void *)(uintptr_t)(event->start_mark.line + 1);
    if (gen_map_put(frame->keys, key, line, NULL) != GEN_OK) {
        return yaml_no_memory(in);
    }
    frame->key = gen_strdup(key);
    frame->key_mark = event->start_mark;
    return frame->key != NULL ? GEN_OK : yaml_no_memory(in);
}

/* Hangs a finished scalar or a freshly opened list or map where it belongs. */
static enum gen_status attach(struct reader *in, const yaml_event_t *event, struct gen_node *node)
{
    struct frame *frame = in->depth > 0 ? &in->frames[in->depth - 1] : NULL;

    if (node == NULL) {
        return yaml_no_memory(in);
    }
    in->nodes++;
    if (in->nodes > GEN_YAML_MAX_NODES) {
        return yaml_fail(in, GEN_ETOOLARGE, event->start_mark,
                         "more than 1000000 values in one document");
    }
    node->line = (uint32_t)event->start_mark.line + 1;
    node->column = (uint32_t)event->start_mark.column + 1;
    if (frame == NULL) {
        in->root = node;
    } else if (frame->node->type == GEN_NODE_LIST) {
        gen_node_push(frame->node, node);
    } else {
        node->key_line = (uint32_t)frame->key_mark.line + 1;
        node->key_column = (uint32_t)frame->key_mark.column + 1;
        gen_node_set_new(in->arena, frame->node, frame->key, node);
        gen_free(frame->key);
        frame->key = NULL;
    }
    return gen_arena_failed(in->arena) ? yaml_no_memory(in) : GEN_OK;
}

static enum gen_status open_frame(struct reader *in, const yaml_event_t *event)
{
    bool list = event->type == YAML_SEQUENCE_START_EVENT;
    const char *tag = (const char *)(list ? event->data.sequence_start.tag
                                          : event->data.mapping_start.tag);
    struct gen_node *node = list ? gen_node_list(in->arena) : gen_node_map(in->arena);
    enum gen_status status;

    if (tag != NULL && strcmp(tag, "!") != 0 &&
        gen_yaml_scalar_tag(tag) != (list ? GEN_NODE_LIST : GEN_NODE_MAP)) {
        return wrong_tag(in, event, tag);
    }
    if (in->depth == GEN_YAML_MAX_DEPTH) {
        return yaml_fail(in, GEN_EINVAL, event->start_mark,
                         "lists and maps are nested deeper than 64");
    }
    status = attach(in, event, node);
    if (status == GEN_OK) {
        in->frames[in->depth] = (struct frame){.node = node};
        in->depth++;
    }
    return status;
}

static void close_frame(struct reader *in)
{
    GEN_CHECK(in->depth > 0);
    in->depth--;
    gen_map_destroy(in->frames[in->depth].keys);
    gen_free(in->frames[in->depth].key);
}

static enum gen_status take_event(struct reader *in, const yaml_event_t *event)
{
    struct frame *frame = in->depth > 0 ? &in->frames[in->depth - 1] : NULL;
    enum gen_status status = check_anchor(in, event);
    struct gen_node *node = NULL;

    if (status != GEN_OK) {
        return status;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (in->has_document) {
            return yaml_fail(in, GEN_EINVAL, event->start_mark,
                             "a second document begins here; put each document in its own file");
        }
        in->has_document = true;
        return GEN_OK;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_frame(in);
        return GEN_OK;
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        if (frame != NULL && frame->node->type == GEN_NODE_MAP && frame->key == NULL) {
            return take_key(in, frame, event);
        }
        if (event->type != YAML_SCALAR_EVENT) {
            return open_frame(in, event);
        }
        status = scalar_node(in, event, &node);
        return status == GEN_OK ? attach(in, event, node) : status;
    default:
        return GEN_OK;
    }
}

static enum gen_status read_events(struct reader *in)
{
    enum gen_status status = GEN_OK;
    bool ended = false;

    while (status == GEN_OK && !ended) {
        yaml_event_t event;

        if (!yaml_parser_parse(&in->parser, &event)) {
            return yaml_refused(in);
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        status = take_event(in, &event);
        yaml_event_delete(&event);
    }
    return status;
}

static enum gen_status check_text(struct reader *in)
{
    char message[96];
    size_t bad = 0;

    if (in->size > GEN_YAML_MAX_SIZE) {
        gen_error_set(in->err, GEN_ETOOLARGE, "the text has %zu bytes; at most %d are read",
                      in->size, (int)GEN_YAML_MAX_SIZE);
        gen_error_place(in->err, in->file, 0, 0, NULL);
        return GEN_ETOOLARGE;
    }
    if (!gen_utf8_valid(in->text, in->size, &bad)) {
        snprintf(message, sizeof(message), "the byte 0x%02X is not UTF-8; save the text as UTF-8",
                 (unsigned)(uint8_t)in->text[bad]);
        return yaml_fail(in, GEN_EINVAL, mark_of(in, bad), message);
    }
    return GEN_OK;
}

enum gen_status gen_yaml_read(const char *text, size_t size, const char *file,
                              struct gen_arena *arena, const struct gen_node **out,
                              struct gen_error *err)
{
    struct reader in = {.text = text, .size = size, .file = file, .arena = arena, .err = err};
    enum gen_status status;

    if (text == NULL) { /* an empty buffer; libyaml wants a text all the same */
        in.text = "";
    }
    if (size >= 3 && memcmp(in.text, "\xEF\xBB\xBF", 3) == 0) {
        in.text += 3;
        in.size -= 3;
    }
    status = check_text(&in);
    if (status != GEN_OK) {
        return status;
    }
    if (!yaml_parser_initialize(&in.parser)) {
        return yaml_no_memory(&in);
    }
    yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&in.parser, (const unsigned char *)in.text, in.size);
    status = read_events(&in);
    yaml_parser_delete(&in.parser);
    while (in.depth > 0) {
        close_frame(&in);
    }
    if (status == GEN_OK && in.root == NULL) {
        in.root = gen_node_null(arena);
        status = in.root != NULL ? GEN_OK : yaml_no_memory(&in);
    }
    if (status == GEN_OK) {
        *out = in.root;
    }
    return status;
}
