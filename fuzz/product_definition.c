/* A text as a product definition: one that is refused leaves nothing behind, one that is taken is
 * taken once, and neither keeps a sound definition from working. */
#include "fuzz.h"

#include "base/base.h"
#include "decode/product.h"

/* libfyaml 0.7 forgets the buffer of some texts that it refuses. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static const char sound[] = "product: sound\n"
                            "match: {fuzz.sound: 'yes'}\n"
                            "shapes:\n"
                            "  - shape: 'a {fuzz.number:int} of {fuzz.name:longest} b'\n"
                            "    set: {fuzz.action: done}\n";

static slice apply_sound(struct product_applier *applier, struct arena *arena, slice name)
{
    struct event event;
    arena_reset(arena);
    event_reset(&event, arena);
    event_add_string(&event, S("fuzz.sound"), S("yes"));
    event_add_string(&event, S("message"), S("a 7 of b b b"));
    product_apply(applier, &event);
    return event_value(&event, name);
}

static void apply_any(struct product_applier *applier, struct arena *arena, slice message)
{
    struct event event;
    arena_reset(arena);
    event_reset(&event, arena);
    event_add_string(&event, S("a"), S("b"));
    event_add_string(&event, S("message"), message);
    product_apply(applier, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    slice text = slice_make(data, size);
    struct arena arena = {0};
    struct error err;
    struct products *products = products_new_empty();
    bool taken = products_add(products, S("fuzzed"), text, &err) == RESULT_OK;
    if (!taken)
        ASSERT(err.message_len > 0);
    bool again = products_add(products, S("again"), text, &err) == RESULT_OK;
    ASSERT(taken || !again);
    ASSERT(products_add(products, S("sound"), slice_from_cstr(sound), &err) == RESULT_OK || taken);
    products_finish(products);
    struct product_applier *applier = product_applier_new(products);
    if (!taken) {
        ASSERT(slice_equal(apply_sound(applier, &arena, S("fuzz.name")), S("b b")));
        ASSERT(slice_equal(apply_sound(applier, &arena, S("fuzz.action")), S("done")));
    }
    apply_any(applier, &arena, text);
    apply_any(applier, &arena, S("a b c"));
    product_applier_free(applier);
    products_free(products);
    arena_free(&arena);
    return 0;
}
