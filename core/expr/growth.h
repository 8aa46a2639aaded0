/* growth.h - makes the nodes of a syntax tree and keeps it within its limits.
 *
 * NOT here: which nodes (parser.h, macro.h). Failure is sticky and given as NULL: the first one is in
 * `status` and `err`, and whoever gets NULL hands it on.
 *
 * Invariant: no tree is higher than `deepest`, all together are at most `most` nodes.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/growth_test.c
 */
#ifndef GEN_EXPR_GROWTH_H
#define GEN_EXPR_GROWTH_H

#include "expr/lexer.h"
#include "expr/tree.h"

struct gen_pending { /* a child whose node does not exist yet */
    struct gen_tree *tree;
    uint32_t offset; /* of the sign in front of it */
    bool optional;   /* [?tree] or {?tree: ...} */
};

struct gen_growth { /* set up with lexer, arena, err, deepest and most; the rest begins as 0 */
    const struct gen_lexer *lexer;
    struct gen_arena *arena;
    struct gen_error *err;
    uint32_t deepest, most;
    enum gen_status status; /* the first failure, or GEN_OK */
    uint32_t nodes;
    struct gen_pending *pending; /* of all nodes that are still open, the innermost's on top */
    uint32_t pending_count, pending_capacity;
};

/* A node with room for `count` children (at least three places; the rest NULL). NULL: out of memory, too
 * many nodes. */
struct gen_tree *gen_growth_node(struct gen_growth *growth, enum gen_tree_kind kind,
                                 uint32_t offset, uint32_t count);

/* Sets its height from its children's; to be called once they are all there. NULL: too high. `tree` may
 * be NULL. */
struct gen_tree *gen_growth_close(struct gen_growth *growth, struct gen_tree *tree);

/* A closed node with one child, or two; NULL too when a child is NULL. */
struct gen_tree *gen_growth_unary(struct gen_growth *growth, enum gen_tree_kind kind,
                                  uint32_t offset, struct gen_tree *a);
struct gen_tree *gen_growth_binary(struct gen_growth *growth, enum gen_tree_kind kind,
                                   uint32_t offset, struct gen_tree *a, struct gen_tree *b);

/* Puts a child on the pile. false: out of memory. */
bool gen_growth_push(struct gen_growth *growth, struct gen_tree *tree, uint32_t offset,
                     bool optional);

/* A closed node whose children are all on the pile from `first` on; they leave it. Sets `optionals`. */
struct gen_tree *gen_growth_gather(struct gen_growth *growth, enum gen_tree_kind kind,
                                   uint32_t offset, uint32_t first);

/* Records a failure at byte `offset`; gives NULL. */
struct gen_tree *gen_growth_refuse(struct gen_growth *growth, uint32_t offset,
                                   enum gen_status status, const char *format, ...)
    GEN_PRINTF(4, 5);

/* Records that an allocation has failed; gives NULL. */
struct gen_tree *gen_growth_starve(struct gen_growth *growth);

#endif
