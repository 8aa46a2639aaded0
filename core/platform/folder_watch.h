/* folder_watch.h - tells when something in a folder has changed: its files, those of its folders, what
 * links in it lead to, or the folder as a whole (inotify).
 *
 * It says that, not what: whoever asks looks for himself. A burst of changes, such as an editor or a
 * deployment makes, is one call once it has been quiet for a moment. A folder that is replaced (moved
 * away, a link that now leads elsewhere) is watched again in its new form; so is what a link leads to,
 * and each link on the way there, as Kubernetes and releases swap them. It does not see into folders
 * two deep, nor what another machine does on a network file system.
 * Invariant: nothing is done while nothing changes.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/folder_watch_test.c
 */
#ifndef GEN_PLATFORM_FOLDER_WATCH_H
#define GEN_PLATFORM_FOLDER_WATCH_H

#include "platform/loop.h"

struct gen_folder_watch;

/* Calls `call` `quiet_ms` after the last of a burst of changes (and at the latest after ten times that).
 * The folder need not be there yet, the one that holds it must. GEN_ENOTFOUND, GEN_EDENIED,
 * GEN_ELIMIT (of the system's watches), GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_folder_watch_open(struct gen_loop *loop, const char *folder,
                                                     int64_t quiet_ms, gen_loop_call *call,
                                                     void *context, struct gen_folder_watch **out,
                                                     struct gen_error *err);
void gen_folder_watch_close(
    struct gen_folder_watch **watch); /* sets NULL; NULL inside is allowed */

#endif
