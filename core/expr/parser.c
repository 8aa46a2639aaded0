/* parser.c - see parser.h. Recursive descent for what nests, precedence climbing for the operators. Each
 * function gives NULL after a failure, which `growth` remembers. */
#include "expr/parser.h"

#include "base/utf8.h"
#include "expr/advice.h"
#include "expr/lexer.h"
#include "expr/literal.h"
#include "expr/macro.h"

#include <stdio.h>
#include <string.h>

struct parser {
    struct gen_lexer lexer;
    struct gen_growth growth;
    struct gen_token token, before; /* the next one, and the one in front of it */
    uint32_t depth;
};

struct operator_row { /* a table of these ends with level 0 */
    enum gen_token_kind token;
    uint32_t level; /* the higher binds the tighter */
    enum gen_tree_kind kind;
};

enum { LEVEL_LOWEST = 1 };

static const struct operator_row operators[] = {
    {GEN_TOKEN_OR, LEVEL_LOWEST, GEN_TREE_OR},
    {GEN_TOKEN_AND, 2, GEN_TREE_AND},
    {GEN_TOKEN_EQUAL, 3, GEN_TREE_EQUAL},
    {GEN_TOKEN_UNEQUAL, 3, GEN_TREE_UNEQUAL},
    {GEN_TOKEN_LESS, 3, GEN_TREE_LESS},
    {GEN_TOKEN_LESS_EQUAL, 3, GEN_TREE_LESS_EQUAL},
    {GEN_TOKEN_GREATER, 3, GEN_TREE_GREATER},
    {GEN_TOKEN_GREATER_EQUAL, 3, GEN_TREE_GREATER_EQUAL},
    {GEN_TOKEN_IN, 3, GEN_TREE_IN},
    {GEN_TOKEN_PLUS, 4, GEN_TREE_ADD},
    {GEN_TOKEN_MINUS, 4, GEN_TREE_SUBTRACT},
    {GEN_TOKEN_STAR, 5, GEN_TREE_MULTIPLY},
    {GEN_TOKEN_SLASH, 5, GEN_TREE_DIVIDE},
    {GEN_TOKEN_PERCENT, 5, GEN_TREE_REMAINDER},
    {0, 0, 0},
};

static struct gen_tree *parse_expression(struct parser *parser);

/* "expected `expected`, found ...; advice". `value`: a value must begin here. */
static struct gen_tree *refuse(struct parser *parser, bool value, const char *expected)
{
    const struct gen_token *token = &parser->token;
    const char *advice = gen_advice_of(&parser->lexer, &parser->before, token, value);
    char found[96];

    return gen_growth_refuse(&parser->growth, token->offset, GEN_EINVAL,
                             "expected %s, found %s%s%s", expected,
                             gen_advice_found(&parser->lexer, token, found, sizeof(found)),
                             advice != NULL ? "; " : "", advice != NULL ? advice : "");
}

/* The same for a closing sign; `open` is where its partner stands. */
static bool refuse_close(struct parser *parser, const char *expected, uint32_t open)
{
    char text[96];
    uint32_t line, column;

    gen_lexer_place(&parser->lexer, open, &line, &column);
    snprintf(text, sizeof(text), "%s the '%c' at %u:%u", expected, parser->lexer.text[open], line,
             column);
    refuse(parser, false, text);
    return false;
}

static bool advance(struct parser *parser)
{
    struct gen_growth *growth = &parser->growth;

    parser->before = parser->token;
    if (growth->status == GEN_OK) {
        growth->status = gen_lexer_next(&parser->lexer, &parser->token, growth->err);
    }
    return growth->status == GEN_OK;
}

static bool push(struct parser *parser, struct gen_tree *tree, uint32_t offset)
{
    return gen_growth_push(&parser->growth, tree, offset, false);
}

static bool at(const struct parser *parser, enum gen_token_kind kind)
{
    return parser->token.kind == kind;
}

/* Steps over a token of this kind if it is there. */
static bool skip(struct parser *parser, enum gen_token_kind kind)
{
    return at(parser, kind) && advance(parser);
}

/* A copy of the token's text; of a quoted name what stands between the quotes. NULL: out of memory. */
static const char *copy_name(struct parser *parser, const struct gen_token *token)
{
    uint32_t quote = token->kind == GEN_TOKEN_QUOTED ? 1 : 0;
    const char *name = gen_arena_strndup(
        parser->growth.arena, parser->lexer.text + token->offset + quote, token->size - 2 * quote);

    if (name == NULL) {
        gen_growth_starve(&parser->growth);
    }
    return name;
}

