/* policy_case.c - see policy_case.h. The keys first. */
#include "cli/policy_case.h"

#include "cli/policy_files.h"

#include <stdio.h>
#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

enum { CASES_MOST = 2000, NAME_MOST = 200 };

static const struct gen_field range_fields[] = {
    {.key = "is",
     .type = GEN_FIELD_REAL,
     FIELD(gen_policy_range, is),
     .help = "Exactly this, to a millionth."},
    {.key = "min", .type = GEN_FIELD_REAL, FIELD(gen_policy_range, min), .help = "At least this."},
    {.key = "max", .type = GEN_FIELD_REAL, FIELD(gen_policy_range, max), .help = "At most this."},
    {0}};

static enum gen_status check_range(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    struct gen_policy_range *range = object;

    (void)arena;
    range->has_is = gen_node_get(node, "is") != NULL;
    range->has_min = gen_node_get(node, "min") != NULL;
    range->has_max = gen_node_get(node, "max") != NULL;
    if (!range->has_is && !range->has_min && !range->has_max) {
        return gen_error_set(err, GEN_EINVAL, "say a number, or min and max");
    }
    if (range->has_min && range->has_max && range->min > range->max) {
        return gen_error_set(err, GEN_EINVAL, "min is more than max");
    }
    return GEN_OK;
}

static const struct gen_record range_record = {.name = "range",
                                               .size = sizeof(struct gen_policy_range),
                                               .fields = range_fields,
                                               .short_key = "is",
                                               .check = check_range,
                                               .help = "A number, or bounds of one."};

static const struct gen_field expect_fields[] = {
    {.key = "models",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_policy_expect, models),
     .max = 64,
     .help = "All models that are chosen, each once, in order."},
    {.key = "first",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_policy_expect, first),
     .max = 200,
     .help = "The first choice of each contest (variation, or scene) in order."},
    {.key = "order",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_policy_expect, order),
     .max = 64,
     .help = "The best models of the first contest, by rank; may stop before the last."},
    {.key = "avoid",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_policy_expect, avoid),
     .max = 64,
     .help = "Patterns of models that are not chosen: \"kling\", \"veo/veo-3.1-*\"."},
    {.key = "strategy",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_expect, strategy),
     .help = "Strategy that is used."},
    {.key = "tier",
     .type = GEN_FIELD_INT,
     FIELD(gen_policy_expect, tier),
     .min = 1,
     .max = 3,
     .help = "Tier that the storyboard asks for."},
    {.key = "complexity",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_policy_expect, complexity),
     .record = &range_record,
     .help = "1.0 to 10.0."},
    {.key = "costEstimate",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_policy_expect, price),
     .record = &range_record,
     .help = "Dollars expected for all that is chosen."},
    {.key = "costMost",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_policy_expect, most),
     .record = &range_record,
     .help = "Dollars held for it."},
    {.key = "seconds",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_policy_expect, seconds),
     .record = &range_record,
     .help = "Expected until the last of them is done."},
    {.key = "needs",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_policy_expect, needs),
     .max = 16,
     .help = "Exactly what a model must be able to do."},
    {.key = "rejected",
     .type = GEN_FIELD_NODE,
     FIELD(gen_policy_expect, rejected),
     .help = "Model to the name of the filter that rejects it, or a part of the sentence."},
    {.key = "rules",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_policy_expect, rules),
     .max = 64,
     .help = "Rules that do something here: take models out, prefer some, set the strategy."},
    {.key = "silent",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_policy_expect, silent),
     .max = 64,
     .help = "Rules that do nothing here."},
    {.key = "reason",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_expect, reason),
     .help = "Part of the sentence that explains the decision."},
    {.key = "warning",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_expect, warning),
     .help = "Part of one of the warnings."},
    {.key = "error",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_expect, error),
     .help =
         "There is no decision: the code (unsupported, budget_exceeded, denied, invalid) or a part "
         "of the sentence."},
    {0}};

static enum gen_status check_rejected(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_node *rejected = ((const struct gen_policy_expect *)object)->rejected;
    const struct gen_node *item = rejected;

    (void)node;
    (void)arena;
    if (rejected == NULL) {
        return GEN_OK;
    }
    if (gen_node_type_of(rejected) == GEN_NODE_MAP) {
        for (item = gen_node_first(rejected); item != NULL; item = item->next) {
            if (gen_node_type_of(item) != GEN_NODE_STRING) {
                break;
            }
        }
    }
    if (item == NULL) {
        return GEN_OK;
    }
    (void)gen_error_set(err, GEN_EINVAL,
                        "must be a map of models to texts (a filter, or a part of the sentence)");
    gen_error_place(err, NULL, item->line, item->column, "rejected");
    return GEN_EINVAL;
}

