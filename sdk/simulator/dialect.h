/* dialect.h - what a dialect (one provider's wire format) is, and all that it may ask of gen-sim.
 *
 * A dialect is a table of routes under one path prefix, which is its base URL. The core reads the
 * request, applies faults, keeps accounts, tasks and files, renders clips, journals, and sends the
 * answer; the dialect judges the request as strictly as the provider would, orders a task, and says
 * everything in the provider's own shapes. It is not a client of the engine and shares no code with
 * plugins/, so that one misreading of a fact sheet cannot hide in both: prices, rounding and
 * minimums are the dialect's own tables, never policies/.
 *
 * Invariant: a handler runs with the world locked. It must not sleep, start programs or touch the
 * network; what it allocates lives in call->arena and ends with the request. What is to survive goes
 * into a task, an asset or a memo: those are journaled, and a killed simulator comes back with them.
 * Money is micro-dollars (int64), time is milliseconds. Strings handed in are copied.
 *
 * Thread: handlers run on the connection's thread under the world's lock. Apart: sdk/simulator.
 * Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_DIALECT_H
#define SIM_DIALECT_H

#include "base/json.h"
#include "base/node.h"

#include <stdbool.h>
#include <stdint.h>

struct sim_world; /* everything that is: accounts, tasks, assets, memos, faults, the clock */
struct sim_call;  /* one request and its answer */

/* ------------------------------------------------------------------ accounts and their credentials */

/* An account of a provider. A dialect lists its test accounts; --account adds or replaces one. */
struct sim_account {
    const char *provider; /* "runway" */
    const char *name;     /* unique within the provider; "test" is the default one */
    const char *key;      /* API key, or access key */
    const char *secret; /* secret key (JWT), PEM or whatever the dialect makes of it; NULL = none */
    gen_micros opening; /* credit at the beginning */
    int32_t concurrency; /* tasks at once: per lane or per account, as the dialect reads it */
    int32_t daily;       /* tasks a day, 0 = no limit */
};

/* NULL when no account of that provider has this key (compared in constant time) or name. */
const struct sim_account *sim_account_by_key(const struct sim_world *world, const char *provider,
                                             const char *key);
const struct sim_account *sim_account_by_name(const struct sim_world *world, const char *provider,
                                              const char *name);
/* Opening credit and deposits, less what was billed, less the price of tasks that still live. */
gen_micros sim_account_balance(const struct sim_world *world, const struct sim_account *account);
/* How many tasks of the account are queued, throttled or running; `lane` NULL = in any lane. */
int32_t sim_account_live(const struct sim_world *world, const struct sim_account *account,
                         const char *lane);
/* Tasks of the account created since `since` (by the simulator's clock), whatever became of them. */
int32_t sim_account_since(const struct sim_world *world, const struct sim_account *account,
                          const char *lane, gen_moment since);

/* What tasks of the account cost that ended in [from, to), deleted and lost ones too; `model` NULL =
 * of any. */
gen_micros sim_account_billed(const struct sim_world *world, const struct sim_account *account,
                              const char *model, gen_moment from, gen_moment to);

/* --------------------------------------------------------------------------------- the dialect */

typedef void sim_handler(struct sim_call *call);

enum sim_route_flag {
    SIM_ROUTE_OPEN = 1u << 0, /* `enter` is not asked first */
};

struct sim_route { /* a table of these ends with method NULL */
    const char *method;
    /* Below the prefix: "/v1/tasks/{id}". {name} takes one segment (call->capture[0], [1], ...),
     * {name...} as the last one takes the rest with its slashes; a literal part may stand before
     * or after a name within a segment: "/models/{m}:predictLongRunning". First match wins. */
    const char *pattern;
    sim_handler *handle;
    uint32_t flags; /* enum sim_route_flag */
};

