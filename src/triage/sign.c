/* See sign.h. */
#include "triage/sign.h"

#include "base/base.h"

#define SIGN_FLAG_ASSUMED   1U
#define SIGN_FLAG_RECOVERED 2U

/* Orders signed times as unsigned bytes. */
static uint64_t sign_time_order(int64_t time_ns)
{
    return (uint64_t)time_ns ^ (UINT64_C(1) << 63);
}

void sign_place_key_write(struct buf *out, const struct sign_place *place)
{
    writer_be32(out, place->file);
    writer_be32(out, place->object);
    writer_be64(out, place->offset);
    writer_be32(out, place->index);
}

void sign_key_write(struct buf *out, const struct sign_key *key)
{
    writer_be64(out, sign_time_order(key->time_ns));
    sign_place_key_write(out, &key->place);
    writer_be32(out, key->rule);
}

bool sign_key_read(slice bytes, struct sign_key *key)
{
    struct reader reader = reader_over(bytes);
    struct sign_key made = {0};
    made.time_ns = (int64_t)sign_time_order((int64_t)reader_be64(&reader));
    made.place.file = reader_be32(&reader);
    made.place.object = reader_be32(&reader);
    made.place.offset = reader_be64(&reader);
    made.place.index = reader_be32(&reader);
    made.rule = reader_be32(&reader);
    if (reader.failed || reader_left(&reader) != 0)
        return false;
    *key = made;
    return true;
}

void sign_place_write(struct buf *out, const struct sign_place *place)
{
    writer_u32(out, place->file);
    writer_u32(out, place->object);
    writer_u64(out, place->number);
    writer_u64(out, place->offset);
    writer_u32(out, place->index);
}

struct sign_place sign_place_read(struct reader *reader)
{
    struct sign_place place = {0};
    place.file = reader_u32(reader);
    place.object = reader_u32(reader);
    place.number = reader_u64(reader);
    place.offset = reader_u64(reader);
    place.index = reader_u32(reader);
    return place;
}

void sign_entities_write(struct buf *out, const struct entity *entities, size_t count)
{
    ASSERT(count <= ENTITY_MAX);
    writer_u8(out, (uint8_t)count);
    for (size_t i = 0; i < count; i++) {
        writer_u8(out, (uint8_t)entities[i].type);
        writer_slice(out, entities[i].value);
    }
}

bool sign_entities_read(struct reader *reader, struct entity *entities, size_t *count)
{
    size_t announced = reader_u8(reader);
    if (announced > ENTITY_MAX)
        return false;
    for (size_t i = 0; i < announced; i++) {
        uint8_t type = reader_u8(reader);
        slice value = reader_slice(reader);
        if (reader->failed || type >= ENTITY_COUNT)
            return false;
        entities[i] = (struct entity){.type = (enum entity_type)type, .value = value};
    }
    *count = announced;
    return !reader->failed;
}

void sign_record_write(struct buf *out, const struct sign_record *record)
{
    sign_place_write(out, &record->place);
    sign_entities_write(out, record->entities, record->entity_count);
    writer_slice(out, record->raw);
}

bool sign_record_read(struct arena *arena, slice bytes, struct sign_record *record)
{
    struct reader reader = reader_over(bytes);
    struct entity *entities = ARENA_ARRAY(arena, struct entity, ENTITY_MAX);
    struct sign_record made = {.place = sign_place_read(&reader), .entities = entities};
    if (!sign_entities_read(&reader, entities, &made.entity_count))
        return false;
    made.raw = reader_slice(&reader);
    if (reader.failed || reader_left(&reader) != 0)
        return false;
    *record = made;
    return true;
}

