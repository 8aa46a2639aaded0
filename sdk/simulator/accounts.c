/* accounts.c - see accounts.h. */
#include "simulator/accounts.h"

#include "base/alloc.h"
#include "base/number.h"
#include "platform/crypto.h"
#include "simulator/tasks.h"

#include <string.h>

enum { ACCOUNTS_TEXT_MAX = 8192 };

static struct sim_purse *accounts_find(const struct sim_world *world, const char *provider,
                                       const char *name)
{
    for (size_t i = 0; i < world->accounts.count; i++) {
        struct sim_purse *purse = world->accounts.items[i];

        if (strcmp(purse->account.provider, provider) == 0 &&
            strcmp(purse->account.name, name) == 0) {
            return purse;
        }
    }
    return NULL;
}

static struct sim_purse *accounts_add(struct sim_world *world, const struct sim_account *account)
{
    struct sim_purse *purse = gen_alloc(sizeof(*purse));

    if (purse == NULL || !sim_vector_push(&world->accounts, purse)) {
        gen_free(purse);
        return NULL;
    }
    purse->account = *account;
    return purse;
}

enum gen_status sim_accounts_begin(struct sim_world *world, struct gen_error *err)
{
    for (size_t i = 0; sim_dialects[i] != NULL; i++) {
        const struct sim_account *row = sim_dialects[i]->accounts;

        for (; row != NULL && row->provider != NULL; row++) {
            if (accounts_find(world, row->provider, row->name) == NULL &&
                accounts_add(world, row) == NULL) {
                return gen_error_set(err, GEN_ENOMEM, "out of memory");
            }
        }
    }
    return GEN_OK;
}

const struct sim_account *sim_account_by_key(const struct sim_world *world, const char *provider,
                                             const char *key)
{
    for (size_t i = 0; key != NULL && i < world->accounts.count; i++) {
        const struct sim_purse *purse = world->accounts.items[i];

        if (strcmp(purse->account.provider, provider) == 0 && purse->account.key != NULL &&
            gen_crypto_equal(purse->account.key, key)) {
            return &purse->account;
        }
    }
    return NULL;
}

const struct sim_account *sim_account_by_name(const struct sim_world *world, const char *provider,
                                              const char *name)
{
    const struct sim_purse *purse = accounts_find(world, provider, name);

    return purse == NULL ? NULL : &purse->account;
}

/* ------------------------------------------------------------------------------ what one owns */

static bool accounts_own(const struct sim_account *account, const struct sim_task *task)
{
    return strcmp(task->provider, account->provider) == 0 &&
           strcmp(task->account, account->name) == 0;
}

/* What the ended tasks cost, and what the living ones are estimated at. */
static void accounts_sum(const struct sim_world *world, const struct sim_account *account,
                         gen_micros *billed, gen_micros *promised)
{
    *billed = 0;
    *promised = 0;
    for (size_t i = 0; i < world->tasks.count; i++) {
        const struct sim_task *task = &((const struct sim_life *)world->tasks.items[i])->task;

        if (accounts_own(account, task)) {
            *billed += task->billed;
            *promised += sim_task_live(task) ? task->estimate : 0;
        }
    }
}

gen_micros sim_account_balance(const struct sim_world *world, const struct sim_account *account)
{
    const struct sim_purse *purse = accounts_find(world, account->provider, account->name);
    gen_micros billed, promised;

    accounts_sum(world, account, &billed, &promised);
    return account->opening + (purse == NULL ? 0 : purse->deposits) - billed - promised;
}

int32_t sim_account_live(const struct sim_world *world, const struct sim_account *account,
                         const char *lane)
{
    int32_t count = 0;

    for (size_t i = 0; i < world->live.count; i++) {
        const struct sim_task *task = &((const struct sim_life *)world->live.items[i])->task;

        count += accounts_own(account, task) && (lane == NULL || strcmp(task->lane, lane) == 0);
    }
    return count;
}

int32_t sim_account_since(const struct sim_world *world, const struct sim_account *account,
                          const char *lane, gen_moment since)
{
    int32_t count = 0;

    for (size_t i = 0; i < world->tasks.count; i++) {
        const struct sim_task *task = &((const struct sim_life *)world->tasks.items[i])->task;

        count += task->created >= since && accounts_own(account, task) &&
                 (lane == NULL || strcmp(task->lane, lane) == 0);
    }
    return count;
}

gen_micros sim_account_billed(const struct sim_world *world, const struct sim_account *account,
                              const char *model, gen_moment from, gen_moment to)
{
    gen_micros sum = 0;

    for (size_t i = 0; i < world->tasks.count; i++) {
        const struct sim_task *task = &((const struct sim_life *)world->tasks.items[i])->task;

        if (accounts_own(account, task) && task->ended >= from && task->ended < to &&
            (model == NULL || strcmp(task->model, model) == 0)) {
            sum += task->billed;
        }
    }
    return sum;
}

/* --------------------------------------------------------------------------- being told of one */

/* One "name=value" of --account; the texts are kept. */
static enum gen_status accounts_word(struct sim_account *account, const char *name,
                                     const char *value, struct gen_error *err)
{
    bool limit = strcmp(name, "concurrency") == 0 || strcmp(name, "daily") == 0;
    int64_t number = 0;

    if (strcmp(name, "key") == 0) {
        account->key = value;
    } else if (strcmp(name, "secret") == 0) {
        account->secret = value;
    } else if (strcmp(name, "usd") == 0) {
        return gen_money_parse(value, strlen(value), &account->opening, err) == GEN_OK
                   ? GEN_OK
                   : gen_error_set(err, GEN_EINVAL, "usd=%.40s is no amount of dollars, like 12.50",
                                   value);
    } else if (!limit) {
        return gen_error_set(err, GEN_EINVAL,
                             "an account has no \"%.40s\"; it has name, key, secret, usd, "
                             "concurrency, daily",
                             name);
    } else if (!gen_number_integer(value, &number) || number < 0 || number > INT32_MAX) {
        return gen_error_set(err, GEN_EINVAL, "%s=%.40s is no whole number", name, value);
    } else if (strcmp(name, "concurrency") == 0) {
        account->concurrency = (int32_t)number;
    } else {
        account->daily = (int32_t)number;
    }
    return GEN_OK;
}