struct sim_dialect {
    const char *prefix;   /* "/runway": the base URL is http://127.0.0.1:PORT/runway */
    const char *provider; /* whose accounts and books: several dialects may share one */
    const struct sim_route *routes;
    /* Credentials and headers that every request needs: sets call->account and returns true, or
     * answers and returns false. NULL = open to all. */
    bool (*enter)(struct sim_call *call);
    /* Answers an error in the provider's shape. `code` is the provider's own code (NULL = the usual
     * one for that status), `message` NULL = a plausible one. Used for faults on demand, for paths
     * that no route has (404; or 405 where only the method is wrong), and by the dialect itself. */
    void (*refuse)(struct sim_call *call, int status, const char *code, const char *message);
    const struct sim_account *accounts; /* test accounts, ends with provider NULL; NULL = none */
};

/* The list of all (dialects.c): pointers, ended by NULL. A new dialect adds a line there. */
extern const struct sim_dialect *const sim_dialects[];

/* --------------------------------------------------------------------------------- the request */

enum { SIM_CAPTURES = 6 };

struct sim_call {
    struct sim_world *world;
    struct gen_arena *arena; /* of this request */
    const struct sim_dialect *dialect;
    const struct sim_account *account; /* set by the dialect's enter */
    const char *method;
    const char *path;                  /* whole, percent signs undone */
    const char *tail;                  /* below the dialect's prefix: "/v1/tasks/1", "" */
    const char *capture[SIM_CAPTURES]; /* of the route's names, percent signs undone */
    const char *body;                  /* never NULL; NUL behind it */
    size_t body_size;
    gen_moment now; /* the simulator's own clock, with the skew of POST /_sim/clock: use this one */
    const char *origin;      /* "http://127.0.0.1:PORT", from the request's Host */
    int64_t number;          /* of the request, from 1 */
    struct sim_inner *inner; /* the core's */
};

/* Value of a header (name in any case) or of a query parameter; NULL when absent. */
const char *sim_call_header(const struct sim_call *call, const char *name);
const char *sim_call_query(const struct sim_call *call, const char *name);
/* The name of the first query parameter that is not in `known` (NULL-ended); NULL when all are. */
const char *sim_call_query_unknown(const struct sim_call *call, const char *const *known);
/* The token of "Authorization: Bearer TOKEN"; NULL when the header is absent or of another scheme. */
const char *sim_call_bearer(const struct sim_call *call);
/* Is the body's Content-Type this one (parameters such as charset aside)? */
bool sim_call_type_is(const struct sim_call *call, const char *type);
/* The body as JSON, read once; NULL when it is not JSON: `*why` (may be NULL) says what is wrong. */
const struct gen_node *sim_call_json(struct sim_call *call, const char **why);

struct sim_part { /* of a multipart/form-data body, in their order */
    const char *name;
    const char *filename; /* NULL = a plain field */
    const char *type;     /* NULL = none given */
    const char *data;     /* borrowed from the body; not NUL-terminated */
    size_t size;
};
/* The parts; `*count` 0 and NULL when the body is no well-formed multipart/form-data. */
const struct sim_part *sim_call_parts(struct sim_call *call, size_t *count);

/* ---------------------------------------------------------------------------------- the answer */

/* The last of these calls wins. JSON is written compact, with Content-Type application/json. */
void sim_answer_json(struct sim_call *call, int status, const struct gen_node *node);
void sim_answer_text(struct sim_call *call, int status, const char *type, const char *text);
void sim_answer_empty(struct sim_call *call, int status);
/* The bytes of a file, with ETag, Accept-Ranges, Range (206, 416) and If-Range. */
void sim_answer_file(struct sim_call *call, const char *path, const char *type);
/* One more response header; also for answers of `refuse`. */
void sim_answer_header(struct sim_call *call, const char *name, const char *value);

/* Short builders: a map of texts for small answers, `pairs` = key, text, ..., NULL. */
struct gen_node *sim_node_texts(struct gen_arena *arena, const char *const *pairs);

/* ------------------------------------------------------------------------ checking what came in */

enum sim_type { /* flags: a field may be of several */
                SIM_TEXT = 1u << 0,
                SIM_INT = 1u << 1,    /* a whole number as JSON writes one; 5.0 is not */
                SIM_NUMBER = 1u << 2, /* any number */
                SIM_BOOL = 1u << 3,
                SIM_MAP = 1u << 4,
                SIM_LIST = 1u << 5,
                SIM_NULL = 1u << 6,
};

