/* vendor.c - see vendor.h. The service first, then the plugin. */
#include "simulation/vendor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void vendor_init(struct vendor *vendor, struct world *world)
{
    memset(vendor, 0, sizeof(*vendor));
    vendor->world = world;
    vendor->trouble = (double)world_between(world, 0, 30) / 100.0;
    vendor->hangs = world_chance(world, 0.3) ? 0.1 : 0.0;
    vendor->confuses = world_chance(world, 0.2) ? 0.1 : 0.0;
}

void vendor_fini(struct vendor *vendor)
{
    free(vendor->sales);
}

void vendor_model_draw(struct vendor *vendor, struct vendor_model *model)
{
    struct world *world = vendor->world;

    memset(model, 0, sizeof(*model));
    model->free = world_chance(world, 0.15);
    if (model->free) {
        return;
    }
    model->traits |= world_chance(world, 0.3) ? GEN_TRAIT_SUBMIT_IDEMPOTENT : 0u;
    model->traits |= world_chance(world, 0.5) ? GEN_TRAIT_CAN_RECOVER : 0u;
    model->traits |= world_chance(world, 0.5) ? GEN_TRAIT_CAN_CANCEL : 0u;
    model->uploads = world_chance(world, 0.3);
    model->reports_cost = world_chance(world, 0.5);
    model->price = world_between(world, 1, 2000) * 1000;
    model->most = model->reports_cost ? model->price + world_between(world, 0, 500) * 1000
                                      : model->price;
}

/* ------------------------------------------------------------------------------- the books -- */

static int64_t vendor_find(const struct vendor *vendor, const char *reference)
{
    for (size_t i = vendor->count; i > 0; i--) {
        if (strcmp(vendor->sales[i - 1].reference, reference) == 0) {
            return (int64_t)i - 1;
        }
    }
    return -1;
}

const struct sale *vendor_sale(const struct vendor *vendor, const char *reference)
{
    int64_t found = vendor_find(vendor, reference);

    return found < 0 ? NULL : &vendor->sales[found];
}

static void vendor_fate(struct vendor *vendor, const struct vendor_model *model, struct sale *sale)
{
    struct world *world = vendor->world;
    int64_t hours = world_chance(world, vendor->hangs) ? world_between(world, 5, 12) : 0;

    sale->price = model->reports_cost ? world_between(world, model->price / 2, model->most)
                                      : model->price;
    sale->says_cost = model->reports_cost;
    sale->says_billing = world_chance(world, 0.7);
    sale->visible_at = world->now + (world_chance(world, 0.2)    ? world_between(world, 1, 1500)
                                     : world_chance(world, 0.12) ? world_between(world, 1500, 170000)
                                                                 : 0);
    sale->done_at = world->now + world_between(world, 1000, 300000) + hours * 3600000;
    sale->outcome = world_chance(world, vendor->trouble) ? SALE_FAILS
                    : world_chance(world, 0.04)          ? SALE_MODERATED
                                                         : SALE_SUCCEEDS;
    sale->billed = sale->outcome == SALE_SUCCEEDS || world_chance(world, 0.3) ? sale->price : 0;
    sale->file_at = sale->done_at;
    if (world_chance(world, 0.05)) { /* rendered, and not handed over for hours, or ever */
        sale->file_at += world_chance(world, 0.3) ? INT64_MAX / 2 : world_between(world, 1, 9000000);
    }
    sale->gone = world_chance(world, 0.02);
    sale->stuck = world_chance(world, 0.01);
}

/* Sells: a model that honours references gives the same job again, another sells twice. */
static int64_t vendor_sell(struct vendor *vendor, const char *reference,
                           const struct vendor_model *model)
{
    int64_t found = vendor_find(vendor, reference);
    struct sale *sale;

    if (found >= 0) {
        vendor->sales[found].purchases += (model->traits & GEN_TRAIT_SUBMIT_IDEMPOTENT) == 0;
        return found;
    }
    if (vendor->count == vendor->capacity) {
        vendor->capacity = vendor->capacity * 2 + 32;
        vendor->sales = realloc(vendor->sales, vendor->capacity * sizeof(*vendor->sales));
        GEN_CHECK(vendor->sales != NULL);
    }
    sale = &vendor->sales[vendor->count];
    memset(sale, 0, sizeof(*sale));
    snprintf(sale->reference, sizeof(sale->reference), "%s", reference);
    sale->purchases = 1;
    vendor_fate(vendor, model, sale);
    return (int64_t)vendor->count++;
}

/* -------------------------------------------------------------------------------- requests -- */

/* The job whose handle is told: now and then one that belongs to somebody else already. */
static int64_t vendor_told(struct vendor *vendor, int64_t sale)
{
    int64_t other = sale > 0 && world_chance(vendor->world, vendor->confuses)
                        ? world_between(vendor->world, 0, sale - 1)
                        : sale;

    return vendor->sales[other].asked ? other : sale;
}

