/* The sorter against qsort, in memory so small that nearly every item is a run of its own, and on
 * temporary files that fail. */
#include "base/sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"
#include "base/test.h"

/* A temporary file that the test can reach, and how often it was asked for. */
struct place {
    int calls;
    int file;
    const char *device; /* opened instead, when there is one */
};

static int open_place(void *context)
{
    struct place *place = context;
    place->calls++;
    place->file = place->device == NULL ? memfd_create("sorter", MFD_CLOEXEC)
                                        : open(place->device, O_RDWR | O_CLOEXEC);
    return place->file;
}

struct item {
    slice key;
    slice payload;
    size_t order;
};

static int by_key_and_order(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    int order = slice_compare(a->key, b->key);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static void expect_sorted(struct sorter *sorter, const struct item *sorted, size_t count)
{
    struct sorter_reader *reader = NULL;
    slice key, payload;
    assert_int_equal(sorter_read(sorter, &reader, NULL), RESULT_OK);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && slice_equal(sorted[i].key, sorted[i - 1].key))
            continue;
        assert_int_equal(sorter_next(reader, &key, &payload, NULL), RESULT_OK);
        assert_slice(key, sorted[i].key);
        assert_slice(payload, sorted[i].payload);
    }
    assert_int_equal(sorter_next(reader, &key, &payload, NULL), RESULT_END);
    assert_int_equal(sorter_next(reader, &key, &payload, NULL), RESULT_END);
    sorter_reader_free(reader);
}

/* `count` items whose keys are short enough to be often the same. */
static struct item *make_items(struct arena *arena, uint64_t *seed, size_t count, size_t len_max)
{
    struct item *items = ARENA_ARRAY(arena, struct item, count);
    for (size_t i = 0; i < count; i++) {
        size_t key_len = test_random(seed) % 8;
        size_t payload_len = test_random(seed) % (len_max + 1);
        char *bytes = arena_bytes(arena, key_len + payload_len);
        for (size_t at = 0; at < key_len; at++)
            bytes[at] = (char)(test_random(seed) % 5 * 63);
        memset(bytes + key_len, (int)(test_random(seed) & 0xFF), payload_len);
        items[i] =
            (struct item){slice_make(bytes, key_len), slice_make(bytes + key_len, payload_len), i};
    }
    return items;
}

static void sort_both_ways(uint64_t *seed, size_t memory_max, size_t count, size_t len_max)
{
    struct arena arena = {0};
    struct place place = {0};
    struct item *items = make_items(&arena, seed, count, len_max);
    struct sorter *sorter = sorter_new(memory_max, open_place, &place, "test");
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sorter_add(sorter, items[i].key, items[i].payload, NULL), RESULT_OK);
    assert_int_equal(sorter_added(sorter), count);
    qsort(items, count, sizeof(*items), by_key_and_order);
    expect_sorted(sorter, items, count);
    expect_sorted(sorter, items, count);
    assert_true(place.calls <= 1);
    sorter_free(sorter);
    arena_free(&arena);
}

static void sorts_as_qsort_does(void **state)
{
    (void)state;
    static const size_t memories[] = {0, 1, 100, 1000, 100000};
    uint64_t seed = 1;
    for (size_t memory = 0; memory < sizeof(memories) / sizeof(memories[0]); memory++)
        for (size_t count = 0; count < 300; count = count * 2 + 1)
            sort_both_ways(&seed, memories[memory], count, 40);
    sort_both_ways(&seed, (size_t)64 << 10, 20000, 30);
}

/* Payloads of several windows, in several runs. */
static void sorts_items_larger_than_the_window(void **state)
{
    (void)state;
    uint64_t seed = 2;
    sort_both_ways(&seed, 0, 40, 700000);
    sort_both_ways(&seed, 1000000, 40, 700000);
    /* Also larger than what is written at once, among small ones. */
    sort_both_ways(&seed, 5000000, 20, 1);
    sort_both_ways(&seed, 5000000, 20, 2000000);
}

static void takes_long_keys(void **state)
{
    (void)state;
    enum { COUNT = 20 };
    static char bytes[COUNT][SORTER_KEY_MAX + 1];
    struct item items[COUNT];
    struct place place = {0};
    struct sorter *sorter = sorter_new(1000, open_place, &place, "test");
    for (size_t i = 0; i < COUNT; i++) {
        memset(bytes[i], 'k', sizeof(bytes[i]));
        bytes[i][SORTER_KEY_MAX - 1] = (char)('a' + i * 7 % COUNT);
        items[i] = (struct item){slice_make(bytes[i], SORTER_KEY_MAX), S("payload"), i};
        assert_int_equal(sorter_add(sorter, items[i].key, items[i].payload, NULL), RESULT_OK);
    }
    struct error err;
    slice too_long = slice_make(bytes[0], SORTER_KEY_MAX + 1);
    assert_int_equal(sorter_add(sorter, too_long, S(""), &err), RESULT_LIMIT);
    too_long = slice_make("", SORTER_PAYLOAD_MAX + 1); /* its bytes are never looked at */
    assert_int_equal(sorter_add(sorter, S("k"), too_long, &err), RESULT_LIMIT);
    assert_true(slice_contains(error_message(&err), S("67108865")));
    assert_int_equal(sorter_added(sorter), COUNT);
    qsort(items, COUNT, sizeof(items[0]), by_key_and_order);
    expect_sorted(sorter, items, COUNT);
    sorter_free(sorter);
}

