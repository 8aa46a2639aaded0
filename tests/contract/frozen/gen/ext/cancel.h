/* gen/ext/cancel.h - extension "gen.cancel/1": stop a remote job before it is finished.
 *
 * The verb has the shape of the other steps and works on task->handle. DONE means that the provider
 * has stopped it; done->cost_micros is what it bills all the same (0 nothing, -1 not said, and then
 * policy decides). FAIL with kind `expired` means that it was already finished.
 */
#ifndef GEN_EXT_CANCEL_H
#define GEN_EXT_CANCEL_H

#include <gen/provider.h>

#define GEN_EXT_CANCEL "gen.cancel/1"

struct gen_ext_cancel {
    uint32_t size;
    uint32_t unused1;
    gen_provider_step_verb *cancel;
};

#endif
