/* policy_order.c - see policy_order.h. */
#include "policy/policy_order.h"

#include "base/name.h"
#include "policy/policy_facts.h"

#include <stdio.h>
#include <string.h>

enum { ORDER_CHAIN = 512 }; /* bytes of a cycle written out */

static const char *node_name(const void *map, size_t index)
{
    const struct gen_node *child = gen_node_first(map);

    for (size_t i = 0; i < index; i++) {
        child = child->next;
    }
    return child->key;
}

static void order_problem(struct gen_policy_problems *problems, const char *file,
                          const struct gen_node *place, const char *path, struct gen_error *err)
{
    gen_error_place(err, file, place != NULL ? place->line : 0, place != NULL ? place->column : 0,
                    path);
    gen_policy_problems_add(problems, err, false);
}

/* "; did you mean \"x\"?", or "". */
static const char *order_advice(const char *nearest, char *out, size_t size)
{
    out[0] = '\0';
    if (nearest != NULL) {
        snprintf(out, size, "; did you mean \"%s\"?", nearest);
    }
    return out;
}

struct extending {
    struct gen_node *map; /* of the copy: name -> map */
    const char *list, *file;
    struct gen_arena *arena;
    struct gen_policy_problems *problems;
};

/* The map that `child` extends, NULL when it extends none or there was a problem. */
static struct gen_node *extended_by(struct extending *x, const struct gen_node *child)
{
    const struct gen_node *extends = gen_node_get(child, "extends");
    const char *name = gen_node_text(extends, NULL);
    struct gen_node *base = x->map->as.children.first;
    struct gen_error err = {0};
    char path[GEN_ERROR_PATH_SIZE], advice[96];

    if (name == NULL) {
        return NULL;
    }
    while (base != NULL && strcmp(base->key, name) != 0) {
        base = base->next;
    }
    if (base == NULL) {
        gen_error_set(
            &err, GEN_EINVAL, "there is no \"%.60s\" in %s%s", name, x->list,
            order_advice(gen_name_nearest(name, node_name, x->map, gen_node_count(x->map)), advice,
                         sizeof(advice)));
        snprintf(path, sizeof(path), "%s.%s.extends", x->list, child->key);
        order_problem(x->problems, x->file, extends, path, &err);
    }
    return base != NULL && base->type == GEN_NODE_MAP ? base : NULL;
}

/* Does `a` stand before `b` in the file? */
static bool extends_before(const struct extending *x, const struct gen_node *a,
                           const struct gen_node *b)
{
    const struct gen_node *at = gen_node_first(x->map);

    while (at != a && at != b) {
        at = at->next;
    }
    return at == a && a != b;
}

/* Does the chain from `first` come back to it, or run into another circle? A circle is told once: for
 * the one of its names that stands first. */
static bool extends_circle(struct extending *x, const struct gen_node *first)
{
    const struct gen_node *at = first;
    struct gen_error err = {0};
    char chain[ORDER_CHAIN], path[GEN_ERROR_PATH_SIZE];
    size_t used = (size_t)snprintf(chain, sizeof(chain), "%.60s", first->key);
    bool told = false;

    for (size_t i = 0; i <= gen_node_count(x->map); i++) {
        at = extended_by(x, at);
        if (at == NULL) {
            return false;
        }
        told = told || extends_before(x, at, first);
        if (used < sizeof(chain)) {
            used += (size_t)snprintf(chain + used, sizeof(chain) - used, " -> %.60s", at->key);
        }
        if (at == first) {
            if (!told) {
                gen_error_set(&err, GEN_EINVAL, "a cycle of `extends`: %s", chain);
                snprintf(path, sizeof(path), "%s.%s.extends", x->list, first->key);
                order_problem(x->problems, x->file, gen_node_get(first, "extends"), path, &err);
            }
            return true;
        }
    }
    return true;
}

/* Gives `child` what it does not say itself, from the whole chain, nearest first. */
static void extend_one(struct extending *x, struct gen_node *child)
{
    for (const struct gen_node *base = extended_by(x, child); base != NULL;
         base = extended_by(x, base)) {
        for (const struct gen_node *key = gen_node_first(base); key != NULL; key = key->next) {
            if (strcmp(key->key, "extends") != 0 && strcmp(key->key, "help") != 0 &&
                gen_node_get(child, key->key) == NULL) {
                gen_node_set(x->arena, child, key->key, gen_node_copy(x->arena, key));
            }
        }
    }
}

