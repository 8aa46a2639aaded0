/* A policy set loads whole or not at all, and says everything that is wrong, at its place. */
#include "sample.h"

#include "base/alloc.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

Test(policy_set, sample_is_right)
{
    struct sample s;
    const struct gen_routing_strategy *cheapest;

    sample_compile(&s, NULL, NULL, NULL);
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    cr_expect(eq(str, (char *)sample_text(&s), ""));
    cr_expect(eq(sz, s.set->file_count, SAMPLE_FILES));
    cr_expect(eq(sz, strlen(s.set->version), 64));
    cr_expect(eq(sz, s.set->score_count, 3));
    cr_expect(eq(str, (char *)s.set->score_variables[GEN_FACT_SCORES + 1].name, "score.mixed"));
    cr_expect(eq(str, (char *)gen_policy_provider(s.set, "heygen")->id, "heygen"));
    cr_expect(ne(ptr, (void *)gen_policy_delivery(s.set, "tiktok"), NULL));
    cr_expect(ne(ptr, (void *)gen_policy_brand(s.set, "acme"), NULL));
    cr_expect(eq(ptr, (void *)gen_policy_provider(s.set, "veo"), NULL));

    /* extends: what is not said comes from the other one; presets do not hide it */
    cheapest = gen_routing_strategy_of(s.set->routing, "cheapest");
    cr_expect(eq(i64, cheapest->parallel, 2));
    cr_expect(eq(str, (char *)cheapest->score, "thrift"));
    cr_expect(eq(sz, cheapest->score_index, 0));
    cr_expect(eq(sz, cheapest->tie_breaks.count, 3));
    cr_expect(eq(str, (char *)s.set->routing->strategy, "balanced"));
    sample_end(&s);
}

Test(policy_set, everything_has_its_default)
{
    struct sample s;
    const struct gen_retry_kind *kind;

    sample_compile(&s, NULL, NULL, NULL);
    kind = s.set->retry->by_failure[GEN_FAILURE_TRANSIENT];
    cr_expect(eq(i64, kind->retries, 3));
    cr_expect(eq(i64, kind->switch_after, 2));
    cr_expect(eq(int, kind->jitter, GEN_JITTER_FULL));
    cr_expect(eq(i64, s.set->retry->by_failure[GEN_FAILURE_MODERATED]->retries, 0));
    cr_expect(eq(i64, s.set->retry->by_failure[GEN_FAILURE_AMBIGUOUS]->retries, 0));
    cr_expect(eq(i64, s.set->retry->ambiguous.window_ms, 300000));
    cr_expect(eq(i64, s.set->retry->ambiguous.looks, 4));
    cr_expect(eq(int, s.set->retry->ambiguous.action, GEN_DOUBT_WAIT));
    cr_expect(eq(i64, s.set->schedule->parallel.organization, 50));
    cr_expect(eq(int, s.set->budget->unknown_price.action, GEN_UNPRICED_REFUSE));
    cr_expect(eq(i64, s.set->budget->job_default, 10000000));
    cr_expect(eq(dbl, s.set->quality->thresholds.accept, 8.0));
    cr_expect(eq(i64, gen_access_plan_of(s.set->access, "org_1")->most_tier, 1));
    cr_expect(eq(i64, gen_access_plan_of(s.set->access, "org_2")->most_tier, 3));
    sample_end(&s);
}

/* One mistake each: the message names file, line, column and key path. */
struct wrong {
    const char *file, *find, *put; /* find NULL: the whole file; put NULL: it is missing */
    const char *says;              /* a whole line of the problems, or its beginning */
};

