/* See flow_pass.h. */
#include "decode/flow_pass.h"

#include "base/base.h"

void flow_pass_report(struct flow_pass *pass, const struct error *why)
{
    struct decode_job *job = pass->job;
    if (job->on_undecoded != NULL)
        job->on_undecoded(job->context, pass->datagram->number, pass->datagram->offset, why);
}

void flow_pass_note(struct flow_pass *pass, const struct error *why)
{
    struct decode_job *job = pass->job;
    if (job->on_note != NULL)
        job->on_note(job->context, pass->datagram->number, pass->datagram->offset, why);
}

void flow_pass_begin(struct flow_pass *pass, unsigned protocol, uint32_t domain, uint32_t sequence)
{
    struct error why;
    pass->domain = flow_state_domain(pass->state, &pass->exporter, protocol, domain);
    pass->origin.version = protocol;
    pass->origin.source_id = domain;
    pass->origin.init_ms = flow_domain_init_ms(pass->domain);
    if (pass->datagram->only != 0)
        return;
    uint32_t lost = flow_domain_sequence(pass->state, pass->domain, sequence);
    if (lost == 0)
        return;
    bool datagrams = protocol == 9 || protocol == 0;
    (void)error_set(&why, RESULT_MALFORMED, datagrams ? TEXT_FLOW_LOST_DATAGRAMS : TEXT_FLOW_LOST,
        ARG(lost), ARG(pass->origin.address), ARG(domain));
    flow_pass_note(pass, &why);
}

struct event *flow_pass_event(struct flow_pass *pass, size_t offset)
{
    struct event *event = decode_begin(pass->job, pass->datagram->number, pass->datagram->offset);
    event->record.index = (uint32_t)offset;
    return event;
}

enum result flow_pass_emit(struct flow_pass *pass, struct event *event)
{
    flow_state_count(pass->state)->records++;
    pass->outcome->events++;
    return pass->job->on_event(pass->job->context, event);
}
