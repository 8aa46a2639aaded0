/* tenants_test.c - every route with every kind of credential: without one 401, with too little 403, and what
 * belongs to another organization is answered like what does not exist. */
#include "house.h"

#include "service/api.h"
#include "service/hand_api.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char BRIEF[] =
    "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}],"
    "\"variations\":[{\"resolution\":\"320x320\"}]}";

/* With another bearer than the house's own. */
static struct house_reply ask_as(struct house *house, const char *token, const char *method,
                                 const char *path, const char *body)
{
    return house_ask(house, &(struct house_ask){
        .method = method, .path = path, .way = HOUSE_NO_KEY, .name = "authorization",
        .value = gen_arena_printf(house->arena, "Bearer %s", token), .body = body,
        .type = body == NULL ? NULL : "application/json"});
}

static const char *make_key(struct house *house, const char *body)
{
    struct house_reply reply = house_post(house, "/v1/keys", body);

    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    return gen_node_text(gen_node_get(reply.document, "token"), "");
}

static const char *text_of(const struct house_reply *reply, const char *key)
{
    return gen_node_text(gen_node_get(reply->document, key), "");
}

/* A path with something in place of its {name}. */
static const char *filled(struct house *house, const char *path, const char *value)
{
    const char *at = strchr(path, '{'), *end = at == NULL ? NULL : strchr(at, '}');

    return at == NULL ? path
                      : gen_arena_printf(house->arena, "%.*s%s%s", (int)(at - path), path, value,
                                         end + 1);
}

/* Every row of the table: who brings nothing gets 401, whatever stands in the path; an open one is open on
 * purpose and is one of the three that say nothing of anybody. */
Test(tenants, every_route_wants_somebody, .timeout = 120)
{
    static const char *const open[] = {"showHealth", "showReadiness", NULL};
    struct house house = {0};
    size_t opened = 0;

    house_open(&house);
    house_start(&house, NULL);
    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        const char *path = filled(&house, route->path, "gen_00000000000000000000000000");
        struct house_reply none = house_ask(&house, &(struct house_ask){
            .method = route->method, .path = path, .way = HOUSE_NO_KEY});

        cr_expect(route->open == (route->permission == 0), "%s: open, or a permission",
                  route->operation);
        if (route->open) {
            const char *const *name = open;

            while (*name != NULL && strcmp(*name, route->operation) != 0) {
                name++;
            }
            cr_expect(*name != NULL, "%s is open, but not listed here", route->operation);
            opened++;
            continue;
        }
        cr_expect(none.status == 401, "%s %s: %d without a credential", route->method, path,
                  none.status);
        cr_expect(none.document != NULL && strcmp(text_of(&none, "code"), "denied") == 0);
    }
    cr_expect(opened == 2, "%zu routes are open", opened);
    house_close(&house);
}

/* A viewer's key opens what reads and has its permission; everything that changes something is 403, and
 * nothing has changed. */
Test(tenants, a_viewer_changes_nothing, .timeout = 120)
{
    struct house house = {.hold = true};
    const char *job, *token;
    uint32_t viewer = gen_role_permissions(GEN_ROLE_VIEWER);

    house_open(&house);
    house_start(&house, NULL);
    job = house_submit(&house, "untouched");
    token = make_key(&house, "{\"name\":\"watcher\",\"role\":\"viewer\"}");
    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        const char *path = filled(&house, route->path, job);
        struct house_reply reply;

        if (strcmp(route->operation, "followEvents") == 0) {
            continue; /* it does not end; see below */
        }
        reply = ask_as(&house, token, route->method, path,
                       route->body == GEN_HTTP_BODY_NONE ? NULL : BRIEF);
        if (!route->open && (route->permission & ~viewer) != 0) {
            cr_expect(reply.status == 403, "%s %s: %d", route->method, path, reply.status);
            cr_expect(strstr(reply.body, "lacks") != NULL, "%s", reply.body);
        } else {
            cr_expect(reply.status != 403 && reply.status != 401, "%s %s: %d: %s", route->method,
                      path, reply.status, reply.body);
        }
        cr_expect(route->power == GEN_ROUTE_READS || route->open ||
                      (route->permission & ~viewer) != 0,
                  "%s changes something, and a viewer may", route->operation);
    }
    {
        struct house_reply after = house_get(&house,
                                             gen_arena_printf(house.arena, "/v1/jobs/%s", job));

        cr_expect(strcmp(text_of(&after, "status"), "canceling") != 0);
    }
    house_close(&house);
}

