/* rulebook_test.c - the set in force: how another takes its place, what a broken folder leaves, who holds
 * what for how long. On a copy of the shipped policies. */
#include "engine/rulebook.h"

#include "base/alloc.h"
#include "platform/files.h"
#include "store/event_reading.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(rulebook, .timeout = 120);

struct desk {
    char root[40], folder[64], standby[64]; /* standby: none in most tests, "" */
    struct gen_loop *loop;
    struct gen_store *store;
    struct gen_rulebook *book;
    struct gen_arena *arena;
    struct gen_error err;
    int changes;
    bool against; /* the listener is against every other set */
    int64_t last_event;
};

struct answer {
    int calls;
    enum gen_status status;
    bool changed;
    struct gen_error err;
};

static void put(struct desk *desk, const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", desk->folder, name);
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &desk->err) == GEN_OK, "%s",
              desk->err.message);
}

static const char *shipped(struct desk *desk, const char *name)
{
    struct gen_bytes text;
    const char *copy;
    char path[512];

    snprintf(path, sizeof path, "%s/policies/%s", GEN_SOURCE_DIR, name);
    gen_bytes_init(&text, 1 << 20);
    cr_assert(gen_files_read(path, &text, &desk->err) == GEN_OK, "%s", desk->err.message);
    copy = gen_arena_strndup(desk->arena, text.data, text.size);
    gen_bytes_fini(&text);
    return copy;
}

/* As shipped, but for a comment that makes it another version. */
static void put_shipped(struct desk *desk, const char *name, const char *more)
{
    put(desk, name, gen_arena_printf(desk->arena, "%s%s", shipped(desk, name), more));
}

/* The YAML files of one folder of the shipped policies. */
static void copy_folder(struct desk *desk, const char *name)
{
    const char *from = gen_arena_printf(desk->arena, "%s/policies/%s", GEN_SOURCE_DIR, name);
    const char *to = gen_arena_printf(desk->arena, "%s/%s", desk->folder, name);
    DIR *list = opendir(from);

    cr_assert(list != NULL, "%s", from);
    cr_assert(name[0] == '\0' || mkdir(to, 0700) == 0);
    for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        if (entry->d_name[0] != '.' && strstr(entry->d_name, ".yaml") != NULL) {
            put_shipped(desk, gen_arena_printf(desk->arena, "%s%s%s", name,
                                               name[0] == '\0' ? "" : "/", entry->d_name), "");
        }
    }
    closedir(list);
}

static void desk_on_change(void *context)
{
    struct desk *desk = context;

    desk->changes++;
}

static void desk_judge(void *context, const struct gen_policy_set *set,
                       struct gen_policy_problems *problems)
{
    struct desk *desk = context;
    struct gen_error err = {0};

    cr_assert(set != NULL);
    if (desk->against) {
        (void)gen_error_set(&err, GEN_EINVAL, "its plugin says: no");
        gen_error_place(&err, "providers/kling.yaml", 3, 1, "settings");
        gen_policy_problems_add(problems, &err, false);
    }
}

static void desk_on_events(void *context, int64_t last_event)
{
    struct desk *desk = context;

    desk->last_event = last_event;
}

static enum gen_status desk_create(struct desk *desk, int64_t watch_ms)
{
    struct gen_rulebook_options options = {.loop = desk->loop, .clock = gen_clock_real(),
                                           .random = gen_random_real(), .store = desk->store,
                                           .organization = "org_1", .folder = desk->folder,
                                           .standby = desk->standby[0] != 0 ? desk->standby : NULL,
                                           .watch_ms = watch_ms};

    return gen_rulebook_create(&options, &desk->book, &desk->err);
}

static void desk_open(struct desk *desk)
{
    struct gen_store_options store = {.path = ":memory:", .volatile_ok = true};

    memset(desk, 0, sizeof *desk);
    strcpy(desk->root, "/tmp/gen-rules-XXXXXX");
    cr_assert(mkdtemp(desk->root) != NULL);
    snprintf(desk->folder, sizeof desk->folder, "%s/policies", desk->root);
    cr_assert(mkdir(desk->folder, 0700) == 0);
    desk->arena = gen_arena_create(0);
    cr_assert(gen_crypto_init(&desk->err) == GEN_OK);
    cr_assert(gen_loop_create(&desk->loop, &desk->err) == GEN_OK);
    store.loop = desk->loop;
    cr_assert(gen_store_open(&store, &desk->store, &desk->err) == GEN_OK, "%s", desk->err.message);
    copy_folder(desk, "");
    copy_folder(desk, "providers");
    copy_folder(desk, "brands");
    copy_folder(desk, "delivery");
}