static void reads_twice_at_once(void **state)
{
    (void)state;
    struct place place = {0};
    struct sorter *sorter = sorter_new(20, open_place, &place, "test");
    assert_int_equal(sorter_add(sorter, S("b"), S("1"), NULL), RESULT_OK);
    assert_int_equal(sorter_add(sorter, S("a"), S("2"), NULL), RESULT_OK);
    assert_int_equal(sorter_add(sorter, S("b"), S("3"), NULL), RESULT_OK);
    assert_int_equal(place.calls, 1);
    struct sorter_reader *readers[2];
    slice key, payload;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(sorter_read(sorter, &readers[i], NULL), RESULT_OK);
    static const slice expected[][2] = {{S_INIT("a"), S_INIT("2")}, {S_INIT("b"), S_INIT("1")}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(sorter_next(readers[i % 2], &key, &payload, NULL), RESULT_OK);
        assert_slice(key, expected[i / 2][0]);
        assert_slice(payload, expected[i / 2][1]);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(sorter_next(readers[i], &key, &payload, NULL), RESULT_END);
        sorter_reader_free(readers[i]);
    }
    sorter_reader_free(NULL);
    sorter_free(sorter);
    sorter_free(NULL);
}

static void stays_in_memory_while_it_can(void **state)
{
    (void)state;
    struct place place = {0};
    struct sorter *sorter = sorter_new((size_t)1 << 20, open_place, &place, "test");
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(sorter_add(sorter, S("same"), S("payload"), NULL), RESULT_OK);
    const struct item item = {S("same"), S("payload"), 0};
    expect_sorted(sorter, &item, 1);
    assert_int_equal(place.calls, 0);
    assert_int_equal(sorter_added(sorter), 1000);
    sorter_free(sorter);
}

static void tells_that_it_cannot_write(void **state)
{
    (void)state;
    static const struct {
        const char *device;
        slice words;
    } rows[] = {{"/nowhere/at/all", S_INIT("No such file or directory")},
        {"/dev/full", S_INIT("No space left on device")}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct place place = {.device = rows[i].device};
        struct error err;
        struct sorter *sorter = sorter_new(1, open_place, &place, "/tmp/test");
        assert_int_equal(sorter_add(sorter, S("a"), S("1"), &err), RESULT_OK);
        assert_int_equal(sorter_add(sorter, S("b"), S("2"), &err), RESULT_SYSTEM);
        assert_true(slice_starts(error_message(&err), S("/tmp/test: ")));
        assert_true(slice_contains(error_message(&err), rows[i].words));
        assert_int_equal(sorter_added(sorter), 1);
        sorter_free(sorter);
    }
}

static enum result read_all(struct sorter *sorter, struct error *err)
{
    struct sorter_reader *reader = NULL;
    slice key, payload;
    enum result result = sorter_read(sorter, &reader, err);
    if (result != RESULT_OK)
        return result;
    do
        result = sorter_next(reader, &key, &payload, err);
    while (result == RESULT_OK);
    sorter_reader_free(reader);
    return result;
}

static void tells_that_it_cannot_read_back(void **state)
{
    (void)state;
    static char large[300000];
    struct place place = {0};
    struct error err;
    struct sorter *sorter = sorter_new(1, open_place, &place, "/tmp/test");
    assert_int_equal(sorter_add(sorter, S("a"), slice_make(large, sizeof(large)), &err), RESULT_OK);
    assert_int_equal(sorter_add(sorter, S("b"), S("2"), &err), RESULT_OK);
    assert_int_equal(sorter_add(sorter, S("c"), S("3"), &err), RESULT_OK);
    assert_int_equal(read_all(sorter, &err), RESULT_END);
    /* A length that goes past the run, a key length past every limit, and a length after which
     * half a header is left; then a file that ends in a payload, and in a header. */
    static const unsigned char lens[][8] = {{0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0},
        {0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}, {1, 0, 0, 0, 0xDC, 0x93, 4, 0}};
    static const unsigned char right[8] = {1, 0, 0, 0, 0xE0, 0x93, 4, 0};
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        assert_int_equal(pwrite(place.file, lens[i], sizeof(lens[i]), 0), sizeof(lens[i]));
        assert_int_equal(read_all(sorter, &err), RESULT_SYSTEM);
        assert_true(slice_starts(error_message(&err), S("/tmp/test: ")));
    }
    assert_int_equal(pwrite(place.file, right, sizeof(right), 0), sizeof(right));
    assert_int_equal(read_all(sorter, &err), RESULT_END);
    assert_int_equal(ftruncate(place.file, 299000), 0);
    assert_int_equal(read_all(sorter, &err), RESULT_SYSTEM);
    assert_int_equal(ftruncate(place.file, 4), 0);
    assert_int_equal(read_all(sorter, &err), RESULT_SYSTEM);
    sorter_free(sorter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_as_qsort_does),
        cmocka_unit_test(sorts_items_larger_than_the_window),
        cmocka_unit_test(takes_long_keys),
        cmocka_unit_test(reads_twice_at_once),
        cmocka_unit_test(stays_in_memory_while_it_can),
        cmocka_unit_test(tells_that_it_cannot_write),
        cmocka_unit_test(tells_that_it_cannot_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
