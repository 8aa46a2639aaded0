/* schema_quota.c - see schema.h. Bounds on requests and on seconds of video. */
#include "store/schema.h"

#include <stddef.h>

#define NUMBER "BIGINT NOT NULL DEFAULT 0"

const char *const gen_schema_quota[] = {
    "ALTER TABLE api_key ADD COLUMN requests_per_minute " NUMBER
    " CHECK (requests_per_minute >= 0)",
    "ALTER TABLE api_key ADD COLUMN seconds_per_day " NUMBER " CHECK (seconds_per_day >= 0)",
    "ALTER TABLE job_quota ADD COLUMN milliseconds " NUMBER " CHECK (milliseconds >= 0)",
    NULL,
};
