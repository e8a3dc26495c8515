/* Levels, vectors, times and numbers as words: the names that machines read, and people's words in
 * the language of the process. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/base.h"
#include "triage/result.h"

/* --- names in machine output, the same in every language --- */

/* "informational" … "critical" */
slice words_level_name(enum rule_level level);
/* "media", "attrition", "web", "email", "impersonation", "improper-usage", "loss", "other",
 * "unknown" */
slice words_vector_name(enum rule_vector vector);
/* "indicator", "precursor" */
slice words_kind_name(enum rule_kind kind);
/* "sigma", "correlation", "alert" */
slice words_source_name(enum triage_sign_source source);

/* --- people's words --- */

slice words_level(enum rule_level level);
slice words_vector(enum rule_vector vector);
slice words_entity_type(enum entity_type type);
/* The rule's title in the user's language where it has one, else `title`. */
slice words_title(const struct rule *rule, slice title);

/* 2026-11-20 03:12:44, to the second; "no time" for CIVIL_TIME_NONE. */
void words_time(struct buf *out, int64_t time_ns);
/* 03:12:44 */
void words_clock(struct buf *out, int64_t time_ns);
/* 2026-11-20 */
void words_date(struct buf *out, int64_t time_ns);
/* First to last, the date once when it is one day, and how long that is. Without "UTC". */
void words_period(struct buf *out, int64_t first_ns, int64_t last_ns);
/* The same to the minute and with the date at both ends, for tables. */
void words_span(struct buf *out, int64_t first_ns, int64_t last_ns);
/* The two largest units that are not zero. */
void words_duration(struct buf *out, int64_t duration_ns);
/* With commas at the thousands. */
void words_number(struct buf *out, uint64_t number);
/* 512 bytes, 4.2 MB: decimal units, one digit after the point. */
void words_bytes(struct buf *out, uint64_t bytes);
/* One digit after the point. */
void words_points(struct buf *out, double points);
/* "1 record", "2 records": `one` or `many`, with the number as {1}. */
void words_count(struct buf *out, enum text one, enum text many, uint64_t count);
/* A line of a field: indented, the value behind the padded name, both escaped for the terminal. */
void words_field(struct buf *out, slice name, slice value);
/* Paragraphs end and go on: a space in English, nothing in Japanese. */
void words_gap(struct buf *out);

#endif
