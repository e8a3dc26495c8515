/* JSON as a format: records however they are laid out (json_source.h), each recognised by itself
 * (json_event.h). */
#ifndef DECODE_JSON_FORMAT_H
#define DECODE_JSON_FORMAT_H

#include "decode/decode.h"

unsigned json_format_sniff(slice head, bool whole);
/* With `options->map` the records are mapped as it says (csv_map.h). */
enum result json_format_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
