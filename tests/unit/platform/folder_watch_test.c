/* folder_watch_test.c - core/platform/folder_watch.c: every way in which a folder changes is heard once.
 * The loop is turned until the call comes; nothing here measures time. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/folder_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(folder_watch, .timeout = 60);

struct place {
    char root[40], folder[64], other[64];
    struct gen_loop *loop;
    struct gen_folder_watch *watch;
    int calls;
};

static void on_change(void *context)
{
    struct place *place = context;

    place->calls++;
}

static void write_text(const char *folder, const char *name, const char *text)
{
    struct gen_error err = {0};
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK, "%s", err.message);
}

static void place_open(struct place *place)
{
    struct gen_error err = {0};

    memset(place, 0, sizeof *place);
    strcpy(place->root, "/tmp/gen-watch-XXXXXX");
    cr_assert(mkdtemp(place->root) != NULL);
    snprintf(place->folder, sizeof place->folder, "%s/policies", place->root);
    snprintf(place->other, sizeof place->other, "%s/other", place->root);
    cr_assert(mkdir(place->folder, 0700) == 0 && mkdir(place->other, 0700) == 0);
    cr_assert(gen_loop_create(&place->loop, &err) == GEN_OK);
}

static void place_watch(struct place *place, const char *folder)
{
    struct gen_error err = {0};

    cr_assert(gen_folder_watch_open(place->loop, folder, 20, on_change, place, &place->watch,
                                    &err) == GEN_OK,
              "%s", err.message);
}

static void place_close(struct place *place)
{
    struct gen_error err = {0};

    gen_folder_watch_close(&place->watch);
    gen_loop_destroy(place->loop);
    cr_assert(gen_files_remove_tree(place->root, &err) == GEN_OK);
}

static void await_call(struct place *place)
{
    int before = place->calls;

    while (place->calls == before) {
        gen_loop_turn(place->loop);
    }
}

static void in_folder(const struct place *place, char *out, size_t size, const char *name)
{
    snprintf(out, size, "%s/%s", place->folder, name);
}

static void change_write(struct place *place)
{
    write_text(place->folder, "routing.yaml", "a");
}

static void change_write_in_place(struct place *place)
{
    char path[128];
    FILE *file;

    in_folder(place, path, sizeof path, "routing.yaml");
    file = fopen(path, "a");
    fputs("more", file);
    fclose(file);
}

static void change_remove(struct place *place)
{
    char path[128];

    in_folder(place, path, sizeof path, "routing.yaml");
    cr_assert(unlink(path) == 0);
}

static void change_new_folder(struct place *place)
{
    char path[128];

    in_folder(place, path, sizeof path, "providers");
    cr_assert(mkdir(path, 0700) == 0);
}

static void change_in_new_folder(struct place *place)
{
    char path[128];

    in_folder(place, path, sizeof path, "providers");
    write_text(path, "veo.yaml", "a");
}

static void change_rename_folder(struct place *place)
{
    char from[128], to[128];

    in_folder(place, from, sizeof from, "providers");
    in_folder(place, to, sizeof to, "brands");
    cr_assert(rename(from, to) == 0);
}

static void change_move_away(struct place *place)
{
    char path[128];

    snprintf(path, sizeof path, "%s/away", place->root);
    cr_assert(rename(place->folder, path) == 0);
}

static void change_put_another(struct place *place)
{
    cr_assert(mkdir(place->folder, 0700) == 0);
}

/* One after the other on the same folder: each is heard, also after it was replaced. */
Test(folder_watch, hears_every_change)
{
    static void (*const changes[])(struct place *) = {
        change_write,         change_write_in_place, change_remove,    change_new_folder,
        change_in_new_folder, change_rename_folder,  change_move_away, change_put_another,
        change_write,         change_new_folder,     change_in_new_folder};
    struct place place;

    place_open(&place);
    place_watch(&place, place.folder);
    for (size_t i = 0; i < GEN_COUNT(changes); i++) {
        changes[i](&place);
        await_call(&place);
    }
    place_close(&place);
}

