/* apply.c - see apply.h. */
#include "store/apply.h"

#include "store/asset_store.h"
#include "store/attempt_store.h"
#include "store/baseline_store.h"
#include "store/batch_store.h"
#include "store/budget_store.h"
#include "store/chain.h"
#include "store/clip_store.h"
#include "store/invoice_store.h"
#include "store/job_store.h"
#include "store/key_store.h"
#include "store/ledger_store.h"
#include "store/outbox_store.h"
#include "store/secret_store.h"

#include <string.h>

typedef enum gen_status apply_call(struct gen_database *database, const struct gen_change *change,
                                   struct gen_error *err);

enum { APPLY_HOURS_KEPT = 60 * 24 };

static enum gen_status apply_output(struct gen_database *database, const struct gen_change *change,
                                    struct gen_error *err)
{
    const struct gen_output *output = &change->as.output;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO output (id, job, pipeline, organization, variation, digest, thumbnail, sheet, "
        "format, size, thumbnail_size, sheet_size, width, height, frame_rate_milli, duration_ms, "
        "probe, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, output->id.text);
    gen_statement_text(statement, output->job.text);
    gen_statement_text(statement, output->pipeline.text);
    gen_statement_text(statement, output->organization);
    gen_statement_text(statement, output->variation);
    gen_statement_text(statement, output->digest);
    gen_statement_text(statement, output->thumbnail);
    gen_statement_text(statement, output->sheet);
    gen_statement_text(statement, output->format);
    gen_statement_integer(statement, output->size);
    gen_statement_integer(statement, output->thumbnail_size);
    gen_statement_integer(statement, output->sheet_size);
    gen_statement_integer(statement, output->width);
    gen_statement_integer(statement, output->height);
    gen_statement_integer(statement, output->frame_rate_milli);
    gen_statement_integer(statement, output->duration_ms);
    gen_statement_text(statement, output->probe);
    gen_statement_integer(statement, output->created_at);
    return gen_statement_change(statement, NULL, err);
}

static enum gen_status apply_review(struct gen_database *database, const struct gen_change *change,
                                    struct gen_error *err)
{
    const struct gen_output *output = &change->as.output;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE output SET review = ?, review_note = ?, reviewed_by = ?, reviewed_at = ? "
        "WHERE id = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, output->review);
    gen_statement_text(statement, output->review_note);
    gen_statement_text(statement, output->reviewed_by);
    gen_statement_integer(statement, output->reviewed_at);
    gen_statement_text(statement, output->id.text);
    status = gen_statement_change(statement, &changed, err);
    return status == GEN_OK && changed != 1
               ? gen_error_set(err, GEN_ENOTFOUND, "there is no output %s", output->id.text)
               : status;
}

/* A key that is taken refuses the whole set, whatever it was taken for: its job is there. */
static enum gen_status apply_key_taken(struct gen_database *database,
                                       const struct gen_change_key *key, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database, "SELECT digest, job FROM idempotency_key WHERE organization = ? AND name = ?",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, key->organization);
        gen_statement_text(statement, key->key);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        bool same = strcmp(gen_statement_peek_text(statement), key->digest) == 0;

        status = gen_error_set(err, GEN_ECONFLICT,
                               same ? "this key has made job %s already, from the same body"
                                    : "this key has made job %s already, from another body; choose "
                                      "another key",
                               gen_statement_peek_text(statement));
        gen_error_place(err, NULL, 0, 0, "Idempotency-Key");
        if (gen_statement_next(statement, &row, NULL) != GEN_OK) {
            status = GEN_ECONFLICT;
        }
    }
    return status;
}

static enum gen_status apply_key(struct gen_database *database, const struct gen_change *change,
                                 struct gen_error *err)
{
    const struct gen_change_key *key = &change->as.key;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO idempotency_key (organization, name, digest, job, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (organization, name) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, key->organization);
    gen_statement_text(statement, key->key);
    gen_statement_text(statement, key->digest);
    gen_statement_text(statement, key->job.text);
    gen_statement_integer(statement, key->at);
    status = gen_statement_change(statement, &changed, err);
    return status == GEN_OK && changed != 1 ? apply_key_taken(database, key, err) : status;
}

/* Hours that no figure is made of any more go with the same change. */
static enum gen_status apply_hour(struct gen_database *database, const struct gen_change *change,
                                  struct gen_error *err)
{
    const struct gen_change_hour *hour = &change->as.hour;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO provider_hour (hour, provider, up_minutes, down_minutes) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (hour, provider) DO UPDATE SET up_minutes = excluded.up_minutes, "
        "down_minutes = excluded.down_minutes",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_integer(statement, hour->hour);
        gen_statement_text(statement, hour->provider);
        gen_statement_integer(statement, hour->up_minutes);
        gen_statement_integer(statement, hour->down_minutes);
        status = gen_statement_change(statement, NULL, err);
    }
    if (status == GEN_OK) {
        status = gen_database_prepare(database, "DELETE FROM provider_hour WHERE hour < ?",
                                      &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_integer(statement, hour->hour - APPLY_HOURS_KEPT);
        status = gen_statement_change(statement, NULL, err);
    }
    return status;
}

