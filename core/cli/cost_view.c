/* cost_view.c - see cost_view.h. */
#include "cli/cost_view.h"

#include "cli/columns.h"
#include "cli/job_view.h"
#include "cli/meter.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { VIEW_BAR = 20, VIEW_TRACK = 24 };

const char *gen_cost_view_money(struct gen_session *session, const struct gen_node *node)
{
    return gen_job_view_money(session->arena, node);
}

const char *gen_cost_view_about(struct gen_session *session, const struct gen_node *node)
{
    return gen_node_type_of(node) > GEN_NODE_NULL
               ? gen_arena_printf(session->arena, "$%.2f", gen_node_number(node, 0))
               : "-";
}

static bool view_known(const struct gen_node *node)
{
    return gen_node_type_of(node) > GEN_NODE_NULL;
}

static double view_number(const struct gen_node *map, const char *key)
{
    return gen_node_number(gen_node_get(map, key), 0);
}

static const char *view_money(struct gen_session *session, const struct gen_node *map,
                              const char *key)
{
    return gen_cost_view_money(session, gen_node_get(map, key));
}

const char *gen_cost_view_percent(struct gen_session *session, const struct gen_node *share,
                                  bool sign)
{
    double percent = gen_node_number(share, 0) * 100;

    if (!view_known(share)) {
        return "-";
    }
    percent = fabs(percent) < 0.05 ? 0 : percent; /* no "-0.0" */
    return gen_arena_printf(session->arena, sign ? "%+.1f %%" : "%.3g %%", percent);
}

const char *gen_cost_view_when(struct gen_session *session, const struct gen_node *moment)
{
    const char *text = gen_node_text(moment, NULL);
    gen_moment when = 0;
    char out[GEN_MOMENT_TEXT_SIZE];

    if (text == NULL || gen_moment_parse(text, strlen(text), &when, NULL) != GEN_OK) {
        return "never";
    }
    (void)gen_moment_text(when, out);
    out[10] = ' ';
    out[strcmp(out + 11, "00:00:00Z") == 0 || strncmp(out + 11, "00:00:00.000", 12) == 0 ? 10
                                                                                         : 16] =
        '\0';
    return gen_arena_strdup(session->arena, out);
}

/* ------------------------------------------------------------------------------------- limits -- */

void gen_cost_view_limit(struct gen_session *session, const struct gen_node *limit,
                         struct gen_bytes *out)
{
    const struct gen_node *forecast = gen_node_get(limit, "forecast");
    const struct gen_node *room = gen_node_get(limit, "room");
    const char *name = gen_session_clean(session, gen_node_text(gen_node_get(limit, "name"), ""));
    bool anew = view_known(gen_node_get(limit, "resetsAt"));
    double used = view_number(limit, "used"), most = gen_node_number(room, 0);
    bool held = view_number(limit, "held") > 0, doubt = view_number(limit, "unverified") > 0;

    (void)gen_bytes_printf(
        out, "budget      %s  %s of %s used%s%s%s%s, %s left%s%s",
        gen_meter_draw(most > 0 ? used / most : 0, VIEW_TRACK, true, gen_meter_unicode(),
                       session->arena),
        view_money(session, limit, "used"), gen_cost_view_money(session, room),
        held ? ", of it held " : "", held ? view_money(session, limit, "held") : "",
        doubt ? ", unverified " : "", doubt ? view_money(session, limit, "unverified") : "",
        view_money(session, limit, "left"), name[0] != '\0' || anew ? " (" : "", name);
    if (anew) {
        (void)gen_bytes_printf(out, "%sanew %s", name[0] != '\0' ? "; " : "",
                               gen_cost_view_when(session, gen_node_get(limit, "resetsAt")));
    }
    (void)gen_bytes_text(out, name[0] != '\0' || anew ? ")\n" : "\n");
    if (gen_node_truth(gen_node_get(forecast, "known"), false)) {
        (void)gen_bytes_printf(out, "forecast    about %s by then, %s to %s",
                               gen_cost_view_about(session, gen_node_get(forecast, "expected")),
                               gen_cost_view_about(session, gen_node_get(forecast, "low")),
                               gen_cost_view_about(session, gen_node_get(forecast, "high")));
        if (view_known(gen_node_get(forecast, "exceededAt"))) {
            (void)gen_bytes_printf(
                out, "; used up around %s",
                gen_cost_view_when(session, gen_node_get(forecast, "exceededAt")));
        }
        (void)gen_bytes_text(out, "\n");
    }
}

