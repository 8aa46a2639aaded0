/* policy_set.c - see policy_set.h. Read, bind, compile, link: each step goes on after a mistake as far as
 * what it stands on is right, so that members of an object may be missing until all is known to be right. */
#include "policy/policy_set.h"

#include "platform/yaml_reader.h"
#include "policy/policy_folder.h"
#include "policy/policy_formula.h"
#include "policy/policy_guards.h"
#include "policy/policy_links.h"
#include "policy/policy_order.h"
#include "policy/policy_vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLICY_MAX_MEMORY ((size_t)512 * 1024 * 1024) /* of one set */

/* A set in the making. */
struct loading {
    const char *folder;
    const struct gen_policy_terms *terms;
    struct gen_policy_problems *problems;
    struct gen_policy_set *set;
    struct gen_policy_file *files;
    struct gen_error *err;
    struct gen_policy_formula_of *formulas;
    size_t formula_count, formula_room;
    struct gen_policy_vocabulary *vocabulary;
    /* While one file is bound or compiled. */
    const char *path;
    const struct gen_policy_file *file;
    const char *key_path; /* of the expression whose mistakes are told */
};

static enum gen_status load_no_memory(struct loading *load)
{
    return gen_error_set(load->err, GEN_ENOMEM, "out of memory");
}

static void load_report(void *context, const struct gen_error *err)
{
    struct loading *load = context;
    struct gen_error placed = *err;

    gen_error_place(&placed, load->path, placed.line, placed.column, NULL);
    gen_policy_problems_add(load->problems, &placed, false);
}

static const char *kind_name(const void *kinds, size_t index)
{
    return ((const struct gen_policy_kind *)kinds)[index].name;
}

static void load_unknown(struct loading *load, const char *name)
{
    struct gen_error err = {0};
    const char *nearest = gen_name_nearest(name, kind_name, gen_policy_kinds,
                                           gen_policy_kind_count());
    size_t size = strlen(name);

    if (size > 4 && strcmp(name + size - 4, ".yml") == 0) {
        gen_error_set(&err, GEN_EINVAL, "policy files end in .yaml; rename it");
    } else {
        gen_error_set(&err, GEN_EINVAL, "there is no such policy file%s%s%s",
                      nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                      nearest != NULL ? "?" : "");
    }
    load_report(load, &err);
}

/* A folder cannot hold two files of a name, but whoever compiles from memory can. */
static void load_twice(struct loading *load, const char *name)
{
    struct gen_error err = {0};

    load->path = gen_policy_folder_path(load->folder, name, load->set->arena);
    gen_error_set(&err, GEN_EINVAL, "this file is given twice; give it once");
    load_report(load, &err);
}

/* A key without a value reads like "not said", and a price or a limit would be gone: `perSecond:` is a
 * mistake. A plugin's own settings may hold nulls. The reader bounds the depth. */
static void load_nulls(struct loading *load, const struct gen_node *node)
{
    for (const struct gen_node *item = gen_node_first(node); item != NULL; item = item->next) {
        struct gen_error err = {0};

        if (item->key != NULL && strcmp(item->key, "settings") == 0) {
            continue;
        }
        if (item->type == GEN_NODE_NULL) {
            gen_error_set(&err, GEN_EINVAL, "has no value; remove it or give it one");
            gen_error_place(&err, NULL, item->line, item->column, item->key);
            load_report(load, &err);
        } else if (item->type == GEN_NODE_MAP || item->type == GEN_NODE_LIST) {
            load_nulls(load, item);
        }
    }
}

static enum gen_status load_bind(struct loading *load, struct gen_policy_file *file)
{
    struct gen_arena *arena = load->set->arena;
    struct gen_error err = {0};
    enum gen_status status = gen_yaml_read(file->text, file->size, NULL, arena, &file->root, &err);

