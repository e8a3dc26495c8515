/* Values of signs, counted once each and ranked. */
#include "triage/pivots.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/test.h"
#include "triage/found.h"

static const struct rule rules[] = {
    {.id = S_INIT("low"), .title = S_INIT("Low"), .level = RULE_LOW, .generate = true},
    {.id = S_INIT("high"), .title = S_INIT("High"), .level = RULE_HIGH, .generate = true},
};

static int temporary(void *context)
{
    (void)context;
    return memfd_create("pivots", MFD_CLOEXEC);
}

static struct sorter *sorter(void)
{
    return sorter_new((size_t)1 << 20, temporary, NULL, "memory");
}

static void add(
    struct triage_result *result, uint32_t rule, int64_t time_ns, slice ip, slice command)
{
    char key_memory[SIGN_KEY_LEN];
    struct buf key, payload;
    struct error err;
    struct entity entities[] = {{ENTITY_HOST, S("h")}, {ENTITY_IP, ip}};
    struct sign_body body = {.level = rules[rule].level,
        .last_ns = time_ns,
        .count = 1,
        .entities = entities,
        .entity_count = 2,
        .command_line = command};
    struct sign_key at = {.time_ns = time_ns, .rule = rule};
    buf_init_fixed(&key, key_memory, sizeof(key_memory));
    sign_key_write(&key, &at);
    buf_init(&payload, 65536);
    sign_body_write(&payload, &body);
    assert_int_equal(
        sorter_add(result->signs, buf_slice(&key), buf_slice(&payload), &err), RESULT_OK);
    buf_free(&payload);
    result->sign_count++;
}

static struct triage_result *result_new(void)
{
    struct triage_result *result = calloc(1, sizeof(*result));
    assert_non_null(result);
    result->rules = rules;
    result->rule_count = 2;
    result->signs = sorter();
    add(result, 0, 10, S("10.0.0.1"), S(""));
    add(result, 0, 20, S("10.0.0.1"), S(" whoami "));
    add(result, 0, 30, S("10.0.0.2"), S("whoami"));
    add(result, 1, 40, S("10.0.0.2"), S(""));
    result->sign_incident = calloc(4, sizeof(*result->sign_incident));
    assert_non_null(result->sign_incident);
    result->sign_incident[0] = 3;
    result->sign_incident[1] = TRIAGE_NO_INCIDENT;
    result->sign_incident[2] = 1;
    result->sign_incident[3] = 3;
    return result;
}

static void tell(struct buf *out, const struct pivots_row *row)
{
    const uint64_t numbers[] = {row->type, row->level, row->rules, row->signs,
        (uint64_t)row->first_ns, (uint64_t)row->last_ns};
    buf_append(out, row->value);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        buf_append_byte(out, ' ');
        buf_append_u64(out, numbers[i]);
    }
    buf_append_byte(out, ' ');
    buf_append(out, row->rule);
    for (size_t i = 0; i < row->incident_count; i++) {
        buf_append(out, S(" #"));
        buf_append_u64(out, row->incidents[i]);
    }
    buf_append_byte(out, '\n');
}

static void counts_and_ranks(void **state)
{
    struct triage_result *result = result_new();
    struct sorter *spread = sorter();
    struct sorter *ranked = sorter();
    struct sorter_reader *reader;
    struct pivots_row row;
    struct error err;
    struct buf got;
    (void)state;
    buf_init(&got, 4096);
    assert_int_equal(pivots_rank(result, spread, ranked, &err), RESULT_OK);
    assert_int_equal(sorter_read(ranked, &reader, &err), RESULT_OK);
    while (pivots_next(reader, &row, &err) == RESULT_OK)
        tell(&got, &row);
    assert_slice(buf_slice(&got), S("h 0 3 2 4 10 40 High #1 #3\n"
                                    "10.0.0.2 2 3 2 2 30 40 High #1 #3\n"
                                    "10.0.0.1 2 1 1 2 10 20 Low #3\n"
                                    "whoami 7 1 1 2 20 30 Low #1\n"));
    buf_free(&got);
    sorter_reader_free(reader);
    sorter_free(spread);
    sorter_free(ranked);
    triage_result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_and_ranks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