enum sim_field_flag {
    SIM_REQUIRED = 1u << 0,
    SIM_UTF16 = 1u << 1, /* a text's length counts UTF-16 units, not characters */
};

enum sim_wrong { /* what a complaint is about */
                 SIM_WRONG_MISSING = 1,
                 SIM_WRONG_UNKNOWN, /* a key that does not exist */
                 SIM_WRONG_TYPE,
                 SIM_WRONG_CHOICE,
                 SIM_WRONG_SMALL, /* number below min, text or list too short */
                 SIM_WRONG_BIG,
                 SIM_WRONG_FORM, /* said by a field's own check */
};

struct sim_field;
/* A check of one value that is of the right type; NULL = fine, else the complaint's message. */
typedef const char *sim_field_check(struct sim_call *call, const struct gen_node *value);

struct sim_field { /* a table of these ends with key NULL */
    const char *key;
    uint32_t type;  /* enum sim_type, several may be or-ed */
    uint32_t flags; /* enum sim_field_flag */
    /* Numbers: the value's bounds; texts: length in characters; lists: count. Both 0 = none. */
    double min, max;
    /* Texts, and numbers by their text: the words allowed, "5|10"; NULL = any. */
    const char *choices;
    const struct sim_field *fields; /* of a map, or of each map in a list; NULL = not looked into */
    uint32_t items;                 /* types of a list's items, 0 = not looked at */
    sim_field_check *check;         /* NULL = none */
};

struct sim_complaint {
    enum sim_wrong wrong;
    const struct gen_node *path;   /* a list of texts and ints: ["promptImage",0,"uri"] */
    const char *dotted;            /* "promptImage[0].uri" */
    const char *key;               /* the last name of it */
    const char *message;           /* one English sentence, ours; a dialect may word its own */
    const struct sim_field *field; /* NULL for an unknown key */
    const struct gen_node *value;  /* NULL when missing */
};

enum { SIM_COMPLAINTS = 16 };
struct sim_complaints {
    struct sim_complaint items[SIM_COMPLAINTS];
    size_t count; /* the first 16; in the table's order, unknown keys last */
};

/* Judges `map` by the table. true = nothing to complain about. */
bool sim_form_check(struct sim_call *call, const struct sim_field *fields,
                    const struct gen_node *map, struct sim_complaints *out);
/* Adds a complaint of the dialect's own about `key` of the body (or a dotted path in it). */
void sim_form_complain(struct sim_call *call, struct sim_complaints *out, enum sim_wrong wrong,
                       const char *key, const char *message);
/* Is `word` one of "a|b|c"? */
bool sim_form_among(const char *choices, const char *word);
/* Length of a text in UTF-16 units. */
size_t sim_form_utf16(const char *text, size_t size);
/* What the providers ask of a URL that they fetch: https, a domain name (no address), no
 * credentials, at most 2048 bytes. NULL = fine, else what is wrong. It is not fetched. */
const char *sim_form_https(const char *url);

/* What the bytes are, by their first bytes: "image/png", "image/jpeg", "image/webp", "image/gif",
 * "video/mp4", "video/webm", "audio/mpeg", "audio/wav", "application/pdf"; NULL = unknown. */
const char *sim_media_type(const void *data, size_t size);
/* Length of an MP4 by its header (mvhd), 0 = not known. */
int64_t sim_media_duration_ms(const void *data, size_t size);
/* Pixels of a PNG or JPEG; false when it is neither or damaged. */
bool sim_media_pixels(const void *data, size_t size, int32_t *width, int32_t *height);

/* -------------------------------------------------------------------------------------- tasks */

enum sim_state {
    SIM_QUEUED = 1, /* accepted, before its time in the queue is over */
    SIM_THROTTLED,  /* the same, and the lane is full */
    SIM_RUNNING,
    SIM_DONE,
    SIM_FILTERED, /* finished, without a clip */
    SIM_REFUSED,  /* ended by moderation */
    SIM_FAILED,   /* ended by a fault of the provider */
    SIM_CANCELLED,
};

