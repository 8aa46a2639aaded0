/* The reference is in step with the tables, the schemas are JSON and know every key. */
#include "policy/policy_reference.h"

#include "platform/files.h"
#include "platform/json_reader.h"
#include "policy/policy_set.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* GEN_UPDATE_DOCS=1 writes the page. */
Test(policy_reference, page_is_in_step)
{
    static const char path[] = GEN_SOURCE_DIR "/docs/policy-reference.md";
    struct gen_bytes made, kept;
    struct gen_error err = {0};

    gen_bytes_init(&made, 1 << 20);
    gen_bytes_init(&kept, 1 << 20);
    cr_assert(eq(int, gen_policy_reference(&made), GEN_OK));
    if (getenv("GEN_UPDATE_DOCS") != NULL) {
        cr_assert(eq(int, gen_files_write(path, made.data, made.size, 0644, &err), GEN_OK));
    }
    cr_assert(eq(int, gen_files_read(path, &kept, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(sz, made.size, kept.size), "docs/policy-reference.md is out of step; run this test "
                                            "with GEN_UPDATE_DOCS=1");
    cr_expect(made.size == kept.size && memcmp(made.data, kept.data, made.size) == 0,
              "docs/policy-reference.md is out of step; run this test with GEN_UPDATE_DOCS=1");
    gen_bytes_fini(&made);
    gen_bytes_fini(&kept);
}

/* Every key of every record has its help, and a row in the page. */
static void check_record(const struct gen_record *record, const char *page, int depth)
{
    cr_assert(lt(int, depth, 10));
    cr_expect(ne(ptr, (void *)record->help, NULL), "%s", record->name);
    for (const struct gen_field *field = record->fields; field->type != GEN_FIELD_END; field++) {
        char row[128];

        snprintf(row, sizeof(row), "| `%s`", field->key);
        cr_expect(field->help != NULL && strlen(field->help) > 3, "%s.%s", record->name, field->key);
        cr_expect(ne(ptr, strstr(page, row), NULL), "%s.%s", record->name, field->key);
        cr_expect(field->type != GEN_FIELD_FORMULA || field->domain != NULL, "%s.%s", record->name,
                  field->key);
        if (field->record != NULL) {
            check_record(field->record, page, depth + 1);
        }
    }
}

Test(policy_reference, tables_are_complete)
{
    struct gen_bytes page;

    gen_bytes_init(&page, 1 << 20);
    cr_assert(eq(int, gen_policy_reference(&page), GEN_OK));
    for (const struct gen_policy_kind *kind = gen_policy_kinds; kind->name != NULL; kind++) {
        check_record(kind->record, page.data, 0);
    }
    gen_bytes_fini(&page);
}

Test(policy_reference, schemas)
{
    for (const struct gen_policy_kind *kind = gen_policy_kinds; kind->name != NULL; kind++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *root = NULL, *at;
        struct gen_error err = {0};
        struct gen_bytes out;
        const char *reference;

        gen_bytes_init(&out, 1 << 20);
        cr_assert(eq(int, gen_policy_schema(kind->word, &out, &err), GEN_OK), "%s", err.message);
        cr_assert(eq(int, gen_json_read(out.data, out.size, NULL, arena, &root, &err), GEN_OK), "%s",
                  err.message);
        cr_expect(eq(str, (char *)gen_node_text(gen_node_get(root, "$schema"), ""),
                     "https://json-schema.org/draft/2020-12/schema"));
        reference = gen_node_text(gen_node_get(root, "$ref"), "");
        cr_assert(eq(int, strncmp(reference, "#/$defs/", 8), 0));
        at = gen_node_get(gen_node_get(root, "$defs"), reference + 8);
        cr_assert(ne(ptr, (void *)at, NULL), "%s", reference);
        at = gen_node_get(at, "properties");
        for (const struct gen_field *field = kind->record->fields; field->type != GEN_FIELD_END;
             field++) {
            cr_expect(ne(ptr, (void *)gen_node_get(at, field->key), NULL), "%s", field->key);
        }
        gen_bytes_fini(&out);
        gen_arena_destroy(arena);
    }
}

Test(policy_reference, names_of_schemas)
{
    struct gen_error err = {0};
    struct gen_bytes out;

    gen_bytes_init(&out, 1 << 20);
    cr_expect(eq(int, gen_policy_schema("providers/veo.yaml", &out, &err), GEN_OK));
    cr_expect(eq(int, gen_policy_schema("routing.yaml", &out, &err), GEN_OK));
    cr_expect(eq(int, gen_policy_schema("rooting", &out, &err), GEN_ENOTFOUND));
    cr_expect(ne(ptr, strstr(err.message, "did you mean \"routing\"?"), NULL), "%s", err.message);
    gen_bytes_fini(&out);
}
