/* See yaml.h. The tree is built from libfyaml's events, not taken from its documents: so each node
 * has its place, depth and number are bounded while reading, and an alias costs a pointer.
 * Rejected: fy_document, which finds the place of a node only by printing a message about it. */
#include "wire/yaml.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/checked.h"
#include "base/map.h"
#include "base/utf8.h"

/* Exported by the library, and declared in its header only since version 0.8. */
const struct fy_mark *fy_event_start_mark(struct fy_event *event);
void fy_diag_set_collect_errors(struct fy_diag *diag, bool collect_errors);
struct fy_diag_error *fy_diag_errors_iterate(struct fy_diag *diag, void **previous);

struct yaml_reader {
    slice text;
    struct fy_diag *diag;
    struct fy_parser *parser;
    bool over;
};

/* A mapping or sequence that is still open. */
struct yaml_open {
    struct yaml_node *node;
    const struct yaml_node *key; /* mapping: read, its value not yet */
    size_t capacity, key_capacity;
    size_t weight; /* nodes in it so far */
    slice anchor;  /* absent when it has none */
};

struct yaml_anchor {
    const struct yaml_node *node; /* NULL while it is open */
    size_t weight;
};

/* One document while it is read. */
struct yaml_build {
    struct arena *arena;
    struct yaml_open open[YAML_DEPTH_MAX];
    size_t depth;
    struct map anchors; /* name → struct yaml_anchor * */
    const struct yaml_node *root;
    uint32_t line, column; /* of the last event that had a place */
    struct error *err;
};

struct yaml_reader *yaml_open(slice text)
{
    struct yaml_reader *reader = calloc(1, sizeof(*reader));
    struct fy_diag_cfg quiet;
    ASSERT(reader != NULL);
    reader->text = text;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    reader->diag = fy_diag_create(&quiet);
    ASSERT(reader->diag != NULL);
    fy_diag_set_collect_errors(reader->diag, true);
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_ALLOW_DUPLICATE_KEYS, /* found here, with their place */
        .diag = reader->diag};
    reader->parser = fy_parser_create(&config);
    ASSERT(reader->parser != NULL);
    return reader;
}

void yaml_close(struct yaml_reader *reader)
{
    if (reader == NULL)
        return;
    fy_parser_destroy(reader->parser);
    fy_diag_destroy(reader->diag);
    free(reader);
}

static enum result yaml_refuse(
    struct yaml_build *build, enum result code, enum text why, slice what)
{
    return error_set(build->err, code, why, ARG(build->line), ARG(build->column), ARG(what));
}

/* Puts a finished node where it belongs: root, item, key or value. */
static enum result yaml_place(struct yaml_build *build, struct yaml_node *node, size_t weight)
{
    if (build->depth == 0) {
        build->root = node;
        return RESULT_OK;
    }
    struct yaml_open *open = &build->open[build->depth - 1];
    struct yaml_node *to = open->node;
    if (!checked_add(open->weight, weight, &open->weight) || open->weight > YAML_NODES_MAX)
        return yaml_refuse(build, RESULT_LIMIT, TEXT_YAML_NODES, S(""));
    if (to->type == YAML_MAPPING && open->key == NULL) {
        if (node->type != YAML_SCALAR)
            return yaml_refuse(build, RESULT_MALFORMED, TEXT_YAML_KEY_TYPE, S(""));
        if (slice_equal(node->text, S("<<")) && node->plain)
            return yaml_refuse(build, RESULT_UNSUPPORTED, TEXT_YAML_MERGE, S(""));
        open->key = node;
        return RESULT_OK;
    }
    if (to->count == open->capacity)
        to->items =
            arena_grow(build->arena, to->items, &open->capacity, sizeof(struct yaml_node *));
    if (to->type == YAML_MAPPING) {
        if (to->count == open->key_capacity)
            to->keys =
                arena_grow(build->arena, to->keys, &open->key_capacity, sizeof(struct yaml_node *));
        to->keys[to->count] = open->key;
        open->key = NULL;
    }
    to->items[to->count++] = node;
    return RESULT_OK;
}

static slice yaml_token_text(struct fy_token *token)
{
    size_t len = 0;
    const char *text = token == NULL ? NULL : fy_token_get_text(token, &len);
    return text == NULL ? S("") : slice_make(text, len);
}

/* An anchor may be given again, and then stands for the later node. */
static void yaml_anchor(
    struct yaml_build *build, slice name, const struct yaml_node *node, size_t weight)
{
    if (slice_is_absent(name))
        return;
    struct yaml_anchor *anchor = ARENA_NEW(build->arena, struct yaml_anchor);
    *anchor = (struct yaml_anchor){node, weight};
    *map_put(&build->anchors, name, NULL) = (uint64_t)(uintptr_t)anchor;
}

