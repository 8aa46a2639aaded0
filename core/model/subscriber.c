/* subscriber.c - see subscriber.h. */
#include "model/subscriber.h"

#include "base/choice.h"

#include <string.h>

static const struct gen_choice kind_words[] = {
    {"webhook", GEN_SUBSCRIBER_WEBHOOK, NULL},
    {"stripe", GEN_SUBSCRIBER_STRIPE, NULL},
    {"mail", GEN_SUBSCRIBER_MAIL, NULL},
    {"log", GEN_SUBSCRIBER_LOG, NULL},
    {NULL, 0, NULL},
};

static const struct gen_choice state_words[] = {
    {"active", GEN_SUBSCRIBER_ACTIVE, NULL},
    {"paused", GEN_SUBSCRIBER_PAUSED, NULL},
    {"parked", GEN_SUBSCRIBER_PARKED, NULL},
    {NULL, 0, NULL},
};

static const struct gen_choice outcome_words[] = {
    {"delivered", GEN_DELIVERY_DELIVERED, NULL},
    {"failed", GEN_DELIVERY_FAILED, NULL},
    {"refused", GEN_DELIVERY_REFUSED, NULL},
    {"set_aside", GEN_DELIVERY_SET_ASIDE, NULL},
    {NULL, 0, NULL},
};

static const char *word_of(const struct gen_choice *choices, int value)
{
    const char *word = gen_choice_word(choices, value);

    return word == NULL ? "" : word;
}

static int value_of(const struct gen_choice *choices, const char *word)
{
    int value = gen_choice_value(choices, word);

    return value < 0 ? 0 : value;
}

const char *gen_subscriber_kind_word(enum gen_subscriber_kind kind)
{
    return word_of(kind_words, (int)kind);
}

enum gen_subscriber_kind gen_subscriber_kind_of(const char *word)
{
    return (enum gen_subscriber_kind)value_of(kind_words, word);
}

const char *gen_subscriber_state_word(enum gen_subscriber_state state)
{
    return word_of(state_words, (int)state);
}

enum gen_subscriber_state gen_subscriber_state_of(const char *word)
{
    return (enum gen_subscriber_state)value_of(state_words, word);
}

const char *gen_delivery_outcome_word(enum gen_delivery_outcome outcome)
{
    return word_of(outcome_words, (int)outcome);
}

bool gen_subscriber_kind_fits(const char *kinds, const char *kind)
{
    size_t length = strlen(kind);

    if (kinds[0] == '\0') {
        return true;
    }
    while (*kinds != '\0') {
        size_t size = strcspn(kinds, " ");
        bool begins = size > 0 && kinds[size - 1] == '*';
        size_t fixed = begins ? size - 1 : size;

        if (fixed <= length && strncmp(kinds, kind, fixed) == 0 && (begins || fixed == length)) {
            return true;
        }
        kinds += size;
        kinds += strspn(kinds, " ");
    }
    return false;
}

bool gen_subscriber_wants(const struct gen_subscriber *subscriber, const char *kind,
                          const char *job, const char *project)
{
    return gen_subscriber_kind_fits(subscriber->kinds, kind) &&
           (subscriber->job[0] == '\0' || strcmp(subscriber->job, job) == 0) &&
           (subscriber->project[0] == '\0' || strcmp(subscriber->project, project) == 0);
}

static const char *subscriber_text(struct gen_arena *arena, const char *text)
{
    return gen_arena_strdup(arena, text == NULL ? "" : text);
}

void gen_subscriber_copy(const struct gen_subscriber *from, struct gen_arena *arena,
                         struct gen_subscriber *to)
{
    *to = *from;
    to->organization = subscriber_text(arena, from->organization);
    to->title = subscriber_text(arena, from->title);
    to->url = subscriber_text(arena, from->url);
    to->kinds = subscriber_text(arena, from->kinds);
    to->job = subscriber_text(arena, from->job);
    to->project = subscriber_text(arena, from->project);
    to->secret = subscriber_text(arena, from->secret);
    to->secret_before = subscriber_text(arena, from->secret_before);
    to->last_error = subscriber_text(arena, from->last_error);
    to->created_by = subscriber_text(arena, from->created_by);
}
