/* hen.h - from an egg. */
#include "model/egg.h"
