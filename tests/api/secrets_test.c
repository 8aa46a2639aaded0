/* secrets_test.c - stored secrets sign requests, change without a restart, and are nowhere in the clear: not in the
 * state folder, the log, the events, or any reply. */
#include "house.h"

#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char log_path[] = "/tmp/gen-api-secrets.log";
static char log_file[64];

static void open_house(struct house *house)
{
    snprintf(log_file, sizeof log_file, "%s.%d", log_path, (int)getpid());
    house->settings = "      credential: key\n      health: true\n";
    house->log = log_file;
    house_open(house);
}

static struct house_reply put(struct house *house, const char *path, const char *text)
{
    struct house_reply reply = house_ask(
        house, &(struct house_ask){.method = "PUT", .path = path, .type = "text/plain",
                                   .body = text});

    cr_expect(strstr(reply.body, "MARKER") == NULL, "%s", reply.body);
    return reply;
}

static struct house_reply ask(struct house *house, const char *method, const char *path)
{
    struct house_reply reply = house_ask(house, &(struct house_ask){.method = method,
                                                                    .path = path});

    cr_expect(reply.body == NULL || strstr(reply.body, "MARKER") == NULL, "%s", reply.body);
    return reply;
}

/* Does a file have these letters anywhere? */
static bool has(const char *path, const char *what)
{
    struct gen_bytes text;
    struct gen_error err = {0};
    bool found = false;

    gen_bytes_init(&text, 64 * 1024 * 1024);
    cr_assert(gen_files_read(path, &text, &err) == GEN_OK, "%s", err.message);
    for (size_t i = 0; i + strlen(what) <= text.size && !found; i++) {
        found = memcmp(text.data + i, what, strlen(what)) == 0;
    }
    gen_bytes_fini(&text);
    return found;
}

static int look_through(const char *folder, const char *what)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int files = 0;

    cr_assert(dir != NULL);
    while ((entry = readdir(dir)) != NULL) {
        char path[512];
        struct stat facts;

        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' && (entry->d_name[1] == '\0' || entry->d_name[1] == '.')) {
            continue;
        }
        cr_assert(lstat(path, &facts) == 0);
        if (S_ISDIR(facts.st_mode)) {
            files += look_through(path, what);
        } else if (S_ISREG(facts.st_mode)) {
            cr_expect(!has(path, what), "%s has %s", path, what);
            files++;
        }
    }
    closedir(dir);
    return files;
}

/* Turns until the render service has seen a request that was signed so. */
static void await_key(struct house *house, const char *key)
{
    house->authorization[0] = '\0';
    for (int i = 0; i < 6000 && strstr(house->authorization, key) == NULL; i++) {
        gen_loop_poll(house->loop);
        usleep(10000);
    }
    cr_assert(strstr(house->authorization, key) != NULL, "%s never came: %s", key,
              house->authorization);
}

