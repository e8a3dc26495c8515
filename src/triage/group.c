/* See group.h. Three passes over the sorted signs: entities and hubs; joining (union-find in order
 * of time); then, for the groups that became incidents, what is shown of them. Memory grows with
 * distinct entities and rules, not with signs (four bytes each). */
#include "triage/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "triage/incident.h"

#define GROUP_NONE UINT32_MAX

struct group_entity {
    bool hub;
    bool seen;      /* in the joining pass */
    uint32_t hosts; /* distinct hosts it was named with */
    uint32_t group; /* of the last sign that named it */
    int64_t last_ns;
};

struct group_rule {
    uint32_t rule; /* index into the rules, or past them: an alert's name */
    enum rule_level level;
    bool precursor;
};

struct group {
    uint32_t parent;
    struct group_rule *rules; /* distinct */
    size_t rule_count;
    size_t rule_capacity;
    int64_t raised_ns;
    bool raised;
    size_t first_sign; /* position of its first sign */
    uint32_t incident;
};

struct grouping {
    struct triage_result *result;
    struct arena arena;
    struct map names; /* type byte + value → entity number */
    struct group_entity *entities;
    size_t entity_capacity;
    struct map pairs; /* entity number + host name, for hubs */
    uint32_t host_count;
    struct map alerts; /* names of alerts → number past the rules */
    struct group *groups;
    size_t group_count;
    size_t group_capacity;
    uint32_t *sign_group; /* by position */
    size_t sign_capacity;
};

/* --- which entities join --- */

static bool group_type_joins(enum entity_type type)
{
    return type == ENTITY_HOST || type == ENTITY_USER || type == ENTITY_IP || type == ENTITY_HASH ||
           type == ENTITY_DOMAIN || type == ENTITY_EMAIL;
}

/* Accounts that exist everywhere: two hosts that both name them have nothing in common by that. */
static bool group_is_everywhere(const struct entity *entity)
{
    static const slice names[] = {S_INIT("root"), S_INIT("admin"), S_INIT("administrator"),
        S_INIT("guest"), S_INIT("user"), S_INIT("test"), S_INIT("nobody"), S_INIT("www-data"),
        S_INIT("postgres"), S_INIT("mysql"), S_INIT("daemon"), S_INIT("postfix"),
        S_INIT("administrateur"), S_INIT("ubuntu"), S_INIT("debian"), S_INIT("pi")};
    slice name, domain;
    if (entity->type != ENTITY_USER)
        return false;
    (void)slice_cut(entity->value, '@', &name, &domain);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (slice_equal(name, names[i]))
            return true;
    return false;
}

static slice group_name(struct buf *out, const struct entity *entity)
{
    buf_clear(out);
    buf_append_byte(out, (char)entity->type);
    buf_append(out, entity->value);
    return buf_slice(out);
}

/* The number of a name, made when `insert`; GROUP_NONE when the limit was reached. */
static uint32_t group_number(struct grouping *grouping, slice name, bool insert)
{
    if (!insert || grouping->names.count >= GROUP_ENTITIES_MAX) {
        const uint64_t *found = map_find(&grouping->names, name);
        if (found == NULL && insert)
            grouping->result->counts.unlinked_entities++;
        return found == NULL ? GROUP_NONE : (uint32_t)*found;
    }
    bool inserted;
    uint64_t *value = map_put(&grouping->names, name, &inserted);
    if (inserted) {
        *value = grouping->names.count - 1;
        if (*value >= grouping->entity_capacity)
            grouping->entities = arena_grow(&grouping->arena, grouping->entities,
                &grouping->entity_capacity, sizeof(*grouping->entities));
    }
    return (uint32_t)*value;
}

/* The entity's number; GROUP_NONE when it does not join. */
static uint32_t group_entity(struct grouping *grouping, const struct entity *entity, bool insert)
{
    char memory[2048];
    struct buf name;
    if (!group_type_joins(entity->type) || group_is_everywhere(entity))
        return GROUP_NONE;
    buf_init_fixed(&name, memory, sizeof(memory));
    size_t before = grouping->names.count;
    uint32_t number = group_number(grouping, group_name(&name, entity), insert);
    grouping->host_count += entity->type == ENTITY_HOST && grouping->names.count > before;
    return number;
}

