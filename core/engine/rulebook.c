/* rulebook.c - see rulebook.h. */
#include "engine/rulebook.h"

#include "base/alloc.h"
#include "base/json.h"
#include "engine/standby.h"
#include "expr/zone.h"
#include "platform/folder_watch.h"
#include "platform/zone_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct gen_edition {
    struct gen_policy_set *set;
    struct gen_policy_problems warnings;
    size_t uses;
};

struct waiter {
    struct waiter *next;
    gen_rulebook_done *done;
    void *context;
};

struct asker { /* struct gen_actor, kept */
    char who[160], origin[64];
};

struct load { /* one reading of the folder; the worker's until it is done */
    struct gen_rulebook *book;
    enum gen_reload_cause cause;
    struct asker asker;
    const char *folder;
    gen_moment now;
    char known[GEN_DIGEST_TEXT_SIZE];   /* with CHANGE: what was read last, which is skipped */
    char version[GEN_DIGEST_TEXT_SIZE]; /* of the folder; "" = unknown */
    bool skipped;
    struct gen_policy_set *set;
    struct gen_policy_problems problems;
    enum gen_status status, kept; /* kept: as of gen_standby_keep */
    struct gen_error err, unkept;
};

struct gen_rulebook {
    struct gen_rulebook_options options;
    struct gen_arena *texts;
    struct gen_edition *edition; /* in force; one use is ours */
    gen_moment loaded_at;
    char seen[GEN_DIGEST_TEXT_SIZE];     /* version of the folder as it was read last */
    struct gen_policy_problems problems; /* of the last refusal */
    struct gen_error refusal;
    char refused_version[GEN_DIGEST_TEXT_SIZE];
    gen_moment refused_at;
    struct asker asker;            /* of the next load; all zero = the daemon */
    struct load *load;             /* under way */
    enum gen_reload_cause again;   /* asked for meanwhile; 0 = not */
    struct waiter *waiting, *late; /* for this load, for the one after it; last come first */
    struct gen_rulebook_listener listener;
    struct gen_folder_watch *watch;
    struct gen_zone_files zone_files;
    struct gen_zones zones; /* asked by the loop and by the worker */
    bool closing;
};

static void rulebook_begin(struct gen_rulebook *book, enum gen_reload_cause cause);

const char *gen_reload_cause_word(enum gen_reload_cause cause)
{
    static const char *const words[] = {[GEN_RELOAD_START] = "start",
                                        [GEN_RELOAD_SIGNAL] = "SIGHUP",
                                        [GEN_RELOAD_CHANGE] = "a file has changed",
                                        [GEN_RELOAD_ASKED] = "asked for"};

    return words[cause];
}

/* --------------------------------------------------------------------------------- editions -- */

static struct gen_edition *edition_create(struct load *load)
{
    struct gen_edition *edition = gen_alloc(sizeof *edition);

    if (edition != NULL) {
        *edition = (struct gen_edition){.set = load->set, .warnings = load->problems, .uses = 1};
        load->set = NULL;
        gen_policy_problems_init(&load->problems);
    }
    return edition;
}

struct gen_edition *gen_rulebook_hold(struct gen_rulebook *book)
{
    book->edition->uses++;
    return book->edition;
}

const struct gen_policy_set *gen_edition_set(const struct gen_edition *edition)
{
    return edition->set;
}

void gen_edition_leave(struct gen_edition **edition)
{
    struct gen_edition *old = *edition;

    *edition = NULL;
    if (old != NULL && --old->uses == 0) {
        gen_policy_destroy(old->set);
        gen_policy_problems_fini(&old->warnings);
        gen_free(old);
    }
}

const struct gen_zones *gen_rulebook_zones(const struct gen_rulebook *book)
{
    return &book->zones;
}

const struct gen_policy_set *gen_rulebook_set(const struct gen_rulebook *book)
{
    return book->edition->set;
}

/* ---------------------------------------------------------------------------------- records -- */

static void book_on_recorded(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event)
{
    struct gen_rulebook *book = context;

    if (status != GEN_OK) {
        gen_log_error(book->options.log, GEN_LEVEL_WARN, "rulebook", err);
    } else if (book->listener.on_events != NULL) {
        book->listener.on_events(book->listener.context, last_event);
    }
}

