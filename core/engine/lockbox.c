/* lockbox.c - see lockbox.h. */
#include "engine/lockbox.h"

#include "base/alloc.h"
#include "base/json.h"
#include "engine/holdings.h"
#include "model/principal.h"

#include <stdio.h>
#include <string.h>

struct errand { /* the change on its way to the disk */
    bool under_way, rekeys;
    gen_moment since;       /* a secret that counts for attempts from then on; 0 = none */
    gen_lockbox_done *done; /* NULL: nobody waits */
    void *context;
    char organization[GEN_PRINCIPAL_TEXT_MOST + 1], team[GEN_PRINCIPAL_TEXT_MOST + 1];
    char name[GEN_SECRET_NAME_MOST + 1];
};

struct gen_lockbox {
    struct gen_lockbox_options options;
    struct gen_master_ring *ring;
    struct gen_holdings held;
    struct errand errand;
    struct gen_lockbox_listener listener;
};

/* ----------------------------------------------------------------------------- for the keyring -- */

/* Does an attempt that began then belong to a secret that is still on its way to the disk? Its first request
 * must not be signed with one secret and its second with another. */
static bool lockbox_awaits(const struct errand *errand, const struct gen_keyring_owner *owner,
                           const char *name)
{
    return errand->under_way && errand->since != 0 && owner->at >= errand->since &&
           strcmp(errand->name, name) == 0 &&
           strcmp(errand->organization, owner->organization) == 0 &&
           (errand->team[0] == '\0' ||
            (owner->team != NULL && strcmp(errand->team, owner->team) == 0));
}

static enum gen_status lockbox_locate(void *context, const struct gen_keyring_owner *owner,
                                      const char *name, char *label, struct gen_error *err)
{
    const struct gen_lockbox *lockbox = context;
    const struct gen_holdings *held = &lockbox->held;
    const struct gen_secret_row *row = NULL;

    if (lockbox_awaits(&lockbox->errand, owner, name)) {
        return gen_error_set(err, GEN_EBUSY, "the secret \"%s\" is just being set", name);
    }
    if (owner->organization[0] == '\0') {
        row = gen_holdings_any(held, name);
    } else {
        if (owner->team != NULL && owner->team[0] != '\0') {
            row = gen_holdings_find(held, owner->organization, owner->team, name, owner->at);
        }
        if (row == NULL) {
            row = gen_holdings_find(held, owner->organization, "", name, owner->at);
        }
    }
    if (row == NULL) {
        return GEN_ENOTFOUND;
    }
    gen_holdings_name(row, label);
    return GEN_OK;
}

static enum gen_status lockbox_read(void *context, const char *label, char *out, size_t room,
                                    size_t *size, struct gen_error *err)
{
    const struct gen_lockbox *lockbox = context;
    char name[GEN_KEYRING_LABEL_SIZE];

    for (size_t i = 0; i < lockbox->held.count; i++) {
        const struct gen_secret_row *row = &lockbox->held.rows[i];

        gen_holdings_name(row, name);
        if (strcmp(name, label) == 0) {
            const struct gen_vault_label whose = gen_holdings_label(row);
            const struct gen_vault_box box = gen_holdings_box(row);
            const struct gen_master_key *key = gen_master_of(lockbox->ring, box.master);

            if (key == NULL) { /* a wrong key says more than that there is none */
                return gen_lockbox_readable(lockbox, row, err);
            }
            return gen_vault_open(key, &whose, &box, out, room, size, err);
        }
    }
    return gen_error_set(err, GEN_ENOTFOUND, "the stored secret was removed");
}

struct gen_keyring_vault gen_lockbox_vault(struct gen_lockbox *lockbox)
{
    return (struct gen_keyring_vault){lockbox_locate, lockbox_read, lockbox};
}

/* ---------------------------------------------------------------------------------- what there is -- */

const struct gen_secret_row *gen_lockbox_find(const struct gen_lockbox *lockbox,
                                              const char *organization, const char *team,
                                              const char *name)
{
    return gen_holdings_find(&lockbox->held, organization, team, name, 0);
}

