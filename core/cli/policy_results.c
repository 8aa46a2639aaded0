/* policy_results.c - see policy_results.h. */
#include "cli/policy_results.h"

#include <string.h>

static void put(struct gen_session *session, struct gen_node *map, const char *key,
                const char *text)
{
    gen_node_set(session->arena, map, key, gen_node_string(session->arena, text));
}

static void put_count(struct gen_session *session, struct gen_node *map, const char *key,
                      size_t count)
{
    gen_node_set(session->arena, map, key, gen_node_int(session->arena, (int64_t)count));
}

void gen_policy_results_begin(struct gen_policy_results *results, struct gen_session *session)
{
    *results = (struct gen_policy_results){.session = session,
                                           .suites = gen_node_list(session->arena)};
}

void gen_policy_results_open(struct gen_policy_results *results, const char *file, const char *name)
{
    struct gen_arena *arena = results->session->arena;
    struct gen_node *suite = gen_node_push(results->suites, gen_node_map(arena));

    put(results->session, suite, "file", file);
    put(results->session, suite, "name", name);
    results->cases = gen_node_list(arena);
    gen_node_set(arena, suite, "cases", results->cases);
    results->suite_failed = results->suite_count = 0;
}

static struct gen_node *results_case(struct gen_policy_results *results,
                                     const struct gen_policy_case *item, const char *word)
{
    struct gen_node *map = gen_node_push(results->cases, gen_node_map(results->session->arena));

    put(results->session, map, "name", item->name);
    put_count(results->session, map, "line", item->line);
    put(results->session, map, "status", word);
    results->suite_count++;
    return map;
}

void gen_policy_results_skip(struct gen_policy_results *results, const struct gen_policy_case *item)
{
    struct gen_node *map = results_case(results, item, "skipped");

    put(results->session, map, "message", item->skip);
    results->skipped++;
}

/* A line each for what was expected and what was got. */
static void results_differences(struct gen_policy_results *results, struct gen_node *map,
                                const struct gen_policy_trial *trial)
{
    struct gen_session *session = results->session;
    struct gen_node *list = gen_node_list(session->arena);

    for (const struct gen_policy_difference *item = trial->first; item != NULL; item = item->next) {
        struct gen_node *difference = gen_node_push(list, gen_node_map(session->arena));

        put(session, difference, "key", item->what);
        put(session, difference, "expected", item->expected);
        put(session, difference, "got", item->got);
        gen_session_say(session, "    %-12s expected %s", item->what,
                        gen_session_clean(session, item->expected));
        gen_session_say(session, "    %-12s got      %s", "",
                        gen_session_clean(session, item->got));
    }
    gen_node_set(session->arena, map, "differences", list);
}

static void results_failed(struct gen_policy_results *results, const char *file,
                           const struct gen_policy_trial *trial)
{
    struct gen_session *session = results->session;
    struct gen_node *map = results_case(results, trial->item, "failed");
    const char *sentence;

    results->failed++;
    results->suite_failed++;
    gen_session_say(session, "%s:%u:%u: %s", gen_session_clean(session, file), trial->item->line,
                    trial->item->column, gen_session_clean(session, trial->item->name));
    if (trial->broken != NULL) {
        put(session, map, "message", trial->broken);
        gen_session_say(session, "    %s", gen_session_clean(session, trial->broken));
        return;
    }
    results_differences(results, map, trial);
    sentence = trial->decision->verdict == GEN_OK
                   ? gen_decision_sentence(trial->decision, session->arena)
                   : trial->decision->refusal.message;
    put(session, map, "message", sentence);
    gen_session_say(session, "    %-12s %s", "decision", gen_session_clean(session, sentence));
}

void gen_policy_results_add(struct gen_policy_results *results, const char *file,
                            const struct gen_policy_trial *trial)
{
    if (trial->first != NULL || trial->broken != NULL) {
        results_failed(results, file, trial);
        return;
    }
    (void)results_case(results, trial->item, "passed");
    results->passed++;
}

void gen_policy_results_close(struct gen_policy_results *results, const char *file)
{
    gen_session_say(
        results->session, "%s: %zu case%s, %s", gen_session_clean(results->session, file),
        results->suite_count, results->suite_count == 1 ? "" : "s",
        results->suite_failed == 0
            ? "all right"
            : gen_arena_printf(results->session->arena, "%zu wrong", results->suite_failed));
}

static struct gen_node *results_covered(struct gen_session *session,
                                        const struct gen_policy_covered *rows, size_t count)
{
    struct gen_node *map = gen_node_map(session->arena);

    for (size_t i = 0; i < count; i++) {
        struct gen_node *kind = gen_node_map(session->arena), *list = gen_node_list(session->arena);

        gen_node_set(session->arena, map, rows[i].kind, kind);
        put_count(session, kind, "used", rows[i].used);
        put_count(session, kind, "total", rows[i].total);
        for (size_t k = 0; k < rows[i].never.count; k++) {
            gen_node_push(list, gen_node_string(session->arena, rows[i].never.items[k]));
        }
        gen_node_set(session->arena, kind, "never", list);
        if (rows[i].beyond.count > 0) {
            list = gen_node_list(session->arena);
            for (size_t k = 0; k < rows[i].beyond.count; k++) {
                gen_node_push(list, gen_node_string(session->arena, rows[i].beyond.items[k]));
            }
            gen_node_set(session->arena, kind, "beyond", list);
        }
    }
    return map;
}