static void desk_begin(struct desk *desk, int64_t watch_ms)
{
    desk_open(desk);
    cr_assert(desk_create(desk, watch_ms) == GEN_OK, "%s:%u: %s", desk->err.file, desk->err.line,
              desk->err.message);
    gen_rulebook_listen(desk->book, &(struct gen_rulebook_listener){desk_on_change, desk_judge,
                                                                    desk_on_events, desk});
}

static void desk_close(struct desk *desk)
{
    gen_rulebook_destroy(desk->book);
    gen_store_close(desk->store);
    gen_loop_destroy(desk->loop);
    gen_arena_destroy(desk->arena);
    cr_assert(gen_files_remove_tree(desk->root, &desk->err) == GEN_OK);
}

static void on_done(void *context, enum gen_status status, const struct gen_error *err, bool changed)
{
    struct answer *answer = context;

    answer->calls++;
    answer->status = status;
    answer->changed = changed;
    answer->err = *err;
}

static struct answer reload(struct desk *desk)
{
    struct answer answer = {0};

    cr_assert(gen_rulebook_reload(desk->book, GEN_RELOAD_ASKED, NULL, on_done, &answer) == GEN_OK);
    cr_assert(eq(int, answer.calls, 0), "never from inside");
    while (answer.calls == 0) {
        gen_loop_turn(desk->loop);
    }
    return answer;
}

static struct gen_rulebook_facts facts_of(struct desk *desk)
{
    struct gen_rulebook_facts facts;

    gen_rulebook_facts(desk->book, &facts);
    return facts;
}

/* Kinds of the event log, in order, separated by spaces. */
static const char *events_of(struct desk *desk)
{
    struct gen_node *list = NULL;
    const char *words = "";
    int64_t last;

    while (gen_store_waiting(desk->store) > 0) {
        gen_loop_turn(desk->loop);
    }
    gen_loop_poll(desk->loop);
    cr_assert(gen_read_events(desk->store, "org_1", NULL, 0, 100, desk->arena, &list, &last,
                              &desk->err) == GEN_OK);
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        words = gen_arena_printf(desk->arena, "%s %s", words,
                                 gen_node_text(gen_node_get(item, "type"), "?"));
    }
    return words;
}

/* The strategies that access.yaml names are there. */
#define BROKEN \
    "strategy: balanced\nscores: {a: candidate.prise}\nstrategies: {a: {score: b}, " \
    "cheapest: {score: a}, fastest: {score: a}, balanced: {score: a}, " \
    "per_scene: {score: a}}\n"

/* Another folder takes the place of the one before, and says so once. */
Test(rulebook, another_set)
{
    struct desk desk;
    struct answer answer;
    char before[GEN_DIGEST_TEXT_SIZE];

    desk_begin(&desk, 0);
    strcpy(before, gen_rulebook_set(desk.book)->version);
    answer = reload(&desk);
    cr_assert(answer.status == GEN_OK && !answer.changed, "nothing was written");
    put_shipped(&desk, "budget.yaml", "# another\n");
    answer = reload(&desk);
    cr_assert(answer.status == GEN_OK && answer.changed);
    cr_assert(ne(str, before, (char *)gen_rulebook_set(desk.book)->version));
    cr_assert(eq(int, desk.changes, 1));
    cr_assert(eq(str, (char *)events_of(&desk), " policy.loaded policy.loaded"));
    cr_assert(desk.last_event > 0);
    desk_close(&desk);
}

