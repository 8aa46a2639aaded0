/* folder_watch.c - see folder_watch.h. The folder, each folder in it, and the one that holds it are
 * watched; after every burst the list is made anew, so that folders that came are watched, too. */
#include "platform/folder_watch.h"

#include "base/alloc.h"
#include "platform/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdalign.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WATCH_MOST_FOLDERS = 64, /* in the folder; more are left to those who ask for a reload */
    WATCH_MOST_BURSTS = 10,  /* times quiet_ms: so long a burst may last */
};

#define WATCH_INSIDE \
    (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | \
     IN_MOVE_SELF | IN_ATTRIB)
#define WATCH_ABOVE (IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE)

struct gen_folder_watch {
    struct gen_loop *loop;
    struct gen_arena *arena;
    const char *folder, *above, *name; /* the folder; the one that holds it; its name in there */
    int64_t quiet_ms, since;           /* since: loop time of a burst's first change, 0 = quiet */
    gen_loop_call *call;
    void *context;
    int fd, above_watch;
    int watches[WATCH_MOST_FOLDERS + 1];
    size_t count;
    struct gen_watch *watch;
    struct gen_timer *timer;
};

static bool watch_add(struct gen_folder_watch *watch, const char *path)
{
    int number = inotify_add_watch(watch->fd, path, WATCH_INSIDE | IN_ONLYDIR);

    if (number < 0) {
        return errno != ENOSPC &&
               errno != ENOMEM; /* gone or shut: then there is nothing to watch */
    }
    watch->watches[watch->count++] = number;
    return true;
}

/* Watches what is there now. False: the system has no more watches, or we no memory. */
static bool watch_list(struct gen_folder_watch *watch)
{
    struct gen_arena *arena = gen_arena_create(0);
    bool fine = arena != NULL && watch_add(watch, watch->folder);
    DIR *list = fine ? opendir(watch->folder) : NULL;

    for (struct dirent *entry = list == NULL ? NULL : readdir(list); entry != NULL && fine;
         entry = readdir(list)) {
        struct stat facts;

        if (entry->d_name[0] == '.' || watch->count > WATCH_MOST_FOLDERS ||
            fstatat(dirfd(list), entry->d_name, &facts, 0) != 0 || !S_ISDIR(facts.st_mode)) {
            continue;
        }
        const char *path = gen_arena_printf(arena, "%s/%s", watch->folder, entry->d_name);

        fine = path != NULL && watch_add(watch, path);
    }
    if (list != NULL) {
        (void)closedir(list);
    }
    gen_arena_destroy(arena);
    return fine;
}

static void watch_renew(struct gen_folder_watch *watch)
{
    size_t before = watch->count;
    int old[WATCH_MOST_FOLDERS + 1];

    memcpy(old, watch->watches, sizeof old);
    watch->count = 0;
    (void)watch_list(watch); /* the same folder has the same number again */
    for (size_t i = 0; i < before; i++) {
        bool kept = old[i] == watch->above_watch;

        for (size_t k = 0; k < watch->count && !kept; k++) {
            kept = watch->watches[k] == old[i];
        }
        if (!kept) {
            (void)inotify_rm_watch(watch->fd, old[i]);
        }
    }
}

static void watch_on_quiet(void *context)
{
    struct gen_folder_watch *watch = context;

    watch->timer = NULL;
    watch->since = 0;
    watch_renew(watch); /* before the call: what changes after it is heard */
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

/* In the folder that holds it only its own name matters. */
static bool watch_concerns(const struct gen_folder_watch *watch, const struct inotify_event *event)
{
    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        return true;
    }
    if ((event->mask & IN_IGNORED) != 0) {
        return false; /* of a watch that we took away, or whose end was told before */
    }
    return event->wd != watch->above_watch ||
           (event->len > 0 && strcmp(event->name, watch->name) == 0);
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
    watch->name = slash == NULL ? watch->folder : slash + 1;
    watch->above = slash == NULL            ? "."
                   : slash == watch->folder ? "/"
                                            : gen_arena_strndup(watch->arena, watch->folder,
                                                                (size_t)(slash - watch->folder));
    return watch->above == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

static enum gen_status watch_begin(struct gen_folder_watch *watch, struct gen_error *err)
{
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->fd < 0) {
        return errno == EMFILE || errno == ENFILE
                   ? gen_error_set(err, GEN_ELIMIT, "the system allows no more inotify instances")
                   : gen_files_errno(err, errno, "cannot watch", watch->folder);
    }
    watch->above_watch = inotify_add_watch(watch->fd, watch->above, WATCH_ABOVE | IN_ONLYDIR);
    if (watch->above_watch < 0 && errno != ENOSPC) {
        return gen_files_errno(err, errno, "cannot watch", watch->above);
    }
    if (watch->above_watch < 0 || !watch_list(watch)) {
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
                                       .fd = -1,
                                       .above_watch = -1};
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
    gen_arena_destroy(old->arena);
    gen_free(old);
}
