/* schema.c - see schema.h. The words in CHECK are those of the model's tables; a test compares. */
#include "store/schema.h"

#include <stddef.h>

#define NO_TEXT "TEXT NOT NULL DEFAULT ''"
#define NUMBER "BIGINT NOT NULL DEFAULT 0"
#define MONEY "BIGINT NOT NULL DEFAULT 0"
#define FAILURE_WORDS \
    "'', 'transient', 'rate_limited', 'quota', 'auth', 'invalid', 'unsupported', 'moderated', " \
    "'expired', 'provider', 'ambiguous', 'timeout', 'budget', 'canceled', 'output'"
/* One more, or one less, of something that is counted. */
#define FIGURE(kind, word, amount) \
    "INSERT INTO figure (kind, word, value) VALUES (" kind ", " word ", " amount ") " \
    "ON CONFLICT (kind, word) DO UPDATE SET value = figure.value + excluded.value; "

static const char *const first_tables[] = {
    "CREATE TABLE storyboard ("
    " id TEXT PRIMARY KEY,"
    " organization TEXT NOT NULL,"
    " digest TEXT NOT NULL,"
    " document " NO_TEXT ","
    " created_at " NUMBER ","
    " UNIQUE (organization, digest))",

    /* held, spent and unverified are what the job's ledger entries add up to; ledger_store.c keeps
     * them in the statement that also checks the budget. */
    "CREATE TABLE job ("
    " id TEXT PRIMARY KEY,"
    " storyboard TEXT NOT NULL REFERENCES storyboard (id),"
    " organization TEXT NOT NULL,"
    " user_id " NO_TEXT ","
    " project " NO_TEXT ","
    " title " NO_TEXT ","
    " brief " NO_TEXT ","
    " decision " NO_TEXT ","
    " tags " NO_TEXT ","
    " status TEXT NOT NULL CHECK (status IN ('queued', 'in_progress', 'canceling',"
    " 'needs_attention', 'completed', 'partially_completed', 'failed', 'canceled')),"
    " priority " NUMBER ","
    " budget " MONEY " CHECK (budget >= 0),"
    " held " MONEY " CHECK (held >= 0),"
    " spent " MONEY " CHECK (spent >= 0),"
    " unverified " MONEY " CHECK (unverified >= 0),"
    " created_at " NUMBER ","
    " completed_at " NUMBER ","
    " deadline " NUMBER ","
    " cancel_requested " NUMBER " CHECK (cancel_requested IN (0, 1)),"
    " sandbox " NUMBER " CHECK (sandbox IN (0, 1)))",
    "CREATE INDEX job_by_age ON job (organization, created_at, id)",
    "CREATE INDEX job_by_status ON job (organization, status, created_at, id)",
    "CREATE INDEX job_by_project ON job (organization, project, created_at, id)",
    "CREATE INDEX job_by_user ON job (organization, user_id, created_at, id)",
    "CREATE INDEX job_open ON job (created_at, id) WHERE status IN ('queued', 'in_progress',"
    " 'canceling', 'needs_attention')",

    "CREATE TABLE job_tag ("
    " organization TEXT NOT NULL,"
    " tag TEXT NOT NULL,"
    " created_at " NUMBER ","
    " job TEXT NOT NULL REFERENCES job (id),"
    " PRIMARY KEY (organization, tag, created_at, job))",
    "CREATE INDEX job_tag_by_job ON job_tag (job)",

    "CREATE TABLE pipeline ("
    " id TEXT PRIMARY KEY,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " ordinal " NUMBER ","
    " variation " NUMBER ","
    " provider " NO_TEXT ","
    " model " NO_TEXT ","
    " model_flags " NUMBER ","
    " status TEXT NOT NULL CHECK (status IN ('queued', 'processing', 'needs_attention',"
    " 'completed', 'failed', 'canceled')),"
    " stage TEXT NOT NULL CHECK (stage IN ('', 'prepare', 'format', 'submit', 'poll', 'fetch',"
    " 'assess', 'deliver')),"
    " progress_ppm " NUMBER ","
    " started_at " NUMBER ","
    " ended_at " NUMBER ","
    " estimated_at " NUMBER ","
    " failure TEXT NOT NULL DEFAULT '' CHECK (failure IN (" FAILURE_WORDS ")),"
    " failure_message " NO_TEXT ","
    " output " NO_TEXT ","
    " spent " MONEY " CHECK (spent >= 0),"
    " UNIQUE (job, ordinal))",

    "CREATE TABLE shot ("
    " id TEXT PRIMARY KEY,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " pipeline TEXT NOT NULL REFERENCES pipeline (id),"
    " ordinal " NUMBER ","
    " first_scene " NUMBER ","
    " scene_count " NUMBER ","
    " parameters " NO_TEXT ","
    " clip " NO_TEXT ","
    " width " NUMBER ","
    " height " NUMBER ","
    " frame_rate_milli " NUMBER ","
    " duration_ms " NUMBER ","
    " attempt_count " NUMBER ","
    " price " MONEY ","
    " most " MONEY ","
    " price_exact " NUMBER " CHECK (price_exact IN (0, 1)),"
    " UNIQUE (pipeline, ordinal))",
    "CREATE INDEX shot_by_job ON shot (job)",
    "CREATE INDEX shot_by_clip ON shot (clip) WHERE clip <> ''",

    /* held and unverified are what is left of the attempt's hold, and of it what nobody could
     * verify. */
    "CREATE TABLE attempt ("
    " id TEXT PRIMARY KEY,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " pipeline TEXT NOT NULL REFERENCES pipeline (id),"
    " shot TEXT NOT NULL REFERENCES shot (id),"
    " ordinal " NUMBER ","
    " state TEXT NOT NULL CHECK (state IN ('planned', 'reserved', 'submitting', 'accepted',"
    " 'rendered', 'fetched', 'settled', 'refused', 'failed', 'ambiguous')),"
    " handle " NO_TEXT ","
    " step_state " NO_TEXT ","
    " hold " MONEY ","
    " estimate " MONEY ","
    " cost " MONEY ","
    " reported BIGINT NOT NULL DEFAULT -1,"
    " seed " NUMBER ","
    " started_at " NUMBER ","
    " accepted_at " NUMBER ","
    " ended_at " NUMBER ","
    " failure TEXT NOT NULL DEFAULT '' CHECK (failure IN (" FAILURE_WORDS ")),"
    " failure_code " NO_TEXT ","
    " failure_message " NO_TEXT ","
    " failure_field " NO_TEXT ","
    " held " MONEY " CHECK (held >= 0),"
    " unverified " MONEY " CHECK (unverified >= 0),"
    " UNIQUE (shot, ordinal))",
    "CREATE INDEX attempt_by_job ON attempt (job)",

    "CREATE TABLE ledger_entry ("
    " id TEXT PRIMARY KEY,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " pipeline TEXT NOT NULL REFERENCES pipeline (id),"
    " attempt TEXT NOT NULL REFERENCES attempt (id),"
    " kind TEXT NOT NULL CHECK (kind IN ('hold', 'charge', 'release', 'unverified')),"
    " amount BIGINT NOT NULL CHECK (amount >= 0),"
    " provider " NO_TEXT ","
    " basis " NO_TEXT ","
    " at " NUMBER ","
    " UNIQUE (attempt, kind))",
    "CREATE INDEX ledger_entry_by_job ON ledger_entry (job)",
    /* What the entries of an attempt add up to, by the rule in ledger_store.h. */
    "CREATE VIEW ledger_by_attempt AS SELECT job, pipeline, attempt, charged AS spent,"
    " CASE WHEN unverified < rest THEN unverified ELSE rest END AS unverified,"
    " rest - CASE WHEN unverified < rest THEN unverified ELSE rest END AS held"
    " FROM (SELECT job, pipeline, attempt, charged, unverified,"
    " CASE WHEN hold > charged + released THEN hold - charged - released ELSE 0 END AS rest"
    " FROM (SELECT job, pipeline, attempt,"
    " SUM(CASE WHEN kind = 'hold' THEN amount ELSE 0 END) AS hold,"
    " SUM(CASE WHEN kind = 'charge' THEN amount ELSE 0 END) AS charged,"
    " SUM(CASE WHEN kind = 'release' THEN amount ELSE 0 END) AS released,"
    " SUM(CASE WHEN kind = 'unverified' THEN amount ELSE 0 END) AS unverified"
    " FROM ledger_entry GROUP BY job, pipeline, attempt) AS sums) AS rests",

    "CREATE TABLE event ("
    " seq INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " organization TEXT NOT NULL,"
    " job " NO_TEXT ","
    " pipeline " NO_TEXT ","
    " kind TEXT NOT NULL,"
    " data " NO_TEXT ","
    " at " NUMBER ")",
    "CREATE INDEX event_by_organization ON event (organization, seq)",
    "CREATE INDEX event_by_job ON event (job, seq) WHERE job <> ''",

    "CREATE TABLE asset ("
    " id TEXT PRIMARY KEY,"
    " organization TEXT NOT NULL,"
    " digest TEXT NOT NULL,"
    " name " NO_TEXT ","
    " kind " NO_TEXT ","
    " media_type " NO_TEXT ","
    " size " NUMBER " CHECK (size >= 0),"
    " width " NUMBER ","
    " height " NUMBER ","
    " duration_ms " NUMBER ","
    " created_at " NUMBER ")",
    "CREATE INDEX asset_by_organization ON asset (organization, id)",
    "CREATE INDEX asset_by_digest ON asset (digest, organization, id)",

    "CREATE TABLE output ("
    " id TEXT PRIMARY KEY,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " pipeline TEXT NOT NULL UNIQUE REFERENCES pipeline (id),"
    " organization TEXT NOT NULL,"
    " variation " NO_TEXT ","
    " digest TEXT NOT NULL,"
    " thumbnail " NO_TEXT ","
    " sheet " NO_TEXT ","
    " format " NO_TEXT ","
    " size " NUMBER " CHECK (size >= 0),"
    " thumbnail_size " NUMBER ","
    " sheet_size " NUMBER ","
    " width " NUMBER ","
    " height " NUMBER ","
    " frame_rate_milli " NUMBER ","
    " duration_ms " NUMBER ","
    " probe " NO_TEXT ","
    " created_at " NUMBER ")",
    "CREATE INDEX output_by_job ON output (job)",
    "CREATE INDEX output_by_digest ON output (digest)",
    "CREATE INDEX output_by_thumbnail ON output (thumbnail) WHERE thumbnail <> ''",
    "CREATE INDEX output_by_sheet ON output (sheet) WHERE sheet <> ''",

    "CREATE TABLE idempotency_key ("
    " organization TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " digest TEXT NOT NULL,"
    " job TEXT NOT NULL,"
    " at " NUMBER ","
    " PRIMARY KEY (organization, name))",

    "CREATE TABLE figure ("
    " kind TEXT NOT NULL,"
    " word TEXT NOT NULL,"
    " value " NUMBER ","
    " PRIMARY KEY (kind, word))",
    "CREATE TRIGGER figure_job_added AFTER INSERT ON job BEGIN " FIGURE("'job'", "NEW.status",
                                                                        "1") "END",
    "CREATE TRIGGER figure_job_moved AFTER UPDATE OF status ON job"
    " WHEN OLD.status <> NEW.status BEGIN " FIGURE("'job'", "OLD.status", "-1")
        FIGURE("'job'", "NEW.status", "1") "END",
    "CREATE TRIGGER figure_job_money AFTER UPDATE OF held, spent, unverified ON job BEGIN " FIGURE(
        "'money'", "'held'", "NEW.held - OLD.held")
        FIGURE("'money'", "'spent'", "NEW.spent - OLD.spent")
            FIGURE("'money'", "'unverified'", "NEW.unverified - OLD.unverified") "END",
    "CREATE TRIGGER figure_attempt_added AFTER INSERT ON attempt BEGIN " FIGURE(
        "'attempt'", "NEW.state", "1") "END",
    "CREATE TRIGGER figure_attempt_moved AFTER UPDATE OF state ON attempt"
    " WHEN OLD.state <> NEW.state BEGIN " FIGURE("'attempt'", "OLD.state", "-1")
        FIGURE("'attempt'", "NEW.state", "1") "END",
    "CREATE TRIGGER figure_output_added AFTER INSERT ON output BEGIN " FIGURE(
        "'output'", "'count'", "1") FIGURE("'output'", "'bytes'", "NEW.size") "END",
    "CREATE TRIGGER figure_asset_added AFTER INSERT ON asset BEGIN " FIGURE(
        "'asset'", "'count'", "1") FIGURE("'asset'", "'bytes'", "NEW.size") "END",
    NULL};

