/* client_test.c - what gen says to gend and makes of its answers, against a gend that fails as real
 * ones do: refusals, lost connections, restarts, wrong sizes, hostile names. */
#include "cli/client.h"

#include "base/alloc.h"
#include "cli/download.h"
#include "cli/follow.h"
#include "cli/job_commands.h"
#include "cli/job_view.h"
#include "cli/submission.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "unit/cli/fake_gend.h"

#include <sys/stat.h>

static char folder[] = "client-XXXXXX";

static void setup(void)
{
    cr_assert(mkdtemp(folder) != NULL && chdir(folder) == 0);
}

static void teardown(void)
{
    struct gen_error err = {0};

    cr_assert(chdir("..") == 0);
    cr_assert(eq(int, gen_files_remove_tree(folder, &err), GEN_OK));
}

TestSuite(client, .init = setup, .fini = teardown, .timeout = 120);

static void begin(struct gen_session *session)
{
    struct gen_error err = {0};

    cr_assert(eq(int, gen_session_init(session, &err), GEN_OK), "%s", err.message);
    session->options.socket = "sock";
    session->out = fopen("out", "w+");
    session->errors = fopen("errors", "w+");
    cr_assert(session->out != NULL && session->errors != NULL);
    cr_assert(eq(int, gen_session_connect(session, &err), GEN_OK), "%s", err.message);
}

static void end(struct gen_session *session)
{
    fclose(session->out);
    fclose(session->errors);
    gen_session_fini(session);
}

/* ---- answers */

static const struct fake_answer answers[] = {
    {"GET", "/ok", 1, 0, 200, NULL, "{\"a\":1}"},
    {"GET", "/busy", 1, 2, 503, NULL, "{\"code\":\"busy\",\"detail\":\"starting\"}"},
    {"GET", "/busy", 1, 0, 200, NULL, "{}"},
    {"GET", "/dies", 1, 1, 0, NULL, ""},
    {"GET", "/dies", 1, 0, 200, NULL, "{}"},
    {"GET", "/field", 1, 0, 422, "application/problem+json",
     "{\"status\":422,\"code\":\"invalid\",\"detail\":\"no\",\"errors\":[{\"path\":\"scenes[1].duration\","
     "\"detail\":\"must be less\"}]}"},
    {"GET", "/budget", 1, 0, 402, NULL, "{\"code\":\"budget_exceeded\",\"detail\":\"no money\"}"},
    {"GET", "/gone", 1, 0, 404, NULL, "{\"title\":\"not here\"}"},
    {"GET", "/conflict", 1, 0, 409, NULL, "{}"},
    {"GET", "/key", 1, 0, 401, NULL, "{}"},
    {"GET", "/broken", 1, 0, 500, "text/html", "<html>"},
    {"GET", "/other", 1, 0, 200, "text/html", "<html>"},
    {NULL, NULL, 0, 0, 0, NULL, NULL},
};

struct answered {
    const char *path;
    int64_t patience_ms;
    enum gen_status status;
    const char *key_path, *message; /* part of it */
};

static const struct answered cases[] = {
    {"/ok", 0, GEN_OK, "", ""},                                             /* a document */
    {"/busy", 0, GEN_EBUSY, "", "starting"},                                /* no patience */
    {"/busy", 20000, GEN_OK, "", ""},                                       /* asked again */
    {"/dies", 20000, GEN_OK, "", ""},                                       /* after a restart */
    {"/field", 20000, GEN_EINVAL, "scenes[1].duration", "must be less"},    /* the first field */
    {"/budget", 20000, GEN_EBUDGET, "", "no money"},                        /* by its code */
    {"/gone", 0, GEN_ENOTFOUND, "", "not here"},                            /* by its HTTP status */
    {"/conflict", 0, GEN_ECONFLICT, "", "HTTP status 409"},                 /* with nothing to say */
    {"/key", 0, GEN_EDENIED, "", "GEN_KEY"},                                /* what to do */
    {"/broken", 0, GEN_EIO, "", "HTTP status 500"},                         /* no JSON */
    {"/other", 0, GEN_EIO, "", "is not gend"},                              /* another server */
};

