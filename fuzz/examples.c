/* The examples of the shipped definitions, mutated: whatever a message or a record has become,
 * nothing of the event is lost, and the second time gives the same. The input is the name of a
 * definition, a blank, the number of its example, a line end, and the text; of an example of fields
 * alone their values, one a line. libFuzzer mutates the text only; HIKESHI_FUZZ_DECODER names the
 * one definition whose examples it begins with. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/embed.h"
#include "decode/product_example.h"

struct example {
    slice product;
    uint64_t number;
    const struct yaml_node *definition, *node;
};

static struct example *examples;
static size_t example_count, example_capacity;
static struct arena kept;
static struct product_applier *applier;
static struct decode_options options;
static struct json_events *json[3]; /* an event lies in its parser's memory */

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most) __attribute__((weak));
/* The text of an example as an input has it. */
static void example_put(struct buf *input, const struct example *example)
{
    struct arena arena = {0};
    struct event event;
    slice text = product_example_text(example->node);
    buf_append(input, text);
    event_reset(&event, &arena);
    (void)!product_example_event(example->definition, example->node, S(""), json[0], &event);
    for (size_t i = 0; i < event.count && text.len == 0; i++) {
        buf_append(input, event.fields[i].value);
        buf_append_byte(input, '\n');
    }
    arena_free(&arena);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

static void keep_examples(const struct embed_file *file)
{
    struct yaml_reader *reader = yaml_open(file->content);
    const struct yaml_node *root;
    struct error err;
    uint32_t line;
    ASSERT(yaml_next(reader, &kept, &root, &line, &err) == RESULT_OK);
    const struct yaml_node *list = yaml_get(root, S("examples"));
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (example_count == example_capacity)
            examples = arena_grow(&kept, examples, &example_capacity, sizeof(*examples));
        examples[example_count++] =
            (struct example){yaml_get(root, S("product"))->text, i, root, list->items[i]};
    }
    yaml_close(reader);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct products *products;
    struct error err;
    size_t count;
    const struct embed_file *files = embed_files(&count);
    (void)argc;
    (void)argv;
    ASSERT(products_new(&products, NULL, NULL, &err) == RESULT_OK);
    products_finish(products);
    applier = product_applier_new(products);
    product_applier_complete(applier);
    for (size_t i = 0; i < 3; i++)
        json[i] = json_events_new(&options);
    for (size_t i = 0; i < count; i++) {
        slice path = slice_from_cstr(files[i].path);
        if (slice_starts(path, S("decoders/")) && slice_ends(path, S(".yml")))
            keep_examples(&files[i]);
    }
    return 0;
}

/* The example that an input names, or NULL; *text gets the rest. */
static const struct example *example_of(slice input, slice *text)
{
    slice head, product, digits;
    uint64_t number;
    slice_cut(input, '\n', &head, text);
    if (!slice_cut(head, ' ', &product, &digits) || !slice_to_u64(digits, UINT32_MAX, &number))
        return NULL;
    for (size_t i = 0; i < example_count; i++)
        if (examples[i].number == number && slice_equal(examples[i].product, product))
            return &examples[i];
    return NULL;
}

/* An example of the definition that the environment names, or of any; NULL: it has none. */
static const struct example *example_pick(unsigned seed)
{
    const char *name = getenv("HIKESHI_FUZZ_DECODER");
    for (size_t i = 0; i < example_count; i++) {
        const struct example *example = &examples[(seed + i) % example_count];
        if (name == NULL || slice_equal(example->product, slice_from_cstr(name)))
            return example;
    }
    return NULL;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    enum { ANEW_OF = 16 };
    slice text;
    const struct example *example = example_of(slice_make(data, size), &text);
    struct buf input;
    bool anew = example == NULL || seed % ANEW_OF == 0;
    buf_init(&input, SIZE_MAX / 2);
    if (anew)
        example = example_pick(seed / ANEW_OF);
    if (example == NULL)
        return 0;
    buf_append(&input, example->product);
    buf_append_byte(&input, ' ');
    buf_append_u64(&input, example->number);
    buf_append_byte(&input, '\n');
    size_t head = input.len;
    if (anew)
        example_put(&input, example);
    else
        buf_append(&input, text);
    size_t len = size_min(input.len, most);
    memcpy(data, input.at, len);
    buf_free(&input);
    return len <= head ? len : head + LLVMFuzzerMutate(data + head, len - head, most - head);
}

/* A manager's report is put on the host that it is about (product_derive.h), and the manager's own
 * name goes elsewhere. */
static bool is_moved(const struct event_field *field, const struct event *after)
{
    return slice_equal(field->name, S("host.name")) &&
           slice_equal(event_value(after, S("log.syslog.hostname")), field->value);
}

/* What the event had before its definition was applied must be there still. */
static void check_kept(const struct event *before, const struct event *after)
{
    ASSERT(after->count >= before->count);
    for (size_t i = 0; i < before->count; i++)
        ASSERT(slice_equal(before->fields[i].name, after->fields[i].name) &&
               (slice_equal(before->fields[i].value, after->fields[i].value) ||
                   is_moved(&before->fields[i], after)));
}

static void check_same(const struct event *first, const struct event *second)
{
    ASSERT(first->count == second->count && first->time_ns == second->time_ns);
    for (size_t i = 0; i < first->count; i++)
        ASSERT(slice_equal(first->fields[i].name, second->fields[i].name) &&
               slice_equal(first->fields[i].value, second->fields[i].value));
}

static void make(size_t which, struct event *event, struct arena *arena,
    const struct example *example, slice text)
{
    bool of_fields = product_example_text(example->node).len == 0;
    event_reset(event, arena);
    /* False for text that is no JSON any more: its front may be there. */
    (void)!product_example_event(
        example->definition, example->node, of_fields ? S("") : text, json[which], event);
    for (size_t i = 0; i < event->count && of_fields; i++)
        slice_cut(text, '\n', &event->fields[i].value, &text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena one = {0}, two = {0}, three = {0};
    struct event plain, first, second;
    slice text;
    const struct example *example = example_of(slice_make(data, size), &text);
    if (example == NULL)
        return 0;
    make(0, &plain, &one, example, text);
    make(1, &first, &two, example, text);
    product_apply(applier, &first);
    check_kept(&plain, &first);
    make(2, &second, &three, example, text);
    product_apply(applier, &second);
    check_same(&first, &second);
    arena_free(&one);
    arena_free(&two);
    arena_free(&three);
    return 0;
}