/* What a tenant's administrator may not, since it is the house's; and that the house may. */
Test(tenants, the_house_is_not_for_tenants, .timeout = 120)
{
    struct house house = {0};
    const char *token;

    house_open(&house);
    house_start(&house, NULL);
    token = make_key(&house, "{\"name\":\"boss\",\"role\":\"admin\",\"organization\":\"acme\"}");
    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        if ((route->permission & GEN_PERMISSIONS_OF_HOUSE) != 0) {
            struct house_reply reply = ask_as(&house, token, route->method, route->path,
                                              route->body == GEN_HTTP_BODY_NONE ? NULL : "{}");

            cr_expect(reply.status == 403, "%s %s: %d", route->method, route->path, reply.status);
        }
    }
    /* nor keys for others, nor a look at theirs */
    cr_expect(ask_as(&house, token, "POST", "/v1/keys",
                     "{\"name\":\"x\",\"role\":\"viewer\",\"organization\":\"local\"}").status ==
              403);
    cr_expect(ask_as(&house, token, "GET", "/v1/keys?organization=local", NULL).status == 403);
    /* but all that is its own: a key of a key */
    cr_expect(ask_as(&house, token, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"admin\"}").status ==
              201);
    house_close(&house);
}

/* The answer without what differs from request to request. */
static const char *blurred(struct house *house, const char *body, const char *id)
{
    const char *at = strstr(body, id);

    return at == NULL ? body
                      : gen_arena_printf(house->arena, "%.*sID%s", (int)(at - body), body,
                                         at + strlen(id));
}

/* Two organizations with a job, an output, an asset, a key each: what is the other's is answered exactly as
 * what never was, on every route with an id; lists and streams have one's own only; the same
 * Idempotency-Key is two keys; the same file is two assets. */
