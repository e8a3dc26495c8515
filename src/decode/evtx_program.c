/* See evtx_program.h. A recursive walk, one function for each rule of the grammar, that appends
 * operations. What is only known at the end of an element (that a value in its content is optional,
 * so that the whole element goes when it is NULL) is put in front of the element's operations then.
 *
 * Names of fields are those of windows.h. */
#include "decode/evtx_program.h"

#include <string.h>

#include "base/base.h"
#include "base/utf8.h"
#include "decode/evtx_value.h"
#include "decode/windows.h"
#include "wire/reader.h"

/* A name: 4 bytes (next in its hash bucket), 2 (hash), 2 (characters), UTF-16, terminator. The hash
 * is the low half of: for each unit, times 65599 plus the unit. */
#define EVTX_NAME_HASH_AT     4
#define EVTX_NAME_HASH_FACTOR 65599
#define EVTX_NAME_HEAD        8
#define EVTX_NAME_TAIL        2
#define EVTX_DEPENDENCY_LEN   2

/* A growing list in the scratch arena. */
struct evtx_part_list {
    struct evtx_part *at;
    size_t count;
    size_t capacity;
};

struct compiler {
    struct reader reader; /* over the chunk up to the end of the source */
    slice chunk;
    size_t from;
    struct arena *arena;   /* of what stays */
    struct arena *scratch; /* of lists that grow */
    struct evtx_op *ops;
    size_t op_count;
    size_t op_capacity;
    struct evtx_name_ref *names;
    size_t name_count;
    size_t name_capacity;
    unsigned depth;
    bool has_dependency; /* elements carry a dependency identifier */
    struct error *err;
};

struct element {
    enum evtx_place place; /* of the element itself */
    enum evtx_place inner; /* of what is in it */
    slice name;
    slice field;         /* the name of its text, and the front of its attributes' names */
    bool structural;     /* only holds others: gives no field of its own when it has no text */
    bool has_attributes; /* that give fields */
    bool has_children;
    size_t first_op;
    struct evtx_part_list name_parts; /* <Data Name="…">, when not literal */
    struct evtx_part_list text;
};

static bool compile_failed(struct compiler *compiler, enum text text, uint64_t what)
{
    (void)error_set(compiler->err, RESULT_MALFORMED, text, ARG(what));
    return false;
}

/* True unless a read went past the end of the source. */
static bool compile_read_all(struct compiler *compiler)
{
    return !compiler->reader.failed || compile_failed(compiler, TEXT_EVTX_XML_END, compiler->from);
}

/* The name at an offset, without its terminator. False when the chunk ends before it does. */
static bool name_read(slice chunk, size_t offset, slice *utf16, uint16_t *hash)
{
    struct reader reader = reader_over(chunk);
    reader_seek(&reader, offset);
    reader_skip(&reader, EVTX_NAME_HASH_AT);
    *hash = reader_u16(&reader);
    *utf16 = reader_bytes(&reader, (size_t)reader_u16(&reader) * 2);
    return !reader.failed;
}

/* A name is only one when its hash is right: what an offset leads to may have been overwritten. */
static bool name_read_checked(slice chunk, size_t offset, slice *utf16)
{
    uint16_t expected;
    uint32_t hash = 0;
    if (!name_read(chunk, offset, utf16, &expected))
        return false;
    struct reader reader = reader_over(*utf16);
    while (reader_left(&reader) > 0)
        hash = hash * EVTX_NAME_HASH_FACTOR + reader_u16(&reader);
    return (uint16_t)hash == expected;
}

static bool compile_name(struct compiler *compiler, slice *name)
{
    size_t at = compiler->reader.at;
    size_t offset = reader_u32(&compiler->reader);
    struct evtx_name_ref ref = {.at = at - compiler->from, .here = offset == at + 4};
    if (!compile_read_all(compiler))
        return false;
    if (!name_read_checked(compiler->chunk, offset, &ref.utf16))
        return compile_failed(compiler, TEXT_EVTX_NAME, offset);
    if (ref.here)
        reader_skip(&compiler->reader, EVTX_NAME_HEAD + ref.utf16.len + EVTX_NAME_TAIL);
    if (compiler->name_count == compiler->name_capacity)
        compiler->names = arena_grow(
            compiler->scratch, compiler->names, &compiler->name_capacity, sizeof(*compiler->names));
    ref.utf16 = arena_copy(compiler->arena, ref.utf16);
    compiler->names[compiler->name_count++] = ref;
    *name = utf8_from_utf16(compiler->arena, ref.utf16, false);
    return compile_read_all(compiler);
}

