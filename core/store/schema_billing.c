/* schema_billing.c - see schema.h. Invoices of providers, and clips that can be used again. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_billing[] = {NULL};
