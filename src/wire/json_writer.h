/* Writing JSON (RFC 8259) into a buffer. Strings are escaped; malformed UTF-8 becomes U+FFFD.
 * Commas are placed by the writer. Nesting deeper than JSON_WRITER_DEPTH_MAX is a programmer's
 * error. */
#ifndef WIRE_JSON_WRITER_H
#define WIRE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

#define JSON_WRITER_DEPTH_MAX 32

struct json_writer {
    struct buf *out;
    unsigned depth;
    bool has_item[JSON_WRITER_DEPTH_MAX];
    bool after_key;
};

void json_begin(struct json_writer *json, struct buf *out);
void json_object_begin(struct json_writer *json);
void json_object_end(struct json_writer *json);
void json_array_begin(struct json_writer *json);
void json_array_end(struct json_writer *json);
void json_key(struct json_writer *json, slice key);
void json_string(struct json_writer *json, slice value);
void json_u64(struct json_writer *json, uint64_t value);
void json_i64(struct json_writer *json, int64_t value);
/* `digits` after the point. */
void json_fixed(struct json_writer *json, double value, int digits);
void json_bool(struct json_writer *json, bool value);
void json_null(struct json_writer *json);
/* RFC 3339 in UTC; null for CIVIL_TIME_NONE. */
void json_time(struct json_writer *json, int64_t time_ns);
/* Text that is JSON already (a number as it stood in the input). */
void json_raw(struct json_writer *json, slice value);

#endif
