/* exchange.c - see exchange.h. */
#include "exchange.h"

#include "body.h"
#include "path.h"
#include "template.h"

enum { EXCHANGE_HEADERS = 14, EXCHANGE_VALUE = 4000 };

const struct kit_choice exchange_methods[] = {
    {"GET", REST_GET}, {"POST", REST_POST}, {"PUT", REST_PUT}, {"DELETE", REST_DELETE}, {NULL, 0}};
const struct kit_choice exchange_files[] = {{"picture", 1}, {NULL, 0}};

static const char *const method_words[] = {"", "GET", "POST", "PUT", "DELETE"};

struct rest_exchange exchange_usual(const char *at, int32_t method)
{
    struct rest_exchange usual = {.at = at, .method = method, .signs = 1};

    return usual;
}

/* -------------------------------------------------------------------------------- checking -- */

static void check_headers(struct template_place *place, const struct gen_node *headers,
                          const char *at)
{
    const struct gen_host *host = place->reading->kit.host;
    size_t count = host->json_count(headers), i;

    if (headers == NULL) {
        return;
    }
    if (host->json_type(headers) != GEN_JSON_MAP || count > EXCHANGE_HEADERS) {
        reading_wrong(place->reading, at, "a map of at most 14 headers is wanted here");
        return;
    }
    for (i = 0; i < count; i++) {
        const struct gen_node *item = host->json_at(headers, i);
        const char *where = reading_under(place->reading, at, host->json_key(item));

        if (!kit_fits_header(host->json_key(item), "")) {
            reading_wrong(place->reading, where,
                          "no proper header, or one that only the engine sets (credentials stand "
                          "under `credential`)");
        }
        template_check(place, item, where);
    }
}

static const struct kit_choice part_keys[] = {{"name", 1},     {"value", 2},       {"file", 3},
                                              {"fileName", 4}, {"contentType", 5}, {NULL, 0}};

static void check_part(struct template_place *place, const struct gen_node *part, const char *at)
{
    const struct gen_host *host = place->reading->kit.host;
    const char *file = host->json_text(host->json_get(part, "file"), "");
    size_t count = host->json_count(part), i;

    for (i = 0; i < count; i++) {
        const char *key = host->json_key(host->json_at(part, i));
        const struct kit_choice *row = part_keys;

        while (row->word != NULL && !kit_same(row->word, key)) {
            row++;
        }
        if (row->word == NULL) {
            reading_wrong(place->reading, reading_under(place->reading, at, key),
                          "one of name, value, file, fileName, contentType is wanted here");
        }
    }
    if (host->json_text(host->json_get(part, "name"), "")[0] == '\0' ||
        (host->json_get(part, "value") != NULL) == (file[0] != '\0') ||
        (file[0] != '\0' && !kit_same(file, "picture"))) {
        reading_wrong(place->reading, at,
                      "a part of a form has a name, and a value or `file: picture`");
    }
    template_check(place, part, at);
    place->sends |= file[0] != '\0' ? NAMES_SENDS_PICTURE : 0;
}

static void check_form(struct template_place *place, const struct gen_node *form, const char *at)
{
    const struct gen_host *host = place->reading->kit.host;
    size_t count = host->json_count(form), i;

    if (form != NULL &&
        (host->json_type(form) != GEN_JSON_LIST || count == 0 || count > BODY_PARTS)) {
        reading_wrong(place->reading, at, "a list of 1 to 16 parts is wanted here");
    }
    for (i = 0; i < count; i++) {
        check_part(place, host->json_at(form, i), reading_index(place->reading, at, i));
    }
}

static void check_body(struct template_place *place, const struct rest_exchange *exchange)
{
    int bodies = (exchange->body != NULL) + (exchange->form != NULL) + (exchange->file != 0);

    if (bodies > 1) {
        reading_wrong(place->reading, exchange->at, "it has more than one of body, form, file");
    }
    if (bodies > 0 && exchange->method == REST_GET) {
        reading_wrong(place->reading, reading_under(place->reading, exchange->at, "method"),
                      "a GET request has no body");
    }
    template_check(place, exchange->body, reading_under(place->reading, exchange->at, "body"));
    place->pictures = 0;
    check_form(place, exchange->form, reading_under(place->reading, exchange->at, "form"));
    place->sends |= exchange->file != 0 ? NAMES_SENDS_PICTURE : 0;
}

