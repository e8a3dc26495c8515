/* See plain.h. A line without a stamp gives an event without a time: what it belongs to cannot be
 * known here. Rejected: joining lines that begin with white space to the one before (stack traces),
 * since it would hide a line that an attacker had indented. */
#include "decode/plain.h"

#include "base/base.h"
#include "decode/line.h"
#include "decode/message.h"

unsigned plain_sniff(slice head, bool whole)
{
    (void)whole;
    return line_is_text(head) ? 1 : 0;
}

static void plain_decode_line(struct line_decoder *decoder, struct event *event, slice line)
{
    struct stamp stamp;
    slice message = line;
    if (line_stamp(line, &stamp, &message))
        line_set_time(event, &stamp, decoder->job->options, &decoder->years);
    message_add(decoder->json, event, message);
}

enum result plain_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    return line_decode(job, stream, plain_decode_line, err);
}
