/* gen/provider.h - the contract between Generation Engine and a provider plugin.
 *
 * ABI 1.0, frozen on 2026-11-22: a plugin built with this header loads in every later 1.x. What comes
 * is added at the ends of structs and enumerations (tests/contract/frozen_test.sh compares). This one
 * header, and the C standard library, is all that a plugin needs.
 *
 * What a plugin is: a shared object that turns a rendering task into the next request and an answer
 * into the next step. It does NO I/O: no files, no sockets, no threads, no clock, no environment.
 * The engine performs what a step asks for and calls again with the answer. So every verb is values
 * in, values out: the same input gives the same output, and a plugin can be replayed from a
 * recording, fuzzed, and run inside a process without system calls.
 *
 * What a plugin never sees: credentials (it names one, the engine signs the request), other jobs,
 * money that was not about its own task.
 *
 * Rules that hold for every struct here
 *   - A struct that the other side may grow starts with `size`, the bytes its writer knew. Read a
 *     member only when size covers it: GEN_HAS(pointer, member). Growth is at the end only.
 *   - Arrays are pointer, count, and the element size where elements may grow.
 *   - Text is UTF-8, NUL-terminated, and never NULL unless the comment says so; "" means none.
 *   - Enumerations cross as int32_t. 0 is never a meaningful value. An unknown value is not an
 *     error of the other side: treat it as the comment of the member says.
 *   - Durations are milliseconds, sizes bytes, instants milliseconds since 1970-01-01 UTC, money
 *     micro-dollars (US$ 1 = 1,000,000), all int64_t.
 *   - Memory: everything a plugin hands back is allocated with host->alloc from the arena it was
 *     given for that call, or is constant data of the plugin. Nobody frees anything. What the host
 *     passes in is valid until the call returns.
 *   - Thread: the host calls one verb at a time for one `self`, from any thread.
 *
 * Build: gcc -std=c11 -fPIC -fvisibility=hidden -shared -Wl,-z,defs -o name.so name.c
 */
#ifndef GEN_PROVIDER_H
#define GEN_PROVIDER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GEN_PROVIDER_ABI_MAJOR 1 /* part of the entry's symbol: another major, another symbol */
#define GEN_PROVIDER_ABI_MINOR 0 /* grows with each added member or service */

/* Is `member` of `*pointer` inside what its writer filled? */
#define GEN_HAS(pointer, member) \
    ((size_t)(pointer)->size >= offsetof(__typeof__(*(pointer)), member) + \
                                   sizeof((pointer)->member))

/* In front of the entry, which must be seen from outside; in C++ with extern "C" before it. */
#if defined(__GNUC__)
#define GEN_PROVIDER_EXPORT __attribute__((visibility("default")))
#else
#define GEN_PROVIDER_EXPORT
#endif

struct gen_arena; /* opaque: where answers are allocated */
struct gen_node;  /* opaque: a JSON value, read and built through the host */
struct gen_host;
struct gen_provider;

/* The one exported function: `const struct gen_provider *gen_provider_entry_1(host)`.
 * Returns a constant struct, or NULL when this host cannot serve it (after host->log). Called once
 * after loading; `host` stays valid as long as the plugin is loaded. */
#define GEN_PROVIDER_ENTRY gen_provider_entry_1
#define GEN_PROVIDER_ENTRY_NAME "gen_provider_entry_1"
typedef const struct gen_provider *gen_provider_entry(const struct gen_host *host);

/* What a verb returns. */
enum gen_verdict {
    GEN_VERDICT_OK = 1,      /* the out struct is filled */
    GEN_VERDICT_REFUSED = 2, /* the task or settings cannot be served; *message says why */
    GEN_VERDICT_BROKEN = 3,  /* out of memory or a defect of the plugin; *message says what */
};

/* ------------------------------------------------------------------ services of the host -- */

enum gen_log_level { GEN_LOG_DEBUG = 1, GEN_LOG_INFO = 2, GEN_LOG_WARN = 3, GEN_LOG_ERROR = 4 };

enum gen_json_type {
    GEN_JSON_ABSENT = 0, /* of a NULL node */
    GEN_JSON_NULL = 1,
    GEN_JSON_BOOL = 2,
    GEN_JSON_NUMBER = 3,
    GEN_JSON_STRING = 4,
    GEN_JSON_LIST = 5,
    GEN_JSON_MAP = 6,
};