Test(client, answers_become_statuses)
{
    pid_t fake = fake_start(answers);
    struct gen_session session;

    begin(&session);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_client_request request = {.path = cases[i].path, .patience_ms = cases[i].patience_ms};
        struct gen_client_answer answer;
        struct gen_error err = {0};
        enum gen_status status = gen_client_send(session.client, &request, session.arena, &answer, &err);

        cr_assert(eq(int, status, cases[i].status), "%s: %s", cases[i].path, err.message);
        cr_assert(strstr(err.message, cases[i].message) != NULL || status == GEN_OK, "%s: %s", cases[i].path,
                  err.message);
        cr_assert(status == GEN_OK || strcmp(err.path, cases[i].key_path) == 0, "%s: %s", cases[i].path, err.path);
    }
    end(&session);
    fake_stop(fake);
}

Test(client, nobody_there)
{
    struct gen_session session;
    struct gen_client_request request = {.path = "/ok"};
    struct gen_error err = {0};

    begin(&session);
    cr_assert(eq(int, gen_client_send(session.client, &request, session.arena, NULL, &err), GEN_EUNREACHABLE));
    cr_assert(strstr(err.message, "gen up") != NULL, "%s", err.message);
    cr_assert(eq(int, gen_session_fail(&session, &err), 3));
    end(&session);
}

static const struct fake_answer silent[] = {
    {"GET", "/slow", 1, 0, -2, "text/event-stream", ":\n\n"},
    {NULL, NULL, 0, 0, 0, NULL, NULL},
};

static void interrupt(void *context)
{
    (void)context;
    raise(SIGINT);
}

Test(client, ctrl_c_ends_what_waits)
{
    pid_t fake = fake_start(silent);
    struct gen_session session;
    struct gen_client_request request = {.path = "/slow"};
    struct gen_error err = {0};

    begin(&session);
    cr_assert(gen_timer_start(gen_client_loop(session.client), 50, interrupt, NULL) != NULL);
    cr_assert(eq(int, gen_client_send(session.client, &request, session.arena, NULL, &err), GEN_ECANCELED));
    cr_assert(gen_client_interrupted(session.client));
    end(&session);
    fake_stop(fake);
}

/* ---- submitting */

#define JOB_DOCUMENT(status, done) \
    "{\"jobId\":\"" FAKE_JOB "\",\"projectId\":\"Sunny Grove\",\"status\":\"" status "\"," \
    "\"createdAt\":\"2026-11-22T12:00:00Z\",\"routing\":{\"selectedModels\":[\"local/studio\"]," \
    "\"costEstimate\":2.4,\"routingReason\":\"why\\u001b[2J\"},\"costs\":{\"spent\":2.4,\"held\":0}," \
    "\"metadata\":{\"title\":\"T\",\"tags\":[\"a\",\"b\"]},\"pipelines\":[{\"pipelineId\":" \
    "\"pip_01m81qqjc24z92sbgyey44xa7q\",\"provider\":\"local\",\"model\":\"studio\"," \
    "\"variation\":\"wide\",\"status\":\"" done "\",\"stage\":\"poll\",\"progress\":0.5," \
    "\"attempts\":1,\"cost\":2.4,\"estimate\":2.4,\"failure\":null}],\"results\":{\"outputs\":[" \
    "{\"outputId\":\"" FAKE_OUTPUT "\",\"variation\":\"../../wide \\u202e\",\"url\":\"x\"," \
    "\"thumbnailUrl\":null,\"sheetUrl\":\"y\",\"format\":\"mp4\",\"size\":5}]}}"

static const struct fake_answer submitting[] = {
    {"GET", "/healthz", 1, 0, 200, NULL, "{}"},
    {"POST", "/v1/assets", 1, 1, 0, NULL, ""}, /* the connection breaks during the upload */
    {"POST", "/v1/assets", 1, 0, 201, NULL, "{\"assetId\":\"ast_01m81qmfg42df8kvahsts5y0xg\"}"},
    {"POST", "/v1/jobs", 1, 1, 0, NULL, ""}, /* and after the job was read */
    {"POST", "/v1/jobs", 1, 0, 201, NULL, JOB_DOCUMENT("queued", "queued")},
    {NULL, NULL, 0, 0, 0, NULL, NULL},
};

static void put(const char *name, const char *text)
{
    struct gen_error err = {0};

    cr_assert(eq(int, gen_files_write(name, text, strlen(text), 0600, &err), GEN_OK), "%s", err.message);
}

static struct gen_briefing *brief(struct gen_session *session)
{
    struct gen_briefing *briefing = NULL;
    struct gen_error err = {0};

