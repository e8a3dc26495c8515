/* Results and errors. A function that can fail on input returns `enum result` and takes a `struct
 * error *` last; it writes its outputs only on RESULT_OK. The error holds what happened, where in
 * the input, and what to do, in the user's language. */
#ifndef BASE_RESULT_H
#define BASE_RESULT_H

#include <stddef.h>

#include "base/slice.h"
#include "base/text.h"

#define MUST_USE __attribute__((warn_unused_result))

enum result {
    RESULT_OK = 0,
    RESULT_END,         /* no more items: not an error */
    RESULT_MALFORMED,   /* the input breaks its format */
    RESULT_UNSUPPORTED, /* valid, but not of a kind that we read */
    RESULT_LIMIT,       /* a named limit was reached */
    RESULT_USAGE,       /* the caller's words are off */
    RESULT_SYSTEM,      /* the operating system refused */
    RESULT_INTERRUPTED, /* the user asked to stop */
};

/* Longest message kept; the rest is cut at a character boundary. */
#define ERROR_MESSAGE_MAX 1024

struct error {
    enum result code;
    char message[ERROR_MESSAGE_MAX];
    size_t message_len;
    char english[ERROR_MESSAGE_MAX]; /* the same for machine output, which is in one language */
    size_t english_len;
};

/* Sets `err` (may be NULL) from a text of the table and returns `code`, so that one can write
 *     return error_set(err, RESULT_MALFORMED, TEXT_EVTX_CHUNK, ARG(path), ARG(offset));
 * The message is stored as it is: whoever prints it escapes it (outside bytes may be among the
 * arguments). */
#define error_set(err, code, ...)                                                                  \
    error_set_args(err, code, TEXT_FIRST_(__VA_ARGS__), TEXT_ARGS_(__VA_ARGS__),                   \
        sizeof(TEXT_ARGS_(__VA_ARGS__)) / sizeof(struct text_arg))

enum result error_set_args(struct error *err, enum result code, enum text text,
    const struct text_arg *args, size_t arg_slots);

/* The same with the system's own words for `error_number` (errno) as the last argument. */
enum result error_set_system(
    struct error *err, int error_number, enum text text, struct text_arg what);

/* Puts an error together again from its messages, as another process sent them; the code is left as
 * it is. */
void error_restore(struct error *err, slice message, slice english);

slice error_message(const struct error *err);
slice error_message_english(const struct error *err);

#endif
