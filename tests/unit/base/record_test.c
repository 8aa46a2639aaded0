/* record_test.c - binding documents to structs: every message a user can meet, and the way back. */
#include "base/alloc.h"
#include "base/json.h"
#include "base/record.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct scene {
    const char *prompt;
    int64_t duration_ms;
};

struct board {
    bool draft;
    int64_t seed;
    double weight;
    gen_micros budget;
    gen_moment deadline;
    const char *title;
    const char *secret;
    int quality;
    struct scene intro;
    struct gen_records scenes;
    struct gen_texts tags;
    const struct gen_node *extra;
};

static const struct gen_choice qualities[] = {
    {"draft", 1, "quick"}, {"standard", 2, ""}, {"premium", 3, ""}, {NULL, 0, NULL}};

static const struct gen_field scene_fields[] = {
    {.key = "prompt", .type = GEN_FIELD_TEXT, .flags = GEN_FIELD_REQUIRED,
     .offset = offsetof(struct scene, prompt), .min = 1, .max = 10, .help = "What is seen."},
    {.key = "duration", .type = GEN_FIELD_SECONDS, .offset = offsetof(struct scene, duration_ms),
     .min = 500, .max = 60000, .preset = "2.5", .help = "How long | how short."},
    {0},
};

static enum gen_status scene_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    const struct scene *scene = object;

    (void)node;
    (void)arena;
    return strcmp(scene->prompt, "bad") == 0 ? gen_error_set(err, GEN_EINVAL, "is a bad scene")
                                             : GEN_OK;
}

static const struct gen_record scene_record = {
    .name = "scene", .size = sizeof(struct scene), .fields = scene_fields, .short_key = "prompt",
    .check = scene_check, .help = "One shot of the story."};

static const struct gen_field board_fields[] = {
    {.key = "draft", .type = GEN_FIELD_BOOL, .offset = offsetof(struct board, draft),
     .preset = "true"},
    {.key = "seed", .type = GEN_FIELD_INT, .offset = offsetof(struct board, seed), .min = 1,
     .max = INT64_MAX, .preset = "7"},
    {.key = "weight", .type = GEN_FIELD_REAL, .offset = offsetof(struct board, weight), .min = -1,
     .max = 1},
    {.key = "budget", .type = GEN_FIELD_MONEY, .offset = offsetof(struct board, budget),
     .min = 1, .max = 100000000, .preset = "2.40"},
    {.key = "deadline", .type = GEN_FIELD_MOMENT, .offset = offsetof(struct board, deadline)},
    {.key = "title", .type = GEN_FIELD_TEXT, .offset = offsetof(struct board, title)},
    {.key = "secret", .type = GEN_FIELD_TEXT, .flags = GEN_FIELD_HIDDEN,
     .offset = offsetof(struct board, secret)},
    {.key = "quality", .type = GEN_FIELD_CHOICE, .offset = offsetof(struct board, quality),
     .choices = qualities, .preset = "standard"},
    {.key = "intro", .type = GEN_FIELD_RECORD, .offset = offsetof(struct board, intro),
     .record = &scene_record},
    {.key = "scenes", .type = GEN_FIELD_RECORDS, .offset = offsetof(struct board, scenes),
     .record = &scene_record, .min = 0, .max = 3},
    {.key = "tags", .type = GEN_FIELD_TEXTS, .offset = offsetof(struct board, tags),
     .preset = "ad, video"},
    {.key = "extra", .type = GEN_FIELD_NODE, .offset = offsetof(struct board, extra)},
    {0},
};

static const struct gen_record board_record = {
    .name = "storyboard", .size = sizeof(struct board), .fields = board_fields};

/* {key: value} or, with a scene key, {scenes: [{prompt: "p"}, {prompt: "p", key: value}]}. */
static struct gen_node *in_board(struct gen_arena *arena, const char *key, struct gen_node *value)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, key, value);
    if (value != NULL) {
        value->line = 3;
        value->column = 9;
    }
    return map;
}

static struct gen_node *in_scene(struct gen_arena *arena, const char *key, struct gen_node *value)
{
    struct gen_node *list = gen_node_list(arena);
    struct gen_node *scene = in_board(arena, key, value);

