/* See product_names.h. */
#include "decode/product_names.h"

#include "base/base.h"

static bool names_is_top(slice name)
{
    static const slice tops[] = {S_INIT("@timestamp"), S_INIT("agent"), S_INIT("client"),
        S_INIT("cloud"), S_INIT("container"), S_INIT("data_stream"), S_INIT("destination"),
        S_INIT("device"), S_INIT("dll"), S_INIT("dns"), S_INIT("ecs"), S_INIT("email"),
        S_INIT("error"), S_INIT("event"), S_INIT("faas"), S_INIT("file"), S_INIT("group"),
        S_INIT("hash"), S_INIT("host"), S_INIT("http"), S_INIT("log"), S_INIT("message"),
        S_INIT("network"), S_INIT("observer"), S_INIT("orchestrator"), S_INIT("organization"),
        S_INIT("os"), S_INIT("package"), S_INIT("process"), S_INIT("registry"), S_INIT("related"),
        S_INIT("rule"), S_INIT("server"), S_INIT("service"), S_INIT("source"), S_INIT("tags"),
        S_INIT("threat"), S_INIT("tls"), S_INIT("trace"), S_INIT("transaction"), S_INIT("url"),
        S_INIT("user"), S_INIT("user_agent"), S_INIT("vlan"), S_INIT("vulnerability")};
    for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
        if (tops[i].at[0] == name.at[0] && slice_equal(tops[i], name))
            return true;
    return false;
}

bool product_names_is_ecs(slice name)
{
    size_t dot = slice_find_byte(name, '.');
    if (dot == name.len)
        return slice_equal(name, S("message")) || slice_equal(name, S("@timestamp")) ||
               slice_equal(name, S("tags"));
    return dot > 0 && names_is_top(slice_first(name, dot));
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
        .parts_ecs = text.len > 0 && names_is_top(slice_first(text, slice_find_byte(text, '.')))};
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
