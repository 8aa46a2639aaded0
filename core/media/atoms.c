/* atoms.c - see atoms.h. The box layout is ISO/IEC 14496-12, section 4.2. */
#include "media/atoms.h"

enum { VISITS_MAX = 4096 };

struct atom {
    uint32_t type;
    uint64_t body; /* offset of what it holds */
    uint64_t end;
    bool cut; /* says it is longer than its parent */
};

#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

/* The box at `at`, clipped to `limit`; false when there is none or its header makes no sense. */
static bool atom_at(const struct gen_media_source *source, uint64_t at, uint64_t limit,
                    struct atom *out)
{
    uint8_t head[16];
    uint64_t size, header = 8;

    if (limit < 8 || at > limit - 8 || !gen_media_source_exact(source, at, head, 8)) {
        return false;
    }
    size = gen_be32(head);
    if (size == 1) {
        if (!gen_media_source_exact(source, at, head, 16)) {
            return false;
        }
        size = gen_be64(head + 8);
        header = 16;
    } else if (size == 0) {
        size = limit - at; /* to the end of the file */
    }
    if (size < header) {
        return false;
    }
    out->type = gen_be32(head + 4);
    out->body = at + header;
    out->cut = size > limit - at;
    out->end = out->cut ? limit : at + size;
    if (out->body > out->end) {
        out->body = out->end;
    }
    return true;
}

static void visit_list(const struct gen_media_source *source, const struct atom *list,
                       struct gen_atoms *out)
{
    uint8_t head[8];

    if (list->end - list->body >= 8 && gen_media_source_exact(source, list->body, head, 8) &&
        gen_be32(head + 4) > 0) {
        out->edit_lists++;
    }
}

/* moov holds trak, trak holds edts, edts holds elst: `path` is what is still to come. */
static void visit(const struct gen_media_source *source, const struct atom *parent,
                  const uint32_t *path, int *visits, struct gen_atoms *out)
{
    struct atom child;
    uint64_t at = parent->body;

    while (*visits < VISITS_MAX && atom_at(source, at, parent->end, &child)) {
        (*visits)++;
        if (child.type == path[0] && path[1] == 0) {
            visit_list(source, &child, out);
        } else if (child.type == path[0]) {
            visit(source, &child, path + 1, visits, out); /* three deep at most */
        }
        at = child.end;
    }
}

void gen_atoms_read(const struct gen_media_source *source, struct gen_atoms *out)
{
    static const uint32_t edit_path[] = {TYPE('t', 'r', 'a', 'k'), TYPE('e', 'd', 't', 's'),
                                         TYPE('e', 'l', 's', 't'), 0};
    struct atom atom;
    uint64_t at = 0;
    bool data_seen = false;
    int visits = 0;

    *out = (struct gen_atoms){0};
    while (visits < VISITS_MAX && atom_at(source, at, source->size, &atom)) {
        visits++;
        out->truncated = out->truncated || atom.cut;
        switch (atom.type) {
        case TYPE('m', 'o', 'o', 'v'):
            out->faststart = out->faststart || (!out->index && !data_seen);
            out->index = true;
            visit(source, &atom, edit_path, &visits, out);
            break;
        case TYPE('m', 'o', 'o', 'f'):
            out->fragmented = true;
            data_seen = true;
            break;
        case TYPE('m', 'd', 'a', 't'):
            data_seen = true;
            break;
        default:
            break;
        }
        at = atom.end;
    }
}
