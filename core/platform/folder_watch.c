/* folder_watch.c - see folder_watch.h. inotify watches folders, never a file: an editor puts another in
 * its place. Of the folder and each folder in it everything is heard; of a folder in which a link lies,
 * or where one leads, only that name. After every burst the list is made anew. */
#include "platform/folder_watch.h"

#include "base/alloc.h"
#include "platform/files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WATCH_MOST = 1024,      /* folders and names; more are left to those who ask for a reload */
    WATCH_MOST_LINKS = 40,  /* on one way; more are a circle, as for the system */
    WATCH_MOST_BURSTS = 10, /* times quiet_ms: so long a burst may last */
};

#define WATCH_MASK \
    (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | \
     IN_MOVE_SELF | IN_ATTRIB)

struct watched { /* a folder of which everything, or one name, concerns us */
    int number;
    const char *name; /* NULL = everything in it; in the list's arena */
};

struct watch_list {
    struct gen_arena *arena;
    struct watched *items; /* WATCH_MOST */
    size_t count;
};

struct gen_folder_watch {
    struct gen_loop *loop;
    struct gen_arena *arena;
    const char *folder, *above; /* the folder; the one that holds it */
    int64_t quiet_ms, since;    /* since: loop time of a burst's first change, 0 = quiet */
    gen_loop_call *call;
    void *context;
    int fd;
    struct watch_list list;
    struct gen_watch *watch;
    struct gen_timer *timer;
};

struct way {             /* a path while it is walked */
    char at[PATH_MAX];   /* a folder, without links; "" = the working one, "/" = the root */
    char rest[PATH_MAX]; /* what is still to go from there */
    int links;
};

/* False: the system has no more watches, or we no memory. */
static bool watch_add(int fd, struct watch_list *list, const char *path, const char *name)
{
    int number = inotify_add_watch(fd, path, WATCH_MASK | IN_ONLYDIR);

    if (number < 0) {
        return errno != ENOSPC &&
               errno != ENOMEM; /* gone or shut: then there is nothing to watch */
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct watched *known = &list->items[i];

        if (known->number == number &&
            (known->name == NULL || (name != NULL && strcmp(known->name, name) == 0))) {
            return true;
        }
    }
    if (list->count == WATCH_MOST) {
        return true;
    }
    if (name != NULL && (name = gen_arena_strdup(list->arena, name)) == NULL) {
        return false;
    }
    list->items[list->count++] = (struct watched){number, name};
    return true;
}

/* Takes the next name off what is to go; false: there is none. */
static bool way_next(struct way *way, char *name)
{
    size_t skip = strspn(way->rest, "/"), size = strcspn(way->rest + skip, "/");

    if (size == 0 || size > NAME_MAX) {
        return false;
    }
    memcpy(name, way->rest + skip, size);
    name[size] = '\0';
    memmove(way->rest, way->rest + skip + size, strlen(way->rest + skip + size) + 1);
    return true;
}

/* Puts where a link leads before what is to go; false: it is no link, or one too many. */
static bool way_turn(struct way *way, const char *path)
{
    char target[PATH_MAX];
    ssize_t size = readlink(path, target, sizeof target);
    size_t left = strlen(way->rest);

    if (size <= 0 || (size_t)size + left + 2 > sizeof way->rest ||
        ++way->links > WATCH_MOST_LINKS) {
        return false;
    }
    memmove(way->rest + size + 1, way->rest, left + 1);
    memcpy(way->rest, target, (size_t)size);
    way->rest[size] = '/';
    if (target[0] == '/') {
        (void)snprintf(way->at, sizeof way->at, "/");
    }
    return true;
}

/* Watches the names by which `path` is found: each link on the way, and where it ends, or would. A name
 * is watched before it is read, so that no change falls in between. */