/* A node without children, with or without a name. */
static struct gen_tree *leaf(struct parser *parser, enum gen_tree_kind kind,
                             const struct gen_token *token, bool named)
{
    struct gen_tree *tree = gen_growth_node(&parser->growth, kind, token->offset, 0);

    if (tree != NULL && named) {
        tree->name = copy_name(parser, token);
        tree = tree->name != NULL ? tree : NULL;
    }
    return tree;
}

/* Arguments up to the ')' of the '(' at `open`, which is behind the parser already. */
static bool parse_arguments(struct parser *parser, uint32_t open)
{
    if (skip(parser, GEN_TOKEN_CLOSE)) {
        return true;
    }
    do {
        struct gen_tree *argument = parse_expression(parser);

        if (argument == NULL || !push(parser, argument, argument->offset)) {
            return false;
        }
    } while (skip(parser, GEN_TOKEN_COMMA));
    if (!at(parser, GEN_TOKEN_CLOSE)) {
        return refuse_close(parser, "',' or ')' to close", open);
    }
    return advance(parser);
}

/* A call of `name`, on the '('; `target` NULL for a function. */
static struct gen_tree *parse_call(struct parser *parser, const struct gen_token *name,
                                   struct gen_tree *target, bool root)
{
    uint32_t first = parser->growth.pending_count;
    uint32_t open = parser->token.offset;
    struct gen_tree *call;

    if ((target != NULL && !push(parser, target, name->offset)) || !advance(parser) ||
        !parse_arguments(parser, open)) {
        return NULL;
    }
    call = gen_growth_gather(&parser->growth, GEN_TREE_CALL, name->offset, first);
    if (call == NULL) {
        return NULL;
    }
    call->name = copy_name(parser, name);
    call->method = target != NULL;
    call->root = root;
    return call->name != NULL ? gen_macro_expand(&parser->growth, call) : NULL;
}

/* x, .x, f(...), .f(...) */
static struct gen_tree *parse_name(struct parser *parser)
{
    bool root = skip(parser, GEN_TOKEN_DOT);
    struct gen_token name = parser->token;
    struct gen_tree *tree;

    if (!at(parser, GEN_TOKEN_NAME) ||
        gen_lexer_reserved(parser->lexer.text + name.offset, name.size)) {
        return refuse(parser, true, root ? "a name after '.'" : "a value");
    }
    if (!advance(parser)) {
        return NULL;
    }
    if (at(parser, GEN_TOKEN_OPEN)) {
        return parse_call(parser, &name, NULL, root);
    }
    tree = leaf(parser, GEN_TREE_NAME, &name, true);
    if (tree != NULL) {
        tree->root = root;
    }
    return tree;
}

/* key: value of a map */
static bool parse_entry(struct parser *parser)
{
    bool optional = skip(parser, GEN_TOKEN_QUESTION);
    struct gen_tree *key = parse_expression(parser);
    struct gen_tree *value;

    if (key == NULL || !gen_growth_push(&parser->growth, key, key->offset, optional)) {
        return false;
    }
    if (!at(parser, GEN_TOKEN_COLON)) {
        refuse(parser, false, "':' and a value after the key of a map");
        return false;
    }
    value = advance(parser) ? parse_expression(parser) : NULL;
    return value != NULL && push(parser, value, value->offset);
}

static bool parse_item(struct parser *parser)
{
    bool optional = skip(parser, GEN_TOKEN_QUESTION);
    struct gen_tree *item = parse_expression(parser);

    return item != NULL && gen_growth_push(&parser->growth, item, item->offset, optional);
}

/* [a, b,] or {a: b, c: d,}; the last comma may stand there. */
static struct gen_tree *parse_collection(struct parser *parser, bool map)
{
    enum gen_token_kind end = map ? GEN_TOKEN_CLOSE_MAP : GEN_TOKEN_CLOSE_LIST;
    uint32_t first = parser->growth.pending_count;
    uint32_t open = parser->token.offset;

    if (!advance(parser)) {
        return NULL;
    }
    while (!at(parser, end)) {
        if (!(map ? parse_entry(parser) : parse_item(parser))) {
            return NULL;
        }
        if (!at(parser, GEN_TOKEN_COMMA) && !at(parser, end)) {
            refuse_close(parser, map ? "',' or '}' to close" : "',' or ']' to close", open);
            return NULL;
        }
        if (at(parser, GEN_TOKEN_COMMA) && !advance(parser)) {
            return NULL;
        }
    }
    if (!advance(parser)) {
        return NULL;
    }
    return gen_growth_gather(&parser->growth, map ? GEN_TREE_MAP : GEN_TREE_LIST, open, first);
}