static enum vendor_word vendor_create(struct vendor *vendor, const char *reference,
                                      const struct vendor_model *model, int64_t *sale)
{
    struct world *world = vendor->world;
    static const enum vendor_word mishaps[] = {VENDOR_NO, VENDOR_SLOWER, VENDOR_TROUBLE,
                                               VENDOR_TROUBLE};

    if (world_chance(world, vendor->trouble)) {
        return mishaps[world_between(world, 0, 3)];
    }
    if (world_chance(world, vendor->trouble / 4)) { /* fails half-way, before or after the sale */
        *sale = world_chance(world, 0.5) ? vendor_sell(vendor, reference, model) : -1;
        return world_chance(world, 0.5) ? VENDOR_UNSURE : VENDOR_GARBAGE;
    }
    *sale = vendor_sell(vendor, reference, model);
    *sale = vendor_told(vendor, *sale);
    return VENDOR_OK;
}

static void vendor_status(struct vendor *vendor, struct vendor_answer *answer)
{
    const struct sale *sale = &vendor->sales[answer->sale];

    if (vendor->world->now < sale->done_at && !sale->cancelled) {
        answer->word = VENDOR_RUNNING;
        return;
    }
    answer->word = sale->cancelled                       ? VENDOR_FAILED
                   : sale->outcome == SALE_SUCCEEDS      ? VENDOR_OK
                   : sale->outcome == SALE_MODERATED     ? VENDOR_REFUSED_CONTENT
                                                         : VENDOR_FAILED;
    answer->billed_said = sale->says_billing;
    answer->billed = sale->billed > 0;
    answer->cost = sale->says_cost ? sale->billed : -1;
}

static void vendor_stop(struct vendor *vendor, struct vendor_answer *answer)
{
    struct sale *sale = &vendor->sales[answer->sale];

    if (vendor->world->now >= sale->done_at && !sale->cancelled) {
        answer->word = VENDOR_NO; /* too late */
        return;
    }
    if (!sale->cancelled) {
        sale->cancelled = true;
        sale->billed = world_chance(vendor->world, 0.5) ? sale->price / 2 : 0;
        sale->says_billing = sale->says_billing && (sale->says_cost || sale->billed == 0);
    }
    answer->word = VENDOR_OK;
    answer->cost = sale->says_cost ? sale->billed : -1;
}

static bool vendor_hiccup(struct vendor *vendor, struct vendor_answer *answer)
{
    static const enum vendor_word words[] = {VENDOR_TROUBLE, VENDOR_SLOWER, VENDOR_GARBAGE};

    if (!world_chance(vendor->world, vendor->trouble / 2)) {
        return false;
    }
    answer->word = words[world_between(vendor->world, 0, 2)];
    return true;
}

void vendor_serve(struct vendor *vendor, enum vendor_ask ask, const char *reference,
                  const char *handle, const struct vendor_model *model,
                  struct vendor_answer *answer)
{
    int64_t found;

    *answer = (struct vendor_answer){.to = ask, .word = VENDOR_OK, .sale = -1, .cost = -1};
    if (ask == VENDOR_RUN) {
        answer->word = world_chance(vendor->world, vendor->trouble) ? VENDOR_TROUBLE : VENDOR_OK;
        return;
    }
    if (ask == VENDOR_CREATE) {
        answer->word = vendor_create(vendor, reference, model, &answer->sale);
        return;
    }
    if (vendor_hiccup(vendor, answer) || ask == VENDOR_UPLOAD) {
        return;
    }
    if (ask == VENDOR_FIND) {
        found = vendor_find(vendor, reference);
        if (found < 0 || vendor->sales[found].visible_at > vendor->world->now) {
            answer->word = VENDOR_NONE;
        } else {
            answer->sale = vendor_told(vendor, found);
        }
        return;
    }
    GEN_CHECK(sscanf(handle, "job-%lld", (long long *)&answer->sale) == 1);
    GEN_CHECK(answer->sale >= 0 && answer->sale < (int64_t)vendor->count);
    vendor->sales[answer->sale].asked = true;
    if (ask == VENDOR_STATUS) {
        vendor_status(vendor, answer);
    } else if (ask == VENDOR_CANCEL) {
        vendor_stop(vendor, answer);
    } else if (vendor->sales[answer->sale].file_at > vendor->world->now) {
        answer->word = VENDOR_RUNNING;
    } else if (vendor->sales[answer->sale].gone || vendor->sales[answer->sale].stuck) {
        answer->word = vendor->sales[answer->sale].gone ? VENDOR_NONE : VENDOR_TROUBLE;
    }
}
