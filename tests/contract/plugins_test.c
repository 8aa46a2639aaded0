/* plugins_test.c - plugins that fit are loaded, each one that does not is refused for its own reason,
 * and one that breaks the contract later fails alone. Standing on the real loader and real files. */
#include "base/alloc.h"
#include "host/loader.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GOOD CONTRACT_PLUGINS "/good"
#define BAD CONTRACT_PLUGINS "/bad"

static bool same(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

static const struct gen_node *read_json(const char *text, struct gen_arena *arena)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_json_read(text, strlen(text), NULL, arena, &node, &err), GEN_OK));
    return node;
}

static struct gen_loader *load(const char *const *folders, const struct gen_node *settings)
{
    struct gen_loader_options options = {
        .plugin_folders = folders,
        .settings = settings,
        .version = "0.0.0-test",
    };
    struct gen_loader *loader = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    cr_assert(eq(int, gen_loader_create(&options, &loader, &err), GEN_OK));
    return loader;
}

/* Why a path was refused; NULL when it was not. */
static const char *reason_of(const struct gen_loader *loader, const char *path)
{
    size_t count = 0;
    const struct gen_refusal *refusals = gen_loader_refusals(loader, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(refusals[i].path, path) == 0) {
            return refusals[i].reason;
        }
    }
    return NULL;
}

struct refusal {
    const char *path;
    const char *reason;
};

static const struct refusal misfits[] = {
    {BAD "/other_major.so",
     "was made for ABI major 2 of the plugin contract, this engine speaks 1; "
     "get a plugin built for it"},
    {BAD "/no_entry.so", "exports no function gen_provider_entry_1, so it is not a provider plugin "
                         "(is the function marked GEN_PROVIDER_EXPORT?)"},
    {BAD "/newer_minor.so",
     "needs the plugin contract 1.7, this engine has 1.0; update the engine"},
    {BAD "/truncated.so", "its struct gen_provider ends at byte 88, before the required member "
                          "\"poll\"; set size to sizeof(struct gen_provider)"},
    {BAD "/no_size.so", "its struct gen_provider says that it is 0 bytes long; set size to "
                        "sizeof(struct gen_provider)"},
    {BAD "/no_verb.so", "the required member \"poll\" is NULL"},
    {BAD "/bad_id.so", "its id is not 1 to 32 lower case letters, digits and '-' (the first not "
                       "'-')"},
    {BAD "/bad_name.so", "provider misfit: name and version must be 1 to 128 bytes of UTF-8"},
    {BAD "/duplicate.so", "the provider id \"fake\" is taken by " GOOD "/fake.so; to have this one in "
                          "its place, put replace: [fake] into gend.yaml"},
    {BAD "/declines.so", "it declines to work with this engine (its reason is in the log)"},
    {BAD "/no_program.so",
     "needs the program no-such-program-anywhere, which is not installed; get "
     "it with: apt-get install no-such-program"},
    {NULL, NULL},
};

Test(plugins, each_misfit_is_refused_and_the_rest_runs)
{
    static const char *const folders[] = {GOOD, "/no/such/folder", BAD, NULL};
    struct gen_loader *loader = load(folders, NULL);
    size_t count = 0;

    for (const struct refusal *row = misfits; row->path != NULL; row++) {
        const char *reason = reason_of(loader, row->path);

        cr_assert(ne(ptr, (void *)reason, NULL), "%s was not refused", row->path);
        cr_expect(same(reason, row->reason), "%s: %s", row->path, reason);
    }
    gen_loader_refusals(loader, &count);
    cr_expect(eq(sz, count, GEN_COUNT(misfits) - 1)); /* nothing else was */
    cr_expect(eq(sz, gen_loader_count(loader), 3));
    cr_expect(ne(ptr, (void *)gen_loader_find(loader, "fake"), NULL));
    cr_expect(ne(ptr, (void *)gen_loader_find(loader, "crooked"), NULL));
    cr_expect(eq(ptr, (void *)gen_loader_find(loader, "nobody"), NULL));
    /* in the order of folders, then of names */
    cr_expect(same(gen_hosted_id(gen_loader_at(loader, 0)), "fake"));
    cr_expect(same(gen_hosted_id(gen_loader_at(loader, 1)), "older"));
    cr_expect(same(gen_hosted_id(gen_loader_at(loader, 2)), "crooked"));
    cr_expect(eq(ptr, (void *)gen_loader_at(loader, 3), NULL));
    gen_loader_destroy(loader);
}