    put("a b.png", "picture");
    put("b.yaml", "title: x\nscenes:\n  - {prompt: a, duration: 1, assets: [\"a b.png\"]}\n");
    cr_assert(eq(int, gen_briefing_read("b.yaml", session->arena, &briefing, &err), GEN_OK), "%s", err.message);
    return briefing;
}

Test(client, a_job_keeps_its_key_over_lost_connections)
{
    pid_t fake = fake_start(submitting);
    struct gen_session session;
    struct gen_submission submission = {0};
    struct gen_error err = {0};
    char log[4096], key[128] = "", *first, *second;

    begin(&session);
    cr_assert(eq(int, gen_submission_send(&session, brief(&session), &submission, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(str, (char *)submission.job, FAKE_JOB));
    cr_assert(not(submission.existing));
    fake_read("requests", log, sizeof log);
    cr_assert(strstr(log, "name=a b.png") != NULL, "%s", log);
    first = strstr(log, "POST /v1/jobs key=");
    cr_assert(first != NULL);
    cr_assert(sscanf(first, "POST /v1/jobs key=%127s", key) == 1 && strlen(key) >= 20, "%s", log);
    second = strstr(first + 1, "POST /v1/jobs key=");
    cr_assert(second != NULL && strncmp(second + strlen("POST /v1/jobs key="), key, strlen(key)) == 0, "%s", log);
    end(&session);
    fake_stop(fake);
}

static const struct fake_answer refusing[] = {
    {"GET", "/healthz", 1, 0, 200, NULL, "{}"},
    {"POST", "/v1/assets", 1, 1, 422, NULL, "{\"code\":\"invalid\",\"errors\":[{\"path\":\"name\",\"detail\":\"is text\"}]}"},
    {"POST", "/v1/assets", 1, 0, 201, NULL, "{\"assetId\":\"ast_01m81qmfg42df8kvahsts5y0xg\"}"},
    {"POST", "/v1/jobs", 1, 0, 404, NULL,
     "{\"code\":\"not_found\",\"errors\":[{\"path\":\"scenes[0].assets[0]\",\"detail\":\"gone\"},"
     "{\"path\":\"title\",\"detail\":\"dull\"}]}"},
    {NULL, NULL, 0, 0, 0, NULL, NULL},
};

Test(client, what_gend_finds_has_its_place_in_the_brief)
{
    pid_t fake = fake_start(refusing);
    struct gen_session session;
    struct gen_submission submission = {0};
    struct gen_error err = {0};
    char text[1024], told[1024];

    begin(&session);
    cr_assert(eq(int, gen_submission_send(&session, brief(&session), &submission, &err), GEN_EINVAL));
    cr_assert(eq(str, (char *)gen_error_text(&err, text, sizeof text),
                 "b.yaml:3:39: scenes[0].assets[0]: the file a b.png: is text"));
    cr_assert(eq(int, gen_submission_send(&session, brief(&session), &submission, &err), GEN_EINVAL));
    cr_assert(eq(str, (char *)gen_error_text(&err, text, sizeof text),
                 "b.yaml:3:39: scenes[0].assets[0]: gone"));
    fflush(session.errors);
    cr_assert(strstr(fake_read("errors", told, sizeof told), "b.yaml:1:8: title: dull") != NULL, "%s", told);
    end(&session);
    fake_stop(fake);
}

/* ---- following */

#define PROGRESS \
    "event: progress\ndata: {\"jobId\":\"" FAKE_JOB "\",\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\"," \
    "\"progress\":0.75,\"stage\":\"fetch\",\"status\":\"processing\"}\n\n"

static const struct fake_answer following[] = {
    {"GET", "/v1/jobs/" FAKE_JOB, 1, 2, 200, NULL, JOB_DOCUMENT("in_progress", "processing")},
    {"GET", "/v1/jobs/" FAKE_JOB, 1, 1, 0, NULL, ""}, /* gend dies while it is asked */
    {"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL, JOB_DOCUMENT("completed", "completed")},
    {"GET", "/v1/events", 1, 1, -1, "text/event-stream",
     "id: evt_1\nevent: job.started\ndata: {\"jobId\":\"" FAKE_JOB "\"}\n\n" PROGRESS},
    {"GET", "/v1/events", 1, 0, -2, "text/event-stream",
     "id: evt_2\nevent: job.completed\ndata: {\"jobId\":\"" FAKE_JOB "\"}\n\n"},
    {NULL, NULL, 0, 0, 0, NULL, NULL},
};

Test(client, following_survives_lost_streams_and_restarts)
{
    pid_t fake = fake_start(following);
    struct gen_session session;
    const struct gen_node *job = NULL;
    struct gen_error err = {0};
    char log[8192], out[8192];

    begin(&session);
    session.options.json = true;
    cr_assert(eq(int, gen_follow_job(&session, FAKE_JOB, &job, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(str, (char *)gen_node_text(gen_node_get(job, "status"), ""), "completed"));
    fake_read("requests", log, sizeof log);
    cr_assert(strstr(log, "/v1/events key= after=0 ") != NULL, "%s", log);
    cr_assert(strstr(log, "/v1/events key= after=evt_1 ") != NULL, "%s", log);
    fflush(session.out);
    fake_read("out", out, sizeof out);
    cr_assert(strstr(out, "{\"event\":\"job.started\",\"jobId\":\"" FAKE_JOB "\"}\n") != NULL, "%s", out);
    cr_assert(strstr(out, "{\"event\":\"progress\",") != NULL, "%s", out);
    fflush(session.errors);
    fake_read("errors", out, sizeof out);
    cr_assert(strstr(out, "{\"note\":\"gen: ") == out && strcspn(out, "\n") + 1 == strlen(out), "%s", out);
    end(&session);
    fake_stop(fake);
}

Test(client, following_a_job_that_is_not_there)
{
    pid_t fake = fake_start(answers);
    struct gen_session session;
    const struct gen_node *job = NULL;
    struct gen_error err = {0};

    begin(&session);
    cr_assert(eq(int, gen_follow_job(&session, FAKE_JOB, &job, &err), GEN_ENOTFOUND), "%s", err.message);
    end(&session);
    fake_stop(fake);
}

#define ENDED(status, done, failure) \
    "{\"jobId\":\"" FAKE_JOB "\",\"status\":\"" status "\",\"createdAt\":\"2026-11-22T12:00:00Z\"," \
    "\"pipelines\":[{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",\"provider\":\"local\"," \
    "\"model\":\"studio\",\"variation\":\"wide\",\"status\":\"" done "\",\"stage\":\"poll\"," \
    "\"progress\":0.5,\"failure\":" failure "}],\"results\":{\"outputs\":[]}}"

struct watched {
    struct fake_answer answers[2];
    bool quiet;
    const char *out; /* all of it */
};

static const struct watched watches[] = {
    /* what the lines said is not said again in the end */
    {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL,
       ENDED("failed", "failed", "{\"kind\":\"moderated\",\"message\":\"no cats\"}")}},
     false,
     FAKE_JOB ": failed\nwide: failed (moderated): no cats\nfailed: 0 of 1 videos, $0.00\n"},
    {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL,
       ENDED("canceled", "canceled", "{\"kind\":\"canceled\",\"message\":\"it was cancelled\"}")}},
     false,
     FAKE_JOB ": canceled\nwide: canceled: it was cancelled\ncanceled: 0 of 1 videos, $0.00\n"},
    /* where no lines were, the end says it; a cancelled pipeline did not fail */
    {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL,
       ENDED("failed", "failed", "{\"kind\":\"moderated\",\"message\":\"no cats\"}")}},
     true,
     "wide: failed (moderated): no cats\nfailed: 0 of 1 videos, $0.00\n"},
    {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL,
       ENDED("canceled", "canceled", "{\"kind\":\"canceled\",\"message\":\"it was cancelled\"}")}},
     true,
     "canceled: 0 of 1 videos, $0.00\n"},
};

