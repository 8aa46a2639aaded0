/* plugin.c - stands on more than the ground. */
#include <gen/contract.h>

#include "base/low.h"

#include <curl/curl.h>
#include <unistd.h>
