/* See steps.h. One table, steps.def; a step applies always, by a vector or by a tactic. */
#include "report/steps.h"

#include "report/tactic.h"

enum steps_when { STEPS_ALWAYS, STEPS_BY_VECTOR, STEPS_BY_TACTIC };

struct steps_row {
    enum steps_kind kind;
    enum steps_when when;
    enum rule_vector vector;
    enum tactic tactic;
    enum text text;
};

static const struct steps_row steps_rows[] = {
#define STEP_ALWAYS(kind, text)                                                                    \
    {STEPS_##kind, STEPS_ALWAYS, RULE_VECTOR_UNKNOWN, TACTIC_COUNT, TEXT_STEPS_##text},
#define STEP_VECTOR(kind, vector, text)                                                            \
    {STEPS_##kind, STEPS_BY_VECTOR, RULE_VECTOR_##vector, TACTIC_COUNT, TEXT_STEPS_##text},
#define STEP_TACTIC(kind, tactic, text)                                                            \
    {STEPS_##kind, STEPS_BY_TACTIC, RULE_VECTOR_UNKNOWN, TACTIC_##tactic, TEXT_STEPS_##text},
#include "report/steps.def"
#undef STEP_ALWAYS
#undef STEP_VECTOR
#undef STEP_TACTIC
};

slice steps_kind_name(enum steps_kind kind)
{
    static const enum text names[STEPS_KINDS] = {
        [STEPS_CONTAIN] = TEXT_PAGE_NEXT_CONTAIN,
        [STEPS_PRESERVE] = TEXT_PAGE_NEXT_PRESERVE,
        [STEPS_ANALYSE] = TEXT_PAGE_NEXT_ANALYSE,
        [STEPS_NOTIFY] = TEXT_PAGE_NEXT_NOTIFY,
    };
    ASSERT(kind < STEPS_KINDS);
    return text_get(names[kind]);
}

/* An incident without any vector is one of unknown vector. */
static bool steps_has_vector(const struct triage_incident *incident, enum rule_vector vector)
{
    for (size_t i = 0; i < incident->vector_count; i++)
        if (incident->vectors[i] == vector)
            return true;
    return incident->vector_count == 0 && vector == RULE_VECTOR_UNKNOWN;
}

static bool steps_applies(const struct triage_incident *incident, const struct steps_row *row)
{
    switch (row->when) {
    case STEPS_ALWAYS:
        return true;
    case STEPS_BY_VECTOR:
        return steps_has_vector(incident, row->vector);
    case STEPS_BY_TACTIC:
        break;
    }
    return tactic_among(row->tactic, incident->attack, incident->attack_count);
}

bool steps_next(
    const struct triage_incident *incident, enum steps_kind kind, size_t *position, slice *step)
{
    while (*position < sizeof(steps_rows) / sizeof(steps_rows[0])) {
        const struct steps_row *row = &steps_rows[(*position)++];
        if (row->kind == kind && steps_applies(incident, row)) {
            *step = text_get(row->text);
            return true;
        }
    }
    return false;
}
