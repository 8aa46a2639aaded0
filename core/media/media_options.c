/* media_options.c - see media_options.h. The command line becomes a document, which the record
 * binds like any other: bounds, defaults and words are base/record's. */
#include "media/media_options.h"

#include "base/name.h"
#include "base/number.h"
#include "media/probe.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct gen_media_options, member)

static const struct gen_choice decode_words[] = {
    {"first", GEN_PROBE_DECODE_FIRST, "one picture and one block of sound"},
    {"all", GEN_PROBE_DECODE_ALL, "everything, counting frames and errors"},
    {"none", GEN_PROBE_DECODE_NONE, "headers only"},
    {NULL, 0, NULL},
};

/* What every command that opens a file takes. */
#define LIMIT_FIELDS \
    {.key = "max-pixels", \
     .type = GEN_FIELD_INT, \
     .offset = AT(max_pixels), \
     .min = 1, \
     .max = INT64_C(268435456), \
     .preset = "67108864", \
     .help = "refuse pictures and frames of more pixels"}, \
        {.key = "max-streams", \
         .type = GEN_FIELD_INT, \
         .offset = AT(max_streams), \
         .min = 1, \
         .max = 256, \
         .preset = "32", \
         .help = "refuse files of more streams"}, \
        {.key = "max-duration", \
         .type = GEN_FIELD_REAL, \
         .offset = AT(max_duration), \
         .min = 1, \
         .max = 864000, \
         .preset = "14400", \
         .help = "refuse files of more seconds"}, \
        {.key = "memory-mb", \
         .type = GEN_FIELD_INT, \
         .offset = AT(memory_mb), \
         .min = 0, \
         .max = 1048576, \
         .preset = "1024", \
         .help = "memory for decoding, MiB; 0 = no limit"}, \
        {.key = "cpu-seconds", \
         .type = GEN_FIELD_INT, \
         .offset = AT(cpu_seconds), \
         .min = 0, \
         .max = 86400, \
         .preset = "60", \
         .help = "processor time, seconds; 0 = no limit"}, \
    { \
        .key = "unconfined-ok", .type = GEN_FIELD_BOOL, .offset = AT(unconfined_ok), \
        .help = "go on when the kernel has no seccomp (unsafe)" \
    }

#define HELP_FIELD \
    { \
        .key = "help", .type = GEN_FIELD_BOOL, .offset = AT(help), .help = "print this and stop" \
    }

#define OUT_FIELD \
    { \
        .key = "out", .type = GEN_FIELD_TEXT, .flags = GEN_FIELD_REQUIRED, .offset = AT(out), \
        .min = 1, .max = 4096, .help = "the JPEG file to write; an older one is replaced" \
    }

static const struct gen_field probe_fields[] = {
    {.key = "decode",
     .type = GEN_FIELD_CHOICE,
     .offset = AT(decode),
     .preset = "first",
     .choices = decode_words,
     .help = "how much to decode as a proof: first, all or none"},
    LIMIT_FIELDS,
    HELP_FIELD,
    {.type = GEN_FIELD_END},
};

static const struct gen_field thumbnail_fields[] = {
    OUT_FIELD,
    {.key = "at",
     .type = GEN_FIELD_REAL,
     .offset = AT(at),
     .min = -1,
     .max = 864000,
     .preset = "-1",
     .help = "the moment to show, seconds; -1 = by --at-share"},
    {.key = "at-share",
     .type = GEN_FIELD_REAL,
     .offset = AT(at_share),
     .min = 0,
     .max = 1,
     .preset = "0.4",
     .help = "the moment to show as a share of the duration"},
    {.key = "max",
     .type = GEN_FIELD_INT,
     .offset = AT(longest),
     .min = 16,
     .max = 8192,
     .preset = "640",
     .help = "longer side, pixels; small pictures are not blown up"},
    LIMIT_FIELDS,
    HELP_FIELD,
    {.type = GEN_FIELD_END},
};

static const struct gen_field sheet_fields[] = {
    OUT_FIELD,
    {.key = "columns",
     .type = GEN_FIELD_INT,
     .offset = AT(columns),
     .min = 0,
     .max = 32,
     .preset = "0",
     .help = "frames side by side; 0 = by the video's shape"},
    {.key = "rows",
     .type = GEN_FIELD_INT,
     .offset = AT(rows),
     .min = 0,
     .max = 32,
     .preset = "0",
     .help = "frames below each other; 0 = by the video's shape"},
    {.key = "width",
     .type = GEN_FIELD_INT,
     .offset = AT(width),
     .min = 64,
     .max = 8192,
     .preset = "1600",
     .help = "of the whole sheet, pixels"},
    LIMIT_FIELDS,
    HELP_FIELD,
    {.type = GEN_FIELD_END},
};

