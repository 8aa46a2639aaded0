/* assets_api.h - the routes of assets: upload, list, show.
 *
 * An upload is the file itself as the body, its name in the query. It goes to disk as it comes, and
 * the engine looks at it before it becomes an asset.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/assets_api_test.c, tests/api/api_test.c
 */
#ifndef GEN_SERVICE_ASSETS_API_H
#define GEN_SERVICE_ASSETS_API_H

#include "service/call.h"

#define GEN_ASSETS_FILE_MOST INT64_C(500000000) /* bytes */
enum { GEN_ASSETS_NAME_MOST = 255 };

extern const struct gen_parameter gen_assets_upload_parameters[];
extern const struct gen_parameter gen_assets_list_parameters[];
extern const struct gen_parameter gen_assets_remove_parameters[];

/* Handlers of routes. */
gen_route_handler gen_assets_head;
gen_route_handler gen_assets_upload;
gen_route_handler gen_assets_list;
gen_route_handler gen_assets_show;
gen_route_handler gen_assets_remove; /* 409: a job uses it, or it was sent again */

/* Can a file have this name: no folder, no control characters, at most GEN_ASSETS_NAME_MOST bytes? */
bool gen_assets_name_valid(const char *name);

#endif