static const char *book_event_data(const struct gen_rulebook *book, const struct load *load,
                                   struct gen_arena *arena)
{
    struct gen_node *data = gen_node_map(arena);
    char text[GEN_ERROR_MESSAGE_SIZE + GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + 64];

    if (load->version[0] != '\0') {
        gen_node_set(arena, data, "version", gen_node_string(arena, load->version));
    }
    gen_node_set(arena, data, "cause", gen_node_string(arena, gen_reload_cause_word(load->cause)));
    gen_node_set(arena, data, "folder", gen_node_string(arena, load->folder));
    if (load->status != GEN_OK) {
        gen_node_set(arena, data, "inForce", gen_node_string(arena, book->edition->set->version));
        gen_node_set(arena, data, "mistakes",
                     gen_node_int(arena, (int64_t)load->problems.mistakes));
        gen_node_set(arena, data, "reason",
                     gen_node_string(arena, gen_error_text(&load->err, text, sizeof text)));
    }
    return gen_json_text(arena, data, NULL);
}

/* Decisions record the version of their set; this says since when it was in force. */
static void book_record(struct gen_rulebook *book, const struct load *load)
{
    struct gen_changes *changes = book->options.store == NULL ? NULL : gen_changes_create();
    struct gen_change *change = changes == NULL ? NULL : gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_error err = {0};

    if (change != NULL) {
        change->as.event.kind = load->status == GEN_OK ? GEN_EVENT_POLICY_LOADED
                                                       : GEN_EVENT_POLICY_REFUSED;
        change->as.event.organization = gen_arena_strdup(changes->arena,
                                                         book->options.organization);
        change->as.event.at = load->now;
        change->as.event.data = book_event_data(book, load, changes->arena);
        change->as.event.actor = gen_actor_copy(
            &(struct gen_actor){load->asker.who, load->asker.origin}, changes->arena);
        gen_random_ident(book->options.random, GEN_IDENT_EVENT, load->now, &change->as.event.id);
        if (gen_store_commit(book->options.store, &changes, book_on_recorded, book, &err) !=
            GEN_OK) {
            gen_log_error(book->options.log, GEN_LEVEL_WARN, "rulebook", &err);
        }
    }
    gen_changes_destroy(changes);
}

/* ---------------------------------------------------------------------------------- loading -- */

/* The next start may find the folder broken. */
static void load_keep(struct load *load)
{
    const char *standby = load->book->options.standby;

    if (load->status == GEN_OK && standby != NULL) {
        load->kept = gen_standby_keep(standby, load->folder, load->set, &load->unkept);
    }
}

static void load_log_unkept(const struct load *load)
{
    struct gen_error err = load->unkept;

    if (load->kept != GEN_OK) {
        gen_error_within(&err, "the policies in force cannot be kept for the next start");
        gen_log_error(load->book->options.log, GEN_LEVEL_WARN, "rulebook", &err);
    }
}

/* [worker] */
static void load_work(void *context)
{
    struct load *load = context;
    struct gen_policy_terms terms = {
        .now = load->now, .zones = &load->book->zones, .shelf = load->book->options.shelf};
    struct gen_error ignored;

    if (gen_policy_folder_version(load->folder, load->version, &ignored) != GEN_OK) {
        load->version[0] = '\0';
    }
    load->skipped = load->cause == GEN_RELOAD_CHANGE && load->version[0] != '\0' &&
                    strcmp(load->version, load->known) == 0;
    if (load->skipped) {
        load->status = GEN_OK;
        return;
    }
    load->status = gen_policy_load(load->folder, &terms, &load->problems, &load->set, &load->err);
    gen_policy_problems_sort(&load->problems);
    if (load->status == GEN_EINVAL) {
        gen_policy_problems_first(&load->problems, &load->err);
    }
    if (load->status == GEN_OK) { /* it may have changed again since the look before */
        memcpy(load->version, load->set->version, sizeof load->version);
    }
    load_keep(load);
}

static struct load *load_create(struct gen_rulebook *book, enum gen_reload_cause cause)
{
    struct load *load = gen_alloc(sizeof *load);

