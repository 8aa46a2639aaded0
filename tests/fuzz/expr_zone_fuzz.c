/* expr_zone_fuzz.c - any bytes as a TZif file, as the rule at its end, as the name of a zone, as a
 * timestamp and as a duration: offsets stay narrow, and what was read is printed and read back. */
/* fuzz-runs: 1000000 */
#include "expr/calendar.h"
#include "expr/zone.h"
#include "expr/zone_rule.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t instants[] = {
    INT64_MIN,  GEN_CALENDAR_FIRST, -2208988800,       -1,
    0,          951782400,          1234567890,        1711846800,
    2147483647, 4102444800,         GEN_CALENDAR_LAST, INT64_MAX,
};

static void check_narrow(int32_t east)
{
    GEN_CHECK(east > -GEN_ZONE_WIDEST && east < GEN_ZONE_WIDEST);
}

static void try_zone(const char *text, size_t size)
{
    struct gen_zone *zone = NULL;
    struct gen_zone_rule rule;
    struct gen_error err;
    int32_t east;

    if (gen_zone_parse(text, size, &zone, &err) == GEN_OK) {
        for (size_t i = 0; i < GEN_COUNT(instants); i++) {
            check_narrow(gen_zone_offset(zone, instants[i]));
        }
        gen_zone_destroy(zone);
    } else {
        GEN_CHECK(zone == NULL && err.message[0] != '\0');
    }
    if (gen_zone_rule_parse(text, size, &rule)) {
        for (size_t i = 1; i + 1 < GEN_COUNT(instants); i++) {
            check_narrow(gen_zone_rule_offset(&rule, instants[i]));
        }
    }
    if (gen_zone_fixed(text, size, &east)) {
        check_narrow(east);
    }
    if (gen_zone_name_good(text, size)) {
        GEN_CHECK(text[0] != '/' && memchr(text, '.', size) == NULL &&
                  memchr(text, '\0', size) == NULL);
    }
}

static void try_text(const char *text, size_t size)
{
    char printed[GEN_CALENDAR_TEXT_SIZE > GEN_DURATION_TEXT_SIZE ? GEN_CALENDAR_TEXT_SIZE
                                                                 : GEN_DURATION_TEXT_SIZE];
    int64_t seconds, nanos, back;
    uint32_t fraction, fraction_back;
    size_t length;

    if (gen_calendar_parse(text, size, &seconds, &fraction) == GEN_OK) {
        length = gen_calendar_print(seconds, fraction, printed);
        GEN_CHECK(length < GEN_CALENDAR_TEXT_SIZE && strlen(printed) == length);
        GEN_CHECK(gen_calendar_parse(printed, length, &back, &fraction_back) == GEN_OK);
        GEN_CHECK(back == seconds && fraction_back == fraction);
    }
    if (gen_duration_parse(text, size, &nanos) == GEN_OK) {
        length = gen_duration_print(nanos, printed);
        GEN_CHECK(length < GEN_DURATION_TEXT_SIZE && strlen(printed) == length);
        GEN_CHECK(gen_duration_parse(printed, length, &back) == GEN_OK && back == nanos);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_zone((const char *)data, size);
    try_text((const char *)data, size);
    return 0;
}
