/* attempt.c - see attempt.h. */
#include "model/attempt.h"

#include <string.h>

struct attempt_row {
    enum gen_attempt_state state;
    const char *word;
    bool terminal, held;
};

static const struct attempt_row states[] = {
#define ATTEMPT_ROW(name, word, terminal, held) {name, word, terminal, held},
    GEN_ATTEMPT_TABLE(ATTEMPT_ROW)
#undef ATTEMPT_ROW
        {GEN_ATTEMPT_NONE, "", false, false}};

/* Every legal move. Whatever is not here would lose the trace of money. */
static const struct {
    enum gen_attempt_state from, to;
} moves[] = {
    {GEN_ATTEMPT_PLANNED, GEN_ATTEMPT_RESERVED},
    {GEN_ATTEMPT_PLANNED, GEN_ATTEMPT_REFUSED},
    {GEN_ATTEMPT_RESERVED, GEN_ATTEMPT_SUBMITTING},
    {GEN_ATTEMPT_RESERVED, GEN_ATTEMPT_ACCEPTED}, /* nothing that costs was sent: free local work */
    {GEN_ATTEMPT_RESERVED,
     GEN_ATTEMPT_FETCHED}, /* a finished clip is used again: nothing was sent */
    {GEN_ATTEMPT_RESERVED, GEN_ATTEMPT_REFUSED},
    {GEN_ATTEMPT_SUBMITTING, GEN_ATTEMPT_ACCEPTED},
    {GEN_ATTEMPT_SUBMITTING, GEN_ATTEMPT_REFUSED},
    {GEN_ATTEMPT_SUBMITTING, GEN_ATTEMPT_FAILED},
    {GEN_ATTEMPT_SUBMITTING, GEN_ATTEMPT_AMBIGUOUS},
    {GEN_ATTEMPT_AMBIGUOUS,
     GEN_ATTEMPT_SUBMITTING}, /* the provider honours our key: say it again */
    {GEN_ATTEMPT_AMBIGUOUS, GEN_ATTEMPT_ACCEPTED},
    {GEN_ATTEMPT_AMBIGUOUS, GEN_ATTEMPT_REFUSED},
    {GEN_ATTEMPT_AMBIGUOUS, GEN_ATTEMPT_FAILED},
    {GEN_ATTEMPT_ACCEPTED, GEN_ATTEMPT_RENDERED},
    {GEN_ATTEMPT_ACCEPTED, GEN_ATTEMPT_FAILED},
    {GEN_ATTEMPT_ACCEPTED, GEN_ATTEMPT_AMBIGUOUS}, /* no verdict within the patience allowed */
    {GEN_ATTEMPT_RENDERED, GEN_ATTEMPT_FETCHED},
    {GEN_ATTEMPT_RENDERED, GEN_ATTEMPT_FAILED},
    {GEN_ATTEMPT_FETCHED, GEN_ATTEMPT_SETTLED},
};

static const char *const verbs[] = {"", "submit", "poll", "fetch", "recover", "cancel", "health"};

static const struct attempt_row *attempt_find(enum gen_attempt_state state)
{
    const struct attempt_row *row = states;

    while (row->state != GEN_ATTEMPT_NONE && row->state != state) {
        row++;
    }
    return row;
}

bool gen_attempt_may(enum gen_attempt_state from, enum gen_attempt_state to)
{
    for (size_t i = 0; i < GEN_COUNT(moves); i++) {
        if (moves[i].from == from && moves[i].to == to) {
            return true;
        }
    }
    return false;
}

bool gen_attempt_terminal(enum gen_attempt_state state)
{
    return attempt_find(state)->terminal;
}

bool gen_attempt_holds(enum gen_attempt_state state)
{
    return attempt_find(state)->held;
}

const char *gen_attempt_word(enum gen_attempt_state state)
{
    return attempt_find(state)->word;
}

enum gen_attempt_state gen_attempt_of(const char *word)
{
    const struct attempt_row *row = states;

    while (row->state != GEN_ATTEMPT_NONE && strcmp(row->word, word) != 0) {
        row++;
    }
    return row->state;
}

const char *gen_verb_word(enum gen_verb verb)
{
    return (size_t)verb < GEN_COUNT(verbs) ? verbs[verb] : "";
}
