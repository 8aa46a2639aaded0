/* policy_reference.c - see policy_reference.h. The rows give the tables, so the page cannot be wrong
 * about a key. */
#include "policy/policy_reference.h"

#include "base/name.h"
#include "policy/policy_schema.h"
#include "policy/policy_set.h"

#include <string.h>

static const char reference_head[] =
    "# Policy files\n\n"
    "Made from the tables of core/policy; do not edit. Every key of every file in `policies/`, "
    "then what "
    "expressions may name.\n\n"
    "Names stand in the file as keys of a map, in the order in which they are looked at. Money is "
    "in dollars, "
    "durations are seconds, times are RFC 3339 or a bare date (UTC). Every file is read whole or "
    "not at all: "
    "`gen policy check` shows all that is wrong with file, line and column.\n";

static const char reference_facts[] =
    "\n## Expressions\n\n"
    "Expressions are CEL. What they may name depends on the key they stand under:\n\n"
    "| kind | must give | may name | what it is |\n|---|---|---|---|\n";

static void reference_shape(const struct gen_shape *shape, struct gen_bytes *out)
{
    gen_bytes_printf(out, "\n### `%s`\n\n%s\n\n| name | type | meaning |\n|---|---|---|\n",
                     shape->name, shape->help);
    for (const struct gen_shape_field *row = shape->fields; row->name != NULL; row++) {
        char type[64];

        gen_bytes_printf(out, "| `%s.%s` | %s | %s |\n", shape->name, row->name,
                         gen_type_text(row->type, type, sizeof(type)), row->help);
    }
}

static void reference_domains(struct gen_bytes *out)
{
    static const struct gen_shape *const shapes[] = {
        &gen_facts_job,      &gen_facts_team,    &gen_facts_scene,     &gen_facts_model,
        &gen_facts_provider, &gen_facts_history, &gen_facts_candidate, &gen_facts_field,
        &gen_facts_failure,  &gen_facts_output};

    gen_bytes_text(out, reference_facts);
    for (const struct gen_domain *const *domain = gen_facts_domains(); *domain != NULL; domain++) {
        char type[64];

        gen_bytes_printf(out, "| %s | %s | ", (*domain)->name,
                         gen_type_text((*domain)->result, type, sizeof(type)));
        for (const struct gen_variable *row = (*domain)->variables; row->name != NULL; row++) {
            gen_bytes_printf(out, "%s`%s`", row == (*domain)->variables ? "" : ", ", row->name);
        }
        gen_bytes_printf(out, "%s | %s |\n", (*domain)->scores ? ", `score.NAME`" : "",
                         (*domain)->help);
    }
    gen_bytes_text(
        out,
        "\n`now` is the time of the decision, a timestamp. What is not known is unbound: "
        "`has(job.deadlineIn)` asks, reading it is a fault. Of `scene` everything is unbound but "
        "where a strategy chooses for each scene. `gen policy check` warns where such a fact "
        "is read and nobody asks.\n");
    for (size_t i = 0; i < GEN_COUNT(shapes); i++) {
        reference_shape(shapes[i], out);
    }
}

enum gen_status gen_policy_reference(struct gen_bytes *out)
{
    gen_bytes_text(out, reference_head);
    for (const struct gen_policy_kind *kind = gen_policy_kinds; kind->name != NULL; kind++) {
        gen_bytes_printf(out, "\n## %s%s\n\n%s\n\n", kind->name, kind->folder ? "*.yaml" : "",
                         kind->help);
        gen_record_document(kind->record, out);
    }
    reference_domains(out);
    return gen_bytes_status(out);
}

static const char *kind_word(const void *kinds, size_t index)
{
    return ((const struct gen_policy_kind *)kinds)[index].word;
}

enum gen_status gen_policy_schema(const char *file, struct gen_bytes *out, struct gen_error *err)
{
    const struct gen_policy_kind *kind = gen_policy_kind_of(file);
    const char *nearest;
    size_t count = 0;

    for (; gen_policy_kinds[count].name != NULL; count++) {
        if (strcmp(gen_policy_kinds[count].word, file) == 0) {
            kind = &gen_policy_kinds[count];
        }
    }
    if (kind != NULL) {
        return gen_policy_schema_write(kind->record, kind->word, out, err);
    }
    nearest = gen_name_nearest(file, kind_word, gen_policy_kinds, count);
    return gen_error_set(
        err, GEN_ENOTFOUND,
        "there is no policy file \"%.60s\"%s%s%s There are routing, retry, budget, quality, "
        "schedule, access, provider, delivery and brand",
        file, nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
        nearest != NULL ? "\"?" : ".");
}
