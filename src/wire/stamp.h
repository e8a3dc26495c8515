/* Reading time stamps as logs write them. The functions take the text, read a stamp at its front
 * (not one that a digit follows), and say how many bytes they took; they never look at the clock.
 */
#ifndef WIRE_STAMP_H
#define WIRE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/slice.h"

/* What a stamp left open. */
#define STAMP_NO_YEAR 1u
#define STAMP_NO_ZONE 2u

struct stamp {
    struct civil civil; /* with STAMP_NO_YEAR, year is 0; with STAMP_NO_ZONE, offset_s is 0 */
    unsigned missing;
    size_t len; /* bytes of text that the stamp took */
};

/* RFC 3339 and its relatives: 2026-11-20T03:12:44.123Z, a space instead of T, comma before the
 * fraction, +09:00, +0900, +09, no zone, no seconds fraction; also 2026/11/20 03:12:44. */
bool stamp_iso(slice text, struct stamp *stamp);
/* RFC 3164: "Nov 20 03:12:44", "Nov  2 …", with Cisco's "Nov 20 2026 03:12:44" or "2026 Nov 20
 * 03:12:44", a leading '*' or '.', fractions ".123", and a zone by name after it ("UTC", "JST",
 * "CEST" …: a small table). */
bool stamp_syslog(slice text, struct stamp *stamp);
/* NCSA: 20/Nov/2026:03:12:44 +0000 (without the brackets); also 20-Nov-2026 03:12:44.123, as named
 * and others write. */
bool stamp_ncsa(slice text, struct stamp *stamp);
/* Unix seconds of 9 or 10 digits with a fraction: 1292652621.986; digits alone of 10 (s), 13 (ms),
 * 16 (us) or 19 (ns) places. The number fills the text. */
bool stamp_unix(slice text, int64_t *time_ns);
/* Any of the above that fills the whole slice, ignoring white space around. */
bool stamp_any(slice text, struct stamp *stamp);

/* Time of a complete stamp; with a missing year or zone the given ones are used. */
bool stamp_to_ns(const struct stamp *stamp, int32_t year, int32_t zone_offset_s, int64_t *time_ns);

/* "UTC", "Z", "+09:00", "-0330", "JST": fixed offsets; false for what is unknown. */
bool stamp_zone(slice text, int32_t *offset_s);

#endif
