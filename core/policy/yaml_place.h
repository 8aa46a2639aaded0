/* yaml_place.h - where in a YAML file a character of a text stands, however the text is written there.
 *
 * A value in quotes, over several lines or behind | or > is not in the file as it reads; an error inside an
 * expression must still point at the right column. The raw text is aligned with what it reads as.
 * It is NOT a YAML reader (platform/yaml_reader.h).
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/yaml_place_test.c
 */
#ifndef GEN_POLICY_YAML_PLACE_H
#define GEN_POLICY_YAML_PLACE_H

#include "base/node.h"

/* The place (1-based, column in characters) of the byte `offset` of `value` (size bytes), which was read
 * from `node` of the file `text`. Blank space has the place of the end of what stands before it. false,
 * and the place of the node, when the two cannot be aligned. */
bool gen_yaml_place(const char *text, size_t text_size, const struct gen_node *node,
                    const char *value, size_t size, size_t offset, uint32_t *line,
                    uint32_t *column);

#endif
