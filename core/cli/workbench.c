/* workbench.c - see workbench.h. */
#include "cli/workbench.h"

#include "cli/whereabouts.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORKBENCH_MEDIA_MS = 20000, WORKBENCH_DEPTH = 5, WORKBENCH_FONTS_ENOUGH = 100000 };

struct workbench_run { /* a program on its way to its end */
    struct gen_arena *arena;
    const char *output;
    size_t size;
    int exit_code;
    bool ended;
};

struct workbench_fonts {
    size_t files, emoji, cjk;
};

/* The folders of our own programs: beside gen, and where they are installed. */
static const char *workbench_find(struct gen_session *session, const char *program, int in_path)
{
    const char *own = gen_whereabouts_own_folder(session->arena);
    const char *folders[3] = {own, NULL, NULL};

    if (own == NULL) {
        return NULL;
    }
    folders[1] = gen_arena_printf(session->arena, "%s/../libexec/genengine", own);
    return gen_files_find_program(folders, in_path, program, session->arena);
}

static void workbench_on_exit(void *context, const struct gen_process_end *end)
{
    struct workbench_run *run = context;

    run->output = gen_arena_strndup(run->arena, end->output, end->output_size);
    run->size = end->output_size;
    run->exit_code = end->exit_code;
    run->ended = true;
}

static enum gen_status workbench_report(struct gen_session *session, const char *program,
                                        const struct gen_node **out, struct gen_error *err)
{
    struct workbench_run run = {.arena = session->arena};
    const char *path = getenv("PATH");
    const char *environment[] = {
        gen_arena_printf(session->arena, "PATH=%s", path != NULL ? path : "/usr/bin:/bin"), NULL};
    const char *arguments[] = {program, "doctor", NULL};
    struct gen_process_spec spec = {.arguments = arguments,
                                    .environment = environment,
                                    .timeout_ms = WORKBENCH_MEDIA_MS,
                                    .on_exit = workbench_on_exit,
                                    .context = &run};
    struct gen_loop *loop = gen_client_loop(session->client);
    struct gen_process *process = NULL;
    enum gen_status status = gen_process_start(loop, &spec, &process, err);

    if (status != GEN_OK) {
        return status;
    }
    while (!run.ended) {
        gen_loop_turn(loop);
    }
    if (run.exit_code != 0 || run.output == NULL) {
        return gen_error_set(err, GEN_EIO, "%s doctor ended with code %d", program, run.exit_code);
    }
    return gen_json_read(run.output, run.size, NULL, session->arena, out, err);
}

static void workbench_program(struct gen_findings *findings, const struct gen_node *report,
                              const char *name)
{
    const struct gen_node *facts = gen_node_get(report, name);

    if (gen_node_type_of(facts) == GEN_NODE_MAP) {
        gen_findings_add(findings, GEN_GRADE_OK, name, NULL, "%s, version %s",
                         gen_node_text(gen_node_get(facts, "path"), "?"),
                         gen_node_text(gen_node_get(facts, "version"), "?"));
    } else {
        gen_findings_add(findings, GEN_GRADE_FAIL, name, "apt install ffmpeg", "is not installed");
    }
}

static void workbench_media(struct gen_findings *findings)
{
    struct gen_session *session = findings->session;
    const char *program = workbench_find(session, "gen-media", 0);
    const struct gen_node *report = NULL;
    struct gen_error err = {0};
    int64_t landlock;

    if (program == NULL) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "gen-media", "build or install it again",
                         "is neither beside gen nor in ../libexec/genengine");
        return;
    }
    if (workbench_report(session, program, &report, &err) != GEN_OK) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "gen-media", "build or install it again", "%s",
                         err.message);
        return;
    }
    gen_findings_add(findings, GEN_GRADE_OK, "gen-media", NULL, "%s, version %s", program,
                     gen_node_text(gen_node_get(report, "version"), "?"));
    landlock = gen_node_integer(gen_node_get(report, "landlock"), 0);
    if (!gen_node_truth(gen_node_get(report, "seccomp"), false)) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "sandbox",
                         "use a kernel with seccomp, or allow it in this container",
                         "the kernel has no seccomp: media from outside cannot be opened safely");
    } else if (landlock <= 0) {
        gen_findings_add(findings, GEN_GRADE_WARN, "sandbox",
                         "Linux 5.13 or newer has it, if it is switched on",
                         "seccomp works; Landlock is missing, so files are confined less strictly");
    } else {
        gen_findings_add(findings, GEN_GRADE_OK, "sandbox", NULL, "seccomp, Landlock %" PRId64,
                         landlock);
    }
    workbench_program(findings, report, "ffmpeg");
    workbench_program(findings, report, "ffprobe");
}

