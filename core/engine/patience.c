/* patience.c - see patience.h. */
#include "engine/patience.h"

#define MINUTE INT64_C(60000)

const struct gen_patience gen_patience_defaults = {.recover_window_ms = 5 * MINUTE,
                                                   .recover_least_looks = 4,
                                                   .submit_ms = 60 * MINUTE,
                                                   .verdict_ms = 6 * 60 * MINUTE,
                                                   .fetch_ms = 60 * MINUTE,
                                                   .cancel_ms = 10 * MINUTE,
                                                   .slow_ms = 10 * MINUTE,
                                                   .asset_ms = 24 * 60 * MINUTE};
