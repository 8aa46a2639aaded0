/* table_test.c - the states and moves that submission.pml speaks of are those of core/model/attempt.c. */
#include "model/attempt.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FIRST = GEN_ATTEMPT_PLANNED, LAST = GEN_ATTEMPT_AMBIGUOUS, COUNT = LAST + 1 };

struct protocol {
    bool known[COUNT], terminal[COUNT], held[COUNT];
    bool may[COUNT][COUNT];
};

/* The model writes the words of the states in capitals. */
static enum gen_attempt_state state_of(const char *name)
{
    char word[32] = "";

    for (size_t i = 0; name[i] != '\0' && i + 1 < sizeof(word); i++) {
        word[i] = (char)tolower((unsigned char)name[i]);
    }
    return gen_attempt_of(word);
}

static void read_line(struct protocol *protocol, const char *line)
{
    char name[32], other[32];
    int number, terminal, held;

    if (sscanf(line, "#define %31[A-Z] %d /* state %d %d */", name, &number, &terminal, &held) == 4) {
        cr_assert(eq(int, (int)state_of(name), number), "%s has another number", name);
        protocol->known[number] = true;
        protocol->terminal[number] = terminal != 0;
        protocol->held[number] = held != 0;
    } else if (sscanf(line, " :: from == %31[A-Z] && to == %31[A-Z]", name, other) == 2) {
        cr_assert(ne(int, (int)state_of(name), GEN_ATTEMPT_NONE), "what is %s?", name);
        cr_assert(ne(int, (int)state_of(other), GEN_ATTEMPT_NONE), "what is %s?", other);
        protocol->may[state_of(name)][state_of(other)] = true;
    }
}

static void read_protocol(struct protocol *protocol)
{
    char line[512];
    FILE *file = fopen(GEN_SOURCE_DIR "/tests/model/submission.pml", "r");

    memset(protocol, 0, sizeof(*protocol));
    cr_assert(file != NULL);
    while (fgets(line, sizeof(line), file) != NULL) {
        read_line(protocol, line);
    }
    fclose(file);
}

Test(table, every_state)
{
    struct protocol protocol;

    read_protocol(&protocol);
    for (int state = FIRST; state <= LAST; state++) {
        enum gen_attempt_state it = (enum gen_attempt_state)state;

        cr_assert(protocol.known[state], "the model does not know %s", gen_attempt_word(it));
        cr_assert(protocol.terminal[state] == gen_attempt_terminal(it), "%s: terminal?",
                  gen_attempt_word(it));
        cr_assert(protocol.held[state] == gen_attempt_holds(it), "%s: is money held?",
                  gen_attempt_word(it));
    }
    cr_assert(gen_attempt_word((enum gen_attempt_state)COUNT)[0] == '\0',
              "there are more states than this test looks at");
}

Test(table, every_move)
{
    struct protocol protocol;

    read_protocol(&protocol);
    for (int from = FIRST; from <= LAST; from++) {
        for (int to = FIRST; to <= LAST; to++) {
            bool may = gen_attempt_may((enum gen_attempt_state)from, (enum gen_attempt_state)to);

            cr_assert(protocol.may[from][to] == may, "%s -> %s: the engine says %s, the model not",
                      gen_attempt_word((enum gen_attempt_state)from),
                      gen_attempt_word((enum gen_attempt_state)to), may ? "yes" : "no");
        }
    }
}