static struct gen_tree *parse_group(struct parser *parser)
{
    uint32_t open = parser->token.offset;
    struct gen_tree *tree = advance(parser) ? parse_expression(parser) : NULL;

    if (tree == NULL) {
        return NULL;
    }
    if (!at(parser, GEN_TOKEN_CLOSE)) {
        refuse_close(parser, "')' to close", open);
        return NULL;
    }
    tree->grouped = true;
    return advance(parser) ? tree : NULL;
}

/* A number, string, true, false or null; `negative`: a minus sign stood in front of the number. */
static struct gen_tree *parse_literal(struct parser *parser, bool negative)
{
    struct gen_growth *growth = &parser->growth;
    const struct gen_token *token = &parser->token;
    struct gen_tree *tree = leaf(parser, GEN_TREE_LITERAL, token, false);

    if (tree == NULL) {
        return NULL;
    }
    if (token->kind == GEN_TOKEN_STRING || token->kind == GEN_TOKEN_BYTES) {
        growth->status = gen_literal_text(&parser->lexer, token, growth->arena, &tree->value,
                                          growth->err);
    } else if (token->kind == GEN_TOKEN_NULL) {
        tree->value = gen_value_null();
    } else if (token->kind == GEN_TOKEN_TRUE || token->kind == GEN_TOKEN_FALSE) {
        tree->value = gen_value_bool(token->kind == GEN_TOKEN_TRUE);
    } else {
        growth->status = gen_literal_number(&parser->lexer, token, negative, growth->arena,
                                            &tree->value, growth->err);
    }
    return growth->status == GEN_OK && advance(parser) ? tree : NULL;
}

static struct gen_tree *parse_primary(struct parser *parser, bool negative)
{
    switch (parser->token.kind) {
    case GEN_TOKEN_NAME:
    case GEN_TOKEN_DOT:
        return parse_name(parser);
    case GEN_TOKEN_INT:
    case GEN_TOKEN_UINT:
    case GEN_TOKEN_DOUBLE:
    case GEN_TOKEN_STRING:
    case GEN_TOKEN_BYTES:
    case GEN_TOKEN_TRUE:
    case GEN_TOKEN_FALSE:
    case GEN_TOKEN_NULL:
        return parse_literal(parser, negative);
    case GEN_TOKEN_OPEN:
        return parse_group(parser);
    case GEN_TOKEN_OPEN_LIST:
    case GEN_TOKEN_OPEN_MAP:
        return parse_collection(parser, parser->token.kind == GEN_TOKEN_OPEN_MAP);
    default:
        return refuse(parser, true,
                      parser->before.size == 0 && parser->token.kind == GEN_TOKEN_END
                          ? "an expression such as a == 1"
                          : "a value");
    }
}

/* target.name, target.?name, target.name(...), on the dot */
static struct gen_tree *parse_select(struct parser *parser, struct gen_tree *target)
{
    bool optional = advance(parser) && skip(parser, GEN_TOKEN_QUESTION);
    struct gen_token name = parser->token;
    struct gen_tree *tree;

    if (parser->growth.status != GEN_OK) {
        return NULL;
    }
    if (!at(parser, GEN_TOKEN_NAME) && !at(parser, GEN_TOKEN_QUOTED)) {
        bool word = name.kind >= GEN_TOKEN_TRUE && name.kind <= GEN_TOKEN_IN;

        return refuse(parser, true,
                      word ? "a field after '.' that is not true, false, null or in (write m['in'])"
                      : target->kind == GEN_TREE_LITERAL
                          ? "a method after '.' (a double has a digit behind its point: 7.0)"
                          : "a field or method after '.'");
    }
    if (!advance(parser)) {
        return NULL;
    }
    if (at(parser, GEN_TOKEN_OPEN)) {
        if (optional || name.kind == GEN_TOKEN_QUOTED) {
            return refuse(parser, false,
                          optional ? "no call after '.?', which reads a field"
                                   : "no call of a quoted name, which is a field");
        }
        return parse_call(parser, &name, target, false);
    }
    tree = gen_growth_unary(&parser->growth, GEN_TREE_SELECT, name.offset, target);
    if (tree != NULL) {
        tree->name = copy_name(parser, &name);
        tree->optional = optional;
        tree = tree->name != NULL ? tree : NULL;
    }
    return tree;
}

