/* schema_vault.c - see schema.h. Secrets of providers, encrypted. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_vault[] = {NULL};