Test(client, an_end_is_told_once)
{
    static const char *operands[] = {FAKE_JOB, NULL};

    for (size_t i = 0; i < GEN_COUNT(watches); i++) {
        pid_t fake = fake_start(watches[i].answers);
        struct gen_session session;
        char out[8192];

        begin(&session);
        session.options.quiet = watches[i].quiet;
        session.options.operands = operands;
        session.options.operand_count = 1;
        cr_assert(eq(int, gen_job_commands_watch(&session), GEN_EXIT_FAILED));
        fflush(session.out);
        cr_assert(eq(str, (char *)fake_read("out", out, sizeof out), (char *)watches[i].out), "case %zu", i);
        end(&session);
        fake_stop(fake);
        cr_assert(unlink("sock") == 0);
    }
}

#define UNSURE \
    "attempt att_01m81qqjc24z92sbgyey44xa7q may have been bought from runway: runway answered with the " \
    "id \\\"task-1\\\", which belongs to attempt att_01m81qqjc24z92sbgyey44xa7r already. Its money stays " \
    "reserved; look it up at the provider, or cancel the job to book it as unverified"
#define WAITS(kind, message) \
    "{\"jobId\":\"" FAKE_JOB "\",\"status\":\"needs_attention\",\"createdAt\":\"2026-11-22T12:00:00Z\"," \
    "\"costs\":{\"held\":0.5,\"spent\":0,\"unverified\":0}," \
    "\"pipelines\":[{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",\"provider\":\"runway\"," \
    "\"model\":\"gen4.5\",\"variation\":\"wide\",\"status\":\"needs_attention\",\"stage\":\"submit\"," \
    "\"progress\":0,\"note\":null,\"failure\":{\"kind\":\"" kind "\",\"message\":\"" message "\"}}]," \
    "\"results\":{\"outputs\":[]}}"

