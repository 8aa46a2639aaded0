/* schema_audit.c - see schema.h. Actors and hashes of the log, and the subscribers that are told of it. */
#include "store/schema.h"

#include <stddef.h>

#define NO_TEXT "TEXT NOT NULL DEFAULT ''"
#define NUMBER "BIGINT NOT NULL DEFAULT 0"

const char *const gen_schema_audit[] = {
    "ALTER TABLE event ADD COLUMN actor " NO_TEXT, "ALTER TABLE event ADD COLUMN origin " NO_TEXT,
    "ALTER TABLE event ADD COLUMN hash " NO_TEXT,
    /* What was there before has no hashes: store/chain.c gives them to the events up to `sealing`, once,
     * when the store is opened; `sealed` says how far it has come. What is behind has its hash or was
     * never written by us. */
    "CREATE TABLE event_chain ("
    " id BIGINT PRIMARY KEY CHECK (id = 1),"
    " sealed BIGINT NOT NULL,"
    " sealing BIGINT NOT NULL)",
    "INSERT INTO event_chain (id, sealed, sealing)"
    " SELECT 1, 0, COALESCE(MAX(seq), 0) FROM event",

    /* Whoever is told of events, and how far he is: events up to `position` have reached him or are not
     * for him. organization '' = the daemon's own, which sees all of them. */
    "CREATE TABLE subscriber ("
    " id TEXT PRIMARY KEY,"
    " organization " NO_TEXT ","
    " kind TEXT NOT NULL CHECK (kind IN ('webhook', 'stripe', 'mail', 'log')),"
    " title " NO_TEXT ","
    " url " NO_TEXT ","
    " kinds " NO_TEXT "," /* of events, with a space between; '' = all */
    " job " NO_TEXT ","
    " project " NO_TEXT ","
    " secret " NO_TEXT ","
    " secret_before " NO_TEXT ","
    " secret_until " NUMBER ","
    " state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'parked')),"
    " position " NUMBER ","
    " failures " NUMBER ","
    " failing_since " NUMBER ","
    " retry_at " NUMBER ","
    " last_status " NUMBER ","
    " last_error " NO_TEXT ","
    " delivered " NUMBER ","
    " delivered_at " NUMBER ","
    " created_by " NO_TEXT ","
    " created_at " NUMBER ","
    " updated_at " NUMBER ","
    " version BIGINT NOT NULL CHECK (version >= 1))",
    "CREATE INDEX subscriber_by_organization ON subscriber (organization, id)",

    /* The last tries of each subscriber, for people who ask why nothing arrives. */
    "CREATE TABLE delivery ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " subscriber TEXT NOT NULL REFERENCES subscriber (id),"
    " event TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " attempt BIGINT NOT NULL,"
    " at BIGINT NOT NULL,"
    " took_ms BIGINT NOT NULL,"
    " status BIGINT NOT NULL," /* of HTTP; 0 = no answer */
    " outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'failed', 'refused', 'set_aside')),"
    " note " NO_TEXT ")",
    "CREATE INDEX delivery_by_subscriber ON delivery (subscriber, number)",

    /* Events that a subscriber has refused for good while others pass: told again when somebody asks. */
    "CREATE TABLE outbox ("
    " subscriber TEXT NOT NULL REFERENCES subscriber (id),"
    " seq BIGINT NOT NULL,"
    " event TEXT NOT NULL,"
    " at BIGINT NOT NULL,"
    " note " NO_TEXT ","
    " PRIMARY KEY (subscriber, seq))",
    NULL};