struct sim_clip {          /* what is rendered */
    int32_t width, height; /* even */
    int32_t fps;
    int64_t duration_ms;
    bool sound;
    /* A picture or clip that begins it (path of an asset's file); NULL = a test pattern. */
    const char *first_frame;
};

struct sim_bill { /* what the account pays, by how the task ends; micro-dollars */
    gen_micros done, filtered, refused, failed, cancelled;
};

struct sim_order {    /* what a dialect orders; strings are copied */
    const char *kind; /* the endpoint: "text_to_video" */
    const char *model;
    const char *reference; /* the client's own id for it; NULL = none */
    const char *lane;      /* tasks of one account and lane share lane_max slots; NULL = model */
    int32_t lane_max;      /* at most so many run at once, the others wait; 0 = no limit */
    struct sim_clip clip;
    int32_t clips; /* number of results, 0 = 1 */
    struct sim_bill bill;
    gen_micros estimate;          /* told to the client; the price while it lives */
    const char *id;               /* told to clients; NULL = a new sim_ident_uuid */
    const struct gen_node *extra; /* whatever the dialect wants to find again; NULL = none */
};

struct sim_task {   /* read it through a const pointer; valid while the world is locked */
    int64_t serial; /* 1, 2, ...: unique, never told to a client */
    const char *id; /* told to clients; not unique under the fault duplicateId */
    const char *provider, *account, *kind, *model;
    const char *reference; /* NULL = none */
    const char *lane;
    int32_t lane_max;
    struct sim_clip clip;
    int32_t clips;
    struct sim_bill bill;
    gen_micros estimate;
    const struct gen_node *extra;   /* NULL = none */
    const struct gen_node *request; /* the body that ordered it, shortened; for the books */
    enum sim_state state;
    gen_moment created, started, ended, changed; /* the simulator's clock; 0 = not yet */
    double progress;                             /* 0..1 while running */
    gen_micros billed;                           /* final once it ended; 0 before */
    bool odd;    /* fault unknownStatus: while it runs, show a status word that nobody knows */
    bool hidden; /* fault lose, or deleted: sim_task_find does not find it */
    /* Ended by a fault rule that names its own code and text; NULL = the dialect's usual ones. */
    const char *fault_code, *fault_message;
};

/* Books a task, as the fault rules of this call say (moderate, filtered, fail, lose, duplicateId,
 * unknownStatus are applied here). NULL only when there is no memory. Whether the account can pay
 * is for the dialect to ask before. The request's JSON body is kept for the books. */
const struct sim_task *sim_task_create(struct sim_call *call, const struct sim_order *order);
/* By the id told to clients: the first one of that provider and account (account NULL = of any);
 * NULL when unknown, lost or deleted. Up to date with the clock. */
const struct sim_task *sim_task_find(struct sim_call *call, const char *id);
/* By the client's reference. The newest of equals. */
const struct sim_task *sim_task_by_reference(struct sim_call *call, const char *reference);
/* All tasks of the call's provider and account that can be found, newest first: start with NULL. */
const struct sim_task *sim_task_next(struct sim_call *call, const struct sim_task *previous);
bool sim_task_live(const struct sim_task *task); /* queued, throttled or running */
/* Ends a live task as cancelled, billed by its bill if it was running, else free; false when it had
 * ended before. */
bool sim_task_cancel(struct sim_call *call, const struct sim_task *task);
/* It is not found any more; a live one is cancelled first. It stays in the books. */
void sim_task_delete(struct sim_call *call, const struct sim_task *task);
/* The file of result `index` and its size; NULL unless the state is SIM_DONE. */
const char *sim_task_file(struct sim_call *call, const struct sim_task *task, int32_t index,
                          int64_t *size);

/* Ids, made from the seed: 36 characters "xxxxxxxx-xxxx-4xxx-...", or `digits` decimal digits. Each
 * call gives a new one. */
const char *sim_ident_uuid(struct sim_call *call);
const char *sim_ident_digits(struct sim_call *call, int digits);
/* `size` letters and digits. */
const char *sim_ident_word(struct sim_call *call, int size);

/* ------------------------------------------------------------------------------- result links */