/* Whoever is asked to give way does, to the later one, and to nobody else. */
Test(plugins, one_replaces_another_where_that_is_said)
{
    static const char *const folders[] = {GOOD, BAD, NULL};
    static const char *const replace[] = {"older", "fake", NULL};
    struct gen_loader_options options = {
        .plugin_folders = folders, .replace = replace, .version = "0.0.0-test"};
    struct gen_loader *loader = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    cr_assert(eq(int, gen_loader_create(&options, &loader, &err), GEN_OK));
    cr_expect(eq(sz, gen_loader_count(loader), 3));
    cr_expect(ne(ptr, (void *)gen_loader_find(loader, "older"), NULL), "nobody took its place");
    cr_assert(ne(ptr, (void *)gen_loader_find(loader, "fake"), NULL));
    cr_expect(same(gen_hosted_path(gen_loader_find(loader, "fake")), BAD "/duplicate.so"));
    cr_expect(eq(ptr, (void *)reason_of(loader, BAD "/duplicate.so"), NULL));
    gen_loader_destroy(loader);
}

/* A plugin from before the last member was added: what stands there must not be read. */
Test(plugins, older_plugin_has_no_extensions)
{
    static const char *const folders[] = {GOOD, NULL};
    struct gen_loader *loader = load(folders, NULL);
    const struct gen_hosted *older = gen_loader_find(loader, "older");

    cr_assert(ne(ptr, (void *)older, NULL));
    cr_expect(gen_hosted_can(older, GEN_VERB_POLL));
    cr_expect(not(gen_hosted_can(older, GEN_VERB_RECOVER)));
    cr_expect(not(gen_hosted_can(older, GEN_VERB_CANCEL)));
    gen_loader_destroy(loader);
}

/* ------------------------------------------------------------------------------------- files -- */

struct place { /* a folder of its own, removed at the end */
    char path[64];
};

static void place_make(struct place *place)
{
    strcpy(place->path, "/tmp/gen-contract-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(place->path), NULL));
}

static const char *place_file(const struct place *place, const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", place->path, name);
    return out;
}

static void place_write(const struct place *place, const char *name, const void *data, size_t size)
{
    char path[128];
    struct gen_error err = {0};

    place_file(place, name, path, sizeof(path));
    cr_assert(eq(int, gen_files_write(path, data, size, 0600, &err), GEN_OK));
}

/* Copies the fake plugin with `size` of its bytes (0 = all), one of them changed. */
static void place_damage(const struct place *place, const char *name, size_t size, size_t at,
                         char byte)
{
    struct gen_bytes bytes;
    struct gen_error err = {0};

    gen_bytes_init(&bytes, 64 << 20);
    cr_assert(eq(int, gen_files_read(GOOD "/fake.so", &bytes, &err), GEN_OK));
    if (at != 0) {
        bytes.data[at] = byte;
    }
    place_write(place, name, bytes.data, size != 0 ? size : bytes.size);
    gen_bytes_fini(&bytes);
}

Test(plugins, files_that_are_no_plugins)
{
    static const struct refusal rows[] = {
        {"empty.so", "the dynamic linker cannot load it: file too short"},
        {"text.so", "the dynamic linker cannot load it: invalid ELF header"},
        {"folder.so", "is a folder, not a shared object"},
        {"pipe.so", "is a special file, not a shared object"},
        {"dangling.so", "cannot be read: No such file or directory"},
        {"short.so", "the file is cut short (3000 of at least "}, /* a beginning */
        {"class32.so", "the dynamic linker cannot load it: wrong ELF class: ELFCLASS32"},
        {"machine.so", "the dynamic linker cannot load it: "}, /* the linker's own words */
        {"writable.so", "anyone may write this file, so it could run anyone's code; take that away "
                        "with chmod o-w"},
        {"zz-again.so", "is the same file as "},
    };
    struct place place;
    const char *folders[] = {place.path, NULL};
    char path[128];
    char text[200];
    struct gen_loader *loader;
    struct gen_error err = {0};

    place_make(&place);
    place_write(&place, "empty.so", "", 0);
    memset(text, '#', sizeof(text)); /* long enough to hold an ELF header */
    place_write(&place, "text.so", text, sizeof(text));
    place_write(&place, "notes.txt", "not looked at", 13);
    place_write(&place, ".hidden.so", "not looked at", 13);
    cr_assert(eq(int, mkdir(place_file(&place, "folder.so", path, sizeof(path)), 0700), 0));
    cr_assert(eq(int, mkfifo(place_file(&place, "pipe.so", path, sizeof(path)), 0600), 0));
    cr_assert(
        eq(int, symlink("nowhere", place_file(&place, "dangling.so", path, sizeof(path))), 0));
    place_damage(&place, "short.so", 3000, 0, 0);
    place_damage(&place, "class32.so", 0, 4, 1);
    place_damage(&place, "machine.so", 0, 18, 0x28); /* ARM, in a 64-bit file */
    place_damage(&place, "writable.so", 0, 0, 0);
    cr_assert(eq(int, chmod(place_file(&place, "writable.so", path, sizeof(path)), 0606), 0));
    place_damage(&place, "good.so", 0, 0, 0);
    cr_assert(
        eq(int, symlink("good.so", place_file(&place, "zz-again.so", path, sizeof(path))), 0));

    loader = load(folders, NULL);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const char *reason = reason_of(loader,
                                       place_file(&place, rows[i].path, path, sizeof(path)));

        cr_assert(ne(ptr, (void *)reason, NULL), "%s was not refused", rows[i].path);
        cr_expect(eq(int, strncmp(reason, rows[i].reason, strlen(rows[i].reason)), 0), "%s: %s",
                  rows[i].path, reason);
    }
    cr_expect(eq(sz, gen_loader_count(loader), 1));
    cr_expect(same(gen_hosted_path(gen_loader_at(loader, 0)),
                   place_file(&place, "good.so", path, sizeof(path))));
    gen_loader_destroy(loader);
    cr_expect(eq(int, gen_files_remove_tree(place.path, &err), GEN_OK));
}

