/* See field.h. */
#include "event/field.h"

static const struct field fields[] = {
#define FIELD(id, name, type, holds) {S_INIT(name), FIELD_##type, S_INIT(holds)},
#include "event/fields.def"
#undef FIELD
};

const struct field *field_table(size_t *count)
{
    *count = sizeof(fields) / sizeof(fields[0]);
    return fields;
}

bool field_is_of_ecs(slice name)
{
    /* ECS 8.11, "Field sets" that stand at the top, and "Base fields". */
    static const slice sets[] = {S_INIT("@timestamp"), S_INIT("agent"), S_INIT("client"),
        S_INIT("cloud"), S_INIT("container"), S_INIT("data_stream"), S_INIT("destination"),
        S_INIT("device"), S_INIT("dll"), S_INIT("dns"), S_INIT("ecs"), S_INIT("email"),
        S_INIT("error"), S_INIT("event"), S_INIT("faas"), S_INIT("file"), S_INIT("group"),
        S_INIT("hash"), S_INIT("host"), S_INIT("http"), S_INIT("labels"), S_INIT("log"),
        S_INIT("message"), S_INIT("network"), S_INIT("observer"), S_INIT("orchestrator"),
        S_INIT("organization"), S_INIT("os"), S_INIT("package"), S_INIT("process"),
        S_INIT("registry"), S_INIT("related"), S_INIT("rule"), S_INIT("server"), S_INIT("service"),
        S_INIT("source"), S_INIT("span"), S_INIT("tags"), S_INIT("threat"), S_INIT("tls"),
        S_INIT("trace"), S_INIT("transaction"), S_INIT("url"), S_INIT("user"), S_INIT("user_agent"),
        S_INIT("vlan"), S_INIT("volume"), S_INIT("vulnerability")};
    slice set = slice_first(name, slice_find_byte(name, '.'));
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]) && set.len > 0; i++)
        if (sets[i].at[0] == set.at[0] && slice_equal(sets[i], set))
            return true;
    return false;
}

const struct field *field_find(slice name)
{
    size_t low = 0, high = sizeof(fields) / sizeof(fields[0]);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(fields[middle].name, name);
        if (order == 0)
            return &fields[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