/* Every function accepts NULL nodes: reading gives the fallback, building gives NULL. */
struct gen_host {
    uint32_t size;
    uint16_t major, minor; /* of the host's ABI */
    const char *version;   /* of the engine, for logs */

    /* Zeroed memory, aligned for any type; NULL when the call's memory limit is used up. */
    void *(*alloc)(struct gen_arena *arena, size_t size);
    /* printf into the arena; NULL as above. */
    char *(*print)(struct gen_arena *arena, const char *format, ...);

    /* One line in the engine's log, under the plugin's name; `host` is the table that the entry
     * got (each plugin has its own). Secrets cannot get here: a plugin has none. */
    void (*log)(const struct gen_host *host, int32_t level, const char *format, ...);

    /* Is this program of the list in struct gen_provider installed? 1 or 0; constant once the entry
     * has returned (0 before: the list is not known yet). */
    int32_t (*has_program)(const struct gen_host *host, const char *name);

    /* JSON. parse: NULL when the text is not one JSON value (depth and size are limited). */
    const struct gen_node *(*json_parse)(struct gen_arena *arena, const char *text, size_t size);
    int32_t (*json_type)(const struct gen_node *node); /* enum gen_json_type */
    const struct gen_node *(*json_get)(const struct gen_node *map, const char *key);
    /* Of a list or, in its order, of a map; NULL past the end. Its effort grows with the index. */
    const struct gen_node *(*json_at)(const struct gen_node *node, size_t index);
    size_t (*json_count)(const struct gen_node *node); /* of a list or map, else 0 */
    const char *(*json_key)(const struct gen_node *node); /* its key inside a map, or "" */
    const char *(*json_text)(const struct gen_node *node, const char *fallback);
    int64_t (*json_integer)(const struct gen_node *node, int64_t fallback);
    double (*json_number)(const struct gen_node *node, double fallback);
    int32_t (*json_truth)(const struct gen_node *node, int32_t fallback);
    /* Exact micro-dollars from a number of dollars, `fallback` where it is none. */
    int64_t (*json_dollars)(const struct gen_node *node, int64_t fallback);

    /* Builders. set and push attach `child` (made by a builder, without a parent) and return it; set
     * replaces what the key had. NULL, and nothing is changed, when the parent is not a map or list,
     * the child has a parent already, or the document would become deeper than 64. */
    struct gen_node *(*json_map)(struct gen_arena *arena);
    struct gen_node *(*json_list)(struct gen_arena *arena);
    struct gen_node *(*json_new_text)(struct gen_arena *arena, const char *text);
    struct gen_node *(*json_new_integer)(struct gen_arena *arena, int64_t value);
    struct gen_node *(*json_new_number)(struct gen_arena *arena, double value);
    struct gen_node *(*json_new_truth)(struct gen_arena *arena, int32_t value);
    struct gen_node *(*json_new_null)(struct gen_arena *arena);
    struct gen_node *(*json_set)(struct gen_arena *arena, struct gen_node *map, const char *key,
                                 struct gen_node *child);
    struct gen_node *(*json_push)(struct gen_node *list, struct gen_node *child);
    struct gen_node *(*json_copy)(struct gen_arena *arena, const struct gen_node *node);
    /* Compact text; *size (may be NULL) is its length. */
    const char *(*json_write)(struct gen_arena *arena, const struct gen_node *node, size_t *size);

    /* Standard base64 (RFC 4648 section 4, padded); decode gives NULL on other text. */
    const char *(*base64_encode)(struct gen_arena *arena, const void *data, size_t size);
    const void *(*base64_decode)(struct gen_arena *arena, const char *text, size_t *size);
    /* Percent-encodes everything but RFC 3986 unreserved characters. */
    const char *(*url_encode)(struct gen_arena *arena, const char *text);
    /* BLAKE2b-256 as 64 lower-case hexadecimal digits. */
    const char *(*hash)(struct gen_arena *arena, const void *data, size_t size);
};

/* ------------------------------------------------------------------------- capabilities -- */

