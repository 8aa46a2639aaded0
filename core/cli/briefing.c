/* briefing.c - see briefing.h. */
#include "cli/briefing.h"

#include "base/ident.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BRIEFING_SIZE_MOST = 16 * 1024 * 1024,
    /* More than a brief within its limits can name. */
    BRIEFING_FILES_MOST = GEN_BRIEF_MAX_SCENES * (GEN_BRIEF_MAX_ASSETS + 1) + 2,
};

/* What walks over the names in a brief. */
struct briefing_walk {
    struct gen_briefing *briefing;
    struct gen_arena *arena;
};

static bool briefing_ends_in(const char *path, const char *ending)
{
    size_t size = strlen(path), tail = strlen(ending);

    return size > tail && strcasecmp(path + size - tail, ending) == 0;
}

/* Is the text JSON? The name says it; without one, its first character does. */
static enum gen_status briefing_is_json(const char *path, const struct gen_bytes *text, bool *json,
                                        struct gen_error *err)
{
    const char *start = text->data != NULL ? text->data : "";

    if (strcmp(path, "-") == 0) {
        start += strncmp(start, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        *json = start[strspn(start, " \t\r\n")] == '{';
        return GEN_OK;
    }
    *json = briefing_ends_in(path, ".json");
    if (!*json && !briefing_ends_in(path, ".yaml") && !briefing_ends_in(path, ".yml")) {
        return gen_error_set(err, GEN_EINVAL,
                             "%s: a brief is a .yaml, .yml or .json file, or - for standard input",
                             path);
    }
    return GEN_OK;
}

static const char *briefing_folder(const char *path, struct gen_arena *arena)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        return ".";
    }
    return slash == path ? "/" : gen_arena_strndup(arena, path, (size_t)(slash - path));
}

void gen_briefing_place(const struct gen_briefing *briefing, struct gen_error *err)
{
    const struct gen_node *deepest = NULL;

    if (err->path[0] == '\0') {
        return;
    }
    (void)gen_node_find(briefing->tree, err->path, &deepest);
    gen_error_place(err, briefing->label, deepest != NULL ? deepest->line : 0,
                    deepest != NULL ? deepest->column : 0, NULL);
}

/* Is there a file that can be read and is not too large? A message for its place in the brief. */
static enum gen_status briefing_look(struct gen_briefing_file *file, struct gen_error *err)
{
    struct stat facts;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int number = errno;
    bool known = fd >= 0 && fstat(fd, &facts) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    if (fd < 0 && number == ENOENT) {
        return gen_error_set(err, GEN_EINVAL,
                             "there is no file %s (names are relative to the brief)", file->path);
    }
    if (!known) {
        return gen_error_set(err, GEN_EINVAL, "the file %s cannot be read: %s", file->path,
                             strerror(number));
    }
    if (!S_ISREG(facts.st_mode)) {
        return gen_error_set(err, GEN_EINVAL, "%s is not a file", file->path);
    }
    if (facts.st_size == 0) {
        return gen_error_set(err, GEN_EINVAL, "the file %s is empty", file->path);
    }
    if (facts.st_size > GEN_BRIEFING_ASSET_MOST) {
        return gen_error_set(
            err, GEN_ETOOLARGE, "the file %s has %" PRId64 " MB; at most %d MB are allowed",
            file->path, (int64_t)facts.st_size / 1000000, (int)(GEN_BRIEFING_ASSET_MOST / 1000000));
    }
    file->size = facts.st_size;
    file->device = facts.st_dev;
    file->inode = facts.st_ino;
    return GEN_OK;
}

static struct gen_briefing_file *briefing_known(struct gen_briefing *briefing,
                                                const struct gen_briefing_file *file)
{
    for (size_t i = 0; i < briefing->file_count; i++) {
        if (briefing->files[i].device == file->device && briefing->files[i].inode == file->inode) {
            return &briefing->files[i];
        }
    }
    return NULL;
}

static const char *briefing_path(const struct gen_briefing *briefing, const char *name,
                                 struct gen_arena *arena)
{
    if (name[0] == '/' || strcmp(briefing->folder, ".") == 0) {
        return name;
    }
    return gen_arena_printf(arena, "%s/%s", briefing->folder, name);
}

/* A gen_brief_asset: notes a file that the brief names. */
static enum gen_status briefing_note(void *context, const char *path, enum gen_asset_use use,
                                     const char **name, struct gen_error *err)
{
    struct briefing_walk *walk = context;
    struct gen_briefing *briefing = walk->briefing;
    struct gen_briefing_file file = {.name = *name};
    enum gen_status status;

    (void)use;
    if (gen_ident_valid(GEN_IDENT_ASSET, *name)) {
        return GEN_OK;
    }
    file.path = briefing_path(briefing, *name, walk->arena);
    file.key_path = gen_arena_strdup(walk->arena, path);
    if (file.path == NULL || file.key_path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the files of a brief");
    }
    status = briefing_look(&file, err);
    if (status != GEN_OK) {
        gen_error_place(err, NULL, 0, 0, path);
    } else if (briefing_known(briefing, &file) == NULL) {
        if (briefing->file_count >= BRIEFING_FILES_MOST) {
            return gen_error_set(err, GEN_ELIMIT, "the brief names more than %d files",
                                 (int)BRIEFING_FILES_MOST);
        }
        briefing->files[briefing->file_count++] = file;
    }
    return status;
}

