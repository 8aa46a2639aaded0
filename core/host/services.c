/* services.c - see services.h. The functions stand in the order of the table. */
#include "host/services.h"

#include "base/alloc.h"
#include "base/json.h"
#include "host/builder.h"
#include "platform/crypto.h"
#include "platform/json_reader.h"

#include <stdio.h>
#include <string.h>

enum { SERVICES_LINE = 1024 }; /* bytes of one log line of a plugin */

static void services_log(const struct gen_host *host, int32_t level, const char *format, ...)
{
    const struct gen_services *services = (const struct gen_services *)host;
    char line[SERVICES_LINE];
    enum gen_level ours = GEN_LEVEL_INFO; /* for levels of a later contract */
    va_list values;

    if (level == GEN_LOG_DEBUG || level == GEN_LOG_WARN || level == GEN_LOG_ERROR) {
        ours = level == GEN_LOG_DEBUG  ? GEN_LEVEL_DEBUG
               : level == GEN_LOG_WARN ? GEN_LEVEL_WARN
                                       : GEN_LEVEL_ERROR;
    }
    va_start(values, format);
    if (vsnprintf(line, sizeof(line), format, values) < 0) {
        line[0] = '\0';
    }
    va_end(values);
    gen_log_line(services->log, ours, "plugin", line, "plugin", services->plugin, NULL);
}

static int32_t services_has_program(const struct gen_host *host, const char *name)
{
    const struct gen_service_program *program =
        gen_services_program((const struct gen_services *)host, name);

    return program != NULL && program->path != NULL ? 1 : 0;
}

/* Running out of memory outside the arena must not look like an answer ("this is not JSON"): the
 * arena fails too, which the caller of the verb sees. */
static void services_fail(struct gen_arena *arena)
{
    GEN_CHECK(gen_arena_array(arena, SIZE_MAX, SIZE_MAX) == NULL);
}

static const struct gen_node *services_json_parse(struct gen_arena *arena, const char *text,
                                                  size_t size)
{
    const struct gen_node *node = NULL;
    enum gen_status status = GEN_EINVAL;

    if (text != NULL) {
        status = gen_json_read(text, size, NULL, arena, &node, NULL);
    }
    if (status == GEN_ENOMEM) {
        services_fail(arena);
    }
    return status == GEN_OK ? node : NULL;
}

static int32_t services_json_type(const struct gen_node *node)
{
    static const int32_t types[] = {
        [GEN_NODE_NONE] = GEN_JSON_ABSENT,   [GEN_NODE_NULL] = GEN_JSON_NULL,
        [GEN_NODE_BOOL] = GEN_JSON_BOOL,     [GEN_NODE_INT] = GEN_JSON_NUMBER,
        [GEN_NODE_REAL] = GEN_JSON_NUMBER,   [GEN_NODE_MONEY] = GEN_JSON_NUMBER,
        [GEN_NODE_STRING] = GEN_JSON_STRING, [GEN_NODE_LIST] = GEN_JSON_LIST,
        [GEN_NODE_MAP] = GEN_JSON_MAP,
    };

    return types[gen_node_type_of(node)];
}

static const struct gen_node *services_json_get(const struct gen_node *map, const char *key)
{
    return key != NULL ? gen_node_get(map, key) : NULL;
}

static const char *services_json_key(const struct gen_node *node)
{
    return node != NULL && node->key != NULL ? node->key : "";
}

/* Of a map, too: a plugin has no other way to see which keys are there. */
static const struct gen_node *services_json_at(const struct gen_node *parent, size_t index)
{
    const struct gen_node *child = gen_node_first(parent);

    while (child != NULL && index > 0) {
        child = child->next;
        index--;
    }
    return child;
}

static int32_t services_json_truth(const struct gen_node *node, int32_t fallback)
{
    return gen_node_type_of(node) == GEN_NODE_BOOL ? gen_node_truth(node, false) : fallback;
}

static int64_t services_json_dollars(const struct gen_node *node, int64_t fallback)
{
    gen_micros amount;

    return gen_node_dollars(node, &amount, NULL) == GEN_OK ? amount : fallback;
}

static struct gen_node *services_json_map(struct gen_arena *arena)
{
    return gen_builder_adopt(arena, gen_node_map(arena));
}

static struct gen_node *services_json_list(struct gen_arena *arena)
{
    return gen_builder_adopt(arena, gen_node_list(arena));
}

static struct gen_node *services_json_new_text(struct gen_arena *arena, const char *text)
{
    return gen_builder_adopt(arena, gen_node_string(arena, text));
}

static struct gen_node *services_json_new_integer(struct gen_arena *arena, int64_t value)
{
    return gen_builder_adopt(arena, gen_node_int(arena, value));
}