    if (load != NULL) {
        load->book = book;
        load->cause = cause;
        load->asker = book->asker;
        memset(&book->asker, 0, sizeof book->asker);
        load->folder = book->options.folder;
        load->now = gen_clock_now(book->options.clock);
        memcpy(load->known, book->seen, sizeof load->known);
        gen_policy_problems_init(&load->problems);
    }
    return load;
}

static void load_destroy(struct load *load)
{
    if (load != NULL) {
        gen_policy_destroy(load->set);
        gen_policy_problems_fini(&load->problems);
        gen_free(load);
    }
}

static void book_forget_refusal(struct gen_rulebook *book)
{
    gen_policy_problems_fini(&book->problems);
    gen_policy_problems_init(&book->problems);
    memset(&book->refusal, 0, sizeof book->refusal);
    book->refused_version[0] = '\0';
    book->refused_at = 0;
}

static void book_refuse(struct gen_rulebook *book, struct load *load)
{
    char text[GEN_ERROR_MESSAGE_SIZE + GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + 64];
    char count[32];

    book_forget_refusal(book);
    book->refusal = load->err;
    book->refused_at = load->now;
    memcpy(book->refused_version, load->version, sizeof book->refused_version);
    gen_policy_problems_log(&load->problems, book->options.log);
    (void)snprintf(count, sizeof count, "%zu", load->problems.mistakes);
    gen_log_line(book->options.log, GEN_LEVEL_ERROR, "rulebook",
                 "the policies were refused; the running set stays in force", "cause",
                 gen_reload_cause_word(load->cause), "mistakes", count, "reason",
                 gen_error_text(&load->err, text, sizeof text), "version",
                 book->edition->set->version, NULL);
    book_record(book, load);
    book->problems = load->problems;
    gen_policy_problems_init(&load->problems);
}

/* What the listener knows against it. The set in force is the one to keep, if this one is not to be. */
static void book_judge(struct gen_rulebook *book, struct load *load)
{
    if (load->status != GEN_OK || book->listener.judge == NULL) {
        return;
    }
    book->listener.judge(book->listener.context, load->set, &load->problems);
    if (load->problems.mistakes > 0) {
        gen_policy_problems_sort(&load->problems);
        gen_policy_problems_first(&load->problems, &load->err);
        load->status = GEN_EINVAL;
        if (book->options.standby != NULL) {
            load->kept = gen_standby_keep(book->options.standby, load->folder, book->edition->set,
                                          &load->unkept);
        }
    }
}

/* Another set, or the same again: a mistake that was taken back is none any more. */
static bool book_accept(struct gen_rulebook *book, struct load *load)
{
    struct gen_edition *edition = NULL;
    bool changed = strcmp(load->set->version, book->edition->set->version) != 0;
    bool mended = book->refused_at != 0;

    if (changed && (edition = edition_create(load)) == NULL) {
        load->status = gen_error_set(&load->err, GEN_ENOMEM, "out of memory");
        book_refuse(book, load);
        return false;
    }
    book_forget_refusal(book);
    if (changed) {
        gen_edition_leave(&book->edition);
        book->edition = edition;
        book->loaded_at = load->now;
        gen_policy_problems_log(&edition->warnings, book->options.log);
    }
    if (changed || mended) {
        gen_log_line(book->options.log, GEN_LEVEL_INFO, "rulebook",
                     changed ? "another policy set is in force" : "the mistakes are gone", "cause",
                     gen_reload_cause_word(load->cause), "version", book->edition->set->version,
                     "folder", load->folder, NULL);
        book_record(book, load);
    }
    return changed;
}

static void book_answer(struct waiter *list, enum gen_status status, const struct gen_error *err,
                        bool changed)
{
    struct waiter *ordered = NULL;

    while (list != NULL) { /* first come, first answered */
        struct waiter *next = list->next;

        list->next = ordered;
        ordered = list;
        list = next;
    }
    while (ordered != NULL) {
        struct waiter *next = ordered->next;

        ordered->done(ordered->context, status, err, changed);
        gen_free(ordered);
        ordered = next;
    }
}