/* --------------------------------------------------------------------------------------- page -- */

static const char *view_count(struct gen_session *session, const struct gen_node *map,
                              const char *key)
{
    return gen_arena_printf(session->arena, "%" PRId64,
                            gen_node_integer(gen_node_get(map, key), 0));
}

static const char *view_seconds(struct gen_session *session, const struct gen_node *map)
{
    return gen_arena_printf(session->arena, "%.1f", view_number(map, "seconds"));
}

static void view_row(struct gen_session *session, struct gen_columns *columns,
                     const struct gen_node *row, const char *key, double all, double dearest)
{
    double cost = view_number(row, "cost");
    const char *cells[] = {
        key,
        view_count(session, row, "jobs"),
        view_count(session, row, "clips"),
        view_seconds(session, row),
        view_money(session, row, "cost"),
        all > 0 ? gen_arena_printf(session->arena, "%.0f %%", cost / all * 100) : "",
        dearest > 0 && key != NULL && all >= 0
            ? gen_meter_draw(cost / dearest, VIEW_BAR, false, gen_meter_unicode(), session->arena)
            : "",
    };

    gen_columns_add(columns, cells);
}

static const char *view_head(struct gen_session *session, const char *by)
{
    char *head = gen_arena_strdup(session->arena, by);

    for (char *at = head; at != NULL && *at != '\0'; at++) {
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    }
    return head == NULL ? "" : head;
}

static void view_table(struct gen_session *session, const struct gen_node *page,
                       struct gen_bytes *out)
{
    const char *by = gen_node_text(gen_node_get(page, "groupBy"), "provider");
    const char *heads[] = {
        view_head(session, by), ">JOBS", ">CLIPS", ">SECONDS", ">COST", ">SHARE", "", NULL};
    const struct gen_node *totals = gen_node_get(page, "totals");
    double all = view_number(totals, "cost"), dearest = 0;
    bool overlapping = strcmp(by, "tag") == 0; /* a job may have several */
    struct gen_columns columns;

    for (const struct gen_node *row = gen_node_first(gen_node_get(page, "rows")); row != NULL;
         row = row->next) {
        dearest = fmax(dearest, view_number(row, "cost"));
    }
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *row = gen_node_first(gen_node_get(page, "rows")); row != NULL;
         row = row->next) {
        const char *key = gen_node_text(gen_node_get(row, "key"), NULL);

        view_row(session, &columns, row, key == NULL ? "(none)" : key, overlapping ? 0 : all,
                 dearest);
    }
    if (strcmp(by, "total") != 0) {
        view_row(session, &columns, totals, "total", -1, 0);
    }
    gen_columns_write(&columns, 0, out);
}

/* What does not fit a table, a line each; nothing where there is nothing to say. */
static void view_judgement(struct gen_session *session, const struct gen_node *totals,
                           struct gen_bytes *out)
{
    if (view_number(totals, "held") > 0) {
        (void)gen_bytes_printf(out, "held        %s for jobs that are not over\n",
                               view_money(session, totals, "held"));
    }
    if (view_number(totals, "unverified") > 0) {
        (void)gen_bytes_printf(out,
                               "unverified  %s may have been billed; nobody could find out yet\n",
                               view_money(session, totals, "unverified"));
    }
    if (view_number(totals, "refunded") > 0) {
        (void)gen_bytes_printf(out, "refunded    %s of %s charged\n",
                               view_money(session, totals, "refunded"),
                               view_money(session, totals, "charged"));
    }
    if (gen_node_integer(gen_node_get(totals, "judgedJobs"), 0) > 0) {
        (void)gen_bytes_printf(
            out, "estimates   off by %s in all; %s of %s jobs within 10 %% (aim: 95 %%)\n",
            gen_cost_view_percent(session, gen_node_get(totals, "error"), true),
            gen_cost_view_percent(session, gen_node_get(totals, "withinTenPercent"), false),
            view_count(session, totals, "judgedJobs"));
    }
}