static const struct wrong wrongs[] = {
    /* a wrong type */
    {"routing.yaml", "weight: 3", "weight: heavy",
     "p/routing.yaml:6:52: complexity.signals.presenter.weight: must be a number, not text"},
    {"budget.yaml", "hard: 500", "hard: lots", "p/budget.yaml:2:36: limits.all.hard: "},
    /* an unknown key, with a suggestion */
    {"routing.yaml", "weight: 2\n", "wieght: 2\n",
     "p/routing.yaml:20:5: rules.presenters.wieght: unknown key \"wieght\" in rule; did you mean "
     "\"weight\"?"},
    /* an unknown word in a closed set: a failure kind, a priority, a score of quality */
    {"retry.yaml", "moderated", "modrated",
     "p/retry.yaml:3:3: kinds.modrated: must be default, "},
    {"schedule.yaml", "normal", "normale", "p/schedule.yaml:1:23: priorities.normale: must be low, "},
    {"quality.yaml", "motion", "emotion", "p/quality.yaml:1:29: weights.emotion: "},
    /* a name that nobody has */
    {"routing.yaml", "score: mixed", "score: mxied",
     "p/routing.yaml:12:21: strategies.balanced.score: there is no score \"mxied\"; did you mean "
     "\"mixed\"?"},
    {"routing.yaml", "[heygen]", "[heygan]",
     "p/routing.yaml:19:14: rules.presenters.prefer.models[0]: there is no provider \"heygan\"; did "
     "you mean \"heygen\"?"},
    {"routing.yaml", "[heygen]", "[heygen/avatr]",
     "p/routing.yaml:19:14: rules.presenters.prefer.models[0]: heygen has no model \"avatr\"; did "
     "you mean \"avatar\"?"},
    {"access.yaml", "strategies: [cheapest]", "strategies: [fastest]",
     "p/access.yaml:4:51: plans.small.strategies[0]: there is no strategy \"fastest\""},
    {"access.yaml", "org_1: small", "org_1: smal",
     "p/access.yaml:5:18: members.org_1.plan: there is no plan \"smal\"; did you mean \"small\"?"},
    {"retry.yaml", "moderated: 0\n", "moderated: 0\nambiguous: {providers: {klng: wait}}\n",
     "p/retry.yaml:4:31: ambiguous.providers.klng: there is no provider \"klng\""},
    {"brands/acme.yaml", "name: Acme", "name: Acme\ndeliver: [tiktoc]",
     "p/brands/acme.yaml:3:11: deliver[0]: there is no delivery spec \"tiktoc\"; did you mean "
     "\"tiktok\"?"},
    {"providers/heygen.yaml", "{tier: 2}", "{tier: 2, replacement: avatar2}",
     "p/providers/heygen.yaml:3:34: models.avatar.replacement: there is no model \"avatar2\"; did "
     "you mean \"avatar\"?"},
    {"providers/heygen.yaml", "{tier: 2}", "{tier: 2, needs: [lip_sync, avatr]}",
     "p/providers/heygen.yaml:3:39: models.avatar.needs[1]: there is no need \"avatr\"; did you mean "
     "\"avatar\"?"},
    {"delivery/tiktok.yaml", "checkedOn: \"2026-11-22\"", "checkedOn: 2026-13-45",
     "p/delivery/tiktok.yaml:3:12: checkedOn: is no date"},
    {"brands/acme.yaml", "name: Acme", "name: Acme\ndeliver: [tiktoc]",
     "p/brands/acme.yaml:3:11: deliver[0]: there is no delivery spec \"tiktoc\"; did you mean \"tiktok\"?"},
    /* a list that narrows is never empty: that would mean all */
    {"access.yaml", "mostTier: 1", "models: []",
     "p/access.yaml:4:33: plans.small.models: must be between 1 and 200 items long"},
    {"brands/acme.yaml", "name: Acme", "name: Acme\nmodels: []",
     "p/brands/acme.yaml:3:9: models: must be between 1"},
    {"providers/heygen.yaml", "{tier: 2}", "{needs: []}",
     "p/providers/heygen.yaml:3:19: models.avatar.needs: must be between 1"},
    {"routing.yaml", "{exclude: model.quality < 5.0}", "{exclude: []}",
     "p/routing.yaml:21:19: rules.weak.exclude.models: must be between 1"},
    {"providers/heygen.yaml", "{perSecond: 0.05}", "{model: avtar, perSecond: 0.05}",
     "p/providers/heygen.yaml:5:5: prices[0]: a price for \"avtar\""},
    {"providers/heygen.yaml", "id: heygen", "id: heigen",
     "p/providers/heygen.yaml:1:5: id: the id is \"heigen\", but the file is called \"heygen.yaml\""},
    /* cycles */
    {"routing.yaml", "candidate.quality / 10.0", "candidate.quality + score.mixed",
     "p/routing.yaml:9:10: scores.mixed: a cycle of scores: score.mixed -> score.quality -> "
     "score.mixed"},
    {"routing.yaml", "-candidate.price", "score.thrift + 1.0",
     "p/routing.yaml:8:11: scores.thrift: a cycle of scores: score.thrift -> score.thrift"},
    {"routing.yaml", "balanced: {score: mixed", "balanced: {extends: cheapest, score: mixed",
     "p/routing.yaml:12:23: strategies.balanced.extends: a cycle of `extends`: balanced -> cheapest "
     "-> balanced"},
    {"access.yaml", "all: {}", "all: {extends: small}",
     "p/access.yaml:3:18: plans.all.extends: a cycle of `extends`: all -> small -> all"},
    /* expressions: the column is the one in the file, also in a folded block and in quotes */
    {"routing.yaml", "job.presenterShare", "job.presenterShar",
     "p/routing.yaml:6:28: complexity.signals.presenter.value: job has no field \"presenterShar\"; did "
     "you mean \"presenterShare\"?"},
    {"routing.yaml", "job.duration > 5.0", "job.duraton > 5.0", "p/routing.yaml:18:14: rules.presenters.when: job has no"},
    {"routing.yaml", "job.duration > 5.0", "job.duration >", "p/routing.yaml:1"},
    {"routing.yaml", "model.quality < 5.0", "model.quality - 5.0",
     "p/routing.yaml:21:19: rules.weak.exclude.where: the expression gives double, and must give "
     "bool"},
    {"routing.yaml", "candidate.quality / 10.0", "job.tier",
     "p/routing.yaml:10:12: scores.quality.formula: the expression gives int, and must give double; "
     "write 1.0 for 1, or double(...)"},
    {"routing.yaml", "thrift: -candidate.price", "thrift: -candidate.price + score.nothing",
     "p/routing.yaml:8:"},
    /* a guard is asked before models are looked at */
    {"routing.yaml", "job.duration > 5.0", "model.quality > 5.0", "p/routing.yaml:18:10:"},
    /* names that are known in other expressions */
    {"routing.yaml", "job.duration > 5.0", "model.quality > 5.0",
     "p/routing.yaml:18:10: rules.presenters.when: \"model\" is not known here (guard); it is in prefer, "
     "require and exclude of rules, and in scores of routing.yaml"},
    {"routing.yaml", "model.quality < 5.0", "score.mixed < 5.0",
     "p/routing.yaml:21:19: rules.weak.exclude.where: \"score\" is not known here (where); it is in scores "
     "of routing.yaml"},
    {"quality.yaml", "output.longestBlack > 2.0", "failure.attempts > 2",
     "p/quality.yaml:3:17: rules.black.when: \"failure\" is not known here (output); it is in retry.yaml"},
    /* what can never work */
    {"routing.yaml", "job.duration > 5.0", "now.getHours(\"Europe/\" + \" Berlin\") > 5",
     "p/routing.yaml:18:14: rules.presenters.when: this is not a time zone"},
    {"routing.yaml", "job.duration > 5.0", "(false && duration(\"1d\") > duration(\"1h\"))",
     "p/routing.yaml:18:20: rules.presenters.when: '1d' is not a duration"},
    {"routing.yaml", "job.duration > 5.0", "job.title.matches(\"ab\"+\"(c\")",
     "p/routing.yaml:18:32: rules.presenters.when: "},
    {"routing.yaml", "job.duration > 5.0", "job[\"durration\"] > 5.0",
     "p/routing.yaml:18:14: rules.presenters.when: job has no field \"durration\"; did you mean "
     "\"duration\"?"},
    /* words that a fact never is: of a brief, of a model, of a provider, of a failure, of an output */
    {"routing.yaml", "job.duration > 5.0", "job.priority == \"hihg\"",
     "p/routing.yaml:18:26: rules.presenters.when: \"hihg\" is no priority (low, normal or high); did you "
     "mean \"high\"?"},
    {"routing.yaml", "\"avatar\" in job.needs", "\"avatr\" in job.needs",
     "p/routing.yaml:17:7: rules.presenters.when: \"avatr\" is no need (text_overlay, "},
    {"routing.yaml", "job.duration > 5.0", "job.resolution in [\"1080\"]",
     "p/routing.yaml:18:29: rules.presenters.when: \"1080\" is no resolution (480p, 720p, 1080p, 1440p or "
     "4k); did you mean \"1080p\"?"},
    {"routing.yaml", "model.quality < 5.0", "provider.breaker == \"half-open\"",
     "p/routing.yaml:21:39: rules.weak.exclude.where: \"half-open\" is no state of a breaker (closed, "
     "half_open or open); did you mean \"half_open\"?"},
    {"quality.yaml", "output.longestBlack > 2.0", "has(output.scores.moton) && output.scores.moton > 2.0",
     "p/quality.yaml:3:35: rules.black.when: \"moton\" is no score of quality (compression, sharpness, "},
    {"routing.yaml", "job.duration > 5.0", "job.tier == 4", "p/routing.yaml:18:22: rules.presenters.when: 4 is no tier "},
    /* and what stands in other files: a strategy, a plan, a delivery spec */
    {"routing.yaml", "job.duration > 5.0", "job.strategy == \"cheepest\"",
     "p/routing.yaml:18:26: rules.presenters.when: \"cheepest\" is no strategy of routing.yaml (balanced or "
     "cheapest); did you mean \"cheapest\"?"},
    {"routing.yaml", "-candidate.price", "'team.plan == \"smal\" ? 1.0 : 0.0'",
     "p/routing.yaml:8:25: scores.thrift.formula: \"smal\" is no plan of access.yaml (all or small); did you mean "
     "\"small\"?"},
    {"routing.yaml", "job.duration > 5.0", "\"tiktoc\" in job.deliver",
     "p/routing.yaml:18:10: rules.presenters.when: \"tiktoc\" is no delivery spec (tiktok); did you mean "
     "\"tiktok\"?"},
    /* the name of a type beside a mistake (its node is looked at twice) */
    {"routing.yaml", "job.duration > 5.0", "type(job.title) == string && job.durtion > 1.0",
     "p/routing.yaml:18:43: rules.presenters.when: job has no field \"durtion\"; did you mean \"duration\"?"},
    /* a regular expression that is none */
    {"routing.yaml", "job.duration > 5.0", "job.title.matches('(a')", "p/routing.yaml:18:"},
    /* a score that the language could not name */
    {"routing.yaml", "thrift: -", "th-rift: -", "p/routing.yaml:8:12: scores: the name of a score"},
    /* YAML: a tab, a duplicate key, a bracket, nothing at all */
    {"retry.yaml", "  default", "\tdefault", "p/retry.yaml:2:1: not YAML: a tab indents this line"},
    {"retry.yaml", "moderated", "default", "p/retry.yaml:3:3: the key \"default\" is here twice"},
    {"schedule.yaml", "low: 1}", "low: 1", "p/schedule.yaml:2:1: not YAML: "},
    {"schedule.yaml", NULL, "", "p/schedule.yaml: the file is empty"},
    /* a missing file */
    {"quality.yaml", NULL, NULL,
     "p/quality.yaml: this file is missing; copy it from the policies that are shipped"},
    /* what two keys say together */
    {"budget.yaml", "soft: 400", "soft: 600", "p/budget.yaml:2:8: limits.all: `soft` lies above"},
    {"budget.yaml", "hard: 500, soft: 400", "period: day", "p/budget.yaml:2:8: limits.all: the limit"},
    {"budget.yaml", "limits:", "timeZone: Europe/Ber;lin\nlimits:",
     "p/budget.yaml:1:11: timeZone: there is no time zone \"Europe/Ber;lin\""},
    {"budget.yaml", "limits:", "unknownPrice: hold\nlimits:",
     "p/budget.yaml:1:15: unknownPrice: hold needs a ceiling"},
    {"retry.yaml", "moderated: 0", "ambiguous: 2",
     "p/retry.yaml:3:14: kinds.ambiguous: a failure of the kind \"ambiguous\" is never retried"},
    {"retry.yaml", "default: 3", "default: {firstPause: 9, mostPause: 3}",
     "p/retry.yaml:2:12: kinds.default: mostPause is shorter than firstPause"},
    {"routing.yaml", "from: 6", "from: 1", "p/routing.yaml:3:12: tiers: tiers stand in rising"},
    {"routing.yaml", "{exclude: model.quality < 5.0}", "{weight: 3}",
     "p/routing.yaml:21:9: rules.weak: the rule does nothing"},
    {"routing.yaml", "{exclude: model.quality < 5.0}", "{exclude: {}}",
     "p/routing.yaml:21:19: rules.weak.exclude: name models or a condition"},
    {"schedule.yaml", "low: 1", "low: {weight: 0, aging: 0}",
     "p/schedule.yaml:1:39: priorities.low: \"low\" has neither weight nor aging"},
    {"schedule.yaml", "priorities:", "offPeak: {n: {from: \"25:00\", to: \"06:00\"}}\npriorities:",
     "p/schedule.yaml:1:14: offPeak.n: a time of day is written"},
    {"delivery/tiktok.yaml", "min: 5", "min: 99", "p/delivery/tiktok.yaml:4:11: duration: min lies"},
    {"delivery/tiktok.yaml", "trust: A", "trust: B}]\nseverity: reject\nnotes: [{",
     "p/delivery/tiktok.yaml:1:1: severity: reject needs a source of trust A"},
    {"brands/acme.yaml", "#102030", "102030", "p/brands/acme.yaml:3:20: colours.primary: a colour"},
    {"providers/heygen.yaml", "id: heygen", "id: heygen\nbaseUrl: http://127.0.0.1:9/v1",
     "p/providers/heygen.yaml:2:10: baseUrl: http:// to this machine needs allowLoopbackHttp"},
    {"providers/heygen.yaml", "id: heygen", "id: heygen\nbaseUrl: http://evil.example",
     "p/providers/heygen.yaml:2:10: baseUrl: must begin with https://"},
    {"providers/heygen.yaml", "id: heygen",
     "id: heygen\ncredentials: {key: \"sk-0123456789012345678901234567890123456789\"}",
     "p/providers/heygen.yaml:2:20: credentials.key: this must be the name of a stored credential"},
    {"providers/heygen.yaml", "- {perSecond: 0.05}", "- {perSecond: 0.05}\n  - {perSecond: 0.06}",
     "p/providers/heygen.yaml:6:5: prices[1]: the row on line 5 is for the same model"},
    {NULL, NULL, NULL, NULL},
};