/* The part of a URL that its author wrote must be one already. */
static void check_url(struct template_place *place, const char *url, const char *at)
{
    int one_name = kit_begins(url, "${") && strchr(url, '}') == url + strlen(url) - 1;
    const char *open;

    template_check_text(place, url, at);
    if (url[0] != '/' && !one_name && !kit_begins(url, "${storage}") &&
        !kit_begins(url, "${base}") && !kit_begins(url, "https://") &&
        !kit_begins(url, "http://")) {
        reading_wrong(place->reading, at,
                      "a URL begins with / (below baseUrl), ${storage}, https:// or http://, or is "
                      "one ${name}");
    }
    if ((kit_begins(url, "https://") || kit_begins(url, "http://")) && !place->anywhere &&
        strchr(kit_or(kit_authority(&place->reading->kit, url), "$"), '$') == NULL &&
        !exchange_own(&place->reading->kit, place->rest, url)) {
        reading_wrong(place->reading, at,
                      "it leads to a host that is not declared: name it under `hosts` (it gets the "
                      "credential, over https), or go through baseUrl or storageUrl");
    }
    for (open = url; *open != '\0'; open++) {
        if (kit_begins(open, "${")) {
            open += strcspn(open, "}");
        } else if (*open <= ' ' || *open >= 0x7F || strchr("\"<>\\^`{|}", *open) != NULL) {
            reading_wrong(place->reading, at, "it holds a character that a URL has not");
        }
        if (*open == '\0') {
            return;
        }
    }
}

/* Uploads may go wherever the vendor wants them, without the credential there. */
static int exchange_uploads(const struct rest *rest, const struct rest_exchange *exchange)
{
    size_t i = 0;

    while (i < rest->upload_count && exchange != &rest->uploads[i].exchange) {
        i++;
    }
    return i < rest->upload_count;
}

void exchange_check(struct reading *reading, const struct rest *rest,
                    const struct rest_exchange *exchange, uint32_t scopes, size_t uploads,
                    uint32_t *sends)
{
    struct template_place place = {.reading = reading,
                                   .rest = rest,
                                   .scopes = scopes,
                                   .uploads = uploads,
                                   .pictures = exchange == &rest->submit.exchange,
                                   .anywhere = exchange_uploads(rest, exchange)};
    const char *at;
    size_t i;

    if (exchange->urls == NULL) {
        return; /* this power is not described */
    }
    at = reading_under(reading, exchange->at, "url");
    if (exchange->unique_header != NULL && !kit_fits_header(exchange->unique_header, "")) {
        reading_wrong(reading, reading_under(reading, exchange->at, "uniqueHeader"),
                      "no proper header, or one that only the engine sets");
    }
    check_headers(&place, exchange->headers, reading_under(reading, exchange->at, "headers"));
    check_body(&place, exchange);
    place.every = 1;
    for (i = 0; exchange->urls[i] != NULL; i++) {
        check_url(&place, exchange->urls[i],
                  exchange->urls[1] != NULL ? reading_index(reading, at, i) : at);
    }
    *sends |= place.sends;
}

/* --------------------------------------------------------------------------------- building -- */

static int on_this_machine(const char *authority)
{
    return kit_begins(authority, "127.") || kit_same(authority, "localhost") ||
           kit_begins(authority, "localhost:") || kit_begins(authority, "[::1]");
}

