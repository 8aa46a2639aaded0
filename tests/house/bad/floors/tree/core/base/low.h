/* low.h - below. */
