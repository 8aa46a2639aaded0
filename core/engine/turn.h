/* turn.h - one turn of the machine: the input, and what comes out of it (changes and effects).
 *
 * The lowest room of the engine: stages use it to record what happened and to ask for what comes
 * next. It decides nothing.
 * Invariant: every move of an attempt goes through gen_turn_move, so none escapes the event log.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c
 */
#ifndef GEN_ENGINE_TURN_H
#define GEN_ENGINE_TURN_H

#include "decide/retry.h"
#include "engine/patience.h"
#include "host/provider.h"
#include "platform/crypto.h"

/* What happened. */
enum gen_input_kind {
    GEN_INPUT_START = 1,  /* the job is durable: admitted just now, or loaded after a restart */
    GEN_INPUT_SLOT,       /* shot: its lane has room for it */
    GEN_INPUT_STEP,       /* shot: its verb answered with a step */
    GEN_INPUT_DEFECT,     /* shot: its verb failed: status and reason */
    GEN_INPUT_UNANSWERED, /* shot: the step was performed without an answer: fate and reason */
    GEN_INPUT_TIMER,      /* shot: the time it asked for is over */
    GEN_INPUT_CLIP,       /* shot: its result is stored (digest), or is not usable (status) */
    GEN_INPUT_OUTPUT,     /* pipeline: its video is stored (output), or cannot be made (status) */
    GEN_INPUT_PROGRESS,   /* shot: a running program reported progress */
    GEN_INPUT_REFUSED,    /* shot: the hold for another attempt was refused (status, reason) */
    GEN_INPUT_CANCEL,     /* job: somebody wants it cancelled */
    GEN_INPUT_REUSED, /* shot: a finished clip of the same order is there: digest, made_by, made_for */
    GEN_INPUT_SUPPLIED, /* shot: what it was promised is stored (supplies), or not (status) */
    GEN_INPUT_PAUSE,    /* job: somebody wants nothing new to be ordered; reason */
    GEN_INPUT_RESUME,   /* job: ... and to go on; reason */
    GEN_INPUT_RETRY, /* job, also one that is over: what failed is to be tried again; model, reason */
    GEN_INPUT_RESOLVE, /* shot: somebody knows what became of its order: finding, handle, cost, reason */
    GEN_INPUT_STRANGER, /* shot: the handle that it was given is another attempt's: from, reason */
};

/* What somebody found out about an order of unknown fate. */
enum gen_finding {
    GEN_FINDING_NOT_BOUGHT = 1, /* the provider never had it */
    GEN_FINDING_LOST,           /* it was bought, and there is nothing to be had of it */
    GEN_FINDING_HANDLE,         /* it is there, under this handle */
};

/* How far a performed step got that has no answer. */
enum gen_fate {
    GEN_FATE_NOT_SENT = 1, /* certain: nothing left us */
    GEN_FATE_UNKNOWN,      /* it may have been read */
};

struct gen_input {
    enum gen_input_kind kind;
    size_t pipeline, shot; /* indexes, where the kind names one */
    gen_moment now;
    const struct gen_actor *actor; /* who wants it; NULL = nobody but the engine */
    const struct gen_step *step;   /* STEP */
    enum gen_fate fate;            /* UNANSWERED */
    bool costs;                    /* UNANSWERED: the request was one that costs money */
    enum gen_status
        status;         /* DEFECT, CLIP, OUTPUT, SUPPLIED, REFUSED; GEN_OK for a good clip, ... */
    const char *reason; /* one sentence, "" = none */
    const char *digest; /* CLIP, REUSED */
    const char *order;  /* CLIP: digest of the order it answers; NULL = it is not kept for reuse */
    const struct gen_ident *made_by, *made_for; /* REUSED: attempt and job that made it */
    const struct gen_output *output;            /* OUTPUT */
    int32_t progress_ppm;                       /* PROGRESS */
    gen_micros price;  /* SLOT: what it costs if it starts now; 0 = as quoted */
    gen_micros needed; /* SLOT: what it may cost at most, as bills were of late; 0 = as is held */
    const struct gen_asset *supplies; /* SUPPLIED: one for each that the shot was promised */
    const char *account; /* STEP: with a handle: whose at the provider; NULL = the daemon's own */
    enum gen_attempt_state from; /* STRANGER: where the store has the attempt */
    const char *model;           /* RETRY: "provider/model" to make it with; NULL = as it was */
    enum gen_finding finding;    /* RESOLVE */
    const char *handle;          /* RESOLVE: of HANDLE */
    gen_micros cost;             /* RESOLVE: of LOST; -1 = as estimated */
    struct gen_error
        *answer; /* RETRY, RESOLVE: why nothing was done; its status is GEN_OK before */
};

