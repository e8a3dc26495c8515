/* Any message of any program through the shipped definitions: what is taken out of a message stands
 * in it, and the second time gives the same, whatever came between. The input is the program's
 * name, a line end, and the message. */
#include "fuzz.h"

#include "base/base.h"
#include "decode/product.h"

static struct product_applier *applier;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct products *products;
    struct error err;
    (void)argc;
    (void)argv;
    ASSERT(products_new(&products, NULL, NULL, &err) == RESULT_OK);
    products_finish(products);
    applier = product_applier_new(products);
    return 0;
}

static void apply(struct arena *arena, struct event *event, slice program, slice message)
{
    event_reset(event, arena);
    event_add_ecs(event, S("process.name"), program, EVENT_STRING);
    event_add_ecs(event, S("message"), message, EVENT_STRING);
    product_apply(applier, event);
}

/* Names whose values are always a piece of the message as it stands. */
static void check_pieces(const struct event *event, slice message)
{
    static const slice names[] = {S_INIT("user.effective.name"), S_INIT("user.target.name"),
        S_INIT("source.port"), S_INIT("destination.port"), S_INIT("process.command_line"),
        S_INIT("email.from.address"), S_INIT("email.to.address"), S_INIT("file.path"),
        S_INIT("url.original"), S_INIT("sshd.method"), S_INIT("postfix.queue_id")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        ASSERT(slice_contains(message, event_value(event, names[i])));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena one = {0}, two = {0};
    struct event first, between, second;
    slice program, message;
    slice_cut(slice_make(data, size), '\n', &program, &message);
    apply(&one, &first, program, message);
    apply(&two, &between, message, program);
    apply(&two, &second, program, message);
    ASSERT(first.count == second.count && first.time_ns == second.time_ns);
    for (size_t i = 0; i < first.count; i++)
        ASSERT(slice_equal(first.fields[i].name, second.fields[i].name) &&
               slice_equal(first.fields[i].value, second.fields[i].value));
    check_pieces(&first, message);
    arena_free(&one);
    arena_free(&two);
    return 0;
}
