/* plugin.c - does I/O. */
int verb(void)
{
    free(fopen("file", "r"));
    return 0;
}