Test(policy_set, mistakes_are_placed)
{
    for (const struct wrong *row = wrongs; row->file != NULL; row++) {
        struct sample s;

        sample_compile(&s, row->file, row->find, row->put);
        cr_expect(eq(int, s.status, GEN_EINVAL), "%s: %s", row->file, row->put);
        cr_expect(eq(ptr, s.set, NULL));
        cr_expect(ge(sz, s.problems.mistakes, 1));
        cr_expect(eq(int, strncmp(sample_text(&s), row->says, strlen(row->says)), 0),
                  "wanted: %s\n   got: %s", row->says, sample_text(&s));
        sample_end(&s);
    }
}

/* Not the first mistake only: all of them, in the order of the files. */
Test(policy_set, all_mistakes_at_once)
{
    static const char routing[] = "strategy: balanced\n"
                                  "tiers: {simple: {tier: 9, form: 1}}\n"
                                  "scores: {a: candidate.prise}\n"
                                  "strategies: {balanced: {score: a, extends: nobody}}\n"
                                  "colour: red\n";
    static const char *const says[] = {"1 and 3", "unknown key \"form\"", "prise",
                                       "there is no \"nobody\"", "unknown key \"colour\"",
                                       "there is no strategy \"cheapest\""};
    struct sample s;

    sample_compile(&s, "routing.yaml", NULL, routing);
    cr_expect(eq(int, s.status, GEN_EINVAL));
    cr_expect(eq(sz, s.problems.mistakes, GEN_COUNT(says)), "%s", sample_text(&s));
    for (size_t i = 0; i < GEN_COUNT(says); i++) {
        cr_expect(ne(ptr, strstr(sample_text(&s), says[i]), NULL), "%s in\n%s", says[i],
                  sample_text(&s));
    }
    sample_end(&s);
}

