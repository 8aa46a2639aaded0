/* http_answer.c - see http_answer.h. */
#include "platform/http_answer.h"

#include "platform/files.h"
#include "platform/files_call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void gen_http_answer_init(struct gen_http_answer *answer, struct gen_arena *arena,
                          const char *sink_file, size_t body_limit, gen_http_data_call *on_data,
                          void *context)
{
    memset(answer, 0, sizeof *answer);
    answer->arena = arena;
    answer->sink_file = sink_file;
    answer->body_limit = body_limit;
    answer->on_data = on_data;
    answer->context = context;
    answer->sink = -1;
    gen_bytes_init(&answer->body, body_limit > 0 ? body_limit : GEN_HTTP_MEMORY_MOST);
}

void gen_http_answer_fini(struct gen_http_answer *answer)
{
    (void)gen_http_answer_close(answer, false);
    gen_bytes_fini(&answer->body);
}

void gen_http_answer_restart(struct gen_http_answer *answer)
{
    (void)gen_http_answer_close(answer, false);
    gen_bytes_clear(&answer->body);
    answer->status = 0;
    answer->in_fields = false;
    answer->headers_ended = false;
    answer->cut = false;
    answer->header_count = 0;
    answer->passed = 0;
    answer->resumed = false;
}

static bool answer_is_good(const struct gen_http_answer *answer)
{
    return answer->status >= 200 && answer->status < 300;
}

static bool answer_no_memory(struct gen_http_answer *answer)
{
    gen_error_set(&answer->error, GEN_ENOMEM, "out of memory while reading the response");
    return false;
}

/* ------------------------------------------------------------------------------ header lines -- */

