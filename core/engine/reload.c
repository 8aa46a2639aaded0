/* reload.c - see reload.h. */
#include "engine/reload.h"

#include "base/alloc.h"

#define RELOAD_PAUSE_MS 30000

struct gen_reload {
    struct gen_reload *next;
    struct gen_reloads *reloads;
    struct gen_timer *timer;
    struct gen_ident job;
    bool cancel;
};

static void reload_forget(struct gen_reload *reload)
{
    struct gen_reload **at = &reload->reloads->first;

    while (*at != reload) {
        at = &(*at)->next;
    }
    *at = reload->next;
    gen_timer_cancel(&reload->timer);
    gen_free(reload);
}

static void reload_wait(struct gen_reload *reload);

static void reload_now(void *context)
{
    struct gen_reload *reload = context;
    struct gen_reloads *reloads = reload->reloads;
    enum gen_status status;

    reload->timer = NULL;
    status = reloads->read(reloads->context, reload->job.text, reload->cancel);
    if (status == GEN_ENOMEM || status == GEN_EIO || status == GEN_ENOSPACE) {
        reload_wait(reload);
    } else {
        reload_forget(reload);
    }
}

static void reload_wait(struct gen_reload *reload)
{
    reload->timer = gen_timer_start(reload->reloads->loop, RELOAD_PAUSE_MS, reload_now, reload);
    if (reload->timer == NULL) {
        reload_forget(reload);
    }
}

void gen_reload_add(struct gen_reloads *reloads, const struct gen_ident *job, bool cancel)
{
    struct gen_reload *reload = gen_alloc(sizeof(*reload));

    if (reload != NULL) {
        *reload = (struct gen_reload){
            .next = reloads->first, .reloads = reloads, .job = *job, .cancel = cancel};
        reloads->first = reload;
        reload_wait(reload);
    }
}

void gen_reload_clear(struct gen_reloads *reloads)
{
    while (reloads->first != NULL) {
        reload_forget(reloads->first);
    }
}
