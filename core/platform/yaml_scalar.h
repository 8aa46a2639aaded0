/* yaml_scalar.h - what an unquoted YAML scalar means in the core schema of YAML 1.2.
 *
 * It knows no document and no place; platform/yaml_reader.h does.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/yaml_reader_test.c
 */
#ifndef GEN_PLATFORM_YAML_SCALAR_H
#define GEN_PLATFORM_YAML_SCALAR_H

#include "base/node.h"

/* `text` (size bytes and a NUL) is in the arena already; a number's lexeme points at it. NULL when
 * the arena has failed. */
struct gen_node *gen_yaml_scalar_plain(struct gen_arena *arena, const char *text, size_t size);

/* The type that a resolved tag asks for; GEN_NODE_NONE outside the core schema. */
enum gen_node_type gen_yaml_scalar_tag(const char *tag);

#endif
