/* See modifier.h. Which modifiers go together is one column of the table: a pair is allowed when
 * each lists the other. Rejected: a table of the orders in use, which misreads the orders that
 * nobody thought of. */
#include "detect/modifier.h"

#include "base/assert.h"

#define EVERYTHING UINT32_MAX
#define COMMON     (MODIFIER_ALL | MODIFIER_NEQ)
#define WITH_RE    (COMMON | MODIFIER_I | MODIFIER_M | MODIFIER_S | MODIFIER_SHAPES | MODIFIER_EXPAND)

struct modifier_entry {
    slice name;
    uint32_t modifier;
    uint32_t with; /* the modifiers that it may stand with */
};

static const struct modifier_entry modifier_table[] = {
    {S_INIT("all"), MODIFIER_ALL, EVERYTHING},
    {S_INIT("contains"), MODIFIER_CONTAINS, ~(uint32_t)MODIFIER_SHAPES},
    {S_INIT("startswith"), MODIFIER_STARTSWITH, ~(uint32_t)MODIFIER_SHAPES},
    {S_INIT("endswith"), MODIFIER_ENDSWITH, ~(uint32_t)MODIFIER_SHAPES},
    {S_INIT("cased"), MODIFIER_CASED, EVERYTHING},
    {S_INIT("neq"), MODIFIER_NEQ, EVERYTHING},
    {S_INIT("exists"), MODIFIER_EXISTS, 0},
    {S_INIT("windash"), MODIFIER_WINDASH, EVERYTHING},
    {S_INIT("re"), MODIFIER_RE, WITH_RE},
    {S_INIT("i"), MODIFIER_I, WITH_RE | MODIFIER_RE},
    {S_INIT("ignorecase"), MODIFIER_I, WITH_RE | MODIFIER_RE},
    {S_INIT("m"), MODIFIER_M, WITH_RE | MODIFIER_RE},
    {S_INIT("multiline"), MODIFIER_M, WITH_RE | MODIFIER_RE},
    {S_INIT("s"), MODIFIER_S, WITH_RE | MODIFIER_RE},
    {S_INIT("dotall"), MODIFIER_S, WITH_RE | MODIFIER_RE},
    {S_INIT("base64"), MODIFIER_BASE64, ~(uint32_t)MODIFIER_BASE64S},
    {S_INIT("base64offset"), MODIFIER_BASE64OFFSET, ~(uint32_t)MODIFIER_BASE64S},
    {S_INIT("utf16le"), MODIFIER_UTF16LE, ~(uint32_t)MODIFIER_UTF16S},
    {S_INIT("wide"), MODIFIER_UTF16LE, ~(uint32_t)MODIFIER_UTF16S},
    {S_INIT("utf16be"), MODIFIER_UTF16BE, ~(uint32_t)MODIFIER_UTF16S},
    {S_INIT("utf16"), MODIFIER_UTF16, ~(uint32_t)MODIFIER_UTF16S},
    {S_INIT("lt"), MODIFIER_LT, MODIFIER_ALL | MODIFIER_TIMES},
    {S_INIT("lte"), MODIFIER_LTE, MODIFIER_ALL | MODIFIER_TIMES},
    {S_INIT("gt"), MODIFIER_GT, MODIFIER_ALL | MODIFIER_TIMES},
    {S_INIT("gte"), MODIFIER_GTE, MODIFIER_ALL | MODIFIER_TIMES},
    {S_INIT("cidr"), MODIFIER_CIDR, COMMON | MODIFIER_EXPAND},
    {S_INIT("expand"), MODIFIER_EXPAND, EVERYTHING},
    {S_INIT("fieldref"), MODIFIER_FIELDREF, COMMON | MODIFIER_SHAPES | MODIFIER_CASED},
    {S_INIT("minute"), MODIFIER_MINUTE, COMMON | MODIFIER_COMPARES},
    {S_INIT("hour"), MODIFIER_HOUR, COMMON | MODIFIER_COMPARES},
    {S_INIT("day"), MODIFIER_DAY, COMMON | MODIFIER_COMPARES},
    {S_INIT("week"), MODIFIER_WEEK, COMMON | MODIFIER_COMPARES},
    {S_INIT("month"), MODIFIER_MONTH, COMMON | MODIFIER_COMPARES},
    {S_INIT("year"), MODIFIER_YEAR, COMMON | MODIFIER_COMPARES},
};

#define MODIFIER_TABLE_COUNT (sizeof(modifier_table) / sizeof(*modifier_table))
/* No modifier can stand with all others, and none twice. */
#define MODIFIERS_MAX 16

static const struct modifier_entry *modifier_find(slice name)
{
    for (size_t i = 0; i < MODIFIER_TABLE_COUNT; i++)
        if (slice_equal(modifier_table[i].name, name))
            return &modifier_table[i];
    return NULL;
}

static enum result modifier_check_pair(const struct yaml_node *key, const struct modifier_entry *a,
    const struct modifier_entry *b, struct error *err)
{
    if (a->modifier == b->modifier)
        return error_set(err, RESULT_MALFORMED, TEXT_SIGMA_MODIFIER_TWICE, ARG(key->line),
            ARG(key->column), ARG(b->name));
    if ((a->with & b->modifier) == 0 || (b->with & a->modifier) == 0)
        return error_set(err, RESULT_MALFORMED, TEXT_SIGMA_MODIFIER_CONFLICT, ARG(key->line),
            ARG(key->column), ARG(a->name), ARG(b->name));
    return RESULT_OK;
}

enum result modifier_parse(
    const struct yaml_node *key, slice *field, uint32_t *modifiers, struct error *err)
{
    const struct modifier_entry *seen[MODIFIERS_MAX];
    size_t count = 0;
    uint32_t together = 0;
    slice rest = key->text;
    slice name;
    slice field_name = S("");
    (void)slice_next(&rest, '|', &field_name);
    while (slice_next(&rest, '|', &name)) {
        const struct modifier_entry *entry = modifier_find(name);
        if (entry == NULL || count == MODIFIERS_MAX)
            return error_set(err, RESULT_UNSUPPORTED, TEXT_SIGMA_MODIFIER_UNKNOWN, ARG(key->line),
                ARG(key->column), ARG(name));
        for (size_t i = 0; i < count; i++) {
            enum result result = modifier_check_pair(key, seen[i], entry, err);
            if (result != RESULT_OK)
                return result;
        }
        seen[count++] = entry;
        together |= entry->modifier;
    }
    if ((together & (MODIFIER_I | MODIFIER_M | MODIFIER_S)) != 0 && (together & MODIFIER_RE) == 0)
        return error_set(err, RESULT_MALFORMED, TEXT_SIGMA_MODIFIER_NEEDS_RE, ARG(key->line),
            ARG(key->column), ARG(key->text));
    *field = slice_trim(field_name);
    *modifiers = together;
    return RESULT_OK;
}