/* A gen_brief_asset: a name becomes the id of its file. */
static enum gen_status briefing_replace(void *context, const char *path, enum gen_asset_use use,
                                        const char **name, struct gen_error *err)
{
    struct briefing_walk *walk = context;
    struct gen_briefing *briefing = walk->briefing;
    struct gen_briefing_file file = {.name = *name};
    struct gen_briefing_file *known = NULL;

    (void)use;
    if (gen_ident_valid(GEN_IDENT_ASSET, *name)) {
        return GEN_OK;
    }
    file.path = briefing_path(briefing, *name, walk->arena);
    if (file.path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the files of a brief");
    }
    if (briefing_look(&file, err) == GEN_OK) {
        known = briefing_known(briefing, &file);
    }
    if (known == NULL || known->asset == NULL) {
        (void)gen_error_set(err, GEN_EINVAL, "the file %s changed while it was uploaded",
                            file.path);
        gen_error_place(err, NULL, 0, 0, path);
        return GEN_EINVAL;
    }
    *name = known->asset;
    return GEN_OK;
}

/* Nothing but blanks, after a byte order mark? */
static bool briefing_blank(const struct gen_bytes *text)
{
    const char *start = text->data != NULL ? text->data : "";

    start += strncmp(start, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    return start + strspn(start, " \t\r\n") ==
           (text->data != NULL ? text->data + text->size : start);
}

static enum gen_status briefing_empty(const struct gen_briefing *briefing, struct gen_error *err)
{
    (void)gen_error_set(err, GEN_EINVAL, "the brief is empty; it needs `scenes` at least");
    gen_error_place(err, briefing->label, 1, 1, NULL);
    return GEN_EINVAL;
}

/* The text into a tree and the tree into a brief. */
static enum gen_status briefing_parse(struct gen_briefing *briefing, const char *path,
                                      struct gen_arena *arena, struct gen_error *err)
{
    struct gen_bytes text;
    bool json = false;
    enum gen_status status;

    gen_bytes_init(&text, BRIEFING_SIZE_MOST);
    status = gen_files_read(path, &text, err);
    if (status == GEN_ENOTFOUND) {
        status = gen_error_set(err, GEN_EINVAL, "there is no file %s", path);
    }
    if (status == GEN_OK) {
        status = briefing_is_json(path, &text, &json, err);
    }
    if (status == GEN_OK && briefing_blank(&text)) {
        status = briefing_empty(briefing, err);
    } else if (status == GEN_OK) {
        status =
            json
                ? gen_json_read(text.data, text.size, briefing->label, arena, &briefing->tree, err)
                : gen_yaml_read(text.data, text.size, briefing->label, arena, &briefing->tree, err);
    }
    if (status == GEN_OK && gen_node_type_of(briefing->tree) == GEN_NODE_NULL) {
        status = briefing_empty(briefing, err); /* YAML with nothing but comments */
    }
    if (status == GEN_OK) {
        status = gen_brief_read(briefing->tree, arena, &briefing->brief, err);
        if (status != GEN_OK) {
            gen_error_place(err, briefing->label, err->line, err->column, NULL);
        }
    }
    gen_bytes_fini(&text);
    return status;
}

enum gen_status gen_briefing_read(const char *path, struct gen_arena *arena,
                                  struct gen_briefing **out, struct gen_error *err)
{
    struct gen_briefing *briefing = gen_arena_alloc(arena, sizeof(*briefing));
    struct briefing_walk walk = {briefing, arena};
    enum gen_status status;

    if (briefing == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the brief");
    }
    briefing->label = strcmp(path, "-") == 0 ? "<stdin>" : path;
    briefing->folder = briefing_folder(path, arena);
    briefing->files = gen_arena_array(arena, BRIEFING_FILES_MOST, sizeof(*briefing->files));
    if (briefing->files == NULL || briefing->folder == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the brief");
    }
    status = briefing_parse(briefing, path, arena, err);
    if (status == GEN_OK) {
        status = gen_brief_each_asset(briefing->brief, briefing_note, &walk, err);
        if (status != GEN_OK) {
            gen_briefing_place(briefing, err);
        }
    }
    if (status == GEN_OK) {
        *out = briefing;
    }
    return status;
}

enum gen_status gen_briefing_document(struct gen_briefing *briefing, struct gen_arena *arena,
                                      struct gen_node **out, struct gen_error *err)
{
    struct briefing_walk walk = {briefing, arena};
    enum gen_status status = gen_brief_each_asset(briefing->brief, briefing_replace, &walk, err);

    if (status != GEN_OK) {
        gen_briefing_place(briefing, err);
        return status;
    }
    *out = gen_brief_write(briefing->brief, arena);
    if (*out == NULL || gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the brief");
    }
    return GEN_OK;
}
