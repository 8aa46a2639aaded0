/* trial.h - nothing in it. */
