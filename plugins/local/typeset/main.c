/* main.c - gen-typeset: the typesetting and drawing half of the local renderer.
 *
 *   gen-typeset scene JOB.json    lays out a scene, writes its parts, prints their list
 *   gen-typeset bed JOB.json      writes bed.wav, a music bed of the job's mood and length
 *
 * A program of its own: it stands on no floor of core, opens only files of the working directory,
 * needs no network and no home folder. Exit code 0, or 1 after a message, or 2 for wrong usage.
 */
#include "bed.h"
#include "job.h"
#include "scene.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

int __lsan_is_turned_off(void);
const char *__lsan_default_suppressions(void);

/* fontconfig keeps a pattern of its own now and then (256 bytes with a list, allocated inside it); what we
 * take from it is freed by letter.c. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

/* Asked by the leak checker of a sanitized build: it needs ptrace, which the launcher's filter of
 * system calls does not allow; outside the launcher it works as always. */
int __lsan_is_turned_off(void)
{
    return prctl(PR_GET_SECCOMP) > 0;
}

static const struct {
    const char *word;
    int (*run)(const struct job *job);
} commands[] = {{"scene", scene_set}, {"bed", bed_make}, {NULL, NULL}};

int main(int argc, char **argv)
{
    struct job job;
    size_t i = 0;
    int result = 1;

    while (argc == 3 && commands[i].word != NULL && strcmp(commands[i].word, argv[1]) != 0) {
        i++;
    }
    if (argc != 3 || commands[i].word == NULL) {
        fprintf(stderr, "usage: gen-typeset scene|bed JOB.json\n");
        return 2;
    }
    if (job_read(&job, argv[2]) == 0 && commands[i].run(&job) == 0) {
        result = 0;
    }
    job_fini(&job);
    return result;
}
