/* secret_store.c - see secret_store.h. */
#include "store/secret_store.h"

#define THAT_VERSION "WHERE organization = ? AND team = ? AND name = ? AND version = ?"
#define THOSE_VERSIONS \
    "WHERE organization = ? AND team = ? AND name = ? AND version > ? AND version <= ?"

static void secret_key(struct gen_statement *statement, const struct gen_secret_row *row,
                       int64_t version)
{
    gen_statement_text(statement, row->organization);
    gen_statement_text(statement, row->team);
    gen_statement_text(statement, row->name);
    gen_statement_integer(statement, version);
}

static enum gen_status secret_some(struct gen_statement *statement,
                                   const struct gen_secret_row *row, struct gen_error *err)
{
    int64_t changed = 0;
    enum gen_status status = gen_statement_change(statement, &changed, err);

    return status == GEN_OK && changed == 0
               ? gen_error_set(err, GEN_ECONFLICT,
                               "the secret \"%s\" was changed by somebody else in the meantime; "
                               "look again (gen secret list)",
                               row->name)
               : status;
}

/* The versions after `keeps`, up to `last`. */
static enum gen_status secret_drop(struct gen_database *database, const struct gen_secret_row *row,
                                   int64_t keeps, int64_t last, bool must, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(database, "DELETE FROM secret " THOSE_VERSIONS,
                                                  &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    secret_key(statement, row, keeps);
    gen_statement_integer(statement, last);
    return must ? secret_some(statement, row, err) : gen_statement_change(statement, NULL, err);
}

/* A version that is not the one after the newest is somebody's who did not know of another. */
static enum gen_status secret_insert(struct gen_database *database,
                                     const struct gen_secret_row *row, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO secret (organization, team, name, version, sealed, wrapped, master, since, "
        "created_at, created_by, rotated_at, rotated_by) "
        "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE ?4 = 1 + COALESCE((SELECT "
        "MAX(version) FROM secret WHERE organization = ?1 AND team = ?2 AND name = ?3), 0)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    secret_key(statement, row, row->version);
    gen_statement_text(statement, row->sealed.text);
    gen_statement_text(statement, row->sealed.key);
    gen_statement_text(statement, row->sealed.master);
    gen_statement_integer(statement, row->since);
    gen_statement_integer(statement, row->created_at);
    gen_statement_text(statement, row->created_by);
    gen_statement_integer(statement, row->rotated_at);
    gen_statement_text(statement, row->rotated_by);
    return secret_some(statement, row, err);
}

enum gen_status gen_secret_store_add(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_change_secret *secret = &change->as.secret;
    enum gen_status status = secret_insert(database, &secret->row, err);

    return status == GEN_OK && secret->keeps < secret->row.version - 1
               ? secret_drop(database, &secret->row, secret->keeps, secret->row.version - 1, false,
                             err)
               : status;
}

enum gen_status gen_secret_store_wrap(struct gen_database *database,
                                      const struct gen_change *change, struct gen_error *err)
{
    const struct gen_secret_row *row = &change->as.secret.row;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE secret SET wrapped = ?, master = ? " THAT_VERSION, &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, row->sealed.key);
    gen_statement_text(statement, row->sealed.master);
    secret_key(statement, row, row->version);
    return secret_some(statement, row, err);
}

enum gen_status gen_secret_store_test(struct gen_database *database,
                                      const struct gen_change *change, struct gen_error *err)
{
    const struct gen_secret_row *row = &change->as.secret.row;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE secret SET tested_at = ?, tested_well = ?, tested_note = ? " THAT_VERSION,
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, row->tested_at);
    gen_statement_integer(statement, row->tested_well);
    gen_statement_text(statement, row->tested_note);
    secret_key(statement, row, row->version);
    return secret_some(statement, row, err);
}

enum gen_status gen_secret_store_remove(struct gen_database *database,
                                        const struct gen_change *change, struct gen_error *err)
{
    const struct gen_secret_row *row = &change->as.secret.row;

    return secret_drop(database, row, 0, row->version, true, err);
}
