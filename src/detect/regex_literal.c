/* See regex_literal.h. A recursive descent over PCRE2's syntax (pcre2pattern) that follows two
 * things: the texts that a part can match, as long as they are a few (`texts`, all in lower case),
 * and the best set of texts of which one must be there (`required`). A sequence multiplies the
 * texts of its parts; where a part can match too much, what had been gathered so far becomes a
 * required set and gathering begins anew.
 *
 * Only soundness matters to the answers of the engine, so what is rare is not understood but given
 * up on: nothing is said of the whole expression. A part that is understood but may match anything
 * costs only itself. PCRE2 changes its syntax between versions ({,3} became a quantifier); what
 * versions read differently is given up on too.
 *
 * Rejected: asking PCRE2 for the last code unit or the set of first ones (PCRE2_INFO_LASTCODEUNIT),
 * which is one byte; and taking the longest run of letters by scanning the text, which is what
 * mistakes an optional part for a required one. */
#include "detect/regex_literal.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "base/checked.h"
#include "base/utf8.h"
#include "detect/rarity.h"
#include "detect/regex.h"

/* Groups in groups; deeper ones are given up on. */
#define LITERAL_DEPTH_MAX 32
/* Characters of a class that are followed one by one. */
#define LITERAL_CLASS_MAX 4
/* Repetitions that are spelled out. */
#define LITERAL_COPIES_MAX 8
#define LITERAL_NO_MAXIMUM UINT32_MAX
#define LITERAL_NUMBER_MAX 65535
#define LITERAL_LONG_S     0x17FU

struct literal_text {
    size_t len;
    char bytes[REGEX_LITERAL_LENGTH_MAX];
};

struct literal_set {
    size_t count; /* 0: nothing is known */
    struct literal_text texts[REGEX_LITERALS_MAX];
};

struct literal_part {
    bool exact; /* it matches nothing but `texts` */
    struct literal_set texts;
    struct literal_set required;
};

struct literal_parser {
    slice rest;
    bool caseless, extended; /* flags i and x, as they stand here */
    bool quoted;             /* between \Q and \E */
    bool given_up;
    unsigned depth;
};

/* --- sets --- */

static slice literal_slice(const struct literal_text *text)
{
    return slice_make(text->bytes, text->len);
}

/* Without doubles. False when the set is full. */
static bool literal_set_add(struct literal_set *set, slice text)
{
    for (size_t i = 0; i < set->count; i++)
        if (slice_equal(literal_slice(&set->texts[i]), text))
            return true;
    if (set->count == REGEX_LITERALS_MAX || text.len > REGEX_LITERAL_LENGTH_MAX)
        return false;
    struct literal_text *added = &set->texts[set->count++];
    added->len = text.len;
    if (text.len > 0)
        memcpy(added->bytes, text.at, text.len);
    return true;
}

static bool literal_set_add_all(struct literal_set *set, const struct literal_set *more)
{
    for (size_t i = 0; i < more->count; i++)
        if (!literal_set_add(set, literal_slice(&more->texts[i])))
            return false;
    return true;
}

/* How often one of the texts is to be expected. Of an empty one nothing can be asked. */
static double literal_set_cost(const struct literal_set *set)
{
    double cost = set->count == 0 ? INFINITY : 0;
    for (size_t i = 0; i < set->count; i++)
        cost += set->texts[i].len == 0 ? INFINITY : rarity_cost(literal_slice(&set->texts[i]));
    return cost;
}

/* Of what costs the same the longer. */
static void literal_set_prefer(struct literal_set *best, const struct literal_set *other)
{
    double best_cost = literal_set_cost(best);
    double other_cost = literal_set_cost(other);
    bool as_good = other_cost <= best_cost && other->count == best->count && other->count > 0;
    if (other_cost < best_cost || (as_good && other->texts[0].len > best->texts[0].len))
        *best = *other;
}

/* Each text of `set` with each of `more` behind it. False, and nothing is changed, when that is too
 * much. */
static bool literal_set_multiply(struct literal_set *set, const struct literal_set *more)
{
    struct literal_set product = {0};
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; k < more->count; k++) {
            char joined[REGEX_LITERAL_LENGTH_MAX * 2];
            const struct literal_text *front = &set->texts[i];
            const struct literal_text *behind = &more->texts[k];
            memcpy(joined, front->bytes, front->len);
            memcpy(joined + front->len, behind->bytes, behind->len);
            if (!literal_set_add(&product, slice_make(joined, front->len + behind->len)))
                return false;
        }
    *set = product;
    return true;
}

/* --- parts --- */

