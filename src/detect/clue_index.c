/* See clue_index.h. A text is recognised by a gram, a few bytes of it: the ones that the fewest
 * other texts of the field have. A value is walked over once for each length of grams that its
 * field has (4; 2 and 1 for texts that are shorter); the bytes at each place, folded to lower case,
 * are looked up in a table of bits that fits the first cache, and only those that may be a gram in
 * a hash table, where the whole text is compared. Where all texts of a field are long, only every
 * second or fourth byte of the value begins a look-up, and each text has as many grams, of which
 * one must fall on such a byte. Values that are equal to a text as a whole are found by hash.
 *
 * Rejected: Hyperscan, whose call for each of thirty short values of an event costs more than this
 * does for all of them; Aho-Corasick, whose tables for ten thousand texts do not fit a cache; one
 * scan of the joined record, which loses the fields. Figures: doc/decisions/0003-matching.md. */
#include "detect/clue_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/utf8.h"

#define GRAM_LEN    4
#define GRAM_FOLD   UINT32_C(0x20202020) /* capitals become small, and a few signs others */
#define GRAM_HIGH   UINT32_C(0x80808080)
#define GRAM_FACTOR UINT32_C(0x9E3779B1)
#define HASH_FACTOR UINT64_C(0x9E3779B97F4A7C15)
/* Bits of a field's table for each gram: one look-up in that many is in vain. */
#define BITS_EACH ((size_t)64)
#define BITS_MIN  ((size_t)1 << 10)
/* A step from look-up to look-up, and the texts of a field above which it is one byte. */
#define STEP_MAX   ((size_t)4)
#define STEP_TEXTS ((size_t)1024)
#define INDEX_NONE UINT32_MAX

/* Lengths of grams, and what texts have them. */
enum clue_length { LENGTH_FOUR, LENGTH_TWO, LENGTH_ONE, LENGTH_COUNT };

static const uint32_t length_bytes[LENGTH_COUNT] = {GRAM_LEN, 2, 1};

static enum clue_length clue_length_of(slice text)
{
    enum clue_length length = LENGTH_FOUR;
    while (length_bytes[length] > text.len)
        length++;
    return length;
}

/* How the values of a field are walked over for grams of one length. */
struct clue_scan {
    uint64_t *bits;  /* one for each hash that some gram has */
    size_t shortest; /* of the texts */
    uint32_t step;   /* 0: there are no texts */
    uint32_t shift;
};

struct clue_field {
    uint32_t there, not_ascii, odd_number; /* clues, or INDEX_NONE */
    bool has_texts;                        /* some scan has a step */
    size_t least;        /* shorter values have none of the texts, nor has their lower case */
    uint64_t equal_lens; /* of texts that are whole values: a bit for each length modulo 64 */
    struct clue_scan scans[LENGTH_COUNT];
};

struct clue_gram {
    uint64_t key;          /* field + 1, gram; 0: free */
    uint32_t first, count; /* spots */
};

struct clue_spot {
    uint32_t clue;
    uint32_t offset; /* of the gram in the text */
};

struct clue_equal {
    uint32_t clue; /* + 1; 0: free */
    uint32_t hash;
};

/* Grams of different lengths differ: folding leaves no zero byte. */
static inline __attribute__((always_inline)) uint32_t clue_gram_at(const char *at, size_t len)
{
    uint32_t gram = 0;
    memcpy(&gram, at, len);
    return gram | (GRAM_FOLD >> 8 * (GRAM_LEN - len));
}

static uint32_t clue_gram_hash(uint32_t gram)
{
    return gram * GRAM_FACTOR;
}

static uint64_t clue_gram_key(uint32_t gram, uint32_t field)
{
    return (uint64_t)(field + 1) << 32 | gram;
}

static size_t clue_key_slot(uint64_t key)
{
    return (size_t)(key * HASH_FACTOR >> 32);
}

