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

uint32_t view_field_find(const struct map *fields, slice name)
{
    char memory[VIEW_NAME_MAX];
    const uint64_t *number = map_find(fields, view_name(name, memory));
    return number == NULL ? VIEW_NO_FIELD : (uint32_t)*number;
}

void view_init(struct view *view, const struct map *fields)
{
    *view = (struct view){.fields = fields};
    view->slots = calloc(fields->count + 1, sizeof(*view->slots));
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
    memset(view->slots, 0, (view->fields->count + 1) * sizeof(*view->slots));
    memset(view->values, 0, EVENT_FIELDS_MAX * sizeof(*view->values));
    view->number = 0;
}

void view_load(struct view *view, struct event *event)
{
    ASSERT(event->count <= EVENT_FIELDS_MAX);
    view->number++;
    view->event = event;
    for (uint32_t i = 0; i < event->count; i++) {
        uint32_t field = view_field_find(view->fields, event->fields[i].name);
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

uint32_t view_next(const struct view *view, uint32_t value)
{
    return view->values[value - 1].next;
}

const struct event_field *view_get(const struct view *view, uint32_t value)
{
    return &view->event->fields[value - 1];
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
