/* premises_test.c - the state folder: whose it is, who is in it, and what it is for. */
#include "daemon/premises.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "premises-XXXXXX";
static struct gen_arena *arena;

static void touch(const char *name)
{
    char path[200];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    close(open(path, O_CREAT | O_WRONLY, 0600));
}

static void setup(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    arena = gen_arena_create(0);
}

static void teardown(void)
{
    char command[200];

    gen_arena_destroy(arena);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    cr_assert(eq(int, system(command), 0));
}

TestSuite(premises, .init = setup, .fini = teardown);

Test(premises, one_at_a_time)
{
    struct gen_premises first = {0}, second = {0};
    struct gen_error err = {0};
    char path[200];

    snprintf(path, sizeof(path), "%s/state", folder);
    cr_assert(eq(int, gen_premises_enter(path, arena, &first, &err), GEN_OK), "%s", err.message);
    cr_expect(first.state[0] == '/');
    cr_expect(eq(int, gen_premises_enter(path, arena, &second, &err), GEN_EBUSY));
    cr_expect(strstr(err.message, "gen down") != NULL, "%s", err.message);
    gen_premises_leave(&second);
    gen_premises_leave(&first);
    cr_assert(eq(int, gen_premises_enter(path, arena, &second, &err), GEN_OK), "%s", err.message);
    gen_premises_leave(&second);
}

Test(premises, closed_to_others)
{
    struct gen_premises premises = {0};
    struct gen_error err = {0};

    cr_assert(eq(int, chmod(folder, 0770), 0));
    cr_expect(eq(int, gen_premises_enter(folder, arena, &premises, &err), GEN_EDENIED));
    cr_expect(strstr(err.message, "chmod go-w") != NULL, "%s", err.message);
    cr_expect(not(premises.locked));
}

Test(premises, uploads_go)
{
    struct gen_premises premises = {0};
    struct gen_error err = {0};
    struct stat facts;
    char left[200];

    cr_assert(eq(int, gen_premises_enter(folder, arena, &premises, &err), GEN_OK));
    cr_assert(eq(int, mkdir(premises.uploads, 0700), 0));
    touch("uploads/left");
    snprintf(left, sizeof(left), "%s/uploads/left", folder);
    cr_expect(eq(int, gen_premises_clear(&premises, &err), GEN_OK));
    cr_expect(access(left, F_OK) != 0);
    /* the folder that people are told to put keys into, closed to others */
    cr_expect(eq(int, stat(premises.credentials, &facts), 0));
    cr_expect(eq(int, (int)(facts.st_mode & 0777), 0700));
    cr_expect(access(premises.uploads, F_OK) == 0 && access(premises.blobs, F_OK) == 0);
    gen_premises_leave(&premises);
}

Test(premises, a_sandbox_is_apart)
{
    struct gen_premises premises = {0};
    struct gen_error err = {0};
    char simulator[200];

    snprintf(simulator, sizeof(simulator), "%s/simulator", folder);
    cr_assert(eq(int, gen_premises_enter(folder, arena, &premises, &err), GEN_OK));
    cr_expect(eq(int, gen_premises_apart(&premises, true, simulator, arena, &err), GEN_OK));
    cr_expect(eq(int, gen_premises_apart(&premises, false, simulator, arena, &err), GEN_OK));
    touch("genengine.db");
    cr_expect(eq(int, gen_premises_apart(&premises, true, simulator, arena, &err), GEN_ECONFLICT));
    cr_expect(strstr(err.message, "real work") != NULL, "%s", err.message);
    touch("simulator");
    cr_expect(eq(int, gen_premises_apart(&premises, true, simulator, arena, &err), GEN_OK));
    cr_expect(eq(int, gen_premises_apart(&premises, false, simulator, arena, &err), GEN_ECONFLICT));
    cr_expect(strstr(err.message, "--sandbox") != NULL, "%s", err.message);
    gen_premises_leave(&premises);
}
