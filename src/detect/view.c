/* See view.h. */
#include "detect/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/utf8.h"

/* Names of fields are short; the rest of a longer one does not tell names apart. */
#define VIEW_NAME_MAX 256

/* The name without its spaces, copied only when it has some. */
static slice view_name(slice name, char memory[VIEW_NAME_MAX])
{
    size_t len = 0;
    if (slice_find_byte(name, ' ') == name.len)
        return name;
    for (size_t i = 0; i < name.len && len < VIEW_NAME_MAX; i++)
        if (name.at[i] != ' ')
            memory[len++] = name.at[i];
    return slice_make(memory, len);
}

uint32_t view_field_intern(struct map *fields, slice name)
{
    char memory[VIEW_NAME_MAX];
    bool inserted;
    uint64_t *number = map_put(fields, view_name(name, memory), &inserted);
    if (inserted)
        *number = fields->count - 1;
    return (uint32_t)*number;
}

/* --- finding names quickly --- */

struct view_name {
    slice name;
    uint32_t hash;
    uint32_t field; /* + 1; 0: free */
};

#define VIEW_FACTOR UINT64_C(0x9E3779B97F4A7C15)
#define VIEW_SPACES UINT64_C(0x2020202020202020)
#define VIEW_LOWEST UINT64_C(0x0101010101010101)
#define VIEW_TOPS   UINT64_C(0x8080808080808080)

/* Whether one of the eight bytes may be a space (surely, unless a byte before it is). */
static uint64_t view_has_space(uint64_t bytes)
{
    uint64_t zero = bytes ^ VIEW_SPACES;
    return (zero - VIEW_LOWEST) & ~zero & VIEW_TOPS;
}

static uint64_t view_load8(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof(bytes));
    return bytes;
}

static uint64_t view_mix(uint64_t hash, uint64_t bytes)
{
    hash = (hash ^ bytes) * VIEW_FACTOR;
    return hash ^ hash >> 32;
}

/* Eight bytes at a time, the last eight once more where they overlap: names are short, and a hash
 * that resists forging is not needed for a table of names that rules gave. */
static uint32_t view_hash(slice name, bool *has_space)
{
    uint64_t hash = name.len;
    uint64_t spaces = 0;
    uint64_t bytes = 0;
    for (size_t at = 0; at + 8 < name.len; at += 8) {
        bytes = view_load8(name.at + at);
        spaces |= view_has_space(bytes);
        hash = view_mix(hash, bytes);
    }
    if (name.len >= 8)
        bytes = view_load8(name.at + name.len - 8);
    else
        for (size_t at = 0; at < name.len; at++)
            bytes = bytes << 8 | (unsigned char)name.at[at];
    *has_space = (spaces | view_has_space(bytes)) != 0;
    return (uint32_t)view_mix(hash, bytes);
}

void view_names_build(struct view_names *names, const struct map *fields, struct arena *arena)
{
    size_t size = 8;
    bool has_space;
    while (size < fields->count * 4)
        size *= 2;
    struct view_name *slots = ARENA_ARRAY(arena, struct view_name, size);
    for (size_t i = 0; i < fields->count; i++) {
        slice name = fields->entries[i].key;
        uint32_t hash = view_hash(name, &has_space);
        size_t slot = hash & (size - 1);
        while (slots[slot].field != 0)
            slot = (slot + 1) & (size - 1);
        slots[slot] = (struct view_name){name, hash, (uint32_t)i + 1};
    }
    *names = (struct view_names){.fields = fields, .slots = slots, .mask = size - 1};
}

static uint32_t view_slot_find(const struct view_names *names, uint32_t hash, slice name)
{
    for (size_t slot = hash & names->mask; names->slots[slot].field != 0;
         slot = (slot + 1) & names->mask)
        if (names->slots[slot].hash == hash && slice_equal(names->slots[slot].name, name))
            return names->slots[slot].field - 1;
    return VIEW_NO_FIELD;
}

/* Apart from view_names_find, which must not clear this memory each time. */
static __attribute__((noinline)) uint32_t view_spaced_find(
    const struct view_names *names, slice name)
{
    char memory[VIEW_NAME_MAX];
    bool has_space;
    name = view_name(name, memory);
    return view_slot_find(names, view_hash(name, &has_space), name);
}

static uint32_t view_names_find(const struct view_names *names, slice name)
{
    bool has_space;
    uint32_t hash = view_hash(name, &has_space);
    return has_space ? view_spaced_find(names, name) : view_slot_find(names, hash, name);
}

/* --- events --- */

void view_init(struct view *view, const struct view_names *names)
{
    *view = (struct view){.names = names};
    view->slots = calloc(names->fields->count + 1, sizeof(*view->slots));
    view->values = calloc(EVENT_FIELDS_MAX, sizeof(*view->values));
    ASSERT(view->slots != NULL && view->values != NULL);
}

void view_free(struct view *view)
{
    free(view->slots);
    free(view->values);
    *view = (struct view){0};
}

void view_forget(struct view *view)
{
    memset(view->slots, 0, (view->names->fields->count + 1) * sizeof(*view->slots));
    memset(view->values, 0, EVENT_FIELDS_MAX * sizeof(*view->values));
    view->number = 0;
}

void view_load(struct view *view, struct event *event)
{
    ASSERT(event->count <= EVENT_FIELDS_MAX);
    view->number++;
    view->event = event;
    for (uint32_t i = 0; i < event->count; i++) {
        uint32_t field = view_names_find(view->names, event->fields[i].name);
        view->values[i].field = field;
        if (field == VIEW_NO_FIELD)
            continue;
        struct view_field *slot = &view->slots[field];
        view->values[i].next = 0;
        if (slot->number == view->number)
            view->values[slot->last - 1].next = i + 1;
        else
            slot->first = i + 1;
        slot->number = view->number;
        slot->last = i + 1;
    }
}

uint32_t view_first(const struct view *view, uint32_t field)
{
    const struct view_field *slot = &view->slots[field];
    return slot->number == view->number ? slot->first : 0;
}

slice view_lower(struct view *view, uint32_t value)
{
    struct view_value *kept = &view->values[value - 1];
    if (kept->lower_of != view->number) {
        kept->lower = utf8_lower_copy(view->event->arena, view_get(view, value)->value);
        kept->lower_of = view->number;
    }
    return kept->lower;
}