static void part_add(struct compiler *compiler, struct evtx_part_list *list, struct evtx_part part)
{
    if (list->count == list->capacity)
        list->at = arena_grow(compiler->scratch, list->at, &list->capacity, sizeof(*list->at));
    list->at[list->count++] = part;
}

static bool part_list_is_literal(const struct evtx_part_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].is_value)
            return false;
    return true;
}

/* The text of a list of literals. */
static slice part_list_text(struct compiler *compiler, const struct evtx_part_list *list)
{
    size_t len = 0;
    if (list->count == 1)
        return list->at[0].text;
    for (size_t i = 0; i < list->count; i++)
        len += list->at[i].text.len;
    char *text = arena_bytes(compiler->arena, len);
    size_t at = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->at[i].text.len > 0)
            memcpy(text + at, list->at[i].text.at, list->at[i].text.len);
        at += list->at[i].text.len;
    }
    return slice_make(text, len);
}

/* Literals become one part; anything else stays a list. */
static struct evtx_parts part_list_finish(
    struct compiler *compiler, const struct evtx_part_list *list)
{
    bool literal = part_list_is_literal(list);
    size_t count = literal ? 1 : list->count;
    struct evtx_part *parts = ARENA_ARRAY(compiler->arena, struct evtx_part, count);
    if (literal)
        parts[0].text = part_list_text(compiler, list);
    else
        memcpy(parts, list->at, count * sizeof(*parts));
    return (struct evtx_parts){.at = parts, .count = count};
}

/* Puts an operation at `index`, before those from there on. */
static void op_insert(struct compiler *compiler, size_t index, struct evtx_op op)
{
    if (compiler->op_count == compiler->op_capacity)
        compiler->ops = arena_grow(
            compiler->scratch, compiler->ops, &compiler->op_capacity, sizeof(*compiler->ops));
    memmove(compiler->ops + index + 1, compiler->ops + index,
        (compiler->op_count - index) * sizeof(op));
    compiler->ops[index] = op;
    compiler->op_count++;
}

/* Makes what was appended since `first` depend on the optional values among `list`. */
static void op_omit(struct compiler *compiler, size_t first, const struct evtx_part_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].optional && compiler->op_count > first)
            op_insert(compiler, first,
                (struct evtx_op){.kind = EVTX_OP_OMIT,
                    .value = list->at[i].value,
                    .skip = compiler->op_count - first});
}

static void op_field(struct compiler *compiler, const struct element *element, slice name,
    const struct evtx_part_list *text, bool keep_empty)
{
    struct evtx_op op = {.kind = EVTX_OP_FIELD,
        .place = element->inner,
        .name = name,
        .text = part_list_finish(compiler, text),
        .keep_empty = keep_empty};
    if (element->name_parts.count > 0)
        op.name_parts = part_list_finish(compiler, &element->name_parts);
    op_insert(compiler, compiler->op_count, op);
}

static bool compile_utf16(struct compiler *compiler, slice *text)
{
    slice utf16 = reader_bytes(&compiler->reader, (size_t)reader_u16(&compiler->reader) * 2);
    *text = utf8_from_utf16(compiler->arena, utf16, false);
    return compile_read_all(compiler);
}

static bool compile_text(struct compiler *compiler, struct evtx_part *part)
{
    unsigned type = reader_u8(&compiler->reader);
    if (type != EVTX_STRING && !compiler->reader.failed)
        return compile_failed(compiler, TEXT_EVTX_TEXT_TYPE, type);
    return compile_utf16(compiler, &part->text);
}

