/* A pass keeps what is worth showing, counts the rest and stays within its limits. */
#include "base/test.h"

#include "report/digest.h"
#include "report/fake_test.h"
#include "report/lanes.h"

static struct digest digest_of(struct triage_result *result, const struct digest_limits *limits)
{
    struct digest digest;
    assert_int_equal(digest_make(&digest, result, limits, NULL), RESULT_OK);
    return digest;
}

/* 900 signs of nine rules: the strongest and the first of each rule, in order of time. */
static void keeps_the_strongest_and_the_first_of_each_rule(void **state)
{
    (void)state;
    static const struct digest_limits limits = {
        .incidents = 3, .signs = 40, .every_rule = true, .raw_max = 5};
    struct triage_result *result = fake_result("many");
    struct digest digest = digest_of(result, &limits);
    assert_int_equal(digest.incident_count, 3);
    const struct digest_incident *incident = &digest.incidents[0];
    size_t ranked = 0;
    for (size_t i = 0; i < incident->count; i++) {
        assert_true(
            i == 0 || incident->signs[i - 1].sign.time_ns <= incident->signs[i].sign.time_ns);
        assert_true(incident->signs[i].sign.raw.len <= 5);
        ranked += incident->signs[i].rank != DIGEST_NO_RANK ? 1 : 0;
    }
    assert_int_equal(ranked, TRIAGE_STRONGEST_MAX);
    assert_true(
        incident->count > TRIAGE_STRONGEST_MAX && incident->count <= TRIAGE_STRONGEST_MAX + 9);
    assert_int_equal(digest.incidents[1].count, 4);
    digest_free(&digest);
    triage_result_free(result);
}

static void sums_what_is_outside_by_rule(void **state)
{
    (void)state;
    static const struct digest_limits limits = {.incidents = 1, .signs = 1};
    struct triage_result *result = fake_result("rich");
    struct digest digest = digest_of(result, &limits);
    assert_int_equal(digest.precursor_count, 1);
    assert_int_equal(digest.precursors[0].count, 9);
    assert_int_equal(digest.precursor_signs, 9);
    assert_int_equal(digest.other_count, 2);
    assert_int_equal(digest.other_signs, 4);
    assert_slice(digest.others[0].title, S("Burst of bounced mail"));
    assert_slice(digest.others[1].hosts[0], S("db-01"));
    assert_true(digest.others[1].first_ns < digest.others[1].last_ns);
    assert_int_equal(digest.incidents[0].count, 1);
    assert_int_equal(digest.incidents[0].signs[0].rank, 0);
    digest_free(&digest);
    triage_result_free(result);
}

static struct triage_sign sign_on(struct entity *host, enum rule_level level, int64_t time_ns)
{
    return (struct triage_sign){
        .level = level, .time_ns = time_ns, .entities = host, .entity_count = 1};
}

static void lanes_join_the_weakest_hosts(void **state)
{
    (void)state;
    static struct lanes lanes = {.axis = {0, 1000}};
    uint64_t counted = 0;
    for (uint64_t i = 0; i < LANES_HOSTS_MAX + 50; i++) {
        struct entity host = {ENTITY_HOST, slice_make(&i, sizeof(i))};
        struct triage_sign sign = sign_on(&host, i == 7 ? RULE_CRITICAL : RULE_LOW, (int64_t)i);
        lanes_add(&lanes, &sign);
    }
    struct triage_sign untimed = {.time_ns = INT64_MIN};
    lanes_add(&lanes, &untimed);
    assert_int_equal(lanes_settle(&lanes, 10), LANES_HOSTS_MAX + 1 - 9);
    assert_int_equal(lanes.count, 10);
    assert_int_equal(lanes.untimed, 1);
    assert_int_equal(lanes.lanes[0]->level, RULE_CRITICAL);
    assert_true(lanes.lanes[9]->others && lanes.others);
    for (size_t i = 0; i < lanes.count; i++)
        counted += lanes.lanes[i]->count;
    assert_int_equal(counted, LANES_HOSTS_MAX + 50);
    lanes_free(&lanes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_strongest_and_the_first_of_each_rule),
        cmocka_unit_test(sums_what_is_outside_by_rule),
        cmocka_unit_test(lanes_join_the_weakest_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
