/* See csv_map.h. The file's nodes are put together as a definition, which is loaded and applied as
 * all others are: types, tables, shapes and conditions are the same and are explained once.
 * Rejected: a second, smaller mapping language. */
#include "decode/csv_map.h"

#include <stdlib.h>

#include "base/base.h"
#include "decode/csv_record.h"
#include "decode/json_time.h"
#include "decode/product_load.h"
#include "decode/time_pattern.h"
#include "wire/yaml.h"

/* Columns that a time may be written in. */
#define MAP_TIME_FIELDS_MAX 2
/* Entries that `sign` makes of `map`. */
#define MAP_SIGN_MAX 3

enum mapping_time_format { MAP_TIME_ANY, MAP_TIME_UNIX, MAP_TIME_STAMP, MAP_TIME_PATTERN };

struct mapping_time {
    slice fields[MAP_TIME_FIELDS_MAX];
    size_t count;
    enum mapping_time_format format;
    int64_t unit_ns; /* of MAP_TIME_UNIX */
    slice pattern;
    bool has_zone;
    int32_t zone_offset_s;
};

struct csv_map {
    struct arena arena;
    struct products *products;
    struct product_applier *applier; /* a process decodes one file at a time */
    slice name;
    slice format; /* absent: any */
    char separator;
    slice *header;
    size_t header_count;
    struct mapping_time time;
};

/* Reading. All functions give false after setting the error. */
struct mapping_reader {
    struct csv_map *map;
    struct arena scratch; /* the tree of the file and what is put around it */
    slice path;
    struct error *err;
};

static bool mapping_refuse(
    struct mapping_reader *reader, const struct yaml_node *node, enum text why, slice what)
{
    (void)error_set(reader->err, RESULT_USAGE, why, ARG(reader->path), ARG(node->line),
        ARG(node->column), ARG(what));
    return false;
}

/* --- nodes of our own --- */

static const struct yaml_node *mapping_scalar(
    struct mapping_reader *reader, const struct yaml_node *place, slice text)
{
    struct yaml_node *node = ARENA_NEW(&reader->scratch, struct yaml_node);
    *node = (struct yaml_node){
        .type = YAML_SCALAR, .line = place->line, .column = place->column, .text = text};
    return node;
}

/* An empty mapping or list with room for `most` entries. */
static struct yaml_node *mapping_container(
    struct mapping_reader *reader, const struct yaml_node *place, enum yaml_type type, size_t most)
{
    struct yaml_node *node = ARENA_NEW(&reader->scratch, struct yaml_node);
    *node = (struct yaml_node){.type = type, .line = place->line, .column = place->column};
    node->items = ARENA_ARRAY(&reader->scratch, const struct yaml_node *, most + 1);
    node->keys = ARENA_ARRAY(&reader->scratch, const struct yaml_node *, most + 1);
    return node;
}

/* Nothing is put for NULL. */
static void mapping_put(struct mapping_reader *reader, struct yaml_node *mapping, slice key,
    const struct yaml_node *value)
{
    if (value == NULL)
        return;
    mapping->keys[mapping->count] = mapping_scalar(reader, mapping, key);
    mapping->items[mapping->count++] = value;
}

static void mapping_push(struct yaml_node *list, const struct yaml_node *item)
{
    if (item != NULL)
        list->items[list->count++] = item;
}

/* --- the file's layout --- */

static bool mapping_text(
    struct mapping_reader *reader, const struct yaml_node *node, slice what, slice *text)
{
    if (!yaml_is_scalar(node) || node->text.len == 0)
        return mapping_refuse(reader, node, TEXT_PRODUCT_SCALAR, what);
    *text = arena_copy(&reader->map->arena, node->text);
    return true;
}

static bool mapping_read_format(struct mapping_reader *reader, const struct yaml_node *node)
{
    if (node == NULL)
        return true;
    if (!mapping_text(reader, node, S("format"), &reader->map->format))
        return false;
    return slice_equal(node->text, S("csv")) || slice_equal(node->text, S("json")) ||
           mapping_refuse(reader, node, TEXT_MAP_FORMAT, node->text);
}

