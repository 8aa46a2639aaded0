/* port.h - outside. */
#include <sys/types.h>
#include <unistd.h>