/* Needs that a model meets (bits of gen_provider_model.needs). */
enum gen_need {
    GEN_NEED_TEXT_OVERLAY = 1 << 0,
    GEN_NEED_IMAGE_ANIMATION = 1 << 1, /* starts from a supplied picture */
    GEN_NEED_AVATAR = 1 << 2,
    GEN_NEED_LIP_SYNC = 1 << 3,
    GEN_NEED_EFFECTS = 1 << 4,
    GEN_NEED_TRANSFORMATION = 1 << 5,
    GEN_NEED_ARTISTIC_STYLE = 1 << 6,
    GEN_NEED_PHOTOREALISTIC = 1 << 7,
    GEN_NEED_CINEMATIC = 1 << 8,
    GEN_NEED_VOICE = 1 << 9,  /* speaks dialogue without a face */
    GEN_NEED_MUSIC = 1 << 10, /* makes or lays a music bed */
};

enum gen_model_flag {
    /* Takes all scenes of a storyboard as one shot and joins them itself, with text, transitions,
     * end card and sound. Without it the engine asks for one shot a scene and joins them. */
    GEN_MODEL_WHOLE_STORYBOARD = 1 << 0,
    /* Submitting the same task with the same client reference again is known to be the same job
     * at the provider: the engine may repeat a submission whose fate it does not know. */
    GEN_MODEL_SUBMIT_IDEMPOTENT = 1 << 1,
    /* Reports what a finished render cost (gen_provider_done.cost_micros). */
    GEN_MODEL_REPORTS_COST = 1 << 2,
    /* Reports progress or queue position while polled. */
    GEN_MODEL_REPORTS_PROGRESS = 1 << 3,
    /* Any duration, ratio and size inside the maxima, not only the listed ones. */
    GEN_MODEL_ANY_RATIO = 1 << 4,
    GEN_MODEL_AUDIO = 1 << 5, /* its clips carry sound */
    /* Takes an asset of the role GEN_ROLE_FIRST_FRAME and starts from it: the engine may split a
     * scene that is too long for one call, and each slice goes on from the last frame before it. */
    GEN_MODEL_FIRST_FRAME = 1 << 6,
    /* Joins footage that stands in the task (one asset of the role GEN_ROLE_VIDEO a scene) into the
     * whole video: text, transitions, logo, end card and sound. Implies GEN_MODEL_WHOLE_STORYBOARD
     * and a price of 0: the engine uses it to finish what models without it rendered. */
    GEN_MODEL_COMPOSES = 1 << 7,
};

struct gen_provider_size {
    int32_t width, height;
};

struct gen_provider_model {
    uint32_t size;
    uint32_t needs;         /* bits of enum gen_need */
    uint32_t flags;         /* bits of enum gen_model_flag */
    int32_t tier;           /* 1 fast and cheap, 2 balanced, 3 premium */
    const char *id;         /* "gen4.5": the model's own name, without the provider's */
    const char *name;       /* for people */
    int64_t min_duration_ms, max_duration_ms; /* of one shot */
    const int64_t *durations_ms;              /* the only ones, or NULL for any in the range */
    size_t duration_count;
    const struct gen_provider_size *sizes; /* listed sizes; with GEN_MODEL_ANY_RATIO examples */
    size_t size_count;
    int32_t max_width, max_height;
    int32_t max_frame_rate;
    int32_t max_scenes;        /* per shot; 1 without GEN_MODEL_WHOLE_STORYBOARD */
    int32_t max_prompt;        /* characters, 0 = no limit known */
    int32_t max_assets;        /* per shot */
    int64_t max_asset_bytes;   /* each, 0 = no limit known */
    const char *asset_types;   /* "image/png image/jpeg", "" = takes none */
    int32_t max_concurrent;    /* renders at once on one account, 0 = no limit known */
    int32_t rate_per_minute;   /* submissions, 0 = no limit known */
    double quality;            /* declared, 0 to 10, before there is a history; 0 = unknown */
    double seconds_per_second; /* declared wall time per second of video; 0 = unknown */
};

/* How the engine signs a request that names a credential. The secrets stay with the engine; which
 * stored secret stands behind a part is set in the provider's policy file (`credentials:`). */
enum gen_scheme {
    GEN_SCHEME_HEADER = 1, /* `header`: `prefix` and the secret. Part: "key" */
    GEN_SCHEME_BEARER = 2, /* authorization: Bearer and the secret. Part: "key" */
    /* Bearer of a JWT (HS256 over {"alg":"HS256","typ":"JWT"}) with iss = the part "access",
     * exp = now + lifetime_s, nbf = now - 5; the HMAC key is the part "secret" as text. It is
     * kept until shortly before it ends. Parts: "access", "secret" */
    GEN_SCHEME_JWT_HS256 = 3,
    /* Bearer of an access token that the engine gets for a Google service account (RFC 7523,
     * RS256) at `token_url`, or where the account's file says. Part: "account", the JSON file */
    GEN_SCHEME_SERVICE_ACCOUNT = 4,
};