static bool compile_entity(struct compiler *compiler, struct evtx_part *part)
{
    static const struct {
        slice name;
        slice text;
    } entities[] = {
        {S_INIT("amp"), S_INIT("&")},
        {S_INIT("lt"), S_INIT("<")},
        {S_INIT("gt"), S_INIT(">")},
        {S_INIT("quot"), S_INIT("\"")},
        {S_INIT("apos"), S_INIT("'")},
    };
    slice name;
    if (!compile_name(compiler, &name))
        return false;
    part->text = name; /* an entity that XML does not define: its name is better than nothing */
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (slice_equal(entities[i].name, name))
            part->text = entities[i].text;
    return true;
}

/* Whether the token begins a piece of text, in content or in an attribute. */
static bool token_is_text(unsigned token)
{
    unsigned plain = token & ~EVTX_MORE;
    return plain == EVTX_TOKEN_TEXT || plain == EVTX_TOKEN_CDATA || plain == EVTX_TOKEN_CHAR ||
           plain == EVTX_TOKEN_ENTITY || plain == EVTX_TOKEN_VALUE || plain == EVTX_TOKEN_OPTIONAL;
}

/* Reads a piece of text whose token was taken. *type gets the declared type of a value. */
static bool compile_part(
    struct compiler *compiler, unsigned token, struct evtx_part *part, unsigned *type)
{
    *part = (struct evtx_part){.text = S("")};
    *type = EVTX_STRING;
    switch (token & ~EVTX_MORE) {
    case EVTX_TOKEN_TEXT:
        return compile_text(compiler, part);
    case EVTX_TOKEN_CDATA:
        return compile_utf16(compiler, &part->text);
    case EVTX_TOKEN_CHAR: {
        char *character = arena_bytes(compiler->arena, 4);
        size_t len = utf8_encode(reader_u16(&compiler->reader), character);
        part->text = slice_make(character, len);
        return compile_read_all(compiler);
    }
    case EVTX_TOKEN_ENTITY:
        return compile_entity(compiler, part);
    default:
        part->is_value = true;
        part->optional = (token & ~EVTX_MORE) == EVTX_TOKEN_OPTIONAL;
        part->value = reader_u16(&compiler->reader);
        *type = reader_u8(&compiler->reader);
        return compile_read_all(compiler);
    }
}

static unsigned compile_peek(struct compiler *compiler)
{
    struct reader ahead = compiler->reader;
    return reader_u8(&ahead);
}

/* Without the prefix of a namespace. */
static slice name_local(slice name)
{
    size_t colon = slice_find_last_byte(name, ':');
    return colon < name.len ? slice_from(name, colon + 1) : name;
}

/* Parts of System that go by a name of their own, or tell about the event as a whole. Text of the
 * element where `attribute` is empty. */
static const struct system_field {
    slice element;
    slice attribute;
    slice field;
    enum evtx_role role;
} system_fields[] = {
    {S_INIT("TimeCreated"), S_INIT("SystemTime"), S_INIT("TimeCreated"), EVTX_ROLE_TIME},
    {S_INIT("EventRecordID"), S_INIT(""), S_INIT("EventRecordID"), EVTX_ROLE_NUMBER},
    {S_INIT("Correlation"), S_INIT("ActivityID"), S_INIT("ActivityID"), EVTX_ROLE_NONE},
    {S_INIT("Security"), S_INIT("UserID"), S_INIT("UserID"), EVTX_ROLE_NONE},
};

/* NULL when it has no row. */
static const struct system_field *system_field_find(const struct element *element, slice attribute)
{
    for (size_t i = 0; i < sizeof(system_fields) / sizeof(system_fields[0]); i++)
        if (element->place == EVTX_PLACE_SYSTEM &&
            slice_equal(element->name, system_fields[i].element) &&
            slice_equal(attribute, system_fields[i].attribute))
            return &system_fields[i];
    return NULL;
}

static bool attribute_is_namespace(slice name)
{
    return slice_equal(name, S("xmlns")) || slice_starts(name, S("xmlns:"));
}