static void workbench_helpers(struct gen_findings *findings)
{
    const char *typeset = workbench_find(findings->session, "gen-typeset", 0);
    const char *speech = workbench_find(findings->session, "espeak-ng", 1);

    if (typeset != NULL) {
        gen_findings_add(findings, GEN_GRADE_OK, "gen-typeset", NULL, "%s", typeset);
    } else {
        gen_findings_add(findings, GEN_GRADE_FAIL, "gen-typeset", "build or install it again",
                         "is neither beside gen nor in ../libexec/genengine");
    }
    if (speech != NULL) {
        gen_findings_add(findings, GEN_GRADE_OK, "espeak-ng", NULL, "%s", speech);
    } else {
        gen_findings_add(findings, GEN_GRADE_WARN, "espeak-ng", "apt install espeak-ng",
                         "is not installed: voice lines of the local provider stay silent");
    }
}

static bool workbench_is_font(const char *name)
{
    static const char *const endings[] = {".ttf", ".otf", ".ttc", ".pfb", NULL};
    size_t size = strlen(name);

    for (const char *const *ending = endings; *ending != NULL; ending++) {
        if (size > 4 && strcasecmp(name + size - 4, *ending) == 0) {
            return true;
        }
    }
    return false;
}

/* By the names of the fonts that distributions have. */
static bool workbench_has_cjk(const char *name)
{
    static const char *const parts[] = {
        "CJK",   "wqy-",  "DroidSansFallback", "SourceHan",  "WenQuanYi", "ipa",
        "takao", "nanum", "NotoSansSC",        "NotoSansJP", NULL};

    for (const char *const *part = parts; *part != NULL; part++) {
        if (strcasestr(name, *part) != NULL) {
            return true;
        }
    }
    return false;
}

/* Counts font files below a folder. */
static void workbench_fonts(struct gen_arena *arena, const char *folder, int depth,
                            struct workbench_fonts *out)
{
    DIR *open = depth > 0 ? opendir(folder) : NULL;
    struct dirent *entry;

    while (open != NULL && out->files < WORKBENCH_FONTS_ENOUGH && (entry = readdir(open)) != NULL) {
        if (workbench_is_font(entry->d_name)) {
            out->files++;
            out->emoji += strcasestr(entry->d_name, "emoji") != NULL;
            out->cjk += workbench_has_cjk(entry->d_name);
        } else if (entry->d_name[0] != '.' && entry->d_type != DT_REG) {
            const char *below = gen_arena_printf(arena, "%s/%s", folder, entry->d_name);

            if (below != NULL) {
                workbench_fonts(arena, below, depth - 1, out);
            }
        }
    }
    if (open != NULL) {
        (void)closedir(open);
    }
}

static void workbench_letters(struct gen_findings *findings)
{
    struct gen_arena *arena = findings->session->arena;
    struct workbench_fonts fonts = {0};
    const char *home = getenv("HOME");

    workbench_fonts(arena, "/usr/share/fonts", WORKBENCH_DEPTH, &fonts);
    workbench_fonts(arena, "/usr/local/share/fonts", WORKBENCH_DEPTH, &fonts);
    if (home != NULL && home[0] == '/') {
        workbench_fonts(arena, gen_arena_printf(arena, "%s/.local/share/fonts", home),
                        WORKBENCH_DEPTH, &fonts);
        workbench_fonts(arena, gen_arena_printf(arena, "%s/.fonts", home), WORKBENCH_DEPTH, &fonts);
    }
    if (fonts.files == 0) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "fonts",
                         "apt install fonts-inter fonts-noto-core fonts-noto-cjk "
                         "fonts-noto-color-emoji",
                         "no font is installed: overlay text cannot be drawn");
    } else if (fonts.emoji == 0) {
        gen_findings_add(findings, GEN_GRADE_WARN, "fonts", "apt install fonts-noto-color-emoji",
                         "%zu font files, none with emoji", fonts.files);
    } else if (fonts.cjk == 0) {
        gen_findings_add(findings, GEN_GRADE_WARN, "fonts", "apt install fonts-noto-cjk",
                         "%zu font files, none with Chinese, Japanese and Korean", fonts.files);
    } else {
        gen_findings_add(findings, GEN_GRADE_OK, "fonts", NULL,
                         "%zu font files; emoji, Chinese, Japanese and Korean too", fonts.files);
    }
}

void gen_workbench_examine(struct gen_findings *findings)
{
    workbench_media(findings);
    workbench_helpers(findings);
    workbench_letters(findings);
}