Test(plugins, folder_that_anyone_may_write)
{
    struct place place;
    const char *folders[] = {place.path, GOOD, NULL};
    struct gen_loader *loader;
    struct gen_error err = {0};

    place_make(&place);
    place_damage(&place, "other.so", 0, 0, 0);
    cr_assert(eq(int, chmod(place.path, 01777), 0));
    loader = load(folders, NULL);
    cr_expect(
        same(reason_of(loader, place.path),
             "anyone may write into this folder, so it could hold anyone's code; take that away "
             "with chmod o-w"));
    cr_expect(eq(sz, gen_loader_count(loader), 2));
    gen_loader_destroy(loader);
    cr_expect(eq(int, gen_files_remove_tree(place.path, &err), GEN_OK));
}

/* ---------------------------------------------------------------------------------- settings -- */

struct configured {
    const char *settings;
    const char *path; /* who is refused */
    const char *reason;
};

static const struct configured configured_rows[] = {
    /* the plugin's own words reach the reader */
    {"{\"fake\": {\"baseUrl\": \"nonsense\"}}", GOOD "/fake.so",
     "settings: baseUrl \"nonsense\" is not a URL"},
    {"{\"fake\": [1]}", GOOD "/fake.so", "the settings of provider fake are a list, not a map"},
    /* a host that could not be declared */
    {"{\"fake\": {\"baseUrl\": \"http://user@host/\"}}", GOOD "/fake.so",
     "capabilities: hosts[0] is not \"api.vendor.com\", \".vendor.com\" or one of these with a "
     "port"},
    {"{\"crooked\": {\"misdeed\": \"unknown\"}}", BAD "/crooked.so",
     "settings: there is no misdeed \"unknown\""},
    {"{\"crooked\": {\"misdeed\": \"no-models\"}}", BAD "/crooked.so",
     "capabilities: it offers no models"},
    {"{\"crooked\": {\"misdeed\": \"many-models\"}}", BAD "/crooked.so",
     "capabilities: it offers 1099511627776 models, at most 256 are allowed"},
    {"{\"crooked\": {\"misdeed\": \"no-model-size\"}}", BAD "/crooked.so",
     "capabilities: models[0] has no proper size: set its member size, and model_size, to "
     "sizeof(struct gen_provider_model)"},
    {"{\"crooked\": {\"misdeed\": \"twin-models\"}}", BAD "/crooked.so",
     "capabilities: two models have the id \"m\""},
    {"{\"crooked\": {\"misdeed\": \"tier-nine\"}}", BAD "/crooked.so",
     "capabilities: model \"n\": tier is 9, not within 1 to 3"},
    {"{\"crooked\": {\"misdeed\": \"wrong-duration\"}}", BAD "/crooked.so",
     "capabilities: model \"m\": durations_ms[1] is 10000, outside its own range"},
    {"{\"crooked\": {\"misdeed\": \"wide-host\"}}", BAD "/crooked.so",
     "capabilities: hosts[0] is not \"api.vendor.com\", \".vendor.com\" or one of these with a "
     "port"},
    {"{\"crooked\": {\"misdeed\": \"strange-scheme\"}}", BAD "/crooked.so",
     "capabilities: credential \"crooked\": has the scheme 9, which this engine does not know; update "
     "the engine"},
    {"{\"crooked\": {\"misdeed\": \"twin-credentials\"}}", BAD "/crooked.so",
     "capabilities: two credentials have the name \"crooked\""},
    {"{\"crooked\": {\"misdeed\": \"many-credentials\"}}", BAD "/crooked.so",
     "capabilities: it declares 9 credentials of 64 bytes; at most 8 are allowed"},
    {"{\"crooked\": {\"misdeed\": \"no-credential-size\"}}", BAD "/crooked.so",
     "capabilities: it declares 1 credentials of 0 bytes; at most 8 are allowed"},
    {"{\"crooked\": {\"misdeed\": \"shouted-credential\"}}", BAD "/crooked.so",
     "capabilities: credentials[0] has no proper name: 1 to 64 lower case letters, digits, '-'"},
    {"{\"crooked\": {\"misdeed\": \"framing-header\"}}", BAD "/crooked.so",
     "capabilities: credential \"crooked\": has no proper header: a token that a plugin may set, and "
     "at most 64 bytes of prefix"},
    {"{\"crooked\": {\"misdeed\": \"stray-token\"}}", BAD "/crooked.so",
     "capabilities: credential \"crooked\": token_url is at token.example, which is not among the "
     "hosts that it declares"},
    {"{\"crooked\": {\"misdeed\": \"no-name\"}}", BAD "/crooked.so",
     "capabilities: model \"m\": its name is not 1 to 128 bytes of UTF-8"},
    {"{\"crooked\": {\"misdeed\": \"nan-quality\"}}", BAD "/crooked.so",
     "capabilities: model \"m\": quality is -nan, not within 0 to 10"},
    {"{\"crooked\": {\"misdeed\": \"defect\"}}", BAD "/crooked.so",
     "capabilities: the plugin reports a defect: my tables are gone"},
    {"{\"crooked\": {\"misdeed\": \"greedy-capabilities\"}}", BAD "/crooked.so",
     "capabilities: it used up the memory of one call"},
};

