/* Assets found by host name and by address; mistakes refused with their place. */
#include "triage/assets.h"

#include <string.h>

#include "base/base.h"
#include "base/test.h"

static void test_apply(void **context)
{
    struct assets *assets;
    struct error err;
    struct arena arena = {0};
    struct event event;
    (void)context;
    slice yaml = S("- host: DB01.example.org\n  ip: [10.0.0.5, '2001:db8::5']\n  role: database\n"
                   "  criticality: high\n- ip: 10.0.0.9\n  role: web\n");
    assert_int_equal(assets_load(S("assets.yml"), yaml, &assets, &err), RESULT_OK);
    event_reset(&event, &arena);
    event_add_ecs(&event, S("host.name"), S("db01"), EVENT_STRING);
    event_add_ecs(&event, S("source.ip"), S("::ffff:10.0.0.9"), EVENT_STRING);
    event_add_ecs(&event, S("destination.ip"), S("2001:DB8:0::5"), EVENT_STRING);
    assets_apply(assets, &event);
    assert_slice(event_value(&event, S("host.asset.role")), S("database"));
    assert_slice(event_value(&event, S("host.asset.criticality")), S("high"));
    assert_slice(event_value(&event, S("source.asset.role")), S("web"));
    assert_true(slice_is_absent(event_value(&event, S("source.asset.criticality"))));
    assert_slice(event_value(&event, S("destination.asset.role")), S("database"));
    assets_free(assets);
    arena_free(&arena);
}

static void test_mistakes(void **context)
{
    static const slice wrong[] = {S_INIT("host: x\n"), S_INIT("- 5\n"), S_INIT("- role: web\n"),
        S_INIT("- ip: 10.0.0\n"), S_INIT("- ip: [10.0.0.1, {a: b}]\n"), S_INIT("- [\n")};
    struct assets *assets;
    struct error err;
    (void)context;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_not_equal(assets_load(S("assets.yml"), wrong[i], &assets, &err), RESULT_OK);
        assert_true(slice_starts(error_message(&err), S("assets.yml:")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apply),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
