/* policy_format.c - see policy_format.h. The layout of YAML is a stack of levels, each with the column that
 * it had and the column that it gets. Whatever is not understood here fails the comparison at the end. */
#include "policy/policy_format.h"

#include "platform/yaml_reader.h"

#include <string.h>

enum {
    FORMAT_LEVELS = GEN_YAML_MAX_DEPTH * 2 + 2,
    FORMAT_STEP = 2,        /* columns a level */
    FORMAT_COMMENTS = 4096, /* comment lines in a row */
    FORMAT_ROUNDS = 8,
};

struct level {
    int64_t was, now; /* columns; -1 = the document itself */
    bool list;        /* of "- " */
    bool has_value;   /* plain text after its last key or dash: deeper lines continue it */
};

struct comment {
    const char *text;
    size_t size;
    int64_t was;
    bool blank_before;
};

struct format {
    struct gen_bytes *out;
    struct level levels[FORMAT_LEVELS];
    size_t depth;
    /* Inside a value that goes over several lines. */
    char quote;
    int64_t flow; /* brackets that are open */
    char before;  /* last character of a token, to know where the next begins */
    bool raw;     /* the spaces inside of brackets stay as they are */
    /* Inside a block (| or >): columns its lines are moved by. */
    bool block;
    bool block_fixed; /* its header says how deep it is */
    bool block_begun;
    int64_t block_owner, block_shift;
    /* Waiting for the line they belong to. */
    struct comment *comments;
    size_t comment_count;
    bool blank;  /* blank lines came before */
    bool failed; /* deeper than levels */
};

static struct level *format_top(struct format *f)
{
    return &f->levels[f->depth - 1];
}

static void format_spaces(struct format *f, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        gen_bytes_append(f->out, " ", 1);
    }
}

static void format_push(struct format *f, int64_t was, int64_t now, bool list)
{
    if (f->depth == FORMAT_LEVELS) {
        f->failed = true;
        return;
    }
    f->levels[f->depth++] = (struct level){was, now, list, false};
}

/* A blank line is kept, several become one, none stands at the beginning. */
static void format_gap(struct format *f, bool blank)
{
    if (blank && f->out->size > 0) {
        gen_bytes_append(f->out, "\n", 1);
    }
}

/* The comments before a line that was at `was` and gets `now`. One that stood deeper, at a level that is
 * still open, belongs to what came before. */
static void format_comments(struct format *f, const struct level *levels, size_t depth, int64_t was,
                            int64_t now)
{
    for (size_t i = 0; i < f->comment_count; i++) {
        const struct comment *comment = &f->comments[i];
        int64_t column = now;

        for (size_t k = 1; k < depth; k++) {
            column = comment->was > was && levels[k].was == comment->was ? levels[k].now : column;
        }
        format_gap(f, comment->blank_before);
        format_spaces(f, column);
        gen_bytes_append(f->out, comment->text, comment->size);
        gen_bytes_append(f->out, "\n", 1);
    }
    f->comment_count = 0;
    format_gap(f, f->blank);
    f->blank = false;
}

static bool format_among(const char *set, char byte)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

static size_t format_blank(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size && (text[at] == ' ' || text[at] == '\t')) {
        at++;
    }
    return at;
}

/* The blanks at the front (there may be none) inside of brackets, after `f->before`: `{a: 1, b: [2, 3]}`.
 * Those in the middle of a text belong to it. Returns how many they were. */
static size_t format_between(struct format *f, const char *text, size_t size)
{
    size_t blank = format_blank(text, size);
    char next = blank < size ? text[blank] : '\0';
    char later = blank + 1 < size ? text[blank + 1] : ' ';
    bool colon = next == ':' && format_among(" \t,]}", later);

    if (f->raw || f->flow == 0 || next == '\0' || (next == '#' && blank > 0)) {
        gen_bytes_append(f->out, text, blank);
    } else if (f->before == ':' && blank > 0) {
        gen_bytes_append(f->out, " ", 1);
    } else if (format_among("[{", f->before) || format_among(",]}", next) || colon) {
        return blank;
    } else if (f->before == ',') {
        gen_bytes_append(f->out, " ", 1);
    } else {
        gen_bytes_append(f->out, text, blank);
    }
    return blank;
}