const struct gen_secret_row *gen_lockbox_next(const struct gen_lockbox *lockbox,
                                              const char *organization, size_t *cursor,
                                              size_t *versions)
{
    return gen_holdings_next(&lockbox->held, organization, cursor, versions);
}

enum gen_status gen_lockbox_readable(const struct gen_lockbox *lockbox,
                                     const struct gen_secret_row *row, struct gen_error *err)
{
    return gen_holdings_readable(lockbox->ring, row, err);
}

void gen_lockbox_listen(struct gen_lockbox *lockbox, const struct gen_lockbox_listener *listener)
{
    lockbox->listener = *listener;
}

void gen_lockbox_facts(const struct gen_lockbox *lockbox, struct gen_lockbox_facts *out)
{
    const struct gen_master_key *current = gen_master_current(lockbox->ring);

    *out = (struct gen_lockbox_facts){.source = gen_master_source_of(lockbox->ring),
                                      .place = gen_master_place(lockbox->ring),
                                      .id = current == NULL ? "" : current->id,
                                      .secrets = lockbox->held.count,
                                      .pending = gen_master_pending(lockbox->ring)};
    out->trouble.status = gen_master_trouble(lockbox->ring, &out->trouble);
    for (size_t i = 0; i < lockbox->held.count; i++) {
        out->unreadable += gen_master_of(lockbox->ring, lockbox->held.rows[i].sealed.master) ==
                           NULL;
    }
}

/* -------------------------------------------------------------------------- a change and its end -- */

/* All rows are under the key in use; that the others go may fail, and is made up for at the next start. */
static void lockbox_end_rekey(struct gen_lockbox *lockbox)
{
    struct gen_error err = {0};

    if (gen_master_end(lockbox->ring, &err) != GEN_OK) {
        gen_log_error(lockbox->options.log, GEN_LEVEL_WARN, "lockbox", &err);
    }
}

static void lockbox_on_written(void *context, enum gen_status status, const struct gen_error *err,
                               int64_t last_event)
{
    struct gen_lockbox *lockbox = context;
    struct errand errand = lockbox->errand;
    struct gen_holdings old = lockbox->held, fresh;
    struct gen_error why = {0};

    lockbox->errand = (struct errand){0};
    if (status == GEN_OK && gen_holdings_read(lockbox->options.store, &fresh, &why) == GEN_OK) {
        lockbox->held = fresh;
        if (lockbox->listener.on_gone != NULL) {
            gen_holdings_compare(&old, &fresh, lockbox->listener.on_gone,
                                 lockbox->listener.context);
        }
        gen_arena_destroy(old.arena);
    } else if (status == GEN_OK) {
        gen_log_error(lockbox->options.log, GEN_LEVEL_ERROR, "lockbox", &why);
        err = &why;
        status = why.status;
    }
    if (errand.rekeys && status == GEN_OK) {
        lockbox_end_rekey(lockbox);
    } else if (errand.rekeys && why.status == GEN_OK) {
        gen_master_undo(lockbox->ring);
    }
    if (status == GEN_OK && lockbox->listener.on_events != NULL) {
        lockbox->listener.on_events(lockbox->listener.context, last_event);
    }
    if (errand.done != NULL) {
        errand.done(errand.context, status, err,
                    status != GEN_OK
                        ? NULL
                        : gen_lockbox_find(lockbox, errand.organization, errand.team, errand.name));
    }
}

