/* Values of flow records, by their abstract data type (RFC 7011, section 6.1), and in their reduced
 * sizes (section 6.2). */
#ifndef DECODE_FLOW_VALUE_H
#define DECODE_FLOW_VALUE_H

#include "decode/flow_element.h"
#include "event/event.h"

/* The value as a field's text: numbers as such, addresses in their usual notation, times in RFC
 * 3339, octets in base64; of a length that the type cannot have it is base64. Lists are none of
 * this function's. Text is in the arena or, of strings, in `bytes`. */
slice flow_value_text(
    struct arena *arena, enum flow_type type, slice bytes, enum event_type *event_type);

/* An unsigned number in network order of at most 8 bytes; 0 for any other length. */
uint64_t flow_value_u64(slice bytes);
/* float32 or float64; 0 for any other length. */
double flow_value_double(slice bytes);
/* Of a date type, in ns since 1970; false when it is none or not in the range. */
bool flow_value_time(enum flow_type type, slice bytes, int64_t *time_ns);

/* 4 or 16 bytes; absent for any other length. */
slice flow_value_address(struct arena *arena, slice bytes);
/* 00:50:56:b9:26:46 */
slice flow_value_mac(struct arena *arena, slice bytes);
/* In the shortest form that reads back the same, as JSON has it. */
slice flow_value_decimal(struct arena *arena, double value);

#endif