static void attribute_finish(struct compiler *compiler, struct element *element, slice name,
    const struct evtx_part_list *text)
{
    if (attribute_is_namespace(name))
        return;
    name = name_local(name);
    if (element->place == EVTX_PLACE_DATA && slice_equal(element->name, S("Data")) &&
        slice_equal(name, S("Name"))) {
        if (!part_list_is_literal(text))
            element->name_parts = *text;
        else if (part_list_text(compiler, text).len > 0)
            element->field = windows_data_name(part_list_text(compiler, text));
        return;
    }
    size_t first = compiler->op_count;
    struct element plain = {.place = element->place, .inner = element->inner};
    const struct system_field *system = system_field_find(element, name);
    slice field =
        system != NULL ? system->field : windows_join(compiler->arena, element->field, name);
    op_field(compiler, &plain, field, text, true);
    compiler->ops[first].role = system != NULL ? system->role : EVTX_ROLE_NONE;
    op_omit(compiler, first, text);
    element->has_attributes = true;
}

static bool compile_attribute(struct compiler *compiler, struct element *element)
{
    struct evtx_part_list text = {0};
    slice name;
    if (!compile_name(compiler, &name))
        return false;
    while (token_is_text(compile_peek(compiler))) {
        struct evtx_part part;
        unsigned type;
        if (!compile_part(compiler, reader_u8(&compiler->reader), &part, &type))
            return false;
        part_add(compiler, &text, part);
    }
    attribute_finish(compiler, element, name, &text);
    return true;
}

static bool compile_attributes(struct compiler *compiler, struct element *element)
{
    reader_skip(&compiler->reader, 4); /* bytes of the list; it ends where no attribute follows */
    while ((compile_peek(compiler) & ~EVTX_MORE) == EVTX_TOKEN_ATTRIBUTE) {
        reader_skip(&compiler->reader, 1);
        if (!compile_attribute(compiler, element))
            return false;
    }
    return compile_read_all(compiler);
}

/* Text in content. A value that is binary XML is a child, not text. */
static bool compile_content_part(struct compiler *compiler, struct element *element, unsigned token)
{
    struct evtx_part part;
    unsigned type;
    if (!compile_part(compiler, token, &part, &type))
        return false;
    if (type != EVTX_XML) {
        part_add(compiler, &element->text, part);
        return true;
    }
    struct evtx_part_list alone = {.at = &part, .count = 1};
    op_field(compiler, element, element->field, &alone, false);
    element->has_children = true;
    return true;
}

static bool compile_element(struct compiler *compiler, enum evtx_place place, unsigned token);

/* A processing instruction tells how to show the XML; its text is no data of the event. */
static bool compile_instruction(struct compiler *compiler, unsigned token)
{
    slice text;
    return token == EVTX_TOKEN_PI_TARGET ? compile_name(compiler, &text)
                                         : compile_utf16(compiler, &text);
}

static bool compile_content(struct compiler *compiler, struct element *element)
{
    for (;;) {
        unsigned token = reader_u8(&compiler->reader);
        unsigned plain = token & ~EVTX_MORE;
        bool read;
        if (!compile_read_all(compiler))
            return false;
        if (plain == EVTX_TOKEN_END)
            return true;
        if (plain == EVTX_TOKEN_OPEN) {
            element->has_children = true;
            read = compile_element(compiler, element->inner, token);
        } else if (token_is_text(token)) {
            read = compile_content_part(compiler, element, token);
        } else if (plain == EVTX_TOKEN_PI_TARGET || plain == EVTX_TOKEN_PI_DATA) {
            read = compile_instruction(compiler, plain);
        } else {
            read = compile_failed(compiler, TEXT_EVTX_TOKEN, token);
        }
        if (!read)
            return false;
    }
}

