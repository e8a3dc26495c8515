/* See capture.h. libpcap reads from a stdio stream whose read function takes from the decoder's
 * stream: so it opens nothing and sees no descriptor, and works inside the sandbox and on members
 * of archives alike. The stdio stream is unbuffered, so that each packet's offset is known.
 * Rejected: pcap_open_offline, which wants a path; an own reader of pcapng, which libpcap has.
 *
 * A UDP packet is taken for flow records by what it begins with. On the ports that exporters use,
 * that is enough; on others the front of DNS or of games may look so, and a whole datagram of sets
 * with lengths that fit is asked for. */
#include "decode/capture.h"

#include <errno.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "decode/flow_file.h"
#include "decode/flow_keep.h"
#include "decode/packet.h"
#include "wire/reader.h"

struct capture {
    struct decode_job *job;
    struct stream *stream;
    struct flow_keep *keep;
    pcap_t *pcap;
    struct error *err;
    enum result read_result; /* of the stream, which stdio can only call an error */
    enum packet_link link;
    uint64_t packets;
    uint64_t others;    /* without flow records */
    uint64_t fragments; /* of them: parts of UDP packets to the ports of exporters */
};

static ssize_t capture_read(void *context, char *to, size_t len)
{
    struct capture *capture = context;
    slice bytes;
    size_t wanted = size_min(len, STREAM_PEEK_MAX);
    enum result result = stream_peek(capture->stream, wanted, &bytes, capture->err);
    if (result != RESULT_OK) {
        capture->read_result = result;
        errno = EIO;
        return -1;
    }
    bytes = slice_first(bytes, wanted);
    if (bytes.len > 0)
        memcpy(to, bytes.at, bytes.len);
    stream_take(capture->stream, bytes.len);
    return (ssize_t)bytes.len;
}

static enum packet_link capture_link(int type)
{
    switch (type) {
    case DLT_EN10MB:
        return PACKET_ETHERNET;
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
        return PACKET_IP;
    case DLT_LINUX_SLL:
        return PACKET_LINUX_SLL;
    case DLT_LINUX_SLL2:
        return PACKET_LINUX_SLL2;
    case DLT_NULL:
    case DLT_LOOP:
        return PACKET_NULL;
    default:
        return PACKET_UNKNOWN;
    }
}

/* Ports that collectors listen on by default or by custom. */
static bool capture_is_port(uint16_t port)
{
    static const uint16_t ports[] = {
        2055, 2056, 4432, 4729, 4739, 4740, 6343, 9025, 9555, 9991, 9995, 9996};
    for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
        if (ports[i] == port)
            return true;
    return false;
}

static bool capture_is_flow(const struct packet *packet)
{
    if (packet->protocol != IPPROTO_UDP || !packet->has_ports || !flow_is_datagram(packet->payload))
        return false;
    if (capture_is_port(packet->destination_port))
        return true;
    size_t frame = flow_file_frame(packet->payload);
    slice behind = slice_from(packet->payload, frame);
    while (behind.len > 0 && behind.at[0] == '\0')
        behind = slice_from(behind, 1);
    return frame >= FLOW_FILE_LEAST && frame <= packet->payload.len && behind.len == 0;
}

static int64_t capture_time(const struct pcap_pkthdr *header)
{
    int64_t time_ns;
    /* Asked for in ns: the field for us holds them. pcapng has room for times that nobody lives. */
    return checked_mul_i64(header->ts.tv_sec, CIVIL_NS_PER_S, &time_ns) &&
                   checked_add_i64(time_ns, header->ts.tv_usec, &time_ns)
               ? time_ns
               : CIVIL_TIME_NONE;
}

static enum result capture_packet(
    struct capture *capture, const struct pcap_pkthdr *header, slice bytes, uint64_t offset)
{
    struct packet packet;
    struct flow_datagram datagram = {.number = capture->packets, .offset = offset};
    packet_parse(bytes, capture->link, &packet);
    if (!capture_is_flow(&packet)) {
        capture->others++;
        capture->fragments += packet.fragment && packet.protocol == IPPROTO_UDP;
        return RESULT_OK;
    }
    datagram.bytes = packet.payload;
    datagram.received_ns = capture_time(header);
    datagram.exporter.address_len = packet.source.len;
    datagram.exporter.port = packet.source_port;
    memcpy(datagram.exporter.address, packet.source.at, packet.source.len);
    return flow_keep_datagram(capture->keep, &datagram);
}