/* Whole values are found by their hash as they are written, with capitals folded. */
static uint32_t clue_equal_hash(uint32_t field, slice text)
{
    uint64_t hash = (uint64_t)(field + 1) * GRAM_FACTOR ^ text.len;
    size_t at = 0;
    for (; at + GRAM_LEN <= text.len; at += GRAM_LEN)
        hash = (hash ^ clue_gram_at(text.at + at, GRAM_LEN)) * HASH_FACTOR;
    uint32_t rest = 0;
    for (; at < text.len; at++)
        rest = rest << 8 | (unsigned char)text.at[at];
    hash = (hash ^ (rest | GRAM_FOLD)) * HASH_FACTOR;
    return (uint32_t)(hash >> 32);
}

/* --- building --- */

/* Of a field, by length of grams. */
struct clue_of_field {
    size_t texts[LENGTH_COUNT];
    size_t grams[LENGTH_COUNT]; /* chosen ones */
};

struct clue_building {
    struct clue_index *index;
    struct arena *arena;
    struct clue_field *fields;
    size_t field_count;
    struct clue_of_field *about; /* by field */
    struct map counts;           /* key of a gram → how many texts have it */
    struct map rows;             /* key of a chosen gram → index into `chosen` */
    struct clue_gram *chosen;
    size_t chosen_capacity;
    uint32_t *offsets; /* by clue: its first chosen gram */
    struct arena scratch;
};

static size_t clue_power_of_two(size_t least)
{
    size_t size = 1;
    while (size < least)
        size *= 2;
    return size;
}

static void clue_build_scan(struct clue_building *building, const struct clue *clue)
{
    enum clue_length length = clue_length_of(clue->text);
    struct clue_scan *scan = &building->fields[clue->field].scans[length];
    size_t *texts = &building->about[clue->field].texts[length];
    scan->shortest = *texts == 0 ? clue->text.len : size_min(scan->shortest, clue->text.len);
    (*texts)++;
}

static void clue_build_field(struct clue_building *building, size_t index, const struct clue *clue)
{
    struct clue_field *field = &building->fields[clue->field];
    switch (clue->type) {
    case CLUE_TEXT:
        clue_build_scan(building, clue);
        break;
    case CLUE_EQUAL:
        field->equal_lens |= UINT64_C(1) << clue->text.len % 64;
        break;
    case CLUE_THERE:
        field->there = (uint32_t)index;
        break;
    case CLUE_NOT_ASCII:
        field->not_ascii = (uint32_t)index;
        break;
    case CLUE_ODD_NUMBER:
        field->odd_number = (uint32_t)index;
        break;
    }
}

static void clue_choose_steps(struct clue_field *field, const struct clue_of_field *about)
{
    for (size_t i = 0; i < LENGTH_COUNT; i++) {
        struct clue_scan *scan = &field->scans[i];
        uint32_t step = STEP_MAX;
        while (step > 1 &&
               (scan->shortest < step + length_bytes[i] - 1 || about->texts[i] > STEP_TEXTS))
            step /= 2;
        scan->step = about->texts[i] == 0 ? 0 : step;
        field->has_texts = field->has_texts || scan->step > 0;
    }
}

/* Lower case is less than twice as long. */
static size_t clue_least_len(const struct clue_field *field)
{
    size_t least = SIZE_MAX;
    if (field->equal_lens != 0 || field->not_ascii != INDEX_NONE)
        return 0;
    for (size_t i = 0; i < LENGTH_COUNT; i++)
        if (field->scans[i].step > 0)
            least = size_min(least, field->scans[i].shortest / 2);
    return least;
}

static void clue_build_fields(struct clue_building *building)
{
    const struct clues *clues = building->index->clues;
    building->fields = ARENA_ARRAY(building->arena, struct clue_field, building->field_count);
    building->about = ARENA_ARRAY(&building->scratch, struct clue_of_field, building->field_count);
    for (size_t i = 0; i < building->field_count; i++) {
        struct clue_field *field = &building->fields[i];
        field->there = field->not_ascii = field->odd_number = INDEX_NONE;
    }
    for (size_t i = 0; i < clues->count; i++)
        if (clues->items[i].count > 0)
            clue_build_field(building, i, &clues->items[i]);
    for (size_t i = 0; i < building->field_count; i++) {
        clue_choose_steps(&building->fields[i], &building->about[i]);
        building->fields[i].least = clue_least_len(&building->fields[i]);
    }
    building->index->fields = building->fields;
}

