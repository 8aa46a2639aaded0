/* quarantine.h - which plugin's code the process was in when it died.
 *
 * A plugin can pass its trial and crash or hang afterwards, in our process. So every call into a plugin is
 * marked in a small file that is mapped into memory, which outlives the process however it ends, and the
 * next start reads it: a plugin in whose code we crashed, or in which we used up seconds of the processor,
 * is not loaded again; one in whose code we were killed is not the second time in a row, since a kill may
 * hit an innocent. It is free when its file is another, or when the file of marks is removed.
 * It does not keep a plugin from writing where it likes: that is what a process of its own would be for.
 *
 * Invariant: outside of a plugin's code no mark is set. Marks of another boot of the machine blame nobody.
 * Thread: [loop]; the signals that end a process are caught once opened. One in a process.
 * Floor: host. Tests: tests/contract/quarantine_test.c
 */
#ifndef GEN_HOST_QUARANTINE_H
#define GEN_HOST_QUARANTINE_H

#include "base/error.h"
#include "platform/log.h"

enum gen_mark_of { /* what of a plugin is called */
                   GEN_MARK_LOAD = 1,
                   GEN_MARK_ENTRY,
                   GEN_MARK_CONFIGURE,
                   GEN_MARK_CAPABILITIES,
                   GEN_MARK_EXTENSION,
                   GEN_MARK_FORMAT,
                   GEN_MARK_COST,
                   GEN_MARK_SUBMIT,
                   GEN_MARK_POLL,
                   GEN_MARK_FETCH,
                   GEN_MARK_RECOVER,
                   GEN_MARK_CANCEL,
                   GEN_MARK_HEALTH,
                   GEN_MARKS
};

struct gen_mark {    /* of one provider; in the mapped file */
    uint32_t inside; /* enum gen_mark_of, 0 = outside */
    uint32_t calls;  /* in this life of the process */
};

/* Around every call. NULL: nobody keeps marks. */
static inline void gen_mark_enter(struct gen_mark *mark, enum gen_mark_of what)
{
    if (mark != NULL) {
        __atomic_store_n(&mark->calls, mark->calls + 1, __ATOMIC_RELAXED);
        __atomic_store_n(&mark->inside, (uint32_t)what, __ATOMIC_RELEASE);
    }
}

static inline void gen_mark_leave(struct gen_mark *mark)
{
    if (mark != NULL) {
        __atomic_store_n(&mark->inside, 0, __ATOMIC_RELEASE);
    }
}

struct gen_quarantine;

/* Opens the file of marks (made where there is none) and judges by those that the last process left. A file
 * that is no such file is begun anew. GEN_EIO, GEN_EDENIED, GEN_ENOSPACE, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_quarantine_open(const char *path, const struct gen_log *log,
                                                   struct gen_quarantine **out,
                                                   struct gen_error *err);
void gen_quarantine_close(struct gen_quarantine *quarantine); /* NULL is allowed */

/* The mark for a provider of this file; `id` "" for the file itself, else that of a policy file which uses
 * the plugin. GEN_ECORRUPT: it is in quarantine, and why and how it comes out. GEN_ELIMIT: too many
 * providers. GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO: the file. `quarantine` NULL: no mark. */
GEN_MUST_CHECK enum gen_status gen_quarantine_admit(struct gen_quarantine *quarantine,
                                                    const char *path, const char *id,
                                                    struct gen_mark **out, struct gen_error *err);

#endif
