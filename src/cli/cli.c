/* See cli.h. Options may stand anywhere before "--"; --lang and --help are known everywhere. */
#include "cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"
#include "base/version.h"
#include "cli/help.h"
#include "command/command.h"

#define CLI_ARGUMENTS_MAX 100000U

struct cli {
    struct arena arena;
    const char *const *arguments;
    size_t count;
    size_t at;
    const struct command *command;
    struct command_call call;
    const char **operands;
    bool help;
};

static enum command_status cli_wrong(const struct error *err)
{
    command_say(err);
    return COMMAND_USAGE;
}

static slice cli_name(struct cli *cli)
{
    struct buf name;
    const size_t name_max = 128;
    buf_init_fixed(&name, arena_bytes(&cli->arena, name_max), name_max);
    help_append_name(&name, cli->command);
    return buf_slice(&name);
}

/* --- languages --- */

static void cli_lang_from_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        slice value = slice_from_cstr(getenv(names[i]));
        if (value.len == 0)
            continue;
        text_lang_set(slice_starts(value, S("ja")) ? TEXT_LANG_JA : TEXT_LANG_EN);
        return;
    }
}

/* --- options --- */

/* Steps from one word to another by changing, adding or taking away a letter; stops counting at 3.
 */
static size_t cli_distance(slice left, slice right)
{
    if (left.len == 0 || right.len == 0)
        return left.len + right.len;
    if (left.at[0] == right.at[0])
        return cli_distance(slice_from(left, 1), slice_from(right, 1));
    if (left.len > right.len + 2 || right.len > left.len + 2 || left.len > 24)
        return 3;
    size_t changed = cli_distance(slice_from(left, 1), slice_from(right, 1));
    size_t added = changed == 0 ? 0 : cli_distance(left, slice_from(right, 1));
    size_t taken = added == 0 ? 0 : cli_distance(slice_from(left, 1), right);
    return 1 + size_min(changed, size_min(added, taken));
}

static enum result cli_unknown(struct cli *cli, slice name, const char *given, struct error *err)
{
    size_t count = command_option_count(cli->command);
    for (size_t i = 0; i < count; i++) {
        slice known = cli->command->options[i].name;
        if (known.len > 2 && (slice_starts(known, name) || cli_distance(known, name) <= 2))
            return error_set(err, RESULT_USAGE, TEXT_USAGE_UNKNOWN_OPTION_NEAR, ARG(given),
                ARG(cli_name(cli)), ARG(known));
    }
    return error_set(err, RESULT_USAGE, TEXT_USAGE_UNKNOWN_OPTION, ARG(given), ARG(cli_name(cli)));
}

static slice cli_expected(const struct command_option *option)
{
    return option->type == COMMAND_LEVEL ? S("informational|low|medium|high|critical")
                                         : option->value_name;
}

static enum result cli_store(struct cli *cli, size_t index, const char *text, struct error *err)
{
    const struct command_option *option = &cli->command->options[index];
    struct command_values *values = &cli->call.values[index];
    struct command_value value = {0};
    if (option->type != COMMAND_FLAG && !command_value_parse(option, text, &value))
        return error_set(err, RESULT_USAGE, TEXT_USAGE_VALUE_WRONG, ARG(option->name), ARG(text),
            ARG(cli_expected(option)));
    if (values->count > 0 && !option->repeatable && option->type != COMMAND_FLAG)
        return error_set(err, RESULT_USAGE, TEXT_USAGE_REPEATED, ARG(option->name));
    if (values->items == NULL)
        values->items = ARENA_ARRAY(&cli->arena, struct command_value, cli->count);
    values->items[values->count++] = value;
    return RESULT_OK;
}

/* The next word as an option's value. */
static const char *cli_next(struct cli *cli)
{
    return cli->at < cli->count ? cli->arguments[cli->at++] : NULL;
}

static enum result cli_lang(const char *value, struct error *err)
{
    enum text_lang lang;
    if (value == NULL || !text_lang_parse(slice_from_cstr(value), &lang))
        return error_set(err, RESULT_USAGE, TEXT_USAGE_VALUE_WRONG, ARG("lang"),
            ARG(value == NULL ? "" : value), ARG("en|ja"));
    text_lang_set(lang);
    return RESULT_OK;
}

/* One option; `given` begins with '-'. */
static enum result cli_option(struct cli *cli, const char *given, struct error *err)
{
    slice word = slice_from_cstr(given);
    slice name, value_text;
    bool is_long = slice_starts(word, S("--"));
    word = slice_from(word, is_long ? 2 : 1);
    bool inline_value = slice_cut(word, '=', &name, &value_text);
    const char *value = inline_value ? value_text.at : NULL;
    if (!is_long && word.len > 1 && !inline_value) { /* -j4 */
        name = slice_first(word, 1);
        value = word.at + 1;
    }
    if (is_long && slice_equal(name, S("lang")))
        return cli_lang(value != NULL ? value : cli_next(cli), err);
    if (slice_equal(name, S("help")) || slice_equal(name, S("h"))) {
        cli->help = true;
        return RESULT_OK;
    }
    size_t count = command_option_count(cli->command);
    for (size_t i = 0; i < count; i++) {
        const struct command_option *option = &cli->command->options[i];
        if (!slice_equal(option->name, name) || (option->name.len == 1) == is_long)
            continue;
        if (option->type == COMMAND_FLAG && value != NULL)
            return error_set(err, RESULT_USAGE, TEXT_USAGE_VALUE_UNWANTED, ARG(name));
        if (option->type != COMMAND_FLAG && value == NULL)
            value = cli_next(cli);
        if (option->type != COMMAND_FLAG && value == NULL)
            return error_set(
                err, RESULT_USAGE, TEXT_USAGE_VALUE_MISSING, ARG(name), ARG(cli_expected(option)));
        return cli_store(cli, i, value, err);
    }
    return cli_unknown(cli, name, given, err);
}

