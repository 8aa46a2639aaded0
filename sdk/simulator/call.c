/* call.c - see call.h and dialect.h: reading a request, building an answer. */
#include "simulator/call.h"

#include "platform/json_reader.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { CALL_PARTS_MAX = 64 };

const char *sim_pair_find(const struct sim_pair *list, const char *name, bool fold)
{
    for (; list != NULL; list = list->next) {
        if ((fold ? strcasecmp(list->name, name) : strcmp(list->name, name)) == 0) {
            return list->value;
        }
    }
    return NULL;
}

void sim_pair_add(struct gen_arena *arena, struct sim_pair **list, const char *name,
                  const char *value)
{
    struct sim_pair *pair = gen_arena_alloc(arena, sizeof(*pair));

    if (pair == NULL) {
        return;
    }
    pair->name = gen_arena_strdup(arena, name);
    pair->value = gen_arena_strdup(arena, value == NULL ? "" : value);
    while (*list != NULL) {
        list = &(*list)->next;
    }
    *list = pair->name == NULL || pair->value == NULL ? NULL : pair;
}

/* ------------------------------------------------------------------------------------- reading */

const char *sim_call_header(const struct sim_call *call, const char *name)
{
    return sim_pair_find(call->inner->headers, name, true);
}

const char *sim_call_query(const struct sim_call *call, const char *name)
{
    return sim_pair_find(call->inner->query, name, false);
}

const char *sim_call_query_unknown(const struct sim_call *call, const char *const *known)
{
    for (const struct sim_pair *pair = call->inner->query; pair != NULL; pair = pair->next) {
        size_t i = 0;

        while (known[i] != NULL && strcmp(known[i], pair->name) != 0) {
            i++;
        }
        if (known[i] == NULL) {
            return pair->name;
        }
    }
    return NULL;
}

const char *sim_call_bearer(const struct sim_call *call)
{
    const char *value = sim_call_header(call, "Authorization");

    if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0) {
        return NULL;
    }
    value += 7;
    return value + strspn(value, " ");
}

bool sim_call_type_is(const struct sim_call *call, const char *type)
{
    const char *value = sim_call_header(call, "Content-Type");
    size_t size = value == NULL ? 0 : strcspn(value, "; \t");

    return size == strlen(type) && size > 0 && strncasecmp(value, type, size) == 0;
}

const struct gen_node *sim_call_json(struct sim_call *call, const char **why)
{
    struct sim_inner *inner = call->inner;

    if (!inner->json_read) {
        struct gen_error err = {0};

        inner->json_read = true;
        if (call->body_size == 0) {
            inner->json_why = "the body is empty";
        } else if (gen_json_read(call->body, call->body_size, NULL, call->arena, &inner->json,
                                 &err) != GEN_OK) {
            char text[GEN_ERROR_MESSAGE_SIZE + GEN_ERROR_PATH_SIZE];

            inner->json = NULL;
            inner->json_why = gen_arena_strdup(call->arena,
                                               gen_error_text(&err, text, sizeof(text)));
        }
    }
    if (why != NULL) {
        *why = inner->json_why;
    }
    return inner->json;
}

/* ----------------------------------------------------------------------------- multipart bodies */

/* The value of `name="..."` in a header line. */
static const char *call_parameter(struct gen_arena *arena, const char *line, const char *name)
{
    char *wanted = gen_arena_printf(arena, "%s=\"", name);
    const char *found = wanted == NULL ? NULL : line;

    while (found != NULL && (found = strstr(found, wanted)) != NULL) {
        if (found > line && (found[-1] == ' ' || found[-1] == ';')) {
            found += strlen(wanted);
            return gen_arena_strndup(arena, found, strcspn(found, "\""));
        }
        found++;
    }
    return NULL;
}

/* Reads the header lines of a part, which end before `size`. */
static bool call_part_head(struct gen_arena *arena, const char *head, size_t size,
                           struct sim_part *part)
{
    char *text = gen_arena_strndup(arena, head, size);
    char *rest = NULL;