    gen_node_push(list, gen_node_string(arena, "p"));
    gen_node_push(list, scene);
    if (strcmp(key, "prompt") != 0) {
        gen_node_set(arena, scene, "prompt", gen_node_string(arena, "p"));
    }
    scene->line = 2;
    return in_board(arena, "scenes", list);
}

static void refused(struct gen_arena *arena, struct gen_node *node, const char *text)
{
    struct gen_error err = {0};
    struct board board;
    char out[700];

    cr_expect(ne(int, gen_record_bind(&board_record, node, "", arena, &board, &err), GEN_OK), "%s",
              text);
    cr_expect(eq(str, (char *)gen_error_text(&err, out, sizeof(out)), (char *)text));
}

Test(record, refused_scalars)
{
    struct gen_arena *a = gen_arena_create(0);

    refused(a, in_scene(a, "durration", gen_node_int(a, 1)),
            "line 3, column 9: scenes[1].durration: unknown key \"durration\" in scene; did you mean "
            "\"duration\"?");
    refused(a, in_board(a, "colour", gen_node_int(a, 1)),
            "line 3, column 9: colour: unknown key \"colour\" in storyboard");
    refused(a, in_scene(a, "duration", gen_node_string(a, "3")),
            "line 3, column 9: scenes[1].duration: must be a number of seconds, not text");
    refused(a, in_scene(a, "duration", gen_node_int(a, 61)),
            "line 3, column 9: scenes[1].duration: must be between 0.5 and 60 seconds");
    refused(a, in_scene(a, "duration", gen_node_real(a, (double)NAN)),
            "line 3, column 9: scenes[1].duration: must be a number of seconds, not infinity, or "
            "no number at all");
    refused(a, in_scene(a, "duration", gen_node_real(a, 1e300)),
            "line 3, column 9: scenes[1].duration: must be between 0.5 and 60 seconds");
    refused(a, in_scene(a, "prompt", gen_node_string(a, "")),
            "line 3, column 9: scenes[1].prompt: must be between 1 and 10 characters long");
    refused(a, in_scene(a, "prompt", gen_node_null(a)),
            "line 2: scenes[1].prompt: missing key \"prompt\" in scene");
    refused(a, in_scene(a, "prompt", gen_node_string(a, "bad")),
            "line 2: scenes[1]: is a bad scene"); /* the check's error gets its place */
    refused(a, in_scene(a, "prompt", gen_node_int(a, 5)),
            "line 3, column 9: scenes[1].prompt: must be text, not a whole number; put it in "
            "quotes");
    refused(a, in_scene(a, "prompt", gen_node_string_sized(a, "a\0b", 3)),
            "line 3, column 9: scenes[1].prompt: must not hold a NUL character");
    refused(a, in_board(a, "draft", gen_node_string(a, "yes")),
            "line 3, column 9: draft: must be true or false, not text");
    refused(a, in_board(a, "seed", gen_node_int(a, 0)), "line 3, column 9: seed: must be at least 1");
    refused(a, in_board(a, "seed", gen_node_real(a, 1.5)),
            "line 3, column 9: seed: must be a whole number");
    refused(a, in_board(a, "weight", gen_node_real(a, 1.01)),
            "line 3, column 9: weight: must be between -1 and 1");
    gen_arena_destroy(a);
}

Test(record, refused_others)
{
    struct gen_arena *a = gen_arena_create(0);
    struct gen_node *four = gen_node_list(a);
    struct gen_node *numbers = gen_node_list(a);

    for (int i = 0; i < 4; i++) {
        gen_node_push(four, gen_node_string(a, "p"));
    }
    gen_node_push(numbers, gen_node_int(a, 1));
    refused(a, in_board(a, "budget", gen_node_int(a, 0)),
            "line 3, column 9: budget: must be between 0.000001 and 100 dollars");
    refused(a, in_board(a, "budget", gen_node_real(a, 1e-7)),
            "line 3, column 9: budget: the amount 1e-07 is finer than a micro-dollar; use at most "
            "six decimals");
    refused(a, in_board(a, "budget", gen_node_string(a, "$5")),
            "line 3, column 9: budget: must be an amount of dollars, not text");
    refused(a, in_board(a, "deadline", gen_node_string(a, "tomorrow")),
            "line 3, column 9: deadline: \"tomorrow\" is not a time; write it like "
            "2026-11-22T12:00:00Z");
    refused(a, in_board(a, "quality", gen_node_string(a, "premum")),
            "line 3, column 9: quality: must be draft, standard or premium, not \"premum\"; did you "
            "mean \"premium\"?");
    refused(a, in_board(a, "quality", gen_node_int(a, 1)),
            "line 3, column 9: quality: must be a word, not a whole number");
    refused(a, in_board(a, "scenes", four),
            "line 3, column 9: scenes: must be between 0 and 3 items long");
    refused(a, in_board(a, "scenes", gen_node_string(a, "p")),
            "line 3, column 9: scenes: must be a list, not text");
    refused(a, in_board(a, "intro", gen_node_int(a, 1)),
            "line 3, column 9: intro: scene must be a map of keys or text, not a whole number");
    refused(a, in_board(a, "tags", numbers), "tags[0]: must be text, not a whole number");
    refused(a, gen_node_string(a, "x"), "storyboard must be a map of keys, not text");
    refused(a, NULL, "storyboard must be a map of keys, not nothing");
    gen_arena_destroy(a);
}