    if (status != GEN_OK && status != GEN_ENOMEM) {
        load_report(load, &err);
        return GEN_OK;
    }
    if (status == GEN_OK && gen_node_type_of(file->root) == GEN_NODE_NULL) {
        gen_error_set(&err, GEN_EINVAL, "the file is empty");
        load_report(load, &err);
        return GEN_OK;
    }
    if (status == GEN_OK) {
        load_nulls(load, file->root);
    }
    if (status == GEN_OK && file->kind->record == &gen_routing_record) {
        file->root = gen_policy_order_extend(file->root, "strategies", load->path, arena,
                                             load->problems);
    } else if (status == GEN_OK && file->kind->record == &gen_access_record) {
        file->root = gen_policy_order_extend(file->root, "plans", load->path, arena,
                                             load->problems);
    }
    file->object = gen_arena_alloc(arena, file->kind->record->size);
    if (status != GEN_OK || file->root == NULL || file->object == NULL) {
        return load_no_memory(load);
    }
    status = gen_record_bind_all(file->kind->record, file->root, "", arena, file->object,
                                 load_report, load);
    return status == GEN_ENOMEM ? load_no_memory(load) : GEN_OK;
}

/* Takes one source over. */
static enum gen_status load_source(struct loading *load, const struct gen_policy_source *source)
{
    struct gen_arena *arena = load->set->arena;
    struct gen_policy_file *file = &load->files[load->set->file_count];
    struct gen_error err = {0};

    load->path = gen_policy_folder_path(load->folder, source->name, arena);
    if (load->path == NULL) {
        return load_no_memory(load);
    }
    *file = (struct gen_policy_file){.kind = gen_policy_kind_of(source->name)};
    if (file->kind == NULL) {
        load_unknown(load, source->name);
        return GEN_OK;
    }
    file->name = gen_arena_strdup(arena, source->name);
    load->set->file_count++;
    if (source->text == NULL) { /* whoever read it has said why */
        return file->name != NULL ? GEN_OK : load_no_memory(load);
    }
    if (source->size > GEN_POLICY_MAX_FILE) {
        gen_error_set(&err, GEN_ETOOLARGE, "has %zu bytes; a policy file has at most %d",
                      source->size, (int)GEN_POLICY_MAX_FILE);
        load_report(load, &err);
        return GEN_OK;
    }
    file->text = gen_arena_strndup(arena, source->text, source->size);
    file->size = source->size;
    if (file->text == NULL || file->name == NULL) {
        return load_no_memory(load);
    }
    return load_bind(load, file);
}

/* The object of a kind there is one of; NULL when it is missing or no YAML. */
static const void *load_single(struct loading *load, const struct gen_record *record)
{
    for (size_t i = 0; i < load->set->file_count; i++) {
        if (load->files[i].kind->record == record) {
            return load->files[i].object;
        }
    }
    return NULL;
}

static enum gen_status load_missing(struct loading *load)
{
    for (const struct gen_policy_kind *kind = gen_policy_kinds; kind->name != NULL; kind++) {
        struct gen_error err = {0};
        bool there = kind->folder;

        for (size_t i = 0; i < load->set->file_count && !there; i++) {
            there = load->files[i].kind == kind;
        }
        if (there) {
            continue;
        }
        load->path = gen_policy_folder_path(load->folder, kind->name, load->set->arena);
        if (load->path == NULL) {
            return load_no_memory(load);
        }
        gen_error_set(&err, GEN_ENOTFOUND,
                      "this file is missing; copy it from the policies that are shipped");
        load_report(load, &err);
    }
    return GEN_OK;
}

/* A score is called score.NAME, so its name must be a word of the language. */
static bool score_name_good(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t size = strlen(name);

    return size > 0 && (name[0] < '0' || name[0] > '9') && strspn(name, letters) == size;
}

/* The variables of gen_domain_score, and one for each score of the file that is looked at. */
static enum gen_status load_scores(struct loading *load)
{
    const struct gen_routing *routing = load->file->object;
    const struct gen_routing_score *scores = routing->scores.items;
    const struct gen_variable *known = gen_policy_vocabulary_variables(load->vocabulary,
                                                                       &gen_domain_score);
    struct gen_variable *variables = gen_arena_array(
        load->set->arena, GEN_FACT_SCORES + routing->scores.count + 1, sizeof(*variables));

