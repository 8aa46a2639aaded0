/* macro.c - see macro.h. */
#include "expr/macro.h"

#include <string.h>

/* A method macro: x.name(one variable or two, filter?, step). */
struct macro_row { /* a table of these ends with name NULL */
    const char *name;
    enum gen_loop_kind loop;
    uint32_t variables, least, most; /* arguments, the variables among them */
    const char *usage;
};

static const struct macro_row rows[] = {
    {"all", GEN_LOOP_ALL, 1, 2, 2, "list.all(x, condition) or list.all(i, x, condition)"},
    {"all", GEN_LOOP_ALL, 2, 3, 3, NULL},
    {"exists", GEN_LOOP_EXISTS, 1, 2, 2,
     "list.exists(x, condition) or list.exists(i, x, condition)"},
    {"exists", GEN_LOOP_EXISTS, 2, 3, 3, NULL},
    {"exists_one", GEN_LOOP_EXISTS_ONE, 1, 2, 2,
     "list.exists_one(x, condition) or list.exists_one(i, x, condition)"},
    {"exists_one", GEN_LOOP_EXISTS_ONE, 2, 3, 3, NULL},
    {"existsOne", GEN_LOOP_EXISTS_ONE, 1, 2, 2,
     "list.existsOne(x, condition) or list.existsOne(i, x, condition)"},
    {"existsOne", GEN_LOOP_EXISTS_ONE, 2, 3, 3, NULL},
    {"map", GEN_LOOP_MAP, 1, 2, 3, "list.map(x, value) or list.map(x, condition, value)"},
    {"filter", GEN_LOOP_FILTER, 1, 2, 2, "list.filter(x, condition)"},
    {"transformList", GEN_LOOP_TRANSFORM_LIST, 2, 3, 4,
     "list.transformList(i, x, value) or list.transformList(i, x, condition, value)"},
    {"transformMap", GEN_LOOP_TRANSFORM_MAP, 2, 3, 4,
     "map.transformMap(k, v, value) or map.transformMap(k, v, condition, value)"},
    {"transformMapEntry", GEN_LOOP_TRANSFORM_ENTRY, 2, 3, 4,
     "map.transformMapEntry(k, v, {key: value}) or map.transformMapEntry(k, v, condition, {key: "
     "value})"},
    {NULL, 0, 0, 0, 0, NULL},
};

/* A name that no text can write: the optional that optMap looks at. */
static const char hidden[] = "@optional";

static bool is_variable(const struct gen_tree *tree)
{
    return tree->kind == GEN_TREE_NAME && !tree->root;
}

static struct gen_tree *refuse_usage(struct gen_growth *growth, const struct gen_tree *call,
                                     const char *usage)
{
    return gen_growth_refuse(growth, call->offset, GEN_EINVAL,
                             "expected %s, found %u argument%s of %s()", usage,
                             call->count - (call->method ? 1 : 0),
                             call->count - (call->method ? 1 : 0) == 1 ? "" : "s", call->name);
}

static struct gen_tree *refuse_variable(struct gen_growth *growth, const struct gen_tree *call,
                                        const struct gen_tree *found)
{
    return gen_growth_refuse(
        growth, found->offset, GEN_EINVAL,
        "expected a plain name, a new variable such as x, as argument of %s(), "
        "found something else",
        call->name);
}

static struct gen_tree *expand_has(struct gen_growth *growth, struct gen_tree *call)
{
    struct gen_tree *field = call->args != NULL ? call->args[0] : NULL;

    if (call->count != 1 || field == NULL) {
        return refuse_usage(growth, call, "has(x.field)");
    }
    if (field->kind != GEN_TREE_SELECT || field->optional) {
        return gen_growth_refuse(growth, field->offset, GEN_EINVAL,
                                 "expected a field such as x.field in has(), found %s",
                                 field->kind == GEN_TREE_NAME ? "a name without a field"
                                 : field->kind == GEN_TREE_INDEX
                                     ? "an index; write key in x for a key"
                                 : field->optional ? "an optional; write x.?field.hasValue()"
                                                   : "something else");
    }
    field->kind = GEN_TREE_TEST;
    return field;
}

static struct gen_tree *expand_loop(struct gen_growth *growth, const struct gen_tree *call,
                                    const struct macro_row *row)
{
    uint32_t after = 1 + row->variables; /* the first argument behind the variables */
    bool filtered = call->count - 1 > row->variables + 1;
    struct gen_tree *loop;

    for (uint32_t i = 1; i < after; i++) {
        if (!is_variable(call->args[i])) {
            return refuse_variable(growth, call, call->args[i]);
        }
    }
    if (row->variables == 2 && strcmp(call->args[1]->name, call->args[2]->name) == 0) {
        return gen_growth_refuse(growth, call->args[2]->offset, GEN_EINVAL,
                                 "expected two different variables of %s(), found '%.60s' twice",
                                 call->name, call->args[1]->name);
    }
    loop = gen_growth_node(growth, GEN_TREE_LOOP, call->offset, filtered ? 3 : 2);
    if (loop == NULL) {
        return NULL;
    }
    loop->loop = row->loop;
    loop->name = call->args[1]->name;
    loop->second = row->variables == 2 ? call->args[2]->name : NULL;
    loop->args[0] = call->args[0];
    loop->args[1] = call->args[call->count - 1];
    if (filtered) {
        loop->args[2] = call->args[after];
    }
    return gen_growth_close(growth, loop);
}