/* What is to be done once the changes of the turn are durable. */
enum gen_effect_kind {
    GEN_EFFECT_WANT_SLOT = 1, /* queue in the lane of the shot's provider */
    GEN_EFFECT_FREE_SLOT,     /* leave the lane, or its queue */
    GEN_EFFECT_CALL,          /* call `verb` without a reply */
    GEN_EFFECT_PERFORM,       /* perform the step of this input, then call `verb` with the reply */
    GEN_EFFECT_WAKE,          /* a TIMER input after wait_ms */
    GEN_EFFECT_STORE_CLIP,    /* store the result named `file` ("" = the result sink) */
    GEN_EFFECT_STOP,          /* end what the shot has under way; its outcome is not wanted */
    GEN_EFFECT_ASSEMBLE,      /* make the pipeline's video of its clips */
    GEN_EFFECT_STOP_ASSEMBLY, /* give that up */
    GEN_EFFECT_PROGRESS,      /* tell live listeners */
    GEN_EFFECT_OVER,          /* the job is over: forget it */
    GEN_EFFECT_SUPPLY,        /* make what the shot was promised of the clips before it */
    GEN_EFFECT_STOP_SUPPLY,   /* give that up */
};

struct gen_effect {
    struct gen_effect *next;
    enum gen_effect_kind kind;
    size_t pipeline, shot;
    enum gen_verb verb;
    int64_t wait_ms;
    bool front;       /* WANT_SLOT: it had one before a restart */
    bool holds_money; /* the changes of this turn hold money and may be refused for it */
    /* CALL: the changes of this turn take a handle and may be refused for it; the attempt was in
     * this state before. 0 = none */
    enum gen_attempt_state takes_from;
    const char *file;    /* STORE_CLIP */
    uint32_t generation; /* the shell's: of the flight when the effect was asked for */
};

struct gen_turn;
struct gen_rerouted {     /* where a shot goes on */
    struct gen_shot shot; /* as it is ordered there; its texts in the arena of the turn */
    bool
        capped; /* that provider has a limit of its own: what the shot holds cannot simply go over */
};
/* Is there another provider for the turn's shot, with what is left of time and money?
 * GEN_ENOTFOUND: `why` says why not. Changes nothing. */
typedef enum gen_status gen_elsewhere_call(void *context, const struct gen_turn *turn,
                                           struct gen_rerouted *out, struct gen_error *why);

/* What may have been bought at a provider today for the turn's organization, and nobody knows;
 * INT64_MAX: that cannot be found out. */
typedef gen_micros gen_doubted_call(void *context, const char *provider, gen_moment now);

struct gen_turn { /* one call of the machine */
    struct gen_job *job;
    struct gen_pipeline *pipeline; /* NULL for inputs of the job */
    struct gen_shot *shot;         /* NULL for inputs of a job or pipeline */
    const struct gen_input *input;
    const struct gen_random *random;
    const struct gen_retry_rules *retry;   /* where there is no policy (tests, the simulation) */
    const struct gen_retry_policy *policy; /* NULL = retry */
    const struct gen_patience *patience;
    gen_elsewhere_call *elsewhere; /* NULL = shots stay where they are */
    void *elsewhere_context;
    gen_doubted_call *doubted; /* NULL = it cannot be found out */
    void *doubted_context;
    struct gen_changes *changes;     /* out */
    struct gen_arena *arena;         /* of the effects */
    struct gen_effect *first, *last; /* out */
};