/* A link that is turned to another folder, as deployments do. */
Test(folder_watch, follows_a_link)
{
    struct place place;
    char link[64], fresh[64];

    place_open(&place);
    snprintf(link, sizeof link, "%s/current", place.root);
    snprintf(fresh, sizeof fresh, "%s/fresh", place.root);
    cr_assert(symlink(place.folder, link) == 0);
    place_watch(&place, link);
    cr_assert(symlink(place.other, fresh) == 0 && rename(fresh, link) == 0);
    await_call(&place);
    write_text(place.other, "routing.yaml", "a"); /* where it leads now is watched */
    await_call(&place);
    place_close(&place);
}

/* Makes `name` in the folder a link to `target`, in one step if it is there. */
static void put_link(const char *folder, const char *name, const char *target)
{
    char path[128], fresh[160];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(fresh, sizeof fresh, "%s.fresh", path);
    cr_assert(symlink(target, fresh) == 0 && rename(fresh, path) == 0);
}

static void put_folder(const struct place *place, const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", place->root, name);
    cr_assert(mkdir(path, 0700) == 0, "%s", path);
}

static void put_text(const struct place *place, const char *name)
{
    write_text(place->root, name, "a");
}

/* What is changed, by its path in the root, and how; all of one row on the same folder, in order. */
struct far_change {
    const char *path, *target; /* target: a link is put; NULL: the file is written anew */
};

/* Files that lie elsewhere, and folders, behind one link or a chain of them. */
Test(folder_watch, follows_links_of_files)
{
    static const struct {
        struct far_change links[4]; /* there from the beginning */
        struct far_change changes[6];
    } cases[] = {
        /* routing.yaml -> ../other/routing.yaml: edited twice, and turned elsewhere */
        {{{"policies/routing.yaml", "../other/routing.yaml"}},
         {{"other/routing.yaml", NULL},
          {"other/routing.yaml", NULL},
          {"policies/routing.yaml", "../v1/routing.yaml"},
          {"v1/routing.yaml", NULL}}},
        /* its target is a link in turn: that is turned, and then the last file edited */
        {{{"policies/routing.yaml", "../other/routing.yaml"},
          {"other/routing.yaml", "../v1/routing.yaml"}},
         {{"v1/routing.yaml", NULL},
          {"other/routing.yaml", "../v2/routing.yaml"},
          {"v2/routing.yaml", NULL}}},
        /* the folder on the way is a link, as Kubernetes mounts it: one swap is a new version */
        {{{"policies/routing.yaml", "../other/..data/routing.yaml"}, {"other/..data", "../v1"}},
         {{"v1/routing.yaml", NULL}, {"other/..data", "../v2"}, {"v2/routing.yaml", NULL}}},
        /* the same in the folder itself */
        {{{"policies/..data", "../v1"}, {"policies/routing.yaml", "..data/routing.yaml"}},
         {{"v1/routing.yaml", NULL}, {"policies/..data", "../v2"}, {"v2/routing.yaml", NULL}}},
        /* a folder of it lies elsewhere, behind a link that is turned */
        {{{"other/current", "../v1"}, {"policies/providers", "../other/current"}},
         {{"v1/veo.yaml", NULL}, {"other/current", "../v2"}, {"v2/veo.yaml", NULL}}},
        /* a file of such a folder is a link */
        {{{"policies/providers", "../v1"}, {"v1/veo.yaml", "../other/veo.yaml"}},
         {{"other/veo.yaml", NULL}, {"v1/veo.yaml", "../v2/veo.yaml"}, {"v2/veo.yaml", NULL}}},
        /* the target is not there yet, nor its folder; a circle harms nobody */
        {{{"policies/routing.yaml", "../later/routing.yaml"}, {"policies/circle", "circle"}},
         {{"later", "v1"}, {"v1/routing.yaml", NULL}}},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct place place;

        place_open(&place);
        put_folder(&place, "v1");
        put_folder(&place, "v2");
        put_text(&place, "v2/routing.yaml");
        for (size_t k = 0; cases[i].links[k].path != NULL; k++) {
            put_link(place.root, cases[i].links[k].path, cases[i].links[k].target);
        }
        place_watch(&place, place.folder);
        for (size_t k = 0; cases[i].changes[k].path != NULL; k++) {
            const struct far_change *change = &cases[i].changes[k];

            if (change->target != NULL) {
                put_link(place.root, change->path, change->target);
            } else {
                put_text(&place, change->path);
            }
            await_call(&place);
        }
        place_close(&place);
    }
}