struct gen_provider_credential {
    uint32_t size;
    int32_t scheme;     /* enum gen_scheme; unknown = the plugin is refused */
    const char *name;   /* by which requests name it: lower case letters, digits, '-' */
    const char *header; /* HEADER: "x-api-key"; else "" */
    const char *prefix; /* HEADER: "Key ", else "" */
    const char *token_url; /* SERVICE_ACCOUNT, "" = the one in the account's file */
    const char *scope;     /* SERVICE_ACCOUNT */
    int64_t lifetime_s;    /* JWT_HS256; 0 = 1800 */
    const char *hint;      /* where to get it, for people */
};

struct gen_provider_capabilities {
    uint32_t size;
    uint32_t model_size; /* sizeof(struct gen_provider_model) of the plugin */
    const struct gen_provider_model *models;
    size_t model_count;
    /* Hosts that may receive this provider's credentials: "api.vendor.com", or ".vendor.com" for
     * any below it, in lower case; on the scheme's own port, or on the one in "api.vendor.com:8443".
     * Over plain http only on the loopback address. A request that names a credential for any other
     * host breaks the contract. NULL-terminated, at most 64; may be NULL. */
    const char *const *hosts;
    const struct gen_provider_credential *credentials; /* that requests may name; at most 8 */
    size_t credential_count;
    uint32_t credential_size; /* sizeof(struct gen_provider_credential) of the plugin */
    uint32_t unused1;
};

/* -------------------------------------------------------------------------------- a task -- */

enum gen_asset_role {
    GEN_ROLE_PICTURE = 1,     /* shown in a scene */
    GEN_ROLE_LOGO = 2,
    GEN_ROLE_MUSIC = 3,       /* bed under the whole video */
    GEN_ROLE_VOICE = 4,       /* recorded voice of a scene */
    GEN_ROLE_VIDEO = 5,       /* footage shown in a scene */
    GEN_ROLE_FIRST_FRAME = 6, /* the picture this shot must start from */
    GEN_ROLE_FONT = 7,
};

struct gen_provider_asset {
    uint32_t size;
    int32_t role;           /* enum gen_asset_role; skip roles you do not know */
    const char *id;         /* ast_... */
    const char *media_type; /* sniffed, not what the user said */
    const char *hash;       /* BLAKE2b-256, hex */
    const char *file;       /* its name inside the scratch directory of a RUN step */
    int64_t bytes;
    int32_t width, height;  /* pictures and videos, else 0; as displayed (rotation applied) */
    int64_t duration_ms;    /* sound and video, else 0 */
};

enum gen_overlay_role {
    GEN_OVERLAY_HEADLINE = 1,
    GEN_OVERLAY_BODY = 2,
    GEN_OVERLAY_BADGE = 3,  /* a price, "-30 %", "new": short and loud */
    GEN_OVERLAY_ACTION = 4, /* what to do now: "Shop now" */
    GEN_OVERLAY_LEGAL = 5,  /* small print */
};

struct gen_provider_overlay {
    uint32_t size;
    int32_t role; /* enum gen_overlay_role; unknown = body */
    const char *text;
};

/* How a scene comes in. */
enum gen_transition {
    GEN_TRANSITION_CUT = 1,
    GEN_TRANSITION_FADE = 2,  /* cross-fade */
    GEN_TRANSITION_SLIDE = 3,
    GEN_TRANSITION_WIPE = 4,
};

enum gen_motion {
    GEN_MOTION_AUTO = 1,
    GEN_MOTION_ZOOM_IN = 2,
    GEN_MOTION_ZOOM_OUT = 3,
    GEN_MOTION_PAN_LEFT = 4,
    GEN_MOTION_PAN_RIGHT = 5,
    GEN_MOTION_STILL = 6,
};

struct gen_provider_scene {
    uint32_t size;
    uint32_t overlay_size; /* element size of overlays */
    const char *id;
    const char *prompt;
    const char *negative_prompt; /* "" */
    const char *style;           /* free words, "" */
    const char *dialogue;        /* spoken words, "" */
    const char *language;        /* BCP 47 of dialogue and overlays, "" = unknown */
    int64_t duration_ms;
    int32_t presenter;  /* 1: a person on screen speaks the dialogue */
    int32_t transition; /* enum gen_transition, how this scene comes in; unknown = cut */
    int32_t motion;     /* enum gen_motion of its picture; unknown = auto */
    int32_t unused1;
    const struct gen_provider_overlay *overlays;
    size_t overlay_count;
    const int32_t *assets; /* indexes into gen_provider_task.assets */
    size_t asset_count;
};

