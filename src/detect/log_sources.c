/* See log_sources.h. */
#include "detect/log_sources.h"

#include "base/base.h"
#include "detect/sigma_detection.h"
#include "detect/sigma_texts.h"

/* --- reading the mapping --- */

static enum result log_renames_load(
    struct sigma_loader *loader, const struct yaml_node *root, struct log_place *place)
{
    const struct yaml_node *fields = yaml_get(root, S("fields"));
    if (fields == NULL)
        return RESULT_OK;
    if (fields->type != YAML_MAPPING)
        return SIGMA_REFUSE(loader, fields, TEXT_SIGMA_MAPPING, ARG("fields"));
    struct log_rename *renames = ARENA_ARRAY(loader->arena, struct log_rename, fields->count);
    for (size_t i = 0; i < fields->count; i++) {
        renames[i].rule = arena_copy(loader->arena, fields->keys[i]->text);
        enum result result =
            sigma_texts_one(loader, fields, fields->keys[i]->text, &renames[i].event);
        if (result != RESULT_OK)
            return result;
        if (renames[i].event.len == 0)
            return SIGMA_REFUSE(loader, fields->items[i], TEXT_SIGMA_VALUE_TYPE);
    }
    place->renames = renames;
    place->rename_count = fields->count;
    return RESULT_OK;
}

static enum result log_place_load(
    struct sigma_loader *loader, const struct yaml_node *root, struct log_place *place)
{
    const struct yaml_node *where = yaml_get(root, S("where"));
    bool given;
    if (where == NULL)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("where"));
    for (size_t i = 0; i < root->count; i++) {
        slice key = root->keys[i]->text;
        if (!slice_equal(key, S("where")) && !slice_equal(key, S("fields")) &&
            !slice_equal(key, S("wider")))
            return SIGMA_REFUSE(loader, root->keys[i], TEXT_SIGMA_KEY_UNKNOWN, ARG(key));
    }
    enum result result = sigma_detection_selection(loader, where, NULL, &place->where);
    if (result == RESULT_OK)
        result = log_renames_load(loader, root, place);
    if (result == RESULT_OK)
        result = sigma_texts_bool(loader, root, S("wider"), &place->wider, &given);
    return result;
}

static enum result log_entry_load(
    struct sigma_loader *loader, const struct yaml_node *root, struct log_entry *entry)
{
    const struct yaml_node *places = yaml_get(root, S("places"));
    slice vector;
    enum result result = sigma_texts_one(loader, root, S("product"), &entry->product);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, root, S("category"), &entry->category);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, root, S("service"), &entry->service);
    if (result == RESULT_OK)
        result = sigma_texts_one(loader, root, S("vector"), &vector);
    if (result != RESULT_OK)
        return result;
    if (!slice_is_absent(vector) && !rule_vector_parse(vector, &entry->vector))
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_WORD, ARG("vector"), ARG(vector));
    if (places == NULL || places->type != YAML_SEQUENCE || places->count > LOG_SOURCE_PLACES_MAX)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("places"));
    entry->places = ARENA_ARRAY(loader->arena, struct log_place, places->count);
    entry->place_count = places->count;
    for (size_t i = 0; i < places->count && result == RESULT_OK; i++)
        result = log_place_load(loader, places->items[i], &entry->places[i]);
    return result;
}

enum result log_sources_load(struct sigma_loader *loader, slice yaml, struct log_sources *sources)
{
    struct yaml_reader *reader = yaml_open(yaml);
    const struct yaml_node *root = NULL;
    uint32_t line = 0;
    enum result result = yaml_next(reader, loader->scratch, &root, &line, loader->err);
    yaml_close(reader);
    if (result == RESULT_END)
        return RESULT_OK;
    if (result != RESULT_OK)
        return result;
    const struct yaml_node *entries = yaml_get(root, S("log_sources"));
    if (entries == NULL || entries->type != YAML_SEQUENCE)
        return SIGMA_REFUSE(loader, root, TEXT_SIGMA_MISSING, ARG("log_sources"));
    sources->entries = ARENA_ARRAY(loader->arena, struct log_entry, entries->count);
    sources->count = entries->count;
    for (size_t i = 0; i < entries->count && result == RESULT_OK; i++)
        result = log_entry_load(loader, entries->items[i], &sources->entries[i]);
    return result;
}

/* --- finding places --- */

static bool log_attribute_fits(slice entry, slice rule, unsigned *named)
{
    if (slice_is_absent(entry))
        return true;
    (*named)++;
    return !slice_is_absent(rule) && slice_equal_nocase(entry, rule);
}

/* How many attributes the entry names, when all of them are the rule's; else 0. */
static unsigned log_entry_fits(const struct log_entry *entry, const struct rule *rule)
{
    unsigned named = 0;
    bool fits = log_attribute_fits(entry->product, rule->product, &named) &&
                log_attribute_fits(entry->category, rule->category, &named) &&
                log_attribute_fits(entry->service, rule->service, &named);
    return fits ? named : 0;
}

enum log_aspect { LOG_CATEGORY, LOG_SERVICE, LOG_PRODUCT };

