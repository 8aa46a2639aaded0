/* books.h - the ledger beside the log: does each say what the other says?
 *
 * The log is a chain of hashes, so it cannot be changed unnoticed; the ledger can. Every entry has
 * an event with its amount and its postings; where the two differ, or one of them is missing,
 * somebody has been at the database. It changes nothing and judges no balance: those are made from
 * the postings at each start.
 *
 * Thread: that of the connection. Floor: store. Tests: tests/unit/store/books_test.c
 */
#ifndef GEN_STORE_BOOKS_H
#define GEN_STORE_BOOKS_H

#include "store/chain.h"

/* The events above `after` up to the last that `check` has looked at, and the entries of the same
 * time: adds what it finds (GEN_CHAIN_LEDGER, GEN_CHAIN_UNTOLD). Indexed; as long as the piece. */
GEN_MUST_CHECK enum gen_status gen_books_verify(struct gen_database *database, int64_t after,
                                                struct gen_chain_check *check,
                                                struct gen_error *err);

#endif
