/* needy.h - does not include what it needs. */
#ifndef NEEDY_H
#define NEEDY_H
size_t gen_needy(void);
#endif
