/* See text.h. */
#include "base/text.h"

#include "base/assert.h"
#include "base/buf.h"
#include "base/result.h"

struct text_entry {
    slice in[2];
};

static const struct text_entry text_table[TEXT_COUNT] = {
#define TEXT(id, english, japanese) [TEXT_##id] = {{S_INIT(english), S_INIT(japanese)}},
#include "base/text/all.def"
#undef TEXT
};

static enum text_lang text_lang_now = TEXT_LANG_EN;

struct text_arg text_arg_slice(slice value)
{
    return (struct text_arg){.type = TEXT_ARG_SLICE, .text = value};
}

struct text_arg text_arg_cstr(const char *value)
{
    return text_arg_slice(slice_from_cstr(value));
}

struct text_arg text_arg_error(const struct error *value)
{
    return (struct text_arg){.type = TEXT_ARG_ERROR,
        .text = error_message(value),
        .english = error_message_english(value)};
}

struct text_arg text_arg_signed(int64_t value)
{
    return (struct text_arg){.type = TEXT_ARG_SIGNED, .number = value};
}

struct text_arg text_arg_unsigned(uint64_t value)
{
    return (struct text_arg){.type = TEXT_ARG_UNSIGNED, .count = value};
}

void text_lang_set(enum text_lang lang)
{
    text_lang_now = lang;
}

enum text_lang text_lang(void)
{
    return text_lang_now;
}

bool text_lang_parse(slice value, enum text_lang *lang)
{
    if (slice_equal(value, S("en")))
        *lang = TEXT_LANG_EN;
    else if (slice_equal(value, S("ja")))
        *lang = TEXT_LANG_JA;
    else
        return false;
    return true;
}

slice text_get_in(enum text id, enum text_lang lang)
{
    ASSERT(id < TEXT_COUNT);
    return text_table[id].in[lang];
}

slice text_get(enum text id)
{
    return text_get_in(id, text_lang_now);
}

static void text_append_arg(struct buf *out, enum text_lang lang, const struct text_arg *arg)
{
    switch (arg->type) {
    case TEXT_ARG_NONE:
        break;
    case TEXT_ARG_SLICE:
        buf_append(out, arg->text);
        break;
    case TEXT_ARG_ERROR:
        buf_append(out, lang == TEXT_LANG_EN ? arg->english : arg->text);
        break;
    case TEXT_ARG_SIGNED:
        buf_append_i64(out, arg->number);
        break;
    case TEXT_ARG_UNSIGNED:
        buf_append_u64(out, arg->count);
        break;
    }
}

void text_append_args(struct buf *out, enum text id, const struct text_arg *args, size_t arg_slots)
{
    text_append_args_in(out, text_lang_now, id, args, arg_slots);
}

void text_append_args_in(struct buf *out, enum text_lang lang, enum text id,
    const struct text_arg *args, size_t arg_slots)
{
    slice rest = text_get_in(id, lang);
    while (rest.len > 0) {
        size_t brace = slice_find_byte(rest, '{');
        buf_append(out, slice_first(rest, brace));
        rest = slice_from(rest, brace);
        if (rest.len >= 3 && rest.at[1] >= '1' && rest.at[1] <= '9' && rest.at[2] == '}') {
            size_t index = (size_t)(rest.at[1] - '0');
            ASSERT(index < arg_slots);
            text_append_arg(out, lang, &args[index]);
            rest = slice_from(rest, 3);
        } else if (rest.len > 0) {
            buf_append_byte(out, '{');
            rest = slice_from(rest, 1);
        }
    }
}
