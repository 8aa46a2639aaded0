/* apply.h - turns one set of changes into SQL: a row of a table for each kind of change.
 *
 * It neither opens nor ends the transaction; whoever calls it undoes a set that was refused.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/apply_test.c
 */
#ifndef GEN_STORE_APPLY_H
#define GEN_STORE_APPLY_H

#include "model/change.h"
#include "store/database.h"

/* Applies all changes in order, up to the first that is refused. GEN_EBUDGET, GEN_ECONFLICT,
 * GEN_EOVERFLOW, GEN_EINVAL, GEN_ETOOLARGE: this set is refused. Other statuses (of
 * store/database.h): the database cannot. GEN_ENOMEM also when building the set found no memory. */
GEN_MUST_CHECK enum gen_status gen_apply_changes(struct gen_database *database,
                                                 const struct gen_changes *changes,
                                                 struct gen_error *err);

/* Is this status about one set only, so that its neighbours can go on? */
bool gen_apply_refused(enum gen_status status);

#endif