/* Where only a person can help, following ends: with its own code, and with all that is to be known, uncut. */
Test(client, a_job_that_needs_a_person)
{
    static const char *operands[] = {FAKE_JOB, NULL};
    static const struct {
        struct fake_answer answers[2];
        bool quiet, full; /* gen job */
        const char *parts[8];
    } rows[] = {
        {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL, WAITS("ambiguous", UNSURE)}}, false, false,
         {"\nwide: needs attention (ambiguous): attempt att_01m81qqjc24z92sbgyey44xa7q may have been bought",
          "or cancel the job to book it as unverified\n", "\nneeds_attention: 0 of 1 videos, $0.00\n",
          "held        $0.50, for what is under way at runway; $0.00 spent so far\n",
          "nothing is ordered again", "console of runway", "gen cancel --socket sock " FAKE_JOB " ", NULL}},
        {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL, WAITS("ambiguous", UNSURE)}}, true, false,
         {"wide: needs attention (ambiguous): ", "held        $0.50", NULL}},
        {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL, WAITS("output", "the disk is full")}}, false, false,
         {"needs attention (output): the disk is full\n", "tried again every half minute", "gen doctor",
          NULL}},
        {{{"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL, WAITS("ambiguous", UNSURE)}}, false, true,
         {"wide: needs attention (ambiguous): ", "book it as unverified\n", "held        $0.50", NULL}},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        pid_t fake = fake_start(rows[i].answers);
        struct gen_session session;
        char out[8192];
        bool doubt;

        begin(&session);
        session.options.quiet = rows[i].quiet;
        session.options.operands = operands;
        session.options.operand_count = 1;
        if (rows[i].full) {
            cr_assert(eq(int, gen_job_commands_job(&session), GEN_EXIT_OK));
        } else {
            cr_assert(eq(int, gen_job_commands_watch(&session), GEN_EXIT_ATTENTION));
        }
        fflush(session.out);
        fake_read("out", out, sizeof out);
        for (size_t k = 0; rows[i].parts[k] != NULL; k++) {
            cr_assert(strstr(out, rows[i].parts[k]) != NULL, "case %zu: no \"%s\" in %s", i,
                      rows[i].parts[k], out);
        }
        /* only an order in doubt can be resolved */
        doubt = strstr(out, "look for the order in the console") != NULL;
        cr_assert(doubt == (strstr(out, "gen resolve") != NULL), "case %zu: %s", i, out);
        end(&session);
        fake_stop(fake);
        cr_assert(unlink("sock") == 0);
    }
}

/* ---- downloading */

static const struct fake_answer serving[] = {
    {"GET", "/doc", 1, 0, 200, NULL, JOB_DOCUMENT("completed", "completed")},
    {"GET", "/v1/outputs/" FAKE_OUTPUT "/content", 1, 1, 200, "video/mp4", "vid"}, /* cut short */
    {"GET", "/v1/outputs/" FAKE_OUTPUT "/content", 1, 0, 200, "video/mp4", "video"},
    {"GET", "/v1/outputs/" FAKE_OUTPUT "/sheet", 1, 1, 0, NULL, ""}, /* gend dies once */
    {"GET", "/v1/outputs/" FAKE_OUTPUT "/sheet", 1, 0, 200, "image/jpeg", "sheet"},
    {NULL, NULL, 0, 0, 0, NULL, NULL},
};

