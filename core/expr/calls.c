/* calls.c - see calls.h. */
#include "expr/calls.h"

#include "expr/library.h"

#include <stdio.h>
#include <string.h>

enum { CALLS_MORE = 64, CALLS_LIST = 120 };

enum gen_status gen_calls_unknown(const struct gen_tree *tree, struct gen_error *err)
{
    const struct gen_overload *rows[GEN_LIBRARY_MOST];
    const char *nearest = gen_library_nearest(tree->name, tree->method);

    if (gen_library_find(tree->name, !tree->method, rows) > 0) {
        return gen_error_set(err, GEN_EINVAL,
                             tree->method ? "%s is a function: write %s(x), not x.%s()"
                                          : "%s is a method: write x.%s(), not %s(x)",
                             tree->name, tree->name, tree->name);
    }
    return gen_error_set(err, GEN_EINVAL,
                         nearest != NULL ? "there is no function %s(); did you mean %s()?"
                                         : "there is no function %s()%s",
                         tree->name, nearest != NULL ? nearest : "");
}

static enum gen_status calls_no_member(const char *family, const char *name, struct gen_error *err)
{
    const char *nearest = gen_library_nearest(name, false);
    char list[CALLS_LIST];

    if (nearest != NULL) {
        return gen_error_set(err, GEN_EINVAL, "there is no function %s(); did you mean %s()?", name,
                             nearest);
    }
    return gen_error_set(err, GEN_EINVAL, "there is no function %s(); there is %s", name,
                         gen_library_members(family, list, sizeof(list)));
}

/* Is the receiver something that can be read? */
static bool calls_on_value(const struct gen_names *names, const struct gen_tree *receiver)
{
    struct gen_tree copy = *receiver;

    return gen_names_resolve(names, &copy);
}

enum gen_status gen_calls_resolve(const struct gen_names *names, struct gen_tree *tree,
                                  struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_overload *rows[GEN_LIBRARY_MOST];
    char family[GEN_NAMES_LONGEST], name[GEN_NAMES_LONGEST + CALLS_MORE];
    const char *whole;

    if (!tree->method || !gen_names_dotted(names, tree->args[0], family, sizeof(family))) {
        return GEN_OK;
    }
    snprintf(name, sizeof(name), "%s.%.60s", family, tree->name);
    if (gen_library_find(name, false, rows) == 0) {
        return gen_library_is_namespace(family) && !calls_on_value(names, tree->args[0])
                   ? calls_no_member(family, name, err)
                   : GEN_OK;
    }
    whole = gen_arena_strdup(arena, name);
    if (whole == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    tree->name = whole;
    tree->method = false;
    tree->args++;
    tree->count--;
    return GEN_OK;
}

bool gen_calls_is_family(const char *name, struct gen_error *err)
{
    char list[CALLS_LIST];

    if (!gen_library_is_namespace(name)) {
        return false;
    }
    gen_error_set(err, GEN_EINVAL, "%s is not a value, its functions are %s", name,
                  gen_library_members(name, list, sizeof(list)));
    return true;
}
