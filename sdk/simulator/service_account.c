/* service_account.c - see service_account.h. */
#include "simulator/service_account.h"

#include "base/json.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "simulator/google.h"
#include "simulator/rsa.h"

#include <string.h>

static const char service_email[] = "gen-sim@" GOOGLE_PROJECT ".iam.gserviceaccount.com";

enum { SERVICE_FILE_MOST = 64 * 1024 };

/* The private key of the file that is there; `*pem` stays NULL when there is no file. */
static enum gen_status service_read(const char *path, struct gen_arena *arena, const char **pem,
                                    struct gen_error *err)
{
    const struct gen_node *node = NULL;
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, SERVICE_FILE_MOST);
    status = gen_files_read(path, &text, err);
    if (status == GEN_OK) {
        status = gen_json_read(text.data != NULL ? text.data : "", text.size, path, arena, &node,
                               err);
    } else if (status == GEN_ENOTFOUND) {
        gen_bytes_fini(&text);
        return GEN_OK;
    }
    gen_bytes_fini(&text);
    if (status != GEN_OK) {
        return status;
    }
    *pem = gen_node_text(gen_node_get(node, "private_key"), NULL);
    if (*pem == NULL ||
        strcmp(gen_node_text(gen_node_get(node, "client_email"), ""), service_email) != 0) {
        return gen_error_set(err, GEN_EINVAL,
                             "%s is not a service account that gen-sim made; name another file",
                             path);
    }
    return GEN_OK;
}

static enum gen_status service_write(const char *path, const char *origin, struct gen_arena *arena,
                                     const char *pem, const char *public, struct gen_error *err)
{
    const char *const pairs[] = {"type",
                                 "service_account",
                                 "project_id",
                                 GOOGLE_PROJECT,
                                 "private_key_id",
                                 gen_arena_strndup(arena, public + strlen(public) - 40, 40),
                                 "private_key",
                                 pem,
                                 "client_email",
                                 service_email,
                                 "client_id",
                                 "100000000000000000000",
                                 "auth_uri",
                                 "https://accounts.google.com/o/oauth2/auth",
                                 "token_uri",
                                 gen_arena_printf(arena, "%s/token", origin),
                                 "universe_domain",
                                 "googleapis.com",
                                 NULL};
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, SERVICE_FILE_MOST);
    (void)gen_json_write(sim_node_texts(arena, pairs), GEN_JSON_PRETTY, &text);
    status = gen_bytes_status(&text) == GEN_OK && !gen_arena_failed(arena)
                 ? gen_files_write(path, text.data, text.size, 0600, err)
                 : gen_error_set(err, GEN_ENOMEM, "out of memory");
    gen_bytes_fini(&text);
    return status;
}

enum gen_status sim_service_account_ready(const char *path, const char *origin,
                                          struct gen_arena *arena, const char **account,
                                          struct gen_error *err)
{
    const char *pem = NULL;
    const char *public;
    enum gen_status status = service_read(path, arena, &pem, err);

    if (status != GEN_OK) {
        return status;
    }
    pem = pem != NULL ? pem : sim_rsa_make(arena);
    public = pem != NULL ? sim_rsa_public(arena, pem) : NULL;
    if (public == NULL) {
        return gen_error_set(err, GEN_EINVAL, "%s: its private key cannot be read or made", path);
    }
    *account = gen_arena_printf(arena, "google:name=vertex,key=%s,secret=%s", service_email,
                                public);
    return service_write(path, origin, arena, pem, public, err);
}