static enum gen_status accounts_words(struct sim_account *account, char *words,
                                      struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    char *rest = NULL;

    for (char *word = strtok_r(words, ",", &rest); word != NULL && status == GEN_OK;
         word = strtok_r(NULL, ",", &rest)) {
        char *equals = strchr(word, '=');

        if (equals == NULL) {
            return gen_error_set(err, GEN_EINVAL, "\"%s\" is not name=value", word);
        }
        *equals = '\0';
        if (strcmp(word, "name") != 0) {
            status = accounts_word(account, word, equals + 1, err);
        }
    }
    return status;
}

/* The value behind "name=", to find the account before it is changed. */
static const char *accounts_name(struct gen_arena *arena, const char *words)
{
    const char *found = strncmp(words, "name=", 5) == 0 ? words : strstr(words, ",name=");

    if (found == NULL) {
        return "test";
    }
    found += *found == ',' ? 6 : 5;
    return gen_arena_strndup(arena, found, strcspn(found, ","));
}

/* A provider that nobody here speaks for would never be asked for. */
static enum gen_status accounts_provider(const char *provider, struct gen_arena *arena,
                                         struct gen_error *err)
{
    const char *known = "";

    for (size_t i = 0; sim_dialects[i] != NULL && known != NULL; i++) {
        const struct sim_account *first = sim_dialects[i]->accounts;

        if (first == NULL || first->provider == NULL) {
            continue;
        }
        if (strcmp(first->provider, provider) == 0) {
            return GEN_OK;
        }
        known = gen_arena_printf(arena, "%s%s%s", known, known[0] != '\0' ? ", " : "",
                                 first->provider);
    }
    return gen_error_set(err, GEN_EINVAL, "there is no provider \"%.40s\"; there are %s", provider,
                         known == NULL ? "others" : known);
}

enum gen_status sim_accounts_set(struct sim_world *world, const char *text, struct gen_error *err)
{
    const char *colon = strchr(text, ':');
    struct sim_account fresh = {.concurrency = 5};
    struct sim_purse *purse;
    char *words;

    if (colon == NULL || strlen(text) > ACCOUNTS_TEXT_MAX) {
        return gen_error_set(err, GEN_EINVAL, "\"%.60s\" is not provider:name=...,key=...", text);
    }
    words = gen_arena_strdup(world->lasting, colon + 1);
    fresh.provider = gen_arena_strndup(world->lasting, text, (size_t)(colon - text));
    fresh.name = words == NULL ? NULL : accounts_name(world->lasting, words);
    if (words == NULL || fresh.provider == NULL || fresh.name == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (accounts_provider(fresh.provider, world->lasting, err) != GEN_OK) {
        return GEN_EINVAL;
    }
    purse = accounts_find(world, fresh.provider, fresh.name);
    if (purse == NULL) {
        purse = accounts_add(world, &fresh);
        if (purse == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory, or too many accounts");
        }
    }
    return accounts_words(&purse->account, words, err);
}

/* ------------------------------------------------------------------------------------- credit */

enum gen_status sim_accounts_deposit(struct sim_world *world, const char *provider,
                                     const char *name, gen_micros amount, struct gen_error *err)
{
    struct sim_purse *purse = accounts_find(world, provider, name);
    struct gen_arena *arena;
    struct gen_node *line;

    if (purse == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND, "no account %s of %s", name, provider);
    }
    purse->deposits += amount;
    arena = gen_arena_create(0);
    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    line = gen_node_map(arena);
    gen_node_set(arena, line, "provider", gen_node_string(arena, provider));
    gen_node_set(arena, line, "account", gen_node_string(arena, name));
    gen_node_set(arena, line, "micros", gen_node_int(arena, amount));
    sim_world_journal(world, "credit", arena, line);
    gen_arena_destroy(arena);
    return GEN_OK;
}

void sim_accounts_replay(struct sim_world *world, const struct gen_node *line)
{
    struct sim_purse *purse = accounts_find(world,
                                            gen_node_text(gen_node_get(line, "provider"), ""),
                                            gen_node_text(gen_node_get(line, "account"), ""));

    if (purse != NULL) {
        purse->deposits += gen_node_integer(gen_node_get(line, "micros"), 0);
    }
}

struct gen_node *sim_accounts_books(struct sim_world *world, struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < world->accounts.count; i++) {
        const struct sim_purse *purse = world->accounts.items[i];
        const struct sim_account *account = &purse->account;
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));
        gen_micros billed, promised;

        accounts_sum(world, account, &billed, &promised);
        gen_node_set(arena, map, "provider", gen_node_string(arena, account->provider));
        gen_node_set(arena, map, "account", gen_node_string(arena, account->name));
        gen_node_set(arena, map, "openingUsd", gen_node_money(arena, account->opening));
        gen_node_set(arena, map, "depositsUsd", gen_node_money(arena, purse->deposits));
        gen_node_set(arena, map, "billedUsd", gen_node_money(arena, billed));
        gen_node_set(arena, map, "promisedUsd", gen_node_money(arena, promised));
        gen_node_set(arena, map, "balanceUsd",
                     gen_node_money(arena, sim_account_balance(world, account)));
        gen_node_set(arena, map, "concurrency", gen_node_int(arena, account->concurrency));
    }
    return list;
}
