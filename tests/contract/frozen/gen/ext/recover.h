/* gen/ext/recover.h - extension "gen.recover/1": what became of a submission without answer?
 *
 * The engine asks for it when a request that costs money left and no answer came back. The verb
 * looks the remote job up by task->reference (which submit must have sent along). Its requests must
 * be free to repeat.
 *   DONE with a handle   the job exists: the engine goes on with poll
 *   DONE with handle ""  the provider is certain that there is no such job: nothing was bought
 *   WAIT                 not known yet, ask again
 *   FAIL                 it cannot be found out: a person decides
 */
#ifndef GEN_EXT_RECOVER_H
#define GEN_EXT_RECOVER_H

#include <gen/provider.h>

#define GEN_EXT_RECOVER "gen.recover/1"

struct gen_ext_recover {
    uint32_t size;
    uint32_t unused1;
    gen_provider_step_verb *recover;
};

#endif