Test(plugins, settings_and_capabilities_are_judged)
{
    static const char *const folders[] = {GOOD, BAD, NULL};

    for (size_t i = 0; i < GEN_COUNT(configured_rows); i++) {
        const struct configured *row = &configured_rows[i];
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_loader *loader = load(folders, read_json(row->settings, arena));
        const char *reason = reason_of(loader, row->path);

        cr_assert(ne(ptr, (void *)reason, NULL), "%s was not refused", row->settings);
        cr_expect(same(reason, row->reason), "%s: %s", row->settings, reason);
        cr_expect(ge(sz, gen_loader_count(loader), 2)); /* the others run */
        gen_loader_destroy(loader);
        gen_arena_destroy(arena);
    }
}

/* ------------------------------------------------------------------------------------- verbs -- */

static const char sample_brief[] =
    "{\"title\": \"Ad\", \"scenes\": [{\"prompt\": \"a cat\", \"duration\": 2.5}]}";

struct misdeed {
    const char *name;
    enum gen_status status;
    const char *reason;
};

static const struct misdeed misdeeds[] = {
    {"speechless", GEN_EUNSUPPORTED, "provider crooked: format: refused without saying why"},
    {"strange-verdict", GEN_ECORRUPT,
     "provider crooked: format: it returned the unknown verdict 77"},
    {"no-video", GEN_ECORRUPT,
     "provider crooked: format: it promises a video of 0x720 at 30000/1000 frames per second and "
     "5000 ms, which is none"},
    {"list-parameters", GEN_ECORRUPT,
     "provider crooked: format: its parameters are a list, not a map"},
    {"greedy-format", GEN_ENOMEM, "provider crooked: format: it used up the memory of one call"},
    {"cheap-most", GEN_ECORRUPT,
     "provider crooked: cost: a price of 1000 and at most 999 micro-dollars is none (0 <= price <= "
     "most <= 1000000000000)"},
    {"negative-price", GEN_ECORRUPT,
     "provider crooked: cost: a price of -5 and at most 1000 micro-dollars is none (0 <= price <= "
     "most <= 1000000000000)"},
    {"defect-step", GEN_ECORRUPT,
     "provider crooked: submit: the plugin reports a defect: my tables are gone"},
    {"no-kind", GEN_ECORRUPT, "provider crooked: submit: its step has the unknown kind 0"},
    {"no-request", GEN_ECORRUPT,
     "provider crooked: submit: its step is of kind request, and step->request is NULL"},
    {"two-answers", GEN_ECORRUPT,
     "provider crooked: submit: its step is of kind request, and step->fail is set too"},
    {"file-url", GEN_ECORRUPT,
     "provider crooked: submit: its request is malformed: its URL is not an absolute http or https "
     "URL"},
    {"split-header", GEN_ECORRUPT,
     "provider crooked: submit: the value of its header \"x-reference\" is longer than 8192 bytes, "
     "not UTF-8, or holds a control character"},
    {"stray-credential", GEN_ECORRUPT,
     "provider crooked: submit: it wants the credential \"crooked\" for "
     "https://evilapi.crooked.example:443, which is not among the hosts that the plugin declares"},
    {"undeclared-credential", GEN_ECORRUPT,
     "provider crooked: submit: it wants the credential \"crook\", which the plugin does not declare "
     "in its capabilities"},
    {"trace-method", GEN_ECORRUPT,
     "provider crooked: submit: its request has another method than GET, POST, PUT, DELETE"},
    {"long-state", GEN_ECORRUPT,
     "provider crooked: submit: its state is longer than 65536 bytes or not UTF-8"},
    {"shell", GEN_ECORRUPT,
     "provider crooked: submit: it runs a program that is not in the plugin's list"},
    {"no-handle", GEN_ECORRUPT,
     "provider crooked: submit: it is done without a handle, so the job could never be asked for "
     "again"},
    {"greedy-step", GEN_ENOMEM, "provider crooked: submit: it used up the memory of one call"},
};

