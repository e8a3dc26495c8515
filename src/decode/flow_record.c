/* See flow_record.h. A list becomes the same field several times, under the name of the list and of
 * what is in it: netflow.sub_template_list.source_ipv4_address. That keeps every value and gives up
 * which of them stood in one record of the list; such records are no flows of their own, so they
 * get no ECS fields. */
#include "decode/flow_record.h"

#include "base/base.h"
#include "decode/flow_value.h"

#define LIST_NAME_MAX 512U
/* Of a number: the element is a vendor's, whose number follows. */
#define FIELD_ENTERPRISE 0x8000U

struct flow_list {
    struct flow_domain *domain;
    struct event *event;
    slice name; /* of the field that holds the list */
    unsigned depth;
};

static slice record_value(struct reader *reader, uint16_t len)
{
    size_t own = len;
    if (len == FLOW_LEN_VARIABLE) {
        own = reader_u8(reader);
        if (own == UINT8_MAX)
            own = reader_be16(reader);
    }
    return reader_bytes(reader, own);
}

static bool list_read(const struct flow_list *list, enum flow_type type, slice bytes);

/* A field of a list, or one that holds a list itself. */
static void list_field(const struct flow_list *list, slice name, enum flow_type type, slice bytes)
{
    struct flow_list inner = {list->domain, list->event, name, list->depth + 1};
    enum event_type event_type;
    size_t before = list->event->count;
    if (type >= FLOW_BASIC_LIST && list->depth < FLOW_LIST_DEPTH_MAX &&
        list_read(&inner, type, bytes))
        return;
    list->event->count = before; /* a list that is malformed further on is octets as a whole */
    slice text = flow_value_text(list->event->arena, type, bytes, &event_type);
    event_add(list->event, name, text, event_type);
}

/* `name` without "netflow.", "options." and so on, behind the name of the list. */
static slice list_name(const struct flow_list *list, slice own)
{
    struct buf out;
    char *memory = arena_bytes(list->event->arena, LIST_NAME_MAX);
    size_t dot = slice_find_last_byte(own, '.');
    buf_init_fixed(&out, memory, LIST_NAME_MAX);
    buf_append(&out, list->name);
    buf_append_byte(&out, '.');
    buf_append(&out, slice_from(own, dot + 1));
    arena_shrink(list->event->arena, memory, out.len);
    return buf_slice(&out);
}

/* RFC 6313, section 4.5.1: semantic, element, its length, values. */
static bool list_basic(const struct flow_list *list, struct reader *reader)
{
    char memory[LIST_NAME_MAX];
    struct buf own;
    reader_skip(reader, 1);
    uint16_t id = reader_be16(reader);
    uint16_t len = reader_be16(reader);
    uint32_t enterprise = (id & FIELD_ENTERPRISE) != 0 ? reader_be32(reader) : 0;
    if (reader->failed || len == 0)
        return false;
    buf_init_fixed(&own, memory, sizeof(memory));
    enum flow_type type = flow_domain_append_name(
        list->domain, &own, S(""), enterprise, (uint16_t)(id & ~FIELD_ENTERPRISE));
    slice name = list_name(list, buf_slice(&own));
    while (reader_left(reader) > 0) {
        slice bytes = record_value(reader, len);
        if (!reader->failed)
            list_field(list, name, type, bytes);
    }
    return !reader->failed;
}

static bool list_records(const struct flow_list *list, uint16_t id, struct reader *reader)
{
    const struct flow_template *template = flow_domain_template(list->domain, id);
    if (reader->failed || template == NULL)
        return false;
    while (reader_left(reader) > 0) {
        for (size_t i = 0; i < template->count; i++) {
            const struct flow_field *field = &template->fields[i];
            slice bytes = record_value(reader, field->len);
            if (reader->failed)
                return false;
            if (field->name.len == 0)
                continue;
            list_field(list, list_name(list, field->name), (enum flow_type)field->type, bytes);
        }
    }
    return true;
}

/* Section 4.5.3: as long as there are any, a template, the length of this part, its records. */
static bool list_multi(const struct flow_list *list, struct reader *reader)
{
    const size_t header = 4;
    reader_skip(reader, 1);
    while (reader_left(reader) > 0) {
        uint16_t id = reader_be16(reader);
        uint16_t len = reader_be16(reader);
        if (reader->failed || len < header)
            return false;
        struct reader part = reader_over(reader_bytes(reader, len - header));
        if (reader->failed || !list_records(list, id, &part))
            return false;
    }
    return !reader->failed;
}

static bool list_read(const struct flow_list *list, enum flow_type type, slice bytes)
{
    struct reader reader = reader_over(bytes);
    if (type == FLOW_BASIC_LIST)
        return list_basic(list, &reader);
    if (type == FLOW_SUB_TEMPLATE_MULTI_LIST)
        return list_multi(list, &reader);
    reader_skip(&reader, 1);
    uint16_t id = reader_be16(&reader);
    return list_records(list, id, &reader);
}

bool flow_record_read(struct flow_domain *domain, const struct flow_template *template,
    struct reader *reader, struct event *event, struct flow_slots *slots)
{
    slots->present = 0;
    for (size_t i = 0; i < template->count; i++) {
        const struct flow_field *field = &template->fields[i];
        enum flow_type type = (enum flow_type)field->type;
        enum event_type event_type;
        slice bytes = record_value(reader, field->len);
        if (reader->failed)
            return false;
        if (field->name.len == 0)
            continue;
        if (type >= FLOW_BASIC_LIST) {
            const struct flow_list outside = {domain, event, S(""), 0};
            list_field(&outside, field->name, type, bytes);
            continue;
        }
        slice text = flow_value_text(event->arena, type, bytes, &event_type);
        event_add(event, field->name, text, event_type);
        if (field->role != FLOW_ROLE_NONE && (slots->present >> field->role & 1) == 0) {
            slots->present |= UINT64_C(1) << field->role;
            slots->slots[field->role] = (struct flow_slot){bytes, text, type};
        }
    }
    return true;
}

bool flow_record_skip(const struct flow_template *template, struct reader *reader)
{
    for (size_t i = 0; i < template->count; i++)
        (void)record_value(reader, template->fields[i].len);
    return !reader->failed;
}