/* An expression may hold several mistakes: one does not hide another, and what only follows from them (the type of
 * the whole) is not said. */
Test(policy_set, all_mistakes_of_an_expression)
{
    static const struct {
        const char *put;
        const char *says[2]; /* the place, and the beginning of the message */
    } rows[] = {
        {"job.urgancy > 0.8 && job.duraton > 5.0",
         {"17:11: rules.presenters.when: job has no field \"urgancy\"",
          "17:32: rules.presenters.when: job has no field \"duraton\""}},
        {"!(job.tier > 1.0 || nobody) && job.tags.size2() > 1",
         {"17:27: rules.presenters.when: there is no \"nobody\"",
          "17:47: rules.presenters.when: there is no function size2()"}},
        {"job.tier + 1.0 > job.duraton",
         {"17:16: rules.presenters.when: no such overload: int + double",
          "17:28: rules.presenters.when: job has no field \"duraton\""}},
        {"job.sandbox ? job.urgancy > 1.0 : team.spend > 1.0",
         {"17:25: rules.presenters.when: job has no field \"urgancy\"",
          "17:46: rules.presenters.when: team has no field \"spend\""}},
        {"job.tags + job.duraton", {"17:22: rules.presenters.when: job has no field \"duraton\"", NULL}},
        /* what stands in a loop is one thing */
        {"job.scenes.exists(s, s.tire > 1 && s.durtion > 1.0)",
         {"17:30: rules.presenters.when: scene has no field \"tire\"", NULL}},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct sample s;
        size_t count = 0;

        sample_compile(&s, "routing.yaml", "\"avatar\" in job.needs\n      && job.duration > 5.0",
                       rows[i].put);
        for (; count < 2 && rows[i].says[count] != NULL; count++) {
            cr_expect(ne(ptr, strstr(sample_text(&s), rows[i].says[count]), NULL), "%s: %s", rows[i].put,
                      sample_text(&s));
        }
        cr_expect(eq(sz, s.problems.mistakes, count), "%s: %s", rows[i].put, sample_text(&s));
        sample_end(&s);
    }
}

/* A folder with something wrong in every way there is: mistakes of one kind hide none of another, what only
 * follows from a mistake is not said, and nothing is said twice. */
