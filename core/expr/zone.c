/* zone.c - see zone.h. The parts of a TZif file are checked once, against its real size, when it is
 * read; what is kept of it is a sorted table and the rule for the time after it. */
#include "expr/zone.h"

#include "base/alloc.h"
#include "expr/zone_rule.h"

#include <string.h>

enum {
    HEAD_SIZE = 44,
    COUNTS_AT = 20, /* six 32-bit numbers */
    TYPE_SIZE = 6,
    TYPES_MOST = 256,
};

#define ZONE_FARTHEST INT64_C(1000000000000) /* seconds from 1970; later is as then */

struct gen_zone {
    const int64_t *times;   /* ascending: from then on ... */
    const int32_t *offsets; /* ... this holds, in seconds east; both are in this block */
    size_t count;
    int32_t first; /* before all of them */
    bool ruled;    /* after the last, `rule` says; else the last holds */
    struct gen_zone_rule rule;
};

/* One of the two blocks of a file: where its parts are and how many of each. */
struct zone_block {
    uint64_t utc_flags, standard_flags, leaps, times, types, names;
    const uint8_t *times_at, *indexes_at, *types_at, *names_at;
};

struct zone_source {
    const uint8_t *data;
    size_t size, at;
    bool rest_64; /* the second block, with 64-bit times, follows */
};

static uint32_t number_32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t time_at(const uint8_t *at, size_t width)
{
    if (width == 4) {
        return (int32_t)number_32(at);
    }
    return (int64_t)((uint64_t)number_32(at) << 32 | number_32(at + 4));
}

/* The header and the extent of the block that follows it; the source then stands after that. */
static const char *zone_take_block(struct zone_source *in, size_t width, struct zone_block *out)
{
    const uint8_t *head = in->data + in->at;
    uint64_t body;

    if (in->size - in->at < HEAD_SIZE) {
        return "it is cut short";
    }
    if (memcmp(head, "TZif", 4) != 0) {
        return "it does not begin with TZif";
    }
    in->rest_64 = head[4] >= '2';
    out->utc_flags = number_32(head + COUNTS_AT);
    out->standard_flags = number_32(head + COUNTS_AT + 4);
    out->leaps = number_32(head + COUNTS_AT + 8);
    out->times = number_32(head + COUNTS_AT + 12);
    out->types = number_32(head + COUNTS_AT + 16);
    out->names = number_32(head + COUNTS_AT + 20);
    /* 32-bit counts of small parts: the sum fits 64 bits. */
    body = out->times * (width + 1) + out->types * TYPE_SIZE + out->names +
           out->leaps * (width + 4) + out->standard_flags + out->utc_flags;
    in->at += HEAD_SIZE;
    if (body > in->size - in->at) {
        return "it is cut short";
    }
    out->times_at = in->data + in->at;
    out->indexes_at = out->times_at + out->times * width;
    out->types_at = out->indexes_at + out->times;
    out->names_at = out->types_at + out->types * TYPE_SIZE;
    in->at += (size_t)body;
    return NULL;
}

static int32_t type_offset(const struct zone_block *block, size_t type)
{
    return (int32_t)number_32(block->types_at + type * TYPE_SIZE);
}

/* NULL, or what is wrong in the block that is used. */
static const char *zone_check_block(const struct zone_block *block, size_t width)
{
    if (block->types == 0 || block->types > TYPES_MOST || block->names == 0 ||
        block->names_at[block->names - 1] != '\0' ||
        (block->utc_flags != 0 && block->utc_flags != block->types) ||
        (block->standard_flags != 0 && block->standard_flags != block->types)) {
        return "its counts do not fit each other";
    }
    for (size_t i = 0; i < block->types; i++) {
        const uint8_t *type = block->types_at + i * TYPE_SIZE;
        int32_t offset = type_offset(block, i);

        if (offset <= -GEN_ZONE_WIDEST || offset >= GEN_ZONE_WIDEST) {
            return "an offset is wider than 26 hours";
        }
        if (type[4] > 1 || type[5] >= block->names) {
            return "one of its kinds of time is broken";
        }
    }
    for (size_t i = 0; i < block->times; i++) {
        if (block->indexes_at[i] >= block->types) {
            return "a change leads to a kind of time that is not there";
        }
        if (i > 0 && time_at(block->times_at + i * width, width) <=
                         time_at(block->times_at + (i - 1) * width, width)) {
            return "its changes are not in order";
        }
    }
    return NULL;
}

