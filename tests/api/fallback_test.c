/* fallback_test.c - a real gend with two providers of which one fails: the shot goes on at the other one, under
 * the same job, once, with its money in order. LESSONS 13. */
#include "house.h"

#include "platform/files.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENE(words) "{\"prompt\":\"" words "\",\"duration\":1}"
#define BRIEF(scenes, more) \
    "{\"title\":\"t\",\"models\":[\"fake/pay\",\"spare/pay\"],\"scenes\":[" scenes "]," \
    "\"variations\":[{\"resolution\":\"320x320\"}]" more "}"

/* ---- two vendors at one address: /spare/... is the other one, which never fails */

struct vendors {
    int at_fake, at_spare, lost; /* orders; of those at fake that fail */
    bool refuses;                /* with a wrong key, at the order */
    bool spare_never_ends;
    int canceled;
    char failing[16][24];        /* ids of orders that fail */
};

static void reply(struct gen_exchange *exchange, int status, const char *text)
{
    gen_exchange_reply(exchange, status, "application/json", text, strlen(text));
}

/* Everything that is ordered of fake fails, but for what the prompt calls good. */
static bool vendors_answer(struct house *house, struct gen_exchange *exchange)
{
    struct vendors *vendors = house->answers;
    const char *path = gen_exchange_path(exchange);
    size_t size = 0;

    if (strcmp(gen_exchange_method(exchange), "POST") == 0) {
        const char *body = gen_exchange_body(exchange, &size);

        if (strncmp(path, "/spare/", 7) == 0) {
            vendors->at_spare++;
        } else if (vendors->refuses) {
            reply(exchange, 401, "{\"error\":{\"code\":\"key\",\"message\":\"no such key\"}}");
            return true;
        } else {
            vendors->at_fake++;
            if (memmem(body, size, "good", 4) == NULL) {
                snprintf(vendors->failing[vendors->lost++], sizeof vendors->failing[0], "order-%d",
                         house->orders + 1);
            }
        }
        return false;
    }
    vendors->canceled += strcmp(gen_exchange_method(exchange), "DELETE") == 0;
    if (vendors->spare_never_ends && strncmp(path, "/spare/jobs/", 12) == 0 &&
        strcmp(gen_exchange_method(exchange), "GET") == 0) {
        reply(exchange, 200, "{\"status\":\"running\",\"progress\":0.5}");
        return true;
    }
    for (int i = 0; i < vendors->lost; i++) {
        const char *at = strstr(path, vendors->failing[i]);

        if (at != NULL && at[strlen(vendors->failing[i])] == '\0') {
            reply(exchange, 200,
                  "{\"status\":\"failed\",\"error\":{\"code\":\"gpu\",\"message\":\"a card died\","
                  "\"billed\":0}}");
            return true;
        }
    }
    return false;
}

/* Policies with a second provider of the same code, at `price` a second. */
static void write_policies(const struct house *house, const char *price, const char *limits)
{
    char path[200], command[600], text[600];
    struct gen_error err = {0};

    snprintf(command, sizeof command,
             "cp -r %s/policies %s/policies && rm -rf %s/policies/tests && "
             "sed -i 's/costShare: 1/costShare: 3/' %s/policies/retry.yaml",
             GEN_SOURCE_DIR, house->folder, house->folder, house->folder);
    cr_assert(system(command) == 0);
    snprintf(path, sizeof path, "%s/policies/providers/spare.yaml", house->folder);
    snprintf(text, sizeof text,
             "id: spare\nplugin: fake\nallowLoopbackHttp: true\nsettings:\n"
             "  baseUrl: http://127.0.0.1:%d/spare\n  pollMs: 200\n  pricePerSecond: %s\n",
             gen_http_server_port(house->service), price);
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK);
    snprintf(path, sizeof path, "%s/policies/budget.yaml", house->folder);
    snprintf(text, sizeof text, "timeZone: UTC\njobDefault: 10\njobMost: 500\n%s", limits);
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK);
}

static void begin(struct house *house, struct vendors *vendors, const char *price,
                  const char *limits)
{
    static char policies[128];
    const char *const more[] = {"--policies", policies, NULL};

    house->answer = vendors_answer;
    house->answers = vendors;
    house_open(house);
    snprintf(policies, sizeof policies, "%s/policies", house->folder);
    write_policies(house, price, limits);
    house_start(house, more);
    cr_assert(!house->ended, "%s", house->last_words);
}

static const char *submit(struct house *house, const char *brief)
{
    struct house_reply admitted = house_post(house, "/v1/jobs", brief);

    cr_assert(admitted.status == 201, "%d: %s", admitted.status, admitted.body);
    return gen_node_text(gen_node_get(admitted.document, "jobId"), "");
}

/* Twice where it was, then elsewhere; the scene that was fine is kept. */
Test(fallback, lesson_13_it_moves_on_and_keeps_what_is_done, .timeout = 120)
{
    struct vendors vendors = {0};
    struct house house = {0};
    struct house_reply shown;
    const char *job;

    begin(&house, &vendors, "0.08", "");
    job = submit(&house, BRIEF(SCENE("a good one") "," SCENE("a bad one"), ""));
    house_await(&house, job, "completed");
    cr_expect(vendors.at_fake == 3 && vendors.at_spare == 1, "%d orders here, %d there",
              vendors.at_fake, vendors.at_spare);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM event WHERE kind = 'shot.moved'") == 1);
    cr_expect(house_number(&house,
                           "SELECT COUNT(*) FROM shot WHERE provider = 'spare' AND model = 'pay'") ==
              1);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM pipeline WHERE provider = 'several'") == 1);
    cr_expect(house_number(&house, "SELECT spent FROM job") == 100000, "as both billed");
    cr_expect(house_number(&house, "SELECT held + unverified FROM job") == 0);
    house_check_books(&house);
    shown = house_get(&house, gen_arena_printf(house.arena, "/v1/jobs/%s", job));
    cr_expect(strstr(shown.body, "spare") != NULL);
    house_close(&house);
}

