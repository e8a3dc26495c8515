/* See incident.h. One pass over the signs fills three maps (reasons, entities, rules per incident);
 * then each incident's share is sorted and cut to what is shown. */
#include "triage/incident.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define INCIDENT_CRITICAL_POINTS 80.0
#define INCIDENT_HIGH_POINTS     40.0

struct incident_why_item {
    uint32_t incident;
    struct triage_why why;
    bool precursor;
    size_t order; /* in which they were first seen */
};

struct incident_entity_item {
    uint32_t incident;
    struct entity entity;
    uint64_t signs;
};

struct incident_sign_item {
    uint32_t incident;
    uuid id;
    enum rule_level level;
    size_t order;
};

struct incident_work {
    struct triage_incident incident;
    uint32_t vectors; /* bit set */
    bool started;
};

struct incident_filling {
    struct triage_result *result;
    struct arena arena;
    struct map whys, entities, rules, attacks;
    struct incident_why_item *why_items;
    size_t why_capacity;
    struct incident_entity_item *entity_items;
    size_t entity_capacity;
    struct incident_sign_item *sign_items;
    size_t sign_count, sign_capacity;
    struct incident_work *work;
    size_t count;
};

double incident_rule_points(enum rule_level level)
{
    static const double points[] = {[RULE_INFORMATIONAL] = 0,
        [RULE_LOW] = 1,
        [RULE_MEDIUM] = 5,
        [RULE_HIGH] = 15,
        [RULE_CRITICAL] = 40};
    return points[level];
}

enum rule_level incident_priority(double points, size_t critical, size_t telling)
{
    if (points >= INCIDENT_CRITICAL_POINTS || (critical > 0 && telling > 1))
        return RULE_CRITICAL;
    return points >= INCIDENT_HIGH_POINTS || critical > 0 ? RULE_HIGH : RULE_MEDIUM;
}

/* --- gathering --- */

static slice incident_host(const struct sign_body *body)
{
    for (size_t i = 0; i < body->entity_count; i++)
        if (body->entities[i].type == ENTITY_HOST)
            return body->entities[i].value;
    return S("");
}

static void incident_add_why(struct incident_filling *filling, uint32_t incident,
    const struct sign_key *key, const struct sign_body *body)
{
    char memory[2048];
    struct buf name;
    slice host = incident_host(body);
    buf_init_fixed(&name, memory, sizeof(memory));
    writer_u32(&name, incident);
    writer_u32(&name, key->rule);
    writer_slice(&name, key->rule == SIGN_RULE_ALERT ? body->rule_id : S(""));
    buf_append(&name, host);
    size_t index = map_intern(&filling->whys, buf_slice(&name));
    if (index == filling->why_capacity)
        filling->why_items = arena_grow(&filling->arena, filling->why_items, &filling->why_capacity,
            sizeof(*filling->why_items));
    struct incident_why_item *item = &filling->why_items[index];
    if (item->why.count++ > 0)
        return;
    struct arena *arena = &filling->result->arena;
    item->incident = incident;
    item->order = index;
    item->precursor = body->kind == RULE_PRECURSOR;
    item->why.title = arena_copy(arena, found_title(filling->result, key->rule, body, true));
    item->why.rule = key->rule == SIGN_RULE_ALERT ? NULL : &filling->result->rules[key->rule];
    item->why.host = arena_copy(arena, host);
    item->why.level = body->level;
}

/* Whether this is the first sign of its rule in the incident. */
static bool incident_add_rule(struct incident_filling *filling, uint32_t incident,
    const struct sign_key *key, const struct sign_body *body)
{
    char memory[1024];
    struct buf name;
    bool inserted;
    buf_init_fixed(&name, memory, sizeof(memory));
    writer_u32(&name, incident);
    writer_u32(&name, key->rule);
    buf_append(&name, key->rule == SIGN_RULE_ALERT ? body->rule_id : S(""));
    (void)map_put(&filling->rules, buf_slice(&name), &inserted);
    return inserted;
}