/* Whether an entity says who or where; a hash or a domain says only what. */
static bool group_type_places(enum entity_type type)
{
    return type == ENTITY_HOST || type == ENTITY_USER || type == ENTITY_IP || type == ENTITY_EMAIL;
}

/* What joins signs that name nobody: the log that they stand in. */
static uint32_t group_log(struct grouping *grouping, const struct sign_place *place, bool insert)
{
    char memory[16];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof(memory));
    writer_u8(&name, ENTITY_COUNT);
    writer_u32(&name, place->file);
    writer_u32(&name, place->object);
    return group_number(grouping, buf_slice(&name), insert);
}

static slice group_host(const struct sign_body *body)
{
    for (size_t i = 0; i < body->entity_count; i++)
        if (body->entities[i].type == ENTITY_HOST)
            return body->entities[i].value;
    return S("");
}

/* --- passes --- */

struct group_sign {
    size_t position;
    struct sign_key key;
    struct sign_body body;
};

/* Calls `each` for every sign in order. */
static enum result group_each(struct grouping *grouping,
    void (*each)(struct grouping *grouping, const struct group_sign *sign), struct error *err)
{
    struct sorter_reader *reader;
    struct arena arena = {0};
    struct group_sign sign = {0};
    slice key, payload;
    enum result result = sorter_read(grouping->result->signs, &reader, err);
    if (result != RESULT_OK)
        return result;
    for (;;) {
        arena_reset(&arena);
        result = sorter_next(reader, &key, &payload, err);
        if (result != RESULT_OK)
            break;
        ASSERT(sign_key_read(key, &sign.key));
        ASSERT(sign_body_read(&arena, payload, &sign.body));
        each(grouping, &sign);
        sign.position++;
    }
    arena_free(&arena);
    sorter_reader_free(reader);
    return result == RESULT_END ? RESULT_OK : result;
}

static void group_pass_entities(struct grouping *grouping, const struct group_sign *sign)
{
    char memory[2048];
    struct buf pair;
    slice host = group_host(&sign->body);
    struct triage_counts *counts = &grouping->result->counts;
    counts->signs++;
    counts->precursors += sign->body.kind == RULE_PRECURSOR;
    bool named = false;
    for (size_t i = 0; i < sign->body.entity_count; i++) {
        uint32_t number = group_entity(grouping, &sign->body.entities[i], true);
        named |= number != GROUP_NONE && group_type_places(sign->body.entities[i].type);
        if (number == GROUP_NONE || sign->body.entities[i].type == ENTITY_HOST || host.len == 0 ||
            grouping->pairs.count >= GROUP_ENTITIES_MAX)
            continue;
        bool inserted;
        buf_init_fixed(&pair, memory, sizeof(memory));
        writer_u32(&pair, number);
        buf_append(&pair, host);
        (void)map_put(&grouping->pairs, buf_slice(&pair), &inserted);
        grouping->entities[number].hosts += inserted;
    }
    if (!named)
        (void)group_log(grouping, &sign->key.place, true);
}

static void group_find_hubs(struct grouping *grouping)
{
    for (size_t i = 0; i < grouping->names.count; i++) {
        struct group_entity *entity = &grouping->entities[i];
        entity->hub = entity->hosts > GROUP_HUB_HOSTS && entity->hosts > grouping->host_count / 2;
        entity->group = GROUP_NONE;
    }
    map_free(&grouping->pairs);
}

static uint32_t group_root(struct grouping *grouping, uint32_t group)
{
    while (grouping->groups[group].parent != group) {
        uint32_t up = grouping->groups[group].parent;
        grouping->groups[group].parent = grouping->groups[up].parent;
        group = up;
    }
    return group;
}

static double group_points(const struct group *group)
{
    double points = 0;
    double low = 0;
    for (size_t i = 0; i < group->rule_count; i++) {
        if (group->rules[i].precursor)
            continue;
        double of_rule = incident_rule_points(group->rules[i].level);
        if (group->rules[i].level <= RULE_LOW)
            low += of_rule;
        else
            points += of_rule;
    }
    return points + (low < INCIDENT_LOW_POINTS_MAX ? low : INCIDENT_LOW_POINTS_MAX);
}

static void group_raise(struct group *group, int64_t time_ns)
{
    if (!group->raised && group_points(group) >= GROUP_RAISE_POINTS) {
        group->raised = true;
        group->raised_ns = time_ns;
    }
}

