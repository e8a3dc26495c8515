/* The channel of an event, and the one that its data speaks of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "decode/windows.h"

static struct arena arena;
static struct event event;

static int begin(void **state)
{
    (void)state;
    arena_reset(&arena);
    event_reset(&event, &arena);
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void assert_value(slice name, slice value)
{
    assert_true(slice_equal(event_value(&event, name), value));
}

static void says_the_channel_twice(void **state)
{
    (void)state;
    windows_add_system(&event, S("Channel"), S("Security"));
    windows_finish(&event);
    assert_value(S("Channel"), S("Security"));
    assert_value(S("winlog.channel"), S("Security"));
    assert_value(S("event.module"), S("windows"));
}

static void keeps_the_cleared_log_apart(void **state)
{
    (void)state;
    windows_add_system(&event, S("Channel"), S("System"));
    event_add_string(&event, S("Channel"), S("Windows PowerShell"));
    windows_finish(&event);
    assert_value(S("Channel"), S("Windows PowerShell"));
    assert_value(S("winlog.channel"), S("System"));
}

static void leaves_what_was_there(void **state)
{
    (void)state;
    event_add_string(&event, S("winlog.channel"), S("Application"));
    event_add_string(&event, S("Channel"), S("Application"));
    windows_finish(&event);
    assert_int_equal(event.count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(says_the_channel_twice, begin),
        cmocka_unit_test_setup(keeps_the_cleared_log_apart, begin),
        cmocka_unit_test_setup(leaves_what_was_there, begin),
    };
    return cmocka_run_group_tests(tests, NULL, free_arena);
}