Test(client, downloads_are_whole_and_stay_in_their_folder)
{
    pid_t fake = fake_start(serving);
    struct gen_session session;
    struct gen_client_answer answer;
    struct gen_client_request request = {.path = "/doc"};
    struct gen_download files;
    struct gen_error err = {0};
    struct stat facts;
    char text[8192];

    begin(&session);
    umask(022);
    cr_assert(eq(int, gen_client_send(session.client, &request, session.arena, &answer, &err), GEN_OK));
    cr_assert(mkdir("d", 0700) == 0);
    put("d/job.json", "old");
    cr_assert(eq(int, gen_download_job(&session, answer.document, "d", &files, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(sz, files.count, 3)); /* there is no thumbnail */
    cr_assert(eq(str, (char *)files.files[0].path, "d/wide.mp4"));
    cr_assert(eq(str, (char *)fake_read("d/wide.mp4", text, sizeof text), "video"));
    cr_assert(eq(str, (char *)fake_read("d/wide-sheet.jpg", text, sizeof text), "sheet"));
    cr_assert(strstr(fake_read("d/job.json", text, sizeof text), "\"jobId\": \"" FAKE_JOB "\"") != NULL, "%s", text);
    cr_assert(stat("d/wide.mp4", &facts) == 0 && (facts.st_mode & 0777) == 0644);
    cr_assert(system("test \"$(ls -A d | wc -l)\" = 3") == 0); /* nothing half done is left */
    cr_assert(eq(str, (char *)gen_download_folder(&session, answer.document), "./sunny-grove-md7c1b"));
    end(&session);
    fake_stop(fake);
}

struct named {
    const char *text, *name;
};

static const struct named names[] = {
    {"16x9", "16x9"},                                   /* as it is */
    {"../../etc/passwd", "etc-passwd"},                 /* no way out */
    {".hidden", "hidden"},                              /* not hidden */
    {"-rf", "rf"},                                      /* not an option */
    {"a b\tc\nd", "a-b-c-d"},                           /* no spaces or lines */
    {"a\033[2Jb", "a-[2Jb"},                            /* no controls */
    {"x\xe2\x80\xaegpj", "x-gpj"},                      /* no overrides */
    {"s\xc3\xbc\xc3\x9f", "s\xc3\xbc\xc3\x9f"},         /* letters of other languages stay */
    {"\xff\xfe", "file"},                               /* nothing left */
    {"", "file"},                                       /* nothing there */
    {NULL, "file"},
};

Test(client, names_of_files_are_harmless)
{
    for (size_t i = 0; i < GEN_COUNT(names); i++) {
        struct gen_arena *arena = gen_arena_create(0);

        cr_assert(eq(str, (char *)gen_download_name(arena, names[i].text), (char *)names[i].name), "case %zu", i);
        gen_arena_destroy(arena);
    }
}

Test(client, names_are_cut_between_characters)
{
    struct gen_arena *arena = gen_arena_create(0);
    char text[400] = "";

    for (int i = 0; i < 60; i++) {
        strcat(text, "\xe6\x97\xa5");
    }
    cr_assert(eq(sz, strlen(gen_download_name(arena, text)), 78));
    gen_arena_destroy(arena);
}

/* ---- without memory */

enum { NTH_MOST = 5000 };

/* What may come of a call that found no memory: it says so, or the exchange was lost. */
static bool excused(enum gen_status status)
{
    return status == GEN_OK || status == GEN_ENOMEM || status == GEN_EIO || status == GEN_EUNREACHABLE;
}

/* `part` again and again with each of its allocations failing in turn, until none fails any more:
 * then it must work. */
static void exhaust(enum gen_status part(struct gen_session *session, struct gen_error *err))
{
    enum gen_status status = GEN_ENOMEM;
    bool failed = true;

    for (long nth = 1; failed; nth++) {
        struct gen_session session;
        struct gen_error err = {0};

        cr_assert(nth < NTH_MOST, "it never works: %s", err.message);
        cr_assert(eq(int, gen_session_init(&session, &err), GEN_OK));
        session.options.socket = "sock";
        session.options.quiet = true;
        session.out = fopen("out", "w+");
        session.errors = fopen("errors", "w+");
        gen_alloc_fail_at(nth);
        status = part(&session, &err);
        failed = gen_alloc_count() >= nth;
        gen_alloc_fail_at(0);
        cr_assert(excused(status), "allocation %ld: %s", nth, err.message);
        cr_assert(status == GEN_OK || (err.message[0] != '\0' && err.status == status), "allocation %ld", nth);
        end(&session);
    }
    cr_assert(eq(int, status, GEN_OK));
}

static const struct fake_answer plain[] = {
    {"GET", "/v1/jobs/" FAKE_JOB, 1, 0, 200, NULL, JOB_DOCUMENT("completed", "completed")},
    {"GET", "/problem", 1, 0, 422, "application/problem+json", "{\"code\":\"invalid\",\"detail\":\"no\"}"},
    {"GET", "/v1/outputs/" FAKE_OUTPUT "/content", 1, 0, 200, "video/mp4", "video"},
    {"GET", "/v1/outputs/" FAKE_OUTPUT "/sheet", 1, 0, 200, "image/jpeg", "sheet"},
    {"GET", "/v1/events", 1, 0, -1, "text/event-stream",
     "id: evt_1\nevent: job.started\ndata: {\"jobId\":\"" FAKE_JOB "\"}\n\n" PROGRESS},
    {NULL, NULL, 0, 0, 0, NULL, NULL},
};

static enum gen_status send_one(struct gen_session *session, struct gen_error *err)
{
    struct gen_client_answer answer = {0};
    struct gen_client_request request = {.method = "GET", .path = "/v1/jobs/" FAKE_JOB,
                                         .idempotency_key = "k", .body = "{}", .body_size = 2,
                                         .content_type = "application/json"};
    enum gen_status status = gen_session_connect(session, err);

    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, err);
    }
    cr_assert(status != GEN_OK || answer.document != NULL);
    return status;
}

