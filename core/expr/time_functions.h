/* time_functions.h - the functions of the language over timestamps and durations: the getters.
 *
 * NOT here: operators (+, -, <) over them, and conversions (convert.h): those use calendar.h.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/time_functions_test.c
 */
#ifndef GEN_EXPR_TIME_FUNCTIONS_H
#define GEN_EXPR_TIME_FUNCTIONS_H

#include "expr/function.h"

/* getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear, getHours, getMinutes,
 * getSeconds, getMilliseconds: of a timestamp, with or without a time zone; the last four also of a
 * duration. */
extern const struct gen_overload gen_time_functions[];

#endif
