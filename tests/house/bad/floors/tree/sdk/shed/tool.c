/* tool.c - in a folder that nobody named. */
#include <stdio.h>
