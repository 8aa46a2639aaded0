/* brief_test.c - what a brief may say, its limits and defaults, and what an error about it says. */
#include "model/brief.h"

#include "base/alloc.h"
#include "base/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* The parsers live a floor above; this one reads just enough JSON for briefs, into nodes that say
 * where they stood (one line, columns in bytes). */
struct text {
    const char *start, *at;
    struct gen_arena *arena;
};

static struct gen_node *text_value(struct text *text);

static void text_skip(struct text *text)
{
    text->at += strspn(text->at, " ,:");
}

static struct gen_node *text_string(struct text *text)
{
    const char *end = strchr(text->at + 1, '"');
    struct gen_node *node =
        gen_node_string_sized(text->arena, text->at + 1, (size_t)(end - text->at - 1));

    text->at = end + 1;
    return node;
}

static struct gen_node *text_map(struct text *text)
{
    struct gen_node *map = gen_node_map(text->arena);

    for (text->at++, text_skip(text); *text->at != '}'; text_skip(text)) {
        struct gen_node *key = text_string(text);

        text_skip(text);
        gen_node_set(text->arena, map, key->text, text_value(text));
    }
    text->at++;
    return map;
}

static struct gen_node *text_list(struct text *text)
{
    struct gen_node *list = gen_node_list(text->arena);

    for (text->at++, text_skip(text); *text->at != ']'; text_skip(text)) {
        gen_node_push(list, text_value(text));
    }
    text->at++;
    return list;
}

static struct gen_node *text_other(struct text *text)
{
    size_t size = strcspn(text->at, ",]} ");
    char *word = gen_arena_strndup(text->arena, text->at, size);
    struct gen_node *node;

    text->at += size;
    if (strcmp(word, "null") == 0) {
        return gen_node_null(text->arena);
    }
    if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        return gen_node_bool(text->arena, word[0] == 't');
    }
    node = strpbrk(word, ".eE") == NULL ? gen_node_int(text->arena, strtoll(word, NULL, 10))
                                        : gen_node_real(text->arena, strtod(word, NULL));
    node->text = word;
    node->size = size;
    return node;
}

static struct gen_node *text_value(struct text *text)
{
    uint32_t column;
    struct gen_node *node;

    text_skip(text);
    column = (uint32_t)(text->at - text->start) + 1;
    node = *text->at == '{'   ? text_map(text)
           : *text->at == '[' ? text_list(text)
           : *text->at == '"' ? text_string(text)
                              : text_other(text);
    node->line = 1;
    node->column = column;
    return node;
}

static enum gen_status read_brief(const char *json, struct gen_arena *arena,
                                  struct gen_brief **out, struct gen_error *err)
{
    struct text text = {json, json, arena};

    return gen_brief_read(text_value(&text), arena, out, err);
}

static const char least[] = "{\"scenes\": [{\"prompt\": \"a\", \"duration\": 2}]}";

Test(brief, defaults)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_brief *brief = NULL;
    struct gen_error err = {0};
    const struct gen_variation *variation;

    cr_assert(eq(int, read_brief(least, arena, &brief, &err), GEN_OK));
    cr_assert(eq(sz, brief->scenes.count, 1));
    cr_assert(eq(str, (char *)gen_brief_scene(brief, 0)->id, "scene_1"));
    cr_assert(eq(int, gen_brief_scene(brief, 0)->transition, GEN_TRANSITION_IS_FADE));
    cr_assert(eq(int, gen_brief_scene(brief, 0)->motion, GEN_MOTION_IS_AUTO));
    cr_assert(eq(sz, brief->variations.count, 1));
    variation = gen_brief_variation(brief, 0);
    cr_assert(eq(str, (char *)variation->name, "16x9"));
    cr_assert(variation->width == 1920 && variation->height == 1080);
    cr_assert(eq(i32, variation->frame_rate_milli, 30000));
    cr_assert(eq(i64, gen_brief_duration(brief), 2000), "no end card unless it is asked for");
    cr_assert(eq(int, brief->priority, GEN_PRIORITY_NORMAL));
    cr_assert(brief->strategy == NULL, "the policies choose");
    cr_assert(eq(sz, brief->deliver.count, 0));
    cr_assert(eq(i64, brief->budget, 0));
    gen_arena_destroy(arena);
}

