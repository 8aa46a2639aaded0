/* schema_vault.c - see schema.h. Secrets of providers, encrypted: sealed, wrapped and master are what
 * platform/vault.h made; nothing else of a secret is ever here. */
#include "store/schema.h"

#include <stddef.h>

#define NO_TEXT "TEXT NOT NULL DEFAULT ''"
#define NUMBER "BIGINT NOT NULL DEFAULT 0"

const char *const gen_schema_vault[] = {"CREATE TABLE secret ("
                                        " organization TEXT NOT NULL,"
                                        " team " NO_TEXT ","
                                        " name TEXT NOT NULL,"
                                        " version BIGINT NOT NULL CHECK (version > 0),"
                                        " sealed TEXT NOT NULL,"
                                        " wrapped TEXT NOT NULL,"
                                        " master TEXT NOT NULL,"
                                        " since " NUMBER ","
                                        " created_at " NUMBER ","
                                        " created_by " NO_TEXT ","
                                        " rotated_at " NUMBER ","
                                        " rotated_by " NO_TEXT ","
                                        " tested_at " NUMBER ","
                                        " tested_well " NUMBER " CHECK (tested_well IN (0, 1)),"
                                        " tested_note " NO_TEXT ","
                                        " PRIMARY KEY (organization, team, name, version))",
                                        NULL};
