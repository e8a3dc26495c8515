/* A text that flattens is written again from its fields, as one array of [path, type, value], and
 * flattened again: the second reading gives the same values. So what the reader takes apart, reader
 * and writer agree on. */
#include "fuzz.h"

#include "base/base.h"
#include "wire/json.h"
#include "wire/json_writer.h"

static struct json_parser *parser, *parser_again;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    json_prepare();
    parser = json_parser_new();
    parser_again = json_parser_new();
    return 0;
}

static void write_fields(const struct json_flat *flat, struct buf *out)
{
    struct json_writer json;
    json_begin(&json, out);
    json_array_begin(&json);
    for (size_t i = 0; i < flat->count; i++) {
        const struct json_field *field = &flat->fields[i];
        json_string(&json, field->path);
        if (field->type == JSON_NUMBER)
            json_raw(&json, field->value);
        else if (field->type == JSON_BOOL)
            json_bool(&json, slice_equal(field->value, S("true")));
        else if (field->type == JSON_NULL)
            json_null(&json);
        else
            json_string(&json, field->value);
    }
    json_array_end(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct json_flat flat, again;
    struct error err;
    struct buf written;
    if (parser == NULL)
        LLVMFuzzerInitialize(NULL, NULL);
    arena_reset(&arena);
    enum result result = json_flatten(parser, &arena, slice_make(data, size), &flat, &err);
    if (result != RESULT_OK) {
        ASSERT(err.code == result && err.message_len > 0);
        return 0;
    }
    if (flat.count > JSON_FIELDS_MAX / 2)
        return 0;
    buf_init(&written, JSON_TEXT_MAX);
    write_fields(&flat, &written);
    if (!written.overflow) {
        ASSERT(json_flatten(parser_again, &arena, buf_slice(&written), &again, &err) == RESULT_OK);
        ASSERT(again.count == 2 * flat.count && !again.repaired);
        for (size_t i = 0; i < flat.count; i++) {
            ASSERT(slice_equal(again.fields[2 * i].value, flat.fields[i].path));
            ASSERT(slice_equal(again.fields[2 * i + 1].value, flat.fields[i].value));
        }
    }
    buf_free(&written);
    return 0;
}