static enum result cli_words(struct cli *cli, struct error *err)
{
    bool only_operands = false;
    while (cli->at < cli->count) {
        const char *given = cli->arguments[cli->at++];
        slice word = slice_from_cstr(given);
        if (!only_operands && slice_equal(word, S("--"))) {
            only_operands = true;
        } else if (!only_operands && word.len > 1 && word.at[0] == '-') {
            enum result result = cli_option(cli, given, err);
            if (result != RESULT_OK)
                return result;
        } else {
            cli->operands[cli->call.operand_count++] = given;
        }
    }
    if (cli->help)
        return RESULT_OK;
    if (cli->call.operand_count < cli->command->operands_min)
        return error_set(err, RESULT_USAGE, TEXT_USAGE_OPERANDS, ARG(cli_name(cli)),
            ARG(cli->command->operands));
    if (cli->call.operand_count > cli->command->operands_max)
        return error_set(err, RESULT_USAGE, TEXT_USAGE_OPERANDS_MANY,
            ARG(cli->operands[cli->command->operands_max]), ARG(cli_name(cli)),
            ARG(cli->command->operands));
    return RESULT_OK;
}

/* --- commands --- */

/* The command that the words begin with; a noun with verbs takes two words. */
static const struct command *cli_find(struct cli *cli)
{
    size_t count;
    const struct command *commands = command_table(&count);
    slice noun = slice_from_cstr(cli->arguments[cli->at]);
    slice verb = cli->at + 1 < cli->count ? slice_from_cstr(cli->arguments[cli->at + 1]) : S("");
    for (size_t i = 0; i < count; i++) {
        if (!slice_equal(commands[i].noun, noun))
            continue;
        if (commands[i].verb.len == 0) {
            cli->at += 1;
            return &commands[i];
        }
        if (slice_equal(commands[i].verb, verb)) {
            cli->at += 2;
            return &commands[i];
        }
    }
    return NULL;
}

static enum command_status cli_command(struct cli *cli)
{
    struct error err;
    cli->command = cli_find(cli);
    if (cli->command == NULL) {
        (void)error_set(
            &err, RESULT_USAGE, TEXT_USAGE_UNKNOWN_COMMAND, ARG(cli->arguments[cli->at]));
        return cli_wrong(&err);
    }
    cli->operands = ARENA_ARRAY(&cli->arena, const char *, cli->count);
    cli->call.command = cli->command;
    cli->call.operands = cli->operands;
    cli->call.values =
        ARENA_ARRAY(&cli->arena, struct command_values, command_option_count(cli->command));
    if (cli_words(cli, &err) != RESULT_OK)
        return cli_wrong(&err);
    if (cli->help) {
        help_write_command(cli->command);
        return COMMAND_DONE;
    }
    return cli->command->run(&cli->call);
}

static void cli_write_version(void)
{
    struct buf out;
    buf_init(&out, 256);
    buf_append(&out, S("hikeshi "));
    buf_append_cstr(&out, version_string());
    buf_append_byte(&out, '\n');
    ssize_t written = write(STDOUT_FILENO, out.at, out.len);
    (void)written;
    buf_free(&out);
}

/* Options before the command: --lang, --help, --version. True when the program is done. */
static bool cli_global(struct cli *cli, enum command_status *status)
{
    struct error err;
    while (cli->at < cli->count) {
        slice word = slice_from_cstr(cli->arguments[cli->at]);
        slice name, value;
        bool has_value = slice_cut(word, '=', &name, &value);
        if (slice_equal(name, S("--lang"))) {
            cli->at++;
            if (cli_lang(has_value ? value.at : cli_next(cli), &err) != RESULT_OK) {
                *status = cli_wrong(&err);
                return true;
            }
            continue;
        }
        if (slice_equal(word, S("--version")))
            cli_write_version();
        else if (slice_equal(word, S("--help")) || slice_equal(word, S("-h")) ||
                 slice_equal(word, S("help")))
            help_write();
        else
            return false;
        *status = COMMAND_DONE;
        return true;
    }
    help_write();
    *status = COMMAND_USAGE;
    return true;
}

int cli_main(size_t count, const char *const *arguments, const volatile sig_atomic_t *stop)
{
    struct cli cli = {.arguments = arguments, .count = count, .at = 1};
    enum command_status status = COMMAND_USAGE;
    ASSERT(count >= 1 && count <= CLI_ARGUMENTS_MAX);
    cli.call.arguments = arguments;
    cli.call.argument_count = count;
    cli.call.stop = stop;
    cli_lang_from_locale();
    if (!cli_global(&cli, &status))
        status = cli_command(&cli);
    arena_free(&cli.arena);
    return (int)status;
}