/* Beside the file that a link leads to, others may come and go. */
Test(folder_watch, does_not_hear_neighbours)
{
    struct place place;

    place_open(&place);
    put_link(place.folder, "routing.yaml", "../other/routing.yaml");
    place_watch(&place, place.folder);
    put_text(&place, "other/routing.yaml.swp");
    put_text(&place, "other/x");
    gen_loop_poll(place.loop);
    cr_assert(eq(int, place.calls, 0));
    put_text(&place, "other/routing.yaml");
    await_call(&place);
    cr_assert(eq(int, place.calls, 1));
    place_close(&place);
}

/* The folder that holds the watched one may be reached through a link, which is turned. */
Test(folder_watch, follows_a_link_on_the_way)
{
    struct place place;
    char path[128];

    place_open(&place);
    put_folder(&place, "v1");
    put_folder(&place, "v2");
    put_folder(&place, "v1/policies");
    put_folder(&place, "v2/policies");
    put_link(place.root, "current", "v1");
    snprintf(path, sizeof path, "%s/current/policies/", place.root);
    place_watch(&place, path);
    put_text(&place, "v1/policies/a");
    await_call(&place);
    put_link(place.root, "current", "v2");
    await_call(&place);
    put_text(&place, "v2/policies/a");
    await_call(&place);
    place_close(&place);
}

/* Fifty files at once are one change; what happens beside the folder is none. */
Test(folder_watch, is_called_once)
{
    struct place place;

    place_open(&place);
    place_watch(&place, place.folder);
    for (int i = 0; i < 50; i++) {
        char name[32];

        snprintf(name, sizeof name, "%d.yaml", i);
        write_text(place.folder, name, "a");
    }
    await_call(&place);
    write_text(place.other, "x", "a");
    write_text(place.root, "policies.yaml", "a");
    gen_loop_poll(place.loop); /* these were heard, and concern nobody */
    cr_assert(eq(int, place.calls, 1));
    change_write(&place);
    await_call(&place);
    cr_assert(eq(int, place.calls, 2));
    place_close(&place);
}

/* It need not be there at first; the folder that holds it must. */
Test(folder_watch, waits_for_the_folder)
{
    struct gen_error err = {0};
    struct place place;
    char path[80];

    place_open(&place);
    cr_assert(rmdir(place.folder) == 0);
    place_watch(&place, place.folder);
    change_put_another(&place);
    await_call(&place);
    gen_folder_watch_close(&place.watch);
    cr_assert(place.watch == NULL);
    gen_folder_watch_close(&place.watch);
    snprintf(path, sizeof path, "%s/not/there", place.root);
    cr_assert(gen_folder_watch_open(place.loop, path, 20, on_change, &place, &place.watch, &err) ==
              GEN_ENOTFOUND);
    cr_assert(strstr(err.message, "not") != NULL, "%s", err.message);
    place_close(&place);
}

Test(folder_watch, every_allocation_may_fail)
{
    struct gen_error err;
    struct place place;
    enum gen_status status = GEN_ENOMEM;

    place_open(&place);
    for (long nth = 1; status != GEN_OK; nth++) {
        gen_alloc_fail_at(nth);
        status = gen_folder_watch_open(place.loop, place.folder, 20, on_change, &place,
                                       &place.watch, &err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM || status == GEN_ELIMIT, "%d", status);
        cr_assert(nth < 100);
    }
    place_close(&place);
}