static enum gen_status check_anything(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    (void)object;
    (void)arena;
    return gen_node_count(node) > 0
               ? GEN_OK
               : gen_error_set(err, GEN_EINVAL, "expects nothing, so that it could never fail");
}

static enum gen_status check_outcome(void *object, const struct gen_node *node,
                                     struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_policy_expect *expect = object;

    (void)node;
    (void)arena;
    return expect->error == NULL || expect->models.count + expect->first.count == 0
               ? GEN_OK
               : gen_error_set(
                     err, GEN_EINVAL,
                     "expects both models and an error; an error means that none is chosen");
}

static const struct gen_record_rule expect_rules[] = {{"", check_anything},
                                                      {"error models first", check_outcome},
                                                      {"rejected", check_rejected},
                                                      {NULL, NULL}};

static const struct gen_record expect_record = {
    .name = "expect",
    .size = sizeof(struct gen_policy_expect),
    .fields = expect_fields,
    .rules = expect_rules,
    .help = "What the decision must be; what is not said here may be anything."};

static const struct gen_field case_fields[] = {
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_policy_case, name),
     .min = 1,
     .max = NAME_MOST,
     .help = "A sentence for people."},
    {.key = "skip",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_case, skip),
     .help = "Why the case is not run; it is counted."},
    {.key = "brief",
     .type = GEN_FIELD_NODE,
     FIELD(gen_policy_case, brief),
     .help = "Keys that change the brief of the file, or the name of another brief."},
    {.key = "snapshot",
     .type = GEN_FIELD_NODE,
     FIELD(gen_policy_case, snapshot),
     .help = "Keys that change the snapshot of the file; null takes a model or provider away."},
    {.key = "strategy",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_case, strategy),
     .help = "Strategy that the user names."},
    {.key = "organization",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_case, organization),
     .help = "Who pays."},
    {.key = "user", .type = GEN_FIELD_TEXT, FIELD(gen_policy_case, user), .help = "Who asks."},
    {.key = "sandbox",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_policy_case, sandbox),
     .help = "A trial run."},
    {.key = "expect",
     .type = GEN_FIELD_RECORD,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_policy_case, expect),
     .record = &expect_record,
     .help = "What must come out."},
    {0}};

static const struct gen_record case_record = {
    .name = "case",
    .size = sizeof(struct gen_policy_case),
    .fields = case_fields,
    .help = "One question, and what the decision must be."};

static const struct gen_field suite_fields[] = {
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_suite, name),
     .max = NAME_MOST,
     .help = "For people; the name of the file by default."},
    {.key = "brief",
     .type = GEN_FIELD_NODE,
     FIELD(gen_policy_suite, brief),
     .help = "What the briefs of the cases share, or the name of a brief."},
    {.key = "snapshot",
     .type = GEN_FIELD_NODE,
     FIELD(gen_policy_suite, snapshot),
     .help =
         "The world that the cases decide in: a map, which may extend another file, or the name of "
         "one. snapshot.yaml beside the file by default."},
    {.key = "organization",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_policy_suite, organization),
     .help = "Who pays, where a case does not say."},
    {.key = "cases",
     .type = GEN_FIELD_RECORDS,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_policy_suite, cases),
     .min = 1,
     .max = CASES_MOST,
     .record = &case_record,
     .help = "The cases."},
    {0}};

const struct gen_record gen_policy_suite_record = {
    .name = "test file",
    .size = sizeof(struct gen_policy_suite),
    .fields = suite_fields,
    .help = "Test cases of policies, tests/NAME.yaml."};

bool gen_policy_suite_is(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strncmp(slash != NULL ? slash + 1 : path, "snapshot", strlen("snapshot")) != 0;
}

/* Where nothing is said, snapshot.yaml beside the file is the world. */
static enum gen_status suite_snapshot(const struct gen_policy_suite *suite,
                                      struct gen_policy_layers *layers, struct gen_arena *arena,
                                      struct gen_error *err)
{
    const char *usual;

    if (suite->snapshot != NULL) {
        return gen_policy_layers_add(layers, suite->snapshot, suite->file, "snapshot", arena, err);
    }
    usual = gen_policy_files_beside(suite->file, "snapshot.yaml", arena);
    return usual == NULL ? gen_error_set(err, GEN_ENOMEM, "no memory for the snapshot")
                         : gen_policy_layers_read(layers, usual, "snapshot", arena, err);
}

/* A suite being read. */
struct suite_reading {
    struct gen_policy_suite *suite;
    const char *path;
    struct gen_arena *arena;
    struct gen_policy_problems *problems;
    struct gen_error *err;
};

