/* Times in records of named fields (JSON, CSV): which names hold the time of a record, and how its
 * value is read. */
#ifndef DECODE_JSON_TIME_H
#define DECODE_JSON_TIME_H

#include "decode/decode.h"

/* Names that hold a record's time, the best first; compared without regard to ASCII case. The list
 * is in doc/formats/json.md. */
const slice *json_time_names(size_t *count);
bool json_time_is_name(slice name);

/* A time as programs write it: any stamp of wire/stamp.h, Unix time in seconds (a fraction or an
 * exponent allowed), milli-, micro- or nanoseconds, /Date(milliseconds)/, a date alone. */
bool json_time_read(slice value, struct stamp *stamp);

#endif
