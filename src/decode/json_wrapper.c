/* See json_wrapper.h. */
#include "decode/json_wrapper.h"

#include "base/base.h"
#include "decode/json_scan.h"
#include "decode/json_time.h"

/* Members before the list that are looked at. */
#define WRAPPER_MEMBERS_MAX 32
/* Objects around the list. */
#define WRAPPER_DEPTH_MAX 3

static const slice wrapper_lists[] = {S_INIT("records"), S_INIT("events"), S_INIT("logEvents"),
    S_INIT("hits"), S_INIT("logs"), S_INIT("items"), S_INIT("entries"), S_INIT("results"),
    S_INIT("value"), S_INIT("data"), S_INIT("rows"), S_INIT("resources"), S_INIT("authlogs")};
static const slice wrapper_objects[] = {
    S_INIT("hits"), S_INIT("data"), S_INIT("result"), S_INIT("response")};
/* Objects that may stand before the list. */
static const slice wrapper_extras[] = {S_INIT("_shards"), S_INIT("total"), S_INIT("meta"),
    S_INIT("metadata"), S_INIT("pagination"), S_INIT("ResponseMetadata")};

static bool wrapper_in(slice name, const slice *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_nocase(name, names[i]))
            return true;
    return false;
}

#define WRAPPER_IN(name, table) wrapper_in(name, table, sizeof(table) / sizeof((table)[0]))

static slice wrapper_skip_space(slice text)
{
    while (text.len > 0 && byte_is_space(text.at[0]))
        text = slice_from(text, 1);
    return text;
}

/* Cuts `"name":` off. */
static bool wrapper_name(slice *rest, slice *name)
{
    slice text = wrapper_skip_space(*rest);
    if (text.len == 0 || text.at[0] != '"')
        return false;
    text = slice_from(text, 1);
    *name = slice_first(text, slice_find_byte(text, '"'));
    text = wrapper_skip_space(slice_from(text, name->len + 1));
    if (text.len == 0 || text.at[0] != ':' || slice_find_byte(*name, '\\') < name->len)
        return false;
    *rest = wrapper_skip_space(slice_from(text, 1));
    return true;
}

/* Cuts one value and the comma behind it off. */
static bool wrapper_value(slice *rest)
{
    struct json_scan scan = json_scan_begin();
    size_t taken;
    if (json_scan_feed(&scan, *rest, &taken) != JSON_SCAN_DONE)
        return false;
    slice text = wrapper_skip_space(slice_from(*rest, taken));
    if (text.len == 0 || text.at[0] != ',')
        return false;
    *rest = slice_from(text, 1);
    return true;
}

struct json_wrapper json_wrapper_find(slice front)
{
    const struct json_wrapper none = {0};
    slice rest = slice_from(front, 1);
    slice name;
    size_t depth = 1;
    bool first = true;
    for (size_t i = 0; i < WRAPPER_MEMBERS_MAX && wrapper_name(&rest, &name) && rest.len > 0; i++) {
        char opener = rest.at[0];
        slice inside = wrapper_skip_space(slice_from(rest, 1));
        if (opener == '[' && inside.len > 0 && inside.at[0] == '{') {
            bool named = WRAPPER_IN(name, wrapper_lists);
            return named || (first && depth == 1) ? (struct json_wrapper){.found = true,
                                                        .named = named,
                                                        .at = (size_t)(rest.at - front.at),
                                                        .depth = depth}
                                                  : none;
        }
        if (opener == '{' && depth < WRAPPER_DEPTH_MAX && WRAPPER_IN(name, wrapper_objects)) {
            depth++;
            rest = slice_from(rest, 1);
            continue;
        }
        bool record =
            json_time_is_name(name) || (opener == '{' && !WRAPPER_IN(name, wrapper_extras));
        if (record || !wrapper_value(&rest))
            return none;
        first = false;
    }
    return none;
}
