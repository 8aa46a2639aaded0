/* audit_commands.c - see audit_commands.h. */
#include "cli/audit_commands.h"

#include "base/json.h"
#include "cli/audit_offline.h"
#include "cli/columns.h"
#include "cli/session.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define AT(member) offsetof(struct gen_options, member)

enum { AUDIT_TEXT_MOST = 16 * 1024 * 1024, AUDIT_PIECE = 20000 };

const struct gen_option gen_audit_options[] = {
    {.name = "job",
     .type = GEN_OPTION_TEXT,
     .offset = AT(job),
     .value = "JOB",
     .help = "only what concerns this job"},
    {.name = "actor",
     .type = GEN_OPTION_TEXT,
     .offset = AT(actor),
     .value = "WHO",
     .help = "only what this one did: key:key_..., user:owner, daemon; key: is all keys"},
    {.name = "since",
     .type = GEN_OPTION_TEXT,
     .offset = AT(since),
     .value = "TIME",
     .help = "only from this instant on (2026-11-22T12:00:00Z)"},
    {.name = "kind",
     .type = GEN_OPTION_TEXT,
     .offset = AT(kind),
     .value = "KIND",
     .help = "only events of this kind: job.failed, or job.*"},
    {.name = "limit",
     .letter = 'n',
     .type = GEN_OPTION_NUMBER,
     .offset = AT(limit),
     .value = "NUMBER",
     .min = 1,
     .max = 200,
     .help = "at most so many (20)"},
    {.name = "after",
     .type = GEN_OPTION_TEXT,
     .offset = AT(after),
     .value = "NUMBER",
     .help = "the page that follows after this number"},
    {.name = "head",
     .type = GEN_OPTION_TEXT,
     .offset = AT(head),
     .value = "HASH",
     .help = "verify: a hash that was kept elsewhere must be in the log"},
    {.name = "database",
     .type = GEN_OPTION_FILE,
     .offset = AT(database),
     .value = "FILE",
     .help = "verify: a copy of the daemon's database, without a daemon"},
    {.name = "export",
     .type = GEN_OPTION_FILE,
     .offset = AT(export_file),
     .value = "FILE",
     .help = "verify: what gen audit export wrote, without a daemon"},
    {0},
};

const struct gen_example gen_audit_examples[] = {
    {"gen audit --actor key: --since 2026-11-01", "What API keys did this month."},
    {"gen audit head >> heads.txt", "Keep the newest hash where nobody can change it."},
    {"gen audit verify --head \"$(tail -1 heads.txt | cut -d' ' -f2)\"",
     "Nothing up to that hash was changed."},
    {"gen audit verify --database backup/genengine.db", "A copy, where no daemon runs."},
    {NULL, NULL},
};

/* ---------------------------------------------------------------------------------- who did what -- */

static const char *audit_text(struct gen_session *session, const struct gen_node *map,
                              const char *key)
{
    const char *text = gen_node_text(gen_node_get(map, key), "");

    return text[0] == '\0' ? "-" : gen_session_clean(session, text);
}

static void audit_query(struct gen_session *session, struct gen_bytes *path, const char *key,
                        const char *value)
{
    const char *escaped = value != NULL ? gen_session_escape(session, value) : NULL;

    if (escaped != NULL) {
        (void)gen_bytes_printf(path, "&%s=%s", key, escaped);
    }
}

static void audit_table(struct gen_session *session, const struct gen_node *page,
                        struct gen_bytes *out)
{
    static const char *const heads[] = {">SEQ", "AT", "ACTOR", "FROM", "WHAT", "JOB", NULL};
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(gen_node_get(page, "events")); item != NULL;
         item = item->next) {
        const char *cells[] = {
            gen_arena_printf(session->arena, "%" PRId64,
                             gen_node_integer(gen_node_get(item, "seq"), 0)),
            audit_text(session, item, "at"),
            audit_text(session, item, "actor"),
            audit_text(session, item, "origin"),
            audit_text(session, item, "type"),
            audit_text(session, item, "jobId"),
        };

        gen_columns_add(&columns, cells);
    }
    gen_columns_write(&columns, 0, out);
}

static int audit_list(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    struct gen_bytes text;
    enum gen_status status;
    int64_t next;

    gen_bytes_init(&text, AUDIT_TEXT_MOST);
    (void)gen_bytes_printf(&text, "/v1/audit?limit=%d", (int)options->limit);
    audit_query(session, &text, "job", options->job);
    audit_query(session, &text, "actor", options->actor);
    audit_query(session, &text, "kind", options->kind);
    audit_query(session, &text, "since", options->since);
    audit_query(session, &text, "before", options->after);
    status = gen_bytes_status(&text) != GEN_OK
                 ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                 : gen_session_get(session, &answer, &err, "%s", text.data);
    gen_bytes_clear(&text);
    if (status == GEN_OK && options->json) {
        gen_session_print_json(session, answer.document);
    } else if (status == GEN_OK) {
        audit_table(session, answer.document, &text);
        next = gen_node_integer(gen_node_get(answer.document, "next"), 0);
        if (next > 0) {
            (void)gen_bytes_printf(&text, "older: --after %" PRId64 "\n", next);
        }
        if (!gen_session_write(session, &text)) {
            gen_session_note(session, "gen: standard output cannot be written");
        }
    }
    gen_bytes_fini(&text);
    return status == GEN_OK ? GEN_EXIT_OK : gen_session_fail(session, &err);
}