static const struct gen_policy_source broken_files[] = {
    {"access.yaml",
     "plan: al\n" /* a name that nobody has */
     "plans:\n"
     "  all: {mostPriority: urgent, mostResolution: 9k}\n" /* two words of one map */
     "  one: {extends: two}\n"                              /* a cycle, told once */
     "  two: {extends: three}\n"
     "  three: {extends: one}\n"
     "  four: {extends: fvie}\n"
     "  five: {strategies: [fast], models: [kling, broken, brokn]}\n",
     0},
    {"brands/acme.yaml", "id: acme\nname: Acme\ncolours: {primary: red}\nlogo: {corner: middle}\n"
                         "deliver: [tiktoc]\n", 0},
    {"budget.yaml",
     "jobDefault: 9\njobMost: 5\ntimeZone: [UTC]\n" /* a rule of two keys beside a wrong third */
     "limits:\n"
     "  all: {scope: organization, hard: lots, alerts: [0.9, 0.5]}\n"
     "  it: {scope: provider, of: [klingon], hard: 5, soft: 6}\n",
     0},
    {"delivery/tiktok.yaml",
     "id: tiktok\nsources: [{url: a.example, date: 2024-10, trust: B}]\ncheckedOn: lately\n"
     "severity: reject\nduration: {min: 9, max: 6}\n", 0},
    {"providers/broken.yaml", "id: [\n", 0},
    {"providers/kling.yaml",
     "id: klingon\nbaseUrl: ftp://x\ntokenUrl: ftp://x\ncurrency: EUR\nmodels:\n  v1: {tier: 9}\n"
     "prices:\n  - {model: v2, perSecond: 1}\n  - {model: v1, perSecond: 1, resolution: 9k}\n", 0},
    {"retry.yaml", "kinds:\n  ambiguous: 2\n  budget: 1\n  default: {firstPause: 9, mostPause: 3}\n"
                   "ambiguous: {providers: {klng: wait}}\n", 0},
    {"routing.yaml",
     "strategy: balanced\n"
     "tiers:\n"
     "  simple: {tier: 2, from: 1}\n"
     "  complex: {tier: 1, from: 6}\n" /* not rising */
     "scores:\n"
     "  a: candidate.prise\n"
     "  b: score.c\n"
     "  c: score.b\n" /* a cycle */
     "strategies:\n"
     "  balanced: {score: a, extends: nobody}\n"
     "  cheap: {scroe: a}\n" /* misspelt, so not missing */
     "  plain: {parallel: 2}\n"
     "  heir: {extends: plain}\n" /* has no score either, through no fault of its own */
     "rules:\n"
     "  one: {when: job.tiers > 1, prefer: [heygem], weight: heavy}\n"
     "  two: {weight: 2}\n"
     "  three: {exclud: [kling]}\n",
     0},
    {"schedule.yaml", "priorities: {normal: {weight: 0, aging: 0}, lwo: 1}\ntimeZone: Nowhere/At;all\n", 0},
};

static const char broken_says[] =
    "p/access.yaml:1:7: plan: there is no plan \"al\"\n"
    "p/access.yaml:3:23: plans.all.mostPriority: must be low, normal or high\n"
    "p/access.yaml:3:47: plans.all.mostResolution: must be 480p, 720p, 1080p, 1440p or 4k\n"
    "p/access.yaml:4:18: plans.one.extends: a cycle of `extends`: one -> two -> three -> one\n"
    "p/access.yaml:7:19: plans.four.extends: there is no \"fvie\" in plans; did you mean \"five\"?\n"
    "p/access.yaml:8:23: plans.five.strategies[0]: there is no strategy \"fast\"\n"
    "p/access.yaml:8:54: plans.five.models[2]: there is no provider \"brokn\"; did you mean \"broken\"?\n"
    "p/brands/acme.yaml:1:1: logo.corner must be top-left, top-right, bottom-left or bottom-right\n"
    "p/brands/acme.yaml:3:20: colours.primary: a colour is written \"#1a2b3c\", in quotes\n"
    "p/brands/acme.yaml:5:11: deliver[0]: there is no delivery spec \"tiktoc\"; did you mean \"tiktok\"?\n"
    "p/budget.yaml:1:1: jobDefault lies above jobMost\n"
    "p/budget.yaml:3:11: timeZone: must be text, not a list\n"
    "p/budget.yaml:5:8: limits.all: alerts stand in rising order\n"
    "p/budget.yaml:5:36: limits.all.hard: must be an amount of dollars, not text\n"
    "p/budget.yaml:6:7: limits.it: `soft` lies above `hard` and would never be reached\n"
    "p/budget.yaml:6:30: limits.it.of[0]: there is no provider \"klingon\"; did you mean \"kling\"?\n"
    "p/delivery/tiktok.yaml:1:1: severity: reject needs a source of trust A\n"
    "p/delivery/tiktok.yaml:3:12: checkedOn: must be between 10 and 10 characters long\n"
    "p/delivery/tiktok.yaml:5:11: duration: min lies above max; nothing can fit\n"
    "p/providers/broken.yaml:2:1: not YAML: did not find expected node content while parsing a flow node\n"
    "p/providers/kling.yaml:1:5: id: the id is \"klingon\", but the file is called \"kling.yaml\"\n"
    "p/providers/kling.yaml:2:10: baseUrl: must begin with https://\n"
    "p/providers/kling.yaml:3:11: tokenUrl: must begin with https://\n"
    "p/providers/kling.yaml:4:11: currency: prices are in USD; convert them and say so in `source`\n"
    "p/providers/kling.yaml:6:14: models.v1.tier: must be between 0 and 3\n"
    "p/providers/kling.yaml:8:5: prices[0]: a price for \"v2\", which is not among the models\n"
    "p/providers/kling.yaml:9:43: prices[1].resolution: must be 480p, 720p, 1080p, 1440p or 4k\n"
    "p/quality.yaml: this file is missing; copy it from the policies that are shipped\n"
    "p/retry.yaml:2:14: kinds.ambiguous: a failure of the kind \"ambiguous\" is never retried; see `ambiguous`\n"
    "p/retry.yaml:3:11: kinds.budget: a failure of the kind \"budget\" is never retried\n"
    "p/retry.yaml:4:12: kinds.default: mostPause is shorter than firstPause\n"
    "p/retry.yaml:5:31: ambiguous.providers.klng: there is no provider \"klng\"; did you mean \"kling\"?\n"
    "p/routing.yaml:4:12: tiers: tiers stand in rising order of `from` and `tier`\n"
    "p/routing.yaml:6:16: scores.a.formula: candidate has no field \"prise\"; did you mean \"price\"?\n"
    "p/routing.yaml:7:6: scores.b: a cycle of scores: score.b -> score.c -> score.b\n"
    "p/routing.yaml:10:33: strategies.balanced.extends: there is no \"nobody\" in strategies\n"
    "p/routing.yaml:11:11: strategies.cheap.scroe: unknown key \"scroe\" in strategy; did you mean \"score\"?\n"
    "p/routing.yaml:12:10: strategies.plain: missing key \"score\" in strategy\n"
    "p/routing.yaml:15:19: rules.one.when: job has no field \"tiers\"; did you mean \"tier\"?\n"
    "p/routing.yaml:15:39: rules.one.prefer.models[0]: there is no provider \"heygem\"\n"
    "p/routing.yaml:15:56: rules.one.weight: must be a number, not text\n"
    "p/routing.yaml:16:8: rules.two: the rule does nothing; give it prefer, require, exclude or strategy\n"
    "p/routing.yaml:16:8: rules.two: weight says how much `prefer` counts, and there is none\n"
    "p/routing.yaml:17:11: rules.three.exclud: unknown key \"exclud\" in rule; did you mean \"exclude\"?\n"
    "p/schedule.yaml:1:13: priorities: must be between 3 and 3 items long\n"
    "p/schedule.yaml:1:22: priorities.normal: \"normal\" has neither weight nor aging and would starve\n"
    "p/schedule.yaml:1:45: priorities.lwo: must be low, normal or high, not \"lwo\"; did you mean \"low\"?\n"
    "p/schedule.yaml:2:11: timeZone: there is no time zone \"Nowhere/At;all\"; write \"UTC\", \"+02:00\" or \"Europe/Berlin\"\n";