/* format, cost and submit in turn, up to the first that fails. */
static enum gen_status ask_all(const struct gen_hosted *hosted, const char *model,
                               struct sample *sample, struct gen_error *err)
{
    struct gen_task task = sample_task(sample, 0, model);
    struct gen_formatted formatted;
    struct gen_priced priced;
    struct gen_step step;
    enum gen_status status = gen_hosted_format(hosted, &task, sample->arena, &formatted, err);

    if (status == GEN_OK) {
        sample->shot.parameters = formatted.parameters;
        status = gen_hosted_cost(hosted, &task, NULL, sample->arena, &priced, err);
    }
    return status == GEN_OK
               ? gen_hosted_step(hosted, GEN_VERB_SUBMIT, &task, NULL, sample->arena, &step, err)
               : status;
}

Test(plugins, broken_answers_fail_alone)
{
    static const char *const folders[] = {GOOD, BAD, NULL};

    for (size_t i = 0; i < GEN_COUNT(misdeeds); i++) {
        const struct misdeed *row = &misdeeds[i];
        struct gen_arena *arena = gen_arena_create(8 << 20); /* one exchange */
        struct gen_arena *other = gen_arena_create(8 << 20);
        char settings[128];
        struct gen_loader *loader;
        struct sample sample;
        struct gen_error err = {0};

        snprintf(settings, sizeof(settings), "{\"crooked\": {\"misdeed\": \"%s\"}}", row->name);
        loader = load(folders, read_json(settings, arena));
        cr_assert(ne(ptr, (void *)gen_loader_find(loader, "crooked"), NULL), "%s", row->name);
        sample_of(sample_brief, arena, &sample);
        cr_expect(
            eq(int, ask_all(gen_loader_find(loader, "crooked"), "m", &sample, &err), row->status),
            "%s", row->name);
        cr_expect(same(err.message, row->reason), "%s: %s", row->name, err.message);
        sample_of(sample_brief, other, &sample);
        cr_expect(eq(int, ask_all(gen_loader_find(loader, "fake"), "pay", &sample, &err), GEN_OK));
        gen_loader_destroy(loader);
        gen_arena_destroy(arena);
        gen_arena_destroy(other);
    }
}