/* One character outside of quotes that is no blank. */
static void format_mark(struct format *f, char byte)
{
    bool start = f->before == '\0' || (f->flow > 0 && format_among("[{,:", f->before));

    if (start && (byte == '"' || byte == '\'')) {
        f->quote = byte;
    } else if (byte == '[' || byte == '{') {
        f->flow += start || f->flow > 0 ? 1 : 0;
    } else if ((byte == ']' || byte == '}') && f->flow > 0) {
        f->flow--;
    }
    /* After a quoted key a colon needs no blank: what follows begins as it does after a comma. */
    f->before = byte == ':' && f->flow > 0 && format_among("\"]}", f->before) ? ',' : byte;
}

/* Writes (a part of) a value and keeps track of quotes and brackets. */
static void format_scan(struct format *f, const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        bool twice = at + 1 < size &&
                     ((f->quote == '"' && text[at] == '\\') ||
                      (f->quote == '\'' && text[at] == '\'' && text[at + 1] == '\''));

        if (f->quote != '\0') {
            f->quote = !twice && text[at] == f->quote ? '\0' : f->quote;
            f->before = f->quote == '\0' ? '"' : 'x';
        } else {
            size_t blank = at == 0 ? 0 : format_between(f, text + at, size - at);

            at += blank;
            if (at < size && text[at] == '#' && (at == 0 || blank > 0)) {
                gen_bytes_append(f->out, text + at, size - at);
                return;
            }
            if (at < size) {
                format_mark(f, text[at]);
            }
        }
        if (at < size) {
            gen_bytes_append(f->out, text + at, twice ? 2 : 1);
        }
        at += twice ? 2 : 1;
    }
}

/* Bytes of the key at the front (without the colon), 0 = there is none. `*after`: where its value begins. */
static size_t format_key(const char *text, size_t size, size_t *after)
{
    size_t at = 0;
    char quote = text[0] == '"' || text[0] == '\'' ? text[0] : '\0';

    if (text[0] == '[' || text[0] == '{' || text[0] == '|' || text[0] == '>') {
        return 0;
    }
    for (at = quote != '\0' ? 1 : 0; quote != '\0' && at < size; at++) {
        if (quote == '"' && text[at] == '\\') {
            at++;
        } else if (text[at] == quote && !(quote == '\'' && at + 1 < size && text[at + 1] == '\'')) {
            break;
        } else if (text[at] == quote) {
            at++;
        }
    }
    at += quote != '\0' ? 1 : 0;
    for (; at < size; at++) {
        if (text[at] == '#' && at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) {
            return 0;
        }
        if (text[at] == ':' && (at + 1 == size || text[at + 1] == ' ' || text[at + 1] == '\t')) {
            *after = at + 1;
            while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) {
                at--;
            }
            return at;
        }
        if (quote != '\0' && text[at] != ' ') {
            return 0;
        }
    }
    return 0;
}

/* What stands after a key or a dash, on the same line. */
static void format_value(struct format *f, const char *text, size_t size)
{
    format_top(f)->has_value = false;
    if (size == 0 || text[0] == '#') {
        gen_bytes_append(f->out, text, size);
        return;
    }
    if (text[0] == '|' || text[0] == '>') {
        size_t at = 1;

        gen_bytes_append(f->out, text, size);
        f->block = true;
        f->block_begun = false;
        f->block_fixed = false;
        for (; at < size && text[at] != ' '; at++) {
            f->block_fixed = f->block_fixed || (text[at] >= '0' && text[at] <= '9');
        }
        f->block_owner = format_top(f)->was;
        f->block_shift = format_top(f)->now - format_top(f)->was;
        return;
    }
    f->before = '\0';
    format_scan(f, text, size);
    format_top(f)->has_value = f->quote == '\0' && f->flow == 0;
}

