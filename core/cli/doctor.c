/* doctor.c - see doctor.h. */
#include "cli/doctor.h"

#include "cli/daemon_control.h"
#include "cli/secret_commands.h"
#include "cli/workbench.h"
#include "platform/files.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOCTOR_FREE_WARN_MB = 2048 };

static bool doctor_daemon(struct gen_findings *findings)
{
    struct gen_session *session = findings->session;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const char *version;

    if (gen_session_get(session, &answer, &err, "/v1/version") != GEN_OK) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "gend",
                         err.status == GEN_EDENIED ? "set GEN_KEY to the key of this gend"
                         : session->target.socket != NULL
                             ? session->target.up
                             : "check the address, or leave --server out",
                         "%s", err.message);
        return false;
    }
    version = gen_node_text(gen_node_get(answer.document, "version"), "?");
    if (strcmp(version, GEN_VERSION) == 0) {
        gen_findings_add(findings, GEN_GRADE_OK, "gend", NULL, "version %s answers at %s", version,
                         session->target.name);
    } else {
        gen_findings_add(findings, GEN_GRADE_WARN, "gend",
                         gen_arena_printf(session->arena, "start the new one: %s, then %s",
                                          gen_session_again(session, "gen down"),
                                          gen_session_again(session, "gen up")),
                         "version %s answers at %s, but gen has version %s", version,
                         session->target.name, GEN_VERSION);
    }
    return true;
}

static void doctor_ready(struct gen_findings *findings)
{
    struct gen_client_request request = {.path = "/readyz", .timeout_ms = 5000};
    struct gen_session *session = findings->session;
    struct gen_error err = {0};

    if (gen_client_send(session->client, &request, session->arena, NULL, &err) == GEN_OK) {
        gen_findings_add(findings, GEN_GRADE_OK, "ready", NULL, "jobs are admitted");
    } else {
        gen_findings_add(findings, GEN_GRADE_FAIL, "ready",
                         "mend that, then start gend again if it does not notice",
                         "no jobs are admitted: %s", err.message);
    }
}

/* The commands that store what a provider lacks. */
static const char *doctor_secrets(struct gen_findings *findings, const struct gen_node *provider)
{
    struct gen_session *session = findings->session;
    const char *commands = "";

    for (const struct gen_node *name = gen_node_first(gen_node_get(provider, "missing"));
         name != NULL && commands != NULL; name = name->next) {
        const char *command = gen_arena_printf(session->arena, "gen secret set %s",
                                               gen_node_text(name, "?"));

        commands = gen_arena_printf(session->arena, "%s%s%s", commands,
                                    commands[0] != '\0' ? ", then: " : "",
                                    command == NULL ? "" : gen_session_again(session, command));
    }
    return commands == NULL || commands[0] == '\0'
               ? "set it, or switch the provider off in its policy file (enabled: false); a file "
                 "is "
                 "read again after a SIGHUP"
               : gen_arena_printf(session->arena,
                                  "%s; or switch the provider off in its policy file "
                                  "(enabled: false)",
                                  commands);
}

/* What was billed is not what was planned: the next budget will be wrong, too. */
static void doctor_prices(struct gen_findings *findings, const struct gen_node *drifts)
{
    for (const struct gen_node *item = gen_node_first(drifts); item != NULL; item = item->next) {
        const char *provider = gen_node_text(gen_node_get(item, "provider"), "?");
        double drift = gen_node_number(gen_node_get(item, "drift"), 0);

        gen_findings_add(findings, GEN_GRADE_WARN, "prices",
                         gen_arena_printf(findings->session->arena,
                                          "put what it really charges into the prices of "
                                          "providers/%s.yaml; until then budgets are planned wrong",
                                          provider),
                         "the last %" PRId64 " bills of %s/%s were %.0f %% %s what its price book "
                         "says",
                         gen_node_integer(gen_node_get(item, "bills"), 0), provider,
                         gen_node_text(gen_node_get(item, "model"), "?"),
                         (drift < 0 ? -drift : drift) * 100, drift < 0 ? "below" : "above");
    }
}

