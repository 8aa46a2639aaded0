/* portrait_test.c - the facts that expressions read, through expressions. */
#include "decide/portrait.h"

#include "unit/decide/setting.h"

static const char portrait_world[] =
    "now: 2026-11-22T12:00:00Z\n"
    "team: {id: org_1, budget: 100, spent: 40, held: 10, running: 3, waiting: 2, jobsToday: 7}\n"
    "providers: {cheap: {health: 0.5, breaker: half_open, running: 4, queue: 2, capacity: 4, "
    "share: "
    "0.25, offPeak: true, volume: 900}}\n"
    "models:\n"
    "  cheap/one: {tier: 1, quality: 6, speed: 2, maxDuration: 60, needs: [avatar],\n"
    "    history: {attempts: 10, successRate: 0.8, quality: 7.5, speed: 3, rejected: 0.1}}\n"
    "  cheap/new: {tier: 3, quality: 9, speed: 4, maxDuration: 60, audio: true, wholeStoryboard: "
    "true,\n"
    "    history: {attempts: 2, quality: 1, speed: 100, successRate: 0}}\n";

static const char portrait_brief[] =
    "title: Sea\nproject: p1\nlanguage: en\npriority: high\nbudget: 20\n"
    "deadline: 2026-11-22T12:01:00Z\ntags: [summer, sale]\nsound: {mood: calm}\n"
    "scenes:\n"
    "  - {prompt: a sea, duration: 5}\n"
    "  - {prompt: a face, presenter: true, dialogue: hello, duration: 5}\n"
    "  - {overlay: Now, duration: 5}\n"
    "  - {assets: [a.png], duration: 5}\n"
    "variations: [{aspectRatio: '16:9'}, {aspectRatio: '9:16'}]\n";

/* Every line holds for this job, or for the contender that is named. */
Test(portrait, facts)
{
    static const char *const guards[] = {
        "job.organization == \"org_1\" && job.user == \"usr_1\" && job.project == \"p1\"",
        "job.title == \"Sea\" && job.language == \"en\" && job.priority == \"high\"",
        "job.tags == [\"summer\", \"sale\"] && job.models == [] && job.deliver == []",
        "job.budget == 20.0 && job.deadlineIn == 60.0",
        "job.complexity > 1.0 && job.tier >= 1",
        "job.needs == [\"text_overlay\", \"image_animation\", \"avatar\", \"lip_sync\", \"music\"]",
        "job.duration == 20.0 && job.sceneCount == 4 && job.scenes.size() == 4",
        "job.width == 1920 && job.height == 1920 && job.resolution == \"1080p\"",
        "job.frameRate == 30.0 && job.variationCount == 2 && job.hasMusic && !job.sandbox",
        "job.presenterShare == 0.25 && job.dialogueShare == 0.25 && job.overlayShare == 0.25",
        "job.suppliedShare == 0.25 && job.generatedShare == 0.5",
        "job.scenes[1].presenter && job.scenes[1].dialogue == \"hello\" && job.scenes[1].index == "
        "1",
        "job.scenes[0].generated && !job.scenes[3].generated && job.scenes[3].assetCount == 1",
        "job.scenes[2].overlayCount == 1 && job.scenes[2].needs == [\"text_overlay\"]",
        "job.scenes[0].id == \"scene_1\" && job.scenes[0].duration == 5.0",
        "job.scenes.all(s, s.complexity >= 1.0 && s.tier >= 1)",
        "job.strategy == \"best\"",
        "team.id == \"org_1\" && team.plan == \"all\" && team.budget == 100.0 && team.spent == "
        "40.0",
        "team.held == 10.0 && team.remaining == 50.0 && team.running == 3 && team.waiting == 2",
        "team.jobsToday == 7 && now == timestamp(\"2026-11-22T12:00:00Z\")",
        /* the middle one of 22.5 s and 100 s is the lower; a minute is left */
        "job.urgency > 0.37 && job.urgency < 0.38",
    };

    for (size_t i = 0; i < GEN_COUNT(guards); i++) {
        char routing[3000];
        struct setting s = {.world = portrait_world,
                            .brief = portrait_brief,
                            .strategy = "best",
                            .routing = routing};

        snprintf(routing, sizeof(routing),
                 SETTING_ROUTING "rules:\n  r:\n    when: >-\n      %s\n    exclude: [dear]\n",
                 guards[i]);
        setting_decide(&s);
        cr_expect(s.decision->rules[0].fired, "%s (%s)", guards[i],
                  setting_or(s.decision->rules[0].fault, "false"));
        setting_end(&s);
    }
}