int exchange_own(const struct kit *kit, const struct rest *rest, const char *url)
{
    const char *authority = kit_or(kit_authority(kit, url), "");
    size_t length = strlen(authority), i;

    if (!kit_begins(url, "https://") && !on_this_machine(authority) && rest->credential != NULL) {
        return 0;
    }
    for (i = 0; rest->hosts[i] != NULL; i++) {
        const char *own = rest->hosts[i];
        size_t size = strlen(own);

        if (kit_same(own, authority) ||
            (own[0] == '.' && length > size && kit_same(authority + length - size, own))) {
            return 1;
        }
    }
    return 0;
}

static const char *choose_url(const struct names_from *from, const struct rest_exchange *exchange,
                              int32_t reach)
{
    size_t i;

    for (i = 0; exchange->urls != NULL && exchange->urls[i] != NULL; i++) {
        const char *url = template_url(from, exchange->urls[i]);

        if (url != NULL &&
            (reach == EXCHANGE_ANYWHERE || exchange_own(from->kit, from->rest, url))) {
            return url;
        }
    }
    return NULL;
}

/* A header's value is one short line. */
static const char *one_line(const struct kit *kit, const char *text)
{
    char *line = kit->host->print(kit->arena, "%.*s", EXCHANGE_VALUE, text);
    size_t i;

    for (i = 0; line != NULL && line[i] != '\0'; i++) {
        if ((unsigned char)line[i] < ' ' || (unsigned char)line[i] >= 0x7F) {
            line[i] = ' ';
        }
    }
    return line;
}

static void add_headers(const struct names_from *from, const struct rest_exchange *exchange,
                        struct gen_provider_request *request)
{
    const struct gen_host *host = from->kit->host;
    size_t count = host->json_count(exchange->headers), i;

    for (i = 0; i < count; i++) {
        const struct gen_node *item = host->json_at(exchange->headers, i);
        const char *value = reading_scalar(from->kit, template_fill(from, item));

        value = value != NULL ? one_line(from->kit, value) : NULL;
        if (value != NULL) {
            kit_add_header(from->kit, request, host->json_key(item), value);
        }
    }
}

struct gen_provider_request *exchange_request(const struct names_from *from,
                                              const struct rest_exchange *exchange, int32_t reach)
{
    const char *url = choose_url(from, exchange, reach);
    int signs = url != NULL && exchange->signs && from->rest->credential != NULL &&
                exchange_own(from->kit, from->rest, url);
    struct gen_provider_request *request = url != NULL
                                               ? kit_request(from->kit,
                                                             method_words[exchange->method], url,
                                                             signs ? REST_CREDENTIAL : "")
                                               : NULL;

    if (request == NULL) {
        return NULL;
    }
    request->timeout_ms = (int64_t)(exchange->timeout_s * 1000);
    request->unique_header = exchange->unique_header;
    body_add(from, exchange, request);
    add_headers(from, exchange, request);
    return request;
}

struct gen_provider_request *exchange_link(const struct names_from *from, const char *url,
                                           int32_t signs)
{
    int own = signs && from->rest->credential != NULL && exchange_own(from->kit, from->rest, url);

    return kit_request(from->kit, "GET", url, own ? REST_CREDENTIAL : "");
}

/* 1 to 4000 bytes without control characters. */
static int fits_value(const char *text)
{
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F || i >= EXCHANGE_VALUE) {
            return 0;
        }
    }
    return i > 0;
}

int exchange_take(const struct names_from *from, const struct rest_taken *taken,
                  const struct gen_node *answer, struct gen_node *map)
{
    const struct gen_host *host = from->kit->host;
    struct names_from inner = *from;
    size_t i;

    inner.item = answer;
    for (i = 0; i < taken->count; i++) {
        const struct gen_node *value =
            strstr(taken->values[i], "${") != NULL
                ? host->json_new_text(from->kit->arena, template_text(&inner, taken->values[i]))
                : path_find(from->kit, answer, taken->values[i]);
        const char *text = reading_scalar(from->kit, value);

        if (text != NULL && fits_value(text)) {
            kit_set_text(from->kit, map, taken->names[i], text);
        } else if (i == 0) {
            return 0;
        }
    }
    return 1;
}
