/* secret.h - a stored secret as its row: whose it is, and its sealed text. Values only; nothing here can be
 * read without the master key.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/store/secret_store_test.c
 */
#ifndef GEN_MODEL_SECRET_H
#define GEN_MODEL_SECRET_H

#include "base/moment.h"

#include <stdbool.h>
#include <stdint.h>

enum { GEN_SECRET_NAME_MOST = 40, GEN_SECRET_VALUE_MOST = 64 * 1024 };

struct gen_sealed {     /* base64 */
    const char *text;   /* the secret, under a key of its own */
    const char *key;    /* that key, under the master key */
    const char *master; /* id of the master key */
};

/* A version of a secret. Those of one name follow each other: of two, an attempt that began before `since`
 * of the later one goes on with the earlier one, which is of another account. */
struct gen_secret_row {
    const char *organization, *team; /* team "" = of the whole organization */
    const char *name;
    int64_t version; /* 1, 2, 3, ... */
    struct gen_sealed sealed;
    gen_moment since;                  /* attempts that began from here on are signed with it */
    gen_moment created_at, rotated_at; /* rotated_at 0 = never */
    const char *created_by, *rotated_by;
    gen_moment tested_at; /* 0 = never */
    bool tested_well;
    const char *tested_note;
};

#endif