static struct gen_tree *grow_bind(struct gen_growth *growth, uint32_t offset, const char *name,
                                  struct gen_tree *value, struct gen_tree *body)
{
    struct gen_tree *bind = gen_growth_binary(growth, GEN_TREE_BIND, offset, value, body);

    if (bind != NULL) {
        bind->name = name;
    }
    return bind;
}

/* A call with one argument, or a method without any; `a` NULL: a function without any. */
static struct gen_tree *grow_call(struct gen_growth *growth, uint32_t offset, const char *name,
                                  bool method, struct gen_tree *a)
{
    struct gen_tree *call = gen_growth_node(growth, GEN_TREE_CALL, offset, a != NULL ? 1 : 0);

    if (call != NULL) {
        call->name = name;
        call->method = method;
        if (a != NULL) {
            call->args[0] = a;
        }
    }
    return gen_growth_close(growth, call);
}

/* The hidden variable, asked or opened by a method. */
static struct gen_tree *grow_ask(struct gen_growth *growth, uint32_t offset, const char *method)
{
    struct gen_tree *name = gen_growth_node(growth, GEN_TREE_NAME, offset, 0);

    if (name == NULL) {
        return NULL;
    }
    name->name = hidden;
    return grow_call(growth, offset, method, true, name);
}

/* o.optMap(x, e) is o.hasValue() ? optional.of(e with x = o.value()) : optional.none(), with o computed
 * once; optFlatMap leaves out the optional.of. */
static struct gen_tree *expand_optional(struct gen_growth *growth, const struct gen_tree *call,
                                        bool flat)
{
    uint32_t offset = call->offset;
    struct gen_tree *choice, *body;

    if (call->count != 3) {
        return refuse_usage(growth, call,
                            flat ? "o.optFlatMap(x, optional)" : "o.optMap(x, value)");
    }
    if (!is_variable(call->args[1])) {
        return refuse_variable(growth, call, call->args[1]);
    }
    body = grow_bind(growth, offset, call->args[1]->name, grow_ask(growth, offset, "value"),
                     call->args[2]);
    if (!flat && body != NULL) {
        body = grow_call(growth, offset, "optional.of", false, body);
    }
    choice = gen_growth_node(growth, GEN_TREE_CONDITIONAL, offset, 3);
    if (choice == NULL || body == NULL) {
        return NULL;
    }
    choice->args[0] = grow_ask(growth, offset, "hasValue");
    choice->args[1] = body;
    choice->args[2] = grow_call(growth, offset, "optional.none", false, NULL);
    if (choice->args[0] == NULL || choice->args[2] == NULL) {
        return NULL;
    }
    return grow_bind(growth, offset, hidden, call->args[0], gen_growth_close(growth, choice));
}

/* cel.bind(name, value, expression) */
static struct gen_tree *expand_bind(struct gen_growth *growth, const struct gen_tree *call)
{
    if (call->count != 4) {
        return refuse_usage(growth, call, "cel.bind(x, value, expression)");
    }
    if (!is_variable(call->args[1])) {
        return refuse_variable(growth, call, call->args[1]);
    }
    return grow_bind(growth, call->offset, call->args[1]->name, call->args[2], call->args[3]);
}

struct gen_tree *gen_macro_expand(struct gen_growth *growth, struct gen_tree *call)
{
    const char *usage = NULL;

    if (!call->method) {
        return strcmp(call->name, "has") == 0 && !call->root ? expand_has(growth, call) : call;
    }
    if (strcmp(call->name, "bind") == 0 && is_variable(call->args[0]) &&
        strcmp(call->args[0]->name, "cel") == 0) {
        return expand_bind(growth, call);
    }
    if (strcmp(call->name, "optMap") == 0 || strcmp(call->name, "optFlatMap") == 0) {
        return expand_optional(growth, call, call->name[3] == 'F');
    }
    for (const struct macro_row *row = rows; row->name != NULL; row++) {
        if (strcmp(row->name, call->name) == 0) {
            if (call->count - 1 >= row->least && call->count - 1 <= row->most) {
                return expand_loop(growth, call, row);
            }
            usage = usage == NULL ? row->usage : usage;
        }
    }
    return usage != NULL ? refuse_usage(growth, call, usage) : call;
}
