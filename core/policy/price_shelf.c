/* price_shelf.c - see price_shelf.h. */
#include "policy/price_shelf.h"

#include "platform/files.h"
#include "platform/yaml_reader.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

enum { SHELF_BOOKS = 200, SHELF_FILE = 1024 * 1024 };

struct shelving {
    struct gen_arena *arena;
    struct gen_policy_problems *problems;
    struct gen_price_shelf *out;
    const char *path; /* of the file that is read */
};

static void shelf_report(void *context, const struct gen_error *err)
{
    struct shelving *shelving = context;
    struct gen_error placed = *err;

    gen_error_place(&placed, shelving->path, placed.line, placed.column, NULL);
    gen_policy_problems_add(shelving->problems, &placed, false);
}

static enum gen_status shelf_bind(struct shelving *shelving, const struct gen_bytes *text,
                                  struct gen_error *err)
{
    struct gen_provider_policy *book = gen_arena_alloc(shelving->arena, sizeof(*book));
    const struct gen_node *root = NULL;
    struct gen_error wrong = {0};
    enum gen_status status = book == NULL
                                 ? GEN_ENOMEM
                                 : gen_yaml_read(text->data == NULL ? "" : text->data, text->size,
                                                 NULL, shelving->arena, &root, &wrong);

    if (status != GEN_OK && status != GEN_ENOMEM) {
        shelf_report(shelving, &wrong);
        return GEN_OK;
    }
    if (status == GEN_OK) {
        status = gen_record_bind_all(&gen_provider_record, root, "", shelving->arena, book,
                                     shelf_report, shelving);
    }
    if (status == GEN_ENOMEM) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        shelving->out->books[shelving->out->count++] = book;
    }
    return GEN_OK;
}

static enum gen_status shelf_file(struct shelving *shelving, struct gen_error *err)
{
    struct gen_error wrong = {0};
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, SHELF_FILE);
    status = gen_files_read(shelving->path, &text, &wrong);
    if (status == GEN_ENOMEM) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    } else if (status != GEN_OK) {
        shelf_report(shelving, &wrong);
        status = GEN_OK;
    } else {
        status = shelf_bind(shelving, &text, err);
    }
    gen_bytes_fini(&text);
    return status;
}

static bool shelf_counts(const char *name)
{
    size_t size = strlen(name);

    return name[0] != '.' && size > 5 && strcmp(name + size - 5, ".yaml") == 0;
}

static enum gen_status shelf_list(struct shelving *shelving, const char *folder, DIR *handle,
                                  struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    struct dirent *entry;

    while (status == GEN_OK && (entry = readdir(handle)) != NULL) {
        if (!shelf_counts(entry->d_name)) {
            continue;
        }
        if (shelving->out->count == SHELF_BOOKS) {
            return gen_error_set(err, GEN_ELIMIT, "%s has more than %d price books", folder,
                                 (int)SHELF_BOOKS);
        }
        shelving->path = gen_arena_printf(shelving->arena, "%s/%s", folder, entry->d_name);
        status = shelving->path == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                        : shelf_file(shelving, err);
    }
    return status;
}

enum gen_status gen_price_shelf_read(const char *folder, struct gen_arena *arena,
                                     struct gen_policy_problems *problems,
                                     struct gen_price_shelf *out, struct gen_error *err)
{
    struct gen_price_shelf shelf = {gen_arena_array(arena, SHELF_BOOKS, sizeof(*shelf.books)), 0};
    struct shelving shelving = {.arena = arena, .problems = problems, .out = &shelf};
    DIR *handle = opendir(folder);
    enum gen_status status;

    if (handle == NULL && errno != ENOENT) {
        return gen_files_errno(err, errno, "read folder", folder);
    }
    if (shelf.books == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    } else {
        status = handle == NULL ? GEN_OK : shelf_list(&shelving, folder, handle, err);
    }
    if (handle != NULL) {
        closedir(handle);
    }
    gen_policy_problems_sort(problems);
    if (status == GEN_OK && problems->mistakes > 0) {
        gen_policy_problems_first(problems, err);
        return GEN_EINVAL;
    }
    if (status == GEN_OK) {
        *out = shelf;
    }
    return status;
}

const struct gen_records *gen_price_shelf_rows(const struct gen_price_shelf *shelf,
                                               const char *provider)
{
    for (size_t i = 0; shelf != NULL && i < shelf->count; i++) {
        if (strcmp(shelf->books[i]->id, provider) == 0) {
            return &shelf->books[i]->prices;
        }
    }
    return NULL;
}
