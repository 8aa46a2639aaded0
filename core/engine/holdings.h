/* holdings.h - the sealed rows of all secrets as they are in the store, in memory and in order.
 *
 * Which version counts for whom, and what each is called in the keyring. It changes nothing and opens
 * nothing: that is engine/lockbox.h.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/lockbox_test.c
 */
#ifndef GEN_ENGINE_HOLDINGS_H
#define GEN_ENGINE_HOLDINGS_H

#include "platform/keyring.h"
#include "platform/vault.h"
#include "store/secret_reading.h"

struct gen_holdings {
    struct gen_arena *arena;     /* of all below */
    struct gen_secret_row *rows; /* ordered by organization, team, name, version */
    size_t count;
};

/* Statuses of gen_read_secrets; then `out` is all zero. */
GEN_MUST_CHECK enum gen_status gen_holdings_read(struct gen_store *store, struct gen_holdings *out,
                                                 struct gen_error *err);

/* What its seals are bound to, and they. Borrowed from the row. */
struct gen_vault_label gen_holdings_label(const struct gen_secret_row *row);
struct gen_vault_box gen_holdings_box(const struct gen_secret_row *row);
/* Its label in the keyring: GEN_KEYRING_LABEL_SIZE bytes. */
void gen_holdings_name(const struct gen_secret_row *row, char *out);

/* As gen_lockbox_readable. */
enum gen_status gen_holdings_readable(const struct gen_master_ring *ring,
                                      const struct gen_secret_row *row, struct gen_error *err);

/* Versions of the same name of the same team and organization? */
bool gen_holdings_same(const struct gen_secret_row *a, const struct gen_secret_row *b);
/* The first row that is not before these words; `count` when all are. */
size_t gen_holdings_place(const struct gen_holdings *held, const char *organization,
                          const char *team, const char *name);
/* The version for attempts that began then (0 = now): the newest that counts from before; NULL = none. */
const struct gen_secret_row *gen_holdings_find(const struct gen_holdings *held,
                                               const char *organization, const char *team,
                                               const char *name, gen_moment at);
/* Whoever has one of that name: only to know whether anybody could. */
const struct gen_secret_row *gen_holdings_any(const struct gen_holdings *held, const char *name);

/* The newest versions of an organization, in order; see gen_lockbox_next. */
const struct gen_secret_row *gen_holdings_next(const struct gen_holdings *held,
                                               const char *organization, size_t *cursor,
                                               size_t *versions);

/* Calls for each label that was there and is not any more. */
typedef void gen_holdings_gone(void *context, const char *label);
void gen_holdings_compare(const struct gen_holdings *old, const struct gen_holdings *fresh,
                          gen_holdings_gone *gone, void *context);

/* The ids of the master keys that rows are under, each once, NULL-terminated; NULL without memory. */
const char *const *gen_holdings_masters(const struct gen_holdings *held, struct gen_arena *arena);

#endif
