/* vetting.c - see vetting.h. */
#include "daemon/vetting.h"

#include "policy/provider_settings.h"

struct vetting {
    const struct gen_policy_set *set;
    const char *folder;
    struct gen_policy_problems *problems;
};

static void on_verdict(void *context, const char *provider, const struct gen_error *err)
{
    const struct vetting *vetting = context;
    const struct gen_policy_file *file = gen_provider_file(vetting->set, provider);
    struct gen_error placed = {0};

    if (file != NULL) { /* without one it is gend.yaml's, which has not changed */
        gen_provider_settings_place(file, vetting->folder, err->message, &placed);
        gen_policy_problems_add(vetting->problems, &placed, false);
    }
}

void gen_vetting_judge(struct gen_loader *loader, struct gen_provider_terms *terms,
                       const char *folder, struct gen_policy_problems *problems)
{
    struct vetting vetting = {terms->set, folder, problems};

    gen_loader_judge(loader,
                     &(struct gen_loader_options){.ask = gen_provider_terms_ask,
                                                  .aliases = gen_provider_terms_aliases,
                                                  .context = terms},
                     on_verdict, &vetting);
}
