/* policy_writing.c - see policy_writing.h. */
#include "cli/policy_writing.h"

#include "cli/policy_files.h"
#include "cli/policy_origin.h"
#include "platform/files.h"
#include "policy/policy_format.h"
#include "policy/policy_reference.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DOCUMENT_MOST = 16 * 1024 * 1024 };

static int write_out(struct gen_session *session, const struct gen_bytes *text)
{
    struct gen_error err = {0};

    if (gen_session_write(session, text)) {
        return GEN_EXIT_OK;
    }
    (void)gen_error_set(&err, GEN_EIO, "standard output cannot be written");
    return gen_session_fail(session, &err);
}

/* ---- fmt ---- */

/* Formatting under way. */
struct formatting {
    struct gen_session *session;
    struct gen_node *changed; /* list of paths */
    size_t files;
    int code;
};

static void format_fail(struct formatting *work, struct gen_error *err)
{
    (void)gen_session_fail(work->session, err);
    work->code = GEN_EXIT_USAGE; /* 1 means that files are laid out in another way */
}

/* Reads and formats; whether it says something else than before is for the caller to see. */
static enum gen_status format_text(const char *path, struct gen_bytes *before,
                                   struct gen_bytes *after, struct gen_error *err)
{
    const char *label = strcmp(path, "-") == 0 ? "<stdin>" : path;
    enum gen_status status = gen_files_read(path, before, err);

    if (status == GEN_ETOOLARGE) {
        (void)gen_error_set(err, status,
                            "the file is larger than %d bytes; a policy file may have "
                            "no more",
                            (int)GEN_POLICY_MAX_FILE);
        gen_error_place(err, label, 0, 0, NULL);
    }
    return status == GEN_OK ? gen_policy_format(before->data != NULL ? before->data : "",
                                                before->size, label, after, err)
                            : status;
}

static enum gen_status format_replace(const char *path, const struct gen_bytes *text,
                                      struct gen_error *err)
{
    char target[PATH_MAX]; /* of a link: the file itself, not the link, is written again */
    struct stat facts;

    if (realpath(path, target) == NULL || stat(target, &facts) != 0) {
        return gen_error_set(err, GEN_EIO, "%s is gone", path);
    }
    return gen_files_write(target, text->data != NULL ? text->data : "", text->size,
                           facts.st_mode & 07777, err);
}

static void format_file(struct formatting *work, const char *path)
{
    struct gen_bytes before, after;
    struct gen_error err = {0};
    enum gen_status status;
    bool same, check = work->session->options.check;

    gen_bytes_init(&before, GEN_POLICY_MAX_FILE);
    gen_bytes_init(&after, 2 * GEN_POLICY_MAX_FILE);
    status = format_text(path, &before, &after, &err);
    same = status == GEN_OK && before.size == after.size &&
           (before.size == 0 || memcmp(before.data, after.data, before.size) == 0);
    work->files++;
    if (status == GEN_OK && strcmp(path, "-") == 0 && !check) {
        work->code = write_out(work->session, &after);
    } else if (status == GEN_OK && !same) {
        gen_node_push(work->changed, gen_node_string(work->session->arena, path));
        gen_session_say(work->session, "%s", gen_session_clean(work->session, path));
        status = check ? GEN_OK : format_replace(path, &after, &err);
    }
    if (status != GEN_OK) {
        format_fail(work, &err);
    }
    gen_bytes_fini(&before);
    gen_bytes_fini(&after);
}

static void format_operand(struct formatting *work, const char *path)
{
    struct gen_policy_paths paths;
    struct gen_error err = {0};

    if (strcmp(path, "-") == 0 || !gen_policy_files_is_folder(path)) {
        format_file(work, path);
    } else if (gen_policy_files_list(path, true, false, work->session->arena, &paths, &err) !=
               GEN_OK) {
        format_fail(work, &err);
    } else {
        for (size_t i = 0; i < paths.count; i++) {
            format_file(work, paths.items[i]);
        }
    }
}

int gen_policy_writing_fmt(struct gen_session *session)
{
    struct formatting work = {session, gen_node_list(session->arena), 0, GEN_EXIT_OK};
    const struct gen_options *options = &session->options;
    struct gen_error err = {0};
    struct gen_node *map;
    const char *folder;

    if (options->operand_count == 0) {
        if (gen_policy_origin_folder(session, &folder, &err) != GEN_OK) {
            (void)gen_session_fail(session, &err);
            return GEN_EXIT_USAGE;
        }
        format_operand(&work, folder);
    }
    for (size_t i = 0; i < options->operand_count; i++) {
        format_operand(&work, options->operands[i]);
    }
    if (options->json) {
        map = gen_node_map(session->arena);
        gen_node_set(session->arena, map, "files",
                     gen_node_int(session->arena, (int64_t)work.files));
        gen_node_set(session->arena, map, "changed", work.changed);
        gen_session_print_json(session, map);
    }
    if (work.code == GEN_EXIT_OK && options->check && gen_node_count(work.changed) > 0) {
        gen_session_note(session,
                         "%zu of %zu files are laid out in another way; gen policy fmt "
                         "writes them",
                         gen_node_count(work.changed), work.files);
        return GEN_EXIT_FAILED;
    }
    return work.code;
}

/* ---- schema, reference ---- */

static void schema_kinds(struct gen_session *session)
{
    struct gen_node *list = gen_node_list(session->arena);

    for (const struct gen_policy_kind *kind = gen_policy_kinds; kind->name != NULL; kind++) {
        struct gen_node *map = gen_node_push(list, gen_node_map(session->arena));

        gen_node_set(session->arena, map, "kind", gen_node_string(session->arena, kind->word));
        gen_node_set(session->arena, map, "file", gen_node_string(session->arena, kind->name));
        gen_node_set(session->arena, map, "help", gen_node_string(session->arena, kind->help));
        gen_session_say(session, "%-10s %-14s %s", kind->word, kind->name, kind->help);
    }
    if (session->options.json) {
        gen_session_print_json(session, list);
    }
}

int gen_policy_writing_schema(struct gen_session *session)
{
    struct gen_error err = {0};
    struct gen_bytes text;
    int code;

    if (session->options.operand_count == 0) {
        schema_kinds(session);
        return GEN_EXIT_OK;
    }
    gen_bytes_init(&text, DOCUMENT_MOST);
    if (gen_policy_schema(session->options.operands[0], &text, &err) == GEN_OK) {
        code = write_out(session, &text);
    } else {
        (void)gen_session_fail(session, &err);
        code = GEN_EXIT_USAGE;
    }
    gen_bytes_fini(&text);
    return code;
}

int gen_policy_writing_reference(struct gen_session *session)
{
    struct gen_bytes text;
    int code;

    gen_bytes_init(&text, DOCUMENT_MOST);
    (void)gen_policy_reference(&text);
    code = write_out(session, &text);
    gen_bytes_fini(&text);
    return code;
}
