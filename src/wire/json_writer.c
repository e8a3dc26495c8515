/* See json_writer.h. */
#include "wire/json_writer.h"

#include <math.h>

#include "base/assert.h"
#include "base/civil.h"
#include "base/utf8.h"

/* More digits than a double holds are noise. */
#define JSON_FIXED_DIGITS_MAX 9

void json_begin(struct json_writer *json, struct buf *out)
{
    *json = (struct json_writer){.out = out};
}

/* What stands between the last item and the next one. */
static void json_separate(struct json_writer *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->has_item[json->depth])
        buf_append_byte(json->out, ',');
    json->has_item[json->depth] = true;
}

static void json_open(struct json_writer *json, char opener)
{
    json_separate(json);
    ASSERT(json->depth + 1 < JSON_WRITER_DEPTH_MAX);
    json->has_item[++json->depth] = false;
    buf_append_byte(json->out, opener);
}

static void json_close(struct json_writer *json, char closer)
{
    ASSERT(json->depth > 0 && !json->after_key);
    json->depth--;
    buf_append_byte(json->out, closer);
}

void json_object_begin(struct json_writer *json)
{
    json_open(json, '{');
}

void json_object_end(struct json_writer *json)
{
    json_close(json, '}');
}

void json_array_begin(struct json_writer *json)
{
    json_open(json, '[');
}

void json_array_end(struct json_writer *json)
{
    json_close(json, ']');
}

static void json_append_control(struct buf *out, slice byte)
{
    switch (byte.at[0]) {
    case '\n':
        buf_append(out, S("\\n"));
        break;
    case '\r':
        buf_append(out, S("\\r"));
        break;
    case '\t':
        buf_append(out, S("\\t"));
        break;
    case '"':
        buf_append(out, S("\\\""));
        break;
    case '\\':
        buf_append(out, S("\\\\"));
        break;
    default:
        buf_append(out, S("\\u00"));
        buf_append_hex(out, byte);
        break;
    }
}

/* Bytes at the front that stand for themselves: neither escaped nor outside ASCII. */
static size_t json_plain_run(slice text)
{
    size_t at = 0;
    while (at < text.len && (unsigned char)text.at[at] >= 0x20 &&
           (unsigned char)text.at[at] < 0x7F && text.at[at] != '"' && text.at[at] != '\\')
        at++;
    return at;
}

static void json_append_string(struct buf *out, slice text)
{
    buf_append_byte(out, '"');
    while (text.len > 0) {
        size_t run = json_plain_run(text);
        buf_append(out, slice_first(text, run));
        text = slice_from(text, run);
        if (text.len == 0)
            break;
        uint32_t character = (unsigned char)text.at[0];
        size_t len = 1;
        if (character < 0x80) {
            json_append_control(out, slice_first(text, 1));
        } else {
            len = utf8_decode(text, &character);
            utf8_append(out, character);
        }
        text = slice_from(text, len);
    }
    buf_append_byte(out, '"');
}

void json_key(struct json_writer *json, slice key)
{
    ASSERT(!json->after_key);
    json_separate(json);
    json_append_string(json->out, key);
    buf_append_byte(json->out, ':');
    json->after_key = true;
}

void json_string(struct json_writer *json, slice value)
{
    json_separate(json);
    json_append_string(json->out, value);
}

void json_u64(struct json_writer *json, uint64_t value)
{
    json_separate(json);
    buf_append_u64(json->out, value);
}

void json_i64(struct json_writer *json, int64_t value)
{
    json_separate(json);
    buf_append_i64(json->out, value);
}

void json_fixed(struct json_writer *json, double value, int digits)
{
    uint64_t unit = 1;
    ASSERT(digits >= 0 && digits <= JSON_FIXED_DIGITS_MAX);
    for (int i = 0; i < digits; i++)
        unit *= 10;
    double scaled = round(fabs(value) * (double)unit);
    /* Beyond it a double has no fraction that could be written. */
    if (!(scaled < 9e18)) {
        json_null(json);
        return;
    }
    json_separate(json);
    uint64_t number = (uint64_t)scaled;
    if (value < 0 && number > 0)
        buf_append_byte(json->out, '-');
    buf_append_u64(json->out, number / unit);
    if (digits > 0) {
        buf_append_byte(json->out, '.');
        buf_append_padded(json->out, number % unit, (size_t)digits);
    }
}

void json_bool(struct json_writer *json, bool value)
{
    json_separate(json);
    buf_append(json->out, value ? S("true") : S("false"));
}

void json_null(struct json_writer *json)
{
    json_separate(json);
    buf_append(json->out, S("null"));
}

void json_time(struct json_writer *json, int64_t time_ns)
{
    if (time_ns == CIVIL_TIME_NONE) {
        json_null(json);
        return;
    }
    json_separate(json);
    buf_append_byte(json->out, '"');
    civil_append(json->out, time_ns);
    buf_append_byte(json->out, '"');
}

void json_raw(struct json_writer *json, slice value)
{
    json_separate(json);
    buf_append(json->out, value);
}
