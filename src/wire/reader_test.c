/* The reader: byte orders, the end, and that a failure stays. */
#include "wire/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"

static void reads_numbers(void **state)
{
    (void)state;
    struct reader reader = reader_over(
        S("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\xFF\x01\x02\x03\x04\x05\x06"
          "\x07\x08\x09\x0A\x0B\x0C\x0D\x0E"));
    assert_int_equal(reader_u16(&reader), 0x0201);
    assert_int_equal(reader_u32(&reader), 0x06050403);
    assert_true(reader_u64(&reader) == UINT64_C(0x0E0D0C0B0A090807));
    assert_int_equal(reader_u8(&reader), 0xFF);
    assert_int_equal(reader_be16(&reader), 0x0102);
    assert_int_equal(reader_be32(&reader), 0x03040506);
    assert_true(reader_be64(&reader) == UINT64_C(0x0708090A0B0C0D0E));
    assert_int_equal(reader_left(&reader), 0);
    assert_false(reader.failed);
}

static void moves(void **state)
{
    (void)state;
    struct reader reader = reader_over(S("abcdef"));
    reader_skip(&reader, 2);
    assert_slice(reader_bytes(&reader, 2), S("cd"));
    assert_int_equal(reader_left(&reader), 2);
    reader_seek(&reader, 0);
    assert_slice(reader_bytes(&reader, 6), S("abcdef"));
    reader_seek(&reader, 6);
    assert_slice(reader_bytes(&reader, 0), S(""));
    assert_false(reader.failed);
    reader_seek(&reader, 7);
    assert_true(reader.failed);
}

static void nothing_can_be_read(void **state)
{
    (void)state;
    struct reader reader = reader_over((slice){NULL, 0});
    assert_int_equal(reader_left(&reader), 0);
    assert_slice(reader_bytes(&reader, 0), S(""));
    reader_seek(&reader, 0);
    reader_skip(&reader, 0);
    assert_false(reader.failed);
    assert_int_equal(reader_u8(&reader), 0);
    assert_true(reader.failed);
}

/* Calls every way of reading with `have` bytes too few, in memory of exactly that size. */
static void check_short(size_t way, size_t need)
{
    for (size_t have = 0; have < need; have++) {
        char *exact = malloc(have + 1);
        memset(exact, 0xFF, have + 1);
        struct reader reader = reader_over(slice_make(exact + 1, have));
        uint64_t value = 7;
        switch (way) {
        case 0:
            value = reader_u8(&reader);
            break;
        case 1:
            value = reader_u16(&reader);
            break;
        case 2:
            value = reader_u32(&reader);
            break;
        case 3:
            value = reader_u64(&reader);
            break;
        case 4:
            value = reader_be16(&reader);
            break;
        case 5:
            value = reader_be32(&reader);
            break;
        case 6:
            value = reader_be64(&reader);
            break;
        default:
            value = reader_slice(&reader).len;
            break;
        }
        assert_int_equal(value, 0);
        assert_true(reader.failed);
        free(exact);
    }
}

static void gives_zero_past_the_end(void **state)
{
    (void)state;
    static const size_t needs[] = {1, 2, 4, 8, 2, 4, 8, 40};
    for (size_t way = 0; way < sizeof(needs) / sizeof(needs[0]); way++)
        check_short(way, needs[way]);
}

static void a_failure_stays(void **state)
{
    (void)state;
    struct reader reader = reader_over(S("\x01\x02\x03\x04"));
    assert_slice(reader_bytes(&reader, SIZE_MAX), S(""));
    assert_true(reader.failed);
    assert_int_equal(reader_left(&reader), 0);
    assert_int_equal(reader_u8(&reader), 0);
    reader_seek(&reader, 0);
    assert_int_equal(reader_u32(&reader), 0);
    assert_slice(reader_bytes(&reader, 0), S(""));
    reader_skip(&reader, 0);
    assert_true(reader.failed);
}

static void reads_what_the_writer_writes(void **state)
{
    (void)state;
    uint64_t seed = 4;
    struct buf out;
    buf_init(&out, 1000);
    for (int i = 0; i < 1000; i++) {
        uint64_t number = test_random(&seed) >> (test_random(&seed) % 64);
        buf_clear(&out);
        writer_u8(&out, (uint8_t)number);
        writer_u16(&out, (uint16_t)number);
        writer_u32(&out, (uint32_t)number);
        writer_u64(&out, number);
        writer_be32(&out, (uint32_t)number);
        writer_be64(&out, number);
        writer_slice(&out, slice_make(&number, (size_t)(number % 9)));
        writer_slice(&out, (slice){NULL, 0});
        struct reader reader = reader_over(buf_slice(&out));
        assert_int_equal(reader_u8(&reader), (uint8_t)number);
        assert_int_equal(reader_u16(&reader), (uint16_t)number);
        assert_int_equal(reader_u32(&reader), (uint32_t)number);
        assert_true(reader_u64(&reader) == number);
        assert_int_equal(reader_be32(&reader), (uint32_t)number);
        assert_true(reader_be64(&reader) == number);
        assert_slice(reader_slice(&reader), slice_make(&number, (size_t)(number % 9)));
        assert_slice(reader_slice(&reader), S(""));
        assert_false(reader.failed);
        assert_int_equal(reader_left(&reader), 0);
    }
    buf_free(&out);
}

/* A length that lies takes nothing and reads nothing. */
static void distrusts_lengths(void **state)
{
    (void)state;
    struct reader reader = reader_over(S("\xFF\xFF\xFF\xFF"
                                         "abc"));
    assert_slice(reader_slice(&reader), S(""));
    assert_true(reader.failed);
    reader = reader_over(S("\x04\0\0\0abc"));
    assert_slice(reader_slice(&reader), S(""));
    assert_true(reader.failed);
    reader = reader_over(S("\x03\0\0\0abc"));
    assert_slice(reader_slice(&reader), S("abc"));
    assert_false(reader.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(moves),
        cmocka_unit_test(nothing_can_be_read),
        cmocka_unit_test(gives_zero_past_the_end),
        cmocka_unit_test(a_failure_stays),
        cmocka_unit_test(reads_what_the_writer_writes),
        cmocka_unit_test(distrusts_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