struct gen_provider_brand {
    uint32_t size;
    int32_t logo;           /* index into task assets, -1 = none */
    const char *name;       /* "" */
    const char *font;       /* family, "" = the renderer's choice */
    /* "#rrggbb", "" = the renderer's choice */
    const char *primary, *accent, *background, *text;
};

struct gen_provider_end_card {
    uint32_t size;
    int32_t present; /* 1 or 0: no end card */
    const char *headline, *body, *action, *legal; /* "" = none */
    int64_t duration_ms;
};

struct gen_provider_sound {
    uint32_t size;
    int32_t music;           /* index into task assets, -1 = none supplied */
    const char *mood;        /* bed to be made: "upbeat", "calm", "bold", ..., "" = no bed */
    const char *voice;       /* voice name, "" = the renderer's choice */
    int64_t unused1;
};

struct gen_provider_task {
    uint32_t size;
    uint32_t scene_size, asset_size; /* element sizes of the host */
    int32_t width, height;           /* asked for */
    int32_t frame_rate_milli;        /* frames per 1000 s: 30000, 29970, 23976 */
    const char *reference;           /* our reference of this attempt (att_...): unique, stable */
    const char *model;               /* id of the model */
    const char *title;               /* "" */
    const char *language;            /* BCP 47, "" = unknown */
    const struct gen_provider_scene *scenes;
    size_t scene_count;              /* at least 1 */
    const struct gen_provider_asset *assets;
    size_t asset_count;
    const struct gen_provider_brand *brand;         /* never NULL */
    const struct gen_provider_end_card *end_card;   /* never NULL */
    const struct gen_provider_sound *sound;         /* never NULL */
    int64_t seed;                    /* for models that take one; constant for an attempt */
    int64_t now_ms;                  /* the instant of this call */
    /* What format answered, in every verb after it; NULL in format itself. */
    const struct gen_node *parameters;
    const char *handle; /* the remote handle once submit has answered it, "" before */
    /* The text that the last step of this verb left, "" at first. fetch begins with what the DONE of
     * poll left (a link that is told once), and with "" when it has to begin again. */
    const char *state;
};

/* ------------------------------------------------------------------------ format and cost -- */

struct gen_provider_adjustment {
    uint32_t size;
    uint32_t unused1;
    const char *field; /* "duration", "aspectRatio", "dialogue", ... */
    const char *from, *to;
    const char *reason; /* one sentence for the user */
};

/* What an asset must be converted to before submit; the engine does it. */
struct gen_provider_recipe {
    uint32_t size;
    int32_t asset;          /* index into task assets */
    const char *media_type; /* "" = keep */
    int32_t max_width, max_height; /* 0 = keep */
    int64_t max_bytes;      /* 0 = keep */
    int32_t min_width, min_height; /* 0 = keep */
    int64_t max_duration_ms;       /* 0 = keep */
};

struct gen_provider_format {
    uint32_t size;
    uint32_t adjustment_size, recipe_size; /* element sizes of the plugin */
    int32_t width, height;      /* what will come back */
    int32_t frame_rate_milli;
    int64_t duration_ms;        /* total of the shot */
    const struct gen_node *parameters; /* a map: everything submit needs that was decided here */
    const struct gen_provider_adjustment *adjustments;
    size_t adjustment_count;
    const struct gen_provider_recipe *recipes;
    size_t recipe_count;
    int32_t audio; /* 1: the clip will carry sound, 2: it will not; 0: as GEN_MODEL_AUDIO says */
    int32_t unused1;
    /* The longest it can become, where the length is an estimate (speech); 0 = duration_ms. */
    int64_t most_duration_ms;
};

struct gen_provider_cost {
    uint32_t size;
    int32_t known;        /* 0: this task has no price; the engine will refuse it */
    int32_t exact;        /* 1 exact, 0 an estimate */
    int32_t unused1;
    int64_t price_micros; /* expected */
    int64_t most_micros;  /* the dearest it can become: this is what is held */
    const char *basis;    /* "6 s x $0.05 per second": shown to users */
};

