/* The map: as many keys as a large evidence has, in the order they came, hashed with a seed. */
#include "base/map.h"

#include <xxhash.h>

#include "base/buf.h"
#include "base/test.h"

#define KEYS ((size_t)100000)

static slice key_of(struct buf *buf, size_t number)
{
    buf_clear(buf);
    buf_append_u64(buf, number * 7919);
    return buf_slice(buf);
}

static void holds_many_keys(void **state)
{
    (void)state;
    struct map map = {0};
    char memory[32];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof(memory));
    for (size_t i = 0; i < KEYS; i++) {
        bool inserted = false;
        uint64_t *value = map_put(&map, key_of(&buf, i), &inserted);
        assert_true(inserted);
        assert_int_equal(*value, 0);
        *value = i + 1;
    }
    assert_int_equal(map.count, KEYS);
    for (size_t i = 0; i < KEYS; i++) {
        bool inserted = true;
        slice key = key_of(&buf, i);
        assert_non_null(map_find(&map, key));
        assert_int_equal(*map_find(&map, key), i + 1);
        assert_int_equal(*map_put(&map, key, &inserted), i + 1);
        assert_false(inserted);
        assert_int_equal(map_intern(&map, key), i);
        assert_slice(map.entries[i].key, key);
    }
    assert_int_equal(map.count, KEYS);
    assert_null(map_find(&map, key_of(&buf, KEYS)));
    map_free(&map);
    assert_int_equal(map.count, 0);
}

static void is_empty_at_first(void **state)
{
    (void)state;
    struct map map = {0};
    assert_null(map_find(&map, S("a")));
    assert_null(map_find(&map, (slice){NULL, 0}));
    map_free(&map);
    map_free(NULL);
}

/* Keys are bytes: the empty one is a key, and NUL ends nothing. */
static void takes_any_bytes(void **state)
{
    (void)state;
    struct map map = {0};
    assert_int_equal(map_intern(&map, (slice){NULL, 0}), 0);
    assert_int_equal(map_intern(&map, S("")), 0);
    assert_int_equal(map_intern(&map, S("a")), 1);
    assert_int_equal(map_intern(&map, S("a\0")), 2);
    assert_int_equal(map_intern(&map, S("a\0b")), 3);
    assert_int_equal(map_intern(&map, S("a\0")), 2);
    map_free(&map);
}

static void hashes_with_a_seed(void **state)
{
    (void)state;
    struct map map = {0};
    (void)map_put(&map, S("key"), NULL);
    assert_true(map.entries[0].hash != XXH3_64bits("key", 3));
    map_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_many_keys),
        cmocka_unit_test(is_empty_at_first),
        cmocka_unit_test(takes_any_bytes),
        cmocka_unit_test(hashes_with_a_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