static void view_savings(struct gen_session *session, const struct gen_node *savings,
                         struct gen_bytes *out)
{
    static const struct {
        const char *key, *word;
    } reasons[] = {{"providerArbitrage", "choice of model"},
                   {"batchProcessing", "volume"},
                   {"offPeakUsage", "off-peak"},
                   {"cachedResults", "cache"},
                   {"execution", "retries and bills"},
                   {NULL, NULL}};
    const char *between = ": ";

    if (gen_node_integer(gen_node_get(savings, "outputs"), 0) == 0 ||
        gen_node_number(gen_node_get(savings, "baseline"), 0) == 0) {
        return;
    }
    (void)gen_bytes_printf(out, "saved       %s against %s", view_money(session, savings, "total"),
                           view_money(session, savings, "baseline"));
    for (size_t i = 0; reasons[i].key != NULL; i++) {
        double amount = view_number(savings, reasons[i].key);

        if (amount > 0 || amount < 0) {
            (void)gen_bytes_printf(out, "%s%s %s", between, reasons[i].word,
                                   view_money(session, savings, reasons[i].key));
            between = ", ";
        }
    }
    (void)gen_bytes_text(out, "\n");
}

/* How far it is to the next volume rate: "runway: 3120 of 5000 s this month, then $0.10/s (gen4.5)". */
static void view_volumes(struct gen_session *session, const struct gen_node *volumes,
                         struct gen_bytes *out)
{
    for (const struct gen_node *item = gen_node_first(volumes); item != NULL; item = item->next) {
        for (const struct gen_node *tier = gen_node_first(gen_node_get(item, "nextTiers"));
             tier != NULL; tier = tier->next) {
            double at = view_number(tier, "atSeconds"), have = view_number(tier, "haveSeconds");

            (void)gen_bytes_printf(
                out, "volume      %s  %s: %.0f of %.0f s this month, then %s/s (%s)\n",
                gen_meter_draw(at > 0 ? have / at : 0, VIEW_TRACK, true, gen_meter_unicode(),
                               session->arena),
                gen_session_clean(session, gen_node_text(gen_node_get(item, "provider"), "")), have,
                at, view_money(session, tier, "rate"),
                gen_session_clean(session, gen_node_text(gen_node_get(tier, "model"), "")));
        }
    }
}

static void view_drifts(struct gen_session *session, const struct gen_node *drifts,
                        struct gen_bytes *out)
{
    for (const struct gen_node *item = gen_node_first(drifts); item != NULL; item = item->next) {
        (void)gen_bytes_printf(
            out, "prices      the last %s bills of %s/%s differ from its price book by %s\n",
            view_count(session, item, "bills"),
            gen_session_clean(session, gen_node_text(gen_node_get(item, "provider"), "")),
            gen_session_clean(session, gen_node_text(gen_node_get(item, "model"), "")),
            gen_cost_view_percent(session, gen_node_get(item, "drift"), true));
    }
}

void gen_cost_view_page(struct gen_session *session, const struct gen_node *page,
                        struct gen_bytes *out)
{
    const struct gen_node *period = gen_node_get(page, "period");
    const struct gen_node *budget = gen_node_get(page, "budget");
    const char *name = gen_node_text(gen_node_get(period, "name"), NULL);
    const char *next = gen_node_text(gen_node_get(page, "next"), NULL);

    (void)gen_bytes_printf(
        out, "%s%sfrom %s until %s\n\n", name != NULL ? gen_session_clean(session, name) : "",
        name != NULL ? ", " : "", gen_cost_view_when(session, gen_node_get(period, "from")),
        gen_cost_view_when(session, gen_node_get(period, "to")));
    if (gen_node_count(gen_node_get(page, "rows")) == 0) {
        (void)gen_bytes_text(out, "nothing was charged\n");
    } else {
        view_table(session, page, out);
    }
    (void)gen_bytes_text(out, "\n");
    if (gen_node_type_of(budget) == GEN_NODE_MAP) {
        gen_cost_view_limit(session, budget, out);
    }
    view_judgement(session, gen_node_get(page, "totals"), out);
    view_savings(session, gen_node_get(page, "savings"), out);
    view_volumes(session, gen_node_get(page, "volumes"), out);
    view_drifts(session, gen_node_get(page, "priceDrifts"), out);
    if (next != NULL) {
        gen_session_note(session, "more: %s --after %s", gen_session_again(session, "gen costs"),
                         gen_session_clean(session, next));
    }
}

