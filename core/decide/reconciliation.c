/* reconciliation.c - see reconciliation.h. */
#include "decide/reconciliation.h"

#include "base/map.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define RECONCILIATION_DAY_MS INT64_C(86400000)

enum {
    RECONCILIATION_LEAST_PART = 6, /* a shorter part of a handle is no id */
    RECONCILIATION_NEAR_MS = 600,  /* of two lengths that are the same */
    RECONCILIATION_WORDS = 1000000,
};

struct reconciliation {
    struct gen_invoice *invoice;
    const struct gen_billable *billables;
    size_t count;
    gen_micros tolerance;
    struct gen_arena *arena;
    struct gen_map *words; /* an id, or a part of a handle -> its billable; several: `shared` */
    struct gen_map *seen;  /* ids of the lines so far */
    bool *found;           /* billables that a line was about */
    bool ids;              /* references of this invoice are the provider's ids of jobs */
    char shared;
};

/* ------------------------------------------------------------------------------------ by id -- */

static bool reconciliation_word(struct reconciliation *it, const char *word,
                                const struct gen_billable *billable)
{
    void *before = gen_map_get(it->words, word);

    return word[0] == '\0' || before == billable ||
           gen_map_put(it->words, word, before == NULL ? (void *)billable : &it->shared, NULL) ==
               GEN_OK;
}

static bool reconciliation_inside(char letter)
{
    return isalnum((unsigned char)letter) || letter == '-' || letter == '_';
}

/* The parts of "projects/p/operations/1234abcd" and "text2video:87654321". */
static bool reconciliation_handle(struct reconciliation *it, const struct gen_billable *billable)
{
    const char *at = billable->handle;
    bool good = reconciliation_word(it, at, billable);

    while (good && *at != '\0') {
        const char *begin = at;
        char *part;

        while (reconciliation_inside(*at)) {
            at++;
        }
        if (at - begin >= RECONCILIATION_LEAST_PART) {
            part = gen_arena_strndup(it->arena, begin, (size_t)(at - begin));
            good = part != NULL && reconciliation_word(it, part, billable);
        }
        at += *at != '\0';
    }
    return good;
}

static const struct gen_billable *reconciliation_get(const struct reconciliation *it,
                                                     const char *word)
{
    const void *billable = word[0] == '\0' ? NULL : gen_map_get(it->words, word);

    return billable == &it->shared ? NULL : billable;
}

static const struct gen_billable *reconciliation_by_id(const struct reconciliation *it,
                                                       const struct gen_invoice_line *line)
{
    const struct gen_billable *found = reconciliation_get(it, line->client);

    return found != NULL ? found : reconciliation_get(it, line->reference);
}

/* -------------------------------------------------------------------------------- most likely -- */

static int64_t apart(gen_moment a, gen_moment b)
{
    return a < b ? b - a : a - b;
}