/* --------------------------------------------------------------------------------- steps -- */

struct gen_provider_header {
    const char *name, *value;
};

struct gen_provider_part { /* of a multipart body, sent in this order */
    uint32_t size;
    int32_t asset;            /* >= 0: the body of this asset, streamed; -1: `text` */
    const char *name;
    const char *text;
    const char *file_name;    /* "" = none */
    const char *content_type; /* "" = none */
};

enum gen_piece_encoding {
    GEN_PIECE_RAW = 1,
    GEN_PIECE_BASE64 = 2, /* of the asset's bytes, padded, without line breaks */
};

struct gen_provider_piece { /* of a body that is put together: JSON with a picture inside it */
    uint32_t size;
    int32_t asset;      /* >= 0: bytes of this asset; -1: `data` */
    int32_t encoding;   /* enum gen_piece_encoding, of an asset */
    int32_t unused1;
    const char *data;   /* as it is */
    size_t data_size;
    int64_t from, length; /* the part of the asset; length 0 = up to its end */
};

enum gen_body {
    GEN_BODY_NONE = 1,
    GEN_BODY_BYTES = 2,     /* body.data, body.data_size */
    GEN_BODY_ASSET = 3,     /* the file of an asset, streamed; body.asset */
    GEN_BODY_MULTIPART = 4, /* body.parts */
    GEN_BODY_PIECES = 5,    /* body.pieces, one after the other */
};

enum gen_sink {
    GEN_SINK_MEMORY = 1, /* into the answer (at most sink_limit bytes) */
    GEN_SINK_RESULT = 2, /* streamed to the result file; the answer has no body */
    /* The answer is JSON that may hold the result as base64 at one of the paths in `extract`: that
     * text is decoded into the result file while it comes (in poll it is dropped: fetch asks again),
     * "" stands in its place in the answer, and answer.extracted is 1. The rest goes to memory. */
    GEN_SINK_EXTRACT = 3,
};

enum gen_request_flag {
    /* Performing this request can cost money. The engine makes the attempt durable first, uses a
     * fresh HTTP/1.1 connection, follows no redirect and never repeats it. A submit step without
     * this flag is one that is free to repeat (an asset upload, a token, a look-up). */
    GEN_REQUEST_COSTS = 1 << 0,
    GEN_REQUEST_FOLLOW = 1 << 1, /* follow redirects; credentials stay on their origin */
};

struct gen_provider_request {
    uint32_t size;
    uint32_t flags;         /* bits of enum gen_request_flag */
    int32_t body_kind;      /* enum gen_body */
    int32_t sink;           /* enum gen_sink */
    const char *method;     /* "GET", "POST", "PUT", "DELETE" */
    const char *url;        /* absolute, http or https */
    const struct gen_provider_header *headers;
    size_t header_count;
    const char *credential; /* name of the signing credential, "" = bare request */
    const void *data;       /* GEN_BODY_BYTES */
    size_t data_size;
    const struct gen_provider_part *parts; /* GEN_BODY_MULTIPART */
    size_t part_count;
    uint32_t part_size;
    int32_t asset;          /* GEN_BODY_ASSET */
    int64_t sink_limit;     /* bytes, 0 = the engine's limit */
    int64_t timeout_ms;     /* whole exchange, 0 = the engine's choice */
    const struct gen_provider_piece *pieces; /* GEN_BODY_PIECES */
    size_t piece_count;
    uint32_t piece_size; /* sizeof(struct gen_provider_piece) of the plugin */
    uint32_t unused1;
    /* GEN_SINK_EXTRACT: "steps[*].content[*].data"; NULL-terminated, at most 8. A name, or [*] for
     * every element of a list. The first that holds text of 1 KiB or more is taken. */
    const char *const *extract;
    const char *unique_header; /* gets a fresh random UUID each time; "" or NULL = none */
};

/* A file that the engine writes into the scratch directory before a RUN. */
struct gen_provider_file {
    const char *name; /* a plain name: no "/" and not starting with "." */
    const void *data;
    size_t size;
};

/* Run one program inside the scratch directory of the attempt, confined: no network, only the
 * scratch directory is writable, assets stand in it under their `file` names (read only), memory,
 * processor and wall time limited. Files that it leaves stay for the next RUN of the attempt; after
 * a crash of the engine the directory may be empty again, so a RUN sequence must be able to start
 * over from its first step (state "" in poll). */
