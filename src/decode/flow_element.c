/* See flow_element.h. IANA's elements are found by their id, the others by bisection: both only
 * when a template is learned, never for a record. Native names are made from IANA's rather than
 * written beside them, so that 800 lines cannot disagree; they are those that Elastic's and other
 * collectors use, and rules for flows are written with. */
#include "decode/flow_element.h"

#include "base/base.h"

#define FLOW_ELEMENT_IANA_MAX 1024
/* In NetFlow v9: Cisco's elements, and ntop's, have these added to their ids. */
#define FLOW_V9_CISCO 32768U
#define FLOW_V9_NTOP  57472U

struct flow_iana_element {
    slice name;
    uint8_t type;
};

static const struct flow_iana_element flow_iana[FLOW_ELEMENT_IANA_MAX] = {
#define ELEMENT(id, name, type) [id] = {S_INIT(name), FLOW_##type},
#define ENTERPRISE(number, id, name, type)
#include "decode/flow_elements.def"
#undef ELEMENT
#undef ENTERPRISE
};

struct flow_enterprise_element {
    uint32_t enterprise;
    uint16_t id;
    uint8_t type;
    slice name;
};

static const struct flow_enterprise_element flow_enterprises[] = {
#define ELEMENT(id, name, type)
#define ENTERPRISE(number, id, name, type) {number, id, FLOW_##type, S_INIT(name)},
#include "decode/flow_elements.def"
#undef ELEMENT
#undef ENTERPRISE
};

static int flow_element_order(
    const struct flow_enterprise_element *element, uint32_t enterprise, uint16_t id)
{
    if (element->enterprise != enterprise)
        return element->enterprise < enterprise ? -1 : 1;
    return element->id < id ? -1 : element->id > id;
}

bool flow_element_find(uint32_t enterprise, uint16_t id, struct flow_element *element)
{
    if ((enterprise == 0 || enterprise == FLOW_ENTERPRISE_REVERSE) && id < FLOW_ELEMENT_IANA_MAX) {
        if (slice_is_absent(flow_iana[id].name))
            return false;
        *element = (struct flow_element){flow_iana[id].name, (enum flow_type)flow_iana[id].type};
        return true;
    }
    size_t from = 0, to = sizeof(flow_enterprises) / sizeof(flow_enterprises[0]);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct flow_enterprise_element *found = &flow_enterprises[middle];
        int order = flow_element_order(found, enterprise, id);
        if (order == 0) {
            *element = (struct flow_element){found->name, (enum flow_type)found->type};
            return true;
        }
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

bool flow_element_find_v9(
    uint16_t type, uint32_t *enterprise, uint16_t *id, struct flow_element *element)
{
    static const struct {
        uint32_t enterprise;
        uint16_t above;
    } folded[] = {
        {0, 0}, {FLOW_ENTERPRISE_NTOP, FLOW_V9_NTOP}, {FLOW_ENTERPRISE_CISCO, FLOW_V9_CISCO}};
    for (size_t i = 0; i < sizeof(folded) / sizeof(folded[0]); i++) {
        uint16_t own = (uint16_t)(type - folded[i].above);
        if (type < folded[i].above || !flow_element_find(folded[i].enterprise, own, element))
            continue;
        *enterprise = folded[i].enterprise;
        *id = own;
        return true;
    }
    *enterprise = 0;
    *id = type;
    return false;
}

static bool flow_is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

/* A capital begins a word after what is none; in a run of three or more the last one does, when a
 * small letter follows (postNATSource); a run of two stays with what follows it (IPv4, MCast). */
void flow_element_append_name(struct buf *out, slice name)
{
    size_t run = 0; /* capitals up to here */
    bool joined = slice_find_byte(name, '_') < name.len;
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];
        bool upper = flow_is_upper(byte);
        bool small_follows = i + 1 < name.len && name.at[i + 1] >= 'a' && name.at[i + 1] <= 'z';
        run = upper ? run + 1 : 0;
        if (!joined && upper && i > 0 && (run == 1 || (run > 2 && small_follows)))
            buf_append_byte(out, '_');
        buf_append_byte(out, byte_lower(byte));
    }
}