/* A key with its value, or a value alone, at the level on top. */
static void format_entry(struct format *f, const char *text, size_t size)
{
    size_t after = 0;
    size_t key = format_key(text, size, &after);

    if (key == 0) {
        format_value(f, text, size);
        return;
    }
    gen_bytes_append(f->out, text, key);
    gen_bytes_append(f->out, ":", 1);
    after += format_blank(text + after, size - after);
    if (after < size) {
        gen_bytes_append(f->out, " ", 1);
    }
    format_value(f, text + after, size - after);
}

static bool format_dash(const char *text, size_t size)
{
    return size > 0 && text[0] == '-' && (size == 1 || text[1] == ' ' || text[1] == '\t');
}

/* Closes what ended before column `was` and opens the level of this line, if it is new. */
static void format_enter(struct format *f, int64_t was, bool list)
{
    while (f->depth > 1 && (format_top(f)->was > was ||
                            (format_top(f)->was == was && format_top(f)->list && !list))) {
        f->depth--;
    }
    if (format_top(f)->was < was || (list && !format_top(f)->list)) {
        format_push(f, was, f->depth == 1 ? 0 : format_top(f)->now + FORMAT_STEP, list);
    }
}

/* A line that begins something. */
static void format_content(struct format *f, const char *text, size_t size, int64_t was)
{
    struct level before[FORMAT_LEVELS];
    size_t depth = f->depth;
    int64_t next = was;

    memcpy(before, f->levels, sizeof(before));
    format_enter(f, was, format_dash(text, size));
    format_comments(f, before, depth, was, format_top(f)->now);
    format_spaces(f, format_top(f)->now);
    while (format_dash(text, size) && !f->failed) {
        size_t blank = 1 + format_blank(text + 1, size - 1);
        size_t after = 0;

        if (blank == size) {
            gen_bytes_append(f->out, "-", 1);
            format_top(f)->has_value = false;
            return;
        }
        gen_bytes_append(f->out, "- ", 2);
        text += blank;
        size -= blank;
        next += (int64_t)blank;
        if (format_dash(text, size) || format_key(text, size, &after) > 0) {
            format_top(f)->has_value = false;
            format_push(f, next, format_top(f)->now + FORMAT_STEP, format_dash(text, size));
        }
    }
    format_entry(f, text, size);
}

/* A further line of a value; true when it is one. */
static bool format_continues(struct format *f, const char *text, size_t size, int64_t was)
{
    int64_t deep = 1;

    if (f->quote == '\0' && f->flow == 0 &&
        !(format_top(f)->has_value && was > format_top(f)->was)) {
        return false;
    }
    if (f->flow > 0 && f->quote == '\0') {
        deep = f->flow;
        for (size_t i = 0; i < size && (text[i] == ']' || text[i] == '}') && deep > 1; i++) {
            deep--;
        }
    }
    format_gap(f, f->blank);
    f->blank = false;
    format_spaces(f, (format_top(f)->now > 0 ? format_top(f)->now : 0) + deep * FORMAT_STEP);
    if (f->quote != '\0' || f->flow > 0) {
        format_scan(f, text, size);
        format_top(f)->has_value = false;
    } else {
        gen_bytes_append(f->out, text, size);
    }
    return true;
}

/* A line of a block; false when the block has ended before it. */
static bool format_block(struct format *f, const char *line, size_t size)
{
    int64_t was = 0;

    while ((size_t)was < size && line[was] == ' ') {
        was++;
    }
    if ((size_t)was == size) { /* blank lines are content, as long as the block goes on */
        gen_bytes_append(f->out, "\n", 1);
        return true;
    }
    if (was <= f->block_owner) {
        f->block = false;
        return false;
    }
    if (!f->block_begun && !f->block_fixed) {
        int64_t now = f->block_owner + f->block_shift;

        f->block_shift = (now > 0 ? now : 0) + FORMAT_STEP - was;
    }
    f->block_begun = true;
    format_spaces(f, was + f->block_shift);
    gen_bytes_append(f->out, line + was, size - (size_t)was);
    gen_bytes_append(f->out, "\n", 1);
    return true;
}