    if (variables == NULL || known == NULL) {
        return load_no_memory(load);
    }
    memcpy(variables, known, GEN_FACT_SCORES * sizeof(*variables));
    for (size_t i = 0; i < routing->scores.count; i++) {
        struct gen_error err = {0};
        const char *name = scores[i].named.name != NULL ? scores[i].named.name : "_";

        variables[GEN_FACT_SCORES + i] = (struct gen_variable){
            gen_arena_printf(load->set->arena, "score.%s", name), &gen_type_double, scores[i].help};
        if (!score_name_good(name)) {
            gen_error_set(
                &err, GEN_EINVAL,
                "the name of a score is a word: letters, digits and _, no digit in front");
            gen_error_place(&err, NULL, scores[i].named.line, scores[i].named.column, "scores");
            load_report(load, &err);
            variables[GEN_FACT_SCORES + i].name = "score._";
        }
    }
    load->set->score_variables = variables;
    load->set->score_count = routing->scores.count;
    return gen_arena_failed(load->set->arena) ? load_no_memory(load) : GEN_OK;
}

/* Where a fault of this expression must point at. */
static bool load_remember(struct loading *load, const struct gen_formula *formula)
{
    if (load->formula_count == load->formula_room) {
        size_t room = load->formula_room > 0 ? load->formula_room * 2 : 64;
        struct gen_policy_formula_of *more = gen_arena_array(load->set->arena, room, sizeof(*more));

        if (more == NULL) {
            return false;
        }
        if (load->formula_count > 0) {
            memcpy(more, load->formulas, load->formula_count * sizeof(*more));
        }
        load->formulas = more;
        load->formula_room = room;
    }
    load->formulas[load->formula_count++] = (struct gen_policy_formula_of){formula, load->file};
    return true;
}

/* Warns of facts that may not be there when the expression runs. */
static enum gen_status load_gaps(struct loading *load, const struct gen_formula *formula,
                                 const struct gen_domain *domain,
                                 const struct gen_variable *variables, const char *path)
{
    struct gen_arena *scratch = gen_arena_create(POLICY_MAX_MEMORY);
    struct gen_policy_gap gaps[GEN_POLICY_GUARDS_MOST];
    size_t count = 0;
    enum gen_status status = GEN_ENOMEM;

    if (scratch != NULL) {
        status = gen_policy_guards_find(formula->text, formula->size, variables, scratch, gaps,
                                        &count, NULL);
    }
    for (size_t i = 0; status == GEN_OK && i < count; i++) {
        struct gen_error err = {0};
        uint32_t line = 0, column = 0;

        gen_error_set(&err, GEN_EINVAL,
                      domain->result->kind == GEN_KIND_BOOL
                          ? "%s is not always there; guard it: has(%s) && ..."
                          : "%s is not always there; guard it: has(%s) ? ... : ...",
                      gaps[i].fact, gaps[i].fact);
        gen_policy_formula_place(formula, load->file->text, load->file->size, gaps[i].offset, &line,
                                 &column);
        gen_error_place(&err, load->path, line, column, path);
        gen_policy_problems_add(load->problems, &err, true);
    }
    gen_arena_destroy(scratch);
    return status == GEN_OK ? GEN_OK : load_no_memory(load);
}

static void load_report_formula(void *context, const struct gen_error *err)
{
    struct loading *load = context;
    struct gen_error placed = *err;

    gen_error_place(&placed, NULL, placed.line, placed.column, load->key_path);
    load_report(load, &placed);
}

static enum gen_status load_formula(void *context, const struct gen_field *field, void *member,
                                    const char *path)
{
    struct loading *load = context;
    struct gen_formula *formula = member;
    struct gen_error err = {0};
    struct gen_formula_terms terms = {field->domain, NULL, load->terms->zones};
    enum gen_status status;

    if (field->type != GEN_FIELD_FORMULA || formula->text == NULL) {
        return GEN_OK;
    }
    GEN_CHECK(field->domain != NULL);
    terms.variables = field->domain->scores
                          ? load->set->score_variables
                          : gen_policy_vocabulary_variables(load->vocabulary, field->domain);
    if (terms.variables == NULL) {
        return load_no_memory(load);
    }
    status = gen_policy_formula_compile(formula, &terms, load->file->text, load->file->size,
                                        load->set->arena, &err);
    if (status == GEN_ENOMEM) {
        return load_no_memory(load);
    }
    if (status != GEN_OK) {
        load->key_path = path;
        if (gen_policy_formula_mistakes(formula, &terms, load->file->text, load->file->size,
                                        load_report_formula, load) == 0) {
            load_report_formula(load, &err);
        }
        return GEN_OK;
    }
    return load_remember(load, formula)
               ? load_gaps(load, formula, field->domain, terms.variables, path)
               : load_no_memory(load);
}

