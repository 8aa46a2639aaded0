/* chain.h - the chain of hashes through the log of events: each row carries the BLAKE2b-256 of the hash
 * before it and of what it says, so that a row that was removed, changed, moved or slipped in shows.
 *
 * Who can write to the database can compute the chain anew; only a hash that was kept elsewhere shows
 * that (docs/audit.md). What is hashed: the hash before (64 zeros for the first), and then seq, id,
 * organization, job, pipeline, kind, data, at, actor, origin; each as its length in bytes, ":", the
 * text and ",".
 * Invariant: events are numbered without gaps, in the order of their commits.
 *
 * Thread: of the connection it is given. Floor: store. Tests: tests/unit/store/chain_test.c
 */
#ifndef GEN_STORE_CHAIN_H
#define GEN_STORE_CHAIN_H

#include "model/change.h"
#include "platform/crypto.h"
#include "store/database.h"

struct gen_chain_link { /* the newest row; zeroed = not looked at yet */
    bool known;
    int64_t seq;                     /* 0 = there is none */
    char hash[GEN_DIGEST_TEXT_SIZE]; /* of the first one's predecessor, then */
};

struct gen_chain_row { /* what is hashed; texts "" = none */
    int64_t seq;
    const char *id, *organization, *job, *pipeline, *kind, *data;
    gen_moment at;
    const char *actor, *origin;
};

/* out: GEN_DIGEST_TEXT_SIZE. */
void gen_chain_hash(const char *previous, const struct gen_chain_row *row, char *out);

/* The newest row; an indexed read. Statuses of store/database.h, as below. */
GEN_MUST_CHECK enum gen_status gen_chain_newest(struct gen_database *database,
                                                struct gen_chain_link *out, struct gen_error *err);

/* Writes the event behind `link` (looked up if it is not known) and moves it on. A link is good as
 * long as nothing is undone, so each set of changes begins with a new one. */
GEN_MUST_CHECK enum gen_status gen_chain_append(struct gen_database *database,
                                                struct gen_chain_link *link,
                                                const struct gen_change_event *event,
                                                struct gen_error *err);

/* Gives the events of older versions their hashes; does nothing when they have them. Not inside a
 * transaction: it commits every few thousand rows and goes on where it was stopped. `*rows`: how
 * many. */
GEN_MUST_CHECK enum gen_status gen_chain_seal(struct gen_database *database, int64_t *rows,
                                              struct gen_error *err);

/* ---- checking */

enum gen_chain_fault {
    GEN_CHAIN_MISSING = 1, /* events before this one are gone */
    GEN_CHAIN_CHANGED,     /* it, or its hash, is not what was written */
    GEN_CHAIN_FOREIGN,     /* it has no hash: the daemon did not write it */
    GEN_CHAIN_CUT,         /* events behind this one, the last, are gone */
    GEN_CHAIN_NO_HEAD, /* the hash that was kept elsewhere is nowhere: all before it was rewritten */
    GEN_CHAIN_LEDGER,  /* the ledger says otherwise than this event; see store/books.h */
    GEN_CHAIN_UNTOLD,  /* this entry of the ledger has no event (`id`: of the entry) */
};
const char *gen_chain_fault_word(enum gen_chain_fault fault); /* "missing", ...; "" */

struct gen_chain_finding {
    enum gen_chain_fault fault;
    int64_t seq;         /* of the row; 0 = of none */
    struct gen_ident id; /* of the row */
    int64_t first, last; /* MISSING, CUT: the numbers that are gone */
};

enum { GEN_CHAIN_FINDINGS = 50 }; /* told of one call; more are counted */

struct gen_chain_check {             /* zeroed, then `after` and `head` set by whoever begins */
    int64_t after;                   /* rows above it are looked at; moves on */
    const char *head;                /* "" or NULL = none: a hash to be found */
    int64_t checked;                 /* rows of this call */
    int64_t head_seq;                /* where it was found; 0 = not in these rows */
    bool over;                       /* there are no more rows */
    char hash[GEN_DIGEST_TEXT_SIZE]; /* of the last row */
    struct gen_chain_finding findings[GEN_CHAIN_FINDINGS];
    size_t finding_count;
    int64_t faults;
};

/* Looks at one row that came from elsewhere than a database (an export), in order; `check` zeroed
 * before the first one, and then `head` set. Faults are added up. */
void gen_chain_check_row(struct gen_chain_check *check, const struct gen_chain_row *row,
                         const char *hash);

/* Calls for each of the rows above `after`, at most `limit`, with the hash that stands in it; what
 * it is given is valid during the call. Its status ends the walk. Besides, GEN_ENOMEM and those of
 * store/database.h. */
typedef enum gen_status gen_chain_visit(void *context, const struct gen_chain_row *row,
                                        const char *hash, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_chain_read(struct gen_database *database, int64_t after,
                                              int64_t limit, gen_chain_visit *visit, void *context,
                                              struct gen_error *err);

/* Counts a fault of one's own, and keeps it while there is room. */
void gen_chain_find(struct gen_chain_check *check, enum gen_chain_fault fault, int64_t seq,
                    const char *id);

/* Looks at the next `limit` rows. GEN_ENOTFOUND: there is no row `after` to begin behind. Besides,
 * those of store/database.h. */
GEN_MUST_CHECK enum gen_status gen_chain_verify(struct gen_database *database,
                                                struct gen_chain_check *check, int64_t limit,
                                                struct gen_error *err);

#endif