/* "HTTP/1.1 200 OK", whose code curl has checked; anything else keeps status 0 and is refused. */
static bool answer_status_line(struct gen_http_answer *answer, const char *line, size_t size)
{
    const char *space = memchr(line, ' ', size);
    size_t at = space == NULL ? size : (size_t)(space - line);
    int status = 0;
    size_t digits = 0;

    while (at < size && line[at] == ' ') {
        at++;
    }
    while (digits < 3 && at < size && line[at] >= '0' && line[at] <= '9') {
        status = status * 10 + (line[at] - '0');
        digits++;
        at++;
    }
    gen_http_answer_restart(answer);
    if (digits != 3 || status < 100 || (at < size && line[at] >= '0' && line[at] <= '9')) {
        gen_error_set(&answer->error, GEN_EINVAL, "the status line of the response is malformed");
        return false;
    }
    answer->status = status;
    answer->in_fields = true;
    return true;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void text_trim(const char **text, size_t *size)
{
    while (*size > 0 && is_blank((*text)[0])) {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && is_blank((*text)[*size - 1])) {
        (*size)--;
    }
}

/* An old folded line continues the value of the field before it (RFC 9112, section 5.2). */
static bool answer_fold(struct gen_http_answer *answer, const char *text, size_t size)
{
    struct gen_http_header *last;

    text_trim(&text, &size);
    if (answer->header_count == 0 || size == 0) {
        return true;
    }
    last = &answer->headers[answer->header_count - 1];
    last->value = gen_arena_printf(answer->arena, "%s %.*s", last->value, (int)size, text);
    return last->value != NULL || answer_no_memory(answer);
}

static bool answer_field(struct gen_http_answer *answer, const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    const char *value;
    size_t name_size, value_size;
    char *name;

    if (colon == NULL || colon == line) {
        return true; /* not a field; curl lets such lines pass, they mean nothing */
    }
    if (answer->headers == NULL) {
        answer->headers = gen_arena_array(answer->arena, GEN_HTTP_HEADERS_MOST,
                                          sizeof *answer->headers);
        if (answer->headers == NULL) {
            return answer_no_memory(answer);
        }
    }
    if (answer->header_count == GEN_HTTP_HEADERS_MOST) {
        gen_error_set(&answer->error, GEN_ELIMIT, "the response has more than %d header fields",
                      GEN_HTTP_HEADERS_MOST);
        return false;
    }
    name_size = (size_t)(colon - line);
    value = colon + 1;
    value_size = size - name_size - 1;
    text_trim(&line, &name_size);
    text_trim(&value, &value_size);
    name = gen_arena_strndup(answer->arena, line, name_size);
    value = gen_arena_strndup(answer->arena, value, value_size);
    if (name == NULL || value == NULL) {
        return answer_no_memory(answer);
    }
    for (char *at = name; *at != '\0'; at++) {
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    }
    answer->headers[answer->header_count].name = name;
    answer->headers[answer->header_count].value = value;
    answer->header_count++;
    return true;
}

/* "bytes 500-999/1000": the first number, -1 when it is none. */
static int64_t answer_range_from(const struct gen_http_answer *answer)
{
    const char *range = gen_http_answer_header(answer, "content-range");
    char *end = NULL;
    long long from;

    if (range == NULL || strncmp(range, "bytes ", 6) != 0 || range[6] < '0' || range[6] > '9') {
        return -1;
    }
    errno = 0;
    from = strtoll(range + 6, &end, 10);
    return errno == 0 && *end == '-' ? from : -1;
}

/* The rest of a file that has its first part. A server that sends the whole again, or does not know
 * ranges, begins it anew. */
static bool answer_reopen_sink(struct gen_http_answer *answer)
{
    answer->resumed = answer->status == 206;
    if (answer->resumed && answer_range_from(answer) != answer->sink_from) {
        gen_error_set(&answer->error, GEN_EINVAL,
                      "the server sends another part of the file than was asked for");
        return false;
    }
    answer->sink = gen_files_call_open(answer->sink_file,
                                       O_WRONLY | (answer->resumed ? O_APPEND : O_TRUNC), 0600);
    return true;
}

static bool answer_open_sink(struct gen_http_answer *answer)
{
    if (answer->sink_file == NULL || !answer_is_good(answer)) {
        return true;
    }
    if (answer->sink_from == 0) {
        answer->sink = gen_files_call_open(answer->sink_file, O_WRONLY | O_CREAT | O_EXCL, 0600);
    } else if (!answer_reopen_sink(answer)) {
        return false;
    }
    if (answer->sink < 0) {
        gen_files_errno(&answer->error, errno, "cannot create", answer->sink_file);
        return false;
    }
    answer->sink_open = true;
    return true;
}

bool gen_http_answer_line(struct gen_http_answer *answer, const char *line, size_t size)
{
    answer->header_bytes += size;
    if (answer->header_bytes > GEN_HTTP_HEADER_BYTES_MOST) {
        gen_error_set(&answer->error, GEN_ELIMIT, "the response headers are larger than %d bytes",
                      GEN_HTTP_HEADER_BYTES_MOST);
        return false;
    }
    if (answer->headers_ended) {
        return true; /* trailers */
    }
    if (!answer->in_fields) {
        return answer_status_line(answer, line, size);
    }
    if (size == 0 || line[0] == '\r' || line[0] == '\n') {
        answer->in_fields = false;
        if (answer->status < 200) {
            return true; /* an interim response ends; the real one follows */
        }
        answer->headers_ended = true;
        return answer_open_sink(answer);
    }
    if (line[0] == ' ' || line[0] == '\t') {
        return answer_fold(answer, line, size);
    }
    return answer_field(answer, line, size);
}

/* -------------------------------------------------------------------------------------- body -- */

static bool answer_collect(struct gen_http_answer *answer, const char *data, size_t size)
{
    size_t room = answer->body.maximum - answer->body.size;
    size_t taken = size < room ? size : room;

    if (gen_bytes_append(&answer->body, data, taken) != GEN_OK) {
        return answer_no_memory(answer);
    }
    answer->cut = taken < size;
    return !answer->cut;
}

bool gen_http_answer_body(struct gen_http_answer *answer, const char *data, size_t size)
{
    size_t before = answer->passed + (answer->resumed ? (size_t)answer->sink_from : 0);
    size_t room = answer->body_limit == 0       ? SIZE_MAX
                  : before < answer->body_limit ? answer->body_limit - before
                                                : 0;
    size_t taken = size < room ? size : room;

    if (!answer_is_good(answer) || (!answer->sink_open && answer->on_data == NULL)) {
        return answer_collect(answer, data, size);
    }
    if (answer->sink_open) {
        if (gen_files_call_write(answer->sink, data, taken) != 0) {
            gen_files_errno(&answer->error, errno, "cannot write", answer->sink_file);
            return false;
        }
    } else if (taken > 0) {
        answer->on_data(answer->context, data, taken);
    }
    answer->passed += taken;
    answer->cut = taken < size;
    return !answer->cut;
}

bool gen_http_answer_close(struct gen_http_answer *answer, bool keep)
{
    bool closed = true;

    if (!answer->sink_open) {
        return true;
    }
    answer->sink_open = false;
    if (close(answer->sink) != 0 && errno != EINTR) { /* a full disk may show only here */
        gen_files_errno(&answer->error, errno, "cannot write", answer->sink_file);
        closed = false;
    }
    answer->sink = -1;
    if (!closed || (!keep && !(answer->sink_keeps && (answer->passed > 0 || answer->resumed)))) {
        (void)unlink(answer->sink_file);
    }
    return closed;
}

const char *gen_http_answer_header(const struct gen_http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, name) == 0) {
            return answer->headers[i].value;
        }
    }
    return NULL;
}
