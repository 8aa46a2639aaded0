/* twice.h - has no guard. */
struct gen_twice {
    int a;
};
