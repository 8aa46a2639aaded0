/* audit_reading_test.c - who did what, by every question, over page borders. */
#include "unit/store/sample.h"

#include "store/audit_reading.h"

static void fill(struct sample *sample)
{
    static const struct {
        const char *organization, *who, *origin;
        enum gen_event_kind kind;
    } rows[] = {
        {"org_1", NULL, NULL, GEN_EVENT_DAEMON_STARTED},       /* 1 */
        {"org_1", "key:key_1", "192.0.2.7", GEN_EVENT_JOB_ADMITTED},
        {"org_1", "user:owner", "socket", GEN_EVENT_JOB_CANCELING},
        {"org_2", "key:key_2", "192.0.2.8", GEN_EVENT_JOB_ADMITTED},
        {"org_1", "key:key_2", "192.0.2.8", GEN_EVENT_JOB_FAILED},
        {"org_1", "key:key_1", "192.0.2.7", GEN_EVENT_POLICY_LOADED}, /* 6 */
    };
    struct gen_changes *changes = gen_changes_create();

    for (int i = 0; i < (int)GEN_COUNT(rows); i++) {
        struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);

        change->as.event = (struct gen_change_event){
            .id = sample_ident(GEN_IDENT_EVENT, i + 1), .kind = rows[i].kind,
            .organization = rows[i].organization, .data = "{}", .at = SAMPLE_NOW + i + 1,
            .actor = {rows[i].who, rows[i].origin}};
        if (i == 4) {
            change->as.event.job = sample_ident(GEN_IDENT_JOB, 1);
        }
    }
    OK(gen_store_apply(sample->store, changes, NULL));
    gen_changes_destroy(changes);
}

static const struct {
    struct gen_audit_question question;
    const char *numbers;
    int64_t next;
} cases[] = {
    {{.organization = "org_1", .limit = 100}, "6 5 3 2 1", 0},
    {{.organization = "org_2", .limit = 100}, "4", 0},
    {{.organization = "org_1", .limit = 2}, "6 5", 5},
    {{.organization = "org_1", .limit = 2, .before = 5}, "3 2", 2},
    {{.organization = "org_1", .limit = 2, .before = 2}, "1", 0},
    {{.organization = "org_1", .limit = 100, .actor = "key:key_1"}, "6 2", 0},
    {{.organization = "org_1", .limit = 100, .actor = "key:"}, "6 5 2", 0},
    {{.organization = "org_1", .limit = 100, .actor = "key"}, "", 0},
    {{.organization = "org_1", .limit = 100, .actor = "daemon"}, "1", 0},
    {{.organization = "org_1", .limit = 100, .kind = "job.*"}, "5 3 2", 0},
    {{.organization = "org_1", .limit = 100, .kind = "job.failed"}, "5", 0},
    {{.organization = "org_1", .limit = 100, .since = SAMPLE_NOW + 3}, "6 5 3", 0},
    {{.organization = "org_1", .limit = 100, .until = SAMPLE_NOW + 3}, "2 1", 0},
    {{.organization = "org_1", .limit = -1}, "6", 6},
};

Test(audit_reading, questions)
{
    struct sample sample;

    sample_open(&sample);
    fill(&sample);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *list;
        char numbers[100] = "";
        int64_t next = -1;

        OK(gen_read_audit(sample.store, &cases[i].question, arena, &list, &next, NULL));
        for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
            sprintf(numbers + strlen(numbers), "%s%" PRId64, numbers[0] != '\0' ? " " : "",
                    gen_node_integer(gen_node_get(item, "seq"), -1));
        }
        cr_assert(strcmp(numbers, cases[i].numbers) == 0, "case %zu: %s", i, numbers);
        cr_assert(next == cases[i].next, "case %zu: %" PRId64, i, next);
        gen_arena_destroy(arena);
    }
    sample_close(&sample);
}

Test(audit_reading, of_a_job_as_a_document)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_ident job = sample_ident(GEN_IDENT_JOB, 1);
    struct gen_audit_question question = {.organization = "org_1", .job = job.text, .limit = 9};
    struct gen_node *list;
    const struct gen_node *item;
    int64_t next;

    sample_open(&sample);
    fill(&sample);
    OK(gen_read_audit(sample.store, &question, arena, &list, &next, NULL));
    cr_assert(eq(sz, gen_node_count(list), 1));
    item = gen_node_first(list);
    cr_assert(eq(str, (char *)gen_node_text(gen_node_get(item, "actor"), ""), "key:key_2"));
    cr_assert(eq(str, (char *)gen_node_text(gen_node_get(item, "origin"), ""), "192.0.2.8"));
    cr_assert(eq(sz, strlen(gen_node_text(gen_node_get(item, "hash"), "")), 64));
    question.organization = "org_2";
    OK(gen_read_audit(sample.store, &question, arena, &list, &next, NULL));
    cr_assert(eq(sz, gen_node_count(list), 0));
    gen_arena_destroy(arena);
    sample_close(&sample);
}