static bool mapping_read_separator(struct mapping_reader *reader, const struct yaml_node *node)
{
    slice text;
    if (node == NULL)
        return true;
    if (!mapping_text(reader, node, S("separator"), &text))
        return false;
    if (slice_equal_nocase(text, S("tab")))
        text = S("\t");
    if (text.len != 1 || byte_is_alnum(text.at[0]) || text.at[0] == '"' || text.at[0] == '\n')
        return mapping_refuse(reader, node, TEXT_MAP_SEPARATOR, text);
    reader->map->separator = text.at[0];
    return true;
}

static bool mapping_read_header(struct mapping_reader *reader, const struct yaml_node *node)
{
    struct csv_map *map = reader->map;
    if (node == NULL)
        return true;
    if (node->type != YAML_SEQUENCE || node->count == 0 || node->count > CSV_COLUMNS_MAX)
        return mapping_refuse(reader, node, TEXT_PRODUCT_LIST, S("header"));
    map->header = ARENA_ARRAY(&map->arena, slice, node->count);
    map->header_count = node->count;
    for (size_t i = 0; i < node->count; i++)
        if (!mapping_text(reader, node->items[i], S("header"), &map->header[i]))
            return false;
    return true;
}

/* --- time --- */

static bool mapping_read_time_format(struct mapping_reader *reader, const struct yaml_node *node)
{
    static const struct {
        slice name;
        int64_t unit_ns;
    } units[] = {{S_INIT("unix"), CIVIL_NS_PER_S}, {S_INIT("unix_ms"), 1000000},
        {S_INIT("unix_us"), 1000}, {S_INIT("unix_ns"), 1}};
    struct mapping_time *time = &reader->map->time;
    if (node == NULL || (yaml_is_scalar(node) && slice_equal(node->text, S("any"))))
        return true;
    if (!mapping_text(reader, node, S("format"), &time->pattern))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (slice_equal(time->pattern, units[i].name)) {
            time->format = MAP_TIME_UNIX;
            time->unit_ns = units[i].unit_ns;
            return true;
        }
    }
    time->format =
        slice_find_byte(time->pattern, '%') < time->pattern.len ? MAP_TIME_PATTERN : MAP_TIME_STAMP;
    if (time->format == MAP_TIME_PATTERN)
        return time_pattern_is_valid(time->pattern) ||
               mapping_refuse(reader, node, TEXT_MAP_TIME, time->pattern);
    return slice_equal(time->pattern, S("iso")) || slice_equal(time->pattern, S("syslog")) ||
           slice_equal(time->pattern, S("ncsa")) ||
           mapping_refuse(reader, node, TEXT_MAP_TIME, time->pattern);
}

/* A column, or a list of a date's and a time's. */
static bool mapping_read_time_fields(struct mapping_reader *reader, const struct yaml_node *node)
{
    struct mapping_time *time = &reader->map->time;
    bool list = node->type == YAML_SEQUENCE;
    time->count = list ? node->count : 1;
    if (time->count == 0 || time->count > MAP_TIME_FIELDS_MAX)
        return mapping_refuse(reader, node, TEXT_MAP_TIME, S("field"));
    for (size_t i = 0; i < time->count; i++)
        if (!mapping_text(reader, list ? node->items[i] : node, S("field"), &time->fields[i]))
            return false;
    return true;
}

static bool mapping_keys(
    struct mapping_reader *reader, const struct yaml_node *node, const slice *keys, size_t count)
{
    if (node->type != YAML_MAPPING)
        return mapping_refuse(reader, node, TEXT_PRODUCT_MAPPING, S(""));
    for (size_t i = 0; i < node->count; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known = known || slice_equal(node->keys[i]->text, keys[k]);
        if (!known)
            return mapping_refuse(reader, node->keys[i], TEXT_PRODUCT_KEY, node->keys[i]->text);
    }
    return true;
}

