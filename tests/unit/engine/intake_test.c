/* intake_test.c - uploads become assets, or leave nothing behind. */
#include "engine/intake.h"

#include "unit/engine/world.h"

#include <dirent.h>
#include <unistd.h>

Test(intake, names_that_lie)
{
    static const struct {
        const char *name, *type;
        enum gen_status status;
    } cases[] = {
        {"a.png", "image/png", GEN_OK},
        {"A.PNG", "image/png", GEN_OK},
        {"a.png", "image/jpeg", GEN_EINVAL},
        {"a.jpeg", "image/jpeg", GEN_OK},
        {"a.mp4", "video/mp4", GEN_OK},
        {"a.mp4", "image/png", GEN_EINVAL},
        {"a.mp4", "video/mp", GEN_EINVAL}, /* a part of a type is not the type */
        {"no-ending", "image/png", GEN_OK},
        {"a.unknown", "image/png", GEN_OK},
        {"png", "image/jpeg", GEN_OK}, /* no dot, no promise */
        {"a.png.jpg", "image/jpeg", GEN_OK},
        {"", "image/png", GEN_OK},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};

        cr_assert(eq(int, gen_intake_check_name(cases[i].name, cases[i].type, &err),
                     cases[i].status), "\"%s\" that is %s", cases[i].name, cases[i].type);
    }
}

struct stored {
    int calls;
    enum gen_status status;
    bool existing;
    struct gen_ident id;
    char kind[32], message[300];
};

static void on_stored(void *context, enum gen_status status, const struct gen_error *err,
                      const struct gen_asset *asset, bool existing)
{
    struct stored *stored = context;

    stored->calls++;
    stored->status = status;
    stored->existing = existing;
    snprintf(stored->message, sizeof(stored->message), "%.280s", err->message);
    if (asset != NULL) {
        stored->id = asset->id;
        snprintf(stored->kind, sizeof(stored->kind), "%s", asset->kind);
    }
}

static struct stored upload(struct world *world, struct gen_programs *programs,
                            const char *organization, const char *name, const char *content)
{
    struct stored stored = {0};
    char path[128];
    struct gen_upload request = {.organization = organization, .path = path, .name = name};

    snprintf(path, sizeof(path), "%s/upload", world->folder);
    WORLD_OK(world, gen_files_write(path, content, strlen(content), 0600, &world->err));
    gen_intake_start(&world->options, programs, &request, on_stored, &stored);
    cr_assert(eq(int, stored.calls, 0), "nothing is called from inside");
    while (stored.calls == 0) {
        gen_loop_turn(world->loop);
    }
    cr_assert(access(path, F_OK) != 0, "the uploaded file is left behind");
    return stored;
}

static int files_in(const char *folder)
{
    char command[256];
    FILE *answer;
    int count = -1;

    snprintf(command, sizeof(command), "find %s -type f | wc -l", folder);
    answer = popen(command, "r");
    cr_assert(answer != NULL && fscanf(answer, "%d", &count) == 1);
    pclose(answer);
    return count;
}

Test(intake, uploads, .timeout = 60)
{
    struct world world;
    struct gen_programs *programs = NULL;
    struct gen_programs_options options;
    struct stored first, again, other;

    world_open(&world);
    world_options(&world);
    options = (struct gen_programs_options){.loop = world.loop, .media = WORLD_MEDIA};
    WORLD_OK(&world, gen_programs_create(&options, &programs, &world.err));
    first = upload(&world, programs, "org_1", "note.txt", "some words\n");
    cr_assert(first.status == GEN_OK && first.existing == false, "%s", first.message);
    cr_assert(eq(str, first.kind, "text"));
    again = upload(&world, programs, "org_1", "same.txt", "some words\n");
    cr_assert(again.status == GEN_OK && again.existing, "%s", again.message);
    cr_assert(eq(str, again.id.text, first.id.text), "the same content is the same asset");
    other = upload(&world, programs, "org_2", "note.txt", "some words\n");
    cr_assert(other.status == GEN_OK && other.existing == false, "of another organization");
    cr_assert(eq(int, files_in(world.blobs), 1), "stored once");
    other = upload(&world, programs, "org_1", "note.png", "other words\n");
    cr_assert(other.status == GEN_EINVAL, "%s", other.message);
    cr_assert(strstr(other.message, "note.png") != NULL && strstr(other.message, "text/plain"),
              "%s", other.message);
    other = upload(&world, programs, "org_1", "x", "\x01\x02\x03\x04 nothing\xff\xfe");
    cr_assert(other.status == GEN_EINVAL, "%s", other.message);
    cr_assert(eq(int, files_in(world.blobs), 1), "a refused file leaves nothing");
    /* The store refuses: the asset is not there, and the next upload is none the worse. */
    gen_store_fail_at(world.store, 1, GEN_ENOSPACE);
    other = upload(&world, programs, "org_1", "more.txt", "more words\n");
    gen_store_fail_at(world.store, 0, GEN_OK);
    cr_assert(eq(int, other.status, GEN_ENOSPACE), "%s", other.message);
    other = upload(&world, programs, "org_1", "more.txt", "more words\n");
    cr_assert(other.status == GEN_OK && other.existing == false, "%s", other.message);
    gen_programs_destroy(programs);
    world_close(&world);
}

/* Half of a film probes well, and would be shown as one that freezes. */
Test(intake, cut_off, .timeout = 60)
{
    struct world world;
    struct gen_programs *programs = NULL;
    struct gen_programs_options options;
    struct gen_upload request = {.organization = "org_1", .name = "film.mp4"};
    struct stored stored = {0};
    char path[128], command[400];

    world_open(&world);
    world_options(&world);
    options = (struct gen_programs_options){.loop = world.loop, .media = WORLD_MEDIA};
    WORLD_OK(&world, gen_programs_create(&options, &programs, &world.err));
    snprintf(path, sizeof(path), "%s/upload", world.folder);
    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=s=320x240:d=2 -movflags +faststart "
             "-f mp4 %s && truncate -s -2000 %s", path, path);
    cr_assert(system(command) == 0, "%s", command);
    request.path = path;
    gen_intake_start(&world.options, programs, &request, on_stored, &stored);
    while (stored.calls == 0) {
        gen_loop_turn(world.loop);
    }
    cr_assert(stored.status == GEN_EINVAL && strstr(stored.message, "cut off") != NULL, "%s",
              stored.message);
    cr_assert(access(path, F_OK) != 0, "the uploaded file is left behind");
    cr_assert(eq(int, files_in(world.blobs), 0), "a refused file leaves nothing");
    gen_programs_destroy(programs);
    world_close(&world);
}