/* The first billable at or after; they stand in order of time. */
static size_t reconciliation_from(const struct reconciliation *it, gen_moment at)
{
    size_t low = 0, high = it->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (it->billables[middle].at < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool reconciliation_fits(const struct reconciliation *it, size_t index,
                                const struct gen_invoice_line *line)
{
    const struct gen_billable *billable = &it->billables[index];

    /* An id of the same kind that is another one is another job. */
    if (line->reference[0] != '\0' && billable->handle[0] != '\0' &&
        (it->ids || strlen(line->reference) == strlen(billable->handle))) {
        return false;
    }
    return !it->found[index] && !billable->billed && strcmp(billable->model, line->model) == 0 &&
           apart(billable->duration_ms, line->duration_ms) <= RECONCILIATION_NEAR_MS;
}

static const struct gen_billable *reconciliation_likely(const struct reconciliation *it,
                                                        const struct gen_invoice_line *line)
{
    const struct gen_billable *best = NULL;

    if (line->at == 0 || line->model[0] == '\0' || line->duration_ms == 0) {
        return NULL;
    }
    for (size_t i = reconciliation_from(it, line->at - RECONCILIATION_DAY_MS);
         i < it->count && it->billables[i].at <= line->at + RECONCILIATION_DAY_MS; i++) {
        if (reconciliation_fits(it, i, line) &&
            (best == NULL || apart(it->billables[i].at, line->at) < apart(best->at, line->at))) {
            best = &it->billables[i];
        }
    }
    return best;
}

/* --------------------------------------------------------------------------------- the verdict -- */

static void reconciliation_judge(struct reconciliation *it, struct gen_invoice_line *line,
                                 const struct gen_billable *billable)
{
    size_t index = (size_t)(billable - it->billables);

    line->attempt = billable->attempt;
    line->charged = billable->charged + billable->unverified;
    if (line->amount < 0) {
        line->verdict = GEN_INVOICE_CREDIT;
        line->note = -line->amount > billable->charged ? "more than was charged for it" : "";
        return;
    }
    if (it->found[index] || billable->billed) {
        line->verdict = GEN_INVOICE_DUPLICATE;
        line->note = it->found[index] ? "another line of this invoice is about the same attempt"
                                      : "the attempt is on an invoice that was imported before";
        return;
    }
    it->found[index] = true;
    if (billable->unverified > 0) {
        line->verdict = GEN_INVOICE_UNVERIFIED;
    } else {
        line->verdict = apart(line->amount, billable->charged) <= it->tolerance
                            ? GEN_INVOICE_MATCHED
                            : GEN_INVOICE_WRONG_AMOUNT;
    }
}

static bool reconciliation_line(struct reconciliation *it, struct gen_invoice_line *line, bool ids)
{
    const struct gen_billable *billable;

    if (line->verdict != GEN_INVOICE_NONE) {
        return true;
    }
    billable = ids ? reconciliation_by_id(it, line) : reconciliation_likely(it, line);
    if (billable != NULL) {
        line->likely = !ids;
        it->ids = it->ids || (ids && reconciliation_get(it, line->reference) == billable);
        reconciliation_judge(it, line, billable);
    } else if (ids && line->amount >= 0 && line->reference[0] != '\0' &&
               gen_map_get(it->seen, line->reference) != NULL) {
        line->verdict = GEN_INVOICE_DUPLICATE;
        line->note = "another line of this invoice has the same id";
    } else if (!ids) {
        line->verdict = line->amount < 0 ? GEN_INVOICE_CREDIT : GEN_INVOICE_MISSING_HERE;
    }
    return !ids || line->reference[0] == '\0' ||
           gen_map_put(it->seen, line->reference, line, NULL) == GEN_OK;
}

bool gen_reconciliation_period(const struct gen_invoice *invoice, gen_moment *from,
                               gen_moment *until)
{
    bool any = false;

    for (size_t i = 0; i < invoice->count; i++) {
        gen_moment at = invoice->lines[i].at;

        if (at > 0) {
            *from = !any || at < *from ? at : *from;
            *until = !any || at >= *until ? at + 1 : *until;
            any = true;
        }
    }
    return any;
}

/* What we have charged, or may have been billed, and is not there. */
static bool reconciliation_absent(const struct reconciliation *it, size_t index)
{
    const struct gen_billable *billable = &it->billables[index];

    return !it->found[index] && !billable->billed && billable->at >= it->invoice->from &&
           billable->at < it->invoice->until && billable->charged + billable->unverified > 0;
}

static bool reconciliation_add_absent(struct reconciliation *it)
{
    struct gen_invoice *invoice = it->invoice;
    struct gen_invoice_line *lines;
    size_t more = 0;

    for (size_t i = 0; i < it->count; i++) {
        more += reconciliation_absent(it, i);
    }
    lines = gen_arena_array(it->arena, invoice->count + more + 1, sizeof *lines);
    if (lines == NULL) {
        return false;
    }
    memcpy(lines, invoice->lines, invoice->count * sizeof *lines);
    invoice->lines = lines;
    for (size_t i = 0; i < it->count; i++) {
        const struct gen_billable *billable = &it->billables[i];

        if (reconciliation_absent(it, i)) {
            lines[invoice->count++] = (struct gen_invoice_line){
                .ordinal = (int64_t)invoice->count,
                .reference = "",
                .client = "",
                .model = billable->model,
                .duration_ms = billable->duration_ms,
                .at = billable->at,
                .verdict = GEN_INVOICE_MISSING_THERE,
                .attempt = billable->attempt,
                .charged = billable->charged + billable->unverified,
                .note = billable->unverified > 0 ? "we could not say whether it was billed" : ""};
        }
    }
    for (size_t i = 0; i < invoice->count; i++) {
        lines[i].ordinal = (int64_t)i + 1;
    }
    return true;
}

enum gen_status gen_reconciliation_make(struct gen_invoice *invoice,
                                        const struct gen_billable *billables, size_t count,
                                        gen_micros tolerance, struct gen_arena *arena,
                                        struct gen_error *err)
{
    struct reconciliation it = {.invoice = invoice,
                                .billables = billables,
                                .count = count,
                                .tolerance = tolerance,
                                .arena = arena,
                                .words = gen_map_create(RECONCILIATION_WORDS),
                                .seen = gen_map_create(RECONCILIATION_WORDS),
                                .found = gen_arena_array(arena, count + 1, sizeof(bool))};
    bool good = it.words != NULL && it.seen != NULL && it.found != NULL;

    if (invoice->until == 0 &&
        !gen_reconciliation_period(invoice, &invoice->from, &invoice->until)) {
        invoice->from = invoice->until = 0;
    }
    for (size_t i = 0; i < count && good; i++) {
        good = reconciliation_word(&it, billables[i].attempt.text, &billables[i]) &&
               reconciliation_handle(&it, &billables[i]);
    }
    for (int ids = 1; ids >= 0; ids--) { /* all ids before any likeness */
        for (size_t i = 0; i < invoice->count && good; i++) {
            good = reconciliation_line(&it, &invoice->lines[i], ids == 1);
        }
    }
    good = good && reconciliation_add_absent(&it);
    gen_map_destroy(it.words);
    gen_map_destroy(it.seen);
    return good ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}
