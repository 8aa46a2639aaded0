/* provider_settings.c - see provider_settings.h. */
#include "policy/provider_settings.h"

#include <stdio.h>
#include <string.h>

struct settings_address {
    const char *key;
    size_t offset;
};

static const struct settings_address settings_addresses[] = {
    {"baseUrl", offsetof(struct gen_provider_policy, base_url)},
    {"tokenUrl", offsetof(struct gen_provider_policy, token_url)},
    {"storageUrl", offsetof(struct gen_provider_policy, storage_url)},
    {NULL, 0},
};
_Static_assert(GEN_COUNT(settings_addresses) == GEN_PROVIDER_ADDRESSES + 1, "one row an address");

static const char *settings_url(const struct gen_provider_policy *policy,
                                const struct settings_address *row)
{
    const char *url;

    memcpy(&url, (const char *)policy + row->offset, sizeof url);
    return url;
}

size_t gen_provider_addresses(const struct gen_provider_policy *policy, const char **out)
{
    size_t count = 0;

    for (const struct settings_address *row = settings_addresses; row->key != NULL; row++) {
        const char *url = settings_url(policy, row);

        if (url != NULL) {
            out[count++] = url;
        }
    }
    return count;
}

/* id -> {like}, of the models that say it; NULL: none does. */
static struct gen_node *settings_models(const struct gen_provider_policy *policy,
                                        struct gen_arena *arena)
{
    const struct gen_provider_model *models = policy->models.items;
    struct gen_node *map = gen_node_map(arena);

    for (size_t i = 0; i < policy->models.count; i++) {
        if (models[i].like != NULL) {
            struct gen_node *one = gen_node_set(arena, map, models[i].named.name,
                                                gen_node_map(arena));

            gen_node_set(arena, one, "like", gen_node_string(arena, models[i].like));
        }
    }
    return gen_node_count(map) > 0 ? map : NULL;
}

void gen_provider_settings_add(const struct gen_provider_policy *policy, struct gen_arena *arena,
                               struct gen_node *to)
{
    struct gen_node *models = settings_models(policy, arena);

    for (const struct settings_address *row = settings_addresses; row->key != NULL; row++) {
        const char *url = settings_url(policy, row);

        if (url != NULL && gen_node_get(to, row->key) == NULL) {
            gen_node_set(arena, to, row->key, gen_node_string(arena, url));
        }
    }
    /* A description has its models in its settings; what is like another stands there. */
    if (models != NULL && gen_node_get(to, "models") == NULL &&
        gen_node_get(policy->settings, "models") == NULL) {
        gen_node_set(arena, to, "models", models);
    }
    for (const struct gen_node *item = gen_node_first(policy->settings); item != NULL;
         item = item->next) {
        if (item->key != NULL && gen_node_get(to, item->key) == NULL) {
            gen_node_set(arena, to, item->key, gen_node_copy(arena, item));
        }
    }
}

const struct gen_policy_file *gen_provider_file(const struct gen_policy_set *set, const char *id)
{
    for (size_t i = 0; i < set->file_count; i++) {
        const struct gen_provider_policy *policy = set->files[i].object;

        if (set->files[i].kind->record == &gen_provider_record && policy != NULL &&
            strcmp(policy->id, id) == 0) {
            return &set->files[i];
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------------- where it stands -- */

struct settings_place {
    const char *words; /* what is wrong, without the path */
    const struct gen_node *node;
    char path[GEN_ERROR_PATH_SIZE];
};

/* "submit.body.a[0]" in front of ": ", as far as there is something; false: nothing of it. */
static bool place_path(const struct gen_node *from, const char *prefix, const char *message,
                       struct settings_place *out)
{
    size_t size = strspn(message, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-.$[]");
    const struct gen_node *deepest = NULL, *found;
    char path[GEN_ERROR_PATH_SIZE];

    if (size == 0 || size >= sizeof path || strncmp(message + size, ": ", 2) != 0) {
        return false;
    }
    (void)snprintf(path, sizeof path, "%.*s", (int)size, message);
    found = gen_node_find(from, path, &deepest);
    out->node = found != NULL ? found : deepest;
    if (out->node == NULL || out->node == from) {
        return false;
    }
    (void)snprintf(out->path, sizeof out->path, "%s%s", prefix, path);
    out->words = message + size + 2;
    return true;
}

/* Something in quotes that is a key of the settings. */
static bool place_quoted(const struct gen_node *settings, const char *message,
                         struct settings_place *out)
{
    const char *open = strchr(message, '"');

    while (open != NULL) {
        const char *close = strchr(open + 1, '"');
        char name[80];

        if (close == NULL || close - open > (long)sizeof name) {
            return false;
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)(close - open - 1), open + 1);
        out->node = gen_node_get(settings, name);
        if (out->node != NULL) {
            (void)snprintf(out->path, sizeof out->path, "settings.%s", name);
            return true;
        }
        open = strchr(close + 1, '"');
    }
    return false;
}

/* A setting that the message begins with: "pollSeconds must be a number". */
static bool place_word(const struct gen_node *settings, const char *message,
                       struct settings_place *out)
{
    char name[80];

    (void)snprintf(name, sizeof name, "%.*s",
                   (int)strspn(message, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789_"),
                   message);
    out->node = gen_node_get(settings, name);
    if (out->node != NULL) {
        (void)snprintf(out->path, sizeof out->path, "settings.%s", name);
    }
    return out->node != NULL;
}

void gen_provider_settings_place(const struct gen_policy_file *file, const char *folder,
                                 const char *message, struct gen_error *err)
{
    static const char within[] = "settings: ";
    const struct gen_node *settings = gen_node_get(file->root, "settings");
    struct settings_place place = {.node = NULL};
    size_t length = folder == NULL ? 0 : strlen(folder);
    char name[GEN_ERROR_FILE_SIZE];

    while (strncmp(message, within, sizeof within - 1) == 0) {
        message += sizeof within - 1;
    }
    place.words = message;
    if (!place_path(settings, "settings.", message, &place) &&
        !place_path(file->root, "", message, &place) && !place_quoted(settings, message, &place) &&
        !place_word(settings, message, &place)) {
        place.node = settings != NULL ? settings : file->root;
        (void)snprintf(place.path, sizeof place.path, "%s", settings != NULL ? "settings" : "");
    }
    (void)snprintf(name, sizeof name, "%s%s%s", length > 0 ? folder : "",
                   length > 0 && folder[length - 1] != '/' ? "/" : "", file->name);
    (void)gen_error_set(err, GEN_EINVAL, "its plugin says: %s", place.words);
    gen_error_place(err, name, place.node->line, place.node->column, place.path);
}