struct gen_provider_run {
    uint32_t size;
    uint32_t unused1;
    const char *program;          /* one of gen_provider.programs */
    const char *const *arguments; /* NULL-terminated, without the program's name */
    const struct gen_provider_file *files;
    size_t file_count;
    int64_t timeout_ms; /* wall time, 0 = the engine's choice */
    /* Progress from standard output: lines `progress_key=N` (as of ffmpeg -progress pipe:1:
     * "out_time_us"); the share of this run is N / progress_total. "" = none. */
    const char *progress_key;
    int64_t progress_total;
    int32_t progress_from_ppm, progress_to_ppm; /* the span of the shot's progress it covers */
};

/* The closed set of failures; policies speak of these words. */
enum gen_failure_kind {
    GEN_FAIL_TRANSIENT = 1,    /* nothing was accepted; try again */
    GEN_FAIL_RATE_LIMITED = 2, /* too fast; not ill health */
    GEN_FAIL_QUOTA = 3,        /* credit or quota used up */
    GEN_FAIL_AUTH = 4,         /* credential missing, wrong or without permission */
    GEN_FAIL_INVALID = 5,      /* the provider refuses the parameters */
    GEN_FAIL_UNSUPPORTED = 6,  /* cannot be rendered on this model at all */
    GEN_FAIL_MODERATED = 7,    /* content refused, before or after rendering */
    GEN_FAIL_EXPIRED = 8,      /* result or remote job is gone */
    GEN_FAIL_PROVIDER = 9,     /* the provider failed at its work */
};

enum gen_billed {
    GEN_BILLED_NO = 1,      /* known not to be billed */
    GEN_BILLED_YES = 2,     /* known to be billed (in full unless cost_micros says less) */
    GEN_BILLED_UNKNOWN = 3, /* policy decides */
};

/* In poll, GEN_FAIL_TRANSIENT, _RATE_LIMITED and _AUTH with GEN_BILLED_UNKNOWN mean that the asking
 * failed, not the render: the engine goes on asking. A render that is over says what is known of its
 * bill, or another kind. */
struct gen_provider_fail {
    uint32_t size;
    int32_t kind;           /* enum gen_failure_kind; unknown = provider */
    int32_t billed;         /* enum gen_billed; unknown = GEN_BILLED_UNKNOWN */
    int32_t unused1;
    const char *code;       /* the provider's own code, "" */
    const char *message;    /* the provider's own words, or ours: one sentence */
    const char *field;      /* which input was refused (scenes[2].prompt), "" = unknown */
    int64_t retry_after_ms; /* 0 = unknown */
    int64_t cost_micros;    /* with GEN_BILLED_YES; -1 = unknown */
};

struct gen_provider_done {
    uint32_t size;
    int32_t unused1;
    const char *handle;  /* submit: the remote handle, not "". poll, fetch: "" */
    /* fetch: name of the finished file in the scratch directory; "" = it went to the result sink */
    const char *file;
    int64_t cost_micros; /* poll, fetch: what the provider says it cost; -1 = not said */
};

enum gen_step_kind {
    GEN_STEP_HTTP = 1, /* perform `request`, call the same verb with the answer */
    GEN_STEP_RUN = 2,  /* perform `run`, call the same verb with the answer */
    GEN_STEP_WAIT = 3, /* call the same verb again after wait_ms, without an answer */
    GEN_STEP_DONE = 4, /* the verb is finished: `done` */
    GEN_STEP_FAIL = 5, /* the attempt has failed: `fail` */
};

struct gen_provider_step {
    uint32_t size; /* set by the host before the call; the plugin lowers it if it knows less */
    int32_t kind;  /* enum gen_step_kind */
    /* Made durable before the step is performed; comes back as task->state. NULL keeps the old. At
     * most 64 KiB. */
    const char *state;
    const struct gen_provider_request *request;
    const struct gen_provider_run *run;
    const struct gen_provider_done *done;
    const struct gen_provider_fail *fail;
    int64_t wait_ms;
    int32_t progress_ppm;   /* of the shot, 0 to 1,000,000; -1 = unknown */
    int32_t queue_position; /* at the provider; -1 = unknown */
    const char *note;       /* what is going on, for people; "" or NULL = nothing to say */
};

enum gen_answer_kind {
    GEN_ANSWER_HTTP = 1,
    GEN_ANSWER_RUN = 2,
};