Test(tenants, cannot_see_or_guess, .timeout = 180)
{
    struct house house = {0};
    struct house_reply mine, theirs, reply;
    const char *a, *b, *job, *output, *asset, *key;

    house_open(&house);
    house_start(&house, NULL);
    a = make_key(&house, "{\"name\":\"a\",\"role\":\"admin\",\"organization\":\"acme\"}");
    b = make_key(&house, "{\"name\":\"b\",\"role\":\"admin\",\"organization\":\"bolt\"}");
    mine = ask_as(&house, a, "POST", "/v1/jobs", BRIEF);
    cr_assert(mine.status == 201, "%d: %s", mine.status, mine.body);
    job = text_of(&mine, "jobId");
    for (int i = 0; i < 3000; i++) { /* to its end */
        reply = ask_as(&house, a, "GET", gen_arena_printf(house.arena, "/v1/jobs/%s", job), NULL);
        if (strcmp(text_of(&reply, "status"), "completed") == 0) {
            break;
        }
    }
    cr_assert(strcmp(text_of(&reply, "status"), "completed") == 0, "%s", reply.body);
    reply = ask_as(&house, a, "GET", gen_arena_printf(house.arena, "/v1/jobs/%s/outputs", job), NULL);
    output = gen_node_text(
        gen_node_get(gen_node_at(gen_node_get(reply.document, "outputs"), 0), "outputId"), "");
    reply = house_ask(&house, &(struct house_ask){
        .method = "POST", .path = "/v1/assets?name=logo.png", .way = HOUSE_NO_KEY,
        .name = "authorization", .value = gen_arena_printf(house.arena, "Bearer %s", a),
        .file = GEN_SOURCE_DIR "/docs/examples/summer-sale/logo.png"});
    cr_assert(reply.status == 201, "%s", reply.body);
    asset = text_of(&reply, "assetId");
    reply = ask_as(&house, a, "GET", "/v1/keys/a", NULL);
    key = text_of(&reply, "keyId");
    {
        const struct {
            const char *method, *path, *id, *never;
        } cases[] = {
            {"GET", "/v1/jobs/{id}", job, "gen_00000000000000000000000000"},
            {"POST", "/v1/jobs/{id}/cancel", job, "gen_00000000000000000000000000"},
            {"POST", "/v1/jobs/{id}/pause", job, "gen_00000000000000000000000000"},
            {"POST", "/v1/jobs/{id}/retry", job, "gen_00000000000000000000000000"},
            {"POST", "/v1/outputs/{id}/reject", output, "out_00000000000000000000000000"},
            {"GET", "/v1/jobs/{id}/outputs", job, "gen_00000000000000000000000000"},
            {"GET", "/v1/events?job={id}", job, "gen_00000000000000000000000000"},
            {"GET", "/v1/outputs/{id}/content", output, "out_00000000000000000000000000"},
            {"GET", "/v1/outputs/{id}/thumbnail", output, "out_00000000000000000000000000"},
            {"GET", "/v1/outputs/{id}/sheet", output, "out_00000000000000000000000000"},
            {"GET", "/v1/assets/{id}", asset, "ast_00000000000000000000000000"},
            {"GET", "/v1/keys/{id}", key, "key_00000000000000000000000000"},
            {"DELETE", "/v1/keys/{id}", key, "key_00000000000000000000000000"},
            {"POST", "/v1/keys/{id}/rotate", key, "key_00000000000000000000000000"},
        };

        for (size_t i = 0; i < GEN_COUNT(cases); i++) {
            struct house_reply there = ask_as(&house, b, cases[i].method,
                                              filled(&house, cases[i].path, cases[i].id), NULL);
            struct house_reply never = ask_as(&house, b, cases[i].method,
                                              filled(&house, cases[i].path, cases[i].never), NULL);

            cr_expect(there.status == 404 && never.status == 404, "%s %s: %d, %d", cases[i].method,
                      cases[i].path, there.status, never.status);
            cr_expect(strcmp(blurred(&house, there.body, cases[i].id),
                             blurred(&house, never.body, cases[i].never)) == 0,
                      "%s: %s is not %s", cases[i].path, there.body, never.body);
        }
    }
    /* a brief that uses the other's file */
    reply = ask_as(&house, b, "POST", "/v1/jobs",
                   gen_arena_printf(house.arena,
                                    "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\","
                                    "\"duration\":1,\"assets\":[\"%s\"]}],"
                                    "\"variations\":[{\"resolution\":\"320x320\"}]}", asset));
    cr_expect(reply.status == 422 && strcmp(text_of(&reply, "code"), "not_found") == 0, "%s",
              reply.body);
    /* lists */
    mine = ask_as(&house, b, "GET", "/v1/jobs", NULL);
    cr_expect(gen_node_count(gen_node_get(mine.document, "jobs")) == 0, "%s", mine.body);
    mine = ask_as(&house, b, "GET", "/v1/assets", NULL);
    cr_expect(gen_node_count(gen_node_get(mine.document, "assets")) == 0, "%s", mine.body);
    mine = ask_as(&house, b, "GET", "/v1/keys", NULL);
    cr_expect(gen_node_count(gen_node_get(mine.document, "keys")) == 1, "%s", mine.body);
    cr_expect(strstr(house_get(&house, "/v1/jobs").body, job) == NULL, "not the owner's either");
    /* one Idempotency-Key, two organizations */
    for (int i = 0; i < 2; i++) {
        const char *token = i == 0 ? a : b;
        struct house_ask ask = {.method = "POST", .path = "/v1/jobs", .way = HOUSE_SOCKET,
                                .type = "application/json", .body = BRIEF,
                                .name = "idempotency-key", .value = "same", .bearer = token};

        theirs = mine;
        mine = house_ask(&house, &ask);
        cr_expect(mine.status == 201, "%d: %s", mine.status, mine.body);
    }
    cr_expect(strcmp(text_of(&mine, "jobId"), text_of(&theirs, "jobId")) != 0);
    house_close(&house);
}

/* A stream has one's own organization's events, from the past and as they come, and ends when its key is
 * revoked. */
