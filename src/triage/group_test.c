/* Small sets of signs, and which incidents they make. */
#include "triage/group.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/base.h"
#include "base/test.h"

#define HOUR (INT64_C(3600) * 1000000000)

static const struct rule rules[] = {
    {.id = S_INIT("low"), .title = S_INIT("Low"), .level = RULE_LOW, .generate = true},
    {.id = S_INIT("medium"), .title = S_INIT("Medium"), .level = RULE_MEDIUM, .generate = true},
    {.id = S_INIT("high"), .title = S_INIT("High"), .level = RULE_HIGH, .generate = true},
    {.id = S_INIT("critical"),
        .title = S_INIT("Critical"),
        .level = RULE_CRITICAL,
        .generate = true},
    {.id = S_INIT("scan"),
        .title = S_INIT("Scan"),
        .level = RULE_HIGH,
        .kind = RULE_PRECURSOR,
        .generate = true},
    {.id = S_INIT("medium2"), .title = S_INIT("Medium 2"), .level = RULE_MEDIUM, .generate = true},
    {.id = S_INIT("medium3"), .title = S_INIT("Medium 3"), .level = RULE_MEDIUM, .generate = true},
};

enum { LOW, MEDIUM, HIGH, CRITICAL, SCAN, MEDIUM2, MEDIUM3 };

static int temporary(void *context)
{
    (void)context;
    return memfd_create("group", MFD_CLOEXEC);
}

static struct triage_result *result_new(void)
{
    struct triage_result *result = calloc(1, sizeof(*result));
    assert_non_null(result);
    result->rules = rules;
    result->rule_count = sizeof(rules) / sizeof(rules[0]);
    result->signs = sorter_new((size_t)1 << 20, temporary, NULL, "memory");
    return result;
}

/* A sign of a rule at a time on a host, from an address (either may be empty). */
static void add(struct triage_result *result, uint32_t rule, int64_t time_ns, slice host, slice ip)
{
    static uint64_t offset;
    char key_memory[SIGN_KEY_LEN], body_memory[1024];
    struct buf key, payload;
    struct error err;
    struct entity entities[2];
    struct sign_body body = {.level = rules[rule].level,
        .kind = rules[rule].kind,
        .last_ns = time_ns,
        .count = 1,
        .entities = entities};
    struct sign_place place = {.offset = ++offset};
    if (host.len > 0)
        entities[body.entity_count++] = (struct entity){ENTITY_HOST, host};
    if (ip.len > 0)
        entities[body.entity_count++] = (struct entity){ENTITY_IP, ip};
    body.places = &place;
    body.place_count = 1;
    buf_init_fixed(&key, key_memory, sizeof(key_memory));
    buf_init_fixed(&payload, body_memory, sizeof(body_memory));
    struct sign_key at = {.time_ns = time_ns, .place = place, .rule = rule};
    sign_key_write(&key, &at);
    sign_body_write(&payload, &body);
    assert_int_equal(
        sorter_add(result->signs, buf_slice(&key), buf_slice(&payload), &err), RESULT_OK);
}

static size_t group(struct triage_result *result)
{
    struct error err;
    assert_int_equal(group_signs(result, &err), RESULT_OK);
    return result->incident_count;
}

/* Volume is no severity: a rule counts once. */
static void test_volume(void **context)
{
    struct triage_result *result = result_new();
    (void)context;
    for (int64_t i = 0; i < 1000; i++)
        add(result, MEDIUM, i * 1000000000, S("web01"), S("203.0.113.5"));
    assert_int_equal(group(result), 0);
    assert_int_equal(result->counts.signs, 1000);
    triage_result_free(result);
}

