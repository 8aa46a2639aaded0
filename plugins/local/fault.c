/* fault.c - see fault.h. */
#include "fault.h"

#include <string.h>

const char *fault_last_line(const struct local *local, const char *text)
{
    size_t end = strlen(text), start;

    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r' || text[end - 1] == ' ')) {
        end--;
    }
    for (start = end; start > 0 && text[start - 1] != '\n' && end - start < 300;) {
        start--;
    }
    return local->host->print(local->arena, "%.*s", (int)(end - start), text + start);
}

int32_t fault_step(const struct local *local, struct gen_provider_step *step, int kind,
                   const char *code, const char *text)
{
    struct gen_provider_fail *failed = local->host->alloc(local->arena, sizeof(*failed));

    if (failed == NULL || text == NULL) {
        return GEN_VERDICT_BROKEN;
    }
    failed->size = sizeof(*failed);
    failed->kind = kind;
    failed->billed = GEN_BILLED_NO;
    failed->code = code;
    failed->message = text;
    failed->field = "";
    failed->cost_micros = 0;
    step->kind = GEN_STEP_FAIL;
    step->fail = failed;
    return GEN_VERDICT_OK;
}
