/* settings_test.c - core/daemon/settings.c: three sources, who wins, and who is blamed. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "daemon/settings.h"
#include "platform/files.h"
#include "platform/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct source {
    const char *arguments[8], *environment[6];
};

static enum gen_status read_settings(const struct source *source, struct gen_arena *arena,
                                     struct gen_settings *out, enum gen_settings_wish *wish,
                                     struct gen_error *err)
{
    return gen_settings_read(source->arguments, source->environment, arena, out, wish, err);
}

Test(settings, defaults)
{
    static const struct source source = {{NULL}, {"HOME=/nonexistent"}};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_settings settings;
    enum gen_settings_wish wish;
    struct gen_error err = {0};

    cr_assert(read_settings(&source, arena, &settings, &wish, &err) == GEN_OK, "%s", err.message);
    cr_expect(wish == GEN_SETTINGS_RUN);
    cr_expect(strcmp(settings.address, "127.0.0.1") == 0 && settings.port == 8377);
    cr_expect(strcmp(settings.state, "/nonexistent/.local/state/genengine") == 0);
    cr_expect(settings.job_budget == 0, "what the policies say");
    cr_expect(settings.least_free_mb == 512);
    cr_expect(settings.log_level == GEN_LEVEL_INFO);
    cr_expect(settings.plugins.count == 0 && settings.config == NULL);
    gen_arena_destroy(arena);
}

/* The command line wins over the environment, that over the file. */
Test(settings, order)
{
    static const char file[] = "listen: 127.0.0.1:1\nlogLevel: debug\nplugins: [/f]\n"
                               "state: /from-file\njobBudget: 2.5\nproviders:\n"
                               "  a: {settings: {x: 1}, prices: {y: 2}}\n  b: {prices: {z: 3}}\n";
    char path[] = "/tmp/gen-settings-XXXXXX", config[64];
    const struct source source = {{"--listen=[::1]:3", "--plugins", "/a", "--plugins", "/b"},
                                  {config, "GEN_LISTEN=127.0.0.1:2", "GEN_LOG_LEVEL=error",
                                   "HOME=/h"}};
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *prices, *own;
    struct gen_settings settings;
    enum gen_settings_wish wish;
    struct gen_error err = {0};

    close(mkstemp(path));
    snprintf(config, sizeof config, "GEN_CONFIG=%s", path);
    cr_assert(gen_files_write(path, file, strlen(file), 0600, &err) == GEN_OK);
    cr_assert(read_settings(&source, arena, &settings, &wish, &err) == GEN_OK, "%s", err.message);
    cr_expect(strcmp(settings.address, "::1") == 0 && settings.port == 3);
    cr_expect(settings.log_level == GEN_LEVEL_ERROR);
    cr_expect(settings.plugins.count == 2 && strcmp(settings.plugins.items[1], "/b") == 0);
    cr_expect(strcmp(settings.state, "/from-file") == 0);
    cr_expect(strcmp(settings.socket, "/from-file/gend.sock") == 0);
    cr_expect(settings.job_budget == 2500000);
    cr_expect(strcmp(settings.config, path) == 0);
    prices = gen_settings_of_providers(&settings, "prices", arena);
    own = gen_settings_of_providers(&settings, "settings", arena);
    cr_expect(gen_node_count(prices) == 2 && gen_node_count(own) == 1);
    cr_expect(gen_node_integer(gen_node_find(prices, "b.z", NULL), 0) == 3);
    gen_arena_destroy(arena);
    cr_assert(gen_files_remove_tree(path, &err) == GEN_OK);
}

/* A list in the environment is written like PATH; an option replaces it. */
Test(settings, lists)
{
    static const struct source source = {{NULL}, {"HOME=/h", "GEN_PLUGINS=:/a::/b"}};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_settings settings;
    enum gen_settings_wish wish;
    struct gen_error err = {0};

    cr_assert(read_settings(&source, arena, &settings, &wish, &err) == GEN_OK);
    cr_expect(settings.plugins.count == 2 && strcmp(settings.plugins.items[0], "/a") == 0);
    gen_arena_destroy(arena);
}

