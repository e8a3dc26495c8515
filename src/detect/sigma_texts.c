/* See sigma_texts.h. */
#include "detect/sigma_texts.h"

#include "base/base.h"

enum result sigma_texts_one(
    struct sigma_loader *loader, const struct yaml_node *mapping, slice key, slice *text)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    *text = (slice){NULL, 0};
    if (node == NULL || yaml_is_null(node))
        return RESULT_OK;
    if (node->type != YAML_SCALAR)
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_SCALAR, ARG(key));
    *text = arena_copy(loader->arena, slice_trim(node->text));
    return RESULT_OK;
}

enum result sigma_texts_list(struct sigma_loader *loader, const struct yaml_node *mapping,
    slice key, slice **texts, size_t *count)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    *count = 0;
    if (node == NULL || yaml_is_null(node))
        return RESULT_OK;
    if (node->type == YAML_MAPPING)
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_LIST, ARG(key));
    bool is_list = node->type == YAML_SEQUENCE;
    size_t len = is_list ? node->count : 1;
    slice *list = ARENA_ARRAY(loader->arena, slice, len);
    for (size_t i = 0; i < len; i++) {
        const struct yaml_node *item = is_list ? node->items[i] : node;
        if (item->type != YAML_SCALAR)
            return SIGMA_REFUSE(loader, item, TEXT_SIGMA_LIST, ARG(key));
        list[i] = arena_copy(loader->arena, slice_trim(item->text));
    }
    *texts = list;
    *count = len;
    return RESULT_OK;
}

enum result sigma_texts_bool(struct sigma_loader *loader, const struct yaml_node *mapping,
    slice key, bool *value, bool *given)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    *given = node != NULL;
    *value = false;
    if (node != NULL && !yaml_to_bool(node, value))
        return SIGMA_REFUSE(loader, node, TEXT_SIGMA_BOOL, ARG(key));
    return RESULT_OK;
}
