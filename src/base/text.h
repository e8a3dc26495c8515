/* Every word that a person reads, in English and Japanese side by side.
 *
 * The texts are X-macro tables in base/text/NAME.def, one file per part of the program:
 *     TEXT(EVTX_CHUNK_MAGIC, "{1}: chunk at byte {2} …", "{1}: バイト {2} の …")
 * {1}..{9} are arguments; each language may order them as it needs. Arguments are typed by ARG(),
 * so no printf format is involved and no text can read past its arguments. Rejected: gettext, whose
 * catalogues are files beside the program. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct buf;
struct error;

enum text {
#define TEXT(id, english, japanese) TEXT_##id,
#include "base/text/all.def"
#undef TEXT
    TEXT_COUNT
};

enum text_lang { TEXT_LANG_EN, TEXT_LANG_JA };

enum text_arg_type {
    TEXT_ARG_NONE,
    TEXT_ARG_SLICE,
    TEXT_ARG_ERROR,
    TEXT_ARG_SIGNED,
    TEXT_ARG_UNSIGNED,
};

struct text_arg {
    enum text_arg_type type;
    slice text;
    slice english; /* of an error: its message in English; `text` is in the user's language */
    int64_t number;
    uint64_t count;
};

struct text_arg text_arg_slice(slice value);
struct text_arg text_arg_cstr(const char *value);
/* Another error's message, in the language of the text around it; the error must outlive the call.
 */
struct text_arg text_arg_error(const struct error *value);
struct text_arg text_arg_signed(int64_t value);
struct text_arg text_arg_unsigned(uint64_t value);

#define ARG(value)                                                                                 \
    _Generic((value),                                                                              \
        slice: text_arg_slice,                                                                     \
        struct error *: text_arg_error, \
        const struct error *: text_arg_error, \
        char *: text_arg_cstr,                                                                     \
        const char *: text_arg_cstr,                                                               \
        int: text_arg_signed,                                                                      \
        long: text_arg_signed,                                                                     \
        unsigned int: text_arg_unsigned,                                                           \
        unsigned char: text_arg_unsigned,                                                          \
        unsigned short: text_arg_unsigned,                                                         \
        unsigned long: text_arg_unsigned)(value)

/* For the variadic macros: the first word, and all words with slot 0 for the text id. */
#define TEXT_FIRST_(first, ...) first
#define TEXT_ARGS_(first, ...)  ((struct text_arg[]){{.type = TEXT_ARG_NONE}, ##__VA_ARGS__})

/* The language of all people's output of this process. Set once at start. */
void text_lang_set(enum text_lang lang);
enum text_lang text_lang(void);
/* From --lang's value ("en", "ja"); false when it is neither. */
bool text_lang_parse(slice value, enum text_lang *lang);

/* The raw text of an id in the language set; never fails. */
slice text_get(enum text id);
slice text_get_in(enum text id, enum text_lang lang);

/* Appends a text with its arguments: text_append(out, TEXT_X, ARG(a), ARG(b)). */
#define text_append(out, ...)                                                                      \
    text_append_args(out, TEXT_FIRST_(__VA_ARGS__), TEXT_ARGS_(__VA_ARGS__),                       \
        sizeof(TEXT_ARGS_(__VA_ARGS__)) / sizeof(struct text_arg))
void text_append_args(struct buf *out, enum text id, const struct text_arg *args, size_t arg_slots);
/* The same in a language of the caller's choice. */
void text_append_args_in(struct buf *out, enum text_lang lang, enum text id,
    const struct text_arg *args, size_t arg_slots);
#define text_append_in(out, lang, ...)                                                             \
    text_append_args_in(out, lang, TEXT_FIRST_(__VA_ARGS__), TEXT_ARGS_(__VA_ARGS__),              \
        sizeof(TEXT_ARGS_(__VA_ARGS__)) / sizeof(struct text_arg))

#endif
