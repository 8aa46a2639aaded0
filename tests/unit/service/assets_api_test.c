/* assets_api_test.c - core/service/assets_api.c: names of files that come with uploads. */
#include <criterion/criterion.h>

#include "service/assets_api.h"

#include <string.h>

Test(assets_api, names)
{
    static const struct {
        const char *name;
        bool good;
    } cases[] = {
        {"a.png", true},       {"no ending", true},  {"\xe2\x9c\xa8.png", true}, {".hidden", true},
        {"", false},           {".", false},         {"..", false},              {"a/b.png", false},
        {"..\\b.png", false},  {"a\nb.png", false},  {"a\x7f.png", false},       {"\xff.png", false},
    };
    char longest[GEN_ASSETS_NAME_MOST + 2];

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(gen_assets_name_valid(cases[i].name) == cases[i].good, "%s", cases[i].name);
    }
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    cr_expect(!gen_assets_name_valid(longest));
    cr_expect(gen_assets_name_valid(longest + 1));
}
