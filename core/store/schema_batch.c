/* schema_batch.c - see schema.h. Jobs that were admitted together. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_batch[] = {
    "CREATE TABLE batch ("
    " id TEXT PRIMARY KEY,"
    " organization TEXT NOT NULL,"
    " user_id TEXT NOT NULL,"
    " title TEXT NOT NULL DEFAULT '',"
    " jobs INTEGER NOT NULL CHECK (jobs > 0),"
    " created_at BIGINT NOT NULL)",
    "CREATE INDEX batch_by_age ON batch (organization, created_at, id)",
    "ALTER TABLE job ADD COLUMN batch TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE job ADD COLUMN batch_ordinal INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX job_by_batch ON job (batch, batch_ordinal) WHERE batch <> ''",
    NULL,
};
