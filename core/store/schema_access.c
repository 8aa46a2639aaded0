/* schema_access.c - see schema.h. API keys and what they may. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_access[] = {NULL};