static const struct {
    enum gen_change_kind kind;
    apply_call *call;
} kinds[] = {
    {GEN_CHANGE_JOB_ADD, gen_job_store_add},
    {GEN_CHANGE_BATCH_ADD, gen_batch_store_add},
    {GEN_CHANGE_JOB_SET, gen_job_store_set},
    {GEN_CHANGE_PIPELINE_ADD, gen_job_store_add_pipeline},
    {GEN_CHANGE_PIPELINE_SET, gen_job_store_set_pipeline},
    {GEN_CHANGE_SHOT_ADD, gen_job_store_add_shot},
    {GEN_CHANGE_SHOT_SET, gen_job_store_set_shot},
    {GEN_CHANGE_SHOT_MOVE, gen_job_store_move_shot},
    {GEN_CHANGE_SUPPLY_ADD, gen_job_store_add_supply},
    {GEN_CHANGE_SUPPLY_SET, gen_job_store_set_supply},
    {GEN_CHANGE_ATTEMPT_ADD, gen_attempt_store_add},
    {GEN_CHANGE_ATTEMPT_MOVE, gen_attempt_store_move},
    {GEN_CHANGE_ATTEMPT_NOTE, gen_attempt_store_note},
    {GEN_CHANGE_LEDGER, gen_ledger_store_add},
    {GEN_CHANGE_ASSET_ADD, gen_asset_store_add},
    {GEN_CHANGE_ASSET_SENT, gen_asset_store_sent},
    {GEN_CHANGE_ASSET_USED, gen_asset_store_used},
    {GEN_CHANGE_ASSET_REMOVE, gen_asset_store_remove},
    {GEN_CHANGE_BLOB_TIED, gen_asset_store_tied},
    {GEN_CHANGE_OUTPUT_ADD, apply_output},
    {GEN_CHANGE_OUTPUT_REVIEW, apply_review},
    {GEN_CHANGE_IDEMPOTENCY, apply_key},
    {GEN_CHANGE_HOUR, apply_hour},
    {GEN_CHANGE_KEY_ADD, gen_key_store_add},
    {GEN_CHANGE_KEY_SET, gen_key_store_set},
    {GEN_CHANGE_KEY_USED, gen_key_store_used},
    {GEN_CHANGE_QUOTA, gen_key_store_quota},
    {GEN_CHANGE_BUDGET_ADD, gen_budget_store_add},
    {GEN_CHANGE_BUDGET_SET, gen_budget_store_set},
    {GEN_CHANGE_BUDGET_END, gen_budget_store_end},
    {GEN_CHANGE_BUDGET_ALERT, gen_budget_store_alert},
    {GEN_CHANGE_SECRET_ADD, gen_secret_store_add},
    {GEN_CHANGE_SECRET_WRAP, gen_secret_store_wrap},
    {GEN_CHANGE_SECRET_TEST, gen_secret_store_test},
    {GEN_CHANGE_SECRET_REMOVE, gen_secret_store_remove},
    {GEN_CHANGE_SUBSCRIBER_ADD, gen_outbox_store_add},
    {GEN_CHANGE_SUBSCRIBER_SET, gen_outbox_store_set},
    {GEN_CHANGE_SUBSCRIBER_REMOVE, gen_outbox_store_remove},
    {GEN_CHANGE_SUBSCRIBER_TOLD, gen_outbox_store_told},
    {GEN_CHANGE_BASELINE_ADD, gen_baseline_store_add},
    {GEN_CHANGE_CLIP_ADD, gen_clip_store_add},
    {GEN_CHANGE_CLIP_USED, gen_clip_store_used},
    {GEN_CHANGE_CLIP_EXPIRE, gen_clip_store_expire},
    {GEN_CHANGE_INVOICE_ADD, gen_invoice_store_add},
    {GEN_CHANGE_INVOICE_SETTLED, gen_invoice_store_settled},
    {GEN_CHANGE_INVOICE_REMOVE, gen_invoice_store_remove},
    {GEN_CHANGE_HANDLE, gen_attempt_store_handle},
    {0, NULL},
};

enum gen_status gen_apply_changes(struct gen_database *database, const struct gen_changes *changes,
                                  struct gen_error *err)
{
    struct gen_chain_link link = {0}; /* where the log of events ends */
    enum gen_status status = GEN_OK;

    if (gen_arena_failed(changes->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to describe the changes");
    }
    for (const struct gen_change *change = changes->first; change != NULL && status == GEN_OK;
         change = change->next) {
        size_t i = 0;

        if (change->kind == GEN_CHANGE_EVENT) {
            status = gen_chain_append(database, &link, &change->as.event, err);
            continue;
        }
        while (kinds[i].call != NULL && kinds[i].kind != change->kind) {
            i++;
        }
        GEN_CHECK(kinds[i].call != NULL);
        status = kinds[i].call(database, change, err);
    }
    return status;
}

bool gen_apply_refused(enum gen_status status)
{
    return status == GEN_EBUDGET || status == GEN_ECONFLICT || status == GEN_EOVERFLOW ||
           status == GEN_EINVAL || status == GEN_ETOOLARGE;
}
