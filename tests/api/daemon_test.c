/* daemon_test.c - gend as a program: how it starts, refuses to, stops, and comes back. */
#include "house.h"

#include "platform/files.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static mode_t mode_of(struct house *house, const char *name)
{
    struct stat facts;
    char path[160];

    (void)snprintf(path, sizeof path, "%s%s%s", house->state, name[0] != '\0' ? "/" : "", name);
    cr_assert(stat(path, &facts) == 0, "%s is not there", path);
    return facts.st_mode & 0777;
}

/* Nobody else can read what it keeps. */
Test(daemon, keeps_to_itself, .timeout = 60)
{
    struct house house = {0};

    house_open(&house);
    house_start(&house, NULL);
    cr_assert(!house.ended, "%s", house.last_words);
    cr_expect(mode_of(&house, "") == 0700);
    cr_expect(mode_of(&house, "api-key") == 0600);
    cr_expect(mode_of(&house, "gend.sock") == 0600);
    cr_expect((mode_of(&house, "genengine.db") & 077) == 0);
    cr_expect(strlen(house.key) >= 40);
    house_close(&house);
}

/* What is wrong on the command line, in the environment's file, in the folder: exit code and words. */
Test(daemon, says_why_not, .timeout = 60)
{
    static const struct {
        const char *more[3];
        int exit_code;
        const char *words;
    } cases[] = {
        {{"--stat", "x"}, 2, "did you mean --state?"},
        {{"--state"}, 2, "--state needs a value"},
        {{"--log-level", "loud"}, 2, "--log-level: "},
        {{"--listen", "here"}, 2, "--listen: "},
        {{"--config", "/nonexistent/gend.yaml"}, 2, "/nonexistent/gend.yaml"},
        {{"--help=1"}, 2, "takes no value"},
        {{"--state", "/dev/null/x"}, 1, "/dev/null"},
        {{"--listen", "192.0.2.1:8377"}, 1, "192.0.2.1"},
        {{"--version"}, 0, ""},
    };
    struct house house = {0};

    house_open(&house);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        house_start(&house, cases[i].more);
        cr_assert(house.ended, "gend runs with %s", cases[i].more[0]);
        cr_expect(house.exit_code == cases[i].exit_code, "%s: exit code %d: %s", cases[i].more[0],
                  house.exit_code, house.last_words);
        cr_expect(strstr(house.last_words, cases[i].words) != NULL, "%s: %s", cases[i].more[0],
                  house.last_words);
        cr_expect(strstr(house.last_words, "Sanitizer") == NULL, "%s", house.last_words);
    }
    house_close(&house);
}

/* A mistake in gend.yaml has its line and column. */
Test(daemon, points_into_its_file, .timeout = 60)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"listen: none\nloglevel: info\n", "gend.yaml:2:"},
        {"jobBudget: much\n", "gend.yaml:1:12: jobBudget: "},
        {"leastFree: 0\n", "gend.yaml:1:"},
        {"providers:\n  fake:\n    price: 1\n", "gend.yaml:3:"},
        {"a: [\n", "gend.yaml:"},
        {"- 1\n", "gend.yaml:1:1"},
    };
    struct house house = {0};
    struct gen_error err = {0};
    char path[160];

    house_open(&house);
    (void)snprintf(path, sizeof path, "%s/gend.yaml", house.folder);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_assert(gen_files_write(path, cases[i].text, strlen(cases[i].text), 0600, &err) ==
                  GEN_OK);
        house_start(&house, NULL);
        cr_assert(house.ended, "gend runs with %s", cases[i].text);
        cr_expect(house.exit_code == 2, "exit code %d", house.exit_code);
        cr_expect(strstr(house.last_words, cases[i].words) != NULL, "%s: %s", cases[i].text,
                  house.last_words);
    }
    house_close(&house);
}

/* A second daemon on the same folder: exit code 3 and the pid of the first, which goes on. */
Test(daemon, is_alone, .timeout = 60)
{
    struct house first = {0}, second = {0};
    char pid[32];

    house_open(&first);
    house_start(&first, NULL);
    house_open(&second);
    (void)snprintf(second.state, sizeof second.state, "%s", first.state);
    (void)snprintf(second.socket, sizeof second.socket, "%s/none", first.state);
    house_start(&second, NULL);
    cr_assert(second.ended);
    cr_expect(second.exit_code == 3, "exit code %d", second.exit_code);
    (void)snprintf(pid, sizeof pid, "pid %d", gen_process_pid(first.gend));
    cr_expect(strstr(second.last_words, pid) != NULL, "%s", second.last_words);
    cr_expect(house_get(&first, "/healthz").status == 200);
    house_close(&second);
    house_close(&first);
}

static size_t files_in(struct house *house, const char *name)
{
    char path[160];
    size_t count = 0;
    DIR *folder;

    (void)snprintf(path, sizeof path, "%s/%s", house->state, name);
    folder = opendir(path);
    cr_assert(folder != NULL, "%s", path);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

/* kill -9 while a job is at work: it is finished after the next start, bought once. */
Test(daemon, survives_a_power_cut, .timeout = 120)
{
    struct house house = {.hold = true};
    const char *job;

    house_open(&house);
    house_start(&house, NULL);
    job = house_submit(&house, "cut");
    while (house.orders == 0) {
        gen_loop_turn(house.loop);
    }
    (void)house_get(&house, "/healthz");
    house_kill(&house);
    house.hold = false;
    house_start(&house, NULL);
    cr_assert(!house.ended, "%s", house.last_words);
    house_await(&house, job, "completed needs_attention");
    cr_expect(house.orders == 1, "%d orders", house.orders);
    house_close(&house);
}

/* A refused or broken upload leaves no trace. */
Test(daemon, cleans_up_uploads, .timeout = 60)
{
    struct house house = {0};
    struct house_ask ask = {.method = "POST", .path = "/v1/assets?name=x.png", .body = "no picture"};

    house_open(&house);
    house_start(&house, NULL);
    cr_expect(house_ask(&house, &ask).status == 422);
    cr_expect(files_in(&house, "uploads") == 0);
    cr_expect(files_in(&house, "blobs") == 0);
    house_close(&house);
}
