/* schema_audit.c - see schema.h. Actors and hashes of the log, and the outbox. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_audit[] = {NULL};