/* By address. */
static int formula_order(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t)((const struct gen_policy_formula_of *)left)->formula;
    uintptr_t b = (uintptr_t)((const struct gen_policy_formula_of *)right)->formula;

    return (a > b) - (a < b);
}

static enum gen_status load_formulas(struct loading *load)
{
    enum gen_status status = GEN_OK;

    load->vocabulary = gen_policy_vocabulary_create(load->set);
    if (load->vocabulary == NULL) {
        return load_no_memory(load);
    }
    for (size_t i = 0; i < load->set->file_count && status == GEN_OK; i++) {
        if (load->files[i].object == NULL) {
            continue;
        }
        load->file = &load->files[i];
        load->path = gen_policy_folder_path(load->folder, load->file->name, load->set->arena);
        if (load->path == NULL) {
            return load_no_memory(load);
        }
        if (load->file->kind->record == &gen_routing_record) {
            status = load_scores(load);
        }
        if (status == GEN_OK) {
            status = gen_record_each(load->file->kind->record, load->file->object, "", load_formula,
                                     load);
        }
    }
    if (load->formula_count > 0) {
        qsort(load->formulas, load->formula_count, sizeof(*load->formulas), formula_order);
    }
    load->set->formulas = load->formulas;
    load->set->formula_count = load->formula_count;
    return status;
}

/* The objects of a kind in a folder, in the order of their files, which is that of their names. */
static const void *load_many(struct loading *load, const struct gen_record *record, size_t *count)
{
    const void **list = gen_arena_array(load->set->arena, load->set->file_count + 1, sizeof(*list));

    for (size_t i = 0; i < load->set->file_count && list != NULL; i++) {
        if (load->files[i].kind->record == record && load->files[i].object != NULL) {
            list[*count] = load->files[i].object;
            ++*count;
        }
    }
    return list;
}

/* Which scores come first, and which one a strategy means; nothing where there is no routing.yaml. */
static enum gen_status load_order(struct loading *load)
{
    struct gen_routing *routing = (struct gen_routing *)load->set->routing;
    struct gen_routing_strategy *strategies;
    const struct gen_routing_score *scores;
    const char *path;

    if (routing == NULL) {
        return GEN_OK;
    }
    strategies = routing->strategies.items;
    scores = routing->scores.items;
    path = gen_policy_folder_path(load->folder, "routing.yaml", load->set->arena);
    routing->score_order = path != NULL ? gen_policy_order_scores(routing, path, load->set->arena,
                                                                  load->problems)
                                        : NULL;
    for (size_t i = 0; i < routing->strategies.count; i++) {
        for (size_t k = 0; k < routing->scores.count && strategies[i].score != NULL; k++) {
            if (scores[k].named.name != NULL &&
                strcmp(strategies[i].score, scores[k].named.name) == 0) {
                strategies[i].score_index = k;
            }
        }
        if (strategies[i].tie_breaks.count == 0) {
            strategies[i].tie_breaks = routing->tie_breaks;
        }
    }
    return gen_arena_failed(load->set->arena) ? load_no_memory(load) : GEN_OK;
}

/* What stands on the shelf counts, and not the files' own, which have been checked before. */
static void load_prices(struct loading *load)
{
    for (size_t i = 0; i < load->set->provider_count; i++) {
        struct gen_provider_policy *one = (struct gen_provider_policy *)load->set->providers[i];
        const struct gen_records *rows = one->id == NULL
                                             ? NULL
                                             : gen_price_shelf_rows(load->terms->shelf, one->id);

        one->prices = rows == NULL ? one->prices : *rows;
    }
}

static enum gen_status load_link(struct loading *load)
{
    struct gen_policy_set *set = load->set;
    enum gen_status status;

    set->providers = load_many(load, &gen_provider_record, &set->provider_count);
    set->deliveries = load_many(load, &gen_delivery_record, &set->delivery_count);
    set->brands = load_many(load, &gen_brand_policy_record, &set->brand_count);
    if (gen_arena_failed(set->arena)) {
        return load_no_memory(load);
    }
    status = load_order(load);
    if (status == GEN_OK) {
        status = gen_policy_links_check(set, load->folder, load->terms, load->problems, load->err);
    }
    load_prices(load);
    return status;
}

