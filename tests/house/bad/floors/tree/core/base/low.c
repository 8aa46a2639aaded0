/* low.c - reaches up, and out. */
#include "base/low.h"

#include "model/noun.h"

#include <string.h>
#include <unistd.h>
