/* noun.c - looks across to a wing. */
#include "model/noun.h"

#include "base/low.h"
#include "platform/port.h"