static void incident_add_entities(
    struct incident_filling *filling, uint32_t incident, const struct sign_body *body)
{
    char memory[2048];
    struct buf name;
    for (size_t i = 0; i < body->entity_count; i++) {
        buf_init_fixed(&name, memory, sizeof(memory));
        writer_u32(&name, incident);
        writer_u8(&name, (uint8_t)body->entities[i].type);
        buf_append(&name, body->entities[i].value);
        size_t index = map_intern(&filling->entities, buf_slice(&name));
        if (index == filling->entity_capacity)
            filling->entity_items = arena_grow(&filling->arena, filling->entity_items,
                &filling->entity_capacity, sizeof(*filling->entity_items));
        struct incident_entity_item *item = &filling->entity_items[index];
        if (item->signs++ > 0)
            continue;
        item->incident = incident;
        item->entity.type = body->entities[i].type;
        item->entity.value = arena_copy(&filling->result->arena, body->entities[i].value);
    }
}

static void incident_add_attacks(
    struct incident_filling *filling, uint32_t incident, const struct rule *rule)
{
    char memory[256];
    struct buf name;
    for (size_t i = 0; rule != NULL && i < rule->attack_count; i++) {
        buf_init_fixed(&name, memory, sizeof(memory));
        /* Big endian, so that sorting the keys sorts by incident. */
        writer_be32(&name, incident);
        buf_append(&name, rule->attack[i]);
        (void)map_put(&filling->attacks, buf_slice(&name), NULL);
    }
}

static void incident_add_sign(struct incident_filling *filling, uint32_t incident,
    const struct sign_key *key, const struct sign_body *body)
{
    struct incident_work *work = &filling->work[incident];
    struct triage_incident *shown = &work->incident;
    uuid id = found_sign_id(filling->result, key, body);
    int64_t last_ns = body->last_ns > key->time_ns ? body->last_ns : key->time_ns;
    if (!work->started) {
        work->started = true;
        shown->first_ns = key->time_ns;
        shown->last_ns = last_ns;
        shown->id = uuid_from_content(slice_make(id.bytes, sizeof(id.bytes)));
    }
    if (shown->first_ns == CIVIL_TIME_NONE)
        shown->first_ns = key->time_ns;
    if (last_ns > shown->last_ns)
        shown->last_ns = last_ns;
    shown->sign_count++;
    work->vectors |= 1U << body->vector;
    incident_add_why(filling, incident, key, body);
    incident_add_entities(filling, incident, body);
    if (!incident_add_rule(filling, incident, key, body))
        return;
    incident_add_attacks(filling, incident,
        key->rule == SIGN_RULE_ALERT ? NULL : &filling->result->rules[key->rule]);
    if (filling->sign_count == filling->sign_capacity)
        filling->sign_items = arena_grow(&filling->arena, filling->sign_items,
            &filling->sign_capacity, sizeof(*filling->sign_items));
    filling->sign_items[filling->sign_count] = (struct incident_sign_item){
        .incident = incident, .id = id, .level = body->level, .order = filling->sign_count};
    filling->sign_count++;
}

static enum result incident_gather(struct incident_filling *filling, struct error *err)
{
    const struct triage_result *result = filling->result;
    struct sorter_reader *reader;
    struct arena arena = {0};
    slice key_bytes, payload;
    struct sign_key key;
    struct sign_body body;
    enum result done = sorter_read(result->signs, &reader, err);
    if (done != RESULT_OK)
        return done;
    for (size_t position = 0;; position++) {
        done = sorter_next(reader, &key_bytes, &payload, err);
        if (done != RESULT_OK)
            break;
        if (result->sign_incident[position] == TRIAGE_NO_INCIDENT)
            continue;
        arena_reset(&arena);
        ASSERT(sign_key_read(key_bytes, &key));
        ASSERT(sign_body_read(&arena, payload, &body));
        incident_add_sign(filling, result->sign_incident[position], &key, &body);
    }
    arena_free(&arena);
    sorter_reader_free(reader);
    return done == RESULT_END ? RESULT_OK : done;
}

/* --- sorting and cutting --- */

static int incident_why_order(const void *left, const void *right)
{
    const struct incident_why_item *items[2] = {left, right};
    if (items[0]->incident != items[1]->incident)
        return items[0]->incident < items[1]->incident ? -1 : 1;
    if (items[0]->why.level != items[1]->why.level)
        return items[0]->why.level > items[1]->why.level ? -1 : 1;
    return items[0]->order < items[1]->order ? -1 : 1;
}

static int incident_entity_order(const void *left, const void *right)
{
    const struct incident_entity_item *items[2] = {left, right};
    if (items[0]->incident != items[1]->incident)
        return items[0]->incident < items[1]->incident ? -1 : 1;
    if (items[0]->entity.type != items[1]->entity.type)
        return items[0]->entity.type < items[1]->entity.type ? -1 : 1;
    if (items[0]->signs != items[1]->signs)
        return items[0]->signs > items[1]->signs ? -1 : 1;
    return slice_compare(items[0]->entity.value, items[1]->entity.value);
}