Test(client, sending_survives_every_failing_allocation)
{
    pid_t fake = fake_start(plain);

    exhaust(send_one);
    fake_stop(fake);
}

static void count_data(void *context, const char *data, size_t size)
{
    (void)data;
    *(size_t *)context += size;
}

static enum gen_status stream_one(struct gen_session *session, struct gen_error *err)
{
    struct gen_client_stream *stream = NULL;
    size_t got = 0;
    enum gen_status status = gen_session_connect(session, err);

    if (status == GEN_OK) {
        status = gen_client_stream_open(session->client, "/v1/events", count_data, &got, &stream, err);
    }
    if (status != GEN_OK) {
        cr_assert(stream == NULL);
        return status;
    }
    while (!gen_client_stream_ended(stream, err)) {
        gen_loop_turn(gen_client_loop(session->client));
    }
    gen_client_stream_close(&stream);
    cr_assert(stream == NULL);
    if (got == strlen(plain[4].body)) {
        return GEN_OK; /* all of it came */
    }
    return err->status;
}

Test(client, streaming_survives_every_failing_allocation)
{
    pid_t fake = fake_start(plain);

    exhaust(stream_one);
    fake_stop(fake);
}

static enum gen_status follow_one(struct gen_session *session, struct gen_error *err)
{
    const struct gen_node *job = NULL;
    enum gen_status status = gen_follow_job(session, FAKE_JOB, &job, err);

    cr_assert(status != GEN_OK || gen_node_get(job, "results") != NULL);
    return status;
}

Test(client, following_survives_every_failing_allocation)
{
    pid_t fake = fake_start(plain);

    exhaust(follow_one);
    fake_stop(fake);
}

static enum gen_status download_one(struct gen_session *session, struct gen_error *err)
{
    struct gen_download files = {0};
    struct gen_client_answer answer = {0};
    struct gen_client_request request = {.path = "/v1/jobs/" FAKE_JOB};
    enum gen_status status = gen_session_connect(session, err);

    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, err);
    }
    if (status == GEN_OK) {
        status = gen_download_job(session, answer.document, "d", &files, err);
    }
    /* what has its final name is whole, and nothing else is there */
    cr_assert(system("test ! -e d || test -z \"$(ls -A d | grep -v -e '^job.json$' -e '^wide.mp4$' "
                     "-e '^wide-sheet.jpg$')\"") == 0);
    cr_assert(system("test ! -e d/wide.mp4 || test \"$(cat d/wide.mp4)\" = video") == 0);
    cr_assert(status != GEN_OK || files.count == 3);
    return status;
}

Test(client, downloading_survives_every_failing_allocation)
{
    pid_t fake = fake_start(plain);

    exhaust(download_one);
    fake_stop(fake);
}

/* ---- views */

#define SHOT(role, scene, from, duration, model, state, cost) \
    "{\"shotId\":\"sht_1\",\"role\":\"" role "\",\"scene\":" scene ",\"from\":" from \
    ",\"duration\":" duration ",\"rendered\":5,\"provider\":\"veo\",\"model\":\"" model \
    "\",\"state\":" state ",\"attempts\":2,\"estimate\":1.5,\"cost\":" cost "}"

