/* See product_view.h. The array by names is cleared through the fields that were seen, so that an
 * event costs by its fields and not by the names that there are. */
#include "decode/product_view.h"

#include <string.h>

#include "base/base.h"
#include "base/map.h"

/* Fields up to which a name is looked for in all, and lists of names in which it is looked for then
 * (a power of two). */
#define VIEW_FEW    32
#define VIEW_OTHERS 1024

_Static_assert(EVENT_FIELDS_MAX <= UINT16_MAX, "positions are of 16 bits");

void product_view_init(struct product_view *view, const struct product_names *names,
    const struct product_words *values, struct arena *arena)
{
    *view = (struct product_view){.names = names,
        .values = values,
        .first = ARENA_ARRAY(arena, uint16_t, names->words.count),
        .links = ARENA_ARRAY(arena, struct view_link, EVENT_FIELDS_MAX),
        .asked = ARENA_ARRAY(arena, uint16_t, EVENT_FIELDS_MAX),
        .others = ARENA_ARRAY(arena, uint16_t, VIEW_OTHERS)};
}

/* A field that conditions speak of. Out of line: most fields are none. */
static __attribute__((noinline)) void view_take_asked(
    struct product_view *view, size_t index, uint32_t name)
{
    view->asked[view->asked_count++] = (uint16_t)index;
    if (view->names->items[name].compared)
        view->links[index].value =
            product_words_find(view->values, name, view->event->fields[index].value);
}

/* Takes in the event's next field. */
static inline void view_take(struct product_view *view, uint32_t name)
{
    size_t index = view->seen++;
    struct view_link *link = &view->links[index];
    uint16_t position = (uint16_t)(index + 1);
    *link = (struct view_link){name, PRODUCT_WORD_NONE, 0, position};
    if (name == PRODUCT_WORD_NONE)
        return;
    if (view->names->items[name].asked)
        view_take_asked(view, index, name);
    if (view->first[name] == 0) {
        view->first[name] = position;
        return;
    }
    struct view_link *first = &view->links[view->first[name] - 1];
    view->links[first->last - 1].next = position;
    first->last = position;
}

void product_view_begin(struct product_view *view, struct event *event)
{
    for (size_t i = 0; i < view->seen; i++)
        if (view->links[i].name != PRODUCT_WORD_NONE)
            view->first[view->links[i].name] = 0;
    view->event = event;
    view->seen = 0;
    view->asked_count = 0;
    view->others_seen = 0;
    view->given = event->count;
    view->scratch = false;
    for (size_t i = 0; i < event->count; i++)
        view_take(view, product_words_find(&view->names->words, 0, event->fields[i].name));
}

static inline void view_append(struct product_view *view, uint32_t number, slice name, bool ecs,
    slice value, enum event_type type)
{
    if (ecs)
        event_add_ecs(view->event, name, value, type);
    else
        event_add(view->event, name, value, type);
    if (view->event->count > view->seen)
        view_take(view, number);
}

void product_view_add(struct product_view *view, uint32_t name, slice value, enum event_type type)
{
    const struct product_name *item = &view->names->items[name];
    view->scratch = view->scratch || item->scratch;
    view_append(view, name, item->text, item->ecs, value, type);
}

static uint16_t *view_others(const struct product_view *view, slice name)
{
    return &view->others[map_hash(name) & (VIEW_OTHERS - 1)];
}

/* Takes the fields that came since into the lists. */
static void view_list_others(struct product_view *view)
{
    if (view->others_seen == 0)
        memset(view->others, 0, VIEW_OTHERS * sizeof(*view->others));
    for (size_t i = view->others_seen; i < view->seen; i++) {
        if (view->links[i].name != PRODUCT_WORD_NONE)
            continue;
        uint16_t *newest = view_others(view, view->event->fields[i].name);
        view->links[i].next = *newest;
        *newest = (uint16_t)(i + 1);
    }
    view->others_seen = view->seen;
}

/* Of the fields whose names no definition speaks of. */
static bool view_has_other(struct product_view *view, slice name)
{
    if (view->seen <= VIEW_FEW) {
        for (size_t i = 0; i < view->seen; i++)
            if (view->links[i].name == PRODUCT_WORD_NONE &&
                slice_equal(view->event->fields[i].name, name))
                return true;
        return false;
    }
    view_list_others(view);
    for (uint16_t at = *view_others(view, name); at != 0; at = view->links[at - 1].next)
        if (slice_equal(view->event->fields[at - 1].name, name))
            return true;
    return false;
}

void product_view_sweep(struct product_view *view)
{
    struct event *event = view->event;
    size_t kept = view->given;
    if (!view->scratch)
        return;
    for (size_t i = view->given; i < view->seen; i++) {
        uint32_t name = view->links[i].name;
        if (name == PRODUCT_WORD_NONE || !view->names->items[name].scratch)
            event->fields[kept++] = event->fields[i];
    }
    event->count = kept;
}

bool product_view_add_part(
    struct product_view *view, uint32_t prefix, slice part, slice value, enum event_type type)
{
    bool bare = prefix == PRODUCT_WORD_NONE;
    slice name =
        bare ? part : arena_join(view->event->arena, view->names->items[prefix].text, '.', part);
    bool ecs = bare ? product_names_is_ecs(name) : view->names->items[prefix].parts_ecs;
    uint32_t number = product_words_find(&view->names->words, 0, name);
    if (number == PRODUCT_WORD_NONE ? view_has_other(view, name) : product_view_has(view, number))
        return false;
    size_t before = view->seen;
    view_append(view, number, name, ecs, value, type);
    return view->seen > before;
}

void product_view_add_again(struct product_view *view, slice value, enum event_type type)
{
    struct event_field last = view->event->fields[view->seen - 1];
    view_append(view, view->links[view->seen - 1].name, last.name, last.ecs, value, type);
}
