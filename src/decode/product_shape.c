/* See product_shape.h. The tree is a radix tree whose edges are literals (distinct first bytes) or
 * types. Rejected: one regular expression for all shapes (vectorscan), which gives no captures; a
 * DFA of our own, whose size is the product of what free text can hold. */
#include "decode/product_shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* Literals of which every way on has one, so that a message without any of them needs no try. */
struct shape_needs {
    slice *items;
    size_t count; /* 0: nothing is needed */
    size_t least; /* length of the shortest */
};

#define SHAPE_NEEDS_MAX 64

struct shape_edge {
    slice literal;            /* absent for a capture */
    enum product_type type;   /* of a capture */
    struct shape_needs needs; /* of a capture that a message may begin with */
    struct shape_node *to;
};

struct shape_node {
    struct shape_edge *literals; /* distinct first bytes */
    size_t literal_count, literal_capacity;
    char *firsts;                /* their first bytes in their order, once finished */
    struct shape_edge *captures; /* distinct types, in the order of trying once finished */
    size_t capture_count, capture_capacity;
    const struct shape_end *end; /* NULL: no variant ends here */
    uint64_t starts[4];          /* first bytes of the literals */
    size_t depth;                /* captures on the way here */
    uint32_t *agreed;            /* their names, where all ends below agree */
};

/* --- building --- */

static struct shape_node *shape_node_new(struct arena *arena, size_t depth)
{
    struct shape_node *node = ARENA_NEW(arena, struct shape_node);
    node->depth = depth;
    return node;
}

static struct shape_edge *shape_edge_of_byte(const struct shape_node *node, char byte)
{
    for (size_t i = 0; i < node->literal_count; i++)
        if (node->literals[i].literal.at[0] == byte)
            return &node->literals[i];
    return NULL;
}

static struct shape_edge *shape_edge_of_type(const struct shape_node *node, enum product_type type)
{
    for (size_t i = 0; i < node->capture_count; i++)
        if (node->captures[i].type == type)
            return &node->captures[i];
    return NULL;
}

static size_t shape_same(slice a, slice b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && a.at[len] == b.at[len])
        len++;
    return len;
}

static struct shape_node *shape_add_literal(
    struct shape_node *node, struct arena *arena, slice literal)
{
    while (literal.len > 0) {
        struct shape_edge *edge = shape_edge_of_byte(node, literal.at[0]);
        if (edge == NULL) {
            if (node->literal_count == node->literal_capacity)
                node->literals =
                    arena_grow(arena, node->literals, &node->literal_capacity, sizeof(*edge));
            edge = &node->literals[node->literal_count++];
            *edge = (struct shape_edge){
                .literal = arena_copy(arena, literal), .to = shape_node_new(arena, node->depth)};
            return edge->to;
        }
        size_t same = shape_same(edge->literal, literal);
        if (same < edge->literal.len) {
            struct shape_node *middle = shape_node_new(arena, node->depth);
            middle->literals = arena_grow(arena, NULL, &middle->literal_capacity, sizeof(*edge));
            middle->literals[middle->literal_count++] =
                (struct shape_edge){.literal = slice_from(edge->literal, same), .to = edge->to};
            edge->literal = slice_first(edge->literal, same);
            edge->to = middle;
        }
        node = edge->to;
        literal = slice_from(literal, same);
    }
    return node;
}

static struct shape_node *shape_add_capture(
    struct shape_node *node, struct arena *arena, enum product_type type)
{
    struct shape_edge *edge = shape_edge_of_type(node, type);
    if (edge != NULL)
        return edge->to;
    if (node->capture_count == node->capture_capacity)
        node->captures = arena_grow(arena, node->captures, &node->capture_capacity, sizeof(*edge));
    edge = &node->captures[node->capture_count++];
    *edge = (struct shape_edge){.type = type, .to = shape_node_new(arena, node->depth + 1)};
    return edge->to;
}

void product_shape_add(struct shape_tree *tree, struct arena *arena, const struct pattern *pattern,
    const struct shape_end *end)
{
    if (tree->root == NULL)
        tree->root = shape_node_new(arena, 0);
    struct shape_node *node = tree->root;
    for (size_t i = 0; i < pattern->count; i++) {
        const struct pattern_part *part = &pattern->parts[i];
        node = part->is_capture ? shape_add_capture(node, arena, part->type)
                                : shape_add_literal(node, arena, part->text);
    }
    ASSERT(node->end == NULL);
    node->end = end;
}