Test(settings, mistakes)
{
    static const struct {
        struct source source;
        const char *words;
    } cases[] = {
        {{{"--sate", "x"}, {"HOME=/h"}}, "there is no option --sate; did you mean --state?"},
        {{{"state"}, {"HOME=/h"}}, "there is no option state"},
        {{{"--state"}, {"HOME=/h"}}, "--state needs a value: --state DIR"},
        {{{"--state="}, {"HOME=/h"}}, "--state needs a value"},
        {{{"--system=1"}, {"HOME=/h"}}, "--system takes no value"},
        {{{"--listen", "8377"}, {"HOME=/h"}}, "--listen: must be an address and a port"},
        {{{"--listen", "127.0.0.1:65536"}, {"HOME=/h"}}, "--listen: "},
        {{{NULL}, {"HOME=/h", "GEN_LISTEN=:1"}}, "GEN_LISTEN: "},
        {{{NULL}, {"HOME=/h", "GEN_LOG_LEVEL=loud"}}, "GEN_LOG_LEVEL: "},
        {{{NULL}, {NULL}}, "use --state DIR"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_settings settings;
        enum gen_settings_wish wish;
        struct gen_error err = {0};

        cr_expect(read_settings(&cases[i].source, arena, &settings, &wish, &err) == GEN_EINVAL);
        cr_expect(strstr(err.message, cases[i].words) != NULL, "%s", err.message);
        gen_arena_destroy(arena);
    }
}

/* In the file: at its line, with what would be right. */
Test(settings, a_proxy_of_another_kind)
{
    struct gen_arena *arena = gen_arena_create(0);
    char path[] = "/tmp/gen-settings-XXXXXX", config[64];
    struct source source = {{NULL}, {"HOME=/h", config}};
    static const char file[] = "logLevel: info\nproxy: ftp://x\n";
    struct gen_settings settings;
    enum gen_settings_wish wish;
    struct gen_error err = {0};

    close(mkstemp(path));
    snprintf(config, sizeof config, "GEN_CONFIG=%s", path);
    cr_assert(gen_files_write(path, file, strlen(file), 0600, &err) == GEN_OK);
    cr_expect(read_settings(&source, arena, &settings, &wish, &err) == GEN_EINVAL);
    cr_expect(strstr(err.message, "\"ftp://x\" is no proxy: write http://") != NULL, "%s",
              err.message);
    cr_expect(err.line == 2 && strcmp(err.path, "proxy") == 0, "%u %s", err.line, err.path);
    gen_arena_destroy(arena);
    cr_assert(gen_files_remove_tree(path, &err) == GEN_OK);
}

/* Help and version are given without reading anything else; help names every option. */
Test(settings, wishes)
{
    static const struct source help = {{"--version", "--help"}, {"GEN_CONFIG=/nonexistent"}};
    static const struct source version = {{"--version"}, {"GEN_CONFIG=/nonexistent"}};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_settings settings;
    enum gen_settings_wish wish;
    struct gen_error err = {0};
    struct gen_bytes text;

    cr_expect(read_settings(&help, arena, &settings, &wish, &err) == GEN_OK &&
              wish == GEN_SETTINGS_HELP);
    cr_expect(read_settings(&version, arena, &settings, &wish, &err) == GEN_OK &&
              wish == GEN_SETTINGS_VERSION);
    gen_bytes_init(&text, 65536);
    gen_settings_help(&text);
    cr_expect(strstr(text.data, "--listen ADDRESS:PORT") != NULL &&
              strstr(text.data, "GEN_STATE") != NULL && strstr(text.data, "leastFree") != NULL);
    gen_bytes_fini(&text);
    gen_arena_destroy(arena);
}

Test(settings, no_memory)
{
    static const struct source source = {{"--listen", "127.0.0.1:1", "--plugins", "/a"},
                                         {"HOME=/nonexistent"}};
    enum gen_status status = GEN_ENOMEM;

    for (long nth = 1; status == GEN_ENOMEM && nth < 1000; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_settings settings;
        enum gen_settings_wish wish;
        struct gen_error err = {0};

        gen_alloc_fail_at(nth);
        status = read_settings(&source, arena, &settings, &wish, &err);
        gen_alloc_fail_at(0);
        gen_arena_destroy(arena);
    }
    cr_expect(status == GEN_OK, "%d", (int)status);
}
