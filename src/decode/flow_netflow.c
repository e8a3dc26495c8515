/* See flow_netflow.h. Version 9 and IPFIX are sets of templates and of
 * records made after them, and differ in headers and in how templates are written; the records of
 * version 5 are those of a template that everybody knows. So there is one way from bytes to fields.
 *
 * A set that goes beyond the datagram is read as far as it is there: evidence is cut in captures.
 */
#include "decode/flow_netflow.h"

#include <stdlib.h>

#include "base/base.h"
#include "base/civil.h"
#include "decode/flow_record.h"
#include "decode/flow_value.h"

#define SET_HEADER          4U
#define SET_V9_TEMPLATES    0U
#define SET_V9_OPTIONS      1U
#define SET_IPFIX_TEMPLATES 2U
#define SET_IPFIX_OPTIONS   3U
#define SET_DATA            256U /* and above */
#define V5_RECORD_LEN       48U
#define FIELD_ENTERPRISE    0x8000U

/* Cisco, "NetFlow Export Datagram Format", version 5; 210: paddingOctets. */
static const struct flow_spec v5_fields[] = {{0, 8, 4}, {0, 12, 4}, {0, 15, 4}, {0, 10, 2},
    {0, 14, 2}, {0, 2, 4}, {0, 1, 4}, {0, 22, 4}, {0, 21, 4}, {0, 7, 2}, {0, 11, 2}, {0, 210, 1},
    {0, 6, 1}, {0, 4, 1}, {0, 5, 1}, {0, 16, 2}, {0, 17, 2}, {0, 9, 1}, {0, 13, 1}, {0, 210, 2}};

static void netflow_stamp(struct flow_pass *pass, int64_t export_ns)
{
    struct buf stamp;
    buf_init_fixed(&stamp, pass->stamp, sizeof(pass->stamp));
    civil_append(&stamp, export_ns);
    pass->origin.export_ns = export_ns;
    pass->origin.timestamp = buf_slice(&stamp);
}

/* --- records --- */

static enum result netflow_record(
    struct flow_pass *pass, const struct flow_template *template, struct event *event)
{
    if (template->options) {
        flow_domain_options(pass->domain, pass->slots);
        pass->origin.init_ms = flow_domain_init_ms(pass->domain);
    } else {
        struct flow_rate rate = flow_domain_rate(pass->domain, pass->slots);
        struct flow_origin origin = pass->origin;
        const struct flow_slot *init = flow_slot(pass->slots, FLOW_ROLE_INIT_TIME);
        if (init != NULL)
            origin.init_ms = flow_value_u64(init->bytes);
        flow_ecs_add(event, &origin, pass->slots, rate);
    }
    return flow_pass_emit(pass, event);
}

/* As many records as there are; what is left is padding when it is shorter than a record. */
static enum result netflow_records(
    struct flow_pass *pass, const struct flow_template *template, struct reader *set, size_t offset)
{
    while (reader_left(set) >= template->least_len) {
        size_t at = offset + set->at;
        struct event *event = flow_pass_event(pass, at);
        flow_ecs_begin(event, &pass->origin, template->options);
        if (!flow_record_read(pass->domain, template, set, event, pass->slots)) {
            pass->uncounted = true;
            flow_pass_undecoded(
                pass, RESULT_MALFORMED, TEXT_FLOW_RECORD, ARG(template->id), ARG(at));
            return RESULT_OK;
        }
        pass->records++;
        enum result result = netflow_record(pass, template, event);
        if (result != RESULT_OK)
            return result;
    }
    return RESULT_OK;
}

/* --- templates --- */

struct netflow_fields {
    size_t count;
    struct flow_spec items[FLOW_TEMPLATE_FIELDS_MAX];
};

/* Fields that are too many are counted, and the template refused for it. */
static void netflow_field(struct netflow_fields *fields, struct flow_spec field)
{
    if (fields->count < FLOW_TEMPLATE_FIELDS_MAX)
        fields->items[fields->count] = field;
    fields->count++;
}

static void netflow_read_fields(struct netflow_fields *fields, struct reader *set, size_t count,
    bool ipfix, uint32_t enterprise)
{
    for (size_t i = 0; i < count && !set->failed; i++) {
        struct flow_spec field = {.enterprise = enterprise};
        field.id = reader_be16(set);
        field.len = reader_be16(set);
        if (ipfix && (field.id & FIELD_ENTERPRISE) != 0) {
            field.enterprise = reader_be32(set);
            field.id = (uint16_t)(field.id & ~FIELD_ENTERPRISE);
        }
        netflow_field(fields, field);
    }
}

static void netflow_learn(struct flow_pass *pass, struct netflow_fields *fields,
    struct flow_template_spec *spec, bool failed)
{
    struct error why;
    spec->fields = fields->items;
    spec->count = fields->count;
    if (failed)
        flow_pass_undecoded(pass, RESULT_MALFORMED, TEXT_FLOW_TEMPLATE, ARG(spec->id));
    else if (flow_domain_learn(pass->state, pass->domain, spec, &why) != RESULT_OK)
        flow_pass_report(pass, &why);
}

