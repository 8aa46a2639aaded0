/* event_test.c - the words of the log. */
#include "model/event.h"

#include "model/job.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

Test(event, words)
{
    for (int i = GEN_EVENT_JOB_ADMITTED; i <= GEN_EVENT_DAEMON_STARTED; i++) {
        enum gen_event_kind kind = (enum gen_event_kind)i;

        cr_assert(eq(int, gen_event_of(gen_event_word(kind)), i));
        cr_assert(strlen(gen_event_meaning(kind)) > 0);
    }
    cr_assert(eq(int, gen_event_of("job.bored"), GEN_EVENT_NONE));
    cr_assert(eq(int, gen_event_of(""), GEN_EVENT_NONE));
    cr_assert(eq(str, (char *)gen_event_word((enum gen_event_kind)999), ""));
}

/* A closing event is named by the status: the audit of the log counts on it. */
Test(event, every_closing_status_has_its_event)
{
    for (int i = GEN_JOB_COMPLETED; i <= GEN_JOB_CANCELED; i++) {
        char word[64];

        snprintf(word, sizeof(word), "job.%s", gen_job_status_word((enum gen_job_status)i));
        cr_assert(ne(int, gen_event_of(word), GEN_EVENT_NONE), "%s", word);
    }
}
