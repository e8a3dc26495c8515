/* See json_scan.h. */
#include "decode/json_scan.h"

#include "base/assert.h"

struct json_scan json_scan_begin(void)
{
    return (struct json_scan){.expect = JSON_SCAN_VALUE};
}

struct json_scan json_scan_inside(size_t depth)
{
    struct json_scan scan = {.depth = depth, .expect = JSON_SCAN_COMMA_OR_END};
    ASSERT(depth <= JSON_DEPTH_MAX);
    for (size_t i = 0; i < depth; i++)
        scan.closers[i] = '}';
    return scan;
}

/* Takes the bytes of a string up to and with its closing quote. No string holds a line end. */
static enum json_scan_status json_scan_string(struct json_scan *scan, slice bytes, size_t *at)
{
    size_t i = *at;
    bool after_backslash = scan->after_backslash;
    while (i < bytes.len && bytes.at[i] != '\n' && (after_backslash || bytes.at[i] != '"')) {
        after_backslash = !after_backslash && bytes.at[i] == '\\';
        i++;
    }
    *at = i;
    scan->after_backslash = after_backslash;
    if (i == bytes.len)
        return JSON_SCAN_MORE;
    if (bytes.at[i] == '\n')
        return JSON_SCAN_BROKEN;
    scan->in_string = false;
    *at = i + 1;
    return JSON_SCAN_MORE;
}

static enum json_scan_status json_scan_open(struct json_scan *scan, char opener)
{
    bool object = opener == '{';
    bool awaited = scan->expect == JSON_SCAN_VALUE || scan->expect == JSON_SCAN_VALUE_OR_END;
    if (!awaited && !scan->loose && scan->depth <= JSON_DEPTH_MAX)
        return JSON_SCAN_BROKEN;
    if (scan->depth < JSON_DEPTH_MAX)
        scan->closers[scan->depth] = object ? '}' : ']';
    scan->depth++;
    scan->expect = object ? JSON_SCAN_KEY_OR_END : JSON_SCAN_VALUE_OR_END;
    return JSON_SCAN_MORE;
}

static enum json_scan_status json_scan_close(struct json_scan *scan, char closer)
{
    bool strict = !scan->loose && scan->depth <= JSON_DEPTH_MAX;
    bool may_end = scan->expect == JSON_SCAN_COMMA_OR_END || scan->expect == JSON_SCAN_KEY_OR_END ||
                   scan->expect == JSON_SCAN_VALUE_OR_END;
    if (scan->depth == 0 || (strict && (!may_end || scan->closers[scan->depth - 1] != closer)))
        return JSON_SCAN_BROKEN;
    scan->depth--;
    scan->expect = JSON_SCAN_COMMA_OR_END;
    return scan->depth == 0 ? JSON_SCAN_DONE : JSON_SCAN_MORE;
}

/* What the grammar says of a byte that is no bracket, in the strict part of a text. */
static enum json_scan_status json_scan_step(struct json_scan *scan, char c)
{
    enum json_scan_expect expect = scan->expect;
    bool value = expect == JSON_SCAN_VALUE || expect == JSON_SCAN_VALUE_OR_END;
    bool key = expect == JSON_SCAN_KEY || expect == JSON_SCAN_KEY_OR_END;
    switch (c) {
    case '"':
        scan->in_string = key || value;
        scan->expect = key ? JSON_SCAN_COLON : JSON_SCAN_COMMA_OR_END;
        return scan->in_string ? JSON_SCAN_MORE : JSON_SCAN_BROKEN;
    case ':':
        scan->expect = JSON_SCAN_VALUE;
        return expect == JSON_SCAN_COLON ? JSON_SCAN_MORE : JSON_SCAN_BROKEN;
    case ',':
        if (expect != JSON_SCAN_COMMA_OR_END || scan->depth == 0)
            return JSON_SCAN_BROKEN;
        scan->expect = scan->closers[scan->depth - 1] == '}' ? JSON_SCAN_KEY : JSON_SCAN_VALUE;
        return JSON_SCAN_MORE;
    default:
        scan->in_scalar = true;
        scan->expect = JSON_SCAN_COMMA_OR_END;
        return value ? JSON_SCAN_MORE : JSON_SCAN_BROKEN;
    }
}

static enum json_scan_status json_scan_byte(struct json_scan *scan, char c)
{
    if (c == '{' || c == '[')
        return json_scan_open(scan, c);
    if (c == '}' || c == ']')
        return json_scan_close(scan, c);
    if (!scan->loose && scan->depth <= JSON_DEPTH_MAX)
        return json_scan_step(scan, c);
    scan->in_string = c == '"';
    return JSON_SCAN_MORE;
}

/* Whether `c` ends a scalar. */
static bool json_scan_ends_scalar(char c)
{
    return byte_is_space(c) || c == ',' || c == '}' || c == ']' || c == ':' || c == '{' ||
           c == '[' || c == '"';
}

enum json_scan_status json_scan_feed(struct json_scan *scan, slice bytes, size_t *taken)
{
    enum json_scan_status status = JSON_SCAN_MORE;
    size_t at = 0;
    while (at < bytes.len && status == JSON_SCAN_MORE) {
        char c = bytes.at[at];
        if (scan->in_string) {
            status = json_scan_string(scan, bytes, &at);
            if (status == JSON_SCAN_MORE && !scan->in_string && scan->depth == 0)
                status = JSON_SCAN_DONE;
        } else if (scan->in_scalar && json_scan_ends_scalar(c)) {
            scan->in_scalar = false;
            if (scan->depth == 0)
                status = JSON_SCAN_DONE;
        } else if (scan->loose && c == '\n') {
            status = JSON_SCAN_BROKEN;
        } else if (scan->in_scalar || byte_is_space(c)) {
            at++;
        } else {
            status = json_scan_byte(scan, c);
            if (status != JSON_SCAN_BROKEN)
                at++;
        }
    }
    *taken = at;
    return status;
}