static const struct gen_field run_fields[] = {
    {.key = "read",
     .type = GEN_FIELD_TEXTS,
     .offset = AT(read),
     .min = 0,
     .max = 1024,
     .help = "a file or folder the program may read; may be given again"},
    {.key = "write",
     .type = GEN_FIELD_TEXTS,
     .offset = AT(write),
     .min = 0,
     .max = 64,
     .help = "a folder it may change; the first is its HOME and TMPDIR; may be given again"},
    {.key = "cpu-seconds",
     .type = GEN_FIELD_INT,
     .offset = AT(cpu_seconds),
     .min = 0,
     .max = 864000,
     .preset = "3600",
     .help = "processor time, seconds; 0 = no limit"},
    {.key = "memory-mb",
     .type = GEN_FIELD_INT,
     .offset = AT(memory_mb),
     .min = 0,
     .max = 1048576,
     .preset = "4096",
     .help = "addresses it may take, libraries too, MiB; 0 = no limit"},
    {.key = "file-mb",
     .type = GEN_FIELD_INT,
     .offset = AT(file_mb),
     .min = 0,
     .max = 1048576,
     .preset = "4096",
     .help = "of each file it writes, MiB; 0 = no limit"},
    {.key = "processes",
     .type = GEN_FIELD_INT,
     .offset = AT(processes),
     .min = 0,
     .max = 65536,
     .preset = "1",
     .help = "1 = it starts no other process (threads are free); more = the kernel's limit for all "
             "processes and threads of this user; 0 = no limit"},
    {.key = "parent",
     .type = GEN_FIELD_INT,
     .offset = AT(parent),
     .min = 0,
     .max = INT32_MAX,
     .preset = "0",
     .help = "process that must be our parent, or nothing is started; 0 = any"},
    {.key = "unconfined-ok",
     .type = GEN_FIELD_BOOL,
     .offset = AT(unconfined_ok),
     .help = "go on when the kernel has no seccomp (unsafe)"},
    HELP_FIELD,
    {.type = GEN_FIELD_END},
};

static const struct gen_field none_fields[] = {
    HELP_FIELD,
    {.type = GEN_FIELD_END},
};

#define RECORD(variable, word, rows) \
    const struct gen_record variable = { \
        .name = word, .size = sizeof(struct gen_media_options), .fields = rows}

RECORD(gen_media_options_probe, "probe", probe_fields);
RECORD(gen_media_options_thumbnail, "thumbnail", thumbnail_fields);
RECORD(gen_media_options_sheet, "sheet", sheet_fields);
RECORD(gen_media_options_run, "run", run_fields);
RECORD(gen_media_options_none, "this command", none_fields);

static const char *field_name(const void *context, size_t index)
{
    return ((const struct gen_field *)context)[index].key;
}

static const struct gen_field *find_field(const struct gen_record *record, const char *name,
                                          struct gen_error *err)
{
    size_t count;
    const char *nearest;

    for (count = 0; record->fields[count].type != GEN_FIELD_END; count++) {
        if (strcmp(record->fields[count].key, name) == 0) {
            return &record->fields[count];
        }
    }
    nearest = gen_name_nearest(name, field_name, record->fields, count);
    gen_error_set(err, GEN_EINVAL,
                  nearest != NULL ? "unknown option --%s; did you mean --%s?"
                                  : "unknown option --%s; see --help",
                  name, nearest);
    return NULL;
}

static struct gen_node *value_node(const struct gen_field *field, const char *text,
                                   struct gen_arena *arena)
{
    int64_t whole;
    double real;

    switch (field->type) {
    case GEN_FIELD_BOOL:
        return gen_node_bool(arena, true);
    case GEN_FIELD_INT:
        return gen_number_integer(text, &whole) ? gen_node_int(arena, whole) : NULL;
    case GEN_FIELD_REAL:
        return gen_number_real(text, &real) ? gen_node_real(arena, real) : NULL;
    default:
        return gen_node_string(arena, text);
    }
}

