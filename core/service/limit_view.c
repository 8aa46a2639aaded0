/* limit_view.c - see limit_view.h. */
#include "service/limit_view.h"

#include "decide/forecast.h"
#include "decide/hold.h"
#include "engine/engine.h"
#include "store/reading.h"

enum { VIEW_HOLDERS = 20 };

static enum gen_status view_holders(struct gen_call *call, const struct gen_limit *limit,
                                    struct gen_node *map, struct gen_error *err)
{
    struct gen_node *list = gen_node_list(call->arena);
    struct gen_holder holders[VIEW_HOLDERS];
    size_t count = 0;
    enum gen_status status = gen_read_holders(call->service->store, limit, holders, VIEW_HOLDERS,
                                              &count, err);

    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_node *item = gen_node_push(list, gen_node_map(call->arena));

        gen_node_set(call->arena, item, "jobId", gen_node_string(call->arena, holders[i].job.text));
        gen_node_set(call->arena, item, "held", gen_node_money(call->arena, holders[i].held));
    }
    gen_node_set(call->arena, map, "heldBy", list);
    return status;
}

static enum gen_status view_forecast(struct gen_call *call, const struct gen_limit *limit,
                                     gen_micros room, gen_moment now, struct gen_node *map,
                                     struct gen_error *err)
{
    struct gen_arena *arena = call->arena;
    struct gen_day_use *days = gen_arena_array(arena, GEN_USE_MOST_DAYS, sizeof *days);
    struct gen_forecast_day *past = gen_arena_array(arena, GEN_USE_MOST_DAYS, sizeof *past);
    gen_micros most = gen_limit_capped(limit) ? room : limit->soft;
    struct gen_forecast forecast;
    struct gen_node *item;
    size_t count = 0;
    enum gen_status status;

    if (limit->ends == GEN_MOMENT_NEVER || now < limit->begins) {
        gen_node_set(arena, map, "forecast", gen_node_null(arena));
        return GEN_OK;
    }
    if (days == NULL || past == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_read_days(call->service->store, limit, now + 1, days, GEN_USE_MOST_DAYS, &count,
                           err);
    if (status != GEN_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        past[i] = (struct gen_forecast_day){days[i].day, days[i].used};
    }
    forecast = gen_forecast_make(past, count, limit->begins, limit->ends,
                                 now < limit->ends ? now : limit->ends, most);
    item = gen_node_map(arena);
    gen_node_set(arena, item, "known", gen_node_bool(arena, forecast.known));
    gen_node_set(arena, item, "low", gen_node_money(arena, forecast.low));
    gen_node_set(arena, item, "expected", gen_node_money(arena, forecast.end));
    gen_node_set(arena, item, "high", gen_node_money(arena, forecast.high));
    gen_node_set(arena, item, "exceededAt", gen_node_moment(arena, forecast.exceeded_at));
    gen_node_set(arena, map, "forecast", item);
    return GEN_OK;
}

static enum gen_status view_fired(struct gen_call *call, const struct gen_limit *limit,
                                  struct gen_node *map, struct gen_error *err)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *list = gen_node_list(arena);
    struct gen_fired fired[GEN_FIRED_MOST];
    size_t count = 0;
    enum gen_status status = gen_read_fired(call->service->store, limit, arena, fired, &count, err);

    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_node *item = gen_node_push(list, gen_node_map(arena));

        gen_node_set(arena, item, "level", gen_node_string(arena, fired[i].kind));
        gen_node_set(arena, item, "share",
                     fired[i].level_ppm > 0 ? gen_node_real(arena, (double)fired[i].level_ppm / 1e6)
                                            : gen_node_null(arena));
        gen_node_set(arena, item, "at", gen_node_moment(arena, fired[i].at));
    }
    gen_node_set(arena, map, "alertsFired", list);
    return status;
}

enum gen_status gen_limit_view_add(struct gen_call *call, const struct gen_limit *limit,
                                   gen_moment now, struct gen_node *map, struct gen_error *err)
{
    struct gen_arena *arena = call->arena;
    struct gen_balance used = {0};
    gen_micros room = 0;
    bool hard = gen_limit_capped(limit);
    enum gen_status status = gen_read_use(call->service->store, limit, &used, &room, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_node_set(arena, map, "spent", gen_node_money(arena, used.spent));
    gen_node_set(arena, map, "held", gen_node_money(arena, used.held));
    gen_node_set(arena, map, "unverified", gen_node_money(arena, used.unverified));
    gen_node_set(arena, map, "used", gen_node_money(arena, gen_balance_used(&used)));
    gen_node_set(arena, map, "room", hard ? gen_node_money(arena, room) : gen_node_null(arena));
    gen_node_set(arena, map, "left",
                 hard ? gen_node_money(arena, gen_balance_available(&used, room))
                      : gen_node_null(arena));
    gen_node_set(arena, map, "begins", gen_node_moment(arena, limit->begins));
    gen_node_set(arena, map, "resetsAt",
                 gen_node_moment(arena, limit->ends == GEN_MOMENT_NEVER ? 0 : limit->ends));
    status = view_holders(call, limit, map, err);
    if (status == GEN_OK) {
        status = view_forecast(call, limit, room, now, map, err);
    }
    if (status == GEN_OK) {
        status = view_fired(call, limit, map, err);
    }
    return status;
}

enum gen_status gen_limit_view_find(struct gen_call *call, enum gen_scope scope, const char *of,
                                    gen_moment at, struct gen_limit **out, size_t *count,
                                    struct gen_error *err)
{
    struct gen_hold_of asked = {.organization = call->principal.organization,
                                .team = scope == GEN_SCOPE_TEAM ? of : NULL,
                                .project = scope == GEN_SCOPE_PROJECT ? of : NULL,
                                .user = scope == GEN_SCOPE_USER ? of : NULL,
                                .provider = scope == GEN_SCOPE_PROVIDER ? of : NULL,
                                .job = scope == GEN_SCOPE_JOB ? of : NULL,
                                .at = at};
    struct gen_limit *limits = NULL;
    size_t total = 0;
    enum gen_status status = gen_engine_limits(call->service->engine, &asked, call->arena, &limits,
                                               &total, err);

    *count = 0;
    *out = limits;
    for (size_t i = 0; i < total && status == GEN_OK; i++) {
        if (limits[i].scope == scope && (gen_limit_capped(&limits[i]) || limits[i].soft > 0)) {
            limits[(*count)++] = limits[i];
        }
    }
    return status;
}