/* What the other one can cost is held from the start: another job cannot have taken it. */
Test(fallback, the_other_price_is_held, .timeout = 120)
{
    struct vendors vendors = {0};
    struct house house = {.hold = true};
    const char *job;

    begin(&house, &vendors, "0.12", "");
    job = submit(&house, BRIEF(SCENE("a good one"), ""));
    house_await(&house, job, "in_progress");
    cr_expect(house_number(&house, "SELECT held FROM job") == 170000, "%lld",
              (long long)house_number(&house, "SELECT held FROM job"));
    house.hold = false;
    house_await(&house, job, "completed");
    cr_expect(house_number(&house, "SELECT held FROM job") == 0);
    house_check_books(&house);
    house_close(&house);
}

/* A wrong key is nothing that another try cures: at once elsewhere. */
Test(fallback, a_wrong_key_moves_at_once, .timeout = 120)
{
    struct vendors vendors = {.refuses = true};
    struct house house = {0};

    begin(&house, &vendors, "0.05", "");
    house_await(&house, submit(&house, BRIEF(SCENE("a good one"), "")), "completed");
    cr_expect(vendors.at_spare == 1 && house_number(&house, "SELECT COUNT(*) FROM attempt") == 2);
    house_check_books(&house);
    house_close(&house);
}

/* Killed between the failures: what failed where is known after it, and nothing is ordered twice. */
Test(fallback, a_restart_in_between, .timeout = 120)
{
    struct vendors vendors = {0};
    struct house house = {0};
    char policies[128];
    const char *const more[] = {"--policies", policies, NULL};
    const char *job;

    begin(&house, &vendors, "0.05", "");
    snprintf(policies, sizeof policies, "%s/policies", house.folder);
    job = submit(&house, BRIEF(SCENE("a bad one"), ""));
    for (int i = 0; i < 3000 && vendors.at_fake + vendors.at_spare < 2; i++) {
        (void)house_get(&house, "/healthz");
    }
    house_kill(&house);
    house_start(&house, more);
    house_await(&house, job, "completed");
    cr_expect(vendors.at_spare == 1 && vendors.at_fake <= 3, "%d and %d", vendors.at_fake,
              vendors.at_spare);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM attempt WHERE provider = 'spare'") == 1);
    house_check_books(&house);
    house_close(&house);
}

/* Two models race, as `keep: first` of the strategy says: the first good video is kept, the other order is
 * cancelled at its provider, and costs nothing. */
Test(fallback, the_first_of_two_is_kept, .timeout = 120)
{
    struct vendors vendors = {.spare_never_ends = true};
    struct house house = {0};
    const char *job;

    begin(&house, &vendors, "0.05", "");
    job = submit(&house, BRIEF(SCENE("a good one"), ",\"strategy\":\"parallel_speed\""));
    house_await(&house, job, "completed");
    cr_expect(vendors.at_fake == 1 && vendors.at_spare == 1, "%d and %d", vendors.at_fake,
              vendors.at_spare);
    cr_expect(vendors.canceled == 1, "%d cancelled", vendors.canceled);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM output") == 1);
    cr_expect(house_number(&house, "SELECT spent FROM job") == 50000);
    cr_expect(house_number(&house, "SELECT held + unverified FROM job") == 0);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM pipeline WHERE status = 'canceled'") == 1);
    house_check_books(&house);
    house_close(&house);
}

/* No way out: nobody else was named; the money is not there; its own limit says no. Each says why. */
static const struct {
    const char *what, *price, *limits, *brief, *words;
} ends[] = {
    {"only one was named", "0.05", "",
     "{\"title\":\"t\",\"models\":[\"fake/pay\"],\"scenes\":[" SCENE("a bad one") "],"
     "\"variations\":[{\"resolution\":\"320x320\"}]}",
     "nobody else can make it"},
    {"too dear for the job", "5", "", BRIEF(SCENE("a bad one"), ",\"budget\":1"),
     "nobody else can make it"},
    {"dearer than retries may be", "0.20", "", BRIEF(SCENE("a bad one"), ""),
     "the money for retries of the job is used up"},
    {"a limit of that provider", "0.12",
     "limits:\n  spare a day:\n    scope: provider\n    of: [spare]\n    period: day\n    hard: 0.10\n",
     BRIEF(SCENE("a bad one"), ""), "spare a day"},
};

Test(fallback, no_way_out, .timeout = 240)
{
    for (size_t i = 0; i < GEN_COUNT(ends); i++) {
        struct vendors vendors = {0};
        struct house house = {0};
        struct house_reply shown;
        const char *job;

        begin(&house, &vendors, ends[i].price, ends[i].limits);
        job = submit(&house, ends[i].brief);
        house_await(&house, job, "failed");
        shown = house_get(&house, gen_arena_printf(house.arena, "/v1/jobs/%s", job));
        cr_expect(strstr(shown.body, ends[i].words) != NULL, "%s: %s", ends[i].what, shown.body);
        cr_expect(vendors.at_spare == 0 && house_number(&house, "SELECT spent FROM job") == 0,
                  "%s", ends[i].what);
        house_check_books(&house);
        house_close(&house);
    }
}
