/* sse_reader.c - see sse_reader.h. */
#include "cli/sse_reader.h"

#include <stdio.h>
#include <string.h>

void gen_sse_init(struct gen_sse_reader *reader, gen_sse_event *on_event, void *context)
{
    *reader = (struct gen_sse_reader){.on_event = on_event, .context = context};
    gen_bytes_init(&reader->line, GEN_SSE_EVENT_MOST);
    gen_bytes_init(&reader->data, GEN_SSE_EVENT_MOST);
}

void gen_sse_fini(struct gen_sse_reader *reader)
{
    gen_bytes_fini(&reader->line);
    gen_bytes_fini(&reader->data);
}

static void sse_forget(struct gen_sse_reader *reader)
{
    gen_bytes_clear(&reader->data);
    reader->type[0] = '\0';
    reader->any_data = false;
    reader->broken = false;
}

void gen_sse_restart(struct gen_sse_reader *reader)
{
    sse_forget(reader);
    gen_bytes_clear(&reader->line);
    memcpy(reader->next_id, reader->id, sizeof(reader->id));
    reader->after_cr = false;
    reader->started = false;
}

static void sse_dispatch(struct gen_sse_reader *reader)
{
    memcpy(reader->id, reader->next_id, sizeof(reader->id));
    if (reader->any_data && !reader->broken && gen_bytes_status(&reader->data) == GEN_OK) {
        reader->on_event(reader->context, reader->type[0] != '\0' ? reader->type : "message",
                         reader->data.data != NULL ? reader->data.data : "", reader->data.size);
    }
    sse_forget(reader);
}

/* One field; what is unknown or does not fit is ignored, as the standard says of the former. */
static void sse_field(struct gen_sse_reader *reader, const char *name, size_t size,
                      const char *value)
{
    if (size == 4 && memcmp(name, "data", 4) == 0) {
        if (reader->any_data) {
            (void)gen_bytes_text(&reader->data, "\n");
        }
        (void)gen_bytes_text(&reader->data, value);
        reader->any_data = true;
    } else if (size == 5 && memcmp(name, "event", 5) == 0 && strlen(value) < GEN_SSE_TYPE_SIZE) {
        (void)snprintf(reader->type, sizeof(reader->type), "%s", value);
    } else if (size == 2 && memcmp(name, "id", 2) == 0 && strlen(value) < GEN_SSE_ID_SIZE) {
        (void)snprintf(reader->next_id, sizeof(reader->next_id), "%s", value);
    }
}

static void sse_line(struct gen_sse_reader *reader)
{
    const char *line = reader->line.data != NULL ? reader->line.data : "";
    const char *value;
    size_t name;

    if (!reader->started && strncmp(line, "\xef\xbb\xbf", 3) == 0) {
        line += 3;
    }
    reader->started = true;
    name = strcspn(line, ":");
    if (gen_bytes_status(&reader->line) != GEN_OK) {
        reader->broken = true; /* too long: its event is not whole any more */
    } else if (line[0] == '\0') {
        sse_dispatch(reader);
    } else if (name > 0) {
        value = line[name] == ':' ? line + name + 1 : "";
        sse_field(reader, line, name, value[0] == ' ' ? value + 1 : value);
    }
    gen_bytes_clear(&reader->line);
}

void gen_sse_feed(struct gen_sse_reader *reader, const char *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t plain = 0;

        if (reader->after_cr && data[at] == '\n') {
            reader->after_cr = false;
            at++;
            continue;
        }
        reader->after_cr = false;
        while (at + plain < size && data[at + plain] != '\n' && data[at + plain] != '\r') {
            plain++;
        }
        (void)gen_bytes_append(&reader->line, data + at, plain);
        at += plain;
        if (at < size) {
            reader->after_cr = data[at] == '\r';
            at++;
            sse_line(reader);
        }
    }
}
