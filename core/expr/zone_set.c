/* zone_set.c - the second half of zone.h: names of zones, and the set that keeps those in use.
 *
 * Finding a zone waits for nobody: each chain of the table only ever grows at its head, which is
 * published after the entry is whole. Reading a new one is done by one thread at a time. */
#include "expr/zone.h"

#include "base/alloc.h"
#include "expr/value.h"

#include <stdatomic.h>
#include <string.h>
#include <threads.h>

enum { CHAINS = 64 };

struct zone_entry {
    struct zone_entry *after;
    struct gen_zone *zone;
    uint32_t hash;
    uint32_t size;
    char name[GEN_ZONE_NAME_LONGEST + 1];
};

struct gen_zones_kept {
    atomic_flag reading; /* held by the thread that uses the port and adds to the chains */
    size_t count;
    _Atomic(struct zone_entry *) chains[CHAINS];
};

bool gen_zone_name_good(const char *name, size_t size)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_+-/";

    if (size == 0 || size > GEN_ZONE_NAME_LONGEST || name[0] == '/' || name[size - 1] == '/') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (memchr(allowed, name[i], sizeof(allowed) - 1) == NULL ||
            (name[i] == '/' && name[i + 1] == '/')) {
            return false;
        }
    }
    return true;
}

bool gen_zone_fixed(const char *text, size_t size, int32_t *east)
{
    int32_t sign = size > 0 && text[0] == '-' ? -1 : 1;
    int32_t digits[4];

    if (size > 0 && (text[0] == '+' || text[0] == '-')) {
        text++;
        size--;
    }
    if (size != 5 || text[2] != ':') {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        char c = text[i < 2 ? i : i + 1];

        if (c < '0' || c > '9') {
            return false;
        }
        digits[i] = c - '0';
    }
    if (digits[0] * 10 + digits[1] > 23 || digits[2] > 5) {
        return false;
    }
    *east = sign * ((digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60);
    return true;
}

enum gen_status gen_zones_init(struct gen_zones *zones, gen_zone_read *read, void *context,
                               struct gen_error *err)
{
    *zones = (struct gen_zones){.read = read, .context = context, .kept = NULL};
    zones->kept = gen_alloc(sizeof(*zones->kept));
    if (zones->kept == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the time zones");
    }
    atomic_flag_clear(&zones->kept->reading);
    for (size_t i = 0; i < CHAINS; i++) {
        atomic_init(&zones->kept->chains[i], NULL);
    }
    return GEN_OK;
}

void gen_zones_fini(struct gen_zones *zones)
{
    struct gen_zones_kept *kept = zones->kept;

    if (kept == NULL) {
        return;
    }
    for (size_t i = 0; i < CHAINS; i++) {
        struct zone_entry *entry = atomic_load(&kept->chains[i]);

        while (entry != NULL) {
            struct zone_entry *after = entry->after;

            gen_zone_destroy(entry->zone);
            gen_free(entry);
            entry = after;
        }
    }
    gen_free(kept);
    zones->kept = NULL;
}

static const struct gen_zone *zones_find(struct gen_zones_kept *kept, const char *name, size_t size,
                                         uint32_t hash)
{
    const struct zone_entry *entry = atomic_load_explicit(&kept->chains[hash % CHAINS],
                                                          memory_order_acquire);

    while (entry != NULL &&
           (entry->hash != hash || entry->size != size || memcmp(entry->name, name, size) != 0)) {
        entry = entry->after;
    }
    return entry == NULL ? NULL : entry->zone;
}

/* Keeps `*zone` and takes it over; without room or memory it stays the caller's. While reading. */
static void zones_keep(struct gen_zones_kept *kept, const char *name, size_t size, uint32_t hash,
                       struct gen_zone **zone)
{
    _Atomic(struct zone_entry *) *chain = &kept->chains[hash % CHAINS];
    struct zone_entry *entry = kept->count < GEN_ZONES_MOST ? gen_alloc(sizeof(*entry)) : NULL;

    if (entry == NULL) {
        return;
    }
    memcpy(entry->name, name, size);
    entry->size = (uint32_t)size;
    entry->hash = hash;
    entry->zone = *zone;
    entry->after = atomic_load_explicit(chain, memory_order_relaxed);
    atomic_store_explicit(chain, entry, memory_order_release);
    kept->count++;
    *zone = NULL;
}

/* Reads, asks and keeps a zone that was not there a moment ago. */
static enum gen_status zones_read(const struct gen_zones *zones, const char *name, size_t size,
                                  uint32_t hash, int64_t seconds, int32_t *east, size_t *work,
                                  struct gen_error *err)
{
    const struct gen_zone *found;
    struct gen_zone *zone = NULL;
    enum gen_status status = GEN_OK;
    char text[GEN_ZONE_NAME_LONGEST + 1] = "";
    struct gen_error reason = {0};
    const char *bytes;
    size_t length = 0;

    memcpy(text, name, size);
    while (atomic_flag_test_and_set_explicit(&zones->kept->reading, memory_order_acquire)) {
        thrd_yield(); /* rare and short: a zone is read once */
    }
    found = zones_find(zones->kept, name, size, hash); /* another thread may have read it */
    if (found != NULL) {
        *east = gen_zone_offset(found, seconds);
        goto done;
    }
    *work = GEN_ZONE_LARGEST; /* unless it turns out to be less */
    bytes = zones->read(zones->context, text, &length, &reason);
    if (bytes == NULL) {
        status = reason.status != GEN_OK ? reason.status : GEN_ENOTFOUND;
        gen_error_set(err, status, "%s",
                      reason.message[0] != '\0' ? reason.message : "it cannot be read");
        goto done;
    }
    *work = length;
    status = gen_zone_parse(bytes, length, &zone, err);
    if (status == GEN_OK) {
        *east = gen_zone_offset(zone, seconds);
        zones_keep(zones->kept, name, size, hash, &zone);
    }

done:
    atomic_flag_clear_explicit(&zones->kept->reading, memory_order_release);
    gen_zone_destroy(zone);
    return status;
}

enum gen_status gen_zones_offset(const struct gen_zones *zones, const char *name, size_t size,
                                 int64_t seconds, int32_t *east, size_t *work,
                                 struct gen_error *err)
{
    const struct gen_zone *zone;
    size_t unread;
    uint32_t hash;

    work = work != NULL ? work : &unread;
    *work = 0;
    if (gen_zone_fixed(name, size, east)) {
        return GEN_OK;
    }
    if ((size == 3 && memcmp(name, "UTC", 3) == 0) ||
        (size == 7 && memcmp(name, "Etc/UTC", 7) == 0)) {
        *east = 0;
        return GEN_OK;
    }
    if (!gen_zone_name_good(name, size)) {
        return gen_error_set(err, GEN_EINVAL,
                             "this is not a time zone; write it like Europe/Berlin or +01:00");
    }
    if (zones == NULL || zones->read == NULL || zones->kept == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND, "only UTC and offsets like +01:00 are known here");
    }
    hash = gen_text_hash(name, size);
    zone = zones_find(zones->kept, name, size, hash);
    if (zone == NULL) {
        return zones_read(zones, name, size, hash, seconds, east, work, err);
    }
    *east = gen_zone_offset(zone, seconds);
    return GEN_OK;
}
