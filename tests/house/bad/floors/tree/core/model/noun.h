/* noun.h - a thing. */