/* Matches the empty text only, and asks for nothing. */
static void literal_part_empty(struct literal_part *part)
{
    part->exact = true;
    part->texts.count = 1;
    part->texts.texts[0].len = 0;
    part->required.count = 0;
}

static void literal_part_anything(struct literal_part *part)
{
    part->exact = false;
    part->texts.count = 0;
    part->required.count = 0;
}

/* Nothing more is added to the texts: what they are must be there. */
static void literal_part_settle(struct literal_part *part)
{
    literal_set_prefer(&part->required, &part->texts);
}

/* In a sequence `texts` are those of the newest parts, also when it is not exact. */
static void literal_part_append(struct literal_part *sequence, const struct literal_part *part)
{
    literal_set_prefer(&sequence->required, &part->required);
    literal_part_settle(sequence);
    if (part->exact && literal_set_multiply(&sequence->texts, &part->texts))
        return;
    sequence->exact = false;
    if (part->exact) {
        sequence->texts = part->texts;
        return;
    }
    sequence->texts.count = 1;
    sequence->texts.texts[0].len = 0;
}

static void literal_part_append_repeated(
    struct literal_part *sequence, struct literal_part *part, uint32_t least, uint32_t most)
{
    static const struct literal_part anything;
    if (least == 0) {
        part->required.count = 0;
        if (most == 0)
            return;
        if (most > 1 || !part->exact || !literal_set_add(&part->texts, S("")))
            literal_part_anything(part);
        literal_part_append(sequence, part);
        return;
    }
    for (uint32_t i = 0; i < least && i < LITERAL_COPIES_MAX; i++)
        literal_part_append(sequence, part);
    if (least == most && least <= LITERAL_COPIES_MAX)
        return;
    literal_part_append(sequence, &anything);
    if (part->exact)
        sequence->texts = part->texts; /* the last repetition */
}

/* `first`: the other alternative is the first. */
static void literal_part_alternative(
    struct literal_part *all, struct literal_part *other, bool first)
{
    bool exact = other->exact;
    struct literal_set texts = other->texts;
    literal_part_settle(other);
    if (first) {
        all->exact = exact;
        all->texts = texts;
        all->required = other->required;
        return;
    }
    all->exact = all->exact && exact && literal_set_add_all(&all->texts, &texts);
    if (all->required.count == 0 || other->required.count == 0 ||
        !literal_set_add_all(&all->required, &other->required))
        all->required.count = 0;
}

/* --- characters --- */

static void literal_give_up(struct literal_parser *parser)
{
    parser->given_up = true;
    parser->rest = S("");
}

static bool literal_take(struct literal_parser *parser, slice text)
{
    if (!slice_starts(parser->rest, text))
        return false;
    parser->rest = slice_from(parser->rest, text.len);
    return true;
}

static char literal_peek(const struct literal_parser *parser)
{
    return parser->rest.len == 0 ? '\0' : parser->rest.at[0];
}

static char literal_next(struct literal_parser *parser)
{
    char next = literal_peek(parser);
    parser->rest = slice_from(parser->rest, 1);
    return next;
}

/* Takes everything up to `end` and that too. */
static void literal_skip_to(struct literal_parser *parser, char end)
{
    size_t at = slice_find_byte(parser->rest, end);
    if (at == parser->rest.len)
        literal_give_up(parser);
    else
        parser->rest = slice_from(parser->rest, at + 1);
}

/* The lower-case forms of what matches the character. False when they are not known. */
static bool literal_forms(
    const struct literal_parser *parser, uint32_t character, struct literal_set *forms)
{
    char bytes[4];
    uint32_t lower = utf8_lower(character);
    if (character == UTF8_REPLACEMENT || (parser->caseless && character >= 0x80))
        return false; /* values may have malformed bytes instead of the first */
    if (!literal_set_add(forms, slice_make(bytes, utf8_encode(lower, bytes))))
        return false;
    return !parser->caseless || lower != 's' ||
           literal_set_add(forms, slice_make(bytes, utf8_encode(LITERAL_LONG_S, bytes)));
}

static void literal_character(
    const struct literal_parser *parser, uint32_t character, struct literal_part *part)
{
    part->exact = true;
    part->texts.count = 0;
    part->required.count = 0;
    if (!literal_forms(parser, character, &part->texts))
        literal_part_anything(part);
}

/* One character that stands for itself. */
static uint32_t literal_take_character(struct literal_parser *parser)
{
    uint32_t character;
    if (parser->rest.len == 0) {
        literal_give_up(parser);
        return 0;
    }
    size_t len = utf8_decode(parser->rest, &character);
    if (len == 1 && (unsigned char)parser->rest.at[0] >= 0x80)
        literal_give_up(parser);
    parser->rest = slice_from(parser->rest, len);
    return character;
}