/* Uploads that no job uses are removed after a while. A job that is there already names its assets
 * in its brief; an underscore in the pattern stands for any letter, which only finds more. */
static const char *const uploads[] = {
    "ALTER TABLE asset ADD COLUMN used " NUMBER " CHECK (used IN (0, 1))",
    "ALTER TABLE asset ADD COLUMN sent_at " NUMBER,
    "UPDATE asset SET sent_at = created_at, used = CASE WHEN EXISTS (SELECT 1 FROM job WHERE"
    " job.organization = asset.organization AND job.brief LIKE '%' || asset.id || '%')"
    " THEN 1 ELSE 0 END",
    "CREATE INDEX asset_unused ON asset (sent_at, id) WHERE used = 0",
    "CREATE TABLE loose_blob (digest TEXT PRIMARY KEY)",
    "CREATE TRIGGER figure_asset_removed AFTER DELETE ON asset BEGIN " FIGURE(
        "'asset'", "'count'", "-1") FIGURE("'asset'", "'bytes'", "-OLD.size") "END",
    NULL};

/* Shots have a provider of their own, can be slices of a scene, and can need what others rendered. */
static const char *const own_shots[] = {
    "ALTER TABLE pipeline ADD COLUMN warning " NO_TEXT,
    "ALTER TABLE shot ADD COLUMN role TEXT NOT NULL DEFAULT 'scene'"
    " CHECK (role IN ('whole', 'scene', 'finish'))",
    "ALTER TABLE shot ADD COLUMN provider " NO_TEXT, "ALTER TABLE shot ADD COLUMN model " NO_TEXT,
    "ALTER TABLE shot ADD COLUMN model_flags " NUMBER,
    "ALTER TABLE shot ADD COLUMN from_ms " NUMBER, "ALTER TABLE shot ADD COLUMN shown_ms " NUMBER,
    "ALTER TABLE shot ADD COLUMN ordered_ms " NUMBER,
    "ALTER TABLE shot ADD COLUMN speaks " NUMBER " CHECK (speaks IN (0, 1))",
    /* A model that takes whole storyboards (the first flag) was never asked for less. */
    "UPDATE shot SET provider = (SELECT provider FROM pipeline p WHERE p.id = shot.pipeline),"
    " model = (SELECT model FROM pipeline p WHERE p.id = shot.pipeline),"
    " model_flags = (SELECT model_flags FROM pipeline p WHERE p.id = shot.pipeline)",
    "UPDATE shot SET role = 'whole' WHERE model_flags % 2 = 1",
    /* digest: '' = promised */
    "CREATE TABLE supply ("
    " id TEXT PRIMARY KEY,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " shot TEXT NOT NULL REFERENCES shot (id),"
    " ordinal " NUMBER ","
    " scene " NUMBER ","
    " kind TEXT NOT NULL CHECK (kind IN ('frame', 'video')),"
    " digest " NO_TEXT ","
    " media_type " NO_TEXT ","
    " size " NUMBER " CHECK (size >= 0),"
    " width " NUMBER ","
    " height " NUMBER ","
    " duration_ms " NUMBER ","
    " created_at " NUMBER ","
    " UNIQUE (shot, ordinal))",
    "CREATE INDEX supply_by_job ON supply (job)",
    "CREATE INDEX supply_by_digest ON supply (digest) WHERE digest <> ''", NULL};

