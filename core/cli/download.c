/* download.c - see download.h. */
#include "cli/download.h"

#include "base/json.h"
#include "base/utf8.h"
#include "cli/printable.h"
#include "platform/files.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DOWNLOAD_NAME_MOST = 80,
    DOWNLOAD_OUTPUTS_MOST = 256,
    DOWNLOAD_PATIENCE_MS = 60000,
    DOWNLOAD_TRIES = 3,
    DOWNLOAD_TAIL = 6, /* characters of the job's id in a folder's name */
    DOWNLOAD_JOB_MOST = 64 * 1024 * 1024,
};

/* What an output has, and where: part of the route, key of the document, how the file is named. */
struct download_part {
    const char *kind, *route, *key, *ending, *size_key;
};

static const struct download_part download_parts[] = {
    {"video", "content", "url", "", "size"},
    {"thumbnail", "thumbnail", "thumbnailUrl", "-thumbnail.jpg", NULL},
    {"sheet", "sheet", "sheetUrl", "-sheet.jpg", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

struct download_run {
    struct gen_session *session;
    struct gen_download *out;
};

/* May this character stand in the name of a file on any system, and be seen? */
static bool download_plain(const char *one, size_t size, uint32_t codepoint)
{
    struct gen_bytes clean;
    bool same;

    if (size <= 1) {
        return codepoint > ' ' && codepoint < 0x7f &&
               strchr("/\\:*?\"<>|'`$&;!", (int)codepoint) == NULL;
    }
    /* What a terminal must not get, a folder should not hold. */
    gen_bytes_init(&clean, 16);
    gen_printable_add(&clean, one);
    same = clean.size == size && memcmp(clean.data, one, size) == 0 && codepoint != 0xa0 &&
           codepoint != 0xfffd;
    gen_bytes_fini(&clean);
    return same;
}

const char *gen_download_name(struct gen_arena *arena, const char *text)
{
    size_t size = text != NULL ? strlen(text) : 0, used = 0;
    char *out = gen_arena_alloc(arena, size + 1);

    if (out == NULL) {
        return NULL;
    }
    for (size_t at = 0; at < size;) {
        uint32_t codepoint = 0;
        size_t taken = gen_utf8_next(text + at, size - at, &codepoint);
        char one[8] = "";

        memcpy(one, text + at, taken);
        if (taken > 0 && download_plain(one, taken, codepoint) &&
            !(used == 0 && (one[0] == '.' || one[0] == '-'))) {
            memcpy(out + used, one, taken);
            used += taken;
        } else if (used > 0 && out[used - 1] != '-') {
            out[used++] = '-';
        }
        at += taken > 0 ? taken : 1;
    }
    used = gen_utf8_cut(out, used, DOWNLOAD_NAME_MOST);
    while (used > 0 && out[used - 1] == '-') {
        used--;
    }
    out[used] = '\0';
    return used > 0 ? out : "file";
}

const char *gen_download_folder(struct gen_session *session, const struct gen_node *job)
{
    const char *project = gen_node_text(gen_node_get(job, "projectId"), NULL);
    const char *title = gen_node_text(gen_node_get(gen_node_get(job, "metadata"), "title"),
                                      "video");
    const char *id = gen_node_text(gen_node_get(job, "jobId"), "");
    size_t size = strlen(id);
    char *name = gen_arena_strdup(
        session->arena, gen_download_name(session->arena, project != NULL ? project : title));

    for (char *c = name; c != NULL && *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
    }
    return name == NULL ? NULL
                        : gen_arena_printf(session->arena, "./%s-%s", name,
                                           size > DOWNLOAD_TAIL ? id + size - DOWNLOAD_TAIL : id);
}

static void download_note(struct download_run *run, const char *path, const char *kind,
                          const char *variation, int64_t size)
{
    run->out->files[run->out->count++] = (struct gen_download_file){path, kind, variation, size};
}

/* Size of the file that came, or -1. */
static int64_t download_size(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 ? (int64_t)facts.st_size : -1;
}

/* From the temporary name to the final one, readable like other files of the user. */
static enum gen_status download_place(const char *from, const char *to, struct gen_error *err)
{
    mode_t mask = umask(022);

    (void)umask(mask);
    if (chmod(from, 0666 & ~mask) != 0 || rename(from, to) != 0) {
        return gen_files_errno(err, errno, "cannot put in place", to);
    }
    return GEN_OK;
}

/* One file; `wanted` is its size, -1 = not said. */
static enum gen_status download_file(struct download_run *run, const char *route, const char *name,
                                     int64_t wanted, int64_t *size, const char **path,
                                     struct gen_error *err)
{
    struct gen_session *session = run->session;
    char token[32];
    const char *part;
    struct gen_client_request request = {.path = route, .patience_ms = DOWNLOAD_PATIENCE_MS};
    enum gen_status status = GEN_OK;

    gen_crypto_token(session->random, 6, token, sizeof(token));
    part = gen_arena_printf(session->arena, "%s/.%s.%s", run->out->folder, name, token);
    *path = gen_arena_printf(session->arena, "%s/%s", run->out->folder, name);
    if (part == NULL || *path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a download");
    }
    request.sink_file = part;
    for (int attempt = 1; attempt <= DOWNLOAD_TRIES; attempt++) {
        status = gen_client_send(session->client, &request, session->arena, NULL, err);
        *size = status == GEN_OK ? download_size(part) : -1;
        if (status == GEN_OK && wanted >= 0 && *size != wanted) {
            status = gen_error_set(err, GEN_EIO, "%s: %" PRId64 " bytes came instead of %" PRId64,
                                   name, *size, wanted);
        }
        if (status == GEN_OK) {
            status = download_place(part, *path, err);
        }
        if (status != GEN_EIO) {
            break;
        }
        (void)unlink(part);
    }
    if (status != GEN_OK) {
        (void)unlink(part);
    }
    return status;
}

/* A name that no output before this one has. */
static const char *download_base(struct download_run *run, const struct gen_node *output,
                                 size_t index, const struct gen_node *outputs)
{
    const char *name = gen_node_text(gen_node_get(output, "variation"), "video");
    const struct gen_node *before = gen_node_first(outputs);
    size_t same = 0;

    for (size_t i = 0; i < index && before != NULL; i++, before = before->next) {
        same += strcmp(gen_node_text(gen_node_get(before, "variation"), "video"), name) == 0;
    }
    name = gen_download_name(run->session->arena, name);
    return same == 0 || name == NULL
               ? name
               : gen_arena_printf(run->session->arena, "%s-%zu", name, same + 1);
}

static enum gen_status download_output(struct download_run *run, const struct gen_node *output,
                                       const char *base, struct gen_error *err)
{
    struct gen_arena *arena = run->session->arena;
    const char *id = gen_node_text(gen_node_get(output, "outputId"), "");
    const char *format = gen_download_name(arena,
                                           gen_node_text(gen_node_get(output, "format"), "mp4"));
    enum gen_status status = GEN_OK;

    if (!gen_ident_valid(GEN_IDENT_OUTPUT, id)) {
        return gen_error_set(err, GEN_EIO, "gend names an output without an id");
    }
    for (const struct download_part *part = download_parts; status == GEN_OK && part->kind != NULL;
         part++) {
        const char *route = gen_arena_printf(arena, "/v1/outputs/%s/%s", id, part->route);
        const char *name = part->ending[0] != '\0'
                               ? gen_arena_printf(arena, "%s%s", base, part->ending)
                               : gen_arena_printf(arena, "%s.%s", base, format);
        int64_t size = 0, wanted = part->size_key != NULL
                                       ? gen_node_integer(gen_node_get(output, part->size_key), -1)
                                       : -1;
        const char *path = NULL;

        if (gen_node_text(gen_node_get(output, part->key), NULL) == NULL) {
            continue;
        }
        if (route == NULL || name == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "no memory for a download");
        }
        status = download_file(run, route, name, wanted, &size, &path, err);
        if (status == GEN_OK) {
            download_note(run, path, part->kind,
                          gen_node_text(gen_node_get(output, "variation"), ""), size);
        }
    }
    return status;
}

static enum gen_status download_document(struct download_run *run, const struct gen_node *job,
                                         struct gen_error *err)
{
    const char *path = gen_arena_printf(run->session->arena, "%s/job.json", run->out->folder);
    struct gen_bytes text;
    enum gen_status status;
    mode_t mask = umask(022);

    (void)umask(mask);
    gen_bytes_init(&text, DOWNLOAD_JOB_MOST);
    (void)gen_json_write(job, GEN_JSON_PRETTY, &text);
    status = path == NULL ? GEN_ENOMEM : gen_bytes_status(&text);
    if (status != GEN_OK) {
        status = gen_error_set(err, status, "no memory to write job.json");
    } else {
        status = gen_files_write(path, text.data, text.size, 0666 & ~mask, err);
    }
    if (status == GEN_OK) {
        download_note(run, path, "job", "", (int64_t)text.size);
    }
    gen_bytes_fini(&text);
    return status;
}

enum gen_status gen_download_job(struct gen_session *session, const struct gen_node *job,
                                 const char *folder, struct gen_download *out,
                                 struct gen_error *err)
{
    const struct gen_node *outputs = gen_node_get(gen_node_get(job, "results"), "outputs");
    struct download_run run = {session, out};
    size_t count = gen_node_count(outputs), index = 0;
    enum gen_status status;

    *out = (struct gen_download){.folder = folder};
    if (count > DOWNLOAD_OUTPUTS_MOST) {
        return gen_error_set(err, GEN_ELIMIT, "the job has more than %d outputs",
                             (int)DOWNLOAD_OUTPUTS_MOST);
    }
    out->files = gen_arena_array(session->arena, count * GEN_COUNT(download_parts) + 1,
                                 sizeof(*out->files));
    if (out->files == NULL || folder == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for downloads");
    }
    status = gen_files_make_folder(folder, 0777, err);
    for (const struct gen_node *output = gen_node_first(outputs);
         status == GEN_OK && output != NULL; output = output->next) {
        const char *base = download_base(&run, output, index++, outputs);

        status = base == NULL ? gen_error_set(err, GEN_ENOMEM, "no memory for downloads")
                              : download_output(&run, output, base, err);
    }
    return status == GEN_OK ? download_document(&run, job, err) : status;
}