Test(tenants, streams_are_apart, .timeout = 120)
{
    struct house house = {.hold = true};
    struct house_stream a_stream, b_stream;
    struct house_reply reply;
    const char *a, *b, *job;

    house_open(&house);
    house_start(&house, NULL);
    a = make_key(&house, "{\"name\":\"a\",\"role\":\"producer\",\"organization\":\"acme\"}");
    b = make_key(&house, "{\"name\":\"b\",\"role\":\"producer\",\"organization\":\"bolt\"}");
    house_follow_as(&house, &a_stream, "/v1/events?after=0", NULL, a);
    house_follow_as(&house, &b_stream, "/v1/events?after=0", NULL, b);
    reply = ask_as(&house, a, "POST", "/v1/jobs", BRIEF);
    cr_assert(reply.status == 201);
    job = text_of(&reply, "jobId");
    house_await_text(&a_stream, job);
    house_await_text(&a_stream, "event: progress");
    reply = ask_as(&house, b, "POST", "/v1/jobs", BRIEF);
    house_await_text(&b_stream, text_of(&reply, "jobId"));
    house_await_text(&b_stream, "event: progress");
    cr_expect(strstr(b_stream.text.data, job) == NULL, "%s", b_stream.text.data);
    cr_expect(strstr(b_stream.text.data, "\"acme\"") == NULL);
    cr_expect(strstr(b_stream.text.data, "daemon.started") == NULL, "that is the house's");
    cr_expect(strstr(a_stream.text.data, text_of(&reply, "jobId")) == NULL);
    /* an event of the other's is none to go on after */
    {
        const char *id = strstr(a_stream.text.data, "id: evt_") + 4;
        struct house_reply after = ask_as(&house, b, "GET",
                                          gen_arena_printf(house.arena, "/v1/events?after=%.30s",
                                                           id), NULL);

        cr_expect(after.status == 400, "%d", after.status);
    }
    reply = house_ask(&house, &(struct house_ask){.method = "DELETE",
                                                  .path = "/v1/keys/b?organization=bolt"});
    cr_expect(reply.status == 200, "%s", reply.body);
    while (!b_stream.ended) {
        gen_loop_turn(house.loop);
    }
    cr_expect(!a_stream.ended);
    cr_expect(ask_as(&house, b, "GET", "/v1/me", NULL).status == 401);
    house_leave(&a_stream);
    house_leave(&b_stream);
    house_close(&house);
}

/* Within an organization, too: who may not see budgets, keys, costs, webhooks or secrets is not told of
 * what happens to them, neither from the past nor as it comes; who may is told. */
Test(tenants, streams_tell_what_one_may_see, .timeout = 120)
{
    static const char *const hidden[] = {"event: ledger.", "event: budget.", "event: key.",
                                         "event: webhook.", "event: secret.", "event: vault.",
                                         "event: policy."};
    struct house house = {.hold = true};
    struct house_stream past, live, boss;
    struct house_reply reply;
    const char *viewer, *admin, *job;

    house_open(&house);
    house_start(&house, NULL);
    viewer = make_key(&house, "{\"name\":\"v\",\"role\":\"viewer\",\"organization\":\"acme\"}");
    admin = make_key(&house, "{\"name\":\"a\",\"role\":\"admin\",\"organization\":\"acme\"}");
    house_follow_as(&house, &live, "/v1/events", NULL, viewer);
    house_follow_as(&house, &boss, "/v1/events?after=0", NULL, admin);
    reply = ask_as(&house, admin, "POST", "/v1/budgets", "{\"scope\":\"organization\",\"hard\":100}");
    cr_assert(reply.status == 201, "%s", reply.body);
    reply = ask_as(&house, admin, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"viewer\"}");
    cr_assert(reply.status == 201, "%s", reply.body);
    reply = ask_as(&house, admin, "POST", "/v1/webhooks",
                   "{\"url\":\"https://hooks.invalid/b\",\"events\":[\"job.canceled\"]}");
    cr_assert(reply.status == 201, "%s", reply.body);
    reply = house_ask(&house, &(struct house_ask){.method = "PUT", .path = "/v1/secrets/fake",
                                                  .body = "hush", .type = "text/plain",
                                                  .bearer = admin});
    cr_assert(reply.status == 201, "%s", reply.body);
    reply = ask_as(&house, admin, "POST", "/v1/jobs", BRIEF);
    cr_assert(reply.status == 201, "%s", reply.body);
    job = text_of(&reply, "jobId");
    house_await_text(&boss, "event: attempt.state");
    house_await_text(&live, "event: attempt.state");
    house_follow_as(&house, &past, "/v1/events?after=0", NULL, viewer);
    house_await_text(&past, "event: attempt.state");
    cr_expect(strstr(live.text.data, job) != NULL);
    for (size_t i = 0; i < GEN_COUNT(hidden); i++) {
        cr_expect(strstr(live.text.data, hidden[i]) == NULL, "live: %s", hidden[i]);
        cr_expect(strstr(past.text.data, hidden[i]) == NULL, "past: %s", hidden[i]);
    }
    for (size_t i = 0; i < 5; i++) { /* of vault and policies nothing happened */
        cr_expect(strstr(boss.text.data, hidden[i]) != NULL, "%s", hidden[i]);
    }
    house_leave(&past);
    house_leave(&live);
    house_leave(&boss);
    house_close(&house);
}