static void load_done(void *context)
{
    struct load *load = context;
    struct gen_rulebook *book = load->book;
    struct waiter *waiting = book->waiting;
    enum gen_reload_cause again = book->again;
    bool changed = false;

    book->load = NULL;
    book->waiting = book->late;
    book->late = NULL;
    book->again = 0;
    if (!load->skipped) {
        memcpy(book->seen, load->version, sizeof book->seen);
        book_judge(book, load);
        load_log_unkept(load);
        if (load->status == GEN_OK) {
            changed = book_accept(book, load);
        } else {
            book_refuse(book, load);
        }
    }
    if (again != 0 && !book->closing) {
        rulebook_begin(book, again);
    }
    if (changed && book->listener.on_change != NULL) {
        book->listener.on_change(book->listener.context);
    }
    book_answer(waiting, load->status, &load->err, changed);
    load_destroy(load);
}

/* Reads the folder on a worker. What cannot even begin is refused like a folder with mistakes. */
static void rulebook_begin(struct gen_rulebook *book, enum gen_reload_cause cause)
{
    struct load *load = load_create(book, cause);
    struct gen_error err = {0};
    struct waiter *waiting = book->waiting;

    if (load != NULL && gen_loop_work(book->options.loop, load_work, load_done, load) == GEN_OK) {
        book->load = load;
        return;
    }
    load_destroy(load);
    gen_error_set(&err, GEN_ENOMEM, "no memory to load the policies");
    gen_log_error(book->options.log, GEN_LEVEL_ERROR, "rulebook", &err);
    book->waiting = NULL;
    book_answer(waiting, GEN_ENOMEM, &err, false);
}

enum gen_status gen_rulebook_reload(struct gen_rulebook *book, enum gen_reload_cause cause,
                                    const struct gen_actor *actor, gen_rulebook_done *done,
                                    void *context)
{
    struct waiter *waiter = done == NULL ? NULL : gen_alloc(sizeof *waiter);
    struct waiter **list = book->load == NULL ? &book->waiting : &book->late;

    if (done != NULL && waiter == NULL) {
        return GEN_ENOMEM;
    }
    if (waiter != NULL) {
        *waiter = (struct waiter){.next = *list, .done = done, .context = context};
        *list = waiter;
    }
    if (actor != NULL) {
        (void)snprintf(book->asker.who, sizeof book->asker.who, "%s", actor->who);
        (void)snprintf(book->asker.origin, sizeof book->asker.origin, "%s", actor->origin);
    }
    if (book->load == NULL) {
        rulebook_begin(book, cause);
    } else if (book->again == 0 || cause != GEN_RELOAD_CHANGE) {
        book->again = cause; /* the one under way may have read before this change */
    }
    return GEN_OK;
}

static void book_on_folder(void *context)
{
    struct gen_rulebook *book = context;

    if (gen_rulebook_reload(book, GEN_RELOAD_CHANGE, NULL, NULL, NULL) != GEN_OK) {
        gen_log_line(book->options.log, GEN_LEVEL_ERROR, "rulebook",
                     "no memory to take up a change of the policies", NULL);
    }
}

/* ------------------------------------------------------------------------------ create, ask -- */

/* The folder is broken: the set that was in force before gend stopped still is. */
static enum gen_status book_stand_by(struct gen_rulebook *book, struct load *load)
{
    struct gen_policy_terms terms = {
        .now = load->now, .zones = &book->zones, .shelf = book->options.shelf};
    struct load *kept = load->status == GEN_ENOMEM || book->options.standby == NULL
                            ? NULL
                            : load_create(book, GEN_RELOAD_START);
    enum gen_status status = load->status;

    if (kept == NULL) {
        return status;
    }
    kept->status = gen_standby_load(book->options.standby, load->folder, &terms, &kept->problems,
                                    &kept->set, &kept->err);
    if (kept->status == GEN_OK && (book->edition = edition_create(kept)) != NULL) {
        book->loaded_at = load->now;
        memcpy(book->seen, load->version, sizeof book->seen);
        gen_log_line(book->options.log, GEN_LEVEL_WARN, "rulebook",
                     "the policies are those that were in force before", "version",
                     book->edition->set->version, "folder", load->folder, NULL);
        book_refuse(book, load);
        status = GEN_OK;
    } else if (kept->status != GEN_OK && kept->status != GEN_ENOTFOUND) {
        gen_error_within(&kept->err, "nor can those be used that were in force before");
        gen_log_error(book->options.log, GEN_LEVEL_WARN, "rulebook", &kept->err);
    }
    load_destroy(kept);
    return status;
}

