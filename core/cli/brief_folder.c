/* brief_folder.c - see brief_folder.h. */
#include "cli/brief_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool gen_brief_folder_is(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* The length of the name without its ending; 0: it is no brief. */
static size_t folder_stem(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};
    size_t size = strlen(name);

    for (size_t i = 0; i < GEN_COUNT(endings) && name[0] != '.'; i++) {
        size_t ending = strlen(endings[i]);

        if (size > ending && strcasecmp(name + size - ending, endings[i]) == 0) {
            return size - ending;
        }
    }
    return 0;
}

static int folder_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of files that may be briefs, in order. */
static enum gen_status folder_names(const char *path, struct gen_arena *arena, const char **names,
                                    size_t *count, struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    DIR *stream = opendir(path);
    struct dirent *entry;

    *count = 0;
    if (stream == NULL) {
        return gen_error_set(err, errno == EACCES ? GEN_EDENIED : GEN_EIO, "cannot read %s: %s",
                             path, strerror(errno));
    }
    while (status == GEN_OK && (entry = readdir(stream)) != NULL) {
        const char *whole = gen_arena_printf(arena, "%s/%s", path, entry->d_name);

        if (folder_stem(entry->d_name) == 0 || (whole != NULL && gen_brief_folder_is(whole))) {
            continue;
        }
        if (*count == GEN_BRIEF_FOLDER_MOST) {
            status = gen_error_set(err, GEN_EINVAL,
                                   "%s has more than %d briefs; submit them in several folders",
                                   path, (int)GEN_BRIEF_FOLDER_MOST);
        } else if ((names[(*count)++] = gen_arena_strdup(arena, entry->d_name)) == NULL) {
            status = gen_error_set(err, GEN_ENOMEM, "no memory for a folder of briefs");
        }
    }
    (void)closedir(stream);
    qsort(names, *count, sizeof *names, folder_order);
    return status;
}

/* Where two files differ in their endings only, the whole names tell them apart. */
static const char *folder_name(const char *const *names, size_t count, size_t index,
                               struct gen_arena *arena)
{
    size_t stem = folder_stem(names[index]);

    for (size_t i = 0; i < count; i++) {
        if (i != index && folder_stem(names[i]) == stem &&
            strncasecmp(names[i], names[index], stem) == 0) {
            return names[index];
        }
    }
    return gen_arena_strndup(arena, names[index], stem);
}

static const char *folder_title(const char *path, struct gen_arena *arena)
{
    char whole[PATH_MAX];
    const char *slash = realpath(path, whole) == NULL ? NULL : strrchr(whole, '/');

    return gen_arena_strdup(arena, slash == NULL ? "" : slash + 1);
}

enum gen_status gen_brief_folder_read(const char *path, struct gen_arena *arena,
                                      gen_brief_folder_told *told, void *context,
                                      struct gen_brief_folder *out, struct gen_error *err)
{
    const char *names[GEN_BRIEF_FOLDER_MOST];
    size_t count = 0, wrong = 0;
    enum gen_status status = folder_names(path, arena, names, &count, err);

    if (status == GEN_OK && count == 0) {
        status = gen_error_set(err, GEN_EINVAL,
                               "%s has no briefs (files that end in .yaml, .yml or .json)", path);
    }
    *out = (struct gen_brief_folder){.title = folder_title(path, arena)};
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_error mistake = {0};
        const char *file = gen_arena_printf(arena, "%s/%s", path, names[i]);

        if (file == NULL) {
            status = gen_error_set(err, GEN_ENOMEM, "no memory for a folder of briefs");
        } else if (gen_briefing_read(file, arena, &out->briefs[i], &mistake) != GEN_OK) {
            told(context, &mistake);
            wrong++;
        }
        out->names[i] = folder_name(names, count, i, arena);
    }
    out->count = count;
    if (status == GEN_OK && wrong > 0) {
        status = gen_error_set(err, GEN_EINVAL,
                               "%zu of the %zu briefs in %s cannot be used; nothing was submitted",
                               wrong, count, path);
    }
    return status == GEN_OK && gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "no memory for a folder of briefs")
               : status;
}
