/* bulletin_test.c - a provider that goes down, and comes back, is an event each, once, of the house. */
#include "engine/bulletin.h"

#include "base/alloc.h"
#include "model/principal.h"
#include "store/reading.h"
#include "unit/engine/world.h"

TestSuite(bulletin, .timeout = 60);

#define NOW INT64_C(1800000000000)
#define MINUTE INT64_C(60000)

struct board {
    struct world world;
    struct gen_vitals *vitals;
    struct gen_bulletin *bulletin;
    int told;
};

static void on_events(void *context, int64_t last_event)
{
    cr_expect(gt(i64, last_event, 0));
    ((struct board *)context)->told++;
}

static struct gen_bulletin_options board_options(struct board *board)
{
    return (struct gen_bulletin_options){.loop = board->world.loop,
                                         .store = board->world.store,
                                         .random = gen_random_real(),
                                         .vitals = board->vitals,
                                         .on_events = on_events,
                                         .context = board};
}

static void begin(struct board *board)
{
    struct gen_bulletin_options options;

    memset(board, 0, sizeof *board);
    world_open_bare(&board->world);
    board->vitals = gen_vitals_create();
    cr_assert(board->vitals != NULL);
    options = board_options(board);
    WORLD_OK(&board->world, gen_bulletin_create(&options, &board->bulletin, &board->world.err));
}

static void settle(struct board *board)
{
    while (gen_store_waiting(board->world.store) > 0) {
        gen_loop_turn(board->world.loop);
    }
    gen_loop_poll(board->world.loop);
}

static void end(struct board *board)
{
    gen_bulletin_destroy(board->bulletin);
    gen_vitals_destroy(board->vitals);
    world_close(&board->world);
}

/* What the log has of it, as "provider.down:REASON provider.up:SECONDS". */
static void written(struct board *board, const char *organization, char *out, size_t size)
{
    struct gen_node *events = NULL;
    int64_t last = 0;
    size_t used = 0;

    out[0] = '\0';
    WORLD_OK(&board->world,
             gen_read_events(board->world.store, organization, NULL, 0, 100, board->world.arena,
                             &events, &last, &board->world.err));
    for (const struct gen_node *event = gen_node_first(events); event != NULL;
         event = event->next) {
        const struct gen_node *data = gen_node_get(event, "data");
        const char *type = gen_node_text(gen_node_get(event, "type"), "");

        if (strncmp(type, "provider.", 9) == 0) {
            cr_expect(eq(str, (char *)gen_node_text(gen_node_get(data, "provider"), ""), "p"));
            used += (size_t)snprintf(out + used, size - used, "%s%s:%s", used > 0 ? " " : "", type,
                                     gen_node_text(gen_node_get(data, "reason"), ""));
            cr_assert(lt(sz, used, size));
            cr_expect(strcmp(type, "provider.up") != 0 || gen_node_get(data, "downFor") != NULL);
        }
    }
}

Test(bulletin, each_turn_is_written_once)
{
    static const struct {
        char news; /* '-' fails, '!' lets us not in, '+' answers */
        const char *written;
    } rows[] = {
        {'+', ""},
        {'!', "provider.down:no credit"},
        {'!', "provider.down:no credit"}, /* it is down already */
        {'-', "provider.down:no credit"},
        {'+', "provider.down:no credit provider.up:"},
        {'+', "provider.down:no credit provider.up:"},
        {'!', "provider.down:no credit provider.up: provider.down:no credit"},
    };
    struct board board;
    char text[512];

    begin(&board);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        gen_moment now = NOW + (gen_moment)i * MINUTE;

        if (rows[i].news == '+') {
            gen_vitals_good(board.vitals, "p", now, 100);
        } else if (rows[i].news == '!') {
            gen_vitals_blocked(board.vitals, "p", now, "no credit");
        } else {
            gen_vitals_bad(board.vitals, "p", now, "it answers 500");
        }
        settle(&board);
        written(&board, GEN_PRINCIPAL_HOUSE, text, sizeof text);
        cr_expect(strcmp(text, rows[i].written) == 0, "after %zu: %s", i, text);
    }
    cr_expect(eq(int, board.told, 3));
    written(&board, "org_1", text, sizeof text); /* it is nobody else's */
    cr_expect(eq(str, text, ""));
    end(&board);
}

/* What is on its way when it ends is waited for, and after its end nobody is called. */
Test(bulletin, ends_with_what_it_began)
{
    struct board board;

    begin(&board);
    gen_vitals_blocked(board.vitals, "p", NOW, "no credit");
    gen_bulletin_destroy(board.bulletin);
    board.bulletin = NULL;
    cr_expect(eq(int, board.told, 1));
    gen_vitals_good(board.vitals, "p", NOW + MINUTE, 1);
    settle(&board);
    cr_expect(eq(int, board.told, 1));
    end(&board);
}

/* Without memory the news is lost, and nothing else. */
Test(bulletin, no_memory)
{
    struct board board;
    struct gen_bulletin_options options;
    struct gen_bulletin *other = NULL;

    begin(&board);
    options = board_options(&board);
    gen_alloc_fail_at(1);
    cr_expect(eq(int, gen_bulletin_create(&options, &other, &board.world.err), GEN_ENOMEM));
    gen_alloc_fail_at(0);
    cr_expect(other == NULL);
    gen_vitals_good(board.vitals, "p", NOW, 1);
    for (size_t i = 1; i < 40 && board.told == 0; i++) {
        gen_moment now = NOW + (gen_moment)i * MINUTE;

        gen_alloc_fail_at(i);
        gen_vitals_blocked(board.vitals, "p", now, "no credit");
        gen_alloc_fail_at(0);
        settle(&board);
        if (board.told == 0) {
            gen_vitals_good(board.vitals, "p", now, 1);
            settle(&board);
            board.told = 0; /* that it is up again */
        }
    }
    cr_expect(eq(int, board.told, 1));
    end(&board);
}
