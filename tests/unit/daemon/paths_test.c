/* paths_test.c - core/daemon/paths.c: where things are, in a build, installed, for a user. */
#include <criterion/criterion.h>

#include "daemon/paths.h"
#include "platform/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool equal(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

Test(paths, places)
{
    static const struct {
        const char *environment[4];
        bool system;
        const char *asked;
        const char *state, *config, *socket, *plugins;
    } cases[] = {
        /* a service */
        {{"HOME=/h"}, true, NULL, "/var/lib/genengine", "/etc/genengine/gend.yaml",
         "/run/genengine/gend.sock", NULL},
        {{"HOME=/h"}, true, "/s", "/s", "/etc/genengine/gend.yaml", "/s/gend.sock", NULL},
        /* a user: with and without the XDG variables */
        {{"HOME=/h"}, false, NULL, "/h/.local/state/genengine", "/h/.config/genengine/gend.yaml",
         "/h/.local/state/genengine/gend.sock", "/h/.local/share/genengine/plugins"},
        {{"HOME=/h", "XDG_RUNTIME_DIR=/r"}, false, NULL, "/h/.local/state/genengine",
         "/h/.config/genengine/gend.yaml", "/r/genengine/gend.sock",
         "/h/.local/share/genengine/plugins"},
        {{"XDG_STATE_HOME=/x", "XDG_CONFIG_HOME=/c", "XDG_DATA_HOME=/d"}, false, NULL,
         "/x/genengine", "/c/genengine/gend.yaml", "/x/genengine/gend.sock",
         "/d/genengine/plugins"},
        /* relative and empty values are none */
        {{"HOME=/h", "XDG_STATE_HOME=x", "XDG_RUNTIME_DIR="}, false, NULL,
         "/h/.local/state/genengine", "/h/.config/genengine/gend.yaml",
         "/h/.local/state/genengine/gend.sock", "/h/.local/share/genengine/plugins"},
        /* a folder that was asked for has the socket inside */
        {{"HOME=/h", "XDG_RUNTIME_DIR=/r"}, false, "/s", "/s", "/h/.config/genengine/gend.yaml",
         "/s/gend.sock", "/h/.local/share/genengine/plugins"},
        {{NULL}, false, NULL, NULL, NULL, NULL, NULL},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_places places;

        gen_paths_places(cases[i].environment, cases[i].system, cases[i].asked, arena, &places);
        cr_expect(equal(places.state, cases[i].state), "%zu: %s", i, places.state);
        cr_expect(equal(places.config, cases[i].config), "%zu: %s", i, places.config);
        cr_expect(equal(places.socket, cases[i].socket), "%zu: %s", i, places.socket);
        cr_expect(equal(places.plugins, cases[i].plugins), "%zu: %s", i, places.plugins);
        gen_arena_destroy(arena);
    }
}

static void make(const char *root, const char *path, const char *content, mode_t mode)
{
    struct gen_error err = {0};
    char whole[256], folder[256];

    snprintf(whole, sizeof whole, "%s/%s", root, path);
    snprintf(folder, sizeof folder, "%s", whole);
    *strrchr(folder, '/') = '\0';
    cr_assert(gen_files_make_folder(folder, 0755, &err) == GEN_OK);
    if (content != NULL) {
        cr_assert(gen_files_write(whole, content, strlen(content), mode, &err) == GEN_OK);
    }
}

/* gen-media and gen-trial beside gend or in libexec; plugins that are installed, then the user's own, then those
 * of the settings. */
Test(paths, find)
{
    static const struct {
        const char *media, *trial, *plugins;
    } cases[] = {
        {"bin/gen-media", "bin/gen-trial", "lib/plugins"},
        {"libexec/genengine/gen-media", "libexec/genengine/gen-trial",
         "lib/genengine/plugins"},
    };
    static const char *const more[] = {"/mine", NULL};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char root[] = "/tmp/gen-paths-XXXXXX", gend[256], expected[256];
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_paths paths = {0};
        struct gen_error err = {0};

        cr_assert(mkdtemp(root) != NULL);
        make(root, "bin/gend", "", 0755);
        snprintf(gend, sizeof gend, "%s/bin/gend", root);
        cr_expect(gen_paths_find(gend, "/own", more, arena, &paths, &err) == GEN_ENOTFOUND);
        make(root, cases[i].media, "", 0755);
        cr_expect(gen_paths_find(gend, "/own", more, arena, &paths, &err) == GEN_ENOTFOUND);
        make(root, cases[i].trial, "", 0755);
        snprintf(expected, sizeof expected, "%s/x", cases[i].plugins);
        make(root, expected, NULL, 0);
        cr_assert(gen_paths_find(gend, "/own", more, arena, &paths, &err) == GEN_OK, "%s", err.message);
        snprintf(expected, sizeof expected, "%s/%s", root, cases[i].media);
        cr_expect(equal(paths.media, expected), "%s", paths.media);
        snprintf(expected, sizeof expected, "%s/%s", root, cases[i].plugins);
        cr_expect(equal(paths.plugin_folders[0], expected), "%s", paths.plugin_folders[0]);
        cr_expect(equal(paths.plugin_folders[1], "/own"));
        cr_expect(equal(paths.plugin_folders[2], "/mine"));
        cr_expect(paths.plugin_folders[3] == NULL);
        cr_assert(gen_paths_find(gend, NULL, NULL, arena, &paths, &err) == GEN_OK, "%s", err.message);
        cr_expect(paths.plugin_folders[1] == NULL); /* a service has none of its own */
        gen_arena_destroy(arena);
        cr_assert(gen_files_remove_tree(root, &err) == GEN_OK);
    }
}

/* The user's policies before the shipped ones; what is not there is named. */
Test(paths, policies)
{
    char root[] = "/tmp/gen-paths-XXXXXX", gend[256], home[256], expected[256];
    const char *const environment[] = {home, NULL};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};
    const char *found = NULL;

    cr_assert(mkdtemp(root) != NULL);
    make(root, "bin/gend", "", 0755);
    snprintf(gend, sizeof gend, "%s/bin/gend", root);
    snprintf(home, sizeof home, "HOME=%s/home", root);
    if (gen_paths_policies(gend, environment, arena, &found, &err) == GEN_ENOTFOUND) {
        cr_expect(strstr(err.message, "--policies DIR") != NULL, "%s", err.message);
        make(root, "share/genengine/policies/x", NULL, 0);
        cr_assert(gen_paths_policies(gend, environment, arena, &found, &err) == GEN_OK);
        snprintf(expected, sizeof expected, "%s/share/genengine/policies", root);
        cr_expect(equal(found, expected), "%s", found);
        make(root, "home/.config/genengine/policies/x", NULL, 0);
        cr_assert(gen_paths_policies(gend, environment, arena, &found, &err) == GEN_OK);
        snprintf(expected, sizeof expected, "%s/home/.config/genengine/policies", root);
        cr_expect(equal(found, expected), "%s", found);
    } else { /* this machine has some of its own: they come first */
        cr_expect(equal(found, "/etc/genengine/policies"), "%s", found);
    }
    gen_arena_destroy(arena);
    cr_assert(gen_files_remove_tree(root, &err) == GEN_OK);
}