static void test_raised(void **context)
{
    struct triage_result *result = result_new();
    (void)context;
    add(result, MEDIUM, 1 * HOUR, S("web01"), S("203.0.113.5"));
    add(result, MEDIUM2, 2 * HOUR, S("web01"), S(""));
    add(result, MEDIUM3, 3 * HOUR, S("web02"), S("203.0.113.5"));
    add(result, MEDIUM3, 4 * HOUR, S("web01"), S(""));
    assert_int_equal(group(result), 1);
    const struct triage_incident *incident = &result->incidents[0];
    assert_int_equal(incident->sign_count, 4);
    assert_true(incident->raised_ns == 3 * HOUR);
    assert_true(incident->first_ns == 1 * HOUR && incident->last_ns == 4 * HOUR);
    assert_int_equal(incident->priority, RULE_MEDIUM);
    assert_true(incident->points > 14.9 && incident->points < 15.1);
    double sum = 0;
    for (size_t i = 0; i < incident->why_count; i++)
        sum += incident->why[i].weight;
    assert_true(sum > 14.9 && sum < 15.1);
    triage_result_free(result);
}

/* A gap parts what one host saw; a shared address joins what two hosts saw. */
static void test_sessions(void **context)
{
    struct triage_result *result = result_new();
    (void)context;
    add(result, HIGH, 1 * HOUR, S("web01"), S("203.0.113.5"));
    add(result, CRITICAL, 2 * HOUR, S("db01"), S("203.0.113.5"));
    add(result, HIGH, 30 * HOUR, S("web01"), S("198.51.100.7"));
    assert_int_equal(group(result), 2);
    assert_int_equal(result->incidents[0].priority, RULE_CRITICAL);
    assert_int_equal(result->incidents[0].sign_count, 2);
    assert_int_equal(result->incidents[1].sign_count, 1);
    triage_result_free(result);
}

/* Precursors attach to an incident but raise none. */
static void test_precursors(void **context)
{
    struct triage_result *result = result_new();
    (void)context;
    add(result, SCAN, 1 * HOUR, S("web01"), S("203.0.113.5"));
    assert_int_equal(group(result), 0);
    assert_int_equal(result->counts.precursors, 1);
    triage_result_free(result);
    result = result_new();
    add(result, SCAN, 1 * HOUR, S("web01"), S("203.0.113.5"));
    add(result, HIGH, 2 * HOUR, S("web01"), S("203.0.113.5"));
    assert_int_equal(group(result), 1);
    assert_int_equal(result->incidents[0].sign_count, 2);
    triage_result_free(result);
}

/* Low signs attach, but join no groups. */
static void test_low(void **context)
{
    struct triage_result *result = result_new();
    (void)context;
    add(result, HIGH, 1 * HOUR, S("web01"), S(""));
    add(result, HIGH, 1 * HOUR, S("web02"), S(""));
    add(result, LOW, 2 * HOUR, S("web01"), S("203.0.113.5"));
    add(result, LOW, 2 * HOUR, S("web02"), S("203.0.113.5"));
    assert_int_equal(group(result), 2);
    assert_int_equal(result->incidents[0].sign_count, 2);
    assert_int_equal(result->incidents[1].sign_count, 2);
    triage_result_free(result);
}

/* An address that most hosts talk to joins nothing. */
static void test_hub(void **context)
{
    struct triage_result *result = result_new();
    (void)context;
    for (int64_t i = 0; i < 2 * GROUP_HUB_HOSTS; i++) {
        char name[8];
        struct buf host;
        buf_init_fixed(&host, name, sizeof(name));
        buf_append(&host, S("host"));
        buf_append_i64(&host, i);
        add(result, HIGH, i * 1000000000, buf_slice(&host), S("10.0.0.1"));
    }
    assert_int_equal(group(result), 2 * GROUP_HUB_HOSTS);
    triage_result_free(result);
}

/* What names nobody belongs to its log, so that it is one incident rather than many. */
static void test_nobody(void **context)
{
    struct triage_result *result = result_new();
    (void)context;
    for (int64_t i = 0; i < 10; i++)
        add(result, HIGH, i * 1000000000, S(""), S(""));
    assert_int_equal(group(result), 1);
    triage_result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_volume),
        cmocka_unit_test(test_raised),
        cmocka_unit_test(test_sessions),
        cmocka_unit_test(test_precursors),
        cmocka_unit_test(test_low),
        cmocka_unit_test(test_hub),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