Test(policy_set, nothing_hides_a_mistake)
{
    struct gen_policy_source sources[GEN_COUNT(broken_files)];
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    struct gen_bytes text;

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(broken_files); i++) {
        sources[i] = broken_files[i];
        sources[i].size = strlen(sources[i].text);
    }
    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 1 << 16);
    cr_expect(eq(int, gen_policy_compile("p", sources, GEN_COUNT(sources), NULL, &problems, &set,
                                         &err), GEN_EINVAL));
    gen_policy_problems_text(&problems, &text);
    cr_expect(eq(str, text.data, (char *)broken_says));
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
}

/* A column is that of the character, whatever YAML did to the text. */
Test(policy_set, columns_of_expressions)
{
    static const struct {
        const char *yaml; /* of the value */
        uint32_t line, column;
    } rows[] = {
        {" job.durtion > 5.0", 21, 15},                       /* plain */
        {" 'job.durtion > 5.0'", 21, 16},                     /* quoted */
        {" \"'\\u0061' == 'a' && job.durtion > 5.0\"", 21, 35}, /* an escape before it */
        {" |\n      true &&\n      job.durtion > 5.0", 23, 11},  /* literal */
        {" >-\n      true\n      && job.durtion > 5.0", 23, 14}, /* folded */
        {" true &&\n      job.durtion > 5.0", 22, 11},           /* plain over two lines */
        {" \"'\xC3\xA9' == 'a' && job.durtion > 5.0\"", 21, 30}, /* two bytes, one column */
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct sample s;
        char put[256];

        snprintf(put, sizeof(put), "  odd:\n    exclude: [heygen]\n    reason: r\n    when:%s\n  weak:",
                 rows[i].yaml);
        sample_compile(&s, "routing.yaml", "  weak:", put);
        cr_assert(eq(sz, s.problems.count, 1), "%s", sample_text(&s));
        cr_expect(eq(u32, s.problems.items[0].error.line, rows[i].line + 3), "%s",
                  sample_text(&s));
        cr_expect(eq(u32, s.problems.items[0].error.column, rows[i].column), "%s: %s", put,
                  sample_text(&s));
        sample_end(&s);
    }
}

Test(policy_set, too_large_a_file_is_not_parsed)
{
    static char text[GEN_POLICY_MAX_FILE + 2];
    struct sample s;

    memset(text, '[', sizeof(text) - 1); /* would be an error of its own, deep inside */
    sample_compile(&s, "retry.yaml", NULL, text);
    cr_expect(eq(int, s.status, GEN_EINVAL));
    cr_expect(eq(str, (char *)sample_text(&s),
                 "p/retry.yaml: has 1048577 bytes; a policy file has at most 1048576\n"));
    sample_end(&s);
}

Test(policy_set, retired_models_are_a_warning)
{
    struct sample s;

    sample_compile(&s, "providers/heygen.yaml", "{tier: 2}", "{tier: 2, endOfLife: 2026-10-22}");
    cr_expect(eq(int, s.status, GEN_OK));
    cr_expect(eq(sz, s.problems.mistakes, 0));
    cr_expect(eq(str, (char *)sample_text(&s),
                 "p/providers/heygen.yaml:3:32: models.avatar.endOfLife: warning: heygen/avatar was "
                 "switched off on 2026-10-22 and gets no jobs\n"));
    sample_end(&s);
}

