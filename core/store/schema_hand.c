/* schema_hand.c - see schema.h. What people decide: a job rests, a video is accepted or rejected. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_hand[] = {
    "ALTER TABLE job ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1))",
    "ALTER TABLE job ADD COLUMN keep_first INTEGER NOT NULL DEFAULT 0 CHECK (keep_first IN (0, 1))",
    "ALTER TABLE output ADD COLUMN review TEXT NOT NULL DEFAULT ''", /* accepted, rejected */
    "ALTER TABLE output ADD COLUMN review_note TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE output ADD COLUMN reviewed_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE output ADD COLUMN reviewed_at BIGINT NOT NULL DEFAULT 0",
    NULL,
};