/* "---" and "..." */
static bool format_marker(const char *line, size_t size)
{
    return size >= 3 && (memcmp(line, "---", 3) == 0 || memcmp(line, "...", 3) == 0) &&
           (size == 3 || line[3] == ' ');
}

static void format_line(struct format *f, const char *line, size_t size)
{
    size_t blank;

    if (f->block && format_block(f, line, size)) {
        return;
    }
    while (size > 0 &&
           (line[size - 1] == ' ' || line[size - 1] == '\t' ||
            (line[size - 1] == '\r' && f->quote == '\0'))) { /* of quoted text it is part */
        size--;
    }
    blank = format_blank(line, size);
    if (blank == size) {
        f->blank = f->quote == '\0';
        if (f->quote != '\0') { /* inside quotes each blank line is part of the text */
            gen_bytes_append(f->out, "\n", 1);
        }
        return;
    }
    if (f->quote == '\0' && line[blank] == '#' && f->flow == 0) {
        if (f->comment_count == FORMAT_COMMENTS) {
            f->failed = true;
            return;
        }
        f->comments[f->comment_count++] = (struct comment){line + blank, size - blank,
                                                           (int64_t)blank, f->blank};
        f->blank = false;
        return;
    }
    if (f->quote == '\0' && f->flow == 0 && format_marker(line, size)) {
        format_comments(f, f->levels, 1, -1, 0);
        f->depth = 1;
        gen_bytes_append(f->out, line, size);
    } else if (!format_continues(f, line + blank, size - blank, (int64_t)blank)) {
        format_content(f, line + blank, size - blank, (int64_t)blank);
    }
    gen_bytes_append(f->out, "\n", 1);
}

static void format_lines(struct format *f, const char *text, size_t size)
{
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        size_t length = end != NULL ? (size_t)(end - text) : size;
        size_t whole = end != NULL ? length + 1 : length;

        format_line(f, text, length > 0 && text[length - 1] == '\r' ? length - 1 : length);
        text += whole;
        size -= whole;
    }
    f->blank = false;
    format_comments(f, f->levels, f->depth, -1, 0);
}

/* Do two documents say the same? */
static bool format_same(const struct gen_node *a, const struct gen_node *b)
{
    const struct gen_node *x = gen_node_first(a), *y = gen_node_first(b);

    if (a->type != b->type || gen_node_count(a) != gen_node_count(b) ||
        (a->text == NULL) != (b->text == NULL) ||
        (a->type == GEN_NODE_BOOL && a->as.boolean != b->as.boolean) ||
        (a->text != NULL && (a->size != b->size || memcmp(a->text, b->text, a->size) != 0))) {
        return false;
    }
    for (; x != NULL; x = x->next, y = y->next) {
        if ((x->key != NULL && strcmp(x->key, y->key) != 0) || !format_same(x, y)) {
            return false;
        }
    }
    return true;
}

/* Trailing blank lines of a block at the end of the file say something only with "|+"; leave them then. */
static void format_end(struct gen_bytes *made)
{
    while (made->size > 1 && made->data[made->size - 1] == '\n' &&
           made->data[made->size - 2] == '\n') {
        made->size--;
        made->data[made->size] = '\0';
    }
}

static enum gen_status format_compare(const struct gen_node *before, const struct gen_bytes *made,
                                      const char *file, struct gen_arena *arena,
                                      struct gen_error *err)
{
    const struct gen_node *after = NULL;
    struct gen_error own = {0};
    enum gen_status status = gen_yaml_read(made->data != NULL ? made->data : "", made->size, file,
                                           arena, &after, &own);

