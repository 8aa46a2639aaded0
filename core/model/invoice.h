/* invoice.h - what a provider says it billed, line by line, and what became of each line beside our ledger.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/invoice_test.c
 */
#ifndef GEN_MODEL_INVOICE_H
#define GEN_MODEL_INVOICE_H

#include "base/ident.h"
#include "base/money.h"

#include <stddef.h>

/* name, word, for people */
#define GEN_INVOICE_TABLE(ROW) \
    ROW(GEN_INVOICE_MATCHED, "matched", "billed as we charged it") \
    ROW(GEN_INVOICE_WRONG_AMOUNT, "wrong_amount", "billed, but for another amount") \
    ROW(GEN_INVOICE_UNVERIFIED, "unverified", "billed; we could not say whether it was") \
    ROW(GEN_INVOICE_CREDIT, "credit", "money that the provider gives back") \
    ROW(GEN_INVOICE_DUPLICATE, "duplicate", "billed before") \
    ROW(GEN_INVOICE_MISSING_HERE, "missing_here", "billed, and we know of no such generation") \
    ROW(GEN_INVOICE_MISSING_THERE, "missing_there", "ours, and not billed in this period") \
    ROW(GEN_INVOICE_REFUSED, "refused", "cannot be read, or is not in US dollars")

enum gen_invoice_verdict {
    GEN_INVOICE_NONE = 0,
#define GEN_INVOICE_ENUM(name, word, text) name,
    GEN_INVOICE_TABLE(GEN_INVOICE_ENUM)
#undef GEN_INVOICE_ENUM
        GEN_INVOICE_COUNT,
};

struct gen_invoice_line {  /* texts are "" where there is none */
    int64_t ordinal;       /* 1, 2, ... as they stand there; what is missing there comes last */
    const char *reference; /* the provider's id */
    const char *client;    /* what we sent along */
    const char *model;
    int64_t duration_ms; /* 0 = not said */
    gen_micros amount;
    gen_moment at; /* 0 = not said */
    enum gen_invoice_verdict verdict;
    bool likely;              /* matched by model, length and time only */
    struct gen_ident attempt; /* "" = none */
    gen_micros charged;       /* what our ledger has for it, unverified money included */
    const char *note;
    bool settled; /* what it proves stands in the ledger */
};

struct gen_invoice {
    struct gen_ident id;
    const char *organization, *provider, *name; /* name of the file */
    const char *digest;                         /* of its content */
    gen_moment from, until; /* the period that it covers, of `until` the first moment after it */
    bool closed;            /* people have said so: what is missing in it was not billed */
    gen_moment created_at;
    const char *created_by;
    struct gen_invoice_line *lines;
    size_t count;
};

const char *gen_invoice_word(enum gen_invoice_verdict verdict); /* "" outside the set */
enum gen_invoice_verdict gen_invoice_of(const char *word);      /* NONE when unknown */
const char *gen_invoice_meaning(enum gen_invoice_verdict verdict);

#endif
