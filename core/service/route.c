/* route.c - see route.h. */
#include "service/route.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Does the path fit the pattern? `value` gets what stands for {name}; a value that is too long for
 * any id of ours fits nothing. */
static bool route_fits(const char *pattern, const char *path, char *value)
{
    value[0] = '\0';
    while (*pattern != '\0') {
        size_t size;

        if (*pattern != '{') {
            if (*pattern++ != *path++) {
                return false;
            }
            continue;
        }
        size = strcspn(path, "/");
        if (size == 0 || size >= GEN_ROUTE_VALUE_SIZE) {
            return false;
        }
        memcpy(value, path, size);
        value[size] = '\0';
        path += size;
        pattern = strchr(pattern, '}') + 1;
    }
    return *path == '\0';
}

static void route_allow(struct gen_route_match *match, const char *method)
{
    size_t used = strlen(match->allow);

    (void)snprintf(match->allow + used, sizeof match->allow - used, "%s%s%s", used > 0 ? ", " : "",
                   method, strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

void gen_route_find(const struct gen_route *table, const char *method, const char *path,
                    struct gen_route_match *out)
{
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    char value[GEN_ROUTE_VALUE_SIZE];

    memset(out, 0, sizeof *out);
    for (const struct gen_route *route = table; route->method != NULL; route++) {
        if (!route_fits(route->path, path, value)) {
            continue;
        }
        route_allow(out, route->method);
        if (strcmp(route->method, wanted) == 0) {
            out->route = route;
            memcpy(out->value, value, sizeof value);
        }
    }
}

bool gen_route_takes(const struct gen_route *route, const char *type)
{
    size_t size;

    if (route->types == NULL) {
        return true;
    }
    if (type == NULL) {
        return false;
    }
    size = strcspn(type, "; \t");
    for (const char *const *known = route->types; *known != NULL; known++) {
        if (strlen(*known) == size && strncasecmp(*known, type, size) == 0) {
            return true;
        }
    }
    return false;
}