static struct yaml_node *yaml_node_new(struct yaml_build *build, enum yaml_type type)
{
    struct yaml_node *node = ARENA_NEW(build->arena, struct yaml_node);
    *node = (struct yaml_node){.type = type, .line = build->line, .column = build->column};
    return node;
}

static enum result yaml_begin(
    struct yaml_build *build, enum yaml_type type, struct fy_token *anchor)
{
    if (build->depth == YAML_DEPTH_MAX)
        return yaml_refuse(build, RESULT_LIMIT, TEXT_YAML_DEPTH, S(""));
    struct yaml_open *open = &build->open[build->depth++];
    *open = (struct yaml_open){.node = yaml_node_new(build, type), .weight = 1};
    if (anchor != NULL)
        open->anchor = arena_copy(build->arena, yaml_token_text(anchor));
    yaml_anchor(build, open->anchor, NULL, 0);
    return RESULT_OK;
}

static int yaml_key_order(const void *left, const void *right)
{
    const struct yaml_node *const *a = left;
    const struct yaml_node *const *b = right;
    int order = slice_compare((*a)->text, (*b)->text);
    if (order != 0)
        return order;
    return ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

static enum result yaml_check_keys(struct yaml_build *build, const struct yaml_node *mapping)
{
    if (mapping->count < 2)
        return RESULT_OK;
    const struct yaml_node **keys =
        arena_alloc_array(build->arena, mapping->count, sizeof(struct yaml_node *));
    memcpy(keys, mapping->keys, mapping->count * sizeof(struct yaml_node *));
    qsort(keys, mapping->count, sizeof(struct yaml_node *), yaml_key_order);
    for (size_t i = 1; i < mapping->count; i++) {
        if (!slice_equal(keys[i]->text, keys[i - 1]->text))
            continue;
        build->line = keys[i]->line;
        build->column = keys[i]->column;
        return yaml_refuse(build, RESULT_MALFORMED, TEXT_YAML_KEY_TWICE, keys[i]->text);
    }
    return RESULT_OK;
}

static enum result yaml_end(struct yaml_build *build)
{
    ASSERT(build->depth > 0);
    struct yaml_open open = build->open[--build->depth];
    if (open.node->type == YAML_MAPPING) {
        enum result result = yaml_check_keys(build, open.node);
        if (result != RESULT_OK)
            return result;
    }
    yaml_anchor(build, open.anchor, open.node, open.weight);
    return yaml_place(build, open.node, open.weight);
}

static enum result yaml_scalar(struct yaml_build *build, const struct fy_event *event)
{
    struct yaml_node *node = yaml_node_new(build, YAML_SCALAR);
    struct fy_token *value = event->scalar.value;
    node->text = arena_copy(build->arena, yaml_token_text(value));
    node->plain =
        event->scalar.tag == NULL && (value == NULL || fy_token_scalar_style(value) == FYSS_PLAIN);
    if (event->scalar.anchor != NULL)
        yaml_anchor(build, yaml_token_text(event->scalar.anchor), node, 1);
    return yaml_place(build, node, 1);
}

static enum result yaml_alias(struct yaml_build *build, const struct fy_event *event)
{
    slice name = yaml_token_text(event->alias.anchor);
    const uint64_t *found = map_find(&build->anchors, name);
    const struct yaml_anchor *anchor = found == NULL ? NULL : (void *)(uintptr_t)*found;
    if (anchor == NULL || anchor->node == NULL)
        return yaml_refuse(build, RESULT_MALFORMED, TEXT_YAML_ALIAS, name);
    struct yaml_node *node = yaml_node_new(build, anchor->node->type);
    uint32_t line = node->line;
    uint32_t column = node->column;
    *node = *anchor->node;
    node->line = line;
    node->column = column;
    return yaml_place(build, node, anchor->weight);
}

static bool yaml_is_quoted(struct fy_token *scalar)
{
    enum fy_scalar_style style = scalar == NULL ? FYSS_PLAIN : fy_token_scalar_style(scalar);
    return style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
}

static enum result yaml_take(struct yaml_build *build, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (mark != NULL && mark->line >= 0 && mark->column >= 0) {
        build->line = (uint32_t)mark->line + 1;
        build->column = (uint32_t)mark->column + 1;
        if (event->type == FYET_SCALAR && yaml_is_quoted(event->scalar.value) && build->column > 1)
            build->column--; /* the mark is behind the quote */
    }
    switch (event->type) {
    case FYET_MAPPING_START:
        return yaml_begin(build, YAML_MAPPING, event->mapping_start.anchor);
    case FYET_SEQUENCE_START:
        return yaml_begin(build, YAML_SEQUENCE, event->sequence_start.anchor);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return yaml_end(build);
    case FYET_SCALAR:
        return yaml_scalar(build, event);
    case FYET_ALIAS:
        return yaml_alias(build, event);
    case FYET_DOCUMENT_END:
        return RESULT_END;
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_START:
        break;
    }
    return RESULT_OK;
}

/* The library's own words, and where. */
static enum result yaml_syntax_error(
    struct yaml_reader *reader, struct yaml_build *build, uint32_t *line)
{
    void *previous = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(reader->diag, &previous);
    if (error != NULL && error->line > 0) {
        build->line = (uint32_t)error->line;
        build->column = error->column > 0 ? (uint32_t)error->column : 1;
    }
    *line = build->line;
    slice words = error == NULL ? S("?") : slice_trim(slice_from_cstr(error->msg));
    return yaml_refuse(build, RESULT_MALFORMED, TEXT_YAML_SYNTAX, words);
}

/* Reads events up to the end of a document. RESULT_END when there is none. */
static enum result yaml_read(struct yaml_reader *reader, struct yaml_build *build, uint32_t *line)
{
    for (;;) {
        struct fy_event *event = fy_parser_parse(reader->parser);
        if (event == NULL && fy_parser_get_stream_error(reader->parser))
            return yaml_syntax_error(reader, build, line);
        if (event == NULL || event->type == FYET_STREAM_END) {
            fy_parser_event_free(reader->parser, event);
            return RESULT_END;
        }
        enum result result = yaml_take(build, event);
        fy_parser_event_free(reader->parser, event);
        if (result == RESULT_END)
            return RESULT_OK;
        if (result != RESULT_OK) {
            *line = build->line;
            return result;
        }
    }
}

/* The library drops NUL and malformed UTF-8 silently, so they are found first. */
static enum result yaml_check_text(slice text, uint32_t *line, struct error *err)
{
    *line = 1;
    if (text.len > YAML_TEXT_MAX)
        return error_set(err, RESULT_LIMIT, TEXT_YAML_TEXT, ARG(YAML_TEXT_MAX));
    for (slice rest = text; rest.len > 0;) {
        uint32_t character;
        size_t len = utf8_decode(rest, &character);
        if (character == 0 || (character == UTF8_REPLACEMENT && len == 1))
            return error_set(err, RESULT_MALFORMED, TEXT_YAML_BYTES, ARG(*line));
        *line += character == '\n';
        rest = slice_from(rest, len);
    }
    return RESULT_OK;
}

static enum result yaml_start(struct yaml_reader *reader, uint32_t *line, struct error *err)
{
    slice text = reader->text;
    reader->text = (slice){NULL, 0};
    enum result result = yaml_check_text(text, line, err);
    if (result != RESULT_OK)
        return result;
    if (text.len == 0)
        return RESULT_END;
    ASSERT(fy_parser_set_string(reader->parser, text.at, text.len) == 0);
    return RESULT_OK;
}

enum result yaml_next(struct yaml_reader *reader, struct arena *arena,
    const struct yaml_node **root, uint32_t *line, struct error *err)
{
    enum result result = reader->over ? RESULT_END : RESULT_OK;
    if (result == RESULT_OK && !slice_is_absent(reader->text))
        result = yaml_start(reader, line, err);
    while (result == RESULT_OK) {
        struct yaml_build build = {.arena = arena, .line = 1, .column = 1, .err = err};
        result = yaml_read(reader, &build, line);
        map_free(&build.anchors);
        if (result != RESULT_OK)
            break;
        if (build.root != NULL && !yaml_is_null(build.root)) {
            *root = build.root;
            *line = build.root->line;
            return RESULT_OK;
        }
    }
    reader->over = true;
    return result;
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, slice key)
{
    if (mapping == NULL || mapping->type != YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->count; i++)
        if (slice_equal(mapping->keys[i]->text, key))
            return mapping->items[i];
    return NULL;
}

static bool yaml_is_one_of(slice text, const slice *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(text, words[i]))
            return true;
    return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
    static const slice words[] = {
        S_INIT(""), S_INIT("~"), S_INIT("null"), S_INIT("Null"), S_INIT("NULL")};
    return node->type == YAML_SCALAR && node->plain &&
           yaml_is_one_of(node->text, words, sizeof(words) / sizeof(*words));
}

bool yaml_to_bool(const struct yaml_node *node, bool *value)
{
    static const slice yes[] = {S_INIT("true"), S_INIT("True"), S_INIT("TRUE")};
    static const slice no[] = {S_INIT("false"), S_INIT("False"), S_INIT("FALSE")};
    if (node->type != YAML_SCALAR || !node->plain)
        return false;
    bool is_true = yaml_is_one_of(node->text, yes, 3);
    if (!is_true && !yaml_is_one_of(node->text, no, 3))
        return false;
    *value = is_true;
    return true;
}

bool yaml_is_scalar(const struct yaml_node *node)
{
    return node != NULL && node->type == YAML_SCALAR;
}
