/* old.h - has been there long. */
