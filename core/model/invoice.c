/* invoice.c - see invoice.h. */
#include "model/invoice.h"

#include <string.h>

static const struct {
    const char *word, *text;
} verdicts[] = {{"", ""},
#define INVOICE_ROW(name, word, text) {word, text},
                GEN_INVOICE_TABLE(INVOICE_ROW)
#undef INVOICE_ROW
};

const char *gen_invoice_word(enum gen_invoice_verdict verdict)
{
    return (size_t)verdict < GEN_COUNT(verdicts) ? verdicts[verdict].word : "";
}

const char *gen_invoice_meaning(enum gen_invoice_verdict verdict)
{
    return (size_t)verdict < GEN_COUNT(verdicts) ? verdicts[verdict].text : "";
}

enum gen_invoice_verdict gen_invoice_of(const char *word)
{
    for (size_t i = 1; i < GEN_COUNT(verdicts); i++) {
        if (strcmp(verdicts[i].word, word) == 0) {
            return (enum gen_invoice_verdict)i;
        }
    }
    return GEN_INVOICE_NONE;
}
