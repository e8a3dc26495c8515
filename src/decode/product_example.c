/* See product_example.h. */
#include "decode/product_example.h"

#include <string.h>

#include "base/base.h"
#include "decode/json_event.h"
#include "decode/product_reader.h"
#include "wire/yaml.h"

struct example_run {
    struct product_applier *applier;
    slice path;
    void (*differs)(void *context, const struct error *what);
    void *context;
    struct arena arena; /* of the event */
    struct event event;
    struct decode_options options; /* of `json` */
    struct json_events *json;
};

static void example_tell(
    struct example_run *run, const struct yaml_node *node, enum text why, slice name, slice got)
{
    struct error what;
    (void)error_set(
        &what, RESULT_MALFORMED, why, ARG(run->path), ARG(node->line), ARG(name), ARG(got));
    run->differs(run->context, &what);
}

static void example_add(
    struct event *event, const struct yaml_node *key, const struct yaml_node *node)
{
    size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->type == YAML_SEQUENCE ? node->items[i] : node;
        if (item->type != YAML_SCALAR)
            continue;
        if (product_names_is_ecs(key->text))
            event_add_ecs(event, key->text, item->text, product_reader_type(item));
        else
            event_add(event, key->text, item->text, product_reader_type(item));
    }
}

/* The first values of `match`, for an example that gives none. */
static void example_add_match(struct event *event, const struct yaml_node *match)
{
    if (match != NULL && match->type == YAML_SEQUENCE)
        match = match->items[0];
    for (size_t i = 0; match != NULL && i < match->count; i++) {
        const struct yaml_node *value = match->items[i];
        if (value->type == YAML_SEQUENCE)
            value = value->items[0];
        if (slice_find_byte(value->text, '*') == value->text.len && !yaml_is_null(value))
            example_add(event, match->keys[i], value);
    }
}

slice product_example_text(const struct yaml_node *example)
{
    const struct yaml_node *message = yaml_get(example, S("message"));
    const struct yaml_node *record = yaml_get(example, S("record"));
    const struct yaml_node *text = message != NULL ? message : record;
    return yaml_is_scalar(text) ? text->text : S("");
}

bool product_example_event(const struct yaml_node *definition, const struct yaml_node *example,
    slice text, struct json_events *json, struct event *event)
{
    const struct yaml_node *given = yaml_get(example, S("given"));
    bool is_record = yaml_get(example, S("record")) != NULL;
    /* A record of JSON as its container decoder gives it. */
    bool read = !is_record || json_event_text(json, text, event);
    if (!is_record && given == NULL)
        example_add_match(event, yaml_get(definition, S("match")));
    for (size_t i = 0; given != NULL && i < given->count; i++)
        example_add(event, given->keys[i], given->items[i]);
    if (!is_record && text.len > 0)
        event_add_ecs(event, S("message"), text, EVENT_STRING);
    return read;
}

/* The values of a field, as "a, b". */
static slice example_values(struct example_run *run, slice name)
{
    enum { VALUES_MAX = 4096 };
    struct buf out;
    bool any = false;
    buf_init_fixed(&out, arena_bytes(&run->arena, VALUES_MAX), VALUES_MAX);
    if (slice_equal(name, S("@timestamp")) && run->event.time_ns != CIVIL_TIME_NONE)
        civil_append(&out, run->event.time_ns);
    for (size_t i = 0; i < run->event.count; i++) {
        if (!slice_equal(run->event.fields[i].name, name))
            continue;
        if (any)
            buf_append(&out, S(", "));
        buf_append(&out, run->event.fields[i].value);
        any = true;
    }
    return buf_slice(&out);
}

static slice example_wanted(struct example_run *run, const struct yaml_node *node)
{
    enum { VALUES_MAX = 4096 };
    struct buf out;
    if (node->type == YAML_SCALAR)
        return node->text;
    buf_init_fixed(&out, arena_bytes(&run->arena, VALUES_MAX), VALUES_MAX);
    for (size_t i = 0; i < node->count; i++) {
        if (i > 0)
            buf_append(&out, S(", "));
        buf_append(&out, node->items[i]->text);
    }
    return buf_slice(&out);
}

