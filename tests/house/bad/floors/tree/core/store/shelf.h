/* shelf.h - keeps. */