/* RFC 3954, section 5.2, and section 6.1 for options, whose counts are in bytes. */
static void netflow_v9_template(struct flow_pass *pass, struct reader *set, bool options)
{
    struct netflow_fields fields = {.count = 0};
    struct flow_template_spec spec = {.options = options, .v9 = true};
    spec.id = reader_be16(set);
    size_t count = reader_be16(set);
    if (options) {
        size_t scope = count / SET_HEADER;
        count = (size_t)reader_be16(set) / SET_HEADER;
        spec.scope_count = (uint16_t)scope;
        netflow_read_fields(&fields, set, scope, false, FLOW_ENTERPRISE_SCOPE);
    }
    netflow_read_fields(&fields, set, count, false, 0);
    netflow_learn(pass, &fields, &spec, set->failed || spec.id < SET_DATA);
}

/* RFC 7011, section 3.4.1, 3.4.2, and 8.1: without fields it withdraws, all of its kind with the id
 * of the set. */
static void netflow_ipfix_template(struct flow_pass *pass, struct reader *set, bool options)
{
    struct netflow_fields fields = {.count = 0};
    struct flow_template_spec spec = {.options = options};
    spec.id = reader_be16(set);
    size_t count = reader_be16(set);
    if (count == 0 && !set->failed) {
        bool all = spec.id == (options ? SET_IPFIX_OPTIONS : SET_IPFIX_TEMPLATES);
        if (all || spec.id >= SET_DATA)
            flow_domain_withdraw(pass->state, pass->domain, all ? 0 : spec.id, options);
        return;
    }
    if (options)
        spec.scope_count = reader_be16(set);
    netflow_read_fields(&fields, set, count, true, 0);
    bool bad = set->failed || spec.id < SET_DATA || spec.scope_count > count ||
               (options && spec.scope_count == 0);
    netflow_learn(pass, &fields, &spec, bad);
}

static void netflow_templates(struct flow_pass *pass, struct reader *set, bool options)
{
    /* A template has a header as long as a set's; less is padding. So are zeros. */
    while (reader_left(set) >= SET_HEADER) {
        struct reader ahead = *set;
        if (reader_be32(&ahead) == 0)
            return;
        if (pass->origin.version == 9)
            netflow_v9_template(pass, set, options);
        else
            netflow_ipfix_template(pass, set, options);
    }
}

/* --- sets --- */

static enum result netflow_data(
    struct flow_pass *pass, uint16_t id, struct reader *set, size_t offset, unsigned ordinal)
{
    const struct flow_template *template = flow_domain_template(pass->domain, id);
    if (template != NULL)
        return netflow_records(pass, template, set, offset);
    pass->uncounted = true;
    if (ordinal < FLOW_WAITING_MAX) {
        pass->outcome->waiting |= UINT64_C(1) << ordinal;
        flow_state_count(pass->state)->waiting += pass->datagram->only == 0;
    } else {
        flow_pass_undecoded(
            pass, RESULT_UNSUPPORTED, TEXT_FLOW_NO_TEMPLATE, ARG(set->bytes.len), ARG(id));
    }
    return RESULT_OK;
}

static enum result netflow_set(
    struct flow_pass *pass, uint16_t id, struct reader *set, size_t offset, unsigned ordinal)
{
    bool v9 = pass->origin.version == 9;
    bool again = pass->datagram->only != 0;
    if (again && (ordinal >= FLOW_WAITING_MAX || (pass->datagram->only >> ordinal & 1) == 0))
        return RESULT_OK;
    if (id >= SET_DATA)
        return netflow_data(pass, id, set, offset, ordinal);
    if (id == (v9 ? SET_V9_TEMPLATES : SET_IPFIX_TEMPLATES))
        netflow_templates(pass, set, false);
    else if (id == (v9 ? SET_V9_OPTIONS : SET_IPFIX_OPTIONS))
        netflow_templates(pass, set, true);
    else
        flow_pass_undecoded(
            pass, RESULT_UNSUPPORTED, TEXT_FLOW_SET, ARG(id), ARG(set->bytes.len), ARG(offset));
    return RESULT_OK;
}

static bool netflow_is_zero(slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.at[i] != '\0')
            return false;
    return true;
}

