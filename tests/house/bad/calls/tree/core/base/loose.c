/* loose.c - calls what it should not: strcpy( in a comment is nothing. */
void gen_loose(struct clock *clock)
{
    char text[8];
    const char *said = "strcpy(a, b) in a string is nothing";
    char *block = malloc(8);
    free(block); /* house-allow call: shows that a reason lets a line pass */

    strcpy(text, said);
    clock->time(clock->context);
    my_time(0);
    if (time(NULL) > 0 && atoi("1")) {
        system("true");
    }
    run("SELECT a FROM b");
    run("select the best from these words");
}