Test(secrets, they_sign_change_and_are_seen_nowhere)
{
    const char *const arguments[] = {"--log-level", "debug", NULL};
    struct house house = {0};
    struct house_reply reply;
    const char *job, *second;

    open_house(&house);
    house_start(&house, arguments);
    cr_assert(put(&house, "/v1/secrets/fake", "MARKER-one\n").status == 201);
    cr_expect(put(&house, "/v1/secrets/fake", "MARKER-no").status == 409);
    reply = ask(&house, "POST", "/v1/secrets/fake/test");
    cr_expect(reply.status == 200 && gen_node_truth(gen_node_get(reply.document, "ok"), false),
              "%s", reply.body);
    house_await(&house, house_submit(&house, "first"), "completed");
    cr_expect_str_eq(house.authorization, "Bearer MARKER-one ");

    house.hold = true;
    job = house_submit(&house, "held");
    await_key(&house, "Bearer MARKER-one");
    /* Another key of the same account: what is under way uses it from its next request on. */
    cr_expect(put(&house, "/v1/secrets/fake?account=same", "MARKER-two").status == 200);
    await_key(&house, "Bearer MARKER-two");
    /* Another account: what is under way stays with the old one, what begins has the new one. */
    cr_expect(put(&house, "/v1/secrets/fake?account=other", "MARKER-three").status == 200);
    await_key(&house, "Bearer MARKER-two");
    cr_expect(strstr(house.authorization, "MARKER-three") == NULL);
    second = house_submit(&house, "other");
    await_key(&house, "Bearer MARKER-three");
    await_key(&house, "Bearer MARKER-two");
    /* A rotation of the new account leaves the old one alone. */
    cr_expect(put(&house, "/v1/secrets/fake?account=same", "MARKER-four").status == 200);
    await_key(&house, "Bearer MARKER-four");
    await_key(&house, "Bearer MARKER-two");
    cr_expect(strstr(house.authorization, "MARKER-three") == NULL, "%s", house.authorization);
    cr_expect(ask(&house, "POST", "/v1/master-key/rotate").status == 200);
    house_kill(&house); /* as a power cut would; nothing of it is lost */
    house_start(&house, arguments);
    await_key(&house, "Bearer MARKER-two");
    await_key(&house, "Bearer MARKER-four");
    house.hold = false;
    house_await(&house, job, "completed");
    house_await(&house, second, "completed");
    cr_expect(look_through(house.state, "MARKER") > 5); /* the database with its log is open */
    reply = ask(&house, "GET", "/v1/secrets");
    cr_expect(gen_node_count(gen_node_get(reply.document, "secrets")) == 1, "%s", reply.body);
    cr_expect(ask(&house, "GET", "/v1/master-key").status == 200);
    cr_expect(ask(&house, "GET", "/v1/providers").status == 200);
    cr_expect(ask(&house, "GET", gen_arena_printf(house.arena, "/v1/jobs/%s", job)).status == 200);
    cr_expect(ask(&house, "DELETE", "/v1/secrets/fake").status == 200);
    cr_expect(ask(&house, "DELETE", "/v1/secrets/fake").status == 404);
    house_stop(&house);
    cr_expect(look_through(house.state, "MARKER") > 3);
    cr_expect(!has(log_file, "MARKER"));
    cr_expect(has(log_file, "level=debug")); /* so there was something to look at */
    cr_expect(!has(log_file, "Sanitizer") && !has(log_file, "runtime error"));
    cr_expect(unlink(log_file) == 0);
    house_close(&house);
}

/* While open jobs need a secret it is not removed, and they are named; a job of a team that has one of its own does
 * not need the organization's. */
Test(secrets, needed_ones_stay, .timeout = 120)
{
    struct house house = {.settings = "      credential: key\n", .hold = true};
    struct house_reply reply;
    const char *job;

    house_open(&house);
    house_start(&house, NULL);
    cr_assert(put(&house, "/v1/secrets/fake", "MARKER-one").status == 201);
    cr_assert(put(&house, "/v1/secrets/fake?team=tv", "MARKER-two").status == 201);
    job = house_submit(&house, "needs it");
    house_await(&house, job, "in_progress");
    reply = ask(&house, "DELETE", "/v1/secrets/fake");
    cr_expect(reply.status == 409 && strstr(reply.body, job) != NULL, "%d %s", reply.status,
              reply.body);
    cr_expect(strstr(reply.body, "1 open job needs it") != NULL, "%s", reply.body);
    cr_expect(ask(&house, "DELETE", "/v1/secrets/fake?force=maybe").status == 400);
    cr_expect(ask(&house, "DELETE", "/v1/secrets/fake?team=tv").status == 200); /* nobody's */
    cr_expect(ask(&house, "DELETE", "/v1/secrets/fake?team=tv").status == 404);
    cr_expect(ask(&house, "DELETE", "/v1/secrets/fake?force=true").status == 200);
    cr_expect(put(&house, "/v1/secrets/fake", "MARKER-three").status == 201);
    house.hold = false;
    house_await(&house, job, "completed");
    cr_expect(ask(&house, "DELETE", "/v1/secrets/fake").status == 200); /* its renders are done */
    house_stop(&house);
    house_close(&house);
}

