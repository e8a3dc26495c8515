/* Zeek's own log format: columns parted by tabs, with a header that says how (#separator,
 * #set_separator, #empty_field, #unset_field, #path, #fields, #types). Several logs may follow each
 * other. doc/formats/zeek.md */
#ifndef DECODE_ZEEK_H
#define DECODE_ZEEK_H

#include "decode/decode.h"

/* Columns of a log; a header with more is refused. */
#define ZEEK_COLUMNS_MAX 512

unsigned zeek_sniff(slice head, bool whole);
/* Fields: the columns under their own names, as Zeek's JSON has them; sets and vectors as lists. */
enum result zeek_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