const struct gen_node *gen_policy_order_extend(const struct gen_node *root, const char *list,
                                               const char *file, struct gen_arena *arena,
                                               struct gen_policy_problems *problems)
{
    struct gen_node *copy = gen_node_copy(arena, root);
    struct extending x = {.list = list, .file = file, .arena = arena, .problems = problems};

    if (copy == NULL || copy->type != GEN_NODE_MAP) {
        return copy;
    }
    x.map = copy->as.children.first;
    while (x.map != NULL && strcmp(x.map->key, list) != 0) {
        x.map = x.map->next;
    }
    if (x.map == NULL || x.map->type != GEN_NODE_MAP) {
        return copy;
    }
    for (struct gen_node *child = x.map->as.children.first; child != NULL; child = child->next) {
        if (child->type == GEN_NODE_MAP && !extends_circle(&x, child)) {
            extend_one(&x, child);
        }
    }
    return gen_arena_failed(arena) ? NULL : copy;
}

struct ordering {
    const struct gen_routing *routing;
    const char *file;
    struct gen_policy_problems *problems;
    size_t *order; /* result, `count` so far */
    size_t count;
    uint8_t *state; /* 0 new, 1 on the way, 2 done */
    size_t *way;    /* of the visit that is under way */
    size_t depth;
    bool failed;
};

static const struct gen_routing_score *score_at(const struct ordering *o, size_t index)
{
    return (const struct gen_routing_score *)o->routing->scores.items + index;
}

/* `next` stands on the way already: the circle runs from there to here. */
static void score_circle(struct ordering *o, size_t next)
{
    const struct gen_routing_score *score = score_at(o, next);
    char chain[ORDER_CHAIN], path[GEN_ERROR_PATH_SIZE];
    struct gen_error err = {0};
    size_t used = 0, at = 0;

    while (o->way[at] != next) {
        at++;
    }
    for (; at < o->depth && used < sizeof(chain); at++) {
        used += (size_t)snprintf(chain + used, sizeof(chain) - used, "score.%.60s -> ",
                                 score_at(o, o->way[at])->named.name);
    }
    if (used < sizeof(chain)) {
        snprintf(chain + used, sizeof(chain) - used, "score.%.60s", score->named.name);
    }
    gen_error_set(&err, GEN_EINVAL, "a cycle of scores: %s", chain);
    snprintf(path, sizeof(path), "scores.%s", score->named.name);
    order_problem(o->problems, o->file, score->formula.node, path, &err);
    o->failed = true;
}

/* Depth-first, at most as deep as there are scores (50). */
static void score_visit(struct ordering *o, size_t index)
{
    const struct gen_formula *formula = &score_at(o, index)->formula;

    o->state[index] = 1;
    o->way[o->depth++] = index;
    for (size_t next = 0; next < o->routing->scores.count; next++) {
        if (formula->program == NULL || /* it is wrong, which has been told */
            !gen_expression_uses(formula->program, (uint32_t)(GEN_FACT_SCORES + next))) {
            continue;
        }
        if (o->state[next] == 1) {
            score_circle(o, next);
        } else if (o->state[next] == 0) {
            score_visit(o, next);
        }
    }
    o->depth--;
    o->state[index] = 2;
    o->order[o->count++] = index;
}

const size_t *gen_policy_order_scores(const struct gen_routing *routing, const char *file,
                                      struct gen_arena *arena, struct gen_policy_problems *problems)
{
    struct ordering o = {.routing = routing, .file = file, .problems = problems};

    o.order = gen_arena_array(arena, routing->scores.count, sizeof(*o.order));
    o.state = gen_arena_array(arena, routing->scores.count, sizeof(*o.state));
    o.way = gen_arena_array(arena, routing->scores.count, sizeof(*o.way));
    if (o.order == NULL || o.state == NULL || o.way == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < routing->scores.count; i++) {
        if (o.state[i] == 0) {
            score_visit(&o, i);
        }
    }
    return o.failed ? NULL : o.order;
}