/* target[index], target[?index], on the bracket */
static struct gen_tree *parse_index(struct parser *parser, struct gen_tree *target)
{
    uint32_t open = parser->token.offset;
    bool optional = advance(parser) && skip(parser, GEN_TOKEN_QUESTION);
    struct gen_tree *index = parser->growth.status == GEN_OK ? parse_expression(parser) : NULL;
    struct gen_tree *tree;

    if (index == NULL) {
        return NULL;
    }
    if (!at(parser, GEN_TOKEN_CLOSE_LIST)) {
        refuse_close(parser, "']' to close", open);
        return NULL;
    }
    if (!advance(parser)) {
        return NULL;
    }
    tree = gen_growth_binary(&parser->growth, GEN_TREE_INDEX, open, target, index);
    if (tree != NULL) {
        tree->optional = optional;
    }
    return tree;
}

/* A value and all that hangs on it by dots and brackets. */
static struct gen_tree *parse_member(struct parser *parser, bool negative)
{
    struct gen_tree *tree = parse_primary(parser, negative);

    while (tree != NULL) {
        switch (parser->token.kind) {
        case GEN_TOKEN_DOT:
            tree = parse_select(parser, tree);
            break;
        case GEN_TOKEN_OPEN_LIST:
            tree = parse_index(parser, tree);
            break;
        case GEN_TOKEN_OPEN:
            return refuse(parser, false,
                          "an operator: only a name can be called, as in f(x) or x.f()");
        case GEN_TOKEN_OPEN_MAP:
            return refuse(
                parser, false,
                "an operator: there are no messages such as Name{field: 1} here (a map is "
                "written {'key': value})");
        default:
            return tree;
        }
    }
    return NULL;
}

static bool at_number(const struct parser *parser)
{
    return at(parser, GEN_TOKEN_INT) || at(parser, GEN_TOKEN_DOUBLE);
}

/* !!a or --a; the last minus sign in front of a number belongs to the number. */
static struct gen_tree *parse_unary(struct parser *parser)
{
    enum gen_token_kind sign = parser->token.kind;
    uint32_t first = parser->growth.pending_count;
    bool negative = false;
    struct gen_tree *tree;
    uint32_t last = 0;

    if (sign != GEN_TOKEN_NOT && sign != GEN_TOKEN_MINUS) {
        return parse_member(parser, false);
    }
    while (at(parser, sign)) {
        if (parser->growth.pending_count - first >= GEN_PARSER_DEEPEST) {
            return gen_growth_refuse(&parser->growth, parser->token.offset, GEN_ELIMIT,
                                     "more than %d signs in front of a value", GEN_PARSER_DEEPEST);
        }
        last = parser->token.offset;
        if (!push(parser, NULL, last) || !advance(parser)) {
            return NULL;
        }
    }
    if (sign == GEN_TOKEN_MINUS && at_number(parser)) {
        negative = true;
        parser->growth.pending_count--;
    } else if (sign == GEN_TOKEN_NOT && at(parser, GEN_TOKEN_MINUS)) {
        last = parser->token.offset;
        negative = advance(parser) && at_number(parser);
        if (!negative) {
            return refuse(parser, true, "a number after '!-' (write !(-a) otherwise)");
        }
    } else if (at(parser, GEN_TOKEN_NOT)) {
        return refuse(parser, true, "a value after '-' (write -(!a) if it is meant)");
    }
    tree = parse_member(parser, negative);
    if (tree != NULL && negative && tree->kind == GEN_TREE_LITERAL) {
        tree->offset = last;
    }
    while (tree != NULL && parser->growth.pending_count > first) {
        parser->growth.pending_count--;
        tree = gen_growth_unary(&parser->growth,
                                sign == GEN_TOKEN_NOT ? GEN_TREE_NOT : GEN_TREE_NEGATE,
                                parser->growth.pending[parser->growth.pending_count].offset, tree);
    }
    return tree;
}

static const struct operator_row *find_operator(enum gen_token_kind token)
{
    const struct operator_row *row = operators;

    while (row->level != 0 && row->token != token) {
        row++;
    }
    return row;
}

static struct gen_tree *parse_binary(struct parser *parser, uint32_t least);

/* left && b && c ..., on the operator */
static struct gen_tree *parse_chain(struct parser *parser, struct gen_tree *left,
                                    const struct operator_row *row)
{
    uint32_t first = parser->growth.pending_count;
    uint32_t offset = parser->token.offset;

    if (!push(parser, left, offset)) {
        return NULL;
    }
    while (at(parser, row->token)) {
        struct gen_tree *term = advance(parser) ? parse_binary(parser, row->level + 1) : NULL;

        if (term == NULL || !push(parser, term, offset)) {
            return NULL;
        }
    }
    return gen_growth_gather(&parser->growth, row->kind, offset, first);
}

