/* plugin_making.c - see plugin_making.h. */
#include "cli/plugin_making.h"

#include "cli/whereabouts.h"
#include "platform/files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAKING_FILE = 1 << 20, MAKING_NAME = 32 };

static const char *const making_files[] = {
    "plugin.c",  "Makefile",      "CMakeLists.txt",
    "README.md", "provider.yaml", "recordings/video.jsonl",
};

struct making {
    struct gen_session *session;
    const char *name, *folder;
    const char *source;  /* folder of the template */
    const char *include; /* folder of <gen/provider.h> */
};

static bool making_is_name(const char *name)
{
    size_t size = strlen(name);

    return size > 0 && size <= MAKING_NAME && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

/* The template and the header: of the installation, or of the sources that this gen was built from. */
static enum gen_status making_find(struct making *making, struct gen_error *err)
{
    struct gen_arena *arena = making->session->arena;
    const char *own = gen_whereabouts_own_folder(arena);
    struct stat facts;

    if (own != NULL) {
        making->source = gen_arena_printf(arena, "%s/../share/genengine/template", own);
        making->include = gen_arena_printf(arena, "%s/../include", own);
        if (making->source != NULL && stat(making->source, &facts) == 0) {
            return GEN_OK;
        }
    }
    return gen_error_set(err, GEN_ENOTFOUND,
                         "the template is not installed; install genengine-dev");
}

/* One file of the template with its names filled in. */
static enum gen_status making_fill(const struct making *making, const struct gen_bytes *from,
                                   struct gen_bytes *to, struct gen_error *err)
{
    const struct {
        const char *word, *value;
    } names[] = {{"@NAME@", making->name}, {"@INCLUDE@", making->include}};
    const char *at = from->data == NULL ? "" : from->data;

    while (*at != '\0') {
        size_t plain = strcspn(at, "@"), i = 0;

        (void)gen_bytes_append(to, at, plain);
        at += plain;
        for (i = 0; i < GEN_COUNT(names); i++) {
            if (strncmp(at, names[i].word, strlen(names[i].word)) == 0) {
                (void)gen_bytes_text(to, names[i].value);
                at += strlen(names[i].word);
                break;
            }
        }
        if (i == GEN_COUNT(names) && *at != '\0') {
            (void)gen_bytes_append(to, at++, 1);
        }
    }
    return gen_bytes_status(to) == GEN_OK ? GEN_OK
                                          : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

static enum gen_status making_file(const struct making *making, const char *file,
                                   struct gen_error *err)
{
    struct gen_arena *arena = making->session->arena;
    const char *from = gen_arena_printf(arena, "%s/%s", making->source, file);
    const char *to = gen_arena_printf(arena, "%s/%s", making->folder, file);
    struct gen_bytes text, filled;
    enum gen_status status = from == NULL || to == NULL
                                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                 : GEN_OK;

    gen_bytes_init(&text, MAKING_FILE);
    gen_bytes_init(&filled, MAKING_FILE);
    if (status == GEN_OK) {
        status = gen_files_read(from, &text, err);
    }
    if (status == GEN_OK) {
        status = making_fill(making, &text, &filled, err);
    }
    if (status == GEN_OK) {
        status = gen_files_write(to, filled.data, filled.size, 0644, err);
    }
    gen_bytes_fini(&filled);
    gen_bytes_fini(&text);
    return status;
}

static enum gen_status making_folder(const struct making *making, struct gen_error *err)
{
    const char *inner = gen_arena_printf(making->session->arena, "%s/recordings", making->folder);
    struct stat facts;

    if (stat(making->folder, &facts) == 0) {
        return gen_error_set(err, GEN_ECONFLICT,
                             "%s is there already; remove it, or name another folder with --out",
                             making->folder);
    }
    return inner == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                         : gen_files_make_folder(inner, 0755, err);
}

int gen_plugin_making_new(struct gen_session *session)
{
    struct making making = {.session = session, .name = session->options.operands[0]};
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;

    making.folder = session->options.out != NULL ? session->options.out : making.name;
    if (!making_is_name(making.name)) {
        status = gen_error_set(&err, GEN_EINVAL,
                               "\"%.60s\" is no id for a provider: 1 to %d lower case letters, "
                               "digits and '-', the first not '-'",
                               gen_session_clean(session, making.name), MAKING_NAME);
    }
    if (status == GEN_OK) {
        status = making_find(&making, &err);
    }
    if (status == GEN_OK) {
        status = making_folder(&making, &err);
    }
    for (size_t i = 0; status == GEN_OK && i < GEN_COUNT(making_files); i++) {
        status = making_file(&making, making_files[i], &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    gen_session_say(session, "%s: a plugin that builds; next: make -C %s check",
                    gen_session_clean(session, making.folder),
                    gen_session_clean(session, making.folder));
    if (session->options.json) {
        struct gen_node *map = gen_node_map(session->arena);

        gen_node_set(session->arena, map, "folder", gen_node_string(session->arena, making.folder));
        gen_session_print_json(session, map);
    }
    return GEN_EXIT_OK;
}