    if (status == GEN_ENOMEM) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK && format_same(before, after)) {
        return GEN_OK;
    }
    gen_error_set(
        err, GEN_ECONFLICT,
        "the layout cannot be changed without changing what the file says; it is left as it is");
    gen_error_place(err, file, own.line, own.column, NULL);
    return GEN_ECONFLICT;
}

/* One pass over the lines. */
static enum gen_status format_once(struct format *f, const char *text, size_t size)
{
    *f = (struct format){.out = f->out, .comments = f->comments, .raw = f->raw};
    gen_bytes_clear(f->out);
    f->levels[0] = (struct level){.was = -1, .now = -1};
    f->depth = 1;
    format_lines(f, text, size);
    format_end(f->out);
    if (f->failed) {
        f->out->size = 0;
    }
    return gen_bytes_status(f->out);
}

/* Until another pass changes nothing: text that goes on in strange columns (" t", then "-") needs more
 * than one. GEN_ECONFLICT: it does not come to rest. */
static enum gen_status format_rest(struct format *f, const char *text, size_t size,
                                   struct gen_arena *arena)
{
    for (int round = 0; round < FORMAT_ROUNDS; round++) {
        enum gen_status status;

        if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* also after blank lines */
            text += 3;
            size -= 3;
        }
        status = format_once(f, text, size);
        if (status != GEN_OK || f->failed || f->out->size == 0 ||
            (f->out->size == size && memcmp(f->out->data, text, size) == 0)) {
            return status;
        }
        text = gen_arena_strndup(arena, f->out->data, f->out->size);
        size = f->out->size;
        if (text == NULL) {
            return GEN_ENOMEM;
        }
    }
    return GEN_ECONFLICT;
}

/* Text that is easily taken for brackets and colons must not become another one: then their spaces stay. They
 * stay in JSON, too, which programs write (a snapshot that gend answered with). */
static enum gen_status format_whole(struct format *f, const char *text, size_t size,
                                    const char *file, const struct gen_node *before,
                                    struct gen_arena *arena, struct gen_error *err)
{
    size_t blank = 0;
    enum gen_status status;
    bool again;

    while (blank < size && format_among(" \t\r\n", text[blank])) {
        blank++;
    }
    f->raw = blank < size && (text[blank] == '{' || text[blank] == '[');
    do {
        status = format_rest(f, text, size, arena);
        if (status == GEN_ECONFLICT) {
            gen_error_set(err, status,
                          "there is no layout that stays as it is; it is left as it is");
            gen_error_place(err, file, 0, 0, NULL);
        } else {
            status = status == GEN_OK ? format_compare(before, f->out, file, arena, err)
                                      : gen_error_set(err, status, "the text cannot be laid out");
        }
        again = status == GEN_ECONFLICT && !f->raw;
        f->raw = true;
    } while (again);
    return status;
}

enum gen_status gen_policy_format(const char *text, size_t size, const char *file,
                                  struct gen_bytes *out, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *before = NULL;
    struct gen_bytes made;
    struct format *f = NULL;
    enum gen_status status = GEN_ENOMEM;

    gen_bytes_init(&made, size * 8 + 4096);
    if (arena != NULL) {
        f = gen_arena_alloc(arena, sizeof(*f));
    }
    if (f != NULL) {
        f->comments = gen_arena_array(arena, FORMAT_COMMENTS, sizeof(*f->comments));
    }
    if (f == NULL || f->comments == NULL) {
        gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    status = gen_yaml_read(text, size, file, arena, &before, err);
    if (status != GEN_OK) {
        goto done;
    }
    f->out = &made;
    status = format_whole(f, text, size, file, before, arena, err);
    if (status == GEN_OK) {
        status = gen_bytes_append(out, made.data != NULL ? made.data : "", made.size);
    }
done:
    gen_bytes_fini(&made);
    gen_arena_destroy(arena);
    return status;
}
