/* new.h - a room that came later. */
