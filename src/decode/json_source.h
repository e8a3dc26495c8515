/* The records of a JSON object, however it is laid out: one a line (NDJSON), one after the other,
 * pretty-printed, RS-separated (RFC 7464), the elements of a list, or of the list inside a wrapper
 * such as {"Records":[…]}. Lists may be of any size: one record is in memory at a time. */
#ifndef DECODE_JSON_SOURCE_H
#define DECODE_JSON_SOURCE_H

#include "base/result.h"
#include "wire/json.h"
#include "wire/stream.h"

struct json_source_sink {
    void *context;
    /* One record, an object. Its number is its line, in a list its place there, counted over the
     * whole stream. Anything but RESULT_OK ends reading. `text` and `flat` are valid during the
     * call. */
    enum result (*on_record)(
        void *context, const struct json_flat *flat, slice text, uint64_t number, uint64_t offset);
    /* Bytes that are no record: reading goes on behind them. */
    void (*on_broken)(void *context, uint64_t number, uint64_t offset, const struct error *why);
    /* Nothing was lost, but it should be known. */
    void (*on_note)(void *context, uint64_t number, uint64_t offset, const struct error *why);
};

/* Reads the stream to its end. An error is the stream's or the sink's. */
MUST_USE enum result json_source_read(
    struct stream *stream, const struct json_source_sink *sink, struct error *err);

#endif