/* Shots of a video that has several; warnings once each, those of the decision first. */
Test(client, views_show_shots_and_warnings)
{
    static const char document[] =
        "{\"jobId\":\"gen_1\",\"status\":\"completed\",\"costs\":{\"spent\":2},"
        "\"routing\":{\"warnings\":[\"clips are enlarged\"]},\"pipelines\":["
        "{\"variation\":\"wide\",\"status\":\"completed\",\"stage\":\"deliver\","
        "\"provider\":\"several\",\"model\":\"several\",\"warning\":\"veo billed $3.00\\u001b\","
        "\"shots\":[" SHOT("scene", "\"one\"", "0", "5", "a", "\"settled\"", "1.25") ","
        SHOT("scene", "\"one\"", "5", "2.5", "a", "\"failed\"", "0") ","
        SHOT("scene", "\"two\"", "null", "null", "b", "null", "0") ","
        SHOT("finish", "null", "null", "null", "c", "\"settled\"", "0") "]},"
        "{\"variation\":\"tall\",\"status\":\"completed\",\"stage\":\"deliver\","
        "\"provider\":\"veo\",\"model\":\"whole\",\"warning\":\"clips are enlarged\","
        "\"shots\":[" SHOT("whole", "null", "null", "null", "whole", "\"settled\"", "1") "]}]}";
    static const char *const lines[] = {
        "\nVARIATION  SCENE         MODEL  STATE    TRIES  ESTIMATE   COST  SHOT\n",
        "\nwide       one, 0-5 s    veo/a  settled      2     $1.50  $1.25  sht_1\n",
        "\nwide       one, 5-7.5 s  veo/a  failed       2     $1.50  $0.00  sht_1\n",
        "\nwide       two           veo/b  -            2     $1.50  $0.00  sht_1\n",
        "\nwide       (finish)      veo/c  settled      2     $1.50  $0.00  sht_1\n",
        "\nwarning: clips are enlarged\nwide: warning: veo billed $3.00",
    };
    struct gen_session session = {.arena = gen_arena_create(0)};
    const struct gen_node *job = NULL;
    struct gen_error err = {0};
    struct gen_bytes out;

    cr_assert(gen_json_read(document, strlen(document), NULL, session.arena, &job, &err) == GEN_OK,
              "%s", err.message);
    gen_bytes_init(&out, 65536);
    gen_job_view_full(&session, job, &out);
    for (size_t i = 0; i < GEN_COUNT(lines); i++) {
        cr_expect(strstr(out.data, lines[i]) != NULL, "no %s in %s", lines[i], out.data);
    }
    cr_expect(strchr(out.data, '\033') == NULL);
    cr_expect(strstr(out.data, "tall: warning") == NULL, "said before");
    cr_expect(strstr(out.data, "tall       (all)") == NULL, "one shot: nothing new");
    gen_bytes_clear(&out);
    gen_job_view_result(job, GEN_JOB_VIEW_SUMMARY, &out);
    cr_expect(strstr(out.data, lines[5] + 1) == out.data, "%s", out.data);
    gen_bytes_fini(&out);
    gen_arena_destroy(session.arena);
}

Test(client, views_are_harmless_and_complete)
{
    pid_t fake = fake_start(serving);
    struct gen_session session;
    struct gen_client_answer answer;
    struct gen_client_request request = {.path = "/doc"};
    struct gen_error err = {0};
    struct gen_bytes out;

    begin(&session);
    cr_assert(eq(int, gen_client_send(session.client, &request, session.arena, &answer, &err), GEN_OK));
    gen_bytes_init(&out, 65536);
    gen_job_view_full(&session, answer.document, &out);
    cr_assert(strchr(out.data, '\033') == NULL);
    cr_assert(strstr(out.data, "\xe2\x80\xae") == NULL);
    cr_assert(strstr(out.data, "decision    why") != NULL, "%s", out.data);
    cr_assert(strstr(out.data, "tags        a, b") != NULL, "%s", out.data);
    cr_assert(strstr(out.data, "$2.40 spent, $0.00 held") != NULL, "%s", out.data);
    cr_assert(strstr(out.data, "local/studio  completed") != NULL, "%s", out.data);
    gen_bytes_clear(&out);
    gen_job_view_result(answer.document, GEN_JOB_VIEW_FAILURES, &out);
    cr_assert(eq(str, out.data, "completed: 1 of 1 videos, $2.40\n"));
    gen_bytes_fini(&out);
    end(&session);
    fake_stop(fake);
}