/* How the step that was asked for came out. A request that got no answer does not come here: the
 * engine handles it (transient, timeout, ambiguous). */
struct gen_provider_answer {
    uint32_t size;
    int32_t kind; /* enum gen_answer_kind */
    /* HTTP */
    int32_t status;
    int32_t body_complete; /* 0: cut at the sink limit */
    const struct gen_provider_header *headers; /* names in lower case */
    size_t header_count;
    const char *body; /* NUL-terminated; "" when it went to the result sink */
    size_t body_size;
    /* RUN */
    int32_t exit_code; /* 0..255; 127 = the program is not installed; -1 = ended by a signal */
    int32_t signal;    /* or 0 */
    int32_t timed_out; /* 1: ended by our time limit */
    int32_t unused1;
    const char *output; /* tail of standard output (64 KiB) */
    const char *errors; /* tail of standard error (64 KiB) */
    /* HTTP */
    int32_t extracted; /* 1: text at a path of `extract` went to the result file */
    int32_t unused2;
};

/* The shape of submit, poll and fetch: called with the last answer, NULL at first and after WAIT. */
typedef int32_t gen_provider_step_verb(const void *self, const struct gen_provider_task *task,
                                       const struct gen_provider_answer *answer,
                                       struct gen_arena *arena, struct gen_provider_step *step,
                                       const char **message);

/* ------------------------------------------------------------------------- the provider -- */

struct gen_provider_program {
    const char *name; /* "ffmpeg", or a program shipped beside the plugin */
    int32_t required; /* 1: without it the provider is not offered */
    int32_t unused1;
    const char *hint; /* how to get it: "apt-get install ffmpeg" */
};

enum gen_provider_flag {
    /* It serves only under the ids of policy files that name it (`plugin: rest`): configure is called
     * once for each of them, with their settings, and never without. */
    GEN_PROVIDER_BY_DESCRIPTION = 1 << 0,
};

struct gen_provider {
    uint32_t size;
    uint16_t minor;       /* the plugin was written for this minor version */
    uint16_t needs_minor; /* it does not work with a host below this one */
    const char *id;       /* "runway": lower case letters, digits, '-'; at most 32; required */
    const char *name;     /* for people; required */
    const char *version;  /* of the plugin; required */
    const char *homepage; /* "" */
    /* Programs for RUN steps, ended by a NULL name; NULL = none. */
    const struct gen_provider_program *programs;

    /* Reads the provider's settings (a map; the `settings:` part of its policy file, {} if none)
     * into `*self`, which every other verb gets; arena lives as long as the provider is loaded.
     * Of the policy file also come the keys baseUrl, tokenUrl, storageUrl (texts, where set) and
     * models (a map: id -> {like: id of a model that the plugin knows}: ids that appeared after the
     * plugin was written). Called again, with another arena, when the file changes.
     * May be NULL: then self is NULL. */
    int32_t (*configure)(const struct gen_node *settings, struct gen_arena *arena,
                         const void **self, const char **message);

    /* The six verbs; all required. `*message` is set when the verdict is not OK. */
    int32_t (*capabilities)(const void *self, struct gen_arena *arena,
                            struct gen_provider_capabilities *out, const char **message);
    int32_t (*format)(const void *self, const struct gen_provider_task *task,
                      struct gen_arena *arena, struct gen_provider_format *out,
                      const char **message);
    /* prices: the row of the price book that is in force for what format answered (model,
     * resolution, sound), a map in dollars and seconds: perSecond, perClip, minimum (each 0 when
     * absent), stepSeconds, clipSeconds, estimate (true: the bill may differ), source. NULL when
     * there is no row: then the task has no price, unless the plugin knows one. */
    int32_t (*cost)(const void *self, const struct gen_provider_task *task,
                    const struct gen_node *prices, struct gen_arena *arena,
                    struct gen_provider_cost *out, const char **message);
    gen_provider_step_verb *submit;
    gen_provider_step_verb *poll;
    gen_provider_step_verb *fetch;

    /* Optional powers by name ("gen.cancel/1": see gen/ext/), as configured; the struct it returns
     * is constant data or in configure's arena; NULL = has not this one. May be NULL. */
    const void *(*extension)(const void *self, const char *id);

    uint32_t flags; /* bits of enum gen_provider_flag */
    uint32_t unused1;
};

#ifdef __cplusplus
}
#endif
#endif
