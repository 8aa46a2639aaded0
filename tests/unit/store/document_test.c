/* document_test.c - values of rows as values of documents. */
#include "unit/store/sample.h"

#include "store/document.h"

Test(document, values)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct {
        struct gen_node *node;
        const char *text;
    } cases[] = {
        {gen_document_text(arena, ""), "null"},
        {gen_document_text(arena, NULL), "null"},
        {gen_document_text(arena, "a"), "\"a\""},
        {gen_document_share(arena, 650000), "0.65"},
        {gen_document_share(arena, 1000000), "1"},
        {gen_document_seconds(arena, 1500), "1.5"},
        {gen_document_seconds(arena, 30000), "30"},
        {gen_document_rate(arena, 29970), "29.97"},
        {gen_document_size(arena, 1920, 1080), "\"1920x1080\""},
        {gen_document_url(arena, "out_1", "sheet"), "\"/v1/outputs/out_1/sheet\""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char *text = gen_json_text(arena, cases[i].node, NULL);

        cr_assert(strcmp(text, cases[i].text) == 0, "case %zu: %s", i, text);
    }
    gen_arena_destroy(arena);
}

Test(document, stored_json)
{
    static const struct {
        const char *text;
        enum gen_status status;
        const char *written;
    } cases[] = {
        {"{\"a\": [1, 2.5, \"x\"]}", GEN_OK, "{\"a\":[1,2.5,\"x\"]}"},
        {"", GEN_OK, "null"},
        {NULL, GEN_OK, "null"},
        {"{\"a\":", GEN_ECORRUPT, "the stored data of evt_1"},
    };
    struct gen_error err = {0};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *node = NULL;

        cr_assert(gen_document_json(arena, cases[i].text, "data", "evt_1", &node, &err) ==
                  cases[i].status);
        if (cases[i].status == GEN_OK) {
            cr_assert(strcmp(gen_json_text(arena, node, NULL), cases[i].written) == 0, "%s",
                      gen_json_text(arena, node, NULL));
        } else {
            cr_assert(strstr(err.message, cases[i].written) != NULL, "%s", err.message);
        }
        gen_arena_destroy(arena);
    }
}
