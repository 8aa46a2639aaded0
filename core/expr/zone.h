/* zone.h - the offset of a time zone from UTC at an instant: fixed offsets, and zones of the tz
 * database from TZif bytes (RFC 8536) that a port hands in.
 *
 * NOT here: where the bytes come from (platform/zone_files.h), dates (calendar.h). The process' own
 * zone and TZ are never looked at.
 *
 * Invariant: only names that gen_zone_name_good allows reach the port; no bytes, however hostile,
 * are read past their end or give an offset of more than 26 hours.
 * Thread: [any], see gen_zones_offset. Floor: expr. Tests: tests/unit/expr/zone_test.c,
 * tests/fuzz/expr_zone_fuzz.c
 */
#ifndef GEN_EXPR_ZONE_H
#define GEN_EXPR_ZONE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GEN_ZONE_NAME_LONGEST = 64,
    GEN_ZONE_LARGEST = 65536,    /* bytes of TZif; the largest of tzdata 2025b has 3,732 */
    GEN_ZONE_WIDEST = 26 * 3600, /* seconds that an offset stays below */
    GEN_ZONES_MOST = 640,        /* zones kept; tzdata 2025b has 597 names */
};

/* One zone; never changes, so any thread may ask it. */
struct gen_zone;

/* Reads TZif versions 1 to 4; the bytes are not needed afterwards. GEN_ECORRUPT: not TZif, or
 * broken; GEN_EUNSUPPORTED: it counts leap seconds, which timestamps do not; GEN_ETOOLARGE;
 * GEN_ENOMEM. The caller ends `*out` with gen_zone_destroy. */
GEN_MUST_CHECK enum gen_status gen_zone_parse(const char *bytes, size_t size, struct gen_zone **out,
                                              struct gen_error *err);
void gen_zone_destroy(struct gen_zone *zone); /* NULL is allowed */

/* Seconds east of UTC at that instant, for any instant. */
int32_t gen_zone_offset(const struct gen_zone *zone, int64_t seconds);

/* 1 to 64 of [A-Za-z0-9_+-/]; '/' only between parts. So neither "..", nor a path from the root. */
bool gen_zone_name_good(const char *name, size_t size);

/* "+11:00", "-02:30", "02:00", "-00:00": two digits, at most 23:59. false: it is none. */
bool gen_zone_fixed(const char *text, size_t size, int32_t *east);

/* The port: the TZif bytes of a zone whose name is good (with a NUL), or NULL with `err` set
 * (GEN_ENOTFOUND: there is no such zone). One thread at a time calls it; it may block; the bytes
 * must hold until its next call. */
typedef const char *gen_zone_read(void *context, const char *name, size_t *size,
                                  struct gen_error *err);

/* A set of zones read when first asked for and then kept. Caller's memory; set up with init. */
struct gen_zones {
    gen_zone_read *read; /* NULL = only UTC and fixed offsets */
    void *context;
    struct gen_zones_kept *kept;
};

/* GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_zones_init(struct gen_zones *zones, gen_zone_read *read,
                                              void *context, struct gen_error *err);
void gen_zones_fini(struct gen_zones *zones); /* after the last thread has left; twice is fine */

/* Seconds east of UTC at an instant in the zone called `name`: a fixed offset, "UTC", "Etc/UTC", or
 * a name of the tz database, as it is written there. `zones` may be NULL. `*work` (may be NULL) is
 * how many bytes had to be read for it, failed or not: 0 when the zone is kept. What failed is not
 * kept.
 * GEN_EINVAL: not a name; GEN_ENOTFOUND; what the port or gen_zone_parse say.
 * Any number of threads may ask one set; one that must read makes others that must read wait. */
GEN_MUST_CHECK enum gen_status gen_zones_offset(const struct gen_zones *zones, const char *name,
                                                size_t size, int64_t seconds, int32_t *east,
                                                size_t *work, struct gen_error *err);

#endif
