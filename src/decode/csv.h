/* CSV with a header (RFC 4180), separated by commas, semicolons, tabs or bars; also without one,
 * when a mapping names the columns. doc/formats/csv.md */
#ifndef DECODE_CSV_H
#define DECODE_CSV_H

#include "decode/decode.h"

unsigned csv_sniff(slice head, bool whole);
/* Fields: the columns under their own names, and what the mapping (csv_map.h) or else the names of
 * the columns (csv_guess.h) tell. Numbers are data rows, the header not counted. */
enum result csv_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
