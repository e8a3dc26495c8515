/* See decoders.h. What is done with a line is in decoders_explain.c. */
#include "command/decoders.h"

#include <unistd.h>

#include "base/base.h"
#include "base/embed.h"
#include "base/escape.h"
#include "command/decoders_explain.h"
#include "command/loading.h"
#include "decode/product_example.h"
#include "report/sink.h"
#include "wire/hash.h"
#include "wire/json.h"
#include "wire/json_writer.h"

enum decoders_option { DECODERS_DECODERS, DECODERS_FORMAT };

const struct command_option decoders_command_options[] = {
    {S_INIT("decoders"), COMMAND_PATH, true, S_INIT("DIR|FILE"), 0, 0, TEXT_HELP_TRIAGE_DECODERS},
    {S_INIT("format"), COMMAND_CHOICE, false, S_INIT("text|ndjson"), 0, 0, TEXT_HELP_TRIAGE_FORMAT},
    {.name = {NULL, 0}},
};

/* A command while it runs. */
struct decoders {
    const struct command_call *call;
    struct loading loading;
    struct sink sink;
    bool ndjson;
    size_t examples, definitions, differences;
};

static enum command_status decoders_finish(struct decoders *decoders, bool all_well)
{
    struct error err;
    enum result result = sink_finish(&decoders->sink, &err);
    loading_free(&decoders->loading);
    if (result != RESULT_OK) {
        command_say(&err);
        return COMMAND_FAILED;
    }
    return all_well ? COMMAND_DONE : COMMAND_ATTENTION;
}

/* Loads the shipped definitions, those of --decoders, and `files`. False after saying why. */
static bool decoders_begin(
    struct decoders *decoders, const struct command_call *call, bool with_operands)
{
    const struct command_values *given = &call->values[DECODERS_DECODERS];
    size_t operands = with_operands ? call->operand_count : 0;
    struct error err;
    *decoders =
        (struct decoders){.call = call, .ndjson = command_number(call, DECODERS_FORMAT, 0) == 1};
    struct command_value *items =
        ARENA_ARRAY(&decoders->loading.arena, struct command_value, given->count + operands);
    struct command_values paths = {.items = items, .count = given->count + operands};
    for (size_t i = 0; i < given->count; i++)
        items[i] = given->items[i];
    for (size_t i = 0; i < operands; i++)
        items[given->count + i].text = call->operands[i];
    if (loading_products(&decoders->loading, &paths, &err) != RESULT_OK) {
        command_say(&err);
        loading_free(&decoders->loading);
        return false;
    }
    sink_init(&decoders->sink, STDOUT_FILENO, S("-"));
    return true;
}

/* --- list --- */

static void decoders_list_ndjson(struct buf *out, const struct product_listing *listing)
{
    struct json_writer json;
    const struct {
        slice key, value;
    } texts[] = {{S("name"), listing->name}, {S("module"), listing->module},
        {S("dataset"), listing->dataset}, {S("file"), listing->path}};
    json_begin(&json, out);
    json_object_begin(&json);
    json_key(&json, S("type"));
    json_string(&json, S("decoder"));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        json_key(&json, texts[i].key);
        if (texts[i].value.len == 0)
            json_null(&json);
        else
            json_string(&json, texts[i].value);
    }
    json_key(&json, S("shapes"));
    json_u64(&json, listing->shapes);
    json_key(&json, S("examples"));
    json_u64(&json, listing->examples);
    json_key(&json, S("shipped"));
    json_bool(&json, listing->shipped);
    json_object_end(&json);
    buf_append_byte(out, '\n');
}

static void decoders_list_text(struct buf *out, const struct product_listing *listing)
{
    const slice texts[] = {listing->name, listing->dataset, listing->path};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        escape_terminal(out, texts[i]);
        buf_append(out, S("  "));
    }
    buf_append_u64(out, listing->examples);
    buf_append(out, S("  "));
    buf_append(out, text_get(listing->shipped ? TEXT_DECODERS_SHIPPED : TEXT_DECODERS_OWN));
    buf_append_byte(out, '\n');
}