/* A broken edit: every mistake with its place, the running set in force; taken back, it is forgotten. */
Test(rulebook, a_broken_edit)
{
    struct desk desk;
    struct answer answer;
    struct gen_rulebook_facts facts;
    const struct gen_policy_set *running;

    desk_begin(&desk, 0);
    running = gen_rulebook_set(desk.book);
    put(&desk, "routing.yaml", BROKEN);
    put(&desk, "retry.yaml", "kinds: {default: {retries: many}}\n");
    answer = reload(&desk);
    cr_assert(answer.status == GEN_EINVAL && !answer.changed);
    cr_assert(strstr(answer.err.file, ".yaml") != NULL && answer.err.line > 0, "%s:%u: %s",
              answer.err.file, answer.err.line, answer.err.message);
    facts = facts_of(&desk);
    cr_assert(facts.set == running && gen_rulebook_set(desk.book) == running);
    cr_assert(facts.refused_at != 0 && facts.problems->mistakes >= 2, "%zu",
              facts.problems->mistakes);
    cr_assert(ne(str, (char *)facts.refused_version, (char *)running->version));
    cr_assert(eq(int, desk.changes, 0));
    put_shipped(&desk, "routing.yaml", "");
    put_shipped(&desk, "retry.yaml", "");
    answer = reload(&desk);
    cr_assert(answer.status == GEN_OK && !answer.changed, "what runs is what stands there again");
    facts = facts_of(&desk);
    cr_assert(facts.refused_at == 0 && facts.problems->count == 0);
    cr_assert(eq(str, (char *)events_of(&desk), " policy.loaded policy.refused policy.loaded"));
    desk_close(&desk);
}

static void desk_again(struct desk *desk)
{
    gen_rulebook_destroy(desk->book);
    desk->book = NULL;
}

/* A folder that is broken while gend is away: it begins with the set that was in force, and says so; mended,
 * the folder is taken up. Another folder's set is none of its business, nor one that was tampered with. */
Test(rulebook, a_start_with_a_broken_folder)
{
    struct desk desk;
    struct gen_rulebook_facts facts;
    char running[GEN_DIGEST_TEXT_SIZE], away[80];

    desk_open(&desk);
    snprintf(desk.standby, sizeof desk.standby, "%s/policies.kept", desk.root);
    put(&desk, "routing.yaml", BROKEN);
    cr_assert(desk_create(&desk, 0) == GEN_EINVAL, "nothing was in force before");
    put_shipped(&desk, "routing.yaml", "");
    cr_assert(desk_create(&desk, 0) == GEN_OK, "%s", desk.err.message);
    put_shipped(&desk, "routing.yaml", "# the second\n");
    cr_assert(reload(&desk).changed);
    strcpy(running, gen_rulebook_set(desk.book)->version);
    put(&desk, "routing.yaml", BROKEN);
    cr_assert(reload(&desk).status == GEN_EINVAL);

    desk_again(&desk);
    cr_assert(desk_create(&desk, 0) == GEN_OK, "%s", desk.err.message);
    facts = facts_of(&desk);
    cr_assert(eq(str, (char *)facts.set->version, running), "what was in force, not what was first");
    cr_assert(facts.refused_at != 0 && facts.problems->mistakes > 0);
    cr_assert(strstr(facts.refusal->file, "routing.yaml") != NULL, "%s", facts.refusal->file);
    cr_assert(strstr(events_of(&desk), "policy.refused policy.refused") != NULL);
    put_shipped(&desk, "routing.yaml", "# the third\n");
    cr_assert(reload(&desk).changed && facts_of(&desk).refused_at == 0);
    strcpy(running, gen_rulebook_set(desk.book)->version);

    desk_again(&desk); /* the folder is out of reach */
    snprintf(away, sizeof away, "%s/away", desk.root);
    cr_assert(rename(desk.folder, away) == 0);
    cr_assert(desk_create(&desk, 0) == GEN_OK, "%s", desk.err.message);
    cr_assert(eq(str, (char *)facts_of(&desk).set->version, running));
    cr_assert(facts_of(&desk).refused_at != 0);

    desk_again(&desk); /* another folder that is broken */
    strcpy(desk.folder, away);
    put(&desk, "routing.yaml", BROKEN);
    cr_assert(desk_create(&desk, 0) == GEN_EINVAL);
    cr_assert(gen_files_write(desk.standby, "{}", 2, 0600, &desk.err) == GEN_OK);
    cr_assert(desk_create(&desk, 0) == GEN_EINVAL, "what is kept is damaged");
    desk_close(&desk);
}

