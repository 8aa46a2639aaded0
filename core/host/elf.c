/* elf.c - see elf.h. */
#include "host/elf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h> /* house-allow library: the C library's description of its own file format */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum gen_status elf_errno(struct gen_error *err, const char *what)
{
    int number = errno;
    enum gen_status status = number == ENOENT                      ? GEN_ENOTFOUND
                             : number == EACCES || number == EPERM ? GEN_EDENIED
                                                                   : GEN_EIO;

    return gen_error_set(err, status, "%s: %s", what, strerror(number));
}

/* Do the bytes that the program headers promise exist? Other formats are the linker's to judge. */
static enum gen_status elf_check_whole(int fd, int64_t size, struct gen_error *err)
{
    ElfW(Ehdr) head;
    uint64_t promised = 0;

    if (pread(fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
        memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        head.e_phentsize != sizeof(ElfW(Phdr))) {
        return GEN_OK;
    }
    for (unsigned i = 0; i < head.e_phnum; i++) {
        ElfW(Phdr) part;
        uint64_t at = head.e_phoff + (uint64_t)i * sizeof(part);
        uint64_t end = at + sizeof(part);

        if (end <= (uint64_t)size && pread(fd, &part, sizeof(part), (off_t)at) == sizeof(part) &&
            part.p_type != PT_LOAD) {
            continue;
        }
        if (end <= (uint64_t)size && __builtin_add_overflow(part.p_offset, part.p_filesz, &end)) {
            end = UINT64_MAX;
        }
        promised = end > promised ? end : promised;
    }
    if (promised > (uint64_t)size) {
        return gen_error_set(err, GEN_EINVAL,
                             "the file is cut short (%" PRId64 " of at least %" PRIu64
                             " bytes); install it again",
                             size, promised);
    }
    return GEN_OK;
}

enum gen_status gen_elf_check(const char *path, struct gen_error *err)
{
    struct stat facts;
    enum gen_status status = GEN_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        return elf_errno(err, "cannot be read");
    }
    if (fstat(fd, &facts) != 0) {
        status = elf_errno(err, "cannot be looked at");
    } else if (!S_ISREG(facts.st_mode)) {
        status = gen_error_set(err, GEN_EINVAL, "is %s, not a shared object",
                               S_ISDIR(facts.st_mode) ? "a folder" : "a special file");
    } else if ((facts.st_mode & S_IWOTH) != 0) {
        status = gen_error_set(err, GEN_EDENIED,
                               "anyone may write this file, so it could run "
                               "anyone's code; take that away with chmod o-w");
    } else {
        status = elf_check_whole(fd, facts.st_size, err);
    }
    close(fd);
    return status;
}

enum gen_status gen_elf_check_folder(const char *path, struct gen_error *err)
{
    struct stat facts;

    if (stat(path, &facts) != 0) {
        return elf_errno(err, "cannot be looked at");
    }
    if ((facts.st_mode & S_IWOTH) != 0) {
        return gen_error_set(err, GEN_EDENIED,
                             "anyone may write into this folder, so it could hold "
                             "anyone's code; take that away with chmod o-w");
    }
    return GEN_OK;
}