static bool log_entry_is_about(const struct log_entry *entry, enum log_aspect aspect)
{
    if (aspect == LOG_CATEGORY)
        return !slice_is_absent(entry->category);
    if (aspect == LOG_SERVICE)
        return !slice_is_absent(entry->service);
    return slice_is_absent(entry->category) && slice_is_absent(entry->service);
}

/* The entry about the aspect that names most of the rule's log source; NULL when there is none. */
static const struct log_entry *log_best(
    const struct log_sources *sources, const struct rule *rule, enum log_aspect aspect)
{
    const struct log_entry *best = NULL;
    unsigned most = 0;
    for (size_t i = 0; i < sources->count; i++) {
        const struct log_entry *entry = &sources->entries[i];
        unsigned named = log_entry_fits(entry, rule);
        if (named > most && log_entry_is_about(entry, aspect)) {
            best = entry;
            most = named;
        }
    }
    return best;
}

static void log_found_add(struct log_found *found, const struct log_place *place,
    const struct log_place *also, bool wider)
{
    bool is_wider = place->wider || (also != NULL && also->wider);
    if ((is_wider && !wider) || found->count == LOG_SOURCE_PLACES_MAX)
        return;
    struct log_place *to = &found->places[found->count++];
    *to = *place;
    to->wider = is_wider;
    if (also == NULL)
        return;
    to->also = also->where;
    if (to->rename_count == 0) {
        to->renames = also->renames;
        to->rename_count = also->rename_count;
    }
}

static void log_found_entries(struct log_found *found, const struct log_entry *entry,
    const struct log_entry *also, bool wider)
{
    for (size_t i = 0; i < entry->place_count; i++) {
        if (also == NULL)
            log_found_add(found, &entry->places[i], NULL, wider);
        for (size_t k = 0; also != NULL && k < also->place_count; k++)
            log_found_add(found, &entry->places[i], &also->places[k], wider);
    }
    found->vector = entry->vector;
    if (found->vector == RULE_VECTOR_UNKNOWN && also != NULL)
        found->vector = also->vector;
    found->mapped = true;
}

/* An item `field: values`, where a value may have wildcards. */
static struct sigma_node *log_item(
    struct arena *arena, slice field, const slice *values, size_t count)
{
    struct sigma_node *node = ARENA_NEW(arena, struct sigma_node);
    node->type = SIGMA_ITEM;
    node->item = ARENA_NEW(arena, struct sigma_item);
    node->item->field = arena_copy(arena, field);
    node->item->values = ARENA_ARRAY(arena, struct sigma_value, count);
    node->item->count = count;
    for (size_t i = 0; i < count; i++)
        node->item->values[i] = (struct sigma_value){.type = SIGMA_TEXT, .text = values[i]};
    return node;
}

static slice log_dataset(struct arena *arena, slice module, slice name)
{
    struct buf out;
    size_t len = module.len + 1 + name.len;
    buf_init_fixed(&out, arena_bytes(arena, len), len);
    buf_append(&out, module);
    buf_append_byte(&out, '.');
    buf_append(&out, name);
    return buf_slice(&out);
}

/* Without an entry the names speak for themselves, as ECS uses them: the product is the module, the
 * service or category the dataset. */
static void log_found_by_name(struct log_found *found, const struct rule *rule, struct arena *arena)
{
    struct sigma_node *parts[3];
    size_t count = 0;
    slice names[] = {rule->category, rule->service};
    if (!slice_is_absent(rule->product))
        parts[count++] = log_item(arena, S("event.module"), &rule->product, 1);
    for (size_t i = 0; i < 2; i++) {
        if (slice_is_absent(names[i]))
            continue;
        slice values[] = {names[i], log_dataset(arena, S("*"), names[i])};
        parts[count++] = log_item(arena, S("event.dataset"), values, 2);
    }
    struct sigma_node *where = ARENA_NEW(arena, struct sigma_node);
    where->type = SIGMA_AND;
    where->children = ARENA_ARRAY(arena, struct sigma_node *, count);
    where->count = count;
    for (size_t i = 0; i < count; i++)
        where->children[i] = parts[i];
    found->places[found->count++] = (struct log_place){.where = where};
}

void log_sources_find(const struct log_sources *sources, const struct rule *rule, bool wider,
    struct arena *arena, struct log_found *found)
{
    const struct log_entry *category = log_best(sources, rule, LOG_CATEGORY);
    const struct log_entry *service = log_best(sources, rule, LOG_SERVICE);
    bool by_product = slice_is_absent(rule->category) && slice_is_absent(rule->service);
    const struct log_entry *product = by_product ? log_best(sources, rule, LOG_PRODUCT) : NULL;
    found->count = 0;
    found->vector = RULE_VECTOR_UNKNOWN;
    found->mapped = false;
    if (category == service)
        service = NULL;
    if (category != NULL)
        log_found_entries(found, category, service, wider);
    else if (service != NULL)
        log_found_entries(found, service, NULL, wider);
    else if (product != NULL)
        log_found_entries(found, product, NULL, wider);
    else
        log_found_by_name(found, rule, arena);
}