const struct shape_end *product_shape_find(
    const struct shape_tree *tree, const struct pattern *pattern)
{
    const struct shape_node *node = tree->root;
    for (size_t i = 0; i < pattern->count && node != NULL; i++) {
        const struct pattern_part *part = &pattern->parts[i];
        const struct shape_edge *edge;
        if (part->is_capture) {
            edge = shape_edge_of_type(node, part->type);
            node = edge == NULL ? NULL : edge->to;
            continue;
        }
        for (slice rest = part->text; rest.len > 0 && node != NULL;) {
            edge = shape_edge_of_byte(node, rest.at[0]);
            node = edge != NULL && slice_starts(rest, edge->literal) ? edge->to : NULL;
            rest = slice_from(rest, edge == NULL ? 0 : edge->literal.len);
        }
    }
    return node == NULL ? NULL : node->end;
}

static int shape_edge_order(const void *left, const void *right)
{
    const struct shape_edge *a = left;
    const struct shape_edge *b = right;
    return (int)a->type - (int)b->type;
}

/* Joins what the ends below agree on; `first` tells that nothing was joined yet. */
static void shape_agree(struct shape_node *node, const uint32_t *names, bool first)
{
    for (size_t i = 0; i < node->depth; i++) {
        if (first)
            node->agreed[i] = names[i];
        else if (node->agreed[i] != names[i])
            node->agreed[i] = SHAPE_NAME_NONE;
    }
}

static void shape_node_finish(struct shape_node *node, struct arena *arena)
{
    bool first = true;
    node->agreed = ARENA_ARRAY(arena, uint32_t, node->depth + 1);
    node->firsts = arena_bytes(arena, node->literal_count);
    if (node->capture_count > 0)
        qsort(node->captures, node->capture_count, sizeof(*node->captures), shape_edge_order);
    if (node->end != NULL) {
        shape_agree(node, node->end->names, first);
        first = false;
    }
    for (size_t i = 0; i < node->literal_count + node->capture_count; i++) {
        bool literal = i < node->literal_count;
        struct shape_edge *edge =
            literal ? &node->literals[i] : &node->captures[i - node->literal_count];
        unsigned char byte = literal ? (unsigned char)edge->literal.at[0] : 0;
        if (literal) {
            node->starts[byte >> 6] |= UINT64_C(1) << (byte & 63);
            node->firsts[i] = edge->literal.at[0];
        }
        shape_node_finish(edge->to, arena);
        shape_agree(node, edge->to->agreed, first);
        first = false;
    }
}

/* Joins what the ways from a node need; false when that says nothing. */
static bool shape_needs_join(struct shape_needs *all, const struct shape_needs *more)
{
    if (more->count == 0 || all->count + more->count > SHAPE_NEEDS_MAX)
        return false;
    memcpy(all->items + all->count, more->items, more->count * sizeof(slice));
    all->least = all->count == 0 ? more->least : size_min(all->least, more->least);
    all->count += more->count;
    return true;
}

/* What messages need that come by the node, `before` being the literal that led to it: that, or,
 * where longer, one of the literals after it on every way. */
static struct shape_needs shape_node_needs(
    const struct shape_node *node, struct arena *arena, slice before)
{
    struct shape_needs here = {ARENA_ARRAY(arena, slice, 1), before.len > 0, before.len};
    struct shape_needs below = {ARENA_ARRAY(arena, slice, SHAPE_NEEDS_MAX), 0, 0};
    bool complete = node->end == NULL;
    here.items[0] = before;
    for (size_t i = 0; i < node->literal_count && complete; i++) {
        struct buf text;
        slice literal = node->literals[i].literal;
        buf_init_fixed(
            &text, arena_bytes(arena, before.len + literal.len), before.len + literal.len);
        buf_append(&text, before);
        buf_append(&text, literal);
        struct shape_needs way = shape_node_needs(node->literals[i].to, arena, buf_slice(&text));
        complete = shape_needs_join(&below, &way);
    }
    for (size_t i = 0; i < node->capture_count && complete; i++) {
        struct shape_needs way = shape_node_needs(node->captures[i].to, arena, S(""));
        complete = shape_needs_join(&below, &way);
    }
    return complete && below.least > here.least ? below : here;
}