Test(portrait, facts_of_contenders)
{
    static const struct {
        const char *model, *where;
    } cases[] = {
        {"cheap/one",
         "model.id == \"cheap/one\" && model.provider == \"cheap\" && model.name == \"one\""},
        {"cheap/one", "model.tier == 1 && model.quality == 6.0 && model.speed == 2.0"},
        {"cheap/one", "model.needs == [\"avatar\"] && model.maxDuration == 60.0 && !model.audio"},
        {"cheap/new", "model.audio && model.wholeStoryboard && !model.idempotent"},
        {"cheap/one",
         "provider.id == \"cheap\" && provider.health == 0.5 && provider.running == 4"},
        {"cheap/one",
         "provider.breaker == \"half_open\" && provider.queue == 2 && provider.offPeak"},
        {"cheap/one", "provider.load == 1.5 && provider.share == 0.25 && provider.volume == 900.0"},
        {"cheap/one",
         "history.attempts == 10 && history.successRate == 0.8 && history.quality == 7.5"},
        {"cheap/one",
         "history.speed == 3.0 && history.rejected == 0.1 && !has(history.priceError)"},
        /* ours where there is enough, else the declared */
        {"cheap/one", "candidate.quality == 7.5"},
        {"cheap/new", "candidate.quality == 9.0"},
        /* 10 attempts of 0.95 in advance, and 10 of 0.8 */
        {"cheap/one", "candidate.reliability > 0.874 && candidate.reliability < 0.876"},
        /* 4 shots in 4 places, behind 2 that wait: 15 s * 1.5; and one shot of 20 s: 80 s * 1.5 */
        {"cheap/one", "candidate.seconds == 22.5 && candidate.shots == 4 && candidate.load == 1.5"},
        {"cheap/new", "candidate.seconds == 120.0 && candidate.shots == 1"},
        {"cheap/one", "candidate.price == 0.2 && candidate.most == 0.2 && candidate.exact"},
        {"cheap/one", "candidate.unmet == 4 && candidate.tierGap == 1 - job.tier"},
        {"cheap/one",
         "field.count == 2 && field.lowestPrice == 0.2 && field.highestSeconds == 120.0"},
        {"cheap/one", "field.highestQuality == 9.0 && field.lowestSeconds == 22.5"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[3000], brief[1200];
        struct setting s = {
            .world = portrait_world, .strategy = "best", .routing = routing, .brief = brief};
        const struct gen_contender *contender;

        /* a later deadline, so that both stay in */
        snprintf(brief, sizeof(brief), "%s", portrait_brief);
        memcpy(strstr(brief, "12:01:00Z"), "13:01:00Z", 9);
        snprintf(routing, sizeof(routing),
                 SETTING_ROUTING "rules:\n  r:\n    weight: 3\n    prefer:\n      models: [%s]\n"
                                 "      where: >-\n        %s\n",
                 cases[i].model, cases[i].where);
        setting_decide(&s);
        contender = setting_contender(&s, 0, cases[i].model);
        cr_expect(eq(dbl, contender->weight, 3.0), "%s: %s (%s)", cases[i].model, cases[i].where,
                  setting_or(s.decision->rules[0].fault, "false"));
        setting_end(&s);
    }
}
