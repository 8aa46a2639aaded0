/* provider_file.h - a policy set with one provider file in it and nothing else, for rooms that ask for a
 * provider's rows only. */
#ifndef GEN_TEST_PROVIDER_FILE_H
#define GEN_TEST_PROVIDER_FILE_H

#include "platform/yaml_reader.h"
#include "policy/policy_set.h"

#include <criterion/criterion.h>
#include <string.h>

struct provider_file {
    struct gen_arena *arena;
    struct gen_policy_set set;
    struct gen_provider_policy policy;
    const struct gen_provider_policy *list[1];
};

static inline void provider_file_open(struct provider_file *file, const char *yaml)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};

    memset(file, 0, sizeof *file);
    file->arena = gen_arena_create(0);
    cr_assert(gen_yaml_read(yaml, strlen(yaml), "studio.yaml", file->arena, &node, &err) == GEN_OK,
              "%s", err.message);
    cr_assert(gen_record_bind(&gen_provider_record, node, "", file->arena, &file->policy, &err) ==
                  GEN_OK, "%s: %s", err.path, err.message);
    file->list[0] = &file->policy;
    file->set.providers = file->list;
    file->set.provider_count = 1;
}

static inline void provider_file_close(struct provider_file *file)
{
    gen_arena_destroy(file->arena);
}

#endif