void sign_body_write(struct buf *out, const struct sign_body *body)
{
    writer_u8(out, (uint8_t)body->source);
    writer_u8(out, (uint8_t)body->kind);
    writer_u8(out, (uint8_t)body->level);
    writer_u8(out, (uint8_t)body->vector);
    writer_u8(out, (uint8_t)((body->time_assumed ? SIGN_FLAG_ASSUMED : 0) |
                             (body->recovered ? SIGN_FLAG_RECOVERED : 0)));
    writer_u64(out, (uint64_t)body->last_ns);
    writer_u64(out, body->count);
    writer_slice(out, slice_first(body->rule_id, SIGN_TITLE_MAX));
    writer_slice(out, slice_first(body->title, SIGN_TITLE_MAX));
    writer_u16(out, (uint16_t)body->place_count);
    for (size_t i = 0; i < body->place_count; i++)
        sign_place_write(out, &body->places[i]);
    sign_entities_write(out, body->entities, body->entity_count);
    writer_u16(out, (uint16_t)body->field_count);
    for (size_t i = 0; i < body->field_count; i++) {
        writer_slice(out, slice_first(body->fields[i].name, SIGN_TITLE_MAX));
        writer_slice(out, slice_first(body->fields[i].value, SIGN_FIELD_VALUE_MAX));
    }
    writer_slice(out, slice_first(body->raw, TRIAGE_RAW_MAX));
    writer_slice(out, slice_first(body->source_address, SIGN_TITLE_MAX));
    writer_slice(out, slice_first(body->command_line, SIGN_FIELD_VALUE_MAX));
    writer_slice(out, body->explained);
}

static bool sign_places_read(struct arena *arena, struct reader *reader, struct sign_body *body)
{
    size_t count = reader_u16(reader);
    if (reader->failed || count > CORRELATION_RECORDS_MAX)
        return false;
    struct sign_place *places = ARENA_ARRAY(arena, struct sign_place, count);
    for (size_t i = 0; i < count; i++)
        places[i] = sign_place_read(reader);
    body->places = places;
    body->place_count = count;
    return !reader->failed;
}

static bool sign_fields_read(struct arena *arena, struct reader *reader, struct sign_body *body)
{
    size_t count = reader_u16(reader);
    if (reader->failed || count > SIGN_FIELDS_MAX)
        return false;
    struct triage_field *fields = ARENA_ARRAY(arena, struct triage_field, count);
    for (size_t i = 0; i < count; i++) {
        fields[i].name = reader_slice(reader);
        fields[i].value = reader_slice(reader);
    }
    body->fields = fields;
    body->field_count = count;
    return !reader->failed;
}

bool sign_body_read(struct arena *arena, slice bytes, struct sign_body *body)
{
    struct reader reader = reader_over(bytes);
    struct sign_body made = {0};
    uint8_t source = reader_u8(&reader);
    uint8_t kind = reader_u8(&reader);
    uint8_t level = reader_u8(&reader);
    uint8_t vector = reader_u8(&reader);
    uint8_t flags = reader_u8(&reader);
    if (source > TRIAGE_FROM_ALERT || kind > RULE_PRECURSOR || level > RULE_CRITICAL ||
        vector > RULE_VECTOR_OTHER)
        return false;
    made.source = (enum triage_sign_source)source;
    made.kind = (enum rule_kind)kind;
    made.level = (enum rule_level)level;
    made.vector = (enum rule_vector)vector;
    made.time_assumed = (flags & SIGN_FLAG_ASSUMED) != 0;
    made.recovered = (flags & SIGN_FLAG_RECOVERED) != 0;
    made.last_ns = (int64_t)reader_u64(&reader);
    made.count = reader_u64(&reader);
    made.rule_id = reader_slice(&reader);
    made.title = reader_slice(&reader);
    struct entity *entities = ARENA_ARRAY(arena, struct entity, ENTITY_MAX);
    made.entities = entities;
    if (!sign_places_read(arena, &reader, &made) ||
        !sign_entities_read(&reader, entities, &made.entity_count) ||
        !sign_fields_read(arena, &reader, &made))
        return false;
    made.raw = reader_slice(&reader);
    made.source_address = reader_slice(&reader);
    made.command_line = reader_slice(&reader);
    made.explained = reader_slice(&reader);
    if (reader.failed || reader_left(&reader) != 0)
        return false;
    *body = made;
    return true;
}