/* What is filled in and where it goes. */
Test(brief, short_forms)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_brief *brief = NULL;
    struct gen_error err = {0};
    enum gen_status status = read_brief(
        "{\"language\": \"de\", \"frameRate\": 29.97, \"scenes\": [{\"overlay\": \"Hallo\", "
        "\"overlays\": [\"zwei\", {\"text\": \"3\", \"role\": \"badge\"}], \"duration\": 2.5}, "
        "{\"prompt\": \"b\", \"duration\": 1, \"language\": \"en\", \"id\": \"end\"}], "
        "\"endCard\": {\"headline\": \"Bye\"}, \"variations\": [\"9:16\", {\"resolution\": "
        "\"640x640\", \"frameRate\": 25, \"name\": \"square\"}], \"budget\": 2.50, "
        "\"priority\": \"high\"}", arena, &brief, &err);
    const struct gen_scene *scene;

    cr_assert(status == GEN_OK, "%s: %s", err.path, err.message);
    scene = gen_brief_scene(brief, 0);
    cr_assert(eq(sz, scene->overlays.count, 3));
    cr_assert(eq(str, (char *)gen_scene_overlay(scene, 0)->text, "Hallo"));
    cr_assert(eq(str, (char *)gen_scene_overlay(scene, 1)->text, "zwei"));
    cr_assert(eq(int, gen_scene_overlay(scene, 2)->role, GEN_OVERLAY_IS_BADGE));
    cr_assert(scene->overlay == NULL && scene->duration_ms == 2500);
    cr_assert(eq(str, (char *)scene->language, "de"));
    cr_assert(eq(str, (char *)gen_brief_scene(brief, 1)->language, "en"));
    cr_assert(eq(i64, gen_brief_duration(brief), 6500));
    cr_assert(gen_brief_variation(brief, 0)->width == 1080 &&
              gen_brief_variation(brief, 0)->height == 1920);
    cr_assert(eq(i32, gen_brief_variation(brief, 0)->frame_rate_milli, 29970));
    cr_assert(eq(str, (char *)gen_brief_variation(brief, 1)->aspect_ratio, "1:1"));
    cr_assert(eq(i32, gen_brief_variation(brief, 1)->frame_rate_milli, 25000));
    cr_assert(eq(i64, brief->budget, 2500000));
    gen_arena_destroy(arena);
}