/* "\nRULE\n" at the end; an empty rule is none. What follows it is ignored. */
static const char *zone_take_rule(struct zone_source *in, struct gen_zone *zone)
{
    const char *text = (const char *)in->data + in->at;
    size_t size = in->size - in->at;
    const char *end = size > 1 ? memchr(text + 1, '\n', size - 1) : NULL;

    if (end == NULL || text[0] != '\n') {
        return "the rule at its end is cut short";
    }
    zone->ruled = end > text + 1;
    if (zone->ruled && !gen_zone_rule_parse(text + 1, (size_t)(end - text - 1), &zone->rule)) {
        return "the rule at its end cannot be read";
    }
    return NULL;
}

static struct gen_zone *zone_build(const struct zone_block *block, size_t width)
{
    size_t count = (size_t)block->times;
    struct gen_zone *zone =
        gen_alloc(sizeof(*zone) + count * (sizeof(*zone->times) + sizeof(*zone->offsets)));
    int64_t *times;
    int32_t *offsets;

    if (zone == NULL) {
        return NULL;
    }
    times = (int64_t *)(zone + 1);
    offsets = (int32_t *)(times + count);
    for (size_t i = 0; i < count; i++) {
        times[i] = time_at(block->times_at + i * width, width);
        offsets[i] = type_offset(block, block->indexes_at[i]);
    }
    zone->times = times;
    zone->offsets = offsets;
    zone->count = count;
    zone->first = type_offset(block, 0);
    return zone;
}

enum gen_status gen_zone_parse(const char *bytes, size_t size, struct gen_zone **out,
                               struct gen_error *err)
{
    struct zone_source in = {(const uint8_t *)bytes, size, 0, false};
    struct gen_zone *zone = NULL;
    struct zone_block block;
    const char *wrong;
    size_t width = 4;

    if (size > GEN_ZONE_LARGEST) {
        return gen_error_set(err, GEN_ETOOLARGE, "the zone file is larger than %d bytes",
                             GEN_ZONE_LARGEST);
    }
    wrong = zone_take_block(&in, width, &block);
    if (wrong == NULL && in.rest_64) { /* the first block is for old readers only */
        width = 8;
        wrong = zone_take_block(&in, width, &block);
    }
    if (wrong == NULL) {
        wrong = zone_check_block(&block, width);
    }
    if (wrong == NULL && block.leaps != 0) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "the zone counts leap seconds; take the one without right/");
    }
    if (wrong == NULL) {
        zone = zone_build(&block, width);
        if (zone == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "no memory for a time zone");
        }
        wrong = width == 8 ? zone_take_rule(&in, zone) : NULL;
    }
    if (wrong != NULL) {
        gen_zone_destroy(zone);
        return gen_error_set(err, GEN_ECORRUPT, "the zone file is broken: %s", wrong);
    }
    *out = zone;
    return GEN_OK;
}

void gen_zone_destroy(struct gen_zone *zone)
{
    gen_free(zone);
}

int32_t gen_zone_offset(const struct gen_zone *zone, int64_t seconds)
{
    size_t low = 0;
    size_t high = zone->count; /* how many changes are up to `seconds` lies in low..high */

    if (zone->count == 0 || seconds >= zone->times[zone->count - 1]) {
        if (zone->ruled) {
            seconds = seconds < -ZONE_FARTHEST ? -ZONE_FARTHEST : seconds;
            seconds = seconds > ZONE_FARTHEST ? ZONE_FARTHEST : seconds;
            return gen_zone_rule_offset(&zone->rule, seconds);
        }
        return zone->count == 0 ? zone->first : zone->offsets[zone->count - 1];
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (zone->times[middle] <= seconds) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? zone->first : zone->offsets[low - 1];
}
