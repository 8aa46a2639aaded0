/* record_fuzz.c - any YAML bound to a record of every field type fits or is refused with a reason,
 * and what was bound can be written and bound again to the same document. */
/* fuzz-runs: 200000 */
#include "base/json.h"
#include "base/record.h"
#include "platform/yaml_reader.h"

#include <stddef.h>
#include <string.h>

struct inner {
    const char *text;
    int64_t duration_ms;
};

struct outer {
    bool truth;
    int64_t whole;
    double real;
    gen_micros money;
    gen_moment moment;
    int choice;
    struct inner one;
    struct gen_records many;
    struct gen_texts texts;
};

static const struct gen_choice choices[] = {{"fast", 1, ""}, {"best", 2, ""}, {NULL, 0, NULL}};

static const struct gen_field inner_fields[] = {
    {.key = "text", .type = GEN_FIELD_TEXT, .flags = GEN_FIELD_REQUIRED,
     .offset = offsetof(struct inner, text), .min = 1, .max = 20},
    {.key = "duration", .type = GEN_FIELD_SECONDS, .offset = offsetof(struct inner, duration_ms),
     .min = 0, .max = 60000, .preset = "1.5"},
    {0},
};

static const struct gen_record inner_record = {
    .name = "inner", .size = sizeof(struct inner), .fields = inner_fields, .short_key = "text"};

static const struct gen_field outer_fields[] = {
    {.key = "t", .type = GEN_FIELD_BOOL, .offset = offsetof(struct outer, truth)},
    {.key = "w", .type = GEN_FIELD_INT, .offset = offsetof(struct outer, whole)},
    {.key = "r", .type = GEN_FIELD_REAL, .offset = offsetof(struct outer, real)},
    {.key = "m", .type = GEN_FIELD_MONEY, .offset = offsetof(struct outer, money)},
    {.key = "at", .type = GEN_FIELD_MOMENT, .offset = offsetof(struct outer, moment)},
    {.key = "c", .type = GEN_FIELD_CHOICE, .offset = offsetof(struct outer, choice),
     .choices = choices, .preset = "fast"},
    {.key = "one", .type = GEN_FIELD_RECORD, .offset = offsetof(struct outer, one),
     .record = &inner_record},
    {.key = "many", .type = GEN_FIELD_RECORDS, .offset = offsetof(struct outer, many),
     .record = &inner_record, .min = 0, .max = 5},
    {.key = "texts", .type = GEN_FIELD_TEXTS, .offset = offsetof(struct outer, texts)},
    {0},
};

static const struct gen_record outer_record = {
    .name = "outer", .size = sizeof(struct outer), .fields = outer_fields};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    struct gen_error err = {0};
    struct outer object;

    if (gen_yaml_read((const char *)data, size, "fuzz", arena, &node, &err) == GEN_OK) {
        if (gen_record_bind(&outer_record, node, "", arena, &object, &err) == GEN_OK) {
            struct gen_node *written = gen_record_write(&outer_record, &object, arena);
            char *once = gen_json_text(arena, written, NULL);

            /* An absent inner record has its presets but not its required text. */
            if (object.one.text != NULL) {
                GEN_CHECK(gen_record_bind(&outer_record, written, "", arena, &object, &err)
                          == GEN_OK);
                written = gen_record_write(&outer_record, &object, arena);
                GEN_CHECK(strcmp(once, gen_json_text(arena, written, NULL)) == 0);
            }
        } else {
            GEN_CHECK(err.status != GEN_OK && err.message[0] != '\0');
        }
    }
    gen_arena_destroy(arena);
    return 0;
}
