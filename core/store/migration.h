/* migration.h - brings a database file to the newest schema, or says why it cannot.
 *
 * The file carries our application id and the number of its last migration. Each migration is one
 * transaction, so a crash in the middle leaves the one before.
 * It is not the schema (store/schema.h).
 *
 * Thread: one at a time. Floor: store. Tests: tests/unit/store/migration_test.c
 */
#ifndef GEN_STORE_MIGRATION_H
#define GEN_STORE_MIGRATION_H

#include "store/database.h"
#include "store/schema.h"

#define GEN_MIGRATION_APPLICATION INT64_C(0x67656e31) /* "gen1", in the file's header */

/* Nothing is written unless the file is empty or ours. GEN_ECORRUPT: another program's database, or
 * no database at all. GEN_EUNSUPPORTED: it is at a migration newer than the last of `migrations`.
 * Other statuses as of store/database.h. `*from`, `*to` (may be NULL): numbers before and after. */
GEN_MUST_CHECK enum gen_status gen_migration_run(struct gen_database *database,
                                                 const struct gen_migration *migrations,
                                                 int64_t *from, int64_t *to, struct gen_error *err);

#endif