/* Operators that bind at least as tightly as `least`. */
static struct gen_tree *parse_binary(struct parser *parser, uint32_t least)
{
    struct gen_tree *left = parse_unary(parser);
    const struct operator_row *row = find_operator(parser->token.kind);

    while (left != NULL && row->level >= least) {
        if (row->kind == GEN_TREE_AND || row->kind == GEN_TREE_OR) {
            left = parse_chain(parser, left, row);
        } else {
            uint32_t offset = parser->token.offset;
            struct gen_tree *right = advance(parser) ? parse_binary(parser, row->level + 1) : NULL;

            left = gen_growth_binary(&parser->growth, row->kind, offset, left, right);
        }
        row = find_operator(parser->token.kind);
    }
    return left;
}

/* condition ? a : b, on the question mark */
static struct gen_tree *parse_choice(struct parser *parser, struct gen_tree *condition)
{
    uint32_t first = parser->growth.pending_count;
    uint32_t offset = parser->token.offset;
    struct gen_tree *branch = advance(parser) ? parse_binary(parser, LEVEL_LOWEST) : NULL;

    if (branch == NULL || !push(parser, condition, offset) || !push(parser, branch, offset)) {
        return NULL;
    }
    if (!at(parser, GEN_TOKEN_COLON)) {
        bool dot = parser->lexer.text[offset + 1] == '.'; /* a value is behind it: it is no end */

        refuse_close(parser,
                     at(parser, GEN_TOKEN_QUESTION) ? "':', or parentheses around the inner ?:, of"
                     : dot                          ? "':' (an optional field is written a.?b) of"
                                                    : "':' of",
                     offset);
        return NULL;
    }
    branch = advance(parser) ? parse_expression(parser) : NULL;
    if (branch == NULL || !push(parser, branch, offset)) {
        return NULL;
    }
    return gen_growth_gather(&parser->growth, GEN_TREE_CONDITIONAL, offset, first);
}

static struct gen_tree *parse_expression(struct parser *parser)
{
    struct gen_tree *tree;

    if (parser->depth >= GEN_PARSER_DEEPEST) {
        return gen_growth_refuse(&parser->growth, parser->token.offset, GEN_ELIMIT,
                                 "the expression is nested more than %d deep; split it",
                                 GEN_PARSER_DEEPEST);
    }
    parser->depth++;
    tree = parse_binary(parser, LEVEL_LOWEST);
    if (tree != NULL && at(parser, GEN_TOKEN_QUESTION)) {
        tree = parse_choice(parser, tree);
    }
    parser->depth--;
    return tree;
}

enum gen_status gen_parser_parse(const char *text, size_t size, struct gen_arena *arena,
                                 struct gen_tree **out, struct gen_error *err)
{
    struct parser parser = {.lexer = {.text = text, .size = (uint32_t)size}};
    struct gen_tree *tree;
    size_t bad = 0;

    if (size > GEN_PARSER_LONGEST) {
        parser.lexer.size = GEN_PARSER_LONGEST;
        return gen_lexer_refuse(&parser.lexer, GEN_PARSER_LONGEST, err, GEN_ELIMIT,
                                "the expression is longer than %d bytes", GEN_PARSER_LONGEST);
    }
    if (!gen_utf8_valid(text, size, &bad)) {
        return gen_lexer_refuse(&parser.lexer, (uint32_t)bad, err, GEN_EINVAL,
                                "expected UTF-8, found the byte 0x%02X",
                                (unsigned)(unsigned char)text[bad]);
    }
    parser.growth = (struct gen_growth){
        .lexer = &parser.lexer,
        .arena = arena,
        .err = err,
        .deepest = GEN_PARSER_DEEPEST,
        .most = GEN_PARSER_MOST,
    };
    tree = advance(&parser) ? parse_expression(&parser) : NULL;
    if (tree != NULL && !at(&parser, GEN_TOKEN_END)) {
        tree = refuse(&parser, false, "an operator or the end of the expression");
    }
    if (tree == NULL) {
        return parser.growth.status;
    }
    *out = tree;
    return GEN_OK;
}

void gen_parser_place(const char *text, size_t size, uint32_t offset, uint32_t *line,
                      uint32_t *column)
{
    struct gen_lexer lexer = {.text = text, .size = (uint32_t)size};

    gen_lexer_place(&lexer, offset, line, column);
}