/* Points the turn at a shot (or a whole pipeline with shot NULL). */
void gen_turn_aim(struct gen_turn *turn, struct gen_pipeline *pipeline, struct gen_shot *shot);

/* A text that lives as long as the job; "" when there is no memory (such text is only for people). */
const char *gen_turn_keep(struct gen_turn *turn, const char *text);

/* The same in a place that is used again: the text that stood there before is gone. */
const char *gen_turn_rewrite(struct gen_turn *turn, struct gen_rewrite *place, const char *text);

uint32_t gen_turn_draw(struct gen_turn *turn);

/* Appends an effect for the shot (or pipeline) aimed at; NULL when there is no memory. */
struct gen_effect *gen_turn_effect(struct gen_turn *turn, enum gen_effect_kind kind);
void gen_turn_wake(struct gen_turn *turn, int64_t wait_ms);
/* Sets the shot's verb; with another one than before its patience begins anew. */
void gen_turn_verb(struct gen_turn *turn, enum gen_verb verb);
void gen_turn_call(struct gen_turn *turn, enum gen_verb verb); /* sets the verb as well */
/* The shot wants its lane, unless its order has to wait: for what it was promised, or for people.
 * Then it is an effect that does nothing; NULL when there is no memory. */
struct gen_effect *gen_turn_want(struct gen_turn *turn);
/* Wakes the shot after a pause of its verb; all of them together are shot->waited_ms. */
void gen_turn_pause(struct gen_turn *turn, int64_t wait_ms);

/* Our own trouble (disk, programs): a person is told, and the shot is woken to try again. */
void gen_turn_trouble(struct gen_turn *turn);

/* Progress of the shot, if it is more than before: with it the pipeline's estimate moves, and live
 * listeners are told. */
void gen_turn_progress(struct gen_turn *turn, int32_t progress_ppm);

/* Moves the shot's attempt: checks the table, records the change and the event. */
void gen_turn_move(struct gen_turn *turn, enum gen_attempt_state to);
/* The plugin's own state text, durable before the step is performed. */
void gen_turn_note(struct gen_turn *turn, const char *step_state);
/* A ledger entry of the shot's attempt, with its event; nothing for an amount of 0. But for a hold,
 * which stands in attempt->hold already, it takes from attempt->hold what the entry ends of it. */
void gen_turn_entry(struct gen_turn *turn, enum gen_ledger_kind kind, gen_micros amount,
                    const char *basis);
/* More is held for an attempt that holds already, in the periods in which that counts: bills were
 * higher than the price list. In attempt->hold from here on. */
void gen_turn_top_up(struct gen_turn *turn, gen_micros amount, const char *basis);
/* A hold that takes over what attempt "from" released in this turn. */
void gen_turn_carry(struct gen_turn *turn, const struct gen_ident *from, gen_micros amount);
/* An event of the pipeline aimed at, or of the job; `key`, `value` add one pair (NULL = none). */
void gen_turn_event(struct gen_turn *turn, enum gen_event_kind kind, const char *key,
                    const char *value);

/* The event that the shot, which was made by from_provider/from_model, is ordered elsewhere from
 * here on. */
void gen_turn_moved(struct gen_turn *turn, const char *from_provider, const char *from_model,
                    const char *reason);

/* The event that a finished clip (of this input) takes the place of a render. */
void gen_turn_reused(struct gen_turn *turn);

/* Status and stage of the pipeline aimed at, of the job: recorded with their events when changed. */
void gen_turn_stage(struct gen_turn *turn, enum gen_stage stage);
void gen_turn_pipeline_status(struct gen_turn *turn, enum gen_pipeline_status status);
void gen_turn_job_status(struct gen_turn *turn, enum gen_job_status status);

#endif
