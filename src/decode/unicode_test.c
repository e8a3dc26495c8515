/* Objects in UTF-16 decode as their text in UTF-8 would. */
#include "decode/unicode.h"

#include "decode/decode_test.h"

static void marks(void **state)
{
    struct arena arena = {0};
    (void)state;
    assert_true(slice_equal(unicode_head(&arena, S("\xEF\xBB\xBFx")), S("x")));
    assert_true(slice_equal(unicode_head(&arena, S("x")), S("x")));
    assert_true(slice_equal(unicode_head(&arena, slice_make("\xFF\xFEx\0y\0", 6)), S("xy")));
    assert_true(slice_equal(unicode_head(&arena, slice_make("\xFE\xFF\0x\0y", 6)), S("xy")));
    arena_free(&arena);
}

static void converts_across_pieces(void **state)
{
    /* fire, as a surrogate pair, at every alignment to the pieces that are converted at once */
    const size_t pairs = 40000;
    struct buf text;
    (void)state;
    buf_init(&text, (size_t)1 << 20);
    buf_append(&text, slice_make("\xFF\xFEx\0", 4));
    for (size_t i = 0; i < pairs; i++)
        buf_append(&text, slice_make("\x3D\xD8\x25\xDD", 4));
    struct stream *from = stream_from_memory(buf_slice(&text));
    struct unicode *unicode;
    struct stream *view;
    struct error err;
    slice bytes;
    assert_int_equal(unicode_open(from, &unicode, &view, &err), RESULT_OK);
    assert_int_equal(stream_peek(view, STREAM_PEEK_MAX, &bytes, &err), RESULT_OK);
    assert_int_equal(bytes.len, 1 + 4 * pairs);
    for (size_t i = 0; i < pairs; i++)
        assert_memory_equal(bytes.at + 1 + 4 * i, "\xF0\x9F\x94\xA5", 4);
    unicode_close(unicode);
    stream_free(from);
    buf_free(&text);
}

static void decodes(void **state)
{
    static const char little[] =
        "\xFF\xFE{\0\"\0a\0\"\0:\0\"\0F\x51\"\0}\0\n\0{\0\"\0a\0\"\0:\0002\0}\0";
    static const char big[] = "\xFE\xFF\0{\0\"\0a\0\"\0:\0001\0}";
    (void)state;
    decode_test_expect(
        "json", "a", slice_make(little, sizeof(little) - 1), "1@0 a=\xE5\x85\x86\n2@12 a=2\n");
    decode_test_expect("json", "a", slice_make(big, sizeof(big) - 1), "1@0 a=1\n");
    assert_ptr_equal(decode_recognise(slice_make(little, sizeof(little) - 1), true, NULL),
        decode_format_named(S("json")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks),
        cmocka_unit_test(converts_across_pieces),
        cmocka_unit_test(decodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
