/* names.c - see names.h. */
#include "expr/names.h"

#include "base/name.h"

#include <stdio.h>
#include <string.h>

static const struct gen_local *local_of(const struct gen_names *names, const char *name)
{
    const struct gen_local *local = names->local;

    while (local != NULL && strcmp(local->name, name) != 0) {
        local = local->outer;
    }
    return local;
}

static bool be_variable(const struct gen_names *names, struct gen_tree *tree, const char *name)
{
    uint32_t i;

    for (i = 0; names->variables != NULL && names->variables[i].name != NULL; i++) {
        if (strcmp(names->variables[i].name, name) == 0) {
            tree->kind = GEN_TREE_NAME;
            tree->slot = i;
            tree->local = false;
            tree->type = names->variables[i].type;
            return true;
        }
    }
    return false;
}

/* Names of types are values of type `type`. */
static bool be_type(struct gen_tree *tree, const char *name)
{
    static const char *const types[] = {"bool",
                                        "int",
                                        "uint",
                                        "double",
                                        "string",
                                        "bytes",
                                        "list",
                                        "map",
                                        "null_type",
                                        "type",
                                        "optional_type",
                                        "google.protobuf.Timestamp",
                                        "google.protobuf.Duration"};
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(types[i], name) == 0) {
            tree->kind = GEN_TREE_LITERAL;
            tree->value = gen_value_type(types[i]);
            tree->type = &gen_type_type;
            return true;
        }
    }
    return false;
}

bool gen_names_resolve(const struct gen_names *names, struct gen_tree *tree)
{
    const struct gen_local *local = NULL;
    char name[GEN_NAMES_LONGEST];

    if (tree->kind == GEN_TREE_NAME && !tree->root) {
        local = local_of(names, tree->name);
    }
    if (local != NULL) {
        tree->local = true;
        tree->slot = local->number;
        tree->type = local->type;
        return true;
    }
    return gen_names_dotted(names, tree, name, sizeof(name)) &&
           (be_variable(names, tree, name) || be_type(tree, name));
}

bool gen_names_dotted(const struct gen_names *names, const struct gen_tree *tree, char *out,
                      size_t size)
{
    size_t used;

    if (tree->kind == GEN_TREE_NAME) {
        if (!tree->root && local_of(names, tree->name) != NULL) {
            return false;
        }
        return (size_t)snprintf(out, size, "%s", tree->name) < size;
    }
    if (tree->kind != GEN_TREE_SELECT || tree->optional || tree->args[0]->grouped ||
        !gen_names_dotted(names, tree->args[0], out, size)) {
        return false;
    }
    used = strlen(out);
    return (size_t)snprintf(out + used, size - used, ".%s", tree->name) < size - used;
}

static const char *variable_at(const void *context, size_t index)
{
    const struct gen_variable *variables = context;

    return variables[index].name;
}

bool gen_names_misspelt(const struct gen_names *names, const struct gen_tree *tree,
                        struct gen_error *err)
{
    char name[GEN_NAMES_LONGEST];
    const char *nearest, *point;
    bool related = false;
    size_t i;

    if (!gen_names_dotted(names, tree, name, sizeof(name)) || names->variables == NULL) {
        return false;
    }
    point = strrchr(name, '.');
    for (i = 0; point != NULL && names->variables[i].name != NULL; i++) {
        related = related ||
                  strncmp(names->variables[i].name, name, (size_t)(point - name) + 1) == 0;
    }
    if (!related) {
        return false;
    }
    nearest = gen_name_nearest(name, variable_at, names->variables, i);
    gen_error_set(err, GEN_EINVAL,
                  nearest != NULL ? "there is no \"%s\" here; did you mean \"%s\"?"
                                  : "there is no \"%s\" here%s",
                  name, nearest != NULL ? nearest : "");
    return true;
}

/* Names of two or three letters have no near ones: one edit is much of them. */
static const char *nearest_short(const char *wrong, const struct gen_variable *variables)
{
    size_t length = strlen(wrong);

    for (; length > 1 && length < 4 && variables != NULL && variables->name != NULL; variables++) {
        if (variables->name[0] == wrong[0] && gen_name_distance(wrong, variables->name) == 1) {
            return variables->name;
        }
    }
    return NULL;
}

enum gen_status gen_names_unknown(const struct gen_names *names, const struct gen_tree *tree,
                                  struct gen_error *err)
{
    size_t count = 0;
    const char *nearest;

    while (names->variables != NULL && names->variables[count].name != NULL) {
        count++;
    }
    nearest = gen_name_nearest(tree->name, variable_at, names->variables, count);
    nearest = nearest != NULL ? nearest : nearest_short(tree->name, names->variables);
    return gen_error_set(err, GEN_EINVAL,
                         nearest != NULL ? "there is no \"%s\" here; did you mean \"%s\"?"
                                         : "there is no \"%s\" here%s",
                         tree->name, nearest != NULL ? nearest : "");
}

static const char *field_at(const void *context, size_t index)
{
    const struct gen_shape *shape = context;

    return shape->fields[index].name;
}

enum gen_status gen_names_field(struct gen_tree *tree, const struct gen_shape *shape,
                                struct gen_error *err)
{
    int index = gen_shape_index(shape, tree->name);
    const char *nearest;
    size_t count = 0;

    if (index >= 0) {
        tree->slot = (uint32_t)index;
        tree->type = shape->fields[index].type;
        return GEN_OK;
    }
    while (shape->fields[count].name != NULL) {
        count++;
    }
    nearest = gen_name_nearest(tree->name, field_at, shape, count);
    return gen_error_set(err, GEN_EINVAL,
                         nearest != NULL ? "%s has no field \"%s\"; did you mean \"%s\"?"
                                         : "%s has no field \"%s\"%s",
                         shape->name, tree->name, nearest != NULL ? nearest : "");
}
