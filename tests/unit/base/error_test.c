/* error_test.c - messages with their place, cut on character borders. */
#include "base/error.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(error, text)
{
    static const struct {
        const char *file;
        uint32_t line, column;
        const char *path;
        const char *text;
    } cases[] = {
        {"a.yaml", 3, 4, "scenes[2]", "a.yaml:3:4: scenes[2]: no 7"}, /* all known */
        {"a.yaml", 3, 0, "", "a.yaml:3: no 7"},                       /* no column */
        {"a.yaml", 0, 0, "", "a.yaml: no 7"},                         /* only the file */
        {NULL, 3, 4, NULL, "line 3, column 4: no 7"},                 /* no file */
        {NULL, 3, 0, NULL, "line 3: no 7"},
        {NULL, 0, 0, "budget", "budget: no 7"},
        {NULL, 0, 0, NULL, "no 7"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};
        char out[256];

        cr_expect(eq(int, gen_error_set(&err, GEN_EINVAL, "no %d", 7), GEN_EINVAL));
        gen_error_place(&err, cases[i].file, cases[i].line, cases[i].column, cases[i].path);
        cr_expect(eq(str, (char *)gen_error_text(&err, out, sizeof(out)), (char *)cases[i].text));
    }
}

Test(error, within_and_again)
{
    struct gen_error err = {0};

    gen_error_set(&err, GEN_EIO, "disk");
    cr_expect(eq(int, gen_error_within(&err, "reading %s", "x"), GEN_EIO));
    cr_expect(eq(str, err.message, "reading x: disk"));
    gen_error_place(&err, "f", 1, 2, "p");
    gen_error_set(&err, GEN_EBUSY, "%s!", err.message); /* its own text among the values */
    cr_expect(eq(str, err.message, "reading x: disk!"));
    cr_expect(eq(str, err.file, ""));
    cr_expect(eq(u32, err.line, 0));
    cr_expect(eq(int, gen_error_set(NULL, GEN_EIO, "x"), GEN_EIO)); /* nobody listens */
    gen_error_place(NULL, "f", 1, 1, "p");
}

Test(error, cut_on_a_border)
{
    char text[2000];

    /* Whatever the border falls on, what is left is UTF-8. */
    for (size_t shift = 0; shift < 4; shift++) {
        struct gen_error err = {0};
        char out[20];

        memset(text, 'x', shift);
        text[shift] = '\0';
        while (strlen(text) < 1900) {
            strcat(text, "\xF0\x9F\x8E\xAC"); /* clapper board */
        }
        gen_error_set(&err, GEN_EINVAL, "%s", text);
        cr_expect(gen_utf8_valid(err.message, strlen(err.message), NULL));
        cr_expect(gt(sz, strlen(err.message), GEN_ERROR_MESSAGE_SIZE - 5));
        gen_error_place(&err, text, 1, 1, text);
        cr_expect(gen_utf8_valid(err.file, strlen(err.file), NULL));
        gen_error_within(&err, "%s", text);
        cr_expect(gen_utf8_valid(err.message, strlen(err.message), NULL));
        gen_error_text(&err, out, sizeof(out));
        cr_expect(gen_utf8_valid(out, strlen(out), NULL));
    }
}

Test(error, words)
{
    cr_expect(eq(str, (char *)gen_status_word(GEN_EBUDGET), "budget_exceeded"));
    cr_expect(eq(str, (char *)gen_status_word(GEN_ECORRUPT), "corrupt"));
    cr_expect(eq(str, (char *)gen_status_meaning(GEN_OK), "no error"));
    cr_expect(eq(str, (char *)gen_status_word((enum gen_status)999), "unknown"));
}
