/* See product_names.h. */
#include "decode/product_names.h"

#include "base/base.h"
#include "event/field.h"

bool product_names_is_ecs(slice name)
{
    size_t dot = slice_find_byte(name, '.');
    if (dot == name.len)
        return slice_equal(name, S("message")) || slice_equal(name, S("@timestamp")) ||
               slice_equal(name, S("tags"));
    return dot > 0 && field_is_of_ecs(name);
}

uint32_t product_names_put(struct product_names *names, struct arena *arena, slice name)
{
    size_t known = names->words.count;
    uint32_t number = product_words_put(&names->words, arena, 0, name);
    if (names->words.count == known)
        return number;
    if (number == names->capacity)
        names->items =
            arena_grow(arena, names->items, &names->capacity, sizeof(struct product_name));
    slice text = names->words.texts[number];
    names->items[number] = (struct product_name){.text = text,
        .ecs = product_names_is_ecs(text),
        .scratch = slice_starts(text, S("_")),
        .parts_ecs = field_is_of_ecs(text)};
    return number;
}

void product_names_init(struct product_names *names, struct arena *arena)
{
#define PRODUCT_NAME(id, text) S_INIT(text),
    static const slice texts[] = {PRODUCT_NAMES};
#undef PRODUCT_NAME
    for (uint32_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        ASSERT(product_names_put(names, arena, texts[i]) == i);
}
