/* dust.c - in no floor. */
#include <string.h>
