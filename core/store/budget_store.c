/* budget_store.c - see budget_store.h. */
#include "store/budget_store.h"

#include <inttypes.h>
#include <stdio.h>

enum { ALERTS_TEXT_SIZE = 400 };

/* "800000 1000000": millionths of the limit. */
static enum gen_status budget_store_alerts(const struct gen_budget *budget, char *out, size_t size,
                                           struct gen_error *err)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < budget->alerts.count; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%" PRId64, i == 0 ? "" : " ",
                                 (int64_t)(budget->alerts.items[i] * 1e6 + 0.5));
        if (used >= size) {
            return gen_error_set(err, GEN_ETOOLARGE, "a budget has at most a few dozen alerts");
        }
    }
    return GEN_OK;
}

static int64_t budget_store_ppm(double share)
{
    return (int64_t)(share * 1e6 + 0.5);
}

enum gen_status gen_budget_store_add(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_budget *budget = &change->as.budget;
    char alerts[ALERTS_TEXT_SIZE];
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = budget_store_alerts(budget, alerts, sizeof(alerts), err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "INSERT INTO budget (id, organization, scope, of_id, period, hard, soft, alerts, "
            "rollover, throttle_from_ppm, throttle_parallel, note, frozen, version, created_at, "
            "created_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) "
            "ON CONFLICT (id) DO NOTHING",
            &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, budget->id.text);
    gen_statement_text(statement, budget->organization);
    gen_statement_text(statement, gen_scope_word(budget->scope));
    gen_statement_text(statement, budget->of);
    gen_statement_text(statement, gen_period_word(budget->period));
    gen_statement_integer(statement, budget->hard);
    gen_statement_integer(statement, budget->soft);
    gen_statement_text(statement, alerts);
    gen_statement_integer(statement, budget->rollover);
    gen_statement_integer(statement, budget_store_ppm(budget->throttle_from));
    gen_statement_integer(statement, budget->throttle_parallel);
    gen_statement_text(statement, budget->note);
    gen_statement_integer(statement, budget->frozen);
    gen_statement_integer(statement, budget->created_at);
    gen_statement_text(statement, budget->created_by);
    gen_statement_integer(statement, budget->created_at);
    status = gen_statement_change(statement, &changed, err);
    return status == GEN_OK && changed != 1
               ? gen_error_set(err, GEN_ECONFLICT, "there is a budget %s already", budget->id.text)
               : status;
}

/* Why no row changed. */
static enum gen_status budget_store_refuse(struct gen_database *database,
                                           const struct gen_budget *budget, struct gen_error *err)
{
    struct gen_statement *statement;
    int64_t version = 0, ended_at = 0;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database, "SELECT version, ended_at FROM budget WHERE id = ? AND organization = ?",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, budget->id.text);
        gen_statement_text(statement, budget->organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        return gen_error_set(err, GEN_ECONFLICT, "there is no budget %s", budget->id.text);
    }
    if (status == GEN_OK) {
        version = gen_statement_take_integer(statement);
        ended_at = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    return ended_at != 0
               ? gen_error_set(err, GEN_ECONFLICT, "budget %s has ended", budget->id.text)
               : gen_error_set(err, GEN_ECONFLICT,
                               "budget %s was changed by somebody else: it is at version %" PRId64
                               ", not %" PRId64 "; look at it and change it again",
                               budget->id.text, version, budget->version - 1);
}

/* Binds id, organization and the version before, runs, and must hit its one row. */
static enum gen_status budget_store_guarded(struct gen_database *database,
                                            struct gen_statement *statement,
                                            const struct gen_budget *budget, struct gen_error *err)
{
    int64_t changed = 0;
    enum gen_status status;

    gen_statement_text(statement, budget->id.text);
    gen_statement_text(statement, budget->organization);
    gen_statement_integer(statement, budget->version - 1);
    status = gen_statement_change(statement, &changed, err);
    return status == GEN_OK && changed != 1 ? budget_store_refuse(database, budget, err) : status;
}

#define GUARD "WHERE id = ? AND organization = ? AND version = ? AND ended_at = 0"

enum gen_status gen_budget_store_set(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_budget *budget = &change->as.budget;
    char alerts[ALERTS_TEXT_SIZE];
    struct gen_statement *statement;
    enum gen_status status = budget_store_alerts(budget, alerts, sizeof(alerts), err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "UPDATE budget SET hard = ?, soft = ?, alerts = ?, rollover = ?, "
            "throttle_from_ppm = ?, throttle_parallel = ?, note = ?, frozen = ?, updated_at = ?, "
            "version = version + 1 " GUARD,
            &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, budget->hard);
    gen_statement_integer(statement, budget->soft);
    gen_statement_text(statement, alerts);
    gen_statement_integer(statement, budget->rollover);
    gen_statement_integer(statement, budget_store_ppm(budget->throttle_from));
    gen_statement_integer(statement, budget->throttle_parallel);
    gen_statement_text(statement, budget->note);
    gen_statement_integer(statement, budget->frozen);
    gen_statement_integer(statement, budget->updated_at);
    return budget_store_guarded(database, statement, budget, err);
}

enum gen_status gen_budget_store_end(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_budget *budget = &change->as.budget;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE budget SET ended_at = ?, updated_at = ?, version = version + 1 " GUARD,
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, budget->ended_at);
    gen_statement_integer(statement, budget->ended_at);
    return budget_store_guarded(database, statement, budget, err);
}

enum gen_status gen_budget_store_alert(struct gen_database *database,
                                       const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_alert *alert = &change->as.alert;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO budget_alert (name, key, begins, kind, level_ppm, at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key, name, begins, kind, level_ppm) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, alert->name);
    gen_statement_text(statement, alert->key);
    gen_statement_integer(statement, alert->begins);
    gen_statement_text(statement, gen_alert_word(alert->kind));
    gen_statement_integer(statement, alert->level_ppm);
    gen_statement_integer(statement, alert->at);
    status = gen_statement_change(statement, &changed, err);
    return status == GEN_OK && changed != 1
               ? gen_error_set(err, GEN_ECONFLICT, "people were told of \"%s\" already",
                               alert->name)
               : status;
}
