/* findings.c - see findings.h. */
#include "cli/findings.h"

struct grade_row {
    enum gen_grade grade;
    const char *word, *color;
};

static const struct grade_row grades[] = {
    {GEN_GRADE_OK, "ok", "\033[32m"},
    {GEN_GRADE_WARN, "warn", "\033[33m"},
    {GEN_GRADE_FAIL, "fail", "\033[31m"},
    {0, NULL, NULL},
};

void gen_findings_add(struct gen_findings *findings, enum gen_grade grade, const char *name,
                      const char *remedy, const char *format, ...)
{
    struct gen_session *session = findings->session;
    struct gen_arena *arena = session->arena;
    const struct grade_row *row = grades;
    struct gen_node *node;
    const char *text;
    va_list values;

    while (row->word != NULL && row->grade != grade) {
        row++;
    }
    GEN_CHECK(row->word != NULL);
    va_start(values, format);
    text = gen_arena_vprintf(arena, format, values);
    va_end(values);
    findings->warnings += grade == GEN_GRADE_WARN;
    findings->failures += grade == GEN_GRADE_FAIL;
    node = gen_node_push(findings->list, gen_node_map(arena));
    gen_node_set(arena, node, "check", gen_node_string(arena, name));
    gen_node_set(arena, node, "result", gen_node_string(arena, row->word));
    gen_node_set(arena, node, "detail", gen_node_string(arena, text));
    gen_node_set(arena, node, "remedy", gen_node_string(arena, remedy));
    gen_session_say(session, "%s%-4s%s  %-12s %s", session->colors ? row->color : "", row->word,
                    session->colors ? "\033[0m" : "", name, gen_session_clean(session, text));
    if (remedy != NULL && grade != GEN_GRADE_OK) {
        gen_session_say(session, "%20s-> %s", "", remedy);
    }
}
