/* vocabulary.c - see vocabulary.h. */
#include "expr/vocabulary.h"

#include "base/name.h"

#include <stdio.h>
#include <string.h>

enum { VOCABULARY_TEXT = 60, VOCABULARY_LIST = 160 };

bool gen_vocabulary_text(const struct gen_tree *tree)
{
    return tree->kind == GEN_TREE_LITERAL && tree->value.kind == GEN_KIND_STRING;
}

static bool is_word(const struct gen_words *words, const char *text, size_t size)
{
    for (const struct gen_choice *row = words->choices; row->word != NULL; row++) {
        if (strlen(row->word) == size && memcmp(row->word, text, size) == 0) {
            return true;
        }
    }
    return false;
}

/* "low, normal or high"; cut at `size`. */
static void list_words(const struct gen_words *words, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (const struct gen_choice *row = words->choices; row->word != NULL && used < size; row++) {
        used += (size_t)snprintf(out + used, size - used, "%s%s",
                                 used == 0             ? ""
                                 : row[1].word == NULL ? " or "
                                                       : ", ",
                                 row->word); /* "" is not listed */
    }
    if (used >= size) {
        memcpy(out + size - 4, "...", 4);
    }
}

/* Fill `err` when the text, the number or the constant is none of the words. */
static bool text_wrong(const struct gen_words *words, const char *text, size_t size,
                       struct gen_error *err)
{
    char list[VOCABULARY_LIST], copy[VOCABULARY_TEXT + 1];
    const char *nearest;

    if (words == NULL || is_word(words, text, size)) {
        return false;
    }
    snprintf(copy, sizeof(copy), "%.*s", (int)(size < VOCABULARY_TEXT ? size : VOCABULARY_TEXT),
             text);
    list_words(words, list, sizeof(list));
    nearest = gen_name_nearest(copy, gen_choice_name, words->choices,
                               gen_choice_count(words->choices));
    gen_error_set(err, GEN_EINVAL, "\"%s\" is no %s (%s)%s%s%s", copy, words->noun, list,
                  nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                  nearest != NULL ? "\"?" : "");
    return true;
}

static bool number_wrong(const struct gen_words *words, int64_t number, struct gen_error *err)
{
    char list[VOCABULARY_LIST];

    for (const struct gen_choice *row = words->choices; row->word != NULL; row++) {
        if (row->value == number) {
            return false;
        }
    }
    list_words(words, list, sizeof(list));
    gen_error_set(err, GEN_EINVAL, "%lld is no %s (%s)", (long long)number, words->noun, list);
    return true;
}

static bool tree_wrong(const struct gen_words *words, const struct gen_tree *tree,
                       struct gen_error *err)
{
    if (words != NULL && tree->kind == GEN_TREE_LITERAL && tree->value.kind == GEN_KIND_INT) {
        return number_wrong(words, tree->value.as.integer, err);
    }
    return gen_vocabulary_text(tree) &&
           text_wrong(words, tree->value.as.text, tree->value.size, err);
}

/* ---- names of a record */

static const char *field_name(const void *context, size_t index)
{
    const struct gen_shape *shape = context;

    return shape->fields[index].name;
}

static bool name_wrong(const struct gen_shape *shape, const struct gen_tree *key,
                       struct gen_error *err)
{
    char copy[VOCABULARY_TEXT + 1];
    const char *nearest;
    size_t count = 0;

    if (!gen_vocabulary_text(key)) {
        return false;
    }
    snprintf(copy, sizeof(copy), "%.*s",
             (int)(key->value.size < VOCABULARY_TEXT ? key->value.size : VOCABULARY_TEXT),
             key->value.as.text);
    if (strlen(copy) == key->value.size && gen_shape_index(shape, copy) >= 0) {
        return false;
    }
    while (shape->fields[count].name != NULL) {
        count++;
    }
    nearest = gen_name_nearest(copy, field_name, shape, count);
    gen_error_set(err, GEN_EINVAL, "%s has no field \"%s\"%s%s%s", shape->name, copy,
                  nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                  nearest != NULL ? "\"?" : "");
    return true;
}

/* ---- nodes */

static const struct gen_tree *check_equal(const struct gen_tree *tree, struct gen_error *err)
{
    for (uint32_t i = 0; i < 2; i++) {
        if (tree_wrong(tree->args[1 - i]->type->words, tree->args[i], err)) {
            return tree->args[i];
        }
    }
    return NULL;
}

/* x in ["a", "b"], "a" in list, "k" in map, "name" in record */
static const struct gen_tree *check_in(const struct gen_tree *tree, struct gen_error *err)
{
    const struct gen_tree *one = tree->args[0], *all = tree->args[1];
    const struct gen_type *type = all->type;

    if (type->kind == GEN_KIND_RECORD) {
        return name_wrong(type->shape, one, err) ? one : NULL;
    }
    if ((type->kind == GEN_KIND_LIST && tree_wrong(type->item->words, one, err)) ||
        (type->kind == GEN_KIND_MAP && tree_wrong(type->key->words, one, err))) {
        return one;
    }
    for (uint32_t i = 0; all->kind == GEN_TREE_LIST && i < all->count; i++) {
        if (tree_wrong(one->type->words, all->args[i], err)) {
            return all->args[i];
        }
    }
    return NULL;
}

/* map.k, has(map.k), map["k"], record["name"] */
static const struct gen_tree *check_key(const struct gen_tree *tree, struct gen_error *err)
{
    const struct gen_type *from = tree->args[0]->type;

    from = from->kind == GEN_KIND_OPTIONAL ? from->item : from;
    if (from->kind == GEN_KIND_MAP && tree->kind == GEN_TREE_INDEX) {
        return tree_wrong(from->key->words, tree->args[1], err) ? tree->args[1] : NULL;
    }
    if (from->kind == GEN_KIND_MAP) {
        return text_wrong(from->key->words, tree->name, strlen(tree->name), err) ? tree : NULL;
    }
    return from->kind == GEN_KIND_RECORD && tree->kind == GEN_TREE_INDEX &&
                   name_wrong(from->shape, tree->args[1], err)
               ? tree->args[1]
               : NULL;
}

const struct gen_tree *gen_vocabulary_check(const struct gen_tree *tree, struct gen_error *err)
{
    switch (tree->kind) {
    case GEN_TREE_EQUAL:
    case GEN_TREE_UNEQUAL:
        return check_equal(tree, err);
    case GEN_TREE_IN:
        return check_in(tree, err);
    case GEN_TREE_SELECT:
    case GEN_TREE_TEST:
    case GEN_TREE_INDEX:
        return check_key(tree, err);
    default:
        return NULL;
    }
}
