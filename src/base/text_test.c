/* The text table and the errors that speak through it. */
#include "base/text.h"

#include <errno.h>
#include <string.h>

#include "base/base.h"
#include "base/test.h"
#include "base/utf8.h"

static void every_text_is_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < TEXT_COUNT; i++) {
        slice english = text_get_in((enum text)i, TEXT_LANG_EN);
        slice japanese = text_get_in((enum text)i, TEXT_LANG_JA);
        assert_int_equal(english.len == 0, japanese.len == 0);
        assert_true(utf8_is_valid(english) && utf8_is_valid(japanese));
    }
}

static void follows_the_language(void **state)
{
    (void)state;
    enum text_lang lang = TEXT_LANG_EN;
    assert_true(text_lang_parse(S("ja"), &lang));
    assert_int_equal(lang, TEXT_LANG_JA);
    assert_true(text_lang_parse(S("en"), &lang));
    assert_false(text_lang_parse(S("EN"), &lang));
    assert_false(text_lang_parse(S(""), &lang));
    assert_int_equal(lang, TEXT_LANG_EN);
    text_lang_set(TEXT_LANG_JA);
    assert_int_equal(text_lang(), TEXT_LANG_JA);
    assert_slice(text_get(TEXT_OUT_OF_MEMORY), text_get_in(TEXT_OUT_OF_MEMORY, TEXT_LANG_JA));
    text_lang_set(TEXT_LANG_EN);
    assert_slice(text_get(TEXT_OUT_OF_MEMORY), S("out of memory"));
}

static void puts_arguments_in(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    const char *place = "/tmp";
    text_append(&out, TEXT_STREAM_READ, ARG(place), ARG(S("{1} \x1B")));
    /* An argument is no text: its braces stay. */
    assert_slice(buf_slice(&out), S("/tmp: cannot be read: {1} \x1B"));
    buf_clear(&out);
    text_append(&out, TEXT_STREAM_READ, ARG(-1), ARG(UINT64_MAX));
    assert_slice(buf_slice(&out), S("-1: cannot be read: 18446744073709551615"));
    buf_clear(&out);
    text_append(&out, TEXT_OUT_OF_MEMORY);
    assert_slice(buf_slice(&out), S("out of memory"));
    buf_free(&out);
}

static void sets_errors(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(
        error_set(&err, RESULT_LIMIT, TEXT_BUFFER_LIMIT, ARG((size_t)12)), RESULT_LIMIT);
    assert_int_equal(err.code, RESULT_LIMIT);
    assert_slice(error_message(&err), S("more than 12 bytes where at most that many are kept"));
    assert_int_equal(error_set(NULL, RESULT_END, TEXT_OUT_OF_MEMORY), RESULT_END);
    assert_int_equal(error_set_system(&err, ENOENT, TEXT_STREAM_READ, ARG(S("a"))), RESULT_SYSTEM);
    assert_slice(error_message(&err), S("a: cannot be read: No such file or directory"));
}

static void keeps_errors_in_english_too(void **state)
{
    (void)state;
    struct error inner, outer, copy = {.code = RESULT_LIMIT};
    text_lang_set(TEXT_LANG_JA);
    (void)error_set(&inner, RESULT_SYSTEM, TEXT_OUT_OF_MEMORY);
    assert_slice(error_message(&inner), text_get_in(TEXT_OUT_OF_MEMORY, TEXT_LANG_JA));
    assert_slice(error_message_english(&inner), S("out of memory"));
    /* An error inside another speaks the language of what is around it. */
    (void)error_set(&outer, RESULT_SYSTEM, TEXT_STREAM_READ, ARG(S("a")), ARG(&inner));
    text_lang_set(TEXT_LANG_EN);
    assert_slice(error_message_english(&outer), S("a: cannot be read: out of memory"));
    assert_true(slice_contains(error_message(&outer), error_message(&inner)));
    error_restore(&copy, error_message(&outer), error_message_english(&outer));
    assert_slice(error_message(&copy), error_message(&outer));
    assert_slice(error_message_english(&copy), error_message_english(&outer));
    assert_int_equal(copy.code, RESULT_LIMIT);
}

static void cuts_long_errors_between_characters(void **state)
{
    (void)state;
    static char name[ERROR_MESSAGE_MAX * 2];
    for (size_t i = 0; i + 3 <= sizeof(name); i += 3)
        memcpy(name + i, "\xE2\x82\xAC", 3);
    struct error err;
    (void)error_set(
        &err, RESULT_SYSTEM, TEXT_STREAM_READ, ARG(slice_make(name, sizeof(name) / 3 * 3)), ARG(1));
    assert_int_equal(err.message_len, ERROR_MESSAGE_MAX / 3 * 3);
    assert_true(utf8_is_valid(error_message(&err)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_in_both_languages),
        cmocka_unit_test(follows_the_language),
        cmocka_unit_test(puts_arguments_in),
        cmocka_unit_test(sets_errors),
        cmocka_unit_test(keeps_errors_in_english_too),
        cmocka_unit_test(cuts_long_errors_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