static void group_add_rule(struct grouping *grouping, struct group *group, struct group_rule rule)
{
    for (size_t i = 0; i < group->rule_count; i++) {
        if (group->rules[i].rule != rule.rule)
            continue;
        if (rule.level > group->rules[i].level)
            group->rules[i].level = rule.level;
        return;
    }
    if (group->rule_count == group->rule_capacity)
        group->rules = arena_grow(
            &grouping->arena, group->rules, &group->rule_capacity, sizeof(*group->rules));
    group->rules[group->rule_count++] = rule;
}

/* Joins two groups and returns the root. The one with the earlier first sign stays, so that the
 * outcome has an order. */
static uint32_t group_join(
    struct grouping *grouping, uint32_t left, uint32_t right, int64_t time_ns)
{
    if (left == right)
        return left;
    uint32_t root = left < right ? left : right;
    struct group *into = &grouping->groups[root];
    struct group *from = &grouping->groups[root == left ? right : left];
    from->parent = root;
    for (size_t i = 0; i < from->rule_count; i++)
        group_add_rule(grouping, into, from->rules[i]);
    if (from->raised && (!into->raised || from->raised_ns < into->raised_ns)) {
        into->raised = true;
        into->raised_ns = from->raised_ns;
    }
    group_raise(into, time_ns);
    return root;
}

static uint32_t group_new(struct grouping *grouping, size_t position)
{
    if (grouping->group_count == grouping->group_capacity)
        grouping->groups = arena_grow(&grouping->arena, grouping->groups, &grouping->group_capacity,
            sizeof(*grouping->groups));
    uint32_t number = (uint32_t)grouping->group_count++;
    grouping->groups[number] =
        (struct group){.parent = number, .first_sign = position, .incident = GROUP_NONE};
    return number;
}

static uint32_t group_rule_number(struct grouping *grouping, const struct group_sign *sign)
{
    if (sign->key.rule != SIGN_RULE_ALERT)
        return sign->key.rule;
    return (
        uint32_t)(grouping->result->rule_count + map_intern(&grouping->alerts, sign->body.rule_id));
}

static bool group_is_near(const struct group_entity *entity, int64_t time_ns)
{
    if (!entity->seen || entity->group == GROUP_NONE)
        return false;
    if (time_ns == CIVIL_TIME_NONE || entity->last_ns == CIVIL_TIME_NONE)
        return time_ns == entity->last_ns;
    return time_ns <= entity->last_ns || time_ns - entity->last_ns <= GROUP_GAP_NS;
}

static void group_remember(struct grouping *grouping, size_t position, uint32_t group)
{
    if (position == grouping->sign_capacity) {
        grouping->sign_capacity = size_max(1024, grouping->sign_capacity * 2);
        grouping->sign_group =
            realloc(grouping->sign_group, grouping->sign_capacity * sizeof(*grouping->sign_group));
        ASSERT(grouping->sign_group != NULL);
    }
    grouping->sign_group[position] = group;
}

/* The numbers of what the sign names, hubs left out; of its log when it names nobody at all. */
static size_t group_numbers(
    struct grouping *grouping, const struct group_sign *sign, uint32_t numbers[ENTITY_MAX])
{
    size_t count = 0;
    bool named = false;
    for (size_t i = 0; i < sign->body.entity_count; i++) {
        uint32_t number = group_entity(grouping, &sign->body.entities[i], false);
        named |= number != GROUP_NONE && group_type_places(sign->body.entities[i].type);
        if (number != GROUP_NONE && !grouping->entities[number].hub)
            numbers[count++] = number;
    }
    uint32_t log = named ? GROUP_NONE : group_log(grouping, &sign->key.place, false);
    if (log != GROUP_NONE)
        numbers[count++] = log;
    return count;
}

/* Low signs attach to a group that is there, but neither begin nor join one: they are too common
 * for that. */