/* ------------------------------------------------------------------------------------ estimate -- */

static const char *view_scenes(struct gen_session *session, const struct gen_node *shot)
{
    const struct gen_node *scenes = gen_node_get(shot, "scenes");
    size_t count = gen_node_count(scenes);
    const char *first = gen_node_text(gen_node_at(scenes, 0), "");
    const char *last = count > 1 ? gen_node_text(gen_node_at(scenes, count - 1), "") : "";

    if (strcmp(gen_node_text(gen_node_get(shot, "role"), ""), "finish") == 0) {
        return "finish";
    }
    return count > 1 ? gen_arena_printf(session->arena, "%s - %s", first, last) : first;
}

static void view_plan(struct gen_session *session, const struct gen_node *estimate,
                      struct gen_bytes *out)
{
    static const char *const heads[] = {"VARIATION", "SCENES",   "MODEL", ">SECONDS",
                                        ">ESTIMATE", ">AT MOST", NULL};
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *pipeline = gen_node_first(gen_node_get(estimate, "pipelines"));
         pipeline != NULL; pipeline = pipeline->next) {
        const char *variation = gen_node_text(gen_node_get(pipeline, "variation"), "");

        for (const struct gen_node *shot = gen_node_first(gen_node_get(pipeline, "shots"));
             shot != NULL; shot = shot->next) {
            bool exact = gen_node_truth(gen_node_get(shot, "exact"), false);
            const char *cells[] = {
                variation,
                view_scenes(session, shot),
                gen_node_text(gen_node_get(shot, "model"), ""),
                gen_arena_printf(session->arena, "%.1f", view_number(shot, "duration")),
                gen_arena_printf(session->arena, "%s%s", exact ? "" : "~",
                                 view_money(session, shot, "costEstimate")),
                view_money(session, shot, "costMost"),
            };

            gen_columns_add(&columns, cells);
            variation = "";
        }
    }
    gen_columns_write(&columns, 0, out);
    (void)gen_bytes_text(out, "\n");
}

static void view_limits(struct gen_session *session, const struct gen_node *limits,
                        struct gen_bytes *out)
{
    static const char *const heads[] = {"LIMIT", "WHOSE",  ">OF",  ">SPENT", ">HELD",
                                        ">LEFT", ">AFTER", "ANEW", "",       NULL};
    struct gen_columns columns;

    if (gen_node_count(limits) == 0) {
        return;
    }
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(limits); item != NULL; item = item->next) {
        const char *of = gen_node_text(gen_node_get(item, "of"), NULL);
        const char *scope = gen_node_text(gen_node_get(item, "scope"), "");
        bool soft = !view_known(gen_node_get(item, "hard"));
        const char *cells[] = {
            gen_node_text(gen_node_get(item, "name"), ""),
            of == NULL || strcmp(scope, "job") == 0
                ? scope
                : gen_arena_printf(session->arena, "%s %s", scope, of),
            soft ? gen_arena_printf(session->arena, "(%s)", view_money(session, item, "soft"))
                 : view_money(session, item, "hard"),
            view_money(session, item, "spent"),
            view_money(session, item, "held"),
            view_money(session, item, "left"),
            view_money(session, item, "leftAfter"),
            gen_cost_view_when(session, gen_node_get(item, "resetsAt")),
            gen_node_truth(gen_node_get(item, "fits"), true) ? "" : "does not fit",
        };

        gen_columns_add(&columns, cells);
    }
    (void)gen_bytes_text(out, out->size > 0 ? "\n" : "");
    gen_columns_write(&columns, 0, out);
}

static void view_compare(struct gen_session *session, const struct gen_node *baseline,
                         struct gen_bytes *out)
{
    const char *reason = gen_session_clean(session,
                                           gen_node_text(gen_node_get(baseline, "reason"), ""));
    double saved = view_number(baseline, "savings");

    if (!view_known(gen_node_get(baseline, "cost"))) {
        return;
    }
    (void)gen_bytes_printf(out, "%s  %s; it would be %s %s\n",
                           saved < 0 ? "dearer by " : "saves     ",
                           saved < 0 ? view_money(session, baseline, "savings") + 1
                                     : view_money(session, baseline, "savings"),
                           view_money(session, baseline, "cost"), reason);
}