Test(record, presets)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};
    struct board board;

    memset(&board, 0xAA, sizeof(board));
    cr_assert(eq(int, gen_record_bind(&board_record, gen_node_map(arena), "", arena, &board, &err),
                 GEN_OK), "%s", err.message);
    cr_expect(board.draft);
    cr_expect(eq(i64, board.seed, 7));
    cr_expect(board.weight == 0);
    cr_expect(eq(i64, board.budget, 2400000));
    cr_expect(eq(i64, board.deadline, 0));
    cr_expect(eq(ptr, (void *)board.title, NULL));
    cr_expect(eq(int, board.quality, 2));
    /* the absent scene has its presets; its required prompt is not asked for */
    cr_expect(eq(ptr, (void *)board.intro.prompt, NULL));
    cr_expect(eq(i64, board.intro.duration_ms, 2500));
    cr_expect(eq(sz, board.scenes.count, 0));
    cr_assert(eq(sz, board.tags.count, 2));
    cr_expect(eq(str, (char *)board.tags.items[1], "video"));
    cr_expect(eq(ptr, (void *)board.extra, NULL));
    gen_arena_destroy(arena);
}

static struct gen_node *full(struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *scenes = gen_node_set(arena, map, "scenes", gen_node_list(arena));
    struct gen_node *scene = gen_node_push(scenes, gen_node_map(arena));

    gen_node_set(arena, scene, "prompt", gen_node_string(arena, "ten \xF0\x9F\x8E\xAC char"));
    gen_node_set(arena, scene, "duration", gen_node_real(arena, 1.25));
    gen_node_push(scenes, gen_node_string(arena, "short"));
    gen_node_set(arena, map, "budget", gen_node_real(arena, 0.1));
    gen_node_set(arena, map, "deadline", gen_node_string(arena, "2026-11-22T12:00:00Z"));
    gen_node_set(arena, map, "secret", gen_node_string(arena, "hush"));
    gen_node_set(arena, map, "quality", gen_node_string(arena, "premium"));
    gen_node_set(arena, map, "seed", gen_node_real(arena, 12.0)); /* whole, if not written so */
    gen_node_set(arena, map, "intro", gen_node_string(arena, "hello"));
    gen_node_set(arena, map, "extra", gen_node_null(arena));
    return map;
}

static const char full_text[] =
    "{\"draft\":true,\"seed\":12,\"weight\":0,\"budget\":0.1,"
    "\"deadline\":\"2026-11-22T12:00:00.000Z\",\"quality\":\"premium\","
    "\"intro\":{\"prompt\":\"hello\",\"duration\":2.5},\"scenes\":[{\"prompt\":\"ten "
    "\xF0\x9F\x8E\xAC char\",\"duration\":1.25},{\"prompt\":\"short\",\"duration\":2.5}],"
    "\"tags\":[\"ad\",\"video\"],\"extra\":null}";

Test(record, there_and_back)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};
    struct gen_node *written;
    struct board board;

    cr_assert(eq(int, gen_record_bind(&board_record, full(arena), "", arena, &board, &err), GEN_OK),
              "%s", err.message);
    cr_expect(eq(str, (char *)board.secret, "hush"));
    written = gen_record_write(&board_record, &board, arena);
    cr_expect(eq(str, gen_json_text(arena, written, NULL), (char *)full_text)); /* no secret */
    cr_assert(eq(int, gen_record_bind(&board_record, written, "", arena, &board, &err), GEN_OK));
    written = gen_record_write(&board_record, &board, arena);
    cr_expect(eq(str, gen_json_text(arena, written, NULL), (char *)full_text));
    gen_arena_destroy(arena);
}