/* What can happen to the folder as a whole. */
Test(rulebook, a_missing_file_and_a_missing_folder)
{
    struct desk desk;
    struct answer answer;
    char path[128];

    desk_begin(&desk, 0);
    snprintf(path, sizeof path, "%s/routing.yaml", desk.folder);
    cr_assert(unlink(path) == 0);
    answer = reload(&desk);
    cr_assert(answer.status == GEN_EINVAL && strstr(answer.err.file, "routing.yaml") != NULL,
              "%s: %s", answer.err.file, answer.err.message);
    cr_assert(gen_files_remove_tree(desk.folder, &desk.err) == GEN_OK);
    answer = reload(&desk);
    cr_assert(answer.status == GEN_ENOTFOUND, "%s", answer.err.message);
    cr_assert(facts_of(&desk).refusal->status == GEN_ENOTFOUND);
    cr_assert(gen_rulebook_set(desk.book)->routing != NULL);
    desk_close(&desk);
}

/* Without a set that is right it does not begin, and says why. */
Test(rulebook, does_not_begin)
{
    struct desk desk;

    desk_open(&desk);
    put(&desk, "routing.yaml", BROKEN);
    cr_assert(desk_create(&desk, 0) == GEN_EINVAL);
    cr_assert(strstr(desk.err.file, "routing.yaml") != NULL && desk.err.line > 0, "%s: %s",
              desk.err.file, desk.err.message);
    cr_assert(desk.book == NULL);
    desk_close(&desk);
}

/* Whoever decides keeps the set it began with, also beyond the book's end. */
Test(rulebook, an_edition_lives_as_long_as_it_is_held)
{
    struct desk desk;
    struct gen_edition *first, *second;
    char before[GEN_DIGEST_TEXT_SIZE];

    desk_begin(&desk, 0);
    first = gen_rulebook_hold(desk.book);
    strcpy(before, gen_edition_set(first)->version);
    put_shipped(&desk, "access.yaml", "# another\n");
    cr_assert(reload(&desk).changed);
    second = gen_rulebook_hold(desk.book);
    cr_assert(gen_edition_set(first) != gen_edition_set(second));
    cr_assert(eq(str, before, (char *)gen_edition_set(first)->version));
    cr_assert(gen_edition_set(first)->routing->strategies.count > 0, "read after the swap");
    gen_edition_leave(&first);
    gen_rulebook_destroy(desk.book);
    desk.book = NULL;
    cr_assert(gen_edition_set(second)->access->plan != NULL);
    gen_edition_leave(&second);
    gen_edition_leave(&second);
    desk_close(&desk);
}

/* Ten at once: each is answered once, and what was written before the last was asked for is in force. */
Test(rulebook, many_at_once)
{
    struct desk desk;
    struct answer answers[10] = {{0}};
    int calls = 0;

    desk_begin(&desk, 0);
    for (size_t i = 0; i < GEN_COUNT(answers); i++) {
        if (i == 5) {
            put_shipped(&desk, "budget.yaml", "# the last\n");
        }
        cr_assert(gen_rulebook_reload(desk.book, GEN_RELOAD_SIGNAL, NULL, on_done, &answers[i]) ==
                  GEN_OK);
    }
    while (calls < 10) {
        gen_loop_turn(desk.loop);
        calls = 0;
        for (size_t i = 0; i < GEN_COUNT(answers); i++) {
            cr_assert(answers[i].calls <= 1);
            calls += answers[i].calls;
        }
    }
    cr_assert(eq(int, desk.changes, 1));
    cr_assert(reload(&desk).changed == false);
    desk_close(&desk);
}

/* Whoever waits when it ends is told so. */
Test(rulebook, ends_while_loading)
{
    struct desk desk;
    struct answer first = {0}, second = {0};

    desk_begin(&desk, 0);
    cr_assert(gen_rulebook_reload(desk.book, GEN_RELOAD_ASKED, NULL, on_done, &first) == GEN_OK);
    cr_assert(gen_rulebook_reload(desk.book, GEN_RELOAD_ASKED, NULL, on_done, &second) == GEN_OK);
    gen_rulebook_destroy(desk.book);
    desk.book = NULL;
    cr_assert(eq(int, first.calls, 1));
    cr_assert(second.calls == 1 && second.status == GEN_ECANCELED);
    desk_close(&desk);
}

