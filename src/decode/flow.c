/* See flow.h. The version at the front decides, whatever port it came to: NetFlow and IPFIX have it
 * in 16 bits, sFlow in 32, and they cannot be confused (sFlow's is 0 in the first 16). */
#include "decode/flow.h"

#include <arpa/inet.h>

#include "base/base.h"
#include "decode/flow_netflow.h"
#include "decode/flow_sflow.h"

#define FLOW_V5_HEADER    24U
#define FLOW_V9_HEADER    20U
#define FLOW_IPFIX_HEADER 16U
#define FLOW_SFLOW_HEADER 28U
#define FLOW_SET_HEADER   4U
/* "[v6]:port" */
#define FLOW_ENDPOINT_MAX (INET6_ADDRSTRLEN + 8)

bool flow_is_datagram(slice bytes)
{
    struct reader reader = reader_over(bytes);
    uint16_t version = reader_be16(&reader);
    uint16_t second = reader_be16(&reader);
    if (version == 5)
        return bytes.len >= FLOW_V5_HEADER && second > 0 && second <= 30;
    if (version == 9)
        return bytes.len >= FLOW_V9_HEADER;
    if (version == 10)
        return bytes.len >= FLOW_IPFIX_HEADER && second >= FLOW_IPFIX_HEADER;
    uint32_t address = reader_be32(&reader);
    return version == 0 && second == 5 && (address == 1 || address == 2) &&
           bytes.len >= FLOW_SFLOW_HEADER;
}

/* Address and port of the exporter as text, in memory of the caller. */
static void flow_endpoint(struct flow_origin *origin, const struct flow_exporter *exporter,
    struct buf *address, struct buf *endpoint)
{
    char text[INET6_ADDRSTRLEN];
    if (exporter->address_len == 0)
        return;
    bool six = exporter->address_len == sizeof(struct in6_addr);
    ASSERT(inet_ntop(six ? AF_INET6 : AF_INET, exporter->address, text, sizeof(text)) != NULL);
    buf_append_cstr(address, text);
    if (six)
        buf_append_byte(endpoint, '[');
    buf_append_cstr(endpoint, text);
    buf_append(endpoint, six ? S("]:") : S(":"));
    buf_append_u64(endpoint, exporter->port);
    origin->address = buf_slice(address);
    origin->endpoint = buf_slice(endpoint);
}

static enum result flow_dispatch(struct flow_pass *pass, struct reader *reader)
{
    uint16_t version = reader_be16(reader);
    if (version == 5)
        return flow_netflow_v5(pass, reader);
    if (version == 9)
        return flow_netflow_v9(pass, reader);
    if (version == 10)
        return flow_netflow_ipfix(pass, reader);
    uint16_t sflow = reader_be16(reader);
    if (version == 0 && sflow == 5)
        return flow_sflow_decode(pass, reader);
    flow_pass_undecoded(pass, RESULT_UNSUPPORTED, TEXT_FLOW_VERSION, ARG(version));
    return RESULT_OK;
}

enum result flow_datagram(struct flow_state *state, struct decode_job *job,
    const struct flow_datagram *datagram, struct flow_outcome *outcome)
{
    char address_text[INET6_ADDRSTRLEN], endpoint_text[FLOW_ENDPOINT_MAX];
    struct buf address, endpoint;
    struct flow_slots slots = {.present = 0};
    struct flow_counts before = *flow_state_counts(state);
    struct flow_pass pass = {.state = state,
        .job = job,
        .datagram = datagram,
        .outcome = outcome,
        .exporter = datagram->exporter,
        .origin = {.export_ns = CIVIL_TIME_NONE},
        .slots = &slots};
    *outcome = (struct flow_outcome){0};
    buf_init_fixed(&address, address_text, sizeof(address_text));
    buf_init_fixed(&endpoint, endpoint_text, sizeof(endpoint_text));
    flow_endpoint(&pass.origin, &datagram->exporter, &address, &endpoint);
    if (datagram->only == 0)
        flow_state_count(state)->datagrams++;
    struct reader reader = reader_over(slice_first(datagram->bytes, FLOW_DATAGRAM_MAX));
    enum result result = flow_dispatch(&pass, &reader);
    const struct flow_counts *after = flow_state_counts(state);
    if (after->evicted != before.evicted || after->evicted_domains != before.evicted_domains) {
        struct error why;
        (void)error_set(&why, RESULT_LIMIT, TEXT_FLOW_EVICTED, ARG(after->evicted - before.evicted),
            ARG(after->evicted_domains - before.evicted_domains));
        flow_pass_note(&pass, &why);
    }
    return result;
}

void flow_give_up(struct decode_job *job, const struct flow_datagram *datagram, uint64_t waiting)
{
    struct flow_outcome outcome = {0};
    struct flow_pass pass = {.job = job, .datagram = datagram, .outcome = &outcome};
    struct reader reader = reader_over(datagram->bytes);
    uint16_t version = reader_be16(&reader);
    reader_seek(&reader, version == 9 ? FLOW_V9_HEADER : FLOW_IPFIX_HEADER);
    for (unsigned ordinal = 0; ordinal < FLOW_WAITING_MAX && !reader.failed; ordinal++) {
        uint16_t id = reader_be16(&reader);
        size_t len = reader_be16(&reader);
        if (reader.failed || len < FLOW_SET_HEADER)
            return;
        size_t data = size_min(len - FLOW_SET_HEADER, reader_left(&reader));
        reader_skip(&reader, data);
        if ((waiting >> ordinal & 1) != 0)
            flow_pass_undecoded(
                &pass, RESULT_UNSUPPORTED, TEXT_FLOW_NO_TEMPLATE, ARG(data), ARG(id));
    }
}
