/* guest.h - a plugin. */