static struct gen_node *services_json_new_number(struct gen_arena *arena, double value)
{
    return gen_builder_adopt(arena, gen_node_real(arena, value));
}

static struct gen_node *services_json_new_truth(struct gen_arena *arena, int32_t value)
{
    return gen_builder_adopt(arena, gen_node_bool(arena, value != 0));
}

static struct gen_node *services_json_new_null(struct gen_arena *arena)
{
    return gen_builder_adopt(arena, gen_node_null(arena));
}

static struct gen_node *services_json_copy(struct gen_arena *arena, const struct gen_node *node)
{
    return gen_builder_adopt(arena, gen_node_copy(arena, node));
}

static const char *services_json_write(struct gen_arena *arena, const struct gen_node *node,
                                       size_t *size)
{
    const char *text = gen_json_text(arena, node, size);

    if (text == NULL && node != NULL) {
        services_fail(arena);
    }
    return text;
}

static const char *services_base64_encode(struct gen_arena *arena, const void *data, size_t size)
{
    char *text = NULL;
    char *copy;

    if (data == NULL && size > 0) {
        return NULL;
    }
    if (gen_base64_encode(data != NULL ? data : "", size, &text) != GEN_OK) {
        services_fail(arena);
        return NULL;
    }
    copy = gen_arena_strdup(arena, text);
    gen_free(text);
    return copy;
}

static const void *services_base64_decode(struct gen_arena *arena, const char *text, size_t *size)
{
    void *data = NULL;
    char *copy = NULL;
    size_t count = 0;
    enum gen_status status = GEN_EINVAL;

    if (text != NULL) {
        status = gen_base64_decode(text, strlen(text), &data, &count);
    }
    if (status != GEN_OK) {
        if (status == GEN_ENOMEM) {
            services_fail(arena);
        }
        return NULL;
    }
    copy = gen_arena_strndup(arena, data != NULL ? data : "", count);
    gen_free(data);
    if (copy != NULL && size != NULL) {
        *size = count;
    }
    return copy;
}

static const char *services_url_encode(struct gen_arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    char *out;
    char *end;

    if (text == NULL) {
        return NULL;
    }
    out = gen_arena_array(arena, strlen(text) + 1, 3);
    if (out == NULL) {
        return NULL;
    }
    end = out;
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (strchr(plain, *text) != NULL) {
            *end++ = *text;
        } else {
            *end++ = '%';
            *end++ = digits[byte >> 4];
            *end++ = digits[byte & 15];
        }
    }
    *end = '\0';
    return out;
}

static const char *services_hash(struct gen_arena *arena, const void *data, size_t size)
{
    char text[GEN_DIGEST_TEXT_SIZE];

    if (data == NULL && size > 0) {
        return NULL;
    }
    gen_digest_of(data != NULL ? data : "", size, text);
    return gen_arena_strdup(arena, text);
}

static const struct gen_host services_table = {
    .size = sizeof(struct gen_host),
    .major = GEN_PROVIDER_ABI_MAJOR,
    .minor = GEN_PROVIDER_ABI_MINOR,
    .alloc = gen_arena_alloc,
    .print = gen_arena_printf,
    .log = services_log,
    .has_program = services_has_program,
    .json_parse = services_json_parse,
    .json_type = services_json_type,
    .json_get = services_json_get,
    .json_at = services_json_at,
    .json_count = gen_node_count,
    .json_key = services_json_key,
    .json_text = gen_node_text,
    .json_integer = gen_node_integer,
    .json_number = gen_node_number,
    .json_truth = services_json_truth,
    .json_dollars = services_json_dollars,
    .json_map = services_json_map,
    .json_list = services_json_list,
    .json_new_text = services_json_new_text,
    .json_new_integer = services_json_new_integer,
    .json_new_number = services_json_new_number,
    .json_new_truth = services_json_new_truth,
    .json_new_null = services_json_new_null,
    .json_set = gen_builder_set,
    .json_push = gen_builder_push,
    .json_copy = services_json_copy,
    .json_write = services_json_write,
    .base64_encode = services_base64_encode,
    .base64_decode = services_base64_decode,
    .url_encode = services_url_encode,
    .hash = services_hash,
};

void gen_services_init(struct gen_services *services, const char *plugin, const char *version,
                       const struct gen_log *log)
{
    memset(services, 0, sizeof(*services));
    services->host = services_table;
    services->host.version = version != NULL ? version : "";
    services->log = log;
    services->plugin = plugin;
}

const struct gen_service_program *gen_services_program(const struct gen_services *services,
                                                       const char *name)
{
    for (size_t i = 0; name != NULL && i < services->program_count; i++) {
        if (strcmp(services->programs[i].name, name) == 0) {
            return &services->programs[i];
        }
    }
    return NULL;
}
