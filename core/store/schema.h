/* schema.h - the tables of the store, as numbered migrations.
 *
 * A migration that has been released is never edited; a change of the schema is a new row at the
 * end. Times are BIGINT milliseconds, money BIGINT micro-dollars, ids and states TEXT; "" is none.
 * The statements stay inside what SQLite 3.40 and PostgreSQL 15 share, but for the triggers that
 * keep `figure` and the AUTOINCREMENT of `event`.
 *
 * Thread: [any]. Floor: store. Tests: tests/unit/store/schema_test.c
 */
#ifndef GEN_STORE_SCHEMA_H
#define GEN_STORE_SCHEMA_H

struct gen_migration {
    int number;                    /* 1, 2, 3, ...; 0 ends the table */
    const char *what;              /* for the log */
    const char *const *statements; /* ended by NULL */
};

extern const struct gen_migration gen_schema[];

/* The statements of single migrations, each in a file of its own. */
extern const char *const gen_schema_money[];
extern const char *const gen_schema_access[];
extern const char *const gen_schema_vault[];
extern const char *const gen_schema_audit[];
extern const char *const gen_schema_billing[];
extern const char *const gen_schema_quota[];
extern const char *const gen_schema_orders[];
extern const char *const gen_schema_frozen[];
extern const char *const gen_schema_book[];
extern const char *const gen_schema_batch[];
extern const char *const gen_schema_hand[];

#endif
