/* What `decode` shows: each thing once, and no name that only reads like one of ECS. */
#include "triage/shown.h"

#include "base/test.h"

struct test_event {
    struct arena arena;
    struct event event;
};

static void test_begin(struct test_event *test)
{
    *test = (struct test_event){0};
    event_reset(&test->event, &test->arena);
}

static slice test_name(struct test_event *test, slice field)
{
    struct shown shown;
    shown_begin(&shown, &test->event, S("okta"));
    return shown_name(&shown, event_find(&test->event, field));
}

static void under_the_product(void **state)
{
    struct test_event test;
    (void)state;
    test_begin(&test);
    event_add_string(&test.event, S("client.device"), S("Computer"));
    event_add_string(&test.event, S("client.ip"), S("192.0.2.1"));
    event_add_string(&test.event, S("clients"), S("1"));
    event_add_ecs(&test.event, S("client.geo.name"), S("Kyoto"), EVENT_STRING);
    assert_slice(test_name(&test, S("client.device")), S("okta.client.device"));
    assert_slice(test_name(&test, S("client.ip")), S("client.ip"));
    assert_slice(test_name(&test, S("clients")), S("clients"));
    assert_slice(test_name(&test, S("client.geo.name")), S("client.geo.name"));
    event_add_string(&test.event, S("@timestamp"), S("2026-01-02T03:04:05Z"));
    assert_slice(test_name(&test, S("client.device")), S("client.device"));
    arena_free(&test.arena);
}

static void structured_data(void **state)
{
    struct test_event test;
    struct shown shown;
    (void)state;
    test_begin(&test);
    event_add_ecs(&test.event, S("log.syslog.structured_data.junos.url"), S("/"), EVENT_STRING);
    assert_slice(test_name(&test, S("log.syslog.structured_data.junos.url")), S("okta.junos.url"));
    shown_begin(&shown, &test.event, S("syslog"));
    assert_slice(
        shown_name(&shown, &test.event.fields[0]), S("log.syslog.structured_data.junos.url"));
    arena_free(&test.arena);
}

static void once(void **state)
{
    struct test_event test;
    (void)state;
    test_begin(&test);
    event_add_ecs(&test.event, S("log.syslog.severity.name"), S("Error"), EVENT_STRING);
    assert_slice(test_name(&test, S("log.syslog.severity.name")), S("log.syslog.severity.name"));
    event_add_ecs(&test.event, S("log.syslog.priority"), S("11"), EVENT_NUMBER);
    event_add_ecs(&test.event, S("log.syslog.appname"), S("sshd"), EVENT_STRING);
    event_add_ecs(&test.event, S("process.name"), S("sshd"), EVENT_STRING);
    assert_true(slice_is_absent(test_name(&test, S("log.syslog.severity.name"))));
    assert_true(slice_is_absent(test_name(&test, S("log.syslog.appname"))));
    assert_slice(test_name(&test, S("log.syslog.priority")), S("log.syslog.priority"));
    arena_free(&test.arena);
}

static void text_of_the_record(void **state)
{
    struct test_event test;
    (void)state;
    test_begin(&test);
    event_add_ecs(&test.event, S("message"), S("half of it"), EVENT_STRING);
    event_add_string(&test.event, S("event.original"), S("all of it"));
    assert_slice(test_name(&test, S("message")), S("message"));
    assert_true(slice_is_absent(test_name(&test, S("event.original"))));
    test.event.message_read = true;
    assert_true(slice_is_absent(test_name(&test, S("message"))));
    arena_free(&test.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(under_the_product),
        cmocka_unit_test(structured_data),
        cmocka_unit_test(once),
        cmocka_unit_test(text_of_the_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