static void suite_report(void *context, const struct gen_error *err)
{
    struct suite_reading *in = context;
    struct gen_error placed = *err;

    if (placed.file[0] == '\0') {
        gen_error_place(&placed, in->path, placed.line, placed.column, NULL);
    }
    gen_policy_problems_add(in->problems, &placed, false);
}

/* A mistake is noted and behind us. */
static enum gen_status suite_found(struct suite_reading *in, enum gen_status status,
                                   const struct gen_error *wrong)
{
    if (status == GEN_ENOMEM) {
        return gen_error_set(in->err, GEN_ENOMEM, "no memory for test cases");
    }
    if (status != GEN_OK) {
        suite_report(in, wrong);
    }
    return GEN_OK;
}

static void suite_twice(struct suite_reading *in, size_t index)
{
    const struct gen_policy_case *items = in->suite->cases.items;
    struct gen_error wrong = {0};

    for (size_t k = 0; k < index && items[index].name != NULL; k++) {
        if (items[k].name != NULL && strcmp(items[k].name, items[index].name) == 0) {
            (void)gen_error_set(&wrong, GEN_EINVAL, "two cases are called \"%s\"", items[k].name);
            gen_error_place(&wrong, in->path, items[index].line, items[index].column, "cases");
            suite_report(in, &wrong);
            return;
        }
    }
}

/* The scenario of one case, on top of what all share. */
static enum gen_status suite_case(struct suite_reading *in,
                                  const struct gen_policy_scenario *shared,
                                  struct gen_policy_case *item)
{
    struct gen_error wrong = {0};
    enum gen_status status;

    item->scenario = *shared;
    item->scenario.strategy = item->strategy;
    item->scenario.organization = item->organization != NULL ? item->organization
                                                             : in->suite->organization;
    item->scenario.user = item->user;
    item->scenario.sandbox = item->sandbox;
    status = suite_found(in,
                         gen_policy_layers_add(&item->scenario.brief, item->brief, in->path,
                                               "brief", in->arena, &wrong),
                         &wrong);
    return status == GEN_OK
               ? suite_found(in,
                             gen_policy_layers_add(&item->scenario.snapshot, item->snapshot,
                                                   in->path, "snapshot", in->arena, &wrong),
                             &wrong)
               : status;
}

static enum gen_status suite_cases(struct suite_reading *in, const struct gen_node *root)
{
    const struct gen_node *node = gen_node_first(gen_node_get(root, "cases"));
    struct gen_policy_suite *suite = in->suite;
    struct gen_policy_case *items = suite->cases.items;
    struct gen_policy_scenario shared = {0};
    struct gen_error wrong = {0};
    enum gen_status status;

    status = suite_found(in, suite_snapshot(suite, &shared.snapshot, in->arena, &wrong), &wrong);
    if (status == GEN_OK) {
        status = suite_found(in,
                             gen_policy_layers_add(&shared.brief, suite->brief, in->path, "brief",
                                                   in->arena, &wrong),
                             &wrong);
    }
    for (size_t i = 0; status == GEN_OK && i < suite->cases.count; i++, node = node->next) {
        items[i].node = node;
        items[i].line = node->line;
        items[i].column = node->column;
        suite_twice(in, i);
        status = suite_case(in, &shared, &items[i]);
    }
    return status;
}

enum gen_status gen_policy_suite_read(const char *path, struct gen_arena *arena,
                                      struct gen_policy_problems *problems,
                                      struct gen_policy_suite **out, struct gen_error *err)
{
    struct suite_reading in = {.path = path, .arena = arena, .problems = problems, .err = err};
    size_t before = problems->mistakes;
    const struct gen_node *root = NULL;
    struct gen_error wrong = {0};
    enum gen_status status;

    in.suite = gen_arena_alloc(arena, sizeof(*in.suite));
    if (in.suite == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for test cases");
    }
    status = suite_found(&in, gen_policy_files_read(path, arena, &root, &wrong), &wrong);
    if (status != GEN_OK || problems->mistakes > before) {
        return status != GEN_OK ? status
                                : gen_error_set(err, GEN_EINVAL, "%s is no test file", path);
    }
    if (gen_record_bind_all(&gen_policy_suite_record, root, "", arena, in.suite, suite_report,
                            &in) == GEN_ENOMEM) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for test cases");
    }
    in.suite->file = path;
    if (in.suite->name == NULL) {
        in.suite->name = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    }
    status = suite_cases(&in, root);
    if (status == GEN_OK && problems->mistakes > before) {
        status = gen_error_set(err, GEN_EINVAL, "%s has %zu mistake%s", path,
                               problems->mistakes - before,
                               problems->mistakes - before == 1 ? "" : "s");
    }
    if (status == GEN_OK) {
        *out = in.suite;
    }
    return status;
}
