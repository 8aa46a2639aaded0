/* key_commands.c - see key_commands.h. */
#include "cli/key_commands.h"

#include "base/json.h"
#include "cli/columns.h"
#include "cli/job_view.h"

#include <inttypes.h>
#include <string.h>

enum { KEYS_TEXT_MOST = 16 * 1024 * 1024 };

/* A member of a document, harmless; "-" when it has none. */
static const char *keys_text(struct gen_session *session, const struct gen_node *map,
                             const char *key)
{
    const char *text = gen_node_text(gen_node_get(map, key), "");

    return text[0] == '\0' ? "-" : gen_session_clean(session, text);
}

/* "/v1/keys/NAME/rotate?organization=acme"; NULL: no memory. */
static const char *keys_path(struct gen_session *session, const char *tail)
{
    const struct gen_options *options = &session->options;
    const char *name = options->operand_count > 0
                           ? gen_session_escape(session, options->operands[0])
                           : NULL;
    const char *organization = options->organization == NULL
                                   ? NULL
                                   : gen_session_escape(session, options->organization);

    return gen_arena_printf(session->arena, "/v1/keys%s%s%s%s%s", name != NULL ? "/" : "",
                            name != NULL ? name : "", tail,
                            organization != NULL ? "?organization=" : "",
                            organization != NULL ? organization : "");
}

/* Sends one request that must not be repeated. */
static enum gen_status keys_send(struct gen_session *session, struct gen_client_request *request,
                                 struct gen_client_answer *answer, struct gen_error *err)
{
    enum gen_status status = gen_session_connect(session, err);

    if (status == GEN_OK && request->path == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status == GEN_OK ? gen_client_send(session->client, request, session->arena, answer, err)
                            : status;
}

/* The token alone on standard output, so that it can be piped. */
static void keys_show_token(struct gen_session *session, const struct gen_node *key)
{
    const char *token = gen_node_text(gen_node_get(key, "token"), "");
    struct gen_bytes out;

    if (session->options.json) {
        gen_session_print_json(session, key);
        return;
    }
    gen_session_note(session, "%s, %s, for %s in %s. The token is shown this once:",
                     keys_text(session, key, "name"),
                     gen_node_type_of(gen_node_get(key, "role")) == GEN_NODE_STRING
                         ? keys_text(session, key, "role")
                         : "permissions of its own",
                     keys_text(session, key, "user"), keys_text(session, key, "organization"));
    gen_bytes_init(&out, KEYS_TEXT_MOST);
    gen_bytes_printf(&out, "%s\n", gen_session_clean(session, token));
    if (!gen_session_write(session, &out)) {
        gen_session_note(session, "gen: the token could not be written; rotate the key");
    }
    gen_bytes_fini(&out);
}

/* ---------------------------------------------------------------------------------- creating -- */

/* "a,b" as a list. */
static struct gen_node *keys_list(struct gen_arena *arena, const char *text)
{
    struct gen_node *list = gen_node_list(arena);

    while (*text != '\0') {
        size_t size = strcspn(text, ",");

        if (size > 0) {
            gen_node_push(list, gen_node_string_sized(arena, text, size));
        }
        text += size + (text[size] == ',');
    }
    return list;
}

static void keys_say(struct gen_arena *arena, struct gen_node *map, const char *key,
                     const char *text)
{
    if (text != NULL) {
        gen_node_set(arena, map, key, gen_node_string(arena, text));
    }
}

static void keys_count(struct gen_arena *arena, struct gen_node *map, const char *key,
                       int64_t number)
{
    if (number != 0) {
        gen_node_set(arena, map, key, gen_node_int(arena, number));
    }
}

/* What the options say of a key. */
static enum gen_status keys_options(struct gen_session *session, struct gen_node *map,
                                    struct gen_error *err)
{
    const struct gen_options *options = &session->options;
    struct gen_arena *arena = session->arena;
    gen_micros limit = 0;

