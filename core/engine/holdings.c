/* holdings.c - see holdings.h. */
#include "engine/holdings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct gen_vault_label gen_holdings_label(const struct gen_secret_row *row)
{
    return (struct gen_vault_label){row->organization, row->team, row->name, row->version};
}

struct gen_vault_box gen_holdings_box(const struct gen_secret_row *row)
{
    return (struct gen_vault_box){row->sealed.text, row->sealed.key, row->sealed.master};
}

/* Its name in the keyring. A line end is in none of the words. */
void gen_holdings_name(const struct gen_secret_row *row, char *out)
{
    int size = snprintf(out, GEN_KEYRING_LABEL_SIZE, "%s\n%s\n%s\n%" PRId64 "\n%" PRId64,
                        row->organization, row->team, row->name, row->version, row->since);

    GEN_CHECK(size > 0 && size < GEN_KEYRING_LABEL_SIZE);
}

static int row_compare(const struct gen_secret_row *row, const char *organization, const char *team,
                       const char *name)
{
    int order = strcmp(row->organization, organization);

    order = order != 0 ? order : strcmp(row->team, team);
    return order != 0 ? order : strcmp(row->name, name);
}

bool gen_holdings_same(const struct gen_secret_row *a, const struct gen_secret_row *b)
{
    return row_compare(a, b->organization, b->team, b->name) == 0;
}

/* The first row that is not before these words; `count` when all are. */
size_t gen_holdings_place(const struct gen_holdings *held, const char *organization,
                          const char *team, const char *name)
{
    size_t low = 0, high = held->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (row_compare(&held->rows[middle], organization, team, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The version for attempts that began then (0 = now): the newest that counts from before. */
const struct gen_secret_row *gen_holdings_find(const struct gen_holdings *held,
                                               const char *organization, const char *team,
                                               const char *name, gen_moment at)
{
    const struct gen_secret_row *found = NULL;

    for (size_t i = gen_holdings_place(held, organization, team, name);
         i < held->count && row_compare(&held->rows[i], organization, team, name) == 0; i++) {
        if (at == 0 || held->rows[i].since <= at) {
            found = &held->rows[i];
        }
    }
    return found;
}

enum gen_status gen_holdings_read(struct gen_store *store, struct gen_holdings *out,
                                  struct gen_error *err)
{
    enum gen_status status;

    *out = (struct gen_holdings){.arena = gen_arena_create(0)};
    if (out->arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_read_secrets(store, out->arena, &out->rows, &out->count, err);
    if (status != GEN_OK) {
        gen_arena_destroy(out->arena);
        *out = (struct gen_holdings){0};
    }
    return status;
}

/* The ids of the master keys that rows are under, each once; NULL without memory. */
const char *const *gen_holdings_masters(const struct gen_holdings *held, struct gen_arena *arena)
{
    const char **ids = gen_arena_array(arena, held->count + 1, sizeof *ids);
    size_t count = 0;

    for (size_t i = 0; ids != NULL && i < held->count; i++) {
        size_t k = 0;

        while (k < count && strcmp(ids[k], held->rows[i].sealed.master) != 0) {
            k++;
        }
        ids[k] = held->rows[i].sealed.master;
        count = k == count ? count + 1 : count;
    }
    return ids;
}

/* Whoever has one of that name: only to know whether anybody could. */
const struct gen_secret_row *gen_holdings_any(const struct gen_holdings *held, const char *name)
{
    for (size_t i = 0; i < held->count; i++) {
        if (strcmp(held->rows[i].name, name) == 0) {
            return &held->rows[i];
        }
    }
    return NULL;
}

void gen_holdings_compare(const struct gen_holdings *old, const struct gen_holdings *fresh,
                          gen_holdings_gone *gone, void *context)
{
    char label[GEN_KEYRING_LABEL_SIZE], other[GEN_KEYRING_LABEL_SIZE];

    for (size_t i = 0; i < old->count; i++) {
        const struct gen_secret_row *row = &old->rows[i];
        bool there = false;

        gen_holdings_name(row, label);
        for (size_t k = gen_holdings_place(fresh, row->organization, row->team, row->name);
             k < fresh->count && gen_holdings_same(&fresh->rows[k], row) && !there; k++) {
            gen_holdings_name(&fresh->rows[k], other);
            there = strcmp(label, other) == 0;
        }
        if (!there) {
            gone(context, label);
        }
    }
}

const struct gen_secret_row *gen_holdings_next(const struct gen_holdings *held,
                                               const char *organization, size_t *cursor,
                                               size_t *versions)
{
    size_t at = *cursor > 0 ? *cursor : gen_holdings_place(held, organization, "", "");

    *versions = 0;
    if (at >= held->count || strcmp(held->rows[at].organization, organization) != 0) {
        return NULL;
    }
    do {
        at++;
        ++*versions;
    } while (at < held->count && gen_holdings_same(&held->rows[at], &held->rows[at - 1]));
    *cursor = at;
    return &held->rows[at - 1];
}

enum gen_status gen_holdings_readable(const struct gen_master_ring *ring,
                                      const struct gen_secret_row *row, struct gen_error *err)
{
    const struct gen_master_key *current = gen_master_current(ring);
    struct gen_error why = {0};

    if (gen_master_of(ring, row->sealed.master) != NULL) {
        return GEN_OK;
    }
    if (current != NULL) {
        return gen_error_set(
            err, GEN_EDENIED,
            "the secret \"%s\" is under the master key %.16s, but the one in %.300s "
            "is %s; put the right one back, or set the secret anew",
            row->name, row->sealed.master, gen_master_place(ring), current->id);
    }
    (void)gen_master_trouble(ring, &why);
    return gen_error_set(err, GEN_EDENIED, "the secret \"%s\" cannot be read: %.500s", row->name,
                         why.message);
}
