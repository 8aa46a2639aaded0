/* money_fuzz.c - an amount that is read prints as a text that reads back as the same amount. */
/* fuzz-runs: 2500000 */
#include "base/money.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[GEN_MONEY_TEXT_SIZE];
    gen_micros amount = 0;
    gen_micros again = 0;

    if (gen_money_parse((const char *)data, size, &amount, NULL) == GEN_OK) {
        for (int decimals = 0; decimals <= 6; decimals++) {
            gen_money_text(amount, decimals, text);
            GEN_CHECK(gen_money_parse(text, strlen(text), &again, NULL) == GEN_OK);
            GEN_CHECK(again == amount);
        }
    }
    return 0;
}