/* The version is of the content: the order of files does not matter, one byte does. */
Test(policy_set, version)
{
    struct gen_policy_source sources[SAMPLE_FILES], turned[SAMPLE_FILES];
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct sample a, b;

    sample_compile(&a, NULL, NULL, NULL);
    sample_compile(&b, "retry.yaml", "default: 3", "default: 4");
    cr_expect(ne(str, a.set->version, b.set->version));
    cr_assert(eq(sz, sample_sources(NULL, NULL, NULL, a.arena, sources), SAMPLE_FILES));
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        turned[i] = sources[SAMPLE_FILES - 1 - i];
    }
    gen_policy_problems_init(&problems);
    cr_assert(eq(int, gen_policy_compile(NULL, turned, SAMPLE_FILES, NULL, &problems, &set, NULL),
                 GEN_OK));
    cr_expect(eq(str, set->version, a.set->version));
    gen_policy_problems_fini(&problems);
    gen_policy_destroy(set);
    sample_end(&a);
    sample_end(&b);
}

Test(policy_set, unknown_files)
{
    struct gen_policy_source sources[3] = {
        {"rotuing.yaml", "a", 1}, {"retry.yml", "a", 1}, {"providers/x/y.yaml", "a", 1}};
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_bytes text;

    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 1 << 16);
    cr_expect(eq(int, gen_policy_compile(NULL, sources, 3, NULL, &problems, &set, NULL), GEN_EINVAL));
    gen_policy_problems_text(&problems, &text);
    cr_expect(ne(ptr, strstr(text.data, "rotuing.yaml: there is no such policy file; did you mean "
                                        "routing.yaml?"), NULL), "%s", text.data);
    cr_expect(ne(ptr, strstr(text.data, "retry.yml: policy files end in .yaml"), NULL));
    cr_expect(ne(ptr, strstr(text.data, "providers/x/y.yaml: there is no such"), NULL));
    cr_expect(eq(sz, problems.mistakes, 9)); /* and the six that are missing */
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
}

/* From memory a file can come twice: that is a mistake, whichever of the two is good. */
Test(policy_set, files_given_twice)
{
    static const char *const others[] = {"[", "scores: {}", NULL}; /* no YAML; no such set; the same */

    for (size_t i = 0; i < GEN_COUNT(others); i++) {
        struct gen_policy_source sources[SAMPLE_FILES + 1];
        struct sample s;
        struct gen_bytes text;

        sample_compile(&s, NULL, NULL, NULL);
        cr_assert(eq(sz, sample_sources(NULL, NULL, NULL, s.arena, sources), SAMPLE_FILES));
        sources[SAMPLE_FILES] = sources[0];
        if (others[i] != NULL) {
            sources[SAMPLE_FILES].text = others[i];
            sources[SAMPLE_FILES].size = strlen(others[i]);
        }
        gen_bytes_init(&text, 1 << 16);
        gen_policy_destroy(s.set);
        s.set = NULL;
        cr_expect(eq(int, gen_policy_compile("p", sources, SAMPLE_FILES + 1, NULL, &s.problems,
                                             &s.set, &s.err), GEN_EINVAL));
        gen_policy_problems_text(&s.problems, &text);
        cr_expect(ne(ptr, strstr(text.data, "p/routing.yaml: this file is given twice"), NULL), "%s",
                  text.data);
        gen_bytes_fini(&text);
        sample_end(&s);
    }
}

/* What is shipped loads without a word, and every price book that is kept beside it too. */
Test(policy_set, shipped_policies)
{
    static const struct gen_policy_terms terms = {.now = 1795305600000};
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    struct gen_bytes text;
    char version[GEN_DIGEST_TEXT_SIZE];

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 1 << 20);
    cr_expect(eq(int, gen_policy_load(GEN_SOURCE_DIR "/policies", &terms, &problems, &set, &err),
                 GEN_OK));
    gen_policy_problems_text(&problems, &text);
    cr_assert(eq(sz, problems.count, 0), "%s", text.data);
    cr_expect(eq(int, gen_policy_folder_version(GEN_SOURCE_DIR "/policies", version, &err), GEN_OK));
    cr_expect(eq(str, version, set->version));
    for (const char *const *name =
             (const char *const[]){"cheapest", "fastest", "balanced", "best_quality",
                                   "parallel_quality", "parallel_speed", "per_scene", NULL};
         *name != NULL; name++) {
        cr_expect(ne(ptr, (void *)gen_routing_strategy_of(set->routing, *name), NULL), "%s", *name);
    }
    cr_expect(ne(ptr, (void *)gen_policy_delivery(set, "youtube-shorts"), NULL));
    cr_expect(ne(ptr, (void *)gen_policy_delivery(set, "tiktok"), NULL));
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
    gen_policy_destroy(set);
}

Test(policy_set, folder_that_is_not_there)
{
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    char version[GEN_DIGEST_TEXT_SIZE];

    gen_policy_problems_init(&problems);
    cr_expect(eq(int, gen_policy_load("/nowhere/at/all", NULL, &problems, &set, &err),
                 GEN_ENOTFOUND));
    cr_expect(ne(ptr, strstr(err.message, "/nowhere/at/all"), NULL));
    cr_expect(eq(int, gen_policy_folder_version("/nowhere/at/all", version, &err), GEN_ENOTFOUND));
    gen_policy_problems_fini(&problems);
}

/* A named pipe, a large file and a folder called like a file end in a message, not in a wait. */
Test(policy_set, odd_files_of_a_folder)
{
    char folder[] = "/tmp/gen-policy-XXXXXX", path[128];
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    struct gen_bytes text;
    FILE *file;

    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 1 << 16);
    snprintf(path, sizeof(path), "%s/retry.yaml", folder);
    cr_assert(eq(int, mkfifo(path, 0600), 0));
    snprintf(path, sizeof(path), "%s/budget.yaml", folder);
    cr_assert(eq(int, mkdir(path, 0700), 0));
    snprintf(path, sizeof(path), "%s/access.yaml", folder);
    file = fopen(path, "w");
    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(int, ftruncate(fileno(file), 5000000), 0));
    fclose(file);
    cr_expect(eq(int, gen_policy_load(folder, NULL, &problems, &set, &err), GEN_EINVAL));
    gen_policy_problems_text(&problems, &text);
    cr_expect(ne(ptr, strstr(text.data, "retry.yaml: is not a regular file"), NULL));
    cr_expect(ne(ptr, strstr(text.data, "budget.yaml: is not a regular file"), NULL));
    cr_expect(ne(ptr, strstr(text.data, "access.yaml: has 5000000 bytes; a policy file has at most"),
                 NULL), "%s", text.data);
    cr_expect(eq(sz, problems.mistakes, 6), "%s", text.data);
    for (const char *const *name = (const char *const[]){"retry", "access", NULL}; *name != NULL;
         name++) {
        snprintf(path, sizeof(path), "%s/%s.yaml", folder, *name);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/budget.yaml", folder);
    rmdir(path);
    rmdir(folder);
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
}

