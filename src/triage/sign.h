/* A sign as it travels and is kept: a sort key and a payload of bytes.
 *
 * The worker writes them, the parent checks and sorts them; they are read back when a report asks.
 * Key and payload hold numbers of files and objects rather than paths, so that they are small and
 * known before a file's hash is. */
#ifndef TRIAGE_SIGN_H
#define TRIAGE_SIGN_H

#include "base/buf.h"
#include "event/event.h"
#include "triage/result.h"
#include "wire/reader.h"

/* Where a record stands: file number in the order of the walk, object number in that file, then as
 * struct event_record. */
struct sign_place {
    uint32_t file;
    uint32_t object;
    uint64_t number;
    uint64_t offset;
    uint32_t index;
};

/* A rule number that stands for another product's alert. */
#define SIGN_RULE_ALERT UINT32_MAX
/* Fields, entities and bytes of one field value that a sign keeps. */
#define SIGN_FIELDS_MAX      64U
#define SIGN_FIELD_VALUE_MAX 2048U
#define SIGN_TITLE_MAX       512U

/* Key: time, file, object, offset, index, rule: unsigned big endian, so that bytes compare as the
 * values do. */
#define SIGN_KEY_LEN 32U

struct sign_key {
    int64_t time_ns;
    struct sign_place place; /* number is not part of the key */
    uint32_t rule;
};

void sign_key_write(struct buf *out, const struct sign_key *key);
/* False when the bytes are no key. */
bool sign_key_read(slice bytes, struct sign_key *key);

/* The place as a part of a sorter's key: in the order of the evidence, without the number. */
#define SIGN_PLACE_KEY_LEN 20U
void sign_place_key_write(struct buf *out, const struct sign_place *place);
void sign_place_write(struct buf *out, const struct sign_place *place);
struct sign_place sign_place_read(struct reader *reader);

void sign_entities_write(struct buf *out, const struct entity *entities, size_t count);
/* At most ENTITY_MAX; false when malformed. */
bool sign_entities_read(struct reader *reader, struct entity *entities, size_t *count);

/* What a correlation keeps of one record that contributed to it. */
struct sign_record {
    struct sign_place place;
    const struct entity *entities;
    size_t entity_count;
    slice raw;
};

void sign_record_write(struct buf *out, const struct sign_record *record);
/* Entities are put into the arena. False when the bytes are no record. */
bool sign_record_read(struct arena *arena, slice bytes, struct sign_record *record);

/* What a payload holds; slices are into the payload when read. */
struct sign_body {
    enum triage_sign_source source;
    enum rule_kind kind;
    enum rule_level level;
    enum rule_vector vector;
    bool time_assumed;
    bool recovered;
    int64_t last_ns;
    uint64_t count;
    slice rule_id; /* alerts only */
    slice title;   /* alerts only */
    const struct sign_place *places;
    size_t place_count;
    const struct entity *entities;
    size_t entity_count;
    const struct triage_field *fields;
    size_t field_count;
    slice raw;
    slice source_address; /* these two where the view shows them */
    slice command_line;
    slice explained; /* explained.h */
};

void sign_body_write(struct buf *out, const struct sign_body *body);
/* Arrays are put into the arena. False when the bytes are no payload. */
bool sign_body_read(struct arena *arena, slice bytes, struct sign_body *body);

#endif
