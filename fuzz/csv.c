/* CSV: the same rows however the bytes come; and a row that is written again, all values in quotes,
 * reads as it did. */
#include "fuzz.h"

#include "decode/csv_record.h"
#include "steps.h"

static void check_again(const struct csv_record *record, struct arena *arena)
{
    static struct csv_record again;
    struct buf out;
    buf_init(&out, STEPS_TRANSCRIPT_MAX);
    for (size_t i = 0; i < record->count; i++) {
        slice rest = record->values[i], head;
        buf_append(&out, i == 0 ? S("\"") : S(",\""));
        while (slice_next(&rest, '"', &head)) {
            buf_append(&out, head);
            buf_append(&out, slice_is_absent(rest) ? S("") : S("\"\""));
        }
        buf_append_byte(&out, '"');
    }
    buf_append_byte(&out, '\n');
    ASSERT(!out.overflow);
    csv_record_parse(&again, arena, buf_slice(&out), ',', false);
    ASSERT(again.complete && again.taken == out.len && again.count == record->count);
    for (size_t i = 0; i < record->count; i++)
        ASSERT(slice_equal(again.values[i], record->values[i]));
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct csv_record record;
    static struct arena arena;
    const struct decode_options options = {0};
    struct steps whole;
    slice rest = slice_make(data, size);
    steps_check(S("csv"), &options, rest, &whole);
    buf_free(&whole.out);
    while (rest.len > 0) {
        arena_reset(&arena);
        csv_record_parse(&record, &arena, rest, ';', true);
        ASSERT(record.taken > 0 && record.taken <= rest.len);
        if (!record.complete)
            break;
        check_again(&record, &arena);
        rest = slice_from(rest, record.taken);
    }
    return 0;
}
