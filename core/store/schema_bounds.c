/* schema_bounds.c - see schema.h. Limits of nothing at all. */
#include "store/schema.h"

#include <stddef.h>

#define FLAG "SMALLINT NOT NULL DEFAULT 0"

/* An amount of 0 was "no limit" and stays it where nothing else is said. */
const char *const gen_schema_frozen[] = {
    "ALTER TABLE budget ADD COLUMN frozen " FLAG " CHECK (frozen IN (0, 1))",
    "ALTER TABLE api_key ADD COLUMN frozen " FLAG " CHECK (frozen IN (0, 1))",
    /* those of keys were made without; nobody could edit them */
    "UPDATE budget SET throttle_parallel = 1 WHERE throttle_parallel < 1",
    NULL,
};