static bool watch_way(int fd, struct watch_list *list, const char *path)
{
    struct way way = {.links = 0};
    char name[NAME_MAX + 1], next[PATH_MAX];
    struct stat facts;

    if (strlen(path) >= sizeof way.rest) {
        return true;
    }
    (void)snprintf(way.rest, sizeof way.rest, "%s", path);
    (void)snprintf(way.at, sizeof way.at, "%s", path[0] == '/' ? "/" : "");
    while (way_next(&way, name)) {
        bool there, last = strspn(way.rest, "/") == strlen(way.rest);
        int size = snprintf(next, sizeof next, "%s%s%s", way.at,
                            way.at[0] == '\0' || strcmp(way.at, "/") == 0 ? "" : "/", name);

        if (size < 0 || (size_t)size >= sizeof next) {
            return true;
        }
        there = lstat(next, &facts) == 0;
        if (!there || last || S_ISLNK(facts.st_mode)) {
            if (!watch_add(fd, list, way.at[0] == '\0' ? "." : way.at, name)) {
                return false;
            }
            there = lstat(next, &facts) == 0;
        }
        if (there && S_ISLNK(facts.st_mode)) {
            if (!way_turn(&way, next)) {
                return true;
            }
        } else if (there) {
            memcpy(way.at, next, (size_t)size + 1);
        } else {
            return true;
        }
    }
    return true;
}

/* Watches a folder, the ends of the links in it, and, unless it is `deep`, its folders. */
static bool watch_folder(int fd, struct watch_list *list, const char *folder, bool deep)
{
    bool fine = watch_way(fd, list, folder) && watch_add(fd, list, folder, NULL);
    DIR *entries = fine ? opendir(folder) : NULL;

    for (struct dirent *entry = entries == NULL ? NULL : readdir(entries); entry != NULL && fine;
         entry = readdir(entries)) {
        struct stat facts;
        char path[PATH_MAX];
        int size = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);

        if (entry->d_name[0] == '.' || size < 0 || (size_t)size >= sizeof path ||
            lstat(path, &facts) != 0) {
            continue;
        }
        if (S_ISLNK(facts.st_mode)) {
            fine = watch_way(fd, list, path);
        }
        if (fine && !deep && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
            fine = watch_folder(fd, list, path, true);
        }
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    return fine;
}

static void list_fini(struct watch_list *list)
{
    gen_arena_destroy(list->arena);
    *list = (struct watch_list){.count = 0};
}

static bool list_has(const struct watch_list *list, int number)
{
    size_t i = 0;

    while (i < list->count && list->items[i].number != number) {
        i++;
    }
    return i < list->count;
}

/* Watches what is there now, in place of what was. False: the system has no more watches, or we no
 * memory; then what could be watched is added to what was. */
static bool watch_renew(struct gen_folder_watch *watch)
{
    struct watch_list old = watch->list, fresh = {.arena = gen_arena_create(0)};
    bool fine;

    fresh.items = fresh.arena == NULL
                      ? NULL
                      : gen_arena_array(fresh.arena, WATCH_MOST, sizeof *fresh.items);
    if (fresh.items == NULL) {
        list_fini(&fresh);
        return false;
    }
    fine = watch_folder(watch->fd, &fresh, watch->folder, false);
    for (size_t i = 0; i < old.count; i++) {
        if (list_has(&fresh, old.items[i].number)) {
            continue; /* the same folder has the same number again */
        }
        if (fine) {
            (void)inotify_rm_watch(watch->fd, old.items[i].number);
        } else if (fresh.count < WATCH_MOST) {
            fresh.items[fresh.count++] = (struct watched){old.items[i].number, NULL};
        }
    }
    list_fini(&old);
    watch->list = fresh;
    return fine;
}

static void watch_on_quiet(void *context)
{
    struct gen_folder_watch *watch = context;

    watch->timer = NULL;
    watch->since = 0;
    (void)watch_renew(watch); /* before the call: what changes after it is heard */
    watch->call(watch->context);
}

static void watch_changed(struct gen_folder_watch *watch)
{
    int64_t now = gen_loop_now(watch->loop), wait = watch->quiet_ms;

    if (watch->since == 0) {
        watch->since = now == 0 ? 1 : now;
    }
    if (now + wait > watch->since + WATCH_MOST_BURSTS * watch->quiet_ms) {
        wait = watch->since + WATCH_MOST_BURSTS * watch->quiet_ms - now;
    }
    gen_timer_cancel(&watch->timer);
    watch->timer = gen_timer_start(watch->loop, wait, watch_on_quiet, watch);
}

