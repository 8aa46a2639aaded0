/* house.h - a real gend on a temporary state folder, the render service that its fake provider talks
 * to, and a way to ask it things. Everything runs on one loop; waiting is turning it.
 */
#ifndef TESTS_API_HOUSE_H
#define TESTS_API_HOUSE_H

#include "base/node.h"
#include "platform/http_client.h"
#include "platform/http_server.h"
#include "platform/process.h"

enum { HOUSE_ORDERS = 64 };

enum house_way {
    HOUSE_SOCKET = 0, /* as the owner */
    HOUSE_KEY,        /* over TCP with the key */
    HOUSE_NO_KEY,
    HOUSE_WRONG_KEY,
    HOUSE_WRONG_HOST,
    HOUSE_WRONG_ORIGIN,
};

struct house {
    char folder[64], state[96], socket[128], plugins[512];
    const char *least_free; /* of gend.yaml, megabytes */
    struct gen_loop *loop;
    struct gen_http_client *client;
    struct gen_arena *arena;
    char key[128];
    int port;
    /* gend */
    struct gen_process *gend;
    bool ended;
    int exit_code, signal;
    char last_words[4096];
    /* the render service */
    struct gen_http_server *service;
    int orders;
    char references[HOUSE_ORDERS][64];
    /* Asked first, once the body is there; false: it did not answer. */
    bool (*answer)(struct house *house, struct gen_exchange *exchange);
    void *answers; /* the test's own, for that */
    bool hold; /* jobs stay at work */
    const char *bill; /* dollars for each render; NULL = "0.05" */
    char video[128];
    const char *settings;     /* of the provider, YAML lines more; NULL = none */
    const char *log;          /* file for what gend says, instead of last_words; NULL = none */
    char authorization[1024]; /* those that came to the render service, each once, with a space behind */
};

struct house_reply {
    int status; /* 0 = none came */
    const char *type, *location, *allow, *request, *disposition, *etag, *retry, *authenticate;
    const char *body;
    size_t size;
    const struct gen_node *document; /* of a JSON body */
};

struct house_ask {
    const char *method, *path;
    const char *type, *body; /* NULL = none */
    size_t size;             /* of the body, 0 = its length as text */
    const char *file;        /* instead of body */
    const char *name, *value; /* a header more */
    enum house_way way;
    const char *bearer; /* this token, whatever the way; NULL = as the way says */
};

void house_open(struct house *house); /* zeroed, or with members set that are wishes */
void house_close(struct house *house);

/* start waits until gend answers, or has ended; more arguments may be given. stop: SIGTERM. */
void house_start(struct house *house, const char *const *more);
void house_stop(struct house *house);
void house_kill(struct house *house); /* as a power cut would */

struct house_reply house_ask(struct house *house, const struct house_ask *ask);
/* All at once, each over a connection of its own as far as the client makes them. */
void house_ask_all(struct house *house, const struct house_ask *asks, struct house_reply *replies,
                   size_t count);
struct house_reply house_get(struct house *house, const char *path);
struct house_reply house_post(struct house *house, const char *path, const char *json);

/* Admits a job of one second on the fake provider; its id. */
const char *house_submit(struct house *house, const char *title);
/* Turns the loop until the job is in one of the statuses (separated by spaces). */
void house_await(struct house *house, const char *job, const char *statuses);

/* One number of the database, by a query. */
int64_t house_number(const struct house *house, const char *sql);
/* The ledger holds together, and the log of events gives the same balances. */
void house_check_books(const struct house *house);

/* A stream of events: collects what comes. */
struct house_stream {
    struct house *house;
    struct gen_http_call *call;
    struct gen_bytes text;
    bool ended;
};
void house_follow(struct house *house, struct house_stream *stream, const char *path,
                  const char *last_event);
/* The same over TCP, with a token. */
void house_follow_as(struct house *house, struct house_stream *stream, const char *path,
                     const char *last_event, const char *token);
void house_leave(struct house_stream *stream);
/* Turns the loop until the text is in what came. */
void house_await_text(struct house_stream *stream, const char *text);

#endif
