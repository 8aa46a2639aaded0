/* token_exchange.h - gets an access token for a service account (RFC 7523): a signed claim goes to the token
 * server, a token comes back.
 *
 * One exchange; keeping the token and sharing it is the signer's matter.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/signer_test.c
 */
#ifndef GEN_ENGINE_TOKEN_EXCHANGE_H
#define GEN_ENGINE_TOKEN_EXCHANGE_H

#include "base/moment.h"
#include "platform/http_client.h"
#include "platform/keyring.h"

struct gen_token_exchange;

struct gen_token_answer { /* valid during the call */
    enum gen_status
        status; /* GEN_EDENIED: refused; GEN_EUNREACHABLE: no answer, or trouble there */
    const struct gen_error *err;
    const char *token;  /* NULL without one */
    int64_t lifetime_s; /* of it */
    const char *date;   /* the server's own, "" = not said */
    bool refused;       /* the claim was not accepted, which a wrong clock can be the reason for */
};
typedef void gen_token_done(void *context, const struct gen_token_answer *answer);

struct gen_token_question {        /* borrowed for the call */
    struct gen_secret account;     /* the JSON file of the account */
    const char *token_url, *scope; /* token_url "" = as the file says */
    gen_moment now;                /* as the server's clock has it, as far as we know */
    bool allow_private, allow_loopback;
};

/* `done` comes from a later turn. GEN_EINVAL: the file of the account is none. GEN_EUNREACHABLE,
 * GEN_ENOMEM. Then no call. */
GEN_MUST_CHECK enum gen_status gen_token_exchange_start(struct gen_http_client *http,
                                                        const struct gen_token_question *question,
                                                        gen_token_done *done, void *context,
                                                        struct gen_token_exchange **out,
                                                        struct gen_error *err);
/* No `done` any more. */
void gen_token_exchange_cancel(struct gen_token_exchange **exchange);

#endif
