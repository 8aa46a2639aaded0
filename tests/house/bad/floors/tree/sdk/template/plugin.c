/* plugin.c - a start for others, with a bad habit. */
#include <gen/contract.h>
#include <unistd.h>
