/* api_key_test.c - the key is made once, read again, and refused when there is none in its file. */
#include "daemon/api_key.h"

#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

Test(api_key, made_once)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *first = NULL, *again = NULL;
    struct gen_error err = {0};
    char folder[] = "/tmp/gen-key-XXXXXX", path[100];
    struct stat facts;

    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    snprintf(path, sizeof path, "%s/api-key", folder);
    cr_assert(eq(int, gen_api_key_read(folder, arena, &first, &err), GEN_OK));
    cr_expect(eq(sz, strlen(first), 43)); /* 32 bytes */
    cr_assert(eq(int, stat(path, &facts), 0));
    cr_expect(eq(int, facts.st_mode & 0777, 0600));
    cr_assert(eq(int, gen_api_key_read(folder, arena, &again, &err), GEN_OK));
    cr_expect(eq(str, (char *)first, (char *)again));
    /* one of somebody's own, with an editor's line end */
    cr_assert(eq(int, gen_files_write(path, "my own\r\nmore", 12, 0600, &err), GEN_OK));
    cr_assert(eq(int, gen_api_key_read(folder, arena, &again, &err), GEN_OK));
    cr_expect(eq(str, (char *)again, "my own"));
    cr_assert(eq(int, gen_files_write(path, "\n", 1, 0600, &err), GEN_OK));
    cr_expect(eq(int, gen_api_key_read(folder, arena, &again, &err), GEN_EINVAL));
    cr_expect(ne(ptr, strstr(err.message, "is empty; remove it"), NULL));
    cr_expect(eq(int, gen_api_key_read("/nowhere", arena, &again, &err), GEN_ENOTFOUND));
    cr_assert(eq(int, gen_files_remove_tree(folder, &err), GEN_OK));
    gen_arena_destroy(arena);
}