/* A change of a file is taken up by itself: a good one, a broken one, and the way back. */
Test(rulebook, watches_its_folder)
{
    struct desk desk;

    desk_begin(&desk, 20);
    cr_assert(facts_of(&desk).watched);
    put_shipped(&desk, "schedule.yaml", "# another\n");
    while (desk.changes == 0) {
        gen_loop_turn(desk.loop);
    }
    put(&desk, "routing.yaml", BROKEN);
    while (facts_of(&desk).refused_at == 0) {
        gen_loop_turn(desk.loop);
    }
    put(&desk, ".routing.yaml.swp", "an editor at work");
    put_shipped(&desk, "routing.yaml", "");
    while (facts_of(&desk).refused_at != 0) {
        gen_loop_turn(desk.loop);
    }
    cr_assert(eq(int, desk.changes, 1));
    desk_close(&desk);
}

/* No allocation that fails leaves it without a set, or leaks. */
Test(rulebook, every_allocation_may_fail, .timeout = 300)
{
    struct desk desk;
    enum gen_status status = GEN_ENOMEM;
    long nth, step = 1;

    desk_open(&desk);
    desk.store = (gen_store_close(desk.store), NULL);
    for (nth = 1; status != GEN_OK; nth += step) {
        cr_assert(nth < 1000000, "%s: %s", desk.err.file, desk.err.message);
        gen_alloc_fail_at(nth);
        status = desk_create(&desk, 0);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || desk.book == NULL);
        step = nth < 30 ? 1 : nth < 1000 ? 397 : nth; /* the loading itself has its own test */
    }
    put_shipped(&desk, "access.yaml", "# another\n");
    for (nth = 1; nth < 12; nth++) {
        struct answer answer = {0};

        gen_alloc_fail_at(nth);
        status = gen_rulebook_reload(desk.book, GEN_RELOAD_ASKED, NULL, on_done, &answer);
        while (status == GEN_OK && answer.calls == 0) {
            gen_loop_turn(desk.loop);
        }
        gen_alloc_fail_at(0);
        cr_assert(gen_rulebook_set(desk.book) != NULL && gen_rulebook_set(desk.book)->retry != NULL);
    }
    cr_assert(reload(&desk).status == GEN_OK);
    desk_close(&desk);
}

/* What speaks against a set where it is to be used keeps it out, like a mistake of its own; and the set that is
 * kept for the next start is the one in force. */
Test(rulebook, judged)
{
    struct desk desk;
    struct answer answer;
    char before[GEN_DIGEST_TEXT_SIZE];

    desk_open(&desk);
    snprintf(desk.standby, sizeof desk.standby, "%s/kept", desk.root);
    cr_assert(desk_create(&desk, 0) == GEN_OK, "%s", desk.err.message);
    gen_rulebook_listen(desk.book, &(struct gen_rulebook_listener){desk_on_change, desk_judge,
                                                                   desk_on_events, &desk});
    strcpy(before, gen_rulebook_set(desk.book)->version);
    desk.against = true;
    put_shipped(&desk, "providers/kling.yaml", "# another version\n");
    answer = reload(&desk);
    cr_expect(eq(int, answer.status, GEN_EINVAL));
    cr_expect(strstr(answer.err.message, "its plugin says: no") != NULL, "%s", answer.err.message);
    cr_expect(eq(int, desk.changes, 0));
    cr_expect(eq(str, (char *)gen_rulebook_set(desk.book)->version, before));
    cr_expect(facts_of(&desk).refused_at != 0);
    gen_rulebook_destroy(desk.book);
    desk.book = NULL;
    put(&desk, "providers/kling.yaml", "id: klin\n"); /* the next start has to stand by */
    cr_assert(desk_create(&desk, 0) == GEN_OK, "%s", desk.err.message);
    cr_expect(eq(str, (char *)gen_rulebook_set(desk.book)->version, before));
    desk.against = false;
    put_shipped(&desk, "providers/kling.yaml", "# another version\n");
    gen_rulebook_listen(desk.book, &(struct gen_rulebook_listener){desk_on_change, desk_judge,
                                                                   desk_on_events, &desk});
    answer = reload(&desk);
    cr_expect(eq(int, answer.status, GEN_OK), "%s", answer.err.message);
    cr_expect(eq(int, desk.changes, 1));
    desk_close(&desk);
}
