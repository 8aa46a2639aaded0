/* schema_money.c - see schema.h. Double entry: postings that add up to zero, budgets, and what is used
 * of them. */
#include "store/schema.h"

#include <stddef.h>

#define NO_TEXT "TEXT NOT NULL DEFAULT ''"
#define NUMBER "BIGINT NOT NULL DEFAULT 0"
#define MONEY "BIGINT NOT NULL DEFAULT 0"
#define SCOPE_WORDS "'organization', 'team', 'project', 'user', 'job', 'provider'"
#define PERIOD_WORDS "'day', 'week', 'month', 'quarter', 'year', 'always'"
#define LEAST(a, b) "CASE WHEN " a " < " b " THEN " a " ELSE " b " END"

/* What the entries of before moved: at most one of each kind for an attempt, a charge ended as much of the
 * hold as it covered (what is unverified last) and a release no more than what was left. */
#define OLD_SUMS \
    "SELECT attempt," \
    " SUM(CASE WHEN kind = 'hold' THEN amount ELSE 0 END) AS hold," \
    " SUM(CASE WHEN kind = 'charge' THEN amount ELSE 0 END) AS charged," \
    " SUM(CASE WHEN kind = 'release' THEN amount ELSE 0 END) AS released," \
    " SUM(CASE WHEN kind = 'unverified' THEN amount ELSE 0 END) AS doubted" \
    " FROM ledger_entry GROUP BY attempt"
/* charge_held, charge_doubted: what a charge ended of either; the rest it took from the funds. */
#define OLD_MOVES \
    "SELECT attempt, hold, charged, released, doubted, charge_held," \
    " " LEAST( \
        "charged - charge_held", \
        "doubted") " AS charge_doubted," \
                   " " LEAST( \
                       "released", \
                       "hold - doubted - charge_held") " AS release_held" \
                                                       " FROM (SELECT attempt, hold, charged, " \
                                                       "released, doubted," \
                                                       " " LEAST( \
                                                           "charged", \
                                                           "hold - doubted") " AS charge_held " \
                                                                             "FROM (" OLD_SUMS \
                                                                             ") AS sums) AS held"
#define POST(account, kind, amount) \
    "INSERT INTO posting (entry, account, amount) SELECT e.id, '" account "', " amount \
    " FROM ledger_entry e JOIN ledger_moved m ON m.attempt = e.attempt WHERE e.kind = '" kind \
    "' AND " amount " <> 0"

/* What the price list said, where bills that were higher raised the estimate. */
const char *const gen_schema_book[] = {
    "ALTER TABLE attempt ADD COLUMN book " MONEY,
    NULL,
};