struct gen_node *gen_policy_results_document(const struct gen_policy_results *results,
                                             const struct gen_policy_covered *rows, size_t count)
{
    struct gen_session *session = results->session;
    struct gen_node *map = gen_node_map(session->arena);

    put_count(session, map, "cases", results->passed + results->failed + results->skipped);
    put_count(session, map, "passed", results->passed);
    put_count(session, map, "failed", results->failed);
    put_count(session, map, "skipped", results->skipped);
    gen_node_set(session->arena, map, "suites", results->suites);
    if (rows != NULL) {
        gen_node_set(session->arena, map, "coverage", results_covered(session, rows, count));
    }
    return map;
}

void gen_policy_results_coverage(struct gen_session *session, const struct gen_policy_covered *rows,
                                 size_t count)
{
    gen_session_say(session, "\ncoverage");
    for (size_t i = 0; i < count; i++) {
        const char *never = gen_policy_scenario_joined(&rows[i].never, session->arena);
        const char *beyond = gen_policy_scenario_joined(&rows[i].beyond, session->arena);

        gen_session_say(session, "  %-11s %zu of %zu%s%s%s%s", rows[i].kind, rows[i].used,
                        rows[i].total, rows[i].never.count > 0 ? "; never: " : "",
                        rows[i].never.count > 0 ? gen_session_clean(session, never) : "",
                        rows[i].beyond.count > 0 ? "; out of reach in these policies: " : "",
                        rows[i].beyond.count > 0 ? beyond : "");
    }
}

/* ---- JUnit ---- */

/* Text of an attribute: markup escaped; what XML has no way to say becomes a space. */
static void xml_text(struct gen_bytes *out, const char *text)
{
    static const struct {
        char byte;
        const char *entity;
    } entities[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}};

    for (; *text != '\0'; text++) {
        const char *entity = (unsigned char)*text < ' ' || *text == 0x7f ? " " : NULL;

        for (size_t i = 0; entity == NULL && i < GEN_COUNT(entities); i++) {
            entity = entities[i].byte == *text ? entities[i].entity : NULL;
        }
        if (entity != NULL) {
            (void)gen_bytes_text(out, entity);
        } else {
            (void)gen_bytes_append(out, text, 1);
        }
    }
}

static void xml_attribute(struct gen_bytes *out, const char *name, const struct gen_node *value)
{
    (void)gen_bytes_printf(out, " %s=\"", name);
    xml_text(out, gen_node_text(value, ""));
    (void)gen_bytes_text(out, "\"");
}

static void xml_case(struct gen_bytes *out, const struct gen_node *suite,
                     const struct gen_node *item)
{
    const char *status = gen_node_text(gen_node_get(item, "status"), "");

    (void)gen_bytes_text(out, "    <testcase");
    xml_attribute(out, "name", gen_node_get(item, "name"));
    xml_attribute(out, "classname", gen_node_get(suite, "name"));
    xml_attribute(out, "file", gen_node_get(suite, "file"));
    (void)gen_bytes_printf(out, " line=\"%d\"",
                           (int)gen_node_integer(gen_node_get(item, "line"), 0));
    if (strcmp(status, "passed") == 0) {
        (void)gen_bytes_text(out, "/>\n");
        return;
    }
    (void)gen_bytes_printf(out, ">\n      <%s",
                           strcmp(status, "skipped") == 0 ? "skipped" : "failure");
    xml_attribute(out, "message", gen_node_get(item, "message"));
    (void)gen_bytes_text(out, ">");
    for (const struct gen_node *row = gen_node_first(gen_node_get(item, "differences"));
         row != NULL; row = row->next) {
        (void)gen_bytes_text(out, "\n");
        xml_text(out, gen_node_text(gen_node_get(row, "key"), ""));
        (void)gen_bytes_text(out, ": expected ");
        xml_text(out, gen_node_text(gen_node_get(row, "expected"), ""));
        (void)gen_bytes_text(out, ", got ");
        xml_text(out, gen_node_text(gen_node_get(row, "got"), ""));
    }
    (void)gen_bytes_printf(out, "</%s>\n    </testcase>\n",
                           strcmp(status, "skipped") == 0 ? "skipped" : "failure");
}

static size_t cases_in(const struct gen_node *suite, const char *status)
{
    size_t count = 0;

    for (const struct gen_node *item = gen_node_first(gen_node_get(suite, "cases")); item != NULL;
         item = item->next) {
        count += strcmp(gen_node_text(gen_node_get(item, "status"), ""), status) == 0;
    }
    return count;
}

void gen_policy_results_junit(const struct gen_node *document, struct gen_bytes *out)
{
    (void)gen_bytes_printf(out,
                           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
                           "name=\"policies\" tests=\"%d\" failures=\"%d\" skipped=\"%d\">\n",
                           (int)gen_node_integer(gen_node_get(document, "cases"), 0),
                           (int)gen_node_integer(gen_node_get(document, "failed"), 0),
                           (int)gen_node_integer(gen_node_get(document, "skipped"), 0));
    for (const struct gen_node *suite = gen_node_first(gen_node_get(document, "suites"));
         suite != NULL; suite = suite->next) {
        (void)gen_bytes_text(out, "  <testsuite");
        xml_attribute(out, "name", gen_node_get(suite, "name"));
        xml_attribute(out, "file", gen_node_get(suite, "file"));
        (void)gen_bytes_printf(out, " tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n",
                               gen_node_count(gen_node_get(suite, "cases")),
                               cases_in(suite, "failed"), cases_in(suite, "skipped"));
        for (const struct gen_node *item = gen_node_first(gen_node_get(suite, "cases"));
             item != NULL; item = item->next) {
            xml_case(out, suite, item);
        }
        (void)gen_bytes_text(out, "  </testsuite>\n");
    }
    (void)gen_bytes_text(out, "</testsuites>\n");
}