static void example_compare(struct example_run *run, const struct yaml_node *example)
{
    const struct yaml_node *want = yaml_get(example, S("want"));
    const struct yaml_node *absent = yaml_get(example, S("absent"));
    if (want == NULL || want->type != YAML_MAPPING) {
        example_tell(run, example, TEXT_PRODUCT_EXAMPLE_WANT, S("want"), S(""));
        return;
    }
    for (size_t i = 0; i < want->count; i++) {
        slice got = example_values(run, want->keys[i]->text);
        if (!slice_equal(got, example_wanted(run, want->items[i])))
            example_tell(
                run, want->keys[i], TEXT_PRODUCT_EXAMPLE_DIFFERS, want->keys[i]->text, got);
    }
    for (size_t i = 0; absent != NULL && i < absent->count; i++) {
        slice got = example_values(run, absent->items[i]->text);
        if (got.len > 0)
            example_tell(
                run, absent->items[i], TEXT_PRODUCT_EXAMPLE_DIFFERS, absent->items[i]->text, got);
    }
}

/* Makes the example's event anew, with this text, and runs it through the definitions. */
static void example_apply(struct example_run *run, const struct yaml_node *root,
    const struct yaml_node *example, slice text)
{
    arena_reset(&run->arena);
    event_reset(&run->event, &run->arena);
    if (!product_example_event(root, example, text, run->json, &run->event))
        example_tell(run, example, TEXT_PRODUCT_EXAMPLE_DIFFERS, S("record"), S(""));
    product_apply(run->applier, &run->event);
}

/* Empty for an example of other fields alone, or of a record. */
static slice example_message(const struct yaml_node *example)
{
    const struct yaml_node *message = yaml_get(example, S("message"));
    return yaml_is_scalar(message) ? message->text : S("");
}

static void example_check(
    struct example_run *run, const struct yaml_node *root, const struct yaml_node *example)
{
    example_apply(run, root, example, product_example_text(example));
    example_compare(run, example);
}

/* What the whole message gives: name and value in turns, in an arena of their own. */
struct example_whole {
    struct arena arena;
    struct event event;
};

static void example_keep(struct example_whole *whole, const struct event *event)
{
    arena_reset(&whole->arena);
    event_reset(&whole->event, &whole->arena);
    for (size_t i = 0; i < event->count; i++)
        event_add_string(&whole->event, arena_copy(&whole->arena, event->fields[i].name),
            arena_copy(&whole->arena, event->fields[i].value));
}

static bool example_is_front_of(const struct event *whole, const struct event_field *field)
{
    slice value = field->value;
    /* What parts it from the next word may be left. */
    while (value.len > 0 && byte_is_among(value.at[value.len - 1], S(",;:")))
        value.len--;
    for (size_t i = 0; i < whole->count; i++)
        if (slice_equal(whole->fields[i].name, field->name) &&
            slice_starts(whole->fields[i].value, value))
            return true;
    return false;
}

/* Fields that say what kind of event it is, text that was not taken apart, and what is made of a
 * path or an URL that was cut, may differ: another shape may fit. */
static bool example_says_kind(slice name)
{
    return slice_starts(name, S("event.")) || slice_ends(name, S(".text")) ||
           slice_equal(name, S("file.name")) || slice_equal(name, S("file.extension")) ||
           slice_equal(name, S("url.path")) || slice_equal(name, S("url.extension")) ||
           slice_equal(name, S("network.protocol")) || slice_equal(name, S("dns.type"));
}

static void example_cut(struct example_run *run, const struct yaml_node *root,
    const struct yaml_node *example, const struct example_whole *whole)
{
    slice message = example_message(example);
    for (size_t len = message.len; len > 0; len--) {
        example_apply(run, root, example, slice_first(message, len - 1));
        for (size_t i = 0; i < run->event.count; i++) {
            const struct event_field *field = &run->event.fields[i];
            if (!example_says_kind(field->name) && !example_is_front_of(&whole->event, field))
                example_tell(run, example, TEXT_PRODUCT_EXAMPLE_DIFFERS, field->name, field->value);
        }
    }
}

/* A byte that stands in no message. */
#define EXAMPLE_MARK '\x1a'

/* Whether the whole message gives this value, or its name or value holds the byte that was changed,
 * or it ends where that is. */
static bool example_is_sound(const struct event *whole, const struct event_field *field)
{
    return slice_find_byte(field->value, EXAMPLE_MARK) < field->value.len ||
           slice_find_byte(field->name, EXAMPLE_MARK) < field->name.len ||
           example_is_front_of(whole, field);
}

