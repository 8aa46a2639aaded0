/* schema_access.c - see schema.h. API keys and what they may, and the jobs of each day. */
#include "store/schema.h"

#include <stddef.h>

#define NO_TEXT "TEXT NOT NULL DEFAULT ''"
#define NUMBER "BIGINT NOT NULL DEFAULT 0"

const char *const gen_schema_access[] = {
    /* A token is nowhere here, only its digest: 256 random bits need no salt. */
    "CREATE TABLE api_key ("
    " id TEXT PRIMARY KEY,"
    " organization TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " user_id TEXT NOT NULL,"
    " teams " NO_TEXT "," /* with a space between */
    " role " NO_TEXT ","
    " permissions TEXT NOT NULL," /* words, with a space between */
    " digest TEXT NOT NULL UNIQUE,"
    " hint TEXT NOT NULL,"
    " most_priority " NUMBER ","
    " jobs_per_day " NUMBER " CHECK (jobs_per_day >= 0),"
    " parallel " NUMBER " CHECK (parallel >= 0),"
    " spend " NUMBER " CHECK (spend >= 0),"
    " spend_period " NO_TEXT ","
    " budget " NO_TEXT ","
    " created_by " NO_TEXT ","
    " created_at " NUMBER ","
    " updated_at " NUMBER ","
    " expires_at " NUMBER ","
    " revoked_at " NUMBER ","
    " used_at " NUMBER ","
    " version BIGINT NOT NULL CHECK (version >= 1))",
    "CREATE INDEX api_key_by_organization ON api_key (organization, id)",
    "CREATE INDEX api_key_by_user ON api_key (organization, user_id) WHERE revoked_at = 0",
    /* One living key of a name, so that a name says which. */
    "CREATE UNIQUE INDEX api_key_by_name ON api_key (organization, name) WHERE revoked_at = 0",

    /* Jobs that were admitted in a day of UTC; day: when it began. */
    "CREATE TABLE job_quota ("
    " organization TEXT NOT NULL,"
    " scope TEXT NOT NULL CHECK (scope IN ('user', 'team')),"
    " of_id TEXT NOT NULL,"
    " day BIGINT NOT NULL,"
    " jobs BIGINT NOT NULL CHECK (jobs >= 0),"
    " PRIMARY KEY (organization, scope, of_id, day))",
    NULL};
