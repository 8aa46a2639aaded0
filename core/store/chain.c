/* chain.c - see chain.h. */
#include "store/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CHAIN_TOGETHER = 5000 }; /* rows sealed in one transaction */

#define ROW_COLUMNS "seq, id, organization, job, pipeline, kind, data, at, actor, origin"

static const char first_hash[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* ----------------------------------------------------------------------------------- the hash -- */

static void chain_text(struct gen_digest *digest, const char *text)
{
    size_t size = strlen(text);
    char length[24];
    int digits = snprintf(length, sizeof length, "%zu:", size);

    gen_digest_add(digest, length, (size_t)digits);
    gen_digest_add(digest, text, size);
    gen_digest_add(digest, ",", 1);
}

static void chain_integer(struct gen_digest *digest, int64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRId64, value);
    chain_text(digest, text);
}

void gen_chain_hash(const char *previous, const struct gen_chain_row *row, char *out)
{
    struct gen_digest digest;

    gen_digest_init(&digest);
    gen_digest_add(&digest, previous, strlen(previous));
    chain_integer(&digest, row->seq);
    chain_text(&digest, row->id);
    chain_text(&digest, row->organization);
    chain_text(&digest, row->job);
    chain_text(&digest, row->pipeline);
    chain_text(&digest, row->kind);
    chain_text(&digest, row->data);
    chain_integer(&digest, row->at);
    chain_text(&digest, row->actor);
    chain_text(&digest, row->origin);
    gen_digest_text(&digest, out);
}

/* ---------------------------------------------------------------------------------- appending -- */

static void chain_keep(struct gen_chain_link *link, int64_t seq, const char *hash)
{
    link->known = true;
    link->seq = seq;
    (void)snprintf(link->hash, sizeof link->hash, "%s", hash);
}

enum gen_status gen_chain_newest(struct gen_database *database, struct gen_chain_link *out,
                                 struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database, "SELECT seq, hash FROM event WHERE seq > 0 ORDER BY seq DESC LIMIT 1", &statement,
        err);

    if (status == GEN_OK) {
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        chain_keep(out, 0, first_hash);
    } else if (status == GEN_OK) {
        int64_t seq = gen_statement_take_integer(statement);

        chain_keep(out, seq, gen_statement_peek_text(statement));
        status = gen_statement_next(statement, &row, err);
    }
    return status;
}

static const char *chain_or(const char *text, const char *fallback)
{
    return text != NULL && text[0] != '\0' ? text : fallback;
}

