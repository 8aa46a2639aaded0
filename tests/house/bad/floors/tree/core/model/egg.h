/* egg.h - from a hen. */
