/* egg.c - closes the circle that hen.h begins. */
#include "model/egg.h"

#include "model/hen.h"