    for (char *line = text == NULL ? NULL : strtok_r(text, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        if (strncasecmp(line, "Content-Disposition:", 20) == 0) {
            part->name = call_parameter(arena, line, "name");
            part->filename = call_parameter(arena, line, "filename");
        } else if (strncasecmp(line, "Content-Type:", 13) == 0) {
            part->type = line + 13 + strspn(line + 13, " ");
        }
    }
    return part->name != NULL;
}

static const char *call_boundary(struct sim_call *call)
{
    const char *value = sim_call_header(call, "Content-Type");
    const char *found = value == NULL ? NULL : strstr(value, "boundary=");

    if (found == NULL || !sim_call_type_is(call, "multipart/form-data")) {
        return NULL;
    }
    found += 9;
    if (*found == '"') {
        found++;
        return gen_arena_printf(call->arena, "--%.*s", (int)strcspn(found, "\""), found);
    }
    return gen_arena_printf(call->arena, "--%.*s", (int)strcspn(found, "; \t"), found);
}

const struct sim_part *sim_call_parts(struct sim_call *call, size_t *count)
{
    const char *boundary = call_boundary(call);
    struct sim_part *parts = gen_arena_array(call->arena, CALL_PARTS_MAX, sizeof(*parts));
    const char *at = call->body;
    const char *end = call->body + call->body_size;
    char *between = boundary == NULL ? NULL : gen_arena_printf(call->arena, "\r\n%s", boundary);
    size_t size = boundary == NULL ? 0 : strlen(boundary);

    *count = 0;
    if (between == NULL || parts == NULL || call->body_size < size ||
        memcmp(at, boundary, size) != 0) {
        return NULL;
    }
    at += size;
    while (*count < CALL_PARTS_MAX && end - at >= 2 && memcmp(at, "\r\n", 2) == 0) {
        struct sim_part *part = &parts[*count];
        const char *head = at + 2;
        const char *data = memmem(head, (size_t)(end - head), "\r\n\r\n", 4);
        const char *stop = data == NULL
                               ? NULL
                               : memmem(data + 2, (size_t)(end - data - 2), between, size + 2);

        if (stop == NULL || !call_part_head(call->arena, head, (size_t)(data - head), part)) {
            break;
        }
        part->data = data + 4 <= stop ? data + 4 : stop;
        part->size = (size_t)(stop - part->data);
        (*count)++;
        at = stop + 2 + size;
    }
    if (end - at < 2 || memcmp(at, "--", 2) != 0) { /* not closed: cut on the way */
        *count = 0;
        return NULL;
    }
    return parts;
}

/* ---------------------------------------------------------------------------------- the answer */

static void call_answer(struct sim_call *call, int status, const char *type, const char *text,
                        size_t size)
{
    struct sim_inner *inner = call->inner;

    inner->status = status;
    inner->type = type;
    inner->text = text;
    inner->text_size = size;
    inner->file = NULL;
}

void sim_answer_json(struct sim_call *call, int status, const struct gen_node *node)
{
    struct gen_bytes bytes;
    char *copy = NULL;

    gen_bytes_init(&bytes, 512u * 1024 * 1024);
    if (gen_json_write(node, GEN_JSON_COMPACT, &bytes) == GEN_OK) {
        copy = gen_arena_strndup(call->arena, bytes.data, bytes.size);
    }
    if (copy == NULL) {
        call_answer(call, 500, "text/plain", "gen-sim: out of memory", 22);
    } else {
        call_answer(call, status, "application/json", copy, bytes.size);
    }
    gen_bytes_fini(&bytes);
}

void sim_answer_text(struct sim_call *call, int status, const char *type, const char *text)
{
    const char *copy = gen_arena_strdup(call->arena, text);

    call_answer(call, status, gen_arena_strdup(call->arena, type), copy,
                copy == NULL ? 0 : strlen(copy));
}

void sim_answer_empty(struct sim_call *call, int status)
{
    call_answer(call, status, NULL, "", 0);
}

void sim_answer_header(struct sim_call *call, const char *name, const char *value)
{
    sim_pair_add(call->arena, &call->inner->answer_headers, name, value);
}

/* "bytes=a-b", "bytes=a-", "bytes=-n". 1 = a range, 0 = none that we read, -1 = not satisfiable. */
static int call_range(const char *text, int64_t size, int64_t *from, int64_t *to)
{
    long long first = -1, last = -1;
    int used = 0;

    /* NOLINTBEGIN(cert-err34-c): what does not fit a number is no range of any file */
    if (sscanf(text, "bytes=-%lld%n", &last, &used) == 1 && text[used] == '\0' && last >= 0) {
        *from = last > size ? 0 : size - last;
        *to = size;
        return last == 0 ? -1 : 1;
    }
    if (sscanf(text, "bytes=%lld-%n", &first, &used) != 1 || used == 0 || first < 0) {
        return 0;
    }
    if (text[used] != '\0' && (sscanf(text + used, "%lld%n", &last, &used) != 1 || last < first)) {
        return 0;
    }
    /* NOLINTEND(cert-err34-c) */
    if (first >= size) {
        return -1;
    }
    *from = first;
    *to = last < 0 || last >= size ? size : last + 1;
    return 1;
}

void sim_answer_file(struct sim_call *call, const char *path, const char *type)
{
    struct sim_inner *inner = call->inner;
    const char *range = sim_call_header(call, "Range");
    const char *if_range = sim_call_header(call, "If-Range");
    struct stat facts;
    char *tag;

    if (stat(path, &facts) != 0) {
        call->dialect->refuse(call, 404, NULL, NULL);
        return;
    }
    tag = gen_arena_printf(call->arena, "\"%llx-%llx\"", (unsigned long long)facts.st_mtim.tv_nsec,
                           (unsigned long long)facts.st_size);
    call_answer(call, 200, type, NULL, 0);
    inner->file = gen_arena_strdup(call->arena, path);
    inner->file_size = facts.st_size;
    inner->file_from = 0;
    inner->file_to = facts.st_size;
    sim_answer_header(call, "ETag", tag);
    sim_answer_header(call, "Accept-Ranges", "bytes");
    if (range == NULL || (if_range != NULL && tag != NULL && strcmp(if_range, tag) != 0)) {
        return;
    }
    switch (call_range(range, facts.st_size, &inner->file_from, &inner->file_to)) {
    case 1:
        inner->status = 206;
        sim_answer_header(
            call, "Content-Range",
            gen_arena_printf(call->arena, "bytes %lld-%lld/%lld", (long long)inner->file_from,
                             (long long)inner->file_to - 1, (long long)facts.st_size));
        break;
    case -1:
        sim_answer_empty(call, 416);
        sim_answer_header(call, "Content-Range",
                          gen_arena_printf(call->arena, "bytes */%lld", (long long)facts.st_size));
        break;
    default:
        break;
    }
}

struct gen_node *sim_node_texts(struct gen_arena *arena, const char *const *pairs)
{
    struct gen_node *map = gen_node_map(arena);

    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        gen_node_set(arena, map, pairs[i], gen_node_string(arena, pairs[i + 1]));
    }
    return map;
}