/* A comment of extended mode ends where the line does; PCRE2 can be built with other ends of lines
 * than this one. */
static void literal_skip_comment(struct literal_parser *parser)
{
    while (parser->rest.len > 0 && literal_peek(parser) != '\n') {
        char next = literal_next(parser);
        if ((unsigned char)next >= 0x7F || (next < ' ' && next != '\t'))
            literal_give_up(parser);
    }
}

/* What may stand between two items, or an item and its quantifier, and means nothing there. */
static void literal_skip(struct literal_parser *parser)
{
    for (;;) {
        if (literal_take(parser, S("\\E"))) {
            parser->quoted = false;
        } else if (parser->quoted) {
            return;
        } else if (literal_take(parser, S("\\Q"))) {
            parser->quoted = true;
        } else if (literal_take(parser, S("(?#"))) {
            literal_skip_to(parser, ')');
        } else if (parser->extended && byte_is_space(literal_peek(parser)) &&
                   parser->rest.len > 0) {
            (void)literal_next(parser);
        } else if (parser->extended && literal_peek(parser) == '#') {
            literal_skip_comment(parser);
        } else {
            return;
        }
    }
}

/* --- escapes and classes --- */

/* \xHH and \x{H…}, behind the x. */
static uint32_t literal_hexadecimal(struct literal_parser *parser)
{
    uint64_t value = 0;
    slice digits;
    if (literal_take(parser, S("{"))) {
        digits = slice_first(parser->rest, slice_find_byte(parser->rest, '}'));
        literal_skip_to(parser, '}');
    } else {
        digits = slice_first(parser->rest, 2);
        parser->rest = slice_from(parser->rest, 2);
    }
    for (size_t i = 0; i < digits.len; i++)
        if (byte_hex_value(digits.at[i]) < 0)
            literal_give_up(parser);
    if (digits.len < 2 || !slice_to_hex_u64(digits, &value) || value > 0x10FFFF)
        literal_give_up(parser);
    return (uint32_t)value;
}

/* An escape that stands for one character, the same in a class and outside. False for others:
 * `code` is what stands behind the backslash, taken too. */
static bool literal_escaped(struct literal_parser *parser, char *code, uint32_t *character)
{
    static const slice codes = S_INIT("aefnrt");
    static const char characters[] = {'\a', '\033', '\f', '\n', '\r', '\t'};
    *code = literal_next(parser);
    if (*code == 'x') {
        *character = literal_hexadecimal(parser);
        return true;
    }
    size_t at = slice_find_byte(codes, *code);
    *character = at < codes.len ? (uint32_t)characters[at] : (unsigned char)*code;
    return at < codes.len ||
           ((unsigned char)*code > ' ' && (unsigned char)*code < 0x7F && !byte_is_alnum(*code));
}

/* \pL, \p{Letter}, behind the p. */
static void literal_property(struct literal_parser *parser)
{
    if (literal_next(parser) == '{')
        literal_skip_to(parser, '}');
}

static void literal_escape(struct literal_parser *parser, struct literal_part *part)
{
    char code;
    uint32_t character;
    literal_part_anything(part);
    if (literal_escaped(parser, &code, &character))
        literal_character(parser, character, part);
    else if (byte_is_among(code, S("bBAZzGK")))
        literal_part_empty(part);
    else if (code == 'p' || code == 'P')
        literal_property(parser);
    else if (!byte_is_among(code, S("dDhHsSvVwWNRX")) ||
             (code == 'N' && literal_peek(parser) == '{'))
        literal_give_up(parser);
}

/* [:alpha:] inside a class; anything else that begins with [ is that character. */
static bool literal_take_posix(struct literal_parser *parser)
{
    slice name = parser->rest;
    if (!slice_starts(name, S("[:")))
        return false;
    name = slice_from(name, 2);
    if (slice_starts(name, S("^")))
        name = slice_from(name, 1);
    while (name.len > 0 && byte_is_alpha(name.at[0]))
        name = slice_from(name, 1);
    if (!slice_starts(name, S(":]")))
        return false;
    parser->rest = slice_from(name, 2);
    return true;
}

/* One character of a class. False when it stands for several. */
static bool literal_class_character(struct literal_parser *parser, uint32_t *character)
{
    char code;
    if (literal_take_posix(parser))
        return false;
    if (!literal_take(parser, S("\\"))) {
        *character = literal_take_character(parser);
        return true;
    }
    if (literal_escaped(parser, &code, character))
        return true;
    *character = '\b';
    if (code == 'p' || code == 'P')
        literal_property(parser);
    else if (!byte_is_among(code, S("bdDhHsSvVwW")))
        literal_give_up(parser);
    return code == 'b';
}