/* Decides by place and name what an element is. */
static void element_enter(struct compiler *compiler, struct element *element)
{
    static const struct {
        slice name;
        enum evtx_place inner;
    } parts_of_event[] = {
        {S_INIT("System"), EVTX_PLACE_SYSTEM},
        {S_INIT("RenderingInfo"), EVTX_PLACE_RENDERING},
        {S_INIT("EventData"), EVTX_PLACE_DATA},
        {S_INIT("UserData"), EVTX_PLACE_DATA},
        {S_INIT("ProcessingErrorData"), EVTX_PLACE_DATA},
        {S_INIT("DebugData"), EVTX_PLACE_DATA},
    };
    element->field =
        element->place == EVTX_PLACE_DATA ? windows_data_name(element->name) : element->name;
    element->inner = element->place;
    if (element->place == EVTX_PLACE_RENDERING && !slice_equal(element->name, S("Message")))
        element->field = windows_join(compiler->arena, S("RenderingInfo"), element->name);
    if (element->place != EVTX_PLACE_DOCUMENT && element->place != EVTX_PLACE_EVENT)
        return;
    if (element->place == EVTX_PLACE_DOCUMENT && slice_equal(element->name, S("Event"))) {
        element->inner = EVTX_PLACE_EVENT;
        element->structural = true;
        return;
    }
    element->inner = EVTX_PLACE_DATA;
    for (size_t i = 0; i < sizeof(parts_of_event) / sizeof(parts_of_event[0]); i++) {
        if (slice_equal(element->name, parts_of_event[i].name)) {
            element->inner = parts_of_event[i].inner;
            element->structural = true;
        }
    }
}

/* White space between elements is layout. */
static bool element_text_is_layout(struct compiler *compiler, const struct element *element)
{
    return (element->has_children || element->structural) && part_list_is_literal(&element->text) &&
           slice_trim(part_list_text(compiler, &element->text)).len == 0;
}

static void element_finish(struct compiler *compiler, const struct element *element)
{
    bool keep_empty = !element->structural && !element->has_attributes && !element->has_children &&
                      element->place != EVTX_PLACE_SYSTEM;
    bool has_text = element->text.count > 0 && !element_text_is_layout(compiler, element);
    if (has_text || keep_empty) {
        const struct system_field *system = system_field_find(element, S(""));
        op_field(compiler, element, element->field, &element->text, keep_empty);
        compiler->ops[compiler->op_count - 1].role = system != NULL ? system->role : EVTX_ROLE_NONE;
    }
    op_omit(compiler, element->first_op, &element->text);
}

static bool compile_element(struct compiler *compiler, enum evtx_place place, unsigned token)
{
    struct element element = {.place = place, .first_op = compiler->op_count};
    if (++compiler->depth > EVTX_DEPTH_MAX)
        return compile_failed(compiler, TEXT_EVTX_DEPTH, EVTX_DEPTH_MAX);
    if (compiler->has_dependency)
        reader_skip(&compiler->reader, EVTX_DEPENDENCY_LEN);
    reader_skip(&compiler->reader, 4); /* bytes of the element; it ends where its end token is */
    if (!compile_name(compiler, &element.name))
        return false;
    element.name = name_local(element.name);
    element_enter(compiler, &element);
    if ((token & EVTX_MORE) != 0 && !compile_attributes(compiler, &element))
        return false;
    unsigned close = reader_u8(&compiler->reader);
    if (!compile_read_all(compiler))
        return false;
    if (close == EVTX_TOKEN_CLOSE_START) {
        if (!compile_content(compiler, &element))
            return false;
    } else if (close != EVTX_TOKEN_CLOSE_EMPTY) {
        return compile_failed(compiler, TEXT_EVTX_TOKEN, close);
    }
    element_finish(compiler, &element);
    compiler->depth--;
    return true;
}

/* Whether size and name of an element make sense `skip` bytes after its token. */
static bool element_fits(const struct compiler *compiler, size_t skip)
{
    struct reader ahead = compiler->reader;
    slice name;
    reader_skip(&ahead, skip);
    size_t size = reader_u32(&ahead);
    size_t left = reader_left(&ahead);
    size_t offset = reader_u32(&ahead);
    return !ahead.failed && size <= left && name_read_checked(compiler->chunk, offset, &name);
}

/* By observation, elements have a dependency identifier of 2 bytes in templates, and none outside
 * of them: neither in a value nor where a record is written without a template. Nothing tells it
 * but that the other reading makes no sense. */