static void clue_build_equals(struct clue_building *building)
{
    struct clue_index *index = building->index;
    size_t size = clue_power_of_two(index->clues->count * 2 + 1);
    struct clue_equal *equals = ARENA_ARRAY(building->arena, struct clue_equal, size);
    index->equal_mask = size - 1;
    for (size_t i = 0; i < index->clues->count; i++) {
        const struct clue *clue = &index->clues->items[i];
        if (clue->type != CLUE_EQUAL || clue->count == 0)
            continue;
        uint32_t hash = clue_equal_hash(clue->field, clue->text);
        size_t slot = hash & index->equal_mask;
        while (equals[slot].clue != 0)
            slot = (slot + 1) & index->equal_mask;
        equals[slot] = (struct clue_equal){.clue = (uint32_t)i + 1, .hash = hash};
    }
    index->equals = equals;
}

static bool clue_is_text(const struct clue *clue)
{
    return clue->type == CLUE_TEXT && clue->count > 0;
}

static uint32_t clue_text_gram_len(slice text)
{
    return length_bytes[clue_length_of(text)];
}

static uint64_t clue_key_at(const struct clue *clue, size_t at)
{
    return clue_gram_key(
        clue_gram_at(clue->text.at + at, clue_text_gram_len(clue->text)), clue->field);
}

/* Of a text: look-ups in a value begin at each `step`-th byte. */
static uint32_t clue_step(const struct clue_building *building, const struct clue *clue)
{
    return building->fields[clue->field].scans[clue_length_of(clue->text)].step;
}

static void clue_count_grams(struct clue_building *building)
{
    for (size_t i = 0; i < building->index->clues->count; i++) {
        const struct clue *clue = &building->index->clues->items[i];
        size_t end = clue_is_text(clue) ? clue->text.len + 1 - clue_text_gram_len(clue->text) : 0;
        for (size_t at = 0; at < end; at++) {
            uint64_t key = clue_key_at(clue, at);
            (*map_put(&building->counts, slice_make(&key, sizeof(key)), NULL))++;
        }
    }
}

/* Where the `step` grams begin, one behind the other, that the fewest texts have. */
static size_t clue_rarest_grams(
    const struct clue_building *building, const struct clue *clue, size_t step)
{
    size_t gram_len = clue_text_gram_len(clue->text);
    size_t best = 0;
    uint64_t least = UINT64_MAX;
    for (size_t first = 0; first + step - 1 + gram_len <= clue->text.len; first++) {
        uint64_t count = 0;
        for (size_t at = first; at < first + step; at++) {
            uint64_t key = clue_key_at(clue, at);
            count += *map_find(&building->counts, slice_make(&key, sizeof(key)));
        }
        if (count <= least) {
            least = count;
            best = first;
        }
    }
    return best;
}

static struct clue_gram *clue_chosen(struct clue_building *building, uint64_t key)
{
    size_t row = map_intern(&building->rows, slice_make(&key, sizeof(key)));
    while (row >= building->chosen_capacity)
        building->chosen = arena_grow(&building->scratch, building->chosen,
            &building->chosen_capacity, sizeof(*building->chosen));
    building->chosen[row].key = key;
    return &building->chosen[row];
}

/* Chooses the grams of each text, and counts the texts of each gram. */
static size_t clue_choose_grams(struct clue_building *building)
{
    const struct clues *clues = building->index->clues;
    size_t spots = 0;
    building->offsets = ARENA_ARRAY(&building->scratch, uint32_t, clues->count);
    for (size_t i = 0; i < clues->count; i++) {
        const struct clue *clue = &clues->items[i];
        if (!clue_is_text(clue))
            continue;
        size_t step = clue_step(building, clue);
        size_t *grams = &building->about[clue->field].grams[clue_length_of(clue->text)];
        size_t first = clue_rarest_grams(building, clue, step);
        building->offsets[i] = (uint32_t)first;
        spots += step;
        for (size_t at = first; at < first + step; at++) {
            struct clue_gram *gram = clue_chosen(building, clue_key_at(clue, at));
            *grams += gram->count++ == 0;
        }
    }
    return spots;
}

