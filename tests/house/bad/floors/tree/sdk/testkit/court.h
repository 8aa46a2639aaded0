/* court.h - half of a circle. */
#include "trial.h"
