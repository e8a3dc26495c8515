/* See help.h. */
#include "cli/help.h"

#include <unistd.h>

#include "base/base.h"
#include "base/version.h"

#define HELP_TEXT_MAX ((size_t)256 << 10)
#define HELP_COLUMN   34U

static void help_put(struct buf *out)
{
    ssize_t written = write(STDOUT_FILENO, out->at, out->len);
    (void)written;
    buf_free(out);
}

static void help_pad(struct buf *out, size_t from)
{
    size_t used = out->len - from;
    for (; used < HELP_COLUMN; used++)
        buf_append_byte(out, ' ');
    buf_append_byte(out, ' ');
}

void help_append_name(struct buf *out, const struct command *command)
{
    buf_append(out, command->noun);
    if (command->verb.len > 0) {
        buf_append_byte(out, ' ');
        buf_append(out, command->verb);
    }
}

static void help_append_usage(struct buf *out, const struct command *command)
{
    help_append_name(out, command);
    if (!slice_is_absent(command->options[0].name))
        buf_append(out, S(" [OPTIONS]"));
    if (command->operands.len > 0) {
        buf_append_byte(out, ' ');
        buf_append(out, command->operands);
    }
}

void help_write(void)
{
    struct buf out;
    size_t count;
    const struct command *commands = command_table(&count);
    buf_init(&out, HELP_TEXT_MAX);
    text_append(&out, TEXT_USAGE_INTRO, ARG(version_string()));
    buf_append(&out, S("\n\n"));
    buf_append(&out, text_get(TEXT_USAGE_LINE));
    buf_append(&out, S("\n\n"));
    buf_append(&out, text_get(TEXT_USAGE_COMMANDS));
    buf_append_byte(&out, '\n');
    for (size_t i = 0; i < count; i++) {
        size_t from = out.len;
        buf_append(&out, S("  "));
        help_append_name(&out, &commands[i]);
        help_pad(&out, from);
        buf_append(&out, text_get(commands[i].help));
        buf_append_byte(&out, '\n');
    }
    buf_append_byte(&out, '\n');
    buf_append(&out, text_get(TEXT_USAGE_MORE));
    buf_append_byte(&out, '\n');
    help_put(&out);
}

static void help_append_option(struct buf *out, const struct command_option *option)
{
    size_t from = out->len;
    buf_append(out, option->name.len == 1 ? S("  -") : S("  --"));
    buf_append(out, option->name);
    if (option->type != COMMAND_FLAG) {
        buf_append_byte(out, ' ');
        buf_append(out, option->value_name);
    }
    help_pad(out, from);
    buf_append(out, text_get(option->help));
    buf_append_byte(out, '\n');
}

void help_write_command(const struct command *command)
{
    struct buf out;
    buf_init(&out, HELP_TEXT_MAX);
    buf_append(&out, text_get(command->help));
    buf_append(&out, S("\n\nhikeshi "));
    help_append_usage(&out, command);
    buf_append_byte(&out, '\n');
    size_t count = command_option_count(command);
    if (count > 0) {
        buf_append_byte(&out, '\n');
        buf_append(&out, text_get(TEXT_USAGE_OPTIONS));
        buf_append_byte(&out, '\n');
    }
    for (size_t i = 0; i < count; i++)
        help_append_option(&out, &command->options[i]);
    help_put(&out);
}