enum command_status decoders_command_list(const struct command_call *call)
{
    struct decoders decoders;
    struct product_listing listing;
    size_t count = 0;
    if (!decoders_begin(&decoders, call, false))
        return COMMAND_USAGE;
    struct buf *out = &decoders.sink.buf;
    for (; products_list(decoders.loading.products, count, &listing); count++) {
        (decoders.ndjson ? decoders_list_ndjson : decoders_list_text)(out, &listing);
        if (!sink_settle(&decoders.sink))
            break;
    }
    if (!decoders.ndjson) {
        text_append(out, TEXT_DECODERS_SUMMARY, ARG(count), ARG(decoders.loading.refused));
        buf_append_byte(out, '\n');
    }
    return decoders_finish(&decoders, decoders.loading.refused == 0);
}

/* --- check --- */

enum command_status decoders_command_check(const struct command_call *call)
{
    struct decoders decoders;
    struct product_listing listing;
    if (!decoders_begin(&decoders, call, true))
        return COMMAND_USAGE;
    struct buf *out = &decoders.sink.buf;
    for (size_t i = 0; products_list(decoders.loading.products, i, &listing); i++) {
        if (listing.shipped)
            continue;
        if (decoders.ndjson) {
            decoders_list_ndjson(out, &listing);
            continue;
        }
        escape_terminal(out, listing.path);
        buf_append(out, S(": "));
        escape_terminal(out, listing.name);
        text_append(out, TEXT_DECODERS_FINE, ARG(listing.shapes), ARG(listing.examples));
        buf_append_byte(out, '\n');
    }
    return decoders_finish(&decoders, decoders.loading.refused == 0);
}

/* --- test --- */

static void decoders_differs(void *context, const struct error *what)
{
    struct decoders *decoders = context;
    decoders->differences++;
    command_say(what);
}

static bool decoders_test_one(struct decoders *decoders, slice path, slice yaml)
{
    struct error err;
    size_t count = 0;
    if (product_examples_check(decoders->loading.products, path, yaml, decoders_differs, decoders,
            &count, &err) != RESULT_OK ||
        product_examples_damage(decoders->loading.products, path, yaml, decoders_differs, decoders,
            &err) != RESULT_OK) {
        command_say(&err);
        return false;
    }
    decoders->examples += count;
    decoders->definitions++;
    return true;
}

/* The texts of the definitions that are loaded: the user's, and the shipped ones unless files were
 * named. */
static void decoders_test_all(struct decoders *decoders)
{
    const struct loading *loading = &decoders->loading;
    struct product_listing listing;
    for (size_t i = 0; products_list(loading->products, i, &listing); i++) {
        const struct embed_file *file = listing.shipped ? embed_find(listing.path) : NULL;
        if (file != NULL && decoders->call->operand_count == 0)
            (void)decoders_test_one(decoders, listing.path, file->content);
        for (size_t k = 0; k < loading->definition_count && !listing.shipped; k++)
            if (slice_equal(loading->definitions[k].path, listing.path))
                (void)decoders_test_one(decoders, listing.path, loading->definitions[k].yaml);
    }
}

enum command_status decoders_command_test(const struct command_call *call)
{
    struct decoders decoders;
    hash_prepare();
    json_prepare();
    if (!decoders_begin(&decoders, call, true))
        return COMMAND_USAGE;
    struct buf *out = &decoders.sink.buf;
    decoders_test_all(&decoders);
    if (decoders.ndjson) {
        struct json_writer json;
        json_begin(&json, out);
        json_object_begin(&json);
        json_key(&json, S("definitions"));
        json_u64(&json, decoders.definitions);
        json_key(&json, S("examples"));
        json_u64(&json, decoders.examples);
        json_key(&json, S("differences"));
        json_u64(&json, decoders.differences);
        json_object_end(&json);
    } else {
        text_append(out, TEXT_DECODERS_TESTED, ARG(decoders.examples), ARG(decoders.definitions),
            ARG(decoders.differences));
    }
    buf_append_byte(out, '\n');
    return decoders_finish(&decoders, decoders.loading.refused == 0 && decoders.differences == 0);
}

/* --- explain --- */

enum command_status decoders_command_explain(const struct command_call *call)
{
    struct decoders decoders;
    struct error err;
    if (!decoders_begin(&decoders, call, false))
        return COMMAND_USAGE;
    bool all_well = decoders.loading.refused == 0;
    enum result result = decoders_explain(
        decoders.loading.products, slice_from_cstr(call->operands[0]), STDOUT_FILENO, &err);
    if (result != RESULT_OK)
        command_say(&err);
    enum command_status status = decoders_finish(&decoders, all_well);
    return result == RESULT_OK ? status : COMMAND_FAILED;
}