/* A provider that is loaded, and of no use as it is. */
static void doctor_provider(struct gen_findings *findings, const struct gen_node *item)
{
    const char *id = gen_node_text(gen_node_get(item, "provider"), "?");
    const char *unready = gen_node_text(gen_node_get(item, "unready"), NULL);
    const char *trouble = gen_node_text(gen_node_get(item, "trouble"), NULL);
    const struct gen_node *health = gen_node_get(item, "health");
    const char *state = gen_node_text(gen_node_get(health, "state"), "unknown");

    if (unready != NULL) {
        gen_findings_add(findings, GEN_GRADE_WARN, "credential", doctor_secrets(findings, item),
                         "%s cannot be used: %s", id, unready);
    }
    if (trouble != NULL) {
        gen_findings_add(findings, GEN_GRADE_WARN, "settings",
                         "mend its policy file; until then it works with the settings before",
                         "%s refuses its new settings: %s", id, trouble);
    }
    doctor_prices(findings, gen_node_get(item, "priceDrifts"));
    if (strcmp(state, "down") == 0 || strcmp(state, "degraded") == 0) {
        gen_findings_add(findings, GEN_GRADE_WARN, "health", NULL, "%s is %s: %s", id, state,
                         gen_node_text(gen_node_get(health, "reason"), "?"));
    }
}

static void doctor_providers(struct gen_findings *findings)
{
    struct gen_session *session = findings->session;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *loaded, *refused;

    if (gen_session_get(session, &answer, &err, "/v1/providers") != GEN_OK) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "providers", NULL, "%s", err.message);
        return;
    }
    loaded = gen_node_get(answer.document, "providers");
    refused = gen_node_get(answer.document, "refused");
    for (const struct gen_node *item = gen_node_first(loaded); item != NULL; item = item->next) {
        gen_findings_add(findings, GEN_GRADE_OK, "provider", NULL, "%s %s, %zu models",
                         gen_node_text(gen_node_get(item, "provider"), "?"),
                         gen_node_text(gen_node_get(item, "version"), ""),
                         gen_node_count(gen_node_get(item, "models")));
        doctor_provider(findings, item);
    }
    for (const struct gen_node *item = gen_node_first(refused); item != NULL; item = item->next) {
        gen_findings_add(findings, GEN_GRADE_WARN, "plugin",
                         "mend that and start gend again, or take it out of the plugin folder",
                         "%s is refused: %s", gen_node_text(gen_node_get(item, "path"), "?"),
                         gen_node_text(gen_node_get(item, "reason"), "?"));
    }
    if (gen_node_count(loaded) == 0) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "providers",
                         gen_arena_printf(session->arena,
                                          "install the plugins, or name their folder: %s -- "
                                          "--plugins DIR",
                                          gen_session_again(session, "gen up")),
                         "no provider is loaded, so nothing can be rendered");
    }
}

/* A refused edit is easy to miss: everything goes on with the policies before it. */
static void doctor_refused(struct gen_findings *findings, const struct gen_node *refusal)
{
    struct gen_session *session = findings->session;
    const struct gen_node *list = gen_node_get(refusal, "problems");

    gen_findings_add(findings, GEN_GRADE_FAIL, "policies",
                     gen_arena_printf(session->arena, "mend the files, then: %s",
                                      gen_session_again(session, "gen policy reload")),
                     "an edit of %s was refused and is not in force: %s",
                     gen_node_text(gen_node_get(refusal, "at"), "?"),
                     gen_node_text(gen_node_get(refusal, "message"), "?"));
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "policy", NULL, "%s:%" PRId64 ":%" PRId64 ": %s",
                         gen_node_text(gen_node_get(item, "file"), "?"),
                         gen_node_integer(gen_node_get(item, "line"), 0),
                         gen_node_integer(gen_node_get(item, "column"), 0),
                         gen_node_text(gen_node_get(item, "message"), "?"));
    }
}

/* What the running set is better off without: it works, but perhaps not as it was meant. */
static void doctor_doubts(struct gen_findings *findings, const struct gen_node *warnings)
{
    for (const struct gen_node *item = gen_node_first(warnings); item != NULL; item = item->next) {
        const char *path = gen_node_text(gen_node_get(item, "path"), "");

        gen_findings_add(
            findings, GEN_GRADE_WARN, "policy", NULL, "%s:%" PRId64 ":%" PRId64 ": %s%s%s",
            gen_node_text(gen_node_get(item, "file"), "?"),
            gen_node_integer(gen_node_get(item, "line"), 0),
            gen_node_integer(gen_node_get(item, "column"), 0), path, path[0] != '\0' ? ": " : "",
            gen_node_text(gen_node_get(item, "message"), "?"));
    }
}

