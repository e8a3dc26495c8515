/* The only C++ of the program: simdjson's first stage behind a C function. It finds the tokens of a
 * text with the widest vectors that the machine has and validates UTF-8; the grammar is walked in C
 * (json.c), where depth, number of fields and the place of an error are ours to state. No exception
 * leaves this file: it is compiled without them.
 *
 * Rejected: the DOM (it rounds numbers and refuses large ones) and On-Demand (recursive, compiled
 * for the build machine's baseline, and it leaves numbers and literals that nobody asks for
 * unchecked). */
#include "wire/json_shim.h"

#include <memory>
#include <new>

#include <simdjson.h>

struct json_shim {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

// Texts are mostly of a few kilobytes. The index takes four bytes for each byte of capacity.
static const size_t json_shim_capacity_first = size_t(16) << 10;

struct json_shim *json_shim_new(void)
{
    std::unique_ptr<json_shim> shim(new (std::nothrow) json_shim);
    if (!shim || simdjson::get_active_implementation()->create_dom_parser_implementation(
                     json_shim_capacity_first, 1, shim->parser) != simdjson::SUCCESS)
        return nullptr;
    return shim.release();
}

void json_shim_free(struct json_shim *shim)
{
    delete shim;
}

// Makes room for `len` bytes, and gives the room of a rare huge text back with the next ordinary
// one.
static bool json_shim_fit(simdjson::internal::dom_parser_implementation &parser, size_t len)
{
    size_t capacity = json_shim_capacity_first;
    while (capacity < len)
        capacity *= 2;
    bool fits = len <= parser.capacity() && parser.capacity() <= 256 * json_shim_capacity_first;
    return fits || parser.capacity() == capacity ||
           parser.set_capacity(capacity) == simdjson::SUCCESS;
}

enum json_shim_result json_shim_index(
    struct json_shim *shim, const char *text, size_t len, const uint32_t **offsets, size_t *count)
{
    simdjson::internal::dom_parser_implementation &parser = *shim->parser;
    if (!json_shim_fit(parser, len))
        return JSON_SHIM_MEMORY;
    simdjson::error_code code =
        parser.stage1(reinterpret_cast<const uint8_t *>(text), len, simdjson::stage1_mode::regular);
    if (code == simdjson::UTF8_ERROR || code == simdjson::UNESCAPED_CHARS)
        return JSON_SHIM_ENCODING;
    if (code == simdjson::EMPTY)
        return JSON_SHIM_EMPTY;
    if (code != simdjson::SUCCESS)
        return JSON_SHIM_UNCLOSED;
    *offsets = parser.structural_indexes.get();
    *count = parser.n_structural_indexes;
    return JSON_SHIM_OK;
}
