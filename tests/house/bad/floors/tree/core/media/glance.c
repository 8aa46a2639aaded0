/* glance.c - media knows base only. */
#include "model/noun.h"
