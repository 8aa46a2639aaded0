/* invoices_test.c - invoices of a real gend: imported once, looked at, settled; what is wrong is said at its key. */
#include "house.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#define CSV "Task ID,Model,Seconds,Cost (USD),Date\\nabc123,pay,1,0.40,2026-01-02\\nxyz,pay,1,0.50,2026-01-03\\n"

static const char *text_of(const struct house_reply *reply, const char *key)
{
    return gen_node_text(gen_node_get(reply->document, key), "");
}

static int64_t lines_of(const struct house_reply *reply, const char *verdict)
{
    return gen_node_integer(
        gen_node_get(gen_node_get(gen_node_get(reply->document, "summary"), verdict), "lines"), -1);
}

Test(invoices, imported_once, .timeout = 60)
{
    struct house house = {0};
    struct house_reply reply, again;
    const char *id;

    house_open(&house);
    house_start(&house, NULL);
    reply = house_post(&house, "/v1/invoices", "{\"provider\":\"fake\",\"dryRun\":true,\"content\":\"" CSV "\"}");
    cr_assert(eq(int, reply.status, 200), "%s", reply.body);
    cr_expect(eq(i64, lines_of(&reply, "missing_here"), 2), "%s", reply.body);
    reply = house_get(&house, "/v1/invoices");
    cr_expect(strstr(reply.body, "\"invoices\":[]") != NULL, "a dry run keeps nothing: %s", reply.body);
    reply = house_post(&house, "/v1/invoices",
                       "{\"provider\":\"fake\",\"name\":\"jan.csv\",\"from\":\"2026-01-01\",\"until\":"
                       "\"2026-02-01\",\"content\":\"" CSV "\"}");
    cr_assert(eq(int, reply.status, 201), "%s", reply.body);
    cr_expect(strstr(reply.body, "\"closed\":true") != NULL, "%s", reply.body);
    id = gen_arena_strdup(house.arena, text_of(&reply, "invoiceId"));
    again = house_post(&house, "/v1/invoices", "{\"provider\":\"fake\",\"content\":\"" CSV "\"}");
    cr_assert(eq(int, again.status, 200), "%s", again.body);
    cr_expect(eq(str, (char *)text_of(&again, "invoiceId"), (char *)id));
    reply = house_get(&house, gen_arena_printf(house.arena, "/v1/invoices/%s", id));
    cr_expect(reply.status == 200 && strstr(reply.body, "\"reference\":\"abc123\"") != NULL, "%s", reply.body);
    reply = house_get(&house, "/v1/invoices?provider=fake");
    cr_expect(strstr(reply.body, id) != NULL, "%s", reply.body);
    reply = house_get(&house, "/v1/invoices?provider=other");
    cr_expect(strstr(reply.body, id) == NULL, "%s", reply.body);
    reply = house_post(&house, gen_arena_printf(house.arena, "/v1/invoices/%s/settle", id), NULL);
    cr_expect(reply.status == 200 && strstr(reply.body, "\"booked\":{\"charged\":0") != NULL, "%d: %s",
              reply.status, reply.body);
    house_close(&house);
}

Test(invoices, refused, .timeout = 60)
{
    static const struct {
        const char *body, *part;
    } cases[] = {
        {"{\"provider\":\"fake\"}", "content"},
        {"{\"provider\":\"nobody\",\"content\":\"" CSV "\"}", "provider"},
        {"{\"provider\":\"fake\",\"content\":\"a,b\\n1\\n\"}", "another number of values"},
        {"{\"provider\":\"fake\",\"content\":\"id,when\\n1,2\\n\"}", "amount"},
        {"{\"provider\":\"fake\",\"content\":\"[\",\"format\":\"json\"}", "json"},
        {"{\"provider\":\"fake\",\"content\":\"" CSV "\",\"from\":\"2026-01-01\"}", "period"},
        {"{\"provider\":\"fake\",\"content\":\"" CSV "\",\"from\":\"2026-01-01\",\"until\":\"2999-01-01\"}",
         "not ended"},
        {"{\"provider\":\"fake\",\"content\":\"" CSV "\",\"map\":{\"sum\":\"x\"}}", "map"},
        {"{\"provider\":\"fake\",\"content\":\"" CSV "\",\"settle\":true}", "settle"},
    };
    struct house house = {0};
    struct house_reply reply;

    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        reply = house_post(&house, "/v1/invoices", cases[i].body);
        cr_expect(reply.status >= 400 && reply.status < 500 && strstr(reply.body, cases[i].part) != NULL,
                  "%s: %d %s", cases[i].body, reply.status, reply.body);
    }
    reply = house_get(&house, "/v1/invoices/inv_00000000000000000000000000");
    cr_expect(eq(int, reply.status, 404));
    house_close(&house);
}
