/* reckoning_test.c - what an invoice proves is booked once, and nothing that it does not prove; invoices in the
 * store beside it. */
#include "engine/reckoning.h"

#include "unit/store/sample.h"

static void some_random(void *context, uint8_t *out, size_t size)
{
    uint64_t *next = context;

    memset(out, 0, size);
    ++*next;
    memcpy(out, next, size < sizeof *next ? size : sizeof *next);
}

/* To the end of the attempt of a shot of the first pipeline. */
static void move(struct sample *sample, struct gen_job *job, size_t index,
                 const enum gen_attempt_state *states)
{
    struct gen_shot *shot = &job->pipelines[0].shots[index];

    for (; *states != GEN_ATTEMPT_NONE; states++) {
        struct gen_changes *changes = gen_changes_create();
        enum gen_attempt_state from = shot->attempt.state;

        shot->attempt.state = *states;
        gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_MOVE, job, &job->pipelines[0], shot, from);
        OK(sample_apply(sample, changes));
    }
}

static void book(struct sample *sample, struct gen_job *job, size_t index, enum gen_ledger_kind kind,
                 gen_micros amount, int number)
{
    struct gen_changes *changes = gen_changes_create();

    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[index], kind, amount, number);
    OK(sample_apply(sample, changes));
}

static struct gen_invoice_line line(const struct gen_job *job, size_t index, int64_t ordinal,
                                    enum gen_invoice_verdict verdict, gen_micros amount)
{
    return (struct gen_invoice_line){.ordinal = ordinal, .reference = "r", .client = "", .model = "m",
                                     .amount = amount, .verdict = verdict,
                                     .attempt = job->pipelines[0].shots[index].attempt.id, .note = ""};
}

static enum gen_status settle(struct sample *sample, const struct gen_random *random, const char *id,
                              struct gen_reckoned *out)
{
    const struct gen_reckoning reckoning = {.store = sample->store, .random = random, .now = SAMPLE_NOW + 9};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_changes *changes = gen_changes_create();
    struct gen_invoice invoice;
    enum gen_status status;

    OK(gen_read_invoice(sample->store, "org_1", id, arena, &invoice, &sample->err));
    status = gen_reckoning_make(&reckoning, &invoice, changes, out, &sample->err);
    if (status == GEN_OK) {
        status = sample_apply(sample, changes);
    } else {
        gen_changes_destroy(changes);
    }
    gen_arena_destroy(arena);
    return status;
}

/* 0: unverified 1 $, billed 0.30. 1: unverified 1 $, absent. 2: charged 1 $, a credit of 0.40 and one of 0.70.
 * 3: unverified, but only likely. 4: still held, absent. */
Test(reckoning, what_is_proved)
{
    static const enum gen_attempt_state failed[] = {GEN_ATTEMPT_RESERVED, GEN_ATTEMPT_SUBMITTING,
                                                    GEN_ATTEMPT_FAILED, GEN_ATTEMPT_NONE};
    uint64_t next = 1;
    const struct gen_random random = {some_random, &next};
    struct sample sample;
    struct gen_job *job;
    struct gen_invoice invoice = {.id = sample_ident(GEN_IDENT_INVOICE, 1), .organization = "org_1",
                                  .provider = "local", .name = "f.csv", .digest = "d", .closed = true,
                                  .until = 1, .created_at = SAMPLE_NOW, .created_by = "usr_1"};
    struct gen_invoice_line lines[6], *all;
    struct gen_reckoned out;
    struct gen_changes *changes;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_past_order order;
    struct gen_ident same;
    size_t count;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 5);
    for (size_t i = 0; i < 5; i++) {
        book(&sample, job, i, GEN_LEDGER_HOLD, DOLLAR, 10 + (int)i);
        if (i < 4) {
            move(&sample, job, i, failed);
            book(&sample, job, i, i == 2 ? GEN_LEDGER_CHARGE : GEN_LEDGER_UNVERIFIED, DOLLAR, 20 + (int)i);
        }
    }
    lines[0] = line(job, 0, 1, GEN_INVOICE_UNVERIFIED, 300000);
    lines[1] = line(job, 1, 2, GEN_INVOICE_MISSING_THERE, 0);
    lines[2] = line(job, 2, 3, GEN_INVOICE_CREDIT, -400000);
    lines[3] = line(job, 2, 4, GEN_INVOICE_CREDIT, -700000);
    lines[4] = line(job, 3, 5, GEN_INVOICE_UNVERIFIED, 300000);
    lines[4].likely = true;
    lines[5] = line(job, 4, 6, GEN_INVOICE_MISSING_THERE, 0);
    invoice.lines = lines;
    invoice.count = 6;
    changes = gen_changes_create();
    gen_changes_invoice(changes, &invoice);
    OK(sample_apply(&sample, changes));
    changes = gen_changes_create();
    invoice.id = sample_ident(GEN_IDENT_INVOICE, 2);
    gen_changes_invoice(changes, &invoice);
    cr_assert(eq(int, sample_apply(&sample, changes), GEN_ECONFLICT), "the same file");
    invoice.id = sample_ident(GEN_IDENT_INVOICE, 1);
    OK(gen_read_invoice_of_digest(sample.store, "org_1", "local", "d", &same, NULL));
    cr_assert(eq(str, same.text, invoice.id.text));
    cr_assert(eq(int, gen_read_invoice_of_digest(sample.store, "org_2", "local", "d", &same, NULL),
                 GEN_ENOTFOUND));

    cr_assert(settle(&sample, &random, invoice.id.text, &out) == GEN_OK, "%s", sample.err.message);
    cr_expect(eq(i64, out.charged, 300000));
    cr_expect(eq(i64, out.released, DOLLAR));
    cr_expect(eq(i64, out.refunded, 400000), "more than is left of the charge is not given back");
    cr_expect(eq(i64, out.left_lines, 3), "the second credit, the likely one, the one under way");
    OK(gen_read_past_order(sample.store, "org_1", lines[0].attempt.text, arena, &order, NULL));
    cr_expect(order.charged == 300000 && order.unverified == 0);
    OK(gen_read_past_order(sample.store, "org_1", lines[1].attempt.text, arena, &order, NULL));
    cr_expect(order.charged == 0 && order.unverified == 0);
    OK(gen_read_past_order(sample.store, "org_1", lines[2].attempt.text, arena, &order, NULL));
    cr_expect(eq(i64, order.charged, 600000));
    cr_assert(settle(&sample, &random, invoice.id.text, &out) == GEN_OK, "%s", sample.err.message);
    cr_expect(out.charged == 0 && out.released == 0 && out.refunded == 0, "once is enough");
    cr_assert(gen_read_past_order(sample.store, "org_2", lines[2].attempt.text, arena, &order, NULL) ==
              GEN_ENOTFOUND);
    OK(gen_read_invoices(sample.store, "org_1", "local", arena, &(struct gen_invoice *){NULL}, &count, NULL));
    cr_expect(eq(sz, count, 1));
    OK(gen_read_invoice(sample.store, "org_1", invoice.id.text, arena, &invoice, NULL));
    all = invoice.lines;
    cr_expect(all[0].settled && all[1].settled && all[2].settled);
    cr_expect(all[3].settled + all[4].settled + all[5].settled == 0);
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