/* The fact for the log: whose, by whom; never what. */
static void lockbox_event(struct gen_lockbox *lockbox, struct gen_changes *changes,
                          enum gen_event_kind kind, const struct gen_lockbox_order *order,
                          int64_t version)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_node *data = gen_node_map(changes->arena);
    gen_moment now = gen_clock_now(lockbox->options.clock);

    if (change == NULL) {
        return;
    }
    if (order->name != NULL) {
        gen_node_set(changes->arena, data, "name", gen_node_string(changes->arena, order->name));
        gen_node_set(changes->arena, data, "team", gen_node_string(changes->arena, order->team));
        gen_node_set(changes->arena, data, "version", gen_node_int(changes->arena, version));
    }
    gen_node_set(changes->arena, data, "by", gen_node_string(changes->arena, order->user));
    change->as.event.kind = kind;
    change->as.event.organization = gen_arena_strdup(/* what is nobody's is the house's */
                                                     changes->arena, order->organization[0] != '\0'
                                                                         ? order->organization
                                                                         : GEN_PRINCIPAL_HOUSE);
    change->as.event.at = now;
    change->as.event.data = gen_json_text(changes->arena, data, NULL);
    gen_random_ident(lockbox->options.random, GEN_IDENT_EVENT, now, &change->as.event.id);
}

/* Hands the changes to the store, whatever becomes of them. */
static enum gen_status lockbox_commit(struct gen_lockbox *lockbox, struct gen_changes *changes,
                                      const struct gen_lockbox_order *order, gen_lockbox_done *done,
                                      void *context, struct gen_error *err)
{
    struct errand *errand = &lockbox->errand;
    enum gen_status status;

    errand->under_way = true;
    errand->done = done;
    errand->context = context;
    if (order->name != NULL) {
        (void)snprintf(errand->organization, sizeof errand->organization, "%s",
                       order->organization);
        (void)snprintf(errand->team, sizeof errand->team, "%s", order->team);
        (void)snprintf(errand->name, sizeof errand->name, "%s", order->name);
    }
    status = gen_store_commit(lockbox->options.store, &changes, lockbox_on_written, lockbox, err);
    if (status != GEN_OK) {
        *errand = (struct errand){0};
        gen_changes_destroy(changes);
    }
    return status;
}

static enum gen_status lockbox_idle(const struct gen_lockbox *lockbox, struct gen_error *err)
{
    return lockbox->errand.under_way
               ? gen_error_set(err, GEN_EBUSY,
                               "another change of a secret is being written; try again in a moment")
               : GEN_OK;
}

static enum gen_status lockbox_check(const struct gen_lockbox *lockbox,
                                     const struct gen_lockbox_order *order, struct gen_error *err)
{
    bool named = gen_keyring_name_fits(order->name);

    if (!named ||
        (order->team[0] != '\0' && !gen_principal_word_valid(order->team, strlen(order->team)))) {
        gen_error_set(err, GEN_EINVAL,
                      named ? "is no name of a team"
                            : "is no name of a secret: letters, digits, '.', '_' and '-', at most "
                              "40, not beginning with '.'");
        gen_error_place(err, NULL, 0, 0, named ? "team" : "name");
        return GEN_EINVAL;
    }
    return lockbox_idle(lockbox, err);
}

static struct gen_changes *lockbox_changes(struct gen_error *err)
{
    struct gen_changes *changes = gen_changes_create();

    (void)(changes != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory"));
    return changes;
}

/* --------------------------------------------------------------------------------------- setting -- */

static enum gen_status lockbox_fits(const struct gen_lockbox *lockbox,
                                    const struct gen_lockbox_order *order,
                                    const struct gen_secret_row *before, size_t *size,
                                    struct gen_error *err)
{
    if (before != NULL && order->account == GEN_LOCKBOX_FIRST) {
        return gen_error_set(err, GEN_ECONFLICT,
                             "the secret \"%s\" is set already; say whether this is another key of "
                             "the same account (gen secret rotate %s) or a key of another account "
                             "(gen secret set %s --other-account): renders under way stay with "
                             "their account",
                             order->name, order->name, order->name);
    }
    if (before == NULL && order->account == GEN_LOCKBOX_SAME) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "there is no secret \"%s\" to rotate; set it (gen secret set %s)",
                             order->name, order->name);
    }
    if (before == NULL && lockbox->held.count >= GEN_SECRETS_MOST) {
        return gen_error_set(err, GEN_ELIMIT, "there are %d secrets already; remove some first",
                             GEN_SECRETS_MOST);
    }
    return gen_keyring_check(order->name, order->text, size, err);
}