/* Moves them out of the arena where they were found, which holds those of every node. */
static void shape_needs_keep(struct shape_needs *needs, struct arena *arena)
{
    const slice *found = needs->items;
    needs->items = ARENA_ARRAY(arena, slice, needs->count);
    for (size_t i = 0; i < needs->count; i++)
        needs->items[i] = arena_copy(arena, found[i]);
}

void product_shape_finish(struct shape_tree *tree, struct arena *arena)
{
    if (tree->root == NULL)
        return;
    struct arena scratch = {0};
    shape_node_finish(tree->root, arena);
    for (size_t i = 0; i < tree->root->capture_count; i++) {
        struct shape_edge *edge = &tree->root->captures[i];
        edge->needs = shape_node_needs(edge->to, &scratch, S(""));
        shape_needs_keep(&edge->needs, arena);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

/* --- matching --- */

struct shape_run {
    slice text;
    size_t steps;
    struct shape_match *match;
    /* Of a message that no shape fits: the place farthest on, with the most captures, where nothing
     * went further. Its captures are in match->kept. */
    bool note;
    const struct shape_node *dead_end;
    size_t dead_at;
    bool paired; /* match->pairs is made */
};

static bool shape_node_match(struct shape_run *run, const struct shape_node *node, size_t at);

static inline const struct shape_edge *shape_edge_at(
    const struct shape_node *node, slice text, size_t at)
{
    if (at >= text.len || node->literal_count == 0)
        return NULL;
    if (node->literal_count == 1)
        return node->firsts[0] == text.at[at] ? &node->literals[0] : NULL;
    const char *hit = memchr(node->firsts, text.at[at], node->literal_count);
    return hit == NULL ? NULL : &node->literals[hit - node->firsts];
}

/* How far the text at `at` goes along with a literal of the node. */
static size_t shape_literal_front(slice text, const struct shape_node *node, size_t at)
{
    const struct shape_edge *edge = shape_edge_at(node, text, at);
    return edge == NULL ? 0 : shape_same(edge->literal, slice_from(text, at));
}

static void shape_note_dead_end(struct shape_run *run, const struct shape_node *node, size_t at)
{
    at += shape_literal_front(run->text, node, at);
    if (run->dead_end != NULL &&
        (at < run->dead_at || (at == run->dead_at && node->depth <= run->dead_end->depth)))
        return;
    run->dead_end = node;
    run->dead_at = at;
    memcpy(run->match->kept, run->match->spans, node->depth * sizeof(run->match->kept[0]));
}

/* Whether the text goes on at `at`, where the first byte of a literal is, with the whole of it.
 * Most often the second byte tells. */
static bool shape_goes_on(slice text, size_t at, slice literal)
{
    if (text.len - at < literal.len)
        return false;
    return literal.len == 1 ||
           (literal.at[1] == text.at[at + 1] && memcmp(text.at + at, literal.at, literal.len) == 0);
}

static bool shape_is_start(const struct shape_node *node, char first)
{
    unsigned char byte = (unsigned char)first;
    return (node->starts[byte >> 6] >> (byte & 63) & 1) != 0;
}

/* Whether what follows a capture may be at `at`, where a start is or the end. What cannot be is
 * only tried when dead ends are of interest. */
static bool shape_may_follow(const struct shape_run *run, const struct shape_node *node, size_t at)
{
    if (at == run->text.len)
        return node->end != NULL;
    if (run->note || node->capture_count > 0)
        return true;
    const struct shape_edge *edge = shape_edge_at(node, run->text, at);
    return edge != NULL && shape_goes_on(run->text, at, edge->literal);
}

/* Takes [start, end) as the capture of an edge and goes on. */
static bool shape_take(
    struct shape_run *run, const struct shape_edge *edge, size_t start, size_t end)
{
    struct shape_span *span = &run->match->spans[edge->to->depth - 1];
    span->start = start;
    span->len = end - start;
    span->after = 0;
    span->type = edge->type;
    return shape_node_match(run, edge->to, end);
}

/* Whether the text from `at` to its end is the front of literals on a way down from the node. */
static bool shape_begins_literal(slice text, const struct shape_node *node, size_t at)
{
    while (at < text.len) {
        const struct shape_edge *edge = shape_edge_at(node, text, at);
        if (edge == NULL)
            return false;
        size_t same = shape_same(edge->literal, slice_from(text, at));
        if (same < edge->literal.len && at + same < text.len)
            return false;
        at += same;
        node = edge->to;
    }
    return true;
}

/* Length of the front of a literal that could follow, at the end of a message that was cut inside
 * it or right after. */
static size_t shape_cut_literal(const struct shape_run *run, const struct shape_node *node)
{
    enum { LEAST = 2, MOST = 40 }; /* one byte is too likely to belong to the text */
    if (node->literal_count == 0)
        return 0;
    for (size_t len = size_min(MOST, run->text.len); len >= LEAST; len--)
        if (shape_is_start(node, run->text.at[run->text.len - len]) &&
            shape_begins_literal(run->text, node, run->text.len - len))
            return len;
    return 0;
}

/* Takes [start, end) if what follows may fit there and the text is of the type. */
static bool shape_try(
    struct shape_run *run, const struct shape_edge *edge, size_t start, size_t end)
{
    if (!shape_may_follow(run, edge->to, end))
        return false;
    if (!product_type_is_free(edge->type) &&
        !product_type_accepts(edge->type, slice_sub(run->text, start, end - start)))
        return false;
    if (!shape_take(run, edge, start, end))
        return false;
    if (end == run->text.len) {
        struct shape_span *span = &run->match->spans[edge->to->depth - 1];
        span->len -= size_min(span->len, shape_cut_literal(run, edge->to));
    }
    return true;
}

/* The first place in [from, to) where what follows may start, or `to`. */
static size_t shape_next_start(slice text, const struct shape_node *node, size_t from, size_t to)
{
    if (node->literal_count == 1)
        return from + slice_find_byte(slice_sub(text, from, to - from), node->firsts[0]);
    while (from < to && !shape_is_start(node, text.at[from]))
        from++;
    return from;
}

/* The last one, or `to`. */
static size_t shape_last_start(slice text, const struct shape_node *node, size_t from, size_t to)
{
    if (node->literal_count == 1)
        return from + slice_find_last_byte(slice_sub(text, from, to - from), node->firsts[0]);
    for (size_t at = to; at > from; at--)
        if (shape_is_start(node, text.at[at - 1]))
            return at - 1;
    return to;
}

/* Tries the ends of a capture that ends where what follows fits: [least, most], from either side.
 * The end of the message is tried last: a shape that goes on is more special than one that ends
 * with free text. */
static bool shape_take_span(
    struct shape_run *run, const struct shape_edge *edge, size_t start, size_t most, bool longest)
{
    size_t least = start + (product_type_may_be_empty(edge->type) ? 0 : 1);
    size_t last = most == run->text.len ? most : most + 1;
    if (most < least)
        return false;
    while (least < last && edge->to->literal_count > 0 && run->steps > 0) {
        size_t at = longest ? shape_last_start(run->text, edge->to, least, last)
                            : shape_next_start(run->text, edge->to, least, last);
        if (at == last)
            break;
        if (shape_try(run, edge, start, at))
            return true;
        if (longest)
            last = at;
        else
            least = at + 1;
    }
    return most == run->text.len && shape_try(run, edge, start, most);
}

static size_t shape_pair_hash(const char *at)
{
    unsigned first = (unsigned char)at[0], second = (unsigned char)at[1];
    return (first * 37 + second) % SHAPE_PAIRS;
}

static void shape_run_pair(struct shape_run *run)
{
    memset(run->match->pairs, 0, sizeof(run->match->pairs));
    for (size_t i = 0; i + 1 < run->text.len; i++) {
        size_t hash = shape_pair_hash(run->text.at + i);
        run->match->pairs[hash / 64] |= UINT64_C(1) << (hash % 64);
    }
    run->paired = true;
}

static bool shape_run_may_hold(const struct shape_run *run, slice literal)
{
    for (size_t i = 0; i + 1 < literal.len; i++) {
        size_t hash = shape_pair_hash(literal.at + i);
        if ((run->match->pairs[hash / 64] >> (hash % 64) & 1) == 0)
            return false;
    }
    return true;
}

static bool shape_has_needs(struct shape_run *run, const struct shape_needs *needs)
{
    if (needs->count > 0 && !run->paired)
        shape_run_pair(run);
    for (size_t i = 0; i < needs->count; i++)
        if (shape_run_may_hold(run, needs->items[i]) && slice_contains(run->text, needs->items[i]))
            return true;
    return needs->count == 0;
}

static bool shape_capture_match(struct shape_run *run, const struct shape_edge *edge, size_t at)
{
    slice rest = slice_from(run->text, at);
    size_t extent = product_type_extent(edge->type, rest);
    size_t cost = extent / 64;
    run->steps = run->steps > cost ? run->steps - cost : 0;
    switch (product_type_span(edge->type)) {
    case PRODUCT_SPAN_FIXED:
        return extent > 0 && shape_take(run, edge, at, at + extent);
    case PRODUCT_SPAN_REST:
        return shape_take(run, edge, at, run->text.len);
    case PRODUCT_SPAN_SHORTEST:
        return shape_take_span(run, edge, at, at + extent, false);
    case PRODUCT_SPAN_LONGEST:
        break;
    }
    return shape_take_span(run, edge, at, at + extent, true);
}

static bool shape_literal_match(struct shape_run *run, const struct shape_node *node, size_t at)
{
    const struct shape_edge *edge = shape_edge_at(node, run->text, at);
    if (edge == NULL || !shape_goes_on(run->text, at, edge->literal))
        return false;
    if (node->depth > 0)
        run->match->spans[node->depth - 1].after += edge->literal.len;
    if (shape_node_match(run, edge->to, at + edge->literal.len))
        return true;
    if (node->depth > 0)
        run->match->spans[node->depth - 1].after -= edge->literal.len;
    return false;
}

static bool shape_node_match(struct shape_run *run, const struct shape_node *node, size_t at)
{
    if (run->steps == 0)
        return false;
    run->steps--;
    if (at == run->text.len && node->end != NULL) {
        run->match->end = node->end;
        run->match->count = node->depth;
        return true;
    }
    if (shape_literal_match(run, node, at))
        return true;
    for (size_t i = 0; i < node->capture_count; i++)
        if ((run->note || shape_has_needs(run, &node->captures[i].needs)) &&
            shape_capture_match(run, &node->captures[i], at))
            return true;
    if (run->note)
        shape_note_dead_end(run, node, at);
    return false;
}

static bool shape_tree_match(
    const struct shape_tree *tree, struct shape_run *run, slice text, struct shape_match *match)
{
    match->end = NULL;
    match->count = 0;
    if (tree->root == NULL)
        return false;
    run->text = text;
    run->paired = false;
    run->steps = SHAPE_STEPS_MAX + text.len;
    run->match = match;
    if (!shape_node_match(run, tree->root, 0))
        return false;
    for (size_t i = 0; i < match->count; i++)
        match->spans[i].name = match->end->names[i];
    return true;
}

bool product_shape_match(const struct shape_tree *tree, slice text, struct shape_match *match)
{
    struct shape_run run = {.note = false};
    return shape_tree_match(tree, &run, text, match);
}

/* --- messages that no shape fits --- */

/* Text that can hardly be anything else: of a type that says itself where it ends, or an address.
 */
static bool shape_is_definite(slice text, const struct shape_span *span)
{
    slice taken = slice_sub(text, span->start, span->len);
    return product_type_span(span->type) == PRODUCT_SPAN_FIXED ||
           (span->type == PRODUCT_TYPE_HOST &&
               product_type_extent(PRODUCT_TYPE_IP, taken) == taken.len);
}

/* Whether other text could have ended elsewhere: the literal that ended it is there once more. */
static bool shape_is_doubtful(slice text, const struct shape_span *span)
{
    size_t end = span->start + span->len;
    slice literal = slice_sub(text, end, span->after);
    return span->after == 0 || slice_contains(slice_from(text, end + 1), literal) ||
           slice_contains(slice_sub(text, span->start, span->len), literal);
}

/* An end below the node. */
static const struct shape_end *shape_some_end(const struct shape_node *node)
{
    while (node != NULL && node->end == NULL)
        node = node->literal_count > 0   ? node->literals[0].to
               : node->capture_count > 0 ? node->captures[0].to
                                         : NULL;
    return node == NULL ? NULL : node->end;
}

bool product_shape_begin(const struct shape_tree *tree, slice text, struct shape_match *match)
{
    struct shape_run run = {.note = true};
    if (shape_tree_match(tree, &run, text, match))
        return true;
    const struct shape_node *node = run.dead_end;
    size_t certain = 0;
    match->reached = run.dead_at;
    match->nearest = shape_some_end(node);
    for (size_t i = 0; node != NULL && i < node->depth; i++) {
        struct shape_span *span = &match->kept[i];
        bool definite = shape_is_definite(text, span);
        if (!definite && shape_is_doubtful(text, span))
            break;
        span->name = node->agreed[i];
        match->spans[i] = *span;
        if (definite)
            certain = i + 1;
    }
    match->count = certain;
    return false;
}
