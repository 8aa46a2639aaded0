/* policy_folder.c - see policy_folder.h. */
#include "policy/policy_folder.h"

#include "base/name.h"
#include "platform/files.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reading {
    const char *folder;
    struct gen_arena *arena;
    struct gen_policy_problems *problems;
    struct gen_policy_folder *out;
    struct gen_error *err;
};

const char *gen_policy_folder_path(const char *folder, const char *name, struct gen_arena *arena)
{
    size_t size = folder != NULL ? strlen(folder) : 0;
    const char *slash = size > 0 && folder[size - 1] != '/' ? "/" : "";

    return gen_arena_printf(arena, "%s%s%s", size > 0 ? folder : "", slash, name);
}

int gen_policy_source_order(const void *left, const void *right)
{
    const struct gen_policy_source *a = left, *b = right;

    return strcmp(a->name, b->name);
}

static bool folder_counts(const char *name)
{
    size_t size = strlen(name);

    return name[0] != '.' && ((size > 5 && strcmp(name + size - 5, ".yaml") == 0) ||
                              (size > 4 && strcmp(name + size - 4, ".yml") == 0));
}

/* One file is wrong: a problem, not the end. */
static void folder_problem(struct reading *in, const char *path, struct gen_error *err,
                           bool warning)
{
    gen_error_place(err, path, 0, 0, NULL);
    gen_policy_problems_add(in->problems, err, warning);
}

static enum gen_status folder_text(struct reading *in, const char *path,
                                   struct gen_policy_source *source)
{
    struct gen_error err = {0};
    struct gen_bytes bytes;
    struct stat facts;
    enum gen_status status = GEN_EINVAL;

    gen_bytes_init(&bytes, GEN_POLICY_MAX_FILE);
    if (stat(path, &facts) != 0) {
        status = gen_files_errno(&err, errno, "read", path);
    } else if (!S_ISREG(facts.st_mode)) {
        gen_error_set(&err, GEN_EINVAL, "is not a regular file");
    } else if (facts.st_size > GEN_POLICY_MAX_FILE) {
        source->size = (size_t)facts.st_size;
        status = gen_error_set(&err, GEN_ETOOLARGE, "has %lld bytes; a policy file has at most %d",
                               (long long)facts.st_size, (int)GEN_POLICY_MAX_FILE);
    } else {
        status = gen_files_read(path, &bytes, &err);
    }
    if (status == GEN_OK) {
        source->text = gen_arena_strndup(in->arena, bytes.data != NULL ? bytes.data : "",
                                         bytes.size);
        source->size = bytes.size;
        if (source->text == NULL) {
            status = gen_error_set(in->err, GEN_ENOMEM, "out of memory");
        }
    } else if (status == GEN_ENOMEM) {
        gen_error_set(in->err, GEN_ENOMEM, "out of memory");
    } else {
        folder_problem(in, path, &err, false);
        status = GEN_OK;
    }
    gen_bytes_fini(&bytes);
    return status;
}

static enum gen_status folder_add(struct reading *in, const char *prefix, const char *name)
{
    struct gen_policy_source *source = &in->out->sources[in->out->count];
    const char *path;

    if (in->out->count == GEN_POLICY_MAX_FILES) {
        return gen_error_set(in->err, GEN_ELIMIT, "%s has more than %d policy files", in->folder,
                             (int)GEN_POLICY_MAX_FILES);
    }
    source->name = gen_arena_printf(in->arena, "%s%s", prefix, name);
    path = source->name != NULL ? gen_policy_folder_path(in->folder, source->name, in->arena)
                                : NULL;
    if (path == NULL) {
        return gen_error_set(in->err, GEN_ENOMEM, "out of memory");
    }
    in->out->count++;
    return folder_text(in, path, source);
}

/* The folders that are read, and in the end that of the test cases, which gend leaves to gen policy. */
static const char folder_tests[] = "tests/";

static const char *folder_kind(const void *context, size_t index)
{
    (void)context;
    return index == gen_policy_kind_count() ? folder_tests
           : gen_policy_kinds[index].folder ? gen_policy_kinds[index].name
                                            : NULL;
}

/* Does a folder inside of providers/ hold files that somebody believes in? */
static bool folder_holds(const char *path)
{
    struct dirent *entry;
    DIR *handle = opendir(path);
    bool found = false;

    while (handle != NULL && !found && (entry = readdir(handle)) != NULL) {
        found = folder_counts(entry->d_name);
    }
    if (handle != NULL) {
        closedir(handle);
    }
    return found;
}

/* What is wrong with a folder's name or place: one sentence, or NULL. Nobody pays for a folder of tests that
 * is passed over, nor for files that were put aside. */