/* Every wrong brief is refused with the key path of what is wrong, and a sentence. */
Test(brief, what_is_wrong)
{
#define SCENES "\"scenes\": [{\"prompt\": \"a\", \"duration\": 2}]"
    static const struct {
        const char *json, *path, *words;
    } cases[] = {
        /* nothing to render */
        {"{}", "", "scenes"},
        {"{\"scenes\": []}", "scenes", ""},
        {"[]", "", ""},
        /* unknown keys, with a suggestion */
        {"{" SCENES ", \"buget\": 3}", "", "buget"},
        {"{\"scenes\": [{\"prompt\": \"a\", \"durration\": 2}]}", "scenes[0]", "duration"},
        /* wrong types and values */
        {"{\"scenes\": \"a\"}", "scenes", ""},
        {"{\"scenes\": [{\"prompt\": 3, \"duration\": 2}]}", "scenes[0].prompt", ""},
        {"{\"scenes\": [{\"prompt\": \"a\", \"duration\": \"soon\"}]}", "scenes[0].duration", ""},
        {"{\"scenes\": [{\"prompt\": \"a\", \"duration\": -1}]}", "scenes[0].duration", ""},
        {"{\"scenes\": [{\"prompt\": \"a\", \"duration\": 0.1}]}", "scenes[0].duration", ""},
        {"{\"scenes\": [{\"prompt\": \"a\", \"duration\": 301}]}", "scenes[0].duration", ""},
        {"{\"scenes\": [{\"prompt\": \"a\", \"duration\": 1e300}]}", "scenes[0].duration", ""},
        {"{" SCENES ", \"strategy\": \"\"}", "strategy", ""},
        {"{" SCENES ", \"deliver\": \"tiktok\"}", "deliver", ""},
        {"{" SCENES ", \"priority\": \"now\"}", "priority", "high"},
        {"{" SCENES ", \"budget\": 0}", "budget", ""},
        {"{" SCENES ", \"budget\": -1}", "budget", ""},
        {"{" SCENES ", \"budget\": 0.0000001}", "budget", ""},
        {"{" SCENES ", \"budget\": 1e30}", "budget", ""},
        {"{" SCENES ", \"deadline\": \"tomorrow\"}", "deadline", ""},
        {"{" SCENES ", \"language\": \"x\"}", "language", ""},
        {"{" SCENES ", \"language\": \"de_DE\"}", "language", "\"-\""},
        {"{\"scenes\": [{\"prompt\": \"a\", \"duration\": 2, \"language\": \"en-\"}]}",
         "scenes[0].language", "two \"-\""},
        {"{" SCENES ", \"frameRate\": 0}", "frameRate", ""},
        {"{" SCENES ", \"frameRate\": 121}", "frameRate", ""},
        {"{" SCENES ", \"brand\": {\"primary\": \"red\"}}", "brand.primary", "#rrggbb"},
        {"{" SCENES ", \"brand\": {\"text\": \"#12345g\"}}", "brand.text", "#rrggbb"},
        /* a scene with nothing in it, and two of one name */
        {"{\"scenes\": [{\"duration\": 2}]}", "scenes[0]", "nothing to show"},
        {"{\"scenes\": [{\"prompt\": \"\", \"duration\": 2}]}", "scenes[0]", "nothing to show"},
        {"{\"scenes\": [{\"id\": \"a\", \"prompt\": \"a\", \"duration\": 1}, {\"id\": \"a\", "
         "\"prompt\": \"b\", \"duration\": 1}]}", "scenes[1].id", "scene 1"},
        {"{\"scenes\": [{\"id\": \"scene_2\", \"prompt\": \"a\", \"duration\": 1}, {\"prompt\": "
         "\"b\", \"duration\": 1}]}", "scenes[1].id", "scene_2"},
        /* longer than a video may be, in sum */
        {"{\"scenes\": [{\"prompt\": \"a\", \"duration\": 200}, {\"prompt\": \"b\", \"duration\": "
         "100}], \"endCard\": {\"duration\": 1}}", "scenes", "301.000 s"},
        /* shapes and sizes */
        {"{" SCENES ", \"variations\": [\"wide\"]}", "variations[0]", "16:9"},
        {"{" SCENES ", \"variations\": [\"16:0\"]}", "variations[0]", ""},
        {"{" SCENES ", \"variations\": [\"4097:1\"]}", "variations[0].aspectRatio", "not a shape"},
        {"{" SCENES ", \"variations\": [\"100:1\"]}", "variations[0]", "64 to 4096"},
        {"{" SCENES ", \"variations\": [{\"resolution\": \"1920x1081\"}]}",
         "variations[0].resolution", "even"},
        {"{" SCENES ", \"variations\": [{\"resolution\": \"62x62\"}]}",
         "variations[0].resolution", "64"},
        {"{" SCENES ", \"variations\": [{\"resolution\": \"99999x4\"}]}",
         "variations[0].resolution", "4096"},
        {"{" SCENES ", \"variations\": [{\"resolution\": \"1920 x 1080\"}]}",
         "variations[0].resolution", ""},
        {"{" SCENES ", \"variations\": [{\"aspectRatio\": \"9:16\", \"resolution\": "
         "\"1920x1080\"}]}", "variations[0].resolution", "shape"},
        {"{" SCENES ", \"variations\": [\"16:9\", \"16:9\"]}", "variations[1]", "name"},
        {"{" SCENES ", \"variations\": [{\"aspectRatio\": \"1:1\", \"name\": \"../up\"}]}",
         "variations[0].name", ""},
        {"{" SCENES ", \"variations\": [{\"aspectRatio\": \"1:1\", \"name\": \".hidden\"}]}",
         "variations[0].name", "dot"},
        {"{" SCENES ", \"variations\": [\"16:9\"], \"resolution\": \"1280x720\"}", "resolution",
         "variations"},
        /* words */
        {"{" SCENES ", \"tags\": [\"\"]}", "tags", "1 to 100"},
        {"{" SCENES ", \"models\": [\"runway\"]}", "models", "provider/model"},
        {"{" SCENES ", \"models\": [\"/m\"]}", "models", "provider/model"},
        {"{" SCENES ", \"models\": [\"runway/\"]}", "models", "provider/model"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_brief *brief = NULL;
        struct gen_error err = {0};
        char whole[1200];

        cr_expect(eq(int, read_brief(cases[i].json, arena, &brief, &err), GEN_EINVAL),
                  "%s", cases[i].json);
        gen_error_text(&err, whole, sizeof(whole));
        cr_expect(strncmp(err.path, cases[i].path, strlen(cases[i].path)) == 0, "%s: %s",
                  cases[i].json, whole);
        cr_expect(strstr(whole, cases[i].words) != NULL, "%s: %s", cases[i].json, whole);
        cr_expect(err.message[0] != '\0' && brief == NULL);
        cr_expect(err.line == 1 && err.column > 0, "no place: %s: %s", cases[i].json, whole);
        gen_arena_destroy(arena);
    }
}

/* Tags as RFC 5646 writes them: its own examples, and what people get wrong. */
Test(brief, languages)
{
    static const struct {
        const char *tag, *words; /* NULL: it is right */
    } cases[] = {
        {"de", NULL},          /* a language */
        {"gsw", NULL},         /* of three letters */
        {"EN-us", NULL},       /* in any case of letters */
        {"pt-BR", NULL},       /* with a region */
        {"es-419", NULL},      /* of three digits */
        {"zh-Hant", NULL},     /* with a script */
        {"sr-Latn-RS", NULL},  /* and a region */
        {"zh-cmn-Hans-CN", NULL}, /* with an extended language */
        {"sl-rozaj-biske", NULL}, /* variants of letters */
        {"de-CH-1901", NULL},  /* and one that begins with a digit */
        {"hy-Latn-IT-arevela", NULL},
        {"de-DE-u-co-phonebk", NULL}, /* an extension */
        {"en-x-twain", NULL},  /* private use */
        {"x-whatever", NULL},
        {"de_DE", "\"-\", not \"_\""}, /* a locale */
        {"en-US.UTF-8", "\"US.UTF\""},
        {"german-", "two \"-\""},
        {"-de", "begin"},
        {"de--AT", "two \"-\""},
        {"d1", "\"d1\""},    /* no language is called so */
        {"deutschland", "\"deutschland\""}, /* nine letters and more */
        {"e-US", "\"e\""},
        {"de-D", "\"D\""},   /* an extension without anything */
        {"de-u", "\"u\""},
        {"en-x", "\"x\""},
        {"de-DE-Latn", "\"Latn\""}, /* the script goes first */
        {"de-AT-CH", "\"CH\""}, /* one region */
        {"de-1901-1901", "twice"},
        {"de-a-bcd-a-efg", "twice"},
        {"de-toolongsubtag", "\"toolongsubtag\""},
        {"en US", "\"en US\""},
        {"fran\xc3\xa7", "\"fran\xc3\xa7\""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_brief *brief = NULL;
        struct gen_error err = {0};
        char json[200];
        enum gen_status status;

        snprintf(json, sizeof(json), "{" SCENES ", \"language\": \"%s\"}", cases[i].tag);
        status = read_brief(json, arena, &brief, &err);
        cr_expect(eq(int, status, cases[i].words == NULL ? GEN_OK : GEN_EINVAL), "%s: %s",
                  cases[i].tag, err.message);
        cr_expect(cases[i].words == NULL || (strstr(err.message, cases[i].words) != NULL &&
                                             strcmp(err.path, "language") == 0),
                  "%s: %s: %s", cases[i].tag, err.path, err.message);
        gen_arena_destroy(arena);
    }
}

/* At each limit, and one beyond. */
Test(brief, limits_of_lists)
{
    static const struct {
        const char *before, *item, *after, *path;
        int most;
    } cases[] = {
        {"{\"scenes\": [", "{\"prompt\": \"a\", \"duration\": 1}", "]}", "scenes",
         GEN_BRIEF_MAX_SCENES},
        {"{\"scenes\": [{\"duration\": 1, \"overlays\": [", "\"x\"", "]}]}", "scenes[0].overlays",
         GEN_BRIEF_MAX_OVERLAYS},
        {"{\"scenes\": [{\"duration\": 1, \"assets\": [", "\"x\"", "]}]}", "scenes[0].assets",
         GEN_BRIEF_MAX_ASSETS},
        {"{" SCENES ", \"tags\": [", "\"x\"", "]}", "tags", 32},
        {"{" SCENES ", \"models\": [", "\"a/b\"", "]}", "models", 16},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        for (int count = cases[i].most; count <= cases[i].most + 1; count++) {
            struct gen_arena *arena = gen_arena_create(0);
            struct gen_brief *brief = NULL;
            struct gen_error err = {0};
            static char json[20000];
            size_t used = (size_t)snprintf(json, sizeof(json), "%s", cases[i].before);
            enum gen_status status;

            for (int k = 0; k < count; k++) {
                used += (size_t)snprintf(json + used, sizeof(json) - used, "%s%s",
                                         k == 0 ? "" : ",", cases[i].item);
            }
            snprintf(json + used, sizeof(json) - used, "%s", cases[i].after);
            status = read_brief(json, arena, &brief, &err);
            cr_assert(eq(int, status, count <= cases[i].most ? GEN_OK : GEN_EINVAL),
                      "%s with %d: %s", cases[i].path, count, err.message);
            if (status != GEN_OK) {
                cr_assert(strncmp(err.path, cases[i].path, strlen(cases[i].path)) == 0);
            }
            gen_arena_destroy(arena);
        }
    }
}

Test(brief, twelve_variations_and_one_more)
{
    for (int count = GEN_BRIEF_MAX_VARIATIONS; count <= GEN_BRIEF_MAX_VARIATIONS + 1; count++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_brief *brief = NULL;
        struct gen_error err = {0};
        char json[4000];
        size_t used = (size_t)snprintf(json, sizeof(json), "{" SCENES ", \"variations\": [");

        for (int k = 0; k < count; k++) {
            used += (size_t)snprintf(json + used, sizeof(json) - used,
                                     "%s{\"aspectRatio\": \"1:1\", \"name\": \"v%d\"}",
                                     k == 0 ? "" : ",", k);
        }
        snprintf(json + used, sizeof(json) - used, "]}");
        cr_assert(eq(int, read_brief(json, arena, &brief, &err),
                     count <= GEN_BRIEF_MAX_VARIATIONS ? GEN_OK : GEN_EINVAL));
        gen_arena_destroy(arena);
    }
}

/* What is written and read again is the same, whatever was left out at first. */
Test(brief, written_and_read_again)
{
    static const char *const briefs[] = {
        least,
        "{\"title\": \"T\", \"scenes\": [{\"overlay\": \"x\", \"duration\": 1.25, \"presenter\": "
        "true, \"dialogue\": \"hi\"}], \"endCard\": {\"headline\": \"Bye\", \"duration\": 1.5}, "
        "\"variations\": [\"16:9\", \"1:1\"], \"budget\": 0.000001, \"tags\": [\"a\", \"b\"], "
        "\"brand\": {\"primary\": \"#aabbcc\"}, \"sound\": {\"mood\": \"calm\"}, \"deadline\": "
        "\"2027-01-01T00:00:00Z\", \"frameRate\": 23.976}",
        "{" SCENES ", \"resolution\": \"1280x720\"}",
        /* sizes whose shape has large numbers: 81:160, 4096:4094 = 2048:2047 */
        "{" SCENES ", \"variations\": [{\"resolution\": \"162x320\"}, \"16:9\"]}",
        "{" SCENES ", \"variations\": [{\"resolution\": \"4096x4094\"}]}",
        "{" SCENES ", \"resolution\": \"64x4094\"}",
    };

    for (size_t i = 0; i < GEN_COUNT(briefs); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_brief *brief = NULL, *again = NULL;
        struct gen_error err = {0};
        const char *first, *second;

        cr_assert(read_brief(briefs[i], arena, &brief, &err) == GEN_OK, "%s", err.message);
        first = gen_json_text(arena, gen_brief_write(brief, arena), NULL);
        cr_assert(read_brief(first, arena, &again, &err) == GEN_OK, "%s: %s", first, err.message);
        second = gen_json_text(arena, gen_brief_write(again, arena), NULL);
        cr_assert(eq(str, (char *)first, (char *)second));
        cr_assert(eq(i64, gen_brief_duration(brief), gen_brief_duration(again)));
        gen_arena_destroy(arena);
    }
}

/* ------------------------------------------------------------------------------------ assets -- */

struct walk {
    char paths[512];
    int calls, stop_at;
};

static enum gen_status walk_call(void *context, const char *path, enum gen_asset_use use,
                                 const char **name, struct gen_error *err)
{
    struct walk *walk = context;
    size_t used = strlen(walk->paths);

    snprintf(walk->paths + used, sizeof(walk->paths) - used, "%s=%s:%d ", path, *name, (int)use);
    *name = "ast_new";
    return ++walk->calls == walk->stop_at ? gen_error_set(err, GEN_ENOTFOUND, "gone") : GEN_OK;
}

static const char with_assets[] =
    "{\"brand\": {\"logo\": \"l.png\"}, \"scenes\": [{\"assets\": [\"a.png\", \"b.mp4\"], "
    "\"duration\": 1, \"voice\": \"v.wav\"}, {\"prompt\": \"p\", \"duration\": 1}, {\"assets\": "
    "[\"c.jpg\"], \"duration\": 1}], \"sound\": {\"music\": \"m.mp3\"}}";

Test(brief, every_asset_in_order_and_replaced)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_brief *brief = NULL;
    struct gen_error err = {0};
    struct walk walk = {0};

    cr_assert(eq(int, read_brief(with_assets, arena, &brief, &err), GEN_OK));
    cr_assert(eq(int, gen_brief_each_asset(brief, walk_call, &walk, &err), GEN_OK));
    cr_assert(eq(str, walk.paths, "brand.logo=l.png:2 scenes[0].assets[0]=a.png:1 "
                                  "scenes[0].assets[1]=b.mp4:1 scenes[0].voice=v.wav:4 "
                                  "scenes[2].assets[0]=c.jpg:1 sound.music=m.mp3:3 "));
    cr_assert(eq(str, (char *)brief->brand.logo, "ast_new"));
    cr_assert(eq(str, (char *)gen_brief_scene(brief, 0)->assets.items[1], "ast_new"));
    cr_assert(eq(str, (char *)brief->sound.music, "ast_new"));
    gen_arena_destroy(arena);
}

Test(brief, the_walk_stops_at_the_first_trouble)
{
    for (int stop = 1; stop <= 6; stop++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_brief *brief = NULL;
        struct gen_error err = {0};
        struct walk walk = {.stop_at = stop};

        cr_assert(eq(int, read_brief(with_assets, arena, &brief, &err), GEN_OK));
        cr_assert(eq(int, gen_brief_each_asset(brief, walk_call, &walk, &err), GEN_ENOTFOUND));
        cr_assert(eq(int, walk.calls, stop));
        gen_arena_destroy(arena);
    }
}

/* Each allocation failing in turn: an ordinary error, nothing leaks. */
Test(brief, every_allocation_fails)
{
    bool complete = false;

    for (long nth = 1; complete == false; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct text text = {with_assets, with_assets, arena};
        struct gen_node *node = text_value(&text);
        struct gen_arena *second = gen_arena_create(0);
        struct gen_brief *brief = NULL;
        struct gen_error err = {0};
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_brief_read(node, second, &brief, &err);
        complete = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_assert(eq(int, status, complete ? GEN_OK : GEN_ENOMEM), "allocation %ld: %s", nth,
                  err.message);
        gen_arena_destroy(second);
        gen_arena_destroy(arena);
        cr_assert(nth < 1000);
    }
}

/* The common names of sizes mean the short side, whatever the shape. */
Test(brief, sizes_by_name)
{
    static const struct {
        const char *variation, *resolution;
    } cases[] = {
        {"{\"resolution\": \"720p\"}", "1280x720"},
        {"{\"resolution\": \"1080p\", \"aspectRatio\": \"9:16\"}", "1080x1920"},
        {"{\"resolution\": \"480p\"}", "854x480"}, /* 853.3: the nearest even number */
        {"{\"resolution\": \"1440p\", \"aspectRatio\": \"1:1\"}", "1440x1440"},
        {"{\"resolution\": \"4k\"}", "3840x2160"},
        {"{\"resolution\": \"2160p\", \"aspectRatio\": \"4:5\"}", "2160x2700"},
        {"{\"resolution\": \"4K\", \"aspectRatio\": \"21:9\"}", NULL}, /* 5040 are too many */
        {"{\"resolution\": \"360p\"}", NULL},
        {"{\"resolution\": \"p\"}", NULL},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_error err = {0};
        struct gen_brief *brief = NULL;
        char text[400];
        enum gen_status status;

        snprintf(text, sizeof text, "{" SCENES ", \"variations\": [%s]}", cases[i].variation);
        status = read_brief(text, arena, &brief, &err);
        cr_expect(eq(int, status, cases[i].resolution == NULL ? GEN_EINVAL : GEN_OK), "%s: %s",
                  cases[i].variation, err.message);
        if (status == GEN_OK) {
            const struct gen_variation *first = brief->variations.items;

            cr_expect(eq(str, (char *)first->resolution, (char *)cases[i].resolution));
        }
        gen_arena_destroy(arena);
    }
}
