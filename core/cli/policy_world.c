/* policy_world.c - see policy_world.h. */
#include "cli/policy_world.h"

#include "cli/policy_origin.h"

#include <unistd.h>

static enum gen_status world_file(struct gen_session *session, const char *path,
                                  struct gen_policy_world *out, struct gen_error *err)
{
    out->said = gen_session_clean(session, path);
    return gen_policy_layers_read(&out->snapshot, path, "snapshot", session->arena, err);
}

/* What gend sees at the moment; false when it does not answer, or does not say. */
static bool world_running(struct gen_session *session, struct gen_policy_world *out)
{
    struct gen_client_answer answer = {0};
    struct gen_error ignored = {0};
    const struct gen_node *node;

    if (gen_session_get(session, &answer, &ignored, "/v1/snapshot") != GEN_OK) {
        return false;
    }
    node = gen_node_get(answer.document, "snapshot");
    node = node != NULL ? node : answer.document;
    if (gen_node_type_of(node) != GEN_NODE_MAP) {
        return false;
    }
    out->said = gen_arena_printf(session->arena, "the running gend (%s)",
                                 gen_session_clean(session, session->target.name));
    return gen_policy_layers_add(&out->snapshot, node, "snapshot of gend", "snapshot",
                                 session->arena, &ignored) == GEN_OK;
}

/* Beside the tests of a folder; GEN_ENOTFOUND without a message. */
static enum gen_status world_beside(struct gen_session *session, const char *folder,
                                    struct gen_policy_world *out, struct gen_error *err)
{
    const char *path = gen_arena_printf(session->arena, "%s/tests/snapshot.yaml", folder);

    return path != NULL && access(path, R_OK) == 0 ? world_file(session, path, out, err)
                                                   : GEN_ENOTFOUND;
}

static enum gen_status world_default(struct gen_session *session, const char *const *folders,
                                     struct gen_policy_world *out, struct gen_error *err)
{
    enum gen_status status = GEN_ENOTFOUND;
    const char *usual;

    for (; *folders != NULL && status == GEN_ENOTFOUND; folders++) {
        status = world_beside(session, *folders, out, err);
    }
    if (status == GEN_ENOTFOUND && gen_policy_origin_folder(session, &usual, NULL) == GEN_OK) {
        status = world_beside(session, usual, out, err);
    }
    return status != GEN_ENOTFOUND
               ? status
               : gen_error_set(err, GEN_ENOTFOUND,
                               "there is no snapshot of models and providers to decide with: gend "
                               "does not answer and the policies have no tests/snapshot.yaml; name "
                               "one with --snapshot FILE");
}

enum gen_status gen_policy_world_find(struct gen_session *session, bool running,
                                      const char *const *folders, struct gen_policy_world *out,
                                      struct gen_error *err)
{
    enum gen_status status;

    *out = (struct gen_policy_world){.said = NULL};
    if (session->options.snapshot != NULL) {
        status = world_file(session, session->options.snapshot, out, err);
    } else if (running && world_running(session, out)) {
        status = GEN_OK;
    } else {
        status = world_default(session, folders, out, err);
    }
    return status;
}