static int audit_head(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    if (gen_session_get(session, &answer, &err, "/v1/audit/head") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%" PRId64 " %s",
                        gen_node_integer(gen_node_get(answer.document, "seq"), 0),
                        audit_text(session, answer.document, "hash"));
    }
    return GEN_EXIT_OK;
}

/* --------------------------------------------------------------------------------- is it whole? -- */

struct checking {
    struct gen_session *session;
    struct gen_node *findings; /* as the API tells them */
    int64_t checked, faults, last, head_seq;
    const char *hash;
};

static void checking_progress(const struct checking *checking)
{
    if (!checking->session->options.json && !checking->session->options.quiet &&
        isatty(STDERR_FILENO) && checking->checked % 100000 < AUDIT_PIECE) {
        gen_session_note(checking->session, "checked %" PRId64 " events", checking->checked);
    }
}

/* One piece, over the API. */
static enum gen_status checking_ask(struct checking *checking, bool *over, struct gen_error *err)
{
    struct gen_session *session = checking->session;
    const char *head = session->options.head;
    struct gen_client_answer answer = {0};
    const char *escaped = head != NULL ? gen_session_escape(session, head) : "";
    enum gen_status status = gen_session_get(
        session, &answer, err, "/v1/audit/verify?limit=%d&after=%" PRId64 "%s%s", AUDIT_PIECE,
        checking->last, head != NULL ? "&head=" : "", escaped != NULL ? escaped : "");

    if (status != GEN_OK) {
        return status;
    }
    checking->checked += gen_node_integer(gen_node_get(answer.document, "checked"), 0);
    checking->faults += gen_node_integer(gen_node_get(answer.document, "faults"), 0);
    checking->last = gen_node_integer(gen_node_get(answer.document, "last"), checking->last);
    checking->head_seq = gen_node_integer(gen_node_get(answer.document, "headSeq"),
                                          checking->head_seq);
    checking->hash = gen_node_text(gen_node_get(answer.document, "hash"), "");
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "findings"));
         item != NULL; item = item->next) {
        gen_node_push(checking->findings, gen_node_copy(session->arena, item));
    }
    *over = gen_node_type_of(gen_node_get(answer.document, "next")) != GEN_NODE_INT;
    return GEN_OK;
}

/* One finding in words. */
static void checking_tell(struct gen_session *session, const struct gen_node *finding)
{
    const char *fault = gen_node_text(gen_node_get(finding, "fault"), "");
    int64_t seq = gen_node_integer(gen_node_get(finding, "seq"), 0);
    int64_t first = gen_node_integer(gen_node_get(finding, "firstGone"), 0);
    int64_t last = gen_node_integer(gen_node_get(finding, "lastGone"), 0);
    const char *id = audit_text(session, finding, "id");

    if (strcmp(fault, "missing") == 0) {
        gen_session_say(session,
                        "event %" PRId64 " %s: events %" PRId64 " to %" PRId64
                        " before it were removed",
                        seq, id, first, last);
    } else if (strcmp(fault, "cut") == 0) {
        gen_session_say(session, "events %" PRId64 " to %" PRId64 " at the end were removed", first,
                        last);
    } else if (strcmp(fault, "foreign") == 0) {
        gen_session_say(session, "event %" PRId64 " %s: gend did not write it", seq, id);
    } else if (strcmp(fault, "ledger") == 0) {
        gen_session_say(session,
                        "event %" PRId64
                        " %s: the ledger says otherwise than this event; the entry "
                        "or its postings were changed",
                        seq, id);
    } else if (strcmp(fault, "untold") == 0) {
        gen_session_say(session, "entry %s of the ledger has no event: gend did not write it", id);
    } else {
        gen_session_say(session,
                        "event %" PRId64 " %s: it was changed or moved, or the hash of the "
                        "one before it was",
                        seq, id);
    }
}

