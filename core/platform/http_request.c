/* http_request.c - see http_request.h. */
#include "platform/http_request.h"

#include <string.h>
#include <strings.h>

enum { REQUEST_STALL_MS = 60 * 1000 };

static bool text_is_token(const char *text)
{
    static const char MARKS[] = "!#$%&'*+-.^_`|~";

    for (const char *at = text; *at != '\0'; at++) {
        bool alphanumeric = (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
                            (*at >= 'a' && *at <= 'z');

        if (!alphanumeric && strchr(MARKS, *at) == NULL) {
            return false;
        }
    }
    return *text != '\0';
}

static bool text_has_control(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if ((*at < 0x20 && *at != '\t') || *at == 0x7f) {
            return true;
        }
    }
    return false;
}

enum gen_status gen_http_request_check(const struct gen_http_request *request,
                                       struct gen_error *err)
{
    if (!text_is_token(request->method)) {
        return gen_error_set(err, GEN_EINVAL, "\"%s\" is no HTTP method", request->method);
    }
    for (size_t i = 0; i < request->header_count; i++) {
        const struct gen_http_header *header = &request->headers[i];

        if (!text_is_token(header->name)) {
            return gen_error_set(err, GEN_EINVAL, "\"%s\" is no name of a header", header->name);
        }
        if (text_has_control(header->value)) {
            return gen_error_set(err, GEN_EINVAL,
                                 "the value of header \"%s\" has a control character",
                                 header->name);
        }
        if (strcasecmp(header->name, "transfer-encoding") == 0) {
            return gen_error_set(err, GEN_EINVAL, "header \"%s\" is not the caller's to set",
                                 header->name);
        }
    }
    return GEN_OK;
}

enum gen_status gen_http_request_copy(const struct gen_http_request *from, struct gen_arena *arena,
                                      struct gen_http_request *to)
{
    struct gen_http_header *headers = gen_arena_array(arena, from->header_count, sizeof *headers);

    *to = *from;
    to->method = gen_arena_strdup(arena, from->method);
    to->url = gen_arena_strdup(arena, from->url);
    to->unix_socket = gen_arena_strdup(arena, from->unix_socket);
    to->sink_file = gen_arena_strdup(arena, from->sink_file);
    to->headers = headers;
    for (size_t i = 0; headers != NULL && i < from->header_count; i++) {
        headers[i].name = gen_arena_strdup(arena, from->headers[i].name);
        headers[i].value = gen_arena_strdup(arena, from->headers[i].value);
    }
    to->body_file = NULL;
    to->parts = NULL;
    to->body = NULL;
    to->follow = from->follow && !from->once &&
                 (strcmp(from->method, "GET") == 0 || strcmp(from->method, "HEAD") == 0);
    return gen_arena_failed(arena) ? GEN_ENOMEM : GEN_OK;
}

/* Headers that say nothing about who asks; all others stay on their origin. */
static const char *const HARMLESS[] = {
    "accept",   "accept-language", "if-modified-since", "if-none-match",
    "if-range", "range",           "user-agent",        NULL};

/* Ours to say: the length is counted, and why nothing is expected stands in http_call.c. */
static const char *const OURS[] = {"content-length", "expect", NULL};

static bool list_has(const char *const *list, const char *name)
{
    while (*list != NULL && strcasecmp(name, *list) != 0) {
        list++;
    }
    return *list != NULL;
}

bool gen_http_request_sends(const char *name)
{
    return !list_has(OURS, name);
}

bool gen_http_request_harmless(const char *name)
{
    return list_has(HARMLESS, name);
}

int64_t gen_http_request_stall_ms(const struct gen_http_request *request)
{
    return request->stall_timeout_ms != 0 ? request->stall_timeout_ms : (int64_t)REQUEST_STALL_MS;
}

int64_t gen_http_request_first_byte_ms(const struct gen_http_request *request)
{
    return request->first_byte_timeout_ms > 0 ? request->first_byte_timeout_ms
                                              : gen_http_request_stall_ms(request);
}