/* Adds one option to the document. `text` is NULL for a BOOL. */
static enum gen_status put(const struct gen_field *field, const char *text, struct gen_arena *arena,
                           struct gen_node *map, struct gen_error *err)
{
    struct gen_node *value = value_node(field, text, arena), *list = NULL, *child;

    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (value == NULL) {
        return gen_error_set(err, GEN_EINVAL, "--%s: \"%.60s\" is not a number", field->key, text);
    }
    for (child = map->as.children.first; child != NULL; child = child->next) {
        if (strcmp(child->key, field->key) == 0) {
            list = child;
        }
    }
    if (field->type == GEN_FIELD_TEXTS) {
        if (list == NULL) {
            list = gen_node_set(arena, map, field->key, gen_node_list(arena));
        }
        gen_node_push(list, value);
        return GEN_OK;
    }
    if (list != NULL && field->type != GEN_FIELD_BOOL) {
        return gen_error_set(err, GEN_EINVAL, "--%s is given twice", field->key);
    }
    if (list == NULL) {
        gen_node_set(arena, map, field->key, value);
    }
    return GEN_OK;
}

/* The option at arguments[*index]; moves `*index` to its last word. */
static enum gen_status take_option(const struct gen_record *record, char **arguments, size_t *index,
                                   struct gen_arena *arena, struct gen_node *map,
                                   struct gen_error *err)
{
    const char *word = strcmp(arguments[*index], "-h") == 0 ? "--help" : arguments[*index];
    const char *equals = strchr(word, '=');
    const struct gen_field *field;
    char *name;

    if (word[1] != '-') {
        return gen_error_set(err, GEN_EINVAL, "unknown option %s; options begin with two dashes",
                             word);
    }
    name = equals != NULL ? gen_arena_strndup(arena, word + 2, (size_t)(equals - word - 2))
                          : gen_arena_strdup(arena, word + 2);
    if (name == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    field = find_field(record, name, err);
    if (field == NULL) {
        return GEN_EINVAL;
    }
    if (field->type == GEN_FIELD_BOOL) {
        return equals != NULL ? gen_error_set(err, GEN_EINVAL, "--%s takes no value", field->key)
                              : put(field, NULL, arena, map, err);
    }
    if (equals == NULL && arguments[*index + 1] == NULL) {
        return gen_error_set(err, GEN_EINVAL, "--%s needs a value", field->key);
    }
    return put(field, equals != NULL ? equals + 1 : arguments[++*index], arena, map, err);
}

enum gen_status gen_media_options_parse(const struct gen_record *record,
                                        enum gen_media_options_style style, char **arguments,
                                        struct gen_arena *arena, struct gen_media_options *out,
                                        struct gen_error *err)
{
    struct gen_node *map = gen_node_map(arena);
    enum gen_status status = GEN_OK;
    size_t index, count = 0;
    bool options = true;

    if (map == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (index = 0; arguments[index] != NULL && status == GEN_OK; index++) {
        if (options && strcmp(arguments[index], "--") == 0) {
            options = false;
        } else if (options && arguments[index][0] == '-' && arguments[index][1] != '\0') {
            status = take_option(record, arguments, &index, arena, map, err);
        } else {
            options = options && style == GEN_MEDIA_OPTIONS_MIXED;
            arguments[count++] = arguments[index];
        }
    }
    if (status != GEN_OK) {
        return status;
    }
    if (gen_node_truth(gen_node_get(map, "help"), false)) { /* nothing is required then */
        *out = (struct gen_media_options){.help = true};
        return GEN_OK;
    }
    status = gen_record_bind(record, map, "", arena, out, err);
    arguments[count] = NULL;
    out->operands = arguments;
    out->operand_count = count;
    return status;
}

static const char *value_word(const struct gen_field *field)
{
    switch (field->type) {
    case GEN_FIELD_BOOL:
        return "";
    case GEN_FIELD_INT:
        return " N";
    case GEN_FIELD_REAL:
        return " X";
    case GEN_FIELD_CHOICE:
        return " WORD";
    default:
        return " PATH";
    }
}

void gen_media_options_help(const struct gen_record *record, struct gen_bytes *out)
{
    const struct gen_field *field;

    for (field = record->fields; field->type != GEN_FIELD_END; field++) {
        char name[64];

        snprintf(name, sizeof(name), "--%s%s", field->key, value_word(field));
        gen_bytes_printf(out, "  %-20s %s", name, field->help);
        if (field->preset != NULL) {
            gen_bytes_printf(out, " (%s)", field->preset);
        } else if ((field->flags & GEN_FIELD_REQUIRED) != 0) {
            gen_bytes_text(out, " (required)");
        }
        gen_bytes_text(out, "\n");
    }
}