static bool mapping_read_time(struct mapping_reader *reader, const struct yaml_node *node)
{
    static const slice keys[] = {S_INIT("field"), S_INIT("format"), S_INIT("zone")};
    struct mapping_time *time = &reader->map->time;
    if (node == NULL)
        return true;
    if (node->type != YAML_MAPPING)
        return mapping_read_time_fields(reader, node);
    if (!mapping_keys(reader, node, keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct yaml_node *field = yaml_get(node, S("field"));
    const struct yaml_node *zone = yaml_get(node, S("zone"));
    if (field == NULL)
        return mapping_refuse(reader, node, TEXT_PRODUCT_KEY_MISSING, S("field"));
    if (!mapping_read_time_fields(reader, field) ||
        !mapping_read_time_format(reader, yaml_get(node, S("format"))))
        return false;
    time->has_zone = zone != NULL;
    return zone == NULL || (yaml_is_scalar(zone) && stamp_zone(zone->text, &time->zone_offset_s)) ||
           mapping_refuse(reader, zone, TEXT_MAP_ZONE, zone->text);
}

/* --- sign --- */

static const slice mapping_levels[] = {
    S_INIT("informational"), S_INIT("low"), S_INIT("medium"), S_INIT("high"), S_INIT("critical")};

static bool mapping_is_level(slice text)
{
    for (size_t i = 0; i < sizeof(mapping_levels) / sizeof(mapping_levels[0]); i++)
        if (slice_equal(text, mapping_levels[i]))
            return true;
    return false;
}

/* The words that products use for the five levels. */
static const struct yaml_node *mapping_level_words(
    struct mapping_reader *reader, const struct yaml_node *place)
{
    static const slice words[][2] = {{S_INIT("info*"), S_INIT("informational")},
        {S_INIT("notice"), S_INIT("informational")}, {S_INIT("debug"), S_INIT("informational")},
        {S_INIT("low"), S_INIT("low")}, {S_INIT("minor"), S_INIT("low")},
        {S_INIT("warn*"), S_INIT("medium")}, {S_INIT("medium"), S_INIT("medium")},
        {S_INIT("moderate"), S_INIT("medium")}, {S_INIT("err*"), S_INIT("medium")},
        {S_INIT("high"), S_INIT("high")}, {S_INIT("major"), S_INIT("high")},
        {S_INIT("important"), S_INIT("high")}, {S_INIT("severe"), S_INIT("high")},
        {S_INIT("alert"), S_INIT("high")}, {S_INIT("crit*"), S_INIT("critical")},
        {S_INIT("very high"), S_INIT("critical")}, {S_INIT("emerg*"), S_INIT("critical")},
        {S_INIT("fatal"), S_INIT("critical")}};
    const size_t count = sizeof(words) / sizeof(words[0]);
    struct yaml_node *table = mapping_container(reader, place, YAML_MAPPING, count);
    for (size_t i = 0; i < count; i++)
        mapping_put(reader, table, words[i][0], mapping_scalar(reader, place, words[i][1]));
    return table;
}

/* An entry of `map` that gives one column one meaning. */
static const struct yaml_node *mapping_step(
    struct mapping_reader *reader, slice column, const struct yaml_node *meaning)
{
    struct yaml_node *fields = mapping_container(reader, meaning, YAML_MAPPING, 1);
    struct yaml_node *step = mapping_container(reader, meaning, YAML_MAPPING, 1);
    mapping_put(reader, fields, column, meaning);
    mapping_put(reader, step, S("fields"), fields);
    return step;
}

static bool mapping_check_levels(struct mapping_reader *reader, const struct yaml_node *node)
{
    if (node == NULL)
        return true;
    size_t count = node->type == YAML_SCALAR ? 1 : node->count;
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *level = node->type == YAML_SCALAR ? node : node->items[i];
        if (!yaml_is_scalar(level) || !mapping_is_level(level->text))
            return mapping_refuse(reader, level, TEXT_MAP_LEVEL, level->text);
    }
    return true;
}

/* A level, a column of levels, or {field, table, else}. */
static bool mapping_read_level(struct mapping_reader *reader, const struct yaml_node *node,
    struct yaml_node *set, struct yaml_node *steps)
{
    static const slice keys[] = {S_INIT("field"), S_INIT("table"), S_INIT("else")};
    const struct yaml_node *field = node;
    const struct yaml_node *table = NULL, *otherwise = NULL;
    if (yaml_is_scalar(node) && mapping_is_level(node->text)) {
        mapping_put(reader, set, S("hikeshi.level"), node);
        return true;
    }
    if (node->type == YAML_MAPPING) {
        if (!mapping_keys(reader, node, keys, sizeof(keys) / sizeof(keys[0])))
            return false;
        field = yaml_get(node, S("field"));
        table = yaml_get(node, S("table"));
        otherwise = yaml_get(node, S("else"));
    }
    if (field == NULL || !yaml_is_scalar(field))
        return mapping_refuse(reader, node, TEXT_PRODUCT_KEY_MISSING, S("field"));
    if (!mapping_check_levels(reader, table) || !mapping_check_levels(reader, otherwise))
        return false;
    struct yaml_node *meaning = mapping_container(reader, node, YAML_MAPPING, 3);
    mapping_put(reader, meaning, S("to"), mapping_scalar(reader, node, S("hikeshi.level")));
    mapping_put(
        reader, meaning, S("table"), table != NULL ? table : mapping_level_words(reader, node));
    mapping_put(reader, meaning, S("else"),
        otherwise != NULL ? otherwise : mapping_scalar(reader, node, S("medium")));
    mapping_push(steps, mapping_step(reader, field->text, meaning));
    return true;
}

/* Rows are alerts: constants into `set`, columns into `steps`. */
static bool mapping_read_sign(struct mapping_reader *reader, const struct yaml_node *node,
    struct yaml_node *set, struct yaml_node *steps)
{
    static const slice keys[] = {S_INIT("title"), S_INIT("id"), S_INIT("level"), S_INIT("kind")};
    if (node == NULL)
        return true;
    if (!mapping_keys(reader, node, keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct yaml_node *title = yaml_get(node, S("title")), *id = yaml_get(node, S("id"));
    const struct yaml_node *level = yaml_get(node, S("level")), *kind = yaml_get(node, S("kind"));
    if (title == NULL || !yaml_is_scalar(title))
        return mapping_refuse(reader, node, TEXT_PRODUCT_KEY_MISSING, S("title"));
    if (id != NULL && !yaml_is_scalar(id))
        return mapping_refuse(reader, id, TEXT_PRODUCT_SCALAR, S("id"));
    if (kind != NULL && (!yaml_is_scalar(kind) || (!slice_equal(kind->text, S("indicator")) &&
                                                      !slice_equal(kind->text, S("precursor")))))
        return mapping_refuse(reader, kind, TEXT_MAP_KIND, kind->text);
    mapping_put(reader, set, S("event.kind"), mapping_scalar(reader, node, S("alert")));
    mapping_put(reader, set, S("hikeshi.kind"), kind);
    mapping_push(
        steps, mapping_step(reader, title->text, mapping_scalar(reader, title, S("rule.name"))));
    if (id != NULL)
        mapping_push(
            steps, mapping_step(reader, id->text, mapping_scalar(reader, id, S("rule.id"))));
    return level == NULL || mapping_read_level(reader, level, set, steps);
}

/* --- the whole --- */

/* The file as a definition: its own entries behind those that `sign` makes. */
static bool mapping_definition(struct mapping_reader *reader, const struct yaml_node *root,
    const struct yaml_node **definition)
{
    const struct yaml_node *constants = yaml_get(root, S("constants"));
    const struct yaml_node *fields = yaml_get(root, S("fields")), *more = yaml_get(root, S("map"));
    if (constants != NULL && constants->type != YAML_MAPPING)
        return mapping_refuse(reader, constants, TEXT_PRODUCT_MAPPING, S("constants"));
    if (more != NULL && more->type != YAML_SEQUENCE)
        return mapping_refuse(reader, more, TEXT_PRODUCT_LIST, S("map"));
    struct yaml_node *set = mapping_container(
        reader, root, YAML_MAPPING, (constants != NULL ? constants->count : 0) + MAP_SIGN_MAX);
    struct yaml_node *steps = mapping_container(
        reader, root, YAML_SEQUENCE, (more != NULL ? more->count : 0) + MAP_SIGN_MAX + 1);
    if (!mapping_read_sign(reader, yaml_get(root, S("sign")), set, steps))
        return false;
    for (size_t i = 0; constants != NULL && i < constants->count; i++)
        mapping_put(reader, set, constants->keys[i]->text, constants->items[i]);
    if (fields != NULL) {
        struct yaml_node *step = mapping_container(reader, fields, YAML_MAPPING, 1);
        mapping_put(reader, step, S("fields"), fields);
        mapping_push(steps, step);
    }
    for (size_t i = 0; more != NULL && i < more->count; i++)
        mapping_push(steps, more->items[i]);
    struct yaml_node *match = mapping_container(reader, root, YAML_MAPPING, 1);
    mapping_put(reader, match, CSV_MAP_MARK, mapping_scalar(reader, root, reader->map->name));
    struct yaml_node *made = mapping_container(reader, root, YAML_MAPPING, 8);
    mapping_put(reader, made, S("product"), mapping_scalar(reader, root, S("map")));
    mapping_put(reader, made, S("match"), match);
    mapping_put(reader, made, S("module"), yaml_get(root, S("module")));
    mapping_put(reader, made, S("dataset"), yaml_get(root, S("dataset")));
    mapping_put(reader, made, S("set"), set);
    mapping_put(reader, made, S("tables"), yaml_get(root, S("tables")));
    mapping_put(reader, made, S("shapes"), yaml_get(root, S("shapes")));
    mapping_put(reader, made, S("map"), steps);
    *definition = made;
    return true;
}

static bool mapping_read(struct mapping_reader *reader, const struct yaml_node *root)
{
    static const slice keys[] = {S_INIT("format"), S_INIT("separator"), S_INIT("header"),
        S_INIT("time"), S_INIT("fields"), S_INIT("constants"), S_INIT("sign"), S_INIT("module"),
        S_INIT("dataset"), S_INIT("tables"), S_INIT("shapes"), S_INIT("map")};
    const struct yaml_node *definition;
    if (!mapping_keys(reader, root, keys, sizeof(keys) / sizeof(keys[0])) ||
        !mapping_read_format(reader, yaml_get(root, S("format"))) ||
        !mapping_read_separator(reader, yaml_get(root, S("separator"))) ||
        !mapping_read_header(reader, yaml_get(root, S("header"))) ||
        !mapping_read_time(reader, yaml_get(root, S("time"))) ||
        !mapping_definition(reader, root, &definition))
        return false;
    reader->map->products = products_new_empty();
    if (product_load(reader->map->products, reader->path, definition, reader->err) != RESULT_OK)
        return false;
    products_finish(reader->map->products);
    reader->map->applier = product_applier_new(reader->map->products);
    return true;
}

/* The mark is compared without regard to case and as a pattern, so it is a plain word. */
static slice mapping_name(struct arena *arena, slice path)
{
    slice name = slice_from(path,
        slice_find_last_byte(path, '/') == path.len ? 0 : slice_find_last_byte(path, '/') + 1);
    char *word = arena_bytes(arena, name.len);
    for (size_t i = 0; i < name.len; i++)
        word[i] = byte_is_alnum(name.at[i]) || name.at[i] == '.' ? name.at[i] : '_';
    return name.len > 0 ? slice_make(word, name.len) : S("map");
}

enum result csv_map_new(slice path, slice yaml, struct csv_map **made, struct error *err)
{
    struct csv_map *map = calloc(1, sizeof(*map));
    ASSERT(map != NULL);
    struct mapping_reader reader = {.map = map, .path = path, .err = err};
    struct yaml_reader *documents = yaml_open(yaml);
    const struct yaml_node *root;
    struct error why;
    uint32_t line;
    map->name = mapping_name(&map->arena, path);
    enum result result = yaml_next(documents, &reader.scratch, &root, &line, &why);
    if (result == RESULT_END)
        result = error_set(err, RESULT_USAGE, TEXT_MAP_EMPTY, ARG(path));
    else if (result != RESULT_OK)
        result =
            error_set(err, RESULT_USAGE, TEXT_PRODUCT_YAML, ARG(path), ARG(error_message(&why)));
    else
        result = mapping_read(&reader, root) ? RESULT_OK : RESULT_USAGE;
    yaml_close(documents);
    arena_free(&reader.scratch);
    if (result != RESULT_OK) {
        csv_map_free(map);
        return result;
    }
    *made = map;
    return RESULT_OK;
}

void csv_map_free(struct csv_map *map)
{
    if (map == NULL)
        return;
    product_applier_free(map->applier);
    products_free(map->products);
    arena_free(&map->arena);
    free(map);
}

bool csv_map_is_for(const struct csv_map *map, slice format)
{
    return map != NULL && (slice_is_absent(map->format) || slice_equal(map->format, format));
}

bool csv_map_says(const struct csv_map *map, slice format)
{
    return map != NULL && !slice_is_absent(map->format) && slice_equal(map->format, format);
}

char csv_map_separator(const struct csv_map *map)
{
    return map->separator;
}

const slice *csv_map_header(const struct csv_map *map, size_t *count)
{
    *count = map->header_count;
    return map->header;
}

/* --- applying --- */

/* A number of units since 1970, with a fraction. */
static bool mapping_time_unix(slice text, int64_t unit_ns, struct stamp *stamp)
{
    slice whole, fraction;
    uint64_t number;
    int64_t time_ns, part_ns = 0, scale = unit_ns;
    (void)slice_cut(text, '.', &whole, &fraction);
    for (size_t i = 0; i < fraction.len; i++) {
        if (!byte_is_digit(fraction.at[i]))
            return false;
        scale /= 10;
        part_ns += (fraction.at[i] - '0') * scale;
    }
    if (!slice_to_u64(whole, INT64_MAX, &number) ||
        !checked_mul_i64((int64_t)number, unit_ns, &time_ns) ||
        !checked_add_i64(time_ns, part_ns, &time_ns))
        return false;
    *stamp = (struct stamp){.len = text.len};
    civil_from_ns(time_ns, &stamp->civil);
    return true;
}

static bool mapping_time_stamp(const struct mapping_time *time, slice text, struct stamp *stamp)
{
    switch (time->format) {
    case MAP_TIME_ANY:
        return json_time_read(text, stamp);
    case MAP_TIME_UNIX:
        return mapping_time_unix(text, time->unit_ns, stamp);
    case MAP_TIME_PATTERN:
        return time_pattern_read(time->pattern, text, stamp);
    case MAP_TIME_STAMP:
        break;
    }
    bool read = slice_equal(time->pattern, S("iso"))      ? stamp_iso(text, stamp)
                : slice_equal(time->pattern, S("syslog")) ? stamp_syslog(text, stamp)
                                                          : stamp_ncsa(text, stamp);
    return read && stamp->len == text.len;
}

static void mapping_apply_time(const struct mapping_time *time,
    const struct decode_options *options, struct line_years *years, struct event *event)
{
    struct stamp stamp;
    struct buf joined;
    size_t len = 1;
    event->time_ns = CIVIL_TIME_NONE;
    event->time_assumed = 0;
    for (size_t i = 0; i < time->count; i++)
        len += event_value(event, time->fields[i]).len + 1;
    buf_init_fixed(&joined, arena_bytes(event->arena, len), len);
    for (size_t i = 0; i < time->count; i++) {
        if (i > 0)
            buf_append_byte(&joined, ' ');
        buf_append(&joined, event_value(event, time->fields[i]));
    }
    if (!mapping_time_stamp(time, slice_trim(buf_slice(&joined)), &stamp))
        return;
    if (time->has_zone && stamp.missing & STAMP_NO_ZONE) {
        stamp.missing &= ~STAMP_NO_ZONE;
        stamp.civil.offset_s = time->zone_offset_s;
    }
    line_set_time(event, &stamp, options, years);
}

void csv_map_apply(const struct csv_map *map, const struct decode_options *options,
    struct line_years *years, struct event *event)
{
    if (map->time.count > 0)
        mapping_apply_time(&map->time, options, years, event);
    event_add_string(event, CSV_MAP_MARK, map->name);
    product_apply(map->applier, event);
}