Test(record, each_allocation_failing)
{
    struct gen_arena *stays = gen_arena_create(0);
    const struct gen_node *node = full(stays);
    bool done = false;
    long failures = 0;

    for (long nth = 1; !done; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_error err = {0};
        struct board board;
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_record_bind(&board_record, node, "", arena, &board, &err);
        done = status == GEN_OK;
        gen_alloc_fail_at(0);
        cr_expect(eq(int, status, done ? GEN_OK : GEN_ENOMEM));
        failures += done ? 0 : 1;
        gen_arena_destroy(arena);
    }
    cr_expect(gt(long, failures, 0));
    gen_arena_destroy(stays);
}

Test(record, document)
{
    struct gen_bytes out;

    gen_bytes_init(&out, 10000);
    cr_expect(eq(int, gen_record_document(&board_record, &out), GEN_OK));
    cr_expect(ne(ptr, strstr(out.data, "### storyboard\n\n| key | takes | default | meaning |"), NULL));
    cr_expect(ne(ptr, strstr(out.data, "| `quality` | word: `draft`, `standard`, `premium` | "
                                       "`standard` |  |\n"), NULL));
    cr_expect(ne(ptr, strstr(out.data, "| `scenes` | list of maps: scene, between 0 and 3 items "
                                       "long |  |  |\n"), NULL));
    cr_expect(ne(ptr, strstr(out.data, "\n### scene\n\nOne shot of the story.\n\n"), NULL));
    cr_expect(ne(ptr, strstr(out.data, "A bare text stands for `{prompt: text}`."), NULL));
    cr_expect(ne(ptr, strstr(out.data, "| `duration` | seconds, between 0.5 and 60 seconds | `2.5` "
                                       "| How long \\| how short. |\n"), NULL));
    /* a record that is used twice is described once */
    cr_expect(eq(ptr, strstr(strstr(out.data, "### scene") + 1, "### scene"), NULL));
    gen_bytes_fini(&out);
}

/* Names, numbers, expressions, short forms, and all mistakes at once. */
struct limb {
    struct gen_named named;
    int64_t weight;
    struct gen_formula when;
};

struct group {
    struct gen_texts words;
    struct gen_formula where;
};

struct body {
    struct gen_records limbs;
    struct gen_numbers sizes;
    struct group some;
    struct gen_records groups;
};

static const struct gen_choice limb_names[] = {
    {"arm", 1, ""}, {"leg", 2, ""}, {"wing", 3, ""}, {NULL, 0, NULL}};
static const struct gen_choice group_words[] = {{"left", 1, ""}, {"right", 2, ""}, {NULL, 0, NULL}};

static const struct gen_field limb_fields[] = {
    {.key = "weight", .type = GEN_FIELD_INT, .offset = offsetof(struct limb, weight), .max = 9,
     .preset = "2"},
    {.key = "when", .type = GEN_FIELD_FORMULA, .offset = offsetof(struct limb, when), .max = 20},
    {0}};
static const struct gen_record limb_record = {
    .name = "limb", .size = sizeof(struct limb), .fields = limb_fields, .short_key = "weight"};
static const struct gen_field group_fields[] = {
    {.key = "words", .type = GEN_FIELD_TEXTS, .offset = offsetof(struct group, words), .max = 3,
     .choices = group_words},
    {.key = "where", .type = GEN_FIELD_FORMULA, .offset = offsetof(struct group, where)},
    {0}};
static const struct gen_record group_record = {.name = "group", .size = sizeof(struct group),
                                               .fields = group_fields, .short_key = "where",
                                               .list_key = "words"};
static const struct gen_field body_fields[] = {
    {.key = "limbs", .type = GEN_FIELD_NAMED, .offset = offsetof(struct body, limbs), .max = 3,
     .record = &limb_record, .choices = limb_names},
    {.key = "sizes", .type = GEN_FIELD_NUMBERS, .offset = offsetof(struct body, sizes), .max = 10,
     .preset = "0.5, 1"},
    {.key = "some", .type = GEN_FIELD_RECORD, .offset = offsetof(struct body, some),
     .record = &group_record},
    {.key = "groups", .type = GEN_FIELD_RECORDS, .offset = offsetof(struct body, groups), .max = 3,
     .record = &group_record},
    {0}};
