/* See plain.h. A line without a stamp gives an event without a time: what it belongs to cannot be
 * known here. Rejected: joining lines that begin with white space to the one before (stack traces),
 * since it would hide a line that an attacker had indented. A line that has a whole syslog header,
 * as when the logs of a daemon and of the system were put together, is read as such. */
#include "decode/plain.h"

#include "base/base.h"
#include "decode/line.h"
#include "decode/message.h"
#include "decode/syslog.h"

unsigned plain_sniff(slice head, bool whole)
{
    (void)whole;
    return line_is_text(head) ? 1 : 0;
}

static void plain_decode_line(struct line_decoder *decoder, struct event *event, slice line)
{
    struct stamp stamp;
    slice message = line;
    if (line_stamp(line, &stamp, &message)) {
        if (syslog_add_line(decoder, event, line))
            return;
        line_set_time(event, &stamp, decoder->job->options, &decoder->years);
    }
    message_add(decoder->json, event, message);
}

enum result plain_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    return line_decode(job, stream, plain_decode_line, err);
}