static void capture_report(struct capture *capture, const struct error *why, uint64_t offset)
{
    struct decode_job *job = capture->job;
    if (job->on_undecoded != NULL)
        job->on_undecoded(job->context, capture->packets + 1, offset, why);
}

static void capture_note(struct capture *capture)
{
    struct decode_job *job = capture->job;
    struct error why;
    if (capture->others == 0 || job->on_note == NULL)
        return;
    (void)error_set(&why, RESULT_UNSUPPORTED, TEXT_CAPTURE_OTHERS, ARG(capture->others),
        ARG(capture->packets), ARG(capture->fragments));
    job->on_note(job->context, capture->packets, stream_offset(capture->stream), &why);
}

static enum result capture_packets(struct capture *capture)
{
    struct pcap_pkthdr *header;
    const unsigned char *bytes;
    struct error why;
    for (;;) {
        uint64_t offset = stream_offset(capture->stream);
        int got = pcap_next_ex(capture->pcap, &header, &bytes);
        if (capture->read_result != RESULT_OK)
            return capture->read_result;
        if (got == PCAP_ERROR_BREAK)
            return RESULT_OK;
        if (got != 1) {
            (void)error_set(&why, RESULT_MALFORMED, TEXT_CAPTURE_PACKET,
                ARG(slice_from_cstr(pcap_geterr(capture->pcap))));
            capture_report(capture, &why, offset);
            return stream_skip(capture->stream, UINT64_MAX, &offset, capture->err);
        }
        capture->packets++;
        enum result result =
            capture_packet(capture, header, slice_make(bytes, header->caplen), offset);
        if (result != RESULT_OK)
            return result;
    }
}

static enum result capture_run(struct capture *capture)
{
    capture->link = capture_link(pcap_datalink(capture->pcap));
    capture->keep = flow_keep_new(capture->job);
    enum result result = capture_packets(capture);
    if (result == RESULT_OK)
        result = flow_keep_finish(capture->keep);
    if (result == RESULT_OK)
        capture_note(capture);
    flow_keep_free(capture->keep);
    return result;
}

enum result capture_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct capture capture = {.job = job, .stream = stream, .err = err};
    char message[PCAP_ERRBUF_SIZE] = "";
    struct error why;
    uint64_t skipped;
    const cookie_io_functions_t calls = {.read = capture_read};
    FILE *file = fopencookie(&capture, "r", calls);
    ASSERT(file != NULL && setvbuf(file, NULL, _IONBF, 0) == 0);
    capture.pcap =
        pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, message);
    if (capture.pcap == NULL) {
        (void)fclose(file);
        if (capture.read_result != RESULT_OK)
            return capture.read_result;
        (void)error_set(&why, RESULT_MALFORMED, TEXT_CAPTURE_HEADER, ARG(slice_from_cstr(message)));
        capture_report(&capture, &why, 0);
        return stream_skip(stream, UINT64_MAX, &skipped, err);
    }
    enum result result = capture_run(&capture);
    pcap_close(capture.pcap); /* and the file */
    return result;
}

unsigned capture_sniff(slice head, bool whole)
{
    /* Either byte order, times in us or ns; a section header block of pcapng, and its byte order.
     */
    static const slice magics[] = {S_INIT("\xd4\xc3\xb2\xa1"), S_INIT("\xa1\xb2\xc3\xd4"),
        S_INIT("\x4d\x3c\xb2\xa1"), S_INIT("\xa1\xb2\x3c\x4d"), S_INIT("\x34\xcd\xb2\xa1"),
        S_INIT("\xa1\xb2\xcd\x34")};
    slice order = slice_sub(head, 8, 4);
    (void)whole;
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
        if (slice_starts(head, magics[i]))
            return 98;
    return slice_starts(head, S("\x0a\x0d\x0d\x0a")) &&
                   (slice_equal(order, S("\x1a\x2b\x3c\x4d")) ||
                       slice_equal(order, S("\x4d\x3c\x2b\x1a")))
               ? 99
               : 0;
}