static enum gen_status load_all(struct loading *load, const struct gen_policy_source *sources,
                                size_t count)
{
    struct gen_policy_set *set = load->set;
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        if (i > 0 && strcmp(sources[i].name, sources[i - 1].name) == 0) {
            load_twice(load, sources[i].name);
        } else {
            status = load_source(load, &sources[i]);
        }
    }
    if (status == GEN_OK) {
        status = load_missing(load);
    }
    set->files = load->files;
    set->routing = load_single(load, &gen_routing_record);
    set->retry = load_single(load, &gen_retry_record);
    set->budget = load_single(load, &gen_budget_record);
    set->quality = load_single(load, &gen_quality_record);
    set->schedule = load_single(load, &gen_schedule_record);
    set->access = load_single(load, &gen_access_record);
    if (status == GEN_OK) {
        status = load_formulas(load);
    }
    if (status == GEN_OK) {
        status = load_link(load);
    }
    if (status == GEN_OK && load->problems->mistakes > 0) {
        status = gen_error_set(load->err, GEN_EINVAL, "the policies have %zu mistake%s",
                               load->problems->mistakes, load->problems->mistakes == 1 ? "" : "s");
    }
    gen_policy_problems_sort(load->problems);
    return status;
}

/* The sources in the order of their names. */
static struct gen_policy_source *load_sorted(const struct gen_policy_source *sources, size_t count,
                                             struct gen_arena *arena)
{
    struct gen_policy_source *sorted = gen_arena_array(arena, count + 1, sizeof(*sorted));

    if (sorted != NULL && count > 0) {
        memcpy(sorted, sources, count * sizeof(*sorted));
        qsort(sorted, count, sizeof(*sorted), gen_policy_source_order);
    }
    return sorted;
}

enum gen_status gen_policy_compile(const char *folder, const struct gen_policy_source *sources,
                                   size_t count, const struct gen_policy_terms *terms,
                                   struct gen_policy_problems *problems,
                                   struct gen_policy_set **out, struct gen_error *err)
{
    static const struct gen_policy_terms no_terms = {0};
    struct gen_arena *arena = gen_arena_create(POLICY_MAX_MEMORY);
    struct gen_policy_source *sorted = NULL;
    struct loading load = {.folder = folder,
                           .terms = terms != NULL ? terms : &no_terms,
                           .problems = problems,
                           .err = err};
    enum gen_status status;

    if (arena != NULL) {
        load.set = gen_arena_alloc(arena, sizeof(*load.set));
        load.files = gen_arena_array(arena, count + 1, sizeof(*load.files));
        sorted = load_sorted(sources, count, arena);
    }
    if (arena == NULL || load.set == NULL || load.files == NULL || sorted == NULL) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    load.set->arena = arena;
    gen_policy_folder_digest(sorted, count, load.set->version);
    status = load_all(&load, sorted, count);
    if (status == GEN_OK) {
        *out = load.set;
    } else {
        gen_arena_destroy(arena);
    }
    return status;
}

enum gen_status gen_policy_load(const char *folder, const struct gen_policy_terms *terms,
                                struct gen_policy_problems *problems, struct gen_policy_set **out,
                                struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(POLICY_MAX_MEMORY);
    struct gen_policy_folder files;
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_policy_folder_read(folder, arena, problems, &files, err);
    if (status == GEN_OK) {
        status = gen_policy_compile(folder, files.sources, files.count, terms, problems, out, err);
    }
    gen_arena_destroy(arena);
    return status;
}

void gen_policy_destroy(struct gen_policy_set *set)
{
    if (set != NULL) {
        gen_arena_destroy(set->arena);
    }
}

enum gen_status gen_policy_folder_version(const char *folder, char *version, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(POLICY_MAX_MEMORY);
    struct gen_policy_problems problems;
    struct gen_policy_folder files;
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_policy_problems_init(&problems);
    status = gen_policy_folder_read(folder, arena, &problems, &files, err);
    if (status == GEN_OK) {
        gen_policy_folder_digest(files.sources, files.count, version);
    }
    gen_policy_problems_fini(&problems);
    gen_arena_destroy(arena);
    return status;
}
