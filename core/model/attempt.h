/* attempt.h - one try at a shot: at most one paid submission, and the few durable states of it.
 *
 *   planned -> reserved -> submitting -> accepted -> rendered -> fetched -> settled
 *   and out of these: refused (known not billed), failed (known outcome), ambiguous (may have been
 *   billed; a later word can still turn it into accepted, refused or failed).
 *
 * `submitting` is durable before a request that costs money leaves. The same table guards the
 * transitions in SQL (store/attempt_store.c).
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/attempt_test.c
 */
#ifndef GEN_MODEL_ATTEMPT_H
#define GEN_MODEL_ATTEMPT_H

#include "base/ident.h"
#include "base/money.h"
#include "model/failure.h"

/* name, word, terminal (nothing can follow), money held while in it */
#define GEN_ATTEMPT_TABLE(ROW) \
    ROW(GEN_ATTEMPT_PLANNED, "planned", 0, 0) \
    ROW(GEN_ATTEMPT_RESERVED, "reserved", 0, 1) \
    ROW(GEN_ATTEMPT_SUBMITTING, "submitting", 0, 1) \
    ROW(GEN_ATTEMPT_ACCEPTED, "accepted", 0, 1) \
    ROW(GEN_ATTEMPT_RENDERED, "rendered", 0, 1) \
    ROW(GEN_ATTEMPT_FETCHED, "fetched", 0, 1) \
    ROW(GEN_ATTEMPT_SETTLED, "settled", 1, 0) \
    ROW(GEN_ATTEMPT_REFUSED, "refused", 1, 0) \
    ROW(GEN_ATTEMPT_FAILED, "failed", 1, 0) \
    ROW(GEN_ATTEMPT_AMBIGUOUS, "ambiguous", 0, 1)

enum gen_attempt_state {
    GEN_ATTEMPT_NONE = 0,
#define GEN_ATTEMPT_ENUM(name, word, terminal, held) name,
    GEN_ATTEMPT_TABLE(GEN_ATTEMPT_ENUM)
#undef GEN_ATTEMPT_ENUM
};

/* Which verb of the plugin the attempt is in; with the state it says how to resume. */
enum gen_verb {
    GEN_VERB_NONE = 0,
    GEN_VERB_SUBMIT,
    GEN_VERB_POLL,
    GEN_VERB_FETCH,
    GEN_VERB_RECOVER,
    GEN_VERB_CANCEL,
    GEN_VERB_HEALTH, /* of no attempt: is the provider there? */
};

struct gen_attempt { /* texts live in the job's arena, "" = none, never NULL */
    struct gen_ident id;
    int32_t ordinal; /* 1, 2, ... within the shot */
    enum gen_attempt_state state;
    const char *handle;     /* the remote handle, opaque */
    const char *step_state; /* the plugin's own text between steps */
    gen_micros hold;        /* reserved for it */
    gen_micros estimate;    /* expected price */
    gen_micros book;        /* what its price list alone said; 0 = the same */
    gen_moment held_at;     /* in which periods its money counts; 0 = nothing was held yet */
    gen_micros cost;        /* charged, once terminal */
    gen_micros reported;    /* what the provider said it costs; -1 = not said */
    int64_t seed;
    gen_moment started_at, accepted_at, ended_at;
    enum gen_failure failure;
    const char *failure_code, *failure_message, *failure_field;
};

/* Is the move in the table of legal ones? */
bool gen_attempt_may(enum gen_attempt_state from, enum gen_attempt_state to);
/* The columns of GEN_ATTEMPT_TABLE: can nothing follow, is money held? */
bool gen_attempt_terminal(enum gen_attempt_state state);
bool gen_attempt_holds(enum gen_attempt_state state);
/* Words of the API and the database; "" outside the set. */
const char *gen_attempt_word(enum gen_attempt_state state);
enum gen_attempt_state gen_attempt_of(const char *word); /* NONE when unknown */
const char *gen_verb_word(enum gen_verb verb);

#endif
