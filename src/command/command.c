/* See command.h. */
#include "command/command.h"

#include <unistd.h>

#include "base/base.h"
#include "base/civil.h"
#include "base/escape.h"
#include "detect/detect.h"
#include "wire/stamp.h"

static bool command_choice(slice choices, slice text, int64_t *index)
{
    slice rest = choices;
    slice choice;
    for (int64_t i = 0; slice_next(&rest, '|', &choice); i++) {
        if (slice_equal(choice, text)) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool command_time(slice text, int64_t *time_ns)
{
    struct stamp stamp;
    char memory[64];
    struct buf whole;
    buf_init_fixed(&whole, memory, sizeof(memory));
    buf_append(&whole, text);
    if (text.len == sizeof("YYYY-MM-DD") - 1)
        buf_append(&whole, S("T00:00:00Z"));
    return stamp_any(buf_slice(&whole), &stamp) && (stamp.missing & STAMP_NO_YEAR) == 0 &&
           stamp_to_ns(&stamp, 0, 0, time_ns);
}

bool command_value_parse(
    const struct command_option *option, const char *text, struct command_value *value)
{
    slice words = slice_from_cstr(text);
    int32_t offset_s;
    *value = (struct command_value){.text = text};
    switch (option->type) {
    case COMMAND_FLAG:
        return false;
    case COMMAND_TEXT:
        return true;
    case COMMAND_PATH:
        return words.len > 0;
    case COMMAND_NUMBER:
        return slice_to_i64(words, &value->number) && value->number >= option->minimum &&
               value->number <= option->maximum;
    case COMMAND_TIME:
        return command_time(words, &value->number);
    case COMMAND_ZONE:
        if (!stamp_zone(words, &offset_s))
            return false;
        value->number = offset_s;
        return true;
    case COMMAND_LEVEL:
        return command_choice(S("informational|low|medium|high|critical"), words, &value->number);
    case COMMAND_CHOICE:
        return command_choice(option->value_name, words, &value->number);
    }
    return false;
}

size_t command_option_count(const struct command *command)
{
    size_t count = 0;
    while (!slice_is_absent(command->options[count].name))
        count++;
    return count;
}

bool command_has(const struct command_call *call, size_t option)
{
    ASSERT(option < command_option_count(call->command));
    return call->values[option].count > 0;
}

/* The last one given counts. */
static const struct command_value *command_last(const struct command_call *call, size_t option)
{
    const struct command_values *values = &call->values[option];
    return command_has(call, option) ? &values->items[values->count - 1] : NULL;
}

const char *command_text(const struct command_call *call, size_t option, const char *otherwise)
{
    const struct command_value *value = command_last(call, option);
    return value == NULL ? otherwise : value->text;
}

int64_t command_number(const struct command_call *call, size_t option, int64_t otherwise)
{
    const struct command_value *value = command_last(call, option);
    return value == NULL ? otherwise : value->number;
}

void command_say(const struct error *why)
{
    struct buf line;
    buf_init(&line, (size_t)ERROR_MESSAGE_MAX * 16);
    buf_append(&line, S("hikeshi: "));
    escape_terminal(&line, error_message(why));
    buf_append_byte(&line, '\n');
    /* Nothing can be done when standard error is gone. */
    ssize_t written = write(STDERR_FILENO, line.at, line.len);
    (void)written;
    buf_free(&line);
}