/* A class, behind its bracket: a few characters one by one, or anything. */
static void literal_class(struct literal_parser *parser, struct literal_part *part)
{
    bool few = !literal_take(parser, S("^"));
    bool first = true;
    part->exact = true;
    part->texts.count = 0;
    part->required.count = 0;
    while (!parser->given_up && (first || literal_peek(parser) != ']')) {
        uint32_t character;
        bool ranges =
            !first && slice_starts(parser->rest, S("-")) && !slice_starts(parser->rest, S("-]"));
        few = literal_class_character(parser, &character) && few && !ranges;
        few = few && literal_forms(parser, character, &part->texts);
        first = false;
    }
    literal_skip_to(parser, ']');
    if (!few || part->texts.count > LITERAL_CLASS_MAX)
        literal_part_anything(part);
}

/* --- groups --- */

enum literal_group {
    LITERAL_PLAIN,
    LITERAL_AHEAD,   /* asks for its text, takes nothing */
    LITERAL_NOT,     /* asks for its absence */
    LITERAL_FLAGS,   /* (?i) */
    LITERAL_NO_BODY, /* matches what another group does */
};

/* (?i-x) and (?i-x:, behind the question mark. */
static enum literal_group literal_flags(struct literal_parser *parser)
{
    bool on = true;
    if (literal_take(parser, S("^"))) {
        parser->caseless = false;
        parser->extended = false;
    }
    for (;;) {
        char flag = literal_next(parser);
        if (flag == ')')
            return LITERAL_FLAGS;
        if (flag == ':')
            return LITERAL_PLAIN;
        if (flag == '-')
            on = false;
        else if (flag == 'i')
            parser->caseless = on;
        else if (flag == 'x' && literal_peek(parser) != 'x')
            parser->extended = on;
        else if (!byte_is_among(flag, S("mnsJU"))) {
            literal_give_up(parser);
            return LITERAL_FLAGS;
        }
    }
}

static enum literal_group literal_look_behind_or_name(struct literal_parser *parser)
{
    if (literal_take(parser, S("=")) || literal_take(parser, S("*")))
        return LITERAL_AHEAD;
    if (literal_take(parser, S("!")))
        return LITERAL_NOT;
    literal_skip_to(parser, '>');
    return LITERAL_PLAIN;
}

/* What kind of group begins, behind its parenthesis. */
static enum literal_group literal_group_kind(struct literal_parser *parser)
{
    if (!literal_take(parser, S("?")))
        return LITERAL_PLAIN;
    if (literal_take(parser, S(":")) || literal_take(parser, S("|")) ||
        literal_take(parser, S(">")))
        return LITERAL_PLAIN;
    if (literal_take(parser, S("=")) || literal_take(parser, S("*")))
        return LITERAL_AHEAD;
    if (literal_take(parser, S("!")))
        return LITERAL_NOT;
    if (literal_take(parser, S("<")) || literal_take(parser, S("P<")))
        return literal_look_behind_or_name(parser);
    if (literal_take(parser, S("'"))) {
        literal_skip_to(parser, '\'');
        return LITERAL_PLAIN;
    }
    char first = literal_peek(parser);
    bool digit_next = parser->rest.len > 1 && byte_is_digit(parser->rest.at[1]);
    if (byte_is_among(first, S("R&P")) || byte_is_digit(first) ||
        (byte_is_among(first, S("+-")) && digit_next)) {
        literal_skip_to(parser, ')');
        return LITERAL_NO_BODY;
    }
    return literal_flags(parser);
}

static void literal_alternatives(struct literal_parser *parser, struct literal_part *part);

static void literal_body(struct literal_parser *parser, struct literal_part *part)
{
    literal_alternatives(parser, part);
    if (parser->quoted || !literal_take(parser, S(")")))
        literal_give_up(parser);
}

static void literal_group(struct literal_parser *parser, struct literal_part *part)
{
    bool caseless = parser->caseless;
    bool extended = parser->extended;
    literal_part_empty(part);
    if (parser->depth == LITERAL_DEPTH_MAX || literal_peek(parser) == '*') {
        literal_give_up(parser);
        return;
    }
    enum literal_group kind = literal_group_kind(parser);
    if (kind == LITERAL_FLAGS)
        return;
    if (kind == LITERAL_NO_BODY) {
        literal_part_anything(part);
    } else {
        parser->depth++;
        literal_body(parser, part);
        parser->depth--;
    }
    parser->caseless = caseless;
    parser->extended = extended;
    if (kind == LITERAL_AHEAD || kind == LITERAL_NOT) {
        struct literal_set required = part->required;
        literal_part_empty(part);
        if (kind == LITERAL_AHEAD)
            part->required = required;
    }
}

