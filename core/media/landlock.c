/* landlock.c - see landlock.h. */
#include "media/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's interface, as its document defines it. */
enum {
    CREATE_RULESET_VERSION = 1,
    RULE_PATH_BENEATH = 1,
    ABI_REFER = 2,
    ABI_TRUNCATE = 3,
    ABI_NET = 4,
    ABI_IOCTL = 5,
    ABI_SCOPE = 6,
};

struct ruleset_attr {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

struct path_attr {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

#define FS_EXECUTE (UINT64_C(1) << 0)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_READ_DIR (UINT64_C(1) << 3)
#define FS_REMOVE_DIR (UINT64_C(1) << 4)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_MAKE_DIR (UINT64_C(1) << 7)
#define FS_MAKE_REG (UINT64_C(1) << 8)
#define FS_MAKE_SYM (UINT64_C(1) << 12)
#define FS_ALL_FIRST ((UINT64_C(1) << 13) - 1) /* version 1 */
#define FS_REFER (UINT64_C(1) << 13)
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define FS_IOCTL_DEV (UINT64_C(1) << 15)
#define NET_ALL UINT64_C(3)   /* bind and connect, TCP */
#define SCOPE_ALL UINT64_C(3) /* abstract sockets, signals */

/* What makes sense on a file that is no folder. */
#define FS_OF_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

int gen_landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, CREATE_RULESET_VERSION);

    return abi > 0 ? (int)abi : 0;
}

static uint64_t rights_of(uint32_t flags)
{
    uint64_t rights = 0;

    if ((flags & GEN_LANDLOCK_READ) != 0) {
        rights |= FS_READ_FILE | FS_READ_DIR;
    }
    if ((flags & GEN_LANDLOCK_EXECUTE) != 0) {
        rights |= FS_EXECUTE;
    }
    if ((flags & GEN_LANDLOCK_WRITE) != 0) { /* no devices, sockets or pipes are made */
        rights |= FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG |
                  FS_MAKE_SYM | FS_TRUNCATE | FS_REFER;
    }
    return rights;
}

static enum gen_status add_rule(int ruleset, uint64_t handled, const struct gen_landlock_rule *rule,
                                struct gen_error *err)
{
    struct path_attr attr = {.allowed = rights_of(rule->flags) & handled};
    struct stat about;
    enum gen_status status = GEN_OK;

    attr.parent = open(rule->path, O_PATH | O_CLOEXEC);
    if (attr.parent < 0) {
        if ((rule->flags & GEN_LANDLOCK_OPTIONAL) != 0) {
            return GEN_OK;
        }
        return gen_error_set(err, GEN_ENOTFOUND, "%s: %s", rule->path, strerror(errno));
    }
    if (fstat(attr.parent, &about) == 0 && !S_ISDIR(about.st_mode)) {
        attr.allowed &= FS_OF_FILES;
    }
    if (attr.allowed != 0 &&
        syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &attr, 0) != 0) {
        status = gen_error_set(err, GEN_EIO, "Landlock refuses a rule for %s: %s", rule->path,
                               strerror(errno));
    }
    close(attr.parent);
    return status;
}

enum gen_status gen_landlock_restrict(const struct gen_landlock_rule *const *tables,
                                      struct gen_error *err)
{
    struct ruleset_attr attr = {.fs = FS_ALL_FIRST};
    const struct gen_landlock_rule *rule;
    enum gen_status status = GEN_OK;
    int abi = gen_landlock_abi(), ruleset;

    if (abi == 0) {
        return GEN_OK;
    }
    attr.fs |= (abi >= ABI_REFER ? FS_REFER : 0) | (abi >= ABI_TRUNCATE ? FS_TRUNCATE : 0) |
               (abi >= ABI_IOCTL ? FS_IOCTL_DEV : 0);
    attr.net = abi >= ABI_NET ? NET_ALL : 0;
    attr.scoped = abi >= ABI_SCOPE ? SCOPE_ALL : 0;
    /* older kernels accept the longer struct as long as what they do not know is zero */
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
    if (ruleset < 0) {
        return gen_error_set(err, GEN_EIO, "Landlock gives no ruleset: %s", strerror(errno));
    }
    for (; *tables != NULL && status == GEN_OK; tables++) {
        for (rule = *tables; rule->path != NULL && status == GEN_OK; rule++) {
            status = add_rule(ruleset, attr.fs, rule, err);
        }
    }
    if (status == GEN_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        status = gen_error_set(err, GEN_EIO, "Landlock cannot be put on: %s", strerror(errno));
    }
    close(ruleset);
    return status;
}
