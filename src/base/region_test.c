/* What is built in a region is there again when its bytes are mapped: an arena and a map, by their
 * pointers. */
#include "base/test.h"

#include <stdio.h>
#include <unistd.h>

#include "base/base.h"
#include "base/map.h"
#include "base/region.h"

struct root {
    struct arena arena;
    struct map map;
    slice text;
};

static struct region *region_or_skip(void)
{
    struct region *region = region_new();
    if (region == NULL)
        skip();
    return region;
}

static void is_there_again(void **state)
{
    (void)state;
    struct region *region = region_or_skip();
    struct root *root = region_alloc(region, sizeof(*root));
    *root = (struct root){.arena = {.region = region}, .map = {.region = region}};
    root->text = arena_copy(&root->arena, S("kept"));
    for (uint64_t i = 0; i < 10000; i++)
        *map_put(&root->map, slice_make(&i, sizeof(i)), NULL) = i * i;
    region_set_root(region, root);
    slice bytes = region_bytes(region);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    assert_int_equal(fflush(file), 0);
    size_t size = bytes.len;
    region_free(region);

    assert_null(region_map(fileno(file), size - 1));
    region = region_map(fileno(file), size);
    assert_non_null(region);
    root = region_root(region);
    assert_slice(root->text, S("kept"));
    map_reseed(&root->map);
    for (uint64_t i = 0; i < 10000; i++)
        assert_int_equal(*map_find(&root->map, slice_make(&i, sizeof(i))), i * i);
    region_free(region);
    fclose(file);
}

static void there_is_one_only(void **state)
{
    (void)state;
    struct region *region = region_or_skip();
    assert_null(region_new());
    region_free(region);
    region = region_new();
    assert_non_null(region);
    region_free(region);
}

static void spills_when_full(void **state)
{
    (void)state;
    struct region *region = region_or_skip();
    assert_non_null(region_alloc(region, (size_t)1 << 29));
    assert_false(slice_is_absent(region_bytes(region)));
    char *more = region_alloc(region, (size_t)1 << 29);
    more[0] = 'x';
    assert_true(slice_is_absent(region_bytes(region)));
    free(more);
    region_free(region);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_there_again),
        cmocka_unit_test(there_is_one_only),
        cmocka_unit_test(spills_when_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
