/* exercise.h - every verb of a plugin, called with what it says it can do and with what the world may
 * answer.
 *
 * Each question is put twice, the second time to the plugin as it was configured once more, and must get
 * the same; each step passes the host's customs. Recordings are recording.h's.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh, tests/contract/functions_test.sh
 */
#ifndef GEN_TESTKIT_EXERCISE_H
#define GEN_TESTKIT_EXERCISE_H

#include "cases.h"
#include "host/provider.h"
#include "report.h"

struct exercise {
    const struct gen_hosted *hosted, *other; /* other: the same, configured a second time */
    struct report *report;
    bool paid;                  /* the recording under way has asked for a paid request */
    bool first;                 /* of the models that can be tried: leaks of every answer, too */
    bool quick;                 /* of every model one case, of the first one thoroughly */
    char refusal[240];          /* why format took the last shot that it did not take */
    struct gen_arena *arena;    /* of one case; cleared between them */
    struct gen_arena *exchange; /* of one call */
};

/* Everything that needs no recording. */
void exercise_models(struct exercise *exercise);

/* One question of format; true: it can be rendered. */
bool exercise_format(struct exercise *exercise, const struct gen_model *model,
                     struct trial_case *trial, struct gen_formatted *formatted);
/* Calls a verb twice with the same reply. NULL where there is no step to go on with. */
struct gen_step *exercise_step(struct exercise *exercise, enum gen_verb verb,
                               const struct gen_task *task, const struct gen_reply *reply);
/* Does memory stay behind when it is called with this? */
void exercise_leaks(struct exercise *exercise, enum gen_verb verb, const struct gen_task *task,
                    const struct gen_reply *reply);
/* What no answer to what was asked may lead to. */
void exercise_sane(struct exercise *exercise, enum gen_verb verb, const struct gen_step *asked,
                   const struct gen_reply *reply, const struct gen_step *step);

#endif
