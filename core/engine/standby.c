/* standby.c - see standby.h. */
#include "engine/standby.h"

#include "base/json.h"
#include "platform/files.h"
#include "platform/json_reader.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { STANDBY_FORMAT = 1 };

/* The folder as a name that does not depend on where gend was started. */
static const char *standby_place(const char *folder, struct gen_arena *arena)
{
    char here[PATH_MAX];

    if (folder[0] == '/' || getcwd(here, sizeof here) == NULL) {
        return gen_arena_strdup(arena, folder);
    }
    return gen_arena_printf(arena, "%s/%s", here, folder);
}

/* The file as a tree. GEN_ENOTFOUND, GEN_ECORRUPT, ... */
static enum gen_status standby_read(const char *path, struct gen_arena *arena,
                                    const struct gen_node **out, struct gen_error *err)
{
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, GEN_JSON_MAX_SIZE);
    status = gen_files_read(path, &text, err);
    if (status == GEN_OK) {
        status = gen_json_read(text.data, text.size, path, arena, out, err);
        if (status == GEN_OK &&
            gen_node_integer(gen_node_get(*out, "format"), 0) != STANDBY_FORMAT) {
            status = gen_error_set(err, GEN_EINVAL, "%s is of another version of gend", path);
        }
        status = status == GEN_EINVAL ? (err->status = GEN_ECORRUPT) : status;
    }
    gen_bytes_fini(&text);
    return status;
}

static bool standby_is(const struct gen_node *kept, const char *key, const char *text)
{
    return strcmp(gen_node_text(gen_node_get(kept, key), ""), text) == 0;
}

static const char *standby_text(const char *folder, const struct gen_policy_set *set,
                                struct gen_arena *arena, size_t *size)
{
    struct gen_node *map = gen_node_map(arena), *files = gen_node_map(arena);

    for (size_t i = 0; i < set->file_count; i++) {
        gen_node_set(arena, files, set->files[i].name,
                     gen_node_string(
                         arena, gen_arena_strndup(arena, set->files[i].text, set->files[i].size)));
    }
    gen_node_set(arena, map, "format", gen_node_int(arena, STANDBY_FORMAT));
    gen_node_set(arena, map, "folder", gen_node_string(arena, folder));
    gen_node_set(arena, map, "version", gen_node_string(arena, set->version));
    gen_node_set(arena, map, "files", files);
    return gen_json_text(arena, map, size);
}

enum gen_status gen_standby_keep(const char *path, const char *folder,
                                 const struct gen_policy_set *set, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *kept = NULL;
    struct gen_error ignored = {0};
    const char *text;
    size_t size = 0;
    enum gen_status status = GEN_OK;

    folder = arena == NULL ? NULL : standby_place(folder, arena);
    if (folder != NULL && standby_read(path, arena, &kept, &ignored) == GEN_OK &&
        standby_is(kept, "version", set->version) && standby_is(kept, "folder", folder)) {
        goto done;
    }
    text = folder == NULL ? NULL : standby_text(folder, set, arena, &size);
    if (text == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    } else if (size > GEN_JSON_MAX_SIZE) {
        status = gen_error_set(err, GEN_ETOOLARGE, "the policies have more than %d MB",
                               GEN_JSON_MAX_SIZE / 1000000);
    } else {
        status = gen_files_write(path, text, size, 0600, err);
    }
done:
    gen_arena_destroy(arena);
    return status;
}

static enum gen_status standby_compile(const char *path, const char *folder,
                                       const struct gen_node *files, struct gen_arena *arena,
                                       const struct gen_policy_terms *terms,
                                       struct gen_policy_problems *problems,
                                       struct gen_policy_set **out, struct gen_error *err)
{
    size_t count = gen_node_count(files);
    struct gen_policy_source *sources = gen_arena_array(arena, count + 1, sizeof *sources);
    size_t i = 0;

    if (sources == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (const struct gen_node *item = gen_node_first(files); item != NULL; item = item->next) {
        const char *text = gen_node_text(item, NULL);

        if (text == NULL) {
            return gen_error_set(err, GEN_ECORRUPT, "%s is damaged", path);
        }
        sources[i++] = (struct gen_policy_source){item->key, text, strlen(text)};
    }
    return gen_policy_compile(folder, sources, count, terms, problems, out, err);
}

enum gen_status gen_standby_load(const char *path, const char *folder,
                                 const struct gen_policy_terms *terms,
                                 struct gen_policy_problems *problems, struct gen_policy_set **out,
                                 struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *kept = NULL;
    struct gen_policy_set *set = NULL;
    enum gen_status status;

    folder = arena == NULL ? NULL : standby_place(folder, arena);
    if (folder == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    status = standby_read(path, arena, &kept, err);
    if (status == GEN_OK && !standby_is(kept, "folder", folder)) {
        status = gen_error_set(err, GEN_ENOTFOUND, "%s is of another folder", path);
    }
    if (status == GEN_OK) {
        status = standby_compile(path, folder, gen_node_get(kept, "files"), arena, terms, problems,
                                 &set, err);
    }
    if (status == GEN_OK && !standby_is(kept, "version", set->version)) {
        status = gen_error_set(err, GEN_ECORRUPT, "%s is damaged", path);
    }
    if (status == GEN_OK) {
        *out = set;
        set = NULL;
    }
done:
    gen_policy_destroy(set);
    gen_arena_destroy(arena);
    return status;
}