static int incident_sign_order(const void *left, const void *right)
{
    const struct incident_sign_item *items[2] = {left, right};
    if (items[0]->incident != items[1]->incident)
        return items[0]->incident < items[1]->incident ? -1 : 1;
    if (items[0]->level != items[1]->level)
        return items[0]->level > items[1]->level ? -1 : 1;
    return items[0]->order < items[1]->order ? -1 : 1;
}

static int incident_key_order(const void *left, const void *right)
{
    const struct map_entry *entries[2] = {left, right};
    return slice_compare(entries[0]->key, entries[1]->key);
}

/* A rule gives its points once: to the first of its rows. */
static void incident_share_whys(struct incident_filling *filling)
{
    struct arena *arena = &filling->result->arena;
    size_t count = filling->whys.count;
    if (count > 0)
        qsort(filling->why_items, count, sizeof(*filling->why_items), incident_why_order);
    for (size_t from = 0; from < count;) {
        uint32_t incident = filling->why_items[from].incident;
        size_t to = from;
        while (to < count && filling->why_items[to].incident == incident)
            to++;
        struct triage_incident *shown = &filling->work[incident].incident;
        size_t kept = size_min(to - from, INCIDENT_WHY_MAX);
        struct triage_why *whys = ARENA_ARRAY(arena, struct triage_why, kept);
        struct map seen = {0};
        for (size_t i = 0; i < kept; i++) {
            const struct incident_why_item *item = &filling->why_items[from + i];
            bool inserted;
            whys[i] = item->why;
            (void)map_put(
                &seen, item->why.rule != NULL ? item->why.rule->id : item->why.title, &inserted);
            if (inserted && !item->precursor)
                whys[i].weight = incident_rule_points(item->why.level);
        }
        map_free(&seen);
        shown->why = whys;
        shown->why_count = kept;
        from = to;
    }
}

static void incident_share_entities(struct incident_filling *filling)
{
    struct arena *arena = &filling->result->arena;
    size_t count = filling->entities.count;
    if (count > 0)
        qsort(filling->entity_items, count, sizeof(*filling->entity_items), incident_entity_order);
    for (size_t from = 0; from < count;) {
        uint32_t incident = filling->entity_items[from].incident;
        size_t to = from;
        while (to < count && filling->entity_items[to].incident == incident)
            to++;
        size_t kept = size_min(to - from, INCIDENT_ENTITIES_MAX);
        struct entity *entities = ARENA_ARRAY(arena, struct entity, kept);
        uint64_t *signs = ARENA_ARRAY(arena, uint64_t, kept);
        for (size_t i = 0; i < kept; i++) {
            entities[i] = filling->entity_items[from + i].entity;
            signs[i] = filling->entity_items[from + i].signs;
        }
        struct triage_incident *shown = &filling->work[incident].incident;
        shown->entities = entities;
        shown->entity_signs = signs;
        shown->entity_count = kept;
        from = to;
    }
}

static void incident_share_signs(struct incident_filling *filling)
{
    struct arena *arena = &filling->result->arena;
    size_t count = filling->sign_count;
    if (count > 0)
        qsort(filling->sign_items, count, sizeof(*filling->sign_items), incident_sign_order);
    for (size_t from = 0; from < count;) {
        uint32_t incident = filling->sign_items[from].incident;
        size_t to = from;
        while (to < count && filling->sign_items[to].incident == incident)
            to++;
        size_t kept = size_min(to - from, TRIAGE_STRONGEST_MAX);
        uuid *ids = ARENA_ARRAY(arena, uuid, kept);
        for (size_t i = 0; i < kept; i++)
            ids[i] = filling->sign_items[from + i].id;
        filling->work[incident].incident.strongest = ids;
        filling->work[incident].incident.strongest_count = kept;
        from = to;
    }
}

