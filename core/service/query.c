/* query.c - see query.h. */
#include "service/query.h"

#include "base/name.h"
#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

static const char *parameter_key(const void *context, size_t index)
{
    const struct gen_parameter *parameters = context;

    return parameters[index].key;
}

static enum gen_status query_unknown(const struct gen_parameter *allowed, size_t count,
                                     const char *key, struct gen_error *err)
{
    const char *nearest = gen_name_nearest(key, parameter_key, allowed, count);

    if (count == 0) {
        gen_error_set(err, GEN_EINVAL, "there is no query here, so no \"%.60s\" either", key);
    } else if (nearest != NULL) {
        gen_error_set(err, GEN_EINVAL, "there is no query key \"%.60s\"; did you mean \"%s\"?", key,
                      nearest);
    } else {
        gen_error_set(err, GEN_EINVAL, "there is no query key \"%.60s\" here", key);
    }
    gen_error_place(err, NULL, 0, 0, "query");
    return GEN_EINVAL;
}

enum gen_status gen_query_pair(const struct gen_parameter *allowed, uint32_t *seen, const char *key,
                               const char *value, struct gen_error *err)
{
    size_t count = 0, at;

    while (allowed != NULL && allowed[count].key != NULL) {
        count++;
    }
    GEN_CHECK(count <= 32);
    if (!gen_utf8_valid(key, strlen(key), NULL) || !gen_utf8_valid(value, strlen(value), NULL)) {
        return gen_error_set(err, GEN_EINVAL, "the query is not UTF-8");
    }
    for (at = 0; at < count && strcmp(allowed[at].key, key) != 0; at++) {
    }
    if (at == count) {
        return query_unknown(allowed, count, key, err);
    }
    if ((*seen & (1u << at)) != 0) {
        gen_error_set(err, GEN_EINVAL, "the query key \"%s\" is given twice", key);
        gen_error_place(err, NULL, 0, 0, key);
        return GEN_EINVAL;
    }
    *seen |= 1u << at;
    return GEN_OK;
}

struct query_walk {
    const struct gen_parameter *allowed;
    struct gen_error *err;
    uint32_t seen;
    enum gen_status status;
};

static bool query_step(void *context, const char *key, const char *value)
{
    struct query_walk *walk = context;

    walk->status = gen_query_pair(walk->allowed, &walk->seen, key, value, walk->err);
    return walk->status == GEN_OK;
}

enum gen_status gen_query_check(const struct gen_exchange *exchange,
                                const struct gen_parameter *allowed, struct gen_error *err)
{
    struct query_walk walk = {.allowed = allowed, .err = err, .status = GEN_OK};

    gen_exchange_each_query(exchange, query_step, &walk);
    return walk.status;
}

enum gen_status gen_query_integer(const char *key, const char *text, int64_t min, int64_t max,
                                  int64_t *out, struct gen_error *err)
{
    int64_t value;

    if (text == NULL) {
        return GEN_OK;
    }
    if (!gen_number_integer(text, &value) || value < min || value > max) {
        gen_error_set(err, GEN_EINVAL, "must be a whole number from %lld to %lld", (long long)min,
                      (long long)max);
        gen_error_place(err, NULL, 0, 0, key);
        return GEN_EINVAL;
    }
    *out = value;
    return GEN_OK;
}

enum gen_status gen_query_moment(const char *key, const char *text, gen_moment *out,
                                 struct gen_error *err)
{
    enum gen_status status;

    if (text == NULL) {
        return GEN_OK;
    }
    status = gen_moment_parse(text, strlen(text), out, err);
    if (status != GEN_OK) {
        gen_error_place(err, NULL, 0, 0, key);
    }
    return status;
}
