/* See plain.h. A line without a stamp gives an event without a time: what it belongs to cannot be
 * known here. Rejected: joining lines that begin with white space to the one before (stack traces),
 * since it would hide a line that an attacker had indented. */
#include "decode/plain.h"

#include "base/base.h"
#include "decode/line.h"

unsigned plain_sniff(slice head, bool whole)
{
    (void)whole;
    return line_is_text(head) ? 1 : 0;
}

static enum result plain_decode_line(
    struct decode_job *job, const struct stream_line *line, struct line_years *years)
{
    struct stamp stamp;
    slice message = line->text;
    struct event *event = decode_begin(job, line->number, line->offset);
    event->raw = line->text;
    if (line_stamp(line->text, &stamp, &message))
        line_set_time(event, &stamp, job->options, years);
    event_add_ecs(event, S("message"), message, EVENT_STRING);
    return job->on_event(job->context, event);
}

enum result plain_decode(struct decode_job *job, struct stream *stream, struct error *err)
{
    struct line_years years = line_years(job->options);
    struct stream_line line;
    enum result result;
    while ((result = stream_next_line(stream, DECODE_LINE_MAX, &line, err)) == RESULT_OK) {
        line_report_cut(job, &line);
        if (slice_trim(line.text).len == 0)
            continue;
        result = plain_decode_line(job, &line, &years);
        if (result != RESULT_OK)
            return result;
    }
    return result == RESULT_END ? RESULT_OK : result;
}
