/* shot_reading_test.c - who renders what of which scene, as a job's document says it. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/shot_reading.h"

/* Slices, and a shot that finishes; each under its own pipeline. */
Test(shot_reading, slices_and_finish)
{
    static const char expected[] =
        "[{\"shotId\":\"%s\",\"role\":\"scene\",\"scene\":\"opening\",\"from\":0,\"duration\":1.25,"
        "\"rendered\":2.5,\"provider\":\"local\",\"model\":\"studio\",\"state\":\"planned\","
        "\"attempts\":1,\"estimate\":0.5,\"cost\":0},"
        "{\"shotId\":\"%s\",\"role\":\"scene\",\"scene\":\"opening\",\"from\":1.25,\"duration\":1.25,"
        "\"rendered\":2.5,\"provider\":\"other\",\"model\":\"wide\",\"state\":\"planned\","
        "\"attempts\":1,\"estimate\":0.5,\"cost\":0},"
        "{\"shotId\":\"%s\",\"role\":\"finish\",\"scene\":null,\"from\":null,\"duration\":null,"
        "\"rendered\":2.5,\"provider\":\"local\",\"model\":\"studio\",\"state\":\"planned\","
        "\"attempts\":1,\"estimate\":0.5,\"cost\":0}]";
    struct sample sample;
    struct gen_job *job = sample_job(1, 3);
    struct gen_shot *shots = job->pipelines[0].shots;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *pipelines = gen_node_list(arena);
    struct gen_database *database;
    char text[2000];

    sample_open(&sample);
    for (size_t i = 0; i < 2; i++) {
        shots[i].first_scene = 0;
        shots[i].from_ms = (int64_t)i * 1250;
        shots[i].shown_ms = 1250;
    }
    shots[1].provider = "other";
    shots[1].model = "wide";
    shots[2].first_scene = 0;
    shots[2].scene_count = 2;
    sample_promise(job, &job->pipelines[0]);
    OK(sample_apply(&sample, sample_admission(job)));
    for (size_t i = 0; i < 2; i++) {
        struct gen_node *map = gen_node_push(pipelines, gen_node_map(arena));

        gen_node_set(arena, map, "pipelineId",
                     gen_node_string(arena, job->pipelines[i].id.text));
    }
    database = gen_store_reader(sample.store);
    OK(gen_database_enter(database, NULL));
    OK(gen_read_shots(database, job->id.text, job->brief, pipelines, arena, &sample.err));
    gen_database_leave(database);
    snprintf(text, sizeof(text), expected, shots[0].id.text, shots[1].id.text, shots[2].id.text);
    cr_assert(eq(str, (char *)gen_json_text(arena, gen_node_find(pipelines, "[0].shots", NULL), NULL),
                 text));
    cr_assert(eq(sz, gen_node_count(gen_node_find(pipelines, "[1].shots", NULL)), 3));
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