/* An uptime is of days, not of one run of the daemon. */
static const char *const provider_hours[] = {"CREATE TABLE provider_hour ("
                                             " hour " NUMBER "," /* since 1970 */
                                             " provider TEXT NOT NULL,"
                                             " up_minutes " NUMBER " CHECK (up_minutes >= 0),"
                                             " down_minutes " NUMBER " CHECK (down_minutes >= 0),"
                                             " PRIMARY KEY (hour, provider))",
                                             NULL};

const struct gen_migration gen_schema[] = {
    {1, "the first tables", first_tables},
    {2, "uploads that no job uses", uploads},
    {3, "shots with a provider of their own", own_shots},
    {4, "hours that providers were up", provider_hours},
    {5, "accounts, budgets and their use", gen_schema_money},
    {6, "keys and quotas", gen_schema_access},
    {7, "secrets at rest", gen_schema_vault},
    {8, "who did what, and what is to be told", gen_schema_audit},
    {9, "invoices and finished clips", gen_schema_billing},
    {10, "bounds on requests and video", gen_schema_quota},
    {11, "whose a job at a provider is", gen_schema_orders},
    {12, "limits of nothing at all", gen_schema_frozen},
    {13, "what the price list said", gen_schema_book},
    {14, "jobs that came together", gen_schema_batch},
    {15, "what people decide about work", gen_schema_hand},
    {0, NULL, NULL},
};