/* A link to result `index` under /cdn, signed, valid for --link-life from now on; a fresh one each
 * time. It answers 403 afterwards, and 400 to a request that carries credentials. */
const char *sim_link_result(struct sim_call *call, const struct sim_task *task, int32_t index);
/* The same for the file of an asset. */
struct sim_asset;
const char *sim_link_asset(struct sim_call *call, const struct sim_asset *asset);

/* ------------------------------------------------------------------- assets and presigned uploads */

enum sim_upload {                      /* how the bytes come */
                  SIM_UPLOAD_HERE = 1, /* through a route of the dialect: sim_asset_store */
                  SIM_UPLOAD_FORM, /* presigned multipart POST: every pair of `fields` first, `file` last */
                  SIM_UPLOAD_PUT, /* presigned PUT with exactly the headers of `fields` */
};

struct sim_asset {
    int64_t serial;
    const char *id; /* the handle told to clients: uuid, or what terms.id said */
    const char *provider, *account;
    const char *name;           /* file name */
    const char *type;           /* media type: declared, or found in the bytes */
    const char *path;           /* of the file; NULL until the bytes are there */
    int64_t size;               /* bytes; 0 until then */
    int64_t min_size, max_size; /* of what may come */
    int64_t exact_size;         /* 0 = any */
    enum sim_upload upload;
    const struct gen_node *fields; /* map of texts; NULL = none */
    gen_moment created, expires;   /* expires 0 = never */
    const struct gen_node *extra;  /* the dialect's; NULL = none */
};

/* Like the struct, with id, path and size ignored where NULL or 0. The asset has no bytes yet.
 * NULL when there is no memory. */
const struct sim_asset *sim_asset_create(struct sim_call *call, const struct sim_asset *terms);
/* Where a presigned asset's bytes go; valid until it expires. */
const char *sim_asset_upload_url(struct sim_call *call, const struct sim_asset *asset);
/* By id, of this call's provider and account; NULL when unknown or expired. */
const struct sim_asset *sim_asset_find(struct sim_call *call, const char *id);
/* Puts the bytes there (again is fine); `type` NULL keeps the declared one. false: disk. */
bool sim_asset_store(struct sim_call *call, const struct sim_asset *asset, const void *data,
                     size_t size, const char *type);
/* Bytes behind those that are there: resumable uploads. false: disk, or past max_size. */
bool sim_asset_append(struct sim_call *call, const struct sim_asset *asset, const void *data,
                      size_t size);
/* Replaces the dialect's extra, or the state it keeps in it. */
void sim_asset_note(struct sim_call *call, const struct sim_asset *asset,
                    const struct gen_node *extra);
void sim_asset_delete(struct sim_call *call, const struct sim_asset *asset);
/* The whole file in call->arena; NULL when there is none. */
const char *sim_asset_read(struct sim_call *call, const struct sim_asset *asset, size_t *size);

/* --------------------------------------------------------------------------------------- memos */

/* Small durable notes of a dialect (replayed answers of an idempotency key, issued tokens): the
 * newest value under a key of the provider. get: a copy in call->arena, NULL = none or expired. */
void sim_memo_put(struct sim_call *call, const char *key, const struct gen_node *value,
                  gen_moment expires);
const struct gen_node *sim_memo_get(struct sim_call *call, const char *key);

/* --------------------------------------------------------------------------------------- tokens */

enum sim_jwt {
    SIM_JWT_GOOD = 1,
    SIM_JWT_MALFORMED, /* not three parts of base64url JSON */
    SIM_JWT_HEADER,    /* another alg or typ */
    SIM_JWT_SIGNATURE,
    SIM_JWT_EARLY,   /* nbf is in the future */
    SIM_JWT_EXPIRED, /* exp has passed, or is missing */
};
/* Reads a JSON Web Token without judging it: header and claims in call->arena. false: malformed. */
bool sim_jwt_read(struct sim_call *call, const char *token, const struct gen_node **header,
                  const struct gen_node **claims);
/* Judges one signed with HS256 by call->now: signature, then nbf, then exp. */
enum sim_jwt sim_jwt_judge(struct sim_call *call, const char *token, const char *secret);

#endif