static enum gen_status book_start(struct gen_rulebook *book, struct gen_error *err)
{
    struct load *load = load_create(book, GEN_RELOAD_START);
    enum gen_status status;

    if (load == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    load_work(load);
    if (load->status != GEN_OK && book_stand_by(book, load) == GEN_OK) {
        load_destroy(load);
        return GEN_OK;
    }
    status = load->status;
    gen_policy_problems_log(&load->problems, book->options.log);
    load_log_unkept(load);
    if (status == GEN_OK && (book->edition = edition_create(load)) == NULL) {
        status = gen_error_set(&load->err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        book->loaded_at = load->now;
        memcpy(book->seen, load->version, sizeof book->seen);
        gen_log_line(book->options.log, GEN_LEVEL_INFO, "rulebook", "the policies are in force",
                     "version", load->version, "folder", load->folder, NULL);
        book_record(book, load);
    }
    *err = load->err;
    load_destroy(load);
    return status;
}

/* Without a watch everything works but that: SIGHUP and the API are there. */
static void book_watch(struct gen_rulebook *book)
{
    struct gen_error err = {0};

    if (book->options.watch_ms > 0 &&
        gen_folder_watch_open(book->options.loop, book->options.folder, book->options.watch_ms,
                              book_on_folder, book, &book->watch, &err) != GEN_OK) {
        gen_error_within(&err, "changes of the policies are taken up after gen policy reload only");
        gen_log_error(book->options.log, GEN_LEVEL_WARN, "rulebook", &err);
    }
}

enum gen_status gen_rulebook_create(const struct gen_rulebook_options *options,
                                    struct gen_rulebook **out, struct gen_error *err)
{
    struct gen_rulebook *book = gen_alloc(sizeof *book);
    enum gen_status status;

    if (book == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    book->options = *options;
    gen_policy_problems_init(&book->problems);
    book->texts = gen_arena_create(0);
    if (book->texts != NULL) {
        book->options.folder = gen_arena_strdup(book->texts, options->folder);
        book->options.organization = gen_arena_strdup(book->texts, options->organization);
        book->options.standby = gen_arena_strdup(book->texts, options->standby);
    }
    status = book->texts == NULL || gen_arena_failed(book->texts)
                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                 : gen_zones_init(&book->zones, gen_zone_files_read, &book->zone_files, err);
    if (status == GEN_OK) {
        status = book_start(book, err);
    }
    if (status != GEN_OK) {
        gen_rulebook_destroy(book);
        return status;
    }
    book_watch(book);
    *out = book;
    return GEN_OK;
}

void gen_rulebook_destroy(struct gen_rulebook *book)
{
    struct gen_error err = {0};

    if (book == NULL) {
        return;
    }
    book->closing = true;
    book->listener = (struct gen_rulebook_listener){0};
    gen_folder_watch_close(&book->watch);
    while (book->load != NULL) {
        gen_loop_turn(book->options.loop);
    }
    gen_error_set(&err, GEN_ECANCELED, "the daemon stops");
    book_answer(book->waiting, GEN_ECANCELED, &err, false);
    while (book->options.store != NULL && gen_store_waiting(book->options.store) > 0) {
        gen_loop_turn(book->options.loop); /* records whose answers lead here */
    }
    if (book->options.loop != NULL) {
        gen_loop_poll(book->options.loop);
    }
    gen_edition_leave(&book->edition);
    gen_policy_problems_fini(&book->problems);
    gen_zones_fini(&book->zones);
    gen_zone_files_fini(&book->zone_files);
    gen_arena_destroy(book->texts);
    gen_free(book);
}

void gen_rulebook_listen(struct gen_rulebook *book, const struct gen_rulebook_listener *listener)
{
    book->listener = *listener;
}

void gen_rulebook_facts(const struct gen_rulebook *book, struct gen_rulebook_facts *out)
{
    *out = (struct gen_rulebook_facts){.set = book->edition->set,
                                       .folder = book->options.folder,
                                       .loaded_at = book->loaded_at,
                                       .warnings = &book->edition->warnings,
                                       .refused_at = book->refused_at,
                                       .problems = &book->problems,
                                       .refused_version = book->refused_version,
                                       .refusal = &book->refusal,
                                       .watched = book->watch != NULL};
}
