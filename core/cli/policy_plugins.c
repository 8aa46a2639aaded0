/* policy_plugins.c - see policy_plugins.h. The folders are those of daemon/paths.c. */
#include "cli/policy_plugins.h"

#include "base/json.h"
#include "cli/plugin_checking.h"
#include "cli/whereabouts.h"
#include "policy/provider_settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct plugins {
    struct gen_session *session;
    struct gen_policy_origin *origin;
    struct gen_node *notes;
    const char *const *folders; /* NULL-terminated */
};

static const char *plugins_file(struct plugins *plugins, const char *name)
{
    for (const char *const *folder = plugins->folders; *folder != NULL; folder++) {
        const char *path = gen_arena_printf(plugins->session->arena, "%s/%s.so", *folder, name);

        if (path != NULL && access(path, R_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

static void plugins_note(struct plugins *plugins, const char *text)
{
    struct gen_arena *arena = plugins->session->arena;

    if (text != NULL) {
        gen_node_push(plugins->notes, gen_node_string(arena, text));
    }
}

/* The settings as a file that has no name: nobody else can open it, and nothing is left of it. */
static int plugins_settings(const struct gen_node *settings)
{
    struct gen_bytes text;
    int file = memfd_create("settings", MFD_CLOEXEC);
    bool good;

    gen_bytes_init(&text, GEN_POLICY_MAX_FILE * 4);
    good = file >= 0 && gen_json_write(settings, GEN_JSON_COMPACT, &text) == GEN_OK &&
           gen_bytes_status(&text) == GEN_OK &&
           write(file, text.data, text.size) == (ssize_t)text.size;
    gen_bytes_fini(&text);
    if (!good && file >= 0) {
        (void)close(file);
        file = -1;
    }
    return file;
}

static void plugins_findings(struct plugins *plugins, const struct gen_provider_policy *policy,
                             const struct gen_node *document)
{
    const struct gen_policy_file *file = gen_provider_file(plugins->origin->set, policy->id);

    for (const struct gen_node *item = gen_node_first(gen_node_get(document, "findings"));
         item != NULL && file != NULL; item = item->next) {
        struct gen_error placed = {0};

        gen_provider_settings_place(file, plugins->origin->folder,
                                    gen_node_text(gen_node_get(item, "message"), "?"), &placed);
        gen_policy_problems_add(&plugins->origin->problems, &placed, !policy->enabled);
    }
}

/* One provider whose file tells its plugin something. */
static void plugins_ask(struct plugins *plugins, const struct gen_provider_policy *policy,
                        const struct gen_node *settings)
{
    struct gen_arena *arena = plugins->session->arena;
    const char *name = policy->plugin != NULL ? policy->plugin : policy->id;
    const char *path = plugins_file(plugins, name);
    const struct gen_node *document = NULL;
    struct gen_error err = {0};
    int file;

    if (path == NULL) {
        plugins_note(plugins, gen_arena_printf(arena,
                                               "the settings of %s are not checked by its plugin: "
                                               "%s.so is in none of the plugin folders (name "
                                               "others in GEN_PLUGINS)",
                                               policy->id, name));
        return;
    }
    file = plugins_settings(settings);
    if (file < 0) {
        (void)gen_error_set(&err, GEN_EIO, "no room for its settings");
    } else if (gen_plugin_checking_settings(
                   plugins->session, path,
                   gen_arena_printf(arena, "/proc/%ld/fd/%d", (long)getpid(), file), &document,
                   &err) == GEN_OK) {
        plugins_findings(plugins, policy, document);
    }
    if (document == NULL) {
        plugins_note(plugins, gen_arena_printf(
                                  arena, "the settings of %s are not checked by its plugin: %s",
                                  policy->id, gen_session_clean(plugins->session, err.message)));
    }
    if (file >= 0) {
        (void)close(file);
    }
}

/* Those of the installation, of the user, and those that somebody named. */
static const char *const *plugins_folders(struct gen_session *session)
{
    enum { NAMED = 32 };
    struct gen_arena *arena = session->arena;
    const char **list = gen_arena_array(arena, GEN_WHEREABOUTS_PLUGINS + NAMED + 1, sizeof(*list));
    const char *named = getenv("GEN_PLUGINS");
    size_t count = list == NULL ? 0 : gen_whereabouts_plugins(arena, list);

    for (size_t i = 0; list != NULL && named != NULL && *named != '\0' && i < NAMED; i++) {
        size_t size = strcspn(named, ":");

        if (size > 0) {
            list[count++] = gen_arena_strndup(arena, named, size);
        }
        named += size + (named[size] == ':');
    }
    return list;
}

enum gen_status gen_policy_plugins_check(struct gen_session *session,
                                         struct gen_policy_origin *origin, struct gen_node *notes,
                                         struct gen_error *err)
{
    struct plugins plugins = {session, origin, notes, plugins_folders(session)};
    const struct gen_policy_set *set = origin->set;

    for (size_t i = 0; set != NULL && plugins.folders != NULL && i < set->provider_count; i++) {
        struct gen_node *settings = gen_node_map(session->arena);

        gen_provider_settings_add(set->providers[i], session->arena, settings);
        if (gen_node_count(settings) > 0 || set->providers[i]->plugin != NULL) {
            plugins_ask(&plugins, set->providers[i], settings);
        }
    }
    gen_policy_problems_sort(&origin->problems);
    return gen_arena_failed(session->arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                            : GEN_OK;
}
