/* route_test.c - core/service/route.c: which row of a table a request means. */
#include <criterion/criterion.h>

#include "service/route.h"

#include <string.h>

static const char *const types[] = {"application/json", "application/yaml", NULL};
static const struct gen_route table[] = {
    {.method = "GET", .path = "/a", .operation = "listA"},
    {.method = "POST", .path = "/a", .operation = "addA", .types = types},
    {.method = "GET", .path = "/a/{id}", .operation = "showA"},
    {.method = "POST", .path = "/a/{id}/end", .operation = "endA"},
    {.method = NULL},
};

Test(route, find)
{
    static const struct {
        const char *method, *path, *operation, *value, *allow;
    } cases[] = {
        {"GET", "/a", "listA", "", "GET, HEAD, POST"},
        {"HEAD", "/a", "listA", "", "GET, HEAD, POST"}, /* answered like GET */
        {"POST", "/a", "addA", "", "GET, HEAD, POST"},
        {"PUT", "/a", NULL, "", "GET, HEAD, POST"},
        {"get", "/a", NULL, "", "GET, HEAD, POST"}, /* methods are case-sensitive */
        {"GET", "/a/x.y", "showA", "x.y", "GET, HEAD"},
        {"POST", "/a/x/end", "endA", "x", "POST"},
        {"GET", "/a/", NULL, "", ""},       /* an empty id is none */
        {"GET", "/a/x/", NULL, "", ""},
        {"GET", "/a/x/y", NULL, "", ""},
        {"GET", "/ab", NULL, "", ""},
        {"GET", "", NULL, "", ""},
        {"GET", "/a/{id}", "showA", "{id}", "GET, HEAD"}, /* a value like any other */
        {"GET", /* 64 bytes do not fit an id */
         "/a/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL, "", ""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_route_match match;

        gen_route_find(table, cases[i].method, cases[i].path, &match);
        cr_expect((match.route == NULL) == (cases[i].operation == NULL), "%s %s", cases[i].method,
                  cases[i].path);
        cr_expect(match.route == NULL || strcmp(match.route->operation, cases[i].operation) == 0);
        cr_expect(strcmp(match.value, cases[i].value) == 0, "%s: %s", cases[i].path, match.value);
        cr_expect(strcmp(match.allow, cases[i].allow) == 0, "%s: %s", cases[i].path, match.allow);
    }
}

Test(route, takes)
{
    static const struct {
        const char *type;
        bool good;
    } cases[] = {
        {"application/json", true},
        {"Application/JSON; charset=utf-8", true},
        {"application/yaml;x", true},
        {"application/jsonx", false},
        {"application", false},
        {"", false},
        {NULL, false}, /* must be said */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(gen_route_takes(&table[1], cases[i].type) == cases[i].good, "%s", cases[i].type);
    }
    cr_expect(gen_route_takes(&table[0], NULL)); /* takes anything */
}
