/* W3C Extended Log File Format (WD-logfile-960323) as IIS, HTTP.sys, Exchange, CloudFront, the
 * Windows firewall and proxies write it: #Fields names the columns, as often as they change; the
 * columns are parted by spaces, tabs or, in Exchange, commas. doc/formats/w3c.md */
#ifndef DECODE_W3C_H
#define DECODE_W3C_H

#include "decode/decode.h"

/* Columns of a line; a #Fields line with more is refused. */
#define W3C_COLUMNS_MAX 256

unsigned w3c_sniff(slice head, bool whole);
/* Fields: the columns under their own names, and under the names that Sigma's rules for web servers
 * and proxies use. */
enum result w3c_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
