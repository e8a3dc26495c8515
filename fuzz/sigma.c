/* Sigma: any text is loaded and compiled, rules with a reason where they were refused; what was
 * loaded matches a fixed set of events the same way twice, and when the fields of an event come in
 * another order; correlations take the matches. */
#include <stdlib.h>

#include "base/base.h"
#include "detect/detect.h"
#include "fuzz.h"

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml"; /* 0.7 forgets the buffer of some texts that it refuses */
}

struct fuzz_field {
    slice name, value;
    enum event_type type;
};

/* One value of a name each: the order of the values of a list means something to nobody, but this
 * is about names. */
static const struct fuzz_field fuzz_fields[] = {
    {S_INIT("f"), S_INIT("C:\\Windows\\cmd.exe /c -enc L2Jpbi9iYXNo"), EVENT_STRING},
    {S_INIT("g"), S_INIT("10.1.2.3"), EVENT_STRING},
    {S_INIT("Source Name"), S_INIT("\xC3\x84pfel \xFF x"), EVENT_STRING},
    {S_INIT("EventID"), S_INIT("4688"), EVENT_NUMBER},
    {S_INIT("t"), S_INIT("2021-03-09T14:05:33Z"), EVENT_STRING},
    {S_INIT("b"), S_INIT("true"), EVENT_BOOL},
    {S_INIT("n"), S_INIT(""), EVENT_NULL},
    {S_INIT("u"), S_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), EVENT_STRING},
};
#define FUZZ_FIELDS   (sizeof(fuzz_fields) / sizeof(*fuzz_fields))
#define FUZZ_HITS_MAX 256

struct fuzz_hits {
    uint32_t rules[FUZZ_HITS_MAX];
    size_t count;
};

static enum result fuzz_firing(
    void *context, const struct correlation_firing *firing, struct error *err)
{
    (void)context;
    (void)err;
    ASSERT(firing->first_ns <= firing->time_ns && firing->time_ns <= firing->last_ns);
    ASSERT(firing->record_count > 0 && firing->record_count <= CORRELATION_RECORDS_MAX);
    return RESULT_OK;
}

/* The fields from `first` on, then those before. */
static void fuzz_event(struct event *event, struct arena *arena, size_t first, size_t count)
{
    arena_reset(arena);
    event_reset(event, arena);
    for (size_t i = 0; i < count; i++) {
        const struct fuzz_field *field = &fuzz_fields[(first + i) % FUZZ_FIELDS];
        event_add(event, field->name, field->value, field->type);
    }
}

/* By clues, or by asking each rule: no log sources are mapped, so that both ask all. */
static struct fuzz_hits fuzz_match(struct detect_matcher *matcher, struct event *event, bool clues)
{
    struct fuzz_hits hits = {0};
    size_t count;
    const uint32_t *found = clues ? detect_match(matcher, event, &count)
                                  : detect_match_one_by_one(matcher, event, true, &count);
    for (size_t i = 0; i < count && i < FUZZ_HITS_MAX; i++)
        hits.rules[hits.count++] = found[i];
    return hits;
}

static void fuzz_assert_same(const struct fuzz_hits *one, const struct fuzz_hits *two)
{
    ASSERT(one->count == two->count);
    for (size_t i = 0; i < one->count; i++)
        ASSERT(one->rules[i] == two->rules[i]);
}

static void fuzz_feed(const struct detect_program *program, struct correlator *correlator,
    const struct fuzz_hits *hits, const struct event *event, int64_t time_ns)
{
    struct buf payload;
    buf_init(&payload, (size_t)1 << 20);
    for (size_t i = 0; i < hits->count; i++) {
        if (!detect_feeds_correlation(program, hits->rules[i]))
            continue;
        buf_clear(&payload);
        detect_correlation_payload(program, hits->rules[i], event, &payload);
        ASSERT(correlator_feed(correlator, hits->rules[i], time_ns, S("r"), buf_slice(&payload),
                   NULL) == RESULT_OK);
    }
    buf_free(&payload);
}

static void fuzz_run(const struct detect_program *program)
{
    struct detect_matcher *matcher = detect_matcher_new(program);
    struct correlator *correlator = correlator_new(program, fuzz_firing, NULL);
    struct arena arena = {0};
    struct event event;
    fuzz_event(&event, &arena, 0, FUZZ_FIELDS);
    struct fuzz_hits hits = fuzz_match(matcher, &event, false);
    struct fuzz_hits again = fuzz_match(matcher, &event, true);
    fuzz_assert_same(&hits, &again);
    for (size_t first = 1; first < FUZZ_FIELDS; first += 3) {
        fuzz_event(&event, &arena, first, FUZZ_FIELDS);
        again = fuzz_match(matcher, &event, true);
        fuzz_assert_same(&hits, &again);
    }
    for (int64_t i = 0; i < 12; i++) {
        fuzz_event(&event, &arena, 0, (size_t)i % (FUZZ_FIELDS + 1));
        again = fuzz_match(matcher, &event, true);
        fuzz_feed(program, correlator, &again, &event, i * 1000000000);
    }
    ASSERT(correlator_finish(correlator, NULL) == RESULT_OK);
    correlator_free(correlator);
    detect_matcher_free(matcher);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rule_set *set = rule_set_new(NULL);
    struct detect_program *program = NULL;
    struct error err;
    size_t count;
    if (rule_set_placeholders(set, S("p"), S("x: [a, 'b*']\ny: [10.0.0.0/8]\n"), &err) != RESULT_OK)
        abort();
    rule_set_add(set, S("fuzz.yml"), slice_make(data, size), false);
    /* The same text as a mapping of log sources is refused, or leaves a set that compiles. */
    (void)!rule_set_log_sources(set, S("fuzz.yml"), slice_make(data, size), &err);
    if (detect_compile(set, &program, &err) == RESULT_OK) {
        const struct rule *rules = rule_set_rules(set, &count);
        for (size_t i = 0; i < count; i++) {
            ASSERT(rules[i].id.len > 0 && rules[i].line > 0);
            ASSERT(rules[i].refused == (rules[i].reason.len > 0));
        }
        fuzz_run(program);
        detect_program_free(program);
    }
    rule_set_free(set);
    return 0;
}