/* --- sequences --- */

static uint32_t literal_number(struct literal_parser *parser)
{
    uint64_t number = 0;
    size_t len = 0;
    while (len < parser->rest.len && byte_is_digit(parser->rest.at[len]))
        len++;
    if (!slice_to_u64(slice_first(parser->rest, len), LITERAL_NUMBER_MAX, &number))
        literal_give_up(parser);
    parser->rest = slice_from(parser->rest, len);
    return (uint32_t)number;
}

/* {2}, {2,} and {2,3}. A brace before anything else is a character. */
static bool literal_braces(struct literal_parser *parser, uint32_t *least, uint32_t *most)
{
    char next = parser->rest.len < 2 ? '\0' : parser->rest.at[1];
    if (!byte_is_digit(next) && !byte_is_space(next) && next != ',')
        return false;
    (void)literal_next(parser);
    *least = literal_number(parser);
    *most = *least;
    if (literal_take(parser, S(",")))
        *most = literal_peek(parser) == '}' ? LITERAL_NO_MAXIMUM : literal_number(parser);
    if (!literal_take(parser, S("}")))
        literal_give_up(parser);
    return true;
}

static void literal_quantifier(struct literal_parser *parser, uint32_t *least, uint32_t *most)
{
    *least = 1;
    *most = 1;
    literal_skip(parser);
    if (parser->quoted)
        return;
    if (literal_take(parser, S("*"))) {
        *least = 0;
        *most = LITERAL_NO_MAXIMUM;
    } else if (literal_take(parser, S("+"))) {
        *most = LITERAL_NO_MAXIMUM;
    } else if (literal_take(parser, S("?"))) {
        *least = 0;
    } else if (literal_peek(parser) != '{' || !literal_braces(parser, least, most)) {
        return;
    }
    literal_skip(parser);
    if (!parser->quoted && !literal_take(parser, S("+")))
        (void)literal_take(parser, S("?"));
}

static void literal_item(struct literal_parser *parser, struct literal_part *part)
{
    uint32_t least;
    uint32_t most;
    char first = parser->quoted ? '\0' : literal_peek(parser);
    literal_part_empty(part);
    if (parser->extended && !parser->quoted && (unsigned char)first >= 0x80)
        literal_give_up(parser); /* some of these are white space */
    else if (byte_is_among(first, S("*+?")) ||
             (first == '{' && literal_braces(parser, &least, &most)))
        literal_give_up(parser);
    else if (first == '\0' || !byte_is_among(first, S("([\\.^$")))
        literal_character(parser, literal_take_character(parser), part);
    else if (literal_next(parser) == '(')
        literal_group(parser, part);
    else if (first == '[')
        literal_class(parser, part);
    else if (first == '\\')
        literal_escape(parser, part);
    else if (first == '.')
        literal_part_anything(part);
}

static void literal_sequence(struct literal_parser *parser, struct literal_part *sequence)
{
    struct literal_part part;
    uint32_t least;
    uint32_t most;
    literal_part_empty(sequence);
    for (;;) {
        literal_skip(parser);
        if (parser->rest.len == 0 ||
            (!parser->quoted && byte_is_among(literal_peek(parser), S("|)"))))
            return;
        literal_item(parser, &part);
        literal_quantifier(parser, &least, &most);
        literal_part_append_repeated(sequence, &part, least, most);
    }
}

static void literal_alternatives(struct literal_parser *parser, struct literal_part *part)
{
    struct literal_part sequence;
    bool first = true;
    do {
        literal_sequence(parser, &sequence);
        literal_part_alternative(part, &sequence, first);
        first = false;
    } while (!parser->quoted && literal_take(parser, S("|")));
}

bool regex_literal_required(
    slice text, unsigned options, struct arena *arena, const slice **literals, size_t *count)
{
    struct literal_parser parser = {.rest = text, .caseless = (options & REGEX_NOCASE) != 0};
    struct literal_part part;
    literal_alternatives(&parser, &part);
    if (parser.given_up || parser.rest.len > 0 || part.required.count == 0)
        return false;
    slice *kept = ARENA_ARRAY(arena, slice, part.required.count);
    for (size_t i = 0; i < part.required.count; i++)
        kept[i] = arena_copy(arena, literal_slice(&part.required.texts[i]));
    *literals = kept;
    *count = part.required.count;
    return true;
}
