/* lockbox.h - the stored secrets of organizations and their teams: set, rotated, removed, found
 * for a signature.
 *
 * It keeps their sealed rows in memory as they are in the store, knows the master key, and is the keyring's
 * vault. What is opened goes into hidden memory of the keyring; here nothing is ever in the clear but
 * the text that is being set, for the time of the call.
 *
 * Versions of a name: a rotation (the same account, another key) takes the place of what was there, for
 * attempts that are under way, too. A secret of another account only counts for attempts that begin from
 * then on; those before stay with theirs, as long as a job is open that may need it.
 * Invariant: one change is on its way to the disk at a time; rows in memory are rows on disk.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/lockbox_test.c
 */
#ifndef GEN_ENGINE_LOCKBOX_H
#define GEN_ENGINE_LOCKBOX_H

#include "platform/keyring.h"
#include "platform/log.h"
#include "platform/master_key.h"
#include "store/secret_reading.h"

struct gen_lockbox;

struct gen_lockbox_options { /* borrowed for its life */
    struct gen_store *store;
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log;
    struct gen_master_options master;
};

/* Reads the rows and the master key. What is wrong with the key is no failure: secrets cannot be read then,
 * and say so. Rows under an older key that is here are put under the one in use. GEN_ENOMEM, and statuses
 * of reading the store. */
GEN_MUST_CHECK enum gen_status gen_lockbox_create(const struct gen_lockbox_options *options,
                                                  struct gen_lockbox **out, struct gen_error *err);
void gen_lockbox_destroy(
    struct gen_lockbox *lockbox); /* after the store is closed; NULL is allowed */

/* The keyring's port; lives as long as the lockbox. */
struct gen_keyring_vault gen_lockbox_vault(struct gen_lockbox *lockbox);

/* Who must forget a version that is gone, by its label in the keyring; and who tells the log's readers. */
struct gen_lockbox_listener { /* members may be NULL */
    void (*on_gone)(void *context, const char *label);
    void (*on_events)(void *context, int64_t last_event);
    void *context;
};
void gen_lockbox_listen(struct gen_lockbox *lockbox, const struct gen_lockbox_listener *listener);

/* ---- what there is; rows are valid until the loop turns */

/* The newest version; NULL = none. */
const struct gen_secret_row *gen_lockbox_find(const struct gen_lockbox *lockbox,
                                              const char *organization, const char *team,
                                              const char *name);
/* The newest versions of an organization, in order: start with `*cursor` 0, NULL at the end. `*versions`:
 * how many of that name are kept. */
const struct gen_secret_row *gen_lockbox_next(const struct gen_lockbox *lockbox,
                                              const char *organization, size_t *cursor,
                                              size_t *versions);
/* Why this version cannot be read: as gen_vault_open; GEN_OK: it can (its key is there; it is not
 * opened). */
enum gen_status gen_lockbox_readable(const struct gen_lockbox *lockbox,
                                     const struct gen_secret_row *row, struct gen_error *err);

struct gen_lockbox_facts {
    enum gen_master_source source;
    const char *place;
    const char *id;    /* of the key in use; "" = none */
    size_t secrets;    /* versions, of all organizations */
    size_t unreadable; /* of them, those whose master key is not here */
    bool pending;      /* a rotation is under way */
    struct gen_error
        trouble; /* status GEN_OK: there is a key; GEN_ENOTFOUND: none was needed yet */
};
void gen_lockbox_facts(const struct gen_lockbox *lockbox, struct gen_lockbox_facts *out);

/* ---- changes */

/* GEN_OK with the newest row (NULL after a removal and a rotation of the master key), or why nothing was
 * changed. Both valid during the call. */
typedef void gen_lockbox_done(void *context, enum gen_status status, const struct gen_error *err,
                              const struct gen_secret_row *row);

enum gen_lockbox_account {                        /* of the text that replaces another */
                           GEN_LOCKBOX_FIRST = 1, /* there must be none before */
                           GEN_LOCKBOX_SAME,      /* another key of the same account */
                           GEN_LOCKBOX_OTHER,     /* a key of another account */
};

struct gen_lockbox_order { /* borrowed for the call */
    const char *organization, *team, *name, *user;
    enum gen_lockbox_account account;
    const char *text;
    size_t size;
};
/* All of these: GEN_OK and one call of `done` from a later turn, or why not, and no call.
 * GEN_EINVAL: what was given. GEN_ECONFLICT: FIRST, and there is one; SAME, and there is none.
 * GEN_EBUSY: another change is on its way. GEN_ENOTFOUND, GEN_ELIMIT, GEN_ENOMEM; statuses of
 * gen_master_need and the store. */
GEN_MUST_CHECK enum gen_status gen_lockbox_set(struct gen_lockbox *lockbox,
                                               const struct gen_lockbox_order *order,
                                               gen_lockbox_done *done, void *context,
                                               struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_lockbox_remove(struct gen_lockbox *lockbox,
                                                  const struct gen_lockbox_order *order,
                                                  gen_lockbox_done *done, void *context,
                                                  struct gen_error *err);
/* What a test of the newest version has shown. */
GEN_MUST_CHECK enum gen_status gen_lockbox_note(struct gen_lockbox *lockbox,
                                                const struct gen_lockbox_order *order, bool well,
                                                const char *note, gen_lockbox_done *done,
                                                void *context, struct gen_error *err);
/* A new master key, and every secret under it. `passphrase` as in gen_master_begin. */
GEN_MUST_CHECK enum gen_status gen_lockbox_rekey(struct gen_lockbox *lockbox,
                                                 const char *passphrase, const char *organization,
                                                 const char *user, gen_lockbox_done *done,
                                                 void *context, struct gen_error *err);

#endif