static int checking_end(struct checking *checking)
{
    struct gen_session *session = checking->session;
    struct gen_arena *arena = session->arena;
    bool lost = session->options.head != NULL && checking->head_seq == 0;
    struct gen_node *map = gen_node_map(arena);

    if (session->options.json) {
        gen_node_set(arena, map, "whole", gen_node_bool(arena, checking->faults == 0 && !lost));
        gen_node_set(arena, map, "checked", gen_node_int(arena, checking->checked));
        gen_node_set(arena, map, "faults", gen_node_int(arena, checking->faults));
        gen_node_set(arena, map, "findings", checking->findings);
        gen_node_set(arena, map, "last", gen_node_int(arena, checking->last));
        gen_node_set(arena, map, "hash", gen_node_string(arena, checking->hash));
        gen_node_set(arena, map, "headSeq",
                     checking->head_seq > 0 ? gen_node_int(arena, checking->head_seq)
                                            : gen_node_null(arena));
        gen_session_print_json(session, map);
    } else {
        for (const struct gen_node *item = gen_node_first(checking->findings); item != NULL;
             item = item->next) {
            checking_tell(session, item);
        }
        if (lost) {
            gen_session_say(session, "the hash that was kept is nowhere in the log: what it stood "
                                     "for was rewritten or removed");
        } else if (checking->head_seq > 0) {
            gen_session_say(session, "the hash that was kept is that of event %" PRId64 "%s",
                            checking->head_seq,
                            checking->faults == 0
                                ? ": nothing up to it was changed"
                                : "; what the faults above name was changed all the same");
        }
        gen_session_say(session,
                        "%" PRId64 " events checked, %" PRId64 " faults; the newest hash "
                        "is %s",
                        checking->checked, checking->faults,
                        gen_session_clean(session, checking->hash));
    }
    return checking->faults == 0 && !lost ? GEN_EXIT_OK : GEN_EXIT_FAILED;
}

/* In a file, without a daemon. */
static enum gen_status checking_file(struct checking *checking, struct gen_error *err)
{
    const struct gen_options *options = &checking->session->options;
    struct gen_arena *arena = checking->session->arena;
    struct gen_audit_offline found;
    enum gen_status status;

    if (options->database != NULL && options->export_file != NULL) {
        return gen_error_set(err, GEN_EINVAL, "say --database or --export, not both");
    }
    status = options->database != NULL
                 ? gen_audit_offline_database(options->database, options->head, arena, &found, err)
                 : gen_audit_offline_export(options->export_file, options->head, arena, &found,
                                            err);
    if (status == GEN_OK) {
        checking->checked = found.checked;
        checking->faults = found.faults;
        checking->last = found.last;
        checking->head_seq = found.head_seq;
        checking->hash = gen_arena_strdup(arena, found.hash);
        checking->findings = found.findings;
    }
    return status;
}

/* Every event, one a line, as it is hashed. */
static int audit_export(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    struct gen_bytes text;
    int64_t after = 0;

    do {
        if (gen_session_get(session, &answer, &err, "/v1/audit/export?limit=1000&after=%" PRId64,
                            after) != GEN_OK) {
            return gen_session_fail(session, &err);
        }
        gen_bytes_init(&text, AUDIT_TEXT_MOST);
        for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "events"));
             item != NULL; item = item->next) {
            const char *line = gen_json_text(session->arena, item, NULL);

            (void)gen_bytes_printf(&text, "%s\n", line == NULL ? "" : line);
        }
        if (gen_bytes_status(&text) != GEN_OK || !gen_session_write(session, &text)) {
            gen_session_note(session, "gen: standard output cannot be written");
            gen_bytes_fini(&text);
            return GEN_EXIT_FAILED;
        }
        gen_bytes_fini(&text);
        after = gen_node_integer(gen_node_get(answer.document, "next"), 0);
    } while (after > 0);
    return GEN_EXIT_OK;
}

static int audit_verify(struct gen_session *session)
{
    struct checking checking = {
        .session = session, .hash = "", .findings = gen_node_list(session->arena)};
    struct gen_error err = {0};
    bool over = false;
    enum gen_status status = GEN_OK;

    if (session->options.database != NULL || session->options.export_file != NULL) {
        status = checking_file(&checking, &err);
        over = true;
    }
    while (status == GEN_OK && !over) {
        status = checking_ask(&checking, &over, &err);
        checking_progress(&checking);
    }
    return status == GEN_OK ? checking_end(&checking) : gen_session_fail(session, &err);
}

int gen_audit_commands_run(struct gen_session *session)
{
    const char *what = session->options.operand_count > 0 ? session->options.operands[0] : "";
    struct gen_error err = {0};

    if (what[0] == '\0') {
        return audit_list(session);
    }
    if (strcmp(what, "verify") == 0) {
        return audit_verify(session);
    }
    if (strcmp(what, "head") == 0) {
        return audit_head(session);
    }
    if (strcmp(what, "export") == 0) {
        return audit_export(session);
    }
    (void)gen_error_set(&err, GEN_EINVAL,
                        "gen audit takes verify, head, export, or nothing, not \"%.40s\"", what);
    return gen_session_fail(session, &err);
}
