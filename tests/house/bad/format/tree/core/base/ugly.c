/* ugly.c - is not as clang-format writes it. */
int gen_ugly( int a ){return a;}