static const char *folder_inner(struct reading *in, const char *prefix, const char *name,
                                const char *path, const char *lower, bool *warning)
{
    const char *nearest;

    if (prefix[0] != '\0') {
        *warning = true;
        return folder_holds(path)
                   ? gen_arena_printf(in->arena,
                                      "is not read: the files of %s stand in it, not in "
                                      "folders inside of it",
                                      prefix)
                   : NULL;
    }
    nearest = gen_name_nearest(lower, folder_kind, NULL, gen_policy_kind_count() + 1);
    if (nearest == NULL || strncmp(nearest, name, strlen(nearest) - 1) == 0) {
        return NULL; /* the folder itself, or one that only begins like it */
    }
    *warning = nearest == folder_tests;
    return gen_arena_printf(in->arena, "is not read; did you mean the folder %s?", nearest);
}

/* A name that is nearly that of something we read: prices or rules that somebody believes in and nobody
 * reads. One sentence, or NULL. */
static const char *folder_misnamed(struct reading *in, const char *prefix, const char *name,
                                   bool *warning)
{
    const char *path = gen_arena_printf(in->arena, "%s/%s%s", in->folder, prefix, name);
    char *lower = gen_arena_printf(in->arena, "%s/", name);
    size_t size = strlen(name);
    struct stat facts;

    *warning = prefix == folder_tests;
    if (path == NULL || lower == NULL || name[0] == '.') {
        return NULL;
    }
    for (char *at = lower; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    lower[size] = '\0';
    if (folder_counts(lower) && !folder_counts(name)) {
        return "is not read: the names of policy files end in .yaml, in small letters";
    }
    lower[size] = '/';
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)
               ? folder_inner(in, prefix, name, path, lower, warning)
               : NULL;
}

static void folder_look(struct reading *in, const char *prefix, const char *name)
{
    bool warning = false;
    const char *sentence = folder_misnamed(in, prefix, name, &warning);
    const char *path = gen_arena_printf(in->arena, "%s%s", prefix, name);
    struct gen_error err = {0};

    if (sentence != NULL && path != NULL) {
        gen_error_set(&err, GEN_EINVAL, "%s", sentence);
        folder_problem(in, gen_policy_folder_path(in->folder, path, in->arena), &err, warning);
    }
}

/* `prefix`: "" or "providers/". A missing inner folder is an empty one. */
static enum gen_status folder_list(struct reading *in, const char *prefix)
{
    const char *path = gen_policy_folder_path(in->folder, prefix, in->arena);
    enum gen_status status = GEN_OK;
    struct dirent *entry;
    DIR *handle;

    if (path == NULL) {
        return gen_error_set(in->err, GEN_ENOMEM, "out of memory");
    }
    handle = opendir(path);
    if (handle == NULL) {
        return prefix == folder_tests || (errno == ENOENT && prefix[0] != '\0')
                   ? GEN_OK
                   : gen_files_errno(in->err, errno, "read folder", path);
    }
    errno = 0;
    while (status == GEN_OK && (entry = readdir(handle)) != NULL) {
        if (folder_counts(entry->d_name) && prefix != folder_tests) {
            status = folder_add(in, prefix, entry->d_name);
        } else {
            folder_look(in, prefix, entry->d_name);
        }
        errno = 0;
    }
    if (status == GEN_OK && errno != 0) {
        status = gen_files_errno(in->err, errno, "read folder", path);
    }
    closedir(handle);
    return status;
}

enum gen_status gen_policy_folder_read(const char *folder, struct gen_arena *arena,
                                       struct gen_policy_problems *problems,
                                       struct gen_policy_folder *out, struct gen_error *err)
{
    struct reading in = {folder, arena, problems, out, err};
    enum gen_status status;

    *out = (struct gen_policy_folder){0};
    out->sources = gen_arena_array(arena, GEN_POLICY_MAX_FILES, sizeof(*out->sources));
    if (out->sources == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = folder_list(&in, "");
    for (const struct gen_policy_kind *kind = gen_policy_kinds;
         kind->name != NULL && status == GEN_OK; kind++) {
        if (kind->folder) {
            status = folder_list(&in, kind->name);
        }
    }
    if (status == GEN_OK) {
        status = folder_list(&in, folder_tests); /* adds nothing */
    }
    if (status == GEN_OK && out->count > 1) {
        qsort(out->sources, out->count, sizeof(*out->sources), gen_policy_source_order);
    }
    return status;
}

void gen_policy_folder_digest(const struct gen_policy_source *sources, size_t count, char *version)
{
    struct gen_digest digest;

    gen_digest_init(&digest);
    for (size_t i = 0; i < count; i++) {
        uint64_t size = sources[i].size;
        uint8_t length[8];

        for (size_t k = 0; k < sizeof(length); k++) {
            length[k] = (uint8_t)(size >> (8 * k));
        }
        gen_digest_add(&digest, sources[i].name, strlen(sources[i].name) + 1);
        gen_digest_add(&digest, length, sizeof(length));
        if (sources[i].text != NULL) {
            gen_digest_add(&digest, sources[i].text, sources[i].size);
        }
    }
    gen_digest_text(&digest, version);
}