static const struct gen_record body_record = {
    .name = "body", .size = sizeof(struct body), .fields = body_fields};

/* Nodes as a reader would make them, each on its own line. */
struct maker {
    struct gen_arena *arena;
    uint32_t line;
};

static struct gen_node *made(struct maker *m, struct gen_node *node)
{
    node->line = ++m->line;
    node->column = 1;
    return node;
}

static struct gen_node *put(struct maker *m, struct gen_node *map, const char *key,
                            struct gen_node *node)
{
    return gen_node_set(m->arena, map, key, made(m, node));
}

Test(record, names_keep_their_order_and_place)
{
    struct maker m = {.arena = gen_arena_create(0)};
    struct gen_node *root = made(&m, gen_node_map(m.arena));
    struct gen_node *limbs = put(&m, root, "limbs", gen_node_map(m.arena));
    struct body body;
    struct gen_error err = {0};
    const struct limb *limb;
    struct gen_node *back;

    put(&m, limbs, "wing", gen_node_int(m.arena, 7));      /* a bare number */
    put(&m, put(&m, limbs, "arm", gen_node_map(m.arena)), "when", gen_node_bool(m.arena, true));
    put(&m, root, "some", gen_node_string(m.arena, "a < b")); /* a bare text */
    cr_assert(eq(int, gen_record_bind(&body_record, root, "", m.arena, &body, &err), GEN_OK), "%s",
              err.message);
    cr_assert(eq(sz, body.limbs.count, 2));
    limb = body.limbs.items;
    cr_expect(eq(str, (char *)limb[0].named.name, "wing"));
    cr_expect(eq(u32, limb[0].named.line, 3));
    cr_expect(eq(i64, limb[0].weight, 7));
    cr_expect(eq(str, (char *)limb[1].named.name, "arm"));
    cr_expect(eq(i64, limb[1].weight, 2));
    cr_expect(eq(str, (char *)limb[1].when.text, "true")); /* what YAML takes for something else */
    cr_expect(eq(ptr, limb[1].when.program, NULL));
    cr_expect(eq(str, (char *)body.some.where.text, "a < b"));
    cr_expect(eq(u32, body.some.where.node->line, 6));
    cr_expect(eq(sz, body.sizes.count, 2)); /* the preset */
    cr_expect(eq(dbl, body.sizes.items[0], 0.5));

    back = gen_record_write(&body_record, &body, m.arena);
    cr_expect(eq(i64, gen_node_integer(gen_node_get(gen_node_get(gen_node_get(back, "limbs"), "wing"),
                                                    "weight"), 0), 7));
    cr_expect(eq(sz, gen_node_count(gen_node_get(back, "sizes")), 2));
    gen_arena_destroy(m.arena);
}

Test(record, a_bare_list)
{
    struct maker m = {.arena = gen_arena_create(0)};
    struct gen_node *root = made(&m, gen_node_map(m.arena));
    struct gen_node *list = put(&m, root, "some", gen_node_list(m.arena));
    struct body body;
    struct gen_error err = {0};

    gen_node_push(list, made(&m, gen_node_string(m.arena, "left")));
    cr_assert(eq(int, gen_record_bind(&body_record, root, "", m.arena, &body, &err), GEN_OK));
    cr_expect(eq(sz, body.some.words.count, 1));
    gen_node_push(list, made(&m, gen_node_string(m.arena, "rihgt")));
    cr_assert(eq(int, gen_record_bind(&body_record, root, "", m.arena, &body, &err), GEN_EINVAL));
    cr_expect(eq(str, err.path, "some.words[1]"));
    cr_expect(eq(str, err.message, "must be left or right, not \"rihgt\"; did you mean \"right\"?"));
    gen_arena_destroy(m.arena);
}

struct reported {
    char text[2048];
};

static void report(void *context, const struct gen_error *err)
{
    struct reported *reported = context;
    size_t used = strlen(reported->text);

    snprintf(reported->text + used, sizeof(reported->text) - used, "%u %s|", err->line, err->path);
}