enum gen_status gen_chain_append(struct gen_database *database, struct gen_chain_link *link,
                                 const struct gen_change_event *event, struct gen_error *err)
{
    struct gen_statement *statement;
    struct gen_chain_row row;
    char hash[GEN_DIGEST_TEXT_SIZE];
    enum gen_status status = link->known ? GEN_OK : gen_chain_newest(database, link, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database,
                                      "INSERT INTO event (" ROW_COLUMNS ", hash) "
                                      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                      &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    row = (struct gen_chain_row){.seq = link->seq + 1,
                                 .id = event->id.text,
                                 .organization = chain_or(event->organization, ""),
                                 .job = event->job.text,
                                 .pipeline = event->pipeline.text,
                                 .kind = gen_event_word(event->kind),
                                 .data = chain_or(event->data, ""),
                                 .at = event->at,
                                 .actor = chain_or(event->actor.who, GEN_ACTOR_DAEMON),
                                 .origin = chain_or(event->actor.origin, "")};
    gen_chain_hash(link->hash, &row, hash);
    gen_statement_integer(statement, row.seq);
    gen_statement_text(statement, row.id);
    gen_statement_text(statement, row.organization);
    gen_statement_text(statement, row.job);
    gen_statement_text(statement, row.pipeline);
    gen_statement_text(statement, row.kind);
    gen_statement_text(statement, row.data);
    gen_statement_integer(statement, row.at);
    gen_statement_text(statement, row.actor);
    gen_statement_text(statement, row.origin);
    gen_statement_text(statement, hash);
    status = gen_statement_change(statement, NULL, err);
    if (status == GEN_OK) {
        chain_keep(link, row.seq, hash);
    }
    return status;
}

/* ---------------------------------------------------------------------------- reading it again -- */

/* The row as the statement gives it, and the hash that stands in it. */
static void chain_take(struct gen_statement *statement, struct gen_arena *arena,
                       struct gen_chain_row *row, const char **hash)
{
    row->seq = gen_statement_take_integer(statement);
    row->id = gen_statement_take_text(statement, arena);
    row->organization = gen_statement_take_text(statement, arena);
    row->job = gen_statement_take_text(statement, arena);
    row->pipeline = gen_statement_take_text(statement, arena);
    row->kind = gen_statement_take_text(statement, arena);
    row->data = gen_statement_take_text(statement, arena);
    row->at = gen_statement_take_integer(statement);
    row->actor = gen_statement_take_text(statement, arena);
    row->origin = gen_statement_take_text(statement, arena);
    *hash = gen_statement_take_text(statement, arena);
}

/* The hash of row `seq`; that before the first for 0. */
static enum gen_status chain_hash_at(struct gen_database *database, int64_t seq, char *out,
                                     struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status;

    memcpy(out, first_hash, sizeof first_hash);
    if (seq == 0) {
        return GEN_OK;
    }
    status = gen_database_prepare(database, "SELECT hash FROM event WHERE seq = ?", &statement,
                                  err);
    if (status == GEN_OK) {
        gen_statement_integer(statement, seq);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        return gen_error_set(err, GEN_ENOTFOUND, "there is no event %" PRId64 " to begin behind",
                             seq);
    }
    if (status == GEN_OK) {
        (void)snprintf(out, GEN_DIGEST_TEXT_SIZE, "%s", gen_statement_peek_text(statement));
        status = gen_statement_next(statement, &row, err);
    }
    return status;
}

/* Calls for the rows above `after`, at most `limit`. */
static enum gen_status chain_walk(struct gen_database *database, int64_t after, int64_t limit,
                                  gen_chain_visit *visit, void *context, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = arena == NULL
                                 ? gen_error_set(err, GEN_ENOMEM, "no memory for events")
                                 : gen_database_prepare(database,
                                                        "SELECT " ROW_COLUMNS ", hash FROM event "
                                                        "WHERE seq > ? ORDER BY seq LIMIT ?",
                                                        &statement, err);

    if (status == GEN_OK) {
        gen_statement_integer(statement, after);
        gen_statement_integer(statement, limit);
    }
    while (status == GEN_OK && row) {
        struct gen_chain_row item;
        const char *hash;

        status = gen_statement_next(statement, &row, err);
        if (status != GEN_OK || !row) {
            break;
        }
        gen_arena_clear(arena);
        chain_take(statement, arena, &item, &hash);
        status = gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for events")
                                         : visit(context, &item, hash, err);
    }
    gen_arena_destroy(arena);
    return status;
}

/* ------------------------------------------------------------------------------------- sealing -- */

struct sealing {
    struct gen_database *database;
    int64_t last, rows;
    char hash[GEN_DIGEST_TEXT_SIZE];
};

static enum gen_status seal_row(void *context, const struct gen_chain_row *row, const char *hash,
                                struct gen_error *err)
{
    struct sealing *sealing = context;
    struct gen_statement *statement;
    char next[GEN_DIGEST_TEXT_SIZE];
    enum gen_status status;

    (void)hash;
    gen_chain_hash(sealing->hash, row, next);
    status = gen_database_prepare(sealing->database, "UPDATE event SET hash = ? WHERE seq = ?",
                                  &statement, err);
    if (status == GEN_OK) {
        gen_statement_text(statement, next);
        gen_statement_integer(statement, row->seq);
        status = gen_statement_change(statement, NULL, err);
    }
    memcpy(sealing->hash, next, sizeof next);
    sealing->last = row->seq;
    sealing->rows++;
    return status;
}

static enum gen_status seal_mark(struct gen_database *database, int64_t sealed,
                                 struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE event_chain SET sealed = ? WHERE id = 1", &statement, err);

    if (status == GEN_OK) {
        gen_statement_integer(statement, sealed);
        status = gen_statement_change(statement, NULL, err);
    }
    return status;
}

static enum gen_status seal_some(struct gen_database *database, int64_t from, int64_t to,
                                 struct sealing *sealing, struct gen_error *err)
{
    int64_t limit = to - from < CHAIN_TOGETHER ? to - from : CHAIN_TOGETHER;
    int64_t before = sealing->rows;
    enum gen_status status = gen_database_begin(database, err);

    if (status == GEN_OK) {
        status = chain_hash_at(database, from, sealing->hash, err);
    }
    if (status == GEN_OK) {
        sealing->last = from;
        status = chain_walk(database, from, limit, seal_row, sealing, err);
    }
    if (status == GEN_OK) { /* numbers may have gaps in an old log */
        sealing->last = sealing->rows == before ? to : sealing->last;
        status = seal_mark(database, sealing->last, err);
    }
    if (status == GEN_OK) {
        status = gen_database_commit(database, err);
    }
    if (status != GEN_OK) {
        gen_database_rollback(database);
    }
    return status;
}

enum gen_status gen_chain_seal(struct gen_database *database, int64_t *rows, struct gen_error *err)
{
    struct sealing sealing = {.database = database};
    int64_t from = 0, to = 0;
    enum gen_status status =
        gen_database_number(database, "SELECT sealed FROM event_chain WHERE id = 1", &from, err);

    if (status == GEN_OK) {
        status = gen_database_number(database, "SELECT sealing FROM event_chain WHERE id = 1", &to,
                                     err);
    }
    while (status == GEN_OK && from < to) {
        status = seal_some(database, from, to, &sealing, err);
        from = sealing.last;
    }
    if (rows != NULL) {
        *rows = sealing.rows;
    }
    return status;
}

/* ------------------------------------------------------------------------------------ checking -- */

const char *gen_chain_fault_word(enum gen_chain_fault fault)
{
    static const char *const words[] = {"",    "missing", "changed", "foreign",
                                        "cut", "no_head", "ledger",  "untold"};

    return (size_t)fault < GEN_COUNT(words) ? words[fault] : "";
}

static struct gen_chain_finding *check_find(struct gen_chain_check *check,
                                            enum gen_chain_fault fault, int64_t seq)
{
    struct gen_chain_finding *finding;

    check->faults++;
    if (check->finding_count == GEN_CHAIN_FINDINGS) {
        return NULL;
    }
    finding = &check->findings[check->finding_count++];
    *finding = (struct gen_chain_finding){.fault = fault, .seq = seq};
    return finding;
}

void gen_chain_find(struct gen_chain_check *check, enum gen_chain_fault fault, int64_t seq,
                    const char *id)
{
    struct gen_chain_finding *finding = check_find(check, fault, seq);

    if (finding != NULL) {
        (void)snprintf(finding->id.text, sizeof finding->id.text, "%.*s",
                       (int)sizeof finding->id.text - 1, id);
    }
}

static enum gen_status check_row(void *context, const struct gen_chain_row *row, const char *hash,
                                 struct gen_error *err)
{
    struct gen_chain_check *check = context;
    struct gen_chain_finding *finding = NULL;
    char expected[GEN_DIGEST_TEXT_SIZE];
    bool gap = row->seq != check->after + 1;

    (void)err;
    gen_chain_hash(check->hash, row, expected);
    if (strcmp(expected, hash) != 0) {
        finding = check_find(check,
                             hash[0] == '\0' ? GEN_CHAIN_FOREIGN
                             : gap           ? GEN_CHAIN_MISSING
                                             : GEN_CHAIN_CHANGED,
                             row->seq);
    }
    if (finding != NULL) {
        (void)snprintf(finding->id.text, sizeof finding->id.text, "%s", row->id);
        finding->first = check->after + 1;
        finding->last = row->seq - 1;
    }
    (void)snprintf(check->hash, sizeof check->hash, "%s", hash);
    if (check->head != NULL && check->head[0] != '\0' && strcmp(check->head, hash) == 0) {
        check->head_seq = row->seq;
    }
    check->after = row->seq;
    check->checked++;
    return GEN_OK;
}

void gen_chain_check_row(struct gen_chain_check *check, const struct gen_chain_row *row,
                         const char *hash)
{
    if (check->hash[0] == '\0') {
        memcpy(check->hash, first_hash, sizeof first_hash);
    }
    (void)!check_row(check, row, hash, NULL);
}

enum gen_status gen_chain_read(struct gen_database *database, int64_t after, int64_t limit,
                               gen_chain_visit *visit, void *context, struct gen_error *err)
{
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = chain_walk(database, after, limit, visit, context, err);
    }
    gen_database_leave(database);
    return status;
}

