/* policy_files.c - see policy_files.h. */
#include "cli/policy_files.h"

#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A listing under way. */
struct listing {
    struct gen_arena *arena;
    struct gen_policy_paths *out;
    bool json;
    struct gen_error *err;
};

static bool ends_in(const char *name, const char *ending)
{
    size_t size = strlen(name), tail = strlen(ending);

    return size > tail && strcmp(name + size - tail, ending) == 0;
}

static bool listing_wants(const struct listing *listing, const char *name)
{
    return ends_in(name, ".yaml") || ends_in(name, ".yml") ||
           (listing->json && ends_in(name, ".json"));
}

bool gen_policy_files_is_folder(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* Reading anything else than a file might wait for ever (a pipe), or never end. */
static enum gen_status listing_add(struct listing *listing, const char *path)
{
    struct stat facts;

    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode)) {
        gen_error_set(listing->err, GEN_EINVAL, "it is not a regular file; move it elsewhere");
        gen_error_place(listing->err, path, 0, 0, NULL);
        return GEN_EINVAL;
    }
    if (listing->out->count == GEN_POLICY_FILES_MOST) {
        return gen_error_set(listing->err, GEN_ELIMIT, "there are more than %d files in the folder",
                             (int)GEN_POLICY_FILES_MOST);
    }
    listing->out->items[listing->out->count++] = path;
    return GEN_OK;
}

static enum gen_status listing_walk(struct listing *listing, const char *folder, bool deep)
{
    DIR *stream = opendir(folder);
    enum gen_status status = GEN_OK;
    struct dirent *entry;

    if (stream == NULL) {
        return gen_files_errno(listing->err, errno, "cannot read the folder", folder);
    }
    while (status == GEN_OK && (entry = readdir(stream)) != NULL) {
        const char *path;

        if (entry->d_name[0] == '.') {
            continue;
        }
        path = gen_arena_printf(listing->arena, "%s/%s", folder, entry->d_name);
        if (path == NULL) {
            status = gen_error_set(listing->err, GEN_ENOMEM, "no memory for the list of files");
        } else if (gen_policy_files_is_folder(path)) {
            status = deep ? listing_walk(listing, path, false) : GEN_OK;
        } else if (listing_wants(listing, entry->d_name)) {
            status = listing_add(listing, path);
        }
    }
    (void)closedir(stream);
    return status;
}

static int listing_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum gen_status gen_policy_files_list(const char *folder, bool deep, bool json,
                                      struct gen_arena *arena, struct gen_policy_paths *out,
                                      struct gen_error *err)
{
    struct listing listing = {arena, out, json, err};
    size_t size = strlen(folder);
    enum gen_status status;

    while (size > 1 && folder[size - 1] == '/') {
        size--;
    }
    folder = gen_arena_strndup(arena, folder, size);
    out->count = 0;
    out->items = gen_arena_array(arena, GEN_POLICY_FILES_MOST, sizeof(*out->items));
    if (folder == NULL || out->items == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the list of files");
    }
    status = listing_walk(&listing, folder, deep);
    if (status == GEN_OK) {
        qsort(out->items, out->count, sizeof(*out->items), listing_order);
    }
    return status;
}

/* The name says which language it is; standard input, its first character. */
static bool is_json(const char *path, const struct gen_bytes *text)
{
    const char *start = text->data != NULL ? text->data : "";

    if (strcmp(path, "-") != 0) {
        return ends_in(path, ".json");
    }
    return start[strspn(start, " \t\r\n")] == '{';
}

enum gen_status gen_policy_files_read(const char *path, struct gen_arena *arena,
                                      const struct gen_node **out, struct gen_error *err)
{
    const char *label = strcmp(path, "-") == 0 ? "<stdin>" : path;
    struct gen_bytes text;
    enum gen_status status;

    if (gen_policy_files_is_folder(path)) {
        return gen_error_set(err, GEN_EINVAL, "%s is a folder, not a file", path);
    }
    gen_bytes_init(&text, GEN_POLICY_FILES_SIZE);
    status = gen_files_read(path, &text, err);
    if (status == GEN_ETOOLARGE) {
        (void)gen_error_set(err, status, "the file is larger than %d MB",
                            (int)GEN_POLICY_FILES_SIZE / (1024 * 1024));
        gen_error_place(err, label, 0, 0, NULL);
    }
    if (status == GEN_OK) {
        status = is_json(path, &text) ? gen_json_read(text.data, text.size, label, arena, out, err)
                                      : gen_yaml_read(text.data, text.size, label, arena, out, err);
    }
    gen_bytes_fini(&text);
    return status;
}

const char *gen_policy_files_beside(const char *beside, const char *name, struct gen_arena *arena)
{
    const char *slash = strrchr(beside, '/');

    if (name[0] == '/' || slash == NULL) {
        return gen_arena_strdup(arena, name);
    }
    return gen_arena_printf(arena, "%.*s/%s", (int)(slash - beside), beside, name);
}
