/* schema_money.c - see schema.h. Double entry: postings that add up to zero, budgets, and what is used of them. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_money[] = {NULL};