static bool element_has_dependency(const struct compiler *compiler, bool plain)
{
    return plain ? !element_fits(compiler, 0)
                 : element_fits(compiler, EVTX_DEPENDENCY_LEN) || !element_fits(compiler, 0);
}

static bool compile_fragments(
    struct compiler *compiler, const struct evtx_source *source, size_t *stopped)
{
    for (;;) {
        size_t at = compiler->reader.at;
        if (reader_left(&compiler->reader) == 0 || compile_peek(compiler) == EVTX_TOKEN_TEMPLATE) {
            *stopped = at;
            return true;
        }
        unsigned token = reader_u8(&compiler->reader);
        bool read = true;
        switch (token) {
        case EVTX_TOKEN_EOF:
            *stopped = at;
            return true;
        case EVTX_TOKEN_FRAGMENT:
            reader_skip(&compiler->reader, EVTX_FRAGMENT_LEN - 1);
            break;
        case EVTX_TOKEN_PI_TARGET:
        case EVTX_TOKEN_PI_DATA:
            read = compile_instruction(compiler, token);
            break;
        case EVTX_TOKEN_OPEN:
        case EVTX_TOKEN_OPEN | EVTX_MORE:
            compiler->has_dependency = element_has_dependency(compiler, source->plain);
            read = compile_element(compiler, source->place, token);
            break;
        default:
            read = compile_failed(compiler, TEXT_EVTX_TOKEN, token);
        }
        if (!read || !compile_read_all(compiler))
            return false;
    }
}

static const void *compile_keep(struct arena *arena, const void *items, size_t count, size_t size)
{
    void *kept = arena_alloc_array(arena, count, size);
    if (count > 0)
        memcpy(kept, items, count * size);
    return kept;
}

enum result evtx_program_compile(struct arena *arena, struct arena *scratch,
    const struct evtx_source *source, struct evtx_program *program, size_t *stopped,
    struct error *err)
{
    struct compiler compiler = {.chunk = source->chunk,
        .from = source->from,
        .arena = arena,
        .scratch = scratch,
        .err = err,
        .reader = reader_over(slice_first(source->chunk, source->end))};
    size_t end;
    arena_reset(scratch);
    reader_seek(&compiler.reader, source->from);
    if (!compile_fragments(&compiler, source, &end))
        return RESULT_MALFORMED;
    /* The token that ended it belongs to what must be the same: without it, other binary XML that
     * goes on where this one ends would pass for it. */
    size_t known = size_min(end + 1, source->end);
    *program = (struct evtx_program){
        .ops = compile_keep(arena, compiler.ops, compiler.op_count, sizeof(*compiler.ops)),
        .op_count = compiler.op_count,
        .names = compile_keep(arena, compiler.names, compiler.name_count, sizeof(*compiler.names)),
        .name_count = compiler.name_count,
        .source = arena_copy(arena, slice_sub(source->chunk, source->from, known - source->from)),
        .place = source->place};
    *stopped = end;
    return RESULT_OK;
}

bool evtx_program_is_of(const struct evtx_program *program, slice chunk, size_t from)
{
    slice source = program->source;
    slice bytes = slice_sub(chunk, from, source.len);
    size_t at = 0;
    if (bytes.len != source.len)
        return false;
    for (size_t i = 0; i < program->name_count; i++) {
        const struct evtx_name_ref *ref = &program->names[i];
        struct reader reader = reader_over(bytes);
        slice utf16;
        uint16_t hash;
        reader_seek(&reader, ref->at);
        size_t offset = reader_u32(&reader);
        if (memcmp(bytes.at + at, source.at + at, ref->at - at) != 0 ||
            (offset == from + ref->at + 4) != ref->here ||
            !name_read(chunk, offset, &utf16, &hash) || !slice_equal(utf16, ref->utf16))
            return false;
        at = ref->at + 4;
        if (ref->here)
            at += EVTX_NAME_HEAD + utf16.len + EVTX_NAME_TAIL;
    }
    return memcmp(bytes.at + at, source.at + at, source.len - at) == 0;
}
