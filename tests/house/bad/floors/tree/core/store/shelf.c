/* shelf.c - takes what is not its own. */
#include "shelf.h"

#include "host/guest.h"

#include <gen/contract.h>
#include <jansson.h>
#include <zstd.h>
