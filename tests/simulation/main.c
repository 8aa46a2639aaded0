/* main.c - runs seeds of the simulated world:
 *
 *   run [--seed N] [--seeds COUNT] [--jobs M] [--crashes K] [--trace]
 *
 * A seed gives the same run again, always. Exit code 1 when anything is wrong; the line says how to
 * replay it. */
#include "simulation/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_DAY_MS INT64_C(86400000)

struct run_options {
    uint64_t seed, seeds;
    int64_t jobs, crashes;
    bool trace;
};

static void run_cancel(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;

    if (shell_cancel(shell, aim->job)) {
        shell->jobs[aim->job].cancelled = true;
    }
}

static void run_admit(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct world_aim job = {0};

    (void)aim;
    job.job = shell->job_count;
    if (!shell_admit(shell)) {
        return;
    }
    for (int64_t i = world_chance(&shell->world, 0.25) ? world_between(&shell->world, 1, 2) : 0;
         i > 0; i--) {
        world_after(&shell->world,
                    world_between(&shell->world, 0,
                                  world_chance(&shell->world, 0.2) ? 30000000 : 300000),
                    run_cancel, &job);
    }
}

static void run_look(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct audit_sums sums = {0};

    if (audit_run(shell, false, &sums) != 0) {
        printf("at %lld\n", (long long)shell->world.now);
        exit(1);
    }
    if (aim->token > 0) {
        struct world_aim next = {.token = aim->token - 1};

        world_after(&shell->world, world_between(&shell->world, 100, 100000), run_look, &next);
    }
}

/* Once a day somebody looks at what needs a person, and cancels it. */
static void run_attend(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct world_aim next = {.token = aim->token - 1};

    for (size_t i = 0; i < shell->job_count; i++) {
        const struct shell_open *open = shell->jobs[i].open;

        if (open != NULL && open->job->status == GEN_JOB_NEEDS_ATTENTION) {
            run_cancel(shell, &(struct world_aim){.job = i});
        }
    }
    if (next.token > 0) {
        world_after(&shell->world, RUN_DAY_MS, run_attend, &next);
    }
}

static bool run_seed(const struct run_options *options, uint64_t seed, struct audit_sums *sums,
                     uint64_t *turns, uint64_t *crashes)
{
    struct shell shell;
    struct world_aim looks = {.token = 5}, days = {.token = 7};
    int wrong;
    bool ended;

    shell_init(&shell, seed, (int32_t)options->crashes);
    shell.trace = options->trace;
    purses_draw(&shell.purses, &shell.world, options->jobs);
    if (options->trace) {
        (void)setvbuf(stdout, NULL, _IONBF, 0); /* what stands there when something aborts */
    }
    for (int64_t i = 0; i < options->jobs; i++) {
        world_after(&shell.world, world_between(&shell.world, 0, 60000), run_admit,
                    &(struct world_aim){0});
    }
    world_after(&shell.world, 1000, run_look, &looks);
    world_after(&shell.world, RUN_DAY_MS, run_attend, &days);
    ended = shell_run(&shell);
    if (!ended) {
        printf("WRONG: it does not come to an end\n");
    }
    wrong = audit_run(&shell, true, sums) + !ended;
    *turns += shell.turns;
    *crashes += shell.crashes;
    sums->no_money += shell.no_money;
    sums->strangers += shell.strangers;
    shell_fini(&shell);
    if (wrong != 0) {
        printf("seed %llu: %d wrong; replay: run --seed %llu --jobs %lld --crashes %lld --trace\n",
               (unsigned long long)seed, wrong, (unsigned long long)seed,
               (long long)options->jobs, (long long)options->crashes);
    }
    return wrong == 0;
}

static bool run_read(int argc, char **argv, struct run_options *options)
{
    for (int i = 1; i < argc; i++) {
        int64_t value = i + 1 < argc ? strtoll(argv[i + 1], NULL, 10) : 0;

        if (strcmp(argv[i], "--trace") == 0) {
            options->trace = true;
        } else if (strcmp(argv[i], "--seed") == 0) {
            options->seed = (uint64_t)value;
            i++;
        } else if (strcmp(argv[i], "--seeds") == 0) {
            options->seeds = (uint64_t)value;
            i++;
        } else if (strcmp(argv[i], "--jobs") == 0 && value > 0 && value <= SHELL_MOST_JOBS) {
            options->jobs = value;
            i++;
        } else if (strcmp(argv[i], "--crashes") == 0) {
            options->crashes = value;
            i++;
        } else {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct run_options options = {.seed = 1, .seeds = 1, .jobs = 3, .crashes = 4};
    struct audit_sums sums = {0};
    struct gen_error err = {0};
    uint64_t failed = 0, turns = 0, crashes = 0;

    if (!run_read(argc, argv, &options) || gen_crypto_init(&err) != GEN_OK) {
        fprintf(stderr, "usage: run [--seed N] [--seeds COUNT] [--jobs 1..%d] [--crashes K] "
                        "[--trace]\n", SHELL_MOST_JOBS);
        return 2;
    }
    for (uint64_t i = 0; i < options.seeds && failed < 10; i++) {
        failed += !run_seed(&options, options.seed + i, &sums, &turns, &crashes);
    }
    printf("%llu turns, %llu crashes, %llu attempts, %llu sales, %llu settled, %llu unverified; "
           "billed %lld, charged %lld micros; %llu without money, %llu holds carried over, %llu jobs covered, %llu strange handles; jobs:",
           (unsigned long long)turns, (unsigned long long)crashes,
           (unsigned long long)sums.attempts, (unsigned long long)sums.sales,
           (unsigned long long)sums.settled, (unsigned long long)sums.unverified,
           (long long)sums.billed, (long long)sums.charged, (unsigned long long)sums.no_money, (unsigned long long)sums.carried,
           (unsigned long long)sums.covered, (unsigned long long)sums.strangers);
    for (int i = GEN_JOB_COMPLETED; i <= GEN_JOB_CANCELED; i++) {
        printf(" %llu %s", (unsigned long long)sums.jobs_by_status[i],
               gen_job_status_word((enum gen_job_status)i));
    }
    printf("\n");
    return failed == 0 ? 0 : 1;
}