/* Changes each byte of the message in its turn. */
static void example_change(struct example_run *run, const struct yaml_node *root,
    const struct yaml_node *example, const struct example_whole *whole)
{
    struct arena arena = {0};
    slice message = example_message(example);
    for (size_t at = 0; at < message.len; at++) {
        char *changed = arena_bytes(&arena, message.len);
        memcpy(changed, message.at, message.len);
        changed[at] = EXAMPLE_MARK;
        example_apply(run, root, example, slice_make(changed, message.len));
        for (size_t i = 0; i < run->event.count; i++) {
            const struct event_field *field = &run->event.fields[i];
            if (!example_says_kind(field->name) && !example_is_sound(&whole->event, field))
                example_tell(run, example, TEXT_PRODUCT_EXAMPLE_DIFFERS, field->name, field->value);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
}

/* Whether the whole event has this value, under whatever name: a definition may take another field
 * in the place of one that is missing. */
static bool example_is_known(const struct event *whole, const struct event_field *field)
{
    for (size_t i = 0; i < whole->count; i++)
        if (slice_contains(whole->fields[i].value, field->value))
            return true;
    return false;
}

/* Leaves out each of the event's fields in its turn. */
static void example_miss(struct example_run *run, const struct yaml_node *root,
    const struct yaml_node *example, const struct example_whole *whole)
{
    for (size_t missing = 0;; missing++) {
        arena_reset(&run->arena);
        event_reset(&run->event, &run->arena);
        (void)!product_example_event(
            root, example, product_example_text(example), run->json, &run->event);
        if (missing >= run->event.count)
            break;
        for (size_t i = missing; i + 1 < run->event.count; i++)
            run->event.fields[i] = run->event.fields[i + 1];
        run->event.count--;
        product_apply(run->applier, &run->event);
        for (size_t i = 0; i < run->event.count; i++) {
            const struct event_field *field = &run->event.fields[i];
            if (!example_says_kind(field->name) && !example_is_known(&whole->event, field))
                example_tell(run, example, TEXT_PRODUCT_EXAMPLE_DIFFERS, field->name, field->value);
        }
    }
}

static void example_damage(struct example_run *run, const struct yaml_node *root,
    const struct yaml_node *example, struct example_whole *whole)
{
    example_apply(run, root, example, product_example_text(example));
    example_keep(whole, &run->event);
    example_miss(run, root, example, whole);
    if (yaml_get(example, S("cut")) != NULL)
        return;
    example_cut(run, root, example, whole);
    if (yaml_get(example, S("change")) == NULL)
        example_change(run, root, example, whole);
}

/* Reads a definition's text and tries each of its examples. */
static enum result example_each(
    struct example_run *run, slice yaml, bool damage, size_t *count, struct error *err)
{
    struct arena arena = {0};
    struct example_whole whole = {0};
    struct yaml_reader *reader = yaml_open(yaml);
    const struct yaml_node *root;
    uint32_t line;
    enum result result = yaml_next(reader, &arena, &root, &line, err);
    run->json = json_events_new(&run->options);
    if (result == RESULT_OK) {
        const struct yaml_node *examples = yaml_get(root, S("examples"));
        *count = examples == NULL ? 0 : examples->count;
        for (size_t i = 0; i < *count; i++) {
            if (damage)
                example_damage(run, root, examples->items[i], &whole);
            else
                example_check(run, root, examples->items[i]);
        }
    }
    yaml_close(reader);
    arena_free(&whole.arena);
    arena_free(&run->arena);
    json_events_free(run->json);
    product_applier_free(run->applier);
    arena_free(&arena);
    return result;
}

enum result product_examples_check(const struct products *products, slice path, slice yaml,
    void (*differs)(void *context, const struct error *what), void *context, size_t *count,
    struct error *err)
{
    struct example_run run = {.applier = product_applier_new(products),
        .path = path,
        .differs = differs,
        .context = context};
    product_applier_complete(run.applier);
    return example_each(&run, yaml, false, count, err);
}

enum result product_examples_damage(const struct products *products, slice path, slice yaml,
    void (*differs)(void *context, const struct error *what), void *context, struct error *err)
{
    struct example_run run = {.applier = product_applier_new(products),
        .path = path,
        .differs = differs,
        .context = context};
    size_t count;
    return example_each(&run, yaml, true, &count, err);
}