static void doctor_policies(struct gen_findings *findings)
{
    struct gen_session *session = findings->session;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *refusal;

    if (gen_session_get(session, &answer, &err, "/v1/policies") != GEN_OK) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "policies", NULL, "%s", err.message);
        return;
    }
    refusal = gen_node_get(answer.document, "lastError");
    if (gen_node_type_of(refusal) == GEN_NODE_MAP) {
        doctor_refused(findings, refusal);
    }
    gen_findings_add(findings, GEN_GRADE_OK, "policies", NULL,
                     "version %.12s of %s, %zu files, loaded %s",
                     gen_node_text(gen_node_get(answer.document, "version"), "?"),
                     gen_node_text(gen_node_get(answer.document, "folder"), "?"),
                     gen_node_count(gen_node_get(answer.document, "files")),
                     gen_node_text(gen_node_get(answer.document, "loadedAt"), "?"));
    doctor_doubts(findings, gen_node_get(answer.document, "warnings"));
}

static void doctor_socket(struct gen_findings *findings)
{
    const char *path = findings->session->target.socket;
    struct stat facts;

    if (path == NULL || stat(path, &facts) != 0) {
        return;
    }
    if ((facts.st_mode & 0007) != 0) {
        gen_findings_add(findings, GEN_GRADE_WARN, "socket",
                         "chmod o= it; whoever may open it may spend the budget",
                         "every user of this machine may use %s (mode %03o)", path,
                         (unsigned)(facts.st_mode & 0777));
    } else {
        gen_findings_add(findings, GEN_GRADE_OK, "socket", NULL, "mode %03o, owner %u",
                         (unsigned)(facts.st_mode & 0777), (unsigned)facts.st_uid);
    }
}

/* Room on the disk that gend keeps everything on. */
static void doctor_disk(struct gen_findings *findings)
{
    struct gen_whereabouts places;
    struct gen_error err = {0};
    int64_t bytes = 0;

    if (gen_daemon_control_places(findings->session, &places, &err) != GEN_OK) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "disk", NULL, "%s", err.message);
        return;
    }
    if (gen_files_free_space(places.state, &bytes, &err) != GEN_OK) {
        gen_findings_add(findings, GEN_GRADE_WARN, "disk",
                         gen_arena_printf(findings->session->arena, "%s creates it",
                                          gen_session_again(findings->session, "gen up")),
                         "%s", err.message);
        return;
    }
    /* How much is too little is gend's to say (leastFree in gend.yaml): it is not ready then. */
    gen_findings_add(findings,
                     bytes / 1000000 < DOCTOR_FREE_WARN_MB ? GEN_GRADE_WARN : GEN_GRADE_OK, "disk",
                     "make room soon", "%" PRId64 " MB free for %s", bytes / 1000000, places.state);
}

int gen_doctor_run(struct gen_session *session)
{
    struct gen_findings findings = {.session = session, .list = gen_node_list(session->arena)};
    struct gen_error err = {0};
    struct gen_node *report;

    if (gen_session_connect(session, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (doctor_daemon(&findings)) {
        doctor_ready(&findings);
        doctor_providers(&findings);
        doctor_policies(&findings);
        gen_secret_commands_examine(&findings);
    }
    if (session->target.socket != NULL) {
        doctor_socket(&findings);
        doctor_disk(&findings);
        gen_workbench_examine(&findings);
    } else {
        gen_session_say(session, "      (what that machine renders with: run gen doctor there)");
    }
    if (session->options.json) {
        report = gen_node_map(session->arena);
        gen_node_set(session->arena, report, "healthy",
                     gen_node_bool(session->arena, findings.failures == 0));
        gen_node_set(session->arena, report, "checks", findings.list);
        gen_session_print_json(session, report);
    } else {
        gen_session_say(session, "%s: %zu failures, %zu warnings",
                        findings.failures == 0 ? "healthy" : "not healthy", findings.failures,
                        findings.warnings);
    }
    return findings.failures == 0 ? GEN_EXIT_OK : GEN_EXIT_FAILED;
}