Test(plugins, a_well_behaved_crook_passes)
{
    static const char *const folders[] = {BAD, NULL};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_loader *loader = load(folders, NULL);
    struct sample sample;
    struct gen_error err = {0};
    struct gen_task task;
    struct gen_step step;

    sample_of(sample_brief, arena, &sample);
    cr_expect(eq(int, ask_all(gen_loader_find(loader, "crooked"), "m", &sample, &err), GEN_OK),
              "%s", err.message);
    task = sample_task(&sample, 0, "no-such-model");
    cr_expect(eq(int,
                 gen_hosted_step(gen_loader_find(loader, "crooked"), GEN_VERB_POLL, &task, NULL,
                                 arena, &step, &err),
                 GEN_EUNSUPPORTED));
    cr_expect(same(err.message, "provider crooked: poll: there is no model \"no-such-model\""));
    gen_loader_destroy(loader);
    gen_arena_destroy(arena);
}

/* ---------------------------------------------------------------------------- out of memory -- */

/* Each allocation of loading and of one round of verbs fails in turn: an error or a refusal, never a
 * crash or a leak, and never an answer that only half came through. */
Test(plugins, every_allocation_fails)
{
    static const char *const folders[] = {GOOD, NULL};
    struct gen_loader_options options = {.plugin_folders = folders, .version = "t"};
    struct gen_error err = {0};
    bool finished = false;

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    for (long nth = 1; !finished && nth < 10000; nth++) {
        struct gen_loader *loader = NULL;
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_loader_create(&options, &loader, &err);
        finished = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM);
        if (finished) {
            cr_expect(eq(int, status, GEN_OK));
            cr_expect(eq(sz, gen_loader_count(loader), 2));
        }
        gen_loader_destroy(loader);
    }
    cr_expect(finished);
}

Test(plugins, every_allocation_of_a_verb_fails)
{
    static const char *const folders[] = {GOOD, NULL};
    static const char body[] = "{\"id\": \"job-1\"}";
    const struct gen_reply reply = {.type = GEN_REPLY_HTTP,
                                    .status = 200,
                                    .body = body,
                                    .body_size = sizeof(body) - 1,
                                    .body_complete = true};
    struct gen_arena *keep = gen_arena_create(0);
    struct gen_loader *loader = load(folders, NULL);
    const struct gen_hosted *fake = gen_loader_find(loader, "fake");
    struct sample sample;
    bool finished = false;

    sample_of(sample_brief, keep, &sample);
    sample.shot.parameters = "{\"durationMs\": 3000}";
    for (long nth = 1; !finished && nth < 10000; nth++) {
        struct gen_task task = sample_task(&sample, 0, "pay");
        struct gen_error err = {0};
        struct gen_step step;
        enum gen_status status = GEN_ENOMEM;
        struct gen_arena *arena;

        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        if (arena != NULL) {
            status = gen_hosted_step(fake, GEN_VERB_SUBMIT, &task, &reply, arena, &step, &err);
        }
        finished = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        /* An accepted job must never turn into another verdict for want of memory. */
        cr_assert(eq(int, status, finished ? GEN_OK : GEN_ENOMEM), "allocation %ld: %s", nth,
                  err.message);
        if (finished) {
            cr_expect(eq(int, step.type, GEN_STEP_IS_DONE));
            cr_expect(same(step.as.done.handle, "job-1"));
        }
        gen_arena_destroy(arena);
    }
    cr_expect(finished);
    gen_loader_destroy(loader);
    gen_arena_destroy(keep);
}