/* Which versions before stay: those that attempts under way may be with, on another account. */
static int64_t lockbox_keeps(const struct gen_lockbox *lockbox, enum gen_lockbox_account account,
                             const struct gen_secret_row *before, gen_moment since)
{
    bool same = account == GEN_LOCKBOX_SAME, older = true;
    struct gen_error err = {0};

    if (before == NULL) {
        return 0;
    }
    if (gen_read_older_job(lockbox->options.store, since, &older, &err) != GEN_OK || older) {
        return same ? before->version - 1 : before->version;
    }
    return 0;
}

static enum gen_status lockbox_seal(struct gen_lockbox *lockbox,
                                    const struct gen_lockbox_order *order, size_t size,
                                    struct gen_arena *arena, struct gen_secret_row *row,
                                    struct gen_error *err)
{
    const char *const *in_use = gen_holdings_masters(&lockbox->held, arena);
    struct gen_vault_label label = gen_holdings_label(row);
    struct gen_vault_box box = {0};
    enum gen_status status = in_use == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                            : gen_master_need(lockbox->ring, in_use, err);

    if (status == GEN_OK) {
        status = gen_vault_seal(gen_master_current(lockbox->ring), lockbox->options.random, &label,
                                order->text, size, arena, &box, err);
    }
    row->sealed = (struct gen_sealed){box.text, box.key, box.master};
    return status;
}

enum gen_status gen_lockbox_set(struct gen_lockbox *lockbox, const struct gen_lockbox_order *order,
                                gen_lockbox_done *done, void *context, struct gen_error *err)
{
    const struct gen_secret_row *before = NULL;
    struct gen_changes *changes;
    struct gen_secret_row row = {.organization = order->organization,
                                 .team = order->team,
                                 .name = order->name,
                                 .created_by = order->user,
                                 .rotated_by = "",
                                 .tested_note = ""};
    gen_moment now = gen_clock_now(lockbox->options.clock);
    size_t size = order->size;
    enum gen_status status = lockbox_check(lockbox, order, err);

    if (status == GEN_OK) {
        before = gen_lockbox_find(lockbox, order->organization, order->team, order->name);
        status = lockbox_fits(lockbox, order, before, &size, err);
    }
    if (status != GEN_OK || (changes = lockbox_changes(err)) == NULL) {
        return status != GEN_OK ? status : GEN_ENOMEM;
    }
    row.version = before == NULL ? 1 : before->version + 1;
    row.created_at = now;
    row.since = now + 1; /* not for an attempt of this very moment */
    if (before != NULL && order->account == GEN_LOCKBOX_SAME) {
        row.since = before->since;
        row.created_at = before->created_at;
        row.created_by = before->created_by;
        row.rotated_at = now;
        row.rotated_by = order->user;
    }
    status = lockbox_seal(lockbox, order, size, changes->arena, &row, err);
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        return status;
    }
    gen_changes_secret(changes, GEN_CHANGE_SECRET_ADD, &row,
                       lockbox_keeps(lockbox, order->account, before, row.since));
    lockbox->errand.since = row.rotated_at != 0 ? 0 : row.since;
    lockbox_event(lockbox, changes,
                  row.rotated_at != 0 ? GEN_EVENT_SECRET_ROTATED : GEN_EVENT_SECRET_SET, order,
                  row.version);
    return lockbox_commit(lockbox, changes, order, done, context, err);
}

/* ---------------------------------------------------------------------------- removing, and notes -- */

static enum gen_status lockbox_there(const struct gen_lockbox *lockbox,
                                     const struct gen_lockbox_order *order,
                                     const struct gen_secret_row **out, struct gen_error *err)
{
    enum gen_status status = lockbox_check(lockbox, order, err);

    if (status != GEN_OK) {
        return status;
    }
    *out = gen_lockbox_find(lockbox, order->organization, order->team, order->name);
    return *out != NULL
               ? GEN_OK
               : gen_error_set(err, GEN_ENOTFOUND, "there is no secret \"%s\"%s%s", order->name,
                               order->team[0] != '\0' ? " of team " : "", order->team);
}

