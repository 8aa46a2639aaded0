/* library.c - see library.h. */
#include "expr/library.h"

#include "base/name.h"
#include "expr/convert.h"
#include "expr/encode_functions.h"
#include "expr/match_functions.h"
#include "expr/math_functions.h"
#include "expr/optional_functions.h"
#include "expr/text_format.h"
#include "expr/text_functions.h"
#include "expr/time_functions.h"

#include <stdio.h>
#include <string.h>

static const struct gen_overload *const tables[] = {
    gen_text_functions,   gen_text_format_functions, gen_math_functions,  gen_convert_functions,
    gen_encode_functions, gen_time_functions,        gen_match_functions, gen_optional_functions,
};

enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

/* The letters of a signature. */
static const struct {
    char letter;
    const struct gen_type *type;
} letters[] = {
    {'*', &gen_type_dyn},    {'n', &gen_type_null},      {'b', &gen_type_bool},
    {'i', &gen_type_int},    {'u', &gen_type_uint},      {'d', &gen_type_double},
    {'s', &gen_type_string}, {'y', &gen_type_bytes},     {'l', &gen_type_list},
    {'m', &gen_type_map},    {'t', &gen_type_timestamp}, {'D', &gen_type_duration},
    {'T', &gen_type_type},   {'S', &gen_type_strings},   {'o', &gen_type_optional},
};

static const struct gen_type *type_of_letter(char letter)
{
    size_t i;

    for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (letters[i].letter == letter) {
            return letters[i].type;
        }
    }
    GEN_CHECK(letter == 0); /* a signature has a letter that means nothing */
    return NULL;
}

static bool is_method(const struct gen_overload *row)
{
    return strchr(row->signature, '.') != NULL;
}

size_t gen_library_find(const char *name, bool method, const struct gen_overload **out)
{
    const struct gen_overload *row;
    size_t i, count = 0;

    for (i = 0; i < TABLES; i++) {
        for (row = tables[i]; row->name != NULL; row++) {
            if (strcmp(row->name, name) == 0 && is_method(row) == method) {
                GEN_CHECK(count < GEN_LIBRARY_MOST);
                out[count++] = row;
            }
        }
    }
    return count;
}

bool gen_library_is_namespace(const char *prefix)
{
    const struct gen_overload *row;
    size_t i, size = strlen(prefix);

    for (i = 0; i < TABLES; i++) {
        for (row = tables[i]; row->name != NULL; row++) {
            if (strncmp(row->name, prefix, size) == 0 && row->name[size] == '.') {
                return true;
            }
        }
    }
    return false;
}

const char *gen_library_members(const char *prefix, char *out, size_t size)
{
    size_t used = 0, length = strlen(prefix);
    const struct gen_overload *row;
    const char *before = "";

    out[0] = '\0';
    for (size_t i = 0; i < TABLES; i++) {
        for (row = tables[i]; row->name != NULL; row++) {
            if (strncmp(row->name, prefix, length) != 0 || row->name[length] != '.' ||
                strcmp(row->name, before) == 0) { /* rows of one name stand together */
                continue;
            }
            if (used + strlen(row->name) + 8 > size) {
                memcpy(out + used, ", ...", 6);
                return out;
            }
            used += (size_t)snprintf(out + used, size - used, "%s%s()", used > 0 ? ", " : "",
                                     row->name);
            before = row->name;
        }
    }
    return out;
}

const char *gen_library_nearest(const char *name, bool method)
{
    const char *nearest = NULL;
    const struct gen_overload *row;
    size_t i, least = strlen(name) / 2 < 2 ? strlen(name) / 2 : 2;

    for (i = 0; i < TABLES; i++) {
        for (row = tables[i]; row->name != NULL; row++) {
            size_t distance = gen_name_distance(name, row->name);

            if (is_method(row) == method && distance <= least &&
                (nearest == NULL || distance < gen_name_distance(name, nearest))) {
                nearest = row->name;
            }
        }
    }
    return nearest;
}

/* Walks a signature with the arguments of a call: the letter that argument `*at` must have, or 0 at
 * the end. A '+' makes its letter stand for all that follow. */
static char next_letter(const char **signature)
{
    const char *at = *signature;

    while (*at == '.') {
        at++;
    }
    if (*at == ':' || *at == '\0') {
        return 0;
    }
    *signature = at[1] == '+' ? at : at + 1;
    return *at;
}

/* After all arguments: is the signature at its end too? */
static bool is_complete(const char *signature)
{
    while (*signature == '.') {
        signature++;
    }
    return *signature == ':' || signature[1] == '+';
}

bool gen_library_takes(const struct gen_overload *row, const struct gen_type *const *types,
                       size_t count)
{
    const char *signature = row->signature;
    size_t i;

    for (i = 0; i < count; i++) {
        char letter = next_letter(&signature);

        if (letter == 0) {
            return false;
        }
        if (!gen_type_fits(type_of_letter(letter), types[i])) {
            return false;
        }
    }
    return is_complete(signature);
}

static bool accepts(char letter, struct gen_value value)
{
    uint32_t i;

    if (letter == '*') {
        return true;
    }
    if (letter == 'S') {
        for (i = 0; value.kind == GEN_KIND_LIST && i < value.size; i++) {
            if (value.as.items[i].kind != GEN_KIND_STRING) {
                return false;
            }
        }
        return value.kind == GEN_KIND_LIST;
    }
    return type_of_letter(letter)->kind == (enum gen_kind)value.kind;
}

bool gen_library_accepts(const struct gen_overload *row, const struct gen_value *values,
                         size_t count)
{
    const char *signature = row->signature;
    size_t i;

    for (i = 0; i < count; i++) {
        char letter = next_letter(&signature);

        if (letter == 0 || !accepts(letter, values[i])) {
            return false;
        }
    }
    return is_complete(signature);
}

const struct gen_type *gen_library_result(const struct gen_overload *row)
{
    return type_of_letter(strchr(row->signature, ':')[1]);
}
