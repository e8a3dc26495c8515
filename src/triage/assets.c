/* See assets.h. One map from normalised host names and addresses to assets. */
#include "triage/assets.h"

#include <stdlib.h>

#include "base/base.h"
#include "base/map.h"
#include "event/entity.h"
#include "wire/yaml.h"

struct asset {
    slice role;
    slice criticality;
};

struct assets {
    struct arena arena;
    struct map names; /* host or address → index into items */
    struct asset *items;
    size_t count;
};

static enum result assets_mistake(
    slice path, const struct yaml_node *node, enum text text, struct error *err)
{
    return error_set(err, RESULT_MALFORMED, text, ARG(path), ARG(node->line), ARG(node->column));
}

static slice assets_text(const struct yaml_node *mapping, slice key)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    return node != NULL && yaml_is_scalar(node) ? node->text : S("");
}

static void assets_name(struct assets *assets, slice name, size_t index)
{
    if (name.len > 0)
        *map_put(&assets->names, name, NULL) = index;
}

static enum result assets_addresses(struct assets *assets, slice path, const struct yaml_node *node,
    size_t index, struct error *err)
{
    if (yaml_is_scalar(node)) {
        slice address = entity_normal_ip(&assets->arena, node->text);
        if (slice_is_absent(address))
            return assets_mistake(path, node, TEXT_ASSETS_ADDRESS, err);
        assets_name(assets, address, index);
        return RESULT_OK;
    }
    if (node->type != YAML_SEQUENCE)
        return assets_mistake(path, node, TEXT_ASSETS_ADDRESS, err);
    for (size_t i = 0; i < node->count; i++) {
        if (!yaml_is_scalar(node->items[i]))
            return assets_mistake(path, node->items[i], TEXT_ASSETS_ADDRESS, err);
        enum result result = assets_addresses(assets, path, node->items[i], index, err);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

static enum result assets_add(
    struct assets *assets, slice path, const struct yaml_node *node, struct error *err)
{
    if (node->type != YAML_MAPPING)
        return assets_mistake(path, node, TEXT_ASSETS_ITEM, err);
    size_t index = assets->count++;
    assets->items[index] =
        (struct asset){.role = arena_copy(&assets->arena, assets_text(node, S("role"))),
            .criticality = arena_copy(&assets->arena, assets_text(node, S("criticality")))};
    slice host = entity_normal_host(&assets->arena, assets_text(node, S("host")));
    const struct yaml_node *addresses = yaml_get(node, S("ip"));
    if (host.len == 0 && addresses == NULL)
        return assets_mistake(path, node, TEXT_ASSETS_ITEM, err);
    assets_name(assets, host, index);
    return addresses == NULL ? RESULT_OK : assets_addresses(assets, path, addresses, index, err);
}

static enum result assets_fill(
    struct assets *assets, slice path, const struct yaml_node *root, struct error *err)
{
    if (root->type != YAML_SEQUENCE)
        return assets_mistake(path, root, TEXT_ASSETS_LIST, err);
    if (root->count > ASSETS_MAX)
        return error_set(err, RESULT_LIMIT, TEXT_ASSETS_MANY, ARG(path), ARG(ASSETS_MAX));
    assets->items = ARENA_ARRAY(&assets->arena, struct asset, root->count);
    for (size_t i = 0; i < root->count; i++) {
        enum result result = assets_add(assets, path, root->items[i], err);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

enum result assets_load(slice path, slice yaml, struct assets **assets, struct error *err)
{
    const struct yaml_node *root;
    struct arena arena = {0};
    uint32_t line;
    struct error why;
    struct assets *made = calloc(1, sizeof(*made));
    ASSERT(made != NULL);
    struct yaml_reader *reader = yaml_open(yaml);
    enum result result = yaml_next(reader, &arena, &root, &line, &why);
    if (result == RESULT_OK)
        result = assets_fill(made, path, root, err);
    else if (result == RESULT_END)
        result = RESULT_OK; /* an empty file: no assets */
    else
        result = error_set(err, result, TEXT_ASSETS_YAML, ARG(path), ARG(&why));
    yaml_close(reader);
    arena_free(&arena);
    if (result != RESULT_OK) {
        assets_free(made);
        return result;
    }
    *assets = made;
    return RESULT_OK;
}

void assets_free(struct assets *assets)
{
    if (assets == NULL)
        return;
    map_free(&assets->names);
    arena_free(&assets->arena);
    free(assets);
}

static const struct {
    slice field;
    bool address;
    slice role;
    slice criticality;
} assets_fields[] = {
    {S_INIT("host.name"), false, S_INIT("host.asset.role"), S_INIT("host.asset.criticality")},
    {S_INIT("source.ip"), true, S_INIT("source.asset.role"), S_INIT("source.asset.criticality")},
    {S_INIT("destination.ip"), true, S_INIT("destination.asset.role"),
        S_INIT("destination.asset.criticality")},
};

void assets_apply(const struct assets *assets, struct event *event)
{
    for (size_t i = 0; i < sizeof(assets_fields) / sizeof(assets_fields[0]); i++) {
        slice value = event_value(event, assets_fields[i].field);
        slice name = assets_fields[i].address ? entity_normal_ip(event->arena, value)
                                              : entity_normal_host(event->arena, value);
        const uint64_t *index = name.len == 0 ? NULL : map_find(&assets->names, name);
        if (index == NULL)
            continue;
        const struct asset *asset = &assets->items[*index];
        if (asset->role.len > 0)
            event_add_string(event, assets_fields[i].role, asset->role);
        if (asset->criticality.len > 0)
            event_add_string(event, assets_fields[i].criticality, asset->criticality);
    }
}
