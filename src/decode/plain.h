/* Plain text: every line is a message, for logs that have no container of their own (nginx and
 * Apache error logs, vsftpd.log, clamscan's report …). Their shapes are in decoders/. */
#ifndef DECODE_PLAIN_H
#define DECODE_PLAIN_H

#include "decode/decode.h"

/* Text that no container fits is this, so it is never more than barely sure. */
unsigned plain_sniff(slice head, bool whole);
/* Fields: `message`, the line without the stamp at its front. Empty lines are no records. */
enum result plain_decode(struct decode_job *job, struct stream *stream, struct error *err);

#endif
