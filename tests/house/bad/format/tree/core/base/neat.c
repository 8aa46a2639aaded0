/* neat.c - is. */
int gen_neat(int a)
{
    return a;
}