Test(record, all_mistakes)
{
    struct maker m = {.arena = gen_arena_create(0)};
    struct gen_node *root = made(&m, gen_node_map(m.arena));                 /* line 1 */
    struct gen_node *limbs = put(&m, root, "limbs", gen_node_map(m.arena));  /* 2 */
    struct gen_node *groups;
    struct body body;
    struct reported reported = {""};

    put(&m, limbs, "tail", gen_node_int(m.arena, 1));     /* 3: no such name */
    put(&m, limbs, "arm", gen_node_int(m.arena, 10));     /* 4: out of bounds */
    put(&m, limbs, "leg", gen_node_string(m.arena, "x")); /* 5: not a number */
    put(&m, root, "sizes", gen_node_bool(m.arena, true)); /* 6 */
    groups = put(&m, root, "groups", gen_node_list(m.arena));
    put(&m, gen_node_push(groups, made(&m, gen_node_map(m.arena))), "word",
        gen_node_string(m.arena, "x"));                    /* 9: unknown key */
    gen_node_push(groups, made(&m, gen_node_int(m.arena, 1))); /* 10: a number of no text */
    put(&m, root, "colour", gen_node_string(m.arena, "red"));   /* 11: unknown key */
    cr_expect(eq(int, gen_record_bind_all(&body_record, root, "", m.arena, &body, report, &reported),
                 GEN_EINVAL));
    cr_expect(eq(str, reported.text, "11 colour|3 limbs.tail|4 limbs.arm.weight|5 limbs.leg.weight|"
                                     "6 sizes|9 groups[0].word|10 groups[1].where|"));
    gen_arena_destroy(m.arena);
}

/* ---- rules: what several keys say together ---- */

struct bounds {
    int64_t least, most, size, step;
};

static enum gen_status check_bounds(void *object, const struct gen_node *node,
                                    struct gen_arena *arena, struct gen_error *err)
{
    const struct bounds *bounds = object;

    (void)node;
    (void)arena;
    return bounds->least <= bounds->most ? GEN_OK : gen_error_set(err, GEN_EINVAL, "turned");
}

static enum gen_status check_step(void *object, const struct gen_node *node,
                                  struct gen_arena *arena, struct gen_error *err)
{
    const struct bounds *bounds = object;

    (void)node;
    (void)arena;
    if (bounds->step <= bounds->size) {
        return GEN_OK;
    }
    gen_error_set(err, GEN_EINVAL, "too long");
    gen_error_place(err, NULL, 77, 1, "step");
    return GEN_EINVAL;
}

static enum gen_status check_whole(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    (void)object;
    (void)arena;
    return gen_node_count(node) > 4 ? gen_error_set(err, GEN_EINVAL, "too much") : GEN_OK;
}

#define BOUND(name) \
    { \
        .key = #name, .type = GEN_FIELD_INT, .flags = GEN_FIELD_REQUIRED, \
        .offset = offsetof(struct bounds, name), .max = 100, .help = "A number." \
    }
static const struct gen_field bounds_fields[] = {BOUND(least), BOUND(most), BOUND(size), BOUND(step), {0}};
static const struct gen_record_rule bounds_rules[] = {
    {"least most", check_bounds}, {"size step", check_step}, {NULL, NULL}};
static const struct gen_record bounds_record = {.name = "bounds",
                                                .size = sizeof(struct bounds),
                                                .fields = bounds_fields,
                                                .check = check_whole,
                                                .rules = bounds_rules};

static const struct {
    int64_t least, most, size, step; /* above 100: wrong by itself; negative: not there */
    const char *extra;               /* another key; NULL */
    const char *says;                /* all mistakes: line and path; lines are those of the order */
    const char *first;               /* message of the one that stops the other kind of binding */
} bounds_rows[] = {
    {1, 2, 2, 1, NULL, "", NULL},
    {2, 1, 1, 2, NULL, "1 |77 step|", "turned"},         /* both rules */
    {2, 1, 999, 2, NULL, "4 size|1 |", "must be between"}, /* a wrong size does not hide it */
    {999, 1, 1, 2, NULL, "2 least|77 step|", "must be between"},
    {2, 1, 1, -1, "setp", "5 setp|1 |", "unknown key"},  /* misspelt: not missing, and its rule waits */
    {2, 1, 1, -1, "colour", "5 colour|1 step|1 |", "unknown key"}, /* missing all the same */
    {1, 2, 2, 1, "colour", "6 colour|", "unknown key"}, /* the whole is not looked at */
};