/* What somebody believes in and nobody reads is a mistake; what is named otherwise is none of ours. */
Test(policy_set, names_that_are_nearly_ours)
{
    static const struct {
        const char *name, *words; /* NULL = not a word about it */
    } rows[] = {
        {"provider/", "provider: is not read; did you mean the folder providers/?"},
        {"Brands/", "Brands: is not read; did you mean the folder brands/?"},
        {"deliveries/", NULL},
        {"tests/", NULL},
        {"providers/", NULL},
        {"retry.YAML", "retry.YAML: is not read: the names of policy files end in .yaml"},
        {"providers/veo.Yml", "providers/veo.Yml: is not read"},
        {"notes.txt", NULL},
        {".Hidden.YAML", NULL},
        {"test/", "test: warning: is not read; did you mean the folder tests/?"},
        {"tests/time.YAML", "tests/time.YAML: warning: is not read: the names"},
        {"tests/time.yaml", NULL},
        {"tests/more/", NULL},
        {"providers/eu/", "providers/eu: warning: is not read: the files of providers/ stand in it"},
        {"providers/eu/veo.yaml", NULL},
        {"brands/", NULL},
        {"brands/empty/", NULL},
    };
    char folder[] = "/tmp/gen-policy-XXXXXX", path[128];
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    struct gen_bytes text;

    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    gen_policy_problems_init(&problems);
    gen_bytes_init(&text, 1 << 16);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, rows[i].name);
        if (path[strlen(path) - 1] == '/') {
            cr_assert(eq(int, mkdir(path, 0700), 0));
        } else {
            cr_assert(eq(int, close(open(path, O_WRONLY | O_CREAT, 0600)), 0));
        }
    }
    cr_expect(eq(int, gen_policy_load(folder, NULL, &problems, &set, &err), GEN_EINVAL));
    gen_policy_problems_text(&problems, &text);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        snprintf(path, sizeof(path), "%s/%.*s:", folder,
                 (int)strlen(rows[i].name) - (rows[i].name[strlen(rows[i].name) - 1] == '/'),
                 rows[i].name);
        if (rows[i].words != NULL) {
            cr_expect(ne(ptr, strstr(text.data, rows[i].words), NULL), "case %zu: %s", i, text.data);
        } else {
            cr_expect(eq(ptr, strstr(text.data, path), NULL), "case %zu: %s", i, text.data);
        }
    }
    for (size_t i = GEN_COUNT(rows); i > 0; i--) {
        snprintf(path, sizeof(path), "%s/%s", folder, rows[i - 1].name);
        remove(path);
    }
    rmdir(folder);
    gen_bytes_fini(&text);
    gen_policy_problems_fini(&problems);
}

/* Every allocation failing in turn: an error, nothing lost, nothing half loaded. */
Test(policy_set, no_memory)
{
    struct gen_policy_source sources[SAMPLE_FILES];
    struct gen_arena *arena = gen_arena_create(0);
    size_t count = sample_sources(NULL, NULL, NULL, arena, sources);
    enum gen_status status = GEN_ENOMEM;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    for (uint64_t nth = 1; status != GEN_OK && nth < 100000; nth += nth < 60 ? 1 : 37) {
        struct gen_policy_problems problems;
        struct gen_policy_set *set = NULL;

        gen_policy_problems_init(&problems);
        gen_alloc_fail_at(nth);
        status = gen_policy_compile(NULL, sources, count, NULL, &problems, &set, &err);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK || status == GEN_ENOMEM, "%s", err.message);
        cr_expect(eq(int, set != NULL, status == GEN_OK));
        gen_policy_destroy(set);
        gen_policy_problems_fini(&problems);
    }
    cr_expect(eq(int, status, GEN_OK));
    gen_arena_destroy(arena);
}

static const char *no_zone(void *context, const char *name, size_t *size, struct gen_error *err)
{
    (void)context;
    *size = 0;
    gen_error_set(err, GEN_ENOTFOUND, "there is no zone %s", name);
    return NULL;
}

/* With a zone database at hand a misspelt zone is found when the file is loaded, not at midnight. */
Test(policy_set, time_zones_are_looked_up)
{
    struct gen_policy_source sources[SAMPLE_FILES];
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};
    struct gen_zones zones;
    struct gen_policy_terms terms = {.zones = &zones};
    size_t count = sample_sources("budget.yaml", "limits:", "timeZone: Europe/Berln\nlimits:", arena,
                                  sources);

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    cr_assert(eq(int, gen_zones_init(&zones, no_zone, NULL, &err), GEN_OK));
    gen_policy_problems_init(&problems);
    cr_expect(eq(int, gen_policy_compile(NULL, sources, count, &terms, &problems, &set, &err),
                 GEN_EINVAL));
    cr_assert(eq(sz, problems.count, 1)); /* "UTC" in schedule.yaml needs no database */
    cr_expect(ne(ptr, strstr(problems.items[0].error.message, "no time zone \"Europe/Berln\""), NULL));
    gen_policy_problems_fini(&problems);
    gen_zones_fini(&zones);
    gen_arena_destroy(arena);
}
