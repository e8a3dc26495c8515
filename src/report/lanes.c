/* See lanes.h. */
#include "report/lanes.h"

#include <stdlib.h>

#include "base/civil.h"

static struct lane *lanes_new(struct lanes *lanes)
{
    struct lane *lane = ARENA_NEW(&lanes->arena, struct lane);
    lanes->lanes[lanes->count++] = lane;
    return lane;
}

static struct lane *lanes_of_host(struct lanes *lanes, slice host)
{
    const uint64_t *known = map_find(&lanes->hosts, host);
    if (known != NULL)
        return lanes->lanes[*known];
    if (lanes->count < LANES_HOSTS_MAX) {
        *map_put(&lanes->hosts, host, NULL) = lanes->count;
        struct lane *lane = lanes_new(lanes);
        lane->host = arena_copy(&lanes->arena, host);
        return lane;
    }
    if (!lanes->others)
        lanes_new(lanes)->others = true;
    lanes->others = true;
    return lanes->lanes[LANES_HOSTS_MAX];
}

static void lanes_count(struct lane *lane, size_t place, uint64_t count, enum rule_level level)
{
    struct lane_place *at = &lane->places[place];
    at->level = at->count == 0 || level > at->level ? level : at->level;
    at->count += count;
    lane->level = lane->count == 0 || level > lane->level ? level : lane->level;
    lane->count += count;
}

void lanes_add(struct lanes *lanes, const struct triage_sign *sign)
{
    slice host = S("");
    if (sign->time_ns == CIVIL_TIME_NONE) {
        lanes->untimed++;
        return;
    }
    for (size_t i = 0; i < sign->entity_count && host.len == 0; i++)
        if (sign->entities[i].type == ENTITY_HOST)
            host = sign->entities[i].value;
    size_t place = (size_t)axis_at(&lanes->axis, sign->time_ns, LANES_PLACES);
    lanes_count(lanes_of_host(lanes, host), size_min(place, LANES_PLACES - 1), 1, sign->level);
}

static int lanes_order(const void *left, const void *right)
{
    const struct lane *a = *(struct lane *const *)left;
    const struct lane *b = *(struct lane *const *)right;
    if (a->others != b->others)
        return a->others ? 1 : -1;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return slice_compare(a->host, b->host);
}

size_t lanes_settle(struct lanes *lanes, size_t most)
{
    ASSERT(most > 0);
    if (lanes->count > 0)
        qsort(lanes->lanes, lanes->count, sizeof(lanes->lanes[0]), lanes_order);
    if (lanes->count <= most)
        return lanes->others ? 1 : 0;
    size_t joined = lanes->count - most + 1;
    struct lane *rest = lanes->lanes[most - 1];
    for (size_t i = most; i < lanes->count; i++)
        for (size_t place = 0; place < LANES_PLACES; place++)
            if (lanes->lanes[i]->places[place].count > 0)
                lanes_count(rest, place, lanes->lanes[i]->places[place].count,
                    lanes->lanes[i]->places[place].level);
    rest->others = true;
    lanes->count = most;
    return joined;
}

void lanes_free(struct lanes *lanes)
{
    arena_free(&lanes->arena);
    map_free(&lanes->hosts);
}