Test(record, rules_of_some_keys)
{
    static const char *const keys[] = {"least", "most", "size", "step"};

    for (size_t i = 0; i < GEN_COUNT(bounds_rows); i++) {
        const int64_t values[] = {bounds_rows[i].least, bounds_rows[i].most, bounds_rows[i].size,
                                  bounds_rows[i].step};
        struct maker m = {.arena = gen_arena_create(0)};
        struct gen_node *root = made(&m, gen_node_map(m.arena)); /* line 1 */
        struct reported reported = {""};
        struct gen_error err = {0};
        struct bounds bounds;
        enum gen_status status;

        for (size_t k = 0; k < GEN_COUNT(keys); k++) {
            if (values[k] >= 0) {
                put(&m, root, keys[k], gen_node_int(m.arena, values[k]));
            }
        }
        if (bounds_rows[i].extra != NULL) {
            put(&m, root, bounds_rows[i].extra, gen_node_int(m.arena, 1));
        }
        status = gen_record_bind_all(&bounds_record, root, "", m.arena, &bounds, report, &reported);
        cr_expect(eq(int, status, bounds_rows[i].says[0] == '\0' ? GEN_OK : GEN_EINVAL), "row %zu", i);
        cr_expect(eq(str, reported.text, (char *)bounds_rows[i].says), "row %zu", i);
        status = gen_record_bind(&bounds_record, root, "", m.arena, &bounds, &err);
        cr_expect(eq(int, status, bounds_rows[i].first == NULL ? GEN_OK : GEN_EINVAL), "row %zu", i);
        cr_expect(ne(ptr, strstr(err.message, bounds_rows[i].first == NULL ? "" : bounds_rows[i].first), NULL),
                  "row %zu: %s", i, err.message);
        gen_arena_destroy(m.arena);
    }
}

/* A key that is wrong is told where the key stands, where that is known. */
Test(record, wrong_keys_have_their_own_place)
{
    struct maker m = {.arena = gen_arena_create(0)};
    struct gen_node *root = made(&m, gen_node_map(m.arena));
    struct gen_node *wrong = put(&m, root, "colour", gen_node_int(m.arena, 1));
    struct gen_error err = {0};
    struct bounds bounds;

    cr_expect(eq(int, gen_record_bind(&bounds_record, root, "", m.arena, &bounds, &err), GEN_EINVAL));
    cr_expect(eq(u32, err.line, wrong->line));
    wrong->key_line = 40;
    wrong->key_column = 3;
    root = gen_node_copy(m.arena, root); /* a copy has it, too */
    cr_expect(eq(int, gen_record_bind(&bounds_record, root, "", m.arena, &bounds, &err), GEN_EINVAL));
    cr_expect(eq(u32, err.line, 40));
    cr_expect(eq(u32, err.column, 3));
    gen_arena_destroy(m.arena);
}

static enum gen_status count_formulas(void *context, const struct gen_field *field, void *member,
                                      const char *path)
{
    struct reported *reported = context;
    size_t used = strlen(reported->text);

    if (field->type == GEN_FIELD_FORMULA && ((struct gen_formula *)member)->text != NULL) {
        snprintf(reported->text + used, sizeof(reported->text) - used, "%s|", path);
    }
    return GEN_OK;
}

Test(record, each_member_is_visited)
{
    struct maker m = {.arena = gen_arena_create(0)};
    struct gen_node *root = made(&m, gen_node_map(m.arena));
    struct gen_node *limbs = put(&m, root, "limbs", gen_node_map(m.arena)), *groups;
    struct body body;
    struct gen_error err = {0};
    struct reported reported = {""};

    put(&m, put(&m, limbs, "leg", gen_node_map(m.arena)), "when", gen_node_string(m.arena, "a"));
    put(&m, root, "some", gen_node_string(m.arena, "b"));
    groups = put(&m, root, "groups", gen_node_list(m.arena));
    gen_node_push(groups, made(&m, gen_node_string(m.arena, "c")));
    cr_assert(eq(int, gen_record_bind(&body_record, root, "", m.arena, &body, &err), GEN_OK));
    cr_expect(eq(int, gen_record_each(&body_record, &body, "", count_formulas, &reported), GEN_OK));
    cr_expect(eq(str, reported.text, "limbs.leg.when|some.where|groups[0].where|"));
    gen_arena_destroy(m.arena);
}