/* ------------------------------------------------------------------------------- every route with an id -- */

struct estate { /* what organization acme has, one of each; and what never was */
    const char *path; /* beginning of the routes */
    const char *id, *never;
};

static const char *own_id(struct house *house, const char *token, const char *path, const char *body,
                          const char *key)
{
    struct house_reply reply = ask_as(house, token, "POST", path, body);

    cr_assert(reply.status == 201, "%s: %d %s", path, reply.status, reply.body);
    return text_of(&reply, key);
}

static void estate_make(struct house *house, const char *token, struct estate *out)
{
    struct house_reply reply;
    const char *job;
    size_t n = 0;

    reply = house_ask(house, &(struct house_ask){.method = "PUT", .path = "/v1/secrets/fake",
                                                 .type = "text/plain", .body = "s", .bearer = token,
                                                 .way = HOUSE_NO_KEY});
    cr_assert(reply.status == 201, "%s", reply.body);
    job = own_id(house, token, "/v1/jobs", BRIEF, "jobId");
    for (int i = 0; i < 3000; i++) {
        reply = ask_as(house, token, "GET", gen_arena_printf(house->arena, "/v1/jobs/%s", job), NULL);
        if (strcmp(text_of(&reply, "status"), "completed") == 0) {
            break;
        }
    }
    cr_assert(strcmp(text_of(&reply, "status"), "completed") == 0, "%s", reply.body);
    out[n++] = (struct estate){"/v1/jobs/", job, "gen_00000000000000000000000000"};
    reply = ask_as(house, token, "GET", gen_arena_printf(house->arena, "/v1/jobs/%s/outputs", job), NULL);
    out[n++] = (struct estate){
        "/v1/outputs/",
        gen_node_text(gen_node_get(gen_node_at(gen_node_get(reply.document, "outputs"), 0),
                                   "outputId"), ""),
        "out_00000000000000000000000000"};
    reply = house_ask(house, &(struct house_ask){
        .method = "POST", .path = "/v1/assets?name=logo.png", .way = HOUSE_NO_KEY, .bearer = token,
        .file = GEN_SOURCE_DIR "/docs/examples/summer-sale/logo.png"});
    cr_assert(reply.status == 201, "%s", reply.body);
    out[n++] = (struct estate){"/v1/assets/", text_of(&reply, "assetId"),
                               "ast_00000000000000000000000000"};
    out[n++] = (struct estate){"/v1/keys/",
                               own_id(house, token, "/v1/keys",
                                      "{\"name\":\"mine\",\"role\":\"viewer\"}", "keyId"),
                               "key_00000000000000000000000000"};
    out[n++] = (struct estate){"/v1/webhooks/",
                               own_id(house, token, "/v1/webhooks",
                                      "{\"url\":\"https://example.com/hook\"}", "id"),
                               "whk_00000000000000000000000000"};
    out[n++] = (struct estate){"/v1/budgets/",
                               own_id(house, token, "/v1/budgets",
                                      "{\"scope\":\"project\",\"of\":\"p\",\"period\":\"month\",\"hard\":5}",
                                      "budgetId"),
                               "bud_00000000000000000000000000"};
    out[n++] = (struct estate){"/v1/invoices/",
                               own_id(house, token, "/v1/invoices",
                                      "{\"provider\":\"fake\",\"content\":\"id,amount\\nx,1\\n\"}",
                                      "invoiceId"),
                               "inv_00000000000000000000000000"};
    out[n++] = (struct estate){"/v1/batches/",
                               own_id(house, token, "/v1/batches",
                                      gen_arena_printf(house->arena, "{\"briefs\":[%s]}", BRIEF),
                                      "batchId"),
                               "bat_00000000000000000000000000"};
    out[n++] = (struct estate){"/v1/secrets/", "fake", "fuke"};
    out[n] = (struct estate){NULL, NULL, NULL};
}

