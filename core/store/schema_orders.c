/* schema_orders.c - see schema.h. A job at a provider belongs to one attempt, whatever became of it. */
#include "store/schema.h"

#include <stddef.h>

const char *const gen_schema_orders[] = {
    "CREATE TABLE remote_job ("
    " provider TEXT NOT NULL,"
    " account TEXT NOT NULL," /* '' = the daemon's own */
    " handle TEXT NOT NULL,"
    " attempt TEXT NOT NULL REFERENCES attempt (id),"
    " at BIGINT NOT NULL DEFAULT 0,"
    " PRIMARY KEY (provider, account, handle))",
    "CREATE INDEX remote_job_by_attempt ON remote_job (attempt)",
    /* What cost nothing is work of our own machine, whose handles need not differ. */
    "INSERT INTO remote_job (provider, account, handle, attempt, at)"
    " SELECT a.provider, '', a.handle, MIN(a.id), MIN(a.accepted_at) FROM attempt a"
    " JOIN shot s ON s.id = a.shot WHERE a.handle <> '' AND s.most > 0"
    " GROUP BY a.provider, a.handle",
    NULL,
};
