/* audit_offline.c - see audit_offline.h. */
#include "cli/audit_offline.h"

#include "platform/files.h"
#include "platform/json_reader.h"
#include "store/books.h"

#include <stdio.h>
#include <string.h>

enum { OFFLINE_PIECE = 20000, OFFLINE_EXPORT_MOST = 1024 * 1024 * 1024 };

static struct gen_node *offline_number(struct gen_arena *arena, bool is, int64_t number)
{
    return is ? gen_node_int(arena, number) : gen_node_null(arena);
}

/* What one piece has found, added to what was found before. */
static void offline_take(const struct gen_chain_check *check, struct gen_arena *arena,
                         struct gen_audit_offline *out)
{
    for (size_t i = 0; i < check->finding_count; i++) {
        const struct gen_chain_finding *finding = &check->findings[i];
        struct gen_node *map = gen_node_push(out->findings, gen_node_map(arena));
        bool gone = finding->first > 0 && finding->last >= finding->first &&
                    finding->fault != GEN_CHAIN_CHANGED;

        gen_node_set(arena, map, "fault",
                     gen_node_string(arena, gen_chain_fault_word(finding->fault)));
        gen_node_set(arena, map, "seq", gen_node_int(arena, finding->seq));
        gen_node_set(arena, map, "id",
                     gen_node_string(arena, finding->id.text[0] != '\0' ? finding->id.text : NULL));
        gen_node_set(arena, map, "firstGone", offline_number(arena, gone, finding->first));
        gen_node_set(arena, map, "lastGone", offline_number(arena, gone, finding->last));
    }
    out->checked += check->checked;
    out->faults += check->faults;
    out->head_seq = check->head_seq > 0 ? check->head_seq : out->head_seq;
    out->last = check->after;
    memcpy(out->hash, check->hash, sizeof out->hash);
}

static struct gen_chain_check *offline_begin(const char *head, struct gen_arena *arena,
                                             struct gen_audit_offline *out, struct gen_error *err)
{
    struct gen_chain_check *check = gen_arena_alloc(arena, sizeof *check);

    *out = (struct gen_audit_offline){.findings = gen_node_list(arena)};
    if (check == NULL || out->findings == NULL) {
        (void)gen_error_set(err, GEN_ENOMEM, "no memory to check the log");
        return NULL;
    }
    check->head = head;
    return check;
}

enum gen_status gen_audit_offline_database(const char *path, const char *head,
                                           struct gen_arena *arena, struct gen_audit_offline *out,
                                           struct gen_error *err)
{
    struct gen_chain_check *check = offline_begin(head, arena, out, err);
    struct gen_database *database = NULL;
    enum gen_status status = check == NULL
                                 ? GEN_ENOMEM
                                 : gen_database_open(path, GEN_DATABASE_READER, &database, err);

    while (status == GEN_OK && !check->over) {
        int64_t after = check->after;

        status = gen_chain_verify(database, check, OFFLINE_PIECE, err);
        if (status == GEN_OK) {
            status = gen_books_verify(database, after, check, err);
        }
        if (status == GEN_OK) {
            offline_take(check, arena, out);
        }
    }
    gen_database_close(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory to check the log");
    }
    return status == GEN_OK ? GEN_OK : gen_error_within(err, "%.200s", path);
}

/* The members of a line; false: it has not all of them. */
static bool line_read(const struct gen_node *node, struct gen_chain_row *row, const char **hash)
{
    const struct {
        const char *key, **text;
    } texts[] = {{"id", &row->id},       {"organization", &row->organization},
                 {"job", &row->job},     {"pipeline", &row->pipeline},
                 {"kind", &row->kind},   {"data", &row->data},
                 {"actor", &row->actor}, {"origin", &row->origin},
                 {"hash", hash}};

    for (size_t i = 0; i < GEN_COUNT(texts); i++) {
        *texts[i].text = gen_node_text(gen_node_get(node, texts[i].key), NULL);
        if (*texts[i].text == NULL) {
            return false;
        }
    }
    row->seq = gen_node_integer(gen_node_get(node, "seq"), -1);
    row->at = gen_node_integer(gen_node_get(node, "at"), INT64_MIN);
    return row->seq > 0 && row->at != INT64_MIN;
}

static enum gen_status line_check(const char *line, size_t size, struct gen_arena *arena,
                                  struct gen_chain_check *check, struct gen_error *err)
{
    const struct gen_node *node = NULL;
    struct gen_chain_row row;
    const char *hash = NULL;
    enum gen_status status = gen_json_read(line, size, NULL, arena, &node, err);

    if (status == GEN_OK && !line_read(node, &row, &hash)) {
        status = gen_error_set(err, GEN_EINVAL,
                               "this is no event; each line has seq, id, organization, job, "
                               "pipeline, kind, data, at, actor, origin and hash");
    }
    if (status == GEN_OK && row.seq <= check->after) {
        status = gen_error_set(err, GEN_EINVAL, "event %lld stands behind event %lld",
                               (long long)row.seq, (long long)check->after);
    }
    if (status == GEN_OK) {
        gen_chain_check_row(check, &row, hash);
    }
    return status;
}

enum gen_status gen_audit_offline_export(const char *path, const char *head,
                                         struct gen_arena *arena, struct gen_audit_offline *out,
                                         struct gen_error *err)
{
    struct gen_chain_check *check = offline_begin(head, arena, out, err);
    struct gen_arena *lines = gen_arena_create(0);
    struct gen_bytes text;
    size_t at = 0, number = 0;
    enum gen_status status;

    gen_bytes_init(&text, OFFLINE_EXPORT_MOST);
    status = check == NULL || lines == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                            : gen_files_read(path, &text, err);
    while (status == GEN_OK && at < text.size) {
        const char *line = text.data + at;
        const char *end = memchr(line, '\n', text.size - at);
        size_t size = end == NULL ? text.size - at : (size_t)(end - line);

        number++;
        at += size + 1;
        if (size > 0) {
            gen_arena_clear(lines);
            status = line_check(line, size, lines, check, err);
        }
    }
    if (status == GEN_EINVAL) {
        gen_error_place(err, path, (uint32_t)number, 0, NULL);
    }
    if (status == GEN_OK) {
        offline_take(check, arena, out);
    }
    gen_bytes_fini(&text);
    gen_arena_destroy(lines);
    return status;
}
