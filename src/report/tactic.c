/* See tactic.h. */
#include "report/tactic.h"

struct tactic_row {
    slice id;
    enum text name;
};

static const struct tactic_row tactic_rows[TACTIC_COUNT] = {
#define TACTIC(id) [TACTIC_##id] = {S_INIT(#id), TEXT_REPORT_TACTIC_##id},
#include "report/tactics.def"
#undef TACTIC
};

enum tactic tactic_find(slice id)
{
    enum tactic tactic = 0;
    while (tactic < TACTIC_COUNT && !slice_equal(tactic_rows[tactic].id, id))
        tactic++;
    return tactic;
}

slice tactic_id(enum tactic tactic)
{
    ASSERT(tactic < TACTIC_COUNT);
    return tactic_rows[tactic].id;
}

slice tactic_name(enum tactic tactic)
{
    ASSERT(tactic < TACTIC_COUNT);
    return text_get(tactic_rows[tactic].name);
}

bool tactic_among(enum tactic tactic, const slice *attack, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (tactic_find(attack[i]) == tactic)
            return true;
    return false;
}

enum tactic tactic_furthest(const slice *attack, size_t count)
{
    enum tactic furthest = TACTIC_COUNT;
    for (enum tactic tactic = 0; tactic < TACTIC_COUNT; tactic++)
        if (tactic_among(tactic, attack, count))
            furthest = tactic;
    return furthest;
}
