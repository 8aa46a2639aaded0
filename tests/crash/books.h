/* books.h - holds gend's ledger, read from its database file, against the vendor's books. */
#ifndef CRASH_BOOKS_H
#define CRASH_BOOKS_H

#include "crash/vendor.h"

struct books_sums {
    size_t attempts, purchases, settled, unverified, outputs;
    int64_t billed, charged;
};

/* Number of things that are wrong, each printed. `state` is the state folder of a gend that is not
 * running. */
int books_compare(const struct vendor *vendor, const char *state, struct books_sums *sums);

#endif
