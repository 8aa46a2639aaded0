/* fine.h - is complete. */
#ifndef FINE_H
#define FINE_H
#include <stddef.h>
size_t gen_fine(void);
#endif