static enum result netflow_sets(struct flow_pass *pass, struct reader *reader)
{
    /* Zeros fill a datagram up; less than a header can only be padding. */
    for (unsigned ordinal = 0; reader_left(reader) >= SET_HEADER; ordinal++) {
        if (netflow_is_zero(slice_from(reader->bytes, reader->at)))
            return RESULT_OK;
        uint16_t id = reader_be16(reader);
        size_t len = reader_be16(reader);
        size_t left = reader_left(reader);
        size_t offset = reader->at;
        bool cut = len > left + SET_HEADER;
        if (len < SET_HEADER) {
            pass->uncounted = true;
            flow_pass_undecoded(pass, RESULT_MALFORMED, TEXT_FLOW_SET_LEN, ARG(len),
                ARG(offset - SET_HEADER), ARG(left));
            return RESULT_OK;
        }
        struct reader set = reader_over(reader_bytes(reader, cut ? left : len - SET_HEADER));
        enum result result = netflow_set(pass, id, &set, offset, ordinal);
        if (result != RESULT_OK)
            return result;
        pass->uncounted = pass->uncounted || cut;
        if (cut && pass->datagram->only == 0)
            flow_pass_undecoded(pass, RESULT_MALFORMED, TEXT_FLOW_CUT, ARG(len),
                ARG(offset - SET_HEADER), ARG(left));
    }
    return RESULT_OK;
}

static enum result netflow_short(struct flow_pass *pass)
{
    flow_pass_undecoded(pass, RESULT_MALFORMED, TEXT_FLOW_SHORT, ARG(pass->datagram->bytes.len));
    return RESULT_OK;
}

/* --- versions --- */

enum result flow_netflow_v9(struct flow_pass *pass, struct reader *reader)
{
    reader_skip(reader, 2); /* how many records: counted differently by each vendor */
    pass->origin.uptime_ms = reader_be32(reader);
    uint32_t seconds = reader_be32(reader);
    uint32_t sequence = reader_be32(reader);
    uint32_t source = reader_be32(reader);
    if (reader->failed)
        return netflow_short(pass);
    pass->origin.has_uptime = true;
    netflow_stamp(pass, (int64_t)seconds * CIVIL_NS_PER_S);
    flow_pass_begin(pass, 9, source, sequence);
    if (pass->datagram->only == 0)
        flow_domain_sequence_next(pass->domain, sequence + 1, true);
    return netflow_sets(pass, reader);
}

enum result flow_netflow_ipfix(struct flow_pass *pass, struct reader *reader)
{
    size_t len = reader_be16(reader);
    uint32_t seconds = reader_be32(reader);
    uint32_t sequence = reader_be32(reader);
    uint32_t source = reader_be32(reader);
    if (reader->failed)
        return netflow_short(pass);
    netflow_stamp(pass, (int64_t)seconds * CIVIL_NS_PER_S);
    flow_pass_begin(pass, 10, source, sequence);
    struct reader message = *reader;
    message.bytes = slice_first(reader->bytes, size_max(len, reader->at));
    enum result result = netflow_sets(pass, &message);
    slice behind = slice_from(reader->bytes, message.bytes.len);
    if (result == RESULT_OK && pass->datagram->only == 0 && !netflow_is_zero(behind))
        flow_pass_undecoded(
            pass, RESULT_MALFORMED, TEXT_FLOW_BEHIND, ARG(behind.len), ARG(message.bytes.len));
    if (pass->datagram->only == 0)
        flow_domain_sequence_next(
            pass->domain, sequence + (uint32_t)pass->records, !pass->uncounted);
    return result;
}

enum result flow_netflow_v5(struct flow_pass *pass, struct reader *reader)
{
    static struct flow_template *template;
    struct error why;
    const struct flow_template_spec spec = {.id = 5,
        .unpadded = true,
        .fields = v5_fields,
        .count = sizeof(v5_fields) / sizeof(v5_fields[0])};
    if (template == NULL)
        ASSERT(flow_template_make(NULL, &spec, &template, &why) == RESULT_OK);
    size_t count = reader_be16(reader);
    pass->origin.uptime_ms = reader_be32(reader);
    uint32_t seconds = reader_be32(reader);
    uint32_t ns = reader_be32(reader);
    uint32_t sequence = reader_be32(reader);
    uint16_t engine = reader_be16(reader);
    uint16_t sampling = reader_be16(reader);
    if (reader->failed)
        return netflow_short(pass);
    pass->origin.has_uptime = true;
    pass->origin.engine = true;
    pass->origin.engine_type = (uint8_t)(engine >> 8);
    pass->origin.engine_id = (uint8_t)(engine & 0xff);
    pass->origin.sampling = sampling & 0x3fff;
    netflow_stamp(
        pass, (int64_t)seconds * CIVIL_NS_PER_S + (ns < CIVIL_NS_PER_S ? (int64_t)ns : 0));
    flow_pass_begin(pass, 5, engine, sequence);
    flow_domain_sampling(pass->domain, pass->origin.sampling);
    size_t there = reader_left(reader) / V5_RECORD_LEN;
    size_t offset = reader->at;
    struct reader records =
        reader_over(reader_bytes(reader, size_min(there, count) * V5_RECORD_LEN));
    enum result result = netflow_records(pass, template, &records, offset);
    flow_domain_sequence_next(pass->domain, sequence + (uint32_t)count, true);
    if (result == RESULT_OK && there < count)
        flow_pass_undecoded(pass, RESULT_MALFORMED, TEXT_FLOW_CUT, ARG(count * V5_RECORD_LEN),
            ARG(offset), ARG(records.bytes.len));
    return result;
}
