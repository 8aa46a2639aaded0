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

enum gen_call { /* what of a plugin is called */
    GEN_CALL_LOAD = 1,
    GEN_CALL_ENTRY,
    GEN_CALL_CONFIGURE,
    GEN_CALL_CAPABILITIES,
    GEN_CALL_EXTENSION,
    GEN_CALL_FORMAT,
    GEN_CALL_COST,
    GEN_CALL_SUBMIT,
    GEN_CALL_POLL,
    GEN_CALL_FETCH,
    GEN_CALL_RECOVER,
    GEN_CALL_CANCEL,
    GEN_CALL_HEALTH,
    GEN_CALLS
};

struct gen_mark { /* of one provider; in the mapped file */
    uint32_t inside; /* enum gen_call, 0 = outside */
    uint32_t calls;  /* in this life of the process */
};

/* Around every call. NULL: nobody keeps marks. */
static inline void gen_mark_enter(struct gen_mark *mark, enum gen_call call)
{
    if (mark != NULL) {
        __atomic_store_n(&mark->calls, mark->calls + 1, __ATOMIC_RELAXED);
        __atomic_store_n(&mark->inside, (uint32_t)call, __ATOMIC_RELEASE);
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
