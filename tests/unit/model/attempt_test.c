/* attempt_test.c - the few durable states, and which may follow which. */
#include "model/attempt.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

enum { FIRST = GEN_ATTEMPT_PLANNED, LAST = GEN_ATTEMPT_AMBIGUOUS };

/* One letter a target in the order of the enum: p r s a n f t u x m; all others are illegal. */
static const struct {
    enum gen_attempt_state from;
    const char *to;
} table[] = {
    {GEN_ATTEMPT_PLANNED, "ru"},    {GEN_ATTEMPT_RESERVED, "safu"},
    {GEN_ATTEMPT_SUBMITTING, "auxm"}, {GEN_ATTEMPT_ACCEPTED, "nxm"},
    {GEN_ATTEMPT_RENDERED, "fx"},   {GEN_ATTEMPT_FETCHED, "t"},
    {GEN_ATTEMPT_SETTLED, ""},      {GEN_ATTEMPT_REFUSED, ""},
    {GEN_ATTEMPT_FAILED, ""},       {GEN_ATTEMPT_AMBIGUOUS, "saux"},
};

Test(attempt, every_pair_of_states)
{
    static const char letters[] = "?prsanftuxm";

    for (size_t i = 0; i < GEN_COUNT(table); i++) {
        for (int to = FIRST; to <= LAST; to++) {
            bool legal = strchr(table[i].to, letters[to]) != NULL;

            cr_assert(gen_attempt_may(table[i].from, (enum gen_attempt_state)to) == legal,
                      "%s -> %s", gen_attempt_word(table[i].from),
                      gen_attempt_word((enum gen_attempt_state)to));
        }
    }
}

/* What is terminal stays what it is, and holds nothing; everything else can still end. */
Test(attempt, terminal_and_holding)
{
    for (int state = FIRST; state <= LAST; state++) {
        enum gen_attempt_state from = (enum gen_attempt_state)state;
        int follow = 0;

        for (int to = FIRST; to <= LAST; to++) {
            follow += gen_attempt_may(from, (enum gen_attempt_state)to);
        }
        cr_assert(gen_attempt_terminal(from) == (follow == 0), "%s", gen_attempt_word(from));
        cr_assert(gen_attempt_holds(from) ==
                      (gen_attempt_terminal(from) == false && from != GEN_ATTEMPT_PLANNED),
                  "%s", gen_attempt_word(from));
    }
}

Test(attempt, words)
{
    for (int state = FIRST; state <= LAST; state++) {
        cr_assert(eq(int, gen_attempt_of(gen_attempt_word((enum gen_attempt_state)state)), state));
    }
    cr_assert(eq(int, gen_attempt_of("Settled"), GEN_ATTEMPT_NONE));
    cr_assert(eq(int, gen_attempt_of(""), GEN_ATTEMPT_NONE));
    cr_assert(eq(str, (char *)gen_attempt_word((enum gen_attempt_state)99), ""));
    cr_assert(eq(str, (char *)gen_verb_word(GEN_VERB_CANCEL), "cancel"));
    cr_assert(eq(str, (char *)gen_verb_word((enum gen_verb)99), ""));
}