Test(secrets, what_is_wrong_is_told_and_changes_nothing)
{
    static const struct {
        const char *method, *path, *body;
        int status;
        const char *says;
    } rows[] = {
        {"PUT", "/v1/secrets/n%C3%A4me", "x", 422, "is no name of a secret"},
        {"PUT", "/v1/secrets/.hidden", "x", 422, "is no name of a secret"},
        {"PUT", "/v1/secrets/empty", "\n", 422, "is empty"},
        {"PUT", "/v1/secrets/tab", "a\x1b[2J", 422, "control character"},
        {"PUT", "/v1/secrets/fake?account=mine", "x", 400, "must be same or other"},
        {"PUT", "/v1/secrets/fake?acount=same", "x", 400, "account"},
        {"PUT", "/v1/secrets/fake?account=same", "x", 404, "to rotate"},
        {"PUT", "/v1/secrets/fake?team=%20", "x", 422, "team"},
        {"DELETE", "/v1/secrets/absent", NULL, 404, "there is no secret"},
        {"POST", "/v1/secrets/absent/test", NULL, 404, "there is no secret"},
        {"POST", "/v1/master-key/rotate", "a passphrase", 409, "first"},
    };
    struct house house = {0};

    house.settings = "      credential: key\n";
    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct house_reply reply = house_ask(
            &house, &(struct house_ask){.method = rows[i].method, .path = rows[i].path,
                                        .type = rows[i].body == NULL ? NULL : "text/plain",
                                        .body = rows[i].body});

        cr_expect(i == GEN_COUNT(rows) - 1 ? reply.status >= 400 : reply.status == rows[i].status,
                  "%s %s: %d %s", rows[i].method, rows[i].path, reply.status, reply.body);
        cr_expect(i == GEN_COUNT(rows) - 1 || strstr(reply.body, rows[i].says) != NULL, "%s: %s",
                  rows[i].path, reply.body);
    }
    cr_expect_str_eq(house_get(&house, "/v1/secrets").body, "{\"secrets\":[]}\n");
    house_stop(&house);
    house_close(&house);
}

/* The key file gets lost, damaged, mixed up: the daemon comes up, and says what is missing. */
Test(secrets, without_their_master_key_providers_are_unready)
{
    struct house house = {0};
    struct house_reply reply;
    struct gen_error err = {0};
    char path[160], away[160];

    house.settings = "      credential: key\n";
    house_open(&house);
    house_start(&house, NULL);
    cr_assert(put(&house, "/v1/secrets/fake", "MARKER-one").status == 201);
    house_stop(&house);
    snprintf(path, sizeof path, "%s/master.key", house.state);
    snprintf(away, sizeof away, "%s/away", house.folder);
    for (int round = 0; round < 3; round++) {
        const char *const says[] = {"there is no master key", "is damaged", "but the one in"};
        static const char other[] = "genengine-master-key 1\n"
                                    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
        char digest[80], text[256];
        struct gen_digest sum;

        cr_assert(round > 0 || rename(path, away) == 0);
        if (round == 1) {
            cr_assert(gen_files_write(path, "nonsense\n", 9, 0600, &err) == GEN_OK);
        } else if (round == 2) {
            gen_digest_init(&sum);
            gen_digest_add(&sum, other, strlen(other));
            gen_digest_text(&sum, digest);
            snprintf(text, sizeof text, "%s%.16s\n", other, digest);
            cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK);
        }
        house_start(&house, NULL);
        reply = ask(&house, "GET", "/v1/secrets");
        cr_expect(strstr(reply.body, says[round]) != NULL, "%d: %s", round, reply.body);
        reply = ask(&house, "GET", "/v1/providers");
        cr_expect(strstr(reply.body, says[round]) != NULL, "%d: %s", round, reply.body);
        cr_expect(put(&house, "/v1/secrets/more", "x").status == (round == 1 ? 500 : 403));
        house_stop(&house);
        cr_expect((access(path, F_OK) == 0) == (round > 0)); /* none was made in its place */
    }
    cr_assert(rename(away, path) == 0);
    house_start(&house, NULL);
    reply = ask(&house, "GET", "/v1/secrets");
    cr_expect(strstr(reply.body, "\"readable\":true") != NULL, "%s", reply.body);
    house_stop(&house);
    house_close(&house);
}
