/* See decode.h. The table of formats; its order decides between formats that are equally sure, so
 * that containers with a magic number stand before those that are guessed from text, and plain text
 * is last. */
#include "decode/decode.h"

#include "base/base.h"
#include "decode/auditd.h"
#include "decode/break_in.h"
#include "decode/capture.h"
#include "decode/csv.h"
#include "decode/csv_map.h"
#include "decode/evtx.h"
#include "decode/flow_file.h"
#include "decode/json_format.h"
#include "decode/line.h"
#include "decode/ncsa.h"
#include "decode/plain.h"
#include "decode/syslog.h"
#include "decode/w3c.h"
#include "decode/winxml.h"
#include "decode/zeek.h"

static const struct decode_format decode_table[] = {
#ifdef HIKESHI_BREAK_IN
    {S_INIT("break-in"), break_in_sniff, break_in_decode},
#endif
    {S_INIT("evtx"), evtx_sniff, evtx_decode},
    {S_INIT("pcap"), capture_sniff, capture_decode},
    {S_INIT("netflow"), flow_file_sniff_netflow, flow_file_decode},
    {S_INIT("ipfix"), flow_file_sniff_ipfix, flow_file_decode},
    {S_INIT("sflow"), flow_file_sniff_sflow, flow_file_decode},
    {S_INIT("winxml"), winxml_sniff, winxml_decode},
    {S_INIT("json"), json_format_sniff, json_format_decode},
    {S_INIT("auditd"), auditd_sniff, auditd_decode},
    {S_INIT("zeek"), zeek_sniff, zeek_decode},
    {S_INIT("w3c"), w3c_sniff, w3c_decode},
    {S_INIT("ncsa"), ncsa_sniff, ncsa_decode},
    {S_INIT("syslog"), syslog_sniff, syslog_decode},
    {S_INIT("csv"), csv_sniff, csv_decode},
    {S_INIT("text"), plain_sniff, plain_decode},
};

const struct decode_format *decode_formats(size_t *count)
{
    *count = sizeof(decode_table) / sizeof(decode_table[0]);
    return decode_table;
}

const struct decode_format *decode_format_named(slice name)
{
    for (size_t i = 0; i < sizeof(decode_table) / sizeof(decode_table[0]); i++)
        if (slice_equal(decode_table[i].name, name))
            return &decode_table[i];
    return NULL;
}

const struct decode_format *decode_recognise(
    slice head, bool whole, const struct decode_options *options)
{
    const struct decode_format *best = NULL;
    unsigned most = 0;
    for (size_t i = 0; i < sizeof(decode_table) / sizeof(decode_table[0]) && most < 100; i++) {
        unsigned sure = decode_table[i].sniff(slice_first(head, DECODE_SNIFF_LEN), whole);
        if (sure > most) {
            most = sure;
            best = &decode_table[i];
        }
    }
    /* A table without a header looks like any text; the user's mapping knows better. */
    if (options != NULL && csv_map_says(options->map, S("csv")) && best != NULL &&
        slice_equal(best->name, S("text")))
        return decode_format_named(S("csv"));
    return best;
}

bool decode_is_yearless(const struct decode_format *format, slice head)
{
    slice rest = head, line;
    if (!slice_equal(format->name, S("syslog")) && !slice_equal(format->name, S("text")))
        return false;
    while (slice_next(&rest, '\n', &line)) {
        struct stamp stamp;
        slice after;
        if (line_stamp(line_sequence(line_priority(line, NULL)), &stamp, &after))
            return stamp.missing & STAMP_NO_YEAR;
    }
    return false;
}

enum result decode_scan_years(struct stream *stream, struct decode_years *years, struct error *err)
{
    return line_scan_years(stream, years, err);
}

struct event *decode_begin(struct decode_job *job, uint64_t number, uint64_t offset)
{
    arena_reset(job->arena);
    event_reset(job->event, job->arena);
    job->event->record = (struct event_record){.number = number, .offset = offset};
    job->records++;
    return job->event;
}
