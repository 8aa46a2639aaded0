/* gen/contract.h - not the C standard alone. */
#include <stddef.h>
#include <unistd.h>
