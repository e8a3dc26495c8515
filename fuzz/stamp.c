/* A stamp lies inside the text, is read alike when the text ends after it, and names a time that,
 * written by civil_append, is read back as the same time. */
#include "wire/stamp.h"

#include <string.h>

#include "base/base.h"
#include "fuzz.h"

static void check_round_trip(int64_t time_ns)
{
    char memory[64];
    struct buf written;
    struct stamp stamp;
    int64_t back;
    struct civil civil;
    civil_from_ns(time_ns, &civil);
    if (civil.year < 1678 || civil.year > 2261)
        return;
    buf_init_fixed(&written, memory, sizeof(memory));
    civil_append(&written, time_ns);
    ASSERT(stamp_iso(buf_slice(&written), &stamp) && stamp.len == written.len);
    ASSERT(stamp.missing == 0 && stamp_to_ns(&stamp, 0, 0, &back) && back == time_ns);
    ASSERT(stamp_any(buf_slice(&written), &stamp) && stamp.len == written.len);
}

static void check_stamp(const struct stamp *stamp, slice text)
{
    const struct civil *civil = &stamp->civil;
    int64_t time_ns;
    ASSERT(stamp->len > 0 && stamp->len <= text.len);
    ASSERT(civil->month >= 1 && civil->month <= 12 && civil->day >= 1 && civil->day <= 31);
    ASSERT(civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 && civil->minute <= 59);
    ASSERT(civil->second >= 0 && civil->second <= 60);
    ASSERT(civil->ns >= 0 && civil->ns < CIVIL_NS_PER_S);
    ASSERT(civil->offset_s >= -19 * 3600 && civil->offset_s <= 19 * 3600);
    if (stamp->missing & STAMP_NO_YEAR)
        ASSERT(civil->year == 0);
    if (stamp->missing & STAMP_NO_ZONE)
        ASSERT(civil->offset_s == 0);
    if (stamp_to_ns(stamp, 2026, 0, &time_ns))
        check_round_trip(time_ns);
}

static bool same(const struct stamp *a, const struct stamp *b)
{
    int64_t times_ns[2] = {0, 0};
    bool known[2] = {stamp_to_ns(a, 2024, 0, &times_ns[0]), stamp_to_ns(b, 2024, 0, &times_ns[1])};
    return known[0] == known[1] && times_ns[0] == times_ns[1] && a->missing == b->missing;
}

static void check_reader(bool (*read)(slice text, struct stamp *stamp), slice text)
{
    struct stamp stamp, again;
    if (!read(text, &stamp))
        return;
    check_stamp(&stamp, text);
    ASSERT(read(slice_first(text, stamp.len), &again));
    ASSERT(again.len == stamp.len && same(&again, &stamp));
    ASSERT(stamp_any(slice_first(text, stamp.len), &again) && same(&again, &stamp));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    slice text = slice_make(data, size);
    struct stamp stamp;
    int64_t time_ns;
    int32_t offset_s;
    check_reader(stamp_iso, text);
    check_reader(stamp_syslog, text);
    check_reader(stamp_ncsa, text);
    if (stamp_any(text, &stamp))
        check_stamp(&stamp, text);
    if (stamp_unix(text, &time_ns)) {
        check_round_trip(time_ns);
        ASSERT(stamp_any(text, &stamp));
    }
    if (stamp_zone(text, &offset_s))
        ASSERT(offset_s >= -19 * 3600 && offset_s <= 19 * 3600);
    if (size >= sizeof(time_ns)) {
        memcpy(&time_ns, data, sizeof(time_ns));
        check_round_trip(time_ns);
    }
    return 0;
}