static void clue_build_spots(struct clue_building *building, size_t count)
{
    struct clue_index *index = building->index;
    struct clue_spot *spots = ARENA_ARRAY(building->arena, struct clue_spot, count);
    uint32_t first = 0;
    for (size_t i = 0; i < building->rows.count; i++) {
        building->chosen[i].first = first;
        first += building->chosen[i].count;
        building->chosen[i].count = 0;
    }
    for (size_t i = 0; i < index->clues->count; i++) {
        const struct clue *clue = &index->clues->items[i];
        uint32_t step = clue_is_text(clue) ? clue_step(building, clue) : 0;
        for (uint32_t at = building->offsets[i]; at < building->offsets[i] + step; at++) {
            struct clue_gram *gram = clue_chosen(building, clue_key_at(clue, at));
            spots[gram->first + gram->count++] =
                (struct clue_spot){.clue = (uint32_t)i, .offset = at};
        }
    }
    index->spots = spots;
}

/* A table of zeros. */
static void clue_build_scan_bits(
    struct clue_building *building, struct clue_scan *scan, size_t grams)
{
    size_t bits = clue_power_of_two(size_max(grams * BITS_EACH, BITS_MIN));
    scan->bits = ARENA_ARRAY(building->arena, uint64_t, bits / 64);
    scan->shift = 32;
    for (; bits > 1; bits /= 2)
        scan->shift--;
}

static enum clue_length clue_length_of_gram(uint32_t gram)
{
    return gram >> 16 != 0 ? LENGTH_FOUR : gram >> 8 != 0 ? LENGTH_TWO : LENGTH_ONE;
}

