/* statics.c - see statics.h. */
#include "statics.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct statics_search {
    uintptr_t address;
    struct statics *out;
    bool found;
};

static int statics_object(struct dl_phdr_info *info, size_t size, void *context)
{
    struct statics_search *search = context;
    bool inside = false;

    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + header->p_vaddr;

        inside |= header->p_type == PT_LOAD && search->address >= from &&
                  search->address < from + header->p_memsz;
    }
    for (size_t i = 0; inside && i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + header->p_vaddr;

        if (header->p_type == PT_LOAD && (header->p_flags & PF_W) != 0 &&
            search->out->count < STATICS_SEGMENTS) {
            search->out->segments[search->out->count++] =
                (struct statics_segment){from, from + header->p_memsz};
        }
    }
    search->found |= inside;
    return inside ? 1 : 0;
}

enum gen_status statics_find(const void *address, struct statics *out, struct gen_error *err)
{
    struct statics_search search = {(uintptr_t)address, out, false};

    memset(out, 0, sizeof(*out));
    (void)dl_iterate_phdr(statics_object, &search);
    return search.found ? GEN_OK
                        : gen_error_set(err, GEN_ECORRUPT,
                                        "its struct gen_provider is not constant data of the "
                                        "plugin: declare it static const");
}

enum gen_status statics_seal(const struct statics *statics, struct gen_error *err)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    for (size_t i = 0; i < statics->count; i++) {
        uintptr_t from = statics->segments[i].from / page * page;
        uintptr_t to = (statics->segments[i].to + page - 1) / page * page;

        if (mprotect((void *)from, to - from, PROT_READ) !=
            0) { /* NOLINT(performance-no-int-to-ptr) */
            return gen_error_set(err, GEN_EIO, "its variables cannot be sealed: %s",
                                 strerror(errno));
        }
    }
    return GEN_OK;
}

bool statics_hold(const struct statics *statics, uintptr_t address)
{
    for (size_t i = 0; i < statics->count; i++) {
        if (address >= statics->segments[i].from && address < statics->segments[i].to) {
            return true;
        }
    }
    return false;
}

const char *statics_name(uintptr_t address)
{
    Dl_info info;

    if (dladdr((const void *)address, &info) == 0 || /* NOLINT(performance-no-int-to-ptr) */
        info.dli_sname == NULL) {
        return "";
    }
    return info.dli_sname;
}

size_t statics_offset(uintptr_t address)
{
    Dl_info info;

    if (dladdr((const void *)address, &info) == 0) { /* NOLINT(performance-no-int-to-ptr) */
        return 0;
    }
    return address - (uintptr_t)info.dli_fbase;
}

bool statics_of(uintptr_t address, const char *path)
{
    Dl_info info;

    return dladdr((const void *)address, &info) != 0 && /* NOLINT(performance-no-int-to-ptr) */
           info.dli_fname != NULL && strcmp(info.dli_fname, path) == 0;
}
