/* The one way into simdjson: where the tokens of a JSON text begin. Only wire/json.c includes this.
 */
#ifndef WIRE_JSON_SHIM_H
#define WIRE_JSON_SHIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum json_shim_result {
    JSON_SHIM_OK,
    JSON_SHIM_ENCODING, /* malformed UTF-8, or a control character inside a string: both can be
                           repaired */
    JSON_SHIM_UNCLOSED, /* a string has no end */
    JSON_SHIM_EMPTY,    /* nothing but white space */
    JSON_SHIM_MEMORY,
};

struct json_shim;

/* NULL when there is no memory. */
struct json_shim *json_shim_new(void);
/* NULL is fine. */
void json_shim_free(struct json_shim *shim);

/* Validates UTF-8 and gives the offsets, ascending, of every bracket, brace, colon and comma
 * outside strings and of the first byte of every string and every other token. The offsets belong
 * to the shim and live until the next call. Reads no byte past `len`; `len` must be below 4 GiB. */
enum json_shim_result json_shim_index(
    struct json_shim *shim, const char *text, size_t len, const uint32_t **offsets, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
