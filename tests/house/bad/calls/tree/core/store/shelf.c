/* shelf.c - may speak SQL. */
static const char *const all = "SELECT a FROM b";