/* The table remembers the highest number it ever gave. */
static enum gen_status check_end(struct gen_database *database, struct gen_chain_check *check,
                                 struct gen_error *err)
{
    struct gen_chain_finding *finding;
    int64_t given = 0;
    enum gen_status status = gen_database_number(
        database, "SELECT seq FROM sqlite_sequence WHERE name = 'event'", &given, err);

    if (status == GEN_OK && given > check->after) {
        finding = check_find(check, GEN_CHAIN_CUT, check->after);
        if (finding != NULL) {
            finding->first = check->after + 1;
            finding->last = given;
        }
    }
    check->over = status == GEN_OK;
    return status;
}

enum gen_status gen_chain_verify(struct gen_database *database, struct gen_chain_check *check,
                                 int64_t limit, struct gen_error *err)
{
    enum gen_status status = gen_database_enter(database, err);

    check->checked = check->head_seq = check->faults = 0;
    check->finding_count = 0;
    check->over = false;
    if (status == GEN_OK) {
        status = chain_hash_at(database, check->after, check->hash, err);
    }
    if (status == GEN_OK) {
        status = chain_walk(database, check->after, limit, check_row, check, err);
    }
    if (status == GEN_OK && check->checked < limit) {
        status = check_end(database, check, err);
    }
    gen_database_leave(database);
    return status;
}