    keys_say(arena, map, "role", options->role);
    keys_say(arena, map, "user", options->user);
    keys_say(arena, map, "mostPriority", options->most_priority);
    keys_say(arena, map, "spendPeriod", options->spend_period);
    keys_count(arena, map, "expiresDays", options->expires_days);
    keys_count(arena, map, "requestsPerMinute", options->requests_per_minute);
    keys_count(arena, map, "jobsPerDay", options->jobs_per_day);
    keys_count(arena, map, "secondsPerDay", options->seconds_per_day);
    keys_count(arena, map, "parallel", options->parallel);
    if (options->permissions != NULL) {
        gen_node_set(arena, map, "permissions", keys_list(arena, options->permissions));
    }
    if (options->team != NULL) {
        gen_node_set(arena, map, "teams", keys_list(arena, options->team));
    }
    if (options->spend_limit != NULL) {
        if (gen_money_parse(options->spend_limit, strlen(options->spend_limit), &limit, err) !=
            GEN_OK) {
            return gen_error_within(err, "--spend-limit");
        }
        gen_node_set(arena, map, "spendLimit", gen_node_money(arena, limit));
    }
    return GEN_OK;
}

int gen_key_commands_create(struct gen_session *session)
{
    struct gen_client_request request = {
        .method = "POST", .path = "/v1/keys", .content_type = "application/json"};
    struct gen_node *map = gen_node_map(session->arena);
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    enum gen_status status;

    keys_say(session->arena, map, "name", session->options.operands[0]);
    keys_say(session->arena, map, "organization", session->options.organization);
    status = keys_options(session, map, &err);
    if (status == GEN_OK) {
        request.body = gen_json_text(session->arena, map, &request.body_size);
        status = keys_send(session, &request, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    keys_show_token(session, answer.document);
    return GEN_EXIT_OK;
}

/* ----------------------------------------------------------------------------------- editing -- */

/* Bounds that are taken away: their words, and what the API calls them. */
static const struct {
    const char *word, *key;
} bounds[] = {
    {"expires", "expiresDays"},
    {"requests-per-minute", "requestsPerMinute"},
    {"jobs-per-day", "jobsPerDay"},
    {"seconds-per-day", "secondsPerDay"},
    {"parallel", "parallel"},
    {"spend-limit", "spendLimit"},
    {NULL, NULL},
};

static enum gen_status keys_lift(struct gen_session *session, struct gen_node *map,
                                 struct gen_error *err)
{
    const struct gen_node *list = session->options.lift == NULL
                                      ? NULL
                                      : keys_list(session->arena, session->options.lift);

    for (const struct gen_node *one = gen_node_first(list); one != NULL; one = one->next) {
        size_t i = 0;

        while (bounds[i].word != NULL && strcmp(bounds[i].word, gen_node_text(one, "")) != 0) {
            i++;
        }
        if (bounds[i].word == NULL) {
            return gen_error_set(err, GEN_EINVAL,
                                 "--lift: \"%.40s\" is no bound; there are expires, "
                                 "requests-per-minute, jobs-per-day, seconds-per-day, parallel and "
                                 "spend-limit",
                                 gen_node_text(one, ""));
        }
        if (gen_node_get(map, bounds[i].key) != NULL) {
            return gen_error_set(err, GEN_EINVAL, "--lift %s and --%s contradict each other",
                                 bounds[i].word, bounds[i].word);
        }
        gen_node_set(session->arena, map, bounds[i].key,
                     strcmp(bounds[i].key, "spendLimit") == 0 ? gen_node_null(session->arena)
                                                              : gen_node_int(session->arena, 0));
    }
    return GEN_OK;
}

/* The version that is changed is the one that was just read; who was faster wins. */
int gen_key_commands_edit(struct gen_session *session)
{
    struct gen_client_request request = {
        .method = "PATCH", .path = keys_path(session, ""), .content_type = "application/json"};
    struct gen_node *map = gen_node_map(session->arena);
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    enum gen_status status = keys_options(session, map, &err);

    keys_say(session->arena, map, "name", session->options.rename);
    if (status == GEN_OK) {
        status = keys_lift(session, map, &err);
    }
    if (status == GEN_OK && gen_node_count(map) == 0) {
        status = gen_error_set(&err, GEN_EINVAL, "say what to change; see gen key edit --help");
    }
    if (status == GEN_OK && request.path != NULL) {
        status = gen_session_get(session, &answer, &err, "%s", request.path);
    }
    if (status == GEN_OK) {
        request.body = gen_json_text(session->arena, map, &request.body_size);
        request.if_match =
            gen_arena_printf(session->arena, "\"%" PRId64 "\"",
                             gen_node_integer(gen_node_get(answer.document, "version"), 0));
        status = keys_send(session, &request, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%s is changed", keys_text(session, answer.document, "name"));
    }
    return GEN_EXIT_OK;
}

int gen_key_commands_rotate(struct gen_session *session)
{
    struct gen_client_request request = {.method = "POST", .path = keys_path(session, "/rotate")};
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    if (keys_send(session, &request, &answer, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    keys_show_token(session, answer.document);
    return GEN_EXIT_OK;
}

int gen_key_commands_revoke(struct gen_session *session)
{
    struct gen_client_request request = {.method = "DELETE", .path = keys_path(session, "")};
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    if (keys_send(session, &request, &answer, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%s is revoked", keys_text(session, answer.document, "name"));
    }
    return GEN_EXIT_OK;
}

/* ----------------------------------------------------------------------------------- listing -- */

static const char *keys_teams(struct gen_session *session, const struct gen_node *teams)
{
    const char *text = "";

    for (const struct gen_node *one = gen_node_first(teams); text != NULL && one != NULL;
         one = one->next) {
        text = gen_arena_printf(session->arena, "%s%s%s", text, text[0] != '\0' ? "," : "",
                                gen_session_clean(session, gen_node_text(one, "")));
    }
    return text == NULL || text[0] == '\0' ? "-" : text;
}

static void keys_table(struct gen_session *session, const struct gen_node *keys)
{
    static const char *const heads[] = {"KEY",     "NAME",      "MAY",    "USER", "TEAMS",
                                        "EXPIRES", "LAST USED", "STATUS", NULL};
    struct gen_columns columns;
    struct gen_bytes out;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(keys); item != NULL; item = item->next) {
        size_t permissions = gen_node_count(gen_node_get(item, "permissions"));
        const char *role = gen_node_text(gen_node_get(item, "role"), NULL);
        const char *cells[] = {
            keys_text(session, item, "keyId"),
            keys_text(session, item, "name"),
            role != NULL ? gen_session_clean(session, role)
                         : gen_arena_printf(session->arena, "%zu permissions", permissions),
            keys_text(session, item, "user"),
            keys_teams(session, gen_node_get(item, "teams")),
            gen_arena_printf(session->arena, "%.10s", keys_text(session, item, "expiresAt")),
            gen_arena_printf(session->arena, "%.16s", keys_text(session, item, "lastUsedAt")),
            keys_text(session, item, "status"),
        };

        gen_columns_add(&columns, cells);
    }
    gen_bytes_init(&out, KEYS_TEXT_MOST);
    gen_columns_write(&columns, 0, &out);
    if (!gen_session_write(session, &out)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&out);
}

int gen_key_commands_list(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    const char *after = options->after != NULL ? gen_session_escape(session, options->after) : NULL;
    const char *organization = options->organization != NULL
                                   ? gen_session_escape(session, options->organization)
                                   : NULL;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const char *next;

    if (gen_session_get(session, &answer, &err, "/v1/keys?limit=%d%s%s%s%s", (int)options->limit,
                        after != NULL ? "&after=" : "", after != NULL ? after : "",
                        organization != NULL ? "&organization=" : "",
                        organization != NULL ? organization : "") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (options->json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    if (gen_node_count(gen_node_get(answer.document, "keys")) == 0) {
        gen_session_note(session, "no keys");
        return GEN_EXIT_OK;
    }
    keys_table(session, gen_node_get(answer.document, "keys"));
    next = gen_node_text(gen_node_get(answer.document, "next"), NULL);
    if (next != NULL) {
        gen_session_note(session, "more: %s --after %s", gen_session_again(session, "gen key list"),
                         gen_session_clean(session, next));
    }
    return GEN_EXIT_OK;
}

/* ---------------------------------------------------------------------------------------- me -- */

static void me_permissions(struct gen_session *session, const struct gen_node *permissions)
{
    const char *line = "";

    for (const struct gen_node *one = gen_node_first(permissions); line != NULL && one != NULL;
         one = one->next) {
        line = gen_arena_printf(session->arena, "%s%s%s", line, line[0] != '\0' ? " " : "",
                                gen_session_clean(session, gen_node_text(one, "")));
    }
    gen_session_say(session, "permissions   %s", line == NULL ? "" : line);
}

/* Only where there is a bound. */
static void me_bound(struct gen_session *session, const struct gen_node *quota, const char *title,
                     const char *used, const char *most, const char *unit)
{
    int64_t bound = gen_node_integer(gen_node_get(quota, most), 0);

    if (bound > 0) {
        gen_session_say(session, "%s%.0f%s of %" PRId64 "%s", title,
                        gen_node_number(gen_node_get(quota, used), 0), unit, bound, unit);
    }
}

static void me_quota(struct gen_session *session, const struct gen_node *quota)
{
    int64_t most = gen_node_integer(gen_node_get(quota, "jobsPerDay"), 0);
    int64_t today = gen_node_integer(gen_node_get(quota, "jobsToday"), 0);
    int64_t parallel = gen_node_integer(gen_node_get(quota, "parallel"), 0);
    int64_t requests = gen_node_integer(gen_node_get(quota, "requestsPerMinute"), 0);
    const struct gen_node *spend = gen_node_get(quota, "spendLimit");

    if (most > 0) {
        gen_session_say(session, "jobs today    %" PRId64 " of %" PRId64, today, most);
    } else {
        gen_session_say(session, "jobs today    %" PRId64, today);
    }
    me_bound(session, quota, "video today   ", "secondsToday", "secondsPerDay", " s");
    if (requests > 0) {
        gen_session_say(session, "requests      %" PRId64 " a minute", requests);
    }
    if (parallel > 0) {
        gen_session_say(session, "at once       %" PRId64 " generations", parallel);
    }
    gen_session_say(session, "priority      up to %s", keys_text(session, quota, "mostPriority"));
    if (gen_node_type_of(spend) > GEN_NODE_NULL) {
        gen_session_say(session, "may spend     %s", gen_job_view_money(session->arena, spend));
    }
}

int gen_key_commands_me(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *me;

    if (gen_session_get(session, &answer, &err, "/v1/me") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    me = answer.document;
    if (session->options.json) {
        gen_session_print_json(session, me);
        return GEN_EXIT_OK;
    }
    gen_session_say(session, "user          %s (by %s)", keys_text(session, me, "user"),
                    keys_text(session, me, "via"));
    gen_session_say(session, "organization  %s, plan %s", keys_text(session, me, "organization"),
                    keys_text(session, gen_node_get(me, "plan"), "name"));
    gen_session_say(session, "role          %s", keys_text(session, me, "role"));
    gen_session_say(session, "teams         %s",
                    gen_node_truth(gen_node_get(me, "anyTeam"), false)
                        ? "all"
                        : keys_teams(session, gen_node_get(me, "teams")));
    me_permissions(session, gen_node_get(me, "permissions"));
    me_quota(session, gen_node_get(me, "quota"));
    return GEN_EXIT_OK;
}
