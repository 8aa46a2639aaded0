/* http_form.c - see http_form.h. */
#include "platform/http_form.h"

#include "platform/files.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void gen_http_form_init(struct gen_http_form *form, bool once)
{
    *form = (struct gen_http_form){.fd = -1, .once = once};
}

void gen_http_form_fini(struct gen_http_form *form)
{
    curl_mime_free(form->mime);
    if (form->fd >= 0) {
        (void)close(form->fd);
    }
    gen_http_form_init(form, form->once);
}

static size_t form_read_file(char *out, size_t one, size_t size, void *context)
{
    struct gen_http_form *form = context;
    ssize_t got;

    do {
        got = read(form->fd, out, one * size);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? CURL_READFUNC_ABORT : (size_t)got;
}

/* curl rewinds to send a body again; a `once` body never goes twice. */
static int form_seek_file(void *context, curl_off_t offset, int origin)
{
    struct gen_http_form *form = context;

    if (form->once || lseek(form->fd, (off_t)offset, origin) < 0) {
        return CURL_SEEKFUNC_FAIL;
    }
    return CURL_SEEKFUNC_OK;
}

static enum gen_status form_add_part(struct gen_http_form *form, const struct gen_http_part *part,
                                     struct gen_error *err)
{
    curl_mimepart *mime = curl_mime_addpart(form->mime);
    CURLcode code = mime == NULL ? CURLE_OUT_OF_MEMORY : curl_mime_name(mime, part->name);

    if (code == CURLE_OK && part->file != NULL) {
        code = access(part->file, R_OK) == 0 ? curl_mime_filedata(mime, part->file)
                                             : CURLE_READ_ERROR;
        if (code == CURLE_READ_ERROR) {
            return gen_files_errno(err, errno, "cannot read", part->file);
        }
    } else if (code == CURLE_OK) {
        code = curl_mime_data(mime, part->text == NULL ? "" : part->text, CURL_ZERO_TERMINATED);
    }
    if (code == CURLE_OK) {
        code = curl_mime_filename(mime, part->file_name); /* NULL takes curl's own away */
    }
    if (code == CURLE_OK && part->content_type != NULL) {
        code = curl_mime_type(mime, part->content_type);
    }
    return code == CURLE_OK ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory for a form");
}

static enum gen_status form_set_parts(struct gen_http_form *form, CURL *easy,
                                      const struct gen_http_request *from, struct gen_error *err)
{
    form->mime = curl_mime_init(easy);
    if (form->mime == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for a form");
    }
    for (size_t i = 0; i < from->part_count; i++) {
        enum gen_status status = form_add_part(form, &from->parts[i], err);

        if (status != GEN_OK) {
            return status;
        }
    }
    if (curl_easy_setopt(easy, CURLOPT_MIMEPOST, form->mime) != CURLE_OK) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for a form");
    }
    return GEN_OK;
}

static enum gen_status form_set_file(struct gen_http_form *form, CURL *easy, const char *path,
                                     struct gen_error *err)
{
    struct stat facts;

    form->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (form->fd < 0 || fstat(form->fd, &facts) != 0) {
        return gen_files_errno(err, errno, "cannot read", path);
    }
    if (!S_ISREG(facts.st_mode)) {
        return gen_error_set(err, GEN_EINVAL, "cannot send %s: it is not a regular file", path);
    }
    (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)facts.st_size);
    (void)curl_easy_setopt(easy, CURLOPT_READFUNCTION, form_read_file);
    (void)curl_easy_setopt(easy, CURLOPT_READDATA, form);
    (void)curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, form_seek_file);
    (void)curl_easy_setopt(easy, CURLOPT_SEEKDATA, form);
    return GEN_OK;
}

enum gen_status gen_http_form_set(struct gen_http_form *form, void *easy,
                                  const struct gen_http_request *from, const char *method,
                                  struct gen_error *err)
{
    bool has_body = from->body != NULL || strcmp(method, "POST") == 0 ||
                    strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
    bool good = true;

    if (strcmp(method, "HEAD") == 0) {
        good = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
    } else if (from->part_count > 0) {
        enum gen_status status = form_set_parts(form, easy, from, err);

        if (status != GEN_OK) {
            return status;
        }
    } else if (from->body_file != NULL) {
        enum gen_status status = form_set_file(form, easy, from->body_file, err);

        if (status != GEN_OK) {
            return status;
        }
    } else if (has_body) {
        size_t size = from->body == NULL ? 0 : from->body_size;

        good = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, size > 0 ? from->body : "") ==
                   CURLE_OK;
    }
    if (good && strcmp(method, "HEAD") != 0) { /* after the options above, which set their own */
        good = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK;
    }
    return good ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory for a request");
}
