/* planted_test.c - secrets that are planted everywhere a secret can come in are found nowhere: not in the state
 * folder, the log, the events, the replies, nor in what a core dump of the running daemon would hold (where no sanitizer
 * keeps freed memory); before and after they are rotated. What must be in the clear for the time of a request
 * lies in memory that is locked and left out of core dumps. */
#include "house.h"

#include "base/alloc.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_IS_KEPT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_IS_KEPT 1
#endif
#endif
#ifndef MEMORY_IS_KEPT
#define MEMORY_IS_KEPT 0
#endif

/* Texts that occur nowhere else. Webhooks: whsec_ and base64. */
static const char *const planted[] = {
    "PLANTED-provider-one-7Jq2", "PLANTED-provider-two-9Xw4", "PLANTED-team-secret-3Kd8",
    "cGxhbnRlZC13ZWJob29rLXNlY3JldC1vbmUtMTIzNDU2Nzg5", "PLANTED-other-account-5Tz1", NULL};

/* Those that signed no request yet: what libcurl has sent, it leaves in small pieces of memory that it has freed
 * (docs/security.md). */
enum { UNUSED_FROM = 2, UNUSED_TO = 3 };

static int found_in(const char *data, size_t size, const char *where)
{
    bool memory = strcmp(where, "memory in use") == 0;
    int found = 0;

    for (size_t i = 0; planted[i] != NULL; i++) {
        const char *at;

        if (memory && (i < UNUSED_FROM || i > UNUSED_TO)) {
            continue;
        }
        at = memmem(data, size, planted[i], strlen(planted[i]));

        if (at != NULL) {
            fprintf(stderr, "%s has %s: ...%.*s...\n", where, planted[i],
                    at - data > 60 ? 60 : (int)(at - data), at - (at - data > 60 ? 60 : at - data));
            found++;
        }
    }
    return found;
}

static int look_through(const char *folder, int *files)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int found = 0;

    cr_assert(dir != NULL);
    while ((entry = readdir(dir)) != NULL) {
        char path[512];
        struct stat facts;
        struct gen_bytes text;
        struct gen_error err = {0};

        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            lstat(path, &facts) != 0) {
            continue;
        }
        if (S_ISDIR(facts.st_mode)) {
            found += look_through(path, files);
        } else if (S_ISREG(facts.st_mode)) {
            gen_bytes_init(&text, 64 * 1024 * 1024);
            cr_assert(gen_files_read(path, &text, &err) == GEN_OK, "%s", err.message);
            found += found_in(text.data, text.size, path);
            gen_bytes_fini(&text);
            ++*files;
        }
    }
    closedir(dir);
    return found;
}

struct region { /* of a process's memory */
    unsigned long from, to;
    bool readable, dumped, locked;
};

/* The next region of smaps; false at the end. */
static bool region_next(FILE *smaps, struct region *out)
{
    char line[512], mode[8];
    unsigned long from, to;
    bool any = false;

    while (fgets(line, sizeof line, smaps) != NULL) {
        if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3) {
            out->from = from;
            out->to = to;
            out->readable = mode[0] == 'r' && mode[1] == 'w';
            any = true;
        } else if (any && strncmp(line, "VmFlags:", 8) == 0) {
            out->dumped = strstr(line, " dd") == NULL;
            out->locked = strstr(line, " lo") != NULL;
            return true;
        }
    }
    return false;
}

/* What a core dump would hold: all that is written and not left out. */
static int look_at_memory(struct house *house, const char *name, int *locked)
{
    char path[64];
    FILE *smaps;
    struct region region = {0};
    int memory, found = 0, known = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/smaps", (int)gen_process_pid(house->gend));
    smaps = fopen(path, "r");
    (void)snprintf(path, sizeof path, "/proc/%d/mem", (int)gen_process_pid(house->gend));
    memory = open(path, O_RDONLY);
    *locked = 0;
    while (smaps != NULL && memory >= 0 && region_next(smaps, &region)) {
        size_t size = region.to - region.from;

        *locked += region.locked && !region.dumped;
        if (!MEMORY_IS_KEPT && region.readable && region.dumped) {
            char *data = malloc(size);
            ssize_t got = data == NULL ? -1 : pread(memory, data, size, (off_t)region.from);

            if (got > 0) {
                found += found_in(data, (size_t)got, name);
                known += memmem(data, (size_t)got, house->state, strlen(house->state)) != NULL;
            }
            free(data);
        }
    }
    if (smaps == NULL || memory < 0) {
        *locked = -1; /* not root: the daemon lets nobody look */
    } else {
        cr_expect(known > 0 || MEMORY_IS_KEPT, "what is no secret is found");
    }
    if (smaps != NULL) {
        fclose(smaps);
    }
    if (memory >= 0) {
        close(memory);
    }
    return found;
}

