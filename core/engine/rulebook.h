/* rulebook.h - the policy set in force, and how another takes its place while the daemon runs.
 *
 * A set is loaded on the worker pool and takes the place of the one before at once, between two turns
 * of the loop, or not at all: a folder with a mistake leaves the running set in force, and the mistakes
 * stand in the log, in the event log and in the book. It decides nothing; decisions hold an edition for
 * as long as they use its texts.
 * Invariants: there is always a set in force; an edition lives as long as somebody holds it; every
 * reload that was asked for reads the folder after it was asked for.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/rulebook_test.c
 */
#ifndef GEN_ENGINE_RULEBOOK_H
#define GEN_ENGINE_RULEBOOK_H

#include "platform/loop.h"
#include "policy/policy_set.h"
#include "store/store.h"

struct gen_rulebook;
struct gen_edition;

enum gen_reload_cause {
    GEN_RELOAD_START = 1,
    GEN_RELOAD_SIGNAL, /* SIGHUP */
    GEN_RELOAD_CHANGE, /* a file of the folder has changed; nothing happens if it says the same */
    GEN_RELOAD_ASKED,  /* through the API */
};
const char *gen_reload_cause_word(enum gen_reload_cause cause);

struct gen_rulebook_options { /* borrowed for the book's life, but for the texts */
    struct gen_loop *loop;
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log; /* may be NULL */
    struct gen_store *store;   /* where loading is put on record; NULL = nowhere */
    const char *organization;  /* of these records */
    const char *folder;
    const char *standby; /* file that keeps the set in force for a start with a broken folder (see
                            engine/standby.h); NULL = none */
    const struct gen_price_shelf *shelf; /* as in gen_policy_terms */
    int64_t watch_ms; /* a change is taken up after so much quiet; 0 = the folder is not watched */
};

/* Loads the folder, now. If that fails and the standby has a set of this folder, that is in force, and
 * the folder counts as refused. Without one GEN_EINVAL: the files have mistakes; each has a line in the
 * log, `err` has the first and says how many there are. Otherwise statuses of gen_policy_load. */
GEN_MUST_CHECK enum gen_status gen_rulebook_create(const struct gen_rulebook_options *options,
                                                   struct gen_rulebook **out,
                                                   struct gen_error *err);
/* Whoever waits for a reload is told GEN_ECANCELED. Editions may outlive the book. The store and the
 * loop must still work. NULL is allowed. */
void gen_rulebook_destroy(struct gen_rulebook *book);

/* ---- the set in force */

/* Valid until the loop turns; who needs it longer holds the edition. */
const struct gen_policy_set *gen_rulebook_set(const struct gen_rulebook *book);
struct gen_edition *gen_rulebook_hold(struct gen_rulebook *book);
const struct gen_policy_set *gen_edition_set(const struct gen_edition *edition);
void gen_edition_leave(struct gen_edition **edition); /* sets NULL; NULL inside is allowed */

/* Time zones of the system, for whoever reads the clock in a policy's zone. */
const struct gen_zones *gen_rulebook_zones(const struct gen_rulebook *book);

/* ---- another one */

/* GEN_OK: the set in force is what the folder says; `changed`: it was another one before. Otherwise the
 * set before is in force, and `err` as of gen_rulebook_create. GEN_ECANCELED: the book is gone. */
typedef void gen_rulebook_done(void *context, enum gen_status status, const struct gen_error *err,
                               bool changed);
/* Always ends in one call of `done` (may be NULL), never from inside. GEN_ENOMEM: it does not.
 * actor: who asks, as in gen_request. */
GEN_MUST_CHECK enum gen_status gen_rulebook_reload(struct gen_rulebook *book,
                                                   enum gen_reload_cause cause,
                                                   const struct gen_actor *actor,
                                                   gen_rulebook_done *done, void *context);

struct gen_rulebook_listener {        /* members may be NULL */
    void (*on_change)(void *context); /* another set is in force */
    /* A set may come into force; what speaks against it goes into `problems`. Not asked at the start. */
    void (*judge)(void *context, const struct gen_policy_set *set,
                  struct gen_policy_problems *problems);
    void (*on_events)(void *context, int64_t last_event);
    void *context;
};
/* One listener; replaces the one before. */
void gen_rulebook_listen(struct gen_rulebook *book, const struct gen_rulebook_listener *listener);

/* ---- what it knows */

struct gen_rulebook_facts { /* borrowed; valid until the loop turns */
    const struct gen_policy_set *set;
    const char *folder;
    gen_moment loaded_at;
    const struct gen_policy_problems *warnings; /* of the set in force */
    /* The last reload that was refused, if none has succeeded since. */
    gen_moment refused_at; /* 0 = none */
    const struct gen_policy_problems *problems;
    const char *refused_version;     /* of the folder then; "" = unknown */
    const struct gen_error *refusal; /* why, as a whole */
    bool watched;
};
void gen_rulebook_facts(const struct gen_rulebook *book, struct gen_rulebook_facts *out);

#endif
