/* YAML: every text is read to its end or refused with a line inside the text and words that say
 * why; nodes lie inside the text, and no document is larger than its limits say. */
#include "wire/yaml.h"
#include "base/assert.h"
#include "fuzz.h"

/* libfyaml 0.7 forgets the buffer of some texts that it refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static size_t nodes;

static void check_node(const struct yaml_node *node, uint32_t lines, size_t depth)
{
    ASSERT(depth <= YAML_DEPTH_MAX && ++nodes <= YAML_NODES_MAX);
    ASSERT(node->line >= 1 && node->line <= lines && node->column >= 1);
    for (size_t i = 0; i < node->count; i++) {
        if (node->type == YAML_MAPPING) {
            ASSERT(node->keys[i]->type == YAML_SCALAR);
            ASSERT(yaml_get(node, node->keys[i]->text) == node->items[i]);
        }
        check_node(node->items[i], lines, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct error err = {0};
    const struct yaml_node *root;
    uint32_t lines = 2;
    uint32_t line = 0;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r' || data[i] >= 0x80; /* NEL, LS, PS end lines */
    struct yaml_reader *reader = yaml_open(slice_make(data, size));
    enum result result;
    while ((result = yaml_next(reader, &arena, &root, &line, &err)) == RESULT_OK) {
        nodes = 0;
        check_node(root, lines, 0);
    }
    if (result != RESULT_END)
        ASSERT(line >= 1 && line <= lines && error_message(&err).len > 0);
    ASSERT(yaml_next(reader, &arena, &root, &line, &err) == RESULT_END);
    yaml_close(reader);
    arena_free(&arena);
    return 0;
}