static void incident_share_attacks(struct incident_filling *filling)
{
    struct arena *arena = &filling->result->arena;
    struct map_entry *entries = filling->attacks.entries;
    size_t count = filling->attacks.count;
    /* The map is not searched any more: its entries may be put in order in place. */
    if (count > 0)
        qsort(entries, count, sizeof(*entries), incident_key_order);
    for (size_t from = 0; from < count;) {
        slice incident = slice_first(entries[from].key, sizeof(uint32_t));
        size_t to = from;
        while (to < count && slice_starts(entries[to].key, incident))
            to++;
        slice *attack = ARENA_ARRAY(arena, slice, to - from);
        for (size_t i = from; i < to; i++)
            attack[i - from] = arena_copy(arena, slice_from(entries[i].key, sizeof(uint32_t)));
        struct reader reader = reader_over(incident);
        struct triage_incident *shown = &filling->work[reader_be32(&reader)].incident;
        shown->attack = attack;
        shown->attack_count = to - from;
        from = to;
    }
}

static void incident_set_vectors(struct triage_result *result, struct incident_work *work)
{
    enum rule_vector *vectors =
        ARENA_ARRAY(&result->arena, enum rule_vector, RULE_VECTOR_OTHER + 1);
    size_t count = 0;
    for (uint32_t vector = RULE_VECTOR_UNKNOWN + 1; vector <= RULE_VECTOR_OTHER; vector++)
        if ((work->vectors & 1U << vector) != 0)
            vectors[count++] = (enum rule_vector)vector;
    work->incident.vectors = vectors;
    work->incident.vector_count = count;
}

/* --- titles --- */

static const struct entity *incident_entity(
    const struct triage_incident *incident, enum entity_type type, size_t *count)
{
    const struct entity *first = NULL;
    *count = 0;
    for (size_t i = 0; i < incident->entity_count; i++) {
        if (incident->entities[i].type != type)
            continue;
        if (first == NULL)
            first = &incident->entities[i];
        ++*count;
    }
    return first;
}

static slice incident_title(
    struct triage_result *result, const struct triage_incident *incident, enum text_lang lang)
{
    struct buf title;
    size_t hosts, addresses;
    const struct entity *host = incident_entity(incident, ENTITY_HOST, &hosts);
    const struct entity *address = incident_entity(incident, ENTITY_IP, &addresses);
    const struct triage_why *leading = &incident->why[0];
    slice lead = leading->title;
    if (lang == TEXT_LANG_JA && leading->rule != NULL && leading->rule->title_ja.len > 0)
        lead = leading->rule->title_ja;
    buf_init(&title, (size_t)SIGN_TITLE_MAX * 4);
    if (hosts > 1)
        text_append_in(
            &title, lang, TEXT_TRIAGE_TITLE_MORE, ARG(lead), ARG(host->value), ARG(hosts - 1));
    else if (host != NULL)
        text_append_in(&title, lang, TEXT_TRIAGE_TITLE, ARG(lead), ARG(host->value));
    else if (address != NULL)
        text_append_in(&title, lang, TEXT_TRIAGE_TITLE_FROM, ARG(lead), ARG(address->value));
    else
        buf_append(&title, lead);
    slice kept = arena_copy(&result->arena, buf_slice(&title));
    buf_free(&title);
    return kept;
}

static void incident_finish(struct incident_filling *filling, const struct incident_seed *seeds)
{
    struct triage_result *result = filling->result;
    incident_share_whys(filling);
    incident_share_entities(filling);
    incident_share_signs(filling);
    incident_share_attacks(filling);
    result->incidents = ARENA_ARRAY(&result->arena, struct triage_incident, filling->count);
    for (size_t i = 0; i < filling->count; i++) {
        struct triage_incident *incident = &filling->work[i].incident;
        incident_set_vectors(result, &filling->work[i]);
        incident->raised_ns = seeds[i].raised_ns;
        incident->points = seeds[i].points;
        incident->priority = seeds[i].priority;
        incident->title_en = incident_title(result, incident, TEXT_LANG_EN);
        incident->title = incident_title(result, incident, text_lang());
        result->incidents[i] = *incident;
    }
    result->incident_count = filling->count;
    result->counts.incidents = filling->count;
}

enum result incident_fill(struct triage_result *result, const struct incident_seed *seeds,
    size_t count, struct error *err)
{
    struct incident_filling filling = {.result = result, .count = count};
    filling.work = ARENA_ARRAY(&filling.arena, struct incident_work, count);
    enum result done = incident_gather(&filling, err);
    if (done == RESULT_OK)
        incident_finish(&filling, seeds);
    map_free(&filling.whys);
    map_free(&filling.entities);
    map_free(&filling.rules);
    map_free(&filling.attacks);
    arena_free(&filling.arena);
    return done;
}