enum gen_status gen_lockbox_remove(struct gen_lockbox *lockbox,
                                   const struct gen_lockbox_order *order, gen_lockbox_done *done,
                                   void *context, struct gen_error *err)
{
    const struct gen_secret_row *row = NULL;
    struct gen_changes *changes;
    enum gen_status status = lockbox_there(lockbox, order, &row, err);

    if (status != GEN_OK || (changes = lockbox_changes(err)) == NULL) {
        return status != GEN_OK ? status : GEN_ENOMEM;
    }
    gen_changes_secret(changes, GEN_CHANGE_SECRET_REMOVE, row, 0);
    lockbox_event(lockbox, changes, GEN_EVENT_SECRET_REMOVED, order, row->version);
    return lockbox_commit(lockbox, changes, order, done, context, err);
}

enum gen_status gen_lockbox_note(struct gen_lockbox *lockbox, const struct gen_lockbox_order *order,
                                 bool well, const char *note, gen_lockbox_done *done, void *context,
                                 struct gen_error *err)
{
    const struct gen_secret_row *row = NULL;
    struct gen_secret_row noted;
    struct gen_changes *changes;
    enum gen_status status = lockbox_there(lockbox, order, &row, err);

    if (status != GEN_OK || (changes = lockbox_changes(err)) == NULL) {
        return status != GEN_OK ? status : GEN_ENOMEM;
    }
    noted = *row;
    noted.tested_at = gen_clock_now(lockbox->options.clock);
    noted.tested_well = well;
    noted.tested_note = note;
    gen_changes_secret(changes, GEN_CHANGE_SECRET_TEST, &noted, 0);
    return lockbox_commit(lockbox, changes, order, done, context, err);
}

/* -------------------------------------------------------------------------- another master key -- */

/* Every row under the key in use, in one set: all or none. GEN_ENOTFOUND: they are already. Rows whose key
 * is not here stay as they are. */
static enum gen_status lockbox_wrap(struct gen_lockbox *lockbox, struct gen_changes *changes,
                                    size_t *left, struct gen_error *err)
{
    const struct gen_master_key *to = gen_master_current(lockbox->ring);
    enum gen_status status = GEN_OK;
    size_t wrapped = 0;

    *left = 0;
    for (size_t i = 0; status == GEN_OK && i < lockbox->held.count; i++) {
        struct gen_secret_row row = lockbox->held.rows[i];
        const struct gen_master_key *from = gen_master_of(lockbox->ring, row.sealed.master);
        const struct gen_vault_label label = gen_holdings_label(&row);
        const struct gen_vault_box box = gen_holdings_box(&row);
        struct gen_vault_box fresh = {0};

        if (from == NULL) {
            ++*left;
        } else if (from != to) {
            status = gen_vault_wrap(from, to, lockbox->options.random, &label, &box, changes->arena,
                                    &fresh, err);
            row.sealed = (struct gen_sealed){fresh.text, fresh.key, fresh.master};
            wrapped++;
            if (status == GEN_OK) {
                gen_changes_secret(changes, GEN_CHANGE_SECRET_WRAP, &row, 0);
            }
        }
    }
    return status == GEN_OK && wrapped == 0 ? GEN_ENOTFOUND : status;
}

enum gen_status gen_lockbox_rekey(struct gen_lockbox *lockbox, const char *passphrase,
                                  const char *organization, const char *user,
                                  gen_lockbox_done *done, void *context, struct gen_error *err)
{
    const struct gen_lockbox_order order = {.organization = organization, .team = "", .user = user};
    struct gen_changes *changes;
    size_t left = 0;
    enum gen_status status = lockbox_idle(lockbox, err);

    if (status != GEN_OK || (changes = lockbox_changes(err)) == NULL) {
        return status != GEN_OK ? status : GEN_ENOMEM;
    }
    status = gen_master_begin(lockbox->ring, passphrase, err);
    if (status == GEN_OK) {
        status = lockbox_wrap(lockbox, changes, &left, err);
        status = status == GEN_ENOTFOUND ? GEN_OK : status;
        if (status == GEN_OK && left > 0) {
            status = gen_error_set(err, GEN_ECONFLICT,
                                   "%zu secrets are under a master key that is not here; put it "
                                   "back or remove them first",
                                   left);
        }
        if (status == GEN_OK) {
            lockbox_event(lockbox, changes, GEN_EVENT_VAULT_REKEYED, &order, 0);
            lockbox->errand.rekeys = true;
            status = lockbox_commit(lockbox, changes, &order, done, context, err);
            changes = NULL;
        }
        if (status != GEN_OK) {
            lockbox->errand.rekeys = false;
            gen_master_undo(lockbox->ring);
        }
    }
    gen_changes_destroy(changes);
    return status;
}