void gen_cost_view_estimate(struct gen_session *session, const struct gen_node *estimate,
                            struct gen_bytes *out)
{
    const struct gen_node *routing = gen_node_get(estimate, "routing");
    const struct gen_node *refusal = gen_node_get(estimate, "refusal");
    bool exact = gen_node_truth(gen_node_get(estimate, "exact"), false);
    bool planned = view_known(gen_node_get(estimate, "costHeld"));

    if (planned) {
        view_plan(session, estimate, out);
        (void)gen_bytes_printf(out, "estimate    %s%s\n",
                               view_money(session, estimate, "costEstimate"),
                               exact ? "" : ", and the bill may differ");
        (void)gen_bytes_printf(out, "held        %s: %s for the first attempts, %s for retries\n",
                               view_money(session, estimate, "costHeld"),
                               view_money(session, estimate, "costMost"),
                               view_money(session, estimate, "reserve"));
        (void)gen_bytes_printf(out, "budget      %s for this job\n",
                               view_money(session, estimate, "budget"));
        (void)gen_bytes_printf(out, "time        about %.0f s\n",
                               view_number(estimate, "expectedSeconds"));
        view_compare(session, gen_node_get(routing, "baseline"), out);
    }
    view_limits(session, gen_node_get(estimate, "limits"), out);
    for (const struct gen_node *item = gen_node_first(gen_node_get(routing, "warnings"));
         item != NULL; item = item->next) {
        (void)gen_bytes_printf(out, "%snote: %s\n",
                               item == gen_node_first(gen_node_get(routing, "warnings")) ? "\n"
                                                                                         : "",
                               gen_session_clean(session, gen_node_text(item, "")));
    }
    if (gen_node_type_of(refusal) == GEN_NODE_MAP) {
        (void)gen_bytes_printf(
            out, "\nit would be refused: %s\n",
            gen_session_clean(session, gen_node_text(gen_node_get(refusal, "detail"), "")));
    }
}

/* ----------------------------------------------------------------------------------- of one job -- */

static void view_entries(struct gen_session *session, const struct gen_node *pipelines,
                         struct gen_bytes *out)
{
    static const char *const heads[] = {"WHEN",  "VARIATION", "MODEL", "TRY",
                                        "ENTRY", ">AMOUNT",   "BASIS", NULL};
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *pipeline = gen_node_first(pipelines); pipeline != NULL;
         pipeline = pipeline->next) {
        const char *variation = gen_node_text(gen_node_get(pipeline, "variation"), "");

        for (const struct gen_node *entry = gen_node_first(gen_node_get(pipeline, "entries"));
             entry != NULL; entry = entry->next) {
            const char *cells[] = {
                gen_cost_view_when(session, gen_node_get(entry, "at")),
                variation,
                gen_arena_printf(session->arena, "%s/%s",
                                 gen_node_text(gen_node_get(entry, "provider"), ""),
                                 gen_node_text(gen_node_get(entry, "model"), "")),
                view_count(session, entry, "attempt"),
                gen_node_text(gen_node_get(entry, "kind"), ""),
                view_money(session, entry, "amount"),
                gen_node_text(gen_node_get(entry, "basis"), ""),
            };

            gen_columns_add(&columns, cells);
        }
    }
    gen_columns_write(&columns, 0, out);
}

void gen_cost_view_job(struct gen_session *session, const struct gen_node *job,
                       struct gen_bytes *out)
{
    const struct gen_node *baseline = gen_node_get(job, "baseline");

    view_entries(session, gen_node_get(job, "pipelines"), out);
    (void)gen_bytes_printf(out, "\ncost        %s, estimated %s", view_money(session, job, "cost"),
                           view_money(session, job, "estimate"));
    if (view_known(gen_node_get(job, "error"))) {
        (void)gen_bytes_printf(out, " (%s)",
                               gen_cost_view_percent(session, gen_node_get(job, "error"), true));
    }
    (void)gen_bytes_text(out, "\n");
    if (view_number(job, "held") > 0 || view_number(job, "unverified") > 0) {
        (void)gen_bytes_printf(out, "held        %s, unverified %s\n",
                               view_money(session, job, "held"),
                               view_money(session, job, "unverified"));
    }
    if (view_known(baseline)) {
        (void)gen_bytes_printf(out,
                               "otherwise   %s on the model that savings are measured against\n",
                               gen_cost_view_money(session, baseline));
    }
}
