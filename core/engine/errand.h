/* errand.h - one HTTP request of a step, from its body to its answer: put together, signed, sent, and what
 * can be mended on the way mended.
 *
 * A request that was refused for its signature (401) is signed anew and sent once more: it was refused, so
 * nothing was bought. A result that breaks off on its way is asked for from where it broke off. Nothing
 * else is ever repeated here; what costs money travels with `once`.
 * Invariant: exactly one of on_reply and on_failed is called, from a later turn, unless it was stopped;
 * credentials stand on requests for hosts that the provider declares, and on no others.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/errand_test.c
 */
#ifndef GEN_ENGINE_ERRAND_H
#define GEN_ENGINE_ERRAND_H

#include "engine/signer.h"
#include "host/step.h"
#include "platform/crypto.h"
#include "platform/loop.h"

struct gen_errand;

enum gen_errand_news { /* of an answer, or none, of one of the provider's own hosts */
                       GEN_ERRAND_ANSWERED = 1, /* it works */
                       GEN_ERRAND_TROUBLE,      /* 5xx, or no answer */
                       GEN_ERRAND_NEUTRAL, /* too fast, no permission: says nothing of its health */
};

struct gen_errand_world { /* what all errands share; borrowed */
    struct gen_loop *loop;
    struct gen_http_client *http;
    struct gen_signer *signer; /* NULL: nothing can be signed */
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log; /* may be NULL */
    bool allow_private;        /* providers may be anywhere, over plain http (tests) */
    int64_t
        resume_pause_ms; /* before a result is gone on with; doubled each time; 0 = half a second */
    /* An answer that trickles is given up: one that is read, after so long in all; a result that
     * brings less than a few kilobytes a second for so long, or is not complete after so long in
     * all, however often it was gone on with. 0 = two minutes; one minute; two hours. */
    int64_t answer_ms, slow_ms, result_ms;
    /* What the provider's own hosts are like; may be NULL. pause_ms: it asked for so long a pause. */
    void (*on_news)(void *context, const char *provider, enum gen_errand_news news, int64_t took_ms,
                    int64_t pause_ms, const char *reason);
    void *context; /* of on_news */
};

struct gen_errand_failure { /* valid during the call */
    bool not_sent;          /* certain: no byte of it left */
    bool auth;              /* it could not be signed, a person must look; then nothing was sent */
    bool too_large;         /* more came of the result than result_most */
    const char *reason;
};

struct
    gen_errand_spec { /* what it points to is borrowed until the errand has ended or was stopped */
    const struct gen_step *step;    /* of type HTTP */
    struct gen_signing_order order; /* credential NULL = a bare request */
    bool loopback_http;             /* it may go to this machine */
    const char *folder;             /* for files of ours; NULL: bodies in memory and answers only */
    const char *const *assets;      /* paths, by index */
    const char *result;  /* path for GEN_SINK_RESULT and what is extracted; NULL = dropped */
    int64_t result_most; /* bytes of that, whatever the step says; 0 = 8 GiB */
    const char *label;   /* for the log: the attempt's id */
    void (*on_reply)(void *context, const struct gen_reply *reply);
    void (*on_failed)(void *context, const struct gen_errand_failure *failure);
    void *context;
};

/* GEN_EINVAL, GEN_EDENIED: the request may not go out (see http_client.h). GEN_ENOTFOUND, GEN_EIO: an
 * asset. GEN_ENOMEM. Then no call. */
GEN_MUST_CHECK enum gen_status gen_errand_start(const struct gen_errand_world *world,
                                                const struct gen_errand_spec *spec,
                                                struct gen_errand **out, struct gen_error *err);
/* Silences and ends it; sets NULL. NULL inside is allowed. */
void gen_errand_stop(struct gen_errand **errand);

#endif
