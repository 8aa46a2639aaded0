/* vendor.h - a provider that exists only here: its service with books of its own, and the plugin
 * that speaks with it.
 *
 * The books are the truth that the engine's ledger is held against. The service does what real ones
 * do: it fails before and after it has sold, forgets to say what it cost, shows a new job late,
 * hangs, and is honest about everything that it does say.
 */
#ifndef SIMULATION_VENDOR_H
#define SIMULATION_VENDOR_H

#include "host/step.h"
#include "model/job.h"
#include "model/registry.h"
#include "simulation/world.h"

enum sale_outcome { SALE_SUCCEEDS = 1, SALE_FAILS, SALE_MODERATED };

struct sale { /* one line of the books */
    char reference[GEN_IDENT_SIZE];
    int purchases;         /* how often it was bought under this reference */
    gen_micros billed;     /* what the vendor wants for it in the end */
    gen_micros price;      /* that it would cost in full */
    gen_moment visible_at; /* in the list of jobs */
    gen_moment done_at, file_at;
    enum sale_outcome outcome;
    bool says_cost, says_billing; /* as the model and the mood of the day go */
    bool cancelled, gone, stuck;
    bool asked; /* its owner knows its handle: it was asked for by it */
};

/* How the vendor's services differ from model to model; drawn for each pipeline, or
 * for each of its shots. */
struct vendor_model {
    uint32_t traits;
    bool free;     /* work of our own machine: a program, no money */
    bool uploads;  /* a free request before the one that costs */
    bool reports_cost;
    gen_micros price, most;
};

/* A request on its way, as the plugin meant it. */
enum vendor_ask { VENDOR_UPLOAD = 1, VENDOR_CREATE, VENDOR_STATUS, VENDOR_FILE, VENDOR_FIND,
                  VENDOR_CANCEL, VENDOR_RUN };

enum vendor_word { /* what an answer says */
    VENDOR_OK = 1,
    VENDOR_NO,      /* refused for good, nothing sold */
    VENDOR_SLOWER,  /* 429 */
    VENDOR_TROUBLE, /* 500, nothing sold if it was a create */
    VENDOR_UNSURE,  /* 500 in the middle of a create */
    VENDOR_GARBAGE, /* nobody understands it */
    VENDOR_NONE,    /* there is no such job */
    VENDOR_RUNNING,
    VENDOR_FAILED,
    VENDOR_REFUSED_CONTENT,
};

struct vendor_answer {
    enum vendor_ask to;
    enum vendor_word word;
    int64_t sale; /* index, -1 = none */
    gen_micros cost; /* -1 = not said */
    bool billed_said, billed;
};

struct vendor {
    struct world *world;
    struct sale *sales;
    size_t count, capacity;
    double trouble; /* how often something goes wrong, 0..1 */
    double hangs;   /* how often a job takes longer than anybody's patience */
    double confuses; /* how often it answers with the handle of another job */
};

void vendor_init(struct vendor *vendor, struct world *world);
void vendor_fini(struct vendor *vendor);
void vendor_model_draw(struct vendor *vendor, struct vendor_model *model);

/* The request has been read by the vendor: the books change, an answer comes out. */
void vendor_serve(struct vendor *vendor, enum vendor_ask ask, const char *reference,
                  const char *handle, const struct vendor_model *model,
                  struct vendor_answer *answer);

const struct sale *vendor_sale(const struct vendor *vendor, const char *reference);

/* The plugin: `answer` NULL at first. GEN_OK, or GEN_ECORRUPT as the host reports a defect. Texts of
 * the step are constants or live in `arena`. */
enum gen_status vendor_step(const struct vendor_model *model, enum gen_verb verb,
                            const struct gen_attempt *attempt, const struct vendor_answer *answer,
                            struct gen_arena *arena, struct gen_step *out);
/* What a step of the plugin asks the vendor for. */
enum vendor_ask vendor_asks(const struct gen_step *step);

#endif
