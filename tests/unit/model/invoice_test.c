/* invoice_test.c - the words of verdicts, there and back. */
#include "model/invoice.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(invoice, words)
{
    for (int verdict = GEN_INVOICE_MATCHED; verdict < GEN_INVOICE_COUNT; verdict++) {
        const char *word = gen_invoice_word((enum gen_invoice_verdict)verdict);

        cr_assert(word[0] != '\0' && gen_invoice_meaning((enum gen_invoice_verdict)verdict)[0] != '\0');
        cr_assert(eq(int, gen_invoice_of(word), verdict));
    }
    cr_assert(eq(str, (char *)gen_invoice_word(GEN_INVOICE_NONE), ""));
    cr_assert(eq(str, (char *)gen_invoice_word(GEN_INVOICE_COUNT), ""));
    cr_assert(eq(int, gen_invoice_of("paid"), GEN_INVOICE_NONE));
    cr_assert(eq(int, gen_invoice_of(""), GEN_INVOICE_NONE));
}