const char *const gen_schema_money[] = {
    "ALTER TABLE job ADD COLUMN team " NO_TEXT,
    "CREATE INDEX job_by_team ON job (organization, team, created_at, id)",

    /* What an attempt is counted under: whose, where, and in which periods: those of the moment at which
     * its first money was held. */
    "ALTER TABLE attempt ADD COLUMN organization " NO_TEXT,
    "ALTER TABLE attempt ADD COLUMN provider " NO_TEXT,
    "ALTER TABLE attempt ADD COLUMN model " NO_TEXT,
    "ALTER TABLE attempt ADD COLUMN held_at " NUMBER,
    "ALTER TABLE attempt ADD COLUMN spent " MONEY " CHECK (spent >= 0)",
    "UPDATE attempt SET"
    " organization = (SELECT organization FROM job j WHERE j.id = attempt.job),"
    " provider = (SELECT provider FROM shot s WHERE s.id = attempt.shot),"
    " model = (SELECT model FROM shot s WHERE s.id = attempt.shot),"
    " held_at = COALESCE((SELECT MIN(at) FROM ledger_entry e WHERE e.attempt = attempt.id), 0),"
    " spent = COALESCE((SELECT SUM(amount) FROM ledger_entry e WHERE e.attempt = attempt.id"
    " AND e.kind = 'charge'), 0)",
    /* What a planned attempt will need is not its hold yet. */
    "UPDATE attempt SET hold = 0 WHERE state = 'planned'",
    "CREATE INDEX attempt_by_period ON attempt (organization, held_at)",
    "CREATE INDEX attempt_holding ON attempt (organization, held_at) WHERE held > 0",

    "DROP VIEW ledger_by_attempt", "ALTER TABLE ledger_entry RENAME TO old_entry",
    "DROP INDEX ledger_entry_by_job",
    "CREATE TABLE ledger_entry ("
    " id TEXT PRIMARY KEY,"
    " organization TEXT NOT NULL,"
    " job TEXT NOT NULL REFERENCES job (id),"
    " pipeline TEXT NOT NULL REFERENCES pipeline (id),"
    " attempt TEXT NOT NULL REFERENCES attempt (id),"
    " kind TEXT NOT NULL CHECK (kind IN ('hold', 'charge', 'release', 'unverified', 'refund')),"
    " amount BIGINT NOT NULL CHECK (amount >= 0),"
    " provider " NO_TEXT ","
    " basis " NO_TEXT ","
    " reference " NO_TEXT "," /* what tells several entries of a kind apart: a line of an invoice */
    " at " NUMBER ","
    " UNIQUE (attempt, kind, reference))",
    "CREATE INDEX ledger_entry_by_job ON ledger_entry (job)",
    "CREATE INDEX ledger_entry_by_time ON ledger_entry (organization, at, id)",
    "CREATE INDEX ledger_entry_by_provider ON ledger_entry (provider, at, id)",
    "INSERT INTO ledger_entry (id, organization, job, pipeline, attempt, kind, amount, provider,"
    " basis, at) SELECT e.id, j.organization, e.job, e.pipeline, e.attempt, e.kind, e.amount,"
    " e.provider, e.basis, e.at FROM old_entry e JOIN job j ON j.id = e.job",
    "DROP TABLE old_entry",

    "CREATE TABLE posting ("
    " entry TEXT NOT NULL REFERENCES ledger_entry (id),"
    " account TEXT NOT NULL CHECK (account IN ('funds', 'held', 'unverified', 'spent')),"
    " amount BIGINT NOT NULL,"
    " PRIMARY KEY (entry, account))",
    "CREATE TABLE ledger_moved AS " OLD_MOVES, POST("funds", "hold", "-m.hold"),
    POST("held", "hold", "m.hold"), POST("held", "unverified", "-m.doubted"),
    POST("unverified", "unverified", "m.doubted"),
    POST("funds", "charge", "-(m.charged - m.charge_held - m.charge_doubted)"),
    POST("held", "charge", "-m.charge_held"), POST("unverified", "charge", "-m.charge_doubted"),
    POST("spent", "charge", "m.charged"), POST("funds", "release", "m.released"),
    POST("held", "release", "-m.release_held"),
    POST("unverified", "release", "-(m.released - m.release_held)"), "DROP TABLE ledger_moved",

    /* What the entries of an attempt add up to. */
    "CREATE VIEW ledger_by_attempt AS SELECT e.job AS job, e.pipeline AS pipeline,"
    " e.attempt AS attempt,"
    " SUM(CASE WHEN p.account = 'held' THEN p.amount ELSE 0 END) AS held,"
    " SUM(CASE WHEN p.account = 'unverified' THEN p.amount ELSE 0 END) AS unverified,"
    " SUM(CASE WHEN p.account = 'spent' THEN p.amount ELSE 0 END) AS spent"
    " FROM ledger_entry e JOIN posting p ON p.entry = e.id"
    " GROUP BY e.job, e.pipeline, e.attempt",

    "CREATE TABLE budget ("
    " id TEXT PRIMARY KEY,"
    " organization TEXT NOT NULL,"
    " scope TEXT NOT NULL CHECK (scope IN (" SCOPE_WORDS ")),"
    " of_id " NO_TEXT ","
    " period TEXT NOT NULL CHECK (period IN (" PERIOD_WORDS ")),"
    " hard " MONEY " CHECK (hard >= 0),"
    " soft " MONEY " CHECK (soft >= 0),"
    " alerts " NO_TEXT "," /* shares, as millionths, with a space between them */
    " rollover " NUMBER " CHECK (rollover IN (0, 1)),"
    " throttle_from_ppm " NUMBER ","
    " throttle_parallel " NUMBER ","
    " note " NO_TEXT ","
    " version BIGINT NOT NULL CHECK (version >= 1),"
    " created_at " NUMBER ","
    " created_by " NO_TEXT ","
    " updated_at " NUMBER ","
    " ended_at " NUMBER ")",
    "CREATE INDEX budget_by_organization ON budget (organization, ended_at, id)",
    "CREATE INDEX budget_in_force ON budget (id) WHERE ended_at = 0",

    /* What is used of a limit, made from the ledger when it is first asked for and moved with every
     * posting; emptied at each start. `budget` is no column: a key says whose money it is, and several
     * limits may share a row. */
    "CREATE TABLE budget_use ("
    " key TEXT NOT NULL,"
    " begins " NUMBER ","
    " ends " NUMBER ","
    " held " MONEY ","
    " unverified " MONEY ","
    " spent " MONEY ","
    " PRIMARY KEY (key, begins, ends))",

    /* What people were told: once a limit, level and period. */
    "CREATE TABLE budget_alert ("
    " name TEXT NOT NULL,"
    " key TEXT NOT NULL,"
    " begins " NUMBER ","
    " kind TEXT NOT NULL CHECK (kind IN ('share', 'soft', 'hard', 'forecast')),"
    " level_ppm " NUMBER ","
    " at " NUMBER ","
    " PRIMARY KEY (key, name, begins, kind, level_ppm))",
    NULL};
