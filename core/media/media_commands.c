/* media_commands.c - see media_commands.h. Files are opened here, by the parent; what is in them is
 * read in a ward. */
#include "media/media_commands.h"

#include "base/json.h"
#include "media/media_doctor.h"
#include "media/probe.h"
#include "media/sheet.h"
#include "media/ward.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OUT_FILE_MB = 256 };

struct task { /* what a ward's work is given */
    const struct gen_media_options *options;
    struct gen_media_source source;
    int out; /* -1 = none */
    enum gen_status (*make)(const struct task *task, struct gen_container *c,
                            struct gen_sheet_result *result, struct gen_error *err);
};

static struct gen_container_limits container_limits(const struct gen_media_options *options)
{
    return (struct gen_container_limits){
        .max_pixels = options->max_pixels,
        .max_streams = options->max_streams,
        .max_duration = options->max_duration,
    };
}

static enum gen_status files_error(struct gen_error *err, const char *path)
{
    enum gen_status status = errno == ENOENT || errno == ENOTDIR                   ? GEN_ENOTFOUND
                             : errno == EACCES || errno == EPERM || errno == EROFS ? GEN_EDENIED
                             : errno == ENOSPC || errno == EDQUOT                  ? GEN_ENOSPACE
                                                                                   : GEN_EIO;

    return gen_error_set(err, status, "%s: %s", path, strerror(errno));
}

static enum gen_status open_source(const char *path, struct gen_media_source *out,
                                   struct gen_error *err)
{
    /* not blocking: a named pipe must be refused, not waited for */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    enum gen_status status;

    if (fd < 0) {
        return files_error(err, path);
    }
    status = gen_media_source_file(fd, out, err);
    if (status != GEN_OK) {
        close(fd);
    }
    return status;
}

static enum gen_status work_probe(void *context, struct gen_bytes *out, struct gen_error *err)
{
    const struct task *task = context;
    struct gen_container_limits limits = container_limits(task->options);
    struct gen_arena *arena = gen_arena_create(GEN_WARD_ANSWER_MAX);
    struct gen_node *node = NULL;
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_probe_read(&task->source, &limits, (enum gen_probe_decode)task->options->decode,
                            arena, &node, err);
    if (status == GEN_OK) {
        status = gen_json_write(node, GEN_JSON_COMPACT, out);
    }
    gen_arena_destroy(arena);
    return status;
}

static enum gen_status make_thumbnail(const struct task *task, struct gen_container *c,
                                      struct gen_sheet_result *result, struct gen_error *err)
{
    return gen_sheet_thumbnail(c, task->options->at, task->options->at_share,
                               (int)task->options->longest, task->out, result, err);
}

static enum gen_status make_sheet(const struct task *task, struct gen_container *c,
                                  struct gen_sheet_result *result, struct gen_error *err)
{
    struct gen_sheet_plan plan = {(int)task->options->columns, (int)task->options->rows,
                                  (int)task->options->width};

    return gen_sheet_write(c, &plan, task->out, result, err);
}

static enum gen_status work_picture(void *context, struct gen_bytes *out, struct gen_error *err)
{
    const struct task *task = context;
    struct gen_container_limits limits = container_limits(task->options);
    const struct gen_sniff_format *format;
    struct gen_sheet_result result;
    struct gen_container *c = NULL;
    enum gen_status status = gen_probe_recognize(&task->source, &limits, &format, err);

    if (status == GEN_OK && format->demuxer == NULL && format->decoder == NULL) {
        status = gen_error_set(err, GEN_EINVAL, "%s: there is no picture in it", format->name);
    }
    if (status == GEN_OK) {
        status = gen_container_open(&task->source, format, &limits, &c, err);
    }
    if (status == GEN_OK) {
        status = task->make(task, c, &result, err);
    }
    if (status == GEN_OK) {
        gen_bytes_printf(out, "{\"width\":%d,\"height\":%d", result.width, result.height);
        if (result.columns > 1 || result.rows > 1) {
            gen_bytes_printf(out, ",\"columns\":%d,\"rows\":%d", result.columns, result.rows);
        } else {
            gen_bytes_printf(out, ",\"at\":%.6g", result.at);
        }
        gen_bytes_text(out, "}");
    }
    gen_container_close(&c);
    return status;
}

static enum gen_status run_ward(struct task *task, gen_ward_work *work, struct gen_bytes *out,
                                struct gen_error *err)
{
    const int keep[] = {task->source.fd, task->out};
    const struct gen_ward ward = {
        .memory_mb = task->options->memory_mb,
        .cpu_seconds = task->options->cpu_seconds,
        .file_mb = OUT_FILE_MB,
        .keep = keep,
        .keep_count = GEN_COUNT(keep),
        .unconfined_ok = task->options->unconfined_ok,
        .work = work,
        .context = task,
    };

    return gen_ward_run(&ward, out, err);
}

enum gen_status gen_media_command_probe(const struct gen_media_options *options,
                                        struct gen_arena *arena, struct gen_bytes *out,
                                        struct gen_error *err)
{
    struct task task = {.options = options, .out = -1};
    enum gen_status status = open_source(options->operands[0], &task.source, err);

    (void)arena;
    if (status == GEN_OK) {
        status = run_ward(&task, work_probe, out, err);
        close(task.source.fd);
    }
    return status;
}

/* The result gets its name only when it is whole. */
static enum gen_status write_picture(struct task *task, struct gen_arena *arena,
                                     struct gen_bytes *out, struct gen_error *err)
{
    const char *to = task->options->out;
    char *part = gen_arena_printf(arena, "%s.part-%d", to, (int)getpid());
    enum gen_status status;

    if (part == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    task->out = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (task->out < 0) {
        return files_error(err, part);
    }
    status = run_ward(task, work_picture, out, err);
    close(task->out);
    if (status == GEN_OK && rename(part, to) != 0) {
        status = files_error(err, to);
    }
    if (status != GEN_OK) {
        unlink(part);
    }
    return status;
}

static enum gen_status picture(const struct gen_media_options *options, struct gen_arena *arena,
                               struct gen_bytes *out, struct gen_error *err, bool sheet)
{
    struct task task = {.options = options, .make = sheet ? make_sheet : make_thumbnail};
    enum gen_status status = open_source(options->operands[0], &task.source, err);

    if (status == GEN_OK) {
        status = write_picture(&task, arena, out, err);
        close(task.source.fd);
    }
    return status;
}

enum gen_status gen_media_command_thumbnail(const struct gen_media_options *options,
                                            struct gen_arena *arena, struct gen_bytes *out,
                                            struct gen_error *err)
{
    return picture(options, arena, out, err, false);
}

enum gen_status gen_media_command_sheet(const struct gen_media_options *options,
                                        struct gen_arena *arena, struct gen_bytes *out,
                                        struct gen_error *err)
{
    return picture(options, arena, out, err, true);
}

enum gen_status gen_media_command_doctor(const struct gen_media_options *options,
                                         struct gen_arena *arena, struct gen_bytes *out,
                                         struct gen_error *err)
{
    struct gen_node *report = gen_media_doctor_report(arena);

    (void)options;
    return report != NULL ? gen_json_write(report, GEN_JSON_COMPACT, out)
                          : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

enum gen_status gen_media_command_version(const struct gen_media_options *options,
                                          struct gen_arena *arena, struct gen_bytes *out,
                                          struct gen_error *err)
{
    (void)options, (void)arena, (void)err;
    return gen_bytes_text(out, "{\"name\":\"gen-media\",\"version\":\"" GEN_VERSION "\"}");
}
