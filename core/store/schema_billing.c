/* schema_billing.c - see schema.h. Invoices of providers, and clips that can be used again. */
#include "store/schema.h"

#include <stddef.h>

#define NO_TEXT "TEXT NOT NULL DEFAULT ''"
#define NUMBER "BIGINT NOT NULL DEFAULT 0"
#define MONEY "BIGINT NOT NULL DEFAULT 0"

const char *const gen_schema_billing[] = {
    /* Clips by the moment at which they were there, for reports: free ones have no ledger entry. */
    "CREATE INDEX attempt_rendered ON attempt (organization, ended_at) WHERE state = 'settled'",

    /* What a pipeline's output would have cost otherwise, as its decision saw it: `amount` on the model
     * that savings are measured against; `price` is what was expected of the pipeline itself, and the rest
     * by how much discounts of the chosen model made that less. */
    "CREATE TABLE baseline ("
    " pipeline TEXT PRIMARY KEY REFERENCES pipeline (id),"
    " job TEXT NOT NULL REFERENCES job (id),"
    " organization TEXT NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind IN ('named', 'tier', 'none')),"
    " model " NO_TEXT ","
    " amount " MONEY " CHECK (amount >= 0),"
    " price " MONEY " CHECK (price >= 0),"
    " batch " MONEY ","
    " off_peak " MONEY ","
    " cache " MONEY ","
    " ended_at " NUMBER ")",
    "CREATE INDEX baseline_by_end ON baseline (organization, ended_at)",
    "CREATE INDEX baseline_by_job ON baseline (job)",
    "CREATE TRIGGER baseline_ended AFTER UPDATE OF ended_at ON pipeline"
    " WHEN OLD.ended_at <> NEW.ended_at BEGIN"
    " UPDATE baseline SET ended_at = NEW.ended_at WHERE pipeline = NEW.id; END",

    /* Clips that may be used again: which order each is the answer to. The use of one is a fact of the
     * job that used it, and stays when the clip is forgotten. */
    "CREATE TABLE clip ("
    " attempt TEXT PRIMARY KEY," /* that made it */
    " organization TEXT NOT NULL,"
    " request TEXT NOT NULL," /* digest of the order */
    " digest TEXT NOT NULL,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " created_at " NUMBER ","
    " used_at " NUMBER ","
    " uses " NUMBER ")",
    "CREATE INDEX clip_by_request ON clip (organization, request, created_at)",
    "CREATE INDEX clip_by_digest ON clip (digest)", "CREATE INDEX clip_by_age ON clip (created_at)",
    "CREATE INDEX clip_by_job ON clip (job)",
    "CREATE TABLE clip_use ("
    " job TEXT NOT NULL REFERENCES job (id),"
    " made_by TEXT NOT NULL,"
    " attempt TEXT NOT NULL UNIQUE REFERENCES attempt (id)," /* that did without a render */
    " saved " MONEY " CHECK (saved >= 0),"
    " at " NUMBER ","
    " PRIMARY KEY (job, made_by))",

    /* What providers say they billed, and what became of each line. */
    "CREATE TABLE invoice ("
    " id TEXT PRIMARY KEY,"
    " organization TEXT NOT NULL,"
    " provider TEXT NOT NULL,"
    " name " NO_TEXT ","
    " digest TEXT NOT NULL,"
    " begins " NUMBER ","
    " ends " NUMBER ","
    " closed " NUMBER " CHECK (closed IN (0, 1)),"
    " created_at " NUMBER ","
    " created_by " NO_TEXT ","
    " UNIQUE (organization, provider, digest))",
    "CREATE INDEX invoice_by_organization ON invoice (organization, id)",
    "CREATE TABLE invoice_line ("
    " invoice TEXT NOT NULL REFERENCES invoice (id),"
    " ordinal BIGINT NOT NULL,"
    " reference " NO_TEXT ","
    " client " NO_TEXT ","
    " model " NO_TEXT ","
    " duration_ms " NUMBER ","
    " amount " MONEY "," /* less than 0: a credit */
    " at " NUMBER ","
    " verdict TEXT NOT NULL CHECK (verdict IN ('matched', 'wrong_amount', 'unverified', 'credit',"
    " 'duplicate', 'missing_here', 'missing_there', 'refused')),"
    " likely " NUMBER " CHECK (likely IN (0, 1)),"
    " attempt " NO_TEXT ","
    " charged " MONEY ","
    " note " NO_TEXT ","
    " settled " NUMBER " CHECK (settled IN (0, 1)),"
    " PRIMARY KEY (invoice, ordinal))",
    "CREATE INDEX invoice_line_by_attempt ON invoice_line (attempt) WHERE attempt <> ''",

    NULL};