static struct house_reply put(struct house *house, const char *path, const char *text)
{
    struct house_reply reply = house_ask(house, &(struct house_ask){.method = "PUT", .path = path,
                                                                    .type = "text/plain",
                                                                    .body = text});

    cr_assert(reply.status == 200 || reply.status == 201, "%d %s", reply.status, reply.body);
    cr_expect(found_in(reply.body, reply.size, "reply") == 0);
    return reply;
}

static void look_everywhere(struct house *house, const char *when, const char *memory)
{
    static const char *const paths[] = {"/v1/secrets", "/v1/audit?limit=200", "/v1/webhooks",
                                        "/v1/providers", "/v1/keys", "/metrics", "/v1/master-key"};
    int files = 0, locked = 0, found;

    found = look_through(house->state, &files) + look_at_memory(house, memory, &locked);
    for (size_t i = 0; i < GEN_COUNT(paths); i++) {
        struct house_reply reply = house_get(house, paths[i]);

        cr_expect(reply.status == 200, "%s: %d", paths[i], reply.status);
        found += found_in(reply.body, reply.size, paths[i]);
    }
    cr_expect(found == 0, "%s: %d found", when, found);
    cr_expect(files > 3, "%s: %d files", when, files);
    /* the sanitizer makes mlock do nothing */
    cr_expect(locked != 0 || MEMORY_IS_KEPT || strcmp(when, "set") == 0, "%s: no locked memory", when);
}

Test(planted, are_found_nowhere, .timeout = 200)
{
    const char *const arguments[] = {"--log-level", "debug", NULL};
    struct house house = {.settings = "      credential: key\n      health: true\n"};
    struct house_reply reply;
    struct gen_error err = {0};
    struct gen_bytes text;
    const char *webhook;
    char log[128];

    house_open(&house);
    (void)snprintf(log, sizeof log, "%s/gend.log", house.folder);
    house.log = log;
    house_start(&house, arguments);
    put(&house, "/v1/secrets/fake", planted[0]);
    put(&house, "/v1/secrets/fake?team=spring", planted[2]);
    /* wrong ways to say it: refused, and not told again */
    reply = house_ask(&house, &(struct house_ask){.method = "PUT", .path = "/v1/secrets/fake",
                                                  .type = "text/plain", .body = planted[1]});
    cr_expect(reply.status == 409 && found_in(reply.body, reply.size, "refusal") == 0);
    reply = house_post(&house, "/v1/webhooks",
                       gen_arena_printf(house.arena,
                                        "{\"url\":\"https://example.com/hook\",\"events\":"
                                        "[\"job.failed\"],\"secret\":\"whsec_%s\"}", planted[3]));
    cr_assert(reply.status == 201, "%s", reply.body);
    webhook = gen_node_text(gen_node_get(reply.document, "id"), "");
    look_everywhere(&house, "set", "memory");
    reply = house_ask(&house, &(struct house_ask){.method = "POST",
                                                  .path = "/v1/secrets/fake/test"});
    cr_expect(reply.status == 200, "%s", reply.body);
    house_await(&house, house_submit(&house, "signed"), "completed");
    cr_expect(strstr(house.authorization, planted[0]) != NULL, "it was used");
    look_everywhere(&house, "used", "memory in use");
    put(&house, "/v1/secrets/fake?account=same", planted[1]);
    put(&house, "/v1/secrets/fake?account=other", planted[4]);
    reply = house_post(&house, gen_arena_printf(house.arena, "/v1/webhooks/%s/rotate", webhook),
                       NULL);
    cr_expect(reply.status == 200);
    cr_expect(house_post(&house, "/v1/master-key/rotate", NULL).status == 200);
    house_await(&house, house_submit(&house, "signed again"), "completed");
    look_everywhere(&house, "rotated", "memory in use");
    house_stop(&house);
    house_start(&house, arguments);
    house_await(&house, house_submit(&house, "after a restart"), "completed");
    look_everywhere(&house, "restarted", "memory in use");
    house_stop(&house);
    gen_bytes_init(&text, 64 * 1024 * 1024);
    cr_assert(gen_files_read(log, &text, &err) == GEN_OK);
    cr_expect(found_in(text.data, text.size, "the log") == 0);
    cr_expect(strstr(text.data, "level=debug") != NULL, "there was something to look at");
    gen_bytes_fini(&text);
    house.gend = NULL;
    house_close(&house);
}