/* Of a folder with one name that matters, its own end matters, too: with it the name has gone. */
static bool watch_concerns(const struct gen_folder_watch *watch, const struct inotify_event *event)
{
    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        return true;
    }
    if ((event->mask & IN_IGNORED) != 0) {
        return false; /* of a watch that we took away, or whose end was told before */
    }
    for (size_t i = 0; i < watch->list.count; i++) {
        const struct watched *it = &watch->list.items[i];

        if (it->number == event->wd &&
            (it->name == NULL || (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0 ||
             (event->len > 0 && strcmp(event->name, it->name) == 0))) {
            return true;
        }
    }
    return false;
}

static void watch_on_events(void *context, int fd, unsigned events)
{
    struct gen_folder_watch *watch = context;
    alignas(struct inotify_event) char buffer[4096];
    bool changed = false;
    ssize_t size;

    (void)events;
    while ((size = read(fd, buffer, sizeof buffer)) > 0) {
        for (ssize_t at = 0; at < size;) {
            const struct inotify_event *event = (const struct inotify_event *)(buffer + at);

            changed = changed || watch_concerns(watch, event);
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
    if (changed) {
        watch_changed(watch);
    }
}

/* Splits off the last name; slashes at the end do not count. */
static enum gen_status watch_paths(struct gen_folder_watch *watch, const char *folder,
                                   struct gen_error *err)
{
    size_t size = strlen(folder);
    const char *slash;

    while (size > 1 && folder[size - 1] == '/') {
        size--;
    }
    watch->folder = gen_arena_strndup(watch->arena, folder, size);
    if (watch->folder == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    slash = strrchr(watch->folder, '/');
    watch->above = slash == NULL            ? "."
                   : slash == watch->folder ? "/"
                                            : gen_arena_strndup(watch->arena, watch->folder,
                                                                (size_t)(slash - watch->folder));
    return watch->above == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

static enum gen_status watch_begin(struct gen_folder_watch *watch, struct gen_error *err)
{
    struct stat facts;

    if (stat(watch->above, &facts) != 0 || access(watch->above, R_OK) != 0) {
        return gen_files_errno(err, errno, "cannot watch", watch->above);
    }
    if (!S_ISDIR(facts.st_mode)) {
        return gen_files_errno(err, ENOTDIR, "cannot watch", watch->above);
    }
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->fd < 0) {
        return errno == EMFILE || errno == ENFILE
                   ? gen_error_set(err, GEN_ELIMIT, "the system allows no more inotify instances")
                   : gen_files_errno(err, errno, "cannot watch", watch->folder);
    }
    if (!watch_renew(watch)) {
        return gen_error_set(err, GEN_ELIMIT,
                             "the system allows no more inotify watches "
                             "(fs.inotify.max_user_watches)");
    }
    return gen_watch_open(watch->loop, watch->fd, GEN_WATCH_READ, watch_on_events, watch,
                          &watch->watch, err);
}

enum gen_status gen_folder_watch_open(struct gen_loop *loop, const char *folder, int64_t quiet_ms,
                                      gen_loop_call *call, void *context,
                                      struct gen_folder_watch **out, struct gen_error *err)
{
    struct gen_folder_watch *watch = gen_alloc(sizeof *watch);
    enum gen_status status;

    if (watch == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *watch = (struct gen_folder_watch){.loop = loop,
                                       .arena = gen_arena_create(0),
                                       .quiet_ms = quiet_ms,
                                       .call = call,
                                       .context = context,
                                       .fd = -1};
    status = watch->arena == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                  : watch_paths(watch, folder, err);
    if (status == GEN_OK) {
        status = watch_begin(watch, err);
    }
    if (status != GEN_OK) {
        gen_folder_watch_close(&watch);
        return status;
    }
    *out = watch;
    return GEN_OK;
}

void gen_folder_watch_close(struct gen_folder_watch **watch)
{
    struct gen_folder_watch *old = *watch;

    if (old == NULL) {
        return;
    }
    *watch = NULL;
    gen_timer_cancel(&old->timer);
    if (old->watch != NULL) {
        gen_watch_close(&old->watch);
    }
    if (old->fd >= 0) {
        (void)close(old->fd);
    }
    list_fini(&old->list);
    gen_arena_destroy(old->arena);
    gen_free(old);
}
