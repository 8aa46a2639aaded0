/* pace.c - see pace.h. */
#include "engine/pace.h"

#include "platform/http_date.h"

#include <stdlib.h>
#include <string.h>

enum {
    PACE_MOST_MS = 3600 * 1000,
    PACE_UNTOLD_MS = 1000,             /* 429 without a word on how long */
    PACE_EPOCH_S = 1000 * 1000 * 1000, /* a reset beyond it is a point in time, not a span */
};

struct pace_pair { /* what is left, and when there is more */
    const char *remaining, *reset;
};

static const struct pace_pair pace_pairs[] = {
    {"ratelimit-remaining", "ratelimit-reset"},
    {"x-ratelimit-remaining", "x-ratelimit-reset"},
    {"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
    {"x-rate-limit-remaining", "x-rate-limit-reset"},
    {NULL, NULL},
};

static const char *pace_header(const struct gen_http_header *headers, size_t count,
                               const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(headers[i].name, name) == 0) {
            return headers[i].value;
        }
    }
    return NULL;
}

/* "0", "0.5", "12": the number, -1 for anything else. */
static double pace_number(const char *text)
{
    char *end = NULL;
    double value;

    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return -1;
    }
    value = strtod(text, &end);
    return strchr(" \t;,", *end) != NULL ? value : -1; /* also at its end */
}

/* "1m30s", "250ms", "2h": the way some services write spans; 0 for anything else. */
static int64_t pace_span(const char *text)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = {{"ms", 1}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {NULL, 0}};
    double sum = 0;

    while (*text != '\0') {
        char *end = NULL;
        double value = strtod(text, &end);
        size_t row = 0;

        while (units[row].unit != NULL &&
               strncmp(end, units[row].unit, strlen(units[row].unit)) != 0) {
            row++;
        }
        if (end == text || units[row].unit == NULL || !(value >= 0 && value <= PACE_MOST_MS)) {
            return 0;
        }
        sum += value * units[row].ms;
        text = end + strlen(units[row].unit);
    }
    return sum < PACE_MOST_MS ? (int64_t)sum : PACE_MOST_MS;
}

/* Seconds, a point in time (in seconds or milliseconds since 1970), an HTTP date, or a span. */
static int64_t pace_reset(const char *text, gen_moment now)
{
    double value = pace_number(text);

    if (text == NULL) {
        return 0;
    }
    if (value < 0) {
        int64_t span = text[0] >= '0' && text[0] <= '9' ? pace_span(text) : 0;

        return span > 0 ? span : gen_http_retry_after(text, now);
    }
    if (value > 1000.0 * PACE_EPOCH_S) {
        value = (value - (double)now) / 1000;
    } else if (value > PACE_EPOCH_S) {
        value -= (double)now / 1000;
    }
    return value <= 0 ? 0 : value * 1000 < PACE_MOST_MS ? (int64_t)(value * 1000) : PACE_MOST_MS;
}

/* RateLimit: "default";r=0;t=12 */
static int64_t pace_structured(const char *text)
{
    const char *remaining = text == NULL ? NULL : strstr(text, ";r="), *reset = NULL;
    double seconds;

    if (remaining != NULL && pace_number(remaining + 3) == 0) {
        reset = strstr(text, ";t=");
    }
    seconds = reset == NULL ? 0 : pace_number(reset + 3);
    return seconds <= 0                      ? 0
           : seconds < PACE_MOST_MS / 1000.0 ? (int64_t)(seconds * 1000)
                                             : PACE_MOST_MS;
}

int64_t gen_pace_pause(int status, const struct gen_http_header *headers, size_t count,
                       gen_moment now)
{
    int64_t pause = gen_http_retry_after(pace_header(headers, count, "retry-after"), now);
    int64_t other = pace_structured(pace_header(headers, count, "ratelimit"));
    bool refused = status == 429 || status == 503;

    pause = refused ? pause : 0; /* on other answers it is about that one resource */
    pause = other > pause ? other : pause;
    for (const struct pace_pair *pair = pace_pairs; pair->remaining != NULL; pair++) {
        if (pace_number(pace_header(headers, count, pair->remaining)) == 0) {
            other = pace_reset(pace_header(headers, count, pair->reset), now);
            pause = other > pause ? other : pause;
        }
    }
    if (pause == 0 && status == 429) {
        pause = PACE_UNTOLD_MS;
    }
    return pause < PACE_MOST_MS ? pause : PACE_MOST_MS;
}