static void clue_build_bits(struct clue_building *building)
{
    for (size_t i = 0; i < building->field_count; i++)
        for (size_t k = 0; k < LENGTH_COUNT; k++)
            if (building->about[i].grams[k] > 0)
                clue_build_scan_bits(
                    building, &building->fields[i].scans[k], building->about[i].grams[k]);
    for (size_t i = 0; i < building->rows.count; i++) {
        uint64_t key = building->chosen[i].key;
        struct clue_field *field = &building->fields[(key >> 32) - 1];
        struct clue_scan *scan = &field->scans[clue_length_of_gram((uint32_t)key)];
        uint32_t bit = clue_gram_hash((uint32_t)key) >> scan->shift;
        scan->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static void clue_build_grams(struct clue_building *building)
{
    struct clue_index *index = building->index;
    size_t size = clue_power_of_two(building->rows.count * 2 + 1);
    struct clue_gram *grams = ARENA_ARRAY(building->arena, struct clue_gram, size);
    index->gram_mask = size - 1;
    for (size_t i = 0; i < building->rows.count; i++) {
        size_t slot = clue_key_slot(building->chosen[i].key) & index->gram_mask;
        while (grams[slot].key != 0)
            slot = (slot + 1) & index->gram_mask;
        grams[slot] = building->chosen[i];
    }
    index->grams = grams;
}

void clue_index_build(
    struct clue_index *index, const struct clues *clues, size_t place_count, struct arena *arena)
{
    *index = (struct clue_index){.clues = clues};
    struct clue_building building = {
        .index = index, .arena = arena, .field_count = clues->field_count + place_count};
    clue_build_fields(&building);
    clue_build_equals(&building);
    clue_count_grams(&building);
    clue_build_spots(&building, clue_choose_grams(&building));
    clue_build_bits(&building);
    clue_build_grams(&building);
    map_free(&building.counts);
    map_free(&building.rows);
    arena_free(&building.scratch);
}

/* --- finding --- */

void clue_finder_init(struct clue_finder *finder, const struct clue_index *index)
{
    *finder = (struct clue_finder){.index = index};
    finder->seen = calloc(index->clues->count + 1, sizeof(*finder->seen));
    finder->found = calloc(index->clues->count + 1, sizeof(*finder->found));
    ASSERT(finder->seen != NULL && finder->found != NULL);
}

void clue_finder_free(struct clue_finder *finder)
{
    free(finder->seen);
    free(finder->found);
    *finder = (struct clue_finder){0};
}

void clue_finder_forget(struct clue_finder *finder)
{
    memset(finder->seen, 0, finder->index->clues->count * sizeof(*finder->seen));
}

static void clue_see(struct clue_finder *finder, uint32_t clue, uint32_t event)
{
    if (finder->seen[clue] == event)
        return;
    finder->seen[clue] = event;
    finder->found[finder->count++] = clue;
}

/* Whether the text stands in the value at `start`, capitals of ASCII folded. */
static bool clue_reads(slice text, slice value, size_t start)
{
    for (size_t i = 0; i < text.len; i++)
        if (byte_lower(value.at[start + i]) != text.at[i])
            return false;
    return true;
}

/* Whether the clue's text stands in the value where its gram was seen. */
static bool clue_stands(const struct clue *clue, slice value, size_t at, uint32_t offset)
{
    if (at < offset || value.len - (at - offset) < clue->text.len)
        return false;
    size_t start = at - offset;
    if ((clue->at_start && start != 0) || (clue->at_end && start + clue->text.len != value.len))
        return false;
    return clue_reads(clue->text, value, start);
}

/* Where one finder looks. */
struct clue_looking {
    struct clue_finder *finder;
    uint32_t field;
    uint32_t event;
    slice value;
};

static __attribute__((noinline)) void clue_try_gram(
    const struct clue_looking *looking, size_t at, uint32_t gram)
{
    const struct clue_index *index = looking->finder->index;
    uint64_t key = clue_gram_key(gram, looking->field);
    size_t slot = clue_key_slot(key) & index->gram_mask;
    while (index->grams[slot].key != key) {
        if (index->grams[slot].key == 0)
            return;
        slot = (slot + 1) & index->gram_mask;
    }
    const struct clue_spot *spots = &index->spots[index->grams[slot].first];
    for (uint32_t i = 0; i < index->grams[slot].count; i++)
        if (clue_stands(&index->clues->items[spots[i].clue], looking->value, at, spots[i].offset))
            clue_see(looking->finder, spots[i].clue, looking->event);
}

/* The loop that the time goes into: all that it needs is in registers, and length and step are
 * constants where it is called. Gives the bits that any of the bytes has. */
static inline __attribute__((always_inline)) uint32_t clue_walk_by(
    const struct clue_looking *looking, const struct clue_scan *scan, size_t len, size_t step)
{
    const uint64_t *bits = scan->bits;
    const char *at = looking->value.at;
    const char *last = at + looking->value.len - len;
    uint32_t shift = scan->shift;
    uint32_t all = clue_gram_at(last, len);
    for (; at <= last; at += step) {
        uint32_t gram = clue_gram_at(at, len);
        uint32_t bit = clue_gram_hash(gram) >> shift;
        all |= gram;
        if ((bits[bit / 64] >> bit % 64 & 1) != 0)
            clue_try_gram(looking, (size_t)(at - looking->value.at), gram);
    }
    return all;
}

static inline __attribute__((always_inline)) uint32_t clue_walk_length(
    const struct clue_looking *looking, const struct clue_scan *scan, size_t len)
{
    return scan->step == 1   ? clue_walk_by(looking, scan, len, 1)
           : scan->step == 2 ? clue_walk_by(looking, scan, len, 2)
                             : clue_walk_by(looking, scan, len, STEP_MAX);
}

/* Gives whether the value has bytes beyond ASCII: then it must be walked over in lower case. */
static bool clue_walk(const struct clue_looking *looking, const struct clue_field *about)
{
    bool walked = false;
    uint32_t all = 0;
    for (size_t i = 0; i < LENGTH_COUNT; i++) {
        const struct clue_scan *scan = &about->scans[i];
        if (scan->step == 0 || looking->value.len < scan->shortest)
            continue;
        walked = true;
        all |= i == LENGTH_FOUR  ? clue_walk_length(looking, scan, GRAM_LEN)
               : i == LENGTH_TWO ? clue_walk_length(looking, scan, 2)
                                 : clue_walk_by(looking, scan, 1, 1);
    }
    return walked ? (all & GRAM_HIGH) != 0 : !utf8_is_ascii(looking->value);
}

static void clue_find_equal(const struct clue_looking *looking)
{
    const struct clue_index *index = looking->finder->index;
    uint32_t hash = clue_equal_hash(looking->field, looking->value);
    for (size_t slot = hash & index->equal_mask; index->equals[slot].clue != 0;
         slot = (slot + 1) & index->equal_mask) {
        uint32_t found = index->equals[slot].clue - 1;
        const struct clue *clue = &index->clues->items[found];
        if (index->equals[slot].hash == hash && clue->field == looking->field &&
            clue->text.len == looking->value.len && clue_reads(clue->text, looking->value, 0))
            clue_see(looking->finder, found, looking->event);
    }
}

/* Texts in the value as it is, and where it is not ASCII in its lower case too. Lower case of ASCII
 * is as long. */
static void clue_find_texts(
    struct clue_finder *finder, uint32_t field, struct view *view, uint32_t value)
{
    const struct clue_field *about = &finder->index->fields[field];
    struct clue_looking looking = {finder, field, view->number, view_get(view, value)->value};
    if (looking.value.len < about->least)
        return;
    bool may_equal = (about->equal_lens >> looking.value.len % 64 & 1) != 0;
    if (may_equal)
        clue_find_equal(&looking);
    if (!clue_walk(&looking, about))
        return;
    if (about->not_ascii != INDEX_NONE)
        clue_see(finder, about->not_ascii, view->number);
    looking.value = view_lower(view, value);
    if (about->equal_lens != 0)
        clue_find_equal(&looking);
    (void)clue_walk(&looking, about);
}

static bool clue_has_texts(const struct clue_field *about)
{
    return about->has_texts || about->equal_lens != 0 || about->not_ascii != INDEX_NONE;
}

static void clue_find_in_field(
    struct clue_finder *finder, uint32_t field, struct view *view, uint32_t value)
{
    const struct clue_field *about = &finder->index->fields[field];
    const struct event_field *has = view_get(view, value);
    int64_t integer;
    if (about->there != INDEX_NONE)
        clue_see(finder, about->there, view->number);
    if (has->type == EVENT_NULL)
        return;
    if (about->odd_number != INDEX_NONE && has->type == EVENT_NUMBER &&
        !slice_to_i64(has->value, &integer))
        clue_see(finder, about->odd_number, view->number);
    if (clue_has_texts(about))
        clue_find_texts(finder, field, view, value);
}

void clue_find(struct clue_finder *finder, struct view *view)
{
    finder->count = 0;
    for (uint32_t value = 1; value <= view->event->count; value++)
        if (view->values[value - 1].field != VIEW_NO_FIELD)
            clue_find_in_field(finder, view->values[value - 1].field, view, value);
}

/* Definitions give fields a second name; what such a value has was found under its first. */
#define COPIES_KNOWN ((size_t)64)

void clue_find_anywhere(struct clue_finder *finder, struct view *view, uint32_t place)
{
    const char *known[COPIES_KNOWN] = {NULL};
    size_t lens[COPIES_KNOWN];
    uint32_t field = finder->index->clues->field_count + place;
    for (uint32_t value = 1; value <= view->event->count; value++) {
        const struct event_field *has = view_get(view, value);
        size_t slot = (uintptr_t)has->value.at % COPIES_KNOWN;
        bool copy = known[slot] == has->value.at && lens[slot] == has->value.len;
        if (has->type == EVENT_NULL || (copy && has->value.len > 0))
            continue;
        known[slot] = has->value.at;
        lens[slot] = has->value.len;
        clue_find_texts(finder, field, view, value);
    }
}
