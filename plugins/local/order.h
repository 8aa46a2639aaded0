/* order.h - the job file of gen-typeset: what it is to set and draw, as JSON.
 *
 * The one way in which users' texts leave the plugin.
 * Thread: any. Stands on gen/provider.h. Tests: tests/contract/local/render_test.sh
 */
#ifndef LOCAL_ORDER_H
#define LOCAL_ORDER_H

#include "plan.h"

/* JSON text of the job for one scene, or for the bed; NULL when memory is short. */
const char *order_scene(const struct local *local, const struct plan *plan, size_t scene,
                        size_t *size);
const char *order_bed(const struct local *local, const struct plan *plan, size_t *size);

#endif
