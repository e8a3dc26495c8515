/* See result.h. */
#include "base/result.h"

#include <string.h>

#include "base/buf.h"

enum result error_set_args(struct error *err, enum result code, enum text text,
    const struct text_arg *args, size_t arg_slots)
{
    struct buf message;
    if (err == NULL)
        return code;
    buf_init_fixed(&message, err->message, sizeof(err->message));
    text_append_args(&message, text, args, arg_slots);
    err->message_len = buf_slice(&message).len;
    buf_init_fixed(&message, err->english, sizeof(err->english));
    text_append_args_in(&message, TEXT_LANG_EN, text, args, arg_slots);
    err->english_len = buf_slice(&message).len;
    err->code = code;
    return code;
}

enum result error_set_system(
    struct error *err, int error_number, enum text text, struct text_arg what)
{
    char words[128];
    const char *message = strerror_r(error_number, words, sizeof(words));
    return error_set(err, RESULT_SYSTEM, text, what, ARG(message));
}

static size_t error_keep(char *into, slice text)
{
    struct buf message;
    buf_init_fixed(&message, into, ERROR_MESSAGE_MAX);
    buf_append(&message, text);
    return message.len;
}

void error_restore(struct error *err, slice message, slice english)
{
    err->message_len = error_keep(err->message, message);
    err->english_len = error_keep(err->english, english);
}

slice error_message(const struct error *err)
{
    return slice_make(err->message, err->message_len);
}

slice error_message_english(const struct error *err)
{
    return slice_make(err->english, err->english_len);
}