static const struct estate *estate_of(const struct estate *estates, const char *path)
{
    while (estates->path != NULL && strncmp(path, estates->path, strlen(estates->path)) != 0) {
        estates++;
    }
    return estates->path == NULL ? NULL : estates;
}

static struct house_ask look(struct house *house, const struct gen_route *route, const char *token,
                             const char *id)
{
    bool json = route->body != GEN_HTTP_BODY_NONE && strcmp(route->operation, "setSecret") != 0;

    return (struct house_ask){.method = route->method, .path = filled(house, route->path, id),
                              .way = HOUSE_NO_KEY, .bearer = token,
                              .body = !json                                            ? NULL
                                      : strcmp(route->operation, "resolveJob") == 0 ? "{\"as\":\"lost\"}"
                                      : route->limit == GEN_HAND_BODY_MOST            ? "{}"
                                                                      : "{\"title\":\"x\"}",
                              .type = json ? "application/json" : NULL,
                              .name = "if-match", .value = "*"};
}

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

/* The median of what one request takes, in microseconds. */
static int64_t median(int64_t *times, size_t count)
{
    qsort(times, count, sizeof *times, by_size);
    return times[count / 2];
}

static int64_t took(struct house *house, const struct house_ask *ask, struct house_reply *reply)
{
    struct timespec from, to;

    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    *reply = house_ask(house, ask);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    return (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
}

/* Every route of the table with something in its path: of another organization, and of none: the same status, the
 * same document, the same headers that say anything. With GEN_MEASURE=1 also how long each takes, in turn, with the
 * ratio of the medians (docs/security.md has them). */
Test(tenants, no_route_tells_them_apart, .timeout = 300)
{
    enum { TIMES = 201 };
    struct house house = {.settings = "      credential: key\n"};
    struct estate estates[12];
    int64_t theirs[TIMES], never[TIMES];
    const char *a, *b;
    size_t routes = 0;

    house_open(&house);
    house_start(&house, NULL);
    a = make_key(&house, "{\"name\":\"a\",\"role\":\"admin\",\"organization\":\"acme\"}");
    b = make_key(&house, "{\"name\":\"b\",\"role\":\"admin\",\"organization\":\"bolt\"}");
    house_ask(&house, &(struct house_ask){.method = "PUT", .path = "/v1/secrets/fake",
                                          .type = "text/plain", .body = "s"});
    estate_make(&house, a, estates);
    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        const struct estate *estate = estate_of(estates, route->path);
        struct house_ask there, none;
        struct house_reply one, other;

        if (strchr(route->path, '{') == NULL || strcmp(route->operation, "setSecret") == 0) {
            continue; /* setting one's own secret of that name is one's right */
        }
        cr_assert(estate != NULL, "%s: nobody has one in this test", route->path);
        routes++;
        there = look(&house, route, b, estate->id);
        none = look(&house, route, b, estate->never);
        one = house_ask(&house, &there);
        other = house_ask(&house, &none);
        cr_expect(one.status == 404 && other.status == 404, "%s %s: %d and %d: %s", route->method,
                  route->path, one.status, other.status, one.body);
        cr_expect(strcmp(blurred(&house, one.body, estate->id),
                         blurred(&house, other.body, estate->never)) == 0,
                  "%s: %s is not %s", route->path, one.body, other.body);
        cr_expect((one.etag == NULL) == (other.etag == NULL) && (one.retry == NULL) == (other.retry == NULL) &&
                  strcmp(one.type, other.type) == 0);
        for (int i = 0; getenv("GEN_MEASURE") != NULL && i < TIMES; i++) {
            theirs[i] = took(&house, &there, &one);
            never[i] = took(&house, &none, &other);
        }
        if (getenv("GEN_MEASURE") != NULL) {
            int64_t x = median(theirs, TIMES), y = median(never, TIMES);

            printf("%-7s%-34s %5lld us %5lld us  %.2f\n", route->method, route->path, (long long)x,
                   (long long)y, (double)x / (double)y);
        }
    }
    cr_expect(routes >= 25, "%zu", routes);
    house_close(&house);
}
