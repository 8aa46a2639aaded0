/* bare.h - says too little. */

/* Says what it does. */
int gen_bare_told(int a, int b);
int gen_bare_beside(int a, int b);

int gen_bare_secret(int a, int b);

enum gen_status gen_bare_status(void);

int gen_bare_getter(void);

int gen_bare_trailing(int a,
                      int b); /* says it here */