static void group_pass_join(struct grouping *grouping, const struct group_sign *sign)
{
    uint32_t numbers[ENTITY_MAX];
    size_t count = group_numbers(grouping, sign, numbers);
    uint32_t group = GROUP_NONE;
    bool joins = sign->body.level >= RULE_MEDIUM;
    for (size_t i = 0; i < count; i++) {
        if (!group_is_near(&grouping->entities[numbers[i]], sign->key.time_ns))
            continue;
        uint32_t other = group_root(grouping, grouping->entities[numbers[i]].group);
        if (group == GROUP_NONE)
            group = other;
        else if (joins)
            group = group_join(grouping, group, other, sign->key.time_ns);
    }
    if (group == GROUP_NONE && joins)
        group = group_new(grouping, sign->position);
    group_remember(grouping, sign->position, group);
    if (group == GROUP_NONE)
        return;
    struct group_rule rule = {.rule = group_rule_number(grouping, sign),
        .level = sign->body.level,
        .precursor = sign->body.kind == RULE_PRECURSOR};
    group_add_rule(grouping, &grouping->groups[group], rule);
    group_raise(&grouping->groups[group], sign->key.time_ns);
    int64_t last_ns =
        sign->body.last_ns > sign->key.time_ns ? sign->body.last_ns : sign->key.time_ns;
    for (size_t i = 0; i < count && joins; i++) {
        struct group_entity *entity = &grouping->entities[numbers[i]];
        entity->group = group;
        if (!entity->seen || last_ns > entity->last_ns)
            entity->last_ns = last_ns;
        entity->seen = true;
    }
}

/* --- incidents --- */

static int group_incident_order(const void *left, const void *right)
{
    const struct incident_seed *seeds[2] = {left, right};
    if (seeds[0]->priority != seeds[1]->priority)
        return seeds[0]->priority > seeds[1]->priority ? -1 : 1;
    if (seeds[0]->points < seeds[1]->points || seeds[0]->points > seeds[1]->points)
        return seeds[0]->points > seeds[1]->points ? -1 : 1;
    return seeds[0]->first_sign < seeds[1]->first_sign ? -1 : 1;
}

static enum rule_level group_priority(const struct group *group, double points)
{
    size_t critical = 0, telling = 0;
    for (size_t i = 0; i < group->rule_count; i++) {
        critical += !group->rules[i].precursor && group->rules[i].level == RULE_CRITICAL;
        telling += !group->rules[i].precursor && group->rules[i].level >= RULE_MEDIUM;
    }
    return incident_priority(points, critical, telling);
}

/* Roots that were raised, in the order in which they are shown; tells each group its number. */
static struct incident_seed *group_seeds(struct grouping *grouping, size_t *count)
{
    struct incident_seed *seeds =
        ARENA_ARRAY(&grouping->arena, struct incident_seed, grouping->group_count);
    size_t made = 0;
    for (size_t i = 0; i < grouping->group_count; i++) {
        const struct group *group = &grouping->groups[i];
        if (group->parent != i || !group->raised)
            continue;
        double points = group_points(group);
        seeds[made++] = (struct incident_seed){.group = (uint32_t)i,
            .points = points,
            .priority = group_priority(group, points),
            .raised_ns = group->raised_ns,
            .first_sign = group->first_sign};
    }
    if (made > 0)
        qsort(seeds, made, sizeof(*seeds), group_incident_order);
    for (size_t i = 0; i < made; i++)
        grouping->groups[seeds[i].group].incident = (uint32_t)i;
    *count = made;
    return seeds;
}

/* Turns group numbers into incident numbers in place: the array goes to the result. */
static void group_number_signs(struct grouping *grouping)
{
    struct triage_result *result = grouping->result;
    result->sign_count = (size_t)result->counts.signs;
    result->sign_incident = grouping->sign_group;
    for (size_t i = 0; i < result->sign_count; i++) {
        uint32_t group = result->sign_incident[i];
        if (group == GROUP_NONE)
            continue;
        result->sign_incident[i] = grouping->groups[group_root(grouping, group)].incident;
    }
    grouping->sign_group = NULL;
}

enum result group_signs(struct triage_result *result, struct error *err)
{
    struct grouping grouping = {.result = result};
    size_t count = 0;
    enum result done = group_each(&grouping, group_pass_entities, err);
    if (done == RESULT_OK) {
        group_find_hubs(&grouping);
        done = group_each(&grouping, group_pass_join, err);
    }
    if (done == RESULT_OK) {
        const struct incident_seed *seeds = group_seeds(&grouping, &count);
        group_number_signs(&grouping);
        done = incident_fill(result, seeds, count, err);
    }
    free(grouping.sign_group);
    map_free(&grouping.names);
    map_free(&grouping.pairs);
    map_free(&grouping.alerts);
    arena_free(&grouping.arena);
    return done;
}
