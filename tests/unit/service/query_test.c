/* query_test.c - core/service/query.c: keys and values of a query, right and wrong. */
#include <criterion/criterion.h>

#include "service/query.h"

#include <string.h>

static const struct gen_parameter keys[] = {{"limit", "x"}, {"status", "x"}, {NULL, NULL}};

Test(query, pairs)
{
    static const struct {
        const char *key, *value;
        enum gen_status status;
        const char *words; /* in the message */
    } cases[] = {
        {"limit", "1", GEN_OK, NULL},
        {"status", "", GEN_OK, NULL},
        {"limit", "2", GEN_EINVAL, "twice"},
        {"limits", "2", GEN_EINVAL, "did you mean \"limit\"?"},
        {"Limit", "2", GEN_EINVAL, "did you mean \"limit\"?"}, /* keys are case-sensitive */
        {"colour", "2", GEN_EINVAL, "there is no query key \"colour\""},
        {"", "", GEN_EINVAL, "there is no query key"},
        {"status", "\xff", GEN_EINVAL, "UTF-8"},
    };
    uint32_t seen = 0;

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};

        cr_expect(gen_query_pair(keys, &seen, cases[i].key, cases[i].value, &err) ==
                      cases[i].status,
                  "%s", cases[i].key);
        cr_expect(cases[i].words == NULL || strstr(err.message, cases[i].words) != NULL, "%s",
                  err.message);
    }
}

/* A route without a query takes none. */
Test(query, none)
{
    struct gen_error err = {0};
    uint32_t seen = 0;

    cr_expect(gen_query_pair(NULL, &seen, "x", "", &err) == GEN_EINVAL);
}

Test(query, integers)
{
    static const struct {
        const char *text;
        enum gen_status status;
        int64_t value;
    } cases[] = {
        {"1", GEN_OK, 1},        {"200", GEN_OK, 200},    {NULL, GEN_OK, 50},
        {"0", GEN_EINVAL, 50},   {"201", GEN_EINVAL, 50}, {"", GEN_EINVAL, 50},
        {"1.5", GEN_EINVAL, 50}, {"1 ", GEN_EINVAL, 50},  {"99999999999999999999", GEN_EINVAL, 50},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};
        int64_t value = 50;

        cr_expect(gen_query_integer("limit", cases[i].text, 1, 200, &value, &err) ==
                  cases[i].status);
        cr_expect(value == cases[i].value, "%s", cases[i].text);
        cr_expect((cases[i].status == GEN_OK) == (err.path[0] == '\0'));
    }
}

Test(query, moments)
{
    struct gen_error err = {0};
    gen_moment moment = 7;

    cr_expect(gen_query_moment("since", NULL, &moment, &err) == GEN_OK && moment == 7);
    cr_expect(gen_query_moment("since", "1970-01-02", &moment, &err) == GEN_OK &&
              moment == 86400000);
    cr_expect(gen_query_moment("since", "soon", &moment, &err) == GEN_EINVAL);
    cr_expect(strcmp(err.path, "since") == 0);
}
