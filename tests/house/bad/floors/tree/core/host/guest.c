/* guest.c - may see the SDK. */
#include "host/guest.h"

#include <gen/contract.h>