/* What a crash, or a change of where the key comes from, left under an older one. */
static void lockbox_go_on(struct gen_lockbox *lockbox)
{
    const struct gen_lockbox_order order = {
        .organization = GEN_PRINCIPAL_HOUSE, .team = "", .user = "gend"};
    struct gen_error err = {0};
    struct gen_changes *changes;
    size_t left = 0;
    enum gen_status status;

    if (gen_master_current(lockbox->ring) == NULL || (changes = lockbox_changes(&err)) == NULL) {
        return;
    }
    status = lockbox_wrap(lockbox, changes, &left, &err);
    if (status == GEN_OK && left == 0) {
        lockbox_event(lockbox, changes, GEN_EVENT_VAULT_REKEYED, &order, 0);
        lockbox->errand.rekeys = true;
        status = lockbox_commit(lockbox, changes, &order, NULL, NULL, &err);
        changes = NULL;
    } else if (status == GEN_ENOTFOUND && left == 0) {
        lockbox_end_rekey(lockbox);
    }
    if (status != GEN_OK && status != GEN_ENOTFOUND) {
        lockbox->errand.rekeys = false;
        gen_log_error(lockbox->options.log, GEN_LEVEL_WARN, "lockbox", &err);
    }
    gen_changes_destroy(changes);
}

/* ------------------------------------------------------------------------------ making, unmaking -- */

static void lockbox_say(const struct gen_lockbox *lockbox)
{
    struct gen_lockbox_facts facts;

    gen_lockbox_facts(lockbox, &facts);
    if (facts.trouble.status != GEN_OK && facts.trouble.status != GEN_ENOTFOUND) {
        gen_log_error(lockbox->options.log, GEN_LEVEL_ERROR, "lockbox", &facts.trouble);
    }
    for (size_t i = 0; facts.unreadable > 0 && i < lockbox->held.count; i++) {
        struct gen_error err = {0};

        if (gen_lockbox_readable(lockbox, &lockbox->held.rows[i], &err) != GEN_OK) {
            gen_log_error(lockbox->options.log, GEN_LEVEL_ERROR, "lockbox", &err);
            return; /* one says it for all */
        }
    }
}

enum gen_status gen_lockbox_create(const struct gen_lockbox_options *options,
                                   struct gen_lockbox **out, struct gen_error *err)
{
    struct gen_lockbox *lockbox = gen_alloc(sizeof *lockbox);
    const char *const *in_use;
    enum gen_status status;

    if (lockbox == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    lockbox->options = *options;
    status = gen_holdings_read(options->store, &lockbox->held, err);
    if (status == GEN_OK) {
        in_use = gen_holdings_masters(&lockbox->held, lockbox->held.arena);
        status = in_use == NULL
                     ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                     : gen_master_open(&lockbox->options.master, in_use, &lockbox->ring, err);
    }
    if (status != GEN_OK) {
        gen_lockbox_destroy(lockbox);
        return status;
    }
    lockbox_say(lockbox);
    lockbox_go_on(lockbox);
    *out = lockbox;
    return GEN_OK;
}

void gen_lockbox_destroy(struct gen_lockbox *lockbox)
{
    if (lockbox != NULL) {
        gen_master_close(lockbox->ring);
        gen_arena_destroy(lockbox->held.arena);
        gen_free(lockbox);
    }
}
