/* Numbers, times and stages as people read them, in both languages. */
#include "base/test.h"

#include "base/civil.h"
#include "report/phrase.h"
#include "report/steps.h"
#include "report/tactic.h"
#include "report/words.h"

static void check_number(uint64_t number, slice want)
{
    struct buf out;
    buf_init(&out, 64);
    words_number(&out, number);
    assert_slice(buf_slice(&out), want);
    buf_free(&out);
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    check_number(0, S("0"));
    check_number(999, S("999"));
    check_number(1000, S("1,000"));
    check_number(1000007, S("1,000,007"));
    check_number(UINT64_MAX, S("18,446,744,073,709,551,615"));
}

static void check_bytes(uint64_t bytes, slice want)
{
    struct phrase phrase;
    phrase_init(&phrase);
    text_lang_set(TEXT_LANG_EN);
    assert_slice(phrase_bytes(&phrase, bytes), want);
    phrase_free(&phrase);
}

static void sizes_have_units(void **state)
{
    (void)state;
    check_bytes(1, S("1 byte"));
    check_bytes(999, S("999 bytes"));
    check_bytes(1000, S("1.0 kB"));
    check_bytes(999999, S("999.9 kB"));
    check_bytes(1234567, S("1.2 MB"));
    check_bytes(UINT64_MAX, S("18.4 EB"));
}

static void check_points(double points, slice want)
{
    struct phrase phrase;
    phrase_init(&phrase);
    assert_slice(phrase_points(&phrase, points), want);
    phrase_free(&phrase);
}

static void points_have_a_digit(void **state)
{
    (void)state;
    check_points(0, S("0.0"));
    check_points(12.34, S("12.3"));
    check_points(99.96, S("100.0"));
    check_points(-1, S("?"));
    check_points(1e300, S("?"));
}

static void check_duration(int64_t seconds, slice english, slice japanese)
{
    struct phrase phrase;
    phrase_init(&phrase);
    text_lang_set(TEXT_LANG_EN);
    assert_slice(phrase_duration(&phrase, 0, seconds * CIVIL_NS_PER_S), english);
    text_lang_set(TEXT_LANG_JA);
    assert_slice(phrase_duration(&phrase, 0, seconds * CIVIL_NS_PER_S), japanese);
    phrase_free(&phrase);
}

static void durations_have_two_units(void **state)
{
    (void)state;
    check_duration(0, S(""), S(""));
    check_duration(59, S("59 s"), S("59 秒"));
    check_duration(60, S("1 min"), S("1 分"));
    check_duration(3661, S("1 h 1 min"), S("1 時間 1 分"));
    check_duration(86400 * 3 + 60, S("3 d"), S("3 日"));
    check_duration(86400 * 3 + 7200, S("3 d 2 h"), S("3 日 2 時間"));
}

static void check_period(int64_t first_ns, int64_t last_ns, slice want)
{
    struct phrase phrase;
    phrase_init(&phrase);
    text_lang_set(TEXT_LANG_EN);
    assert_slice(phrase_period(&phrase, first_ns, last_ns), want);
    phrase_free(&phrase);
}

static void periods_name_a_day_once(void **state)
{
    (void)state;
    int64_t hour = 3600 * CIVIL_NS_PER_S;
    check_period(0, hour, S("1970-01-01 00:00:00 to 01:00:00"));
    check_period(0, 25 * hour, S("1970-01-01 00:00:00 to 1970-01-02 01:00:00"));
    check_period(1, 2, S("1970-01-01 00:00:00"));
    check_period(CIVIL_TIME_NONE, CIVIL_TIME_NONE, S("no time"));
    check_period(CIVIL_TIME_NONE, 5 * hour, S("no time"));
}

static void the_furthest_tactic_is_the_last_of_an_attack(void **state)
{
    (void)state;
    const slice attack[] = {S_INIT("T1059"), S_INIT("TA0011"), S_INIT("TA0010"), S_INIT("TA0001")};
    text_lang_set(TEXT_LANG_EN);
    assert_int_equal(tactic_furthest(attack, 4), TACTIC_TA0010);
    assert_int_equal(tactic_furthest(attack, 1), TACTIC_COUNT);
    assert_int_equal(tactic_find(S("TA9999")), TACTIC_COUNT);
    assert_slice(tactic_name(TACTIC_TA0010), S("exfiltration"));
    assert_slice(tactic_id(TACTIC_TA0010), S("TA0010"));
}

static size_t count_steps(
    const struct triage_incident *incident, enum steps_kind kind, enum text wanted)
{
    size_t position = 0, count = 0;
    slice step;
    while (steps_next(incident, kind, &position, &step))
        count += slice_equal(step, text_get(wanted)) ? 1 : 0;
    return count;
}

static void steps_follow_vector_and_stage(void **state)
{
    (void)state;
    const slice attack[] = {S_INIT("TA0040")};
    const enum rule_vector vectors[] = {RULE_VECTOR_EMAIL};
    struct triage_incident incident = {
        .attack = attack, .attack_count = 1, .vectors = vectors, .vector_count = 1};
    assert_int_equal(count_steps(&incident, STEPS_CONTAIN, TEXT_STEPS_DECIDE), 1);
    assert_int_equal(count_steps(&incident, STEPS_CONTAIN, TEXT_STEPS_IMPACT_CONTAIN), 1);
    assert_int_equal(count_steps(&incident, STEPS_CONTAIN, TEXT_STEPS_EMAIL_CONTAIN), 1);
    assert_int_equal(count_steps(&incident, STEPS_CONTAIN, TEXT_STEPS_WEB_CONTAIN), 0);
    assert_int_equal(count_steps(&incident, STEPS_ANALYSE, TEXT_STEPS_UNKNOWN_ANALYSE), 0);
    incident.vector_count = 0;
    assert_int_equal(count_steps(&incident, STEPS_ANALYSE, TEXT_STEPS_UNKNOWN_ANALYSE), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(sizes_have_units),
        cmocka_unit_test(points_have_a_digit),
        cmocka_unit_test(durations_have_two_units),
        cmocka_unit_test(periods_name_a_day_once),
        cmocka_unit_test(the_furthest_tactic_is_the_last_of_an_attack),
        cmocka_unit_test(steps_follow_vector_and_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
