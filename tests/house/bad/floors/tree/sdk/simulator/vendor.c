/* vendor.c - is nobody's vendor. */
#include "base/low.h"
#include "host/guest.h"
#include "simulator/nowhere.h"
