/* See product.h, and the files product_*.c, each one step: pattern → shape tree, names and words
 * (what is looked up), view (an event by them), when (conditions, index), table, reader and load
 * (YAML → model), apply, derive. */
#include "decode/product.h"

#include <stdlib.h>

#include "base/base.h"
#include "base/embed.h"
#include "decode/product_load.h"

struct products *products_new_empty(void)
{
    struct products *products = calloc(1, sizeof(*products));
    ASSERT(products != NULL);
    product_names_init(&products->names, &products->arena);
    products->values.fold = true;
    products->by_match.prefixes.fold = true;
    products->by_when.prefixes.fold = true;
    /* The group of definitions without `match`. */
    products->groups =
        arena_grow(&products->arena, NULL, &products->group_capacity, sizeof(struct product_group));
    products->group_count = 1;
    return products;
}

static enum result product_add_document(struct products *products, slice path,
    struct yaml_reader *reader, struct arena *arena, struct error *err)
{
    const struct yaml_node *root;
    const struct yaml_node *more;
    uint32_t line;
    struct error why;
    enum result result = yaml_next(reader, arena, &root, &line, &why);
    if (result == RESULT_END)
        return error_set(err, RESULT_MALFORMED, TEXT_PRODUCT_EMPTY, ARG(path));
    if (result != RESULT_OK)
        return error_set(err, result, TEXT_PRODUCT_YAML, ARG(path), ARG(error_message(&why)));
    if (yaml_next(reader, arena, &more, &line, &why) != RESULT_END)
        return error_set(err, RESULT_MALFORMED, TEXT_PRODUCT_DOCUMENTS, ARG(path), ARG(line));
    return product_load(products, path, root, err);
}

enum result products_add(struct products *products, slice path, slice yaml, struct error *err)
{
    struct arena arena = {0};
    struct yaml_reader *reader = yaml_open(yaml);
    enum result result = product_add_document(products, path, reader, &arena, err);
    yaml_close(reader);
    arena_free(&arena);
    return result;
}

static bool product_is_among(slice name, const slice *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(names[i], name))
            return true;
    return false;
}

/* decoders/NAME.yml; false for other files. */
static bool product_shipped_name(slice path, slice *name)
{
    static const slice folder = S_INIT("decoders/");
    if (!slice_starts(path, folder) || !slice_ends(path, S(".yml")))
        return false;
    *name = slice_sub(path, folder.len, path.len - folder.len - 4);
    return true;
}

void products_add_shipped(struct products *products, const slice *but, size_t but_count,
    void (*refused)(void *context, const struct error *why), void *context)
{
    size_t count;
    const struct embed_file *files = embed_files(&count);
    for (size_t i = 0; i < count; i++) {
        struct error why;
        slice path = slice_from_cstr(files[i].path), name;
        if (!product_shipped_name(path, &name) || product_is_among(name, but, but_count) ||
            products_has(products, name))
            continue;
        if (products_add(products, path, files[i].content, &why) == RESULT_OK)
            products->definitions[products->definition_count - 1].shipped = true;
        else if (refused != NULL)
            refused(context, &why);
    }
}

enum result products_new(struct products **products,
    void (*refused)(void *context, const struct error *why), void *context, struct error *err)
{
    struct products *made = products_new_empty();
    (void)err;
    products_add_shipped(made, NULL, 0, refused, context);
    *products = made;
    return RESULT_OK;
}

slice products_name_of(struct arena *arena, slice yaml)
{
    struct arena scratch = {0};
    struct yaml_reader *reader = yaml_open(yaml);
    const struct yaml_node *root;
    struct error why;
    uint32_t line;
    slice name = S("");
    if (yaml_next(reader, &scratch, &root, &line, &why) == RESULT_OK) {
        const struct yaml_node *product = yaml_get(root, S("product"));
        if (yaml_is_scalar(product))
            name = arena_copy(arena, product->text);
    }
    yaml_close(reader);
    arena_free(&scratch);
    return name;
}

bool products_list(const struct products *products, size_t index, struct product_listing *listing)
{
    if (index >= products->definition_count)
        return false;
    const struct product_definition *definition = &products->definitions[index];
    *listing = (struct product_listing){.name = definition->name,
        .path = definition->path,
        .module = definition->module,
        .dataset = definition->dataset,
        .shapes = definition->shape_count,
        .examples = definition->example_count,
        .shipped = definition->shipped};
    return true;
}

static void product_finish_groups(struct products *products)
{
    for (uint32_t i = 0; i < products->group_count; i++) {
        struct product_group *group = &products->groups[i];
        product_shape_finish(&group->tree, &products->arena);
        if (group->match.count > 0)
            product_when_index_add(&products->by_match, &products->arena, &group->match, i);
    }
}

/* The entries of `map` in the order in which they run. */
static void product_finish_steps(struct products *products)
{
    struct product_step *ordered =
        ARENA_ARRAY(&products->arena, struct product_step, products->step_count);
    uint32_t count = 0;
    for (int general = 0; general < 2; general++)
        for (size_t i = 0; i < products->step_count; i++)
            if (products->definitions[products->steps[i].definition].general == (general == 1))
                ordered[count++] = products->steps[i];
    products->steps = ordered;
    for (uint32_t i = 0; i < count; i++) {
        const struct product_step *step = &ordered[i];
        struct when_range *range = &products->definitions[step->definition].steps;
        *range = (struct when_range){range->to == 0 ? i : range->from, i + 1};
        if (step->when.count > 0 && product_when_list_is_indexable(&step->when))
            product_when_index_add(&products->by_when, &products->arena, &step->when, i);
        else
            product_when_items_add(
                &products->definitions[step->definition].plain_steps, &products->arena, i);
    }
}

void products_finish(struct products *products)
{
    ASSERT(!products->finished);
    product_finish_groups(products);
    product_finish_steps(products);
    products->finished = true;
}

bool products_has(const struct products *products, slice name)
{
    for (size_t i = 0; i < products->definition_count; i++)
        if (slice_equal(products->definitions[i].name, name))
            return true;
    return false;
}

void products_free(struct products *products)
{
    if (products == NULL)
        return;
    arena_free(&products->arena);
    free(products);
}
